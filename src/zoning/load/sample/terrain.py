"""The land: outline, hills, and the lines that part it (river, railway, arterial).

All in metres on a plane about the middle of the county. A sample of n blocks is n / 1200 counties large;
large ones hold several seats on a grid, each with its river, railway and arterial.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon

from zoning.load.sample.chance import Dice, Floats, bell, dice_for

AREA_M2: Final = 2.4e9
COUNTY_BLOCKS: Final = 1200
LON: Final = 113.42
LAT: Final = 33.06
M_PER_LON: Final = 93_300.0
M_PER_LAT: Final = 110_910.0
STEP_M: Final = 200.0


@dataclass(frozen=True, eq=False)
class Line:
    """One line that parts the land.

    Parameters
    ----------
    kind
        ``river``, ``railway`` or ``arterial``.
    path
        Its course, metres.
    """

    kind: str
    path: LineString


@dataclass(frozen=True, eq=False)
class Terrain:
    """Outline, seats, hills and lines of a county, metres.

    Parameters
    ----------
    outline
        Border of the county.
    seats
        Middle of each county seat, float64 [seat, 2].
    lines
        River, railway and arterial.
    streams
        Brooks, too small to be barriers.
    waves
        Direction (radians per metre), phase and height of the waves that make the hills, float64 [wave, 4].
    """

    outline: Polygon
    seats: Floats
    lines: tuple[Line, ...] = field(repr=False)
    streams: tuple[LineString, ...] = field(repr=False)
    waves: Floats = field(repr=False)

    def hilliness(self, points: Floats) -> Floats:
        """Return how hilly it is, 0 (plain) to 1 (mountains), float64 [point]."""
        height = np.zeros(len(points))
        for kx, ky, phase, size in self.waves:
            height += size * np.sin(kx * points[:, 0] + ky * points[:, 1] + phase)
        low = np.zeros(len(points))
        for x, y in self.seats:
            # A seat lies in its basin.
            squared = (points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2
            low = np.maximum(low, np.exp(-squared / (2 * 9000.0**2)))
        return np.clip((0.52 + 0.5 * height) * (1 - low) - 0.12 * low, 0.0, 1.0)


def draw_terrain(*, blocks: int, seed: int) -> Terrain:
    """Return the land for a number of blocks.

    Parameters
    ----------
    blocks
        Number of blocks the county will have; area follows.
    seed
        Seed.

    Examples
    --------
    >>> round(draw_terrain(blocks=1200, seed=7).outline.area / 1e6)
    2400
    """
    dice = dice_for("terrain", seed)
    area = AREA_M2 * blocks / COUNTY_BLOCKS
    per_side = max(1, round(float(np.sqrt(blocks / COUNTY_BLOCKS))))
    outline = _outline(dice, area)
    grid = _seats(dice, outline, per_side)
    waves = _waves(dice)
    lines = tuple(
        line
        for number in range(per_side)
        for line in (
            _river(dice, grid[number::per_side], outline),
            _railway(dice, grid[number * per_side : (number + 1) * per_side], outline),
            _arterial(dice, grid[number * per_side : (number + 1) * per_side], outline),
        )
    )
    inner = shapely.contains_xy(outline.buffer(-6000.0), grid[:, 0], grid[:, 1])
    seats = grid[inner] if per_side > 1 else grid
    return Terrain(outline, seats, lines, _streams(dice, lines, outline), waves)


def _outline(dice: Dice, area: float) -> Polygon:
    """A rounded shape with bays and spurs, as watersheds and old field borders make them."""
    angle = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    radius = np.ones(len(angle))
    for k in range(2, 60):
        size = 0.3 / k**0.95 if k < 8 else 0.26 / k**1.15
        phase, height = dice.random(2)
        radius += size * (0.35 + 0.65 * height) * np.sin(k * angle + 2 * np.pi * phase)
    ring = np.column_stack([radius * np.cos(angle), radius * np.sin(angle) * 0.92])
    shape = shapely.make_valid(Polygon(ring))
    scale = float(np.sqrt(area / shape.area))
    return Polygon(np.round(ring * scale, 1))


def _seats(dice: Dice, outline: Polygon, per_side: int) -> Floats:
    """Seats on a shaken grid, numbered column by column."""
    low_x, low_y, high_x, high_y = outline.bounds
    steps = (np.arange(per_side) + 0.5) / per_side
    x, y = np.meshgrid(low_x + steps * (high_x - low_x), low_y + steps * (high_y - low_y), indexing="ij")
    grid = np.column_stack([x.ravel(), y.ravel()])
    centre = np.array([[outline.centroid.x, outline.centroid.y]])
    shaken = grid + 5000.0 * (dice.random(grid.shape) - 0.5)
    return np.round(shaken if per_side > 1 else centre + 0.5 * (shaken - grid) + [[3500.0, -2500.0]], 1)


def _waves(dice: Dice) -> Floats:
    """Long waves for ranges, short ones for valleys; the first lifts the west over the east."""
    lengths = np.array([170e3, 60e3, 42e3, 25e3, 17e3, 11e3, 8e3, 5.5e3])
    heights = np.array([0.55, 0.4, 0.35, 0.3, 0.24, 0.2, 0.14, 0.1])
    direction = 2 * np.pi * dice.random(len(lengths))
    phase = 2 * np.pi * dice.random(len(lengths))
    direction[0], phase[0] = 2.75, 0.2
    k = 2 * np.pi / lengths
    return np.column_stack([k * np.cos(direction), k * np.sin(direction), phase, heights])


def _wiggle(dice: Dice, along: Floats, lengths: tuple[float, ...], heights: tuple[float, ...]) -> Floats:
    total = np.zeros(len(along))
    for length, height in zip(lengths, heights, strict=True):
        total += height * np.sin(2 * np.pi * (along / length + float(dice.random())))
    return total


def _course(low: float, high: float) -> Floats:
    return np.arange(low - 4000.0, high + 4000.0, STEP_M)


def _away(along: Floats, stops: Floats, width: float) -> Floats:
    """0 at the seats, 1 far from them: lines are straight where they pass through a town."""
    nearest = np.abs(along[:, None] - stops[None, :]).min(axis=1)
    return np.asarray(1 - np.exp(-((nearest / width) ** 2)))


def _inside(points: Floats, outline: Polygon) -> LineString:
    """The part of a course that runs through the county, a little beyond the border at both ends."""
    inside = shapely.contains_xy(outline, points[:, 0], points[:, 1])
    first, last = int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))
    return LineString(np.round(points[max(first - 2, 0) : last + 2], 1))


def _river(dice: Dice, row: Floats, outline: Polygon) -> Line:
    low_x, _, high_x, _ = outline.bounds
    x = _course(low_x, high_x)
    order = np.argsort(row[:, 0], kind="stable")
    base = np.interp(x, row[order, 0], row[order, 1]) - 1250.0
    fall = -0.16 * (x - row[0, 0]) if len(row) == 1 else 0.0
    bends = _wiggle(dice, x, (33e3, 14e3, 6.1e3, 3.3e3), (2500.0, 1500.0, 640.0, 240.0))
    y = base + (fall + bends) * _away(x, row[:, 0], 4500.0) + _wiggle(dice, x, (2.6e3,), (70.0,))
    return Line("river", _inside(np.column_stack([x, y]), outline))


def _railway(dice: Dice, column: Floats, outline: Polygon) -> Line:
    _, low_y, _, high_y = outline.bounds
    y = _course(low_y, high_y)
    base = np.interp(y, column[:, 1], column[:, 0]) + 2050.0
    lean = -0.12 * (y - column[0, 1]) if len(column) == 1 else 0.0
    x = base + lean + _wiggle(dice, y, (47e3, 21e3), (1900.0, 600.0)) * _away(y, column[:, 1], 6000.0)
    return Line("railway", _inside(np.column_stack([x, y]), outline))


def _arterial(dice: Dice, column: Floats, outline: Polygon) -> Line:
    _, low_y, _, high_y = outline.bounds
    y = _course(low_y, high_y)
    seat = column[np.abs(y[:, None] - column[None, :, 1]).argmin(axis=1)]
    base = np.interp(y, column[:, 1], column[:, 0]) - 1000.0
    pitch = 105e3 if len(column) == 1 else 49e3
    sway = 8500.0 * np.sin(2 * np.pi * np.clip((y - seat[:, 1]) / pitch, -0.5, 0.5))
    x = base + sway + _wiggle(dice, y, (27e3, 9e3), (800.0, 250.0)) * _away(y, column[:, 1], 5000.0)
    return Line("arterial", _inside(np.column_stack([x, y]), outline))


def _streams(dice: Dice, lines: tuple[Line, ...], outline: Polygon) -> tuple[LineString, ...]:
    """Brooks that run from both sides into a river."""
    found: list[LineString] = []
    for line in lines:
        if line.kind != "river":
            continue
        for share in (0.12, 0.27, 0.38, 0.62, 0.74, 0.9):
            foot = line.path.interpolate(share + 0.06 * (float(dice.random()) - 0.5), normalized=True)
            side = 1.0 if dice.random() < 0.5 else -1.0
            t = np.arange(0, 9000.0 + 7000.0 * float(dice.random()), 250.0)
            lean = 1.2 * (float(dice.random()) - 0.5)
            sway = np.cumsum(bell(dice, len(t))) * 25.0 + _wiggle(dice, t, (5e3, 2e3), (500.0, 160.0))
            points = np.column_stack([foot.x + lean * t + (sway - sway[0]), foot.y + side * t])
            brook = LineString(np.round(points, 1)).intersection(outline)
            parts = [p for p in shapely.get_parts(brook) if p.distance(foot) < 1.0]
            found.extend(p for p in parts if p.length > 1000.0)
    return tuple(found)
