"""The generated counties and the models of the peers, so that a benchmark compares what it says."""

import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from tests.zones.checker import Town, check_plan
from tests.zones.oracle import best_plan, grid_problem

import generated
import peers
from zoning.zones.problem import ZoneProblem


def arrays(problem: ZoneProblem) -> list[list[float]]:
    """Return what makes a problem."""
    names = ("demand", "cost", "capacity", "indptr", "indices", "home")
    return [getattr(problem, name).tolist() for name in names]


@pytest.mark.parametrize("family", ["delaunay", "grid", "roads"])
@pytest.mark.parametrize("spare", [0.01, 0.15])
def test_a_county_has_what_its_name_says(family: str, spare: float) -> None:
    """Size and seats as asked, one piece, a school a block, room at each school for its own block."""
    problem = generated.make_county(family, 240, 8, spare=spare, seed=3)
    town = Town(problem)
    assert problem.cost.shape == (240, 8)
    assert nx.is_connected(town.graph)
    assert len(set(town.home)) == 8
    assert all(town.allowed[home] == {k} for k, home in enumerate(town.home))
    assert (problem.demand >= 1).all()
    assert (problem.demand[problem.home] <= problem.capacity).all()
    wanted = (1 + spare) * problem.demand.sum()
    assert wanted <= problem.capacity.sum() <= wanted + 8


@pytest.mark.parametrize("family", ["delaunay", "grid", "roads"])
def test_the_seed_makes_the_county(family: str) -> None:
    """The same seed gives the same numbers, another seed others."""
    first = arrays(generated.make_county(family, 120, 5, seed=1))
    assert arrays(generated.make_county(family, 120, 5, seed=1)) == first
    assert arrays(generated.make_county(family, 120, 5, seed=2)) != first


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pulp.*", "ignore:.*PuLP 4.0:DeprecationWarning")
@pytest.mark.parametrize("name", ["HiGHS (scipy milp)", "PuLP + CBC", "OR-Tools CP-SAT"])
def test_the_peers_solve_the_problem_that_is_meant(name: str) -> None:
    """On 3×3 towns where contiguity costs something each peer's plan is the cheapest of all 512."""
    random = np.random.default_rng(5)
    for _ in range(3):
        homes = random.choice(9, 2, replace=False).tolist()
        allowed = np.ones((9, 2), dtype=np.bool_)
        allowed[homes] = np.eye(2, dtype=np.bool_)
        demand = random.integers(1, 9, 9).tolist()
        seats = [sum(demand) * 0.6] * 2
        cost = random.integers(0, 300, (9, 2)).astype(np.float64)
        problem = grid_problem(3, 3, homes, demand=demand, capacity=seats, cost=cost, allowed=allowed)
        best = best_plan(problem)
        school, bound = peers.PEERS[name][0](problem, 20.0, 1)
        if best is None:
            assert school is None
            continue
        verdict = check_plan(problem, school)
        assert verdict.is_kept
        assert verdict.cost == pytest.approx(best[0])
        assert bound == pytest.approx(best[0], rel=1e-4)


def test_the_script_prints_a_checked_row() -> None:
    """A small county in a process of its own: a plan that the checker passes, with its gap."""
    script = Path(generated.__file__).parent / "zones.py"
    command = [sys.executable, str(script), "--size=64x3:0.5", "--family=grid", "--spare=0.2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row = done.stdout.splitlines()[-1]
    assert re.search(r"grid 64 × 3, 20% .*%.* checked$", row), row
