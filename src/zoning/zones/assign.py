"""Capacitated assignment as a min-cost flow over the nearest schools; the only importer of ortools."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Floats, ZoneProblem

__all__ = ["Flow", "assign_blocks"]

NEAREST = 10
"""Schools that each block is offered first; more are added where the flow is not proved without them."""

_COST_STEPS = 10_000_000
_PUPIL_STEPS = 1_000
_SHORT_PRICE = 4.0


@dataclass(frozen=True, eq=False)
class Flow:
    """The flow: where pupils go when blocks may be split, and what a seat is worth.

    Parameters
    ----------
    block, school
        Ends of the arcs that carry pupils, int64 [arc].
    pupils
        Pupils on each arc, float64 [arc].
    short
        Pupils who find no seat, by block, float64 [block]; all 0 when the capacities suffice.
    prices
        Price of one more seat at each school, seconds a pupil, at least 0, float64 [school].
    rounds
        Flows that were solved until no school left out was worth offering.
    """

    block: npt.NDArray[np.int64] = field(repr=False)
    school: npt.NDArray[np.int64] = field(repr=False)
    pupils: Floats = field(repr=False)
    short: Floats = field(repr=False)
    prices: Floats = field(repr=False)
    rounds: int = 1


def assign_blocks(problem: ZoneProblem, *, nearest: int = NEAREST) -> Flow:
    """Return the cheapest flow of pupils to seats, blocks splittable, proved against all schools.

    Starts from the nearest schools of each block and adds every school that the prices show to be worth
    offering, until there is none: only then is the flow that of the whole problem. Pupils are rounded down
    and seats up to a thousandth, costs to one part in ten million, so a problem that can be solved is never
    reported as short; the bound is evaluated from the prices in exact costs and does not depend on rounding.

    Parameters
    ----------
    problem
        The problem; blocks without an allowed school carry nobody.
    nearest
        Schools offered to each block at first.

    Examples
    --------
    >>> from zoning.zones.problem import neighbours_of
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> found = assign_blocks(ZoneProblem(demand=np.ones(3), cost=np.array([[0.0, 9], [1, 4], [2, 5]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([2.0, 2]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32)))
    >>> found.prices.round(3).tolist(), float(found.short.sum())
    ([3.0, 0.0], 0.0)
    """
    scaled = _Scaled.of(problem)
    offered = _nearest(problem, nearest)
    rounds = 0
    while True:
        rounds += 1
        block, school = np.nonzero(offered)
        flows, short = _solve(scaled, block, school)
        prices = _prices(scaled, block, school, flows, short)
        missing = _worth_offering(scaled, offered, (block, school), flows, prices)
        if not missing.any():
            break
        offered |= missing
    used = flows > 0
    return Flow(
        block[used],
        school[used],
        flows[used] / scaled.pupil_steps,
        short / scaled.pupil_steps,
        prices / scaled.cost_steps,
        rounds,
    )


@dataclass(frozen=True, eq=False)
class _Scaled:
    """The problem in whole numbers."""

    demand: npt.NDArray[np.int64]
    capacity: npt.NDArray[np.int64]
    cost: npt.NDArray[np.int64]
    allowed: npt.NDArray[np.bool_]
    short_price: int
    pupil_steps: float
    cost_steps: float

    @classmethod
    def of(cls, problem: ZoneProblem) -> "_Scaled":
        whole = all((array == np.rint(array)).all() for array in (problem.demand, problem.capacity))
        pupil_steps = 1.0 if whole else float(_PUPIL_STEPS)
        most = float(np.where(problem.allowed, problem.cost, 0.0).max(initial=0.0))
        cost_steps = _COST_STEPS / most if most > 0 else 1.0
        cost = np.where(problem.allowed, np.rint(problem.cost * cost_steps), 0).astype(np.int64)
        # A chain of moves through every school costs less than this, so a pupil is left without a seat only
        # where no seat can be freed.
        short_price = int(_SHORT_PRICE * (_COST_STEPS + 1) * (problem.schools + 1))
        return cls(
            np.floor(problem.demand * pupil_steps + 1e-9).astype(np.int64),
            np.ceil(problem.capacity * pupil_steps - 1e-9).astype(np.int64),
            cost,
            problem.allowed,
            short_price,
            pupil_steps,
            cost_steps,
        )


def _nearest(problem: ZoneProblem, nearest: int) -> npt.NDArray[np.bool_]:
    """Return the cheapest schools of each block that has pupils, bool [block, school]."""
    held = problem.allowed & (problem.demand > 0)[:, None]
    if nearest >= problem.schools:
        return held
    offered = np.zeros_like(held)
    best = np.argpartition(problem.allowed_cost, nearest - 1, axis=1)[:, :nearest]
    np.put_along_axis(offered, best, True, axis=1)
    return offered & held


def _solve(
    scaled: _Scaled,
    block: npt.NDArray[np.int64],
    school: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the units on each arc, int64 [arc], and those without a seat, int64 [block]."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - half a second, needed here only

    blocks, schools = len(scaled.demand), len(scaled.capacity)
    sink = blocks + schools
    solver = min_cost_flow.SimpleMinCostFlow()
    every = np.arange(blocks)
    limits = scaled.demand[block]
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        block, blocks + school, limits, scaled.cost[block, school]
    )
    exits = np.arange(blocks, sink)
    solver.add_arcs_with_capacity_and_unit_cost(
        exits, np.full(schools, sink), scaled.capacity, np.zeros(schools, dtype=np.int64)
    )
    lost = solver.add_arcs_with_capacity_and_unit_cost(
        every, np.full(blocks, sink), scaled.demand, np.full(blocks, scaled.short_price)
    )
    solver.set_nodes_supplies(every, scaled.demand)
    solver.set_nodes_supplies(np.array([sink]), np.array([-scaled.demand.sum()]))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with status {status}")
    return np.asarray(solver.flows(arcs)), np.asarray(solver.flows(lost))


def _prices(
    scaled: _Scaled,
    block: npt.NDArray[np.int64],
    school: npt.NDArray[np.int64],
    flows: npt.NDArray[np.int64],
    short: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Return the least prices under which every pupil is at its cheapest school, scaled, int64 [school].

    ``SimpleMinCostFlow`` gives no potentials in Python. Moving a pupil from school a to b costs at least
    w[a, b]; the price of b is the most that a chain of moves ending there saves, which a Bellman-Ford over
    the schools finds on the same rounded costs and arcs.
    """
    schools = len(scaled.capacity)
    far = np.int64(2**61)
    carrying = np.flatnonzero(flows > 0)
    by_block = np.argsort(block, kind="stable")
    start = np.searchsorted(block[by_block], np.arange(len(scaled.demand) + 1))
    width = np.diff(start)[block[carrying]]
    source = np.repeat(carrying, width)
    offset = np.arange(len(source)) - np.repeat(np.cumsum(width) - width, width)
    target = by_block[start[block[source]] + offset]
    change = scaled.cost[block[target], school[target]] - scaled.cost[block[source], school[source]]
    move = np.full((schools, schools), far)
    np.minimum.at(move, (school[source], school[target]), change)
    saved = np.zeros(schools, dtype=np.int64)
    # A pupil without a seat would pay the whole price of being short for one at any school offered.
    lost = np.flatnonzero(short[block] > 0)
    np.maximum.at(saved, school[lost], scaled.short_price - scaled.cost[block[lost], school[lost]])
    for _ in range(schools):
        better = np.maximum(saved, (saved[:, None] - move).max(axis=0))
        if (better == saved).all():
            break
        saved = better
    return saved


def _worth_offering(
    scaled: _Scaled,
    offered: npt.NDArray[np.bool_],
    arcs: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    flows: npt.NDArray[np.int64],
    prices: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Return the schools left out that are cheaper, price included, than what a block uses now."""
    block, school = arcs
    paid = np.full(len(scaled.demand), -1, dtype=np.int64)
    used = flows > 0
    np.maximum.at(paid, block[used], scaled.cost[block[used], school[used]] + prices[school[used]])
    paid[(scaled.demand > 0) & (paid < 0)] = scaled.short_price
    return (
        scaled.allowed
        & ~offered
        & (scaled.demand > 0)[:, None]
        & (scaled.cost + prices[None, :] < paid[:, None])
    )
