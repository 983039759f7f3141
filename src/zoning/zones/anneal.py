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

Mask = npt.NDArray[np.bool_]

_NEAREST = 10
_JOURNAL = 8
_FLOOR = 1e-3
_STEP = 0.3
_WORTH = 1e-9
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
    indptr, indices
        Neighbours in compressed rows without those of islands, through which no zone grows, int32.
    usual
        Median cost of a pupil's journey, seconds.
    """

    problem: ZoneProblem
    owner: Ints = field(repr=False)
    target: Ints = field(repr=False)
    cost: Floats = field(repr=False)
    rise: Floats = field(repr=False)
    fall: Floats = field(repr=False)
    rule: Floats = field(repr=False)
    scale: float
    indptr: Ints = field(repr=False)
    indices: Ints = field(repr=False)
    usual: float

    @classmethod
    def of(cls, problem: ZoneProblem, multipliers: Multipliers, stranded: Mask) -> "Board":
        """Return the board of a problem.

        Blocks without children weigh a little, so that they follow the nearest school all the same.

        Parameters
        ----------
        problem
            The problem.
        multipliers
            Prices of the limits.
        stranded
            Islands: blocks that no zone can reach, bool [block].
        """
        rows = problem.rows
        mean = float(problem.demand.mean()) if problem.blocks else 1.0
        weighing = np.maximum(problem.demand, _FLOOR * mean or 1.0)
        cost = np.ascontiguousarray(weighing[:, None] * problem.allowed_cost)
        owner, target = _arcs(problem, stranded)
        indptr, indices = _joined(problem, stranded)
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
            indptr=indptr,
            indices=indices,
            usual=float(np.median(problem.cost[problem.allowed])) if problem.allowed.any() else 1.0,
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
        self.zone[:] = school
        self.best[:] = school
        self._since[0] = -1
        out = rows.outside(self.ledger[:, :, LOAD])
        self.tally[0] = board.cost[np.arange(len(school)), school].sum()
        self.tally[0] += (out[~rows.hard] * rows.price[~rows.hard, None]).sum()
        self.tally[1] = (out[rows.hard] / board.rule[rows.hard, 1:]).sum()
        self.tally[2] = np.inf

    @property
    def plan(self) -> Ints:
        """School of each block in the best plan since the start, int32 [block]."""
        return self.best.copy()

    @property
    def present(self) -> Ints:
        """School of each block at present, int32 [block]."""
        return self.zone.copy()

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
            board.indptr,
            board.indices,
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
        strict = 1.5 * float(self.board.rise[0].max(initial=0.0)) + 0.5 * self.board.usual
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
            board.indptr,
            board.indices,
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


def _arcs(problem: ZoneProblem, stranded: Mask) -> tuple[Ints, Ints]:
    """Return who may move where: to the zone of a neighbour, or (coded -1 - school) to a school itself.

    The second kind lets a school begin a zone whose own block belongs to another one, and lets islands and,
    where zones need not be in one piece, every block go to its nearest schools.
    """
    alone = stranded if problem.contiguous else np.ones_like(stranded)
    owner = np.repeat(np.arange(problem.blocks), np.diff(problem.indptr))
    target = problem.indices.astype(np.int64)
    joined = ~alone[owner] & ~alone[target]
    width = min(_NEAREST, problem.schools)
    free = np.flatnonzero(alone)
    near = np.argsort(problem.allowed_cost[free], axis=1, kind="stable")[:, :width]
    begun = [
        (block, -1 - number)
        for number, home in enumerate(problem.home.tolist())
        if problem.contiguous and not (problem.allowed[home, number] and problem.allowed[home].sum() == 1)
        for block in (home, *problem.neighbours[home])
        if not alone[block]
    ]
    more = np.array(begun, dtype=np.int64).reshape(-1, 2)
    owner = np.concatenate([owner[joined], np.repeat(free, width), more[:, 0]])
    target = np.concatenate([target[joined], -1 - near.ravel(), more[:, 1]])
    moves = problem.allowed[owner].sum(axis=1) > 1
    return owner[moves].astype(np.int32), target[moves].astype(np.int32)


def _joined(problem: ZoneProblem, stranded: Mask) -> tuple[Ints, Ints]:
    """Return the neighbours in compressed rows without those of islands."""
    owner = np.repeat(np.arange(problem.blocks), np.diff(problem.indptr))
    kept = ~stranded[owner] & ~stranded[problem.indices]
    counts = np.bincount(owner[kept], minlength=problem.blocks)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), problem.indices[kept].astype(np.int32)
