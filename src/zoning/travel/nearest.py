"""The nearest schools of every block, a few of them, with a bound that all others lie beyond.

One search from all schools at once over the reversed graph: every vertex is settled for its nearest school,
then for its second, up to ``count``, and hands on no other. What the search costs hardly depends on the
number of schools. A vertex on a quickest way to a school that is among the nearest of a block has that school
among its own nearest, so nothing is lost.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.compiled import compiled
from zoning.district import District
from zoning.policy import Mode
from zoning.travel.measure import journeys_to_stage
from zoning.travel.search import Graph
from zoning.travel.segments import Ints

_Places = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest schools of every block, nearest first.

    Of schools that are equally far the first in the list of schools comes first.

    Parameters
    ----------
    school
        Position in the list of schools, int32 [block, rank]; -1 where no more can be reached.
    seconds
        Seconds to it, float32 [block, rank]; NaN there.
    beyond_s
        Bound: from the block no school that is not listed is nearer than this, seconds, float32 [block];
        ``inf`` where all that can be reached are listed.
    """

    school: npt.NDArray[np.int32] = field(repr=False)
    seconds: npt.NDArray[np.float32] = field(repr=False)
    beyond_s: npt.NDArray[np.float32] = field(repr=False)


class _Labels(NamedTuple):
    """What a search knows: the nearest schools of every vertex, and the vertices by what is next at each.

    ``school`` int32 and ``seconds`` float64 [vertex, rank] hold -1 and ``inf`` where nothing is known;
    ``settled`` int32 [vertex] counts the ranks that are final. ``heap`` int32 holds the vertices by
    ``heap_s``, the seconds of their first rank that is not; ``where`` int32 [vertex] is their place in it, -1
    for none.
    """

    school: _Places
    seconds: _Floats
    settled: _Places
    heap: _Places
    heap_s: _Floats
    where: _Places


def nearest_schools(graph: Graph, schools: Ints, blocks: Ints, *, count: int) -> Nearest:
    """Return the nearest schools of every block, and the seconds that all others are beyond.

    The seconds are those of :func:`~zoning.travel.search.seconds_to`, so the bound holds for that table too:
    whoever chose among the listed schools at a cost that no school beyond the bound can beat chose from all.

    Parameters
    ----------
    graph
        The streets.
    schools, blocks
        Their nodes, int64.
    count
        Schools wanted for each block. Memory is 12 bytes for each and every vertex.

    Raises
    ------
    ValueError
        When ``count`` is less than 1.

    Examples
    --------
    Four nodes in a row, five seconds apart, with schools at three of them:

    >>> from scipy.sparse import diags_array
    >>> row = diags_array([5.0, 5.0], offsets=[-1, 1], shape=(4, 4)).tocsr()
    >>> graph = Graph(row, row.data, np.arange(4), np.arange(4))
    >>> found = nearest_schools(graph, np.array([0, 2, 3]), np.array([0, 1]), count=2)
    >>> found.school.tolist(), found.seconds.tolist(), found.beyond_s.tolist()
    ([[0, 1], [0, 1]], [[0.0, 10.0], [5.0, 5.0]], [10.0, 5.0])
    """
    if count < 1:
        raise ValueError(f"count is {count}, wanted 1 or more")
    vertices = graph.vertices
    labels = _Labels(
        np.full((vertices, count), -1, dtype=np.int32),
        np.full((vertices, count), np.inf),
        np.zeros(vertices, dtype=np.int32),
        np.empty(vertices, dtype=np.int32),
        np.empty(vertices),
        np.full(vertices, -1, dtype=np.int32),
    )
    steps = graph.seconds
    _settle(labels, graph.destination[schools], steps.indptr, steps.indices, steps.data)
    at = graph.origin[blocks]
    school, seconds = labels.school[at], labels.seconds[at].astype(np.float32)
    beyond_s = seconds[:, -1].copy() if count < len(schools) else np.full(len(at), np.inf, dtype=np.float32)
    seconds[school < 0] = np.nan
    return Nearest(school, seconds, beyond_s)


def nearby_schools(
    district: District,
    *,
    stage: str,
    count: int,
    year: int | None = None,
    mode: Mode | None = None,
    respects_barriers: bool | None = None,
) -> pd.DataFrame:
    """Return the nearest schools of a stage for every block of a district.

    Parameters
    ----------
    district
        The district; it needs a street map.
    stage
        Stage that the schools must take pupils of; its policy gives mode and barriers.
    count
        Schools wanted for each block.
    year
        School year in which they must be open; the present one when left out.
    mode, respects_barriers
        Instead of what the policy says.

    Returns
    -------
    pandas.DataFrame
        A row for every block and school found, blocks in the district's order, nearest first: ``block_id``,
        ``rank`` from 1, ``school_id``, ``time_s`` and ``beyond_s``, the seconds of :class:`Nearest`.

    Raises
    ------
    StreetsError
        When the street map cannot be used, or no school takes pupils of that stage in that year.
    PolicyError
        When the policy has no rule for the stage.
    DataError
        When the district does not plan that stage.
    ValueError
        When ``count`` is less than 1.
    """
    journeys, chosen, schools = journeys_to_stage(
        district, stage=stage, year=year, mode=mode, respects_barriers=respects_barriers
    )
    found = nearest_schools(journeys.graph, schools, journeys.blocks, count=count)
    block, rank = np.nonzero(found.school >= 0)
    return pd.DataFrame(
        {
            "block_id": district.block_frame.index[block],
            "rank": rank + 1,
            "school_id": chosen[found.school[block, rank]],
            "time_s": found.seconds[block, rank],
            "beyond_s": found.beyond_s[block],
        }
    )


@compiled
def _settle(labels: _Labels, ends: Ints, indptr: _Places, indices: _Places, seconds: _Floats) -> None:
    """Settle every vertex for its nearest schools, from the ends of the ways on."""
    size, last = 0, labels.seconds.shape[1] - 1
    for school in range(len(ends)):
        size = _offer(labels, size, ends[school], 0.0, school)
    while size > 0:
        here = labels.heap[0]
        rank = labels.settled[here]
        way, school = labels.seconds[here, rank], labels.school[here, rank]
        labels.settled[here] = rank + 1
        if rank < last and labels.seconds[here, rank + 1] < np.inf:
            _sink(labels, size, here, labels.seconds[here, rank + 1])
        else:
            size -= 1
            labels.where[here] = -1
            if size > 0:
                _sink(labels, size, labels.heap[size], labels.heap_s[size])
        for step in range(indptr[here], indptr[here + 1]):
            size = _offer(labels, size, indices[step], way + seconds[step], school)


@compiled
def _offer(labels: _Labels, size: int, vertex: int, way: float, school: int) -> int:
    """Let a vertex know of a way to a school; return the new size of the heap."""
    settled, last = labels.settled[vertex], labels.seconds.shape[1] - 1
    if settled > last:
        return size
    rank = 0
    while rank < last and labels.school[vertex, rank] != school:
        rank += 1
    # Here stands the school itself, perhaps for good, or else the last one, which must go.
    if rank < settled or not _precedes(labels, vertex, way, school, rank):
        return size
    while rank > settled and _precedes(labels, vertex, way, school, rank - 1):
        labels.school[vertex, rank] = labels.school[vertex, rank - 1]
        labels.seconds[vertex, rank] = labels.seconds[vertex, rank - 1]
        rank -= 1
    labels.school[vertex, rank], labels.seconds[vertex, rank] = school, way
    if rank > settled:
        return size
    if labels.where[vertex] < 0:
        labels.where[vertex] = size
        size += 1
    _rise(labels, vertex, way)
    return size


@compiled
def _precedes(labels: _Labels, vertex: int, way: float, school: int, rank: int) -> bool:
    """Return whether a way is quicker than what a vertex has at a rank, or as quick to an earlier school."""
    known = labels.seconds[vertex, rank]
    return bool(way < known or (way == known and school < labels.school[vertex, rank]))


@compiled
def _rise(labels: _Labels, vertex: int, way: float) -> None:
    """Move a vertex of the heap, whose seconds have become less, to its place."""
    place = labels.where[vertex]
    while place > 0 and labels.heap_s[(place - 1) // 2] > way:
        _move(labels, (place - 1) // 2, place)
        place = (place - 1) // 2
    labels.heap[place], labels.heap_s[place], labels.where[vertex] = vertex, way, place


@compiled
def _sink(labels: _Labels, size: int, vertex: int, way: float) -> None:
    """Put a vertex into the first place of the heap, which another has left, and move it to its own."""
    place = 0
    while 2 * place + 1 < size:
        below = 2 * place + 1
        if below + 1 < size and labels.heap_s[below + 1] < labels.heap_s[below]:
            below += 1
        if labels.heap_s[below] >= way:
            break
        _move(labels, below, place)
        place = below
    labels.heap[place], labels.heap_s[place], labels.where[vertex] = vertex, way, place


@compiled
def _move(labels: _Labels, source: int, target: int) -> None:
    """Move a vertex of the heap from one place to another."""
    labels.heap[target], labels.heap_s[target] = labels.heap[source], labels.heap_s[source]
    labels.where[labels.heap[target]] = target
