"""Geometry to show and to hand over: one simplified coverage for maps, exact zones for files.

Blocks are simplified together, so that neighbours keep one common border, and reach WGS 84 here only.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from zoning import units
from zoning.district import District
from zoning.plan import Plan

__all__ = [
    "SCALE",
    "display_coverage",
    "encode_lines",
    "encode_polygons",
    "label_points",
    "to_wgs84",
    "zones_of",
]

Geometries = npt.NDArray[np.object_]

SCALE = 100_000
"""Steps of a degree that coordinates are stored in: 5 decimals, about 1 m."""
_GRAIN = 6000
"""The map is drawn with about so many distinguishable steps along its longer side."""
_FINEST_M = 1.0


def display_coverage(geometries: Geometries) -> Geometries:
    """Return the polygons simplified for a map, still without gap or overlap between neighbours.

    Polygons that do not fit each other exactly are fitted first; that is for display only.

    Parameters
    ----------
    geometries
        Polygons or multipolygons in a metric CRS, object [block].

    Examples
    --------
    >>> squares = np.array([shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000)])
    >>> shapely.area(display_coverage(squares)).tolist()
    [1000000.0, 1000000.0]
    """
    fitted = geometries
    if not shapely.coverage_is_valid(geometries):
        cleaned = shapely.coverage_clean(geometries)  # type: ignore[attr-defined] # newer than its types
        # A block that vanishes in the fitting keeps its own shape.
        fitted = np.where(shapely.is_empty(cleaned), geometries, cleaned)
    west, south, east, north = shapely.total_bounds(geometries)
    tolerance = max(_FINEST_M, max(east - west, north - south) / _GRAIN)
    return np.asarray(shapely.coverage_simplify(fitted, tolerance))


def to_wgs84(geometries: Geometries, crs: CRS) -> Geometries:
    """Return geometries of a metric CRS in degrees, longitude first."""
    transformer = _to_degrees(crs)
    return np.asarray(
        shapely.transform(geometries, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))),
    )


@cache
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, units.WGS84, always_xy=True)


def _steps(coordinates: npt.NDArray[np.float64], origin: tuple[int, int]) -> list[int]:
    whole = np.rint(coordinates * SCALE).astype(np.int64)
    keep = np.concatenate([[True], (np.diff(whole, axis=0) != 0).any(axis=1)])
    whole = whole[keep]
    steps = np.diff(whole, axis=0, prepend=np.asarray([origin], dtype=np.int64))
    return [int(value) for value in steps.ravel()]


def encode_polygons(geometries: Geometries, origin: tuple[int, int]) -> list[list[list[list[int]]]]:
    """Return polygons in degrees as whole-number steps: [geometry][polygon][ring][step].

    Each ring starts with its first point relative to ``origin`` and goes on with the step to the next point;
    the closing point is left out. One unit is 1 / ``SCALE`` degree.

    Examples
    --------
    >>> encode_polygons(np.array([shapely.box(1, 2, 1.001, 2.001)]), (100_000, 200_000))
    [[[[100, 0, 0, 100, -100, 0, 0, -100]]]]
    """
    found = []
    for geometry in geometries:
        polygons = []
        for part in shapely.get_parts(geometry):
            if part.geom_type != "Polygon":
                continue
            rings = (
                _steps(shapely.get_coordinates(ring)[:-1], origin)
                for ring in (part.exterior, *part.interiors)
            )
            polygons.append([ring for ring in rings if len(ring) >= 6])
        found.append([rings for rings in polygons if rings])
    return found


def encode_lines(geometries: Iterable[shapely.Geometry], origin: tuple[int, int]) -> list[list[int]]:
    """Return lines in degrees as whole-number steps from ``origin``: [line][step]."""
    parts = shapely.get_parts(np.asarray(list(geometries), dtype=object))
    found = (
        _steps(shapely.get_coordinates(part), origin) for part in parts if part.geom_type == "LineString"
    )
    return [line for line in found if len(line) >= 4]


def label_spots(zones: Mapping[str, Geometries]) -> dict[str, shapely.Point]:
    """Return where the name of each zone stands, well inside its largest part, in the zones' own CRS."""
    found = {}
    for key, members in zones.items():
        if not len(members):
            continue
        parts = shapely.get_parts(_union(members))
        largest = parts[int(np.argmax(shapely.area(parts)))]
        tolerance = max(_FINEST_M, float(np.sqrt(shapely.area(largest))) / 30)
        found[key] = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance), 0)
    return found


def label_points(zones: Mapping[str, Geometries], crs: CRS) -> dict[str, list[float]]:
    """Return where the name of each zone stands: lon, lat in degrees."""
    spots = label_spots(zones)
    points = shapely.get_coordinates(to_wgs84(np.asarray(list(spots.values()), dtype=object), crs)).round(5)
    return {key: [float(x), float(y)] for key, (x, y) in zip(spots, points, strict=True)}


def _union(geometries: Geometries) -> shapely.Geometry:
    # The fast union trusts the borders to match; where they do not it is silently wrong.
    if shapely.coverage_is_valid(geometries):
        return shapely.coverage_union_all(geometries)
    return shapely.union_all(geometries)


def own_blocks(district: District, plan: Plan | None) -> dict[str, Geometries]:
    """Return by school the blocks that its name stands in: its own, or shared ones when it has no other."""
    if plan is None:
        return {}
    shapes = district.block_frame.geometry
    found = {}
    for school, blocks in plan.zones().items():
        own = [b for b in blocks if len(plan[b]) == 1] or list(blocks)
        found[school] = np.asarray(shapes.loc[own].values, dtype=object)
    return found


def zones_of(district: District, plan: Plan, *, shapes: Geometries | None = None) -> gpd.GeoDataFrame:
    """Return the zones of a plan as polygons that do not overlap, in the metric CRS.

    A block zoned to several schools belongs to a zone of its own, whose ``school_id`` joins theirs by ``;``.

    Parameters
    ----------
    district, plan
        The district and the plan.
    shapes
        Blocks as they are drawn, in the district's order; its own blocks when left out.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``school_id``, ``shared`` (bool), ``blocks`` (count), ``geometry``; sorted by ``school_id``.
    """
    members: dict[tuple[str, ...], list[str]] = {}
    for block_id, schools in plan.rows:
        members.setdefault(schools, []).append(block_id)
    frame = district.block_frame
    drawn = np.asarray(frame.geometry.values if shapes is None else shapes, dtype=object)
    keys = sorted(members)
    return gpd.GeoDataFrame(
        {
            "school_id": [";".join(key) for key in keys],
            "shared": [len(key) > 1 for key in keys],
            "blocks": [len(members[key]) for key in keys],
        },
        geometry=[_union(drawn[frame.index.get_indexer(members[key])]) for key in keys],
        crs=district.place.crs,
    )


def origin_of(lon_lat: Sequence[float]) -> tuple[int, int]:
    """Return a point in degrees as whole steps, to start the encoding from."""
    return round(lon_lat[0] * SCALE), round(lon_lat[1] * SCALE)
