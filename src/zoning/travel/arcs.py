"""Arcs of a street graph while vertices are taken out of it: what a vertex is joined to, and how it changes.

Both directions between two vertices share one entry at either of them, since most streets have both. A vertex
that runs out of room moves its entries to the tail.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float64]


class Arcs(NamedTuple):
    """Arcs among the vertices that remain, those between two vertices in one entry on either side.

    Parameters
    ----------
    first, degree, room
        Where the entries of each vertex begin, how many they are and may become, int64 and int32 [vertex].
    tail
        Where unused entries begin, int64 [1].
    other
        Neighbour, int32 [entry].
    out_s, back_s
        Seconds to the neighbour and from it, float64 [entry]; ``inf`` where there is no arc.
    out_m, back_m
        Metres of the same ways, float64 [entry].
    """

    first: _Ints
    degree: _Places
    room: _Places
    tail: _Ints
    other: _Places
    out_s: _Floats
    back_s: _Floats
    out_m: _Floats
    back_m: _Floats


@compiled
def drop(arcs: Arcs, vertex: int, gone: int) -> None:
    """Remove the entry of a neighbour; the last one takes its place."""
    arcs.degree[vertex] -= 1
    last = arcs.first[vertex] + arcs.degree[vertex]
    entry = arcs.first[vertex]
    while arcs.other[entry] != gone:
        entry += 1
    _copy(arcs, last, entry)


@compiled
def join_both(arcs: Arcs, vertex: int, other: int, way: tuple[float, float, float, float]) -> None:
    """Give a vertex ways to a neighbour and back; of two ways the quicker stays, then the shorter.

    Parameters
    ----------
    arcs
        The arcs; the vertex's side of the entry is changed.
    vertex, other
        The vertex and its neighbour.
    way
        Seconds and metres there, seconds and metres back; ``inf`` seconds for no way.
    """
    there_s, there_m, back_s, back_m = way
    entry = arcs.first[vertex]
    end = entry + arcs.degree[vertex]
    while entry < end and arcs.other[entry] != other:
        entry += 1
    if entry == end:
        entry = _added(arcs, vertex, other)
    old_s, old_m = arcs.out_s[entry], arcs.out_m[entry]
    if there_s < old_s or (there_s == old_s and there_m < old_m):
        arcs.out_s[entry], arcs.out_m[entry] = there_s, there_m
    old_s, old_m = arcs.back_s[entry], arcs.back_m[entry]
    if back_s < old_s or (back_s == old_s and back_m < old_m):
        arcs.back_s[entry], arcs.back_m[entry] = back_s, back_m


@compiled
def _added(arcs: Arcs, vertex: int, other: int) -> int:
    """Return a new entry of a vertex; its entries move to the tail when they have no room."""
    count = arcs.degree[vertex]
    if count == arcs.room[vertex]:
        for entry in range(count):
            _copy(arcs, arcs.first[vertex] + entry, arcs.tail[0] + entry)
        arcs.first[vertex] = arcs.tail[0]
        arcs.room[vertex] = 2 * count + 2
        arcs.tail[0] += arcs.room[vertex]
    arcs.degree[vertex] = count + 1
    entry = arcs.first[vertex] + count
    arcs.other[entry] = other
    arcs.out_s[entry] = arcs.back_s[entry] = np.inf
    arcs.out_m[entry] = arcs.back_m[entry] = np.inf
    return int(entry)


@compiled
def _copy(arcs: Arcs, source: int, target: int) -> None:
    """Copy an entry."""
    arcs.other[target] = arcs.other[source]
    arcs.out_s[target], arcs.out_m[target] = arcs.out_s[source], arcs.out_m[source]
    arcs.back_s[target], arcs.back_m[target] = arcs.back_s[source], arcs.back_m[source]
