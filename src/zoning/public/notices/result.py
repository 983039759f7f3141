"""The result: schools, seats and children in numbers that may be shown, and what changed."""

import numpy as np

from zoning import messages
from zoning.errors import Text
from zoning.evaluate.allocation import allocate
from zoning.plan import Plan
from zoning.public.ledger.counts import count_children, followers, left_out
from zoning.public.ledger.values import Ledger, StageLedger
from zoning.public.notices.method import contact_sections
from zoning.public.notices.parts import Section, as_heading
from zoning.public.publication import Publication
from zoning.public.sheets.content import school_name
from zoning.units import school_year

__all__ = ["result_sections"]

_PLAIN = Text("–", "–")


def result_sections(publication: Publication, ledger: Ledger) -> tuple[Section, ...]:
    """Return a section a stage, and how to ask and object.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger.
    """
    found = [_of_stage(publication, stage, ledger) for stage in publication.main.plans]
    return (*found, *contact_sections(publication))


def _of_stage(publication: Publication, stage: str, ledger: Ledger) -> Section:
    district, plan = publication.district, publication.main.plans[stage]
    shared = sum(len(schools) > 1 for _, schools in plan.rows)
    missing = len(district.block_frame) - len(plan)
    lines = [
        messages.text(
            "public_print.result_counts",
            schools=len(plan.school_ids),
            blocks=f"{len(plan):,}",
            shared=f"{shared:,}",
        )
    ]
    if missing:
        lines.append(messages.text("public_print.result_missing", blocks=f"{missing:,}"))
    lines += _changes(publication, stage, ledger)
    children = zone_children(publication, stage, ledger)
    seats = district.schools_of(stage, plan.year)["capacity"]
    zones = plan.zones()
    heads = [
        messages.text("public_print.head_school"),
        messages.text("public_print.head_blocks"),
        messages.text("public_print.head_seats"),
    ]
    heads += [messages.text("public_print.head_children")] if children else []
    rows = []
    for number, school in enumerate(plan.school_ids):
        seat = float(seats.get(school, np.nan))
        row = [school_name(publication, school), _number(len(zones[school])), _number(seat)]
        row += [_shown(children[number], district.policy.hide_below)] if children else []
        rows.append(tuple(row))
    if children:
        lines += left_out(district, plan, _compared(publication, stage, ledger)[1])
        lines.append(messages.text("public_print.result_hidden", least=district.policy.hide_below))
    return Section(as_heading(district.stage(stage).label), tuple(lines), tuple(heads), tuple(rows))


def zone_children(publication: Publication, stage: str, ledger: Ledger) -> list[int | None]:
    """Return the children of each school's zone in the published year, None where a small count is hidden.

    They are the children that the ledger counts, and what it hides no other file may tell. Empty where nobody
    forecast children.
    """
    plan, district = publication.main.plans[stage], publication.district
    told, before = _compared(publication, stage, ledger)
    pupils = followers(district, publication.demand, plan, before)
    if pupils is None:
        return []
    if told is None:
        counts = count_children(district, (plan, plan), (), pupils, ())
        return [counts.of("zone", school) for school in plan.school_ids]
    children = allocate(district, plan).by_school(pupils, len(district.school_frame))
    at = district.school_frame.index.get_indexer(list(plan.school_ids))
    return [
        None if school in told.hidden_zones else count
        for school, count in zip(plan.school_ids, np.rint(children[at]).astype(int).tolist(), strict=True)
    ]


def _compared(publication: Publication, stage: str, ledger: Ledger) -> tuple[StageLedger | None, Plan | None]:
    """Return the ledger of a stage in which children are counted, and the zones before; None without."""
    told = next((one for one in ledger.stages if one.stage == stage and one.counted), None)
    return told, publication.other.plans[stage] if told and publication.other else None


def _changes(publication: Publication, stage: str, ledger: Ledger) -> list[Text]:
    other, demand = publication.other, publication.demand
    if other is None or stage not in other.plans:
        return []
    plan, before = publication.main.plans[stage], other.plans[stage]
    year = school_year(other.year)
    blocks = len(plan.diff(before))
    if not blocks:
        return [messages.text("public_print.result_same", year=year)]
    rows = sum(
        named.kind != "area"
        for change in publication.lists.changed(stage, by_block=True)  # the rows of the list of addresses
        for named in change.names
    )
    fields = {"blocks": f"{blocks:,}", "rows": f"{rows:,}", "main": publication.main.year}
    lines = [messages.text("public_print.result_changed_rows", year=year, **fields)]
    if demand is not None and plan.year in demand.years:
        # What the ledger hides no other file may tell, and what it tells is the same number.
        moved = ledger[stage].total.children_moved
        children = _shown(moved, publication.district.policy.hide_below)
        lines.append(messages.text("public_print.result_moved", children=children))
    return lines


def _shown(count: int | None, least: int) -> Text:
    if count is None:
        return messages.text("public_print.not_shown")
    return Text(f"< {least}", f"< {least}") if 0 < count < least else _number(count)


def _number(value: float) -> Text:
    if not np.isfinite(value):
        return _PLAIN
    return Text(f"{value:,.0f}", f"{value:,.0f}")
