"""The checker itself: each fault is seen, real plans checked elsewhere pass, the engine's words hold."""

import dataclasses
import json
import math
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.zones.brute import kept_plans, tiny_problems
from tests.zones.checker import (
    CutRow,
    Town,
    check_plan,
    check_solution,
    cut_is_valid,
    open_cells,
    proved_bound,
)
from tests.zones.oracle import grid_problem
from tests.zones.test_service_area import problem_of

from zoning.zones import solve_problem
from zoning.zones.problem import LoadRule, ZoneProblem

WHOLE = [0, 0, 1, 0, 0, 1, 0, 1, 1]


def town(**changes: Any) -> ZoneProblem:  # noqa: ANN401 - any field
    """Return a 3×3 town with schools in opposite corners and seats for five blocks each."""
    return dataclasses.replace(grid_problem(3, 3, [0, 8], demand=[1] * 9, capacity=[5, 5]), **changes)


def test_a_plan_that_keeps_the_rules_has_no_fault() -> None:
    """Cost is Σ demand × cost, to the last digit."""
    verdict = check_plan(town(), WHOLE, exact=True)
    assert verdict.is_kept
    assert verdict.cost == Fraction(60) * (0 + 1 + 2 + 1 + 2 + 1 + 2 + 1 + 0)


def test_each_fault_is_seen() -> None:
    """A school too full, a block cut off, forbidden, without a school, or one too many."""
    assert check_plan(town(capacity=np.array([4.0, 5])), WHOLE).broken == {("capacity", 0): 1.0}
    assert check_plan(town(), [0, 0, 1, 1, 0, 1, 0, 1, 1]).detached == (3, 6)
    assert check_plan(town(contiguous=False), [0, 0, 1, 1, 0, 1, 0, 1, 1]).is_kept
    assert check_plan(town(allowed=np.eye(9, 2, k=0) + 1 > 1), WHOLE).misplaced
    assert check_plan(town(), [*WHOLE[:8], -1]).misplaced == (8,)
    assert check_plan(town(), WHOLE[:8]).misplaced == (8,)
    assert check_plan(town(), [*WHOLE, 0]).misplaced == (9,)


def test_load_rules_are_broken_or_priced() -> None:
    """A hard rule is a fault, a soft one a price for each unit outside, on either side."""
    ones, free = np.ones(9), np.full(2, math.inf)
    least = LoadRule("intake", ones, np.array([0.0, 6]), free)
    assert check_plan(town(rules=(least,)), WHOLE).broken == {("intake", 1): 2.0}
    soft = check_plan(town(rules=(dataclasses.replace(least, price=50.0),)), WHOLE)
    assert soft.is_kept
    assert soft.cost == check_plan(town(), WHOLE).cost + 100
    band = LoadRule("balance", np.array([1, -1] * 4 + [1.0]), np.array([-9.0, -9]), np.zeros(2), price=2.0)
    assert check_plan(town(rules=(band,)), WHOLE).cost == check_plan(town(), WHOLE).cost + 2 * 1


def test_a_home_of_two_schools_joins_both_zones() -> None:
    """The school's block connects its zone even where it is the other school's; an island is excused."""
    shared = town(home=np.array([4, 4], dtype=np.int32), capacity=np.array([9.0, 9]))
    assert check_plan(shared, [0, 1, 0, 0, 0, 0, 0, 1, 0]).is_kept
    lonely = grid_problem(1, 3, [0, 0], demand=[1] * 3, capacity=[9, 9])
    lonely = dataclasses.replace(lonely, indptr=np.array([0, 1, 2, 2]), indices=np.array([1, 0]))
    assert Town(lonely).stranded == {2}
    assert check_plan(lonely, [0, 0, 1]).is_kept


def test_a_cut_is_checked_by_walking() -> None:
    """On a street the block between is a separator, a block beside is none, and the bound takes its worth."""
    street = grid_problem(1, 4, [0, 3], demand=[1] * 4, capacity=[4, 4])
    good: CutRow = (2, 0, (1,), 30.0)
    assert cut_is_valid(Town(street), good)
    for bad in [
        (2, 0, (3,), 30.0),
        (2, 0, (0,), 30.0),
        (2, 0, (-3,), 30.0),
        (2, 0, (1,), -1.0),
        (2, 2, (1,), 1.0),
    ]:
        assert not cut_is_valid(Town(street), bad)
        with pytest.raises(AssertionError, match="does not hold"):
            proved_bound(street, [[0.0, 0.0]], [bad])
    assert proved_bound(street, [[0.0, 0.0]], [good], exact=True) == 120


def test_a_way_too_heavy_closes_a_cell() -> None:
    """Two seats reach one block beyond the school's own, where that block must be the school's."""
    allowed = np.array([[True, False], [True, True], [True, True], [False, True]])
    street = grid_problem(1, 4, [0, 3], demand=[1] * 4, capacity=[2, 4], allowed=allowed)
    assert open_cells(Town(street)) == {0: {0}, 1: {0, 1}, 2: {1}, 3: {1}}


@given(tiny_problems())
@settings(max_examples=60, deadline=None)
def test_what_the_engine_says_of_its_plan_is_so(problem: ZoneProblem) -> None:
    """Any rules, hard or priced: cost, bound and cut-off blocks as a second calculation finds them."""
    plans = kept_plans(problem)
    found = solve_problem(problem, iterations=60)
    verdict, wrong = check_solution(problem, found, exact=True)
    assert wrong == []
    if plans:
        least = float(min(plans)[0])
        assert found.bound <= least + 1e-6
        assert not verdict.is_kept or found.cost >= least - 1e-6
    assert verdict.is_kept == found.is_kept
    assert plans or not found.is_kept


@given(tiny_problems())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_engine_finds_the_best_plan_of_small_towns(problem: ZoneProblem) -> None:
    """Under any rules, hard or priced, the plan found is the cheapest of all that keep them."""
    plans = kept_plans(problem)
    if plans:
        found = solve_problem(problem, iterations=80)
        assert found.is_kept
        assert found.cost == pytest.approx(float(min(plans)[0]), abs=1e-6)


@pytest.mark.real
@pytest.mark.skipif(not os.environ.get("ZONING_REAL_DATA"), reason="needs ZONING_REAL_DATA")
@pytest.mark.parametrize("name", ["gy_41d", "gy2_22d"])
def test_plans_checked_elsewhere_pass(name: str) -> None:
    """Plans of two published instances that came with the data keep every rule and cost what is said."""
    folder = Path(os.environ["ZONING_REAL_DATA"]) / "gongyi"
    units = folder / f"{name}.txt"
    problem = problem_of(units, folder / f"{name.split('_', maxsplit=1)[0]}_connectivity.txt")
    witness = json.loads((folder / f"witness_{name}.json").read_text(encoding="utf-8"))
    oids = [line.split("\t")[0] for line in units.read_text(encoding="utf-8").split("\n")[1:] if line]
    column = {oids[home]: k for k, home in enumerate(problem.home.tolist())}
    verdict = check_plan(problem, [column[str(witness["assignment"][oid])] for oid in oids])
    assert verdict.is_kept
    assert verdict.cost == pytest.approx(witness["cost"], rel=1e-9)
