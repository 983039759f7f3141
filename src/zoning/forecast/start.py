"""Where a forecast starts: children by unit and age in the last known year, and how they grow older."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.panel import Floats, Ints, Panel

GRADES: Final = tuple(range(-2, 13))
AGES: Final = tuple(range(GRADES[-1] + AGE_OF_GRADE_ZERO + 1))
"""Ages at the cut-off, years: a child of age ``a`` stands in grade ``a - 5``, or will."""
DRIVERS: Final = ("ageing", "progression", "births", "migration")
"""What brings the children of a start; new homes come on top."""
FIRST_AGE: Final = GRADES[0] + AGE_OF_GRADE_ZERO


@dataclass(frozen=True, eq=False)
class Start:
    """Children by unit and age in the last known year, with what makes them older.

    Parameters
    ----------
    year
        Last known school year.
    children
        Children at the cut-off of that year, float64 [unit, age 0-17].
    ratios
        Children of age ``a + 1`` a year later per child of age ``a``, float64 [unit, age 0-16].
    entries
        Children of age 0 in the years after ``year``, float64 [unit, year].
    share
        Share of every unit's children by block, float64 [unit, block] or [1, block]; None where units are the
        blocks themselves.
    earlier
        Children of earlier years, float64 [unit, age 0-17] by year.
    observed_by_age
        Children of the place by age, float64 [age 0-17] by year, where they were counted; NaN where not.
    notes
        What was assumed.
    first_counted
        Youngest age that was counted in the last known year; younger cohorts come from births. Beyond the
        last age where nobody was counted at all.
    inflow
        Children who move in (out: below 0) on balance every year before they are counted at that age,
        float64 [unit, age 0-17]; None where migration is not told apart.
    usual_ratios, usual_inflow
        Ratios and inflow that each unit would have if it were like its town; None where units do not differ
        from their towns.
    """

    year: int
    children: Floats
    ratios: Floats
    entries: Floats
    share: Floats | None = None
    earlier: Mapping[int, Floats] = field(default_factory=dict)
    observed_by_age: Mapping[int, Floats] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    first_counted: int = 0
    inflow: Floats | None = None
    usual_ratios: Floats | None = None
    usual_inflow: Floats | None = None

    def at(self, years: tuple[int, ...]) -> Floats:
        """Return the children of those years by block with migration, float64 [block, age 0-17, year]."""
        return np.asarray(sum(self.drivers_at(years).values()))

    def drivers_at(self, years: tuple[int, ...]) -> dict[str, Floats]:
        """Return the children of those years by what brings them, each float64 [block, age 0-17, year].

        - ``ageing``: children counted in the last known year, simply older, none lost; all of a counted year;
        - ``progression``: what those have gained or lost on the way;
        - ``births``: cohorts not counted yet, as they have progressed by then;
        - ``migration``: children who have moved in on balance since, as they have progressed by then.
        """
        zero = np.zeros_like(self.children)
        found: dict[int, tuple[Floats, ...]] = {y: (self.earlier[y], zero, zero, zero) for y in self.earlier}
        wanted = set(years)
        for step, now, moved in self.steps(years[-1]):
            if self.year + step in wanted:
                found[self.year + step] = (*self._split(step, now), moved)
        stacked = [np.stack([found[year][n] for year in years], axis=-1) for n in range(len(DRIVERS))]
        if self.share is not None:
            stacked = [np.einsum("ub,uay->bay", self.share, one) for one in stacked]
        return dict(zip(DRIVERS, stacked, strict=True))

    def steps(self, last: int) -> Iterator[tuple[int, Floats, Floats]]:
        """Yield the years ahead (from 0), the children without and of migration, float64 [unit, age 0-17].

        Parameters
        ----------
        last
            Last school year wanted.
        """
        now, moved = self.children, np.zeros_like(self.children)
        yield 0, now, moved
        for step in range(1, last - self.year + 1):
            now = np.concatenate([self.entries[:, step - 1 : step], now[:, :-1] * self.ratios], axis=1)
            if self.inflow is not None:
                older = np.concatenate([np.zeros_like(moved[:, :1]), moved[:, :-1] * self.ratios], axis=1)
                # Nobody can move out who is not there.
                moved = np.maximum(older + self.inflow, -now)
            yield step, now, moved

    def _split(self, step: int, now: Floats) -> tuple[Floats, Floats, Floats]:
        """Children of a year as ageing, progression and births, each float64 [unit, age 0-17]."""
        young = self.first_counted + step if step or self.first_counted > AGES[-1] else 0
        older = np.zeros_like(now)
        older[:, step:] = self.children[:, : max(0, len(AGES) - step)]
        counted = np.arange(len(AGES)) >= young
        ageing = np.where(counted, older, 0.0)
        return ageing, np.where(counted, now - ageing, 0.0), np.where(counted, 0.0, now)

    def totals(self, last: int) -> Floats:
        """Return the children of all units from the last known year on, float64 [age 0-17, year]."""
        return np.stack([(now + moved).sum(axis=0) for _, now, moved in self.steps(last)], axis=-1)

    def excess(self, units: Ints, years: tuple[int, ...]) -> Floats:
        """Return how many more children units have than if they grew like their towns, at least 0.

        Age by age, a unit's ratio (and inflow) is set against its town's wherever it is higher; where it is
        lower nothing is gained back. 0 in counted years and where units do not differ from their towns.

        Parameters
        ----------
        units
            Positions of the units, int64 [k].
        years
            School years, ascending.

        Returns
        -------
        ndarray
            Children, float64 [k, age 0-17, year].
        """
        if self.share is not None or self.usual_ratios is None or not len(units):
            return np.zeros((len(units), len(AGES), len(years)))
        own = self._only(units)
        usual = np.minimum(own.ratios, self.usual_ratios[units])
        flow = own.inflow
        if flow is not None and self.usual_inflow is not None:
            flow = np.minimum(flow, self.usual_inflow[units])
        like_town = replace(own, ratios=usual, inflow=flow)
        return np.maximum(own.at(years) - like_town.at(years), 0.0)

    def _only(self, units: Ints) -> "Start":
        return replace(
            self,
            children=self.children[units],
            ratios=self.ratios[units],
            entries=self.entries[units],
            earlier={year: children[units] for year, children in self.earlier.items()},
            inflow=None if self.inflow is None else self.inflow[units],
        )


def whole_ages(known: Floats, first: int, younger: Floats | None = None) -> Floats:
    """Return children of all ages 0-17 from those of some, float64 [unit, age 0-17].

    Parameters
    ----------
    known
        Children of consecutive ages, float64 [unit, age].
    first
        The youngest of those ages.
    younger
        Children younger than that, float64 [unit, first]; as many as of age ``first`` when left out. Ages
        older than the known ones are as many as the oldest.

    Examples
    --------
    >>> whole_ages(np.array([[3.0, 4.0]]), 1)[0, :5].tolist()
    [3.0, 3.0, 4.0, 4.0, 4.0]
    """
    units = known.shape[0]
    low = np.broadcast_to(known[:, :1], (units, first)) if younger is None else younger
    missing = len(AGES) - first - known.shape[1]
    high = np.broadcast_to(known[:, -1:], (units, missing))
    return np.concatenate([low, known, high], axis=1)


def whole_ratios(known: Floats, first: int) -> Floats:
    """Return ratios of all ages 0-16 from those of some, 1 elsewhere, float64 [unit, age 0-16]."""
    ratios = np.ones((known.shape[0], len(AGES) - 1))
    ratios[:, first : first + known.shape[1]] = known
    return ratios


def counted_ages(panel: Panel) -> dict[int, Floats]:
    """Return the panel's totals by age 0-17 of every counted year, NaN for ages not counted."""
    found = {}
    for number, year in enumerate(panel.years):
        counted = ~np.isnan(panel.counts[:, :, number]).all(axis=0)
        if counted.any():
            totals = np.full(len(AGES), np.nan)
            totals[list(panel.grades)] = np.where(
                counted, np.nansum(panel.counts[:, :, number], axis=0), np.nan
            )
            found[year] = totals
    return found
