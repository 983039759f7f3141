"""From a plan to arrays: which share of each block's pupils attends which school."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problems
from zoning.forecast import Forecast
from zoning.plan import Plan

__all__ = ["Allocation", "allocate", "at_known_schools", "pupils_of_stage", "seats_of"]


@dataclass(frozen=True, eq=False)
class Allocation:
    """A plan as rows of (block, school, share).

    Parameters
    ----------
    block, school
        Positions in the district's blocks and schools, int64 [row].
    share
        Share of the block's pupils who attend the school, float64 [row]; a block's shares add up to 1.
    unassigned
        Positions of the blocks that the plan leaves out, int64.
    """

    block: npt.NDArray[np.int64] = field(repr=False)
    school: npt.NDArray[np.int64] = field(repr=False)
    share: npt.NDArray[np.float64] = field(repr=False)
    unassigned: npt.NDArray[np.int64] = field(repr=False)

    def by_school(self, pupils: npt.NDArray[np.float64], schools: int) -> npt.NDArray[np.float64]:
        """Return pupils by school, float64 [school], from pupils by block, float64 [block]."""
        loads = np.bincount(self.school, weights=pupils[self.block] * self.share, minlength=schools)
        return loads.astype(np.float64)


def allocate(district: District, plan: Plan) -> Allocation:
    """Return the share of each block's pupils that each school takes under a plan.

    The pupils of a shared zone are split in proportion to the schools' capacities for the stage: that is how
    a seat draw among them comes out on average when every seat is on offer. Schools without a known capacity
    count alike.

    Raises
    ------
    DataError
        When the plan names a block or a school that the district has not.
    """
    lists = [schools for _, schools in plan.rows]
    counts = np.fromiter((len(schools) for schools in lists), dtype=np.int64, count=len(lists))
    flat = [school for schools in lists for school in schools]
    found = pd.Index(district.block_frame.index).get_indexer(pd.Index(plan.block_ids, dtype=object))
    school = pd.Index(district.school_frame.index).get_indexer(pd.Index(flat, dtype=object))
    _refuse_unknown(plan, found, flat, school)
    block = np.repeat(found, counts)
    seats = seats_of(district, plan.stage)[school]
    in_block = np.repeat(np.arange(len(counts)), counts)
    total = np.bincount(in_block, weights=seats, minlength=len(counts))[in_block]
    share = np.where(total > 0, seats / np.where(total > 0, total, 1.0), 1.0 / counts[in_block])
    missing = np.setdiff1d(np.arange(len(district.block_frame)), found)
    return Allocation(block.astype(np.int64), school.astype(np.int64), share, missing)


def at_known_schools(district: District, plan: Plan) -> Plan:
    """Return a plan with the schools and blocks that the district has: zones in force may name others."""
    schools, blocks = set(district.school_frame.index), set(district.block_frame.index)
    rows = {block: there for block, named in plan.rows if (there := tuple(s for s in named if s in schools))}
    return Plan.of(plan.stage, plan.year, {block: there for block, there in rows.items() if block in blocks})


def pupils_of_stage(
    district: District, demand: Forecast, *, stage: str, year: int
) -> npt.NDArray[np.float64]:
    """Return the expected pupils of a stage in a year by block, pupils, float64 [block].

    Raises
    ------
    DataError
        When the forecast does not reach that year, or the district does not plan the stage.
    ValueError
        When the forecast is of other blocks.
    """
    found = district.stage(stage)
    if demand.block_ids != tuple(district.block_frame.index):
        raise ValueError("the forecast is of other blocks than the district's")
    if year not in demand.years or not set(found.grades) <= set(demand.grades):
        first, last = min(demand.years), max(demand.years)
        raise DataError(
            [messages.problem("evaluate.no_forecast", file="residents", value=year, first=first, last=last)],
        )
    return demand.of_stage(found, year)


def seats_of(district: District, stage: str) -> npt.NDArray[np.float64]:
    """Return the seats of every school for a stage, 0 where it has none or is not known, float64 [school]."""
    column = f"capacity_{stage}"
    if column not in district.school_frame:
        return np.zeros(len(district.school_frame))
    return np.asarray(district.school_frame[column].fillna(0.0), dtype=np.float64)


def _refuse_unknown(
    plan: Plan,
    block: npt.NDArray[np.intp],
    school_ids: list[str],
    school: npt.NDArray[np.intp],
) -> None:
    problems = Problems()
    for block_id in [b for b, position in zip(plan.block_ids, block, strict=True) if position < 0]:
        problems.add(messages.problem("evaluate.unknown_block", file="plan", value=block_id))
    for school_id in sorted({s for s, position in zip(school_ids, school, strict=True) if position < 0}):
        problems.add(messages.problem("evaluate.unknown_school", file="plan", value=school_id))
    problems.raise_if_failed()
