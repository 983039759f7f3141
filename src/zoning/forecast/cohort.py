"""Cohort progression: how many children of one grade stand in the next grade a year later.

The ratio of a unit (school or block) is shrunk towards its town's, and the town's towards the county's, as
the posterior mean of a gamma prior under Poisson counts (Clayton and Kaldor 1987, Biometrics 43:671-681)::

    ratio = (Σ w·next + k·parent) / (Σ w·now + k),   w = discount ** (years ago)

A unit without history takes its parent's ratio, a unit with much history its own. How much shrinkage and how
much discount are chosen on the earlier years of the same panel: every year is forecast from those before it,
one step ahead, and the values with the least absolute error are kept.
"""

from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Bools, Floats, Ints, Panel, sum_towns

_DISCOUNTS: Final = (0.35, 0.5, 0.7, 0.85, 1.0)
_ENTRY_DISCOUNTS: Final = (0.2, 0.35, 0.5, 0.7, 1.0)
_SHRINKAGES: Final = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6)
_START: Final = {"discount": 0.5, "unit_shrinkage": 12.8, "town_shrinkage": 12.8, "entry_discount": 0.35}
_GRIDS: Final = {
    "discount": _DISCOUNTS,
    "unit_shrinkage": _SHRINKAGES,
    "town_shrinkage": _SHRINKAGES,
    "entry_discount": _ENTRY_DISCOUNTS,
}
_ORIGINS: Final = 5
_SAMPLE: Final = 4000


@dataclass(eq=False)
class CohortProgression(Estimator):
    """Shrunk, time-discounted progression ratios of units, towns and the county.

    The parameters left at None are chosen by :meth:`fit` on the earlier years; with two years only there is
    no earlier origin and ratios are shrunk hard towards the town's.

    Parameters
    ----------
    discount
        Weight of a transition relative to the one a year later, 0 < discount <= 1.
    unit_shrinkage, town_shrinkage
        Children that the parent's ratio weighs as much as, as a multiple of the mean cell of the panel.
    entry_discount
        The same as ``discount`` for the recent mean of a grade that no lower grade of the unit feeds.

    Examples
    --------
    >>> counts = np.array([[[20.0, 20.0], [16.0, 18.0]], [[0.0, 30.0], [0.0, 0.0]]])
    >>> panel = Panel(counts, ("s1", "s2"), ("North", "North"), (1, 2), (2025, 2026))
    >>> model = CohortProgression(discount=1.0, unit_shrinkage=1.0, town_shrinkage=1.0).fit(panel)
    >>> model.ratios_.round(3).tolist()
    [[0.9], [0.9]]
    >>> model.predict(1)[:, 1, 0].tolist()
    [18.0, 27.0]
    """

    discount: float | None = None
    unit_shrinkage: float | None = None
    town_shrinkage: float | None = None
    entry_discount: float | None = None
    chosen_: dict[str, float] = field(default_factory=dict, init=False, repr=False)
    panel_: Panel = field(init=False, repr=False)
    ratios_: Floats = field(init=False, repr=False)
    town_ratios_: Floats = field(init=False, repr=False)
    county_ratios_: Floats = field(init=False, repr=False)
    entries_: Floats = field(init=False, repr=False)

    def fit(self, panel: Panel) -> Self:
        """Learn the ratios of a panel.

        Parameters
        ----------
        panel
            Children by unit, grade and year; at least two consecutive years with children counted.

        Raises
        ------
        ValueError
            When no two consecutive years were counted.
        """
        counted = panel.counted
        if not (counted[1:] & counted[:-1]).any():
            raise ValueError("progression needs two consecutive years")
        moves = _Moves.of(panel)
        given = {k: v for k, v in self.get_params().items() if v is not None}
        self.chosen_ = _choose(panel, moves, given)
        last = len(panel.years) - 1
        found = moves.ratios(self.chosen_, last, np.arange(len(panel.units)))
        self.ratios_, self.town_ratios_, self.county_ratios_ = found
        self.entries_ = _recent_mean(panel.counts, self.chosen_["entry_discount"])
        self.panel_ = panel
        return self

    def predict(self, horizon: int, *, entries: Floats | None = None) -> Floats:
        """Return the expected children of the years after the panel's last, float64 [unit, grade, horizon].

        Cells that a unit lacks in the last year stay NaN: a school keeps the grades that it has.

        Parameters
        ----------
        horizon
            Years ahead.
        entries
            Children in the panel's lowest grade, float64 [unit, horizon]; their recent mean when left out.
        """
        now = self.panel_.counts[:, :, -1]
        ahead = np.empty((*now.shape, horizon))
        for step in range(horizon):
            now = self.advance(now, entries=None if entries is None else entries[:, step])
            ahead[:, :, step] = now
        return ahead

    def advance(self, now: Floats, *, entries: Floats | None = None) -> Floats:
        """Return the expected children a year later, float64 [unit, grade].

        Parameters
        ----------
        now
            Children of one year, float64 [unit, grade]; NaN where the unit lacks the grade, as it will then.
        entries
            Children in the panel's lowest grade, float64 [unit]; their recent mean when left out.
        """
        after = self.entries_.copy()
        fed = now[:, :-1] * self.ratios_
        after[:, 1:] = np.where(np.isnan(fed), after[:, 1:], fed)
        if entries is not None:
            after[:, 0] = entries
        return np.where(np.isnan(now), np.nan, after)


@dataclass(frozen=True, eq=False)
class _Moves:
    """Who stood in a grade and who stood in the next one a year later, float64 [unit, grade, transition]."""

    now: Floats
    after: Floats
    seen: Bools
    town_now: Floats
    town_after: Floats
    codes: Ints
    cell: float

    @classmethod
    def of(cls, panel: Panel) -> Self:
        now, after = panel.counts[:, :-1, :-1], panel.counts[:, 1:, 1:]
        seen = ~np.isnan(now) & ~np.isnan(after)
        now, after = np.where(seen, now, 0.0), np.where(seen, after, 0.0)
        towns = len(panel.town_names)
        town_now = sum_towns(now, panel.town_codes, towns)
        town_after = sum_towns(after, panel.town_codes, towns)
        cells = np.count_nonzero(seen)
        cell = float(now.sum() / cells) if cells else 0.0
        return cls(now, after, seen, town_now, town_after, panel.town_codes, cell)

    def ratios(self, chosen: dict[str, float], last: int, units: Ints) -> tuple[Floats, Floats, Floats]:
        """Ratios of units [unit, grade], towns and the county from the transitions before ``last``."""
        weights = chosen["discount"] ** np.arange(last - 1, -1, -1, dtype=np.float64)
        town_now, town_after = self.town_now[:, :, :last] @ weights, self.town_after[:, :, :last] @ weights
        county = _shrink(town_after.sum(axis=0), town_now.sum(axis=0), np.ones(town_now.shape[1]), 0.0)
        town = _shrink(town_after, town_now, county, chosen["town_shrinkage"] * self.cell)
        own_now, own_after = self.now[units, :, :last] @ weights, self.after[units, :, :last] @ weights
        parent = town[self.codes[units]]
        return _shrink(own_after, own_now, parent, chosen["unit_shrinkage"] * self.cell), town, county


def _shrink(after: Floats, now: Floats, parent: Floats, prior: float) -> Floats:
    weight = now + prior
    safe = np.where(weight > 0, weight, 1.0)
    # Children out of nothing, as where a school opens, are no progression unless the prior outweighs them.
    told = (now > 0) | (after <= prior)
    return np.where(told & (weight > 0), (after + prior * parent) / safe, parent)


def _recent_mean(counts: Floats, discount: float) -> Floats:
    weights = discount ** np.arange(counts.shape[2] - 1, -1, -1, dtype=np.float64)
    total = ~np.isnan(counts) @ weights
    return np.where(total > 0, np.nan_to_num(counts) @ weights / np.where(total > 0, total, 1.0), np.nan)


def _choose(panel: Panel, moves: _Moves, given: dict[str, float]) -> dict[str, float]:
    """The given parameters, and for the others the values with the least one-step error so far."""
    chosen = _START | given
    # A regular sample of the units, in the order of their names, is enough to choose four numbers.
    order = np.argsort(np.asarray(panel.units, dtype=np.str_), kind="stable")
    units = order[:: max(1, len(order) // _SAMPLE)]
    origins = range(max(1, len(panel.years) - 1 - _ORIGINS), len(panel.years) - 1)
    for name in ("unit_shrinkage", "discount", "town_shrinkage", "unit_shrinkage", "discount"):
        if name not in given and origins:
            errors = [(_ratio_error(moves, chosen | {name: v}, origins, units), v) for v in _GRIDS[name]]
            chosen[name] = _least(errors, chosen[name])
    if "entry_discount" not in given and origins:
        errors = [(_entry_error(panel.counts[units], v, origins), v) for v in _ENTRY_DISCOUNTS]
        chosen["entry_discount"] = _least(errors, chosen["entry_discount"])
    return chosen


def _least(errors: list[tuple[float, float]], default: float) -> float:
    lowest = min(error for error, _ in errors)
    # Rounded, so that the order of summation never decides between equal errors; ties keep the default.
    close = [value for error, value in errors if error <= lowest * (1 + 1e-9)]
    return default if default in close else close[0]


def _ratio_error(moves: _Moves, chosen: dict[str, float], origins: range, units: Ints) -> float:
    error = 0.0
    for origin in origins:
        ratio, _, _ = moves.ratios(chosen, origin, units)
        gap = np.abs(moves.now[units, :, origin] * ratio - moves.after[units, :, origin])
        error += float(gap[moves.seen[units, :, origin]].sum())
    return error


def _entry_error(counts: Floats, discount: float, origins: range) -> float:
    error = 0.0
    for origin in origins:
        now, after = counts[:, :, origin], counts[:, :, origin + 1]
        fed = np.zeros_like(now, dtype=np.bool_)
        fed[:, 1:] = ~np.isnan(now[:, :-1])
        gap = np.abs(_recent_mean(counts[:, :, : origin + 1], discount) - after)
        error += float(gap[~np.isnan(now) & ~np.isnan(after) & ~fed].sum())
    return error
