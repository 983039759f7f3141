"""Roads, railways and water behind the zones, from the district's own data: no tiles, no boundary."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from zoning import units
from zoning.district import District

__all__ = ["context_lines"]

_MAIN: Final = ("motorway", "trunk", "primary", "secondary")
_OTHER: Final = ("tertiary", "unclassified")
_WATER: Final = ("river", "canal")
_MOST_LINES: Final = 4000


def context_lines(district: District, *, tolerance_m: float = 12.0) -> dict[str, np.ndarray]:
    """Return lines to draw behind the zones, by kind, in the district's metric CRS.

    Kinds are those of the barriers table (``river``, ``railway``, ``arterial``, ``wall``), and ``main_road``
    and ``road`` from the street map.

    Parameters
    ----------
    district
        The district.
    tolerance_m
        Simplification, metres.
    """
    found: dict[str, list[shapely.Geometry]] = {}
    barriers = district.table("barriers")
    if barriers is not None:
        for kind, geometry in zip(barriers["kind"], barriers["geometry"], strict=True):
            found.setdefault(str(kind), []).append(geometry)
    frame = shapely.box(*shapely.total_bounds(np.asarray(district.block_frame.geometry.values)))
    for kind, lines in _streets(district.streets, district.place.crs).items():
        if kind not in found:
            found[kind] = [line for line in lines if shapely.intersects(line, frame)]
    return {kind: _light(lines, tolerance_m) for kind, lines in found.items() if lines}


def _light(lines: list[shapely.Geometry], tolerance_m: float) -> np.ndarray:
    flat = np.asarray(lines, dtype=object)
    flat = np.where(shapely.get_dimensions(flat) == 2, shapely.boundary(flat), flat)
    merged = shapely.line_merge(shapely.union_all(flat))
    parts = shapely.simplify(shapely.get_parts(merged), tolerance_m)
    longest = np.argsort(-shapely.length(parts), kind="stable")[:_MOST_LINES]
    return np.asarray(parts[np.sort(longest)])


def _streets(path: Path | None, crs: CRS) -> dict[str, list[shapely.Geometry]]:
    if path is None or path.suffix.lower() not in {".osm", ".pbf"}:
        return {}
    try:
        lines = pyogrio.read_dataframe(
            path, layer="lines", columns=["highway", "waterway", "railway", "other_tags"]
        )
    except (DataSourceError, DataLayerError, ValueError):
        return {}  # context only: travel has reported the file already
    lines = gpd.GeoDataFrame(lines, geometry="geometry", crs=units.WGS84).to_crs(crs)
    # Older GDAL has no column of its own for railways.
    rail = lines["other_tags"].astype("str").str.contains('"railway"=>"rail"', regex=False, na=False)
    if "railway" in lines:
        rail |= lines["railway"] == "rail"
    chosen = {
        "main_road": lines["highway"].isin(_MAIN),
        "road": lines["highway"].isin(_OTHER),
        "river": lines["waterway"].isin(_WATER),
        "railway": rail,
    }
    return {kind: list(lines.geometry[mask]) for kind, mask in chosen.items() if mask.any()}
