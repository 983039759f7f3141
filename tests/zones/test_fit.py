"""Tight places: a plan that keeps every capacity is found where one is known to exist."""

import itertools

import numpy as np
import pytest
from tests.zones.oracle import faults, grid_problem

from zoning.proposal import Progress
from zoning.zones import ZoneProblem, keep_homes, neighbours_of, regrow_zones, solve_problem

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
    """With 1 % to spare the plan breaks nothing."""
    problem = tight_town(seed)
    found = solve_problem(problem, seed=seed)
    assert found.is_kept
    assert faults(problem, found.school.tolist()) == {"over": 0, "forbidden": 0, "pieces": 0}


def test_what_cannot_fit_is_told() -> None:
    """A block with more pupils than any school has seats is over in every plan: the least is kept."""
    problem = grid_problem(1, 4, [0, 3], demand=[80, 10, 5, 30], capacity=[60, 60])
    found = solve_problem(problem, seed=0, iterations=60)
    assert not found.is_kept
    assert found.gap == np.inf
    assert found.excess.tolist() == [20, 0]


def test_a_run_that_a_limit_stopped_is_repeated_by_its_iterations() -> None:
    """Asking for as many steps as a time limit allowed gives the same plan again."""
    problem = tight_town(2)
    first = solve_problem(problem, seed=2, seconds=0.4)
    again = solve_problem(problem, seed=2, iterations=first.iterations)
    assert again.iterations == first.iterations
    assert again.school.tolist() == first.school.tolist()
    assert again.bound == first.bound


def test_progress_only_gets_better() -> None:
    """What a planner watches: the cost never rises, the bound never falls, the last line is the result."""
    lines: list[Progress] = []
    problem = tight_town(0)
    found = solve_problem(problem, seed=1, iterations=120, progress=lines.append)
    assert [line.iterations for line in lines] == list(range(1, found.iterations + 1))
    for before, after in itertools.pairwise(lines):
        assert after.cost <= before.cost
        assert after.bound >= before.bound - 1e-6
    assert found.is_kept
    assert lines[-1].cost == pytest.approx(found.cost)


def test_a_gap_that_is_good_enough_stops_the_search() -> None:
    """Asked for a gap, the search stops as soon as it is proved."""
    problem = tight_town(0)
    loose = solve_problem(problem, seed=1, gap=0.5)
    assert loose.is_kept
    assert loose.gap <= 0.5
    assert loose.iterations < solve_problem(problem, seed=1, iterations=200).iterations


def test_the_keyboard_stops_the_search_and_keeps_the_best() -> None:
    """Ctrl-C in the middle gives the best plan so far, whole and checked, not a traceback."""
    problem = tight_town(0)

    def stop(line: Progress) -> None:
        if line.iterations == 30:
            raise KeyboardInterrupt

    found = solve_problem(problem, seed=1, progress=stop)
    assert found.interrupted
    assert found.iterations == 30
    broken = faults(problem, found.school.tolist())
    assert broken["pieces"] == broken["forbidden"] == 0


def test_a_plan_that_cannot_be_in_one_piece_is_not_called_kept() -> None:
    """Two blocks behind one crossing that only one school's zone can pass: no gap is claimed."""
    indptr, indices = neighbours_of(np.array([[0, 2], [1, 2], [2, 3], [2, 4]]), 5)
    allowed = np.array([[1, 0], [0, 1], [1, 1], [1, 0], [0, 1]], dtype=np.bool_)
    star = ZoneProblem(
        demand=np.ones(5),
        cost=np.ones((5, 2)),
        allowed=allowed,
        capacity=np.array([9.0, 9]),
        indptr=indptr,
        indices=indices,
        home=np.array([0, 1], dtype=np.int32),
    )
    found = solve_problem(star, iterations=60)
    assert not found.is_kept
    assert found.detached.any()


def test_islands_go_where_the_seats_are() -> None:
    """Blocks without any neighbour are no part of a zone's shape, but they do have to find their seats."""
    indptr, indices = neighbours_of(np.array([[0, 3]]), 4)
    islands = ZoneProblem(
        demand=np.array([2.0, 1, 1, 1]),
        cost=np.array([[1.0, 9], [1, 2], [1, 2], [9, 1]]),
        allowed=np.ones((4, 2), dtype=np.bool_),
        capacity=np.array([2.0, 9]),
        indptr=indptr,
        indices=indices,
        home=np.array([0, 3], dtype=np.int32),
    )
    found = solve_problem(islands, iterations=60)
    assert found.school.tolist() == [0, 1, 1, 1]
    assert found.gap == pytest.approx(0, abs=1e-6)
