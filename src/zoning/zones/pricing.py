"""Cheapest zones under block prices: the candidates of each school, and the bound that they prove."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.kernels.price import cheapest_zone
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, Ints, ZoneProblem
from zoning.zones.reachable import MOST_WEIGHED, Reachable

__all__ = ["Candidates", "Priced", "can_price_zones", "candidates_of", "price_zone"]

_BLOCKS_A_SCHOOL = 40


@dataclass(frozen=True, eq=False)
class Candidates:
    """The blocks that one school's zone can hold, as a small graph.

    Parameters
    ----------
    blocks
        Their positions, int32 [candidate]; the school's own block is left out where it always belongs to it.
    own
        The school's own block where it always belongs to it, else empty, int32.
    indptr, indices
        Neighbours among the candidates, int32.
    rooted
        Whether a candidate borders the school's block, bool [candidate].
    weight
        Pupils, float64 [candidate].
    room
        Seats left beside the own block's pupils.
    """

    blocks: Ints = field(repr=False)
    own: Ints = field(repr=False)
    indptr: Ints = field(repr=False)
    indices: Ints = field(repr=False)
    rooted: npt.NDArray[np.bool_] = field(repr=False)
    weight: Floats = field(repr=False)
    room: float


@dataclass(frozen=True, eq=False)
class Priced:
    """The cheapest zone of one school under block prices.

    Parameters
    ----------
    blocks
        Its blocks, int32.
    price, bound
        Its reduced cost and a lower bound on that of every zone, pupil-seconds; equal when the search ended.
    """

    blocks: Ints = field(repr=False)
    price: float
    bound: float

    @property
    def is_exact(self) -> bool:
        """Whether no cheaper zone exists."""
        return self.bound >= self.price - 1e-9 * max(1.0, abs(self.price))


def can_price_zones(problem: ZoneProblem) -> bool:
    """Return whether zones are small enough to be priced one by one.

    Parameters
    ----------
    problem
        The problem; its seats must be a hard rule.
    """
    few = problem.blocks <= _BLOCKS_A_SCHOOL * problem.schools
    small = problem.blocks * problem.schools <= MOST_WEIGHED
    return bool(problem.contiguous and few and small and problem.rows.hard[0])


def candidates_of(problem: ZoneProblem, reach: Reachable, school: int) -> Candidates:
    """Return the blocks that a school's zone can hold, as a small graph.

    Parameters
    ----------
    problem
        The problem.
    reach
        Its reachable cells.
    school
        Position of the school.
    """
    home = int(problem.home[school])
    owned = reach.open[home].sum() == 1 and reach.open[home, school]
    chosen = reach.open[:, school].copy()
    chosen[home] &= not owned
    blocks = np.flatnonzero(chosen).astype(np.int32)
    place = np.full(problem.blocks, -1, dtype=np.int32)
    place[blocks] = np.arange(len(blocks))
    rooted = reach.stranded[blocks] | (blocks == home)
    around = problem.indices[problem.indptr[home] : problem.indptr[home + 1]]
    rooted[place[around[place[around] >= 0]]] = True
    cuts, flat = [0], []
    for block in blocks.tolist():
        if not reach.stranded[block]:
            flat += [place[n] for n in problem.neighbours[block] if place[n] >= 0 and not reach.stranded[n]]
        cuts.append(len(flat))
    room = float(problem.capacity[school]) + OVERLOAD_TOLERANCE
    return Candidates(
        blocks,
        np.array([home] if owned else [], dtype=np.int32),
        np.array(cuts, dtype=np.int32),
        np.array(flat, dtype=np.int32),
        rooted,
        problem.demand[blocks],
        room - (float(problem.demand[home]) if owned else 0.0),
    )


def price_zone(found: Candidates, reduced: Floats, cut_change: Floats, most: int) -> Priced:
    """Return the cheapest zone of a school.

    Parameters
    ----------
    found
        The school's candidates.
    reduced
        Cost of each block at the school less the block's price, pupil-seconds, float64 [block].
    cut_change
        What the cuts' multipliers add to each block's cost, pupil-seconds, float64 [block].
    most
        Branches to look at.
    """
    price = reduced[found.blocks]
    chosen = np.zeros(len(found.blocks), dtype=np.bool_)
    best, bound, _ = cheapest_zone(
        found.indptr,
        found.indices,
        found.rooted,
        found.weight,
        price,
        price + cut_change[found.blocks],
        found.room,
        most,
        chosen,
    )
    base = float(reduced[found.own].sum())
    return Priced(np.concatenate([found.own, found.blocks[chosen]]), base + best, base + bound)
