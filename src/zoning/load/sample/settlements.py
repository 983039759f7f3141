"""Where people live: the county seat, the towns and the villages as points, one a block."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from zoning.load.sample.chance import Dice, Flags, Floats, Ints, bell, dice_for
from zoning.load.sample.terrain import COUNTY_BLOCKS, Terrain

PEOPLE: Final = 345_000
TOWNS: Final = 18
SEAT_STEP_M: Final = 330.0
TOWN_STEP_M: Final = 285.0
PEOPLE_A_TOWN_BLOCK: Final = 430.0
SEAT_PEOPLE_SHARE: Final = 0.262
CORE_SHARE: Final = (0.30, 0.40)
CLEAR_URBAN_M: Final = 70.0
CLEAR_RURAL_M: Final = 170.0


@dataclass(frozen=True, eq=False)
class Settlements:
    """One point a block, and the towns.

    Parameters
    ----------
    points
        Settlements, metres, float64 [block, 2].
    core
        Town whose built-up area the block belongs to, -1 for a rural one, int64 [block].
    centres
        Middle of each town, float64 [town, 2]; the seats first.
    town_people
        People wanted in each town, float64 [town].
    seats
        Number of seats; town t < seats is one.
    """

    points: Floats = field(repr=False)
    core: Ints = field(repr=False)
    centres: Floats
    town_people: Floats
    seats: int


def draw_settlements(terrain: Terrain, *, blocks: int, seed: int) -> Settlements:
    """Return the settlements of a county.

    Parameters
    ----------
    terrain
        The land.
    blocks
        How many.
    seed
        Seed.
    """
    dice = dice_for("settlements", seed)
    towns = max(2, round(TOWNS * blocks / COUNTY_BLOCKS))
    seats = min(len(terrain.seats), towns - 1)
    centres = _town_centres(dice, terrain, towns)
    people = _town_sizes(dice, terrain, centres, PEOPLE * blocks / COUNTY_BLOCKS, seats)
    lines = tree_of([line.path for line in terrain.lines])
    points, core = [], []
    for town in range(towns):
        at = _core_points(dice, lines, centres[town], people[town], is_seat=town < seats)
        points.append(at)
        core.append(np.full(len(at), town))
    urban, of_town = np.concatenate(points), np.concatenate(core)
    wanted = max(blocks - len(urban), 0)
    rural = _rural_points(dice, terrain, lines, urban, wanted=wanted)
    every = np.concatenate([urban, rural])[:blocks]
    label = np.concatenate([of_town, np.full(len(rural), -1)])[:blocks]
    return Settlements(every, label.astype(np.int64), centres, people, seats)


def tree_of(lines: Sequence[shapely.Geometry]) -> shapely.STRtree:
    """Return a search tree over the single segments of some lines."""
    xy, of_line = shapely.get_coordinates(np.array(lines, dtype=object), return_index=True)
    same = of_line[1:] == of_line[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
    return shapely.STRtree(np.asarray(segments, dtype=object))


def distance(points: Floats, tree: shapely.STRtree) -> Floats:
    """Return the distance of points to the nearest line of a tree, metres, float64 [point]."""
    found = np.full(len(points), np.inf)
    (which, _), metres = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    found[which] = metres
    return found


def _town_centres(dice: Dice, terrain: Terrain, towns: int) -> Floats:
    """Towns spread as markets do: the next one goes where it is far from the others, rather in the plain."""
    trials = _random_inside(dice, terrain, 60 * towns)
    clear = distance(trials, tree_of([line.path for line in terrain.lines])) > 900.0
    inner = distance(trials, tree_of([terrain.outline.exterior])) > 2200.0
    trials = trials[clear & inner]
    weight = (1.25 - 0.6 * terrain.hilliness(trials)) * (0.8 + 0.4 * dice.random(len(trials)))
    found = [tuple(seat) for seat in terrain.seats[: max(1, min(len(terrain.seats), towns - 1))]]
    nearest = np.full(len(trials), np.inf)
    for x, y in found:
        # A seat's own country is wider than a market town's.
        nearest = np.minimum(nearest, np.hypot(trials[:, 0] - x, trials[:, 1] - y) * 0.8)
    while len(found) < towns:
        best = int(np.argmax(nearest * weight))
        x, y = (float(v) for v in trials[best])
        found.append((x, y))
        nearest = np.minimum(nearest, np.hypot(trials[:, 0] - x, trials[:, 1] - y))
    return np.asarray(np.round(np.array(found), 1), dtype=np.float64)


def _random_inside(dice: Dice, terrain: Terrain, number: int) -> Floats:
    low_x, low_y, high_x, high_y = terrain.outline.bounds
    points = dice.random((2 * number + 50, 2)) * [high_x - low_x, high_y - low_y] + [low_x, low_y]
    points = points[shapely.contains_xy(terrain.outline, points[:, 0], points[:, 1])]
    return np.round(points[:number], 1)


def _town_sizes(dice: Dice, terrain: Terrain, centres: Floats, people: float, seats: int) -> Floats:
    """People by town: the seats first, then a few large towns in the plain, small ones in the hills."""
    towns = len(centres) - seats
    sizes = np.zeros(len(centres))
    each = min(people * SEAT_PEOPLE_SHARE / seats, 1.05 * PEOPLE * SEAT_PEOPLE_SHARE)
    sizes[:seats] = each * (0.97 + 0.06 * dice.random(seats))
    rank = np.argsort(terrain.hilliness(centres[seats:]) + 0.12 * bell(dice, towns), kind="stable")
    share = np.arange(towns) / max(towns - 1, 1)
    wanted = np.where(share < 0.18, 27_000 - 30_000 * share, 18_500 - 14_000 * share)
    left = people - sizes[:seats].sum()
    ordered = np.clip(wanted * left / wanted.sum(), 4_200, 29_500)
    sizes[seats + rank] = ordered * left / ordered.sum()
    return np.round(sizes)


def _core_points(
    dice: Dice, lines: shapely.STRtree, centre: Floats, people: float, *, is_seat: bool
) -> Floats:
    """Street blocks of a town: a turned, shaken grid, the nearest to the middle, clear of the lines."""
    low, high = CORE_SHARE
    share = 0.93 if is_seat else low + (high - low) * float(dice.random())
    each = 800.0 if is_seat else PEOPLE_A_TOWN_BLOCK
    number = max(4, round(people * share / each))
    step = SEAT_STEP_M if is_seat else TOWN_STEP_M
    half = int(np.ceil(np.sqrt(number))) + 3
    grid = np.stack(np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1)), axis=-1)
    cells = grid.reshape(-1, 2).astype(np.float64) * [1.0, 0.82 + 0.3 * float(dice.random())]
    cells = (cells + 0.34 * (dice.random(cells.shape) - 0.5)) * step
    turn, stretch = np.pi * float(dice.random()) * 0.5, 1.0 + 0.7 * float(dice.random())
    reach = np.hypot(cells[:, 0] / stretch, cells[:, 1] * stretch**0.5) * (
        1 + 0.22 * (dice.random(len(cells)) - 0.5)
    )
    turned = cells @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + centre
    clear = distance(turned, lines) > CLEAR_URBAN_M
    turned, reach = turned[clear], reach[clear]
    return np.asarray(np.round(turned[np.argsort(reach, kind="stable")[:number]], 1))


def _rural_points(
    dice: Dice, terrain: Terrain, lines: shapely.STRtree, urban: Floats, *, wanted: int
) -> Floats:
    """Villages: many in the plain and round the towns, few in the hills; drawn, then eased apart."""
    if wanted == 0:
        return np.empty((0, 2))
    tree = cKDTree(urban)
    kept = np.empty((0, 2))
    while len(kept) < 1.25 * wanted + 20:
        trial = _random_inside(dice, terrain, 3 * wanted + 100)
        away = tree.query(trial)[0]
        dense = (1.0 - 0.62 * terrain.hilliness(trial)) * (0.5 + np.exp(-((away / 3000.0) ** 2)))
        dense += 0.9 * np.exp(-((away / 800.0) ** 2))
        near_road = distance(trial, lines)
        dense *= 0.85 + 0.5 * np.exp(-((near_road / 1500.0) ** 2))
        kept = np.concatenate([kept, trial[(dice.random(len(trial)) < dense / 2.4) & (away > 330.0)]])
    kept = _eased(terrain, _eased(terrain, kept[: int(1.25 * wanted + 20)], urban), urban)
    clear = _clear(terrain, lines, kept) & (tree.query(kept)[0] > 300.0)
    kept = kept[clear]
    if len(kept) < wanted:
        raise RuntimeError("too few rural settlements drawn")
    # Those with the closest neighbours go first, so that no two villages run into one.
    closest = np.asarray(cKDTree(kept).query(kept, k=2)[0])[:, 1]
    drop = np.argsort(closest, kind="stable")[: len(kept) - wanted]
    return np.delete(kept, drop, axis=0)


def _eased(terrain: Terrain, points: Floats, fixed: Floats) -> Floats:
    """Move each point half-way to the middle of its Voronoi cell."""
    every = np.concatenate([points, fixed])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(every), extend_to=terrain.outline, ordered=True)
    )[: len(points)]
    middle = shapely.get_coordinates(shapely.centroid(cells))
    moved = points + 0.5 * (middle - points)
    far = np.hypot(*(moved - points).T) > 2500.0
    moved[far] = points[far]
    return np.round(moved, 1)


def _clear(terrain: Terrain, lines: shapely.STRtree, points: Floats) -> Flags:
    inside = shapely.contains_xy(terrain.outline, points[:, 0], points[:, 1])
    off_line = distance(points, lines) > CLEAR_RURAL_M
    off_edge = distance(points, tree_of([terrain.outline.exterior])) > 150.0
    return np.asarray(inside & off_line & off_edge)
