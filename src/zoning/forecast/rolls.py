"""Enrolment as it is kept, into enrolment as it can be learnt from: no silent zero, every assumption said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district.history import grade_gaps
from zoning.errors import Text
from zoning.forecast.history import refuse_impossible
from zoning.forecast.newborns import listed
from zoning.forecast.panel import Bools, Floats, Panel
from zoning.forecast.start import GRADES

_CELL: Final = ("school_id", "year", "grade")


def usable_rolls(table: pd.DataFrame, schools: Mapping[str, str]) -> tuple[pd.DataFrame, list[Text]]:
    """Return the rows of an enrolment table that count pupils of a known school, each cell once, and notes.

    A cell that stands twice keeps its later row, unless a ``class_id`` tells that the rows are classes.

    Parameters
    ----------
    table
        The enrolment table.
    schools
        The schools of the district.

    Raises
    ------
    DataError
        When pupils are negative or no number.
    """
    refuse_impossible(table, "enrolment")
    notes = []
    blank = table[[*_CELL, "pupils"]].isna().any(axis=1) | ~table["grade"].isin(GRADES)
    known = table["school_id"].isin(list(schools))
    strange = sorted(set(table.loc[~known & ~blank, "school_id"]))
    if strange:
        names = listed([Text(name, name) for name in strange])
        notes.append(messages.text("forecast.rolls_unknown", names=names))
    kept = table[known & ~blank]
    key = [*_CELL, "class_id"] if "class_id" in table else list(_CELL)
    once = kept.drop_duplicates(key, keep="last")
    fractions = int((once["pupils"] % 1 != 0).sum())
    for code, rows in (
        ("blank", int(blank.sum())),
        ("repeated", len(kept) - len(once)),
        ("fractions", fractions),
    ):
        if rows:
            notes.append(messages.text(f"forecast.rolls_{code}", rows=rows))
    return once, notes


def filled_rolls(panel: Panel, closes: "pd.Series[float]") -> tuple[Panel, list[Text]]:
    """Return a panel without holes that would read as a loss of pupils, and what was filled.

    Three kinds are filled. A grade missing between two others of its stage is the mean of its cohort a year
    before and after, else of the grades beside it. A school that nobody counted in a year between two years
    of its own lies in the middle of these, grade by grade. One that stood in the year before the newest and
    has not closed keeps the pupils of that year. A year that nobody counted stays empty, and so does a grade
    that a school has given up or not begun.

    Parameters
    ----------
    panel
        Pupils by school, grade and year.
    closes
        First year without pupils by school; NaN for a school that stays open.
    """
    notes = []
    counts, gaps = _between_grades(panel)
    if gaps:
        notes.append(messages.text("forecast.grades_filled", cells=gaps, names=_names(panel, counts)))
    here: Bools = np.asarray(~np.isnan(counts).all(axis=1))
    years = np.flatnonzero(here.any(axis=0))
    counts, between = _between_years(counts, here, years)
    carried = np.zeros(len(panel.units), np.bool_)
    if len(years) > 1:
        before, last = int(years[-2]), int(years[-1])
        stays = ~(closes.reindex(list(panel.units)).to_numpy(dtype=np.float64) <= panel.years[last])
        carried = here[:, before] & ~here[:, last] & stays
        counts[carried, :, last] = counts[carried, :, before]
        if carried.any():
            said = {"year": panel.years[last], "before": panel.years[before]}
            names = _those(panel, carried)
            notes.append(messages.text("forecast.rolls_carried", names=names, **said))
    if between.any():
        notes.append(messages.text("forecast.rolls_between", names=_those(panel, between)))
    return replace(panel, counts=counts), notes


def _names(panel: Panel, counts: Floats) -> Text:
    return _those(panel, np.asarray((np.isnan(panel.counts) & ~np.isnan(counts)).any(axis=(1, 2))))


def _those(panel: Panel, chosen: Bools) -> Text:
    return listed([Text(name, name) for name, wanted in zip(panel.units, chosen, strict=True) if wanted])


def _between_grades(panel: Panel) -> tuple[Floats, int]:
    """Fill grades that a school lacks between two others of the same stage and year; and how many."""
    unit, grade, year = np.nonzero(~np.isnan(panel.counts))
    gaps = grade_gaps(
        pd.DataFrame(
            {"school_id": unit, "year": year, "grade": np.asarray(panel.grades, dtype=np.int64)[grade]}
        )
    )
    counts = panel.counts.copy()
    for at, step, lacking in gaps[["school_id", "year", "grade"]].to_numpy(dtype=np.int64):
        place = int(lacking) - panel.grades[0]
        own = panel.counts[at]
        cohort = [own[place - 1, step - 1]] if step else []
        cohort += [own[place + 1, step + 1]] if step + 1 < own.shape[1] else []
        known = [value for value in cohort if not np.isnan(value)]
        counts[at, place, step] = float(np.mean(known)) if known else _beside(own[:, step], place)
    return counts, len(gaps)


def _beside(grades: Floats, place: int) -> float:
    """Mean of the nearest known grades below and above, which the gap lies between."""
    known = np.flatnonzero(~np.isnan(grades))
    return float((grades[known[known < place][-1]] + grades[known[known > place][0]]) / 2)


def _between_years(counts: Floats, here: Bools, years: npt.NDArray[np.intp]) -> tuple[Floats, Bools]:
    """Fill the years in which a school was left out between its own; and which schools were."""
    counts, touched = counts.copy(), np.zeros(len(counts), np.bool_)
    for unit in range(len(counts)):
        own = np.flatnonzero(here[unit])
        for year in years:
            if len(own) and own[0] < year < own[-1] and not here[unit, year]:
                before, after = own[own < year][-1], own[own > year][0]
                weight = (year - before) / (after - before)
                counts[unit, :, year] = (1 - weight) * counts[unit, :, before] + weight * counts[
                    unit, :, after
                ]
                touched[unit] = True
    return counts, touched
