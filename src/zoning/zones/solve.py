"""One problem solved: bound, first plan, rounds of search, the best plan put together; any time it stops."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from zoning.proposal import Progress
from zoning.zones.anneal import Board, Chain
from zoning.zones.ascent import ZoneAscent
from zoning.zones.certificate import lower_bound
from zoning.zones.contiguity import detached_blocks
from zoning.zones.multipliers import Multipliers
from zoning.zones.pool import ZonePool
from zoning.zones.pricing import can_price_zones
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.reachable import reachable_cells
from zoning.zones.schedule import Ends, Fit, Stretch, stretches, until_enough
from zoning.zones.start import first_multipliers, first_plan, relax_with_cuts

__all__ = ["Solution", "solve_problem"]

_CHAINS = 2
_POOLED = 2_000
_PROVED = 1e-6
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
        Cost of the plan, and the least that any plan that keeps the rules costs, pupil-seconds.
    excess
        Pupils over capacity, float64 [school].
    detached
        Blocks that do not connect to their school inside its zone, bool [block].
    multipliers
        What the bound is evaluated from.
    iterations
        Steps done; the same number with the same seed gives the same plan.
    is_kept
        Whether every hard load rule is kept.
    interrupted
        Whether the keyboard stopped it.
    """

    school: Ints = field(repr=False)
    cost: float
    bound: float
    excess: Floats = field(repr=False)
    detached: npt.NDArray[np.bool_] = field(repr=False)
    multipliers: Multipliers = field(repr=False)
    iterations: int
    is_kept: bool
    interrupted: bool = False

    @property
    def gap(self) -> float:
        """(cost - bound) / bound, a share; infinite where the plan breaks a rule."""
        if not self.is_kept:
            return np.inf
        if self.cost == self.bound:
            return 0.0
        return (self.cost - self.bound) / self.bound if self.bound > 0 else np.inf


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
    run = _Run(problem, seed, progress)
    work = stretches(problem.blocks, run.reached)
    if iterations is None and seconds is None:
        work = until_enough(work, lambda: run.worth[0] == 0)
    interrupted = False
    with ThreadPoolExecutor(_CHAINS) as threads:
        steps = run.steps(work, threads)
        try:
            while not run.is_enough(gap) and (iterations is None or run.iterations < iterations):
                if seconds is not None and run.clock() >= seconds:
                    break
                if next(steps, None) is None:
                    break
                run.iterations += 1
                run.report()
        except KeyboardInterrupt:
            interrupted = True
    return run.solution(interrupted=interrupted)


class _Run:
    """A search under way: the best plan, the best bound, and the steps that better them."""

    def __init__(self, problem: ZoneProblem, seed: int, progress: Callable[[Progress], None] | None) -> None:
        self._began, self._progress = time.monotonic(), progress
        self.problem, self.iterations = problem, 0
        self.reach = reachable_cells(problem)
        self.closed = replace(problem, allowed=self.reach.open)
        self.multipliers = first_multipliers(problem, self.closed)
        self.bound = lower_bound(problem, self.multipliers, self.reach)
        dearest = np.where(problem.allowed, problem.cost, 0.0).max(axis=1, initial=0.0)
        self.most = 2.0 * float(problem.demand @ dearest) + 1.0
        self.plan, fixed = first_plan(problem, self.reach, self.multipliers)
        self.worth = self._worth(self.plan)
        self.board = Board.of(problem, self.multipliers, fixed)
        self.pool = ZonePool(self.closed)
        self.chains = [Chain(self.board, seed * _CHAINS + number) for number in range(_CHAINS)]
        self.reached: dict[str, float] = {}
        self.pools = problem.blocks <= _POOLED and problem.contiguous and bool(problem.rows.hard.all())

    def clock(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self._began

    def report(self) -> None:
        """Tell where the search stands."""
        if self._progress is not None:
            cost = self.worth[1] if self.worth[0] == 0 else np.inf
            self._progress(Progress(self.clock(), self.iterations, cost, min(self.bound, cost)))

    def is_enough(self, gap: float | None) -> bool:
        """Return whether the plan keeps the rules and its gap is proved to be small enough."""
        most = _PROVED if gap is None else max(gap, _PROVED)
        return self.worth[0] == 0 and self.worth[1] <= self.bound * (1 + most)

    def steps(self, work: Iterator[Stretch], threads: ThreadPoolExecutor) -> Iterator[bool]:
        """Do one step after another: search, put plans together, raise the bound."""
        ascent = self._raised() if can_price_zones(self.closed) else iter(())
        for stretch in work:
            yield from self._search(stretch, threads)
            if self.worth[0] > 0:
                yield from self._fit(Fit.of(self.problem.blocks), threads)
            for _ in range(stretch.proofs):
                if next(ascent, None) is None:
                    break
                yield True
            if self.pools:
                self._take(self.pool.best_plan(self.worth[1] if self.worth[0] == 0 else np.inf))
                yield True

    def _search(self, stretch: Stretch, threads: ThreadPoolExecutor) -> Iterator[bool]:
        """Anneal all chains once from the best plan, in chunks."""
        for chain in self.chains:
            chain.start_from(self.plan)
        best = np.inf
        for ends, moves, is_late in stretch.chunks():
            best = min(best, self._run(ends, moves, threads))
            if self.pools and is_late:
                for chain in self.chains:
                    self.pool.add_plan(chain.present)
            yield True
        self.reached[stretch.name] = best
        for chain in self.chains:
            self._take(chain.present)

    def _fit(self, fit: Fit, threads: ThreadPoolExecutor) -> Iterator[bool]:
        """Move the prices of the limits until a plan keeps the rules, or the rounds run out."""
        for chain in self.chains:
            chain.start_from(self.plan)
        for number in range(fit.rounds):
            self._run(fit.heats(number), fit.moves, threads)
            for chain in self.chains:
                chain.reprice()
                if self.pools:
                    self.pool.add_plan(chain.present)
            yield True
            if self.worth[0] == 0:
                return

    def _run(self, ends: Ends, moves: int, threads: ThreadPoolExecutor) -> float:
        """Anneal all chains side by side, each by its own seed; return the least cost within the rules."""
        work = [threads.submit(chain.run, ends, moves) for chain in self.chains]
        for done in work:
            done.result()
        for chain in self.chains:
            self._take(chain.plan if np.isfinite(chain.tally[2]) else None)
        return min(float(chain.tally[2]) for chain in self.chains)

    def _raised(self) -> Iterator[bool]:
        """Raise the bound: separator cuts first, then block prices."""
        relaxed = None
        for relaxed in relax_with_cuts(self.closed, self.reach):
            self._prove(relaxed.multipliers)
            yield True
        if relaxed is None:
            return
        ascent = ZoneAscent(self.closed, self.reach, relaxed, self.pool)
        while not ascent.is_done:
            if ascent.step() > self.most:  # dearer than the dearest plan: there is none
                return
            if ascent.bound > self.bound:
                self.bound, self.multipliers = ascent.bound, ascent.multipliers
            yield True

    def _prove(self, multipliers: Multipliers) -> None:
        """Take multipliers that prove more than the best so far."""
        bound = lower_bound(self.problem, multipliers, self.reach)
        if bound > self.bound:
            self.bound, self.multipliers = bound, multipliers

    def _worth(self, school: Ints) -> tuple[float, float]:
        """Return how far a plan breaks the hard rules, and its cost; the less the better."""
        rows = self.problem.rows
        out = self.problem.breach(school)[rows.hard].sum()
        return round(float(out), 6), self.problem.cost_of(school)

    def _take(self, school: Ints | None) -> None:
        """Keep a plan that is better than the best so far."""
        if school is None:
            return
        worth = self._worth(school)
        if worth < self.worth:
            self.plan, self.worth = school.copy(), worth
            if self.pools and worth[0] == 0:
                self.pool.add_plan(school)

    def solution(self, *, interrupted: bool) -> Solution:
        """Return the best plan, borders straightened, with the bound as anyone evaluates it."""
        chain = self.chains[0]
        chain.start_from(self.plan)
        chain.straighten()
        self._take_straight(chain.present)
        bound = lower_bound(self.problem, self.multipliers, self.reach)
        kept, cost = self.worth[0] == 0, self.worth[1]
        return Solution(
            school=self.plan,
            cost=cost,
            bound=cost if kept and cost < bound <= cost * (1 + _ROUNDING) else bound,
            excess=self.problem.excess(self.plan),
            detached=detached_blocks(self.problem, self.plan),
            multipliers=self.multipliers,
            iterations=self.iterations,
            is_kept=kept,
            interrupted=interrupted,
        )

    def _take_straight(self, school: Ints) -> None:
        worth = self._worth(school)
        if worth[0] <= self.worth[0]:
            self.plan, self.worth = school, worth
