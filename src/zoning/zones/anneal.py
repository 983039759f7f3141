"""The search: annealed rounds over border blocks, two chains side by side, the best plan kept."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.kernels.anneal import MOST_MOVES, anneal, settle
from zoning.zones.kernels.pieces import FALL, LOAD, LOWER, RISE, UPPER
from zoning.zones.kernels.tidy import straighten
from zoning.zones.multipliers import Multipliers
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.schedule import Ends, heat_rows

__all__ = ["Board", "Chain"]

_NEAREST = 10
_JOURNAL = 8
_FLOOR = 1e-3
_STEP = 0.3
_WORTH = 1e-6
_PASSES = 30


@dataclass(frozen=True, eq=False)
class Board:
    """What does not change during a search; the names are those of :mod:`zoning.zones.kernels.pieces`.

    Parameters
    ----------
    problem
        The problem.
    owner, target
        Who may move where: into the zone of a block or, coded -1 - school, to a school next door, int32.
    cost
        Weighed cost, pupil-seconds, float64 [block, school].
    rise, fall
        Prices at the upper and the lower limits, at least 0, float64 [row, school].
    rule
        Price of a unit outside the limits and mean weight, float64 [row, 2].
    scale
        Median change of cost when a block goes to its second cheapest school, pupil-seconds.
    fixed
        School of the blocks that are not to be touched, -1 elsewhere, int32 [block].
    """

    problem: ZoneProblem
    owner: Ints = field(repr=False)
    target: Ints = field(repr=False)
    cost: Floats = field(repr=False)
    rise: Floats = field(repr=False)
    fall: Floats = field(repr=False)
    rule: Floats = field(repr=False)
    scale: float
    fixed: Ints = field(repr=False)

    @classmethod
    def of(cls, problem: ZoneProblem, multipliers: Multipliers, fixed: Ints) -> "Board":
        """Return the board of a problem.

        Blocks without children weigh a little, so that they follow the nearest school all the same.

        Parameters
        ----------
        problem
            The problem.
        multipliers
            Prices of the limits.
        fixed
            School of the blocks that are not to be touched, -1 elsewhere, int32 [block].
        """
        rows = problem.rows
        mean = float(problem.demand.mean()) if problem.blocks else 1.0
        weighing = np.maximum(problem.demand, _FLOOR * mean or 1.0)
        cost = np.ascontiguousarray(weighing[:, None] * problem.allowed_cost)
        owner, target = _arcs(problem, fixed >= 0)
        unit = np.abs(rows.weight).mean(axis=1)
        prices = np.clip(multipliers.prices, -rows.price[:, None], rows.price[:, None])
        return cls(
            problem=problem,
            owner=owner,
            target=target,
            cost=cost,
            rise=np.maximum(prices, 0.0),
            fall=np.maximum(-prices, 0.0),
            rule=np.column_stack([rows.price, np.where(unit > 0, unit, 1.0)]),
            scale=_typical_change(cost),
            fixed=fixed,
        )


class Chain:
    """One plan under search.

    Parameters
    ----------
    board
        The board.
    seed
        Seed of the chain's own generator.
    """

    def __init__(self, board: Board, seed: int) -> None:
        blocks = board.problem.blocks
        self.board = board
        self.zone = np.full(blocks, -1, dtype=np.int32)
        self.best = self.zone.copy()
        self.ledger = np.zeros((*board.problem.rows.upper.shape, 5))
        self.tally = np.array([0.0, 0.0, np.inf])
        self._journal = np.empty((2, 2 * MOST_MOVES + _JOURNAL * blocks), dtype=np.int32)
        self._since = np.array([-1], dtype=np.int64)
        self._stamp = np.zeros(blocks + 1, dtype=np.int64)
        self._queue = np.empty(blocks + 1, dtype=np.int32)
        self._part = np.empty(blocks + 1, dtype=np.int32)
        self._bits = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)

    def start_from(self, school: Ints) -> None:
        """Go on from a plan, int32 [block]; the best so far is forgotten."""
        board = self.board
        rows = board.problem.rows
        self.ledger[:, :, LOAD] = rows.loads(school)
        self.ledger[:, :, LOWER], self.ledger[:, :, UPPER] = rows.lower, rows.upper
        self.ledger[:, :, RISE], self.ledger[:, :, FALL] = board.rise, board.fall
        self.zone[:] = np.where(board.fixed >= 0, -1, school)
        self.best[:] = self.zone
        self._since[0] = -1
        loads = self.ledger[:, :, LOAD]
        out = np.maximum(loads - rows.upper, 0.0) + np.maximum(rows.lower - loads, 0.0)
        held = np.flatnonzero(board.fixed < 0)
        self.tally[0] = board.cost[held, school[held]].sum()
        self.tally[0] += (out[~rows.hard] * rows.price[~rows.hard, None]).sum()
        self.tally[1] = (out[rows.hard] / board.rule[rows.hard, 1:]).sum()
        self.tally[2] = np.inf

    @property
    def plan(self) -> Ints:
        """School of each block in the best plan since the start, int32 [block]."""
        return np.where(self.board.fixed >= 0, self.board.fixed, self.best).astype(np.int32)

    @property
    def present(self) -> Ints:
        """School of each block at present, int32 [block]."""
        return np.where(self.board.fixed >= 0, self.board.fixed, self.zone).astype(np.int32)

    def run(self, ends: Ends, steps: int) -> None:
        """Anneal from one heat to another.

        Parameters
        ----------
        ends
            Heat at the start and at the end, in units of the board's scale.
        steps
            Moves to propose.
        """
        board, problem = self.board, self.board.problem
        anneal(
            self.zone,
            problem.home.astype(np.int32),
            problem.indptr,
            problem.indices,
            board.owner,
            board.target,
            problem.contiguous,
            board.cost,
            problem.rows.weight,
            self.ledger,
            board.rule,
            self.tally,
            self._journal,
            self._since,
            self.best,
            self._stamp,
            self._queue,
            self._part,
            self._bits,
            heat_rows(ends, board.scale),
            steps if len(board.owner) else 0,
        )
        settle(self.zone, self.best, self._journal, self._since, 0)

    def reprice(self) -> None:
        """Raise the prices of limits that are broken and lower those that are not (a subgradient step).

        References
        ----------
        Subgradient steps on the prices of capacities (Held, Wolfe and Crowder 1974).
        """
        problem, unit = self.board.problem, self.board.rule[:, 1:]
        usual = float(np.median(problem.cost[problem.allowed])) if problem.allowed.any() else 1.0
        strict = 1.5 * float(self.board.rise[0].max(initial=0.0)) + 0.5 * usual
        step = _STEP * strict * unit[0] / unit / (unit * problem.blocks / problem.schools)
        loads = self.ledger[:, :, LOAD]
        outs = ((RISE, loads - self.ledger[:, :, UPPER]), (FALL, self.ledger[:, :, LOWER] - loads))
        for price, out in outs:
            moved = self.ledger[:, :, price] + step * np.where(np.isfinite(out), out, 0.0)
            if price == RISE:
                # Every pupil pays for a seat, so that only differences between the schools matter.
                moved[0] -= moved[0].min()
            self.ledger[:, :, price] = np.maximum(moved, 0.0)

    def straighten(self) -> None:
        """Give border blocks to the zone of more of their neighbours where that costs next to nothing."""
        board, problem = self.board, self.board.problem
        if not problem.contiguous:
            return
        straighten(
            self.zone,
            problem.home.astype(np.int32),
            problem.indptr,
            problem.indices,
            board.cost,
            problem.rows.weight,
            self.ledger,
            board.rule,
            self.tally,
            self._stamp,
            self._queue,
            _WORTH * float(self.tally[0]) / max(problem.blocks, 1),
            _PASSES,
        )


def _typical_change(cost: Floats) -> float:
    """Return the median change of cost, pupil-seconds, when a block goes to its second cheapest school."""
    if cost.shape[1] < 2:
        return 1.0
    two = np.partition(cost, 1, axis=1)[:, :2]
    gap = (two[:, 1] - two[:, 0])[np.isfinite(two).all(axis=1)]
    return float(np.median(gap[gap > 0])) if (gap > 0).any() else 1.0


def _arcs(problem: ZoneProblem, stranded: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return who may move where: to the zone of a neighbour, or (coded -1 - school) to a school next door.

    The second kind lets a school whose own block belongs to another one begin a zone. Where zones need not be
    in one piece, every block may go to its nearest schools.
    """
    owner = np.repeat(np.arange(problem.blocks), np.diff(problem.indptr))
    target = problem.indices.astype(np.int64)
    extra: list[tuple[int, int]] = []
    if not problem.contiguous:
        width = min(_NEAREST, problem.schools)
        near = np.argsort(problem.allowed_cost, axis=1, kind="stable")[:, :width]
        owner, target = np.repeat(np.arange(problem.blocks), width), -1 - near.ravel()
    else:
        for number, home in enumerate(problem.home.tolist()):
            if problem.allowed[home].sum() > 1:
                extra += [(block, -1 - number) for block in (home, *problem.neighbours[home])]
    more = np.array(extra, dtype=np.int64).reshape(-1, 2)
    owner, target = np.concatenate([owner, more[:, 0]]), np.concatenate([target, more[:, 1]])
    free = ~stranded[owner] & (problem.allowed[owner].sum(axis=1) > 1)
    return owner[free].astype(np.int32), target[free].astype(np.int32)
