"""The abstract door: a zoning problem as arrays, with no district in it.

Everything below this door (flow, bound, repair, search) knows demand, cost, capacity and neighbours only, so
that a benchmark, another country or another stage poses its problem here.
"""

import itertools
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["OVERLOAD_TOLERANCE", "ZoneProblem", "neighbours_of"]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

OVERLOAD_TOLERANCE = 1e-6
"""Pupils by which a sum of expected pupils may pass a capacity and still count as held."""


@dataclass(frozen=True, eq=False)
class ZoneProblem:
    """Whole blocks to schools: lower Σ demand × cost within capacity, each zone in one piece.

    Parameters
    ----------
    demand
        Expected pupils, at least 0, float64 [block].
    cost
        Seconds a pupil, at least 0, float64 [block, school]; only read where ``allowed``.
    allowed
        Whether a block may attend a school, bool [block, school].
    capacity
        Seats, at least 0, float64 [school].
    indptr, indices
        Neighbours by shared edge in compressed rows, int32: those of block i are
        ``indices[indptr[i]:indptr[i + 1]]``.
    home
        Block that each school stands in, int32 [school]; it connects the school's zone.
    current
        School that each block has now, int32 [block]; -1 for none. A start of the search, no rule.

    Raises
    ------
    ValueError
        When shapes do not fit, a school stands in no block, or a demand, capacity or allowed cost is
        negative or not finite.

    Examples
    --------
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> problem = ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [5, 4], [9, 0]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> problem.blocks, problem.schools
    (3, 2)
    """

    demand: Floats
    cost: Floats
    allowed: npt.NDArray[np.bool_]
    capacity: Floats
    indptr: Ints
    indices: Ints
    home: Ints
    current: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def __post_init__(self) -> None:
        shape = (len(self.demand), len(self.capacity))
        if self.cost.shape != shape or self.allowed.shape != shape:
            raise ValueError(f"cost is {self.cost.shape} and allowed {self.allowed.shape}, wanted {shape}")
        if len(self.indptr) != shape[0] + 1 or len(self.home) != shape[1]:
            raise ValueError(f"neighbours or homes are not of {shape[0]} blocks and {shape[1]} schools")
        if len(self.current) == 0:
            object.__setattr__(self, "current", np.full(shape[0], -1, dtype=np.int32))
        if ((self.home < 0) | (self.home >= max(shape[0], 1))).any():
            raise ValueError("a school stands in no block")
        numbers = (self.demand, self.capacity, self.cost[self.allowed])
        if not all(np.isfinite(array).all() and (array >= 0).all() for array in numbers):
            raise ValueError("demand, capacity and allowed costs must be finite and at least 0")

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return len(self.demand)

    @property
    def schools(self) -> int:
        """Number of schools."""
        return len(self.capacity)

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """Neighbours of each block as plain lists, quick to walk."""
        flat, cuts = self.indices.tolist(), self.indptr.tolist()
        return [flat[a:b] for a, b in itertools.pairwise(cuts)]

    @cached_property
    def allowed_cost(self) -> Floats:
        """Cost with infinity where a block may not attend, float64 [block, school]."""
        return np.where(self.allowed, self.cost, np.inf)

    def cost_of(self, school: npt.NDArray[np.integer]) -> float:
        """Return Σ demand × cost of a plan, pupil-seconds, from the school of each block, int [block]."""
        return float(self.demand @ self.cost[np.arange(self.blocks), school])

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
