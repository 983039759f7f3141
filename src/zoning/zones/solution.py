"""A plan of an abstract problem with its bound."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.multipliers import Multipliers
from zoning.zones.problem import Floats, Ints

__all__ = ["Solution"]


@dataclass(frozen=True, eq=False)
class Solution:
    """A plan of a problem with its bound.

    Parameters
    ----------
    school
        School of each block, int32 [block].
    cost, bound
        Cost of the plan, and the least that any plan that keeps the rules costs, pupil-seconds.
    excess
        Pupils over capacity, float64 [school].
    detached
        Blocks that do not connect to their school inside its zone, bool [block].
    multipliers
        What the bound is evaluated from.
    iterations
        Steps done; the same number with the same seed gives the same plan.
    is_kept
        Whether every hard load rule is kept.
    interrupted
        Whether the keyboard stopped it.
    """

    school: Ints = field(repr=False)
    cost: float
    bound: float
    excess: Floats = field(repr=False)
    detached: npt.NDArray[np.bool_] = field(repr=False)
    multipliers: Multipliers = field(repr=False)
    iterations: int
    is_kept: bool
    interrupted: bool = False

    @property
    def gap(self) -> float:
        """(cost - bound) / bound, a share; infinite where the plan breaks a rule."""
        if not self.is_kept:
            return np.inf
        if self.cost == self.bound:
            return 0.0
        return (self.cost - self.bound) / self.bound if self.bound > 0 else np.inf
