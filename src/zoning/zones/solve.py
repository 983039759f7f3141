"""One problem solved: flow, bound, whole blocks in one piece, search."""

import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.assign import Flow
from zoning.zones.certificate import Multipliers, lower_bound
from zoning.zones.contiguity import detached_blocks, regrow_zones
from zoning.zones.fit import fit_plan
from zoning.zones.improve import default_iterations, improve_plan
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.tidy import tidy_borders

__all__ = ["Solution", "round_flow", "solve_problem"]


_ENDLESS = 2**40
_ROUNDING = 1e-9
"""Share by which the bound, added up in another order, may pass the cost of an optimal plan."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A plan of a problem with its bound.

    Parameters
    ----------
    school
        School of each block, int32 [block].
    cost, bound
        Σ demand × cost of the plan, and the least that any plan within the capacities costs, pupil-seconds.
    excess
        Pupils over capacity, float64 [school].
    detached
        Blocks that do not connect to their school inside its zone, bool [block].
    multipliers
        What the bound is evaluated from.
    iterations
        Moves proposed.
    """

    school: Ints = field(repr=False)
    cost: float
    bound: float
    excess: Floats = field(repr=False)
    detached: npt.NDArray[np.bool_] = field(repr=False)
    multipliers: Multipliers = field(repr=False)
    iterations: int


def solve_problem(
    problem: ZoneProblem,
    flow: Flow,
    *,
    seed: int = 0,
    iterations: int | None = None,
    seconds: float | None = None,
) -> Solution:
    """Return a plan of whole blocks and contiguous zones, and the bound that the flow's prices prove.

    Where whole blocks or contiguity cannot be had within the capacities, the plan is the one of least
    overload that the search found, and ``excess`` says how much and where.

    Parameters
    ----------
    problem
        The problem.
    flow
        Its flow (:func:`~zoning.zones.assign.assign_blocks`), nobody short.
    seed
        Seed of the search.
    iterations
        Moves to propose; by the size of the problem when neither this nor ``seconds`` is given.
    seconds
        Time for the search, seconds; the moves done are in the solution and repeat it exactly.

    Examples
    --------
    >>> from zoning.zones.assign import assign_blocks
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [1, 4], [2, 5]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> found = solve_problem(three, assign_blocks(three))
    >>> found.school.tolist(), found.cost, round(found.bound, 3)
    ([0, 0, 1], 6.0, 6.0)
    """
    school, stranded = _start(problem, flow)
    multipliers = Multipliers.of_seats(problem, flow.prices)
    bound = lower_bound(problem, multipliers)
    began = time.monotonic()
    most = iterations if iterations is not None else _ENDLESS
    fitted = fit_plan(
        problem,
        school,
        stranded=stranded,
        prices=flow.prices,
        seed=seed,
        iterations=most,
        seconds=seconds,
    )
    if iterations is None and seconds is None:
        most = fitted.iterations + default_iterations(problem.blocks)
    left = None if seconds is None else seconds - (time.monotonic() - began)
    done = improve_plan(
        problem,
        fitted.school,
        stranded=stranded,
        prices=flow.prices,
        seed=seed,
        iterations=most - fitted.iterations,
        seconds=left,
        bound=bound,
    )
    tidy = tidy_borders(problem, done.school, stranded=stranded)
    cost = problem.cost_of(tidy)
    return Solution(
        school=tidy,
        cost=cost,
        bound=cost if cost < bound <= cost * (1 + _ROUNDING) else bound,
        excess=problem.excess(tidy),
        detached=detached_blocks(problem, tidy),
        multipliers=multipliers,
        iterations=fitted.iterations + done.iterations,
    )


def round_flow(problem: ZoneProblem, flow: Flow) -> Ints:
    """Return the school that takes most of each block's pupils; the cheapest, price included, for the rest.

    Parameters
    ----------
    problem
        The problem.
    flow
        Its flow.
    """
    school: npt.NDArray[np.intp] = (problem.allowed_cost + flow.prices).argmin(axis=1)
    order = np.argsort(flow.pupils, kind="stable")
    school[flow.block[order]] = flow.school[order]
    return school.astype(np.int32)


def _start(problem: ZoneProblem, flow: Flow) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return the better of two repaired plans: the rounded flow, and the zones in force if any."""
    rounded = round_flow(problem, flow)
    starts = [rounded]
    kept = np.maximum(problem.current, 0)
    keeps = (problem.current >= 0) & problem.allowed[np.arange(problem.blocks), kept]
    if keeps.any():
        starts.append(np.where(keeps, problem.current, rounded))
    grown = [regrow_zones(problem, start, flow.prices) for start in starts]
    worth = [
        (int(lost.sum()), round(float(problem.excess(school).sum()), 6), problem.cost_of(school))
        for school, lost in grown
    ]
    return grown[worth.index(min(worth))]
