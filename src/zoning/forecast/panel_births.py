"""Entries of a panel's lowest grade from births, whatever age that grade has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.forecast.entry import BirthEntry, births_beside
from zoning.forecast.panel import Floats, Ints, Panel, sum_towns

_AGES: Final = range(9)
_CUTOFFS: Final = ((8, 31), (12, 31))
_LEAST_TRIALS: Final = 3
_CLEAR: Final = 0.6
_EXACT: Final = 0.015
_TRIALS: Final = 8
_RECENT: Final = 3
_CARRIED: Final = 5
_ALL: Final = "all"


@dataclass(frozen=True)
class EntryAge:
    """The age at which a panel's lowest grade is entered, and its cut-off (month, day)."""

    age: int
    cutoff: tuple[int, int]


class PanelBirths:
    """Births of a panel's places as arrays, as they were known in each year.

    Parameters
    ----------
    births
        Columns ``year``, ``births``, optionally ``month``, and ``unit`` or ``town`` where they are given by
        place; the unit counts where both are.
    panel
        Whose lowest grade they enter.
    """

    def __init__(self, births: pd.DataFrame, panel: Panel) -> None:
        if "unit" in births:
            keys, own = panel.units, panel.units
            births = births.drop(columns="town", errors="ignore").rename(columns={"unit": "town"})
        elif "town" in births:
            keys, own = panel.town_names, panel.towns
        else:
            keys, own = (_ALL,), (_ALL,) * len(panel.units)
            births = births.assign(town=_ALL)
        known = births[births["births"].notna()]
        known = known.assign(town=known["town"].astype("str"))
        self.first = int(known["year"].min()) if len(known) else panel.years[0]
        self.last = int(known["year"].max()) if len(known) else panel.years[0] - 1
        self.keys = len(keys)
        self.codes: Ints = pd.Index(keys).get_indexer(pd.Index(own)).astype(np.int64)
        years = list(range(self.first, self.last + 1))
        self._given = known
        self._names, self._years = list(keys), years
        self._parts: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def cohorts(self, years: Sequence[int], at: EntryAge, now: int) -> Floats:
        """Return the births of the cohorts that enter in some years, as known in one, float64 [key, year].

        Births after ``now`` are those of the last year known then, for a few years; further ones are NaN, and
        so is a year without any, which nobody can have counted.

        Parameters
        ----------
        years
            Consecutive years of entry.
        at
            Age and cut-off of the lowest grade.
        now
            The year in which it is asked.
        """
        before, after = (self._known(side, now) for side in self._beside(at.cutoff))
        born = np.asarray(years) - at.age
        whole = at.cutoff == (12, 31)
        found = _column(before, born - self.first)
        found = found if whole else found + _column(after, born - 1 - self.first)
        gone = born > min(self.last, now) + _CARRIED
        return np.where(gone | (found <= 0), np.nan, found)

    def entered(self, panel: Panel) -> Floats:
        """Return the children in the lowest grade by place of birth, float64 [key, year]; NaN where none."""
        lowest = panel.counts[:, 0, :]
        sums = sum_towns(np.nan_to_num(lowest), self.codes, self.keys)
        counted = sum_towns((~np.isnan(lowest)).astype(np.float64), self.codes, self.keys)
        return np.where(counted > 0, sums, np.nan)

    def ahead(self, panel: Panel, horizon: int, at: EntryAge | None = None) -> Floats:
        """Return the children expected in the panel's lowest grade, float64 [unit, horizon].

        Only births up to the panel's last year are used. A unit takes the share of the entries of its town
        (or of all) that it had lately; where births are by unit, they are its own.

        Parameters
        ----------
        panel
            Children up to the origin.
        horizon
            Years ahead.
        at
            Age and cut-off of the lowest grade; found from the panel when left out.
        """
        entered, now = self.entered(panel), panel.years[-1]
        at = at or self.entry_age(panel)
        years = range(now + 1, now + 1 + horizon)
        model = BirthEntry().fit(self.cohorts(panel.years, at, now), entered)
        ahead = model.predict(self.cohorts(years, at, now))
        return _recent_share(panel, self.codes, self.keys)[:, None] * ahead[self.codes]

    def entry_age(self, panel: Panel) -> EntryAge:
        """Return the age and cut-off of the lowest grade that would have told past entries best.

        Grades are taken to be school grades (grade 0 is entered at five, by 31 August) unless another age is
        clearly better, as where "grades" are ages.
        """
        entered, now = self.entered(panel), panel.years[-1]
        usual = EntryAge(max(panel.grades[0] + AGE_OF_GRADE_ZERO, 0), _CUTOFFS[0])
        tried = [usual, *(EntryAge(age, cutoff) for age in _AGES for cutoff in _CUTOFFS)]
        errors = [(_error(self.cohorts(panel.years, at, now), entered), at) for at in tried]
        told = errors[0][0]
        least, best = min(errors, key=lambda pair: pair[0])
        clear = least < _CLEAR * told if np.isfinite(told) else least < _EXACT
        return best if clear else usual

    def _beside(self, cutoff: tuple[int, int]) -> tuple[Floats, Floats]:
        """Births before and after the cut-off, float64 [key, year]."""
        if cutoff not in self._parts:
            before, after = (
                side.reindex(index=self._names, columns=self._years).to_numpy(dtype=np.float64)
                for side in births_beside(self._given, cutoff=cutoff)
            )
            self._parts[cutoff] = before, after
        return self._parts[cutoff]

    def _known(self, side: Floats, now: int) -> Floats:
        """The births up to a year, and its last known ones after that."""
        known = side.copy()
        for at in range(1, known.shape[1]):
            if self.first + at > now:
                known[:, at] = known[:, at - 1]
        return known


def _column(values: Floats, at: Ints) -> Floats:
    """Columns by position, NaN before the first; the last one after the end."""
    if not values.shape[1]:
        return np.full((len(values), len(at)), np.nan)
    found = values[:, np.clip(at, 0, values.shape[1] - 1)]
    return np.where(at < 0, np.nan, found)


def _error(cohorts: Floats, entered: Floats) -> float:
    """Mean relative error of the next year's entries by births alone; inf where it cannot be told."""
    known = ~np.isnan(cohorts) & ~np.isnan(entered)
    years = np.flatnonzero(known.any(axis=0))[1:][-_TRIALS:]
    if len(years) < _LEAST_TRIALS:
        return float("inf")
    gaps, sizes = 0.0, 0.0
    for at in years:
        fitted = BirthEntry(weight=1.0).fit(cohorts[:, :at], entered[:, :at])
        there = known[:, at]
        gaps += float(np.abs(fitted.predict(cohorts[:, at : at + 1])[:, 0] - entered[:, at])[there].sum())
        sizes += float(entered[there, at].sum())
    return gaps / sizes if sizes > 0 else float("inf")


def _recent_share(panel: Panel, codes: Ints, keys: int) -> Floats:
    """Share of the last three years' entries of its key by unit, float64 [unit]; 0 without the grade now.

    Where nobody entered lately, the units that have the grade share alike.
    """
    lowest = panel.counts[:, 0, :]
    known = ~np.isnan(lowest[:, -_RECENT:])
    mean = np.nan_to_num(lowest[:, -_RECENT:]).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    own = np.where(np.isnan(lowest[:, -1]), 0.0, mean)
    has = (~np.isnan(lowest[:, -1])).astype(np.float64)
    own = np.where(sum_towns(own[:, None], codes, keys)[codes, 0] > 0, own, has)
    total = sum_towns(own[:, None], codes, keys)[codes, 0]
    return np.where(total > 0, own / np.where(total > 0, total, 1.0), 0.0)
