"""The panel that forecasts learn from: children by unit (school or block), grade and year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Panel:
    """Children by unit, grade (or age) and year, with the town of every unit.

    Parameters
    ----------
    counts
        Children, float64 [unit, grade, year], at least 0; NaN where the unit does not have the grade that
        year.
    units
        Schools or blocks.
    towns
        The town of each unit.
    grades, years
        Consecutive ints, ascending; a year that nobody counted is all NaN.

    Raises
    ------
    ValueError
        When the shape does not fit, a count is negative, or grades or years leave one out.

    Examples
    --------
    >>> panel = Panel(np.array([[[10.0, 11.0], [9.0, 10.0]]]), ("s1",), ("North",), (1, 2), (2025, 2026))
    >>> panel.until(2025).years
    (2025,)
    """

    counts: Floats = field(repr=False)
    units: tuple[str, ...] = field(repr=False)
    towns: tuple[str, ...] = field(repr=False)
    grades: tuple[int, ...]
    years: tuple[int, ...]

    def __post_init__(self) -> None:
        wanted = (len(self.units), len(self.grades), len(self.years))
        if self.counts.shape != wanted or len(self.towns) != len(self.units):
            raise ValueError(f"counts are {self.counts.shape}, wanted {wanted}")
        for name, values in (("grades", self.grades), ("years", self.years)):
            if not values or values != tuple(range(values[0], values[-1] + 1)):
                raise ValueError(f"{name} must be consecutive, not {values}")
        if (self.counts < 0).any() or np.isinf(self.counts).any():
            raise ValueError("counts must be finite and at least 0")

    @classmethod
    def of_frame(
        cls,
        frame: pd.DataFrame,
        towns: Mapping[str, str],
        *,
        unit: str = "school_id",
        grade: str = "grade",
        value: str = "pupils",
    ) -> Self:
        """Return the panel of a long table; the order of its rows does not matter.

        Parameters
        ----------
        frame
            One row a unit, grade and year with its children; rows of the same cell are summed, NaN left out.
        towns
            The town of each unit; rows of other units are left out.
        unit, grade, value
            Names of the columns; the year's is ``year``.

        Raises
        ------
        ValueError
            When no row is left.
        """
        known = frame[frame[unit].isin(list(towns)) & frame[value].notna()]
        if known.empty:
            raise ValueError("the table has no rows")
        units = sorted(known[unit].unique())
        years = range(int(known["year"].min()), int(known["year"].max()) + 1)
        grades = range(int(known[grade].min()), int(known[grade].max()) + 1)
        cell = (
            pd.Index(units).get_indexer(pd.Index(known[unit])),
            known[grade].to_numpy(dtype=np.int64) - grades[0],
            known["year"].to_numpy(dtype=np.int64) - years[0],
        )
        counts = sum_cells(
            cell, known[value].to_numpy(dtype=np.float64), (len(units), len(grades), len(years))
        )
        return cls(counts, tuple(units), tuple(towns[u] for u in units), tuple(grades), tuple(years))

    @cached_property
    def town_names(self) -> tuple[str, ...]:
        """Towns, sorted, each once."""
        return tuple(sorted(set(self.towns)))

    @cached_property
    def town_codes(self) -> Ints:
        """Position in :attr:`town_names` of each unit's town, int64 [unit]."""
        return pd.Index(self.town_names).get_indexer(pd.Index(self.towns)).astype(np.int64)

    @property
    def counted(self) -> Bools:
        """Whether anybody counted in a year, bool [year]."""
        return np.asarray(~np.isnan(self.counts).all(axis=(0, 1)))

    def until(self, year: int) -> "Panel":
        """Return the panel as it stood in a year: that year and those before.

        Raises
        ------
        ValueError
            When the panel starts later.
        """
        keep = [y for y in self.years if y <= year]
        return replace(self, counts=self.counts[:, :, : len(keep)], years=tuple(keep))

    def extended(self, children: Floats) -> "Panel":
        """Return the panel with one more year, children float64 [unit, grade]."""
        counts = np.concatenate([self.counts, children[:, :, None]], axis=2)
        return replace(self, counts=counts, years=(*self.years, self.years[-1] + 1))

    def by_town(self) -> Floats:
        """Return the sums of the towns, float64 [town, grade, year]; NaN where no unit at all counted."""
        sums = sum_towns(np.nan_to_num(self.counts), self.town_codes, len(self.town_names))
        return np.where(np.isnan(self.counts).all(axis=0), np.nan, sums)


def sum_cells(cell: Sequence[Ints], values: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the sum of the values of every cell, float64 of that shape; NaN where a cell has none.

    Examples
    --------
    >>> sum_cells([np.array([1, 1])], np.array([2.0, 3.0]), (2,))
    array([nan,  5.])
    """
    size = int(np.prod(shape))
    flat = np.ravel_multi_index(tuple(cell), shape)
    found = np.bincount(flat, minlength=size) > 0
    return np.where(found, np.bincount(flat, weights=values, minlength=size), np.nan).reshape(shape)


def thin_years(counts: Floats) -> Ints:
    """Return the positions of years that fewer than half as many units counted as in the fullest year.

    A half-filled year would read as a collapse, so it is better left out and said so.

    Parameters
    ----------
    counts
        Children, float64 [unit, grade, year]; NaN where not counted.

    Examples
    --------
    >>> thin_years(np.array([[[1.0, 1.0]], [[1.0, np.nan]], [[1.0, np.nan]]])).tolist()
    [1]
    """
    units = (~np.isnan(counts).all(axis=1)).sum(axis=0)
    return np.flatnonzero((units > 0) & (units * 2 < units.max()))


def sum_towns(values: Floats, codes: Ints, towns: int) -> Floats:
    """Return the sums over the units of each town, float64 [town, ...].

    Parameters
    ----------
    values
        Any quantity, float64 [unit, ...].
    codes
        Town of each unit, int64 [unit].
    towns
        Number of towns.
    """
    flat = values.reshape(len(values), -1)
    sums = [np.bincount(codes, weights=flat[:, k], minlength=towns) for k in range(flat.shape[1])]
    return (
        np.stack(sums, axis=-1).reshape((towns, *values.shape[1:]))
        if sums
        else np.zeros((towns, *values.shape[1:]))
    )
