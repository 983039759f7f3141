"""A plan that was found, with everything that is known of it: cost, bound, certificate, reasons."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from zoning.errors import Text
from zoning.plan import Plan

__all__ = ["Certificate", "Progress", "Proposal", "Reason", "SeparatorCut"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands.

    Parameters
    ----------
    seconds
        Wall-clock seconds since it began.
    iterations
        Steps done.
    cost
        Cost of the best plan so far, pupil-seconds; infinite before the first one that keeps the rules.
    bound
        Lower bound so far, pupil-seconds.
    """

    seconds: float
    iterations: int
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """(cost - bound) / bound, a share; infinite before the first plan."""
        if self.cost == self.bound:
            return 0.0
        return (self.cost - self.bound) / self.bound if self.bound > 0 else math.inf


@dataclass(frozen=True)
class Reason:
    """Why a block belongs to its school and not to the nearest one.

    Parameters
    ----------
    code
        Stable code: ``nearest``, ``capacity``, ``contiguity``, ``town``, ``barrier``, ``stability``,
        ``home``, ``locked``, ``shared``, ``feeder``, ``balance``, ``norm`` (radius, journey limit or place
        class), ``price`` and ``closed`` (another price or rule of the plan), ``border`` (straighter at next
        to no cost), ``empty`` (no pupils) or ``search`` (nothing binds; a better plan may exist).
    nearest
        The nearest school of the stage by travel time; the block's own where the code is ``nearest``.
    extra_s
        Seconds that each pupil travels longer than to the nearest school, one way.
    text
        The reason as it is printed.
    """

    code: str
    nearest: str
    extra_s: float
    text: Text


@dataclass(frozen=True)
class SeparatorCut:
    """A cut of a certificate: a block belongs to a school only if a block of the separator does.

    Parameters
    ----------
    block_id, school_id
        The block and the school.
    separator
        Blocks without which no way leads from the block to the school's block inside a zone.
    multiplier
        What the cut adds to the bound, pupil-seconds, at least 0.
    """

    block_id: str
    school_id: str
    separator: tuple[str, ...] = field(repr=False)
    multiplier: float


@dataclass(frozen=True)
class Certificate:
    """What a lower bound is evaluated from, by name: anyone re-checks it in one pass, without a solver.

    Parameters
    ----------
    prices
        Load rule, school and price, seconds a unit of load: above 0 for the rule's upper limit, below 0 for
        its lower one. Rules are named as in the problem: ``capacity`` is the seats of the planned year.
    cuts
        Separator cuts.
    blocks
        Block and its price, pupil-seconds; empty where the bound needs none.
    """

    prices: tuple[tuple[str, str, float], ...] = field(repr=False)
    cuts: tuple[SeparatorCut, ...] = field(default=(), repr=False)
    blocks: tuple[tuple[str, float], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Proposal:
    """A plan with the proof beside it.

    Parameters
    ----------
    plan
        The plan.
    cost
        What the solver lowered: pupil-seconds a day one way, penalties included.
    bound
        No plan that keeps the rules costs less than this, in the same unit.
    seconds
        Wall-clock time of the search, seconds; not part of what makes two proposals equal.
    iterations
        Iterations done; the same number with the same seed gives the same plan.
    seed
        The seed.
    rules
        The rules that were kept, as printed.
    prices
        Price of one seat at each school that is full, pupil-seconds a day one way.
    notes
        What was assumed or could not be kept.
    excess
        Pupils over the seats, all schools together; 0 where the plan keeps every capacity, and where seats
        may be passed at a price, which is then part of cost and bound.
    broken
        Names of the other hard rules that the plan breaks.
    certificate
        Multipliers and cuts that the bound is evaluated from.
    reasons
        Why each block belongs to its school, by block id.
    """

    plan: Plan
    cost: float
    bound: float
    seconds: float = field(compare=False)
    iterations: int
    seed: int
    rules: tuple[Text, ...] = ()
    prices: Mapping[str, float] = field(default_factory=dict, hash=False)
    notes: tuple[Text, ...] = ()
    excess: float = 0.0
    broken: tuple[str, ...] = ()
    certificate: Certificate = field(default=Certificate(()), repr=False)
    reasons: Mapping[str, Reason] = field(default_factory=dict, hash=False, repr=False)

    @property
    def within_seats(self) -> bool:
        """Whether no school is over seats that none may pass; only then does the bound hold for the plan."""
        return self.excess == 0 and not self.broken

    @property
    def gap(self) -> float:
        """(cost - bound) / bound, a share; 0 where both are 0, infinite where only the bound is.

        NaN for a plan over its seats: the bound is that of plans within them, so the two do not compare.
        """
        if not self.within_seats:
            return math.nan
        if self.cost == self.bound:
            return 0.0
        return (self.cost - self.bound) / self.bound if self.bound > 0 else math.inf
