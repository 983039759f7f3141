"""What stands in the sheets of the workbook, in rows of numbers and texts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.evaluate import school_loads
from zoning.forecast import Forecast
from zoning.proposal import Certificate, Proposal
from zoning.publish.binding import rule_text, seat_prices, unit_name
from zoning.publish.export import result_table
from zoning.publish.nearest import nearest_schools
from zoning.publish.plans import name_column
from zoning.publish.result import StageResult
from zoning.units import school_year

__all__ = ["Cell", "Column", "Sheet", "schools_sheet", "scorecard_sheet", "sheets_of"]

Row = Sequence[object]

_UNITS: Final = {
    "s": ("tenth", 60.0, "minutes"),
    "pupil_s": ("tenth", 3600.0, "pupil_hours"),
    "share": ("share", 1.0, ""),
    "m": ("whole", 1.0, "metres"),
    "m2": ("hundredth", 1e6, "square_km"),
    "year": ("year", 1.0, ""),
}
_BY_YEAR: Final = (
    ("pupils_in", "tenth"),
    ("seats_in", "whole"),
    ("used_in", "share"),
    ("class_size_in", "tenth"),
)
_OTHER: Final = ("hundredth", 1.0, "")
_PLAIN_UNITS: Final = ("pupils", "blocks", "schools", "classes", "parts")


@dataclass(frozen=True)
class Column:
    """A column: its title, and the kind of its numbers."""

    title: Text
    kind: str = "text"


@dataclass(frozen=True)
class Cell:
    """A value whose number is printed otherwise than the rest of its column, or on a fill (hex)."""

    value: object
    kind: str
    fill: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: the columns left of ``frozen`` and the header stay in sight."""

    name: Text
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    frozen: int = 0
    filtered: bool = True


def sheets_of(
    district: District, result: StageResult, demand: Forecast | None, *, lang: Language
) -> list[Sheet]:
    """Return the sheets of one stage's plan; names of places in one language."""
    found = [
        _summary(district, result),
        scorecard_sheet(result),
        schools_sheet(district, result, demand, lang),
        _blocks(district, result, demand, lang),
    ]
    if result.proposal is not None:
        found.append(_certificate(district, result.proposal.certificate, lang))
    return found


def _word(name: str, **fields: object) -> Text:
    return messages.text(f"publish_book.{name}", **fields)


def _columns(*titled: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(_word(name), kind) for name, kind in titled)


def _summary(district: District, result: StageResult) -> Sheet:
    plan, place = result.plan, district.place
    rows: list[Row] = [
        (_word("place"), place.name),
        (_word("stage"), district.stage(plan.stage).label),
        (_word("year"), school_year(plan.year)),
    ]
    if result.proposal is not None:
        rows += _proof(result.proposal)
    rows += [
        (_word("data_date"), place.data_date),
        (_word("attribution"), place.attribution),
        (_word("map_approval"), place.map_approval or _word("no_approval")),
        (_word("data_digest"), place.digest),
        (_word("plan_digest"), plan.digest),
    ]
    if result.proposal is not None:
        rows += [(_word("rule"), rule) for rule in result.proposal.rules]
        rows += [(_word("note"), note) for note in result.proposal.notes]
    kept = [row for row in rows if row[1] not in (None, "")]
    return Sheet(_word("sheet_summary"), _columns(("item", "text"), ("value", "long")), kept, filtered=False)


def _proof(proposal: Proposal) -> list[Row]:
    gap = proposal.gap
    return [
        (_word("cost"), Cell(proposal.cost / 3600, "hundredth")),
        (_word("bound"), Cell(proposal.bound / 3600, "hundredth")),
        (_word("gap"), Cell(gap, "gap") if math.isfinite(gap) else _word("no_gap")),
        (_word("over"), Cell(proposal.excess, "tenth")),
        (_word("seed"), Cell(proposal.seed, "year")),
        (_word("iterations"), Cell(proposal.iterations, "whole")),
    ]


def scorecard_sheet(result: StageResult) -> Sheet:
    """Return one row a measure: value, limit, verdict and clause."""
    columns = _columns(
        ("measure", "text"), ("value", "tenth"), ("unit", "text"), ("limit", "tenth"), ("kept", "text"),
        ("source", "text"),
    )  # fmt: skip
    rows = []
    for m in result.card:
        plain = (
            ("tenth" if m.unit == "pupils" else "whole", 1.0, m.unit) if m.unit in _PLAIN_UNITS else _OTHER
        )
        kind, scale, unit = _UNITS.get(m.unit, plain)
        limit = None if m.limit is None else Cell(m.limit / scale, kind)
        kept = None if m.ok is None else _word("yes" if m.ok else "no")
        said = _word(f"unit_{unit}") if unit else None
        rows.append((m.label, Cell(m.value / scale, kind), said, limit, kept, m.source))
    return Sheet(_word("sheet_scorecard"), columns, rows, frozen=1)


def schools_sheet(district: District, result: StageResult, demand: Forecast | None, lang: Language) -> Sheet:
    """One row a school of the stage: pupils and seats by year, utilisation, class size, price of a seat."""
    plan = result.plan
    years = () if demand is None else demand.years
    titles = [*_columns(("school_id", "text"), ("school", "text"), ("town", "text"), ("price", "tenth"))]
    for year in years:
        titles += [Column(_word(name, year=school_year(year)), kind) for name, kind in _BY_YEAR]
    loads = {} if demand is None else _loads(result, district, demand)
    seats = {year: district.schools_of(plan.stage, year)["capacity"] for year in years}
    prices = seat_prices(result.proposal) if result.proposal else {}
    frame = district.school_frame
    names = dict(zip(frame.index, name_column(frame, lang), strict=True))
    every = {*plan.school_ids, *district.schools_of(plan.stage, plan.year).index}
    rows: list[Row] = []
    for school in (one for one in frame.index if one in every):
        row: list[object] = [school, names[school], frame.at[school, "town"]]
        row.append(prices.get(school, 0.0) / 60 if result.proposal else None)
        for year in years:
            pupils, used, size = loads.get((school, year), (0.0, None, None))
            row += [pupils, float(seats[year].get(school, 0.0)), used, size]
        rows.append(row)
    return Sheet(_word("sheet_schools"), tuple(titles), rows, frozen=2)


def _loads(result: StageResult, district: District, demand: Forecast) -> Mapping[tuple[str, int], Row]:
    """Return pupils, utilisation and class size by school and year."""
    frame = school_loads(district, result.plan, demand)
    columns = (frame[name].tolist() for name in ("school_id", "year", "pupils", "utilisation", "class_size"))
    return {(school, int(year)): tuple(rest) for school, year, *rest in zip(*columns, strict=True)}


def _blocks(district: District, result: StageResult, demand: Forecast | None, lang: Language) -> Sheet:
    """One row a block: town, pupils (small counts hidden), school, nearest school, minutes and why."""
    columns = _columns(
        ("block_id", "text"), ("block", "text"), ("town", "text"), ("pupils", "whole"), ("school_id", "text"),
        ("school", "text"), ("minutes", "tenth"), ("nearest", "text"), ("extra", "tenth"), ("before", "text"),
        ("locked", "text"), ("reason", "text"),
    )  # fmt: skip
    table = result_table(district, result)
    if lang == "en":
        table = table.assign(**{name: table[f"{name}_en"] for name in ("name", "school_name", "reason")})
    near = nearest_schools(district, result)
    names = dict(zip(district.school_frame.index, name_column(district.school_frame, lang), strict=True))
    locked = set() if result.options is None else set(result.options.locked_blocks)
    pupils = _pupils(district, result, demand)
    rows: list[Row] = []
    for number, block in enumerate(table.itertuples(index=False)):
        nearest, extra_s = near.get(str(block.block_id), ("", math.nan))
        before = [names.get(one, one) for one in str(block.school_before).split(";") if one]
        rows.append((
            block.block_id, block.name, block.town, pupils[number], block.school_id, block.school_name,
            block.minutes, names.get(nearest, nearest), extra_s / 60,
            ("、" if lang == "zh" else ", ").join(before),
            _word("yes") if block.block_id in locked else None, block.reason,
        ))  # fmt: skip
    return Sheet(_word("sheet_blocks"), columns, rows, frozen=2)


def _pupils(district: District, result: StageResult, demand: Forecast | None) -> list[object]:
    plan, least = result.plan, district.policy.hide_below
    if demand is None or plan.year not in demand.years:
        return [None] * len(district.block_frame)
    whole = np.rint(demand.of_stage(district.stage(plan.stage), plan.year)).astype(int).tolist()
    return [f"< {least}" if 0 < count < least else count for count in whole]


def _certificate(district: District, certificate: Certificate, lang: Language) -> Sheet:
    """One row a multiplier, cut or block price: what anybody evaluates the bound from."""
    columns = _columns(
        ("kind", "text"), ("rule_name", "text"), ("rule_said", "text"), ("school_id", "text"),
        ("school", "text"), ("multiplier", "exact"), ("multiplier_unit", "text"), ("block_id", "text"),
        ("separator", "text"),
    )  # fmt: skip
    names = dict(zip(district.school_frame.index, name_column(district.school_frame, lang), strict=True))
    rows: list[Row] = [
        (_word("a_price"), rule, rule_text(rule), school, unit_name(school, names, lang), price,
         _word("unit_a_unit"), None, None)
        for rule, school, price in certificate.prices
    ]  # fmt: skip
    rows += [
        (_word("a_cut"), None, None, cut.school_id, unit_name(cut.school_id, names, lang), cut.multiplier,
         _word("unit_pupil_s"), cut.block_id, ";".join(cut.separator))
        for cut in certificate.cuts
    ]  # fmt: skip
    if certificate.blocks:
        rows.append((_word("a_zone"), None, _word("whole_zones"), *(None,) * 6))
    rows += [
        (_word("a_block"), None, None, None, None, price, _word("unit_pupil_s"), block, None)
        for block, price in certificate.blocks
    ]
    return Sheet(_word("sheet_certificate"), columns, rows)
