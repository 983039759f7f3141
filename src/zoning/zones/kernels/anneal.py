"""Simulated annealing over border blocks: shifts, shifts with what they cut off, and double moves.

The names of the arrays are those of :mod:`zoning.zones.kernels.pieces`.
"""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled, inlined
from zoning.zones.kernels.pieces import LOAD, allows_leave, cut_off, pull_of, shift, touches

__all__ = ["MOST_MOVES", "anneal", "settle"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]

_STRIDE = 1_000
_WALK = 12
_DOUBLE = 0.3
_LARGEST_PART = 40
_CLEAR = 1e-6

MOST_MOVES = _STRIDE * _LARGEST_PART
"""Blocks that may move between two looks at the journal; it must have room for more."""


@inlined
def chance(bits: Bits) -> float:
    """Return a random number in [0, 1) and move the generator on (xorshift64, Marsaglia 2003)."""
    state = bits[0]
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    bits[0] = state
    return float(state >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def anneal(
    zone: Ints,
    home: Ints,
    indptr: Ints,
    indices: Ints,
    owner: Ints,
    target: Ints,
    contiguous: bool,  # noqa: FBT001 - a compiled function takes no keywords
    cost: Floats,
    weight: Floats,
    ledger: Floats,
    rule: Floats,
    tally: Floats,
    journal: Ints,
    since: Longs,
    best: Ints,
    stamp: Longs,
    queue: Ints,
    part: Ints,
    bits: Bits,
    heats: Floats,
    steps: int,
) -> None:
    """Propose moves while the heat falls; the best plan within the limits is kept.

    Parameters
    ----------
    owner, target
        Arc a may take block ``owner[a]`` into the zone of the block ``target[a]`` or, where that is negative,
        of the school ``-1 - target[a]``, int32.
    contiguous
        Whether zones must stay in one piece.
    heats
        Temperature, bend and strictness at the start and at the end, geometric in between, float64 [2, 3].
    steps
        Moves to propose.
    """
    warmth, bend, strict = heats[0]
    for step in range(steps):
        if step % _STRIDE == 0:
            warmth, bend, strict = heats[0] * (heats[1] / heats[0]) ** (step / steps)
            settle(zone, best, journal, since, journal.shape[1] - MOST_MOVES)
        arc = int(chance(bits) * len(owner))
        block = owner[arc]
        here = zone[block]
        goal = zone[target[arc]] if target[arc] >= 0 else -1 - target[arc]
        if goal == here or goal < 0 or here < 0 or cost[block, goal] == np.inf:
            continue
        bar = -warmth * np.log(1.0 - chance(bits))
        change = cost[block, goal] - cost[block, here]
        change += _strain(ledger, rule, weight, bend, strict, here, -1.0, block, -1)
        change += _strain(ledger, rule, weight, bend, strict, goal, 1.0, block, -1)
        if change <= bar:
            if not contiguous or allows_leave(zone, home, indptr, indices, stamp, queue, block):
                part[0], count = block, 1
            else:
                count = cut_off(zone, home, indptr, indices, stamp, queue, part, block)
                part[count], part[0], count = part[0], block, count + 1
                if _part_change(zone, cost, ledger, rule, weight, bend, strict, part[:count], goal) > bar:
                    continue
            for moved in part[:count]:
                shift(zone, cost, ledger, rule, weight, tally, journal, since, moved, goal)
        elif chance(bits) < _DOUBLE:
            start = target[arc] if target[arc] >= 0 else home[goal]
            other, third = _walk(zone, indptr, indices, bits, start, goal)
            if other < 0 or other == block or cost[other, third] == np.inf:
                continue
            change += _double_change(
                cost, ledger, rule, weight, bend, strict, here, goal, third, block, other
            )
            if change <= bar and _fits(
                zone, home, indptr, indices, stamp, queue, contiguous, block, goal, other, third
            ):
                shift(zone, cost, ledger, rule, weight, tally, journal, since, block, goal)
                shift(zone, cost, ledger, rule, weight, tally, journal, since, other, third)
        if tally[1] < _CLEAR and tally[0] < tally[2] - _CLEAR:
            tally[2], since[0] = tally[0], 0


@inlined
def _strain(
    ledger: Floats,
    rule: Floats,
    weight: Floats,
    bend: float,
    strict: float,
    school: int,
    sign: float,
    block: int,
    other: int,
) -> float:
    """Return the change of pull at a school that takes (+1) or gives (-1) a block and, in turn, another."""
    total = 0.0
    for row in range(len(rule)):
        limits = ledger[row, school]
        load = limits[LOAD] + sign * weight[row, block]
        if other >= 0:
            load -= sign * weight[row, other]
        total += pull_of(limits, rule[row, 0], rule[row, 1], bend, strict, load)
        total -= pull_of(limits, rule[row, 0], rule[row, 1], bend, strict, limits[LOAD])
    return total


@compiled
def _double_change(
    cost: Floats,
    ledger: Floats,
    rule: Floats,
    weight: Floats,
    bend: float,
    strict: float,
    here: int,
    goal: int,
    third: int,
    block: int,
    other: int,
) -> float:
    """Return what a double move changes beside a shift of the first block."""
    change = float(cost[other, third] - cost[other, goal])
    change += _strain(ledger, rule, weight, bend, strict, goal, 1.0, block, other)
    change -= _strain(ledger, rule, weight, bend, strict, goal, 1.0, block, -1)
    if third == here:
        change += _strain(ledger, rule, weight, bend, strict, here, 1.0, other, block)
        return change - _strain(ledger, rule, weight, bend, strict, here, -1.0, block, -1)
    return change + _strain(ledger, rule, weight, bend, strict, third, 1.0, other, -1)


@compiled
def _part_change(
    zone: Ints,
    cost: Floats,
    ledger: Floats,
    rule: Floats,
    weight: Floats,
    bend: float,
    strict: float,
    part: Ints,
    goal: int,
) -> float:
    """Return what it changes when blocks of one zone move together; infinite where they may not."""
    if len(part) > _LARGEST_PART:
        return np.inf
    here = zone[part[0]]
    change = 0.0
    for block in part:
        change += cost[block, goal] - cost[block, here]
    for row in range(len(rule)):
        moved = 0.0
        for block in part:
            moved += weight[row, block]
        for sign in (-1.0, 1.0):
            limits = ledger[row, goal if sign > 0 else here]
            soft, unit = rule[row]
            change += pull_of(limits, soft, unit, bend, strict, limits[LOAD] + sign * moved)
            change -= pull_of(limits, soft, unit, bend, strict, limits[LOAD])
    return change


@compiled
def _walk(zone: Ints, indptr: Ints, indices: Ints, bits: Bits, start: int, school: int) -> tuple[int, int]:
    """Return a block at the border of a zone and the zone beyond, by a random walk; -1 for none."""
    here = start
    for _ in range(_WALK):
        first, last = indptr[here], indptr[here + 1]
        if first == last or zone[here] != school:
            return -1, -1
        other = indices[first + int(chance(bits) * (last - first))]
        if zone[other] == school:
            here = other
        elif zone[other] >= 0:
            return here, zone[other]
    return -1, -1


@compiled
def _fits(
    zone: Ints,
    home: Ints,
    indptr: Ints,
    indices: Ints,
    stamp: Longs,
    queue: Ints,
    contiguous: bool,  # noqa: FBT001 - a compiled function takes no keywords
    block: int,
    goal: int,
    other: int,
    third: int,
) -> bool:
    """Return whether every zone stays in one piece when two blocks move, one after the other."""
    if not contiguous:
        return True
    if not allows_leave(zone, home, indptr, indices, stamp, queue, block):
        return False
    here = zone[block]
    zone[block] = goal
    fits = touches(zone, home, indptr, indices, other, third)
    fits = fits and allows_leave(zone, home, indptr, indices, stamp, queue, other)
    zone[other] = third
    fits = fits and touches(zone, home, indptr, indices, block, goal)
    zone[other] = goal
    zone[block] = here
    return fits


@compiled
def settle(zone: Ints, best: Ints, journal: Ints, since: Longs, unless: int) -> None:
    """Write the best plan out, the present one with the moves since then undone, unless they are few."""
    if since[0] < unless or since[0] < 0:
        return
    best[:] = zone
    for number in range(since[0] - 1, -1, -1):
        best[journal[0, number]] = journal[1, number]
    since[0] = -1
