"""Where a forecast starts: children by unit and age in the last known year, and how they grow older."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.panel import Floats, Panel

GRADES: Final = tuple(range(-2, 13))
AGES: Final = tuple(range(GRADES[-1] + AGE_OF_GRADE_ZERO + 1))
"""Ages at the cut-off, years: a child of age ``a`` stands in grade ``a - 5``, or will."""
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
    """

    year: int
    children: Floats
    ratios: Floats
    entries: Floats
    share: Floats | None = None
    earlier: Mapping[int, Floats] = field(default_factory=dict)
    observed_by_age: Mapping[int, Floats] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()

    def at(self, years: tuple[int, ...]) -> Floats:
        """Return the children of those years by block, float64 [block, age 0-17, year]."""
        found = {year: self.earlier[year] for year in years if year in self.earlier}
        now = self.children
        for step in range(max(0, years[-1] - self.year) + 1):
            if step:
                older = now[:, :-1] * self.ratios
                now = np.concatenate([self.entries[:, step - 1 : step], older], axis=1)
            if self.year + step in years:
                found[self.year + step] = now
        ahead = np.stack([found[year] for year in years], axis=-1)
        return ahead if self.share is None else np.einsum("ub,uay->bay", self.share, ahead)


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
