"""How far a booster is believed: settled on years that it had not seen when it was fitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from zoning.forecast.panel import Bools, Floats, Ints

_SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_HALF_ROWS: Final = 500.0
_HALF_TOWNS: Final = 2.0
_PRIOR_TRIALS: Final = 2.0
_PRIOR_TOWN_YEARS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Trust:
    """Exponents of the booster's factors.

    Parameters
    ----------
    cells
        Share of every log factor that is kept, 0-1.
    totals
        Share of what the factors do to the total of a grade that is kept, 0-1; at 0 they only move children
        between the units of a grade.
    """

    cells: float
    totals: float

    def applied(self, expected: Floats, factors: Floats) -> Floats:
        """Return the expected children times the factors as far as they are believed, float64 [unit, grade].

        Examples
        --------
        >>> expected, factors = np.array([[50.0], [50.0]]), np.array([[1.1], [1.3]])
        >>> Trust(1.0, 1.0).applied(expected, factors).ravel().round(3).tolist()
        [55.0, 65.0]
        >>> Trust(1.0, 0.0).applied(expected, factors).sum(axis=0).round(6).tolist()
        [100.0]
        """
        moved = expected * factors**self.cells
        before, after = np.nansum(expected, axis=0), np.nansum(moved, axis=0)
        ratio = np.where(after > 0, before / np.where(after > 0, after, 1.0), 1.0)
        return np.asarray(moved * ratio ** (1.0 - self.totals))


@dataclass(frozen=True, eq=False)
class Trial:
    """What a booster made of a year that it had not seen: expected, factors and counted, [unit, grade]."""

    expected: Floats
    factors: Floats
    counted: Floats

    @property
    def seen(self) -> Bools:
        """Cells that were expected and that have children, bool [unit, grade]."""
        return np.asarray(~np.isnan(self.expected) & (np.nan_to_num(self.counted) > 0))


def trust_of(trials: Sequence[Trial], *, rows: int, codes: Ints, towns: int) -> Trust:
    """Return how far to believe a booster.

    Without trials it is believed the more, the more cells it learned from, and in the totals the more towns
    there are beside the first to tell a place from a year. Trials move that towards what would have been best
    so far: the share of least absolute error by cell, and the slope of what the totals of towns did on what
    it said they would.

    Parameters
    ----------
    trials
        Earlier boosters on the year after their last.
    rows
        Cells that the present one learned from.
    codes
        Town of each unit, int64 [unit].
    towns
        Number of towns that had children so far.

    Examples
    --------
    >>> trust_of([], rows=500, codes=np.arange(3), towns=3)
    Trust(cells=0.5, totals=0.5)
    """
    start = Trust(rows / (rows + _HALF_ROWS), (towns - 1) / (towns - 1 + _HALF_TOWNS))
    if not trials:
        return start
    best = min(_SHARES, key=lambda share: (_cell_error(trials, Trust(share, start.totals)), share))
    count = len(trials)
    cells = (count * best + _PRIOR_TRIALS * start.cells) / (count + _PRIOR_TRIALS)
    said, found = (np.concatenate(side) for side in zip(*(_towns(t, codes) for t in trials), strict=True))
    prior = _PRIOR_TOWN_YEARS * float((said**2).mean()) if len(said) else 0.0
    slope = (
        (prior * start.totals + float(said @ found)) / (prior + float(said @ said)) if prior else start.totals
    )
    return Trust(cells, min(1.0, max(0.0, slope)))


def _cell_error(trials: Sequence[Trial], trust: Trust) -> float:
    error = 0.0
    for trial in trials:
        gap = np.abs(trust.applied(trial.expected, trial.factors) - trial.counted)
        error += float(gap[trial.seen].sum())
    return error


def _towns(trial: Trial, codes: Ints) -> tuple[Floats, Floats]:
    """What the booster did to the total of each town, and what would have been right, log ratios [town]."""
    sides = (trial.expected, trial.expected * trial.factors, trial.counted)
    before, raised, counted = (
        np.bincount(codes, weights=np.where(trial.seen, side, 0.0).sum(axis=1)) for side in sides
    )
    there = (before > 0) & (counted > 0)
    return np.log(raised[there] / before[there]), np.log(counted[there] / before[there])
