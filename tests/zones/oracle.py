"""A checker and an exhaustive solver that share no code with the engine."""

import itertools

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from zoning.zones import Multipliers, ZoneProblem, lower_bound, neighbours_of


def grid_problem(
    rows: int,
    columns: int,
    homes: list[int],
    *,
    demand: list[float],
    capacity: list[float],
    cost: np.ndarray | None = None,
    allowed: np.ndarray | None = None,
) -> ZoneProblem:
    """Return a problem on a grid of blocks, block k in row k // columns; cost by squared-off distance."""
    cells = [divmod(k, columns) for k in range(rows * columns)]
    pairs = [
        (a, b)
        for a, b in itertools.combinations(range(len(cells)), 2)
        if abs(cells[a][0] - cells[b][0]) + abs(cells[a][1] - cells[b][1]) == 1
    ]
    if cost is None:
        distance = [[abs(r - cells[h][0]) + abs(c - cells[h][1]) for h in homes] for r, c in cells]
        cost = 60.0 * np.array(distance, dtype=np.float64)
    indptr, indices = neighbours_of(np.array(pairs).reshape(-1, 2), len(cells))
    return ZoneProblem(
        demand=np.array(demand, dtype=np.float64),
        cost=cost,
        allowed=np.ones(cost.shape, dtype=np.bool_) if allowed is None else allowed,
        capacity=np.array(capacity, dtype=np.float64),
        indptr=indptr,
        indices=indices,
        home=np.array(homes, dtype=np.int32),
    )


def faults(problem: ZoneProblem, school: list[int]) -> dict[str, float]:
    """Return what a plan breaks: pupils over capacity, blocks in the wrong zone, zones in several pieces."""
    graph = nx.Graph()
    graph.add_nodes_from(range(problem.blocks))
    for block in range(problem.blocks):
        for other in problem.indices[problem.indptr[block] : problem.indptr[block + 1]].tolist():
            graph.add_edge(block, other)
    over = forbidden = pieces = 0.0
    for number in range(problem.schools):
        zone = {block for block, chosen in enumerate(school) if chosen == number}
        over += max(0.0, sum(problem.demand[block] for block in zone) - problem.capacity[number])
        forbidden += sum(not problem.allowed[block, number] for block in zone)
        if zone:
            joined = graph.subgraph(zone | {int(problem.home[number])})
            pieces += nx.number_connected_components(joined) - 1
    return {"over": round(over, 6), "forbidden": forbidden, "pieces": pieces}


def best_plan(problem: ZoneProblem) -> tuple[float, tuple[int, ...]] | None:
    """Return the cheapest plan that breaks nothing, by trying every plan; None where there is none."""
    best = None
    for school in itertools.product(range(problem.schools), repeat=problem.blocks):
        cost = sum(problem.demand[b] * problem.cost[b, s] for b, s in enumerate(school))
        if (best is None or cost < best[0] - 1e-9) and not any(faults(problem, list(school)).values()):
            best = (cost, school)
    return best


@st.composite
def small_problems(draw: st.DrawFn, *, schools: int = 2) -> ZoneProblem:
    """Draw a 3×3 town with whole pupils, schools in different blocks and a few seats to spare."""
    homes = draw(st.lists(st.integers(0, 8), min_size=schools, max_size=schools, unique=True))
    demand = draw(st.lists(st.integers(0, 9), min_size=9, max_size=9))
    spare = draw(st.integers(0, 12))
    total = sum(demand) + spare
    first = draw(st.integers(total // 3, total - total // 3))
    seats = [first, total - first] if schools == 2 else [total] * schools
    noise = draw(st.lists(st.integers(0, 300), min_size=9 * schools, max_size=9 * schools))
    cost = np.array(noise, dtype=np.float64).reshape(9, schools)
    return grid_problem(3, 3, homes, demand=demand, capacity=seats, cost=cost)


def seat_bound(problem: ZoneProblem, prices: np.ndarray) -> float:
    """Return the bound that prices of seats alone prove."""
    return lower_bound(problem, Multipliers.of_seats(problem, prices))
