"""What has been counted: rolls by county, town and school, and births beside entry into grade 1."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from zoning.district import District, Stage
from zoning.forecast import cohort_births
from zoning.publish.forecast_book import BirthCohorts

__all__ = ["Rolls", "birth_cohorts"]

_ENTRY_GRADE, _ENTRY_AGE = 1, 6
_BEFORE = 8
"""Years of the past that are shown at most."""
Course = tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class Rolls:
    """Enrolled pupils by school, grade and year; years that few schools counted are left out.

    Parameters
    ----------
    table
        Columns ``school_id``, ``town``, ``grade``, ``year``, ``pupils``.
    """

    table: pd.DataFrame = field(repr=False)

    @classmethod
    def of(cls, district: District) -> "Rolls":
        """Return the rolls of a district, empty where it has none."""
        found = district.table("enrolment")
        if found is None or found.empty:
            return cls(pd.DataFrame({"school_id": [], "town": [], "grade": [], "year": [], "pupils": []}))
        rows = found[["school_id", "grade", "year", "pupils"]].dropna()
        town = district.school_frame["town"].astype("str")
        rows = rows[rows["year"] <= district.place.year]
        return cls(rows.assign(town=rows["school_id"].map(town).fillna("")))

    def of_area(self, stage: Stage, *, town: str = "", grade: int | None = None) -> Course:
        """Return the pupils of the county or a town by year, oldest first."""
        rows = self.table[self.table["grade"].isin(list(stage.grades) if grade is None else [grade])]
        schools = rows.groupby("year")["school_id"].nunique()
        full = schools.index[schools * 2 >= schools.max()] if len(schools) else schools.index
        rows = rows[rows["year"].isin(full) & ((rows["town"] == town) if town else True)]
        return _course(rows)

    def of_school(self, stage: Stage, school: str) -> Course:
        """Return the pupils of one school by year, oldest first."""
        rows = self.table[(self.table["school_id"] == school) & self.table["grade"].isin(list(stage.grades))]
        return _course(rows)


def _course(rows: pd.DataFrame) -> Course:
    sums = rows.groupby("year")["pupils"].sum().sort_index()
    years, counts = sums.index.to_list(), sums.to_list()
    return tuple((int(year), float(count)) for year, count in zip(years, counts, strict=True))[-_BEFORE:]


def birth_cohorts(district: District, years: tuple[int, ...]) -> BirthCohorts | None:
    """Return the county's births by the year in which they enter grade 1, and who entered; None if unknown.

    Parameters
    ----------
    district
        The district.
    years
        School years of the forecast.
    """
    births = district.table("births")
    if births is None or births.empty or not births["births"].notna().any():
        return None
    known = cohort_births(births, cutoff=district.policy.cutoff).sum(axis=0, skipna=False)
    carried = cohort_births(births, cutoff=district.policy.cutoff, until=years[-1] - _ENTRY_AGE)
    total = carried.sum(axis=0, skipna=False)
    shown = tuple(range(max(int(total.index[0]) + _ENTRY_AGE, years[0] - _BEFORE), years[-1] + 1))
    counts = np.array([total.get(year - _ENTRY_AGE, np.nan) for year in shown], dtype=np.float64)
    counted = tuple(bool(np.isfinite(known.get(year - _ENTRY_AGE, np.nan))) for year in shown)
    entry = Stage("entry", _ENTRY_GRADE, _ENTRY_GRADE, district.place.name)
    entered = dict(Rolls.of(district).of_area(entry))
    return BirthCohorts(shown, counts, counted, np.array([entered.get(year, np.nan) for year in shown]))
