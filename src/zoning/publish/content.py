"""What the atlas page is given: blocks once, then each stage's figures by block and school."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

import numpy as np
import shapely

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.publish import colours, geometry
from zoning.publish.context import context_lines
from zoning.publish.result import StageResult
from zoning.publish.stages import stage_content

__all__ = ["page_content", "pair"]


def pair(text: Text) -> list[str]:
    """Return a sentence as the page holds it: English, Chinese."""
    return [text.en, text.zh]


def page_words() -> dict[str, list[str]]:
    """Return every word of the page in both languages by key, ``{name}`` left for the page to fill in."""
    source = files("zoning.messages") / "catalogue" / "publish_atlas.toml"
    keys = tomllib.loads(source.read_text(encoding="utf-8"))
    return {key: pair(messages.text(f"publish_atlas.{key}")) for key in keys}


def page_content(
    district: District,
    results: Sequence[StageResult],
    demand: Forecast | None,
    *,
    lang: Language = "zh",
) -> dict[str, object]:
    """Return all that the page shows, ready for JSON.

    Parameters
    ----------
    district
        The district.
    results
        One a stage.
    demand
        Children by block, grade and year; None leaves out what needs it.
    lang
        Language that the page opens in.
    """
    plans: list[Plan] = [p for r in results for p in (r.plan, r.against) if p is not None]
    shown = geometry.display_coverage(np.asarray(district.block_frame.geometry.values, dtype=object))
    on_globe = geometry.to_wgs84(shown, district.place.crs)
    origin = geometry.origin_of([float(value) for value in shapely.total_bounds(on_globe)[:2]])
    lines = context_lines(district)
    place = district.place
    return {
        "lang": lang,
        "place": pair(place.name),
        "map_approval": place.map_approval,
        "data_date": place.data_date,
        "attribution": place.attribution,
        "digest": place.digest[:16],
        "hide_below": district.policy.hide_below,
        "ui": page_words(),
        "palette": colours.PALETTE,
        "scales": {"use": {"breaks": colours.USE_BREAKS, "colours": colours.USE}},
        "scale": geometry.SCALE,
        "origin": origin,
        "years": [] if demand is None else list(demand.years),
        "context": {
            kind: geometry.encode_lines(geometry.to_wgs84(parts, place.crs), origin)
            for kind, parts in lines.items()
        },
        **_blocks(district, on_globe, origin),
        "schools": _schools(district),
        "stages": _stages(district, results, demand, plans),
        "findings": [[p.sentence("en"), p.sentence("zh")] for p in district.findings],
    }


def _stages(
    district: District,
    results: Sequence[StageResult],
    demand: Forecast | None,
    plans: Sequence[Plan],
) -> list[dict[str, object]]:
    found = []
    for result in results:
        of_stage = [plan for plan in plans if plan.stage == result.plan.stage]
        colour = colours.colour_schools(district, of_stage)
        content = stage_content(district, _without_gone(district, result), demand, colour=colour)
        notes = [
            *(result.proposal.notes if result.proposal else ()),
            *(result.times.notes if result.times else ()),
        ]
        content["notes"] = [pair(text) for text in dict.fromkeys([*notes, *(demand.notes if demand else ())])]
        content["rules"] = [pair(text) for text in (result.proposal.rules if result.proposal else ())]
        found.append(content)
    return found


def _without_gone(district: District, result: StageResult) -> StageResult:
    """Return the result with an older plan of schools that still exist: the page has no others to show."""
    old, known = result.against, set(district.school_frame.index)
    if old is None or known.issuperset(old.school_ids):
        return result
    held = {block: kept for block, schools in old.rows if (kept := [s for s in schools if s in known])}
    return replace(result, against=Plan.of(old.stage, old.year, held))


def _blocks(district: District, shapes: np.ndarray, origin: tuple[int, int]) -> dict[str, object]:
    frame = district.block_frame
    towns = list(dict.fromkeys(frame["town"]))
    number = {town: n for n, town in enumerate(towns)}
    members = {town: np.asarray(frame.geometry[frame["town"] == town].values, dtype=object) for town in towns}
    points = geometry.label_points(members, district.place.crs)
    return {
        "towns": towns,
        "town_points": [points[town] for town in towns],
        "blocks": {
            "id": frame.index.to_list(),
            "name": frame["name"].to_list(),
            "name_en": frame["name_en"].to_list(),
            "town": [number[town] for town in frame["town"]],
            "place": frame["place_class"].to_list(),
            "rings": geometry.encode_polygons(shapes, origin),
        },
    }


def _schools(district: District) -> dict[str, object]:
    frame = district.school_frame
    points = geometry.to_wgs84(np.asarray(frame.geometry.values, dtype=object), district.place.crs)
    lon_lat = shapely.get_coordinates(points).round(5)
    return {
        "id": frame.index.to_list(),
        "name": frame["name"].to_list(),
        "name_en": frame["name_en"].to_list(),
        "town": frame["town"].to_list(),
        "private": (frame["ownership"] == "private").to_list(),
        "site": frame["teaching_site"].astype(bool).to_list(),
        "lon": lon_lat[:, 0].tolist(),
        "lat": lon_lat[:, 1].tolist(),
    }
