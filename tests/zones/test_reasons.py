"""Why this school and not the nearer one: every reason against an oracle that tries the move itself."""

import dataclasses
import math
import re

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.towns import demand_of, square_town, straight_times
from tests.zones.oracle import best_plan, grid_problem

from zoning.district import District
from zoning.errors import InfeasibleError
from zoning.evaluate import Prices
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.zones import (
    LoadRule,
    ZoneProblem,
    detached_blocks,
    explain_blocks,
    explain_plan,
    pose_problem,
    propose_plan,
)
from zoning.zones.causes import PRECEDENCE
from zoning.zones.moves import nearer_schools, plant_trees, single_moves

YEAR = {"stage": "primary", "year": 2027}


def loose(problem: ZoneProblem, school: list[int]) -> set[int]:
    """Return the blocks that do not connect to their school, found with networkx."""
    graph = nx.Graph()
    graph.add_nodes_from(range(problem.blocks))
    for block in range(problem.blocks):
        for other in problem.indices[problem.indptr[block] : problem.indptr[block + 1]].tolist():
            graph.add_edge(block, other)
    found = set()
    for number in range(problem.schools):
        home = int(problem.home[number])
        zone = {block for block, chosen in enumerate(school) if chosen == number}
        found |= zone - nx.node_connected_component(graph.subgraph(zone | {home}), home)
    return found


def spoken(problem: ZoneProblem, school: list[int], block: int, to: int) -> set[str]:
    """Return what speaks against one move, by making it; prices go by the cost alone."""
    moved = [*school[:block], to, *school[block + 1 :]]
    codes = set()
    if problem.demand[block] == 0:
        codes.add("empty")
    if not problem.allowed[block, to]:
        codes.add("home" if problem.home[school[block]] == block else "closed")
    loads = [sum(problem.demand[b] for b, s in enumerate(moved) if s == to)]
    if loads[0] > problem.capacity[to] + 1e-6 and problem.demand[block] > 0:
        codes.add("capacity")
    if loose(problem, moved) - loose(problem, school):
        codes.add("contiguity")
    gain = problem.cost[block, school[block]] - problem.cost[block, to]
    if problem.allowed[block, to] and gain <= 1e-6 and problem.demand[block] > 0:
        codes.add("dear")
    return codes


@st.composite
def towns_with_plans(draw: st.DrawFn) -> tuple[District, list[float], Plan]:
    """Draw a 3×4 town with two or three schools, pupils, seats and any plan at all."""
    schools = draw(st.lists(st.integers(0, 11), min_size=2, max_size=3, unique=True))
    pupils = draw(st.lists(st.sampled_from([0.0, 3.0, 7.0, 12.5]), min_size=12, max_size=12))
    seats = [float(draw(st.integers(5, 120))) for _ in schools]
    town = square_town(3, 4, schools=[divmod(k, 4) for k in schools], capacity=seats)
    given_to = draw(st.lists(st.integers(0, len(schools) - 1), min_size=12, max_size=12))
    rows = {b: f"s{k}" for b, k in zip(town.block_frame.index, given_to, strict=True)}
    return town, pupils, Plan.of("primary", 2027, rows)


@given(towns_with_plans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_reason_is_what_the_move_itself_shows(
    drawn: tuple[District, list[float], Plan],
    moved: bool,  # noqa: FBT001
) -> None:
    """On any plan of a small town code, school and minutes agree with making each move and looking."""
    town, pupils, plan = drawn
    demand, times = demand_of(town, pupils), straight_times(town)
    against = plan.for_year(2026) if moved else None
    found = explain_plan(town, demand, times, plan, against=against)
    posed = pose_problem(town, demand, times, **YEAR, against=against)
    school = [posed.school_ids.index(plan[block][0]) for block in posed.block_ids]
    kept = posed.problem.allowed[np.arange(12), school].all()
    problem = posed.problem if kept else posed.unkept
    for block, name in enumerate(posed.block_ids):
        reason, own_s = found[name], times.seconds[block, school[block]]
        nearer = [k for k in range(len(posed.school_ids)) if times.seconds[block, k] < own_s]
        assert reason.extra_s == pytest.approx(own_s - times.seconds[block].min())
        assert times.seconds[block, posed.school_ids.index(reason.nearest)] == times.seconds[block].min()
        against_each = [spoken(problem, school, block, k) for k in nearer]
        nearer.sort(key=lambda k: (times.seconds[block, k], k))
        if not nearer:
            assert reason.code == "nearest"
        elif not all(against_each):
            assert reason.code in {"search", "border"}
        else:
            firm = spoken(problem, school, block, nearer[0])
            priced = firm <= {"dear"}
            expected = {"stability", "norm", "price"} if priced else firm & set(PRECEDENCE)
            assert reason.code in expected
            if not priced:
                assert reason.code == min(expected, key=PRECEDENCE.index)


@given(
    st.lists(st.integers(0, 8), min_size=2, max_size=2, unique=True),
    st.lists(st.integers(0, 9), min_size=9, max_size=9),
    st.integers(0, 12),
)
@settings(max_examples=25, deadline=None)
def test_an_optimal_plan_leaves_nothing_unexplained(homes: list[int], pupils: list[int], spare: int) -> None:
    """Of a plan that brute force proves optimal no block could go to a nearer school at no harm."""
    total = sum(pupils) + spare
    town = square_town(3, 3, schools=[divmod(k, 3) for k in homes], capacity=[total // 2 + 1, total // 2 + 1])
    demand, times = demand_of(town, pupils), straight_times(town)
    posed = pose_problem(town, demand, times, **YEAR)
    best = best_plan(posed.problem)
    if best is None:
        return
    rows = {b: posed.school_ids[k] for b, k in zip(posed.block_ids, best[1], strict=True)}
    codes = {r.code for r in explain_plan(town, demand, times, Plan.of("primary", 2027, rows)).values()}
    assert not codes & {"search", "border"}


@given(
    st.lists(st.integers(0, 2), min_size=16, max_size=16),
    st.lists(st.integers(0, 15), min_size=3, max_size=3),
)
@settings(max_examples=80, deadline=None)
def test_what_hangs_on_a_block_is_what_its_leaving_cuts_off(zone: list[int], homes: list[int]) -> None:
    """On a 4×4 town with any zones, two schools in one block too, the trees name exactly those blocks."""
    problem = grid_problem(4, 4, homes, demand=[1.0] * 16, capacity=[16.0] * 3)
    school = np.array(zone, dtype=np.int32)
    trees = plant_trees(problem, school)
    before = loose(problem, zone)
    assert set(np.flatnonzero(trees.place < 0).tolist()) == before
    assert (detached_blocks(problem, school) == (trees.place < 0)).all()
    for block in range(16):
        without = [*zone[:block], 3, *zone[block + 1 :]]
        lost = (
            loose(dataclasses.replace(problem), without) - before - {block} if block not in before else set()
        )
        assert set(trees.cut_off(problem, block).tolist()) == lost
        assert bool(trees.cuts[block]) is bool(lost)


def line(capacity: list[float], *, towns: str = "AAAAA") -> District:
    """Return five blocks in a row with a school at either end."""
    return square_town(1, 5, schools=[(0, 0), (0, 4)], capacity=capacity, towns=list(towns))


def all_to(town: District, school: str, **others: str) -> Plan:
    """Return the plan that zones every block to one school but for some."""
    return Plan.of("primary", 2027, dict.fromkeys(town.block_frame.index, school) | others)


def test_a_full_school_says_by_how_many_and_what_a_seat_is_worth() -> None:
    """The nearer school is named with its pupils over and its seat price, in both languages."""
    town = square_town(2, 4, schools=[(0, 0), (0, 3)], capacity=[40.0, 100.0])
    found = propose_plan(town, demand_of(town, 12), straight_times(town), **YEAR)
    full = [reason for reason in found.reasons.values() if reason.code == "capacity"]
    assert [reason.nearest for reason in full] == ["s0"]
    text = full[0].text
    assert f"(by {full[0].extra_s / 60:.1f} min a pupil)" in text.en
    assert "2027 年" in text.zh
    assert "8 pupils would be over" in text.en
    assert "学位不足" in text.zh
    assert found.prices["s0"] > 0
    assert f"{found.prices['s0'] / 60:.1f}" in text.en


@pytest.mark.parametrize(("pupils", "said"), [(12.0, True), (11.0, False)])
def test_no_count_below_the_threshold_is_said(pupils: float, said: bool) -> None:  # noqa: FBT001
    """Five pupils over are told; a number that the policy hides is not, though the reason is."""
    town = line([2 * pupils - (5 if said else 4), 100.0])
    plan = all_to(town, "s1", b000000="s0")
    text = explain_plan(town, demand_of(town, pupils), straight_times(town), plan)["b000001"].text
    numbers = re.findall(r"\d+(?:\.\d+)?", text.en)
    assert ("5" in numbers) is said
    assert ("4" in numbers) is False
    assert "would be over them in 2027" in text.en


def test_a_small_block_is_not_counted_through_a_full_school() -> None:
    """At a school over its seats already, the surplus with one more block would give that block away."""
    town = square_town(1, 6, schools=[(0, 0), (0, 5)], capacity=[10, 100])
    plan = Plan.of("primary", 2027, {b: "s0" if b < "b000002" else "s1" for b in town.block_frame.index})
    for pupils, said in ((2, False), (7, True)):
        demand = demand_of(town, [10, 10, pupils, 1, 1, 1])
        text = explain_plan(town, demand, straight_times(town), plan)["b000002"].text
        assert (f"{10 + pupils} pupils would be over" in text.en) is said
        assert "would be over them in 2027" in text.en


def test_a_straighter_border_at_next_to_no_cost_is_a_reason() -> None:
    """A block that would save next to nothing and make the border ragged stays, and that is said."""
    town = square_town(3, 4, schools=[(1, 0), (1, 3)], side_m=100)
    rows = {b: "s0" if int(b[4:]) < 2 else "s1" for b in town.block_frame.index}
    times = straight_times(town)
    seconds = times.seconds.copy()
    seconds[5] = (500.0, 499.9999)
    near = dataclasses.replace(times, seconds=seconds)
    reason = explain_plan(town, demand_of(town), near, Plan.of("primary", 2027, rows))["b001001"]
    assert reason.code == "border"
    assert "less than 0.1 min" in reason.text.en
    seconds = seconds.copy()
    seconds[5] = (500.0, 400.0)
    far = dataclasses.replace(times, seconds=seconds)
    found = explain_plan(town, demand_of(town), far, Plan.of("primary", 2027, rows))["b001001"]
    assert found.code == "search"


def test_the_town_rule_is_a_reason() -> None:
    """A block whose nearest school stands in the next town says so and names the town."""
    town = line([100.0, 100.0], towns="ABBBB")
    reason = explain_plan(town, demand_of(town), straight_times(town), all_to(town, "s1", b000000="s0"))[
        "b000001"
    ]
    assert reason.code == "town"
    assert "it stands in A" in reason.text.en
    assert "不跨乡镇" in reason.text.zh


def test_a_school_in_the_block_is_a_reason() -> None:
    """A block with two schools nearby keeps the one that stands in it."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)])
    times = straight_times(town)
    near = dataclasses.replace(times, seconds=times.seconds[:, ::-1].copy())
    found = explain_plan(town, demand_of(town), near, all_to(town, "s0", b000001="s1"))
    assert {reason.code for reason in found.values()} == {"home"}


def test_a_barrier_is_a_reason() -> None:
    """A school nearer in a straight line that no way reaches is named; so is one that a detour makes far."""
    town = line([100.0, 100.0])
    times = straight_times(town, cut=[("b000001", "s0")])
    plan = all_to(town, "s1", b000000="s0")
    reason = explain_plan(town, demand_of(town), times, plan)["b000001"]
    assert (reason.code, reason.nearest, reason.extra_s) == ("barrier", "s1", 0)
    assert "School 1 is nearer in a straight line" in reason.text.en
    seconds = straight_times(town).seconds.copy()
    seconds[1, 0] = 5000
    longer = dataclasses.replace(straight_times(town), seconds=seconds)
    said = explain_plan(town, demand_of(town), longer, plan, open_times=straight_times(town).seconds)[
        "b000001"
    ]
    assert said.code == "barrier"
    assert "Without the barriers School 1 would be the nearest" in said.text.en


def test_children_who_would_change_school_are_a_reason() -> None:
    """Where the price of moving alone keeps a block, stability is the reason; without it the move is open."""
    town = line([100.0, 100.0])
    demand, times, plan = demand_of(town), straight_times(town), all_to(town, "s0", b000004="s1")
    kept = explain_plan(town, demand, times, plan, against=plan.for_year(2026), prices=Prices(moved_s=900))
    assert kept["b000003"].code == "stability"
    assert "15.0 min a pupil" in kept["b000003"].text.en
    free = explain_plan(town, demand, times, plan, prices=Prices(moved_s=900))
    assert free["b000003"].code == "search"
    assert "a better plan exists" in free["b000003"].text.en


def test_a_zone_that_does_not_reach_is_a_reason_and_so_is_one_that_would_break() -> None:
    """A block without a border to the nearer zone says so, and one that others hang on names them."""
    town = square_town(1, 6, schools=[(0, 0), (0, 5)])
    plan = all_to(town, "s0", b000005="s1")
    found = explain_plan(town, demand_of(town), straight_times(town), plan)
    assert found["b000003"].code == "contiguity"
    assert "does not border" in found["b000003"].text.en
    assert "the way inside the zone from Block 5 to School 1 would be cut" in found["b000003"].text.en
    assert found["b000004"].code == "search"


LOWER = {"b000000": "k0", "b000001": "k0", "b000002": "k1", "b000003": "k1", "b000004": "k2"}


def codes_of(
    town: District, plan: Plan, options: ZoneOptions, *, against: Plan | None = None, pupils: float = 10
) -> dict[str, tuple[str, str]]:
    """Return code and English text of the reason of every block under options; lower zones in pairs."""
    feeder = Plan.of("kindergarten", 2027, dict.fromkeys(town.block_frame.index, "k9") | LOWER)
    asked = {"options": options, "against": against, "feeder": feeder}
    found = explain_plan(town, demand_of(town, pupils), straight_times(town), plan, **asked)
    return {block: (reason.code, reason.text.en) for block, reason in found.items()}


OPTIONS = [
    ZoneOptions(shared=(("s0", "s1"),)),
    ZoneOptions(shared=(("s0", "s2"),), least_utilisation=0.3),
    ZoneOptions(locked_blocks=("b000001", "b002003")),
    ZoneOptions(locked_schools=("s1",), seat_price_s=100.0),
    ZoneOptions(grandfathered=True, years=(2028,)),
    ZoneOptions(least_utilisation=0.4, least_price_s=200.0, contiguous=False),
    ZoneOptions(prices=Prices(split_feeder_s=math.inf)),
    ZoneOptions(prices=Prices(split_feeder_s=math.inf), shared=(("s0", "s1"),)),
    ZoneOptions(prices=Prices(split_feeder_s=300.0, left_town_s=200.0)),
    ZoneOptions(prices=Prices(moved_s=math.inf)),
]


@given(towns_with_plans(), st.sampled_from(OPTIONS), st.lists(st.integers(0, 3), min_size=12, max_size=12))
@settings(max_examples=80, deadline=None)
def test_under_any_options_a_reason_is_what_the_move_shows(
    drawn: tuple[District, list[float], Plan], options: ZoneOptions, lower: list[int]
) -> None:
    """A block could better itself if and only if the plan with the move made is kept and costs less."""
    town, pupils, wanted = drawn
    demand, times = demand_of(town, pupils, years=(2027, 2028)), straight_times(town)
    feeder = Plan.of("kindergarten", 2027, {b: f"k{n}" for b, n in zip(wanted.block_ids, lower, strict=True)})
    asked = {"against": wanted.for_year(2026), "options": options, "feeder": feeder}
    schools = {f"s{number}" for number in range(len(town.school_frame))}
    assume({one for group in options.shared for one in group} <= schools)
    try:
        posed = pose_problem(town, demand, times, **YEAR, **asked)
    except InfeasibleError:
        return
    plan = posed.plan(np.array(lower)[np.arange(posed.problem.blocks) % 12] % posed.problem.schools)
    found = explain_plan(town, demand, times, plan, **asked)
    rows: dict[int, list[str]] = {}
    for block, row in zip(posed.every_block, posed.row_of_block.tolist(), strict=True):
        rows.setdefault(row, []).append(block)

    def rated(one: Plan) -> tuple[list[int], np.ndarray, set[int], float]:
        unit = [posed.members.index(one[blocks[0]]) for _, blocks in sorted(rows.items())]
        problem = posed.unkept
        broken = problem.breach(np.array(unit))[problem.rows.hard]
        cut = loose(problem, unit) if problem.contiguous else set()
        return unit, broken, cut, problem.cost_of(np.array(unit))

    before = rated(plan)
    kept = posed.problem.allowed[range(len(before[0])), before[0]].all()
    allowed = posed.problem.allowed if kept else posed.unkept.allowed
    own_s = {b: max(times.seconds[i, int(s[1:])] for s in plan[b]) for i, b in enumerate(posed.every_block)}
    for row, blocks in rows.items():
        better = {}
        for number, members in enumerate(posed.members):
            after = rated(plan.moved({block: list(members) for block in blocks}))
            heads = posed.unkept.demand[row]
            better[members] = (
                number != before[0][row]
                and allowed[row, number]
                and (after[1] <= before[1] + 1e-6).all()
                and not after[2] - before[2]
                and before[3] - after[3] > 1e-5 * heads > 0
            )
        for block in blocks:
            i = posed.every_block.index(block)
            nearer = {m for m in posed.members for s in m if times.seconds[i, int(s[1:])] < own_s[block]}
            code = found[block].code
            assert (code in {"search", "border"}) is any(better[members] for members in nearer), (block, code)
            assert (code == "nearest") is not nearer


def test_locks_and_shared_zones_are_reasons() -> None:
    """What is locked stays, and a block of a shared zone attends any of its schools."""
    town = line([100.0, 100.0])
    plan = all_to(town, "s0", b000004="s1")
    today = plan.for_year(2026)
    for options in (ZoneOptions(locked_blocks=("b000003",)), ZoneOptions(locked_schools=("s1",))):
        code, text = codes_of(town, plan, options, against=today)["b000003"]
        assert (code, "is locked" in text) == ("locked", True)
    own = ZoneOptions(shared=(("s0", "s1"),))
    assert codes_of(town, plan, own)["b000003"][0] == "shared"
    both = all_to(town, "s0", b000004="s1").moved({"b000003": ["s0", "s1"]})
    reason = explain_plan(town, demand_of(town), straight_times(town), both)["b000003"]
    assert (reason.code, reason.nearest) == ("shared", "s1")


def test_a_shared_zone_is_tested_as_one() -> None:
    """The seats of a shared zone count together, and its schools are named one by one."""
    town = square_town(1, 6, schools=[(0, 0), (0, 1), (0, 5)], capacity=[15, 15, 60])
    both, far = ["s0", "s1"], ["s2"]
    plan = Plan.of("primary", 2027, {b: both if b < "b000003" else far for b in town.block_frame.index})
    found = codes_of(town, plan.moved({"b000002": "s2"}), ZoneOptions(shared=(("s0", "s1"),)))
    assert "School 2 is nearer" in found["b000002"][1]
    assert found["b000002"][0] == "search"
    tight = square_town(1, 6, schools=[(0, 0), (0, 1), (0, 5)], capacity=[12, 12, 60])
    code, text = codes_of(tight, plan.moved({"b000002": "s2"}), ZoneOptions(shared=(("s0", "s1"),)))[
        "b000002"
    ]
    assert (code, "6 pupils would be over them in 2027" in text) == ("capacity", True)
    assert codes_of(town, plan, ZoneOptions(shared=(("s0", "s1"),)))["b000001"][0] == "shared"


def test_a_whole_feeder_zone_moves_as_one() -> None:
    """Where lower zones stay whole the test moves the zone: it may be full, dearer as a whole, or open."""
    whole = ZoneOptions(prices=Prices(split_feeder_s=float("inf")))
    plan = all_to(line([100.0, 100.0]), "s0", b000004="s1")
    code, text = codes_of(line([100.0, 15.0]), plan, whole)["b000003"]
    assert (code, "with this feeder zone 15 pupils would be over" in text) == ("feeder", True)
    town = line([100.0, 100.0])
    code, text = codes_of(town, plan, whole)["b000003"]
    assert (code, "moving the whole feeder zone alone" in text) == ("search", True)
    near = square_town(1, 5, schools=[(0, 0), (0, 4)], side_m=100)
    feeder = Plan.of("kindergarten", 2027, LOWER | {"b000001": "k1"})
    found = explain_plan(
        near, demand_of(near, [10, 90, 10, 10, 10]), straight_times(near), plan, options=whole, feeder=feeder
    )["b000003"]
    assert (found.code, "this one goes to School 1" in found.text.en) == ("feeder", True)


def test_a_plan_that_parts_whole_feeder_zones_is_explained_block_by_block() -> None:
    """A plan drawn by hand may break the rule; its other blocks are tied to where most of their zone goes."""
    whole = ZoneOptions(prices=Prices(split_feeder_s=float("inf")))
    town = line([100.0, 100.0])
    plan = Plan.of("primary", 2027, dict(zip(LOWER, ["s1", "s0", "s1", "s1", "s1"], strict=True)))
    found = explain_plan(
        town, demand_of(town, [20, 10, 10, 10, 10]), straight_times(town), plan,
        options=whole, feeder=Plan.of("kindergarten", 2027, LOWER),
    )  # fmt: skip
    assert found["b000000"].code == "feeder"
    assert "goes to School 2 for the most part" in found["b000000"].text.en


@pytest.mark.parametrize(
    ("prices", "code", "said"),
    [
        (Prices(left_town_s=2000.0), "town", "leaving the town counts as 33.3 min"),
        (Prices(split_feeder_s=2000.0), "feeder", "leaving the feeder pattern counts as 33.3 min"),
        (Prices(moved_s=2000.0), "stability", "would change school, which counts as 33.3 min"),
        (Prices(moved_s=float("inf")), "stability", "change school, which the plan rules out"),
    ],
)
def test_prices_and_rules_of_the_options_are_reasons(prices: Prices, code: str, said: str) -> None:
    """Each departure that the options price or forbid has its own code and sentence."""
    town = line([100.0, 100.0], towns="AAAAB" if code == "town" else "AAAAA")
    plan = all_to(town, "s0", b000004="s1")
    against = None if code == "town" else plan.for_year(2026)
    found, text = codes_of(town, plan, ZoneOptions(prices=prices), against=against)["b000003"]
    assert (found, said in text) == (code, True), text


@pytest.mark.parametrize("price", [9000.0, float("inf")])
def test_a_norm_is_a_reason_priced_or_forbidden(price: float) -> None:
    """A school that is nearer on the way but outside the radius is passed over at a price or by rule."""
    town = square_town(1, 4, schools=[(0, 0), (0, 3)], side_m=400)
    plan = Plan.of("primary", 2027, {b: "s0" if b < "b000002" else "s1" for b in town.block_frame.index})
    seconds = straight_times(town).seconds.copy()
    seconds[1] = (900, 800)
    near = dataclasses.replace(straight_times(town), seconds=seconds)
    found = explain_plan(town, demand_of(town), near, plan, prices=Prices(beyond_radius_s=price))["b000001"]
    assert found.code == "norm"
    assert ("150.0 min a pupil" in found.text.en) is math.isfinite(price)


def test_load_rules_of_every_kind_are_reasons() -> None:
    """A band, a least intake and seats of a later year have their own sentences, hard or priced."""
    town = line([100.0, 100.0])
    demand, times, plan = demand_of(town), straight_times(town), all_to(town, "s0", b000004="s1")
    posed = pose_problem(town, demand, times, **YEAR)
    ones, free = np.ones(5), np.full(2, np.inf)

    def reason_with(**change: object) -> tuple[str, str]:
        problem = dataclasses.replace(posed.problem, **change)
        given_to = dataclasses.replace(posed, problem=problem)
        found = explain_blocks(town, given_to, plan, times)["b000003"]
        return found.code, found.text.en

    later = LoadRule("capacity:2029", 12 * ones, -free, np.array([100.0, 15]))
    code, text = reason_with(rules=(later,))
    assert code == "capacity"
    assert "9 pupils would be over them in 2029" in text
    code, text = reason_with(rules=(LoadRule("least", ones, np.array([4.0, 0]), free),))
    assert (code, "School 1 would fall below its least intake" in text) == ("balance", True)
    band = LoadRule("balance:migrants:most", ones, -free, np.array([9.0, 1]), price=9000.0)
    code, text = reason_with(rules=(band,), capacity_price=50.0)
    assert (code, "the share of migrant children would leave its band" in text) == ("balance", True)
    code, _ = reason_with(cost=posed.problem.cost + np.array([0.0, 2000.0]))
    assert code == "price"


def test_a_nearer_building_without_a_zone_is_mentioned() -> None:
    """A private school next door is no candidate, and the text says why it takes no zone."""
    town = square_town(1, 3, schools=[(0, 0), (0, 2)], school_columns={"ownership": ["public", "private"]})
    reason = explain_plan(town, demand_of(town), straight_times(town), all_to(town, "s0"))["b000002"]
    assert reason.code == "nearest"
    assert "School 2, is a private school and takes no zone" in reason.text.en


def test_a_proposal_counts_what_it_cannot_explain() -> None:
    """Without a search the plan may be bettered; the notes count the blocks that could go nearer."""
    town = square_town(6, 6, schools=[(0, 0), (5, 5), (0, 5)], capacity=130)
    found = propose_plan(town, demand_of(town), straight_times(town), **YEAR, iterations=0)
    open_blocks = [b for b, r in found.reasons.items() if r.code == "search"]
    assert set(found.reasons) == set(town.block_frame.index)
    assert any("A longer search" in note.en for note in found.notes) is bool(open_blocks)


def test_moves_that_are_tried_leave_out_ways_that_do_not_exist() -> None:
    """A school without a way is never nearer; to a block without a way to its own every other is."""
    seconds = np.array([[np.nan, 5.0], [3.0, np.nan]])
    block, near = nearer_schools(seconds, np.array([0, 0], dtype=np.int32))
    assert (block.tolist(), near.tolist()) == ([0], [1])
    problem = grid_problem(1, 3, [0, 2], demand=[2.0, 2, 2], capacity=[6.0, 3])
    school = np.zeros(3, dtype=np.int32)
    cells = (np.array([1, 2], dtype=np.int32), np.array([1, 1], dtype=np.int32))
    moves = single_moves(problem, school, plant_trees(problem, school), *cells)
    assert moves.fits.tolist() == [True, True]
    assert moves.cuts.tolist() == [True, False]
    assert moves.open.tolist() == [False, True]
