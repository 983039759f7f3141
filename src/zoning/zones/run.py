"""A search under way: rounds of annealing, the pool, the bound; the best of each is kept."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

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
from zoning.zones.problem import Ints, ZoneProblem
from zoning.zones.reachable import reachable_cells
from zoning.zones.schedule import POOLED, Ends, Fit, Stretch
from zoning.zones.solution import Solution
from zoning.zones.start import first_multipliers, first_plan, relax_with_cuts

__all__ = ["CHAINS", "Run"]

CHAINS = 2
"""Chains that work side by side, whatever the machine has: the plan must not depend on its cores."""

_LATE, _LATE_SMALL = 0.7, 0.4
_PROVED = 1e-6
_ROUNDING = 1e-9
"""Share by which the bound, added up in another order, may pass the cost of an optimal plan."""


class Run:
    """A search under way: the best plan, the best bound, and the steps that better them."""

    def __init__(
        self,
        problem: ZoneProblem,
        seed: int,
        progress: Callable[[Progress], None] | None,
        seconds: float | None = None,
    ) -> None:
        self._began, self._progress, self._seconds = time.monotonic(), progress, seconds
        self.problem, self.iterations = problem, 0
        self.reach = reachable_cells(problem)
        self.closed = replace(problem, allowed=self.reach.open)
        self.multipliers = first_multipliers(problem, self.closed, self.reach)
        self.bound = lower_bound(problem, self.multipliers, self.reach)
        dearest = np.where(problem.allowed, problem.cost, 0.0).max(axis=1, initial=0.0)
        self.most = 2.0 * float(problem.demand @ dearest) + 1.0
        self.plan, self._loose = first_plan(problem, self.reach, self.multipliers)
        self._homeless = int((~problem.allowed.any(axis=1)).sum())
        self.worth = self._worth(self.plan)
        self.board = Board.of(problem, self.multipliers, self.reach.stranded)
        self.pool = ZonePool(self.closed)
        self.chains = [Chain(self.board, seed * CHAINS + number) for number in range(CHAINS)]
        self.reached: dict[str, float] = {}
        self.small = can_price_zones(self.closed)
        few = problem.blocks <= POOLED and problem.contiguous
        self.pools = few and bool(problem.rows.hard.all())

    def clock(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self._began

    def is_late(self) -> bool:
        """Return whether the time is up."""
        return self._seconds is not None and self.clock() >= self._seconds

    def left(self) -> float:
        """Return the seconds left."""
        return 1e9 if self._seconds is None else max(self._seconds - self.clock(), 0.1)

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
        ascent = self._raised() if self.small else iter(())
        for stretch in work:
            yield from self._search(stretch, threads)
            if self.worth[0] > 0:
                yield from self._fit(Fit.of(self.problem.blocks), threads)
            for _ in range(stretch.proofs):
                if next(ascent, None) is None:
                    break
                yield True
            if self.pools and self.small:
                yield from self._scatter(Fit.scattering(self.problem.blocks), threads)
            if self.pools and (self.small or stretch.assembles):
                below = self.worth[1] if self.worth[0] == 0 else np.inf
                self._take(self.pool.best_plan(below, self.left()))
                yield True

    def _search(self, stretch: Stretch, threads: ThreadPoolExecutor) -> Iterator[bool]:
        """Anneal all chains once from the best plan, in chunks."""
        for chain in self.chains:
            chain.start_from(self.plan)
        late = _LATE_SMALL if self.small else _LATE
        for ends, moves, share in stretch.chunks():
            self._run(ends, moves, threads)
            if self.pools and share >= late:
                for chain in self.chains:
                    self.pool.add_plan(chain.present)
            yield True
        for chain in self.chains:
            self._take(chain.present)
        ended = [self._worth(chain.present) for chain in self.chains]
        self.reached[stretch.name] = min(cost if out == 0 else np.inf for out, cost in ended)
        yield True

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

    def _scatter(self, fit: Fit, threads: ThreadPoolExecutor) -> Iterator[bool]:
        """Fill the pool with zones of other plans: short hot annealings."""
        for number in range(fit.rounds):
            self._run(fit.heats(number), fit.moves, threads)
            for chain in self.chains:
                self.pool.add_plan(chain.present)
            yield True

    def _run(self, ends: Ends, moves: int, threads: ThreadPoolExecutor) -> None:
        """Anneal all chains side by side; what each does depends on its own seed only."""
        work = [threads.submit(chain.run, ends, moves) for chain in self.chains]
        for done in work:
            done.result()
        for chain in self.chains:
            self._take(chain.plan if np.isfinite(chain.tally[2]) else None)

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
            if ascent.step() > self.most and self.problem.rows.hard.all():  # dearer than the dearest plan
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
        """Return how far a plan breaks the hard rules, and its cost; the less the better.

        Only a plan that begins with a block walled in can have one later: no move breaks a zone.
        """
        out = float(self.problem.breach(school)[self.problem.rows.hard].sum()) + self._homeless
        if self._loose:
            loose = detached_blocks(self.problem, school) & ~self.reach.stranded
            out += self.problem.blocks * float(loose.sum())
        return round(out, 6), self.problem.cost_of(school)

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
            detached=self._detached(),
            multipliers=self.multipliers,
            iterations=self.iterations,
            is_kept=kept,
            interrupted=interrupted,
        )

    def _detached(self) -> npt.NDArray[np.bool_]:
        """Return the blocks that do not connect to their school, bool [block]; none where none need to."""
        if not self.problem.contiguous:
            return np.zeros(self.problem.blocks, dtype=np.bool_)
        return detached_blocks(self.problem, self.plan)

    def _take_straight(self, school: Ints) -> None:
        worth = self._worth(school)
        if worth[0] <= self.worth[0] and worth[1] <= self.worth[1] * (1 + _ROUNDING):
            self.plan, self.worth = school, worth
