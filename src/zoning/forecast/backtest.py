"""Rolling-origin back-test: what each method would have said in earlier years, and how far off it was.

At every origin only the years up to it are used. A *cell* is a school × grade. It is scored when the school
had the grade at the origin, the year before it and in the target year, with at least ten children then; the
same cells for every method, so that the rows compare. ``school`` sums the scored cells of schools whose span
of grades is the same at origin and target, ``town`` sums the same schools by town, and ``town_total`` holds
the forecast of all cells against all children of the town.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from zoning.forecast.cohort import CohortProgression
from zoning.forecast.entry import BirthEntry, cohort_births
from zoning.forecast.panel import Bools, Floats, Panel, sum_towns

Level = Literal["cell", "school", "town", "town_total"]
Method = Callable[[Panel, int], Floats]
"""A panel and a horizon in, children [unit, grade, horizon] out; NaN where the unit lacks the grade."""

LEVELS: Final[tuple[Level, ...]] = ("cell", "school", "town", "town_total")
_LEAST: Final = 10.0


@dataclass(frozen=True, slots=True)
class Score:
    """The error of one method at one level and horizon.

    Parameters
    ----------
    method
        Name of the method.
    level
        ``cell``, ``school``, ``town`` or ``town_total``.
    horizon
        Years ahead.
    wape
        Sum of absolute errors over the sum of actual children, a share.
    mape
        Mean of absolute error over actual children, a share.
    count
        Cells, schools or towns scored, over all origins.
    """

    method: str
    level: Level
    horizon: int
    wape: float
    mape: float
    count: int


def last_value(panel: Panel, horizon: int) -> Floats:
    """Return the last counted children for every year ahead, float64 [unit, grade, horizon].

    Examples
    --------
    >>> panel = Panel(np.array([[[10.0, 12.0]]]), ("s1",), ("North",), (1,), (2025, 2026))
    >>> last_value(panel, 2).tolist()
    [[[12.0, 12.0]]]
    """
    return np.repeat(panel.counts[:, :, -1:], horizon, axis=2)


def three_year_ratio(panel: Panel, horizon: int) -> Floats:
    """Return the forecast by the school's own ratio of the last three years, float64 [unit, grade, horizon].

    What consultants use: pooled over three years; a school without one takes its town's ratio, else that of
    all; an entry grade is the mean of the last three years.

    Examples
    --------
    >>> counts = np.array([[[10.0, 20.0, 30.0], [9.0, 9.0, 18.0]]])
    >>> panel = Panel(counts, ("s1",), ("North",), (1, 2), (2024, 2025, 2026))
    >>> three_year_ratio(panel, 1).round(6).tolist()
    [[[20.0], [27.0]]]
    """
    counts = panel.counts[:, :, -4:]
    model = CohortProgression(discount=1.0, unit_shrinkage=1e-9, town_shrinkage=1e-9, entry_discount=1.0)
    years = panel.years[-counts.shape[2] :]
    model.fit(Panel(counts, panel.units, panel.towns, panel.grades, years))
    known = ~np.isnan(counts[:, :, -3:])
    total = np.nansum(counts[:, :, -3:], axis=2)
    model.entries_ = np.where(known.any(axis=2), total / np.maximum(known.sum(axis=2), 1), np.nan)
    return model.predict(horizon)


def shrunk_ratio(panel: Panel, horizon: int) -> Floats:
    """Return the forecast of :class:`~zoning.forecast.cohort.CohortProgression`, [unit, grade, horizon]."""
    return CohortProgression().fit(panel).predict(horizon)


def shrunk_with_births(births: pd.DataFrame, *, entry_age: int, cutoff: tuple[int, int] = (8, 31)) -> Method:
    """Return the shrunk ratio whose entry grade comes from births.

    Parameters
    ----------
    births
        Births by town and year, as in the births table.
    entry_age
        Age in years at the cut-off of the panel's lowest grade.
    cutoff
        Month and day of the cut-off.
    """

    def forecast(panel: Panel, horizon: int) -> Floats:
        now = panel.years[-1]
        known = births[births["year"] <= now]
        table = cohort_births(known, cutoff=cutoff, until=now + horizon - entry_age)
        spans = (
            [y - entry_age for y in panel.years],
            range(now + 1 - entry_age, now + horizon + 1 - entry_age),
        )
        past, ahead = (table.reindex(index=list(panel.town_names), columns=list(s)).to_numpy() for s in spans)
        model = CohortProgression().fit(panel)
        by_town = BirthEntry().fit(past, panel.by_town()[:, 0, :]).predict(ahead)
        own = np.where(np.isnan(panel.counts[:, 0, -1]), 0.0, np.nan_to_num(model.entries_[:, 0]))
        total = sum_towns(own[:, None], panel.town_codes, len(panel.town_names))[panel.town_codes, 0]
        share = np.where(total > 0, own / np.where(total > 0, total, 1.0), 0.0)
        return model.predict(horizon, entries=share[:, None] * by_town[panel.town_codes])

    return forecast


METHODS: Final[Mapping[str, Method]] = {
    "last value": last_value,
    "3-year ratio": three_year_ratio,
    "shrunk ratio": shrunk_ratio,
}


def backtest(
    panel: Panel,
    *,
    methods: Mapping[str, Method] = METHODS,
    origins: Iterable[int] | None = None,
    horizon: int = 5,
    last_target: int | None = None,
) -> tuple[Score, ...]:
    """Return the error of every method by level and horizon, shares.

    Parameters
    ----------
    panel
        Children by school, grade and year.
    methods
        What to compare, by name.
    origins
        Years to forecast from; every counted year with two before it and one after it when left out.
    horizon
        Years ahead, at most.
    last_target
        Last year to score; the panel's last when left out.

    Raises
    ------
    ValueError
        When there is no origin with a year to score.

    Examples
    --------
    >>> counts = np.full((1, 2, 5), 20.0)
    >>> panel = Panel(counts, ("s1",), ("North",), (1, 2), (2021, 2022, 2023, 2024, 2025))
    >>> [(s.method, round(s.wape, 6)) for s in backtest(panel, horizon=1) if s.level == "cell"]
    [('last value', 0.0), ('3-year ratio', 0.0), ('shrunk ratio', 0.0)]
    """
    counted = {y for n, y in enumerate(panel.years) if not np.isnan(panel.counts[:, :, n]).all()}
    end = panel.years[-1] if last_target is None else last_target
    starts = sorted(counted & set(panel.years[2:] if origins is None else origins))
    pairs = [(t, h) for t in starts for h in range(1, horizon + 1) if t + h <= end and t + h in counted]
    if not pairs:
        raise ValueError("no origin has a later year to score")
    errors: dict[tuple[str, Level, int], list[Floats]] = {}
    for name, method in methods.items():
        for origin in sorted({t for t, _ in pairs}):
            ahead = method(panel.until(origin), horizon)
            for _, step in (pair for pair in pairs if pair[0] == origin):
                for level, rows in _rows(panel, origin, step, ahead[:, :, step - 1]).items():
                    errors.setdefault((name, level, step), []).append(rows)
    return tuple(
        _score(name, level, step, np.concatenate(errors[name, level, step], axis=1))
        for name in methods
        for level in LEVELS
        for step in sorted({h for _, h in pairs})
    )


def _score(name: str, level: Level, step: int, rows: Floats) -> Score:
    forecast, actual = rows
    gap = np.abs(forecast - actual)
    wape = float(gap.sum() / actual.sum()) if actual.size else float("nan")
    mape = float((gap / actual).mean()) if actual.size else float("nan")
    return Score(name, level, step, wape, mape, int(actual.size))


def _rows(panel: Panel, origin: int, step: int, forecast: Floats) -> dict[Level, Floats]:
    """Forecast and actual children of everything scored, float64 [2, row] by level."""
    at = origin - panel.years[0]
    now, actual = panel.counts[:, :, at], panel.counts[:, :, at + step]
    matched = ~np.isnan(now) & (np.nan_to_num(actual) >= _LEAST)
    before = panel.counts[:, :, at - 1] if at else np.full_like(now, np.nan)
    if not np.isnan(before).all():
        matched &= ~np.isnan(before)
    same = _span(now) == _span(actual)
    both = np.stack([np.where(matched, forecast, 0.0), np.where(matched, actual, 0.0)])
    schools = both[:, same.all(axis=0)].sum(axis=2)
    codes, towns = panel.town_codes, len(panel.town_names)
    kept = sum_towns(np.where(same.all(axis=0), both.sum(axis=2), 0.0).T, codes, towns).T
    whole = np.stack([np.nansum(forecast, axis=1), np.nansum(actual, axis=1)])
    return {
        "cell": both[:, matched],
        "school": _present(schools),
        "town": _present(kept),
        "town_total": _present(sum_towns(whole.T, codes, towns).T),
    }


def _present(rows: Floats) -> Floats:
    return rows[:, rows[1] > 0]


def _span(counts: Floats) -> Floats:
    """First and last grade that each unit has, float64 [2, unit]; -1 where it has none."""
    has: Bools = ~np.isnan(counts)
    last = has.shape[1] - 1 - has[:, ::-1].argmax(axis=1)
    return np.where(has.any(axis=1), np.stack([has.argmax(axis=1), last]), -1).astype(np.float64)
