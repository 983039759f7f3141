"""A plan under search: shifts and double moves of border blocks, what they change, the best so far."""

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.state import ZoneState

__all__ = ["CHUNK", "BorderSearch"]

CHUNK = 1_000
"""Moves that are drawn at once; a search stops between two chunks."""

_TRIES = 6
_RETURN = 8
_STEP = 1.3
_LAX, _STRICT = 0.5, 8.0
_OVER = 1e-6
_PROVED = 1e-4
_WORTH = 1e-3
_HOT, _COLD = 1.0, 0.02


class BorderSearch:
    """The plan being changed, what a move costs, and the best plan so far.

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
    """

    def __init__(
        self,
        problem: ZoneProblem,
        school: Ints,
        stranded: npt.NDArray[np.bool_],
        prices: Floats,
    ) -> None:
        self.problem, self.stranded = problem, stranded
        # Blocks without children weigh a little, so that they follow the nearest school all the same.
        floor = 1e-3 * float(problem.demand.mean()) or 1.0
        self.weighing = np.maximum(problem.demand, floor)[:, None]
        weighted = self.weighing * problem.allowed_cost
        self.weight = np.ascontiguousarray(weighted).ravel().data
        self.width = problem.schools
        self.owner, self.target = _arcs(problem)
        self.scale = _typical_change(weighted)
        spread = float(np.median(problem.cost[problem.allowed])) if problem.allowed.any() else 1.0
        self.strictness = self.penalty = 1.5 * float(prices.max(initial=0.0)) + 0.5 * spread + 1e-9
        self.fixed = np.where(stranded, school, -1)
        self.kept: list[int] = np.where(stranded, -1, school).tolist()
        self.best_value = self._value(school)
        self.state = ZoneState(problem, school, stranded)
        self.excess, self.cost = self.best_value
        self.rounds = 0
        # A border between two neighbours costs a thousandth of a mean block: enough to settle ties.
        self.ragged = _WORTH * self.best_value[1] / max(problem.blocks, 1)
        self.loosest = self.ragged * max(map(len, problem.neighbours), default=0)

    def _value(self, school: Ints) -> tuple[float, float]:
        cells = np.arange(self.problem.blocks) * self.width + school
        return round(float(self.problem.excess(school).sum()), 6), float(np.asarray(self.weight)[cells].sum())

    def reprice(self, prices: Floats) -> None:
        """Let every pupil pay for the seat as well, seconds a pupil, float64 [school]; the best is kept."""
        weighted = self.weighing * (self.problem.allowed_cost + prices)
        self.weight = np.ascontiguousarray(weighted).ravel().data
        self.best_value = self._value(self.best)
        self.excess, self.cost = self._value(np.where(self.stranded, self.fixed, self.state.zone))

    @property
    def best(self) -> Ints:
        """School of each block in the best plan so far, int32 [block]."""
        return np.where(self.fixed >= 0, self.fixed, self.kept).astype(np.int32)

    def reaches(self, bound: float) -> bool:
        """Return whether the best plan fits and costs no more than a bound."""
        if self.best_value[0] > _OVER or self.best_value[1] > 1.01 * bound + _OVER:
            return False
        return bool(self.problem.cost_of(self.best) <= bound * (1 + _PROVED))

    def new_round(self) -> None:
        """Go on from the best plan; weigh pupils over capacity more while the search ends over it, else less.

        Ending now above, now below the capacities is what crosses the ridges between plans that fit.
        """
        if self.rounds % _RETURN == 0:
            self.state = ZoneState(self.problem, self.best, self.stranded)
            self.excess, self.cost = self.best_value
        elif self.excess > _OVER:
            self.strictness *= _STEP
        else:
            self.strictness /= _STEP
        self.rounds += 1

    def run(self, random: np.random.Generator, *, count: int, share: float) -> None:
        """Draw a chunk of moves and try the first of them, at a share (0-1) of the way through a round."""
        # Always a full draw, so that a shorter run reads the same numbers.
        picks = random.integers(len(self.owner), size=CHUNK)[:count].tolist()
        heat = self.scale * _HOT * (_COLD / _HOT) ** share
        self.penalty = self.strictness * _LAX * (_STRICT / _LAX) ** share
        bars = (-heat * np.log1p(-random.random(CHUNK))).tolist()
        self._propose(picks, bars, random.integers(1 << 30, size=CHUNK).tolist())

    def _propose(self, picks: list[int], bars: list[float], luck: list[int]) -> None:
        """Try one move for each arc drawn; a change for the worse passes below its bar."""
        state, weight, width = self.state, self.weight, self.width
        zone = state.zone
        for pick, bar, number in zip(picks, bars, luck, strict=False):
            block, target = self.owner[pick], self.target[pick]
            goal = zone[target] if target >= 0 else -1 - target
            start = zone[block]
            if goal == start or goal < 0 or start < 0:
                continue
            change: float = weight[block * width + goal] - weight[block * width + start]
            change += self.ragged * state.cut_change(block, goal)
            pupils = state.demand[block]
            fuller = state.excess_change(goal, pupils)
            excess = fuller + state.excess_change(start, -pupils)
            if change + self.penalty * excess <= bar:
                if state.can_leave(block):
                    state.move(block, goal)
                    self._keep(change, excess)
            elif fuller > 0 and change <= bar + self.penalty * pupils:
                self._double(block, goal, change, bar, number)

    def _keep(self, change: float, excess: float) -> None:
        """Book a move, and the plan if it is the best so far."""
        self.cost += change
        self.excess += excess
        better = (round(self.excess, 6), self.cost)
        if better < (self.best_value[0], self.best_value[1] - 1e-9):
            self.best_value = better
            self.kept = self.state.zone.copy()

    def _double(self, block: int, goal: int, change: float, bar: float, luck: int) -> None:
        """Make room: the goal takes the block and gives one of its own to a third zone, or back."""
        state, members = self.state, self.state.members[goal]
        start = state.zone[block]
        before = state.excess_change
        pupils = state.demand[block]
        for step in range(min(_TRIES, len(members))):
            other = members[(luck + step * 7919) % len(members)]
            third = self._neighbour_zone(other, goal, luck + step)
            if third < 0:
                continue
            moved = state.demand[other]
            swap = third == start
            excess = before(goal, pupils - moved)
            excess += before(start, moved - pupils) if swap else before(start, -pupils) + before(third, moved)
            total = change + self.weight[other * self.width + third] - self.weight[other * self.width + goal]
            room = bar - total - self.penalty * excess
            cut = self._both(block, goal, other, third, room) if room >= -self.loosest else None
            if cut is not None:
                self._keep(total + cut, excess)
                return

    def _neighbour_zone(self, block: int, number: int, luck: int) -> int:
        """Return the zone of some neighbour other than the block's own, -1 where there is none."""
        zone, neighbours = self.state.zone, self.state.neighbours[block]
        for step in range(len(neighbours)):
            found = zone[neighbours[(luck + step) % len(neighbours)]]
            if found not in (number, -1) and self.weight[block * self.width + found] < np.inf:
                return found
        return -1

    def _both(self, block: int, goal: int, other: int, third: int, room: float) -> float | None:
        """Do two moves if every zone stays in one piece, and return what the second's border costs.

        Both are undone, and None returned, where a zone breaks or the border costs more than the room.
        """
        state = self.state
        start = state.zone[block]
        if not state.can_leave(block):
            return None
        state.move(block, goal)
        cut = self.ragged * state.cut_change(other, third)
        if cut <= room and state.touches(other, third) and state.can_leave(other):
            state.move(other, third)
            if state.touches(block, goal):
                return cut
            state.move(other, goal)
        state.move(block, start)
        return None


def _arcs(problem: ZoneProblem) -> tuple[list[int], list[int]]:
    """Return who may move where: to the zone of a neighbour, or (coded -1 - school) to a school next door.

    The second kind lets a school whose own block belongs to another one begin a zone.
    """
    owner = np.repeat(np.arange(problem.blocks), np.diff(problem.indptr)).tolist()
    target = problem.indices.tolist()
    for number, home in enumerate(problem.home.tolist()):
        if problem.allowed[home].sum() > 1:
            around = [home, *problem.neighbours[home]]
            owner += around
            target += [-1 - number] * len(around)
    return owner, target


def _typical_change(weighted: Floats) -> float:
    """Return the median change of cost, pupil-seconds, when a block goes to its second cheapest school."""
    if weighted.shape[1] < 2:
        return 1.0
    two = np.partition(weighted, 1, axis=1)[:, :2]
    gap = (two[:, 1] - two[:, 0])[np.isfinite(two).all(axis=1)]
    return float(np.median(gap[gap > 0])) if (gap > 0).any() else 1.0
