"""A pool of zones that were seen, and the best plan that can be put together from them."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array

from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, Ints, ZoneProblem
from zoning.zones.solver import solve_lp, solve_mip

__all__ = ["ZonePool"]

_MOST = 2_500
_LARGEST = 6_000
_NODES = 100
_GAP = 1e-6


class ZonePool:
    """Zones of single schools, each with its cost.

    A plan is one zone a school that together hold every block once (set partitioning); a mixed-integer solver
    finds the best one in the pool, which is often better than every plan that the zones came from.

    Parameters
    ----------
    problem
        The problem.
    """

    def __init__(self, problem: ZoneProblem) -> None:
        self.problem = problem
        self._cost: dict[tuple[int, bytes], float] = {}

    def __len__(self) -> int:
        return len(self._cost)

    def add_plan(self, school: Ints) -> None:
        """Add every zone of a plan that is within its limits.

        Parameters
        ----------
        school
            School of each block, int32 [block].
        """
        kept = ~self.problem.breach(school).any(axis=0)
        order = np.argsort(school, kind="stable").astype(np.int32)
        ends = np.searchsorted(school[order], np.arange(self.problem.schools + 1))
        for number in np.flatnonzero(kept).tolist():
            self.add(number, order[ends[number] : ends[number + 1]])

    def add(self, school: int, blocks: Ints) -> bool:
        """Add one zone, blocks in order; return whether it is new.

        Parameters
        ----------
        school
            Position of the school.
        blocks
            Its blocks, int32, ascending.
        """
        key = (school, blocks.tobytes())
        if key in self._cost:
            return False
        self._cost[key] = float((self.problem.demand[blocks] * self.problem.cost[blocks, school]).sum())
        return True

    def columns(self) -> tuple[Floats, Ints, csc_array]:
        """Return cost and school of every zone, and the rows that it covers: blocks, then schools."""
        cost = np.fromiter(self._cost.values(), dtype=np.float64, count=len(self))
        school = np.fromiter((number for number, _ in self._cost), dtype=np.int32, count=len(self))
        held = [np.frombuffer(blocks, dtype=np.int32) for _, blocks in self._cost]
        column = np.repeat(np.arange(len(self)), [len(blocks) for blocks in held])
        rows = np.concatenate([*held, self.problem.blocks + school])
        places = np.concatenate([column, np.arange(len(self))])
        shape = (self.problem.blocks + self.problem.schools, len(self))
        return cost, school, coo_array((np.ones(len(rows)), (rows, places)), shape=shape).tocsc()

    def _kept(self, school: Ints, covers: csc_array) -> npt.NDArray[np.bool_]:
        """Return the zones that are within all limits: those priced for the bound know of the seats alone."""
        rows = self.problem.rows
        loads = (covers[: self.problem.blocks].T @ rows.weight.T).T
        over = loads > rows.upper[:, school] + OVERLOAD_TOLERANCE
        short = loads < rows.lower[:, school] - OVERLOAD_TOLERANCE
        return np.asarray(~(over | short).any(axis=0))

    def _keep(self, columns: npt.NDArray[np.intp]) -> None:
        """Keep some of the zones and forget the others."""
        every = list(self._cost.items())
        self._cost = dict(every[column] for column in sorted(columns.tolist()))

    def best_plan(self, below: float, seconds: float = 1e9) -> Ints | None:
        """Return the best plan in the pool that costs less than ``below``; None for none.

        Parameters
        ----------
        below
            Cost of the best plan so far, pupil-seconds; infinite before the first that keeps the rules.
        seconds
            Time left, seconds.

        Raises
        ------
        OutOfTimeError
            When the time was up.
        """
        if not len(self):
            return None
        cost, school, covers = self.columns()
        ones = np.ones(covers.shape[0])
        split = solve_lp(cost, equal=(covers, ones))
        if split is None:
            return None
        reduced = np.where(self._kept(school, covers), cost - covers.T @ split.equal, np.inf)
        if len(self) > _LARGEST:
            self._keep(np.argsort(reduced, kind="stable")[: _LARGEST // 2])
            return self.best_plan(below, seconds)
        most = below - split.value + _GAP * below if np.isfinite(below) else np.inf
        worth = np.flatnonzero((reduced < most) & np.isfinite(reduced))
        worth = worth[np.argsort(reduced[worth], kind="stable")[:_MOST]]
        chosen = solve_mip(cost[worth], (covers[:, worth], ones), nodes=_NODES, gap=_GAP, seconds=seconds)
        if chosen is None or cost[worth[chosen]].sum() >= below - OVERLOAD_TOLERANCE:
            return None
        plan = np.full(self.problem.blocks, -1, dtype=np.int32)
        for column in worth[chosen].tolist():
            rows = covers.indices[covers.indptr[column] : covers.indptr[column + 1]]
            plan[rows[rows < self.problem.blocks]] = school[column]
        return plan
