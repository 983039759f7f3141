"""The abstract door: a zoning problem as arrays, with no district in it.

Everything below this door (flow, bound, search, certificate) knows demand, cost, load rules and neighbours
only, so that a benchmark, another country or another stage poses its problem here.
"""

import itertools
import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["OVERLOAD_TOLERANCE", "LoadRule", "Rows", "ZoneProblem", "neighbours_of"]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

OVERLOAD_TOLERANCE = 1e-6
"""Pupils by which a sum of expected pupils may pass a limit and still count as held."""

CAPACITY = "capacity"
"""Name of the rule that every problem has: the seats of the planned year."""


@dataclass(frozen=True, eq=False)
class LoadRule:
    """A linear rule on every zone: lower <= Σ weight of its blocks <= upper.

    Seats of a further year, an intake of at least so many, a band around the mean share of a group: each is a
    weight a block and a limit a school.

    Parameters
    ----------
    name
        Stable name, such as ``capacity:2029``; unique in a problem.
    weight
        What a block counts, in the unit of the limits, float64 [block]; may be negative (a balance band).
    lower, upper
        Limits, float64 [school]; minus and plus infinity where there is none.
    price
        What one unit outside the limits costs, seconds of the objective; infinity for a hard rule.

    Raises
    ------
    ValueError
        When a weight is not finite, a limit is NaN, a lower limit is above the upper one, or the price is
        negative or NaN.

    Examples
    --------
    >>> rule = LoadRule("intake", np.ones(3), np.array([1.0]), np.array([2.0]))
    >>> rule.is_hard
    True
    """

    name: str
    weight: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    price: float = math.inf

    def __post_init__(self) -> None:
        if not np.isfinite(self.weight).all():
            raise ValueError(f"rule {self.name}: a weight is not finite")
        if not (self.lower <= self.upper).all():  # NaN compares as False
            raise ValueError(f"rule {self.name}: a lower limit is above the upper one")
        if not self.price >= 0:
            raise ValueError(f"rule {self.name}: the price must be at least 0")

    @property
    def is_hard(self) -> bool:
        """Whether no plan may break the rule."""
        return math.isinf(self.price)


@dataclass(frozen=True, eq=False)
class Rows:
    """All load rules of a problem stacked; row 0 is the capacity of the planned year.

    Parameters
    ----------
    names
        Name of each row.
    weight
        float64 [row, block].
    lower, upper
        float64 [row, school].
    price
        Seconds a unit outside, infinite for a hard row, float64 [row].
    """

    names: tuple[str, ...]
    weight: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    price: Floats = field(repr=False)

    @property
    def hard(self) -> npt.NDArray[np.bool_]:
        """Whether a row may not be broken, bool [row]."""
        return np.isinf(self.price)

    def loads(self, school: npt.NDArray[np.integer]) -> Floats:
        """Return the load of every school under a plan, float64 [row, school].

        Parameters
        ----------
        school
            School of each block, int [block].
        """
        width = self.upper.shape[1]
        return np.stack([np.bincount(school, weights=row, minlength=width) for row in self.weight])

    def outside(self, loads: Floats) -> Floats:
        """Return how far loads are outside their limits, at least 0, float64 [row, school]."""
        return np.maximum(loads - self.upper, 0.0) + np.maximum(self.lower - loads, 0.0)

    def priced_limits(self, prices: Floats) -> Floats:
        """Return the limit that each price is of: the upper above 0, the lower below 0, 0 for no price."""
        return np.where(prices > 0, self.upper, np.where(prices < 0, self.lower, 0.0))


@dataclass(frozen=True, eq=False)
class ZoneProblem:
    """Whole blocks to schools: lower Σ demand × cost within the load rules, each zone in one piece.

    Parameters
    ----------
    demand
        Expected pupils, at least 0, float64 [block].
    cost
        Seconds a pupil, at least 0, float64 [block, school]; only read where ``allowed``.
    allowed
        Whether a block may attend a school, bool [block, school].
    capacity
        Seats, at least 0, float64 [school]: Σ demand of a zone is at most this.
    indptr, indices
        Neighbours by shared edge in compressed rows, int32: those of block i are
        ``indices[indptr[i]:indptr[i + 1]]``.
    home
        Block that each school stands in, int32 [school]; it connects the school's zone.
    current
        School that each block has now, int32 [block]; -1 for none. A start of the search, no rule.
    rules
        Further load rules: seats of other years, least intakes, balance bands.
    capacity_price
        Seconds of the objective for one pupil over ``capacity``; infinity when none may be over.
    contiguous
        Whether zones must be in one piece.

    Raises
    ------
    ValueError
        When shapes do not fit, a school stands in no block, a demand, capacity or allowed cost is
        negative or not finite, or two rules have one name.

    Examples
    --------
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> problem = ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [5, 4], [9, 0]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> problem.blocks, problem.schools, problem.rows.names
    (3, 2, ('capacity',))
    """

    demand: Floats
    cost: Floats
    allowed: npt.NDArray[np.bool_]
    capacity: Floats
    indptr: Ints
    indices: Ints
    home: Ints
    current: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    rules: tuple[LoadRule, ...] = ()
    capacity_price: float = math.inf
    contiguous: bool = True

    def __post_init__(self) -> None:
        shape = (len(self.demand), len(self.capacity))
        if self.cost.shape != shape or self.allowed.shape != shape:
            raise ValueError(f"cost is {self.cost.shape} and allowed {self.allowed.shape}, wanted {shape}")
        if len(self.indptr) != shape[0] + 1 or len(self.home) != shape[1]:
            raise ValueError(f"neighbours or homes are not of {shape[0]} blocks and {shape[1]} schools")
        if len(self.current) == 0:
            object.__setattr__(self, "current", np.full(shape[0], -1, dtype=np.int32))
        if 0 in shape or ((self.home < 0) | (self.home >= shape[0])).any():
            raise ValueError("a school stands in no block, or there is no school")
        if len(self.indices) and not 0 <= self.indices.min() <= self.indices.max() < shape[0]:
            raise ValueError("a neighbour is no block")
        numbers = (self.demand, self.capacity, self.cost[self.allowed])
        if not all(np.isfinite(array).all() and (array >= 0).all() for array in numbers):
            raise ValueError("demand, capacity and allowed costs must be finite and at least 0")
        for rule in self.rules:
            if rule.weight.shape != shape[:1] or not rule.lower.shape == rule.upper.shape == shape[1:]:
                raise ValueError(f"rule {rule.name} is not of {shape[0]} blocks and {shape[1]} schools")
        if len(set(self.rows.names)) != len(self.rows.names):
            raise ValueError(f"two load rules have one name: {self.rows.names}")

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return len(self.demand)

    @property
    def schools(self) -> int:
        """Number of schools."""
        return len(self.capacity)

    @cached_property
    def rows(self) -> Rows:
        """All load rules stacked, the capacity first."""
        free = np.full(self.schools, -np.inf)
        seats = LoadRule(CAPACITY, self.demand, free, self.capacity, self.capacity_price)
        every = (seats, *self.rules)
        return Rows(
            tuple(rule.name for rule in every),
            np.ascontiguousarray([rule.weight for rule in every], dtype=np.float64),
            np.ascontiguousarray([rule.lower for rule in every], dtype=np.float64),
            np.ascontiguousarray([rule.upper for rule in every], dtype=np.float64),
            np.array([rule.price for rule in every], dtype=np.float64),
        )

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """Neighbours of each block as plain lists, quick to walk."""
        flat, cuts = self.indices.tolist(), self.indptr.tolist()
        return [flat[a:b] for a, b in itertools.pairwise(cuts)]

    @cached_property
    def allowed_cost(self) -> Floats:
        """Cost with infinity where a block may not attend, float64 [block, school]."""
        return np.where(self.allowed, self.cost, np.inf)

    def breach(self, school: npt.NDArray[np.integer]) -> Floats:
        """Return how far each load is outside its limits under a plan, float64 [row, school]."""
        out = self.rows.outside(self.rows.loads(school))
        return np.where(out > OVERLOAD_TOLERANCE, out, 0.0)

    def is_kept(self, school: npt.NDArray[np.integer]) -> bool:
        """Return whether a plan keeps every hard load rule."""
        return not self.breach(school)[self.rows.hard].any()

    def cost_of(self, school: npt.NDArray[np.integer]) -> float:
        """Return Σ demand × cost of a plan and the price of soft rules broken, pupil-seconds.

        Parameters
        ----------
        school
            School of each block, int [block].
        """
        travel = float((self.demand * self.cost[np.arange(self.blocks), school]).sum())
        soft = ~self.rows.hard
        if not soft.any():
            return travel
        return travel + float((self.rows.price[soft][:, None] * self.breach(school)[soft]).sum())

    def excess(self, school: npt.NDArray[np.integer]) -> Floats:
        """Return the pupils over capacity at each school under a plan, pupils, float64 [school]."""
        load = np.bincount(school, weights=self.demand, minlength=self.schools)
        over = load - self.capacity
        return np.where(over > OVERLOAD_TOLERANCE, over, 0.0)


def neighbours_of(pairs: npt.NDArray[np.integer], blocks: int) -> tuple[Ints, Ints]:
    """Return compressed rows of neighbours (indptr, indices) from pairs of blocks, each given once or twice.

    Parameters
    ----------
    pairs
        Positions of neighbouring blocks, int [pair, 2].
    blocks
        Number of blocks.

    Examples
    --------
    >>> [row.tolist() for row in neighbours_of(np.array([[0, 1], [1, 0], [1, 2]]), 3)]
    [[0, 1, 3, 4], [1, 0, 2, 1]]
    """
    both = np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int64).reshape(-1, 2)
    keys = np.unique(both[both[:, 0] != both[:, 1]] @ np.array([blocks, 1]))
    counts = np.bincount(keys // max(blocks, 1), minlength=blocks)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), (keys % max(blocks, 1)).astype(np.int32)
