"""Contraction of a street graph, the compiled part: vertices are taken out one after another.

Taking out a vertex joins its neighbours directly (a *shortcut*) wherever the way over it is the quickest that
a short search can find. The entries that a vertex has when it is taken out all lead to vertices taken out
after it; they are what :mod:`zoning.travel.hierarchy` searches.

The kernels change their arguments in place. Nothing depends on a clock, a thread or a random state.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled
from zoning.travel.arcs import Arcs, drop, join_both
from zoning.travel.witness import Work, shortcuts

DEPTHS: Final = 64
"""One shortcut more outweighs so many vertices of depth."""

_Places = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float64]


class Order(NamedTuple):
    """Which vertex is taken out when.

    Parameters
    ----------
    key
        What taking out the vertex costs, as last reckoned; the least goes first, int64 [vertex].
    depth
        Vertices taken out one above the other below it, int32 [vertex].
    closed
        Round in which the vertex last lost a neighbour and so must wait, int32 [vertex].
    round_
        Round in which it was taken out, -1 before, int32 [vertex].
    now
        Number of the present round.
    """

    key: npt.NDArray[np.int64]
    depth: _Places
    closed: _Places
    round_: _Places
    now: int


@compiled
def fill(arcs: Arcs, indptr: _Places, indices: _Places, seconds: _Floats, metres: _Floats) -> None:
    """Give every vertex its arcs from a sparse matrix by rows; loops lead nowhere and are left out.

    Parameters
    ----------
    arcs
        Arcs with room enough, and no entry yet; changed.
    indptr, indices, seconds
        The matrix: entry [v, u] is the time from v to u.
    metres
        Length of each stored entry.
    """
    for vertex in range(len(indptr) - 1):
        for at in range(indptr[vertex], indptr[vertex + 1]):
            other = indices[at]
            if other != vertex:
                join_both(arcs, vertex, other, (seconds[at], metres[at], np.inf, np.inf))
                join_both(arcs, other, vertex, (np.inf, np.inf, seconds[at], metres[at]))


@compiled
def contract_round(
    arcs: Arcs, order: Order, work: Work, todo: _Places, progress: tuple[int, int]
) -> tuple[int, int]:
    """Take out every vertex that costs less than all its neighbours; return place reached and number kept.

    No two vertices of a round are neighbours. It stops before a vertex for which there is no room; call it
    again from the place reached when there is.

    Parameters
    ----------
    arcs, order, work
        The graph, its order so far and space to work in; changed.
    todo
        Vertices that remain, int32; those that are kept move to its front.
    progress
        Place to go on from, and how many before it were kept.
    """
    begin, kept = progress
    for at in range(begin, len(todo)):
        vertex = todo[at]
        if order.closed[vertex] != order.now and _is_least(arcs, order, vertex):
            if _lacks_room(arcs, work, vertex):
                return at, kept
            added = shortcuts(arcs, work, vertex)
            order.key[vertex] = DEPTHS * (added - arcs.degree[vertex]) + order.depth[vertex]
            if _is_least(arcs, order, vertex):
                _take_out(arcs, work, vertex)
                _close(arcs, order, vertex)
                continue
        todo[kept] = vertex
        kept += 1
    return len(todo), kept


@compiled
def _is_least(arcs: Arcs, order: Order, vertex: int) -> bool:
    """Return whether a vertex costs less than each neighbour; equal ones go by a scattered number."""
    key = order.key[vertex]
    for entry in range(arcs.first[vertex], arcs.first[vertex] + arcs.degree[vertex]):
        other = arcs.other[entry]
        if order.key[other] < key:
            return False
        if order.key[other] == key and _scattered(other) < _scattered(vertex):
            return False
    return True


@compiled
def _scattered(vertex: int) -> int:
    """Return a number that differs from vertex to vertex and has nothing to do with where they lie."""
    return (vertex * 2654435761) & 0xFFFFFFFF


@compiled
def _lacks_room(arcs: Arcs, work: Work, vertex: int) -> bool:
    """Return whether the shortcuts over a vertex might need more room than there is."""
    count = arcs.degree[vertex]
    more = 0
    for entry in range(arcs.first[vertex], arcs.first[vertex] + count):
        more += 4 * (arcs.degree[arcs.other[entry]] + count + 1)
    return bool(count * count > len(work.needed) or arcs.tail[0] + more > len(arcs.other))


@compiled
def _take_out(arcs: Arcs, work: Work, vertex: int) -> None:
    """Part a vertex from its neighbours, whose shortcuts were found, and join these."""
    first, count = arcs.first[vertex], arcs.degree[vertex]
    for i in range(count):
        drop(arcs, arcs.other[first + i], vertex)
    for i in range(count):
        for j in range(i):
            there, back = work.needed[i * count + j], work.needed[j * count + i]
            if there or back:
                # From neighbour i to neighbour j and back.
                there_s = arcs.back_s[first + i] + arcs.out_s[first + j] if there else np.inf
                back_s = arcs.back_s[first + j] + arcs.out_s[first + i] if back else np.inf
                there_m = arcs.back_m[first + i] + arcs.out_m[first + j]
                back_m = arcs.back_m[first + j] + arcs.out_m[first + i]
                a, b = arcs.other[first + i], arcs.other[first + j]
                join_both(arcs, a, b, (there_s, there_m, back_s, back_m))
                join_both(arcs, b, a, (back_s, back_m, there_s, there_m))


@compiled
def _close(arcs: Arcs, order: Order, vertex: int) -> None:
    """Note that a vertex was taken out."""
    order.round_[vertex] = order.now
    for entry in range(arcs.first[vertex], arcs.first[vertex] + arcs.degree[vertex]):
        other = arcs.other[entry]
        order.closed[other] = order.now
        depth = max(order.depth[other], order.depth[vertex] + 1)
        order.key[other] += depth - order.depth[other]
        order.depth[other] = depth
