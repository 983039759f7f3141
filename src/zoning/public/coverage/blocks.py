"""Whether every block of one stage and year is in exactly one zone, or in one declared shared zone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

import numpy as np
import shapely

from zoning.district import District
from zoning.errors import DataError
from zoning.evaluate import coverage_faults, detached_parts
from zoning.evaluate.allocation import at_known_schools
from zoning.evaluate.coverage import SMALLEST_FAULT_M2
from zoning.plan import Plan
from zoning.public.coverage.findings import Finding
from zoning.public.near_lines import Near, Zone

__all__ = ["check_plan", "declared_shares", "school_fault", "source_gaps"]

_STRIP_M: Final = 60.0
"""Widest strip between blocks that is told as a gap: a road or a stream that no block has."""
_KINDS: Final = {"unassigned": "block_without", "overlap": "overlap", "hole": "source_hole"}


def check_plan(
    district: District, plan: Plan, *, near: Mapping[tuple[str, Zone], Near], gaps: Sequence[Finding]
) -> list[Finding]:
    """Return everything found in the blocks and schools of a plan.

    Parameters
    ----------
    district
        The district.
    plan
        The plan of one stage and year.
    near
        Blocks of the plan near other zones of it, as :func:`zoning.public.near_lines.near_zones` finds them.
    gaps
        What :func:`source_gaps` finds; it is the same for every plan of the district.
    """
    known = at_known_schools(district, plan)
    return [
        *_unknown_blocks(district, plan),
        *_schools(district, plan),
        *_shared(district, plan),
        *_geometry(district, known),
        *gaps,
        *_detached(district, known),
        *_near_lines(near),
    ]


def declared_shares(district: District, stage: str, year: int) -> frozenset[tuple[str, ...]]:
    """Return the sets of schools that share a zone by declaration: options of the stage, zones table.

    Parameters
    ----------
    district
        The district.
    stage
        Name of the stage.
    year
        School year of the plan; rows of that year, of the present one and of none declare.

    Examples
    --------
    >>> import zoning
    >>> county = zoning.sample_district()
    >>> sorted(len(schools) for schools in declared_shares(county, "primary", 2027))
    [2]
    """
    found = {tuple(sorted(set(group))) for group in district.zone_options(stage).shared}
    for when in (district.place.year, year):
        with suppress(DataError):
            current = Plan.current(district, stage=stage, year=when)
            found |= {schools for _, schools in current.rows if len(schools) > 1}
    return frozenset(found)


def school_fault(district: District, school_id: str, *, stage: str, year: int) -> str:
    """Return what keeps a school from taking the pupils of a stage and year; empty when nothing does.

    Examples
    --------
    >>> import zoning
    >>> county = zoning.sample_district()
    >>> [school_fault(county, one, stage="primary", year=2027) for one in ("P001", "K001", "X")]
    ['', 'school_unserved', 'school_unknown']
    """
    if school_id not in district.school_frame.index:
        return "school_unknown"
    school = district.school_frame.loc[school_id]
    seats = school.get(f"capacity_{stage}", float("nan"))
    if school["opens"] > year or school["closes"] <= year:
        return "school_closed"
    if not seats >= 0:
        return "school_unserved"
    return "" if seats > 0 else "school_no_seats"


def _unknown_blocks(district: District, plan: Plan) -> Iterator[Finding]:
    known = set(district.block_frame.index)
    for block_id, schools in plan.rows:
        if block_id not in known:
            yield Finding("block_unknown", block_id=block_id, school_id=";".join(schools))


def _schools(district: District, plan: Plan) -> Iterator[Finding]:
    for school_id, blocks in plan.zones().items():
        kind = school_fault(district, school_id, stage=plan.stage, year=plan.year)
        if kind:
            yield Finding(kind, school_id=school_id, block_id=blocks[0], count=len(blocks))


def _shared(district: District, plan: Plan) -> Iterator[Finding]:
    """Yield blocks of several schools that nobody declared, and each declared shared zone with its blocks."""
    declared = declared_shares(district, plan.stage, plan.year)
    held = Counter(schools for _, schools in plan.rows if schools in declared)
    for block_id, schools in plan.rows:
        if len(schools) > 1 and schools not in declared:
            yield Finding("shared_undeclared", block_id=block_id, school_id=";".join(schools))
    for schools, count in held.items():
        yield Finding("shared_zone", school_id=";".join(schools), count=count)


def _geometry(district: District, plan: Plan) -> Iterator[Finding]:
    faults = coverage_faults(district, plan)
    shapes = faults.geometry.to_numpy()
    columns = (faults["kind"], faults["block_id"], faults["other_id"], faults["area_m2"], shapes)
    for kind, block, other, area, shape in zip(*columns, strict=True):
        place = shape if kind != "unassigned" else shapely.point_on_surface(shape)
        value = None if kind == "unassigned" else float(area)
        yield Finding(_KINDS[kind], block_id=str(block), other_id=str(other), value=value, shape=place)


def source_gaps(district: District) -> Iterator[Finding]:
    """Yield the strips between blocks that are open to the outside; enclosed ones are holes.

    Parameters
    ----------
    district
        The district.
    """
    union = shapely.union_all(np.asarray(district.block_frame.geometry.values, dtype=object))
    around = shapely.get_exterior_ring(shapely.get_parts(union))
    whole = shapely.union_all(shapely.polygons(around))
    closed = shapely.buffer(
        shapely.buffer(whole, _STRIP_M / 2, join_style="mitre"), -_STRIP_M / 2, join_style="mitre"
    )
    for strip in shapely.get_parts(shapely.difference(closed, whole)):
        if strip.area >= SMALLEST_FAULT_M2 and strip.length > 2 * _STRIP_M:
            yield Finding("source_gap", value=float(strip.area), shape=strip)


def _detached(district: District, plan: Plan) -> Iterator[Finding]:
    for part in detached_parts(district, plan):
        first = part.block_ids[0]
        yield Finding("detached", school_id=part.school_id, block_id=first, count=len(part.block_ids))


def _near_lines(near: Mapping[tuple[str, Zone], Near]) -> Iterator[Finding]:
    """Yield each block near another zone, with the block of the one that most of its ground is near."""
    most: dict[str, Near] = {}
    for (block, _), one in near.items():
        most[block] = max(most.get(block, one), one)
    for block, (share, other) in most.items():
        yield Finding("near_line", block_id=block, other_id=other, value=100 * share)
