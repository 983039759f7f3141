"""Villages and towns: blocks joined to villages and villages to towns along shared borders."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from zoning.load.sample.cells import Cells
from zoning.load.sample.chance import Dice, Floats, Ints, dice_for
from zoning.load.sample.settlements import Settlements
from zoning.load.sample.terrain import COUNTY_BLOCKS

VILLAGES: Final = 200
CORNER_M: Final = 25.0
ACROSS_A_LINE: Final = 2.5


@dataclass(frozen=True, eq=False)
class Regions:
    """Which village and town each block belongs to.

    Parameters
    ----------
    town
        Town of each block, int64 [block].
    village
        Village of each rural block, -1 in a town's built-up area, int64 [block].
    centre
        Block that each village is named after, int64 [village].
    pairs, border_m
        Neighbouring blocks, int64 [pair, 2], and the length of their border, float64 [pair].
    """

    town: Ints = field(repr=False)
    village: Ints = field(repr=False)
    centre: Ints = field(repr=False)
    pairs: Ints = field(repr=False)
    border_m: Floats = field(repr=False)


def draw_regions(settlements: Settlements, cells: Cells, *, seed: int) -> Regions:
    """Return villages and towns, each in one piece.

    Parameters
    ----------
    settlements, cells
        The blocks.
    seed
        Seed.
    """
    dice = dice_for("cells", seed)
    pairs, border = cells.neighbours()
    firm = border >= CORNER_M
    cost = _cost(settlements, cells, pairs)
    points, size = settlements.points, len(settlements.points)
    wanted = max(2, round(VILLAGES * size / COUNTY_BLOCKS))
    rural = settlements.core < 0
    centre = _spaced(dice, points, np.flatnonzero(rural), wanted)
    within = firm & rural[pairs[:, 0]] & rural[pairs[:, 1]]
    village = _nearest(_matrix(pairs[within], cost[within], size), centre)
    # Rural blocks that a town cuts off from every village centre make villages of their own.
    unit = np.where(rural, village, -1)
    unit, centre = _whole(unit, centre, rural, pairs[firm], size)
    town = _towns(settlements, unit, len(centre), pairs[firm], cost[firm])
    if (town < 0).any():
        # Some corner hangs on by a border shorter than that.
        town = _towns(settlements, unit, len(centre), pairs, cost)
    return Regions(town, unit, centre, pairs, border)


def _cost(settlements: Settlements, cells: Cells, pairs: Ints) -> Floats:
    step = settlements.points[pairs[:, 0]] - settlements.points[pairs[:, 1]]
    across = cells.face[pairs[:, 0]] != cells.face[pairs[:, 1]]
    return np.asarray(np.hypot(step[:, 0], step[:, 1]) * np.where(across, ACROSS_A_LINE, 1.0))


def _matrix(pairs: Ints, cost: Floats, size: int) -> csr_array:
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    return csr_array(coo_array((np.concatenate([cost, cost]), (rows, columns)), shape=(size, size)))


def _spaced(dice: Dice, points: Floats, among: Ints, wanted: int) -> Ints:
    """Pick some of the points by chance, none close to another."""
    tree = cKDTree(points[among])
    order = dice.permutation(len(among)).tolist()
    close = min(len(among), 2 + round(0.4 * len(among) / wanted))
    reach = np.asarray(tree.query(points[among], k=close)[0])[:, -1]
    taken = np.zeros(len(among), dtype=bool)
    found: list[int] = []
    for number in order:
        if taken[number] or len(found) == wanted:
            continue
        found.append(number)
        taken[tree.query_ball_point(points[among[number]], 1.05 * float(reach[number]))] = True
    for number in order:
        if len(found) >= wanted:
            break
        if not taken[number]:
            found.append(number)
    return np.sort(among[np.array(found)])


def _nearest(matrix: csr_array, sources: Ints) -> Ints:
    """Number of the source that is nearest along the matrix, -1 where none is reached, int64 [block]."""
    _, _, source = dijkstra(matrix, indices=sources, min_only=True, return_predecessors=True)
    number = np.full(matrix.shape[0] + 1, -1, dtype=np.int64)
    number[sources] = np.arange(len(sources))
    return np.asarray(number[np.where(source < 0, matrix.shape[0], source)])


def _whole(
    unit: Ints, centre: Ints, rural: np.ndarray[tuple[int], np.dtype[np.bool_]], pairs: Ints, size: int
) -> tuple[Ints, Ints]:
    """Give every rural piece without a village one of its own."""
    lost = rural & (unit < 0)
    if not lost.any():
        return unit, centre
    inside = pairs[lost[pairs[:, 0]] & lost[pairs[:, 1]]]
    _, piece = connected_components(_matrix(inside, np.ones(len(inside)), size), directed=False)
    labels, first, number = np.unique(piece[lost], return_index=True, return_inverse=True)
    unit = unit.copy()
    unit[lost] = len(centre) + number.ravel()
    return unit, np.concatenate([centre, np.flatnonzero(lost)[first]])[: len(centre) + len(labels)]


def _towns(settlements: Settlements, village: Ints, villages: int, pairs: Ints, cost: Floats) -> Ints:
    """Join villages to the nearest town core over shared borders; loose ends of a core join like villages."""
    size, core = len(village), settlements.core
    unit = np.where(village >= 0, village, 0)
    same = pairs[(core[pairs[:, 0]] >= 0) & (core[pairs[:, 0]] == core[pairs[:, 1]])]
    _, piece = connected_components(_matrix(same, np.ones(len(same)), size), directed=False)
    urban = np.flatnonzero(core >= 0)
    labels, number, count = np.unique(piece[urban], return_inverse=True, return_counts=True)
    unit[urban] = villages + number.ravel()
    of_town = np.full(len(labels), -1)
    of_town[number.ravel()] = core[urban]
    towns = len(settlements.centres)
    main = np.array([np.flatnonzero(of_town == t)[np.argmax(count[of_town == t])] for t in range(towns)])
    ends = unit[pairs]
    between = ends[:, 0] != ends[:, 1]
    low, high = np.sort(ends[between], axis=1).T
    units = villages + len(labels)
    key, where = np.unique(low * units + high, return_inverse=True)
    best = np.full(len(key), np.inf)
    np.minimum.at(best, where.ravel(), cost[between])
    graph = _matrix(np.column_stack([key // units, key % units]), best, units)
    return np.asarray(_nearest(graph, villages + main)[unit])
