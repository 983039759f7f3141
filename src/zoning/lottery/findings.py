"""What an audit of a draw finds. Values of children never appear in it, only how many values there are."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

__all__ = ["ALARM", "Cell", "CellAfter", "Chance", "Freedom", "Lots", "Named", "Overflow", "Pupils", "Share",
           "Spread", "StratumBefore", "Twins", "plain"]  # fmt: skip

ALARM: Final = 0.01
"""Below this a p-value asks for a look: one table in a hundred of fair draws has such a one."""


@dataclass(frozen=True, slots=True)
class Pupils:
    """How equal the chances of single children are.

    Parameters
    ----------
    children
        How many were compared.
    gap
        Largest difference between a child's share of the draws and the fair one.
    p
        How likely it is that the child furthest off is as far off by chance alone.
    """

    children: int
    gap: float
    p: float


@dataclass(frozen=True, slots=True)
class Chance:
    """How equal the chances of one attribute's subgroups are.

    Parameters
    ----------
    values
        How many subgroups.
    gap
        Largest difference between a subgroup's share and the fair one.
    score
        The largest difference in its own standard errors.
    p
        How likely it is that the subgroup furthest off is as far off by chance alone.
    """

    values: int
    gap: float
    score: float
    p: float


@dataclass(frozen=True, slots=True)
class Share:
    """Children of one stratum in one class, and the even share rounded down and up."""

    label: str
    number: int
    count: int
    least: int
    most: int

    @property
    def ok(self) -> bool:
        """Whether the class has its even share."""
        return self.least <= self.count <= self.most


@dataclass(frozen=True, slots=True)
class StratumBefore:
    """One stratum over all simulated draws.

    Parameters
    ----------
    label, children
        As the manifest has them.
    least, most
        Even share of a class, rounded down for the smallest and up for the largest.
    missed
        Classes, over all draws, without their even share.
    """

    label: str
    children: int
    least: int
    most: int
    missed: int


@dataclass(frozen=True, slots=True)
class Freedom:
    """What chance is left to a wish: a wish that always ends in one class decides a class, not a company.

    Parameters
    ----------
    kind
        ``together`` or ``separate``.
    children
        Registration numbers.
    reached
        Classes that its first child came to in the simulated draws.
    largest
        Largest share of the draws that ended in one class.
    """

    kind: str
    children: tuple[str, ...]
    reached: int
    largest: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A histogram: in how many draws something happened to each of many, beside what equal chances give.

    Of a split these are draws that brought a child to a class; of seats, draws above or below the mean of its
    peers that brought a child to its first choice.

    Parameters
    ----------
    width, first
        Draws that one bar spans, and where the first bar begins.
    observed, expected
        Cases by bar.
    """

    width: int
    first: int
    observed: tuple[int, ...]
    expected: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Children who name one school first, in one tier.

    Parameters
    ----------
    school, tier, seats
        As committed; all seats of the school.
    children
        How many.
    first, anywhere
        Mean share of them admitted there, and to any school.
    """

    school: str
    tier: int
    seats: int
    children: int
    first: float
    anywhere: float


@dataclass(frozen=True, slots=True)
class CellAfter:
    """How many of a cell the draw admitted to their first choice, and how many 99 of 100 draws admit."""

    school: str
    tier: int
    children: int
    admitted: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Twins:
    """Children of families with one ticket beside single children with the same choices.

    Parameters
    ----------
    children
        Of such families, with somebody to compare with.
    share, peers
        Mean share admitted to the first choice, theirs and that of comparable single children.
    error
        Standard error of the difference.
    allowance
        About what the overflow explains: a family has its own children not ahead of it.
    """

    children: int
    share: float
    peers: float
    error: float
    allowance: float

    @property
    def ok(self) -> bool:
        """Whether the difference is within the overflow and four standard errors."""
        return abs(self.share - self.peers) <= self.allowance + 4 * self.error


@dataclass(frozen=True, slots=True)
class Overflow:
    """Seats taken beyond a school's own, because families are admitted whole.

    Parameters
    ----------
    most, limit
        Largest at one school in one draw, and what the rule allows: the largest family less one.
    mean
        Of all schools together, a draw.
    """

    most: int
    limit: int
    mean: float


@dataclass(frozen=True, slots=True)
class Named:
    """A named list among the others.

    Parameters
    ----------
    listed
        Children on it.
    found
        How many share a class (the largest such number), or were admitted to their first choice.
    usual
        The same on average over the simulated draws.
    p
        Share of draws with as many or more.
    """

    listed: int
    found: int
    usual: float
    p: float


@dataclass(frozen=True, slots=True)
class Lots:
    """A small draw: late children, teachers, schools.

    Parameters
    ----------
    items, outcomes
        How many are drawn, and how many places there are for each.
    compared
        Those who have the same chances by rule.
    mean
        Items by outcome, on average a draw.
    gap, p
        Largest difference from the fair share, and how likely it is by chance alone.
    """

    items: int
    outcomes: int
    compared: int
    mean: tuple[float, ...]
    gap: float
    p: float


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a report holds
    """Return a finding as JSON can hold it: six digits of a fraction, nothing where there is nothing.

    Examples
    --------
    >>> plain(Pupils(2, 1 / 3, 1.0))
    {'children': 2, 'gap': 0.333333, 'p': 1.0}
    """
    if is_dataclass(value):
        named = {f.name: getattr(value, f.name) for f in fields(value)}
        return {name: plain(one) for name, one in named.items() if one is not None}
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
