"""Blocks of a layer or table made ready: valid, one row each, projected, without slivers between them."""

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from zoning import messages
from zoning.errors import Problems
from zoning.load.coordinates import row_list
from zoning.load.coverage import clean_coverage
from zoning.load.projection import projected
from zoning.load.voronoi import cells_of, outline_of

Shapes = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]

SAME_POINT_M: Final = 0.01
"""Points that lie this close, metres, cannot both have a cell."""
SMALLEST_M2: Final = 1.0
"""A block smaller than this, square metres, is a line."""
_POINT, _POLYGON, _MULTIPOINT, _MULTIPOLYGON, _COLLECTION = 0, 3, 4, 6, 7


def make_blocks(
    frame: gpd.GeoDataFrame,
    metric: CRS,
    problems: Problems,
    *,
    file: str,
    boundary: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return blocks in the metric CRS: valid polygons, one row a ``block_id``, without slivers or overlaps.

    Parameters
    ----------
    frame
        Column ``block_id``, any other attributes and ``geometry`` on WGS 84: polygons, or points that cells
        are made around. Rows without a geometry are left out.
    metric
        Metric CRS to project to.
    problems
        Takes everything that is found. After an error the result is only good for finding more errors.
    file
        Name that messages print.
    boundary
        Outline of the place on WGS 84, where cells around points end; None to draw one around the points.

    Returns
    -------
    GeoDataFrame
        The same columns, in the order in which each block first stands in the frame; index 0 … n-1.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame(
    ...     {"block_id": ["a", "a", "b"]},
    ...     geometry=[shapely.box(x, 34, x + 0.01, 34.01) for x in (113.0, 113.01, 113.02)],
    ...     crs="EPSG:4326",
    ... )
    >>> blocks = make_blocks(frame, CRS.from_epsg(4547), Problems(), file="blocks.gpkg")
    >>> blocks["block_id"].tolist(), (blocks.area / 1e4).round(1).tolist()
    (['a', 'b'], [205.0, 102.5])
    """
    frame = projected(frame[~(frame.geometry.isna() | frame.geometry.is_empty)], metric)
    shapes = np.asarray(frame.geometry.values, dtype=np.object_)
    kinds = shapely.get_type_id(shapes)
    points = np.isin(kinds, (_POINT, _MULTIPOINT))
    if points.all() and len(points):
        return _around_points(frame, problems, file=file, boundary=boundary)
    wrong = ~np.isin(kinds, (_POLYGON, _MULTIPOLYGON, _COLLECTION))
    if wrong.any():
        code = "load_layers.mixed" if points.any() else "load_layers.not_polygons"
        _report_rows(frame, wrong, problems, code=code, file=file)
        frame, shapes = frame[~wrong], shapes[~wrong]
    frame = frame.set_geometry(_valid(frame, shapes, problems, file=file), crs=metric)
    frame = _joined(frame[~frame.geometry.is_empty], problems, file=file)
    if len(frame) and not problems.failed:
        shapes = np.asarray(frame.geometry.values, dtype=np.object_)
        names = frame["block_id"].to_numpy(dtype=object)
        frame = frame.set_geometry(clean_coverage(shapes, names, problems, file=file), crs=metric)
    return frame.reset_index(drop=True)


def _report_rows(frame: gpd.GeoDataFrame, mask: Mask, problems: Problems, *, code: str, file: str) -> None:
    rows = frame.index.to_numpy()[mask] + 2
    names = frame["block_id"].to_numpy(dtype=object)[mask]
    serious = code != "load_layers.made_valid"
    problems.add(
        messages.problem(
            code,
            file=file,
            row=int(rows[0]),
            column="geometry",
            value=names[0],
            rows=row_list(rows),
            severity="error" if serious else "warning",
        ),
    )


def _valid(frame: gpd.GeoDataFrame, shapes: Shapes, problems: Problems, *, file: str) -> Shapes:
    """Return valid polygons; a shape without any area comes back empty and is reported."""
    crossed = ~shapely.is_valid(shapes) | (shapely.get_type_id(shapes) == _COLLECTION)
    if crossed.any():
        mended = shapely.make_valid(shapes[crossed], method="structure", keep_collapsed=False)
        shapes = shapes.copy()
        shapes[crossed] = [_polygons_in(shape) for shape in mended]
    flat = shapely.area(shapes) < SMALLEST_M2
    if (crossed & ~flat).any():
        _report_rows(frame, crossed & ~flat, problems, code="load_layers.made_valid", file=file)
    if flat.any():
        _report_rows(frame, flat, problems, code="load_layers.no_area", file=file)
        shapes = shapes.copy()
        shapes[flat] = shapely.Polygon()
    return shapes


def _polygons_in(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a collection as one geometry."""
    if shapely.get_type_id(shape) != _COLLECTION:
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_type_id(parts) == _POLYGON])


def _joined(frame: gpd.GeoDataFrame, problems: Problems, *, file: str) -> gpd.GeoDataFrame:
    """Return one row a block: rows that agree in all attributes become one multipolygon."""
    repeated = frame["block_id"].duplicated(keep=False) & frame["block_id"].notna()
    if not repeated.any():
        return frame
    several = frame[repeated]
    attributes = pd.DataFrame(several.drop(columns=several.geometry.name))
    firsts = attributes.groupby("block_id", sort=False).transform("first")
    rest = attributes.drop(columns="block_id")
    unequal = (rest != firsts) & ~(rest.isna() & firsts.isna())
    differing = unequal.groupby(several["block_id"], sort=False).any()
    for block_id in differing.index[differing.any(axis=1)]:
        columns = ", ".join(differing.columns[differing.loc[block_id]])
        rows = several.index[several["block_id"] == block_id].to_numpy() + 2
        problems.add(
            messages.problem(
                "load_layers.rows_differ",
                file=file,
                row=int(rows[1]),
                column="block_id",
                value=block_id,
                rows=row_list(rows),
                columns=columns,
            ),
        )
    union = several.groupby("block_id", sort=False).geometry.agg(
        lambda shapes: shapely.union_all(shapes.to_numpy())
    )
    first = ~frame["block_id"].duplicated() | frame["block_id"].isna()
    one = frame[first].copy()
    several_of_one = one["block_id"].isin(union.index)
    one.loc[several_of_one, one.geometry.name] = union.loc[one.loc[several_of_one, "block_id"]].to_numpy()
    problems.add(
        messages.problem(
            "load_layers.joined",
            file=file,
            count=len(union),
            names=", ".join(str(name) for name in union.index[:5]),
            severity="warning",
        ),
    )
    return one


def _around_points(
    frame: gpd.GeoDataFrame,
    problems: Problems,
    *,
    file: str,
    boundary: gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame:
    """Return blocks whose polygons are the cells around their points."""
    points = np.asarray(shapely.centroid(np.asarray(frame.geometry.values)), dtype=np.object_)
    spots = (
        pd.DataFrame(np.round(shapely.get_coordinates(points) / SAME_POINT_M))
        .duplicated(keep=False)
        .to_numpy()
    )
    if spots.any():
        _report_rows(frame, spots, problems, code="load_layers.same_point", file=file)
        return frame.iloc[:0].reset_index(drop=True)
    if boundary is None:
        outline = outline_of(points)
    else:
        outline = shapely.union_all(
            shapely.make_valid(np.asarray(projected(boundary, frame.crs).geometry.values))
        )
    cells = cells_of(points, outline)
    outside = shapely.is_empty(cells) | ~shapely.intersects(outline, points)
    if outside.any():
        _report_rows(frame, outside, problems, code="load_layers.outside_boundary", file=file)
    problems.add(
        messages.problem("load_layers.cells", file=file, count=len(cells), severity="warning"),
    )
    keep = ~outside
    return frame.set_geometry(cells, crs=frame.crs)[keep].reset_index(drop=True)
