"""Entry grades from births: who was born between two cut-offs enters together.

With a cut-off on 31 August, grade 1 of autumn ``t`` was born from September of ``t - 7`` to August of ``t -
6``: one third of the births of ``t - 7`` and two thirds of those of ``t - 6``, or exactly those months where
births are given by month.
"""

import calendar
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Floats

_WEIGHTS: Final = (0.5, 0.75, 1.0)
_PRIOR_COHORTS: Final = 1.0
_RECENT: Final = 3
_AHEAD: Final = 5
_LEAST_ORIGINS: Final = 3
_UNTRIED: Final = 0.75
_CLEAR: Final = 0.9
_FADE: Final = 0.7


def share_before(cutoff: tuple[int, int]) -> float:
    """Return the share of a year's births that fall on or before the cut-off, counted in months.

    Parameters
    ----------
    cutoff
        Month and day.

    Raises
    ------
    ValueError
        When there is no such day.

    Examples
    --------
    >>> round(share_before((8, 31)), 4), share_before((12, 31))
    (0.6667, 1.0)
    """
    month, _ = cutoff
    return (month - 1 + _month_share(cutoff)) / 12


def _month_share(cutoff: tuple[int, int]) -> float:
    month, day = cutoff
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2024, month)[1]:
        raise ValueError(f"cut-off {cutoff} is no month and day")
    # 28 February is the last day of most years, 29 of the others: both end the month.
    return min(1.0, day / calendar.monthrange(2023, month)[1])


def cohort_births(
    births: pd.DataFrame,
    *,
    cutoff: tuple[int, int] = (8, 31),
    column: str = "births",
    until: int | None = None,
) -> pd.DataFrame:
    """Return the births between two cut-offs by town: children, index town, columns years.

    The cohort of year ``c`` was born after the cut-off of ``c - 1`` and on or before that of ``c``: it is of
    age 0 at the cut-off of ``c``, and of age ``a`` in autumn ``c + a``.

    Parameters
    ----------
    births
        Columns ``town``, ``year``, ``month`` (NaN for a whole year; may be left out) and the counts. Where a
        town has every month on one side of a year's cut-off these are used, else its row of the whole year.
    cutoff
        Month and day of the cut-off.
    column
        Which counts: ``births`` (of residents) or ``registered_births``.
    until
        Last cohort wanted: every town's last known births are repeated up to it. None to stop where they end.

    Raises
    ------
    ValueError
        When the cut-off is no day.

    Examples
    --------
    >>> table = pd.DataFrame({"town": "North", "year": [2019, 2020], "births": [300.0, 240.0]})
    >>> cohorts = cohort_births(table)
    >>> cohorts.loc["North", 2020].item()  # one third of 300 and two thirds of 240; grade 1 in autumn 2026
    260.0
    """
    before, after = births_beside(births, cutoff=cutoff, column=column)
    if until is not None:
        before, after = _carried(before, until), _carried(after, until)
    if cutoff == (12, 31):
        return before
    return (before + after.shift(1, axis=1)).iloc[:, 1:]


def births_beside(
    births: pd.DataFrame, *, cutoff: tuple[int, int] = (8, 31), column: str = "births"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the births before and after the cut-off of each year: index town, columns years.

    By month where all months of that side are given, else the share of the row of the whole year.

    Parameters
    ----------
    births, cutoff, column
        As of :func:`cohort_births`.
    """
    known = births[births[column].notna()]
    if known.empty:
        return pd.DataFrame(dtype="float64"), pd.DataFrame(dtype="float64")
    months = known["month"].astype("float64") if "month" in known else pd.Series(np.nan, index=known.index)
    month, of_month, share = cutoff[0], _month_share(cutoff), share_before(cutoff)
    early = pd.Series(np.where(months < month, 1.0, np.where(months == month, of_month, 0.0)), months.index)
    before = _part(known, months, column, early, (month, share))
    after = _part(known, months, column, 1 - early, (12 - month + (of_month < 1), 1 - share))
    return before, after


def _part(
    known: pd.DataFrame,
    months: "pd.Series[float]",
    column: str,
    part: "pd.Series[float]",
    whole: tuple[int, float],
) -> pd.DataFrame:
    """One side of the cut-off: the sum of its months where all ``whole[0]`` of them are there, else the share
    ``whole[1]`` of the row of the whole year.
    """  # noqa: D205 - one sentence
    key = [known["town"].rename("town"), known["year"].astype("int64").rename("year")]
    counts = known[column].astype("float64")
    inside = months.where((part > 0) & months.notna())
    exact = (counts * part).where(inside.notna()).groupby(key).sum()
    complete = (inside.groupby(key).nunique() == whole[0]) & (months.groupby(key).count() > 0)
    of_year = counts.where(months.isna()).groupby(key).sum(min_count=1) * whole[1]
    table = exact.where(complete, of_year).reset_index(name="births")
    years = range(int(table["year"].min()), int(table["year"].max()) + 1)
    return table.pivot_table(index="town", columns="year", values="births", dropna=False).reindex(
        columns=years
    )


def _carried(part: pd.DataFrame, until: int) -> pd.DataFrame:
    """The table up to a year, the last known value of every town repeated after its last known year."""
    if part.empty:
        return part
    longer = part.reindex(columns=range(int(part.columns[0]), max(until, int(part.columns[-1])) + 1))
    trailing = longer.bfill(axis=1).isna()
    return longer.ffill(axis=1).where(trailing, longer)


@dataclass(eq=False)
class BirthEntry(Estimator):
    """Entry children from births: ratios by town, shrunk to the county's, averaged with the recent mean.

    Resident births go with resident children and registered births with registered ones: the two ratios
    differ (a birth year is only about 0.83 registered by its own year-end), so fit one model for each.

    Parameters
    ----------
    weight
        Weight of births against the mean of the last three entries for the first cohort that nobody has
        counted, 0-1; that of the mean fades with every further one; None to choose it on earlier origins.
    discount
        Weight of an entry relative to the one a year later, 0 < discount <= 1.

    Examples
    --------
    >>> cohorts = np.array([[100.0, 90.0, 80.0, 50.0]])
    >>> model = BirthEntry(weight=1.0).fit(cohorts, np.array([[110.0, 99.0, 88.0, np.nan]]))
    >>> model.ratios_.round(3).tolist(), model.predict(cohorts[:, 3:]).round(3).tolist()
    ([1.1], [[55.0]])
    """

    weight: float | None = None
    discount: float = 0.9
    weight_: float = field(init=False, repr=False)
    ratios_: Floats = field(init=False, repr=False)
    recent_: Floats = field(init=False, repr=False)

    def fit(self, cohorts: Floats, entries: Floats) -> Self:
        """Learn the entry ratio of every town.

        Parameters
        ----------
        cohorts
            Births of the cohort that enters each year, children, float64 [town, year]; NaN when unknown.
        entries
            Children who entered, float64 [town, year]; NaN when unknown.

        Raises
        ------
        ValueError
            When the shapes differ.
        """
        if cohorts.shape != entries.shape:
            raise ValueError(f"cohorts are {cohorts.shape}, entries {entries.shape}")
        self.ratios_ = self._ratios(cohorts, entries)
        self.recent_ = _recent(entries)
        self.weight_ = self._choose(cohorts, entries) if self.weight is None else self.weight
        return self

    def predict(self, cohorts: Floats) -> Floats:
        """Return the expected entries of those cohorts, children, float64 [town, year].

        A town without births takes its recent mean, one that never had an entry its births times the county's
        ratio, one without either 0.

        Parameters
        ----------
        cohorts
            Births of the cohorts that nobody has counted yet, the first first, float64 [town, year]; NaN
            when unknown.
        """
        return _blend(self.ratios_, self.recent_, cohorts, self.weight_)

    def _ratios(self, cohorts: Floats, entries: Floats) -> Floats:
        known = ~np.isnan(cohorts) & ~np.isnan(entries)
        weights = self.discount ** np.arange(cohorts.shape[1] - 1, -1, -1, dtype=np.float64)
        births = np.where(known, cohorts, 0.0) @ weights
        entered = np.where(known, entries, 0.0) @ weights
        county = entered.sum() / births.sum() if births.sum() > 0 else 1.0
        cells = np.count_nonzero(known)
        prior = _PRIOR_COHORTS * float(np.where(known, cohorts, 0.0).sum() / cells) if cells else 1.0
        safe = np.where(births + prior > 0, births + prior, 1.0)
        return np.asarray(np.where(births + prior > 0, (entered + prior * county) / safe, county))

    def _choose(self, cohorts: Floats, entries: Floats) -> float:
        """The weight with the least error on earlier origins, one to five years ahead."""
        known = ~np.isnan(cohorts) & ~np.isnan(entries)
        errors = dict.fromkeys(_WEIGHTS, 0.0)
        origins = 0
        for origin in range(entries.shape[1] - 1):
            ahead = slice(origin + 1, origin + 1 + _AHEAD)
            if not (known[:, : origin + 1].any() and known[:, ahead].any()):
                continue
            origins += 1
            ratios = self._ratios(cohorts[:, : origin + 1], entries[:, : origin + 1])
            recent = _recent(entries[:, : origin + 1])
            for weight in _WEIGHTS:
                gap = np.abs(_blend(ratios, recent, cohorts[:, ahead], weight) - entries[:, ahead])
                errors[weight] += float(gap[known[:, ahead]].sum())
        best = min(errors, key=lambda weight: errors[weight])
        # A few origins prove little: leave the middle only for a clear gain.
        clear = origins >= _LEAST_ORIGINS and errors[best] < _CLEAR * errors[_UNTRIED]
        return best if clear else _UNTRIED


def _recent(entries: Floats) -> Floats:
    """Mean of the last three known entries of each town, float64 [town]; NaN where none is known."""
    known = ~np.isnan(entries)
    later: npt.NDArray[np.int64] = known[:, ::-1].cumsum(axis=1)[:, ::-1]
    used = known & (later <= _RECENT)
    count = used.sum(axis=1)
    total = np.where(used, entries, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _blend(ratios: Floats, recent: Floats, cohorts: Floats, weight: float) -> Floats:
    born = ratios[:, None] * cohorts
    mean = np.broadcast_to(recent[:, None], born.shape)
    # What entered lately says less of every further year; births say it still.
    fading = (1 - weight) * _FADE ** np.arange(born.shape[1])
    both = (1 - fading) * born + fading * mean
    return np.nan_to_num(np.where(np.isnan(born), mean, np.where(np.isnan(mean), born, both)))
