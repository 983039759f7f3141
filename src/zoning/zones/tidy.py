"""Straighter borders where they cost next to nothing: ties are settled for the more compact zone."""

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.state import ZoneState

__all__ = ["tidy_borders"]

_WORTH = 1e-3
_PASSES = 30


def tidy_borders(problem: ZoneProblem, school: Ints, *, stranded: npt.NDArray[np.bool_]) -> Ints:
    """Return a plan with fewer neighbours in different zones, in one piece and within the seats.

    Two schools side by side cost a far block the same, and a search leaves such ties ragged. A border block
    changes zone when that joins more neighbours than it parts, for at most a thousandth of a mean block's
    cost a neighbour.

    Parameters
    ----------
    problem
        The problem.
    school
        School of each block, int32 [block].
    stranded
        Blocks that are not to be touched, bool [block].

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2], [3, 4], [4, 5], [0, 3], [1, 4], [2, 5]]), 6)
    >>> tie = ZoneProblem(demand=np.ones(6), cost=np.ones((6, 2)), allowed=np.ones((6, 2), dtype=bool),
    ...     capacity=np.array([4.0, 4]), indptr=row[0], indices=row[1], home=np.array([0, 2], dtype=np.int32))
    >>> ragged = np.array([0, 0, 1, 0, 1, 1], dtype=np.int32)
    >>> tidy_borders(tie, ragged, stranded=np.zeros(6, dtype=bool)).tolist()
    [0, 1, 1, 0, 1, 1]
    """
    state = ZoneState(problem, school, stranded)
    cost = problem.allowed_cost
    worth = _WORTH * problem.cost_of(school) / max(problem.blocks, 1)
    for _ in range(_PASSES):
        moved = [_settle(state, block, cost, worth) for block in range(problem.blocks)]
        if not any(moved):
            break
    return np.where(stranded, school, state.zone).astype(np.int32)


def _settle(state: ZoneState, block: int, cost: Floats, worth: float) -> bool:
    """Move a block to the neighbouring zone that holds most of its neighbours, if that is worth it."""
    start = state.zone[block]
    around = [state.zone[other] for other in state.neighbours[block]]
    held = around.count(start)
    for goal in sorted(
        {zone for zone in around if zone not in (start, -1)}, key=lambda z: (-around.count(z), z)
    ):
        joined = around.count(goal) - held
        if start < 0 or joined <= 0:
            return False
        pupils = state.demand[block]
        dearer = pupils * (cost[block, goal] - cost[block, start]) if cost[block, goal] < np.inf else np.inf
        fuller = state.excess_change(goal, pupils) + state.excess_change(start, -pupils)
        if dearer <= worth * joined and fuller <= 0 and state.can_leave(block):
            state.move(block, goal)
            return True
    return False
