"""A problem as arrays, with the names behind the positions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.errors import Text
from zoning.evaluate import JourneyCost
from zoning.plan import Plan
from zoning.zones.problem import ZoneProblem
from zoning.zones.units import Units

__all__ = ["PosedProblem"]


@dataclass(frozen=True, eq=False)
class PosedProblem:
    """A problem as arrays, with the names behind the positions.

    Parameters
    ----------
    problem
        The arrays; a school's own block is kept for it (:func:`~zoning.zones.keep_homes`).
    unkept
        The same without that rule, for when it leaves too few seats.
    block_ids, school_ids
        Names of the rows and columns. A column of several schools (a shared zone) is named by all of them,
        joined by ``;``; a row of several blocks (a feeder zone that stays whole) by its first block.
    towns
        Town of each row, object [row].
    journey
        Cost of every journey in its parts, of blocks and schools of the district.
    units
        The zones that the columns stand for.
    rules, unkept_rules
        What each of the two problems keeps, as printed.
    notes
        What was assumed, as printed.
    stage, year
        What the problem is posed for.
    members
        Schools of each column.
    every_block
        All blocks of the district.
    row_of_block
        Row of each of them, int32 [block]; 0, 1, 2 ... where every block is a row.
    closed
        Cells (row, column) that a rule closes although a way exists, bool, by rule.
    """

    problem: ZoneProblem
    unkept: ZoneProblem
    block_ids: tuple[str, ...] = field(repr=False)
    school_ids: tuple[str, ...]
    towns: npt.NDArray[np.object_] = field(repr=False)
    journey: JourneyCost = field(repr=False)
    units: Units = field(repr=False)
    rules: tuple[Text, ...] = ()
    unkept_rules: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    stage: str = ""
    year: int = 0
    members: tuple[tuple[str, ...], ...] = ()
    every_block: tuple[str, ...] = field(default=(), repr=False)
    row_of_block: npt.NDArray[np.int32] = field(
        default_factory=lambda: np.empty(0, dtype=np.int32), repr=False
    )
    closed: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def plan(self, school: npt.NDArray[np.integer]) -> Plan:
        """Return the plan of all blocks that a solution means.

        Parameters
        ----------
        school
            Column of each row, int [row].
        """
        chosen = np.asarray(school)[self.row_of_block].tolist()
        rows = {block: self.members[unit] for block, unit in zip(self.every_block, chosen, strict=True)}
        return Plan.of(self.stage, self.year, rows)
