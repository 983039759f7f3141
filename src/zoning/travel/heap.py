"""A binary heap of seconds and vertices for compiled searches; the least seconds stand at place 0."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled


class Heap(NamedTuple):
    """Space of a heap; how many places are filled is the caller's to keep.

    Parameters
    ----------
    seconds
        Seconds, float64 [place].
    vertex
        Vertex, int32 [place].
    """

    seconds: npt.NDArray[np.float64]
    vertex: npt.NDArray[np.int32]


def heap_of(places: int) -> Heap:
    """Return an empty heap with room for so many."""
    return Heap(np.empty(places), np.empty(places, dtype=np.int32))


@compiled
def push(heap: Heap, size: int, seconds: float, vertex: int) -> int:
    """Put a vertex on the heap; return its new size."""
    place = size
    while place > 0:
        above = (place - 1) // 2
        if heap.seconds[above] <= seconds:
            break
        heap.seconds[place], heap.vertex[place] = heap.seconds[above], heap.vertex[above]
        place = above
    heap.seconds[place], heap.vertex[place] = seconds, vertex
    return size + 1


@compiled
def pop(heap: Heap, size: int) -> int:
    """Take the first off the heap; return its new size."""
    size -= 1
    seconds, vertex = heap.seconds[size], heap.vertex[size]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and heap.seconds[below + 1] < heap.seconds[below]:
            below += 1
        if heap.seconds[below] >= seconds:
            break
        heap.seconds[place], heap.vertex[place] = heap.seconds[below], heap.vertex[below]
        place = below
    heap.seconds[place], heap.vertex[place] = seconds, vertex
    return size
