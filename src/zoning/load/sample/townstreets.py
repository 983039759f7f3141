"""Streets of towns: they run between the blocks, the main ones through the whole town and by name."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from zoning.load.sample import names
from zoning.load.sample.cells import Cells
from zoning.load.sample.chance import Flags, Floats, Ints, dice_for
from zoning.load.sample.regions import CORNER_M
from zoning.load.sample.settlements import Settlements, distance, tree_of
from zoning.load.sample.terrain import Terrain

SMALLEST_PART: Final = 10


@dataclass(frozen=True, eq=False)
class TownStreets:
    """Stretches of street, each between two blocks of a town.

    Parameters
    ----------
    ends
        Metres, float64 [stretch, 4].
    pairs
        The block on either side, int64 [stretch, 2].
    split
        Where a lane joins the stretch, NaN for nowhere, float64 [stretch, 2].
    road
        Class of the street.
    name
        Name of the street, None for a nameless one.
    place
        Position of the stretch along its named street, -1 for none, int64 [stretch].
    oneway
        1 in the direction of ``ends``, -1 against it, 0 both, int64 [stretch].
    inner_pairs, inner_middle
        Neighbouring blocks of one town, int64 [pair, 2], and the middle of their border, float64 [pair, 2].
    lanes
        Those pairs that a lane joins anyhow, int64 [lane, 2].
    """

    ends: Floats = field(repr=False)
    pairs: Ints = field(repr=False)
    split: Floats = field(repr=False)
    road: list[str] = field(repr=False)
    name: list[names.Name | None] = field(repr=False)
    place: Ints = field(repr=False)
    oneway: Ints = field(repr=False)
    inner_pairs: Ints = field(repr=False)
    inner_middle: Floats = field(repr=False)
    lanes: Ints = field(repr=False)


def draw_town_streets(terrain: Terrain, settlements: Settlements, cells: Cells, *, seed: int) -> TownStreets:
    """Return the streets between the blocks of every town.

    Parameters
    ----------
    terrain, settlements, cells
        The county so far.
    seed
        Seed.
    """
    core, face = settlements.core, cells.face
    a, b = cells.pairs.T
    urban = (core[a] >= 0) & (core[a] == core[b]) & (face[a] == face[b])
    ends, pairs = np.round(cells.ends[urban], 1), cells.pairs[urban]
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    keep = length > 0.5
    ends, pairs, length = _short_of_lines(terrain, ends[keep]), pairs[keep], length[keep]
    inner_pairs, inner_middle, split, border = _borders(ends, pairs, length)
    lanes = _lanes(inner_pairs, border, len(core))
    number = len(ends)
    streets = TownStreets(
        ends, pairs, split, ["residential"] * number, [None] * number, np.full(number, -1),
        np.zeros(number, dtype=np.int64), inner_pairs, inner_middle, lanes,
    )  # fmt: skip
    dice = dice_for("names", seed + 5)
    for town in range(len(settlements.centres)):
        here = np.flatnonzero(core[pairs[:, 0]] == town)
        if len(here) > 3:
            _name_streets(streets, here, seat=town < settlements.seats, called=names.street_names(dice))
    return streets


def _short_of_lines(terrain: Terrain, ends: Floats) -> Floats:
    """Streets that run up to a river, railway or arterial stop before it."""
    lines = tree_of([line.path for line in terrain.lines])
    found = ends.reshape(-1, 2, 2).copy()
    for end in (0, 1):
        on_line = distance(found[:, end], lines) < 8.0
        run = found[on_line, 1 - end] - found[on_line, end]
        share = np.clip(30.0 / np.maximum(np.hypot(run[:, 0], run[:, 1]), 1.0), 0.0, 0.5)
        found[on_line, end] += share[:, None] * run
    return np.round(found.reshape(-1, 4), 1)


def _borders(ends: Floats, pairs: Ints, length: Floats) -> tuple[Ints, Floats, Floats, Floats]:
    """Middle of the longest stretch of each border; where each stretch is split; length of the borders."""
    every, where = np.unique(pairs, axis=0, return_inverse=True)
    where = where.ravel()
    total = np.asarray(np.bincount(where, weights=length), dtype=np.float64)
    order = np.lexsort((np.arange(len(length)), -length, where))
    first = order[np.unique(where[order], return_index=True)[1]]
    middle = np.round(0.5 * (ends[first, :2] + ends[first, 2:]), 1)
    split: Floats = np.full((len(ends), 2), np.nan)
    firm = total >= CORNER_M
    split[first[firm]] = middle[firm]
    return every[firm], middle[firm], split, total[firm]


def _lanes(pairs: Ints, border: Floats, size: int) -> Ints:
    """Every block is joined to the neighbour across its longest border and one more."""
    order = np.argsort(-border, kind="stable")
    seen = np.zeros(size, dtype=np.int64)
    chosen = []
    for number in order.tolist():
        a, b = pairs[number].tolist()
        if seen[a] < 2 or seen[b] < 1:
            chosen.append(number)
            seen[a] += 1
            seen[b] += 1
    return pairs[np.sort(np.array(chosen, dtype=np.int64))]


@dataclass(frozen=True, eq=False)
class _Mesh:
    """Street stretches of one town, or of one part of it, as a graph."""

    here: Ints
    node: Ints
    cost: Floats
    turned: Floats
    taken: Flags


def _name_streets(streets: TownStreets, here: Ints, *, seat: bool, called: Iterator[names.Name]) -> None:
    """Name the main streets of every part of a town that lines or fields cut off from the others."""
    spots, node = np.unique(streets.ends[here].reshape(-1, 2), axis=0, return_inverse=True)
    node = node.reshape(-1, 2)
    joined = csr_array(coo_array((np.ones(len(node)), node.T), shape=(len(spots), len(spots))))
    _, piece = connected_components(joined, directed=False)
    of_stretch = piece[node[:, 0]]
    counts = np.bincount(of_stretch, minlength=int(piece.max()) + 1)
    for part in np.argsort(-counts, kind="stable").tolist():
        if counts[part] < SMALLEST_PART:
            break
        own = np.flatnonzero(of_stretch == part)
        across = int(np.clip(round(float(counts[part]) ** 0.5 / 3.5), 1, 5)) if seat else 1
        _main_streets(streets, here[own], across, called)


def _main_streets(streets: TownStreets, here: Ints, main: int, called: Iterator[names.Name]) -> None:
    """Name the streets that run straight through one part of a town, lengthwise and crosswise."""
    spots, node = np.unique(streets.ends[here].reshape(-1, 2), axis=0, return_inverse=True)
    off = spots - spots.mean(axis=0)
    # The long axis of the part, by the moments of its corners.
    angle = 0.5 * np.arctan2(2 * (off[:, 0] * off[:, 1]).sum(), (off[:, 0] ** 2 - off[:, 1] ** 2).sum())
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    length = np.hypot(
        streets.ends[here, 2] - streets.ends[here, 0], streets.ends[here, 3] - streets.ends[here, 1]
    )
    mesh = _Mesh(here, node.reshape(-1, 2), length, off @ turn, np.zeros(len(here), dtype=bool))
    for axis in (0, 1):
        for rank in range(main):
            path = _straight(mesh, axis, (rank + 0.5) / main)
            # Two streets beside each other in the middle of a large part are one-way, to and fro.
            way = {1: 1, 2: -1}.get(rank, 0) if main > 3 and axis == 0 else 0
            road = "secondary" if way or (rank == main // 2 and main > 1) else "tertiary"
            _mark(streets, mesh, path, next(called), way, road)


def _straight(mesh: _Mesh, axis: int, share: float) -> list[int]:
    """Nodes of the straightest way through the part at some share of its breadth."""
    along, across = mesh.turned[:, axis], mesh.turned[:, 1 - axis]
    aim = float(np.quantile(across, 0.06 + 0.88 * share))
    ends = [int(np.argmin(2.5 * np.abs(across - aim) + sign * along)) for sign in (1.0, -1.0)]
    # Keep to one line: straying from it costs as much again as the way itself.
    stray = np.abs(0.5 * (across[mesh.node[:, 0]] + across[mesh.node[:, 1]]) - aim)
    cost = mesh.cost * (1 + stray / 110.0) * np.where(mesh.taken, 5.0, 1.0)
    size = len(along)
    rows, columns = np.concatenate([mesh.node, mesh.node[:, ::-1]]).T
    matrix = csr_array(coo_array((np.tile(cost, 2), (rows, columns)), shape=(size, size)))
    _, before = dijkstra(matrix, indices=np.array([ends[0]]), return_predecessors=True)
    path = [ends[1]]
    while path[-1] != ends[0] and before[0, path[-1]] >= 0:
        path.append(int(before[0, path[-1]]))
    return path[::-1]


def _mark(streets: TownStreets, mesh: _Mesh, path: list[int], name: names.Name, way: int, road: str) -> None:  # noqa: PLR0917 - one call
    """Write name, class and direction on the stretches of a path that have none yet."""
    stretch = {(int(a), int(b)): number for number, (a, b) in enumerate(mesh.node.tolist())}
    for place, (a, b) in enumerate(itertools.pairwise(path)):
        number = stretch.get((a, b), stretch.get((b, a), -1))
        if mesh.taken[number]:
            continue
        mesh.taken[number] = True
        at = int(mesh.here[number])
        streets.name[at], streets.road[at], streets.place[at] = name, road, place
        streets.oneway[at] = way if (a, b) in stretch else -way
