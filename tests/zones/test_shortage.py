"""Seats that are short are counted once, whatever the order of the blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.zones.oracle import grid_problem

from zoning.zones import ZoneProblem, assign_blocks
from zoning.zones.shortage import find_shortages


def town_of(demand: list[float], capacity: list[float], allowed: np.ndarray) -> ZoneProblem:
    """Return blocks in a row, schools in the first of them, and who may attend what."""
    homes = list(range(len(capacity)))
    return grid_problem(1, len(demand), homes, demand=demand, capacity=capacity, allowed=allowed)


def shorts_of(problem: ZoneProblem) -> list[tuple[tuple[str, ...], float]]:
    """Return the schools and the size of every shortage."""
    ids = tuple(f"s{number}" for number in range(problem.schools))
    towns = np.array(["A"] * problem.blocks, dtype=object)
    flow = assign_blocks(problem)
    found = find_shortages(problem, flow, ids, towns, reach=np.ones_like(problem.allowed))
    return [(one.place, one.short) for one in found]


def fewest_seats(problem: ZoneProblem) -> float:
    """Return the pupils that no assignment seats, from a linear programme."""
    block, school = np.nonzero(problem.allowed)
    kinds = [(np.arange(problem.blocks), block, problem.demand)]
    kinds.append((np.arange(problem.schools), school, problem.capacity))
    rows = np.vstack([ends == row for every, ends, _ in kinds for row in every]).astype(float)
    limits = np.concatenate([most for _, _, most in kinds])
    return float(problem.demand.sum() + linprog(-np.ones(len(block)), A_ub=rows, b_ub=limits).fun)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_a_shortage_inside_a_wider_one_is_counted_once(order: list[int]) -> None:
    """Block 0 lacks 3 seats at s0; block 2 lacks 2 at s1, whose other user could not move to s0 either."""
    allowed = np.array([[True, False], [True, True], [False, True]])[order]
    demand = np.array([8.0, 4.0, 3.0])[order].tolist()
    assert sum(short for _, short in shorts_of(town_of(demand, [5, 5], allowed))) == pytest.approx(5)


@given(
    st.lists(st.integers(0, 9), min_size=5, max_size=5),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=15, max_size=15),
)
@settings(max_examples=60, deadline=None)
def test_the_seats_to_add_are_the_fewest(demand: list[float], seats: list[float], may: list[bool]) -> None:
    """The shortages add up to the pupils that no assignment can seat."""
    allowed = np.array(may).reshape(5, 3)
    allowed[:, 0] |= ~allowed.any(axis=1)
    problem = town_of(demand, seats, allowed)
    assert sum(short for _, short in shorts_of(problem)) == pytest.approx(fewest_seats(problem), abs=1e-6)
