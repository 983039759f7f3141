"""One problem solved: any time it stops, the best plan and the best bound so far are the answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from zoning.proposal import Progress
from zoning.zones.problem import ZoneProblem, neighbours_of
from zoning.zones.run import CHAINS, Run
from zoning.zones.schedule import stretches, until_enough
from zoning.zones.solution import Solution
from zoning.zones.solver import OutOfTimeError

__all__ = ["Solution", "solve_problem"]


def solve_problem(
    problem: ZoneProblem,
    *,
    seed: int = 0,
    iterations: int | None = None,
    seconds: float | None = None,
    gap: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Solution:
    """Return a plan of whole blocks and contiguous zones, and a bound that anyone can check.

    Where no plan that keeps the rules was found, the plan is the one that breaks them least. The keyboard
    (Ctrl-C) stops the search and keeps the best plan.

    Parameters
    ----------
    problem
        The problem.
    seed
        Seed of the search.
    iterations
        Steps to do; by the size of the problem when neither this nor ``seconds`` is given.
    seconds
        Time limit, seconds; the steps done are in the solution and repeat it exactly.
    gap
        Stop as soon as (cost - bound) / bound is no larger, a share.
    progress
        Called after every step.

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [1, 4], [2, 5]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> found = solve_problem(three)
    >>> found.school.tolist(), found.cost, round(found.bound, 3)
    ([0, 0, 1], 6.0, 6.0)
    """
    _warm_up()
    return _solve(problem, seed, iterations, seconds, gap, progress)


def _solve(  # noqa: PLR0917 - the parameters of solve_problem
    problem: ZoneProblem,
    seed: int,
    iterations: int | None,
    seconds: float | None,
    gap: float | None,
    progress: Callable[[Progress], None] | None,
) -> Solution:
    run = Run(problem, seed, progress, seconds)
    work = stretches(problem.blocks, run.reached)
    if iterations is None and seconds is None:
        work = until_enough(work, lambda: run.worth[0] == 0)
    interrupted = False
    with ThreadPoolExecutor(CHAINS) as threads:
        steps = run.steps(work, threads)
        try:
            while not run.is_enough(gap) and (iterations is None or run.iterations < iterations):
                if run.is_late():
                    break
                if next(steps, None) is None:
                    break
                run.iterations += 1
                run.report()
        except OutOfTimeError:
            pass  # a step that the clock ended would not repeat: it does not count
        except KeyboardInterrupt:
            interrupted = True
    return run.solution(interrupted=interrupted)


@cache
def _warm_up() -> None:
    """Compile the loops on a street of four blocks, so that no run pays for it with its seconds."""
    indptr, indices = neighbours_of(np.array([[0, 1], [1, 2], [2, 3]]), 4)
    street = ZoneProblem(
        demand=np.ones(4),
        cost=np.array([[0.0, 3], [3, 1], [1, 3], [3, 0]]),
        allowed=np.ones((4, 2), dtype=np.bool_),
        capacity=np.array([2.0, 2]),
        indptr=indptr,
        indices=indices,
        home=np.array([0, 3], dtype=np.int32),
    )
    _solve(street, 0, 60, None, None, None)
