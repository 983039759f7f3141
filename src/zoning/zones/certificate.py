"""A lower bound that anyone can check in one pass, without a solver."""

import numpy as np

from zoning.zones.problem import Floats, ZoneProblem

__all__ = ["lower_bound"]

_ROWS = 20_000


def lower_bound(problem: ZoneProblem, prices: Floats) -> float:
    """Return what no plan within the capacities costs less than, pupil-seconds.

    For any prices π at or above 0, L(π) = Σ_i min_k p_i (c_ik + π_k) − Σ_k π_k Q_k is a lower bound on every
    plan that keeps the capacities Q, whether its zones are in one piece or not: a plan pays at least the
    cheapest school of each block, and gives back at most the price of the seats. Good prices make it tight.
    All schools that a block may attend count, not only the nearest.

    Parameters
    ----------
    problem
        The problem. Contiguity and whole blocks are relaxed; who may attend what, and the seats, are kept.
    prices
        Price of a seat, seconds a pupil, float64 [school].

    Raises
    ------
    ValueError
        When a price is negative or missing.

    References
    ----------
    Lagrangian relaxation of the capacities (Geoffrion 1974).

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [1, 4], [2, 5]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> lower_bound(three, np.array([3.0, 0.0]))
    6.0
    """
    if len(prices) != problem.schools or not (np.isfinite(prices).all() and (prices >= 0).all()):
        raise ValueError("a bound needs one finite price of at least 0 for every school")
    held = np.flatnonzero(problem.demand > 0)
    free = priced = 0.0
    for start in range(0, len(held), _ROWS):
        rows = held[start : start + _ROWS]
        cost = np.where(problem.allowed[rows], problem.cost[rows], np.inf)
        free += float(problem.demand[rows] @ cost.min(axis=1))
        priced += float(problem.demand[rows] @ (cost + prices).min(axis=1))
    # Prices of 0 give a bound too: the nearest school for everybody.
    return max(free, priced - float(prices @ problem.capacity))
