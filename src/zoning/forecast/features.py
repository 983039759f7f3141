"""What the booster looks at: how a cell, its school and its town stood against what was expected of them.

All features are relative (log ratios), but for the size of a cell and of its school and the place of a grade
within its school, so that what is learned in one place, grade and year holds in others.
"""

from typing import Final

import numpy as np

from zoning.forecast.panel import Bools, Floats, Panel, sum_towns

_LOOKBACK: Final = 3


def features(panel: Panel, expected: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Return the features of every cell of the year after the panel's last, and their names.

    Parameters
    ----------
    panel
        Children up to the origin.
    expected
        Children expected a year later, float64 [unit, grade]; NaN where the unit lacks the grade.

    Returns
    -------
    values
        float64 [unit, grade, feature]; NaN where there is nothing to look at.
    names
        Name of each feature.

    Examples
    --------
    >>> panel = Panel(np.array([[[20.0, 20.0], [16.0, 18.0]]]), ("s1",), ("North",), (1, 2), (2025, 2026))
    >>> values, names = features(panel, np.array([[20.0, 18.0]]))
    >>> values.shape == (1, 2, len(names)), values[0, 1, names.index("now")].item()
    (True, 0.0)
    """
    found = _of_cells(panel, expected) | _of_units(panel, expected) | _of_groups(panel, expected)
    shape = expected.shape
    return np.stack([np.broadcast_to(v, shape) for v in found.values()], axis=-1), tuple(found)


def log_ratio(above: Floats, below: Floats) -> Floats:
    """Return ``log((above + 1) / (below + 1))``, which bears empty cells; NaN where either is."""
    return np.asarray(np.log((above + 1.0) / (below + 1.0)))


def _of_cells(panel: Panel, expected: Floats) -> dict[str, Floats]:
    """Each cell against its own past, its neighbours and its cohort."""
    now, before, earlier = (_year(panel.counts, back) for back in range(_LOOKBACK))
    usual = log_ratio(expected, _below(now))
    return {
        "size": np.log(expected + 1.0),
        "now": log_ratio(now, expected),
        "before": log_ratio(before, expected),
        "earlier": log_ratio(earlier, expected),
        "recent": log_ratio(_mean(np.stack([now, before, earlier]), 0), expected),
        "step": log_ratio(now, _below(before)) - usual,
        "earlier_step": log_ratio(before, _below(earlier)) - usual,
        "cohort": _below(log_ratio(now, _below(before))),
        "lower": log_ratio(_below(now), now),
        "upper": log_ratio(_above(expected), expected),
    }


def _of_units(panel: Panel, expected: Floats) -> dict[str, Floats]:
    """The school as a whole: its size, its span, its age and how its lowest grade moves."""
    now, before = _year(panel.counts, 0), _year(panel.counts, 1)
    has: Bools = np.asarray(~np.isnan(now))
    grades = np.arange(has.shape[1], dtype=np.float64)
    lowest = np.where(has.any(axis=1), has.argmax(axis=1), 0)
    highest = has.shape[1] - 1 - has[:, ::-1].argmax(axis=1)
    total = np.nansum(now, axis=1)
    entry = [np.take_along_axis(year, lowest[:, None], axis=1) for year in (now, before)]
    known = (~np.isnan(panel.counts).all(axis=1)).sum(axis=1)
    return {
        "unit_size": np.log(total + 1.0)[:, None],
        "unit_expected": log_ratio(np.nansum(expected, axis=1), total)[:, None],
        "grades": has.sum(axis=1).astype(np.float64)[:, None],
        "from_lowest": grades[None, :] - lowest[:, None],
        "from_highest": highest[:, None] - grades[None, :],
        "grade": grades[None, :],
        "years_known": known.astype(np.float64)[:, None],
        "entry": log_ratio(*entry),
    }


def _of_groups(panel: Panel, expected: Floats) -> dict[str, Floats]:
    """How schools and towns as wholes stepped up in the last two years, against the usual steps."""
    usual = _usual_steps(_year(panel.counts, 0), expected)
    codes, towns = panel.town_codes, len(panel.town_names)
    found = {}
    for back, name in ((0, "step"), (1, "earlier_step")):
        after, came = _steps(panel.counts, back, usual)
        found[f"unit_{name}"] = log_ratio(after, came)[:, None]
        of_town = [sum_towns(side[:, None], codes, towns)[codes] for side in (after, came)]
        found[f"town_{name}"] = log_ratio(*of_town)
    return found


def _usual_steps(now: Floats, expected: Floats) -> Floats:
    """Expected children of each grade per child of the grade below, all units together, float64 [grade]."""
    came = _below(now)
    fed = ~np.isnan(came) & ~np.isnan(expected)
    below = np.where(fed, came, 0.0).sum(axis=0)
    above = np.where(fed, expected, 0.0).sum(axis=0)
    return np.where((below > 0) & (above > 0), above / np.where(below > 0, below, 1.0), 1.0)


def _steps(counts: Floats, back: int, usual: Floats) -> tuple[Floats, Floats]:
    """Children of a unit's fed cells ``back`` years ago, and what the usual steps made of those before."""
    now, came = _year(counts, back), _below(_year(counts, back + 1)) * usual
    both = ~np.isnan(now) & ~np.isnan(came)
    return np.where(both, now, 0.0).sum(axis=1), np.where(both, came, 0.0).sum(axis=1)


def _year(counts: Floats, back: int) -> Floats:
    years = counts.shape[2]
    return counts[:, :, years - 1 - back] if back < years else np.full(counts.shape[:2], np.nan)


def _below(values: Floats) -> Floats:
    return np.concatenate([np.full((len(values), 1), np.nan), values[:, :-1]], axis=1)


def _above(values: Floats) -> Floats:
    return np.concatenate([values[:, 1:], np.full((len(values), 1), np.nan)], axis=1)


def _mean(values: Floats, axis: int) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    return np.where(count > 0, np.where(known, values, 0.0).sum(axis=axis) / np.maximum(count, 1), np.nan)
