"""Layers: polygons, lines and points of any file a GIS writes, on WGS 84, with attributes as text."""

import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError
from shapely.errors import GEOSException

from zoning import messages, units
from zoning.errors import Problems
from zoning.load.coordinates import row_list
from zoning.load.crs import shapes_to_wgs84
from zoning.load.settings import FileSettings
from zoning.load.shapefile import RAW, decode, encoding_of, missing_parts

SUFFIXES: Final = (".gpkg", ".parquet", ".geoparquet", ".geojson", ".json", ".shp")
"""Endings of the files that are read as layers."""
_CURVED: Final = frozenset(
    {"CIRCULARSTRING", "COMPOUNDCURVE", "CURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "SURFACE"}
)
LONG_NAMES: Final = ("place_class",)
"""Columns of layers whose names a Shapefile cannot hold."""
_INTEGER_LIMIT: Final = 2.0**63


def read_layer(
    path: Path,
    settings: FileSettings,
    problems: Problems,
    *,
    layer: str | None = None,
) -> gpd.GeoDataFrame | None:
    """Return a layer on WGS 84 with every attribute as text; None when it cannot be read.

    Parameters
    ----------
    path
        GeoPackage, GeoParquet, GeoJSON or Shapefile.
    settings
        What has been declared about the file.
    problems
        Takes everything that is found.
    layer
        Layer to read where the file has several; None for its only one.

    Returns
    -------
    GeoDataFrame or None
        Columns as in the file, text or None, in the file's order of rows (index 0 … n-1; messages count
        from row 2), and ``geometry`` in EPSG:4326, without heights.
    """
    frame = _read(path, settings, problems, layer=layer or settings.layer)
    if frame is None:
        return None
    if len(frame) == 0:
        problems.add(messages.problem("load_layers.empty", file=settings.file))
        return None
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if path.suffix.lower() == ".shp":
        decoded = _decode_all(attributes, path, settings, problems)
        if decoded is None:
            return None
        attributes = decoded
    texts = {str(name): _as_text(attributes.iloc[:, i]) for i, name in enumerate(attributes.columns)}
    shapes = _clean_shapes(np.asarray(frame.geometry.values, dtype=np.object_), settings, problems)
    placed = shapes_to_wgs84(shapes, _crs_of(frame), settings, problems)
    if placed is None:
        return None
    columns = pd.DataFrame(texts, index=pd.RangeIndex(len(frame)), dtype=object)
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(placed), crs=units.WGS84)


def _read(
    path: Path,
    settings: FileSettings,
    problems: Problems,
    *,
    layer: str | None,
) -> gpd.GeoDataFrame | None:
    """Return what the file holds, undecoded if it is a Shapefile; None with the reason reported."""
    suffix = path.suffix.lower()
    if suffix == ".shp" and missing_parts(path, problems, file=settings.file):
        return None
    if suffix in {".parquet", ".geoparquet"}:
        return _read_parquet(path, settings, problems)
    try:
        with warnings.catch_warnings():
            # GDAL's remarks (rings wound the other way, types not as announced) on what it puts right itself;
            # and measured coordinates (M), which are left out like heights.
            warnings.filterwarnings("ignore", category=RuntimeWarning)
            warnings.filterwarnings("ignore", message="Measured")
            chosen = _choose_layer(path, settings, problems, layer=layer)
            if chosen is None:
                return None
            options = {"encoding": RAW} if suffix == ".shp" else {}
            return pyogrio.read_dataframe(path, layer=chosen, **options)
    except (
        DataSourceError,
        DataLayerError,
        UnicodeDecodeError,
        ProjError,
        GEOSException,
        ValueError,
        sqlite3.Error,
    ) as error:
        _unreadable(error, settings, problems)
        return None


def _choose_layer(
    path: Path,
    settings: FileSettings,
    problems: Problems,
    *,
    layer: str | None,
) -> str | None:
    every = pyogrio.list_layers(path)
    drawn = [str(name) for name, kind in every if kind is not None]
    if layer is None:
        by_name = [name for name in drawn if name == path.stem]
        if len(drawn) != 1 and len(by_name) != 1:
            code = "load_layers.several_layers" if drawn else "load_layers.no_geometry"
            problems.add(messages.problem(code, file=settings.file, layers=", ".join(drawn)))
            return None
        layer = drawn[0] if len(drawn) == 1 else by_name[0]
    elif layer not in drawn:
        code = (
            "load_layers.no_geometry" if layer in {str(name) for name, _ in every} else "load_layers.no_layer"
        )
        problems.add(messages.problem(code, file=settings.file, value=layer, layers=", ".join(drawn)))
        return None
    kind = _curved(path, layer)
    if kind:
        problems.add(
            messages.problem("load_layers.curves", file=settings.file, kind=kind, severity="warning")
        )
    return layer


def _curved(path: Path, layer: str) -> str:
    """Return the type of a GeoPackage layer of curves, empty for any other; the reader does not say it."""
    if path.suffix.lower() != ".gpkg":
        return ""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
        query = "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?"
        kinds = base.execute(query, [layer]).fetchall()
    return next((str(kind) for (kind,) in kinds if str(kind).upper() in _CURVED), "")


def _read_parquet(path: Path, settings: FileSettings, problems: Problems) -> gpd.GeoDataFrame | None:
    try:
        return gpd.read_parquet(path)
    except (GEOSException, ValueError, OSError, KeyError) as error:  # pyarrow raises the middle two
        _unreadable(error, settings, problems)
        return None


def _unreadable(error: Exception, settings: FileSettings, problems: Problems) -> None:
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    problems.add(messages.problem("load_layers.unreadable", file=settings.file, reason=reason))


def _crs_of(frame: gpd.GeoDataFrame) -> CRS | None:
    return None if frame.crs is None else CRS.from_user_input(frame.crs)


def _decode_all(
    attributes: pd.DataFrame,
    path: Path,
    settings: FileSettings,
    problems: Problems,
) -> pd.DataFrame | None:
    """Return the attributes of a Shapefile decoded, None after asking for the encoding."""
    is_text = [not pd.api.types.is_numeric_dtype(kind) for kind in attributes.dtypes]
    raw = [str(name).encode(RAW) for name in attributes.columns]
    for i in np.flatnonzero(is_text).tolist():
        values = attributes.iloc[:, i].dropna().unique()
        raw += [value.encode(RAW) for value in values if isinstance(value, str)]
    encoding = encoding_of(path, raw, settings, problems)
    if encoding is None:
        return None

    def read(value: object) -> object:
        return decode(value.encode(RAW), encoding) if isinstance(value, str) else value

    decoded = {
        _whole_name(str(read(str(name)))): attributes.iloc[:, i].astype(object).map(read)
        if is_text[i]
        else attributes.iloc[:, i]
        for i, name in enumerate(attributes.columns)
    }
    return pd.DataFrame(decoded)


def _whole_name(name: str) -> str:
    """Return the name of a column as it was before a Shapefile cut it at ten letters."""
    return next((whole for whole in LONG_NAMES if name.lower() == whole[:10]), name)


def _as_text(values: "pd.Series[Any]") -> list[str | None]:
    """Return a column as it would be typed: whole numbers without a point, dates as YYYY-MM-DD, else None."""
    return [_cell_text(value) for value in values.astype(object).tolist()]


def _cell_text(value: object) -> str | None:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < _INTEGER_LIMIT:
        return str(int(value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    return str(value)


def _clean_shapes(
    shapes: npt.NDArray[np.object_],
    settings: FileSettings,
    problems: Problems,
) -> npt.NDArray[np.object_]:
    """Return geometries without heights; report rows that have none."""
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if nothing.any():
        rows = np.flatnonzero(nothing) + 2
        problems.add(
            messages.problem(
                "load_layers.no_shape",
                file=settings.file,
                row=int(rows[0]),
                column="geometry",
                rows=row_list(rows),
            )
        )
    if shapely.has_z(shapes).any():
        problems.add(messages.problem("load_layers.heights", file=settings.file, severity="warning"))
    flat = np.asarray(shapely.force_2d(shapes), dtype=np.object_)
    flat[nothing] = None
    return flat
