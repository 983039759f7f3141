"""Which blocks a zone in one piece can hold at all: a way to the school over blocks that are not too many.

A zone that holds block i in one piece holds a whole way from i to the school's block. Where even the
lightest such way counts more than a hard upper limit allows, no plan gives i to that school: the cell is
closed. This is worth its time on small places only, where a zone has few blocks; on large ones a way is
looked for, whatever it counts.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.kernels.ways import lightest_ways
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, ZoneProblem

__all__ = ["Reachable", "reachable_cells"]

Mask = npt.NDArray[np.bool_]

MOST_WEIGHED = 1_000_000
"""Blocks × schools up to which ways are weighed."""


@dataclass(frozen=True, eq=False)
class Reachable:
    """The cells (block, school) that a plan of contiguous zones can use.

    Parameters
    ----------
    open
        Whether a block can belong to a school, bool [block, school].
    stranded
        Blocks that no allowed school can reach over shared edges (an island, an exclave): contiguity asks
        nothing of them, and no zone grows through them, bool [block].
    lightest
        What the lightest way from a school's block to a block counts, both ends included, by each row that is
        weighed, float64 [row, school, block]; empty where ways are not weighed.
    limits
        Upper limits of those rows, float64 [row, school].
    weights
        Their weights, float64 [row, block].
    """

    open: Mask
    stranded: Mask
    lightest: Floats = field(repr=False)
    limits: Floats = field(repr=False)
    weights: Floats = field(repr=False)


def reachable_cells(problem: ZoneProblem) -> Reachable:
    """Return which cells a plan in one piece can use; all allowed ones where contiguity is not asked.

    Parameters
    ----------
    problem
        The problem.

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.ones(3), cost=np.zeros((3, 2)), allowed=np.ones((3, 2), dtype=bool),
    ...     capacity=np.array([2.0, 3]), indptr=row[0], indices=row[1], home=np.array([0, 2], dtype=np.int32))
    >>> reachable_cells(three).open.tolist()
    [[True, True], [True, True], [True, True]]
    >>> from zoning.zones.pose import keep_homes
    >>> reachable_cells(keep_homes(three)).open.tolist()
    [[True, False], [True, True], [False, True]]
    """
    nothing = np.zeros(problem.blocks, dtype=np.bool_)
    none = np.empty((0, problem.schools, problem.blocks))
    if not problem.contiguous:
        return Reachable(problem.allowed, nothing, none, none[:, :, 0], none[:, 0])
    reach = _ways(problem, np.zeros(problem.blocks), np.zeros(problem.schools))
    found = np.asarray(np.isfinite(reach.T) & problem.allowed)
    stranded = np.asarray(~found.any(axis=1))
    cells = found | (problem.allowed & stranded[:, None])
    rows = problem.rows
    weighed = np.flatnonzero(rows.hard & (rows.weight >= 0).all(axis=1))
    if problem.blocks * problem.schools > MOST_WEIGHED or not len(weighed):
        return Reachable(cells, stranded, none, none[:, :, 0], none[:, 0])
    lightest = np.stack([_ways(problem, rows.weight[row], rows.upper[row]) for row in weighed])
    # A school's own block that may belong elsewhere joins the zone for nothing, but counts where it belongs.
    counted = np.maximum(lightest, rows.weight[weighed][:, None, :])
    fits = (counted <= rows.upper[weighed][:, :, None] + OVERLOAD_TOLERANCE).all(axis=0)
    light = np.asarray(fits.T & cells)
    # A block too big for every way keeps its cells: that no plan holds it is found and said elsewhere.
    lost = ~light.any(axis=1) | stranded
    return Reachable(
        np.where(lost[:, None], cells, light), stranded, lightest, rows.upper[weighed], rows.weight[weighed]
    )


def _ways(problem: ZoneProblem, weight: Floats, limits: Floats) -> Floats:
    """Return what the lightest way within the limit counts, float64 [school, block]; infinity for none."""
    limits = limits + OVERLOAD_TOLERANCE
    alone = problem.allowed[problem.home].sum(axis=1) == 1
    owned = alone & problem.allowed[problem.home, np.arange(problem.schools)]
    found = np.full((problem.schools, problem.blocks), np.inf)
    for school in range(problem.schools):
        start = problem.home[school : school + 1]
        first = weight[start] if owned[school] else np.zeros(1)
        column = np.ascontiguousarray(problem.allowed[:, school])
        lightest_ways(
            problem.indptr, problem.indices, weight, start, first, column, limits[school], found[school]
        )
    return found
