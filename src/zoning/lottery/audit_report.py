"""The audit of a draw as one value: what the command prints, its JSON holds and the printed report shows.

:func:`~zoning.lottery.audit_draw.audit_draw` makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zoning.lottery.findings import (
    ALARM,
    Cell,
    CellAfter,
    Chance,
    Freedom,
    Lots,
    Named,
    Overflow,
    Pupils,
    Share,
    Spread,
    StratumBefore,
    Twins,
    plain,
)  # fmt: skip
from zoning.lottery.significance import adjusted

__all__ = ["Audit", "LotsBefore", "SeatAfter", "SeatBefore", "SplitAfter", "SplitBefore"]

_ENOUGH: Final = 20
"""Draws after which a wish that may reach two classes has reached both, but for one in a million."""


@dataclass(frozen=True)
class SplitBefore:
    """Many draws of a class split.

    Parameters
    ----------
    children, classes, size_gap
        How many, and the largest difference between two class sizes of one draw.
    wishes
        How many by kind: ``together``, ``separate``.
    strata, pupils, spread, chances, freedom
        Of each stratum, of single children (as a figure too), of subgroups by attribute, of each wish.
    attempts_mean, attempts_most
        Attempts that a draw needed.
    """

    children: int
    classes: int
    size_gap: int
    wishes: Mapping[str, int]
    strata: tuple[StratumBefore, ...]
    pupils: Pupils
    spread: Spread
    chances: Mapping[str, Chance]
    freedom: tuple[Freedom, ...]
    attempts_mean: float
    attempts_most: int

    @property
    def uneven(self) -> int:
        """Classes, over all strata and draws, without their even share."""
        return sum(stratum.missed for stratum in self.strata)


@dataclass(frozen=True)
class SplitAfter:
    """A class split among many.

    Parameters
    ----------
    attempt
        The attempt that counted.
    shares
        Every stratum and class.
    balance
        Share of draws at least as uneven, by attribute that is no stratum.
    named
        Of a named list.
    """

    attempt: int
    shares: tuple[Share, ...]
    balance: Mapping[str, float]
    named: Named | None = None

    @property
    def uneven(self) -> int:
        """Strata of classes without their even share."""
        return sum(not share.ok for share in self.shares)


@dataclass(frozen=True)
class SeatBefore:
    """Many draws of seats.

    Parameters
    ----------
    children, schools, seats
        How many.
    cells, pupils, spread, chances, twins, overflow
        By first choice and tier, of single children (of the largest group as a figure too), of subgroups by
        attribute, of families with one ticket, of seats beyond a school's own.
    """

    children: int
    schools: int
    seats: int
    cells: tuple[Cell, ...]
    pupils: Pupils
    spread: Spread | None
    chances: Mapping[str, Chance]
    twins: Twins | None
    overflow: Overflow


@dataclass(frozen=True)
class SeatAfter:
    """A seat draw among many.

    Parameters
    ----------
    cells, overflow
        As drawn.
    balance
        Share of draws that admit the subgroups at least as unevenly to first choices, by attribute.
    named
        Of a named list.
    """

    cells: tuple[CellAfter, ...]
    overflow: Overflow
    balance: Mapping[str, float]
    named: Named | None = None


@dataclass(frozen=True)
class LotsBefore:
    """Many small draws."""

    lots: Lots


@dataclass(frozen=True)
class Audit:
    """All that an audit found; no value of a child is in it, registration numbers only where they are public.

    Parameters
    ----------
    kind, commitment, roster
        What is drawn; digest of its manifest and root of its roster, hex.
    mode
        ``draw``, ``rehearsal`` (everything is void) or ``lowtech`` (the draws are the published splits).
    draws, series
        How many draws were simulated, of which series of public seeds.
    before
        What they show.
    after
        The draw that counted among them; None before it.
    root
        Root of its result, hex; empty before it.
    polish
        Most exchanges by score that the terms allow; simulated draws make none.
    """

    kind: str
    commitment: str
    roster: str
    mode: str
    draws: int
    series: int
    before: SplitBefore | SeatBefore | LotsBefore
    after: SplitAfter | SeatAfter | None = None
    root: str = ""
    polish: int = 0

    @property
    def void(self) -> bool:
        """Whether it is a rehearsal."""
        return self.mode == "rehearsal"

    @property
    def ok(self) -> bool:
        """Whether what must hold in each draw held: even shares, no more overflow than allowed."""
        for part in (self.before, self.after):
            if isinstance(part, SplitBefore | SplitAfter) and part.uneven:
                return False
            if isinstance(part, SeatBefore | SeatAfter) and part.overflow.most > part.overflow.limit:
                return False
        return True

    @property
    def odds(self) -> dict[str, float]:
        """By table, how likely its most striking finding is by chance alone (Bonferroni within the table)."""
        before, after, found = self.before, self.after, {}
        if isinstance(before, LotsBefore):
            return {"items": before.lots.p} if before.lots.compared else {}
        found["pupils"] = before.pupils.p
        if before.chances:
            found["chances"] = _least([chance.p for chance in before.chances.values()])
        if after and after.balance:
            found["balance"] = _least(list(after.balance.values()))
        if after and after.named:
            found["named"] = after.named.p
        return found

    @property
    def striking(self) -> tuple[str, ...]:
        """Tables that ask for a look."""
        found = [name for name, p in self.odds.items() if p < ALARM]
        if isinstance(self.before, SeatBefore) and self.before.twins and not self.before.twins.ok:
            found.append("twins")
        if isinstance(self.before, SplitBefore) and self.before.classes > 1 and self.draws >= _ENOUGH:
            found += ["freedom"] if any(wish.reached < 2 for wish in self.before.freedom) else []
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON can hold it; fractions have six digits."""
        document: dict[str, Any] = plain(self)
        for name, part in (("before", self.before), ("after", self.after)):
            if isinstance(part, SplitBefore | SplitAfter):
                document[name]["uneven"] = part.uneven
        verdict = {
            "ok": self.ok,
            "void": self.void,
            "odds": plain(self.odds),
            "striking": list(self.striking),
        }
        return {"format": "lot/audit/1"} | verdict | document


def _least(ps: list[float]) -> float:
    return adjusted(min(ps), len(ps))
