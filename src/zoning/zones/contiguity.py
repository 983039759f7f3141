"""Zones in one piece: what is cut off from its school, and how it is given to a neighbour."""

import heapq

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Floats, Ints, ZoneProblem

__all__ = ["detached_blocks", "regrow_zones"]


def detached_blocks(problem: ZoneProblem, school: Ints) -> npt.NDArray[np.bool_]:
    """Return the blocks that do not connect to their school's block inside their zone, bool [block].

    The school's own block connects its zone even where it belongs to another school.

    Parameters
    ----------
    problem
        The problem.
    school
        School of each block, int32 [block]; -1 for none, which counts as detached.

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.ones(3), cost=np.zeros((3, 2)), allowed=np.ones((3, 2), dtype=bool),
    ...     capacity=np.array([3.0, 3]), indptr=row[0], indices=row[1], home=np.array([0, 1], dtype=np.int32))
    >>> detached_blocks(three, np.array([0, 1, 0], dtype=np.int32)).tolist()
    [False, False, True]
    """
    zone, neighbours = school.tolist(), problem.neighbours
    loose = [True] * problem.blocks
    for number, home in enumerate(problem.home.tolist()):
        stack = [home]
        seen = {home}
        while stack:
            block = stack.pop()
            if zone[block] == number:
                loose[block] = False
            for other in neighbours[block]:
                if other not in seen and zone[other] == number:
                    seen.add(other)
                    stack.append(other)
    return np.array(loose, dtype=np.bool_)


def regrow_zones(problem: ZoneProblem, school: Ints, prices: Floats) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return a plan in which detached blocks joined a neighbouring zone, and the blocks that could not.

    Blocks are given back one at a time, the one first that loses least: cost plus the price of the seat,
    over what it would pay at its cheapest school. A block that no allowed zone can reach over shared edges
    (an island, an exclave) keeps its school and is reported.

    Parameters
    ----------
    problem
        The problem.
    school
        School of each block, int32 [block].
    prices
        Price of a seat, seconds a pupil, float64 [school].

    Returns
    -------
    school
        int32 [block].
    stranded
        Blocks that stay detached, bool [block].
    """
    zone: list[int] = np.where(detached_blocks(problem, school), -1, school).tolist()
    priced = problem.allowed_cost + prices
    least = priced.min(axis=1, initial=np.inf)[:, None]
    regret = np.where(np.isfinite(priced), priced - np.where(np.isfinite(least), least, 0.0), np.inf)
    heap: list[tuple[float, int, int]] = []
    for block, number in _frontier(problem, zone):
        if problem.allowed[block, number]:
            heapq.heappush(heap, (float(regret[block, number]), block, number))
    while heap:
        _, block, number = heapq.heappop(heap)
        if zone[block] >= 0:
            continue
        zone[block] = number
        for other in problem.neighbours[block]:
            if zone[other] < 0 and problem.allowed[other, number]:
                heapq.heappush(heap, (float(regret[other, number]), other, number))
    grown = np.array(zone, dtype=np.int32)
    stranded = grown < 0
    return np.where(stranded, school, grown).astype(np.int32), stranded


def _frontier(problem: ZoneProblem, zone: list[int]) -> list[tuple[int, int]]:
    """Return every (detached block, school) where the block borders the school's zone or its own block."""
    found = [
        (block, number)
        for number, home in enumerate(problem.home.tolist())
        for block in (home, *problem.neighbours[home])
    ]
    found += [
        (block, zone[other])
        for block, number in enumerate(zone)
        if number < 0
        for other in problem.neighbours[block]
    ]
    return [(block, number) for block, number in found if zone[block] < 0 <= number]
