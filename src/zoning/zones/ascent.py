"""A better bound for small zones: block prices that make every zone of every school as dear as it can be.

The bound of :func:`~zoning.zones.certificate.zone_bound` is a concave function of the block prices. It is
raised by column generation: a linear program over the zones priced so far proposes prices within a box
around the best ones, the cheapest zones under them are added, and the box moves or shrinks. The zones found
on the way are also what the best plans are made of.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, eye_array, hstack, vstack

from zoning.zones.certificate import BRANCHES
from zoning.zones.multipliers import Cut, Multipliers
from zoning.zones.pool import ZonePool
from zoning.zones.pricing import Priced, candidates_of, price_zone
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.reachable import Reachable
from zoning.zones.relax import Relaxed
from zoning.zones.separate import Separator
from zoning.zones.solver import solve_lp

__all__ = ["ZoneAscent"]

_QUICK = 5_000
_ROUNDS = 6
_BOX = 0.03
_WIDER, _NARROWER = 1.3, 0.6
_DONE = 2e-4


class ZoneAscent:
    """Raises the bound step by step.

    Parameters
    ----------
    problem
        The problem (:func:`~zoning.zones.pricing.can_price_zones`).
    reach
        Its reachable cells.
    relaxed
        Optimum of the relaxation with cuts, where it starts.
    pool
        Takes the zones that are found.
    """

    def __init__(self, problem: ZoneProblem, reach: Reachable, relaxed: Relaxed, pool: ZonePool) -> None:
        self.problem, self.pool = problem, pool
        self.bound = -np.inf
        self.is_done = False
        self._reach = reach
        self._separator = Separator(problem, reach)
        self._prices = relaxed.multipliers.prices
        self._candidates = [candidates_of(problem, reach, school) for school in range(problem.schools)]
        self._cuts: list[tuple[Cut, ...]] = [() for _ in range(problem.schools)]
        for cut in relaxed.multipliers.cuts:
            self._cuts[cut.school] += (cut,)
        self._kept = tuple(self._cuts)
        self._blocks = self._center = relaxed.blocks
        self._box = _BOX * float(np.median(np.abs(relaxed.blocks)))
        self._hoped = np.inf
        rows = problem.rows
        limits = rows.priced_limits(self._prices)
        self._given_back = float((self._prices[1:] * limits[1:]).sum())
        self._cost = problem.demand[:, None] * np.where(reach.open, problem.cost, 0.0)
        self._cost += rows.weight[1:].T @ self._prices[1:]

    @property
    def multipliers(self) -> Multipliers:
        """What the best bound so far is evaluated from."""
        cuts = tuple(cut for cuts in self._kept for cut in cuts if cut.multiplier > 0)
        return Multipliers(self._prices, cuts, self._center)

    def step(self) -> float:
        """Price all zones once, propose new block prices, and return the bound so far, pupil-seconds."""
        total = float(self._blocks.sum()) - self._given_back
        fresh = False
        for school in range(self.problem.schools):
            priced = self._cheapest(school)
            total += priced.bound
            fresh |= self.pool.add(school, np.sort(priced.blocks))
        risen = total - self.bound
        if risen > 0:
            self.bound, self._center, self._kept = total, self._blocks.copy(), tuple(self._cuts)
            if np.isfinite(self._hoped) and risen > 0.2 * self._hoped:
                self._box *= _WIDER
        else:
            self._box *= _NARROWER
        self._propose()
        self.is_done = self._hoped < _DONE * abs(self.bound) or (not fresh and risen <= 0)
        return self.bound

    def _cheapest(self, school: int) -> Priced:
        """Return the cheapest zone of a school; where a short search does not end, cuts are made for it."""
        reduced = self._cost[:, school] - self._blocks
        quick = price_zone(self._candidates[school], reduced, self._change(school), _QUICK)
        if quick.is_exact:
            return quick
        self._cuts[school] = self._tighter(school, reduced)
        return price_zone(self._candidates[school], reduced, self._change(school), BRANCHES)

    def _change(self, school: int) -> Floats:
        """Return what a school's cuts add to its blocks, pupil-seconds, float64 [block]."""
        change = np.zeros(self.problem.blocks)
        for cut in self._cuts[school]:
            change[cut.block] += cut.multiplier
            change[cut.separator] -= cut.multiplier
        return change

    def _tighter(self, school: int, reduced: Floats) -> tuple[Cut, ...]:
        """Return the cuts of one school's zone that matter under these prices, with their multipliers."""
        found, cuts = self._candidates[school], self._cuts[school]
        for _ in range(_ROUNDS):
            matrix, most = self._rows(school, cuts)
            none = (csc_array((1, len(found.blocks))), np.zeros(1))
            best = solve_lp(
                reduced[found.blocks], equal=none, most=(matrix, most), upper=np.ones(len(found.blocks))
            )
            if best is None:
                return cuts
            cuts = tuple(
                replace(cut, multiplier=float(worth)) for cut, worth in zip(cuts, best.most[1:], strict=True)
            )
            share = np.zeros(self.problem.blocks)
            share[found.blocks], share[found.own] = best.x, 1.0
            known = {(cut.block, cut.separator.tobytes()) for cut in cuts}
            more = [
                cut
                for cut in self._separator.broken(school, share)
                if (cut.block, cut.separator.tobytes()) not in known
            ]
            if not more:
                break
            cuts += tuple(more)
        return tuple(cut for cut in cuts if cut.multiplier > 0)

    def _rows(self, school: int, cuts: tuple[Cut, ...]) -> tuple[csc_array, Floats]:
        """Return the seats and the cuts of one school as rows over its candidates."""
        found = self._candidates[school]
        place = np.full(self.problem.blocks, -1)
        place[found.blocks] = np.arange(len(found.blocks))
        matrix: npt.NDArray[np.float64] = np.zeros((1 + len(cuts), len(found.blocks)))
        matrix[0] = found.weight
        for line, cut in enumerate(cuts, start=1):
            matrix[line, place[cut.block]] = 1.0
            inside = place[cut.separator]
            matrix[line, inside[inside >= 0]] = -1.0
        return csc_array(matrix), np.concatenate([[found.room], np.zeros(len(cuts))])

    def _priced_loads(self, school: Ints, covers: csc_array) -> Floats:
        """Return what the prices of the further load rules add to each zone of the pool, float64 [zone]."""
        weight = self.problem.rows.weight[1:]
        if not len(weight):
            return np.zeros(len(school))
        loads = covers[: self.problem.blocks].T @ weight.T
        return np.asarray((loads * self._prices[1:, school].T).sum(axis=1))

    def _propose(self) -> None:
        """Take the block prices that the zones so far allow within the box around the best ones."""
        cost, school, covers = self.pool.columns()
        cost = cost + self._priced_loads(school, covers)
        blocks, schools = self.problem.blocks, self.problem.schools
        slack = vstack([eye_array(blocks), csc_array((schools, blocks))])
        done = solve_lp(
            np.concatenate([cost, self._center + self._box, self._box - self._center]),
            equal=(csc_array(hstack([covers, slack, -slack])), np.ones(blocks + schools)),
        )
        if done is None:
            self.is_done = True
            return
        self._hoped = done.value - self.bound
        self._blocks = done.equal[:blocks]
