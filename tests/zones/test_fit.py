"""Tight places: a plan that keeps every capacity is found where one is known to exist."""

import numpy as np
import pytest
from tests.zones.oracle import faults, grid_problem

from zoning.zones import ZoneProblem, assign_blocks, keep_homes, regrow_zones, solve_problem
from zoning.zones.fit import fit_plan
from zoning.zones.improve import improve_plan
from zoning.zones.solve import round_flow

SIDE, SCHOOLS = 12, 20


def tight_town(seed: int) -> ZoneProblem:
    """Return a town of big blocks whose seats were counted from hidden zones, 1 % to spare in each."""
    random = np.random.default_rng(seed)
    homes = random.choice(SIDE * SIDE, SCHOOLS, replace=False)
    demand = np.where(random.random(SIDE * SIDE) < 0.3, random.integers(100, 400, SIDE * SIDE), 0)
    demand += random.integers(5, 60, SIDE * SIDE)
    loose = grid_problem(
        SIDE, SIDE, homes.tolist(), demand=demand.tolist(), capacity=[float(demand.sum())] * SCHOOLS
    )
    shifted = (loose.cost + random.uniform(0, 250, loose.cost.shape)).argmin(axis=1)
    shifted[homes] = np.arange(SCHOOLS)
    hidden, _ = regrow_zones(loose, shifted.astype(np.int32), np.zeros(SCHOOLS))
    seats = np.ceil(1.01 * np.bincount(hidden, weights=demand, minlength=SCHOOLS))
    return keep_homes(
        grid_problem(SIDE, SIDE, homes.tolist(), demand=demand.tolist(), capacity=seats.tolist())
    )


@pytest.mark.parametrize("seed", [0, 2, 7])
def test_a_plan_that_fits_is_found_where_one_exists(seed: int) -> None:
    """With 1 % to spare the plan breaks nothing, where a search on journeys alone ends over its seats."""
    problem = tight_town(seed)
    flow = assign_blocks(problem)
    found = solve_problem(problem, flow, seed=seed)
    assert faults(problem, found.school.tolist()) == {"over": 0, "forbidden": 0, "pieces": 0}
    start, lost = regrow_zones(problem, round_flow(problem, flow), flow.prices)
    alone = improve_plan(
        problem, start, stranded=lost, prices=flow.prices, seed=seed, iterations=1000 * problem.blocks
    )
    assert problem.excess(alone.school).sum() > 0


def test_what_cannot_fit_is_not_tried_for_long() -> None:
    """A block with more pupils than any school has seats is over in every plan: the fit stops there."""
    problem = grid_problem(1, 4, [0, 3], demand=[80, 10, 5, 30], capacity=[60, 60])
    school = np.array([0, 1, 1, 1], dtype=np.int32)
    fitted = fit_plan(
        problem, school, stranded=np.zeros(4, dtype=bool), prices=np.zeros(2), seed=0, iterations=10**6
    )
    assert fitted.iterations == 0
    assert fitted.school.tolist() == school.tolist()


def test_a_run_that_a_limit_stopped_is_repeated_by_its_iterations() -> None:
    """Fit and search together count their moves: asking for as many gives the same plan again."""
    problem = tight_town(2)
    flow = assign_blocks(problem)
    first = solve_problem(problem, flow, seed=2, seconds=0.05)
    again = solve_problem(problem, flow, seed=2, iterations=first.iterations)
    assert again.iterations == first.iterations
    assert again.school.tolist() == first.school.tolist()
