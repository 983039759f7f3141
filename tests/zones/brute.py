"""Tiny problems of every kind and all their plans, tried one by one; nothing of the engine."""

import itertools
import math

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.zones.checker import CutRow, Number, Town, check_town, open_cells

from zoning.zones.problem import LoadRule, ZoneProblem, neighbours_of


@st.composite
def tiny_problems(draw: st.DrawFn) -> ZoneProblem:
    """Draw up to 8 blocks (6 with three schools), islands, shared homes, hard and soft rules of any sign."""
    schools = draw(st.integers(1, 3))
    blocks = draw(st.integers(2, 8 if schools < 3 else 6))
    spots = st.integers(0, blocks - 1)
    pairs = draw(st.lists(st.tuples(spots, spots), max_size=2 * blocks))
    if draw(st.booleans()):
        pairs += [(a, a + 1) for a in range(blocks - 1)]
    home = draw(st.lists(spots, min_size=schools, max_size=schools))
    allowed = np.array(
        draw(st.lists(st.sampled_from([True, True, True, False]), min_size=blocks * schools, max_size=64))
    )[: blocks * schools].reshape(blocks, schools)
    if draw(st.booleans()):
        for block in set(home):
            own = [k for k in range(schools) if home[k] == block]
            allowed[block] = [k in own for k in range(schools)]
    allowed[~allowed.any(axis=1), draw(st.integers(0, schools - 1))] = True
    demand = _numbers(draw, 0, 6, blocks)
    capacity = _numbers(draw, 0, max(1, int(demand.sum())), schools)
    indptr, indices = neighbours_of(np.array(pairs, dtype=np.int64).reshape(-1, 2), blocks)
    return ZoneProblem(
        demand=demand,
        cost=_numbers(draw, 0, 20, blocks * schools).reshape(blocks, schools),
        allowed=allowed,
        capacity=capacity,
        indptr=indptr,
        indices=indices,
        home=np.array(home, dtype=np.int32),
        rules=tuple(_rule(draw, f"rule {n}", blocks, schools) for n in range(draw(st.integers(0, 2)))),
        capacity_price=draw(st.sampled_from([math.inf, math.inf, 0.0, 7.0, 40.0])),
        contiguous=draw(st.sampled_from([True, True, True, False])),
    )


def _numbers(draw: st.DrawFn, least: int, most: int, size: int) -> np.ndarray:
    return np.array(draw(st.lists(st.integers(least, most), min_size=size, max_size=size)), dtype=np.float64)


def _rule(draw: st.DrawFn, name: str, blocks: int, schools: int) -> LoadRule:
    """Draw a rule with an upper limit, a lower one or both: a year, an intake, a balance band."""
    weight = _numbers(draw, draw(st.sampled_from([-4, 0])), 5, blocks)
    most = int(np.maximum(weight, 0).sum())
    lower = _numbers(draw, -4, max(0, most // 2), schools)
    upper = lower + _numbers(draw, 0, max(1, most), schools)
    kind = draw(st.sampled_from(["upper", "lower", "both"]))
    free = np.full(schools, np.inf)
    price = draw(st.sampled_from([math.inf, math.inf, 0.0, 9.0]))
    return LoadRule(
        name, weight, -free if kind == "upper" else lower, free if kind == "lower" else upper, price
    )


def kept_plans(problem: ZoneProblem) -> list[tuple[Number, tuple[int, ...]]]:
    """Return the exact cost and the schools of every plan that keeps all hard rules."""
    town = Town(problem, exact=True)
    plans = itertools.product(*(sorted(choice) for choice in town.allowed))
    verdicts = ((check_town(town, list(plan)), plan) for plan in plans)
    return [(verdict.cost, plan) for verdict, plan in verdicts if verdict.is_kept]


Cells = dict[tuple[int, int], int]
Row = tuple[dict[int, float], float, tuple[int, int, int] | int]


def relaxed(problem: ZoneProblem, cuts: list[CutRow]) -> tuple[float, np.ndarray, list[float]] | None:
    """Return the linear relaxation with the cuts: its value, prices [rule, school] and worth of each cut.

    None where the relaxation has no solution.
    """
    town = Town(problem)
    cells = {cell: n for n, cell in enumerate((i, k) for i, ks in open_cells(town).items() for k in ks)}
    price = [town.worth[cell] for cell in cells]
    rows = [*_limit_rows(town, cells, price), *_cut_rows(cells, cuts)]
    left = np.zeros((len(rows), len(price)))
    for number, (row, _, _) in enumerate(rows):
        left[number, list(row)] = list(row.values())
    once = np.zeros((len(town.blocks), len(price)))
    for (i, _), n in cells.items():
        once[i, n] = 1
    done = linprog(price, left, [limit for _, limit, _ in rows], once, np.ones(len(once)), method="highs")
    if done.status != 0:
        return None
    prices, worth = np.zeros((len(town.rules), len(town.schools))), [0.0] * len(cuts)
    for (_, _, what), dual in zip(rows, (-done.ineqlin.marginals).tolist(), strict=True):
        if isinstance(what, tuple):
            prices[what[0], what[1]] += what[2] * dual
        else:
            worth[what] = max(dual, 0.0)
    return float(done.fun), prices, worth


def _limit_rows(town: Town, cells: Cells, price: list[float]) -> list[Row]:
    """Return a row for every limit; a soft one gets a column for what is outside, priced."""
    rows: list[Row] = []
    for (r, rule), k in itertools.product(enumerate(town.rules), town.schools):
        for sign, limit in ((1, rule.upper[k]), (-1, rule.lower[k])):
            if not math.isfinite(limit):
                continue
            row = {n: sign * rule.weight[i] for (i, to), n in cells.items() if to == k}
            if not rule.is_hard:
                row[len(price)] = -1.0
                price.append(rule.price)
            rows.append((row, sign * limit, (r, k, sign)))
    return rows


def _cut_rows(cells: Cells, cuts: list[CutRow]) -> list[Row]:
    """Return a row for every cut, over the cells that are open."""
    rows: list[Row] = []
    for number, (block, school, separator, _) in enumerate(cuts):
        row: dict[int, float] = {}
        for i, value in ((block, 1.0), *((other, -1.0) for other in separator)):
            if (i, school) in cells:
                row[cells[i, school]] = row.get(cells[i, school], 0.0) + value
        rows.append((row, 0.0, number))
    return rows
