"""How far forecasts of a panel were off, and so how far its sample paths must spread.

At every earlier origin the forecast of the same method is held against what was counted. What varies around
it is told apart by who shares it: chance in a cell, a unit, a town, all. An error of a town that its schools
share does not cancel out when schools are summed, so the bands of sums come out as wide as those sums were
uncertain. Each level's spread is matched to the error that four in five stayed below, not to the squares:
a merger or a moved boundary must not widen every band.
"""

from dataclasses import dataclass, field
from typing import Self

from zoning.forecast.dispersion import Dispersion
from zoning.forecast.enrolment import EnrolmentForecaster, Rolling
from zoning.forecast.errors_seen import Seen, seen_errors
from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Floats, Panel
from zoning.forecast.simulator import Simulation
from zoning.forecast.variance import fitted, unit_scales


@dataclass(eq=False)
class CoherentSimulator(Estimator):
    """Sample paths whose sums over schools, towns and all spread as past errors of those sums did.

    Parameters
    ----------
    forecaster
        Whose errors count; the usual one when left out.
    horizon
        Years ahead that are looked at.
    origins
        At most so many of the latest origins.

    Attributes
    ----------
    dispersion_
        How far paths spread.
    errors_
        Number of pairs of origin and target year that told it.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(7)
    >>> counts = rng.poisson(60.0, (30, 4, 6)).astype(float)
    >>> names, years = tuple(f"s{n}" for n in range(30)), tuple(range(2021, 2027))
    >>> panel = Panel(counts, names, ("North",) * 30, (1, 2, 3, 4), years)
    >>> simulator = CoherentSimulator(EnrolmentForecaster(booster=None)).fit(panel)
    >>> paths = simulator.simulation(panel.counts[:, :, [-1, -1, -1]], 2026, paths=100, seed=7).paths()
    >>> paths.shape
    (100, 30, 4, 3)
    """

    forecaster: EnrolmentForecaster | None = None
    horizon: int = 5
    origins: int = 12
    dispersion_: Dispersion = field(init=False, repr=False)
    scale_: Floats = field(init=False, repr=False)
    errors_: int = field(init=False, repr=False)
    panel_: Panel = field(init=False, repr=False)

    def fit(self, panel: Panel) -> Self:
        """Learn how far the forecaster was off at the earlier origins of a panel.

        Without an earlier origin (``errors_`` is 0) the usual spread is taken.
        """
        return self.seen_from(Rolling(panel, self.forecaster or EnrolmentForecaster()), panel.years[-1])

    def seen_from(self, rolling: Rolling, year: int) -> Self:
        """Learn from the errors that were known in a year, of the latest origins before it.

        Parameters
        ----------
        rolling
            The panel, with its forecasts.
        year
            A year of the panel.
        """
        found: list[Seen] = []
        for origin in [y for y in rolling.years if y < year][-self.origins :]:
            found += seen_errors(rolling, origin, until=year, horizon=self.horizon)
        self.panel_ = rolling.panel
        self.dispersion_, self.errors_ = fitted(found), len(found)
        self.scale_ = unit_scales(found, self.dispersion_, len(self.panel_.units))
        return self

    def simulation(self, course: Floats, year: int, *, paths: int, seed: int) -> Simulation:
        """Return sample paths around an expected course of the panel's units.

        Parameters
        ----------
        course
            Children, float64 [unit, grade, year]; the first year is counted.
        year
            That first year.
        paths
            Number of paths.
        seed
            Any whole number.
        """
        years = tuple(range(year, year + course.shape[2]))
        return Simulation(
            course.copy(),
            self.panel_.grades,
            years,
            self.panel_.town_codes,
            self.dispersion_,
            paths,
            seed,
            scale=self.scale_.copy(),
        )
