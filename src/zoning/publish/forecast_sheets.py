"""What stands in the sheets of ``forecast.xlsx``."""

import math
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Final

import numpy as np

from zoning.district import District, grade_label
from zoning.errors import Language, Text
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_courses import DRIVERS, WARNINGS, Course, Outlook
from zoning.publish.forecast_fans import WARNED
from zoning.publish.forecast_tables import ENDS
from zoning.publish.forecast_words import (
    level_word,
    method_word,
    scored_word,
    seats_sentence,
    stage_sentence,
    word,
)
from zoning.publish.plans import name_column
from zoning.publish.sheets import Cell, Column, Row, Sheet
from zoning.units import school_year

__all__ = ["forecast_sheets"]

_ENDS: Final = ("low80", "high80", "low95", "high95")
_PLACED: Final = {
    "county": [("grade", "text")],
    "towns": [("town", "text")],
    "schools": [("name", "text"), ("town", "text")],
}
_MEASURES: Final = ("wape", "mape", "mase", "coverage80", "coverage95")


def forecast_sheets(district: District, book: ForecastBook, *, lang: Language) -> list[Sheet]:
    """Return the sheets of the workbook: summary first, what was assumed last."""
    found = [
        _summary(book),
        _courses(book, "county", (*book.county, *book.grades)),
        _courses(book, "towns", book.towns),
        _warnings(book),
        _courses(book, "schools", book.schools),
        _blocks(district, book, lang),
        _drivers(book),
        _scenarios(book),
        _backtest(book),
        _notes(book),
    ]
    return [sheet for sheet in found if sheet.rows]


def _columns(*titled: tuple[str, str]) -> list[Column]:
    return [Column(word(f"column_{name}"), kind) for name, kind in titled]


def _summary(book: ForecastBook) -> Sheet:
    rows: list[Row] = [(book.label(course.stage), stage_sentence(book, course)) for course in book.county]
    rows += [(word("item_peak", stage=book.label(c.stage)), school_year(c.peak)) for c in book.county]
    rows.append((word("item_seats"), seats_sentence(book)))
    rows += [(word("item_advice"), text) for text in book.advice]
    rows += _facts(book)
    columns = tuple(_columns(("item", "text"), ("value", "long")))
    return Sheet(word("sheet_summary"), columns, rows, filtered=False)


def _facts(book: ForecastBook) -> list[Row]:
    asked, place = book.asked, book.place
    years = f"{school_year(book.years[0])} – {school_year(book.years[-1])}"
    rows: list[Row] = [
        (word("item_place"), place.name),
        (word("item_years"), years),
        (word("item_paths"), Cell(asked.paths, "whole")),
        (word("item_seed"), Cell(asked.seed, "year")),
        (word("item_scenario"), scenario_text(book)),
        (word("item_version"), version("zoning")),
        (word("item_date"), place.data_date),
        (word("item_attribution"), place.attribution),
        (word("item_digest"), place.digest),
    ]
    return [row for row in rows if row[1] not in {None, ""}]


def scenario_text(book: ForecastBook) -> Text:
    """Return the assumptions on births, housing and migration in words."""
    asked = book.asked
    return word(
        "scenario_said",
        births=word(f"scenario_births_{asked.births}"),
        housing=word(f"scenario_housing_{asked.housing}"),
        migration=word(f"scenario_migration_{asked.migration}"),
    )


def _courses(book: ForecastBook, kind: str, courses: Iterable[Course]) -> Sheet:
    """One row a place, stage and year: expected children, ends of both intervals, seats, warnings."""
    titles = _columns(("stage", "text"))
    titles += _columns(*_PLACED[kind])
    titles += _columns(("year", "text"), ("mean", "whole"))
    if book.has_bands:
        titles += _columns(*((name, "whole") for name in _ENDS))
    titles += _columns(("seats", "whole"))
    if kind == "schools":
        titles += _columns(("level", "text"), ("p_over", "share"), ("p_large", "share"))
    titles += _columns(("now", "whole"), ("last", "whole"))
    rows = [_course_row(book, course, at) for course in courses for at in range(len(book.years))]
    return Sheet(word(f"sheet_{kind}"), tuple(titles), rows, frozen=2)


def _course_row(book: ForecastBook, course: Course, at: int) -> Row:
    row: list[object] = [book.label(course.stage)]
    if course.level == "county":
        row.append(word("whole_stage") if course.grade is None else grade_label(course.grade))
    elif course.level == "school":
        row += [course.name, course.town]
    else:
        row.append(course.name)
    row += [school_year(book.years[at]), float(course.mean[at])]
    if book.has_bands:
        row += [float(course.bands[ENDS.index(name), at]) for name in _ENDS]
    row.append(float(course.seats[at]))
    if isinstance(course, Outlook):
        level = course.warned[at]
        fill = WARNED[level] if level in WARNINGS else ""
        row += [Cell(level_word(level), "text", fill), Cell(float(course.p_over[at]), "share", fill)]
        row.append(float(course.p_large[at]))
    return [*row, course.now, None if course.last is None else course.last[1]]


def _warnings(book: ForecastBook) -> Sheet:
    """One row a school with a warning: level and probabilities by year, each on the colour of its level."""
    titles = _columns(
        ("stage", "text"), ("school_id", "text"), ("name", "text"), ("town", "text"), ("worst", "text")
    )
    for year in book.years:
        titles += [
            Column(word("column_level_in", year=school_year(year))),
            Column(word("column_p_over_in", year=school_year(year)), "share"),
        ]
    return Sheet(word("sheet_warnings"), tuple(titles), [_warned(book, s) for s in book.warned], frozen=3)


def _warned(book: ForecastBook, school: Outlook) -> Row:
    worst = Cell(level_word(school.worst), "text", WARNED[school.worst])
    row: list[object] = [book.label(school.stage), school.place, school.name, school.town, worst]
    for at, level in enumerate(school.warned):
        fill = WARNED[level] if level in WARNINGS else ""
        row += [Cell(level_word(level), "text", fill), Cell(float(school.p_over[at]), "share", fill)]
    return row


def _blocks(district: District, book: ForecastBook, lang: Language) -> Sheet:
    """One row a block: expected children by stage and year in whole children, small counts hidden."""
    frame, least = district.block_frame, district.policy.hide_below
    titles = _columns(("block_id", "text"), ("name", "text"), ("town", "text"))
    parts = []
    for stage in book.stages:
        for year in book.years:
            titles.append(
                Column(word("column_stage_year", stage=stage.label, year=school_year(year)), "whole")
            )
            parts.append(np.rint(book.demand.of_stage(stage, year)).astype(int))
    counts = np.stack(parts, axis=1).tolist()
    names = name_column(frame, lang)
    rows: list[Row] = [
        (block, name, town, *(f"< {least}" if 0 < count < least else count for count in row))
        for block, name, town, row in zip(
            frame.index, names, frame["town"].astype("str"), counts, strict=True
        )
    ]
    return Sheet(word("sheet_blocks"), tuple(titles), rows, frozen=2)


def _drivers(book: ForecastBook) -> Sheet:
    courses: Sequence[Course] = [c for c in (*book.county, *book.towns, *book.schools) if c.drivers]
    shown = [name for name in DRIVERS if any(name in course.drivers for course in courses)]
    titles = _columns(("stage", "text"), ("name", "text"), ("year", "text"), ("children", "tenth"))
    titles += [Column(word(f"driver_{name}"), "tenth") for name in shown]
    rows: list[Row] = [
        (book.label(course.stage), course.name, school_year(year), float(course.mean[at]),
         *(float(course.drivers[name][at]) for name in shown))
        for course in courses
        for at, year in enumerate(book.years)
    ]  # fmt: skip
    return Sheet(word("sheet_drivers"), tuple(titles), rows, frozen=2)


def _scenarios(book: ForecastBook) -> Sheet:
    titles = _columns(("scenario", "text"), ("stage", "text"))
    titles += [Column(Text(school_year(year), school_year(year)), "whole") for year in book.years]
    rows: list[Row] = [
        (one.name, book.label(stage), *(float(value) for value in totals))
        for one in book.scenarios
        for stage, totals in one.totals.items()
    ]
    return Sheet(word("sheet_scenarios"), tuple(titles), rows, frozen=2)


def _backtest(book: ForecastBook) -> Sheet:
    titles = _columns(("method", "text"), ("scored", "text"), ("horizon", "year"), ("size", "text"))
    titles += [
        Column(word(f"measure_{name}"), "hundredth" if name == "mase" else "share") for name in _MEASURES
    ]
    titles += _columns(("count", "whole"))
    rows: list[Row] = []
    for row in book.scores.to_dict(orient="records"):
        numbers = [float(row[name]) if row[name] is not None else math.nan for name in _MEASURES]
        size = word("size_all") if row["size"] == "all" else str(row["size"])
        names = (method_word(str(row["method"])), scored_word(str(row["level"])))
        rows.append((*names, int(row["horizon"]), size, *numbers, int(row["count"])))
    return Sheet(word("sheet_backtest"), tuple(titles), rows, frozen=2)


def _notes(book: ForecastBook) -> Sheet:
    rows: list[Row] = [(word("item_note"), note) for note in book.notes]
    rows += _facts(book)
    columns = tuple(_columns(("item", "text"), ("value", "long")))
    return Sheet(word("sheet_notes"), columns, rows, filtered=False)
