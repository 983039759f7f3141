"""Block shapes as shared arcs on a grid: every border is sent once, in steps that take a character each.

Rings are cut into arcs where more than two borders meet. A reader that walks the blocks in order knows which
arcs end where it stands and still wait for their other side, so the second use of a border costs one small
number; only new arcs carry points. Where three blocks meet the next arc follows from the last.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zoning.public.finder.compact import packed, zigzag
from zoning.public.finder.shapes import Grid, Point, rings_of
from zoning.publish import geometry

__all__ = ["coded_shapes"]

Line = tuple[Point, ...]


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
    >>> import numpy as np, shapely
    >>> squares = np.array([shapely.box(x, 0, x + 0.001, 0.001) for x in (0, 0.001)])
    >>> coded, near = coded_shapes(squares, Grid(0, 0, 0.001, 0.001, 100.0))
    >>> near, [len(part) for part in coded]
    ([[1], [0]], [0, 2, 2, 0, 3, 12])
    """
    rings = [rings_of(shape, grid) for shape in on_globe]
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
