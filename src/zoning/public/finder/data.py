"""What the finder page is given: addresses, blocks, zones of each year, schools, words of the office."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version

import numpy as np
import pandas as pd
import shapely

from zoning.district import District
from zoning.errors import Language
from zoning.load.matching import addresses_of
from zoning.plan import Plan
from zoning.public.finder import facts as page_facts
from zoning.public.finder import index as page_index
from zoning.public.finder.arcs import coded_shapes
from zoning.public.finder.compact import packed, recency
from zoning.public.finder.pinyin import readings
from zoning.public.finder.shapes import Grid, coded_insides, coded_lines, coded_points, grid_of
from zoning.public.near_lines import Zone
from zoning.public.publication import Publication, PublishedYear, finder_url
from zoning.publish import colours, geometry
from zoning.publish.content import pair
from zoning.publish.context import context_lines

__all__ = ["in_page_order", "page_data"]

_MOST_POINTS = 2000
_LINES = ("river", "railway", "arterial", "main_road", "road")


def page_data(publication: Publication, *, lang: Language = "zh") -> dict[str, object]:
    """Return all that the finder page shows, ready for JSON.

    Parameters
    ----------
    publication
        What is published.
    lang
        Language that the page opens in.

    Raises
    ------
    DataError
        When the district has no addresses table.
    """
    near, publication = publication.near, in_page_order(publication)
    district, place = publication.district, publication.district.place
    addresses = addresses_of(district)
    block_ids = [str(block) for block in district.block_frame.index]
    stages = list(publication.main.plans)
    schools = _school_numbers(publication)
    shapes = geometry.display_coverage(np.asarray(district.block_frame.geometry.values, dtype=object))
    on_globe = geometry.to_wgs84(shapes, place.crs)
    grid = grid_of(shapes, on_globe)
    every = [*stages, *_other_stages(addresses, stages)]
    syllables = readings([*addresses["name"].astype(str), *district.school_frame["name"].astype(str)])
    sounds = {c: syllable for syllable in reversed(syllables) for c in syllables[syllable]}
    towns = page_index.searched_towns([str(town) for town in district.block_frame["town"]])
    town_of = [towns.index(str(town)) for town in district.block_frame["town"]]
    shared, beside = coded_shapes(on_globe, grid)
    names = page_index.names_in_order(addresses, block_ids, town_of)
    index = page_index.address_index(addresses, names, block_ids, every, schools, sounds, beside)
    return {
        "lang": lang,
        "place": pair(place.name),
        "notice": _notice(publication),
        "facts": _facts(district),
        "main": publication.main.year,
        "grid": grid.numbers,
        "blocks": {"arcs": shared,
            **_blocks(district, on_globe, grid),
            "town": packed(recency(town_of, len(towns))),
            "name": _block_names(district, addresses, names, sounds),
        },
        "lines": _lines(district, grid),
        "towns": towns,
        "addresses": index,
        "schools": _schools(publication, schools, grid),
        "stages": [_stage(publication, stage, schools) for stage in stages],
        "years": [_year(publication, one, block_ids, schools, grid, near=near) for one in publication.years],
        "palette": colours.PALETTE,
        "pinyin": syllables,
    }  # fmt: skip


def _facts(district: District) -> dict[str, str]:
    place = district.place
    return {
        "digest": place.digest[:16],
        "date": place.data_date,
        "approval": place.map_approval,
        "attribution": place.attribution,
        "version": version("zoning"),
    }


def in_page_order(publication: Publication) -> Publication:
    """Return the publication with its blocks along a curve that keeps neighbours together.

    What follows from where a block lies then changes little from one to the next, and takes little room.

    Parameters
    ----------
    publication
        What is published.
    """
    frame = publication.district.block_frame
    order = np.argsort(frame.geometry.hilbert_distance().to_numpy(), kind="stable")
    return replace(publication, district=replace(publication.district, block_frame=frame.iloc[order]))


def _other_stages(addresses: pd.DataFrame, stages: Sequence[str]) -> list[str]:
    """Return the stages that exceptions name and the page does not show: they still leave names unclear."""
    if "exception_stage" not in addresses:
        return []
    return sorted({str(stage) for stage in addresses["exception_stage"].fillna("")} - {*stages, ""})


def _school_numbers(publication: Publication) -> dict[str, int]:
    """Return the schools that the page may name, in the district's order, those that are gone at the end."""
    district = publication.district
    wanted: set[str] = set()
    for one in publication.years:
        for stage, plan in one.plans.items():
            wanted |= {*plan.school_ids, *district.schools_of(stage, one.year).index}
    table = district.table("addresses")
    if table is not None and "exception_school" in table:
        wanted |= {str(school) for school in table["exception_school"].fillna("")} - {""}
    known = [school for school in district.school_frame.index if school in wanted]
    return {school: n for n, school in enumerate([*known, *sorted(wanted - set(known))])}


def _names(district: District) -> dict[str, str]:
    """Return the school id by each name of a school; ambiguous names are left out."""
    found: dict[str, set[str]] = {}
    frame = district.school_frame
    for school, name, english in zip(frame.index, frame["name"], frame["name_en"], strict=True):
        for one in {str(name), str(english)} - {"", "nan"}:
            found.setdefault(one, set()).add(str(school))
    return {name: next(iter(ids)) for name, ids in sorted(found.items()) if len(ids) == 1}


def _notice(publication: Publication) -> dict[str, object]:
    notice = publication.district.notice
    return {
        "office": pair(notice.office),
        "phone": notice.phone,
        "url": finder_url(publication),
        "rule": pair(notice.rule),
        "transition": pair(notice.transition),
        "siblings": notice.siblings_stay,
        "disclaimer": pair(notice.disclaimer),
        "no_map_number": pair(notice.no_map_number),
        "near_m": notice.near_line_m,
    }


def _blocks(district: District, on_globe: geometry.Geometries, grid: Grid) -> dict[str, object]:
    points = np.asarray(shapely.point_on_surface(district.block_frame.geometry.to_numpy()), dtype=object)
    return {
        "n": len(on_globe),
        "at": coded_insides(on_globe, geometry.to_wgs84(points, district.place.crs), grid),
    }


def _block_names(
    district: District, addresses: pd.DataFrame, names: Sequence[str], sounds: Mapping[str, str]
) -> list[object]:
    """Return which estate or village in it a block is called after, from 1; else its own name."""
    frame = district.block_frame
    number = {name: n for n, name in enumerate(names)}
    inside: dict[str, set[str]] = {}
    places = addresses[addresses["kind"] != "street"]
    for block, name in zip(places["block_id"].astype(str), places["name"].astype(str), strict=True):
        inside.setdefault(block, set()).add(name)
    same, own, english = [], [], []
    for block, name, other in zip(frame.index, frame["name"].astype(str), frame["name_en"], strict=True):
        among = sorted(inside.get(str(block), ()), key=lambda one: number[one])
        same.append(among.index(name) + 1 if name in among else 0)
        if name not in among:
            own.append(name)
            english.append("" if other == name or not isinstance(other, str) else other)
    return [packed(same), own, page_index.coded_english(english, own, sounds)]


def _lines(district: District, grid: Grid) -> dict[str, list[str]]:
    """Return roads and water; of the roads the longest, so that they do not outweigh the addresses."""
    found, left = {}, _MOST_POINTS
    lines = context_lines(district, tolerance_m=max(12.0, 2 * grid.step_m))
    for kind in (one for one in _LINES if one in lines):
        parts = geometry.to_wgs84(lines[kind], district.place.crs)
        if kind in {"main_road", "road"}:
            longest = np.argsort(-shapely.length(parts), kind="stable")
            points = np.cumsum(shapely.get_num_coordinates(parts)[longest])
            fits = int(np.searchsorted(points, left, side="right"))
            parts, left = parts[np.sort(longest[:fits])], left - (int(points[fits - 1]) if fits else 0)
        if len(parts):
            found[kind] = coded_lines(parts, grid)
    return found


def _schools(publication: Publication, schools: Mapping[str, int], grid: Grid) -> dict[str, object]:
    district = publication.district
    known = [school for school in schools if school in district.school_frame.index]
    frame = district.school_frame.loc[known]
    points = geometry.to_wgs84(np.asarray(frame.geometry.values, dtype=object), district.place.crs)
    gone = list(schools)[len(known) :]
    texts = {
        column: [str(v) if isinstance(v, str) else "" for v in frame[column]] + [""] * len(gone)
        for column in ("name_en", "town", "phone")
    }
    return {
        "id": list(schools),
        "name": [*frame["name"].astype(str), *gone],
        **texts,
        "private": _flags(frame["ownership"] == "private", len(gone)),
        "site": _flags(frame["teaching_site"], len(gone)),
        "at": coded_points(points, grid),
    }


def _flags(values: Iterable[object], more: int) -> list[int]:
    return [int(bool(value)) for value in values] + [0] * more


def _stage(publication: Publication, name: str, schools: Mapping[str, int]) -> dict[str, object]:
    district = publication.district
    plans = [one.plans[name] for one in publication.years if name in one.plans]
    tint = colours.colour_schools(district, plans)
    return {
        "name": name,
        "label": pair(district.stage(name).label),
        "journeys": page_facts.coded_journeys(publication, name, schools),
        "colours": [tint.get(school, 0) for school in schools],
    }


def _year(
    publication: Publication,
    one: PublishedYear,
    block_ids: Sequence[str],
    schools: Mapping[str, int],
    grid: Grid,
    *,
    near: Mapping[tuple[str, int], Iterable[tuple[str, Zone]]],
) -> dict[str, object]:
    """Return the zones of a year; of the year beside the published one what differs from it."""
    district, main = publication.district, publication.main
    stages: dict[str, object] = {}
    names = {name: schools[school] for name, school in _names(district).items() if school in schools}
    for stage, plan in one.plans.items():
        beside = None if one is main else main.plans.get(stage)
        reasons = one.reasons.get(stage)
        seats = _seats(district, stage, one.year, schools)
        as_main = beside is not None and seats == _seats(district, stage, main.year, schools)
        labels = _labels(district, plan, schools, grid)
        if beside is not None:
            same = _labels(district, beside, schools, grid)
            labels = [label for label in labels if label not in same]
        other = None if beside is None else dict(beside.rows)
        zones = page_facts.coded_zones(dict(plan.rows), block_ids, schools, other)
        stages[stage] = {
            "digest": plan.digest[:16],
            **zones,
            "near": page_facts.coded_near(near[stage, one.year], block_ids, schools, zones["zones"]),
            "labels": packed(value for label in labels for value in label),
            "seats": None if as_main else packed(value for row in seats for value in row),
            "reasons": None if reasons is None else page_facts.coded_reasons(reasons, block_ids, names),
        }
    return {"year": one.year, "stages": stages}


def _labels(district: District, plan: Plan, schools: Mapping[str, int], grid: Grid) -> list[list[int]]:
    """Return where the names of zones stand: number of the school and steps on the grid."""
    spots = geometry.label_points(geometry.own_blocks(district, plan), district.place.crs)
    steps = grid.steps(np.asarray(list(spots.values()), dtype=np.float64).reshape(-1, 2))
    return [[schools[school], x, y] for school, (x, y) in zip(spots, steps, strict=True)]


def _seats(district: District, stage: str, year: int, schools: Mapping[str, int]) -> list[list[int]]:
    """Return the schools that take pupils of a stage in a year with their seats."""
    offered = district.schools_of(stage, year)["capacity"]
    return [
        [schools[str(school)], round(float(seats))]
        for school, seats in offered.items()
        if str(school) in schools and math.isfinite(seats)
    ]
