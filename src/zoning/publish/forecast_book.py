"""All numbers of a forecast that are printed anywhere, computed once; every output takes them from here."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district import Place, Stage
from zoning.errors import Text
from zoning.forecast import Forecast

__all__ = [
    "BANDS",
    "DRIVERS",
    "LEVELS",
    "Asked",
    "BirthCohorts",
    "Course",
    "ForecastBook",
    "Outlook",
    "ScenarioTotals",
]

Floats = npt.NDArray[np.float64]
Area = Literal["county", "town", "school"]
Warned = Literal["red", "orange", "yellow", "none"]

BANDS: Final = (0.025, 0.1, 0.9, 0.975)
"""Quantiles of the ends of the 95 and the 80 % interval."""
DRIVERS: Final = ("ageing", "progression", "births", "housing", "migration")
"""What a number of children is made of, in the order it is stacked."""
LEVELS: Final[tuple[Warned, ...]] = ("red", "orange", "yellow", "none")
"""Seat warnings, the gravest first."""


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
class Course:
    """The children of one place and stage (or one grade) through the years.

    Parameters
    ----------
    level
        ``county``, ``town`` or ``school`` (the zone of a school).
    place
        Empty, name of the town, or id of the school.
    name
        Name to print.
    stage
        Name of the stage.
    years
        School years.
    mean
        Expected children, float64 [year].
    bands
        Ends of the intervals in the order of :data:`BANDS`, children, float64 [4, year]; NaN for one path.
    now
        Children living there in the school year under way, on the same basis as ``mean``; NaN if unknown.
    now_year
        The school year under way.
    history
        Year and enrolled pupils: of the county, of the schools in the town, of the school itself.
    seats
        Seats, pupils, float64 [year].
    drivers
        What the mean is made of, children, float64 [year] each; empty when not known.
    grade
        The grade, where it is one grade only.
    town
        Town of a school.
    """

    level: Area
    place: str
    name: Text
    stage: str
    years: tuple[int, ...]
    mean: Floats
    bands: Floats = field(repr=False)
    now: float
    now_year: int
    history: tuple[tuple[int, float], ...] = field(repr=False, default=())
    seats: Floats = field(repr=False, default_factory=lambda: np.zeros(0))
    drivers: Mapping[str, Floats] = field(repr=False, default_factory=dict)
    grade: int | None = None
    town: str = ""

    @property
    def has_bands(self) -> bool:
        """Whether there are intervals."""
        return not bool(np.isnan(self.bands).any())

    @property
    def peak(self) -> int:
        """Year with most children, of this year and the forecast ones; the earliest of several."""
        now = self.now if math.isfinite(self.now) else -math.inf
        at = int(np.argmax(self.mean))
        return self.years[at] if self.mean[at] > now else self.now_year

    @property
    def last(self) -> tuple[int, float] | None:
        """Year and number of the last counted pupils."""
        return self.history[-1] if self.history else None

    @property
    def change(self) -> float:
        """Share by which the last year differs from now; NaN when that is not known."""
        if not self.now > 0:
            return math.nan
        return float(self.mean[-1]) / self.now - 1


@dataclass(frozen=True, eq=False)
class Outlook(Course):
    """The children of a school's zone against its seats.

    Parameters
    ----------
    p_over
        Probability that they are more than its seats, a share, float64 [year].
    p_large
        Probability that a class of 56 or more occurs, a share, float64 [year].
    classes
        Classes, float64 [year].
    warned
        Level of the warning by year.
    """

    p_over: Floats = field(repr=False, default_factory=lambda: np.zeros(0))
    p_large: Floats = field(repr=False, default_factory=lambda: np.zeros(0))
    classes: Floats = field(repr=False, default_factory=lambda: np.zeros(0))
    warned: tuple[Warned, ...] = ()

    @property
    def worst(self) -> Warned:
        """The gravest warning of all years."""
        return min(self.warned, key=LEVELS.index, default="none")

    @property
    def first_year(self) -> int | None:
        """First year with a warning."""
        return next((y for y, level in zip(self.years, self.warned, strict=True) if level != "none"), None)

    @property
    def risk(self) -> float:
        """Highest probability of running out of seats in any year, a share; NaN for one path."""
        return float(self.p_over.max(initial=0.0))


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
        """Schools with a warning, the gravest and earliest first."""
        found = [school for school in self.schools if school.worst != "none"]
        return tuple(
            sorted(
                found,
                key=lambda s: (LEVELS.index(s.worst), -np.nan_to_num(s.risk), s.first_year or 0, s.place),
            )
        )

    def label(self, stage: str) -> Text:
        """Return the name of a stage."""
        return next(one.label for one in self.stages if one.name == stage)
