"""The least by which hard load rules must give way before a plan of split blocks exists: an elastic LP."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from zoning.zones.contract import contract_blocks
from zoning.zones.problem import Floats, Rows, ZoneProblem

__all__ = ["Elastic", "stretch_rules"]

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SEATS_WEIGHT: Final = 1.05
"""A seat missing weighs this much more than a pupil outside a band or an intake, so that ties blame those."""
TOLERANCE: Final = 1e-6
PRICING: Final = 1e-7
"""Violation that a cell must save to be offered, units a block."""
METHOD: Final = "highs-ipm"
"""Interior points with crossover: three times as fast here as the simplex, with the prices of a vertex."""
NEAREST: Final = 6
"""Schools that each block is offered first."""


@dataclass(frozen=True, eq=False)
class Elastic:
    """The least violation of the hard rows, and what proves that it is the least.

    Parameters
    ----------
    over, under
        Units above the upper and below the lower limit, float64 [row, school]; soft rows 0.
    share
        Share of each block at each school in that optimum, float64 [block, school].
    price
        What one unit of a limit is worth in violation, float64 [row, school]: above 0 at upper limits, below
        0 at lower ones.
    worth
        What a block costs in violation, float64 [block]. A cell helps where ``worth`` exceeds what the
        prices ask there.
    """

    over: Floats = field(repr=False)
    under: Floats = field(repr=False)
    share: Floats = field(repr=False)
    price: Floats = field(repr=False)
    worth: Floats = field(repr=False)

    @property
    def total(self) -> float:
        """Units outside the limits, all rows together; 0 where a plan of split blocks exists."""
        found = float(self.over.sum() + self.under.sum())
        return found if found > TOLERANCE else 0.0

    def helps(self, rows: Rows) -> Floats:
        """Return how much violation the use of a cell would save a whole block, float64 [block, school]."""
        return np.asarray(self.worth[:, None] - rows.weight.T @ self.price)


def stretch_rules(problem: ZoneProblem, cells: Mask) -> Elastic:
    """Return the least total violation of the hard load rules by blocks that may be split.

    Starts from the nearest schools of each block and adds every cell that the prices show to save violation,
    until there is none: only then is the violation the least over all cells.

    Parameters
    ----------
    problem
        The problem; its soft rules do not count, and its costs only say where to begin.
    cells
        Cells that may be used, bool [block, school].

    Raises
    ------
    RuntimeError
        When the linear programme does not solve.
    """
    rows = problem.rows
    counted = (rows.weight[rows.hard] != 0).any(axis=0)
    cells = cells & counted[:, None]
    quick = _together(problem, cells)
    if quick is not None:
        return quick
    offered = _nearest(problem, cells)
    while True:
        found = _solve(problem, offered)
        if found.total == 0:
            return found
        # What a cell saves is measured against the weight of a pupil, so that tiny blocks count too.
        saves = np.where(cells & ~offered, found.helps(rows), 0.0)
        most = saves.max(axis=1, keepdims=True)
        better = (saves > PRICING) & (saves >= 0.5 * most)
        if not better.any():
            return found
        offered |= better


def _together(problem: ZoneProblem, cells: Mask) -> Elastic | None:
    """Return a plan without violation in which blocks alike are split alike; None where there is none.

    Alike are blocks with the same cells and the same nearest school. That is a tighter problem, and a much
    smaller one: where it has a plan, so has the whole.
    """
    nearest = np.where(cells, problem.cost, np.inf).argmin(axis=1)
    keys = np.column_stack([np.packbits(cells, axis=1), nearest.astype(">i4").view(np.uint8).reshape(-1, 4)])
    keys = np.ascontiguousarray(keys).view([("", np.void, keys.shape[1])])
    groups = np.unique(keys, return_inverse=True)[1].ravel()
    if 2 * (int(groups.max(initial=0)) + 1) > problem.blocks:
        return None
    made = contract_blocks(replace(problem, allowed=cells), groups)
    counted = made.problem.allowed & cells[np.unique(groups, return_index=True)[1]]
    found = _solve(made.problem, counted)
    if found.total > 0:
        return None
    return replace(found, share=found.share[made.group], worth=found.worth[made.group])


def _nearest(problem: ZoneProblem, cells: Mask) -> Mask:
    """Return the cheapest cells of each block, bool [block, school]."""
    if problem.schools <= NEAREST:
        return cells.copy()
    offered = np.zeros_like(cells)
    cost = np.where(cells, problem.cost, np.inf)
    best = np.argpartition(cost, NEAREST - 1, axis=1)[:, :NEAREST]
    np.put_along_axis(offered, best, True, axis=1)
    return offered & cells


def _solve(problem: ZoneProblem, cells: Mask) -> Elastic:
    rows = problem.rows
    hard = np.flatnonzero(rows.hard)
    block, school = np.nonzero(cells)
    upper = _sides(rows, hard, block, school, upper=True)
    lower = _sides(rows, hard, block, school, upper=False)
    weight = np.array([SEATS_WEIGHT if rows.names[r].startswith("capacity") else 1.0 for r in hard])
    every = [side for side in (upper, lower) if len(side.row)]
    slack = sum(len(side.row) for side in every)
    shape = (problem.blocks, len(block) + slack)
    ones = coo_array((np.ones(len(block)), (block, np.arange(len(block)))), shape=shape)
    present = np.flatnonzero(np.bincount(block, minlength=problem.blocks))
    stacked: Any = vstack([side.matrix for side in every])
    limits: Any = csr_array(hstack([stacked, -eye_array(slack)]))
    every_block: Any = csr_array(ones)[present]
    penalty = np.concatenate([np.zeros(len(block)), *(weight[side.row] for side in every)])
    found: Any = linprog(
        penalty.astype(np.float64),
        A_ub=limits,
        b_ub=np.concatenate([side.limit for side in every]),
        A_eq=every_block,
        b_eq=np.ones(len(present)),
        method=METHOD,
    )
    if found.status != 0:
        raise RuntimeError(f"the elastic programme ended with status {found.status}: {found.message}")
    return _read(problem, found, (block, school, present), hard, every)


@dataclass(frozen=True, eq=False)
class _Side:
    """Upper or lower limits as rows of A x <= b; ``row`` counts among the hard rows."""

    matrix: csr_array
    limit: Floats
    row: Ints
    school: Ints
    sign: float


def _sides(rows: Rows, hard: Ints, block: Ints, school: Ints, *, upper: bool) -> _Side:
    sign = 1.0 if upper else -1.0
    limits = (rows.upper if upper else rows.lower)[hard]
    row, column = np.nonzero(np.isfinite(limits))
    place = np.full(limits.shape, -1, dtype=np.int64)
    place[row, column] = np.arange(len(row))
    cells = np.arange(len(block))
    parts = []
    for number, source in enumerate(hard):
        at = place[number][school]
        used = (at >= 0) & (rows.weight[source][block] != 0)
        parts.append((at[used], cells[used], sign * rows.weight[source][block][used]))
    at, cell, value = (np.concatenate([part[k] for part in parts]) for k in range(3))
    matrix = csr_array(coo_array((value, (at, cell)), shape=(len(row), len(block))))
    return _Side(matrix, sign * limits[row, column], row, column, sign)


def _read(
    problem: ZoneProblem,
    found: Any,  # noqa: ANN401 - what scipy returns
    cells: tuple[Ints, Ints, Ints],
    hard: Ints,
    sides: list[_Side],
) -> Elastic:
    block, school, present = cells
    share = np.zeros((problem.blocks, problem.schools))
    share[block, school] = found.x[: len(block)]
    shape = (len(problem.rows.names), problem.schools)
    over, under, price = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    start = len(block)
    first = 0
    for side in sides:
        size = len(side.row)
        at = (hard[side.row], side.school)
        (over if side.sign > 0 else under)[at] = found.x[start : start + size]
        # HiGHS gives the change of the objective by the limit: at most 0 for A x <= b.
        price[at] += -side.sign * found.ineqlin.marginals[first : first + size]
        start, first = start + size, first + size
    worth = np.zeros(problem.blocks)
    worth[present] = found.eqlin.marginals
    return Elastic(over, under, share, price, worth)
