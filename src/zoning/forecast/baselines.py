"""What a forecast must beat: last year's value, and the three-year ratio that consultants use."""

from dataclasses import replace

import numpy as np

from zoning.forecast.cohort import CohortProgression
from zoning.forecast.panel import Floats, Panel

__all__ = ["last_value", "three_year_ratio"]


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

    Pooled over three years; a school without one takes its town's ratio, else that of all; an entry grade is
    the mean of the last three years.

    Raises
    ------
    ValueError
        When no two consecutive years were counted lately.

    Examples
    --------
    >>> counts = np.array([[[10.0, 20.0, 30.0], [9.0, 9.0, 18.0]]])
    >>> panel = Panel(counts, ("s1",), ("North",), (1, 2), (2024, 2025, 2026))
    >>> three_year_ratio(panel, 1).round(6).tolist()
    [[[20.0], [27.0]]]
    """
    years = slice(-_years_back(panel), None)
    counts = panel.counts[:, :, years]
    model = CohortProgression(discount=1.0, unit_shrinkage=1e-9, town_shrinkage=1e-9, entry_discount=1.0)
    model.fit(replace(panel, counts=counts, years=panel.years[years]))
    known = ~np.isnan(counts[:, :, -3:])
    total = np.nansum(counts[:, :, -3:], axis=2)
    model.entries_ = np.where(known.any(axis=2), total / np.maximum(known.sum(axis=2), 1), np.nan)
    return model.predict(horizon)


def _years_back(panel: Panel) -> int:
    """Four years, or as many more as it takes to find two counted one after the other."""
    counted = panel.counted
    pairs = np.flatnonzero(counted[1:] & counted[:-1])
    return max(4, len(panel.years) - int(pairs[-1])) if len(pairs) else len(panel.years)
