"""Births of the years to come: a damped continuation of the recent trend, with a low and a high course.

The yearly ratio of a town's births is shrunk towards the county's (gamma-Poisson, as in
:mod:`zoning.forecast.cohort`), old years count less, and the trend fades by a factor a year (Gardner and
McKenzie 1985, Management Science 31:1237-1246)::

    births(T + h) = births(T) · ratio ** (φ + φ² + … + φ^h)

How fast it fades is chosen on the births themselves: every year is continued from those before it, and the φ
with the least absolute error is kept; ties, and tables too short to try, stay flat (φ = 0).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import pandas as pd

from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Bools, Floats
from zoning.forecast.scenario import Births

_FADES: Final = (0.0, 0.5, 0.7, 0.85)
_LEAST_ORIGINS: Final = 3
_AHEAD: Final = 6
_STEEPEST: Final = 0.25
_Z: Final = {"low": -1.2816, "medium": 0.0, "high": 1.2816}
_UNTRIED_SPREAD: Final = 0.06
_LEAST_SPREAD: Final = 0.02
_PRIOR_CHANGES: Final = 2.0


@dataclass(eq=False)
class BirthOutlook(Estimator):
    """Births after the last known year, by town.

    Parameters
    ----------
    fade
        Share of the yearly trend that is left a year later, 0-1; None to choose it on earlier origins.
    discount
        Weight of a year's change relative to the next year's.
    town_shrinkage
        Years of the mean town's births that the county's ratio weighs as much as.

    Examples
    --------
    >>> model = BirthOutlook(fade=0.5).fit(np.array([[100.0, 90.0, 81.0]]))
    >>> model.predict(2).round(2).tolist()  # less than a tenth fewer, half as steep every year
    [[78.8, 77.73]]
    >>> bool((model.predict(2, course="low") < model.predict(2)).all())
    True
    """

    fade: float | None = None
    discount: float = 0.7
    town_shrinkage: float = 10.0
    fade_: float = field(init=False, repr=False)
    ratios_: Floats = field(init=False, repr=False)
    spread_: float = field(init=False, repr=False)
    last_: Floats = field(init=False, repr=False)

    def fit(self, births: Floats, *, trend_until: int | None = None) -> Self:
        """Learn the trend of every town.

        Parameters
        ----------
        births
            Births, children, float64 [town, year]; NaN when unknown.
        trend_until
            Position after the last year that the trend is taken from: registered births of the newest year
            are incomplete and would read as a fall. None for all years.
        """
        used = births[:, :trend_until]
        self.ratios_ = self._ratios(used)
        self.fade_ = self._choose(used) if self.fade is None else self.fade
        self.spread_ = _spread(used)
        self.last_ = _last(births)
        return self

    def predict(self, horizon: int, *, course: Births = "medium") -> Floats:
        """Return the births of the years after each town's last known one, float64 [town, horizon].

        Parameters
        ----------
        horizon
            Years ahead.
        course
            ``low`` and ``high`` lie 1.28 standard deviations of the past yearly changes (10 and 90 % of a
            normal) below and above ``medium``, times the square root of the years ahead.
        """
        ahead = np.arange(1, horizon + 1, dtype=np.float64)
        width = np.exp(_Z[course] * self.spread_ * np.sqrt(ahead))
        return _continued(self.last_, self.ratios_, self.fade_, horizon) * width

    def _ratios(self, births: Floats) -> Floats:
        """Births per birth a year earlier, float64 [town]."""
        before, after = births[:, :-1], births[:, 1:]
        seen = ~np.isnan(before) & ~np.isnan(after)
        weights = self.discount ** np.arange(before.shape[1] - 1, -1, -1, dtype=np.float64)
        base, then = np.where(seen, before, 0.0) @ weights, np.where(seen, after, 0.0) @ weights
        mean = float(np.where(seen, before, 0.0).sum()) / max(1, int(seen.sum()))
        # Two changes' worth of "no change" keep a single odd year from becoming a trend.
        still = _PRIOR_CHANGES * mean * len(births)
        held = float(base.sum()) + still
        county = (float(then.sum()) + still) / held if held > 0 else 1.0
        prior = self.town_shrinkage * mean
        safe = np.where(base + prior > 0, base + prior, 1.0)
        ratio: Floats = np.where(base + prior > 0, (then + prior * county) / safe, county)
        return np.asarray(np.exp(np.clip(np.log(np.maximum(ratio, 1e-9)), -_STEEPEST, _STEEPEST)))

    def _choose(self, births: Floats) -> float:
        errors, origins = dict.fromkeys(_FADES, 0.0), 0
        for origin in range(3, births.shape[1]):
            past, ahead = births[:, :origin], births[:, origin : origin + _AHEAD]
            known = ~np.isnan(ahead) & ~np.isnan(past[:, -1:])
            if not known.any():
                continue
            origins += 1
            ratios = self._ratios(past)
            for fade in _FADES:
                gap = np.abs(_continued(past[:, -1], ratios, fade, ahead.shape[1]) - ahead)
                errors[fade] += float(gap[known].sum())
        if origins < _LEAST_ORIGINS:
            return 0.0
        lowest = min(errors.values())
        return next(fade for fade in _FADES if errors[fade] <= lowest * (1 + 1e-9))


def _continued(last: Floats, ratios: Floats, fade: float, horizon: int) -> Floats:
    power = np.cumsum(fade ** np.arange(1, horizon + 1, dtype=np.float64))
    return np.asarray(last[:, None] * ratios[:, None] ** power)


def _last(births: Floats) -> Floats:
    filled = pd.DataFrame(births).ffill(axis=1).to_numpy(dtype=np.float64)
    return filled[:, -1] if filled.shape[1] else np.full(len(births), np.nan)


def _spread(births: Floats) -> float:
    """Standard deviation of the log of the county's yearly change, over the towns known in both years."""
    seen: Bools = ~np.isnan(births[:, :-1]) & ~np.isnan(births[:, 1:])
    before = np.where(seen, births[:, :-1], 0.0).sum(axis=0)
    after = np.where(seen, births[:, 1:], 0.0).sum(axis=0)
    some = (before > 0) & (after > 0)
    if np.count_nonzero(some) < _LEAST_ORIGINS:
        return _UNTRIED_SPREAD
    return max(_LEAST_SPREAD, float(np.log(after[some] / before[some]).std(ddof=1)))


def births_spread(births: pd.DataFrame | None, cohorts: Sequence[int], *, counted: int) -> Floats:
    """Return the standard deviation of the log of the births of cohorts, float64 [cohort]; 0 where known.

    The spread of the county's yearly changes, growing with the root of the years since births are known;
    without a births table since a cohort was last counted.

    Parameters
    ----------
    births
        Columns ``town``, ``year``, ``month`` (may be left out) and the counts; None when there are none.
    cohorts
        The years of birth, to the cut-off.
    counted
        The last cohort whose children were counted.

    Examples
    --------
    >>> table = pd.DataFrame({"town": "North", "year": range(2019, 2026), "births": 90.0})
    >>> births_spread(table, [2025, 2026, 2029], counted=2024).round(3).tolist()
    [0.0, 0.02, 0.04]
    """
    last, spread = counted, _UNTRIED_SPREAD
    for column in ("births", "registered_births"):
        if births is not None and column in births and births[column].notna().any():
            table = _by_year(births, column)
            if table.notna().any(axis=None):
                last, spread = int(table.columns[-1]), _spread(table.to_numpy(dtype=np.float64))
                break
    ahead = np.maximum(np.asarray(cohorts, dtype=np.float64) - max(last, counted), 0.0)
    return np.asarray(spread * np.sqrt(ahead))


def births_ahead(
    births: pd.DataFrame, until: int, *, course: Births = "medium"
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return a births table with rows of whole years up to a year, and the yearly trend by column.

    A town goes on from its last known whole year; the months of a year under way stay as they are, and what
    is missing of that year is filled from the year as continued.

    Parameters
    ----------
    births
        Columns ``town``, ``year``, ``month`` (may be left out) and the counts.
    until
        Last year wanted.
    course
        Which of the three courses.

    Returns
    -------
    table
        The rows given, then those added (blank ``month``).
    trends
        Change of the county's births from the last known year to the first one continued, share (-0.05 is 5 %
        fewer), by column that has births.

    Examples
    --------
    >>> table = pd.DataFrame({"town": "North", "year": [2024, 2025], "births": [90.0, 90.0]})
    >>> longer, trends = births_ahead(table, 2027)
    >>> longer["births"].tolist(), trends
    ([90.0, 90.0, 90.0, 90.0], {'births': 0.0})
    """
    columns = [c for c in ("births", "registered_births") if c in births and births[c].notna().any()]
    added: list[pd.DataFrame] = []
    trends = {}
    for column in columns:
        table = _by_year(births, column)
        if not table.notna().any(axis=None):
            continue
        held = table.to_numpy(dtype=np.float64)
        cut = held.shape[1] - 1 if column == "registered_births" else None
        model = BirthOutlook().fit(held, trend_until=cut)
        first = [int(table.columns[np.flatnonzero(~np.isnan(row))[-1]]) + 1 for row in held]
        ahead = model.predict(max(1, until + 1 - min(first)), course=course)
        added += [
            pd.DataFrame({"town": town, "year": range(start, until + 1), column: row[: until + 1 - start]})
            for town, start, row in zip(table.index, first, ahead, strict=True)
            if start <= until
        ]
        trends[column] = float(ahead[:, 0].sum() / model.last_.sum() - 1) if model.last_.sum() > 0 else 0.0
    return pd.concat([births, *added], ignore_index=True), trends


def _by_year(births: pd.DataFrame, column: str) -> pd.DataFrame:
    """Births of whole years, index town, columns years: the twelve months, else the row of the year."""
    known = births[births[column].notna()]
    months = known["month"].astype("float64") if "month" in known else pd.Series(np.nan, index=known.index)
    key = [known["town"].astype(str).rename("town"), known["year"].astype("int64").rename("year")]
    counts = known[column].astype("float64")
    by_month = counts.where(months.notna()).groupby(key).sum(min_count=1)
    whole = counts.where(months.isna()).groupby(key).sum(min_count=1)
    found = by_month.where(months.groupby(key).nunique() == 12, whole).reset_index(name="births")
    years = range(int(known["year"].min()), int(known["year"].max()) + 1)
    table = found.pivot_table(index="town", columns="year", values="births", dropna=False)
    return table.reindex(columns=list(years)).dropna(how="all")
