"""Sample paths: what a forecast asks of them, and those that are stored whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from zoning.forecast.panel import Floats, Ints

__all__ = ["ExtraPaths", "SamplePaths", "StoredPaths"]


class SamplePaths(Protocol):
    """Sample paths of units (blocks or schools), drawn when asked for or stored.

    Everything is a statistic of whole paths: the sums of parts in a path add up to the sum of the whole in
    that path.
    """

    @property
    def grades(self) -> tuple[int, ...]:
        """Grades of the paths."""

    @property
    def years(self) -> tuple[int, ...]:
        """School years of the paths."""

    @property
    def count(self) -> int:
        """Number of paths."""

    @property
    def size(self) -> int:
        """Number of units."""

    def sums(
        self,
        rows: Ints,
        group: Ints,
        share: npt.ArrayLike,
        groups: int,
        *,
        grades: Sequence[int] | None = None,
        years: Sequence[int] | None = None,
    ) -> Floats:
        """Return children by group, float64 [path, group, grade, year]; see :meth:`Forecast.sums`."""

    def quantiles(
        self,
        q: Sequence[float],
        grade_groups: Sequence[Sequence[int]],
        *,
        years: Sequence[int] | None = None,
    ) -> Floats:
        """Return quantiles of the units' children by group of grades, float64 [q, unit, group, year]."""

    def scaled(self, factor: Floats) -> "SamplePaths":
        """Return the paths with every child counting a factor [unit, grade, year] times as much."""


class ExtraPaths(Protocol):
    """Children who come on top of the course of some units, such as those of new homes."""

    @property
    def unit(self) -> Ints:
        """Positions of those units, int64 [k]; one may be there more than once."""

    def paths(self, seed: int, count: int) -> Floats:
        """Return children, float64 [path, k, grade, year] for the grades and years of the simulation.

        The same seed and count give the same children; the first paths do not depend on the count.
        """


@dataclass(frozen=True, eq=False)
class StoredPaths:
    """Sample paths that are stored whole: for small places, and for paths from elsewhere.

    Parameters
    ----------
    children
        Children, float64 [path, unit, grade, year], at least 0.
    grades, years
        Grades and school years.

    Raises
    ------
    ValueError
        When the shape does not fit, or children are negative or not finite.

    Examples
    --------
    >>> two = StoredPaths(np.array([[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]), (1,), (2027,))
    >>> two.sums(np.array([0, 1]), np.array([0, 0]), 1.0, 1)[:, 0, 0, 0].tolist()
    [3.0, 7.0]
    """

    children: Floats = field(repr=False)
    grades: tuple[int, ...]
    years: tuple[int, ...]

    def __post_init__(self) -> None:
        wanted = (len(self.grades), len(self.years))
        if self.children.ndim != 4 or self.children.shape[2:] != wanted or not len(self.children):
            raise ValueError(f"paths are {self.children.shape}, wanted (paths, units, {wanted})")
        if not np.isfinite(self.children).all() or (self.children < 0).any():
            raise ValueError("paths must be finite and at least 0")
        self.children.flags.writeable = False

    @property
    def count(self) -> int:
        """Number of paths."""
        return len(self.children)

    @property
    def size(self) -> int:
        """Number of units."""
        return int(self.children.shape[1])

    def sums(
        self,
        rows: Ints,
        group: Ints,
        share: npt.ArrayLike,
        groups: int,
        *,
        grades: Sequence[int] | None = None,
        years: Sequence[int] | None = None,
    ) -> Floats:
        """Return children by group, float64 [path, group, grade, year].

        Raises
        ------
        ValueError
            When rows, groups or shares do not fit, or a grade or year is not there.
        """
        parts = checked_rows(rows, group, share, groups, self.size)
        chosen = self._chosen(grades, years)
        matrix = csr_array((parts[2], (parts[1], parts[0])), shape=(groups, self.size))
        sums = [matrix @ path.reshape(self.size, -1) for path in chosen]
        return np.stack(sums).reshape((self.count, groups, *chosen.shape[2:]))

    def quantiles(
        self,
        q: Sequence[float],
        grade_groups: Sequence[Sequence[int]],
        *,
        years: Sequence[int] | None = None,
    ) -> Floats:
        """Return quantiles of the units' children by group of grades, float64 [q, unit, group, year].

        Raises
        ------
        ValueError
            When a grade or year is not there, or a quantile is no share.
        """
        shares = checked_quantiles(q)
        sums = [self._chosen(grades, years).sum(axis=2) for grades in grade_groups]
        return np.asarray(np.quantile(np.stack(sums, axis=2), shares, axis=0), dtype=np.float64)

    def scaled(self, factor: Floats) -> "StoredPaths":
        """Return the paths with every child counting a factor [unit, grade, year] times as much."""
        return StoredPaths(self.children * factor, self.grades, self.years)

    def _chosen(self, grades: Sequence[int] | None, years: Sequence[int] | None) -> Floats:
        at_grade = positions(self.grades, grades, "grade")
        at_year = positions(self.years, years, "year")
        return self.children[:, :, at_grade][:, :, :, at_year]


def positions(known: tuple[int, ...], wanted: Sequence[int] | None, name: str) -> Ints:
    """Return the positions of wanted values, int64; of all when None.

    Raises
    ------
    ValueError
        When one is not there or named twice.
    """
    if wanted is None:
        return np.arange(len(known))
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"a {name} is named twice in {tuple(wanted)}")
    missing = sorted(set(wanted) - set(known))
    if missing:
        raise ValueError(f"no {name} {missing[0]}; there are {known}")
    return np.asarray([known.index(one) for one in wanted], dtype=np.int64)


def checked_rows(
    rows: Ints, group: Ints, share: npt.ArrayLike, groups: int, size: int
) -> tuple[Ints, Ints, Floats]:
    """Return rows of unit, group and share, each of the same length.

    Raises
    ------
    ValueError
        When they differ in length, or a unit or group is out of range, or a share negative or not finite.
    """
    unit, into = np.asarray(rows, dtype=np.int64), np.asarray(group, dtype=np.int64)
    if unit.ndim != 1 or unit.shape != into.shape:
        raise ValueError(f"rows are {unit.shape}, groups {into.shape}")
    part = np.ascontiguousarray(np.broadcast_to(np.asarray(share, dtype=np.float64), unit.shape))
    if len(unit) and (unit.min() < 0 or unit.max() >= size or into.min() < 0 or into.max() >= groups):
        raise ValueError(f"rows must be 0 to {size - 1} and groups 0 to {groups - 1}")
    if not np.isfinite(part).all() or (part < 0).any():
        raise ValueError("shares must be finite and at least 0")
    return unit, into, part


def checked_quantiles(q: Sequence[float]) -> Floats:
    """Return quantiles as an array, float64 [q].

    Raises
    ------
    ValueError
        When one is not between 0 and 1.
    """
    shares = np.asarray(q, dtype=np.float64).reshape(-1)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"quantiles must be shares, not {q}")
    return shares


def check_consecutive(**spans: tuple[int, ...]) -> None:
    """Refuse grades or years that leave one out.

    Raises
    ------
    ValueError
        When they do.
    """
    for name, values in spans.items():
        if not values or values != tuple(range(values[0], values[-1] + 1)):
            raise ValueError(f"{name} must be consecutive, not {values}")


def check_shapes(given: Mapping[str, tuple[npt.NDArray[Any] | None, tuple[int, ...]]]) -> None:
    """Refuse an array that is there and has not the shape beside it.

    Raises
    ------
    ValueError
        When one has not.
    """
    for name, (array, shape) in given.items():
        if array is not None and array.shape != shape:
            raise ValueError(f"{name} is {array.shape}, wanted {shape}")
