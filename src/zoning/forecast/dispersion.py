"""How far a forecast may be off: the shocks and the turnover that sample paths are drawn with."""

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.special import ndtri, stdtrit

from zoning.forecast.panel import Floats

__all__ = ["CELL", "LEVELS", "SYSTEM", "TABLE", "TOWN", "UNIT", "Dispersion"]

Four = tuple[float, float, float, float]

LEVELS: Final = ("cell", "unit", "town", "system")
"""Who shares a shock: a grade of a unit, a unit (school or block), a town, all."""
CELL, UNIT, TOWN, SYSTEM = range(len(LEVELS))
TABLE: Final = 1024
"""Equally likely values that a shock is drawn from."""


@dataclass(frozen=True)
class Dispersion:
    """Count noise and shocks of sample paths.

    Parameters
    ----------
    turnover
        Share of a cell's children who are replaced by others in a year, 0-1: who leaves and who comes is
        chance, so the variance of a cell's children grows by about ``2 * turnover * children`` a year.
    level
        Standard deviation a year of the log shock that a cell, unit, town or the system shares, in the order
        of :data:`LEVELS`; it hits all grades.
    entry
        Standard deviation of the further log shock of a cohort when it enters, by level; the cohort carries
        it afterwards. The cell's is each cohort's own; those of unit, town and system are the same for every
        cohort that enters the same grade.
    persistence
        Share 0-1 of the variance of ``level`` that is the same every year, by level: with 1 an error grows
        like the years ahead, with 0 like their square root.
    tails
        Degrees of freedom of Student's t, above 2, scaled so that four values in five lie where a normal
        one's would; infinity for the normal. Standard deviations here are those of that normal.

    Raises
    ------
    ValueError
        When a value is outside its range.

    Notes
    -----
    The shock of a level has cumulated after h years to ``C(h) = exp(h a z0 + b (z1 + ... + zh)) / (m(h a)
    m(b)**h)``, with ``a = sd * sqrt(persistence)``, ``b = sd * sqrt(1 - persistence)``, independent z from
    the table of :meth:`quantiles` and ``m(s)`` the mean of ``exp(s z)`` over it: its mean is exactly 1. With
    ``C`` the product over the levels of ``C(h) / C(h - 1)`` and r the expected ratio, N children of a grade
    become ``Binomial(N, s) + Poisson(N max(r C - s, 0))`` of the next, ``s = min(1 - turnover, r C)``. A cell
    that no lower grade feeds has ``Poisson(mean * product of C(h) * entry shock)``, the entry shock of each
    level being ``exp(sd z) / m(sd)``. The lasting shock of the level *cell* belongs to a
    grade of a unit, which a cohort passes once, so that there ``m(a)`` stands for ``m(h a) / m((h - 1) a)``.

    Examples
    --------
    >>> Dispersion.usual().level
    (0.0, 0.03, 0.012, 0.008)
    """

    turnover: float
    level: Four
    entry: Four
    persistence: Four
    tails: float

    def __post_init__(self) -> None:
        if not 0 <= self.turnover <= 1:
            raise ValueError(f"turnover must be a share, not {self.turnover}")
        for name in ("level", "entry", "persistence"):
            values = getattr(self, name)
            if len(values) != len(LEVELS) or not all(0 <= v < math.inf for v in values):
                raise ValueError(f"{name} must be {len(LEVELS)} finite numbers of at least 0, not {values}")
        if max(self.persistence) > 1:
            raise ValueError(f"persistence must be shares, not {self.persistence}")
        if not self.tails > 2:
            raise ValueError(f"tails must be above 2, not {self.tails}")

    @classmethod
    def usual(cls) -> Self:
        """Return what is assumed of a place whose own history is too short to tell."""
        return cls(
            turnover=0.06,
            level=(0.0, 0.03, 0.012, 0.008),
            entry=(0.05, 0.05, 0.02, 0.015),
            persistence=(0.0, 0.4, 0.4, 0.4),
            tails=6.0,
        )

    @property
    def lasting(self) -> Floats:
        """Standard deviation of the log shock that repeats every year, by level, float64 [level]."""
        return np.asarray(self.level) * np.sqrt(self.persistence)

    @property
    def fresh(self) -> Floats:
        """Standard deviation of the log shock that is new every year, by level, float64 [level]."""
        return np.asarray(self.level) * np.sqrt(1.0 - np.asarray(self.persistence))

    def quantiles(self) -> Floats:
        """Return the equally likely values of a shock, ascending, float64 [1024].

        Their mean is 0; the share of them within 1.2816, the bounds of 80 % of a normal variable, is 80 %.

        Examples
        --------
        >>> values = Dispersion.usual().quantiles()
        >>> float(values.mean().round(12)), float((np.abs(values) < 1.2816).mean().round(2))
        (0.0, 0.8)
        """
        middle = (np.arange(TABLE // 2) + 0.5) / TABLE
        low = ndtri(middle) if math.isinf(self.tails) else stdtrit(self.tails, middle)
        # Mirrored, so that the mean is exactly 0.
        values = np.concatenate([low, -low[::-1]])
        bound = 1.0 if math.isinf(self.tails) else stdtrit(self.tails, 0.9) / ndtri(0.9)
        return np.asarray(values / bound, dtype=np.float64)
