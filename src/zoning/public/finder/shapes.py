"""The grid that the finder's map is drawn on, and points and lines as steps along it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from zoning.public.finder.compact import packed, zigzag
from zoning.publish import geometry

__all__ = ["Grid", "Point", "coded_insides", "coded_lines", "coded_points", "grid_of", "rings_of"]

Point = tuple[int, int]

_STEPS = 6000
"""The longer side of the map in steps of the grid: as fine as the zones are drawn."""
_FINEST_M = 1.0


@dataclass(frozen=True)
class Grid:
    """A grid of whole steps over a map in degrees.

    Parameters
    ----------
    west, south
        Where it begins, degrees.
    step_lon, step_lat
        A step, degrees.
    step_m
        A step, metres.
    """

    west: float
    south: float
    step_lon: float
    step_lat: float
    step_m: float

    def steps(self, lon_lat: npt.NDArray[np.float64]) -> list[Point]:
        """Return degrees, float64 [point, 2], as whole steps."""
        origin, step = np.array([self.west, self.south]), np.array([self.step_lon, self.step_lat])
        whole = np.rint((np.asarray(lon_lat, dtype=np.float64) - origin) / step).astype(np.int64)
        return [(int(x), int(y)) for x, y in whole]

    @property
    def numbers(self) -> list[float]:
        """Return what the page needs to turn steps into degrees."""
        return [self.west, self.south, self.step_lon, self.step_lat, self.step_m]


def grid_of(shapes: geometry.Geometries, on_globe: geometry.Geometries) -> Grid:
    """Return the grid of a map.

    Parameters
    ----------
    shapes
        Blocks in metres.
    on_globe
        The same in degrees.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    step_m = max(_FINEST_M, round(float(max(east - west, north - south)) / _STEPS, 1))
    wide, tall = float(east - west), float(north - south)
    west, south, east, north = (float(value) for value in shapely.total_bounds(on_globe))
    step_lon, step_lat = step_m * (east - west) / wide, step_m * (north - south) / tall
    return Grid(round(west, 6), round(south, 6), float(f"{step_lon:.7g}"), float(f"{step_lat:.7g}"), step_m)


def _without_repeats(points: Iterable[Point]) -> list[Point]:
    found: list[Point] = []
    for point in points:
        if not found or found[-1] != point:
            found.append(point)
    return found


def rings_of(shape: shapely.Geometry, grid: Grid) -> list[list[Point]]:
    """Return the rings of a shape, outlines against and holes with the clock, without the closing point."""
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        right = shapely.orient_polygons(part)
        for ring in (right.exterior, *right.interiors):
            points = _without_repeats(grid.steps(shapely.get_coordinates(ring)))[:-1]
            if len(points) >= 3:
                found.append(points)
    return found


def coded_insides(on_globe: geometry.Geometries, points: geometry.Geometries, grid: Grid) -> str:
    """Return a point of each block as the step from where a point on its surface is usually looked for.

    Most steps are nothing, which takes no room.

    Parameters
    ----------
    on_globe, points
        Blocks and their points in degrees.
    grid
        The grid.
    """
    found: list[int] = []
    wanted = grid.steps(shapely.get_coordinates(points))
    for shape, (x, y) in zip(on_globe, wanted, strict=True):
        at_x, at_y = _middle(rings_of(shape, grid))
        found += (zigzag(x - at_x), zigzag(y - at_y))
    return packed(found)


def _middle(rings: list[list[Point]]) -> Point:
    """Return the middle of the largest ring, between its corners next below and above half its height."""
    ring = max(rings, key=_twice_area, default=[(0, 0)])
    heights = [y for _, y in ring]
    if min(heights) == max(heights):
        return ring[0]
    half = (min(heights) + max(heights)) / 2
    level = (max(y for y in heights if y <= half) + min(y for y in heights if y > half)) / 2
    crossed = sorted(
        ax + ((level - ay) * (bx - ax)) / (by - ay)
        for (ax, ay), (bx, by) in zip([ring[-1], *ring[:-1]], ring, strict=True)
        if (ay > level) != (by > level)
    )
    start, end = max(zip(crossed[::2], crossed[1::2], strict=True), key=lambda part: part[1] - part[0])
    return math.floor((start + end) / 2), math.floor(level)


def _twice_area(ring: list[Point]) -> int:
    return abs(
        sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip([ring[-1], *ring[:-1]], ring, strict=True))
    )


def coded_points(on_globe: geometry.Geometries, grid: Grid) -> str:
    """Return points in degrees, object [point], each as the step from the one before."""
    found: list[int] = []
    at = (0, 0)
    for x, y in grid.steps(shapely.get_coordinates(on_globe)):
        found += (zigzag(x - at[0]), zigzag(y - at[1]))
        at = (x, y)
    return packed(found)


def coded_lines(on_globe: geometry.Geometries, grid: Grid) -> list[str]:
    """Return lines in degrees as the number of steps of each, and the steps."""
    lengths, steps, at = [], [], (0, 0)
    for part in shapely.get_parts(on_globe):
        points = _without_repeats(grid.steps(shapely.get_coordinates(part)))
        if len(points) < 2:
            continue
        lengths.append(len(points))
        for x, y in points:
            steps += [zigzag(x - at[0]), zigzag(y - at[1])]
            at = (x, y)
    return [packed(lengths), packed(steps)]
