"""Block shapes as shared arcs on a grid: every border is sent once, in steps that take a character each.

Rings are cut into arcs where more than two borders meet. A reader that walks the blocks in order knows which
arcs end where it stands and still wait for their other side, so the second use of a border costs one small
number; only new arcs carry points.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from zoning.public.compact import packed, zigzag
from zoning.publish import geometry

__all__ = ["Grid", "coded_insides", "coded_lines", "coded_points", "coded_shapes", "grid_of"]

Point = tuple[int, int]
Line = tuple[Point, ...]

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


def _rings(shape: shapely.Geometry, grid: Grid) -> list[list[Point]]:
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


def _nodes(rings: Iterable[Sequence[Point]]) -> set[Point]:
    """Return the points where more or fewer than two different borders meet."""
    edges = {
        (min(a, b), max(a, b)) for ring in rings for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
    }
    degree = Counter(point for edge in edges for point in edge)
    return {point for point, count in degree.items() if count != 2}


def _arcs(ring: list[Point], nodes: set[Point]) -> list[Line]:
    """Return a ring as arcs from node to node; a ring without nodes begins at its least point."""
    cuts = [at for at, point in enumerate(ring) if point in nodes] or [ring.index(min(ring))]
    found = []
    for at, start in enumerate(cuts):
        end = cuts[at + 1] if at + 1 < len(cuts) else cuts[0] + len(ring)
        found.append(tuple(ring[n % len(ring)] for n in range(start, end + 1)))
    return found


@dataclass
class _Writer:
    """The state that the reader in the page repeats: arcs so far, and those that wait at their end."""

    rings: list[int] = field(default_factory=list)
    topology: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    joins: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    at: Point = (0, 0)
    waiting: dict[Point, list[tuple[int, Line]]] = field(default_factory=dict)
    sides: list[int] = field(default_factory=list)
    """The block that sent each arc."""
    shared: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of blocks with an arc in common."""
    right: int = 0
    """How many joins in a row were as expected."""
    beside: int = -1
    """The block on the other side of the arc just walked, -1 for a new one."""

    def step_to(self, point: Point) -> None:
        self.steps += (zigzag(point[0] - self.at[0]), zigzag(point[1] - self.at[1]))
        self.at = point

    def open_at(self, line: Line) -> int:
        """Return the place of an arc among those that wait where it begins, from 1; 0 for a new one."""
        back = line[::-1]
        here = self.waiting.get(line[0], [])
        return next((n for n, (_, other) in enumerate(here, start=1) if other == back), 0)

    def use(self, line: Line, place: int, block: int) -> None:
        """Take the second side of a waiting arc."""
        arc, _ = self.waiting[line[0]].pop(place - 1)
        self.beside = self.sides[arc]
        if self.beside != block:
            self.shared.append((self.beside, block))
        self.at = line[-1]

    def add(self, line: Line, block: int, *, closes: bool) -> None:
        """Send a new arc from where the last one ended; one that closes its ring ends where that began."""
        self.lengths.append(len(line) - 1)
        for point in line[1:-1] if closes else line[1:]:
            self.step_to(point)
        self.at = line[-1]
        self.beside = -1
        self.waiting.setdefault(line[-1], []).append((len(self.sides), line))
        self.sides.append(block)

    def expected(self, block: int) -> int:
        """Return the first waiting arc here of a third block, from 1; 0 where there is none.

        Where three blocks meet that one is always next.
        """
        here, others = self.waiting.get(self.at, []), {self.beside, block}
        return next((n for n, (arc, _) in enumerate(here, start=1) if self.sides[arc] not in others), 0)

    def join(self, place: int, block: int) -> None:
        """Send which arc is next; as long as it is the expected one, only that is counted."""
        if place == self.expected(block):
            self.right += 1
        else:
            self.joins += (self.right, place)
            self.right = 0

    def ring(self, lines: list[Line], block: int) -> None:
        """Send a ring: number of arcs, where it begins, then the arcs."""
        first = next((n for n, line in enumerate(lines) if self.open_at(line)), None)
        lines = lines if first is None else lines[first:] + lines[:first]
        self.topology.append(len(lines))
        if first is None:
            self.begins.append(0)
            self.beside = -1
            self.step_to(lines[0][0])
        else:
            place = self.open_at(lines[0])
            self.begins.append(len(self.sides) - self.waiting[lines[0][0]][place - 1][0])
            self.use(lines[0], place, block)
            lines = lines[1:]
        for number, line in enumerate(lines, start=1):
            place = self.open_at(line)
            self.join(place, block)
            if place:
                self.use(line, place, block)
            else:
                self.add(line, block, closes=number == len(lines))


def coded_shapes(on_globe: geometry.Geometries, grid: Grid) -> tuple[list[str], list[list[int]]]:
    """Return blocks as arcs: blocks with other than one ring, arcs a ring, where rings begin, how arcs join.

    Then how many points each arc has, and their steps. Beside them the neighbours of each block, sorted, as
    the reader finds them too.

    Parameters
    ----------
    on_globe
        Polygons of a coverage in degrees, object [block].
    grid
        The grid.

    Examples
    --------
    >>> squares = np.array([shapely.box(x, 0, x + 0.001, 0.001) for x in (0, 0.001)])
    >>> coded, near = coded_shapes(squares, Grid(0, 0, 0.001, 0.001, 100.0))
    >>> near, [len(part) for part in coded]
    ([[1], [0]], [0, 2, 2, 0, 3, 12])
    """
    rings = [_rings(shape, grid) for shape in on_globe]
    nodes = _nodes(ring for of_block in rings for ring in of_block)
    writer = _Writer()
    for block, of_block in enumerate(rings):
        # Few blocks have other than one ring: only those are listed.
        if len(of_block) != 1:
            writer.rings += (block, len(of_block))
        for ring in of_block:
            writer.ring(_arcs(ring, nodes), block)
    streams = (writer.rings, writer.topology, writer.begins, writer.joins, writer.lengths, writer.steps)
    near: list[set[int]] = [set() for _ in rings]
    for first, second in writer.shared:
        near[first].add(second)
        near[second].add(first)
    return [packed(stream) for stream in streams], [sorted(one) for one in near]


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
        at_x, at_y = _middle(_rings(shape, grid))
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
