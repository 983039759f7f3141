"""The forecast of a panel of schools: progression, births and the booster, origin by origin."""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import clone

from zoning.forecast.booster import ResidualBooster
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Floats, Panel
from zoning.forecast.panel_births import EntryAge, PanelBirths
from zoning.forecast.trust import Trial, Trust, trust_of


@dataclass(eq=False)
class EnrolmentForecaster(Estimator):
    """Children by unit, grade and year ahead, from rolls and, where there are any, births.

    Progression ratios and births give what to expect; the booster moves that as far as earlier origins of the
    same panel say it should be believed. Two counted years are enough; the booster waits for more.

    Parameters
    ----------
    births
        Columns ``year``, ``births`` and, where they are given by place, ``unit`` or ``town``; None without.
    entry
        Age and cut-off of the panel's lowest grade; found from the panel when left out.
    booster
        The booster; None to leave it out.

    Examples
    --------
    >>> counts = np.array([[[20.0, 20.0], [16.0, 18.0]], [[0.0, 30.0], [0.0, 0.0]]])
    >>> panel = Panel(counts, ("s1", "s2"), ("North", "North"), (1, 2), (2025, 2026))
    >>> EnrolmentForecaster().fit(panel).predict(1)[:, 1, 0].round(6).tolist()
    [18.0, 27.0]
    """

    births: pd.DataFrame | None = None
    entry: EntryAge | None = None
    booster: ResidualBooster | None = field(default_factory=ResidualBooster)
    origin_: "Origin" = field(init=False, repr=False)

    def fit(self, panel: Panel) -> Self:
        """Learn from a panel.

        Raises
        ------
        ValueError
            When its last year was not counted, or no two consecutive years.
        """
        self.origin_ = Rolling(panel, self).at(panel.years[-1])
        return self

    def predict(self, horizon: int) -> Floats:
        """Return the expected children after the panel's last year, float64 [unit, grade, horizon]."""
        return self.origin_.predict(horizon)


@dataclass(frozen=True, eq=False)
class Origin:
    """What was known in one year, and what is made of it."""

    panel: Panel
    progression: CohortProgression
    booster: ResidualBooster | None
    trust: Trust
    births: PanelBirths | None
    entry: EntryAge | None

    def predict(self, horizon: int) -> Floats:
        """Return the expected children of the years after, float64 [unit, grade, horizon]."""
        seen, ahead = self.panel, []
        entries = self.entries(horizon)
        for step in range(horizon):
            now = self.progression.advance(
                seen.counts[:, :, -1], entries=None if entries is None else entries[:, step]
            )
            if self.booster is not None and self.booster.model_ is not None:
                raised = self.trust.applied(now, self.booster.factors(seen, now))
                if entries is not None:  # births know more of them than the booster
                    raised[:, 0] = now[:, 0]
                now = raised
            ahead.append(now)
            seen = seen.extended(now)
        return np.stack(ahead, axis=-1)

    def entries(self, horizon: int) -> Floats | None:
        """Return the entries that births tell, float64 [unit, horizon]; None without births."""
        if self.births is None or self.births.first > self.panel.years[-1]:
            return None
        return self.births.ahead(self.panel, horizon, self.entry)


class Rolling:
    """A panel seen from each of its years in turn; every year is fitted once, on what was known then.

    Parameters
    ----------
    panel
        Children by unit, grade and year.
    forecaster
        What is fitted; not changed.
    """

    def __init__(self, panel: Panel, forecaster: EnrolmentForecaster) -> None:
        self.panel = panel
        self.forecaster = forecaster
        self._births = None if forecaster.births is None else PanelBirths(forecaster.births, panel)
        self._origins: dict[int, Origin] = {}
        self._entries: dict[int, Floats | None] = {}
        self._trials: dict[int, Trial] = {}
        self._ahead: dict[tuple[int, int], Floats] = {}

    @property
    def years(self) -> tuple[int, ...]:
        """Years that can be forecast from: counted, with two consecutive years counted up to them."""
        counted = self.panel.counted
        pairs = np.cumsum([n > 0 and counted[n] and counted[n - 1] for n in range(len(counted))])
        return tuple(y for n, y in enumerate(self.panel.years) if counted[n] and pairs[n])

    def at(self, year: int) -> Origin:
        """Return the fit of one year.

        Raises
        ------
        ValueError
            When that year was not counted, or no two consecutive years up to it.
        """
        if not self.panel.counted[self.panel.years.index(year)]:
            raise ValueError(f"nothing was counted in {year}: the forecast has no children to start from")
        if year not in self._origins:
            for earlier in (y for y in self.years if y < year and y not in self._origins):
                self._fit(earlier)
            self._fit(year)
        return self._origins[year]

    def ahead(self, year: int, horizon: int) -> Floats:
        """Return the forecast of one year, children, float64 [unit, grade, horizon]; made once.

        Raises
        ------
        ValueError
            When that year was not counted, or no two consecutive years up to it.
        """
        if (year, horizon) not in self._ahead:
            self._ahead[year, horizon] = self.at(year).predict(horizon)
        return self._ahead[year, horizon]

    def _fit(self, year: int) -> None:
        panel = self.panel.until(year)
        given = self.forecaster
        progression = CohortProgression().fit(panel)
        bare = Origin(panel, progression, None, Trust(0.0, 0.0), self._births, given.entry)
        self._entries[year] = bare.entries(1)
        if given.booster is None:
            self._origins[year] = bare
            return
        past = self._expected(panel, progression.chosen_)
        booster = clone(given.booster).fit(panel, past)
        codes = panel.town_codes
        towns = len(np.unique(codes[~np.isnan(panel.counts).all(axis=(1, 2))]))
        trust = trust_of(self._trials_until(panel), rows=booster.rows_, codes=codes, towns=towns)
        self._origins[year] = replace(bare, booster=booster, trust=trust)
        after = year + 1 - self.panel.years[0]
        if booster.model_ is None or after >= len(self.panel.years):
            return
        expected, counted = bare.predict(1)[:, :, 0], self.panel.counts[:, :, after]
        if not np.isnan(counted).all():
            self._trials[year + 1] = Trial(expected, booster.factors(panel, expected), counted)

    def _expected(self, panel: Panel, chosen: dict[str, float]) -> Floats:
        """What was to be expected of each year the year before, by the parameters chosen since."""
        expected = np.full(panel.counts.shape, np.nan)
        for at, year in enumerate(panel.years[:-1]):
            if year in self._entries:
                entries = self._entries[year]
                fitted = CohortProgression(**chosen).fit(panel.until(year))
                now = panel.counts[:, :, at]
                first = None if entries is None else entries[:, 0]
                expected[:, :, at + 1] = fitted.advance(now, entries=first)
        return expected

    def _trials_until(self, panel: Panel) -> list[Trial]:
        return [trial for year, trial in sorted(self._trials.items()) if year <= panel.years[-1]]
