"""Which blocks a zone may hang together through: borders, the planner's edits, none along a barrier."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from zoning.district import District
from zoning.district.adjacency import SLIVER_M, Adjacency
from zoning.travel.barriers import barriers_of

__all__ = ["along_barriers", "joined_pairs", "pieces_of"]

NEAR_M: Final = 12.0
"""A shared border this near to a barrier lies along it, metres: arterials and rivers are wide."""

Pairs = npt.NDArray[np.int32]


def joined_pairs(district: District, *, across_barriers: bool = True) -> Pairs:
    """Return the pairs of blocks that a zone may hang together through, int32 [pair, 2].

    Parameters
    ----------
    district
        The district; its table ``neighbours`` edits the pairs by hand, which outweighs barriers.
    across_barriers
        Whether a border along a barrier joins.
    """
    pairs = district.joins
    every = np.column_stack([pairs.first, pairs.second])
    if across_barriers:
        return every
    cut = along_barriers(district, pairs)
    edits = district.tables.get("neighbours")
    if edits is not None and len(edits):
        ids = district.block_frame.index
        by_hand = edits[edits["joined"].astype(bool)]
        ends = np.sort([ids.get_indexer(by_hand[column]) for column in ("block_id", "other_id")], axis=0)
        size = len(ids)
        cut &= ~np.isin(every @ np.array([size, 1]), ends[0] * size + ends[1])
    return every[~cut]


def along_barriers(district: District, pairs: Adjacency) -> npt.NDArray[np.bool_]:
    """Return whether the shared border of a pair separates its blocks by a barrier, bool [pair].

    At least half of the border lies within 12 m of a barrier, or the way from inside one block over the
    middle of the border to inside the other crosses barriers an odd number of times.

    Parameters
    ----------
    district
        The district, with a table of barriers or without.
    pairs
        Pairs of neighbours.
    """
    cut = np.zeros(len(pairs.first), dtype=np.bool_)
    barriers = barriers_of(district.tables.get("barriers"))
    if barriers is None or not len(barriers.lines):
        return cut
    lines = shapely.union_all(barriers.lines)
    shapes = np.asarray(district.block_frame.geometry.values, dtype=object)
    near = np.zeros(len(shapes), dtype=np.bool_)
    near[shapely.STRtree(shapes).query(lines, predicate="dwithin", distance=NEAR_M)] = True
    doubtful = np.flatnonzero((near[pairs.first] | near[pairs.second]) & (pairs.border_m > 0))
    first, second = pairs.first[doubtful], pairs.second[doubtful]
    border = shapely.intersection(
        shapely.buffer(shapes[first], 2 * SLIVER_M), shapely.boundary(shapes[second])
    )
    wide = shapely.buffer(lines, NEAR_M)
    length_m = shapely.length(border)
    shapely.prepare(wide)
    beside_m = shapely.length(shapely.intersection(border, wide))
    along = (length_m > 0) & (2 * beside_m >= length_m)
    middle = _middles(border, shapes[second])
    inside = [shapely.get_coordinates(shapely.point_on_surface(shapes[ends])) for ends in (first, second)]
    ways = shapely.linestrings(np.stack([inside[0], middle, inside[1]], axis=1))
    crossed = shapely.get_num_geometries(shapely.intersection(ways, lines))
    crossed = np.where(shapely.intersects(ways, lines), crossed, 0)
    cut[doubtful] = along | (crossed % 2 == 1)
    return cut


def _middles(border: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Return the middle of the longest stretch of each border, metres, float64 [pair, 2].

    Where there is none (a gap wider than the reach), a point inside the block stands in for it.
    """
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes))
    parts, owner = shapely.get_parts(shapely.line_merge(border), return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    parts, owner = parts[is_line], owner[is_line]
    order = np.argsort(shapely.length(parts), kind="stable")  # the longest of each border comes last
    points = shapely.line_interpolate_point(parts[order], 0.5, normalized=True)
    middle[owner[order]] = shapely.get_coordinates(points)
    return middle


def pieces_of(pairs: npt.NDArray[np.integer], blocks: int) -> npt.NDArray[np.int32]:
    """Return the piece of the adjacency that each block is in, int32 [block], numbered by first block.

    Parameters
    ----------
    pairs
        Pairs of neighbours, int [pair, 2].
    blocks
        Number of blocks.

    Examples
    --------
    >>> pieces_of(np.array([[0, 2]]), 4).tolist()
    [0, 1, 0, 2]
    """
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(blocks, blocks))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)
