"""One stage in the report for the office: scorecard with verdicts, proof, seats, journeys, changes."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from zoning import messages
from zoning.errors import Language, Text
from zoning.evaluate import Measure, school_loads
from zoning.load.records import PlanRecord
from zoning.public.counts import safe_counts
from zoning.public.notices.parts import as_heading, in_a_row
from zoning.public.publication import Publication
from zoning.public.sheets.content import names_of, school_name
from zoning.publish.printed import measure_text
from zoning.publish.stages import journey_s
from zoning.units import school_year

__all__ = ["stage_report"]

_BANDS_MIN: Final = (10, 20, 30, 45, 60, 90)
_MOST_PAIRS: Final = 40
_MOST_YEARS: Final = 4
_FULL: Final = 1.0 + 1e-9
_Load = tuple[float, float, float]
"""Pupils, seats and utilisation of a school in a year."""


def stage_report(
    publication: Publication, stage: str, record: PlanRecord | None, lang: Language
) -> dict[str, object]:
    """Return what the report says of one stage, ready for the template.

    Parameters
    ----------
    publication
        What is published.
    stage
        The stage.
    record
        What was proved of its plan; None for nothing.
    lang
        Language.
    """
    card = publication.main.cards.get(stage)
    measures = [] if card is None else list(card)
    verdicts = [_verdict(m) for m in measures]
    return {
        "label": as_heading(publication.district.stage(stage).label).of(lang),
        "digest": publication.main.plans[stage].digest[:16],
        "sums": [
            [kind, messages.text(f"public_print.sum_{kind}", count=verdicts.count(kind)).of(lang)]
            for kind in ("ok", "not", "advice")
        ],
        "badge": messages.text("public_print.badge_advice").of(lang),
        "proof": _proof(publication, stage, record, lang),
        "groups": _groups(measures, lang),
        "over": _over(publication, stage, measures, lang),
        "later": _later(publication, stage, lang),
        "seats": _seats(publication, stage, lang),
        "journeys": _journeys(publication, stage, lang),
        "changes": _changes(publication, stage, lang),
    }


def _verdict(measure: Measure) -> str:
    if measure.ok is not None:
        return "ok" if measure.ok else "not"
    return "none" if measure.limit is None else "advice"


def _groups(measures: Sequence[Measure], lang: Language) -> list[dict[str, object]]:
    """Return the measures under the headings of their kinds."""
    found: dict[str, list[list[str]]] = {}
    for m in measures:
        verdict = _verdict(m)
        limit = "" if m.limit is None else measure_text(m.limit, m.unit).of(lang)
        row = [m.label.of(lang), measure_text(m.value, m.unit).of(lang), limit, verdict]
        row += [messages.text(f"public_print.badge_{verdict}").of(lang), m.source]
        found.setdefault(m.id.partition(".")[0], []).append(row)
    return [
        {"title": messages.text(f"public_print.group_{kind}").of(lang), "rows": rows}
        for kind, rows in found.items()
    ]


def _proof(
    publication: Publication, stage: str, record: PlanRecord | None, lang: Language
) -> dict[str, object]:
    """Return what a record proves; what it says of another plan is not repeated."""
    plan = publication.main.plans[stage]
    if record is None or record.cost is None or record.bound is None:
        return {"said": messages.text("public_print.proof_none").of(lang), "rows": []}
    if record.plan_digest != plan.digest:
        return {"said": messages.text("public_print.proof_other").of(lang), "rows": []}
    rows: list[tuple[str, str]] = [
        ("cost", f"{record.cost / 3600:,.2f}"),
        ("bound", f"{record.bound / 3600:,.2f}"),
    ]
    if record.excess:
        over = f"{record.excess:,.1f}"
        sentence = messages.text("public_print.proof_over", pupils=over)
        rows.append(("over", over))
    else:
        gap = (record.cost - record.bound) / record.bound if record.bound > 0 else math.nan
        shown = f"{gap * 100:.3f} %" if math.isfinite(gap) else "–"
        sentence = messages.text("public_print.proof_said", gap=shown)
        rows.append(("gap", shown))
    rows += [("seed", str(record.seed)), ("iterations", f"{record.iterations:,}")]
    if record.data_digest != publication.district.place.planning_digest:
        sentence = in_a_row([sentence, messages.text("public_print.proof_data")], zh="", en=" ")
    return {
        "said": sentence.of(lang),
        "rows": [[messages.text(f"publish_book.{name}").of(lang), value] for name, value in rows],
    }


def _over(publication: Publication, stage: str, measures: Sequence[Measure], lang: Language) -> list[str]:
    lines = [
        messages.text(
            "public_print.over_measure",
            measure=m.label,
            value=measure_text(m.value, m.unit),
            limit=measure_text(math.nan if m.limit is None else m.limit, m.unit),
            source=f"({m.source})" if m.source else "",
        )
        for m in measures
        if m.ok is False
    ]
    year = publication.main.year
    lines += _over_in(publication, _loads(publication, stage), [year])
    nothing = messages.text("public_print.over_none_in", year=school_year(year))
    return [line.of(lang).strip() for line in lines or ([nothing] if measures else [])]


def _later(publication: Publication, stage: str, lang: Language) -> list[str]:
    """Return a line a school and forecast year after the plan's own in which it is over its seats.

    These years decide nothing, but a report that is silent about them reads as if the zones held for good.
    """
    loads = _loads(publication, stage)
    years = sorted({year for row in loads.values() for year in row if year > publication.main.year})
    return [line.of(lang) for line in _over_in(publication, loads, years)]


def _over_in(
    publication: Publication, loads: Mapping[str, Mapping[int, _Load]], years: Sequence[int]
) -> list[Text]:
    """Return a sentence a year and school that is over its seats then."""
    found = []
    for year in years:
        for school, row in loads.items():
            pupils, seats, used = row.get(year, (0.0, 0.0, 0.0))
            if used > _FULL:
                fields = {"pupils": f"{pupils:,.1f}", "seats": f"{seats:,.0f}", "year": school_year(year)}
                name = school_name(publication, school)
                found.append(messages.text("public_print.over_school", school=name, **fields))
    return found


def _loads(publication: Publication, stage: str) -> dict[str, dict[int, _Load]]:
    """Return pupils, seats and utilisation by school and year; empty without a forecast."""
    demand, plan = publication.demand, publication.main.plans[stage]
    if demand is None or plan.year not in demand.years:
        return {}
    frame = school_loads(publication.district, plan, demand)
    columns = (frame[name].tolist() for name in ("school_id", "year", "pupils", "capacity", "utilisation"))
    found: dict[str, dict[int, _Load]] = {}
    for school, year, pupils, seats, used in zip(*columns, strict=True):
        found.setdefault(str(school), {})[int(year)] = (pupils, seats, used)
    return found


def _seats(publication: Publication, stage: str, lang: Language) -> dict[str, object]:
    """Return a row a school: town, seats, pupils by year and how full it is."""
    loads = _loads(publication, stage)
    first = publication.main.year
    years = sorted({year for row in loads.values() for year in row if year >= first})[:_MOST_YEARS]
    heads = [
        messages.text("public_print.head_school"),
        messages.text("public_print.head_town"),
        messages.text("public_print.head_seats"),
    ]
    heads += [messages.text("public_print.head_pupils_in", year=school_year(year)) for year in years]
    heads += [messages.text("public_print.head_use", year=school_year(first))]
    frame = publication.district.school_frame
    rows = []
    for school in sorted(loads, key=lambda one: -loads[one][first][2]):
        row, used = loads[school], loads[school][first][2]
        cells = [
            school_name(publication, school).of(lang),
            str(frame.at[school, "town"]),
            f"{row[first][1]:,.0f}",
        ]
        cells += [f"{row[year][0]:,.0f}" for year in years]
        cells.append(measure_text(used, "share").of(lang))
        rows.append({"cells": cells, "over": used > _FULL})
    return {"heads": [head.of(lang) for head in heads], "rows": rows}


def _journeys(publication: Publication, stage: str, lang: Language) -> list[list[str]]:
    """Return pupils by length of their journey."""
    demand, plan, times = publication.demand, publication.main.plans[stage], publication.times.get(stage)
    if demand is None or times is None or plan.year not in demand.years:
        return []
    pupils = demand.of_stage(publication.district.stage(stage), plan.year)
    minutes = journey_s(plan, times) / 60
    found: list[tuple[Text, float]] = []
    low = 0
    for high in _BANDS_MIN:
        name = (
            messages.text("public_print.band_to", high=high)
            if low == 0
            else messages.text("public_print.band_between", low=low, high=high)
        )
        inside = (minutes <= high) & ((minutes > low) | (low == 0))
        found.append((name, float(pupils[inside].sum())))
        low = high
    found.append((messages.text("public_print.band_above", low=low), float(pupils[minutes > low].sum())))
    found.append((messages.text("public_print.band_none"), float(pupils[np.isnan(minutes)].sum())))
    counts = safe_counts([round(c) for _, c in found], least=publication.district.policy.hide_below)
    whole = max(1.0, sum(c for _, c in found))
    return [
        [
            name.of(lang),
            *(
                [messages.text("public_print.not_shown").of(lang)] * 2
                if shown is None
                else [f"{shown:,}", f"{c / whole * 100:.1f} %"]
            ),
        ]
        for (name, c), shown in zip(found, counts, strict=True)
    ]


def _changes(publication: Publication, stage: str, lang: Language) -> dict[str, object] | None:
    """Return a row a pair of schools between which blocks changed; None where no year is beside it."""
    other, plan = publication.other, publication.main.plans[stage]
    if other is None or stage not in other.plans:
        return None
    pairs: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for move in plan.diff(other.plans[stage]):
        pairs.setdefault((move.before, move.after), []).append(move.block_id)
    ordered = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
    children = _children_of(publication, stage, [blocks for _, blocks in ordered])
    rows = []
    for (before, after), blocks in ordered[:_MOST_PAIRS]:
        names = [
            names_of(publication, ids) if ids else messages.text("public_print.nobody")
            for ids in (before, after)
        ]
        rows.append([*(n.of(lang) for n in names), f"{len(blocks):,}"])
    if children:
        for row, count in zip(rows, children, strict=False):
            row.append(messages.text("public_print.not_shown").of(lang) if count is None else f"{count:,}")
    heads = [
        messages.text("public_print.head_before"),
        messages.text("public_print.head_after"),
        messages.text("public_print.head_blocks"),
    ]
    heads += [messages.text("public_print.head_pupils")] if children else []
    more = len(ordered) - len(rows)
    year = school_year(other.year)
    return {
        "title": messages.text("public_print.report_changes", year=year).of(lang),
        "same": "" if ordered else messages.text("public_print.no_change", year=year).of(lang),
        "heads": [head.of(lang) for head in heads],
        "rows": rows,
        "more": messages.text("public_print.changes_more", count=more).of(lang) if more else "",
    }


def _children_of(publication: Publication, stage: str, groups: Sequence[Sequence[str]]) -> list[int | None]:
    demand, year = publication.demand, publication.main.year
    if demand is None or year not in demand.years or not groups:
        return []
    pupils = demand.of_stage(publication.district.stage(stage), year)
    at: Mapping[str, int] = {block: n for n, block in enumerate(publication.district.block_frame.index)}
    counts = [round(float(sum(pupils[at[block]] for block in blocks))) for blocks in groups]
    return safe_counts(counts, least=publication.district.policy.hide_below)
