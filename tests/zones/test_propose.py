"""From a district to a proposal: rules kept, said or refused."""

import dataclasses
import math

import numpy as np
import pytest
from tests.towns import demand_of, square_town, straight_times
from tests.zones.oracle import seat_bound

from zoning.district import District
from zoning.errors import DataError, InfeasibleError
from zoning.evaluate import Prices, detached_parts, score_plan
from zoning.plan import Plan
from zoning.zones import ZoneOptions, pose_problem, propose_plan, propose_plans


def test_a_loose_town_goes_to_the_nearest_school() -> None:
    """With seats to spare the plan is the nearest school for everybody, and is proved optimal."""
    town = square_town(3, 5, schools=[(1, 0), (1, 4)], capacity=500)
    found = propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2027)
    assert found.plan["b001001"] == ("s0",)
    assert found.plan["b001003"] == ("s1",)
    assert found.gap == pytest.approx(0, abs=1e-9)
    assert found.prices == {}


def test_the_scorecard_prints_what_the_search_lowered() -> None:
    """The proposal's cost and the scorecard's cost are one number."""
    town = square_town(4, 5, schools=[(1, 0), (2, 4)], capacity=[90, 150])
    demand, times = demand_of(town), straight_times(town)
    today = Plan.of("primary", 2026, {b: "s0" if b < "b002" else "s1" for b in town.blocks.index})
    found = propose_plan(town, demand, times, stage="primary", year=2027, against=today)
    card = score_plan(town, found.plan, demand, times, against=today)
    assert card["cost.total"].value == pytest.approx(found.cost)
    assert found.bound <= found.cost + 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_cost_and_scorecard_agree_whatever_the_prices(seed: int) -> None:
    """Own prices, zones in force with gaps and shared zones, fractions of pupils, ways cut: one number."""
    random = np.random.default_rng(seed)
    town = square_town(3, 4, schools=[(0, 0), (2, 3)], capacity=[60, 90], side_m=2500)
    ids = list(town.blocks.index)
    demand = demand_of(town, [*(random.random(11) * 10).tolist(), 0])
    times = straight_times(town, cut=[(ids[-1], "s0"), (ids[-1], "s1"), (ids[5], "s1")])
    zones = [["s0"], ["s1"], ["s0", "s1"]]
    today = Plan.of("primary", 2026, {b: zones[random.integers(3)] for b in ids[1:9]})
    prices = Prices(*(random.random(3) * 1000).tolist())
    options = {"against": today, "prices": prices}
    found = propose_plan(town, demand, times, stage="primary", year=2027, iterations=60, **options)
    card = score_plan(town, found.plan, demand, times, **options)
    assert card["cost.total"].value == pytest.approx(found.cost, rel=1e-12)
    assert card["cost.beyond_journey"].value > 0
    assert card["cost.beyond_radius"].value > 0
    assert found.bound <= found.cost * (1 + 1e-12)


def test_the_same_seed_gives_the_same_plan() -> None:
    """A planner who repeats a run gets the plan that was shown, also after a time limit."""
    town = square_town(6, 6, schools=[(0, 0), (5, 5), (0, 5)], capacity=130)
    demand, times = demand_of(town), straight_times(town)
    first = propose_plan(town, demand, times, stage="primary", year=2027, seed=5, seconds=0.2)
    again = propose_plan(
        town, demand, times, stage="primary", year=2027, seed=5, iterations=first.iterations,
    )  # fmt: skip
    assert first.plan == again.plan
    assert first == again


def test_zones_come_in_one_piece_and_within_the_seats() -> None:
    """Every zone connects to its school over shared edges, and no school is over its seats."""
    town = square_town(7, 7, schools=[(0, 0), (6, 6), (3, 3), (0, 6)], capacity=[100, 150, 130, 130])
    demand, times = demand_of(town), straight_times(town)
    found = propose_plan(town, demand, times, stage="primary", year=2027)
    card = score_plan(town, found.plan, demand, times)
    assert detached_parts(town, found.plan) == ()
    assert card["capacity.pupils_over"].value == 0


def test_too_few_seats_are_counted_and_placed() -> None:
    """A stage without room says how many seats are missing, where, and what would cure it."""
    town = square_town(3, 3, schools=[(0, 0), (2, 2)], capacity=40)
    with pytest.raises(InfeasibleError, match="Too few seats in primary school for 2027: 10 short") as caught:
        propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2027)
    (shortage,) = caught.value.shortages
    assert shortage.rule == "capacity"
    assert shortage.place == ("s0", "s1")
    assert shortage.short == pytest.approx(10)
    assert "缺 10 个学位" in caught.value.text.zh


def test_a_full_town_names_itself() -> None:
    """A town whose seats cannot hold its pupils is named, though the county has seats enough."""
    town = square_town(2, 4, schools=[(0, 0), (0, 3)], capacity=[25, 200], towns=["A", "A", "B", "B"] * 2)
    with pytest.raises(
        InfeasibleError, match="In A: pupils 40, seats 25, all of them at s0; seats to add: 15"
    ) as caught:
        propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2027)
    (shortage,) = caught.value.shortages
    assert (shortage.rule, shortage.place) == ("within_town", ("A",))


def test_an_island_short_of_seats_is_not_blamed_on_the_town_rule() -> None:
    """Where no way leads to another school, leaving the town is no cure and is not offered."""
    town = square_town(1, 4, schools=[(0, 0), (0, 3)], capacity=[10, 100])
    pairs = [("b000000", "s1"), ("b000001", "s1"), ("b000002", "s0"), ("b000003", "s0")]
    with pytest.raises(InfeasibleError, match="At s0: pupils 20, seats 10; seats to add: 10") as caught:
        propose_plan(town, demand_of(town), straight_times(town, cut=pairs), stage="primary", year=2027)
    assert [shortage.rule for shortage in caught.value.shortages] == ["capacity"]
    assert "within_town" not in caught.value.text.en


def test_a_town_without_a_school_may_go_elsewhere() -> None:
    """Only blocks of a town with a school are bound to it, and the proposal names the town without one."""
    town = square_town(2, 4, schools=[(0, 0)], towns=["A", "A", "B", "B"] * 2)
    found = propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2027)
    assert found.plan["b000003"] == ("s0",)
    assert any("Towns without a school of this stage: 1 (B)" in note.en for note in found.notes)


def test_a_block_cut_off_from_its_town_is_freed_and_said() -> None:
    """A barrier between a block and its town's school lifts the town rule there, with a note."""
    town = square_town(1, 4, schools=[(0, 0), (0, 3)], towns=["A", "A", "B", "B"])
    times = straight_times(town, cut=[("b000001", "s0")])
    found = propose_plan(town, demand_of(town), times, stage="primary", year=2027)
    assert found.plan["b000001"] == ("s1",)
    assert any("b000001" in note.en and "attend outside" in note.en for note in found.notes)


def test_no_way_to_any_school_is_refused_by_name() -> None:
    """A block with pupils and no way is named rather than dropped."""
    town = square_town(1, 3)
    times = straight_times(town, cut=[("b000002", "s0")])
    with pytest.raises(InfeasibleError, match=r"no way to any school: 1, with 10\.0 pupils: b000002"):
        propose_plan(town, demand_of(town), times, stage="primary", year=2027)


def test_an_empty_block_without_a_way_still_gets_a_zone() -> None:
    """Blocks without children are zoned too: coverage is seamless."""
    town = square_town(1, 3)
    times = straight_times(town, cut=[("b000002", "s0")])
    found = propose_plan(town, demand_of(town, [10, 10, 0]), times, stage="primary", year=2027)
    assert found.plan["b000002"] == ("s0",)


def test_no_school_of_the_policy_is_refused() -> None:
    """Senior schools stand in the city: a county with village schools only learns that."""
    town = square_town(2, 2, stage="senior", place_class="village")
    demand = demand_of(town, stage="senior")
    with pytest.raises(InfeasibleError, match="No senior high school can be zoned in 2027") as caught:
        propose_plan(town, demand, straight_times(town), stage="senior", year=2027)
    assert caught.value.shortages[0].place == ("s0",)


@pytest.mark.parametrize(
    ("column", "values", "word"),
    [
        ("ownership", ["public", "private"], "private"),
        ("opens", [np.nan, 2028], ""),
        ("closes", [np.nan, 2027], ""),
        ("place_class", ["town", "village"], "policy"),
    ],
)
def test_schools_that_may_not_be_zoned_get_nobody(column: str, values: list[object], word: str) -> None:
    """Private, planned, closed and misplaced schools have no zone, and the proposal says which."""
    town = square_town(1, 4, stage="junior", schools=[(0, 0), (0, 3)], school_columns={column: values})
    demand = demand_of(town, stage="junior")
    found = propose_plan(town, demand, straight_times(town), stage="junior", year=2027)
    assert found.plan.school_ids == ("s0",)
    assert not word or any(word in note.en and "s1" in note.en for note in found.notes)


def test_blocks_too_big_for_any_school_are_said() -> None:
    """A plan over capacity is never silent: the schools and pupils over are in the notes."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)], capacity=[60, 60])
    found = propose_plan(
        town, demand_of(town, [80, 10]), straight_times(town), stage="primary", year=2027,
    )  # fmt: skip
    assert any("by 20.0 pupils" in note.en and "s0 (+20.0)" in note.en for note in found.notes)
    assert (found.excess, found.within_seats) == (pytest.approx(20), False)
    assert np.isnan(found.gap)


def test_a_note_that_names_ten_schools_says_how_many_more() -> None:
    """Twelve schools over their seats are not passed off as ten."""
    cells = [(row, column) for row in range(11) for column in range(2)]
    town = square_town(11, 2, schools=cells, capacity=60, towns=[f"T{row}" for row, _ in cells])
    demand = demand_of(town, [80, 10] * 11)
    found = propose_plan(town, demand, straight_times(town), stage="primary", year=2027)
    (note,) = [note for note in found.notes if "Schools over: 11" in note.en]
    assert "and 1 more" in note.en
    assert "另有 1 个" in note.zh


def test_seats_short_in_several_towns_are_not_read_as_a_county_short() -> None:
    """Where the town rule binds, the sum is said to be one over towns."""
    town = square_town(2, 4, schools=[(0, 0), (0, 3)], capacity=25, towns=["A", "A", "B", "B"] * 2)
    with pytest.raises(InfeasibleError, match="in 2 towns, 30 in all") as caught:
        propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2027)
    assert "2 个乡镇" in caught.value.text.zh


def test_several_stages_report_every_shortage_at_once() -> None:
    """A planner who plans all stages learns of every stage that has no room in one run."""
    town = square_town(1, 2, capacity=5, school_columns={"capacity_junior": [7.0]})
    primary, junior = demand_of(town), demand_of(town, stage="junior")
    both = dataclasses.replace(
        primary,
        mean=np.concatenate([primary.mean, junior.mean], axis=1),
        grades=primary.grades + junior.grades,
    )
    times = straight_times(town)
    with pytest.raises(
        InfeasibleError,
        match=r"primary school for 2027: 15 short[\s\S]*junior middle school for 2027: 13 short",
    ):
        propose_plans(
            town, both, {"primary": times, "junior": times}, year=2027, stages=["primary", "junior"],
        )  # fmt: skip


def test_a_year_without_forecast_is_refused() -> None:
    """A year beyond the forecast is a user's mistake with a cure."""
    town = square_town(1, 2)
    with pytest.raises(DataError, match="the forecast covers 2027 to 2027"):
        propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2050)


def test_the_prices_of_a_proposal_prove_its_bound_again() -> None:
    """Whoever doubts the bound re-checks it in one pass from the printed prices, without a solver."""
    town = square_town(5, 5, schools=[(0, 0), (4, 4), (0, 4)], capacity=[50, 110, 100])
    demand, times = demand_of(town), straight_times(town)
    found = propose_plan(town, demand, times, stage="primary", year=2027)
    posed = pose_problem(town, demand, times, stage="primary", year=2027)
    prices = np.array([found.prices.get(school, 0.0) for school in posed.school_ids])
    assert prices.any()
    assert seat_bound(posed.problem, prices) == pytest.approx(found.bound)


def test_a_stage_without_children_is_planned_at_no_cost() -> None:
    """Blocks keep a zone in a year without children."""
    town = square_town(2, 4, schools=[(0, 0), (0, 3)])
    found = propose_plan(town, demand_of(town, 0), straight_times(town), stage="primary", year=2027)
    assert (found.cost, found.bound, found.gap) == (0, 0, 0)
    assert len(found.plan) == 8


def test_two_schools_in_one_block_both_get_a_zone() -> None:
    """Where seats ask for it, a school begins a zone next to the block that another school serves."""
    town = square_town(1, 5, schools=[(0, 2), (0, 2)], capacity=25)
    found = propose_plan(town, demand_of(town), straight_times(town), stage="primary", year=2027)
    assert set(found.plan.school_ids) == {"s0", "s1"}
    assert detached_parts(town, found.plan) == ()


def test_an_island_is_zoned_and_said() -> None:
    """A block without any neighbour still gets the best school, and the notes name it."""
    town = square_town(1, 4, schools=[(0, 0)])
    frame = town.blocks.drop("b000002")
    island = District(town.place, frame, town.schools)
    found = propose_plan(island, demand_of(island), straight_times(island), stage="primary", year=2027)
    assert found.plan["b000003"] == ("s0",)
    assert any("b000003" in note.en and "cannot be joined" in note.en for note in found.notes)


def test_a_school_gives_up_its_own_block_only_for_want_of_seats() -> None:
    """Keeping a school's own block is dropped, and said, where only that seats everybody."""
    town = square_town(2, 2, schools=[(0, 0), (1, 0)], capacity=[10, 30])
    times = straight_times(town, cut=[("b000001", "s1")])
    found = propose_plan(town, demand_of(town), times, stage="primary", year=2027)
    assert found.plan["b000001"] == ("s0",)
    assert any("do not serve the block they stand in" in note.en for note in found.notes)
    assert not any("A block with a school in it" in rule.en for rule in found.rules)
    kept = straight_times(town)
    calm = propose_plan(town, demand_of(town), kept, stage="primary", year=2027)
    assert calm.plan["b000000"] == ("s0",)
    assert not any("do not serve" in note.en for note in calm.notes)
    assert any("A block with a school in it" in rule.en for rule in calm.rules)


def test_moving_children_costs_and_is_avoided() -> None:
    """Zones in force stay where the nearer school is not worth the move."""
    town = square_town(1, 5, schools=[(0, 0), (0, 4)])
    demand, times = demand_of(town), straight_times(town)
    today = Plan.of("primary", 2026, {f"b000{c:03d}": "s0" if c < 4 else "s1" for c in range(5)})
    mild = propose_plan(
        town, demand, times, stage="primary", year=2027, against=today, prices=Prices(moved_s=1)
    )
    dear = propose_plan(
        town, demand, times, stage="primary", year=2027, against=today, prices=Prices(moved_s=5000)
    )
    assert mild.plan["b000003"] == ("s1",)
    assert dear.plan.diff(today) == ()


def test_a_shared_zone_and_whole_feeders_have_reasons() -> None:
    """Blocks of a shared zone or of a whole lower zone are explained, and no better plan is claimed."""
    town = square_town(4, 4, schools=[(0, 0), (1, 3), (3, 3)], capacity=[90, 90, 90])
    demand, times = demand_of(town), straight_times(town)
    lower = Plan.of("kindergarten", 2027, {b: f"k{b[3]}" for b in town.block_frame.index})
    whole = ZoneOptions(prices=Prices(split_feeder_s=math.inf))
    for options, feeder in ((ZoneOptions(shared=(("s0", "s1"),)), None), (whole, lower)):
        found = propose_plan(
            town, demand, times, stage="primary", year=2027, iterations=40, options=options, feeder=feeder
        )
        codes = {reason.code for reason in found.reasons.values()}
        assert codes, options
        assert "search" not in codes
