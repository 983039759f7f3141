"""Separator cuts that a fractional plan breaks, found by minimum vertex cuts."""

from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from zoning.zones.certificate import together
from zoning.zones.multipliers import Cut
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.reachable import Reachable

__all__ = ["Separator"]

_STEPS = 1_000_000
_ENDLESS = 2**30
_BROKEN = 1e-3
_HELD = 1e-5


class Separator:
    """Finds the cuts that fractional zones break; remembers what each block can share a zone with.

    Parameters
    ----------
    problem
        The problem.
    reach
        Its reachable cells.
    """

    def __init__(self, problem: ZoneProblem, reach: Reachable) -> None:
        self._problem, self._reach = problem, reach
        self._together: dict[tuple[int, int], Ints] = {}

    def broken(self, school: int, share: Floats) -> list[Cut]:
        """Return the most broken cut of every block of a fractional zone, multipliers 0.

        Parameters
        ----------
        school
            Position of the school.
        share
            Share of each block that belongs to it, float64 [block].
        """
        problem = self._problem
        home = int(problem.home[school])
        beside = {home, *problem.neighbours[home]}
        held = np.flatnonzero((share > _HELD) & ~self._reach.stranded).tolist()
        width = self._widths(home, share)
        # One way that is wide enough all along carries the block's share: no cut to look for.
        narrow = [v for v in held if v not in beside and width.get(v, 0.0) < share[v] - _BROKEN]
        found = [self._cut(block, school, share) for block in narrow]
        return [cut for cut in found if cut is not None]

    def _widths(self, home: int, share: Floats) -> dict[int, float]:
        """Return how wide the widest way from a school's block to each block is at its narrowest."""
        width: dict[int, float] = {}
        heap = [(-np.inf, home)]
        while heap:
            wide, here = heappop(heap)
            if here in width:
                continue
            width[here] = -wide
            through = width[here] if here == home else min(width[here], float(share[here]))
            if through > _HELD:
                for other in self._problem.neighbours[here]:
                    if other not in width:
                        heappush(heap, (-through, other))
        return width

    def _cut(self, block: int, school: int, share: Floats) -> Cut | None:
        """Return the cheapest separator of a block and its school, if the block's share exceeds it."""
        home = int(self._problem.home[school])
        nodes = self._nodes(block, school)
        network = self._network(nodes, share, ends=(block, home))
        source = 2 * int(np.searchsorted(nodes, block)) + 1
        sink = 2 * int(np.searchsorted(nodes, home))
        flow = maximum_flow(network, source, sink)
        if flow.flow_value / _STEPS >= share[block] - _BROKEN:
            return None
        left = csr_array(network - flow.flow)
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        reached = np.zeros(2 * len(nodes), dtype=np.bool_)
        reached[breadth_first_order(left.T.tocsr(), sink, return_predecessors=False)] = True
        return Cut(block, school, nodes[reached[1::2] & ~reached[::2]].astype(np.int32), 0.0)

    def _nodes(self, block: int, school: int) -> Ints:
        """Return the blocks on ways between a block and its school's block, both included."""
        key = (block, school)
        if key not in self._together:
            inside = together(self._problem, self._reach, block, school)
            inside[[block, int(self._problem.home[school])]] = True
            self._together[key] = np.flatnonzero(inside).astype(np.int32)
        return self._together[key]

    def _network(self, nodes: Ints, share: Floats, *, ends: tuple[int, int]) -> csr_array:
        """Return the network whose minimum cut is a separator: each block an arc as wide as its share."""
        problem, count = self._problem, len(nodes)
        place = np.full(problem.blocks, -1)
        place[nodes] = np.arange(count)
        width = np.diff(problem.indptr)[nodes]
        tail = np.repeat(np.arange(count), width)
        head = place[np.concatenate([problem.neighbours[node] for node in nodes.tolist()])]
        inside = head >= 0
        wide: npt.NDArray[np.int64] = np.rint(share[nodes] * _STEPS).astype(np.int64) + 1
        wide[np.isin(nodes, ends)] = _ENDLESS
        every = np.arange(count)
        rows = np.concatenate([2 * every, 2 * tail[inside] + 1])
        columns = np.concatenate([2 * every + 1, 2 * head[inside]])
        limit = np.concatenate([wide, np.full(int(inside.sum()), _ENDLESS)]).astype(np.int32)
        return csr_array((limit, (rows, columns)), shape=(2 * count, 2 * count))
