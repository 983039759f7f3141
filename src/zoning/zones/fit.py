"""A plan that fits: seats are priced, and prices move, until every capacity is kept."""

import time

import numpy as np
import numpy.typing as npt

from zoning.zones.improve import Improved
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, Ints, ZoneProblem
from zoning.zones.search import CHUNK, BorderSearch

__all__ = ["fit_plan"]

_PROPOSALS_A_BLOCK = 60
_ROUNDS = 400
_MOST = 8_000_000
_STEP = 0.3


def fit_plan(
    problem: ZoneProblem,
    school: Ints,
    *,
    stranded: npt.NDArray[np.bool_],
    prices: Floats,
    seed: int,
    iterations: int,
    seconds: float | None = None,
) -> Improved:
    """Return a plan within the capacities, or the one least over them when the moves run out.

    Every pupil pays for the seat besides the journey. With the flow's prices the blocks along a border are
    nearly indifferent, so a surplus wanders through several zones to where seats are free, which a search on
    journeys alone forbids. After each round the price rises at schools that ended over their seats and falls
    at those that ended below them (a subgradient step), so that no arrangement stays attractive for long.

    Parameters
    ----------
    problem
        The problem.
    school
        Where to start, int32 [block].
    stranded
        Blocks that are not to be touched, bool [block].
    prices
        Price of a seat to begin with, seconds a pupil, float64 [school].
    seed
        Seed of the proposals.
    iterations
        Moves to propose at most; fewer where the size of the problem says that more are in vain.
    seconds
        Stop earlier after this long; None for no limit.

    References
    ----------
    Subgradient steps on the prices of capacities (Held, Wolfe and Crowder 1974).
    """
    search = BorderSearch(problem, school, stranded, prices)
    if not search.owner or problem.schools < 2:
        return Improved(school, 0)
    random = np.random.default_rng(seed)
    stop = None if seconds is None else time.monotonic() + seconds
    length = _PROPOSALS_A_BLOCK * problem.blocks // CHUNK * CHUNK + CHUNK
    most = min(iterations, length * _ROUNDS, max(_MOST, length))
    least = _least_excess(problem)
    paid, done = prices, 0
    while done < most and search.best_value[0] > least and (stop is None or time.monotonic() < stop):
        if done % length == 0:
            paid = _moved(problem, search, paid) if done else paid
            search.reprice(paid)
        count = min(CHUNK, most - done)
        search.run(random, count=count, share=(done % length) / length)
        done += count
    return Improved(search.best, done)


def _moved(problem: ZoneProblem, search: BorderSearch, prices: Floats) -> Floats:
    """Return the prices one step on, none below 0, seconds a pupil, float64 [school]."""
    over = np.array(search.state.load) - problem.capacity
    moved = prices + _STEP * search.strictness * over / problem.capacity.mean()
    return np.asarray(moved - moved.min())


def _least_excess(problem: ZoneProblem) -> float:
    """Return the pupils over in every plan: those of blocks too big for any school that they may attend."""
    largest = np.where(problem.allowed, problem.capacity, 0.0).max(axis=1, initial=0.0)
    return float(np.maximum(problem.demand - largest, 0.0).sum()) + OVERLOAD_TOLERANCE
