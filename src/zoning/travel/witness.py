"""Shortcuts over a vertex: needed between two neighbours unless a short search finds a way round it.

A search that stops early only leaves a shortcut that was not needed; no way is ever lost.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled
from zoning.travel.arcs import Arcs
from zoning.travel.heap import Heap, pop, push

SETTLED: Final = 100
"""Vertices that a search for a way round may settle; more find next to nothing."""

_Places = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float64]
_Marks = npt.NDArray[np.uint8]


class Work(NamedTuple):
    """Space that the searches for another way use.

    Parameters
    ----------
    seconds
        Seconds found, ``inf`` between two searches, float64 [vertex].
    enough_s
        At the ends of a search the seconds of the way over the vertex, else 0, float64 [vertex].
    last_s
        Seconds of the least arc into each neighbour other than from the vertex, float64 [neighbour].
    met
        Vertices whose seconds were set, int32 [place].
    heap
        Vertices to settle.
    needed
        Whether a shortcut is needed from one neighbour (row) to another, uint8 [row and column in one].
    """

    seconds: _Floats
    enough_s: _Floats
    last_s: _Floats
    met: _Places
    heap: Heap
    needed: _Marks


@compiled
def shortcuts(arcs: Arcs, work: Work, vertex: int) -> int:
    """Find which shortcuts are needed over a vertex; return how many pairs of neighbours they join."""
    first, count = arcs.first[vertex], arcs.degree[vertex]
    pairs = 0
    if count > 2:
        _reckon_last(arcs, work, vertex)
    for i in range(count):
        met = 0
        if count > 2 and arcs.back_s[first + i] < np.inf:
            met = _search(arcs, work, vertex, i)
        for j in range(count):
            way = arcs.back_s[first + i] + arcs.out_s[first + j]
            needed = i != j and way < work.seconds[arcs.other[first + j]]
            work.needed[i * count + j] = needed
            if j < i and (needed or work.needed[j * count + i]):
                pairs += 1
        for place in range(met):
            work.seconds[work.met[place]] = np.inf
    return pairs


@compiled
def _reckon_last(arcs: Arcs, work: Work, vertex: int) -> None:
    """Reckon the least arc into each neighbour."""
    for j in range(arcs.degree[vertex]):
        neighbour = arcs.other[arcs.first[vertex] + j]
        least = np.inf
        for entry in range(arcs.first[neighbour], arcs.first[neighbour] + arcs.degree[neighbour]):
            if arcs.other[entry] != vertex:
                least = min(least, arcs.back_s[entry])
        work.last_s[j] = least


@compiled
def _search(arcs: Arcs, work: Work, vertex: int, i: int) -> int:
    """Search from a neighbour for ways round a vertex to the others; return how many vertices were met."""
    heap = work.heap
    limit, left = _want(arcs, work, vertex, i)
    source = arcs.other[arcs.first[vertex] + i]
    work.seconds[source] = 0.0
    work.met[0] = source
    met = 1
    size = push(heap, 0, 0.0, source)
    settled = 0
    # So nothing leads over the vertex.
    work.seconds[vertex] = -1.0
    while size > 0 and settled < SETTLED and left > 0:
        way, here = heap.seconds[0], heap.vertex[0]
        size = pop(heap, size)
        if way > work.seconds[here]:
            continue
        settled += 1
        if max(size, met) + arcs.degree[here] > len(work.met):
            break
        for entry in range(arcs.first[here], arcs.first[here] + arcs.degree[here]):
            other = arcs.other[entry]
            total = way + arcs.out_s[entry]
            enough = work.enough_s[other]
            if total < work.seconds[other] and (total <= limit or total <= enough):
                if work.seconds[other] == np.inf:
                    work.met[met] = other
                    met += 1
                work.seconds[other] = total
                if total <= enough:
                    work.enough_s[other] = 0.0
                    left -= 1
                if total <= limit:
                    size = push(heap, size, total, other)
    work.seconds[vertex] = np.inf
    for entry in range(arcs.first[vertex], arcs.first[vertex] + arcs.degree[vertex]):
        work.enough_s[arcs.other[entry]] = 0.0
    return met


@compiled
def _want(arcs: Arcs, work: Work, vertex: int, i: int) -> tuple[float, int]:
    """Set what a search must reach; return how far it need go at most, seconds, and the number of ends."""
    first, count = arcs.first[vertex], arcs.degree[vertex]
    farthest, wanted = 0.0, 0
    for j in range(count):
        way = arcs.back_s[first + i] + arcs.out_s[first + j]
        if j != i and way < np.inf and way >= work.last_s[j]:
            work.enough_s[arcs.other[first + j]] = way
            # One arc more leads to the end.
            farthest = max(farthest, way - work.last_s[j])
            wanted += 1
    return farthest, wanted
