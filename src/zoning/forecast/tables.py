"""Tables of the factors that shocks may have, each with mean 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from zoning.forecast.dispersion import UNIT, Dispersion
from zoning.forecast.panel import Floats, Ints
from zoning.forecast.stored import positions

__all__ = ["Cells", "Tables", "fixed"]

_SMALL = 256


@dataclass(frozen=True, eq=False)
class Tables:
    """What the kernels look up; names and shapes as in :mod:`zoning.forecast.kernels.walks`.

    A shock's factor is ``exp(sd * z) / mean(exp(sd * z))`` with ``z`` from equally likely values, so that its
    mean is exactly 1.
    """

    own: Floats
    spread: Floats
    stays: Floats
    z: Floats
    fresh: Floats
    lasting: Floats
    entry: Floats
    norm: Floats

    @classmethod
    def of(
        cls, dispersion: Dispersion, steps: int, scale: Floats | None, births: Floats | None = None
    ) -> Self:
        """Return the tables.

        Parameters
        ----------
        dispersion
            How far paths spread.
        steps
            Years of the course, the base year included.
        scale
            Times the unit's spread, float64 [unit]; None for 1.
        births
            Standard deviation of the log of births still to come, of the cohorts that enter at each step,
            float64 [step]; None for 0.
        """
        z = dispersion.quantiles()
        lasting_sd, fresh_sd, entry_sd = dispersion.lasting, dispersion.fresh, np.asarray(dispersion.entry)
        scales, where = np.unique(np.ones(1) if scale is None else scale, return_inverse=True)
        own = np.empty((len(scales), 2 + steps))
        for number, times in enumerate(scales):
            own[number, 0] = np.exp(times * fresh_sd[UNIT] * z).mean()
            own[number, 1] = np.exp(times * entry_sd[UNIT] * z).mean()
            own[number, 2:] = _cumulated(times * lasting_sd[UNIT], z, steps)
        unborn = np.zeros(steps) if births is None else births
        entry_sd = np.append(entry_sd[:-1], np.sqrt(entry_sd[-1] ** 2 + unborn**2))
        fresh, entry = np.exp(np.outer(fresh_sd, z)), np.exp(np.outer(entry_sd, z))
        return cls(
            own=own[where],
            spread=np.array(
                [
                    dispersion.turnover,
                    lasting_sd[UNIT],
                    fresh_sd[UNIT],
                    entry_sd[UNIT],
                    float(dispersion.level[0] > 0),
                ]
            ),
            stays=(1.0 - dispersion.turnover) ** np.arange(_SMALL, dtype=np.float64)
            if dispersion.turnover <= 0.5
            else np.empty(0),
            z=z,
            fresh=fresh / fresh.mean(axis=1, keepdims=True),
            lasting=np.exp(np.outer(lasting_sd, z)),
            entry=entry / entry.mean(axis=1, keepdims=True),
            norm=np.stack([_cumulated(sd, z, steps) for sd in lasting_sd]),
        )

    def arrays(self, cells: "Cells") -> tuple[Floats, ...]:
        """Return the tables in the kernels' order, with the wanted grades added to the spread."""
        ends = (cells.grade.min() if len(cells.grade) else 0, cells.grade.max(initial=-1))
        spread = np.append(self.spread, ends)
        return self.own, spread, self.stays, self.z, self.fresh, self.lasting, self.entry, self.norm


@dataclass(frozen=True, eq=False)
class Cells:
    """The grades and years wanted of a simulation.

    Parameters
    ----------
    grade, year
        Their positions, int64.
    place
        Position of each cell among the wanted ones, int64 [grade, year up to the last wanted]; -1 where not
        wanted.
    """

    grade: Ints
    year: Ints
    place: Ints

    @classmethod
    def of(
        cls,
        grades: tuple[int, ...],
        years: tuple[int, ...],
        wanted_grades: Sequence[int] | None,
        wanted_years: Sequence[int] | None,
    ) -> Self:
        """Return the wanted cells; all grades or years when None.

        Raises
        ------
        ValueError
            When one is not there or named twice.
        """
        grade, year = positions(grades, wanted_grades, "grade"), positions(years, wanted_years, "year")
        place = np.full((len(grades), int(year.max(initial=0)) + 1), -1, dtype=np.int64)
        place[np.ix_(grade, year)] = np.arange(len(grade) * len(year)).reshape(len(grade), len(year))
        return cls(grade, year, place)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of grades and years."""
        return len(self.grade), len(self.year)

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.grade) * len(self.year)


def fixed(array: npt.NDArray[Any], kind: type[np.generic]) -> npt.NDArray[Any]:
    """Return an array in one piece and read-only: a kernel is compiled anew for any other kind of array."""
    whole = np.ascontiguousarray(array, dtype=kind).view()
    whole.flags.writeable = False
    return whole


def _cumulated(sd: float, z: Floats, steps: int) -> Floats:
    """Mean of ``exp(h * sd * z)`` for every step h, float64 [step]."""
    return np.asarray(np.exp(np.outer(np.arange(steps) * sd, z)).mean(axis=1), dtype=np.float64)
