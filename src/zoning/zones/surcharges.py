"""What each named price adds to a move, in the rows and columns of a posed problem."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from zoning.evaluate.cost import DEPARTURES
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import Floats, Ints, ZoneProblem

__all__ = ["OTHER", "surcharges_of"]

OTHER = "other"
"""What the problem's cost holds beyond the journey cost."""

_LEAST_S = 1e-6


def surcharges_of(
    posed: PosedProblem, problem: ZoneProblem, unit: Ints, cells: tuple[Ints, Ints]
) -> Mapping[str, Floats]:
    """Return what each price adds for the new column over the present one, by departure and :data:`OTHER`.

    Seconds a pupil of the row on average, float64 [move]; a shared zone counts its schools by their seats.
    Departures without a price, and those that an infinite one forbids, are left out.

    Parameters
    ----------
    posed
        The problem with its names and the parts of its cost.
    problem
        The problem that the plan keeps.
    unit
        Column of each row, int32 [row].
    cells
        The moves (row, column), int32 [move].
    """
    there, here = cells, (cells[0], unit[cells[0]])
    journey = posed.journey

    columns = posed.units.columns
    is_plain = (problem.blocks, problem.schools) == (len(journey.pupils), len(columns))

    def added(values: npt.NDArray[np.generic]) -> Floats:
        if is_plain:  # a table of all cells as floats would be large for nothing
            now, then = (values[rows, columns[units]].astype(np.float64) for rows, units in (here, there))
            return np.asarray(then - now)
        of_rows = _of_rows(posed, values[:, columns].astype(np.float64))
        return np.asarray(of_rows[there] - of_rows[here])

    found = {
        name: journey.price(name) * added(journey.due(name))
        for name in DEPARTURES
        if 0 < journey.price(name) < np.inf and journey.due(name).any()
    }
    known = added(journey.travel_s) + sum(found.values(), np.zeros(len(cells[0])))
    rest = np.nan_to_num(problem.cost[there] - problem.cost[here] - known)
    return found | {OTHER: np.where(np.abs(rest) > _LEAST_S, rest, 0.0)}


def _of_rows(posed: PosedProblem, values: Floats) -> Floats:
    """Return the mean of values [block, school] over the schools of a column and the pupils of a row.

    NaN where one of those schools cannot be reached.
    """
    lost = np.isnan(values)
    wide = np.where(posed.units.some(lost), np.nan, posed.units.mean(values))
    if posed.problem.blocks == len(wide):
        return np.asarray(wide)
    row = posed.row_of_block
    weight = np.where(posed.problem.demand[row] > 0, posed.journey.pupils, 1.0)
    total = np.zeros((posed.problem.blocks, wide.shape[1]))
    np.add.at(total, row, np.where(weight[:, None] > 0, weight[:, None] * wide, 0.0))
    return np.asarray(total / np.bincount(row, weights=weight)[:, None])
