"""The forecast as tables and JSON: children by block, intervals by place, the whole book for machines."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from zoning.district import District, grade_label
from zoning.errors import Text
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_courses import DRIVERS, Course, Outlook

__all__ = ["block_table", "book_record", "interval_table", "score_record", "write_parquet"]

ENDS: Final = ("low95", "low80", "high80", "high95")
_DIGITS: Final = 3


def block_table(district: District, book: ForecastBook) -> pd.DataFrame:
    """Return one row a block, grade and year: expected children and what they are made of.

    Columns ``block_id``, ``name``, ``town``, ``grade`` (K1 to 12), ``year``, ``children``, and a column for
    each driver; these add up to ``children``.
    """
    demand = book.demand
    blocks, grades, years = demand.mean.shape
    frame = district.block_frame
    block = np.repeat(np.arange(blocks), grades * years)
    labels = [grade_label(grade) for grade in demand.grades]
    grade = np.tile(np.repeat(np.arange(grades), years), blocks)
    names, name = np.unique(frame["name"].to_numpy(dtype=str), return_inverse=True)
    towns, town = np.unique(frame["town"].to_numpy(dtype=str), return_inverse=True)
    table: dict[str, object] = {  # as codes: a hundred thousand blocks are millions of rows
        "block_id": pd.Categorical.from_codes(block, categories=pd.Index(demand.block_ids)),
        "name": pd.Categorical.from_codes(name[block], categories=pd.Index(names)),
        "town": pd.Categorical.from_codes(town[block], categories=pd.Index(towns)),
        "grade": pd.Categorical.from_codes(grade, categories=pd.Index(labels)),
        "year": np.tile(np.asarray(demand.years, dtype=np.int64), blocks * grades),
        "children": demand.mean.ravel(),
    }
    table |= {name: book.parts[name].ravel() for name in DRIVERS if name in book.parts}
    return pd.DataFrame(table)


def interval_table(book: ForecastBook) -> pd.DataFrame:
    """Return one row a place, stage or grade, and year: mean, intervals, seats, warnings, drivers.

    Columns ``level``, ``place``, ``name``, ``name_en``, ``town``, ``stage``, ``grade`` (empty for the whole
    stage), ``year``, ``mean``, ``low95``, ``low80``, ``high80``, ``high95`` (NaN for one path), ``now``,
    ``seats``, ``p_over``, ``p_large``, ``classes``, ``warning`` (schools), and the drivers.
    """
    rows = [
        row
        for course in (*book.county, *book.grades, *book.towns, *book.schools)
        for row in _rows(course)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _rows(course: Course) -> list[dict[str, object]]:
    found = []
    for at, year in enumerate(course.years):
        row: dict[str, object] = {
            "level": course.level,
            "place": course.place,
            "name": course.name.zh,
            "name_en": course.name.en,
            "town": course.town if course.level == "school" else course.place,
            "stage": course.stage,
            "grade": "" if course.grade is None else grade_label(course.grade),
            "year": year,
            "mean": float(course.mean[at]),
            **{name: float(course.bands[n, at]) for n, name in enumerate(ENDS)},
            "now": course.now,
            "seats": float(course.seats[at]),
            "p_over": math.nan,
            "p_large": math.nan,
            "classes": math.nan,
            "warning": "",
        }
        if isinstance(course, Outlook):
            row |= {
                "p_over": float(course.p_over[at]),
                "p_large": float(course.p_large[at]),
                "classes": float(course.classes[at]),
                "warning": course.warned[at],
            }
        row |= {name: float(values[at]) for name, values in course.drivers.items()}
        found.append(row)
    return found


def write_parquet(frame: pd.DataFrame, path: Path) -> Path:
    """Write a table as Parquet; the same table gives the same bytes."""
    frame.to_parquet(path, index=False, compression="zstd")
    return path


def _number(value: float) -> float | None:
    return round(float(value), _DIGITS) if math.isfinite(value) else None


def _numbers(years: Sequence[int], values: Sequence[float] | np.ndarray) -> dict[str, float | None]:
    return {str(year): _number(value) for year, value in zip(years, values, strict=True)}


def _said(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _course_record(course: Course) -> dict[str, object]:
    record: dict[str, object] = {
        "place": course.place,
        "name": _said(course.name),
        "stage": course.stage,
        "now": _number(course.now),
        "mean": _numbers(course.years, course.mean),
        "seats": _numbers(course.years, course.seats),
        "peak": course.peak,
        "last_counted": None if course.last is None else {"year": course.last[0], "pupils": course.last[1]},
        "drivers": {name: _numbers(course.years, values) for name, values in course.drivers.items()},
    }
    if course.has_bands:
        record |= {name: _numbers(course.years, course.bands[n]) for n, name in enumerate(ENDS)}
    if isinstance(course, Outlook):
        record |= {
            "town": course.town,
            "p_over": _numbers(course.years, course.p_over),
            "p_large": _numbers(course.years, course.p_large),
            "level": dict(zip(map(str, course.years), course.warned, strict=True)),
            "worst": course.worst,
        }
    return record


def score_record(book: ForecastBook) -> list[dict[str, object]]:
    """Return the errors of earlier forecasts as JSON writes them; what is not finite becomes null."""
    return [
        {
            str(name): (None if isinstance(value, float) and not math.isfinite(value) else value)
            for name, value in row.items()
        }
        for row in book.scores.astype(object).to_dict(orient="records")
    ]


def book_record(book: ForecastBook) -> dict[str, object]:
    """Return the whole book as JSON writes it, blocks left out."""
    asked = book.asked
    totals: Mapping[str, object] = {c.stage: _numbers(c.years, c.mean) for c in book.county}
    intervals = {
        c.stage: {
            str(year): {name: _number(c.bands[n, at]) for n, name in enumerate(ENDS)}
            for at, year in enumerate(c.years)
        }
        for c in book.county
        if c.has_bands
    }
    return {
        "place": _said(book.place.name),
        "data_digest": book.place.digest,
        "years": list(book.years),
        "paths": asked.paths,
        "seed": asked.seed,
        "scenario": {"births": asked.births, "housing": asked.housing, "migration": asked.migration},
        "totals": totals,
        "intervals": intervals,
        "county": [_course_record(course) for course in book.county],
        "towns": [_course_record(course) for course in book.towns],
        "warnings": [_course_record(school) for school in book.warned],
        "scenarios": {
            s.key: {
                "name": _said(s.name),
                "totals": {stage: _numbers(book.years, t) for stage, t in s.totals.items()},
            }
            for s in book.scenarios
        },
        "backtest": score_record(book),
        "advice": [_said(text) for text in book.advice],
        "notes": [_said(text) for text in book.notes],
    }
