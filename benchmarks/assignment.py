"""Capacitated assignment at named sizes: min-cost flow beside PuLP with CBC and scipy's HiGHS, in one run.

Every solver runs in a process of its own on the same arrays (``--solver`` is how the script starts itself),
solves the splittable assignment and reports the time to build and solve it; loading libraries is not timed.
The peers are given the nearest schools of each block only; the flow starts from the same and goes on until
its value is proved for all schools, so it can come out a little lower. The whole search (bound, whole blocks,
contiguity) is timed beside them.

    python benchmarks/assignment.py                        # 3,000 × 30 and 30,000 × 100
    python benchmarks/assignment.py --size 100000x300 --limit 300
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

NEAREST = 10
SOLVERS = {
    "min-cost flow": ("flow", "ortools"),
    "HiGHS interior point": ("highs-ipm", "scipy"),
    "HiGHS dual simplex": ("highs-ds", "scipy"),
    "PuLP + CBC": ("cbc", "pulp"),
    "whole blocks, contiguous, bound": ("plan", "zoning"),
}


def make_case(blocks: int, schools: int, *, spare: float, seed: int) -> dict[str, np.ndarray]:
    """Return blocks on a grid with invented pupils, schools at random blocks and seats for everybody."""
    random = np.random.default_rng(seed)
    side = int(np.ceil(blocks**0.5))
    point = np.column_stack(np.divmod(np.arange(blocks), side)).astype(np.float64)
    home = random.choice(blocks, schools, replace=False)
    demand = random.poisson(30, blocks).astype(np.float64)
    share = random.uniform(0.6, 1.4, schools)
    capacity = np.ceil(share / share.sum() * demand.sum() * (1 + spare))
    right = np.flatnonzero((np.arange(blocks) % side < side - 1) & (np.arange(blocks) + 1 < blocks))
    down = np.arange(max(blocks - side, 0))
    pairs = np.concatenate([np.column_stack([right, right + 1]), np.column_stack([down, down + side])])
    cost = np.hypot(*(point[:, None, axis] - point[None, home, axis] for axis in (0, 1))) * 60
    return {"demand": demand, "capacity": capacity, "home": home, "pairs": pairs, "cost": cost}


def nearest_arcs(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return blocks and schools of the arcs to the nearest schools."""
    width = min(NEAREST, cost.shape[1])
    school = np.argpartition(cost, width - 1, axis=1)[:, :width]
    return np.repeat(np.arange(len(cost)), width), school.ravel()


def solve_highs(case: dict[str, np.ndarray], method: str) -> dict[str, float]:
    from scipy.optimize import linprog  # noqa: PLC0415 - one solver a process
    from scipy.sparse import csr_array  # noqa: PLC0415 - one solver a process

    began = time.perf_counter()
    block, school = nearest_arcs(case["cost"])
    arcs = np.arange(len(block))
    ones = np.ones(len(block))
    whole = csr_array((ones, (block, arcs)), shape=(len(case["demand"]), len(block)))
    seats = csr_array((case["demand"][block], (school, arcs)), shape=(len(case["capacity"]), len(block)))
    price = case["demand"][block] * case["cost"][block, school]
    done = linprog(
        price, A_ub=seats, b_ub=case["capacity"], A_eq=whole, b_eq=np.ones(len(case["demand"])), method=method
    )
    value = float(done.fun) if done.status == 0 else float("nan")
    return {"value": value, "seconds": time.perf_counter() - began}


def solve_cbc(case: dict[str, np.ndarray]) -> dict[str, float]:
    import pulp  # noqa: PLC0415 - one solver a process

    began = time.perf_counter()
    block, school = nearest_arcs(case["cost"])
    model = pulp.LpProblem("assignment", pulp.LpMinimize)
    share = [pulp.LpVariable(f"x{arc}", 0) for arc in range(len(block))]
    price = case["demand"][block] * case["cost"][block, school]
    model += pulp.LpAffineExpression(zip(share, price.tolist(), strict=True))
    rows: list[list[tuple[pulp.LpVariable, float]]] = [[] for _ in case["demand"]]
    columns: list[list[tuple[pulp.LpVariable, float]]] = [[] for _ in case["capacity"]]
    for variable, row, column in zip(share, block.tolist(), school.tolist(), strict=True):
        rows[row].append((variable, 1.0))
        columns[column].append((variable, float(case["demand"][row])))
    for terms in rows:
        model += pulp.LpAffineExpression(terms) == 1
    for terms, seats in zip(columns, case["capacity"].tolist(), strict=True):
        model += pulp.LpAffineExpression(terms) <= seats
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    return {"value": float(pulp.value(model.objective)), "seconds": time.perf_counter() - began}


def solve_ours(case: dict[str, np.ndarray], *, whole: bool) -> dict[str, float]:
    import ortools.graph.python.min_cost_flow  # noqa: F401, PLC0415 - loading it is not what is timed

    from zoning import zones  # noqa: PLC0415 - one solver a process

    began = time.perf_counter()
    indptr, indices = zones.neighbours_of(case["pairs"], len(case["demand"]))
    problem = zones.ZoneProblem(
        demand=case["demand"],
        cost=case["cost"],
        allowed=np.ones(case["cost"].shape, dtype=np.bool_),
        capacity=case["capacity"],
        indptr=indptr,
        indices=indices,
        home=case["home"].astype(np.int32),
    )
    if not whole:
        flow = zones.assign_blocks(problem, nearest=NEAREST)
        value = float(flow.pupils @ problem.cost[flow.block, flow.school])
        return {"value": value, "seconds": time.perf_counter() - began, "rounds": flow.rounds}
    problem = zones.keep_homes(problem)
    found = zones.solve_problem(problem)
    return {
        "value": found.cost,
        "seconds": time.perf_counter() - began,
        "gap": float("nan") if found.excess.sum() > 0 else found.cost / found.bound - 1,
        "over": float(found.excess.sum()),
        "detached": float(found.detached.sum()),
    }


def run_one(solver: str, path: Path) -> None:
    with np.load(path) as file:
        case = dict(file)
    if solver == "cbc":
        found = solve_cbc(case)
    elif solver.startswith("highs"):
        found = solve_highs(case, solver)
    else:
        found = solve_ours(case, whole=solver == "plan")
    print(json.dumps(found))


def run_size(blocks: int, schools: int, *, limit_s: float, spare: float, solvers: list[str]) -> None:
    print(f"\n{blocks:,} blocks × {schools} schools, {spare:.0%} spare, {NEAREST} nearest")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.npz"
        np.savez(path, **make_case(blocks, schools, spare=spare, seed=1))
        base = None
        for label, (solver, package) in SOLVERS.items():
            if solver not in solvers:
                continue
            command = [sys.executable, __file__, "--solver", solver, "--case", str(path)]
            name = f"{label} ({package} {version(package)})"
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=True)
            except subprocess.TimeoutExpired:
                print(f"  {name:52s} over {limit_s:.0f} s")
                continue
            found = json.loads(done.stdout.splitlines()[-1])
            base = found["seconds"] if base is None else base
            more = ", ".join(f"{k} {v:.4g}" for k, v in found.items() if k not in {"seconds", "value"})
            ratio = found["seconds"] / base
            print(f"  {name:52s} {found['seconds']:8.2f} s {ratio:7.1f}× {found['value']:18,.0f}  {more}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", action="append", help="blocks x schools, such as 3000x30 (may be repeated)")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for one solver")
    parser.add_argument("--spare", type=float, default=0.10, help="share of seats beyond the pupils")
    parser.add_argument("--solvers", default="flow,highs-ipm,highs-ds,cbc,plan", help="which, by comma")
    parser.add_argument("--solver", help=argparse.SUPPRESS)
    parser.add_argument("--case", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.solver:
        run_one(given.solver, given.case)
        return
    for size in given.size or ["3000x30", "30000x100"]:
        blocks, schools = (int(part) for part in size.split("x"))
        run_size(blocks, schools, limit_s=given.limit, spare=given.spare, solvers=given.solvers.split(","))


if __name__ == "__main__":
    main()
