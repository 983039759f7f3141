"""Which settlements a road joins, and of what class: a network grown from trunk to track.

Nodes are the settlements, then the two banks of every gate (a bridge, underpass, level crossing or junction,
where a road passes one of the lines that part the land), then the junctions on the arterial.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from zoning.load.sample.cells import Cells
from zoning.load.sample.chance import Dice, Flags, Floats, Ints, dice_for
from zoning.load.sample.gates import Gates
from zoning.load.sample.regions import CORNER_M, Regions
from zoning.load.sample.settlements import Settlements, tree_of
from zoning.load.sample.terrain import Terrain

PRIMARY, SECONDARY, TERTIARY, UNCLASSIFIED, TRACK, NONE = range(6)
CLASSES: Final = ("primary", "secondary", "tertiary", "unclassified", "track", "")
FORBIDDEN: Final = 60.0


@dataclass(frozen=True, eq=False)
class Network:
    """Links between nodes.

    Parameters
    ----------
    nodes
        Metres, float64 [node, 2].
    ends
        Nodes of each link, int64 [link, 2].
    road
        Position in ``CLASSES``, int64 [link].
    inner
        Whether the link runs within a town, between two street blocks, bool [link].
    gate
        Gate that the link passes, -1 for none, int64 [link].
    crosses
        Whether the link crosses a line without a gate (a footbridge), bool [link].
    """

    nodes: Floats = field(repr=False)
    ends: Ints = field(repr=False)
    road: Ints = field(repr=False)
    inner: Flags = field(repr=False)
    gate: Ints = field(repr=False)
    crosses: Flags = field(repr=False)


def draw_network(
    terrain: Terrain, settlements: Settlements, cells: Cells, regions: Regions, gates: Gates, *, seed: int
) -> Network:
    """Return the road network of a county, connected.

    Parameters
    ----------
    terrain, settlements, cells, regions, gates
        The county so far.
    seed
        Seed.
    """
    dice = dice_for("roads", seed)
    size = len(settlements.points)
    nodes = np.concatenate([settlements.points, gates.bank_a, gates.bank_b, gates.middle])
    ends, crosses = _candidates(terrain, nodes[: size + 2 * len(gates.kind)])
    ends, crosses, gate = _with_gates(ends, crosses, gates, size)
    inner = _inner(ends, cells, regions, settlements)
    length = np.hypot(*(nodes[ends[:, 0]] - nodes[ends[:, 1]]).T)
    hill = terrain.hilliness(0.5 * (nodes[ends[:, 0]] + nodes[ends[:, 1]]))
    cost = length * (1.0 + 1.4 * hill) * np.where(crosses, FORBIDDEN, 1.0) * np.where(inner, 0.8, 1.0)
    cost = np.where(gate >= 0, 0.4 * length, cost) + 1.0
    road = np.full(len(ends), NONE)
    road[gate >= 0] = UNCLASSIFIED
    matrix = _matrix(ends, cost, len(nodes))
    index = _index(ends, len(nodes))
    hub = _hubs(settlements)
    _join_towns(road, matrix, index, settlements, hub)
    _join_villages(road, matrix, index, regions.centre, hub)
    tree = minimum_spanning_tree(
        _matrix(ends, np.where(gate >= 0, 0.01, cost), len(nodes), once=True)
    ).tocoo()
    _mark(road, index, np.column_stack([tree.row, tree.col]), UNCLASSIFIED)
    free = (road == NONE) & ~inner & (gate < 0) & ~crosses & _gabriel(nodes, ends)
    _fill(dice, road, free, hill)
    return Network(nodes, ends, road, inner, gate, crosses)


def _candidates(terrain: Terrain, nodes: Floats) -> tuple[Ints, Flags]:
    """Neighbouring nodes that a road could join, and whether it would cross a line or leave the county."""
    triangles = Delaunay(nodes).simplices
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    ends = np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)
    lines = [*(line.path for line in terrain.lines), terrain.outline.exterior]
    tree = tree_of(lines)
    straight = shapely.linestrings(nodes[ends])
    crosses = np.zeros(len(ends), dtype=bool)
    crosses[tree.query(straight, predicate="intersects")[0]] = True
    return ends, crosses


def _with_gates(ends: Ints, crosses: Flags, gates: Gates, size: int) -> tuple[Ints, Flags, Ints]:
    """Add the links through the gates, and along the arterial from junction to junction."""
    number = len(gates.kind)
    a, b = size + np.arange(number), size + number + np.arange(number)
    middle = np.where(gates.junction >= 0, size + 2 * number + gates.junction, -1)
    through = middle < 0
    extra = [np.column_stack([a, b])[through]]
    extra += [np.column_stack([a, middle])[~through], np.column_stack([b, middle])[~through]]
    which = [np.flatnonzero(through), np.flatnonzero(~through), np.flatnonzero(~through)]
    along = gates.along + size + 2 * number
    extra.append(along)
    which.append(np.full(len(along), number))
    added = np.sort(np.concatenate(extra), axis=1)
    gate = np.concatenate([np.full(len(ends), -1), *which])
    every = np.concatenate([ends, added])
    # A gate's own link takes the place of the triangle side that runs there too.
    _, first = np.unique(every[::-1], axis=0, return_index=True)
    keep = np.sort(len(every) - 1 - first)
    flags = np.concatenate([crosses, np.zeros(len(added), dtype=bool)])
    return every[keep], flags[keep], gate[keep].astype(np.int64)


def _inner(ends: Ints, cells: Cells, regions: Regions, settlements: Settlements) -> Flags:
    """Links between two blocks of a town's built-up area that share a border away from any line."""
    size = len(settlements.points)
    core, face = settlements.core, cells.face
    a, b = regions.pairs.T
    fits = (core[a] >= 0) & (core[a] == core[b]) & (face[a] == face[b]) & (regions.border_m >= CORNER_M)
    allowed = a[fits] * size + b[fits]
    within = (ends < size).all(axis=1)
    return np.asarray(within & np.isin(ends[:, 0] * size + ends[:, 1], allowed))


def _matrix(ends: Ints, cost: Floats, size: int, *, once: bool = False) -> csr_array:
    rows, columns = ends.T if once else np.concatenate([ends, ends[:, ::-1]]).T
    return csr_array(coo_array((cost if once else np.tile(cost, 2), (rows, columns)), shape=(size, size)))


@dataclass(frozen=True, eq=False)
class _Index:
    keys: Ints
    order: Ints
    size: int


def _index(ends: Ints, size: int) -> _Index:
    keys = ends[:, 0] * size + ends[:, 1]
    order = np.argsort(keys, kind="stable")
    return _Index(keys[order], order, size)


def _mark(road: Ints, index: _Index, pairs: Ints, rank: int) -> None:
    """Raise the links between the given nodes to a class."""
    low, high = np.sort(pairs.astype(np.int64), axis=1).T
    link = index.order[np.searchsorted(index.keys, low * index.size + high)]
    np.minimum.at(road, link, rank)


def _hubs(settlements: Settlements) -> Ints:
    """The block in the middle of each town."""
    found = []
    for town, centre in enumerate(settlements.centres):
        members = np.flatnonzero(settlements.core == town)
        found.append(members[np.argmin(((settlements.points[members] - centre) ** 2).sum(axis=1))])
    return np.array(found, dtype=np.int64)


def _steps(before: npt.NDArray[np.int32], start: int, goals: Ints) -> Ints:
    """Pairs of nodes along the tree of predecessors from the goals back to the start."""
    found = []
    seen: set[int] = set()
    for goal in goals.tolist():
        node = goal
        while node != start and node not in seen and before[node] >= 0:
            seen.add(node)
            found.append((node, int(before[node])))
            node = int(before[node])
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _join_towns(road: Ints, matrix: csr_array, index: _Index, settlements: Settlements, hub: Ints) -> None:
    """Main roads between neighbouring towns: primary to a seat, secondary else."""
    centres = settlements.centres
    if len(centres) < 4:
        pairs = np.array([(a, b) for a in range(len(centres)) for b in range(a + 1, len(centres))])
    else:
        triangles = Delaunay(centres).simplices
        sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
        pairs = np.unique(np.sort(sides, axis=1), axis=0)
        middle = 0.5 * (centres[pairs[:, 0]] + centres[pairs[:, 1]])
        half = 0.5 * np.hypot(*(centres[pairs[:, 0]] - centres[pairs[:, 1]]).T)
        # Gabriel neighbours: no third town in the circle between them.
        free = cKDTree(centres).query(middle)[0] > 0.93 * half
        pairs = pairs[free]
    for town in np.unique(pairs[:, 0]).tolist():
        goals = pairs[pairs[:, 0] == town, 1]
        start = hub[town : town + 1]
        # Search no further than a road would go that winds about the hills.
        far = 4.0 * float(np.hypot(*(centres[goals] - centres[town]).T).max())
        _, before = dijkstra(matrix, indices=start, return_predecessors=True, limit=far)
        steps = _steps(before[0], int(hub[town]), hub[goals])
        _mark(road, index, steps, PRIMARY if town < settlements.seats else SECONDARY)


def _join_villages(road: Ints, matrix: csr_array, index: _Index, centre: Ints, hub: Ints) -> None:
    """A tertiary road from every village to the nearest town."""
    _, before, _ = dijkstra(matrix, indices=hub, min_only=True, return_predecessors=True)
    _mark(road, index, _steps(before, -1, centre), TERTIARY)


def _gabriel(nodes: Floats, ends: Ints) -> Flags:
    """Whether no third node stands between the two, and they are not far apart."""
    middle = 0.5 * (nodes[ends[:, 0]] + nodes[ends[:, 1]])
    half = 0.5 * np.hypot(*(nodes[ends[:, 0]] - nodes[ends[:, 1]]).T)
    return np.asarray((cKDTree(nodes).query(middle)[0] > 0.97 * half) & (half < 2500.0))


def _fill(dice: Dice, road: Ints, free: Flags, hill: Floats) -> None:
    """Shorter ways between neighbours: many roads in the plain, few and tracks in the hills."""
    chance = dice.random(len(road))
    road[free & (chance < 0.62 - 0.5 * hill)] = UNCLASSIFIED
    road[free & (road == NONE) & (chance > 0.84)] = TRACK
