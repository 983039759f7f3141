"""A lower bound that anyone can check in one pass, without a solver."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.proposal import Certificate, SeparatorCut
from zoning.zones.kernels.ways import lightest_ways
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, Ints, ZoneProblem
from zoning.zones.reachable import Reachable, reachable_cells

__all__ = ["Cut", "Multipliers", "cut_holds", "lower_bound"]

_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class Cut:
    """A separator cut: a block belongs to a school only if some block of the separator does.

    Parameters
    ----------
    block, school
        Positions of the block and the school.
    separator
        Blocks without which no way leads from the block to the school's block, int32.
    multiplier
        What the cut is worth in the bound, pupil-seconds, at least 0.
    """

    block: int
    school: int
    separator: Ints = field(repr=False)
    multiplier: float


@dataclass(frozen=True, eq=False)
class Multipliers:
    """What a bound is evaluated from: a price for every load limit and every cut.

    Parameters
    ----------
    prices
        Seconds a unit of load, float64 [row, school]: above 0 for the upper limit, below 0 for the lower one.
    cuts
        Separator cuts with their multipliers.
    """

    prices: Floats = field(repr=False)
    cuts: tuple[Cut, ...] = field(default=(), repr=False)

    @classmethod
    def of_seats(cls, problem: ZoneProblem, prices: Floats) -> "Multipliers":
        """Return multipliers with a price of a seat at each school, float64 [school], and no others."""
        every = np.zeros((len(problem.rows.names), problem.schools))
        every[0] = prices
        return cls(every)

    def named(
        self, problem: ZoneProblem, block_ids: tuple[str, ...], school_ids: tuple[str, ...]
    ) -> Certificate:
        """Return the same with the names of rules, blocks and schools, as it is stored with a plan."""
        rules = problem.rows.names
        cells = zip(*(axis.tolist() for axis in np.nonzero(self.prices)), strict=True)
        return Certificate(
            tuple((rules[row], school_ids[k], float(self.prices[row, k])) for row, k in cells),
            tuple(
                SeparatorCut(
                    block_ids[cut.block],
                    school_ids[cut.school],
                    tuple(block_ids[block] for block in cut.separator.tolist()),
                    cut.multiplier,
                )
                for cut in self.cuts
            ),
        )

    @classmethod
    def of_names(
        cls,
        certificate: Certificate,
        problem: ZoneProblem,
        block_ids: tuple[str, ...],
        school_ids: tuple[str, ...],
    ) -> "Multipliers":
        """Return the multipliers that a stored certificate names.

        Raises
        ------
        KeyError
            When it names a rule, block or school that the problem has not.
        """
        row = {name: number for number, name in enumerate(problem.rows.names)}
        column = {name: number for number, name in enumerate(school_ids)}
        block = {name: number for number, name in enumerate(block_ids)}
        prices = np.zeros((len(row), len(column)))
        for rule, school, price in certificate.prices:
            prices[row[rule], column[school]] = price
        cuts = tuple(
            Cut(
                block[cut.block_id],
                column[cut.school_id],
                np.array([block[name] for name in cut.separator], dtype=np.int32),
                cut.multiplier,
            )
            for cut in certificate.cuts
        )
        return cls(prices, cuts)


def lower_bound(problem: ZoneProblem, multipliers: Multipliers, reach: Reachable | None = None) -> float:
    """Return what no plan that keeps the rules costs less than, pupil-seconds.

    For any prices λ of the load limits b and any multipliers μ >= 0 of valid cuts,

        L = Σ_i min_k (p_i c_ik + Σ_r λ_rk a_ri + Σ_cuts ± μ) − Σ_rk λ_rk b_rk

    is a lower bound: a plan pays at least the cheapest school of each block, and gives back at most the price
    of the limits. A price above 0 belongs to an upper limit, one below 0 to a lower limit; that of a soft
    rule is cut to what breaking it costs. A cut x_vk <= Σ_S x_uk adds μ to the cell (v, k) and takes it from
    the cells (u, k). All schools that a block can belong to count, not only the nearest.

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
    free = priced = 0.0
    change = _changes(multipliers.cuts)
    for start in range(0, problem.blocks, _ROWS):
        rows = slice(start, start + _ROWS)
        cost = np.where(reach.open[rows], problem.demand[rows, None] * problem.cost[rows], np.inf)
        free += _least(cost)
        cost += problem.rows.weight[:, rows].T @ prices
        inside = (change[0] >= start) & (change[0] < start + _ROWS)
        np.add.at(cost, (change[0][inside] - start, change[1][inside]), change[2][inside])
        priced += _least(cost)
    # Prices of 0 give a bound too: the nearest school for everybody.
    return max(free, priced - float((prices * limits).sum()))


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


def together(problem: ZoneProblem, reach: Reachable, block: int, school: int) -> npt.NDArray[np.bool_]:
    """Return the blocks that a zone can hold on a way between a block and its school, bool [block]."""
    passable = problem.allowed[:, school] & ~reach.stranded
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
    limits = np.where(prices > 0, rows.upper, np.where(prices < 0, rows.lower, 0.0))
    if not np.isfinite(limits).all():
        raise ValueError("a price stands on a limit that does not exist")
    return prices, limits


def _changes(cuts: tuple[Cut, ...]) -> tuple[Ints, Ints, Floats]:
    """Return blocks, schools and changes of the cells that the cuts change."""
    sizes = [len(cut.separator) for cut in cuts]
    school = np.array([cut.school for cut in cuts], dtype=np.int32)
    worth = np.array([cut.multiplier for cut in cuts], dtype=np.float64)
    block = np.array([cut.block for cut in cuts], dtype=np.int32)
    spread = np.concatenate([np.empty(0, dtype=np.int32), *(cut.separator for cut in cuts)])
    return (
        np.concatenate([block, spread]).astype(np.int32),
        np.concatenate([school, np.repeat(school, sizes)]).astype(np.int32),
        np.concatenate([worth, -np.repeat(worth, sizes)]),
    )
