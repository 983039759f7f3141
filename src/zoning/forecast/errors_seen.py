"""Errors of past forecasts, cell by cell, with who feeds whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from zoning.forecast.dispersion import CELL, SYSTEM, TOWN, UNIT
from zoning.forecast.enrolment import Rolling
from zoning.forecast.panel import Bools, Floats, Ints, sum_towns


@dataclass(frozen=True, eq=False)
class Seen:
    """What one origin said of one year ahead, and what came.

    Parameters
    ----------
    ahead
        Years ahead.
    expected, counted
        Children, float64 [unit, grade].
    known
        Cells that were expected and counted, bool [unit, grade].
    fed
        Of these, the cells whose children were already in the unit at the origin, bool [unit, grade].
    town
        Code of each unit's town, int64 [unit].
    """

    ahead: int
    expected: Floats
    counted: Floats
    known: Bools
    fed: Bools
    town: Ints

    @property
    def common(self) -> float:
        """Log ratio of all children counted to all expected."""
        both = self.known
        return float(np.log(self.counted[both].sum() / self.expected[both].sum()))


def seen_errors(rolling: Rolling, origin: int, *, until: int, horizon: int) -> list[Seen]:
    """Return the errors of one origin in the counted years up to another, nearest first.

    Parameters
    ----------
    rolling
        The panel and its forecasts.
    origin, until
        Years.
    horizon
        Years ahead, at most.
    """
    panel = rolling.panel
    steps = min(horizon, until - origin)
    if steps < 1:
        return []
    ahead = rolling.ahead(origin, horizon)
    at = origin - panel.years[0]
    there: Bools = np.asarray(~np.isnan(panel.counts[:, :, at]))
    fed, found = there, []
    for step in range(1, steps + 1):
        fed = np.concatenate([np.zeros_like(fed[:, :1]), fed[:, :-1]], axis=1) & there
        expected, counted = ahead[:, :, step - 1], panel.counts[:, :, at + step]
        known = there & (np.nan_to_num(expected) >= 1) & (np.nan_to_num(counted) > 0)
        if known.any():
            found.append(Seen(step, expected, counted, known, fed & known, panel.town_codes))
    return found


@dataclass(frozen=True, eq=False)
class Sums:
    """Errors of sums of cells, and what is left in each sum of the variance of every level.

    Parameters
    ----------
    expected, error
        Children, and counted less expected after the error common to all, float64 [sum].
    line
        What a variance of 1 would add to the relative variance of the sum: chance; cell, unit, town, each new
        every year and lasting; cell, unit, town of those who entered; float64 [sum, 10].
    entered
        Share of the sum's children who entered, float64 [sum].
    """

    expected: Floats
    error: Floats
    line: Floats
    entered: Floats

    @classmethod
    def joined(cls, some: Sequence[Self]) -> Self:
        """Return several as one."""
        names = ("expected", "error", "line", "entered")
        return cls(*(np.concatenate([getattr(one, name) for one in some]) for name in names))


def sums_of(one: Seen, level: int, *, entered: bool) -> Sums:
    """Return the errors of the sums of a level (cell, unit, town, system: 0-3).

    Parameters
    ----------
    one
        Errors of an origin.
    level
        Whose sums.
    entered
        Whether the sums hold those who entered since; of cells, only those then.
    """
    known = one.known & ~one.fed if entered and level == CELL else one.known if entered else one.fed
    expected = np.where(known, one.expected * np.exp(one.common), 0.0)
    error = np.where(known, one.counted, 0.0) - expected
    new = np.where(one.fed, 0.0, expected)
    unit = np.arange(len(expected))
    if level == CELL:
        cells = np.flatnonzero(known)
        alone = np.arange(len(cells))
        expected, error, new = (side.ravel()[cells, None] for side in (expected, error, new))
        return _summed(one.ahead, (expected, error, new), alone, alone)
    group = {UNIT: unit, TOWN: one.town, SYSTEM: np.zeros_like(unit)}[level]
    return _summed(one.ahead, (expected, error, new), group, one.town)


def _summed(ahead: int, sides: tuple[Floats, Floats, Floats], group: Ints, town: Ints) -> Sums:
    """Sums of the cells [row, grade] of each group of rows; a row is a unit, or a cell alone."""
    expected, error, new = sides
    rows, new_rows = expected.sum(axis=1), new.sum(axis=1)
    squares = [(expected**2).sum(axis=1), rows**2, (new**2).sum(axis=1), new_rows**2]
    columns = np.stack([rows, error.sum(axis=1), new_rows, *squares], axis=1)
    if not len(columns):
        return Sums(np.zeros(0), np.zeros(0), np.zeros((0, 10)), np.zeros(0))
    count = int(group.max()) + 1
    total, off, entered, cells, units, new_cells, new_units = sum_towns(columns, group, count).T
    towns, new_towns = _town_squares(rows, group, town, count), _town_squares(new_rows, group, town, count)
    some = total > 0
    total = np.where(some, total, 1.0)
    level = [side / total**2 for side in (cells, units, towns)]
    line = [ahead / total, *(v * h for v in level for h in (ahead, ahead**2))]
    line += [side / total**2 for side in (new_cells, new_units, new_towns)]
    return Sums(total[some], off[some], np.stack(line, axis=1)[some], (entered / total)[some])


def _town_squares(rows: Floats, group: Ints, town: Ints, count: int) -> Floats:
    """Sum over towns of the square of what each has in a group, float64 [group]."""
    pair, place = np.unique(np.stack([group, town], axis=1), axis=0, return_inverse=True)
    squares = np.bincount(place.ravel(), weights=rows) ** 2
    return np.asarray(np.bincount(pair[:, 0], weights=squares, minlength=count), dtype=np.float64)
