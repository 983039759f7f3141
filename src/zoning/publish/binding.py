"""What binds: the rules that cost something, dearest first, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zoning import messages
from zoning.errors import Language, Text
from zoning.proposal import Proposal
from zoning.units import school_year

__all__ = ["Binding", "binding_rules", "rule_text", "seat_prices", "unit_name"]

_LEAST_S: Final = 0.5
"""Prices below this, seconds, print as 0.0 minutes and bind nothing that anybody would see."""


@dataclass(frozen=True)
class Binding:
    """A limit of a rule at one school that the plan pays for.

    Parameters
    ----------
    rule
        Name of the rule, such as ``capacity:2029``.
    school_id
        The school; the ids of a shared zone joined by ``;``.
    price_s
        Seconds a day that one unit more (one less of a lower limit) would save, all pupils together.
    is_lower
        Whether the lower limit binds.
    """

    rule: str
    school_id: str
    price_s: float
    is_lower: bool = False

    @property
    def school_ids(self) -> tuple[str, ...]:
        """The schools that the limit is of."""
        return tuple(self.school_id.split(";"))

    @property
    def minutes(self) -> float:
        """Minutes a day that one unit would save."""
        return self.price_s / 60

    @property
    def label(self) -> Text:
        """The rule in words, and which side of it binds."""
        base = self.rule.partition(":")[0]
        if base == "capacity" and not self.is_lower:
            return rule_text(self.rule)
        return messages.text(
            "publish_rules.lower" if self.is_lower else "publish_rules.upper", rule=rule_text(self.rule)
        )


def binding_rules(proposal: Proposal) -> tuple[Binding, ...]:
    """Return every limit with a price, dearest first.

    Examples
    --------
    >>> from zoning.plan import Plan
    >>> from zoning.proposal import Certificate
    >>> found = Proposal(Plan.of("primary", 2027, {"b": "s"}), 1.0, 1.0, 0.0, 0, 7,
    ...     certificate=Certificate((("capacity", "s", 90.0), ("intake", "t", -300.0))))
    >>> [(one.school_id, one.minutes, one.label.en) for one in binding_rules(found)]
    [('t', 5.0, 'intake, at least'), ('s', 1.5, 'seats')]
    """
    stored = proposal.certificate.prices or tuple(
        ("capacity", school, price) for school, price in proposal.prices.items()
    )
    every = [Binding(rule, school, abs(price), price < 0) for rule, school, price in stored]
    dear = [one for one in every if one.price_s >= _LEAST_S]
    return tuple(sorted(dear, key=lambda one: (-one.price_s, one.rule, one.school_id)))


def seat_prices(proposal: Proposal) -> dict[str, float]:
    """Return what one more seat would save by school, seconds a day; one price for all schools of a zone."""
    return {school: price for unit, price in proposal.prices.items() for school in unit.split(";")}


def unit_name(unit: str, names: Mapping[str, str], lang: Language) -> str:
    """Return the name of a school, or of the schools of a shared zone."""
    return ("、" if lang == "zh" else ", ").join(names.get(school, school) for school in unit.split(";"))


def rule_text(name: str) -> Text:
    """Return the name of a load rule in words, known by how it begins.

    Parameters
    ----------
    name
        Its name, such as ``capacity``, ``capacity:2029``, ``least`` or ``balance:migrants:most``.

    Examples
    --------
    >>> rule_text("capacity:2029").en, rule_text("balance:migrants:most").zh, rule_text("other").en
    ('seats in 2029-30', '随迁子女占比', 'other')
    """
    base, *details = name.split(":")
    first = details[0] if details else ""
    if base == "capacity" and first.isdecimal():
        return messages.text("publish_rules.capacity_of", year=school_year(int(first)))
    if base == "balance":
        known = first in {"migrants", "registered", "residents"}
        group = messages.text(f"publish_rules.group_{first}") if known else Text(first, first)
        return messages.text("publish_rules.balance", group=group)
    if base in {"capacity", "intake", "least"}:
        return messages.text("publish_rules.capacity" if base == "capacity" else "publish_rules.intake")
    return Text(name, name)
