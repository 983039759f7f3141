"""The children of one place and stage through the years, and a school's against its seats."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from zoning.errors import Text

__all__ = ["BANDS", "DRIVERS", "LEVELS", "WARNINGS", "Area", "Course", "Outlook", "Warned"]

Floats = npt.NDArray[np.float64]
Area = Literal["county", "town", "school"]
Warned = Literal["red", "orange", "yellow", "none", "unknown"]

BANDS: Final = (0.025, 0.1, 0.9, 0.975)
"""Quantiles of the ends of the 95 and the 80 % interval."""
DRIVERS: Final = ("ageing", "progression", "births", "housing", "migration")
"""What a number of children is made of, in the order it is stacked."""
WARNINGS: Final[tuple[Warned, ...]] = ("red", "orange", "yellow")
"""Seat warnings, the gravest first."""
LEVELS: Final[tuple[Warned, ...]] = (*WARNINGS, "none", "unknown")
"""What may stand for a school and year; ``unknown`` where one path tells no probability."""


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
        pairs = zip(self.years, self.warned, strict=True)
        return next((year for year, level in pairs if level in WARNINGS), None)

    @property
    def expected_over(self) -> bool:
        """Whether the expected children are more than the seats in some year."""
        return bool((self.mean > self.seats).any())

    @property
    def short(self) -> float:
        """Most expected children without a seat in any year, at least 0."""
        return float(np.nan_to_num(self.mean - self.seats).max(initial=0.0))

    @property
    def risk(self) -> float:
        """Highest probability of running out of seats in any year, a share; NaN for one path."""
        return float(self.p_over.max(initial=0.0))
