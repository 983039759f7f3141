"""One table of a folder, from its file to its checked frame, and the places of its rows."""

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from zoning import messages
from zoning.errors import Problems
from zoning.load.columns import CheckedTable, check
from zoning.load.crs import points_to_wgs84
from zoning.load.found import Found
from zoning.load.layers import read_layer
from zoning.load.repeats import drop_repeats
from zoning.load.settings import FileSettings
from zoning.load.tables import RawTable, read_cells
from zoning.units import WGS84


def read_table(found: Found, problems: Problems) -> CheckedTable | None:
    """Return a checked table; None when it cannot be used.

    Parameters
    ----------
    found
        Where it stands.
    problems
        Takes everything that is wrong with it.
    """
    try:
        raw = _raw(found, problems)
    except OSError as error:  # one file that the system refuses does not keep the others from being checked
        why = messages.reason(error)
        problems.add(messages.problem("load.cannot_open", file=found.settings.file, reason=why))
        return None
    if raw is None:
        return None
    if raw.geometry is None and found.table.geometry == "any":
        problems.add(messages.problem("load.no_geometry", file=raw.file))
        return None
    checked = check(raw, found.table, problems)
    if checked is None:
        return None
    if found.table.name in ("zones", "plan"):
        checked = _one_school_a_row(checked)
    return drop_repeats(checked, problems)


def _raw(found: Found, problems: Problems) -> RawTable | None:
    if found.is_layer:
        return _of_layer(found, problems)
    return read_cells(found.path, found.table, settings=found.settings, problems=problems)


def _one_school_a_row(checked: CheckedTable) -> CheckedTable:
    """Return the table with the ids of a shared zone, joined by a semicolon in maps, in rows of their own."""
    ids = [re.split("[;；]", one) for one in checked.frame["school_id"]]
    times = np.asarray([len(several) for several in ids])
    if (times == 1).all():
        return checked
    at = np.repeat(np.arange(len(ids)), times)
    frame = checked.frame.iloc[at].reset_index(drop=True)
    frame["school_id"] = pd.array([one.strip() for several in ids for one in several], dtype="str")
    geometry = None if checked.geometry is None else checked.geometry.iloc[at].reset_index(drop=True)
    return replace(checked, frame=frame, rows=checked.rows[at], geometry=geometry)


def _of_layer(found: Found, problems: Problems) -> RawTable | None:
    """Return a layer as a raw table; layers without shapes are plain tables."""
    found.path.open("rb").close()  # GDAL's own words for a file that may not be read are about its format
    layer = found.settings.layer
    drawn = True
    if layer is not None:
        drawn = dict(pyogrio.list_layers(found.path)).get(layer) is not None
    if drawn:
        frame = read_layer(found.path, found.settings, problems)
    else:
        frame = pyogrio.read_dataframe(found.path, layer=layer, read_geometry=False)
    if frame is None:
        return None
    geometry = frame.geometry if isinstance(frame, gpd.GeoDataFrame) and found.table.geometry else None
    attributes = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    return RawTable(
        found.settings.file,
        tuple(str(name) for name in attributes.columns),
        tuple([_text(value) for value in attributes[name]] for name in attributes.columns),
        np.arange(len(frame), dtype=np.int64) + 2,
        1,
        geometry,
    )


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def places_of(checked: CheckedTable, settings: FileSettings, problems: Problems) -> gpd.GeoSeries:
    """Return the geometry of each row on WGS 84, made from lon and lat where it has no shape.

    Parameters
    ----------
    checked
        The table.
    settings
        What was declared of its file.
    problems
        Takes what is wrong with the coordinates.
    """
    if checked.geometry is not None:
        return checked.geometry
    columns = (checked.shown("lon"), checked.shown("lat"))
    lon, lat = points_to_wgs84(
        checked.frame["lon"].to_numpy(),
        checked.frame["lat"].to_numpy(),
        settings,
        problems,
        rows=checked.rows,
        columns=columns,
    )
    placed = np.isfinite(lon) & np.isfinite(lat)
    points = np.full(len(lon), None, dtype=object)
    points[placed] = shapely.points(lon[placed], lat[placed])
    return gpd.GeoSeries(points, crs=WGS84)
