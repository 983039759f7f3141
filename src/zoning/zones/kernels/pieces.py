"""Small compiled steps on a plan: loads and what they cost, zones that stay in one piece.

Arrays are passed one by one: a tuple of arrays would count references at every step, which costs ten times
the step itself. The names are the same everywhere:

``zone``
    School of each block, int32 [block]; -1 for a block that is not to be touched.
``home``
    Block of each school, int32 [school].
``indptr``, ``indices``
    Neighbours in compressed rows, int32.
``cost``
    Weighed cost, pupil-seconds, infinite where a block may not go, float64 [block, school].
``weight``
    What a block counts in each row, float64 [row, block].
``ledger``
    Load, lower limit, upper limit, price at the upper and at the lower limit, float64 [row, school, 5].
``rule``
    Price of a unit outside the limits (infinite for a hard row) and the mean weight, float64 [row, 2].
``stamp``, ``queue``, ``part``
    Room to work in, int64 [block + 1] (the last entry counts the stamps) and int32 [block + 1].
``tally``
    Cost with soft rules, overload in mean blocks, best cost of a plan without overload, float64 [3].
``journal``, ``since``
    Blocks moved since the best plan and the schools they left, int32 [2, move], and their number (-1 where
    the best plan stands on its own), int64 [1].
"""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled, inlined

__all__ = ["FALL", "LOAD", "LOWER", "RISE", "UPPER", "allows_leave", "cut_off", "pull_of", "shift", "touches"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LOAD, LOWER, UPPER, RISE, FALL = range(5)


@inlined
def breach_of(limits: Floats, load: float) -> float:
    """Return how far a load is outside its limits, one entry of the ledger."""
    if load > limits[UPPER]:
        return float(load - limits[UPPER])
    if load < limits[LOWER]:
        return float(limits[LOWER] - load)
    return 0.0


@inlined
def pull_of(limits: Floats, soft: float, unit: float, bend: float, strict: float, load: float) -> float:
    """Return what a load costs during the search.

    A soft rule costs its price. A hard one costs an augmented Lagrangian: the price of the limit, bent so
    that an empty seat is worth less the more of them there are, and a penalty for what is outside.
    """
    out = breach_of(limits, load)
    if soft < np.inf:
        return soft * out
    curve = bend / (unit * unit)
    total = strict * out / unit
    slope = limits[RISE] + curve * (load - limits[UPPER])
    if slope > 0:
        total += slope * slope / (2 * curve)
    slope = limits[FALL] + curve * (limits[LOWER] - load)
    if slope > 0:
        total += slope * slope / (2 * curve)
    return total


@inlined
def touches(zone: Ints, home: Ints, indptr: Ints, indices: Ints, block: int, school: int) -> bool:
    """Return whether a block borders a school's zone or its home block, or is that block."""
    if block == home[school]:
        return True
    for edge in range(indptr[block], indptr[block + 1]):
        if zone[indices[edge]] == school or indices[edge] == home[school]:
            return True
    return False


@compiled
def allows_leave(
    zone: Ints, home: Ints, indptr: Ints, indices: Ints, stamp: Longs, queue: Ints, block: int
) -> bool:
    """Return whether the rest of a block's zone stays in one piece without it."""
    school = zone[block]
    root = home[school]
    if block == root:
        return True
    stamp[-1] += 2
    wanted = stamp[-1]
    seen = wanted + 1
    missing, first = 0, -1
    for edge in range(indptr[block], indptr[block + 1]):
        other = indices[edge]
        if zone[other] == school or other == root:
            stamp[other] = wanted
            missing += 1
            first = other
    if missing <= 1:
        return True
    stamp[block] = stamp[first] = seen
    queue[0] = first
    missing -= 1
    begin, end = 0, 1
    while begin < end:
        here = queue[begin]
        begin += 1
        for edge in range(indptr[here], indptr[here + 1]):
            other = indices[edge]
            if stamp[other] != seen and (zone[other] == school or other == root):
                if stamp[other] == wanted:
                    missing -= 1
                    if missing == 0:
                        return True
                stamp[other] = seen
                queue[end] = other
                end += 1
    return False


@compiled
def cut_off(
    zone: Ints, home: Ints, indptr: Ints, indices: Ints, stamp: Longs, queue: Ints, part: Ints, block: int
) -> int:
    """List in ``part`` the blocks that lose their school's block when a block leaves; return how many."""
    stamp[-1] += 2
    seen = stamp[-1]
    school = zone[block]
    stamp[block] = seen
    _spread(zone, indptr, indices, stamp, queue, home[school], school)
    count = 0
    for edge in range(indptr[block], indptr[block + 1]):
        other = indices[edge]
        if zone[other] == school and stamp[other] != seen:
            found = _spread(zone, indptr, indices, stamp, queue, other, school)
            part[count : count + found] = queue[:found]
            count += found
    return count


@compiled
def _spread(
    zone: Ints, indptr: Ints, indices: Ints, stamp: Longs, queue: Ints, start: int, school: int
) -> int:
    """Stamp the blocks of a zone that are reached from one of them; list them in ``queue``."""
    seen = stamp[-1]
    stamp[start] = seen
    queue[0] = start
    begin, end = 0, 1
    while begin < end:
        here = queue[begin]
        begin += 1
        for edge in range(indptr[here], indptr[here + 1]):
            other = indices[edge]
            if zone[other] == school and stamp[other] != seen:
                stamp[other] = seen
                queue[end] = other
                end += 1
    return end


@compiled
def shift(
    zone: Ints,
    cost: Floats,
    ledger: Floats,
    rule: Floats,
    weight: Floats,
    tally: Floats,
    journal: Ints,
    since: Longs,
    block: int,
    goal: int,
) -> None:
    """Move a block and book the change of cost, overload and loads."""
    here = zone[block]
    tally[0] += cost[block, goal] - cost[block, here]
    for row in range(len(rule)):
        change = 0.0
        for sign in (-1.0, 1.0):
            limits = ledger[row, goal if sign > 0 else here]
            load = limits[LOAD] + sign * weight[row, block]
            change += breach_of(limits, load) - breach_of(limits, limits[LOAD])
            limits[LOAD] = load
        if rule[row, 0] < np.inf:
            tally[0] += rule[row, 0] * change
        else:
            tally[1] += change / rule[row, 1]
    zone[block] = goal
    if since[0] >= 0:
        journal[0, since[0]] = block
        journal[1, since[0]] = here
        since[0] += 1
