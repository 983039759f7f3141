"""Lightest ways over blocks."""

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled

__all__ = ["lightest_ways"]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@compiled
def lightest_ways(
    indptr: Ints,
    indices: Ints,
    weight: Floats,
    starts: Ints,
    first: Floats,
    passable: npt.NDArray[np.bool_],
    limit: float,
    found: Floats,
) -> None:
    """Fill in what the lightest way from any start to each block counts (Dijkstra on block weights).

    Parameters
    ----------
    indptr, indices
        Neighbours in compressed rows, int32.
    weight
        What a block counts, at least 0, float64 [block].
    starts, first
        Blocks to start from, int32, and what they count, float64.
    passable
        Blocks that a way may use, bool [block]; starts may be used in any case.
    limit
        Ways that count more are left out.
    found
        Filled in: float64 [block], infinity where there is no way.
    """
    heap = [(0.0, np.int64(-1))]
    heap.pop()
    for number in range(len(starts)):
        if first[number] <= limit:
            found[starts[number]] = first[number]
            heappush(heap, (first[number], np.int64(starts[number])))
    while len(heap) > 0:
        far, block = heappop(heap)
        if far > found[block]:
            continue
        for edge in range(indptr[block], indptr[block + 1]):
            other = indices[edge]
            there = far + weight[other]
            if passable[other] and there <= limit and there < found[other]:
                found[other] = there
                heappush(heap, (there, np.int64(other)))
