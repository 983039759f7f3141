"""An independent checker of plans and bounds: plain Python and networkx, no code of the engine.

It reads the fields of :class:`~zoning.zones.problem.ZoneProblem` and nothing else of the package: not its
stacked rows, not its cost, not its reachable cells. What is checked here is written down a second time from
the mathematics alone.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import networkx as nx

from zoning.zones.problem import ZoneProblem

TOLERANCE = 1e-6  # pupils by which a sum may pass a limit, as documented
SMALL = 1_000_000  # blocks × schools up to which the lightest way of a cell is weighed, as documented

Number = Any  # float, or Fraction where every sum is exact
CutRow = tuple[int, int, tuple[int, ...], Number]  # block, school, separator, multiplier


@dataclass(frozen=True)
class Rule:
    """A load rule in plain Python: lower <= Σ weight <= upper at each school, at a price a unit."""

    name: str
    weight: list[Number]
    lower: list[Number]
    upper: list[Number]
    price: Number

    @property
    def is_hard(self) -> bool:
        """Whether no plan may break it."""
        return self.price == math.inf


class Town:
    """A problem as lists, sets and a graph.

    Parameters
    ----------
    problem
        The problem.
    exact
        Whether numbers are fractions, so that sums are exact; infinities stay floats.
    """

    def __init__(self, problem: ZoneProblem, *, exact: bool = False) -> None:
        def number(value: float) -> Number:
            return Fraction(value) if exact and math.isfinite(value) else float(value)

        self.exact = exact
        self.tolerance = number(TOLERANCE)
        self.blocks, self.schools = range(len(problem.demand)), range(len(problem.capacity))
        self.home = [int(block) for block in problem.home]
        self.contiguous = bool(problem.contiguous)
        self.allowed = [{k for k in self.schools if problem.allowed[i, k]} for i in self.blocks]
        demand = [number(value) for value in problem.demand.tolist()]
        self.worth = {
            (i, k): demand[i] * number(float(problem.cost[i, k]))
            for i in self.blocks
            for k in self.allowed[i]
        }
        free = [-math.inf] * len(self.schools)
        seats = [number(value) for value in problem.capacity.tolist()]
        self.rules = [Rule("capacity", demand, free, seats, number(float(problem.capacity_price)))] + [
            Rule(
                rule.name,
                *([number(value) for value in row.tolist()] for row in (rule.weight, rule.lower, rule.upper)),
                price=number(float(rule.price)),
            )
            for rule in problem.rules
        ]
        self.graph = nx.Graph()
        self.graph.add_nodes_from(self.blocks)
        flat = problem.indices.tolist()
        for block, (first, last) in enumerate(pairwise(problem.indptr.tolist())):
            self.graph.add_edges_from((block, other) for other in flat[first:last])
        self.stranded = self._stranded()
        self.ways: dict[tuple[str, int], dict[int, Number]] = {}  # lightest ways from a school, found before

    def total(self, values: Iterable[Number]) -> Number:
        """Return the sum: exact for fractions, correctly rounded for floats."""
        return sum(values, Fraction(0)) if self.exact else math.fsum(values)

    def region(self, school: int) -> set[int]:
        """Return the blocks that the school's zone may hold, its own block in any case."""
        return {i for i in self.blocks if school in self.allowed[i]} | {self.home[school]}

    def _stranded(self) -> set[int]:
        """Return the blocks that no allowed school reaches over blocks that it may have."""
        if not self.contiguous:
            return set()
        held: set[int] = set()
        for school in self.schools:
            part = self.graph.subgraph(self.region(school))
            reached = nx.node_connected_component(part, self.home[school])
            held |= {block for block in reached if school in self.allowed[block]}
        return set(self.blocks) - held


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a plan, and what it costs.

    Parameters
    ----------
    misplaced
        Blocks without exactly one school of the problem, or with one that they may not attend.
    broken
        Units outside the limits of each hard rule, by (rule, school).
    priced
        The same for soft rules; their price is in the cost.
    detached
        Blocks that do not join their school's block inside its zone; stranded ones are excused.
    cost
        Σ demand × cost and the price of soft rules broken.
    """

    misplaced: tuple[int, ...]
    broken: dict[tuple[str, int], Number]
    priced: dict[tuple[str, int], Number]
    detached: tuple[int, ...]
    cost: Number = field(default=math.nan)

    @property
    def is_kept(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.misplaced or self.broken or self.detached)


def check_plan(problem: ZoneProblem, school: Sequence[int], *, exact: bool = False) -> Verdict:
    """Return what is wrong with a plan (school of each block) and what it costs."""
    return check_town(Town(problem, exact=exact), [int(number) for number in school])


def check_town(town: Town, school: list[int]) -> Verdict:
    """Return the verdict on a plan of a problem that was read before."""
    misplaced = [i for i in town.blocks if i >= len(school) or school[i] not in town.allowed[i]]
    if misplaced or len(school) != len(town.blocks):
        return Verdict((*misplaced, *range(len(town.blocks), len(school))), {}, {}, ())
    broken: dict[tuple[str, int], Number] = {}
    priced: dict[tuple[str, int], Number] = {}
    parts = [town.worth[cell] for cell in enumerate(school)]
    zones: list[list[int]] = [[] for _ in town.schools]
    for block, number in enumerate(school):
        zones[number].append(block)
    for rule in town.rules:
        for number, zone in enumerate(zones):
            load = town.total(rule.weight[block] for block in zone)
            out = max(load - rule.upper[number], rule.lower[number] - load)
            if out <= town.tolerance:
                continue
            if rule.is_hard:
                broken[rule.name, number] = out
            else:
                priced[rule.name, number] = out
                parts.append(rule.price * out)
    return Verdict((), broken, priced, tuple(_detached(town, zones)), town.total(parts))


def _detached(town: Town, zones: list[list[int]]) -> list[int]:
    """Return the blocks that are not joined to their school's block, stranded ones excused."""
    if not town.contiguous:
        return []
    loose: set[int] = set()
    for school, zone in enumerate(zones):
        home = town.home[school]
        joined = nx.node_connected_component(town.graph.subgraph({*zone, home}), home)
        loose |= set(zone) - joined
    return sorted(loose - town.stranded)


def open_cells(town: Town) -> dict[int, set[int]]:
    """Return the schools that a zone in one piece can give each block, by lightest ways to the school.

    A way is too heavy when what its blocks count, or the block alone, passes the upper limit of a hard rule
    without negative weights. A block that is closed everywhere keeps the schools that reach it, a stranded
    one all of its own.
    """
    if not town.contiguous:
        return {i: set(town.allowed[i]) for i in town.blocks}
    reached = _reached(town, None)
    near = {i: {k for k in town.allowed[i] if i in reached[k]} or set(town.allowed[i]) for i in town.blocks}
    light = {i: set(near[i]) for i in town.blocks}
    for rule in _weighed(town):
        ways = _reached(town, rule)
        for i in town.blocks:
            light[i] &= {
                k for k in light[i] if i in ways[k] and rule.weight[i] <= rule.upper[k] + town.tolerance
            }
    return {i: near[i] if i in town.stranded or not light[i] else light[i] for i in town.blocks}


def _weighed(town: Town) -> list[Rule]:
    """Return the rules by which ways are weighed; none on large problems."""
    if not town.contiguous or len(town.blocks) * len(town.schools) > SMALL:
        return []
    return [rule for rule in town.rules if rule.is_hard and min(rule.weight, default=0) >= 0]


def _reached(town: Town, rule: Rule | None) -> list[dict[int, Number]]:
    """Return what the lightest way within the limit counts, by school and block, home included if owned."""
    return [_lightest(town, k, rule, town.home[k]) for k in town.schools]


def _lightest(
    town: Town, school: int, rule: Rule | None, start: int, blocks: set[int] | None = None
) -> dict[int, Number]:
    """Return what the lightest way from a block counts, by block; ways past the rule's limit left out."""
    part = town.graph.subgraph(town.region(school) if blocks is None else blocks | {start})
    if rule is None:
        return dict.fromkeys(nx.node_connected_component(part, start), 0)
    counts = start != town.home[school] or town.allowed[start] == {school}
    first = rule.weight[start] if counts else 0
    limit = rule.upper[school] + town.tolerance
    far = nx.single_source_dijkstra_path_length(part, start, weight=lambda _, to, __: rule.weight[to])
    return {block: first + more for block, more in far.items() if first + more <= limit}


def cut_is_valid(town: Town, cut: CutRow) -> bool:
    """Return whether no way within the limits joins the cut's block and its school around the separator."""
    block, school, separator, worth = cut
    if school not in town.schools:
        return False
    home = town.home[school]
    inside = all(0 <= other < len(town.blocks) for other in (block, *separator))
    if not (inside and town.contiguous and math.isfinite(worth) and worth >= 0):
        return False
    if block in town.stranded or home in separator or home == block:
        return False
    passable = {i for i in town.blocks if school in town.allowed[i]} - town.stranded
    for rule in _weighed(town):
        key = (rule.name, school)
        there = town.ways.get(key) or _lightest(town, school, rule, home)
        town.ways[key] = there
        here = _lightest(town, school, rule, block, passable)
        limit = rule.upper[school] + town.tolerance
        if limit < math.inf:
            passable = {
                i
                for i in passable
                if i in there and i in here and there[i] + here[i] - rule.weight[i] <= limit
            }
    passable = (passable - set(separator)) | {block, home}
    queue, seen = deque([block]), {block}
    while queue:
        for other in town.graph[queue.popleft()]:
            if other in passable and other not in seen:
                seen.add(other)
                queue.append(other)
    return home not in seen


def proved_bound(
    problem: ZoneProblem,
    prices: Sequence[Sequence[float]],
    cuts: Iterable[CutRow] = (),
    *,
    exact: bool = False,
) -> Number:
    """Return what prices [rule][school] and separator cuts prove, evaluated with dictionaries.

    Raises
    ------
    AssertionError
        When a cut does not hold or a price stands on a limit that does not exist.
    """
    town = Town(problem, exact=exact)
    cells = open_cells(town)
    number = Fraction if exact else float
    price = {
        (r, k): max(-rule.price, min(rule.price, number(prices[r][k])))
        for r, rule in enumerate(town.rules)
        for k in town.schools
    }
    change: dict[tuple[int, int], Number] = {}
    for cut in cuts:
        assert cut_is_valid(town, cut), f"cut {cut} does not hold"
        block, school, separator, worth = cut
        change[block, school] = change.get((block, school), 0) + number(worth)
        for other in separator:
            change[other, school] = change.get((other, school), 0) - number(worth)
    free, priced = [], []
    for i in town.blocks:
        if not cells[i]:
            continue
        free.append(min(town.worth[i, k] for k in cells[i]))
        priced.append(
            min(
                town.total(
                    [
                        town.worth[i, k],
                        change.get((i, k), 0),
                        *(price[r, k] * rule.weight[i] for r, rule in enumerate(town.rules)),
                    ]
                )
                for k in cells[i]
            )
        )
    for r, rule in enumerate(town.rules):
        for k in town.schools:
            if price[r, k] == 0:
                continue
            limit = rule.upper[k] if price[r, k] > 0 else rule.lower[k]
            assert math.isfinite(limit), f"rule {rule.name} has no such limit at school {k}"
            priced.append(-price[r, k] * limit)
    return max(town.total(free), town.total(priced))


def check_solution(problem: ZoneProblem, found: Any, *, exact: bool = False) -> tuple[Verdict, list[str]]:  # noqa: ANN401 - a second pair of eyes takes whatever the engine calls a solution
    """Return the verdict on a solution's plan, and what the solution itself says wrongly about it.

    Parameters
    ----------
    problem
        The problem.
    found
        The solution: ``school``, ``cost``, ``bound``, ``excess``, ``detached`` and ``multipliers``.
    exact
        Whether to calculate with fractions (small problems).
    """
    verdict = check_plan(problem, found.school.tolist(), exact=exact)
    if verdict.misplaced:
        return verdict, [f"blocks without an allowed school: {verdict.misplaced}"]
    wrong = []
    cost = float(verdict.cost)
    if not math.isclose(cost, found.cost, rel_tol=1e-9, abs_tol=1e-6):
        wrong.append(f"the cost is {cost}, not {found.cost}")
    cuts = [
        (cut.block, cut.school, tuple(cut.separator.tolist()), cut.multiplier)
        for cut in found.multipliers.cuts
    ]
    prices = found.multipliers.prices.tolist()
    bound = float(proved_bound(problem, prices, cuts, exact=exact))
    if len(found.multipliers.blocks):
        from tests.zones.zone_floor import floor_by_zones

        bound = max(bound, floor_by_zones(problem, found.multipliers.blocks.tolist(), prices))
    if found.bound > bound + 1e-9 * max(abs(bound), abs(cost)) + 1e-6:
        wrong.append(f"the multipliers prove {bound}, not {found.bound}")
    if verdict.is_kept and found.bound > cost + 1e-9 * cost:
        wrong.append(f"the bound {found.bound} is above the cost {cost} of a plan that keeps the rules")
    seats = {**verdict.broken, **verdict.priced}
    over = [float(seats.get(("capacity", k), 0)) for k in range(problem.schools)]
    if not all(math.isclose(a, b, abs_tol=2e-6) for a, b in zip(over, found.excess.tolist(), strict=True)):
        wrong.append(f"pupils over the seats are {over}, not {found.excess.tolist()}")
    loose = [i for i, lost in enumerate(found.detached.tolist()) if lost]
    if problem.contiguous and not set(verdict.detached) <= set(loose):
        wrong.append(f"detached are {verdict.detached}, not {loose}")
    return verdict, wrong
