"""Edges that run side by side without sharing their vertices: slivers, small overlaps and T-junctions."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

OPPOSITE: Final = -np.cos(np.radians(45.0))
"""Largest cosine between the directions of two edges that face each other."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Edges:
    """Straight edges of polygons, the inside on their left.

    Parameters
    ----------
    start, end
        Both ends, metres, float64 [edge, 2].
    owner
        Position of the polygon that each edge belongs to, int [edge].
    """

    start: Floats
    end: Floats
    owner: Ints

    @property
    def length_m(self) -> Floats:
        """Length of every edge, metres."""
        return np.asarray(np.hypot(*(self.end - self.start).T))

    def chosen(self, mask: npt.NDArray[np.bool_]) -> "Edges":
        """Return the edges of a mask."""
        return Edges(self.start[mask], self.end[mask], self.owner[mask])


@dataclass(frozen=True, eq=False)
class Beside:
    """Pairs of edges that run side by side.

    Parameters
    ----------
    one, other
        Positions of the two edges, the longer one first, int [pair].
    stretch_m
        How far along they lie within reach of each other, metres, float64 [pair].
    apart_m
        How far apart they lie in the middle of it, metres, float64 [pair].
    """

    one: Ints
    other: Ints
    stretch_m: Floats
    apart_m: Floats


def facing(edges: Edges, *, reach_m: float) -> Beside:
    """Return pairs of edges of two polygons that run side by side, and along how many metres.

    Two edges face each other when they run in opposite ways, at most 45° apart. What counts is the stretch
    along which they lie no farther apart than ``reach_m``, measured along the longer one. Polygons that meet
    at a corner only have no such stretch, or one no longer than they lie apart.

    Parameters
    ----------
    edges
        Edges without a match.
    reach_m
        How far apart two edges may lie, metres.

    Examples
    --------
    >>> start, end = np.array([[0.0, 0.0], [9.0, 0.25]]), np.array([[10.0, 0.0], [4.0, 0.25]])
    >>> found = facing(Edges(start, end, np.array([0, 1])), reach_m=0.5)
    >>> found.one.tolist(), found.other.tolist(), found.stretch_m.tolist(), found.apart_m.tolist()
    ([0], [1], [5.0], [0.25])
    """
    lines = np.asarray(shapely.linestrings(np.stack([edges.start, edges.end], axis=1)), dtype=np.object_)
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=reach_m)
    length_m = edges.length_m
    longer = (length_m[one] > length_m[other]) | ((length_m[one] == length_m[other]) & (one < other))
    fits = longer & (edges.owner[one] != edges.owner[other])
    one, other = one[fits], other[fits]
    along = (edges.end - edges.start) / length_m[:, None]
    fits = (along[one] * along[other]).sum(axis=1) <= OPPOSITE
    one, other = one[fits], other[fits]
    stretch_m, apart_m = _stretch(edges, one, other, along=along[one], reach_m=reach_m)
    fits = stretch_m > 0
    return Beside(one[fits], other[fits], stretch_m[fits], apart_m[fits])


def _stretch(edges: Edges, one: Ints, other: Ints, *, along: Floats, reach_m: float) -> tuple[Floats, Floats]:
    """Return how many metres of the edges ``one`` lie beside the edges ``other``, and how far apart."""
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    # The other edge runs the opposite way, so its end comes first along this one.
    near, far = edges.end[other] - edges.start[one], edges.start[other] - edges.start[one]
    near_t, far_t = (near * along).sum(axis=1), (far * along).sum(axis=1)
    near_off, far_off = (near * across).sum(axis=1), (far * across).sum(axis=1)
    low, high = np.maximum(near_t, 0.0), np.minimum(far_t, edges.length_m[one])
    slope = (far_off - near_off) / (far_t - near_t)
    # The distance between the two changes evenly; it is within reach between two crossings of ± reach.
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = near_t + (np.stack([-reach_m - near_off, reach_m - near_off])) / slope
    even = slope == 0
    enters = np.where(even, np.where(np.abs(near_off) <= reach_m, -np.inf, np.inf), crossings.min(axis=0))
    leaves = np.where(even, np.inf, crossings.max(axis=0))
    low, high = np.maximum(low, enters), np.minimum(high, leaves)
    apart_m = np.abs(near_off + ((low + high) / 2 - near_t) * slope)
    return np.maximum(high - low, 0.0), apart_m
