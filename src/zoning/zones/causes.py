"""Which rule or price speaks against each single move, by code: masks over moves, no sentence yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.evaluate import JourneyCost
from zoning.zones.moves import Mask, Moves, Trees, single_moves
from zoning.zones.options import ZoneOptions
from zoning.zones.problem import CAPACITY, Floats, Ints, ZoneProblem

__all__ = ["PRECEDENCE", "Causes", "Grounds", "find_causes", "grounds_of", "surcharges_of"]

PRECEDENCE = (
    "home",
    "locked",
    "shared",
    "feeder",
    "town",
    "closed",
    "capacity",
    "contiguity",
    "balance",
    "stability",
    "norm",
    "price",
    "border",
    "empty",
)
"""Causes from the firmest to the softest: what a rule forbids, what does not fit, what is only dearer."""

_STRAIGHTER = 1e-3
"""Share of a mean block's cost that one neighbour more in the same zone is worth."""


@dataclass(frozen=True, eq=False)
class Grounds:
    """What the options of a plan decided, beyond what the problem itself shows.

    Parameters
    ----------
    closed
        By code (``locked``, ``shared``, ``feeder``, ``town``): cells that it closes, bool [block, school].
    priced
        By code (``town``, ``feeder``): seconds a pupil that it adds to the cost, float64 [block, school].
    open_times
        Travel times as if there were no barriers, seconds [block, school]; None when not measured.
    """

    closed: Mapping[str, Mask] = field(default_factory=dict)
    priced: Mapping[str, Floats] = field(default_factory=dict)
    open_times: npt.NDArray[np.floating] | None = None


def grounds_of(
    options: ZoneOptions, block_ids: tuple[str, ...], school_ids: tuple[str, ...], school: Ints
) -> Grounds:
    """Return what the options of a plan lock and share.

    Parameters
    ----------
    options
        What was asked beyond the policy.
    block_ids, school_ids
        Names of the problem's blocks and schools.
    school
        School of each block, int32 [block].
    """
    blocks = np.isin(np.array(block_ids, dtype=object), list(options.locked_blocks))
    schools = np.isin(np.array(school_ids, dtype=object), list(options.locked_schools))
    locked = blocks[:, None] | schools[None, :] | (schools[np.maximum(school, 0)] & (school >= 0))[:, None]
    shared = np.zeros(locked.shape, dtype=np.bool_)
    for names in options.shared:
        inside = np.isin(np.array(school_ids, dtype=object), list(names))
        shared |= (inside[np.maximum(school, 0)] & (school >= 0))[:, None] & inside[None, :]
    return Grounds(closed={"locked": locked, "shared": shared})


@dataclass(frozen=True, eq=False)
class Causes:
    """The moves to nearer schools, and what speaks against each.

    Parameters
    ----------
    moves
        The moves.
    trees
        The zones as trees, for the names of the blocks that a move would cut off.
    by_code
        Whether a cause speaks against a move, bool [move], in the order of :data:`PRECEDENCE`.
    price_s
        Seconds a pupil that a priced cause adds, float64 [move], by code.
    """

    moves: Moves
    trees: Trees
    by_code: Mapping[str, Mask]
    price_s: Mapping[str, Floats]

    @property
    def none(self) -> Mask:
        """Whether nothing speaks against the move: a better plan exists, bool [move]."""
        return np.asarray(~np.any(list(self.by_code.values()), axis=0))


def find_causes(
    problem: ZoneProblem,
    home_free: Mask,
    school: Ints,
    cells: tuple[Ints, Ints],
    trees: Trees,
    *,
    surcharges: Mapping[str, Floats],
    grounds: Grounds,
) -> Causes:
    """Return what speaks against each move of one block alone.

    A rule counts wherever it forbids the move, a price only where the move would not lower the cost: those
    prices count without any one of which it would, or all that are due where none decides alone.

    Parameters
    ----------
    problem
        The problem that the plan keeps.
    home_free
        What a block could attend if no block were kept for its own school, bool [block, school].
    school
        School of each block, int32 [block].
    cells
        The moves (block, school), int32 [move].
    trees
        The plan's zones as trees.
    surcharges
        Seconds a pupil that each price adds for the new school over the present one, float64 [move], by code.
    grounds
        What the options decided.
    """
    moves = single_moves(problem, school, trees, *cells)
    rows = problem.rows
    named = dict.fromkeys(PRECEDENCE, np.zeros(len(moves.block), dtype=np.bool_))
    for code, closed in grounds.closed.items():
        named[code] = closed[cells]
    named["home"] = ~moves.allowed & home_free[cells]
    named["home"] = named["home"] & (problem.home[school[cells[0]]] == cells[0])
    told = np.any([named[code] for code in ("home", *grounds.closed)], axis=0)
    named["closed"] = ~moves.allowed & ~told
    seats = np.array([name.split(":")[0] == CAPACITY for name in rows.names])
    broken = rows.hard[:, None] & ((moves.outside > 0) | (moves.below > 0))
    due = _due(moves, surcharges)
    pupils = problem.demand[moves.block] > 0
    dearer = moves.allowed & pupils & ~moves.cheaper
    soft = dearer & due.pop("soft") & (moves.soft_s > 0)
    named["capacity"] = (broken | soft)[seats].any(axis=0)
    named["balance"] = (broken | soft)[~seats].any(axis=0)
    named["contiguity"] = ~moves.joined
    for code, mask in due.items():
        named[code] = named[code] | (dearer & mask)
    named["empty"] = ~pupils
    named["border"] = moves.open & _straighter(problem, school, moves)
    named["price"] = named["price"] | (dearer & ~np.any(list(named.values()), axis=0))
    return Causes(moves, trees, named, surcharges)


def surcharges_of(
    journey: JourneyCost, problem: ZoneProblem, columns: Ints, school: Ints, cells: tuple[Ints, Ints]
) -> dict[str, Floats]:
    """Return what each named price adds for the new school over the present one, by code.

    What the problem's cost holds beyond the journey cost is ``price``.

    Parameters
    ----------
    journey
        Cost of every journey in its parts.
    problem
        The problem.
    columns
        Position of each of the problem's schools in the district, int [school].
    school, cells
        As in :func:`find_causes`.
    """
    block, to = cells
    there, here = (block, columns[to]), (block, columns[school[block]])
    prices = journey.prices

    def added(values: npt.NDArray[np.generic], price: float) -> Floats:
        return price * (values[there].astype(np.float64) - values[here].astype(np.float64))

    found = {
        "stability": added(journey.moved, prices.moved_s),
        "norm": added(journey.beyond_radius, prices.beyond_radius_s)
        + added(journey.beyond_journey, prices.beyond_journey_s),
    }
    cost = problem.cost[block, to] - problem.cost[block, school[block]]
    gain = journey.travel_s[there] - journey.travel_s[here]
    rest = np.nan_to_num(cost - gain - found["stability"] - found["norm"])
    return found | {"price": np.where(np.abs(rest) > 1e-6, rest, 0.0)}


def _due(moves: Moves, surcharges: Mapping[str, Floats]) -> dict[str, Mask]:
    """Return which prices keep a move from being cheaper: each that decides alone, else all that are due."""
    every = dict(surcharges) | {"soft": moves.soft_s.sum(axis=0)}
    net = moves.saves_s - every["soft"]
    alone = {code: (price > 0) & (net + price > 0) for code, price in every.items()}
    some = np.any(list(alone.values()), axis=0)
    return {code: alone[code] | (~some & (price > 0)) for code, price in every.items()}


def _straighter(problem: ZoneProblem, school: Ints, moves: Moves) -> Mask:
    """Return whether a move would part a block from more neighbours than it joins, for next to nothing."""
    degree = np.diff(problem.indptr)
    owner = np.repeat(np.arange(problem.blocks), degree)
    same = np.bincount(owner[school[problem.indices] == school[owner]], minlength=problem.blocks)
    parted = same[moves.block].astype(np.float64)
    for move in np.flatnonzero(moves.open):
        block = moves.block[move]
        around = problem.indices[problem.indptr[block] : problem.indptr[block + 1]]
        parted[move] -= (school[around] == moves.school[move]).sum()
    worth = _STRAIGHTER * problem.cost_of(np.maximum(school, 0)) / max(problem.blocks, 1)
    saved = problem.demand[moves.block] * (moves.saves_s - moves.soft_s.sum(axis=0))
    return np.asarray((parted > 0) & (saved <= worth * parted))
