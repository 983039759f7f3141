"""Straighter borders where they cost nothing; the names are those of :mod:`zoning.zones.kernels.pieces`."""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled
from zoning.zones.kernels.pieces import LOAD, allows_leave, breach_of, shift

__all__ = ["straighten"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@compiled
def straighten(
    zone: Ints,
    home: Ints,
    indptr: Ints,
    indices: Ints,
    cost: Floats,
    weight: Floats,
    ledger: Floats,
    rule: Floats,
    tally: Floats,
    stamp: Longs,
    queue: Ints,
    worth: float,
    passes: int,
) -> None:
    """Give border blocks to the zone of more of their neighbours where that costs next to nothing.

    Parameters
    ----------
    worth
        What one neighbour more in the same zone may cost, pupil-seconds.
    passes
        Times to go through all blocks, at most.
    """
    journal, since = np.empty((2, 0), dtype=np.int32), np.array([-1], dtype=np.int64)
    for _ in range(passes):
        moved = False
        for block in range(len(zone)):
            goal, joined = _closest(zone, indptr, indices, cost, block)
            if joined <= 0 or cost[block, goal] - cost[block, zone[block]] > worth * joined:
                continue
            if not _keeps(ledger, rule, weight, block, zone[block], goal):
                continue
            if allows_leave(zone, home, indptr, indices, stamp, queue, block):
                shift(zone, cost, ledger, rule, weight, tally, journal, since, block, goal)
                moved = True
        if not moved:
            break


@compiled
def _closest(zone: Ints, indptr: Ints, indices: Ints, cost: Floats, block: int) -> tuple[int, int]:
    """Return the other zone that holds most neighbours of a block, and how many more than its own."""
    own, best, most = 0, -1, 0
    around = indices[indptr[block] : indptr[block + 1]]
    if zone[block] < 0:
        return -1, 0
    for other in around:
        own += zone[other] == zone[block]
    for other in around:
        goal = zone[other]
        if goal < 0 or goal == zone[block] or cost[block, goal] == np.inf:
            continue
        count = 0
        for third in around:
            count += zone[third] == goal
        if count > most:
            best, most = goal, count
    return best, most - own


@compiled
def _keeps(ledger: Floats, rule: Floats, weight: Floats, block: int, here: int, goal: int) -> bool:
    """Return whether no rule is broken further when a block changes zone."""
    for row in range(len(rule)):
        for sign in (-1.0, 1.0):
            limits = ledger[row, goal if sign > 0 else here]
            load = limits[LOAD] + sign * weight[row, block]
            if breach_of(limits, load) > breach_of(limits, limits[LOAD]):
                return False
    return True
