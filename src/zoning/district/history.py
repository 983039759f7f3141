"""What a history of counts lacks or contradicts: years, grades, odd years, and rolls against residents.

Below both the reading of a folder, which reports it, and the forecast, which says what it does about it.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district.stage import STAGES, Stage

__all__ = [
    "Contradiction",
    "Jump",
    "contradictions",
    "grade_gaps",
    "jump_years",
    "missing_years",
    "town_gaps",
]

JUMP: Final = 0.08
"""Share by which a school's roll stands out of the years around it."""
_NEARLY_ALL: Final = 0.9
_FEWEST_SCHOOLS: Final = 3
_FEWEST_PUPILS: Final = 10.0
_FACTOR: Final = 2.0
_FEWEST_CHILDREN: Final = 30.0
_STAGE_OF: Final = {grade: stage.name for stage in STAGES for grade in stage.grades}


class Jump(NamedTuple):
    """A year in which nearly every school stands out, and by which share (the median of the schools)."""

    year: int
    change: float


class Contradiction(NamedTuple):
    """Pupils and resident children of a stage that differ by a factor of two; town "" is the whole county."""

    stage: Stage
    town: str
    year: int
    pupils: float
    children: float


def missing_years(years: "pd.Series[float]") -> list[int]:
    """Return the years between the first and the last one that have no row.

    Examples
    --------
    >>> missing_years(pd.Series([2024, 2020, 2021]))
    [2022, 2023]
    """
    known = {int(year) for year in years.dropna()}
    return [year for year in range(min(known), max(known)) if year not in known] if known else []


def grade_gaps(enrolment: pd.DataFrame) -> pd.DataFrame:
    """Return the grades that a school lacks in a year between two others of the same stage.

    Parameters
    ----------
    enrolment
        ``school_id``, ``year`` and ``grade`` (coded as in :mod:`zoning.district.stage`).

    Returns
    -------
    DataFrame
        ``school_id``, ``year``, ``grade`` and ``at``: the label of the row of the next grade.

    Examples
    --------
    >>> rolls = pd.DataFrame({"school_id": "s1", "year": 2026, "grade": [9, 7]})
    >>> grade_gaps(rolls).values.tolist()
    [['s1', 2026, 8, 0]]
    """
    rows = enrolment[["school_id", "year", "grade"]].dropna()
    rows = rows.assign(stage=rows["grade"].map(_STAGE_OF), at=rows.index).dropna()
    rows = rows.drop_duplicates(["school_id", "year", "grade"]).sort_values(["school_id", "year", "grade"])
    step = rows.groupby(["school_id", "year", "stage"], sort=False)["grade"].diff()
    after = rows[step > 1]
    lacking = [range(int(g - n) + 1, int(g)) for g, n in zip(after["grade"], step[step > 1], strict=True)]
    found = after.assign(grade=pd.Series(lacking, index=after.index, dtype=object)).explode("grade")
    whole = dict.fromkeys(("year", "grade"), "int64")
    return found[["school_id", "year", "grade", "at"]].astype(whole).reset_index(drop=True)


def jump_years(enrolment: pd.DataFrame) -> list[Jump]:
    """Return the years in which nine schools in ten stand out on the same side by more than 8 %.

    A year stands out of the one before and the one after, both; the newest one of the year before it and of
    where the two years before it lead. Only grades that a school has in all three years count, and schools of
    ten pupils and more; fewer than three schools tell nothing.

    Parameters
    ----------
    enrolment
        ``school_id``, ``year``, ``grade`` and ``pupils``.

    Examples
    --------
    >>> counts = {2018: 100.0, 2019: 100.0, 2020: 80.0, 2021: 100.0}
    >>> rolls = pd.DataFrame([(school, year, 1, count) for school in "abc" for year, count in counts.items()],
    ...     columns=["school_id", "year", "grade", "pupils"])
    >>> jump_years(rolls)
    [Jump(year=2020, change=-0.2)]
    """
    rows = enrolment[["school_id", "year", "grade", "pupils"]].dropna()
    if rows.empty:
        return []
    cells = rows.pivot_table(index=["school_id", "grade"], columns="year", values="pupils", aggfunc="sum")
    years = [int(year) for year in cells.columns]
    found: list[Jump] = []
    for year in years:
        newest = year == years[-1]
        around = (year - 2, year - 1) if newest else (year - 1, year + 1)
        follows = newest and any(jump.year in around for jump in found)
        if follows or not all(one in years for one in around):
            continue
        change = _changes(cells[[*around, year]], newest=newest)
        if len(change) >= _FEWEST_SCHOOLS:
            same_side = max((change > JUMP).mean(), (change < -JUMP).mean())
            if same_side >= _NEARLY_ALL:
                found.append(Jump(year, round(float(np.median(change)), 4)))
    return found


def _changes(cells: pd.DataFrame, *, newest: bool) -> npt.NDArray[np.float64]:
    """Share by which each school's roll of the last column stands out of both others, 0 if between them."""
    sums = cells.dropna().groupby("school_id").sum().to_numpy(dtype=np.float64)
    one, other, now = sums[(sums >= _FEWEST_PUPILS).all(axis=1)].T
    against = np.stack([now / other, now / (other * other / one if newest else one)])
    above, below = against.min(axis=0) - 1, against.max(axis=0) - 1
    return np.asarray(np.where(above > 0, above, np.where(below < 0, below, 0.0)))


def town_gaps(births: pd.DataFrame, towns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the towns without any births, and those that lack a year which other towns have.

    Parameters
    ----------
    births
        ``town``, ``year`` and the counts ``births`` and ``registered_births`` (either may be left out).
    towns
        The towns of the district.
    """
    counts = births.filter(["births", "registered_births"])
    known = births[counts.notna().any(axis=1) & births["town"].isin(set(towns))]
    years = known.groupby("town")["year"].nunique()
    without = [town for town in towns if town not in years.index]
    every = known["year"].nunique()
    return without, [town for town in towns if town in years.index and years[town] < every]


def contradictions(
    residents: pd.DataFrame,
    enrolment: pd.DataFrame,
    *,
    town_of_block: Mapping[str, str],
    town_of_school: Mapping[str, str],
    stages: Sequence[Stage],
) -> list[Contradiction]:
    """Return where pupils and resident children of a compulsory stage differ by a factor of two and more.

    In the last year that counts both of a stage: for the whole county, and for each town with at least 30 of
    them that has a school of the stage, unless the county is contradicted already.

    Parameters
    ----------
    residents, enrolment
        The tables.
    town_of_block, town_of_school
        Where blocks and schools lie; rows of others are left out.
    stages
        Stages that the district plans.
    """
    found: list[Contradiction] = []
    count = residents["residents"].astype("float64")
    if {"registered", "migrants"} <= set(residents):
        count = count.fillna(residents["registered"] + residents["migrants"])
    people = residents.assign(town=residents["block_id"].map(town_of_block), residents=count)
    people = people.dropna(subset=["town", "residents"])
    rolls = enrolment.assign(town=enrolment["school_id"].map(town_of_school))
    rolls = rolls.dropna(subset=["town", "pupils"])
    for stage in (one for one in stages if one.name in ("primary", "junior")):
        living = _by_town(people[people["age"].isin(list(stage.ages))], "residents")
        taught = _by_town(rolls[rolls["grade"].isin(list(stage.grades))], "pupils")
        years = [year for year in living.columns if year in taught.columns]
        if not years:
            continue
        year = int(max(years))
        children, pupils = living[year].fillna(0.0), taught[year].fillna(0.0)
        whole = Contradiction(stage, "", year, float(pupils.sum()), float(children.sum()))
        if _differs(whole):
            found.append(whole)
            continue
        both = [
            Contradiction(stage, str(town), year, float(count), float(children.get(town, 0.0)))
            for town, count in pupils[pupils > 0].items()
        ]
        found += [one for one in both if _differs(one)]
    return found


def _by_town(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    return rows.pivot_table(index="town", columns="year", values=value, aggfunc="sum")


def _differs(one: Contradiction) -> bool:
    low, high = sorted((one.pupils, one.children))
    return high >= _FEWEST_CHILDREN and high >= _FACTOR * low
