"""What happens when one block alone changes school: rules it breaks, blocks it cuts off, cost it saves.

Knows the problem and a plan and nothing of any search, so that a reason can be proved for every plan,
drawn by hand or found.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.kernels.articulation import border_zones, grow_trees
from zoning.zones.problem import OVERLOAD_TOLERANCE, Floats, Ints, ZoneProblem

__all__ = ["Moves", "Trees", "nearer_schools", "plant_trees", "single_moves"]

Mask = npt.NDArray[np.bool_]

_LEAST_S = 1e-6
"""Seconds a pupil that a move must save to count as cheaper."""


@dataclass(frozen=True, eq=False)
class Trees:
    """Every zone as a tree from its school's block (:func:`~zoning.zones.kernels.articulation.grow_trees`).

    Parameters
    ----------
    order, place, size, low, parent
        int32 [block]; ``place`` is -1 for a block that does not connect to its school.
    cuts
        Whether others are cut off when the block leaves its zone, bool [block].
    """

    order: Ints = field(repr=False)
    place: Ints = field(repr=False)
    size: Ints = field(repr=False)
    low: Ints = field(repr=False)
    parent: Ints = field(repr=False)
    cuts: Mask = field(repr=False)

    def cut_off(self, problem: ZoneProblem, block: int) -> Ints:
        """Return the blocks that lose their school when a block leaves its zone, int32.

        Parameters
        ----------
        problem
            The problem.
        block
            Position of the block.
        """
        around = problem.indices[problem.indptr[block] : problem.indptr[block + 1]]
        below = around[(self.parent[around] == block) & (self.low[around] >= self.place[block])]
        parts = [self.order[self.place[top] : self.place[top] + self.size[top]] for top in below.tolist()]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int32), *parts]))


@dataclass(frozen=True, eq=False)
class Moves:
    """Single moves, tested one by one against a plan that otherwise stays as it is.

    Parameters
    ----------
    block, school
        Positions of the block and of the school that it would move to, int32 [move].
    allowed
        Whether the block may attend the school, bool [move].
    fits
        Whether no hard load rule is broken further, bool [move].
    outside
        How far the load of the new school would be outside its limits, float64 [row, move]; 0 where the move
        makes it no worse.
    below
        The same for the school that the block leaves, float64 [row, move].
    borders
        Whether the block borders the zone of that school or the school stands in it, bool [move].
    cuts
        Whether other blocks would be cut off from the school it leaves, bool [move].
    joined
        Whether the zones would be in no more pieces than before; true where they need not be in one.
    saves_s
        Seconds that the objective falls a pupil of the block, penalties included and prices of soft rules
        left out, float64 [move]; NaN where the school is not allowed.
    soft_s
        What soft rules would cost more (below 0: less), seconds a pupil of the block, float64 [row, move]; 0
        for hard ones.
    """

    block: Ints = field(repr=False)
    school: Ints = field(repr=False)
    allowed: Mask = field(repr=False)
    fits: Mask = field(repr=False)
    outside: Floats = field(repr=False)
    below: Floats = field(repr=False)
    borders: Mask = field(repr=False)
    cuts: Mask = field(repr=False)
    joined: Mask = field(repr=False)
    saves_s: Floats = field(repr=False)
    soft_s: Floats = field(repr=False)

    @property
    def cheaper(self) -> Mask:
        """Whether the objective would fall, bool [move]."""
        return np.asarray(self.saves_s - self.soft_s.sum(axis=0) > _LEAST_S)

    @property
    def open(self) -> Mask:
        """Whether the move keeps every rule and lowers the objective, bool [move]: the plan can improve."""
        return self.allowed & self.fits & self.joined & self.cheaper


def nearer_schools(seconds: npt.NDArray[np.floating], school: Ints) -> tuple[Ints, Ints]:
    """Return every (block, school) that is nearer than the block's own, by block and then by time, int32.

    Parameters
    ----------
    seconds
        Travel times, seconds [block, school]; NaN where there is no way, which is never nearer.
    school
        School of each block, int32 [block]; blocks below 0 are left out.

    Examples
    --------
    >>> times = np.array([[5.0, 3, 4], [1, 2, np.nan]])
    >>> [found.tolist() for found in nearer_schools(times, np.zeros(2, dtype=np.int32))]
    [[0, 0], [1, 2]]
    """
    own = seconds[np.arange(len(school)), np.maximum(school, 0)]
    limit = np.where(school < 0, -np.inf, np.where(np.isnan(own), np.inf, own))
    block, near = np.nonzero(seconds < limit[:, None])
    order = np.lexsort((near, seconds[block, near], block))
    return block[order].astype(np.int32), near[order].astype(np.int32)


def plant_trees(problem: ZoneProblem, school: Ints) -> Trees:
    """Return the tree of every zone of a plan.

    Parameters
    ----------
    problem
        The problem.
    school
        School of each block, int32 [block]; below 0 for none.

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> line = ZoneProblem(demand=np.ones(3), cost=np.zeros((3, 1)), allowed=np.ones((3, 1), dtype=bool),
    ...     capacity=np.array([3.0]), indptr=row[0], indices=row[1], home=np.array([0], dtype=np.int32))
    >>> trees = plant_trees(line, np.zeros(3, dtype=np.int32))
    >>> trees.cuts.tolist(), trees.cut_off(line, 1).tolist()
    ([False, True, False], [2])
    """
    order, size, low = (np.zeros(problem.blocks, dtype=np.int32) for _ in range(3))
    place, parent = (np.full(problem.blocks, -1, dtype=np.int32) for _ in range(2))
    cuts = np.zeros(problem.blocks, dtype=np.bool_)
    grow_trees(problem.indptr, problem.indices, school, problem.home, order, place, size, low, parent, cuts)
    return Trees(order, place, size, low, parent, cuts)


def single_moves(problem: ZoneProblem, school: Ints, trees: Trees, block: Ints, to: Ints) -> Moves:
    """Return what each move of one block alone would do to a plan.

    A block that does not connect to its school already is asked for no border: the move makes the zones no
    worse.

    Parameters
    ----------
    problem
        The problem.
    school
        School of each block, int32 [block]; below 0 for none.
    trees
        What :func:`plant_trees` returns for it.
    block, to
        The moves, int32 [move]: a block that has a school, and another school.
    """
    outside, below = _outside(problem, school, block, to)
    rows = problem.rows
    borders = np.zeros(len(block), dtype=np.bool_)
    border_zones(problem.indptr, problem.indices, school, problem.home, trees.place, block, to, borders)
    attached = trees.place[block] >= 0
    cuts = trees.cuts[block]
    pupils = problem.demand[block]
    price = np.where(rows.hard, 0.0, rows.price)
    with np.errstate(divide="ignore", invalid="ignore"):
        soft = price[:, None] * (outside[1] + below[1]) / pupils
    own = problem.cost[block, school[block]]
    saves = np.where(pupils > 0, own - problem.cost[block, to], 0.0)
    return Moves(
        block=block,
        school=to,
        allowed=problem.allowed[block, to],
        fits=~((outside[0] > 0) | (below[0] > 0))[rows.hard].any(axis=0),
        outside=outside[0],
        below=below[0],
        borders=borders,
        cuts=cuts,
        joined=(borders | ~attached) & ~cuts if problem.contiguous else np.ones(len(block), dtype=np.bool_),
        saves_s=np.where(problem.allowed[block, to], saves, np.nan),
        soft_s=np.where(pupils > 0, np.nan_to_num(soft), 0.0),
    )


def _outside(problem: ZoneProblem, school: Ints, block: Ints, to: Ints) -> tuple[Floats, Floats]:
    """Return (how far outside after, how much further than before) for the new school and the one left.

    float64 [2, row, move] each; the first is 0 where the second is not above 0.
    """
    rows, held = problem.rows, school >= 0
    width = problem.schools
    loads = np.stack([np.bincount(school[held], weights=row[held], minlength=width) for row in rows.weight])
    weight = rows.weight[:, block]
    found = []
    for number, change in ((to, weight), (school[block], -weight)):
        upper, lower = rows.upper[:, number], rows.lower[:, number]
        load = loads[:, number]
        before, after = (
            np.maximum(one - upper, 0.0) + np.maximum(lower - one, 0.0) for one in (load, load + change)
        )
        more = after - before
        more[np.abs(more) <= OVERLOAD_TOLERANCE] = 0.0
        found.append(np.stack([np.where(more > 0, after, 0.0), more]))
    return found[0], found[1]
