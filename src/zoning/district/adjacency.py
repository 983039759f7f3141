"""Which blocks share a border, and how long it is.

Two blocks are neighbours when they share an edge; a corner touch does not count.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array

SHORTEST_BORDER_M = 0.5
"""Shared borders shorter than this, metres, are corner touches."""


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
    """Return every pair of polygons that share a border, with its length.

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
    tree = shapely.STRtree(geometries)
    left, right = tree.query(geometries, predicate="dwithin", distance=0.01)
    keep = left < right
    left, right = left[keep], right[keep]
    touch = shapely.intersection(shapely.boundary(geometries[left]), shapely.buffer(geometries[right], 0.01))
    length = shapely.length(touch)
    keep = length >= SHORTEST_BORDER_M
    return Adjacency(
        left[keep].astype(np.int32),
        right[keep].astype(np.int32),
        np.round(length[keep], 3),
        len(geometries),
    )
