"""Sample paths drawn when asked for: shocks that units share, and chance in every cell.

A path starts from the counted children and follows the expected course: a cell is fed by the grade below a
year before, from which some children leave by chance and others come, at the expected ratio times the shocks
of the year. Its shocks are shared by a unit, a town or all, partly the same every year; so a town's error
does not cancel out over its schools as chance does. Every factor has mean 1: the mean over many paths is the
expected course.

A path is never stored. It is drawn anew by numbers that depend on seed, unit and path only, so that sums over
any zones are sums of the same children.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from zoning.forecast.dispersion import Dispersion
from zoning.forecast.kernels.paths import draw_paths, draw_sums
from zoning.forecast.kernels.ranks import row_quantiles
from zoning.forecast.panel import Bools, Floats, Ints
from zoning.forecast.stored import (
    ExtraPaths,
    check_consecutive,
    check_shapes,
    checked_quantiles,
    checked_rows,
)
from zoning.forecast.tables import Cells, Tables, fixed

__all__ = ["Dispersion", "ExtraPaths", "Simulation"]

_THREADS: Final = 2
_PATHS: Final = 50
"""Paths that a thread sums at a time."""
_UNITS: Final = 16
"""Units whose paths a thread holds at a time."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Sample paths of units (blocks or schools) around their expected course.

    Parameters
    ----------
    course
        Expected children, float64 [unit, grade, year]; the first year is the base, counted. NaN where a unit
        lacks a grade.
    grades, years
        Consecutive ints, ascending.
    town
        Code of each unit's town, int64 [unit], at least 0.
    dispersion
        How far paths spread.
    count
        Number of paths.
    seed
        Any whole number.
    scale
        Times the unit-level spread of ``dispersion`` holds for a unit, float64 [unit]; 1 when left out.
    weight
        What a child counts (such as pupils per resident child), any shape that broadcasts to [unit, grade,
        year]; 1 when left out.
    counted
        Whether a grade was counted in the base year, bool [grade]; others enter by chance even then. All when
        left out.
    births
        Standard deviation of the log of births still to come, which all units share, of the cohorts that
        enter in each year, float64 [year]; none when left out.
    extra
        Children on top, in every sum and quantile; ``weight`` holds for them too.

    Raises
    ------
    ValueError
        When a shape does not fit or a value is out of range.

    Examples
    --------
    >>> course = np.array([[[30.0, 31.0, 32.0], [28.0, 30.0, 31.0]], [[9.0, 9.0, 9.0], [8.0, 9.0, 9.0]]])
    >>> town = np.array([0, 0])
    >>> simulation = Simulation(course, (1, 2), (2026, 2027, 2028), town, Dispersion.usual(), 200)
    >>> both = simulation.sums(np.array([0, 1]), town, 1.0, 1, years=[2028])
    >>> both.shape, bool((both[:, 0, :, 0] == simulation.paths()[..., -1].sum(axis=1)).all())
    ((200, 1, 2, 1), True)
    """

    course: Floats = field(repr=False)
    grades: tuple[int, ...]
    years: tuple[int, ...]
    town: Ints = field(repr=False)
    dispersion: Dispersion
    count: int
    seed: int = 0
    scale: Floats | None = field(default=None, repr=False)
    weight: Floats | None = field(default=None, repr=False)
    counted: Bools | None = field(default=None, repr=False)
    births: Floats | None = field(default=None, repr=False)
    extra: tuple[ExtraPaths, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        size, span = self.size, (len(self.grades), len(self.years))
        check_consecutive(grades=self.grades, years=self.years)
        if self.course.ndim != 3 or self.course.shape[1:] != span:
            raise ValueError(f"course is {self.course.shape}, wanted (units, {span})")
        if self.town.shape != (size,) or (self.town < 0).any():
            raise ValueError(f"town must be codes of {size} units")
        fixed_shapes = {"scale": (size,), "births": span[1:], "counted": span[:1]}
        check_shapes({name: (getattr(self, name), shape) for name, shape in fixed_shapes.items()})
        if self.count < 1:
            raise ValueError(f"paths must be at least 1, not {self.count}")
        if (self.course < 0).any() or np.isinf(self.course).any():
            raise ValueError("course must be finite and at least 0, or NaN")
        for name in ("scale", "weight", "births"):
            values = getattr(self, name)
            if values is not None and not (np.isfinite(values).all() and (values >= 0).all()):
                raise ValueError(f"{name} must be finite and at least 0")
        for name in ("course", "town", "scale", "weight", "counted", "births"):
            if getattr(self, name) is not None:
                getattr(self, name).flags.writeable = False

    @property
    def size(self) -> int:
        """Number of units."""
        return int(self.course.shape[0])

    def paths(self, units: slice | None = None) -> Ints:
        """Return the children themselves, int64 [path, unit, grade, year]: for few units.

        Whole children as drawn, before ``weight`` and without ``extra``; 0 where a unit lacks a grade.

        Parameters
        ----------
        units
            Which units; all when left out.
        """
        chosen = np.ascontiguousarray(np.arange(self.size)[units or slice(None)])
        cells = Cells.of(self.grades, self.years, None, None)
        group, drawn = np.arange(cells.count), np.zeros((len(chosen), cells.count, self.count))
        _call(draw_paths, self._arrays(cells), np.empty((0, cells.count)), chosen, group, 0, drawn)
        shaped = drawn.reshape((len(chosen), len(self.grades), len(self.years), self.count))
        return np.ascontiguousarray(np.moveaxis(shaped, -1, 0)).astype(np.int64)

    def sums(
        self,
        rows: Ints,
        group: Ints,
        share: npt.ArrayLike,
        groups: int,
        *,
        grades: Sequence[int] | None = None,
        years: Sequence[int] | None = None,
        weight: npt.ArrayLike | None = None,
    ) -> Floats:
        """Return children by group, float64 [path, group, grade, year].

        Parameters
        ----------
        rows, group, share
            Units, the group that each adds to, and the share of its children that counts there; int64, int64,
            float64 [row]. A unit may have several rows or none.
        groups
            Number of groups.
        grades, years
            Which; all when left out.
        weight
            What a child counts, times the simulation's own weight; broadcasts to [unit, grade, year].

        Raises
        ------
        ValueError
            When rows, groups or shares do not fit, or a grade or year is not there.
        """
        unit, into, part = checked_rows(rows, group, share, groups, self.size)
        cells = Cells.of(self.grades, self.years, grades, years)
        weights = self._weights(cells, weight)
        # Units of a town one after the other: its shocks are then found once.
        order = np.lexsort((unit, self.town[unit]))
        unit, into, part = unit[order], into[order], part[order]
        first = np.flatnonzero(np.diff(unit, prepend=-1))
        given = (weights, unit[first], np.append(first, len(unit)), into, part)
        sums = np.empty((self.count, groups, cells.count))

        def draw(start: int) -> None:
            some = np.zeros((groups, cells.count, min(_PATHS, self.count - start)))
            _call(draw_sums, self._arrays(cells), *given, start, some)
            sums[start : start + some.shape[2]] = some.transpose(2, 0, 1)

        with ThreadPoolExecutor(_THREADS) as threads:
            list(threads.map(draw, range(0, self.count, _PATHS)))
        for place, children in self._extras(cells, weights):
            for at in np.flatnonzero(unit == place):
                sums[:, into[at]] += part[at] * children
        return sums.reshape((self.count, groups, *cells.shape))

    def quantiles(
        self,
        q: Sequence[float],
        grade_groups: Sequence[Sequence[int]],
        *,
        years: Sequence[int] | None = None,
    ) -> Floats:
        """Return quantiles of the units' children by group of grades, float64 [q, unit, group, year].

        Parameters
        ----------
        q
            Shares 0-1.
        grade_groups
            Grades whose children are summed; no grade in two groups.
        years
            Which; all when left out.

        Raises
        ------
        ValueError
            When a grade or year is not there or a grade is in two groups, or a quantile is no share.
        """
        shares = checked_quantiles(q)
        flat = [grade for grades in grade_groups for grade in grades]
        if len(set(flat)) < len(flat):
            raise ValueError(f"a grade is in two groups of {list(map(tuple, grade_groups))}")
        cells = Cells.of(self.grades, self.years, flat, years)
        weights = self._weights(cells, None)
        of_grade = np.repeat(np.arange(len(grade_groups)), [len(grades) for grades in grade_groups])
        span = cells.shape[1]
        group = (of_grade[:, None] * span + np.arange(span)).ravel()
        extras = tuple(self._extras(cells, weights))
        rising = np.argsort(shares, kind="stable")
        found = np.empty((len(shares), self.size, len(grade_groups) * span))

        def draw(start: int) -> None:
            units = np.arange(start, min(start + _UNITS, self.size))
            drawn = np.zeros((len(units), found.shape[2], self.count))
            _call(draw_paths, self._arrays(cells), weights, units, group, 0, drawn)
            for place, children in extras:
                if units[0] <= place <= units[-1]:
                    np.add.at(drawn[place - start], group, children.T)
            some = np.empty((len(shares), len(units) * found.shape[2]))
            row_quantiles(drawn.reshape(-1, self.count), shares[rising], some)
            found[rising, units[0] : units[-1] + 1] = some.reshape(len(shares), len(units), -1)

        with ThreadPoolExecutor(_THREADS) as threads:
            list(threads.map(draw, range(0, self.size, _UNITS)))
        return found.reshape((len(shares), self.size, len(grade_groups), span))

    def scaled(self, factor: Floats) -> "Simulation":
        """Return the paths with every child counting a factor [unit, grade, year] times as much."""
        return replace(self, weight=factor * (1.0 if self.weight is None else self.weight))

    @cached_property
    def _tables(self) -> Tables:
        return Tables.of(self.dispersion, len(self.years), self.scale, self.births)

    @cached_property
    def _drawn(self) -> tuple[Floats, ...]:
        """The paths of the children on top, drawn once."""
        return tuple(extra.paths(self.seed, self.count) for extra in self.extra)

    def _arrays(self, cells: Cells) -> tuple[Any, ...]:
        """What the kernels take first."""
        counted = np.ones(len(self.grades)) if self.counted is None else self.counted
        scale = np.ones(1) if self.scale is None else self.scale
        return (
            fixed(self.course, np.float64),
            fixed(self.town, np.int64),
            fixed(counted, np.bool_),
            fixed(scale, np.float64),
            *self._tables.arrays(cells),
            np.uint64(self.seed % 2**64),
            cells.place,
        )

    def _weights(self, cells: Cells, weight: npt.ArrayLike | None) -> Floats:
        """What a child of a wanted cell counts, float64 [unit, cell]; no rows where all count 1."""
        found = [w for w in (self.weight, weight) if w is not None]
        if not found:
            return np.empty((0, cells.count))
        chosen = np.ones((self.size, *cells.shape))
        for one in found:
            whole = np.broadcast_to(np.asarray(one, dtype=np.float64), self.course.shape)
            chosen *= whole[:, cells.grade][:, :, cells.year]
        return chosen.reshape(self.size, cells.count)

    def _extras(self, cells: Cells, weights: Floats) -> Iterator[tuple[int, Floats]]:
        """Units with children on top, and those children by path and wanted cell."""
        for extra, children in zip(self.extra, self._drawn, strict=True):
            wanted = (self.count, len(extra.unit), len(self.grades), len(self.years))
            check_shapes({"extra paths": (children, wanted)})
            chosen = children[:, :, cells.grade][:, :, :, cells.year].reshape(*wanted[:2], cells.count)
            for number, unit in enumerate(extra.unit.tolist()):
                yield unit, chosen[:, number] * (weights[unit] if len(weights) else 1.0)


def _call(kernel: Callable[..., None], arrays: tuple[Any, ...], *more: object) -> None:
    kernel(*arrays, *more)
