"""Gates: where a road may pass the river, the railway or the arterial."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from zoning.load.sample.chance import Dice, Flags, Floats, Ints, dice_for
from zoning.load.sample.settlements import Settlements
from zoning.load.sample.terrain import Terrain

BANK_M: Final = {"river": 95.0, "railway": 50.0, "arterial": 45.0}
# Metres from one gate to the next in a seat and outside.
EVERY_M: Final = {"river": (1000.0, 9000.0), "railway": (800.0, 3300.0), "arterial": (520.0, 1500.0)}
IN_SEAT_M: Final = 2300.0


@dataclass(frozen=True, eq=False)
class Gates:
    """Places where a road passes a line.

    Parameters
    ----------
    kind
        Kind of the line of each gate.
    line
        Its number in the terrain, int64 [gate].
    bank_a, bank_b
        A point on either side, metres, float64 [gate, 2].
    foot
        The point on the line itself, float64 [gate, 2].
    level
        Whether a railway is passed on the level (else by an underpass), bool [gate].
    middle
        Junctions on arterials, float64 [junction, 2].
    junction
        Junction of each gate, -1 where the road passes above or below, int64 [gate].
    in_seat
        Whether the gate stands in a seat, bool [gate].
    along
        Consecutive junctions of one arterial, int64 [step, 2].
    """

    kind: np.ndarray[tuple[int], np.dtype[np.str_]] = field(repr=False)
    line: Ints = field(repr=False)
    bank_a: Floats = field(repr=False)
    bank_b: Floats = field(repr=False)
    foot: Floats = field(repr=False)
    level: Flags = field(repr=False)
    middle: Floats = field(repr=False)
    junction: Ints = field(repr=False)
    in_seat: Flags = field(repr=False)
    along: Ints = field(repr=False)


def draw_gates(terrain: Terrain, settlements: Settlements, *, seed: int) -> Gates:
    """Return the gates of all lines: few over the river, more along the railway and the arterial.

    Parameters
    ----------
    terrain, settlements
        The county so far.
    seed
        Seed.
    """
    dice = dice_for("lanes", seed)
    found: list[tuple[int, float]] = []
    for number, line in enumerate(terrain.lines):
        found.extend((number, at) for at in _places(dice, line.path, line.kind, settlements))
    paths = np.array([terrain.lines[number].path for number, _ in found], dtype=object)
    kinds = np.array([terrain.lines[number].kind for number, _ in found])
    at = np.array([at for _, at in found])
    foot = shapely.get_coordinates(shapely.line_interpolate_point(paths, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(paths, at + 30.0))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(paths, at - 30.0))
    run = (ahead - behind) / np.hypot(*(ahead - behind).T)[:, None]
    normal = np.column_stack([-run[:, 1], run[:, 0]])
    reach = np.array([BANK_M[kind] for kind in kinds])[:, None]
    a, b = np.round(foot + reach * normal, 1), np.round(foot - reach * normal, 1)
    good = _clear(terrain, a, b)
    line_of = np.array([number for number, _ in found])[good]
    kind, foot = kinds[good], np.round(foot[good], 1)
    on_road = kind == "arterial"
    junction = np.where(on_road, np.cumsum(on_road) - 1, -1)
    of_line = line_of[on_road]
    step = np.flatnonzero(of_line[1:] == of_line[:-1])
    level = dice.random(len(kind)) < 0.35
    seats = cKDTree(settlements.centres[: settlements.seats])
    in_seat = np.asarray(seats.query(foot)[0] < IN_SEAT_M)
    return Gates(
        kind, line_of, a[good], b[good], foot, level, foot[on_road], junction,
        in_seat,
        np.column_stack([step, step + 1]),
    )  # fmt: skip


def _places(dice: Dice, path: shapely.LineString, kind: str, settlements: Settlements) -> list[float]:
    """Distances along a line where roads pass it, ascending."""
    inner, outer = EVERY_M[kind]
    seats = [shapely.Point(c) for c in settlements.centres[: settlements.seats]]
    town_feet = [path.project(shapely.Point(c)) for c in settlements.centres if _near(path, c)]
    found: list[float] = []
    at = (0.35 + 0.3 * float(dice.random())) * outer
    while at < path.length - 300.0:
        here = path.interpolate(at)
        in_seat = min(seat.distance(here) for seat in seats) < IN_SEAT_M
        found.append(at)
        step = (inner if in_seat else outer) * (0.8 + 0.4 * float(dice.random()))
        if not in_seat:
            # Do not step over a seat: the first gate of the town stands at its edge.
            ahead = [path.project(s) - IN_SEAT_M * 0.7 for s in seats if s.distance(path) < IN_SEAT_M]
            step = min([step, *(x - at for x in ahead if x - at > 300.0)])
        at += step
    gap = 0.4 * inner
    extra = [x for x in town_feet if all(abs(x - y) > gap for y in found)]
    return sorted(found + extra)


def _near(path: shapely.LineString, centre: Floats) -> bool:
    return bool(path.distance(shapely.Point(centre)) < 2000.0)


def _clear(terrain: Terrain, a: Floats, b: Floats) -> Flags:
    """Gates that pass their own line once and no other, with both banks inside the county."""
    lines = np.array([line.path for line in terrain.lines], dtype=object)
    tree = shapely.STRtree(lines)
    ends = np.stack([a + 0.6 * (a - b), b + 0.6 * (b - a)], axis=1)
    bridge = np.asarray(shapely.linestrings(ends), dtype=object)
    which, line = tree.query(bridge, predicate="intersects")
    meets = shapely.get_num_geometries(shapely.intersection(bridge[which], lines[line]))
    total = np.bincount(which, weights=meets, minlength=len(a))
    inside = shapely.contains_xy(terrain.outline, *a.T) & shapely.contains_xy(terrain.outline, *b.T)
    return np.asarray((total == 1) & inside)
