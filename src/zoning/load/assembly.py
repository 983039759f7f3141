"""Checked tables into a district: blocks, schools and zones in metres."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from zoning import units
from zoning.errors import CrsError, Problems
from zoning.load.blocks import make_blocks
from zoning.load.columns import CheckedTable
from zoning.load.projection import projected
from zoning.load.reading import places_of
from zoning.load.sense import is_class_total, is_single_class
from zoning.load.settings import TOML, FileSettings, Settings
from zoning.load.zone_layers import blocks_of_zones

_BLOCK_WORDS: Final = ("name", "name_en", "town", "place_class")
_COLUMNS: Final = {
    "residents": ("block_id", "year", "age", "residents", "registered", "migrants"),
    "births": ("town", "year", "month", "births", "registered_births"),
    "enrolment": ("school_id", "year", "grade", "pupils", "classes"),
    "housing": ("project_id", "block_id", "handover_year", "dwellings", "type"),
    "zones": ("stage", "school_id", "block_id", "year"),
    "neighbours": ("block_id", "other_id", "joined", "reason"),
    "addresses": (
        "block_id",
        "kind",
        "name",
        "name_en",
        "from",
        "to",
        "parity",
        "exception_stage",
        "exception_school",
    ),
}
_WHOLE: Final = frozenset({"year", "age", "grade", "handover_year"})


def metric_of(settings: Settings, places: gpd.GeoSeries, problems: Problems) -> CRS | None:
    """Return the metric CRS: the one declared, else the one for the middle of the blocks; None when neither.

    Parameters
    ----------
    settings
        The project's settings.
    places
        Geometry of the blocks on WGS 84.
    problems
        Takes a declared CRS that is not metric.
    """
    if settings.metric is not None:
        try:
            return units.require_metric(settings.metric, file=TOML)
        except CrsError as error:
            problems.items.extend(error.problems)
            return None
    if places.isna().all():
        return None
    west, south, east, north = places.total_bounds
    return units.metric_crs_at(float(west + east) / 2, float(south + north) / 2)


def block_frame(
    checked: CheckedTable,
    places: gpd.GeoSeries,
    metric: CRS,
    problems: Problems,
    *,
    boundary: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the blocks as the district keeps them, sorted by block_id.

    Parameters
    ----------
    checked
        The blocks table.
    places
        Their polygons or points on WGS 84.
    metric
        The metric CRS.
    problems
        Takes what is wrong with their shapes.
    boundary
        Outline of the place on WGS 84, where cells around points end; None for none.
    """
    words = {name: checked.frame[name].to_numpy(dtype=object) for name in ("block_id", *_BLOCK_WORDS)}
    frame = gpd.GeoDataFrame(
        {name: pd.array(values, dtype="str") for name, values in words.items()},
        index=checked.rows - 2,  # what messages count rows by
        geometry=places.to_numpy(),
        crs=places.crs,
    )
    made = make_blocks(frame, metric, problems, file=checked.file, boundary=boundary)
    return made.set_index("block_id").sort_index()


def school_points(
    checked: CheckedTable, settings: FileSettings, metric: CRS, problems: Problems
) -> gpd.GeoSeries:
    """Return the points of the schools in the metric CRS; None where a school has no place.

    Parameters
    ----------
    checked
        The schools table.
    settings
        What was declared of its file.
    metric
        The metric CRS.
    problems
        Takes what is wrong with the coordinates.
    """
    places = projected(places_of(checked, settings, problems), metric)
    shapes = places.to_numpy()
    areas = np.asarray([shape is not None and shape.geom_type != "Point" for shape in shapes])
    if areas.any():
        shapes[areas] = shapely.point_on_surface(shapes[areas])
    return gpd.GeoSeries(shapes, crs=metric)


def plain_tables(tables: Mapping[str, CheckedTable]) -> dict[str, pd.DataFrame]:
    """Return the tables without geometry as the district keeps them, sorted, years and grades as int.

    Parameters
    ----------
    tables
        Checked tables by name.
    """
    found = {}
    for name, columns in _COLUMNS.items():
        checked = tables.get(name)
        if checked is None or (name == "zones" and checked.geometry is not None):
            continue
        frame = checked.frame
        if name == "enrolment":
            frame = _by_grade(frame)
        if name == "addresses":
            frame = frame.assign(parity=frame["parity"].replace("", "all"))
        frame = frame[list(columns)].sort_values(list(columns), ignore_index=True)
        found[name] = whole_numbers(frame)
    return found


def whole_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose years, ages and grades are int64 wherever every row has one."""
    full = [name for name in frame if name in _WHOLE and frame[name].notna().all()]
    return frame.astype(dict.fromkeys(full, "int64"))


def _by_grade(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a school, year and grade; rows of single classes are added up, their total left out."""
    if (frame["class_id"] == "").all():
        return frame
    one_class = is_single_class(frame).astype("float64").replace(0.0, np.nan)
    rows = frame.assign(classes=frame["classes"].fillna(one_class))[~is_class_total(frame)]
    cells = rows.groupby(["school_id", "year", "grade"], sort=True)[["pupils", "classes"]]
    return cells.sum(min_count=1).reset_index()


def zones_by_block(checked: CheckedTable, blocks: gpd.GeoDataFrame, problems: Problems) -> pd.DataFrame:
    """Return zones that were drawn as polygons as rows of blocks.

    Parameters
    ----------
    checked
        The zones (or plan) table with its geometry on WGS 84.
    blocks
        The blocks in the metric CRS, index block_id.
    problems
        Takes blocks that lie in several zones or in none.
    """
    zones = gpd.GeoDataFrame(
        checked.frame[["stage", "school_id", "year"]], geometry=checked.geometry, crs=units.WGS84
    )
    found = blocks_of_zones(zones, blocks, problems, file=checked.file)
    columns = list(_COLUMNS["zones"])
    return whole_numbers(found[columns].sort_values(columns, ignore_index=True))


def barrier_frame(checked: CheckedTable, metric: CRS) -> gpd.GeoDataFrame:
    """Return barriers in the metric CRS: kind and geometry."""
    frame = gpd.GeoDataFrame(checked.frame[["kind"]], geometry=checked.geometry, crs=units.WGS84)
    return projected(frame[frame.geometry.notna() & ~frame.geometry.is_empty], metric).reset_index(drop=True)


def outline_frame(checked: CheckedTable) -> gpd.GeoDataFrame:
    """Return the outline of the place on WGS 84."""
    return gpd.GeoDataFrame(geometry=checked.geometry, crs=units.WGS84)
