"""Open data: a GeoPackage that QGIS opens in colour, GeoJSON, and a table for Excel."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from zoning import messages
from zoning.district import District, grade_label
from zoning.errors import Language, Text
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.publish import geometry, qgis
from zoning.publish.colours import colour_schools
from zoning.publish.plans import name_column
from zoning.publish.result import StageResult
from zoning.publish.stages import journey_s
from zoning.travel import TravelTimes

__all__ = ["assignment_table", "forecast_table", "result_table", "write_geojson", "write_geopackage"]

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


def _zone_names(district: District, keys: "pd.Series[str]", lang: Language) -> list[str]:
    names = dict(zip(district.school_frame.index, name_column(district.school_frame, lang), strict=True))
    joint = "、" if lang == "zh" else ", "
    return [joint.join(names[school] for school in key.split(";")) for key in keys]


def named_zones(district: District, plan: Plan) -> gpd.GeoDataFrame:
    """Return the zones with ``stage``, ``year``, ``name``, ``name_en`` and ``blocks``, in the metric CRS."""
    zones = geometry.zones_of(district, plan)
    zones.insert(0, "stage", plan.stage)
    zones.insert(1, "year", plan.year)
    zones.insert(3, "name", _zone_names(district, zones["school_id"], "zh"))
    zones.insert(4, "name_en", _zone_names(district, zones["school_id"], "en"))
    return zones


def write_geopackage(
    path: Path,
    district: District,
    result: StageResult,
    *,
    lang: Language = "zh",
) -> Path:
    """Write ``zones_<stage>``, ``blocks``, ``schools`` in the metric CRS, with styles that QGIS applies.

    Parameters
    ----------
    path
        The file; must not exist.
    district
        The district.
    result
        The plan; travel times give each block's minutes, the plan in force gives ``school_before``.
    lang
        Language of the names in the legend; the tables have both.
    """
    plan, against = result.plan, result.against
    zones = named_zones(district, plan)
    colours = colour_schools(district, [p for p in (plan, against) if p is not None])
    layer = f"zones_{plan.stage}"
    blocks = district.blocks[["name", "name_en", "town", "place_class", "geometry"]]
    table = result_table(district, result)
    columns = ("school_id", "school_before", "minutes", "reason", "reason_en")
    blocks = blocks.assign(**{column: table[column].to_numpy() for column in columns})
    schools = district.schools_of(plan.stage, plan.year)
    schools = schools[["name", "name_en", "town", "ownership", "teaching_site", "capacity", "geometry"]]
    for name, frame in ((layer, zones), ("blocks", blocks.reset_index()), ("schools", schools.reset_index())):
        kind = "Point" if name == "schools" else "MultiPolygon"
        pyogrio.write_dataframe(
            frame, path, layer=name, driver="GPKG", geometry_type=kind, promote_to_multi=kind != "Point",
            dataset_options={"VERSION": "1.3"},  # what QGIS since 3.22 reads without a warning
        )  # fmt: skip
    names = dict(zip(zones["school_id"], zones["name" if lang == "zh" else "name_en"], strict=True))
    styles = {
        layer: qgis.zones_style(names, colours),
        "blocks": qgis.blocks_style(),
        "schools": qgis.school_points_style(),
    }
    qgis.add_styles(path, styles)
    return path


def write_geojson(path: Path, district: District, plan: Plan) -> Path:
    """Write the zones as GeoJSON after RFC 7946: WGS 84, outer rings anticlockwise, 6 decimals."""
    zones = named_zones(district, plan)
    flat = geometry.to_wgs84(np.asarray(zones.geometry.values, dtype=object), district.place.crs)
    shapes = shapely.orient_polygons(shapely.set_precision(flat, 1e-6), exterior_cw=False)
    frame = gpd.GeoDataFrame(zones.drop(columns="geometry"), geometry=shapes, crs="EPSG:4326")
    pyogrio.write_dataframe(
        frame,
        path,
        driver="GeoJSON",
        layer=f"zones_{plan.stage}",
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": "6", "WRITE_NAME": "NO"},
    )
    return path


def assignment_table(
    district: District,
    plan: Plan,
    *,
    times: TravelTimes | None = None,
    against: Plan | None = None,
) -> pd.DataFrame:
    """Return one row a block, in the district's order, names and reasons in both languages.

    Columns ``block_id``, ``name``, ``name_en``, ``town``, ``stage``, ``year``, ``school_id`` (ids of a shared
    zone joined by ``;``, empty without a zone), ``school_name``, ``school_name_en``, ``minutes`` (NaN when
    unknown), ``school_before``, ``reason``, ``reason_en``.
    """
    frame = district.block_frame
    found = plan.series().reindex(frame.index).fillna("")
    before = found.map(lambda _: "") if against is None else against.series().reindex(frame.index).fillna("")
    keys = found[found != ""].drop_duplicates()
    names, english = (dict(zip(keys, _zone_names(district, keys, lang), strict=True)) for lang in _LANGUAGES)
    reasons = [
        _reason(now, old, compared=against is not None) for now, old in zip(found, before, strict=True)
    ]
    seconds = np.full(len(frame), np.nan) if times is None else journey_s(plan, times)
    return pd.DataFrame(
        {
            "block_id": frame.index.astype("str"),
            "name": name_column(frame, "zh").to_numpy(),
            "name_en": name_column(frame, "en").to_numpy(),
            "town": frame["town"].to_numpy(),
            "stage": plan.stage,
            "year": plan.year,
            "school_id": found.to_numpy(),
            "school_name": [names.get(key, "") for key in found],
            "school_name_en": [english.get(key, "") for key in found],
            "minutes": np.round(seconds / 60, 1),
            "school_before": before.to_numpy(),
            "reason": [reason.zh for reason in reasons],
            "reason_en": [reason.en for reason in reasons],
        },
    )


def result_table(district: District, result: StageResult) -> pd.DataFrame:
    """Return the assignment table of a result; why each block has its school where that is known."""
    table = assignment_table(district, result.plan, times=result.times, against=result.against)
    reasons = result.explained
    said = {
        column: [
            reasons[block].text.of(lang) if block in reasons else plain
            for block, plain in zip(table["block_id"], table[column], strict=True)
        ]
        for column, lang in zip(("reason", "reason_en"), _LANGUAGES, strict=True)
    }
    return table.assign(**said)


def _reason(now: str, before: str, *, compared: bool) -> Text:
    if not now:
        return messages.text("publish.reason_none")
    if compared and now != before:
        return messages.text("publish.reason_moved" if before else "publish.reason_new")
    if ";" in now:
        return messages.text("publish.reason_shared")
    return messages.text("publish.reason_kept") if compared else Text("", "")


def forecast_table(district: District, demand: Forecast) -> pd.DataFrame:
    """Return the expected children by block, grade and year: one row each, children to 2 decimals.

    Columns ``block_id``, ``name``, ``town``, ``grade`` (K1 to 12), ``year``, ``children``.
    """
    frame = demand.frame()
    blocks = district.block_frame
    place = blocks.index.get_indexer(pd.Index(frame["block_id"]))
    return pd.DataFrame(
        {
            "block_id": frame["block_id"],
            "name": blocks["name"].to_numpy()[place],
            "town": blocks["town"].to_numpy()[place],
            "grade": frame["grade"].map(grade_label),
            "year": frame["year"],
            "children": frame["children"].round(2),
        },
    )
