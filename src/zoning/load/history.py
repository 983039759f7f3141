"""Histories that a forecast cannot take at their word: years, grades and towns left out, odd years."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import STAGES, grade_label
from zoning.district.history import contradictions, grade_gaps, jump_years, missing_years, town_gaps
from zoning.errors import Problems, Text
from zoning.load.columns import SHOWN, CheckedTable

__all__ = ["check_history", "check_rolls"]


def check_history(tables: Mapping[str, CheckedTable], problems: Problems) -> None:
    """Warn of what is missing from the history of pupils, residents and births, and of years that stand out.

    Nothing of it stops the reading: the forecast says what it does about each.

    Parameters
    ----------
    tables
        Checked tables by name.
    problems
        Takes what is found.
    """
    for name in ("enrolment", "residents", "births"):
        if name in tables:
            _check_years(tables[name], problems)
    if "enrolment" in tables:
        _check_enrolment(tables["enrolment"], problems)
    if "births" in tables and "blocks" in tables:
        towns = sorted(set(tables["blocks"].frame["town"]) - {""})
        _check_towns(tables["births"], towns, problems)


def check_rolls(
    tables: Mapping[str, pd.DataFrame],
    blocks: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    *,
    file: str,
    problems: Problems,
) -> None:
    """Warn of pupils and resident children that differ by a factor of two, for the county and for towns.

    Parameters
    ----------
    tables
        The district's tables by name.
    blocks, schools
        As the district keeps them, with their towns.
    file
        Name of the enrolment file.
    problems
        Takes what is found.
    """
    if "residents" not in tables or "enrolment" not in tables:
        return
    found = contradictions(
        tables["residents"],
        tables["enrolment"],
        town_of_block=blocks["town"].to_dict(),
        town_of_school=schools["town"].to_dict(),
        stages=STAGES,
    )
    for one in found[:SHOWN]:
        place = Text(one.town, one.town) if one.town else messages.text("load.whole_county")
        problems.add(
            messages.problem(
                "load.rolls_differ",
                file=file,
                column="pupils",
                value=f"{one.pupils:.0f}",
                severity="warning",
                stage=one.stage.label,
                place=place,
                year=one.year,
                children=one.children,
            )
        )
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        problems.add(messages.problem("load.more", file=file, column="pupils", more=more, severity="warning"))


def _check_years(checked: CheckedTable, problems: Problems) -> None:
    years = checked.frame["year"]
    for missing in missing_years(years):
        later = int(np.argmin(np.where(years > missing, years, np.inf)))
        problems.add(
            messages.problem(
                "load.year_missing",
                file=checked.file,
                row=int(checked.rows[later]),
                column=checked.shown("year"),
                value=missing,
                severity="warning",
                next=int(years.iloc[later]),
            )
        )


def _check_enrolment(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    if len(set(frame["year"].dropna())) == 1:
        at = np.flatnonzero(frame["year"].notna())[:1].tolist()
        checked.report(problems, "load.one_year", at, column="year", severity="warning")
    gaps = grade_gaps(frame)
    for school, year, grade, at in gaps.head(SHOWN).to_numpy(dtype=object):
        problems.add(
            messages.problem(
                "load.grade_missing",
                file=checked.file,
                row=int(checked.rows[at]),
                column=checked.shown("grade"),
                value=grade_label(int(grade)),
                severity="warning",
                school=school,
                year=year,
            )
        )
    if len(gaps) > SHOWN:
        more, shown = len(gaps) - SHOWN, checked.shown("grade")
        problems.add(
            messages.problem("load.more", file=checked.file, column=shown, more=more, severity="warning")
        )
    for jump in jump_years(frame):
        at = np.flatnonzero(frame["year"] == jump.year)[:1].tolist()
        checked.report(
            problems, "load.year_jumps", at, column="year", severity="warning", change=100 * jump.change
        )


def _check_towns(births: CheckedTable, towns: list[str], problems: Problems) -> None:
    without, partly = town_gaps(births.frame, towns)
    for code, names in (("load.towns_without_births", without), ("load.towns_lack_births", partly)):
        if names and len(without) < len(towns):
            problems.add(
                messages.problem(
                    code,
                    file=births.file,
                    column=births.shown("town"),
                    value=", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
                    severity="warning",
                    towns=len(names),
                    every=len(towns),
                )
            )
