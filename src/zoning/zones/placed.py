"""A plan on the rows and columns of a posed problem: where each block and each whole feeder zone belongs."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import Ints, ZoneProblem

__all__ = ["Placed", "place_plan"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Placed:
    """A plan on the rows and columns of a posed problem.

    Parameters
    ----------
    school_ids
        Every school with a zone, alone or shared.
    seconds
        Travel times to them, seconds [block, school]; NaN where there is no way.
    school
        School of each block of the district, the furthest of a shared zone, int32 [block]; -1 for none.
    together
        Whether the plan gives a block several schools, this one among them, bool [block, school].
    unit
        Column of each row, int32 [row]; -1 for none.
    split
        Whether blocks of the row belong to different columns, bool [row].
    """

    school_ids: tuple[str, ...]
    seconds: npt.NDArray[np.floating] = field(repr=False)
    school: Ints = field(repr=False)
    together: Mask = field(repr=False)
    unit: Ints = field(repr=False)
    split: Mask = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether every row has a column, and all its blocks the same."""
        return bool((self.unit >= 0).all() and not self.split.any())

    def problem_kept(self, posed: PosedProblem) -> ZoneProblem:
        """Return the problem that the plan keeps: with each school's own block kept for it, else without.

        Parameters
        ----------
        posed
            The problem.
        """
        held = np.flatnonzero(self.unit >= 0)
        return posed.problem if posed.problem.allowed[held, self.unit[held]].all() else posed.unkept


def place_plan(posed: PosedProblem, plan: Plan, times: TravelTimes) -> Placed:
    """Return where a plan puts each block and row; schools that have no zone in the problem count as none.

    Parameters
    ----------
    posed
        The problem.
    plan
        The plan.
    times
        Travel times of the stage, seconds [block, school].
    """
    school_ids = tuple(times.school_ids[column] for column in posed.units.columns.tolist())
    column = {school: number for number, school in enumerate(school_ids)}
    seconds = times.to(list(school_ids))
    given = dict(plan.rows)
    blocks = len(posed.every_block)
    school = np.full(blocks, -1, dtype=np.int32)
    together = np.zeros((blocks, len(school_ids)), dtype=np.bool_)
    for block, name in enumerate(posed.every_block):
        numbers = [column[one] for one in given.get(name, ()) if one in column]
        if len(numbers) > 1:
            together[block, numbers] = True
            numbers.sort(key=lambda number: -float(np.nan_to_num(seconds[block, number], nan=np.inf)))
        school[block] = numbers[0] if numbers else -1
    unit_of = posed.units.homes[1]
    of_block = np.where(school >= 0, unit_of[school], -1)
    most = np.full(posed.problem.blocks, -1, dtype=np.int32)
    least = np.full(posed.problem.blocks, posed.problem.schools, dtype=np.int32)
    np.maximum.at(most, posed.row_of_block, of_block)
    np.minimum.at(least, posed.row_of_block, of_block)
    return Placed(school_ids, seconds, school, together, most, most != least)
