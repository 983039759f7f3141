"""The one place where the benchmarks call the engine, and a plain check of what comes back."""

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from published import Instance
from zoning import zones


class NoPlanError(Exception):
    """No plan exists, or none was found: why, in one sentence."""


@dataclass(frozen=True)
class Found:
    """A plan of an abstract problem, whatever the engine calls its parts.

    Parameters
    ----------
    school
        School of each block.
    cost, bound
        What the plan costs, and the least that any plan costs.
    iterations
        Steps done.
    solution
        What the engine returned; the bound is evaluated from its ``multipliers``.
    """

    school: list[int]
    cost: float
    bound: float
    iterations: int
    solution: zones.Solution


def gap_of(cost: float, bound: float) -> float:
    """Return (cost - bound) / bound; infinite where the bound is 0 and the cost is not."""
    if cost == bound:
        return 0.0
    return (cost - bound) / bound if bound > 0 else math.inf


def solve(
    problem: zones.ZoneProblem, *, seed: int = 0, seconds: float | None = None, iterations: int | None = None
) -> Found:
    """Return the engine's plan; it may break capacities or contiguity where the engine found no better.

    Raises
    ------
    NoPlanError
        When the engine proves that there is none.
    """
    missing = float(problem.demand.sum() - problem.capacity.sum())
    if missing > 0:
        raise NoPlanError(f"{missing:g} of the demand find no seat, even if units are split")
    found = zones.solve_problem(problem, seed=seed, seconds=seconds, iterations=iterations)
    if not found.is_kept:
        short = float(zones.assign_blocks(problem).short.sum())
        if short > 0:
            raise NoPlanError(f"{short:g} of the demand find no seat, even if units are split")
    school = found.school.tolist()
    cost, bound = plan_cost(problem, school), float(found.bound)
    # Bound and cost are added up in different orders; what is above by more than rounding stays visible.
    bound = cost if cost < bound <= cost * (1 + 1e-9) else bound
    return Found(school, cost, bound, int(found.iterations), found)


def pose_instance(instance: Instance) -> zones.ZoneProblem:
    """Return the zoning problem: km a person in a straight line, a facility's own unit kept for it."""
    gap_m = instance.point_m[:, None, :] - instance.point_m[None, instance.home, :]
    allowed = np.ones((len(instance.units), len(instance.facilities)), dtype=np.bool_)
    allowed[instance.home] = np.eye(len(instance.home), dtype=np.bool_)
    indptr, indices = zones.neighbours_of(
        np.array(instance.pairs, dtype=np.int64).reshape(-1, 2), len(instance.units)
    )
    return zones.ZoneProblem(
        demand=instance.demand,
        cost=np.hypot(gap_m[:, :, 0], gap_m[:, :, 1]) / 1000,
        allowed=allowed,
        capacity=instance.capacity,
        indptr=indptr,
        indices=indices,
        home=instance.home.astype(np.int32),
    )


def capacity_excess(problem: zones.ZoneProblem, school: Sequence[int]) -> dict[int, float]:
    """Return the demand over capacity by school, summed exactly."""
    zone: list[list[float]] = [[] for _ in range(problem.schools)]
    for demand, number in zip(problem.demand.tolist(), school, strict=True):
        zone[number].append(demand)
    over = {
        k: math.fsum(parts) - seats
        for k, (parts, seats) in enumerate(zip(zone, problem.capacity, strict=True))
    }
    return {k: float(value) for k, value in over.items() if value > 1e-6}


def detached(problem: zones.ZoneProblem, school: Sequence[int]) -> list[int]:
    """Return the blocks that do not join their school's block inside their zone."""
    flat, cuts = problem.indices.tolist(), problem.indptr.tolist()
    joined: set[int] = set()
    for number, home in enumerate(problem.home.tolist()):
        queue, seen = deque([home]), {home}
        while queue:
            block = queue.popleft()
            for other in flat[cuts[block] : cuts[block + 1]]:
                if other not in seen and school[other] == number:
                    seen.add(other)
                    queue.append(other)
        joined |= {block for block in seen if school[block] == number}
    return sorted(set(range(problem.blocks)) - joined)


def plan_cost(problem: zones.ZoneProblem, school: Sequence[int]) -> float:
    """Return Σ demand × cost, correctly rounded."""
    cells = problem.cost[np.arange(problem.blocks), np.asarray(school)]
    return math.fsum((problem.demand * cells).tolist())


def why_broken(problem: zones.ZoneProblem, instance: Instance, school: list[int]) -> str | None:
    """Return what a plan that was found breaks; None when it keeps every rule."""
    over = capacity_excess(problem, school)
    if over:
        worst = max(over, key=lambda k: over[k])
        return (
            f"no plan within the capacities was found: {math.fsum(over.values()):,.6g} people over, "
            f"most at facility {instance.facilities[worst]} ({over[worst]:,.6g})"
        )
    loose = detached(problem, school)
    if loose:
        named = ", ".join(instance.units[block] for block in loose[:5])
        return f"no plan in one piece was found: {len(loose)} units are cut off, such as {named}"
    wrong = [block for block, k in enumerate(school) if not problem.allowed[block, k]]
    if wrong:
        return f"unit {instance.units[wrong[0]]} did not go to its own facility"
    return None


def solve_instance(instance: Instance, *, seed: int, seconds: float) -> dict[str, object]:
    """Return a checked plan of a published instance: cost, bound, gap, seconds, iterations, assignment.

    Raises
    ------
    NoPlanError
        When no plan exists, or the one found breaks a rule.
    """
    problem = pose_instance(instance)
    began = time.perf_counter()
    found = solve(problem, seed=seed, seconds=seconds)
    took = time.perf_counter() - began
    reason = why_broken(problem, instance, found.school)
    if reason:
        raise NoPlanError(reason)
    gap = gap_of(found.cost, found.bound)
    return {
        "cost": found.cost,
        "bound": found.bound,
        "gap": gap if math.isfinite(gap) else None,
        "seconds": took,
        "iterations": found.iterations,
        "assignment": {
            unit: instance.facilities[k] for unit, k in zip(instance.units, found.school, strict=True)
        },
    }
