"""Which blocks share a border, and how long it is.

Two blocks are neighbours when they share an edge; a corner touch does not count. Edges that match vertex by
vertex are found by sorting them, which takes seconds for a hundred thousand blocks. What is left over, edges
cut by slivers or by corners of a third block (T-junctions), is matched by position in
:mod:`zoning.district.slivers`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array

from zoning.district.slivers import Edges, facing

SHORTEST_BORDER_M: Final = 0.5
"""Shared borders shorter than this, metres, are corner touches."""
SLIVER_M: Final = 0.5
"""Blocks that lie this close along an edge, metres, are neighbours: the gap is an error of drawing."""
TOUCH_M: Final = 0.002
"""Edges of a T-junction lie this close, metres."""
_PER_METRE: Final = 1000  # vertices are equal when they round to the same millimetre


@dataclass(frozen=True, eq=False)
class Adjacency:
    """Pairs of neighbouring blocks.

    Parameters
    ----------
    first, second
        Positions of the two blocks of each pair, ``first < second``, int32 [pair].
    border_m
        Length of their shared border, metres, float64 [pair].
    size
        Number of blocks.
    """

    first: npt.NDArray[np.int32]
    second: npt.NDArray[np.int32]
    border_m: npt.NDArray[np.float64]
    size: int

    def matrix(self) -> csr_array:
        """Return the symmetric matrix of border lengths in metres, sparse [block, block]."""
        rows = np.concatenate([self.first, self.second])
        columns = np.concatenate([self.second, self.first])
        lengths = np.concatenate([self.border_m, self.border_m])
        return csr_array((lengths, (rows, columns)), shape=(self.size, self.size))


def shared_borders(geometries: npt.NDArray[np.object_]) -> Adjacency:
    """Return every pair of polygons that share a border, with its length in metres.

    Parameters
    ----------
    geometries
        Polygons or multipolygons in a metric CRS, object [block].

    Examples
    --------
    >>> squares = np.array([shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 3000)])
    >>> borders = shared_borders(squares)
    >>> borders.first.tolist(), borders.second.tolist(), borders.border_m.tolist()
    ([0], [1], [1000.0])
    """
    edges = edges_of(geometries)
    one, other = _matching(edges)
    unmatched = edges.length_m > 0
    unmatched[one] = unmatched[other] = False
    touching, left = _beside(edges.chosen(unmatched), reach_m=TOUCH_M)
    near, _ = _beside(left, reach_m=SLIVER_M)
    exact = _Borders(edges.owner[one], edges.owner[other], edges.length_m[one], np.zeros(len(one)))
    return _summed((exact, touching, near), size=len(geometries))


def edited(pairs: Adjacency, ids: pd.Index, edits: pd.DataFrame | None) -> Adjacency:
    """Return pairs of neighbours with some taken away and others added.

    Parameters
    ----------
    pairs
        The pairs.
    ids
        Block ids by position.
    edits
        Columns ``block_id``, ``other_id`` and ``joined`` (bool); rows of unknown blocks are left out. None
        for no edits.

    Examples
    --------
    >>> row = Adjacency(np.array([0], dtype=np.int32), np.array([1], dtype=np.int32), np.array([9.0]), 3)
    >>> edits = pd.DataFrame({"block_id": ["b", "c"], "other_id": ["a", "a"], "joined": [False, True]})
    >>> found = edited(row, pd.Index(["a", "b", "c"]), edits)
    >>> found.first.tolist(), found.second.tolist(), found.border_m.tolist()
    ([0], [2], [0.0])
    """
    if edits is None or edits.empty:
        return pairs
    border = dict(
        zip(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True), pairs.border_m, strict=True)
    )
    ends = np.sort(np.stack([ids.get_indexer(pd.Index(edits[c])) for c in ("block_id", "other_id")]), axis=0)
    for first, second, joined in zip(*ends.tolist(), edits["joined"], strict=True):
        if first < 0 or first == second:
            continue
        if joined:
            border.setdefault((first, second), 0.0)
        else:
            border.pop((first, second), None)
    kept = np.array(sorted(border), dtype=np.int32).reshape(-1, 2)
    length_m = np.array([border[a, b] for a, b in kept.tolist()], dtype=np.float64)
    return Adjacency(kept[:, 0], kept[:, 1], length_m, pairs.size)


@dataclass(frozen=True, eq=False)
class _Borders:
    """Stretches of border: the two polygons, its length and how far apart they lie along it, metres."""

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    length_m: npt.NDArray[np.float64]
    apart_m: npt.NDArray[np.float64]


def _beside(edges: Edges, *, reach_m: float) -> tuple[_Borders, Edges]:
    """Return the borders of edges that lie within reach of each other, and the edges that still lack one."""
    found = facing(edges, reach_m=reach_m)
    borders = _Borders(edges.owner[found.one], edges.owner[found.other], found.stretch_m, found.apart_m)
    size = len(edges.owner)
    covered_m = np.bincount(found.one, weights=found.stretch_m, minlength=size)
    covered_m += np.bincount(found.other, weights=found.stretch_m, minlength=size)
    return borders, edges.chosen(covered_m < edges.length_m - 2 * reach_m)


def _summed(stretches: tuple[_Borders, ...], *, size: int) -> Adjacency:
    """Return borders added up by pair, without those that are only corners drawn past each other."""
    first = np.concatenate([s.first for s in stretches])
    second = np.concatenate([s.second for s in stretches])
    length_m = np.concatenate([s.length_m for s in stretches])
    apart = np.concatenate([s.length_m * s.apart_m for s in stretches])
    pair, where = np.unique(np.minimum(first, second) * size + np.maximum(first, second), return_inverse=True)
    border_m = np.bincount(where, weights=length_m, minlength=len(pair))
    # Corners that overlap by a and b have "borders" a + b long that lie b and a apart: never this long.
    corner = border_m**2 <= 4 * np.bincount(where, weights=apart, minlength=len(pair))
    keep = (border_m >= SHORTEST_BORDER_M) & ~corner
    return Adjacency(
        (pair[keep] // max(size, 1)).astype(np.int32),
        (pair[keep] % max(size, 1)).astype(np.int32),
        np.round(border_m[keep], 3).astype(np.float64),
        size,
    )


def edges_of(geometries: npt.NDArray[np.object_]) -> Edges:
    """Return all edges of polygons, each with the inside of its polygon on its left.

    Parameters
    ----------
    geometries
        Polygons or multipolygons, object [block].

    Examples
    --------
    >>> edges_of(np.array([shapely.box(0, 0, 2, 1)])).length_m.tolist()
    [1.0, 2.0, 1.0, 2.0]
    """
    parts, owner_of_part = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring_of_point[1:] == ring_of_point[:-1])
    owner = owner_of_part[part_of_ring[ring_of_point[start]]]
    return Edges(points[start], points[start + 1], owner)


def _matching(edges: Edges) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return positions of edges of two polygons that run between the same two vertices in opposite ways."""
    grid = np.round(np.concatenate([edges.start, edges.end]) * _PER_METRE).astype(np.int64)
    grid -= grid.min(axis=0, initial=0)
    vertex = np.unique(grid[:, 0] * (grid[:, 1].max(initial=0) + 1) + grid[:, 1], return_inverse=True)[1]
    start, end = vertex[: len(edges.owner)], vertex[len(edges.owner) :]
    key = np.minimum(start, end) * (vertex.max(initial=0) + 1) + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    key, forward, owner = key[order], (start < end)[order], edges.owner[order]
    one, other = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    apart = 1  # most edges belong to two polygons, some to more where polygons overlap
    while apart < len(key) and (same := key[apart:] == key[:-apart]).any():
        fits = same & (forward[apart:] != forward[:-apart]) & (owner[apart:] != owner[:-apart])
        at = np.flatnonzero(fits & (start != end)[order][apart:])
        one.append(order[at])
        other.append(order[at + apart])
        apart += 1
    return np.concatenate(one), np.concatenate(other)
