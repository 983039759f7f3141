"""All numbers of a forecast that are printed anywhere, computed once; every output takes them from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district import Place, Stage
from zoning.errors import Text
from zoning.forecast import Forecast
from zoning.publish.forecast_courses import LEVELS, WARNINGS, Course, Outlook, Warned

__all__ = ["Asked", "BirthCohorts", "ForecastBook", "ScenarioTotals"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a forecast was asked for.

    Parameters
    ----------
    years
        School years, ascending.
    paths
        Sample paths; 1 is the expected course alone, without intervals.
    seed
        Seed of the paths.
    births, housing, migration
        The scenario: ``low`` ``medium`` ``high``, ``planned`` ``delayed`` ``cancelled``, ``on`` ``off``.
    """

    years: tuple[int, ...]
    paths: int = 500
    seed: int = 7
    births: str = "medium"
    housing: str = "planned"
    migration: str = "on"


@dataclass(frozen=True, eq=False)
class ScenarioTotals:
    """The county's expected children under other assumptions.

    Parameters
    ----------
    key
        Stable name, such as ``births_low``.
    name
        Name to print.
    totals
        Children by stage, float64 [year] each.
    asked
        Whether this is the scenario of the forecast itself.
    """

    key: str
    name: Text
    totals: Mapping[str, Floats]
    asked: bool = False


@dataclass(frozen=True, eq=False)
class BirthCohorts:
    """Births from cut-off to cut-off beside the children who enter grade 1 of them.

    Parameters
    ----------
    years
        School years of entry into grade 1.
    births
        Births of that cohort in the county, children, float64 [year]; NaN where not known.
    counted
        Whether all of the cohort's births are counted rather than assumed, [year].
    entered
        Enrolled in grade 1, pupils, float64 [year]; NaN where not counted.
    """

    years: tuple[int, ...]
    births: Floats
    counted: tuple[bool, ...]
    entered: Floats


@dataclass(frozen=True, eq=False)
class ForecastBook:
    """Everything that a forecast says, in numbers.

    Parameters
    ----------
    place
        Name, digest and date of the data.
    asked
        What was asked for.
    stages
        Stages of the district.
    demand
        The forecast itself, for the tables by block.
    now
        Children living in each block now, on the same basis, float64 [block, grade]; None if unknown.
    county, grades, towns, schools
        Courses of the county by stage and by grade, of towns by stage, of schools' zones by stage.
    scenarios
        Totals under other assumptions, the one asked for first.
    births
        Births beside entry into grade 1; None without births.
    thresholds
        From which probability on a seat warning has each level, shares; empty if not known.
    parts
        What the children of each block are made of, float64 [block, grade, year] by driver.
    scores
        Errors of earlier forecasts here: columns ``method``, ``level``, ``horizon``, ``size``, ``wape``,
        ``mape``, ``mase``, ``coverage80``, ``coverage95`` (shares), ``count``.
    advice
        What those errors mean.
    notes
        What was assumed, and what was switched off.
    """

    place: Place
    asked: Asked
    stages: tuple[Stage, ...]
    demand: Forecast = field(repr=False)
    now: Floats | None = field(repr=False)
    county: tuple[Course, ...]
    grades: tuple[Course, ...] = field(repr=False)
    towns: tuple[Course, ...] = field(repr=False)
    schools: tuple[Outlook, ...] = field(repr=False)
    scenarios: tuple[ScenarioTotals, ...] = field(repr=False)
    births: BirthCohorts | None = field(repr=False)
    parts: Mapping[str, Floats] = field(repr=False)
    thresholds: Mapping[Warned, float]
    scores: pd.DataFrame = field(repr=False)
    advice: tuple[Text, ...]
    notes: tuple[Text, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """School years of the forecast."""
        return self.demand.years

    @property
    def has_bands(self) -> bool:
        """Whether there are intervals."""
        return all(course.has_bands for course in self.county)

    def of_stage(self, courses: Iterable[Course], stage: str) -> list[Course]:
        """Return those of the courses that are of one stage."""
        return [course for course in courses if course.stage == stage]

    @property
    def warned(self) -> tuple[Outlook, ...]:
        """Schools with a warning, the gravest level first, then those most over their seats."""
        found = [school for school in self.schools if school.worst in WARNINGS]
        return tuple(sorted(found, key=lambda s: (LEVELS.index(s.worst), -s.short, -s.risk, s.place)))

    def label(self, stage: str) -> Text:
        """Return the name of a stage."""
        return next(one.label for one in self.stages if one.name == stage)
