"""The forecast: sample paths of children by block, grade and year, and their summaries."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district import Stage
from zoning.errors import Text


@dataclass(frozen=True, eq=False)
class Forecast:
    """Children by block, grade and year.

    Every mean and interval of a zone, town or county is a statistic of *summed* paths, so blocks always add
    up to their towns, for the mean and for every path.

    Parameters
    ----------
    paths
        Children, float64 [path, block, grade, year], at least 0. A point forecast has one path.
    block_ids
        Blocks, in the district's order.
    grades
        Grades as coded in :mod:`zoning.district.stage`.
    years
        School years.
    notes
        What was assumed, and which parts were switched off for want of a table.
    """

    paths: npt.NDArray[np.float64] = field(repr=False)
    block_ids: tuple[str, ...] = field(repr=False)
    grades: tuple[int, ...]
    years: tuple[int, ...]
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        wanted = (len(self.block_ids), len(self.grades), len(self.years))
        if self.paths.ndim != 4 or self.paths.shape[1:] != wanted:
            raise ValueError(f"paths are {self.paths.shape}, wanted (paths, {wanted})")
        if not np.isfinite(self.paths).all() or (self.paths < 0).any():
            raise ValueError("paths must be finite and at least 0")
        self.paths.flags.writeable = False

    @property
    def mean(self) -> npt.NDArray[np.float64]:
        """Mean over the paths, children, float64 [block, grade, year]."""
        return np.asarray(self.paths.mean(axis=0))

    def of_stage(self, stage: Stage, year: int) -> npt.NDArray[np.float64]:
        """Return the expected children of a stage by block, float64 [block].

        Raises
        ------
        ValueError
            When the forecast does not reach that year or lacks a grade of the stage.
        """
        if year not in self.years or not set(stage.grades) <= set(self.grades):
            raise ValueError(f"no forecast of {stage.name} for {year}; years are {self.years}")
        grades = [self.grades.index(grade) for grade in stage.grades]
        of_year = self.paths[:, :, grades, self.years.index(year)]
        return np.asarray(of_year.sum(axis=2).mean(axis=0))

    def frame(self) -> pd.DataFrame:
        """Return the mean as a table: block_id, grade, year, children."""
        index = pd.MultiIndex.from_product(
            [self.block_ids, self.grades, self.years],
            names=["block_id", "grade", "year"],
        )
        return pd.DataFrame({"children": self.mean.ravel()}, index=index).reset_index()
