"""Contraction hierarchy of a street graph: prepared once, then swept for many schools at a time.

Preparation takes the vertices out one after another, cheapest first (few shortcuts, then shallow), in rounds
of vertices that are no neighbours, and keeps what each was joined to when it was taken out. A few are left:
the *core*. A quickest way then climbs from the school to vertices taken out ever later, perhaps crosses the
core, and descends. So some tens of vertices are climbed from each school, the core is searched, and one pass
over the rest, last taken out first, gives every block's seconds [1]_, for
:data:`~zoning.travel.sweep.WIDTH` schools at a time and only over vertices above some block [2]_.

The seconds are sums of the same float64 steps as those of a plain search, added in another order: they agree
to some 1e-14 of their size, far within the rounding to float32. Same graph, same bytes.

References
----------
.. [1] D. Delling, A. V. Goldberg, A. Nowatzyk, R. F. Werneck, "PHAST: Hardware-accelerated shortest path
   trees", Journal of Parallel and Distributed Computing 73 (2013) 940-952.
.. [2] D. Delling, A. V. Goldberg, R. F. Werneck, "Faster batched shortest paths in road networks",
   ATMOS 2011, OASIcs 20, 52-63.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from zoning.travel.arcs import Arcs
from zoning.travel.contract import DEPTHS, Order, contract_round, fill
from zoning.travel.heap import Heap, heap_of
from zoning.travel.search import Graph
from zoning.travel.segments import Bools, Floats, Ints
from zoning.travel.sweep import (
    WIDTH,
    Climbed,
    Down,
    Up,
    climb,
    mark_above,
    reach_up,
    search_core,
    sweep_both,
    sweep_seconds,
    write,
)
from zoning.travel.witness import Work

CORE: Final = 1 / 64
"""Share of the vertices that is left when the rest was taken out: the core.

The last vertices cost the most to take out, and little to search: with fewer, preparation takes longer; with
more, every school does.
"""

THREADS: Final = 2
"""Threads that sweep; every batch of schools has columns of its own, so their number changes no result."""

_PLACES: Final = 4096

Places = npt.NDArray[np.int32]
Float32s = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Vertices of a graph in the order of the sweep, each with what it was joined to when it was taken out.

    Parameters
    ----------
    place
        Place of each vertex of the graph in the order; 0 was taken out last, int32 [vertex].
    core
        Number of vertices in the core, which come first.
    first
        Where the entries of each place begin, int64 [place + 1].
    other
        Place that each entry leads to: a lower one, or within the core any other of the core, int32 [entry].
    out_s, out_m
        Seconds and metres of the way to it, from the schools, float64 [entry]; ``inf`` where there is none.
    back_s, back_m
        Seconds and metres of the way from it, float64 [entry].
    """

    place: Places
    core: int
    first: Ints
    other: Places
    out_s: Floats
    out_m: Floats
    back_s: Floats
    back_m: Floats

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return len(self.place)


def hierarchy_of(graph: Graph, *, core: float = CORE) -> Hierarchy:
    """Return the contraction hierarchy of a graph.

    Parameters
    ----------
    graph
        The streets.
    core
        Share of the vertices that may stay in the core.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> steps = csr_array(np.array([[0.0, 5.0, 0.0], [5.0, 0.0, 7.0], [0.0, 7.0, 0.0]]))
    >>> graph = Graph(steps, steps.data, np.arange(3), np.arange(3))
    >>> seconds, _ = ways_to(hierarchy_of(graph), graph, np.array([0]), np.arange(3))
    >>> seconds.ravel().tolist()
    [0.0, 5.0, 12.0]
    """
    count = graph.vertices
    arcs = _arcs_of(graph)
    order = Order(
        np.full(count, -DEPTHS),
        np.zeros(count, dtype=np.int32),
        np.full(count, -1, dtype=np.int32),
        np.full(count, -1, dtype=np.int32),
        0,
    )
    work = _space(count)
    todo = np.arange(count, dtype=np.int32)
    while len(todo) > core * count:
        at, kept = contract_round(arcs, order, work, todo, (0, 0))
        while at < len(todo):
            arcs, work = _with_room(arcs, work, int(arcs.degree[todo[at]]))
            at, kept = contract_round(arcs, order, work, todo, (at, kept))
        todo = todo[:kept]
        order = order._replace(now=order.now + 1)
    order.round_[todo] = order.now
    return _in_order(arcs, order.round_, len(todo))


def _arcs_of(graph: Graph) -> Arcs:
    """Return the arcs of a graph."""
    steps, count = graph.seconds, graph.vertices
    # Room for all ways out and in: those that are both leave some over for shortcuts.
    room = np.diff(steps.indptr) + np.bincount(steps.indices, minlength=count).astype(np.int32)
    first = np.cumsum(room) - room
    used = np.array([int(room.sum())])
    size = 3 * int(used[0]) // 2
    ways = [np.empty(size) for _ in range(4)]
    arcs = Arcs(first, np.zeros_like(room), room, used, np.empty(size, dtype=np.int32), *ways)
    fill(arcs, steps.indptr, steps.indices, steps.data, graph.metres)
    return arcs


def _space(count: int) -> Work:
    """Return space for the searches for a way round a vertex."""
    return Work(
        np.full(count, np.inf),
        np.zeros(count),
        np.empty(_PLACES),
        np.empty(_PLACES, dtype=np.int32),
        heap_of(_PLACES),
        np.empty(_PLACES, dtype=np.uint8),
    )


def _with_room(arcs: Arcs, work: Work, neighbours: int) -> tuple[Arcs, Work]:
    """Return the arcs and the space to work in with more room, whichever the vertex lacked."""
    if neighbours**2 > len(work.needed):
        needed = np.empty(2 * neighbours**2, dtype=np.uint8)
        return arcs, work._replace(needed=needed, last_s=np.empty(2 * neighbours))
    longer = {}
    for name in ("other", "out_s", "back_s", "out_m", "back_m"):
        old = getattr(arcs, name)
        longer[name] = np.empty(len(old) * 3 // 2 + _PLACES, dtype=old.dtype)
        longer[name][: len(old)] = old
    return arcs._replace(**longer), work


def _in_order(arcs: Arcs, round_: Places, core: int) -> Hierarchy:
    """Return the hierarchy whose vertices lie in the order of the sweep."""
    count = len(round_)
    vertex = np.argsort(-round_, kind="stable")
    place = np.empty(count, dtype=np.int32)
    place[vertex] = np.arange(count)
    entries = arcs.degree[vertex].astype(np.int64)
    first = np.concatenate([[0], np.cumsum(entries)])
    entry = np.arange(first[-1]) + np.repeat(arcs.first[vertex] - first[:-1], entries)
    out, back = (arcs.out_s[entry], arcs.out_m[entry]), (arcs.back_s[entry], arcs.back_m[entry])
    return Hierarchy(place, core, first, place[arcs.other[entry]], *out, *back)


def ways_to(
    hierarchy: Hierarchy,
    graph: Graph,
    schools: Ints,
    blocks: Ints,
    *,
    with_metres: bool = False,
) -> tuple[Float32s, Float32s | None]:
    """Return seconds and metres from every block to every school, NaN where there is no way.

    Parameters
    ----------
    hierarchy, graph
        The streets, and the hierarchy of them.
    schools, blocks
        Their nodes, int64.
    with_metres
        Whether to reckon the metres too.

    Returns
    -------
    tuple
        Seconds, float32 [block, school]; metres of the same way, float32 [block, school], or None.
    """
    ends = hierarchy.place[graph.destination[schools]]
    down = _down(hierarchy, hierarchy.place[graph.origin[blocks]])
    seconds = np.empty((len(blocks), len(schools)), dtype=np.float32)
    metres = np.empty_like(seconds) if with_metres else None
    batches = range(0, len(schools), WIDTH)

    def sweep(batches: range) -> None:
        table_s = np.empty((len(down.first) - 1, WIDTH))
        table_m = np.empty_like(table_s) if with_metres else None
        climber = _climber(hierarchy)
        for low in batches:
            climbed = _climbed(climber, down, ends[low : low + WIDTH])
            if metres is None or table_m is None:
                sweep_seconds(down, climbed, table_s)
            else:
                sweep_both(down, climbed, table_s, table_m)
                write(table_m, down.blocks, metres, low)
            write(table_s, down.blocks, seconds, low)

    shares = [batches[thread::THREADS] for thread in range(min(THREADS, len(batches)))]
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(sweep, shares):
            pass
    return seconds, metres


@dataclass(frozen=True, eq=False)
class _Climber:
    """The way up, and space for it: ``slot`` [place] is the place itself in the core and else -1."""

    up: Up
    core: int
    slot: Places
    heap: Heap


def _climber(hierarchy: Hierarchy) -> _Climber:
    core = hierarchy.core
    up = Up(hierarchy.first, hierarchy.other, hierarchy.out_s, hierarchy.out_m)
    slot = np.full(hierarchy.vertices, -1, dtype=np.int32)
    slot[:core] = np.arange(core)
    return _Climber(up, core, slot, heap_of(core + int(hierarchy.first[core])))


def _climbed(climber: _Climber, down: Down, schools: Places) -> Climbed:
    """Return what lies above the schools of a batch."""
    up, core, slot = climber.up, climber.core, climber.slot
    places = np.sort(reach_up(up, schools, slot))[::-1]
    slot[places] = core + np.arange(len(places))
    seconds = np.full((core + len(places), WIDTH), np.inf)
    metres = seconds.copy()
    school = np.arange(len(schools))
    seconds[slot[schools], school] = metres[slot[schools], school] = 0.0
    climb(up, places, slot, seconds, metres)
    search_core(up, climber.heap, seconds[:core], metres[:core])
    start = np.full(len(down.first) - 1, -1, dtype=np.int32)
    start[:core] = np.arange(core)
    rows = down.row[places]
    start[rows[rows >= 0]] = slot[places][rows >= 0]
    slot[places] = -1
    return Climbed(start, seconds, metres)


def _down(hierarchy: Hierarchy, blocks: Places) -> Down:
    """Return the steps down to the blocks, from the core and every place that some block lies below."""
    core, first = hierarchy.core, hierarchy.first
    above: Bools = np.zeros(hierarchy.vertices, dtype=np.bool_)
    above[blocks] = above[:core] = True
    mark_above(first, hierarchy.other, hierarchy.back_s, above, core)
    number = np.where(above, np.cumsum(above) - 1, -1).astype(np.int32)
    row = np.repeat(number, np.diff(first))
    kept = (row >= 0) & np.isfinite(hierarchy.back_s)
    # Within the core the search goes all ways.
    kept[: first[core]] = False
    steps = np.bincount(row[kept], minlength=int(above.sum()))
    return Down(
        np.concatenate([[0], np.cumsum(steps)]),
        number[hierarchy.other[kept]],
        hierarchy.back_s[kept],
        hierarchy.back_m[kept],
        number,
        number[blocks],
    )
