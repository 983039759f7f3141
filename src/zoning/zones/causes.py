"""Which rule or price speaks against each single move, by code: masks over moves, no sentence yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from zoning.zones.moves import Mask, Moves, Trees, plant_trees, single_moves
from zoning.zones.problem import CAPACITY, Floats, Ints, ZoneProblem
from zoning.zones.surcharges import OTHER

__all__ = ["PRECEDENCE", "Causes", "Ground", "find_causes"]

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

_STRAIGHTER = 1e-6
"""Share of a mean block's cost that one neighbour more in the same zone is worth: the search settles ties."""

_CODE_OF_RULE = {
    "locked": "locked",
    "split_feeder": "feeder",
    "within_town": "town",
    "moved": "stability",
    "beyond_journey": "norm",
    "beyond_radius": "norm",
}
"""Code of each rule that closes cells (:class:`~zoning.zones.posed.PosedProblem`)."""

_CODE_OF_PRICE = {
    "left_town": "town",
    "split_feeder": "feeder",
    "moved": "stability",
    "beyond_journey": "norm",
    "beyond_radius": "norm",
    "misplaced": "norm",
    OTHER: "price",
}
"""Code of each price of a journey."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What a plan stands on, beyond loads and borders.

    Parameters
    ----------
    free
        What a row could attend if no school kept its own block, bool [row, column].
    stands
        Whether a school of the column stands in the row, bool [row, column].
    closed
        Cells that a rule closes, bool [row, column], by rule.
    whole
        Whether the row is a zone of the stage below that stays whole, bool [row].
    within
        Whether a move stays inside a zone that several schools share, bool [move].
    """

    free: Mask = field(repr=False)
    stands: Mask = field(repr=False)
    closed: Mapping[str, Mask] = field(repr=False)
    whole: Mask = field(repr=False)
    within: Mask = field(repr=False)


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
    rules
        Whether a rule closes the move's cell, bool [move], by rule.
    price_s
        Seconds a pupil that a price adds, float64 [move], by departure.
    """

    moves: Moves
    trees: Trees
    by_code: Mapping[str, Mask]
    rules: Mapping[str, Mask]
    price_s: Mapping[str, Floats]

    def given(self, code: str, move: int) -> tuple[list[str], list[str]]:
        """Return the rules and the prices behind a code that speak against a move."""
        rules = [name for name, mask in self.rules.items() if _CODE_OF_RULE[name] == code and mask[move]]
        prices = [
            name for name, price in self.price_s.items() if _CODE_OF_PRICE[name] == code and price[move] > 0
        ]
        return rules, prices if self.moves.allowed[move] else []

    @property
    def none(self) -> Mask:
        """Whether nothing speaks against the move: a better plan exists, bool [move]."""
        return np.asarray(~_any(self.by_code))


def find_causes(
    problem: ZoneProblem,
    unit: Ints,
    cells: tuple[Ints, Ints],
    ground: Ground,
    surcharges: Mapping[str, Floats],
) -> Causes:
    """Return what speaks against each move of one row alone: a block, or a feeder zone that stays whole.

    A rule counts wherever it forbids the move, a price only where the move would not lower the cost: those
    prices count without any one of which it would, or all that are due where none decides alone. A whole
    feeder zone is a cause of its own wherever the zone cannot better itself.

    Parameters
    ----------
    problem
        The problem that the plan keeps.
    unit
        Column of each row, int32 [row].
    cells
        The moves (row, column), int32 [move].
    ground
        What the plan stands on.
    surcharges
        Seconds a pupil that each price adds for the new column over the present one, float64 [move].
    """
    trees = plant_trees(problem, unit)
    moves = single_moves(problem, unit, trees, *cells)
    named = dict.fromkeys(PRECEDENCE, np.zeros(len(moves.block), dtype=np.bool_))
    rules = {name: mask[cells] & ~ground.free[cells] & ~ground.within for name, mask in ground.closed.items()}
    for name, mask in rules.items():
        named[_CODE_OF_RULE[name]] = named[_CODE_OF_RULE[name]] | mask
    named["home"] = ~moves.allowed & ground.free[cells] & ground.stands[cells[0], unit[cells[0]]]
    named["closed"] = ~moves.allowed & ~_any(named)
    pupils = problem.demand[moves.block] > 0
    dearer = moves.allowed & pupils & ~moves.cheaper
    due = _due(moves, surcharges)
    _name_loads(named, problem, moves, dearer & due.pop("soft"))
    named["contiguity"] = ~moves.joined
    for code, mask in due.items():
        named[code] = named[code] | (dearer & mask)
    named["empty"] = ~pupils
    whole = ground.whole[cells[0]]
    named["feeder"] = named["feeder"] | (whole & (_any(named) | dearer))
    named["border"] = moves.open & _straighter(problem, unit, moves)
    named["price"] = named["price"] | (dearer & ~_any(named))
    named = {code: mask & ~ground.within for code, mask in named.items()}
    named["shared"] = ground.within
    return Causes(moves, trees, named, rules, surcharges)


def _any(named: Mapping[str, Mask]) -> Mask:
    return np.asarray(np.any(list(named.values()), axis=0))


def _name_loads(named: dict[str, Mask], problem: ZoneProblem, moves: Moves, dearer: Mask) -> None:
    """Name the seats of any year, and the other load rules, that a move breaks or that make it dearer."""
    rows = problem.rows
    seats = np.array([name.split(":")[0] == CAPACITY for name in rows.names])
    broken = rows.hard[:, None] & ((moves.outside > 0) | (moves.below > 0))
    soft = dearer & (moves.soft_s > 0)
    named["capacity"] = (broken | soft)[seats].any(axis=0)
    named["balance"] = (broken | soft)[~seats].any(axis=0)


def _due(moves: Moves, surcharges: Mapping[str, Floats]) -> dict[str, Mask]:
    """Return which prices keep a move from being cheaper, by code: each that decides alone, else all due."""
    every = {"soft": moves.soft_s.sum(axis=0)}
    for name, added in surcharges.items():
        code = _CODE_OF_PRICE[name]
        every[code] = every.get(code, 0.0) + added
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
