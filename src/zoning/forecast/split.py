"""Rolling origins: every year in turn is the last one known, and the years after it are forecast."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Ints, Panel


@dataclass(eq=False)
class RollingOriginSplit(Estimator):
    """Splits of a panel's years into those known at an origin and those to forecast.

    Parameters
    ----------
    horizon
        Years ahead, at most.
    first
        First origin; the third year of the panel when left out.
    last_target
        Last year to forecast; the panel's last when left out.

    Examples
    --------
    >>> panel = Panel(np.full((1, 1, 5), 20.0), ("s1",), ("North",), (1,), (2021, 2022, 2023, 2024, 2025))
    >>> [(train.tolist(), test.tolist()) for train, test in RollingOriginSplit(horizon=2).split(panel)]
    [([0, 1, 2], [3, 4]), ([0, 1, 2, 3], [4])]
    """

    horizon: int = 5
    first: int | None = None
    last_target: int | None = None

    def split(self, panel: Panel) -> Iterator[tuple[Ints, Ints]]:
        """Yield positions of the years known and of the counted years to forecast, int64 each.

        A year that nobody counted is neither an origin nor a target; an origin without targets is left out.
        """
        counted = panel.counted
        first = panel.years[min(2, len(panel.years) - 1)] if self.first is None else self.first
        last = panel.years[-1] if self.last_target is None else self.last_target
        for at, origin in enumerate(panel.years):
            ahead = range(at + 1, min(at + 1 + self.horizon, len(panel.years)))
            targets = [to for to in ahead if counted[to] and panel.years[to] <= last]
            if counted[at] and origin >= first and targets:
                yield np.arange(at + 1), np.asarray(targets, dtype=np.int64)

    def get_n_splits(self, panel: Panel) -> int:
        """Return the number of origins."""
        return sum(1 for _ in self.split(panel))
