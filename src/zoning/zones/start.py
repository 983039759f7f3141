"""Where the search begins: prices of the limits, separator cuts, and a first plan in one piece."""

from collections import deque
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from zoning.zones.assign import assign_blocks
from zoning.zones.certificate import lower_bound
from zoning.zones.contiguity import regrow_zones
from zoning.zones.multipliers import Cut, Multipliers
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.reachable import Reachable
from zoning.zones.relax import Relaxed, relax
from zoning.zones.separate import Separator

__all__ = ["first_multipliers", "first_plan", "relax_with_cuts"]

_CUT_ROUNDS = 15
_OPENINGS = 3
_CELLS = 400_000
_NEAREST = 12


def first_multipliers(problem: ZoneProblem, closed: ZoneProblem, reach: Reachable) -> Multipliers:
    """Return prices of the limits: from the flow where seats are the only rule, else from the relaxation.

    Parameters
    ----------
    problem
        The problem.
    closed
        The same, cells that no plan in one piece can use closed.
    reach
        Its reachable cells.
    """
    hard = problem.rows.hard
    flow = Multipliers.of_seats(problem, _seat_prices(problem, closed))
    if hard.all() and len(hard) == 1:
        return flow
    cells = _cheapest(closed, flow)
    if cells.sum() > _CELLS:
        return flow
    relaxed = relax(closed, cells)
    if relaxed is None:
        return flow
    return max((flow, relaxed.multipliers), key=lambda found: lower_bound(problem, found, reach))


def first_plan(problem: ZoneProblem, reach: Reachable, multipliers: Multipliers) -> tuple[Ints, bool]:
    """Return the better of two plans in one piece: each block's cheapest school, seats priced, and today's.

    Parameters
    ----------
    problem
        The problem.
    reach
        Its reachable cells.
    multipliers
        Prices of the limits.

    Returns
    -------
    school
        int32 [block].
    loose
        Whether some block is walled in, so that its zone is not in one piece.
    """
    loads = problem.rows.weight.T @ multipliers.prices
    priced = np.where(problem.allowed, problem.demand[:, None] * problem.cost + loads, np.inf)
    cheapest = priced.argmin(axis=1).astype(np.int32)
    starts = [cheapest]
    kept = np.maximum(problem.current, 0)
    keeps = (problem.current >= 0) & problem.allowed[np.arange(problem.blocks), kept]
    if keeps.any():
        starts.append(np.where(keeps, problem.current, cheapest).astype(np.int32))
    if not problem.contiguous:
        grown = [(start, np.zeros(problem.blocks, dtype=np.bool_)) for start in starts]
    else:
        grown = [_in_one_piece(problem, reach, start, multipliers.prices[0]) for start in starts]
    worth = [
        (
            int(lost.sum()),
            round(float(problem.breach(school)[problem.rows.hard].sum()), 6),
            problem.cost_of(school),
        )
        for school, lost in grown
    ]
    school, lost = grown[worth.index(min(worth))]
    return school, bool((lost & ~reach.stranded).any())


def _in_one_piece(
    problem: ZoneProblem, reach: Reachable, school: Ints, prices: Floats
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return a plan in one piece, and the blocks that stay detached.

    Where growing zones from their schools walls a block in, a way is opened for it through other zones.
    """
    grown, lost = regrow_zones(problem, school, prices)
    for _ in range(_OPENINGS):
        walled = np.flatnonzero(lost & ~reach.stranded)
        if not len(walled):
            break
        for block in walled.tolist():
            for number in np.argsort(problem.allowed_cost[block], kind="stable").tolist():
                way = _way(problem, block, number) if reach.open[block, number] else []
                if way:
                    grown[way] = number
                    break
        grown, lost = regrow_zones(problem, grown, prices)
    return grown, lost


def _way(problem: ZoneProblem, block: int, school: int) -> list[int]:
    """Return the blocks of a shortest way to a school's block over blocks that may belong to it."""
    home, before = int(problem.home[school]), {block: block}
    queue = deque([block])
    while queue:
        here = queue.popleft()
        if here == home or home in problem.neighbours[here]:
            way = [here]
            while before[here] != here:
                here = before[here]
                way.append(here)
            return way
        for other in problem.neighbours[here]:
            if other not in before and problem.allowed[other, school]:
                before[other] = here
                queue.append(other)
    return []


def relax_with_cuts(problem: ZoneProblem, reach: Reachable) -> Iterator[Relaxed]:
    """Yield optima of the relaxation with more and more separator cuts.

    Parameters
    ----------
    problem
        The problem; small enough for every cell to be a variable.
    reach
        Its reachable cells.
    """
    separator = Separator(problem, reach)
    cuts: tuple[Cut, ...] = ()
    known: set[tuple[int, int, bytes]] = set()
    for _ in range(_CUT_ROUNDS):
        relaxed = relax(problem, problem.allowed, cuts)
        if relaxed is None:
            return
        yield relaxed
        fresh = [
            cut
            for school in range(problem.schools)
            for cut in separator.broken(school, relaxed.share[:, school])
            if (cut.school, cut.block, cut.separator.tobytes()) not in known
        ]
        if not fresh:
            return
        known |= {(cut.school, cut.block, cut.separator.tobytes()) for cut in fresh}
        cuts = (*cuts, *fresh)


def _seat_prices(problem: ZoneProblem, closed: ZoneProblem) -> Floats:
    """Return prices of the seats, seconds a pupil, float64 [school]; 0 where pupils are left without one."""
    if problem.rows.hard[0]:
        for posed in (closed, problem):
            flow = assign_blocks(posed)
            if not flow.short.any():
                return flow.prices
    return np.zeros(problem.schools)


def _cheapest(problem: ZoneProblem, multipliers: Multipliers) -> npt.NDArray[np.bool_]:
    """Return the cells of the cheapest schools of each block, seats priced, bool [block, school]."""
    if problem.schools <= _NEAREST:
        return problem.allowed
    priced = problem.allowed_cost + multipliers.prices[0]
    best = np.argpartition(priced, _NEAREST - 1, axis=1)[:, :_NEAREST]
    cells = np.zeros_like(problem.allowed)
    np.put_along_axis(cells, best, True, axis=1)
    return np.asarray(cells & problem.allowed)
