"""Blocks around points: the area nearer to a point than to any other, cut at the edge of the place."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Shapes = npt.NDArray[np.object_]

HULL_RATIO: Final = 0.35
"""How closely the outline follows the points: 0 wraps them tightly, 1 is their convex hull."""
EDGE_SPACINGS: Final = 1.5
"""How far the outline lies from the outermost points, in times the usual spacing of points."""
LONE_POINT_M: Final = 1000.0


def outline_of(points: Shapes) -> BaseGeometry:
    """Return the area that points stand for when no boundary was given: a concave hull with a margin.

    Parameters
    ----------
    points
        Distinct points in a metric CRS, object [block].

    Examples
    --------
    >>> grid = shapely.points([(x, y) for x in (0, 100, 200) for y in (0, 100, 200)])
    >>> [round(metres) for metres in outline_of(grid).bounds]
    [-75, -75, 275, 275]
    """
    together = shapely.MultiPoint(points.tolist())
    if len(points) < 2:
        lone: BaseGeometry = together.buffer(LONE_POINT_M)
        return lone
    tree = shapely.STRtree(points)
    (_, _), spacing_m = tree.query_nearest(points, exclusive=True, all_matches=False, return_distance=True)
    hull = shapely.concave_hull(together, ratio=HULL_RATIO)
    margin_m = EDGE_SPACINGS / 2 * float(np.median(spacing_m))
    around: BaseGeometry = hull.buffer(margin_m, quad_segs=3)
    rings = shapely.get_exterior_ring(shapely.get_parts(around))  # arms of the hull may have closed a ring
    filled: BaseGeometry = shapely.union_all(shapely.polygons(rings))
    return filled


def cells_of(points: Shapes, outline: BaseGeometry) -> Shapes:
    """Return the cell of every point within an outline, square metres of nobody else's.

    Parameters
    ----------
    points
        Distinct points in a metric CRS, object [block].
    outline
        Polygon or multipolygon that the cells fill.

    Returns
    -------
    ndarray
        Polygons or multipolygons, object [block]; empty for a point whose cell lies outside the outline.

    Examples
    --------
    >>> two = shapely.points([(25, 50), (75, 50)])
    >>> shapely.area(cells_of(two, shapely.box(0, 0, 100, 100))).tolist()
    [5000.0, 5000.0]
    """
    if len(points) == 1:
        return np.array([outline], dtype=np.object_)
    diagram = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline, ordered=True)
    cells = np.asarray(shapely.get_parts(diagram), dtype=np.object_)
    shapely.prepare(outline)
    cut = ~shapely.contains_properly(outline, cells)
    cells[cut] = shapely.intersection(cells[cut], outline)
    return cells
