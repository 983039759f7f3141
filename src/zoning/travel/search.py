"""Shortest ways over the streets: the reversed graph, and the plain search of it, once per school.

The nodes are sorted along a Morton curve first, so that a search touches memory that lies together: it saves
a tenth of the time on 114,000 nodes and a third on a million (``benchmarks/travel.py``).

Private ways (the drives of a gated estate or a school) may be used at both ends of a journey and are no way
through. Nodes on them therefore stand three times in the graph: as *origin* side, as street, and as
*destination* side; the only steps between the three lead onwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from zoning.travel.segments import Floats, Ints, Streets

CHUNK_BYTES: Final = 64_000_000
"""Memory that one round of searches may take, bytes."""

_TINY: Final = 1e-9
"""Seconds or metres of a step without length: sparse graphs drop edges of 0."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Streets ready to be searched from their destinations.

    Parameters
    ----------
    seconds
        Reversed graph: entry [v, u] is the time from u to v, float64, sparse [vertex, vertex].
    origin, destination
        Vertex at which a journey from or to each node of the streets begins or ends, int64 [node].
    metres
        Length of each stored entry of ``seconds``, float64.
    """

    seconds: csr_array
    metres: Floats
    origin: Ints
    destination: Ints

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return len(self.seconds.indptr) - 1


def graph_of(streets: Streets, *, is_sorted: bool = True) -> Graph:
    """Return the reversed graph of the streets.

    Parameters
    ----------
    streets
        The streets.
    is_sorted
        Whether the vertices are put in Morton order; for measuring what that gains.
    """
    tail, head, seconds, metres, origin, destination, at = _edges(streets)
    count = len(at)
    if is_sorted:
        order = morton_order(streets.x[at], streets.y[at])
        rank = np.empty(count, dtype=np.int64)
        rank[order] = np.arange(count)
        tail, head, origin, destination = rank[tail], rank[head], rank[origin], rank[destination]
    # Row = head: reversed. Parallel edges: the quickest, and of equally quick ones the shortest.
    by = np.lexsort((metres, seconds, tail, head))
    tail, head = tail[by], head[by]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])][: len(by)]
    rows, columns = head[first], tail[first]
    indptr = np.searchsorted(rows, np.arange(count + 1)).astype(np.int32)
    reversed_ = csr_array((seconds[by][first], columns.astype(np.int32), indptr), shape=(count, count))
    return Graph(reversed_, metres[by][first], origin, destination)


def _edges(streets: Streets) -> tuple[Ints, Ints, Floats, Floats, Ints, Ints, Ints]:
    """Return tails, heads, seconds and metres of edges, origins, destinations, each vertex's node."""
    nodes, private = streets.nodes, streets.private
    inside = np.unique(np.concatenate([streets.start[private], streets.end[private]]))
    origin = destination = np.arange(nodes)
    if len(inside):
        origin, destination = origin.copy(), destination.copy()
        origin[inside] = nodes + np.arange(len(inside))
        destination[inside] = nodes + len(inside) + np.arange(len(inside))
    tails, heads, seconds, metres = [], [], [], []

    def add(tail: Ints, head: Ints, time_s: Floats, length_m: Floats) -> None:
        usable = np.isfinite(time_s)
        tails.append(tail[usable])
        heads.append(head[usable])
        seconds.append(np.maximum(time_s[usable], _TINY))
        metres.append(length_m[usable])

    street = np.arange(nodes)
    for chosen, layers in ((~private, (street,)), (private, (origin, destination))):
        a, b, length = streets.start[chosen], streets.end[chosen], streets.metres[chosen]
        for layer in layers:
            add(layer[a], layer[b], streets.forward_s[chosen], length)
            add(layer[b], layer[a], streets.backward_s[chosen], length)
    none = np.zeros(len(inside))
    for tail, head in ((origin, street), (street, destination), (origin, destination)):
        add(tail[inside], head[inside], none, none)
    at = np.concatenate([street, inside, inside])
    joined = np.concatenate
    return joined(tails), joined(heads), joined(seconds), joined(metres), origin, destination, at


def morton_order(x: Floats, y: Floats) -> Ints:
    """Return the order of points along a Morton (Z) curve, int64 [point].

    Examples
    --------
    >>> morton_order(np.array([9.0, 0.0, 0.0, 9.0]), np.array([9.0, 0.0, 9.0, 0.0])).tolist()
    [1, 3, 2, 0]
    """
    code = np.zeros(len(x), dtype=np.uint64)
    for shift, values in ((0, x), (1, y)):
        low, span = (values.min(), np.ptp(values)) if len(values) else (0.0, 0.0)
        bits = ((values - low) / (span or 1.0) * 65535).astype(np.uint64)
        for step, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            bits = (bits | (bits << np.uint64(step))) & np.uint64(mask)
        code |= bits << np.uint64(shift)
    return np.argsort(code, kind="stable")


def seconds_to(graph: Graph, schools: Ints, blocks: Ints) -> npt.NDArray[np.float32]:
    """Return the seconds from every block to every school, float32 [block, school]; NaN where no way.

    Parameters
    ----------
    graph
        The streets.
    schools, blocks
        Their nodes.
    """
    result = np.full((len(blocks), len(schools)), np.nan, dtype=np.float32)
    wanted = graph.origin[blocks]
    for chunk in _chunks(graph, len(schools), 8):
        found = dijkstra(graph.seconds, indices=graph.destination[schools[chunk]])
        result[:, chunk] = found[:, wanted].T
    return _nan(result)


def seconds_and_metres_to(
    graph: Graph,
    schools: Ints,
    blocks: Ints,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return seconds and the metres of the same way, float32 [block, school]; NaN where no way."""
    seconds = np.full((len(blocks), len(schools)), np.nan, dtype=np.float32)
    metres = seconds.copy()
    wanted = graph.origin[blocks]
    count = graph.vertices
    key = np.repeat(np.arange(count) * count, np.diff(graph.seconds.indptr)) + graph.seconds.indices
    for chunk in _chunks(graph, len(schools), 48):
        found, before = dijkstra(
            graph.seconds,
            indices=graph.destination[schools[chunk]],
            return_predecessors=True,
        )
        seconds[:, chunk] = found[:, wanted].T
        for row, column in enumerate(range(chunk.start, chunk.stop)):
            metres[:, column] = _lengths(graph, key, before[row])[wanted]
    seconds = _nan(seconds)
    metres[np.isnan(seconds)] = np.nan
    return seconds, metres


def _lengths(graph: Graph, key: Ints, before: npt.NDArray[np.int32]) -> Floats:
    """Return the metres of the way that the predecessors describe, float64 [vertex].

    Pointer jumping: every vertex doubles the stretch of way it has summed, so a way of n steps takes log2 n
    rounds over all vertices.
    """
    count = graph.vertices
    at = np.flatnonzero(before >= 0)
    length = np.zeros(count)
    following = np.arange(count)
    following[at] = before[at]
    length[at] = graph.metres[np.searchsorted(key, before[at].astype(np.int64) * count + at)]
    while (following[following] != following).any():
        length += length[following]
        following = following[following]
    return length


def nearest_of(graph: Graph, schools: Ints) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the seconds from every node to its nearest school, and that school's position.

    Returns
    -------
    tuple
        float64 [node], ``inf`` where no school can be reached; int64 [node], -1 there.
    """
    ends = graph.destination[schools]
    found, _, source = dijkstra(graph.seconds, indices=ends, min_only=True, return_predecessors=True)
    school_at = np.full(graph.vertices + 1, -1)
    # Of several schools at one vertex the first stands for all.
    school_at[ends[::-1]] = np.arange(len(ends))[::-1]
    source = np.where(source < 0, graph.vertices, source)
    return found[graph.origin], school_at[source][graph.origin]


def _chunks(graph: Graph, schools: int, bytes_each: int) -> Iterator[slice]:
    size = max(1, CHUNK_BYTES // max(1, graph.vertices * bytes_each))
    return (slice(low, min(low + size, schools)) for low in range(0, schools, size))


def _nan(seconds: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    seconds[np.isinf(seconds)] = np.nan
    return seconds


__all__ = ["Graph", "graph_of", "morton_order", "nearest_of", "seconds_and_metres_to", "seconds_to"]
