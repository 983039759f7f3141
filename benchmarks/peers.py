"""What a user would pick instead: the same problem as a model for a general solver.

Every peer gets the whole model: each block one allowed school, capacities, and, where it says so, zones in
one piece (CP-SAT: a tree of parents with levels; the MIP solvers: one unit of flow from the school's block to
each block of its zone; both need a school's own block to be its own). Costs and people are the same numbers;
CP-SAT needs whole ones and gets hundredths.

A peer returns (school of each block or None, its own lower bound or None). OR-Tools and HiGHS cannot be
loaded in one process, so each runs in its own.
"""

import math
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from zoning import zones

Answer = tuple[list[int] | None, float | None]
Peer = Callable[[zones.ZoneProblem, float, int], Answer]

STEPS = 100  # CP-SAT counts in hundredths


class Model:
    """A mixed-integer model as sparse rows: the first columns are the allowed cells (block, school)."""

    def __init__(self, problem: zones.ZoneProblem, *, contiguous: bool) -> None:
        self.block, self.school = np.nonzero(problem.allowed)
        self.cell = np.full(problem.allowed.shape, -1)
        self.cell[self.block, self.school] = np.arange(len(self.block))
        self.price = (problem.demand[:, None] * problem.cost)[self.block, self.school].tolist()
        self.upper = [1.0] * len(self.price)
        self.whole = len(self.price)  # columns before this one are 0 or 1
        self.rows: list[tuple[list[int], list[float], float, float]] = []  # columns, values, least, most
        for i in range(problem.blocks):
            cells = self._cells_of(i)
            self.rows.append((cells, [1.0] * len(cells), 1.0, 1.0))
        for k, seats in enumerate(problem.capacity.tolist()):
            cells = [c for c in self.cell[:, k].tolist() if c >= 0]
            self.rows.append((cells, problem.demand[self.block[cells]].tolist(), -math.inf, seats))
        if contiguous:
            self._flow(problem)

    def _cells_of(self, block: int) -> list[int]:
        return [c for c in self.cell[block].tolist() if c >= 0]

    def _column(self, upper: float) -> int:
        self.price.append(0.0)
        self.upper.append(upper)
        return len(self.price) - 1

    def _flow(self, problem: zones.ZoneProblem) -> None:
        """A block that is no home takes one unit more than it passes on, along arcs inside its zone."""
        arcs = arcs_of(problem)
        homes = set(problem.home.tolist())
        inside = {arc: self._column(1.0) for arc in arcs}
        self.whole = len(self.price)
        most = float(problem.blocks - len(homes))
        carried = {arc: self._column(most) for arc in arcs}
        for (a, b), column in inside.items():
            self.rows.append(([carried[a, b], column], [1.0, -most], -math.inf, 0.0))
            for k in range(problem.schools):
                end, start = int(self.cell[b, k]), int(self.cell[a, k])
                if end >= 0:  # inside, and b in zone k: a is in it too
                    columns = [column, end, *([start] if start >= 0 else [])]
                    self.rows.append((columns, [1.0, 1.0, -1.0][: len(columns)], -math.inf, 1.0))
        entering: dict[int, list[int]] = {}
        leaving: dict[int, list[int]] = {}
        for (a, b), column in carried.items():
            leaving.setdefault(a, []).append(column)
            entering.setdefault(b, []).append(column)
        for block in set(range(problem.blocks)) - homes:
            come, go = entering.get(block, []), leaving.get(block, [])
            self.rows.append(([*come, *go], [1.0] * len(come) + [-1.0] * len(go), 1.0, 1.0))

    def plan(self, values: np.ndarray, blocks: int) -> list[int]:
        """Return the school of each block from the values of the cells."""
        school = np.zeros(blocks, dtype=np.int64)
        chosen = values[: len(self.block)] > 0.5
        school[self.block[chosen]] = self.school[chosen]
        return school.tolist()


def arcs_of(problem: zones.ZoneProblem) -> list[tuple[int, int]]:
    """Return the directed pairs of neighbours that a way into a block that is no home can use."""
    homes = set(problem.home.tolist())
    start = np.repeat(np.arange(problem.blocks), np.diff(problem.indptr)).tolist()
    return [(a, b) for a, b in zip(start, problem.indices.tolist(), strict=True) if b not in homes]


def highs(problem: zones.ZoneProblem, seconds: float, _: int) -> Answer:
    """Return the answer of HiGHS through scipy."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - one solver a process

    model = Model(problem, contiguous=problem.contiguous)
    sizes = [len(columns) for columns, *_ in model.rows]
    columns = [column for row in model.rows for column in row[0]]
    values = [value for row in model.rows for value in row[1]]
    lines = np.repeat(np.arange(len(sizes)), sizes)
    left = csr_array((values, (lines, columns)), shape=(len(sizes), len(model.price)))
    done = milp(
        np.array(model.price),
        constraints=LinearConstraint(left, [row[2] for row in model.rows], [row[3] for row in model.rows]),
        bounds=Bounds(0, np.array(model.upper)),
        integrality=(np.arange(len(model.price)) < model.whole).astype(np.int64),
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    bound = None if done.mip_dual_bound is None else float(done.mip_dual_bound)
    return None if done.x is None else model.plan(done.x, problem.blocks), bound


def cbc(problem: zones.ZoneProblem, seconds: float, threads: int) -> Answer:
    """Return the answer of CBC through PuLP, with the bound that its log names."""
    import pulp  # noqa: PLC0415 - one solver a process

    model = Model(problem, contiguous=problem.contiguous)
    task = pulp.LpProblem("zones", pulp.LpMinimize)
    column = [
        pulp.LpVariable(f"x{n}", 0, most, "Binary" if n < model.whole else "Continuous")
        for n, most in enumerate(model.upper)
    ]
    task += pulp.LpAffineExpression(zip(column, model.price, strict=True))
    for columns, values, least, most in model.rows:
        total = pulp.LpAffineExpression([(column[c], v) for c, v in zip(columns, values, strict=True)])
        task += (total == most) if least == most else (total <= most)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        limit = {"timeLimit": seconds, "threads": threads, "gapRel": 1e-6}
        task.solve(pulp.PULP_CBC_CMD(msg=False, logPath=str(log), **limit))
        found = re.search(r"Lower bound:\s+([-+.\de]+)", log.read_text(encoding="utf-8", errors="replace"))
    bound = float(found[1]) if found else None
    if task.sol_status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        return None, bound
    if task.sol_status == pulp.LpSolutionOptimal and bound is None:
        bound = float(pulp.value(task.objective))
    return model.plan(np.array([variable.value() or 0.0 for variable in column]), problem.blocks), bound


def cp_sat(problem: zones.ZoneProblem, seconds: float, threads: int) -> Answer:
    """Return the answer of CP-SAT; zones in one piece by a parent for every block that is no home."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - one solver a process

    model = cp_model.CpModel()
    cells = [tuple(cell) for cell in np.argwhere(problem.allowed).tolist()]
    chosen = {cell: model.new_bool_var("") for cell in cells}
    for i in range(problem.blocks):
        model.add_exactly_one(chosen[i, k] for k in np.flatnonzero(problem.allowed[i]).tolist())
    people = np.rint(problem.demand).astype(int).tolist()
    for k, seats in enumerate(problem.capacity.tolist()):
        model.add(sum(people[i] * chosen[i, to] for i, to in cells if to == k) <= math.floor(seats))
    price = np.rint(problem.demand[:, None] * problem.cost * STEPS).astype(int)
    model.minimize(sum(int(price[cell]) * literal for cell, literal in chosen.items()))
    if problem.contiguous:
        _tree(model, problem, chosen)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    solver.parameters.relative_gap_limit = 1e-6
    status = solver.solve(model)
    bound = solver.best_objective_bound / STEPS
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, bound
    return [
        next(k for k in range(problem.schools) if (i, k) in chosen and solver.boolean_value(chosen[i, k]))
        for i in range(problem.blocks)
    ], bound


def _tree(model: "object", problem: zones.ZoneProblem, chosen: dict[tuple[int, int], "object"]) -> None:
    """Give every block that is no home a parent of its own zone, one level nearer the school's block."""
    homes = set(problem.home.tolist())
    level = [model.new_int_var(0, 0 if i in homes else problem.blocks, "") for i in range(problem.blocks)]
    parents: dict[int, list[object]] = {i: [] for i in range(problem.blocks) if i not in homes}
    for a, b in arcs_of(problem):
        parent = model.new_bool_var("")
        parents[b].append(parent)
        model.add(level[b] >= level[a] + 1).only_enforce_if(parent)
        for k in range(problem.schools):
            if (b, k) in chosen:
                start = [chosen[a, k]] if (a, k) in chosen else []
                model.add_bool_or([parent.negated(), chosen[b, k].negated(), *start])
    for literals in parents.values():
        model.add_exactly_one(literals)


def spopt(problem: zones.ZoneProblem, seconds: float, threads: int) -> Answer:
    """Return the answer of spopt's capacitated p-median with every school open; it knows no contiguity."""
    import pulp  # noqa: PLC0415 - one solver a process
    from spopt.locate import PMedian  # noqa: PLC0415 - one solver a process

    # It knows no forbidden cells either: they cost more than any plan.
    cost = np.where(problem.allowed, problem.cost, problem.cost.max() * problem.blocks)
    model = PMedian.from_cost_matrix(
        cost, problem.demand, problem.schools, facility_capacities=problem.capacity, name="zones"
    )
    limit = {"timeLimit": seconds, "threads": threads, "gapRel": 1e-6}
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, **limit))
    return [int(served[0]) for served in model.cli2fac], None


PEERS: dict[str, tuple[Peer, tuple[str, ...]]] = {
    "HiGHS (scipy milp)": (highs, ("scipy",)),
    "PuLP + CBC": (cbc, ("pulp",)),
    "OR-Tools CP-SAT": (cp_sat, ("ortools",)),
    "spopt PMedian (CBC)": (spopt, ("spopt", "pulp")),
}
WITHOUT_CONTIGUITY_ONLY = {"spopt PMedian (CBC)"}
