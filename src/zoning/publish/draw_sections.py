"""Tables that audits of every kind share: facts, single children, subgroups, named lists, verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zoning import messages
from zoning.errors import Text
from zoning.lottery.audit_report import Audit
from zoning.lottery.findings import ALARM, Chance, Named, Pupils, Spread

__all__ = [
    "Cells", "Section", "after_section", "chances_section", "facts_section", "heads", "percent",
    "pupils_section", "sentence", "verdict",
]  # fmt: skip

Cells = tuple[tuple[str | Text, ...], ...]


@dataclass(frozen=True)
class Section:
    """One finding: a table, what it means, and a verdict.

    Parameters
    ----------
    code
        Name of its title.
    verdict
        Sentences that say what to make of it.
    header, rows
        The table; without rows there is none.
    explained
        Name of its explanation, where it has another one than its title.
    left
        Columns of words; the others hold numbers.
    spread, caption
        A histogram and what stands below it.
    """

    code: str
    verdict: tuple[Text, ...] = ()
    header: tuple[Text, ...] = ()
    rows: Cells = ()
    explained: str = ""
    left: int = 1
    spread: Spread | None = None
    caption: Text = field(default=Text("", ""))

    @property
    def title(self) -> Text:
        """The heading."""
        return messages.text(f"draw_audit.title_{self.code}")

    @property
    def explanation(self) -> Text | None:
        """What the table means, for parents; None for a list of facts."""
        if self.code == "facts":
            return None
        return messages.text(f"draw_audit.explain_{self.explained or self.code}")


def percent(share: float) -> str:
    """Return a share as it is printed.

    Examples
    --------
    >>> percent(1 / 3)
    '33.3%'
    """
    return f"{100 * share:.1f}%"


def _p_text(p: float) -> str:
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"


def verdict(p: float) -> Text:
    """Return what a p-value means in one plain sentence.

    Examples
    --------
    >>> verdict(0.4).en, verdict(0.0001).zh[:4]
    ('As chance alone would give (p = 0.400).', '请核查：')
    """
    said = f"= {p:.3f}" if p >= 0.001 else "< 0.001"
    return messages.text("draw_audit.look" if p < ALARM else "draw_audit.usual", p=said)


def sentence(code: str, **fields: object) -> Text:
    """Return a sentence of the audit."""
    return messages.text(f"draw_audit.{code}", **fields)


def heads(words: str) -> tuple[Text, ...]:
    """Return the titles of columns."""
    return tuple(messages.text(f"draw_audit.head_{word}") for word in words.split())


def facts_section(numbers: Mapping[str, float]) -> Section:
    """Return a list of numbers with their names."""
    rows = tuple(
        (messages.text(f"draw_audit.fact_{name}"), f"{n:.1f}" if isinstance(n, float) else f"{n:,}")
        for name, n in numbers.items()
    )
    return Section("facts", (), heads("fact number"), rows)


def pupils_section(found: Pupils, kind: str, spread: Spread | None, draws: int) -> Section:
    """Return what is found of single children, with a figure."""
    explained = f"pupils_{kind}"
    if not found.children:
        return Section("pupils", (sentence("pupils_none"),), explained=explained)
    said = (sentence("pupils_gap", children=f"{found.children:,}", gap=percent(found.gap)), verdict(found.p))
    caption = Text("", "")
    if spread is not None:
        cases = f"{sum(spread.observed):,}"
        caption = messages.text(f"draw_audit.spread_{kind}", draws=f"{draws:,}", cases=cases)
    return Section("pupils", said, explained=explained, spread=spread, caption=caption)


def chances_section(chances: Mapping[str, Chance], kind: str, p: float) -> Section:
    """Return the table of subgroups."""
    rows = tuple(
        (
            messages.text(f"draw_audit.attribute_{name}"),
            f"{c.values}",
            percent(c.gap),
            f"{c.score:.1f}",
            _p_text(c.p),
        )
        for name, c in chances.items()
    )
    header = heads("attribute values gap score p")
    return Section("chances", (verdict(p),), header, rows, f"chances_{kind}")


def after_section(
    balance: Mapping[str, float], named: Named | None, kind: str, audit: Audit
) -> list[Section]:
    """Return what is found of attributes and of a named list after a draw."""
    made = []
    if balance:
        rows = tuple(
            (messages.text(f"draw_audit.attribute_{name}"), _p_text(p)) for name, p in balance.items()
        )
        said = verdict(audit.odds["balance"])
        made.append(Section("balance", (said,), heads("attribute p"), rows, f"balance_{kind}"))
    if named:
        usual = f"{named.usual:.1f}"
        said = messages.text(f"draw_audit.named_{kind}", listed=named.listed, found=named.found, usual=usual)
        made.append(Section("named", (said, verdict(named.p)), explained=f"named_{kind}"))
    return made
