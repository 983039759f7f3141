"""Local search over the border blocks: shifts and double moves, by simulated annealing in rounds."""

import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.search import CHUNK, BorderSearch

__all__ = ["Improved", "default_iterations", "improve_plan"]

_PROPOSALS_A_BLOCK = 120


@dataclass(frozen=True, eq=False)
class Improved:
    """The best plan of a search.

    Parameters
    ----------
    school
        School of each block, int32 [block].
    iterations
        Moves proposed; the same number with the same seed gives the same plan.
    """

    school: Ints = field(repr=False)
    iterations: int


def default_iterations(blocks: int) -> int:
    """Return the moves proposed when neither a number nor a time is given.

    Examples
    --------
    >>> default_iterations(1_200), default_iterations(100_000)
    (1200000, 3000000)
    """
    return min(1_000 * blocks, 3_000_000)


def improve_plan(
    problem: ZoneProblem,
    school: Ints,
    *,
    stranded: npt.NDArray[np.bool_],
    prices: Floats,
    seed: int,
    iterations: int,
    seconds: float | None = None,
    bound: float = 0.0,
) -> Improved:
    """Return a plan that is no worse, zones still in one piece: less overload first, then less cost.

    A round proposes a fixed number of moves while the temperature falls, and starts from the best plan so
    far. The schedule depends on the problem alone, so a run that a time limit stopped after n moves is
    repeated exactly by asking for n.

    Parameters
    ----------
    problem
        The problem.
    school
        Where to start, int32 [block].
    stranded
        Blocks that are not to be touched, bool [block].
    prices
        Price of a seat, seconds a pupil, float64 [school]; sets what a pupil over capacity costs at first.
    seed
        Seed of the proposals.
    iterations
        Moves to propose.
    seconds
        Stop earlier after this long; None for no limit.
    bound
        Stop as soon as the plan fits and costs no more than this, pupil-seconds, to one part in ten thousand.
    """
    search = BorderSearch(problem, school, stranded, prices)
    if not search.owner or problem.schools < 2:
        return Improved(school, 0)
    random = np.random.default_rng(seed)
    stop = None if seconds is None else time.monotonic() + seconds
    length = _PROPOSALS_A_BLOCK * problem.blocks // CHUNK * CHUNK + CHUNK
    done = 0
    while done < iterations and (stop is None or time.monotonic() < stop):
        if search.reaches(bound):
            break
        if done % length == 0:
            search.new_round()
        count = min(CHUNK, iterations - done)
        search.run(random, count=count, share=(done % length) / length)
        done += count
    return Improved(search.best, done)
