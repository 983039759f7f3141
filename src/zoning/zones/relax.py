"""The linear relaxation with all load rules and separator cuts: prices of the limits, and of the blocks."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, hstack, vstack

from zoning.zones.multipliers import Cut, Multipliers
from zoning.zones.problem import Floats, Ints, ZoneProblem
from zoning.zones.solver import solve_lp

__all__ = ["Relaxed", "relax"]


@dataclass(frozen=True, eq=False)
class Relaxed:
    """An optimum of the relaxation.

    Parameters
    ----------
    multipliers
        Prices of the limits and of the cuts.
    blocks
        Price of each block: what it pays in the optimum, pupil-seconds, float64 [block].
    share
        Share of each block at each school, float64 [block, school].
    """

    multipliers: Multipliers
    blocks: Floats = field(repr=False)
    share: Floats = field(repr=False)


def relax(problem: ZoneProblem, cells: npt.NDArray[np.bool_], cuts: tuple[Cut, ...] = ()) -> Relaxed | None:
    """Return the optimum when blocks may be split; None where the rules leave no plan even then.

    Parameters
    ----------
    problem
        The problem.
    cells
        Cells that may be used, bool [block, school].
    cuts
        Cuts to keep.
    """
    block, school = np.nonzero(cells)
    arcs = len(block)
    price = problem.demand[block] * problem.cost[block, school]
    whole = csr_array((np.ones(arcs), (block, np.arange(arcs))), shape=(problem.blocks, arcs))
    limits, most, rows, spare = _limits(problem, block, school)
    of_cuts = _cut_rows(cuts, cells, arcs)
    slack = csr_array((len(cuts), len(spare)))
    done = solve_lp(
        np.concatenate([price, spare]),
        equal=(hstack([whole, csr_array((problem.blocks, len(spare)))]).tocsr(), np.ones(problem.blocks)),
        most=(
            vstack([limits, hstack([of_cuts, slack])]).tocsr(),
            np.concatenate([most, np.zeros(len(cuts))]),
        ),
    )
    if done is None:
        return None
    worth = done.most
    prices = np.zeros(problem.rows.upper.shape)
    np.add.at(prices, (rows[0], rows[1]), rows[2] * worth[: len(most)])
    priced = tuple(
        replace(cut, multiplier=float(one)) for cut, one in zip(cuts, worth[len(most) :], strict=True)
    )
    share = np.zeros(cells.shape)
    share[block, school] = done.x[:arcs]
    kept = tuple(cut for cut in priced if cut.multiplier > 0)
    return Relaxed(Multipliers(prices, kept), done.equal, share)


def _limits(
    problem: ZoneProblem, block: npt.NDArray[np.intp], school: npt.NDArray[np.intp]
) -> tuple[csr_array, Floats, tuple[Ints, Ints, Floats], Floats]:
    """Return the rows of the load limits with a column for what is outside a soft one.

    Returns
    -------
    tuple
        Rows; right-hand sides; row, school and sign (+1 upper, -1 lower) of each; prices of the further
        columns.
    """
    rows = problem.rows
    parts: list[tuple[int, Ints, Floats]] = []
    most: list[float] = []
    of_row, of_school, signs, spare_row, spare_price = [], [], [], [], []
    for sign, limit in ((1.0, rows.upper), (-1.0, rows.lower)):
        for row, number in zip(*np.nonzero(np.isfinite(limit)), strict=True):
            at = np.flatnonzero(school == number).astype(np.int32)
            parts.append((len(most), at, sign * rows.weight[row, block[at]]))
            if np.isfinite(rows.price[row]):
                spare_row.append(len(most))
                spare_price.append(rows.price[row])
            most.append(sign * limit[row, number])
            of_row.append(row)
            of_school.append(number)
            signs.append(sign)
    lines = np.concatenate([np.full(len(at), line) for line, at, _ in parts])
    places = np.concatenate([at for _, at, _ in parts])
    values = np.concatenate([value for _, _, value in parts])
    arcs, spares = len(block), len(spare_row)
    lines = np.concatenate([lines, np.array(spare_row, dtype=lines.dtype)])
    places = np.concatenate([places, arcs + np.arange(spares)])
    values = np.concatenate([values, -np.ones(spares)])
    matrix = coo_array((values, (lines, places)), shape=(len(most), arcs + spares)).tocsr()
    named = (np.array(of_row, dtype=np.int32), np.array(of_school, dtype=np.int32), np.array(signs))
    return matrix, np.array(most), named, np.array(spare_price)


def _cut_rows(cuts: tuple[Cut, ...], cells: npt.NDArray[np.bool_], arcs: int) -> csr_array:
    """Return one row a cut: share of the block less the shares of its separator."""
    place = np.full(cells.shape, -1)
    place[cells] = np.arange(arcs)
    sizes = [len(cut.separator) for cut in cuts]
    line = np.concatenate([np.arange(len(cuts)), np.repeat(np.arange(len(cuts)), sizes)])
    school = np.array([cut.school for cut in cuts], dtype=np.int64)
    spread = [np.array([cut.block for cut in cuts], dtype=np.int32), *(cut.separator for cut in cuts)]
    at = place[np.concatenate(spread).astype(np.int64), np.concatenate([school, np.repeat(school, sizes)])]
    value = np.concatenate([np.ones(len(cuts)), -np.ones(sum(sizes))])
    inside = at >= 0
    return coo_array((value[inside], (line[inside], at[inside])), shape=(len(cuts), arcs)).tocsr()
