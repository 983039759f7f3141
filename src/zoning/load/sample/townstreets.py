"""Streets of towns: they run between the blocks, the main ones through the whole town and by name."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from zoning.load.sample import names
from zoning.load.sample.cells import Cells
from zoning.load.sample.chance import Floats, Ints, dice_for
from zoning.load.sample.regions import CORNER_M
from zoning.load.sample.settlements import Settlements

MAIN_IN_SEAT: Final = 5
MAIN_IN_TOWN: Final = 1


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


def draw_town_streets(settlements: Settlements, cells: Cells, *, seed: int) -> TownStreets:
    """Return the streets between the blocks of every town.

    Parameters
    ----------
    settlements, cells
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
    ends, pairs, length = ends[keep], pairs[keep], length[keep]
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
            main = MAIN_IN_SEAT if town < settlements.seats else MAIN_IN_TOWN
            _main_streets(streets, here, settlements.centres[town], main, names.street_names(dice))
    return streets


def _borders(ends: Floats, pairs: Ints, length: Floats) -> tuple[Ints, Floats, Floats, Floats]:
    """Middle of the longest stretch of each border; where each stretch is split; length of the borders."""
    every, where = np.unique(pairs, axis=0, return_inverse=True)
    where = where.ravel()
    total = np.bincount(where, weights=length, minlength=len(every))
    order = np.lexsort((np.arange(len(length)), -length, where))
    first = order[np.unique(where[order], return_index=True)[1]]
    middle = np.round(0.5 * (ends[first, :2] + ends[first, 2:]), 1)
    split = np.full((len(ends), 2), np.nan)
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


def _main_streets(streets: TownStreets, here: Ints, centre: Floats, main: int, called: object) -> None:
    """Name the streets that run straight through a town, lengthwise and crosswise."""
    xy = streets.ends[here].reshape(-1, 2)
    spots, node = np.unique(xy, axis=0, return_inverse=True)
    node = node.reshape(-1, 2)
    length = np.hypot(*(streets.ends[here, 2:] - streets.ends[here, :2]).T)
    off = spots - centre
    _, axes = np.linalg.eigh(off.T @ off)
    turned = off @ axes
    joined = csr_array(coo_array((np.ones(len(node)), node.T), shape=(len(spots), len(spots))))
    _, piece = connected_components(joined, directed=False)
    whole = np.flatnonzero(piece == np.argmax(np.bincount(piece)))
    used = np.zeros(len(here), dtype=bool)
    for axis in (1, 0):
        across = turned[:, 1 - axis]
        for rank, share in enumerate(np.linspace(0.18, 0.82, main) if main > 1 else [0.5]):
            aim = np.quantile(across[whole], share)
            ends = [
                int(whole[np.argmin(np.abs(across[whole] - aim) * 1.5 + sign * turned[whole, axis])])
                for sign in (1, -1)
            ]
            # Keep to one line: straying from it costs as much again as the way itself.
            mid = 0.5 * (across[node[:, 0]] + across[node[:, 1]])
            cost = length * (1 + np.abs(mid - aim) / 150.0) * np.where(used, 4.0, 1.0)
            path = _path(node, cost, ends[0], ends[1], len(spots))
            name = next(called)  # type: ignore[call-overload]
            way = 0 if main == 1 or axis == 0 else {1: 1, 2: -1}.get(rank, 0)
            _mark(streets, here, node, path, name, way, used, main)


def _path(node: Ints, cost: Floats, start: int, goal: int, size: int) -> list[int]:
    rows, columns = np.concatenate([node, node[:, ::-1]]).T
    matrix = csr_array(coo_array((np.tile(cost, 2), (rows, columns)), shape=(size, size)))
    _, before = dijkstra(matrix, indices=start, return_predecessors=True)
    path = [goal]
    while path[-1] != start and before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]


def _mark(
    streets: TownStreets,
    here: Ints,
    node: Ints,
    path: list[int],
    name: names.Name,
    way: int,
    used: np.ndarray[tuple[int], np.dtype[np.bool_]],
    main: int,
) -> None:
    """Write name, class and direction on the stretches of a path that have none yet."""
    stretch = {(int(a), int(b)): number for number, (a, b) in enumerate(node.tolist())}
    for place, (a, b) in enumerate(zip(path[:-1], path[1:], strict=True)):
        number = stretch.get((a, b), stretch.get((b, a), -1))
        if used[number]:
            continue
        used[number] = True
        at = int(here[number])
        streets.name[at] = name
        streets.road[at] = "secondary" if main > 1 and way == 0 and place % 1 == 0 else "tertiary"
        streets.place[at] = place
        forwards = (a, b) in stretch
        streets.oneway[at] = way if forwards else -way
