"""Children of new homes: dwellings times yield times how far they are lived in, and when they stand.

A project's dwellings fill over the years after its handover (``ramp``). The families who move in a year bring
children of all ages, more young ones than families who have long lived there (``arrival``); afterwards these
children grow a year older a year, and others are born to them. Per dwelling lived in, a settled family has as
many children of a stage as the country has pupils of that stage per person, times the people of a household::

    children(age, year) = dwellings · Σ over move-in years k of Δramp(k) · national(age) · cohort(age, year)
                          · arrival(age, year - k) · yield(type)

``cohort`` is how many children of that age the place has that year against the mean of the age's stage in the
base year, so that falling births reach new homes as they reach old ones. Only move-ins after the base year
count: who moved in before is among the residents already and grows older with the block.

``yield(type)`` is 1 for the national figures, and learnt from the projects handed over already: children
gained against children expected, gamma-Poisson (Clayton and Kaldor 1987, Biometrics 43:671-681), types shrunk
towards all types and these towards 1. Projects differ a lot - a published case: 150 pupils predicted, 57 came
- so one project never weighs more than ``project_prior``, and the intervals are as wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import pandas as pd

from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Floats, Panel
from zoning.forecast.projects import NewHomes, Projects
from zoning.forecast.start import AGES, FIRST_AGE
from zoning.forecast.yields import Measured, measured_projects

_STAGE_AGES: Final = (range(3, 6), range(6, 12), range(12, 15))
_OLDEST: Final = AGES[-1]


@dataclass(eq=False)
class HousingYield(Estimator):
    """Expected children of housing projects by age and year, learnt from those handed over.

    Parameters
    ----------
    per_1000
        Pupils per 1,000 people in kindergarten, primary and junior school: China 2024 (education yearbook
        figures). Ages 0-2 are taken as those of kindergarten, 15-17 as those of junior school.
    household
        People per household: 2.35, of a typical county.
    ramp
        Share of the dwellings lived in 0, 1, 2 … years after handover, rising; the last value stays. An
        assumption: half after two years, a fifth never.
    delay
        Share of projects handed over 0, 1, 2 … years late. An assumption.
    arrival
        Children of age 0 and of age 17 in families moving in, against settled families, straight in between.
        An assumption: movers are young.
    settled
        Years after which those born in a new home are as many as in any other.
    prior, type_prior, project_prior
        Shape of the gamma of the place's level around the national one, of a type's around the place's, and
        of a project's around its type's. With the defaults a project that nothing was measured for has a 95 %
        interval of about 0.2 to 2.6 times its expectation.
    most
        Least share of the block's children that a project is expected to hold for the block's children to
        count as the project's, where no year before the handover was counted.

    Examples
    --------
    >>> table = pd.DataFrame({"project_id": ["p"], "block_id": ["b1"], "handover_year": [2027],
    ...     "dwellings": [1000], "type": ["commercial"]})
    >>> projects = Projects.of_table(table, pd.Index(["b1"]))
    >>> model = HousingYield(ramp=(0.5,), delay=(1.0,), arrival=(1.0, 1.0))
    >>> steady = np.full((18, 3), 100.0)  # the place has a hundred children of every age, 2026-2028
    >>> model.fit(projects, 2026, steady).predict([2026, 2027])[0, :, 1].round(2).tolist()[2:5]
    [9.95, 14.73, 14.73]
    """

    per_1000: tuple[float, float, float] = (25.4, 75.2, 38.2)
    household: float = 2.35
    ramp: tuple[float, ...] = (0.15, 0.35, 0.5, 0.6, 0.7, 0.75, 0.8)
    delay: tuple[float, ...] = (0.6, 0.25, 0.1, 0.05)
    arrival: tuple[float, float] = (1.25, 0.5)
    settled: int = 10
    prior: float = 8.0
    type_prior: float = 12.0
    project_prior: float = 6.0
    most: float = 2 / 3
    types_: tuple[str, ...] = field(init=False, repr=False)
    level_: float = field(init=False, repr=False)
    yields_: Floats = field(init=False, repr=False)
    measured_: pd.DataFrame = field(init=False, repr=False)
    shapes_: Floats = field(init=False, repr=False)
    base_: int = field(init=False, repr=False)
    projects_: Projects = field(init=False, repr=False)
    per_dwelling_: Floats = field(init=False, repr=False)

    def fit(self, projects: Projects, base: int, course: Floats, *, panel: Panel | None = None) -> Self:
        """Learn the yields of a place.

        Parameters
        ----------
        projects
            Its housing projects.
        base
            The last counted year.
        course
            Children of the whole place without new homes, float64 [age 0-17, year], from ``base`` on; no
            year after its last can be predicted.
        panel
            Residents by block, age and year, blocks as ``projects.unit`` counts them, ending in ``base``;
            None where there are none, and nothing is measured.

        Raises
        ------
        ValueError
            When a parameter makes no sense.
        """
        self._check()
        self.base_, self.projects_ = base, projects
        self.per_dwelling_ = self._per_dwelling(course)
        found = self._measure(panel)
        self.measured_ = found.frame(projects)
        self.types_ = tuple(sorted(set(projects.kinds)))
        self.level_ = _posterior(found.weight, found.ratio, self.prior, 1.0)
        kind = np.asarray(projects.kinds, dtype=object)
        self.yields_ = np.ones(len(self.types_))
        self.shapes_ = np.empty((3, len(kind)))
        for n, name in enumerate(self.types_):
            here = kind[found.project] == name
            weight = found.weight[here]
            self.yields_[n] = _posterior(weight, found.ratio[here], self.type_prior, self.level_)
            own = self.type_prior + float(weight.sum())
            # What is uncertain of the place matters to a type as far as the type leans on it.
            place = (self.prior + float(found.weight.sum())) * (own / self.type_prior) ** 2
            self.shapes_[:, kind == name] = np.array([[place], [own], [self.project_prior]])
        return self

    def predict(self, years: Sequence[int]) -> Floats:
        """Return the expected children beyond those counted, float64 [project, grade K1-12, year].

        Parameters
        ----------
        years
            School years; none of them has children of new homes up to the base year.
        """
        return self.homes(years).mean

    def homes(self, years: Sequence[int], *, first_age: int = FIRST_AGE) -> NewHomes:
        """Return the children of new homes with their paths.

        Parameters
        ----------
        years
            School years.
        first_age
            Youngest age wanted: that of K1, or younger for paths that start earlier.
        """
        projects = self.projects_
        kinds = dict(zip(self.types_, self.yields_, strict=True))
        levels = np.asarray([kinds[kind] for kind in projects.kinds], dtype=np.float64)
        shape = (len(self.delay), len(projects.unit), len(AGES) - first_age, len(years))
        late = np.zeros(shape)
        stocks: dict[int, Floats] = {}
        for d, k in np.ndindex(*shape[:2]):
            planned = int(projects.handover[k])
            start = planned + d if planned > self.base_ else planned
            if start not in stocks:
                of_years = [self._stock(start, year, self.base_)[first_age:] for year in years]
                stocks[start] = np.stack(of_years, axis=-1)
            late[d, k] = stocks[start] * projects.dwellings[k] * levels[k]
        return NewHomes(projects, late, np.asarray(self.delay, dtype=np.float64), self.shapes_)

    def profile(self, since: int) -> Floats:
        """Return children of families who moved in some years ago, against settled ones, float64 [age].

        Parameters
        ----------
        since
            Years since they moved in.

        Examples
        --------
        >>> HousingYield(arrival=(1.5, 0.65), settled=10).profile(5)[[0, 4, 5, 17]].round(3).tolist()
        [1.25, 1.45, 1.5, 0.9]
        """
        young, old = self.arrival
        arrived = np.asarray(AGES) - since
        born = 1 + (young - 1) * np.maximum(0.0, 1 + arrived / self.settled)
        return np.where(arrived >= 0, young + (old - young) * arrived / _OLDEST, born)

    def _stock(self, handover: int, year: int, after: int) -> Floats:
        """Children a dwelling in a year, of families who moved in after another year, float64 [age 0-17]."""
        total = np.zeros(len(AGES))
        for moved in range(max(handover, after + 1), year + 1):
            total += self._filled(moved - handover) * self.profile(year - moved)
        return total * self.per_dwelling_[:, max(0, year - self.base_)]

    def _filled(self, since: int) -> float:
        """Share of the dwellings that fill in a year."""
        if since >= len(self.ramp):
            return 0.0
        return self.ramp[since] - (self.ramp[since - 1] if since else 0.0)

    def _per_dwelling(self, course: Floats) -> Floats:
        """Children of a settled dwelling at the national level, float64 [age 0-17, year from the base on]."""
        found = np.empty_like(course)
        for n, (pupils, ages) in enumerate(zip(self.per_1000, _STAGE_AGES, strict=True)):
            first = 0 if n == 0 else ages[0]
            last = _OLDEST if n == 2 else ages[-1]
            mean = float(course[list(ages), 0].mean())
            level = pupils / 1000 * self.household / len(ages)
            here = course[first : last + 1]
            found[first : last + 1] = level * (here / mean if mean > 0 else np.ones_like(here))
        return found

    def _measure(self, panel: Panel | None) -> Measured:
        """What the projects handed over have brought, against what was expected of them."""
        handover = self.projects_.handover
        expected = np.zeros((len(handover), len(AGES)))
        for k in np.flatnonzero(handover <= self.base_).tolist():
            never = int(handover[k]) - 1
            stock = self._stock(int(handover[k]), self.base_, never)
            expected[k] = stock * self.projects_.dwellings[k]
        return measured_projects(
            self.projects_, expected, panel, most=self.most, project_prior=self.project_prior
        )

    def _check(self) -> None:
        ramp, delay = np.asarray(self.ramp), np.asarray(self.delay)
        if not len(ramp) or (np.diff(ramp, prepend=0.0) < 0).any() or ramp[-1] > 1:
            raise ValueError(f"ramp must rise from 0 or more to 1 or less, not {self.ramp}")
        if not len(delay) or (delay < 0).any() or abs(delay.sum() - 1) > 1e-9:
            raise ValueError(f"delay must be shares that add up to 1, not {self.delay}")
        if min(self.prior, self.type_prior, self.project_prior) <= 0:
            raise ValueError("the three priors must be above 0")


def _posterior(weight: Floats, ratio: Floats, prior: float, parent: float) -> float:
    return float((prior * parent + weight @ ratio) / (prior + weight.sum()))
