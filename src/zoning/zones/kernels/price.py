"""The cheapest zone of one school under given block prices, by branch and bound.

A zone is grown block by block from the school's own block: the next block at its border is taken, then left
out for good. A branch is given up when even the fractional knapsack of the blocks that it can still reach is
no better than the best zone so far. The knapsack is taken twice, with and without the multipliers of
separator cuts, which tell it what it costs to reach a block; both are lower bounds.

Names: ``indptr``, ``indices`` neighbours among the candidates; ``weight`` what each counts; ``price`` and
``cut_price`` reduced cost without and with the cuts' multipliers; ``state`` 0 free, 1 in, 2 out; ``near`` how
many neighbours are in; ``room`` what the school can still take.
"""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled

__all__ = ["cheapest_zone"]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Marks = npt.NDArray[np.int8]

_EQUAL = 1e-9


@compiled
def cheapest_zone(
    indptr: Ints,
    indices: Ints,
    rooted: npt.NDArray[np.bool_],
    weight: Floats,
    price: Floats,
    cut_price: Floats,
    room: float,
    most: int,
    found: npt.NDArray[np.bool_],
) -> tuple[float, float, int]:
    """Return price and lower bound of the cheapest zone, and the branches looked at.

    Parameters
    ----------
    rooted
        Whether a candidate borders the school's block (or needs no way to it), bool [candidate].
    room
        What the zone may count.
    most
        Branches to look at; the bound stays valid when they do not suffice.
    found
        Filled in: the cheapest zone, bool [candidate].
    """
    count = len(weight)
    order, cut_order = _by_weight(price, weight), _by_weight(cut_price, weight)
    state, near = np.zeros(count, dtype=np.int8), rooted.astype(np.int32)
    far, queue = np.empty(count), np.empty(count + 1, dtype=np.int32)
    path, depth = np.empty(count + 1, dtype=np.int32), 0
    best = open_bound = total = cut_total = 0.0
    found[:] = False
    looked, grows = 0, True
    while grows or depth > 0:
        if not grows:
            block = path[depth - 1]
            if state[block] == 2:
                state[block] = 0
                depth -= 1
                continue
            _enter(indptr, indices, near, block, -1)
            state[block], room = 2, room + weight[block]
            total, cut_total = total - price[block], cut_total - cut_price[block]
        looked += 1
        _reach(indptr, indices, weight, state, near, room, far, queue)
        bound = max(
            total + _knapsack(order, weight, price, state, far, room),
            cut_total + _knapsack(cut_order, weight, cut_price, state, far, room),
        )
        if looked > most and bound < best - _EQUAL:
            open_bound = min(open_bound, bound)
            bound = best
        block = -1 if bound >= best - _EQUAL else _next(order, weight, state, near, room)
        grows = block >= 0
        if grows:
            path[depth], depth = block, depth + 1
            state[block], room = 1, room - weight[block]
            total, cut_total = total + price[block], cut_total + cut_price[block]
            _enter(indptr, indices, near, block, 1)
            if total < best - _EQUAL:
                best = total
                found[:] = state == 1
    return best, min(best, open_bound), looked


@compiled
def _by_weight(price: Floats, weight: Floats) -> Longs:
    """Return the candidates, the cheapest by weight first; what counts nothing and pays comes before all.

    The knapsack ends at the first block that does not fit, so nothing that always fits may come after it.
    """
    ratio = price / np.maximum(weight, _EQUAL)
    ratio[(weight <= 0) & (price < 0)] = -np.inf
    return np.argsort(ratio)


@compiled
def _enter(indptr: Ints, indices: Ints, near: Ints, block: int, sign: int) -> None:
    """Count a block in (or out) at its neighbours."""
    for edge in range(indptr[block], indptr[block + 1]):
        near[indices[edge]] += sign


@compiled
def _next(order: Longs, weight: Floats, state: Marks, near: Ints, room: float) -> int:
    """Return the free block at the border that is cheapest by weight and fits; -1 for none."""
    for block in order:
        if state[block] == 0 and near[block] > 0 and weight[block] <= room:
            return int(block)
    return -1


@compiled
def _reach(
    indptr: Ints,
    indices: Ints,
    weight: Floats,
    state: Marks,
    near: Ints,
    room: float,
    far: Floats,
    queue: Ints,
) -> None:
    """Fill in what the lightest way from the zone to each free block counts; infinite beyond the room."""
    size, begin, end = len(queue), 0, 0
    for block in range(len(weight)):
        far[block] = np.inf
        if state[block] == 0 and near[block] > 0 and weight[block] <= room:
            far[block] = weight[block]
            queue[end] = block
            end += 1
    waiting = np.zeros(len(weight), dtype=np.bool_)
    for block in range(len(weight)):
        waiting[block] = far[block] < np.inf
    while begin != end:
        here = queue[begin]
        begin = (begin + 1) % size
        waiting[here] = False
        for edge in range(indptr[here], indptr[here + 1]):
            other = indices[edge]
            there = far[here] + weight[other]
            if state[other] == 0 and there <= room and there < far[other]:
                far[other] = there
                if not waiting[other]:
                    waiting[other] = True
                    queue[end] = other
                    end = (end + 1) % size


@compiled
def _knapsack(order: Longs, weight: Floats, price: Floats, state: Marks, far: Floats, room: float) -> float:
    """Return the fractional knapsack of the free blocks within reach: at most 0."""
    total = 0.0
    for block in order:
        if price[block] >= 0:
            break
        if state[block] != 0 or far[block] == np.inf:
            continue
        if weight[block] > room:
            return float(total + price[block] * room / weight[block])
        total += price[block]
        room -= weight[block]
    return total
