"""A lower bound that anyone can check in one pass, without a solver."""

import numpy as np
import numpy.typing as npt

from zoning.zones.kernels.ways import lightest_ways
from zoning.zones.multipliers import Cut, Multipliers, cut_changes
from zoning.zones.pricing import can_price_zones, candidates_of, price_zone
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, ZoneProblem
from zoning.zones.reachable import Reachable, reachable_cells

__all__ = ["BRANCHES", "cut_holds", "lower_bound", "together", "zone_bound"]

_ROWS = 20_000
BRANCHES = 200_000
"""Branches that the search for the cheapest zone of a school may take."""


def lower_bound(problem: ZoneProblem, multipliers: Multipliers, reach: Reachable | None = None) -> float:
    """Return what no plan that keeps the rules costs less than, pupil-seconds.

    For any prices λ of the load limits b and any multipliers μ >= 0 of valid cuts,

        L = Σ_i min_k (p_i c_ik + Σ_r λ_rk a_ri + Σ_cuts ± μ) − Σ_rk λ_rk b_rk

    is a lower bound: a plan pays at least the cheapest school of each block, and gives back at most the price
    of the limits. A price above 0 belongs to an upper limit, one below 0 to a lower limit; that of a soft
    rule is cut to what breaking it costs. A cut x_vk <= Σ_S x_uk adds μ to the cell (v, k) and takes it from
    the cells (u, k). All schools that a block can belong to count, not only the nearest. (A load may pass a
    limit by ``OVERLOAD_TOLERANCE`` and still count as held; the bound is that of plans that do not.)

    With block prices u there is a second bound, and the larger counts: a plan is one zone a school, so it
    costs at least Σ_i u_i + Σ_k min over zones z of Σ_{i in z} (p_i c_ik − u_i). The cheapest zone within the
    seats and in one piece is found by branch and bound (:mod:`zoning.zones.kernels.price`), at most
    ``BRANCHES`` branches a school; where they do not suffice, what is left open bounds it.

    Parameters
    ----------
    problem
        The problem. Whole blocks are relaxed; contiguity counts as far as cuts and closed cells say it.
    multipliers
        Prices and cuts.
    reach
        What :func:`~zoning.zones.reachable.reachable_cells` returns, where it is known already.

    Raises
    ------
    ValueError
        When a price is missing or not finite, a priced limit does not exist, or a cut does not hold.

    References
    ----------
    Lagrangian relaxation (Geoffrion 1974); separator inequalities of connected subgraphs (Wang, Buchanan and
    Butenko 2017).

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [1, 4], [2, 5]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> lower_bound(three, Multipliers.of_seats(three, np.array([3.0, 0.0])))
    6.0
    """
    reach = reachable_cells(problem) if reach is None else reach
    prices, limits = _priced_limits(problem, multipliers.prices)
    for cut in multipliers.cuts:
        if not (np.isfinite(cut.multiplier) and cut.multiplier >= 0 and cut_holds(problem, reach, cut)):
            raise ValueError(f"the cut of block {cut.block} and school {cut.school} does not hold")
    change = cut_changes(multipliers.cuts, problem.cost.shape)
    free = priced = 0.0
    for start in range(0, problem.blocks, _ROWS):
        rows = slice(start, start + _ROWS)
        cost = np.where(reach.open[rows], problem.demand[rows, None] * problem.cost[rows], np.inf)
        free += _least(cost)
        cost += problem.rows.weight[:, rows].T @ prices
        priced += _least(cost if change is None else cost + change[rows])
    # Prices of 0 give a bound too: the nearest school for everybody.
    best = max(free, priced - float((prices * limits).sum()))
    if not len(multipliers.blocks):
        return best
    return max(best, zone_bound(problem, reach, multipliers.blocks, prices, change))


def zone_bound(
    problem: ZoneProblem, reach: Reachable, blocks: Floats, prices: Floats, change: Floats | None
) -> float:
    """Return the bound that block prices prove, pupil-seconds; minus infinity where zones cannot be priced.

    Parameters
    ----------
    problem
        The problem.
    reach
        Its reachable cells.
    blocks
        Price of each block, pupil-seconds, float64 [block].
    prices
        Prices of the limits, float64 [row, school]; those of the seats (row 0) play no part.
    change
        What the cuts' multipliers add to each cell, float64 [block, school], None for no cuts; they only
        speed up the search.

    Raises
    ------
    ValueError
        When a block has no finite price.
    """
    if len(blocks) != problem.blocks or not np.isfinite(blocks).all():
        raise ValueError("a bound by zones needs one finite price for every block")
    if not can_price_zones(problem):
        return -np.inf
    others, weight = prices[1:], problem.rows.weight[1:]
    limits = problem.rows.priced_limits(prices)[1:]
    total = float(blocks.sum()) - float((others * limits).sum())
    none = np.zeros(problem.blocks)
    for school in range(problem.schools):
        reduced = problem.demand * problem.cost[:, school] + others[:, school] @ weight - blocks
        found = candidates_of(problem, reach, school)
        total += price_zone(found, reduced, none if change is None else change[:, school], BRANCHES).bound
    return total


def cut_holds(problem: ZoneProblem, reach: Reachable, cut: Cut) -> bool:
    """Return whether no zone of a plan joins a cut's block to its school's block around the separator.

    Breadth-first from the block, over blocks that a zone could hold together with it.

    Parameters
    ----------
    problem
        The problem.
    reach
        Its reachable cells.
    cut
        The cut.
    """
    if not _is_inside(problem, cut):
        return False
    home, school = int(problem.home[cut.school]), cut.school
    if not problem.contiguous or reach.stranded[cut.block] or home in cut.separator or home == cut.block:
        return False
    passable = together(problem, reach, cut.block, school)
    passable[cut.separator] = False
    passable[home] = True
    found = np.full(problem.blocks, np.inf)
    start = np.array([cut.block], dtype=np.int32)
    none = np.zeros(problem.blocks)
    lightest_ways(problem.indptr, problem.indices, none, start, np.zeros(1), passable, 0.0, found)
    return not np.isfinite(found[home])


def _is_inside(problem: ZoneProblem, cut: Cut) -> bool:
    """Return whether a cut names blocks and a school of the problem."""
    blocks = np.append(cut.separator, cut.block)
    known = (blocks >= 0).all() and (blocks < problem.blocks).all()
    return bool(known and 0 <= cut.school < problem.schools)


def together(problem: ZoneProblem, reach: Reachable, block: int, school: int) -> npt.NDArray[np.bool_]:
    """Return the blocks that a zone can hold on a way between a block and its school, bool [block]."""
    passable = reach.open[:, school] & ~reach.stranded
    start = np.array([block], dtype=np.int32)
    for row, weight in enumerate(reach.weights):
        limit = reach.limits[row, school] + OVERLOAD_TOLERANCE
        found = np.full(problem.blocks, np.inf)
        lightest_ways(problem.indptr, problem.indices, weight, start, weight[start], passable, limit, found)
        passable = passable & (found + reach.lightest[row, school] - weight <= limit)
    return passable


def _least(cost: Floats) -> float:
    """Return the sum of each row's least entry; a row that is closed everywhere counts nothing."""
    least = cost.min(axis=1, initial=np.inf)
    return float(least[np.isfinite(least)].sum())


def _priced_limits(problem: ZoneProblem, prices: Floats) -> tuple[Floats, Floats]:
    """Return the prices, those of soft rules at most what breaking them costs, and their limits."""
    rows = problem.rows
    if prices.shape != rows.upper.shape or not np.isfinite(prices).all():
        raise ValueError("a bound needs one finite price for every load rule and school")
    prices = np.clip(prices, -rows.price[:, None], rows.price[:, None])
    limits = rows.priced_limits(prices)
    if not np.isfinite(limits).all():
        raise ValueError("a price stands on a limit that does not exist")
    return prices, limits
