"""The booster: what the progression ratios leave over, learned from how cells stood in earlier years.

A boosted regression (scikit-learn's ``HistGradientBoostingRegressor``) of ``log(counted / expected)`` on the
features of :mod:`zoning.forecast.features`. Squared error, which was nearer than absolute error two and
more years ahead (docs/design.md); the error common to all cells of a year is taken out first, because a year
teaches nothing about the next one. How far the booster is believed, cell by cell and in the totals of the
grades, is settled on earlier origins, where each booster met a year that it had not seen.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from zoning.forecast.estimator import Estimator
from zoning.forecast.features import features
from zoning.forecast.panel import Bools, Floats, Panel

_LEAST_EXPECTED: Final = 3.0
_FURTHEST: Final = 0.7
"""About a factor of two: a school that grew or shrank more was merged, split or moved."""


@dataclass(eq=False)
class ResidualBooster(Estimator):
    """Factors on the children expected a year ahead.

    Parameters
    ----------
    max_iter, learning_rate, min_samples_leaf, max_leaf_nodes
        Of the boosted trees.
    max_features
        Share of the features that a split may choose from.
    least_rows
        Fewer cells than these, over all past years, teach nothing: every factor is 1.
    random_state
        Seed of the choice of features.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> counts = rng.poisson(60.0, (80, 4, 5)).astype(float)
    >>> names, years = tuple(f"s{n}" for n in range(80)), tuple(range(2022, 2027))
    >>> panel = Panel(counts, names, ("North",) * 80, (1, 2, 3, 4), years)
    >>> expected = np.full_like(counts, 60.0)
    >>> booster = ResidualBooster().fit(panel, expected)
    >>> booster.rows_, booster.factors(panel, expected[:, :, -1]).shape
    (960, (80, 4))
    """

    max_iter: int = 150
    learning_rate: float = 0.05
    min_samples_leaf: int = 40
    max_leaf_nodes: int = 15
    max_features: float = 0.5
    least_rows: int = 400
    random_state: int = 0
    rows_: int = field(init=False, repr=False)
    feature_names_: tuple[str, ...] = field(init=False, repr=False)
    model_: HistGradientBoostingRegressor | None = field(init=False, repr=False)
    _blind: Bools = field(init=False, repr=False)

    def fit(self, panel: Panel, expected: Floats) -> Self:
        """Learn from every year that was both expected and counted.

        Parameters
        ----------
        panel
            Children by unit, grade and year.
        expected
            What was expected of each year the year before, children, float64 [unit, grade, year]; NaN where
            nothing was.
        """
        rows = [
            found
            for at in range(2, len(panel.years))
            if (found := _rows_of(panel, expected[:, :, at], at)) is not None
        ]
        self.model_, self.rows_ = None, sum(len(target) for _, target, _ in rows)
        _, self.feature_names_ = features(panel.until(panel.years[0]), expected[:, :, 0])
        if self.rows_ < self.least_rows:
            return self
        seen, target, weight = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        # The trees refuse a feature that nothing is known of.
        self._blind = np.isnan(seen).all(axis=0)
        model = HistGradientBoostingRegressor(
            max_iter=self.max_iter,
            learning_rate=self.learning_rate,
            min_samples_leaf=self.min_samples_leaf,
            max_leaf_nodes=self.max_leaf_nodes,
            max_features=self.max_features,
            early_stopping=False,
            random_state=self.random_state,
        )
        with threadpool_limits(limits=1):  # sums in one order, whatever the machine
            self.model_ = model.fit(np.where(self._blind, 0.0, seen), target, sample_weight=weight)
        return self

    def factors(self, panel: Panel, expected: Floats) -> Floats:
        """Return the factor of every cell of the year after the panel's last, float64 [unit, grade].

        Parameters
        ----------
        panel
            Children up to the origin.
        expected
            Children expected a year later, float64 [unit, grade]; NaN where the unit lacks the grade, with
            factor 1.
        """
        factors = np.ones_like(expected)
        has: Bools = np.asarray(~np.isnan(expected))
        if self.model_ is None or not has.any():
            return factors
        seen, _ = features(panel, expected)
        with threadpool_limits(limits=1):
            factors[has] = np.exp(self.model_.predict(np.where(self._blind, 0.0, seen[has])))
        return factors

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, np.dtype[np.object_]]:
        """Return the names of the features, in their order (the argument is there for scikit-learn)."""
        del input_features
        return np.asarray(self.feature_names_, dtype=object)


def _rows_of(panel: Panel, expected: Floats, at: int) -> tuple[Floats, Floats, Floats] | None:
    """Features, log ratio and weight of the cells of one year; None where that year teaches nothing."""
    counted = panel.counts[:, :, at]
    both = (np.nan_to_num(expected) >= _LEAST_EXPECTED) & (np.nan_to_num(counted) > 0)
    if not both.any():
        return None
    before = panel.until(panel.years[at - 1])
    seen, _ = features(before, expected)
    # In the order of their names: how a table is sorted decides nothing.
    order = np.argsort(np.asarray(panel.units, dtype=np.str_), kind="stable")
    seen, expected, counted, both = seen[order], expected[order], counted[order], both[order]
    ratio = np.log(counted[both] / expected[both])
    common = np.log(counted[both].sum() / expected[both].sum())
    return seen[both], np.clip(ratio - common, -_FURTHEST, _FURTHEST), expected[both]
