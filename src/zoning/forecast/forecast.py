"""The forecast: expected children by block, grade and year, and the sample paths around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district import Stage
from zoning.errors import Text
from zoning.forecast.panel import Floats, Ints
from zoning.forecast.stored import SamplePaths, StoredPaths, positions

_CLOSE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Forecast:
    """Children by block, grade and year.

    Every mean and interval of a zone, town or county is a statistic of *summed* paths, so blocks always add
    up to their towns, for the mean and for every path.

    Parameters
    ----------
    mean
        Expected children, float64 [block, grade, year], at least 0.
    block_ids
        Blocks, in the district's order.
    grades
        Grades as coded in :mod:`zoning.district.stage`.
    years
        School years. Those before the years of the simulation are counted: every path has the mean.
    notes
        What was assumed, and which parts were switched off for want of a table.
    simulation
        Sample paths of the blocks; None for a point forecast, whose one path is the mean.
    drivers
        Parts of the mean by what they come from, float64 [block, grade, year] by name; they add up to it.

    Raises
    ------
    ValueError
        When a shape does not fit, the mean is negative or not finite, or the drivers do not add up to it.

    Examples
    --------
    >>> demand = Forecast(np.array([[[3.0]], [[5.0]]]), ("b1", "b2"), (1,), (2027,))
    >>> demand.sums(np.array([0, 1]), np.array([0, 0]), 1.0, 1).ravel().tolist()
    [8.0]
    """

    mean: Floats = field(repr=False)
    block_ids: tuple[str, ...] = field(repr=False)
    grades: tuple[int, ...]
    years: tuple[int, ...]
    notes: tuple[Text, ...] = ()
    simulation: SamplePaths | None = field(default=None, repr=False)
    drivers: Mapping[str, Floats] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        wanted = (len(self.block_ids), len(self.grades), len(self.years))
        for name, values in {"mean": self.mean, **self.drivers}.items():
            if values.shape != wanted:
                raise ValueError(f"{name} is {values.shape}, wanted {wanted}")
            values.flags.writeable = False
        if not np.isfinite(self.mean).all() or (self.mean < 0).any():
            raise ValueError("the mean must be finite and at least 0")
        if self.drivers and not np.allclose(sum(self.drivers.values()), self.mean, rtol=_CLOSE, atol=_CLOSE):
            raise ValueError("the drivers do not add up to the mean")
        object.__setattr__(self, "drivers", MappingProxyType(dict(self.drivers)))
        drawn = self.simulation
        if drawn is not None and (drawn.size != wanted[0] or not set(self.grades) <= set(drawn.grades)):
            raise ValueError(f"paths are of {drawn.size} blocks and grades {drawn.grades}")

    @classmethod
    def of_paths(
        cls,
        paths: Floats,
        block_ids: Sequence[str],
        grades: Sequence[int],
        years: Sequence[int],
        *,
        notes: tuple[Text, ...] = (),
    ) -> Self:
        """Return the forecast of stored paths, float64 [path, block, grade, year]; its mean is theirs.

        Raises
        ------
        ValueError
            When the shape does not fit, or children are negative or not finite.

        Examples
        --------
        >>> demand = Forecast.of_paths(np.array([[[[3.0]]], [[[5.0]]]]), ["b1"], [1], [2027])
        >>> demand.path_count, demand.mean.item()
        (2, 4.0)
        """
        stored = StoredPaths(paths, tuple(grades), tuple(years))
        mean = np.asarray(paths.mean(axis=0))
        return cls(mean, tuple(block_ids), stored.grades, stored.years, notes, stored)

    @property
    def path_count(self) -> int:
        """Number of sample paths; 1 for a point forecast."""
        return 1 if self.simulation is None else self.simulation.count

    def of_stage(self, stage: Stage, year: int) -> Floats:
        """Return the expected children of a stage by block, float64 [block].

        Raises
        ------
        ValueError
            When the forecast does not reach that year or lacks a grade of the stage.
        """
        if year not in self.years or not set(stage.grades) <= set(self.grades):
            raise ValueError(f"no forecast of {stage.name} for {year}; years are {self.years}")
        grades = [self.grades.index(grade) for grade in stage.grades]
        return np.asarray(self.mean[:, grades, self.years.index(year)].sum(axis=1))

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
        """Return the children of groups of blocks in every path, float64 [path, group, grade, year].

        The same block has the same children in a path whatever the groups are, so that groups add up path by
        path. Paths of blocks are not stored: what is held is the result.

        Parameters
        ----------
        rows, group, share
            Blocks (positions), the group that each adds to, and the share of its children that counts there;
            int64, int64, float64 [row]. A shared zone gives a block several rows.
        groups
            Number of groups: zones, schools, towns, or 1 for the county.
        grades, years
            Which; all of the forecast when left out.

        Raises
        ------
        ValueError
            When rows, groups or shares do not fit, or a grade or year is not there.
        """
        chosen = [self.grades[at] for at in positions(self.grades, grades, "grade")]
        wanted = self.years if years is None else years
        drawn = self.simulation
        ahead = [year for year in wanted if year in drawn.years and year in self.years] if drawn else []
        if drawn is not None and len(ahead) == len(wanted):
            return drawn.sums(rows, group, share, groups, grades=chosen, years=ahead)
        point = StoredPaths(self.mean[None], self.grades, self.years)
        counted = point.sums(rows, group, share, groups, grades=chosen, years=wanted)
        if drawn is None:
            return counted
        whole = np.repeat(counted, self.path_count, axis=0)
        if ahead:
            at = [list(wanted).index(year) for year in ahead]
            whole[..., at] = drawn.sums(rows, group, share, groups, grades=chosen, years=ahead)
        return whole

    def quantiles(self, q: Sequence[float], *, stage: Stage) -> Floats:
        """Return quantiles of the blocks' children of a stage, float64 [q, block, year].

        Quantiles of blocks do not add up; take those of larger places from :meth:`sums`.

        Raises
        ------
        ValueError
            When the forecast lacks a grade of the stage, or a quantile is no share.
        """
        return self.group_quantiles(q, [stage.grades])[:, :, 0]

    def group_quantiles(self, q: Sequence[float], grade_groups: Sequence[Sequence[int]]) -> Floats:
        """Return quantiles of the blocks' children by group of grades, float64 [q, block, group, year].

        Parameters
        ----------
        q
            Shares 0-1.
        grade_groups
            Grades whose children are summed, such as those of several stages; no grade in two groups.

        Raises
        ------
        ValueError
            When a grade is not there or in two groups, or a quantile is no share.
        """
        point = StoredPaths(self.mean[None], self.grades, self.years)
        drawn = self.simulation
        if drawn is None:
            return point.quantiles(q, grade_groups)
        ahead = [year for year in self.years if year in drawn.years]
        found = drawn.quantiles(q, grade_groups, years=ahead)
        if len(ahead) == len(self.years):
            return found
        whole = point.quantiles(q, grade_groups)
        whole[..., [self.years.index(year) for year in ahead]] = found
        return whole

    def scaled(self, factor: npt.ArrayLike) -> "Forecast":
        """Return the forecast with mean, drivers and every path multiplied.

        Parameters
        ----------
        factor
            At least 0; broadcasts to [block, grade, year].

        Raises
        ------
        ValueError
            When a factor is negative or not finite.
        """
        times = np.broadcast_to(np.asarray(factor, dtype=np.float64), self.mean.shape)
        if not np.isfinite(times).all() or (times < 0).any():
            raise ValueError("factors must be finite and at least 0")
        drivers = {name: values * times for name, values in self.drivers.items()}
        drawn = self.simulation
        if drawn is not None:
            years = [year for year in self.years if year in drawn.years]
            whole = np.ones((drawn.size, len(drawn.grades), len(drawn.years)))
            at_grade, at_year = (
                positions(drawn.grades, self.grades, "grade"),
                positions(drawn.years, years, "year"),
            )
            here = positions(self.years, years, "year")
            whole[np.ix_(np.arange(drawn.size), at_grade, at_year)] = times[:, :, here]
            drawn = drawn.scaled(whole)
        return replace(self, mean=self.mean * times, simulation=drawn, drivers=drivers)

    def frame(self, *, intervals: Sequence[float] = ()) -> pd.DataFrame:
        """Return a table: block_id, grade, year, children, and for intervals such as 0.8 low80 and high80.

        Raises
        ------
        ValueError
            When an interval is no share.

        Examples
        --------
        >>> demand = Forecast.of_paths(np.array([[[[3.0]]], [[[5.0]]]]), ["b1"], [1], [2027])
        >>> demand.frame(intervals=[0.8])
          block_id  grade  year  children  low80  high80
        0       b1      1  2027       4.0    3.2     4.8
        """
        names = ["block_id", "grade", "year"]
        index = pd.MultiIndex.from_product([self.block_ids, self.grades, self.years], names=names)
        columns = {"children": self.mean.ravel()}
        ends = [end for share in intervals for end in ((1 - share) / 2, (1 + share) / 2)]
        if ends:
            found = self.group_quantiles(ends, [[grade] for grade in self.grades])
            labels = [f"{side}{round(100 * share)}" for share in intervals for side in ("low", "high")]
            columns |= {label: values.ravel() for label, values in zip(labels, found, strict=True)}
        return pd.DataFrame(columns, index=index).reset_index()
