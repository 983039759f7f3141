"""Every option means what it says: all plans of 3×3 towns rated by the arrays and by hand."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import METRIC, ORIGIN_M, demand_of, square_town, straight_times
from tests.zones.by_hand import (
    IDS,
    NINE,
    contiguous_plans,
    forecast_of,
    is_allowed,
    loads,
    one_year,
    posed,
    residents_of,
    today_of,
    town_of,
    with_options,
)

from zoning.district import District
from zoning.errors import DataError, InfeasibleError
from zoning.forecast import Forecast
from zoning.options import Balance, Prices, ZoneOptions
from zoning.plan import Plan
from zoning.zones import contract_blocks, pose_problem

few = settings(max_examples=8, deadline=None)
TOWN = town_of()
PLANS = list(contiguous_plans())
SCHOOLS = st.lists(st.integers(0, 1), min_size=9, max_size=9)


def neighbours_in(town: District, **given: object) -> set[tuple[str, str]]:
    """Return the pairs of blocks that the posed problem joins."""
    problem = posed(town, one_year(town, [5] * len(town.blocks)), **with_options(**given)).problem
    ids = list(town.blocks.index)
    return {
        (ids[b], ids[n])
        for b in range(problem.blocks)
        for n in problem.indices[problem.indptr[b] : problem.indptr[b + 1]].tolist()
        if b < n
    }


@given(NINE, NINE, st.integers(10, 40))
@few
def test_seats_of_several_years(now: list[int], later: list[int], seats: int) -> None:
    """A plan is kept if and only if every year's pupils fit the schools open that year."""
    town = town_of(capacity=[seats, 40.0], school_columns={"closes": [np.nan, 2030.0]})
    pupils = np.stack([now, later, later], axis=1)[None].astype(float)
    demand = forecast_of(town, pupils, [2027, 2029, 2030])
    found = posed(town, demand, **with_options(years=(2029, 2030)))
    assert found.problem.rows.names == ("capacity", "capacity:2029", "capacity:2030")
    for plan in PLANS:
        first, second = loads(now, plan), loads(later, plan)
        fits = first[0] <= seats and first[1] <= 40 and second[0] <= seats and second[1] == 0
        assert found.problem.is_kept(plan) == fits
    assert any("s1" in note.en and "must hold nobody" in note.en for note in found.notes)


def test_a_school_that_closes_gives_up_its_own_block() -> None:
    """A school without seats in a planned year does not bind the block it stands in to itself."""
    town = town_of(school_columns={"closes": [np.nan, 2030.0]})
    demand = forecast_of(town, np.full((1, 9, 2), 5.0), [2027, 2030])
    found = posed(town, demand, **with_options(years=(2030,)))
    assert found.problem.allowed[8].tolist() == [True, True]
    assert found.problem.allowed[0].tolist() == [True, False]


@given(st.lists(NINE, min_size=3, max_size=3), st.sampled_from([0.5, 0.8, 0.95]))
@few
def test_a_quantile_is_that_of_the_towns_sums(paths: list[list[int]], quantile: float) -> None:
    """Planned pupils of a town add up to the quantile of its summed paths."""
    towns = ["A"] * 3 + ["B"] * 6
    town = town_of(towns=towns, capacity=1000.0)
    pupils = np.array(paths, dtype=float)
    found = posed(town, forecast_of(town, pupils[:, :, None], [2027]), **with_options(quantile=quantile))
    rule = found.problem.rules[0]
    assert rule.name == "capacity:2027"
    for part in (slice(0, 3), slice(3, 9)):
        sums = sorted(pupils[:, part].sum(axis=1))
        at = quantile * 2
        wanted = sums[int(at)] + (at - int(at)) * (sums[min(int(at) + 1, 2)] - sums[int(at)])
        assert rule.weight[part].sum() == pytest.approx(wanted if sum(sums) else 0)
    assert any("3 paths" in note.en for note in found.notes)


def test_the_quantile_of_one_path_is_the_mean() -> None:
    """A point forecast has no quantiles, and the notes say so in both languages."""
    found = posed(TOWN, one_year(TOWN, range(9)), **with_options(quantile=0.9))
    assert found.problem.rules[0].weight.tolist() == pytest.approx(list(range(9)))
    assert any("one path" in note.en and "一条样本路径" in note.zh for note in found.notes)


@given(NINE, NINE)
@few
def test_a_price_of_seats_counts_pupils_over_in_every_year(now: list[int], later: list[int]) -> None:
    """With a price no plan is forbidden; each pupil over costs it in each year."""
    town = town_of(capacity=[15.0, 20.0])
    demand = forecast_of(town, np.stack([now, later], axis=1)[None].astype(float), [2027, 2028])
    free = posed(town, demand).problem
    found = posed(town, demand, **with_options(years=(2028,), seat_price_s=700.0)).problem
    for plan in PLANS[::5]:
        over = sum(
            max(0.0, held - seats)
            for pupils in (now, later)
            for held, seats in zip(loads(pupils, plan), (15, 20), strict=True)
        )
        assert found.is_kept(plan)
        assert found.cost_of(plan) == pytest.approx(free.cost_of(plan) + 700 * over)


@given(NINE, st.floats(0.1, 0.9))
@few
def test_least_intakes(pupils: list[int], share: float) -> None:
    """A plan is kept if and only if each school fills its share of seats; at a price the gap is paid."""
    town = town_of(capacity=[40.0, 50.0])
    demand = one_year(town, pupils)
    hard = posed(town, demand, **with_options(least_utilisation=share)).problem
    soft = posed(town, demand, **with_options(least_utilisation=share, least_price_s=90.0)).problem
    free = posed(town, demand).problem
    for plan in PLANS[::3]:
        held = loads(pupils, plan)
        gap = max(0, share * 40 - held[0]) + max(0, share * 50 - held[1])
        assert hard.is_kept(plan) == (gap <= 1e-6 and held[0] <= 40 and held[1] <= 50)
        assert soft.cost_of(plan) == pytest.approx(free.cost_of(plan) + 90 * gap, abs=1e-3)


@given(NINE, NINE, st.floats(0.01, 0.3))
@few
def test_balance_bands(pupils: list[int], migrants: list[int], within: float) -> None:
    """A plan is kept if and only if each school's share lies within the band around the share of all."""
    town = town_of(capacity=1000.0, tables=residents_of(migrants))
    demand = one_year(town, pupils)
    band = Balance("migrants", within)
    hard = posed(town, demand, **with_options(balance=(band,))).problem
    soft = posed(town, demand, **with_options(balance=(dataclasses.replace(band, price_s=50.0),))).problem
    free = posed(town, demand).problem
    group = [p * m / 10 for p, m in zip(pupils, migrants, strict=True)]
    mean = sum(group) / sum(pupils) if sum(pupils) else 0.0
    for plan in PLANS[::3]:
        out = 0.0
        for held, of_group in zip(loads(pupils, plan), loads(group, plan), strict=True):
            out += max(0.0, of_group - (mean + within) * held) + max(0.0, (mean - within) * held - of_group)
        assert hard.is_kept(plan) == (out <= 2e-6)
        assert soft.cost_of(plan) == pytest.approx(free.cost_of(plan) + 50 * out, abs=1e-3)


def test_a_group_that_nobody_counts_is_refused() -> None:
    """Balancing children who are not in the residents table is a user's mistake with a cure."""
    with pytest.raises(DataError, match=r"migrants.*is not counted for any block") as caught:
        posed(TOWN, one_year(TOWN, range(9)), **with_options(balance=(Balance("migrants", 0.1),)))
    assert "residents" in caught.value.text.zh


@given(SCHOOLS, NINE)
@few
def test_nobody_moves(today: list[int], pupils: list[int]) -> None:
    """With an infinite price of moves only the plan in force is open; with a price each moved child pays."""
    demand = one_year(TOWN, pupils)
    hard = posed(TOWN, demand, against=today_of(today), prices=Prices(moved_s=float("inf")))
    soft = posed(TOWN, demand, against=today_of(today), prices=Prices(moved_s=111.0)).unkept
    free = posed(TOWN, demand, prices=Prices(moved_s=0.0)).unkept
    for plan in PLANS[::3]:
        moved = [p for p, old, new in zip(pupils, today, plan, strict=True) if old != new]
        same = all(old == new for old, new in zip(today, plan, strict=True))
        assert is_allowed(hard, plan) == same
        assert soft.cost_of(plan) == pytest.approx(free.cost_of(plan) + 111 * sum(moved))
    assert any("No child changes school" in rule.en for rule in hard.rules)


def test_a_block_whose_school_is_gone_may_move() -> None:
    """A rule that nobody moves cannot keep children at a closed school, and the notes name the blocks."""
    town = town_of(school_columns={"closes": [np.nan, 2027.0]})
    found = posed(
        town,
        one_year(town, [5] * 9),
        against=today_of([0] * 8 + [1]),
        prices=Prices(moved_s=float("inf")),
    )
    assert found.unkept.allowed.tolist() == [[True]] * 9
    assert any(IDS[8] in note.en and "may move" in note.en for note in found.notes)


@given(NINE, st.lists(st.sampled_from("AB"), min_size=9, max_size=9))
@few
def test_leaving_the_town(pupils: list[int], towns: list[str]) -> None:
    """Forbidden, no block leaves a town with a school; at a price each child who does pays it."""
    towns = ["A", *towns[1:8], "B"]
    town = town_of(towns=towns, capacity=1000.0)
    demand = one_year(town, pupils)
    hard = posed(town, demand)
    soft = posed(town, demand, prices=Prices(left_town_s=222.0))
    assert soft.unkept.allowed.all()
    home = ["A", "B"]
    nearest = posed(town, demand, prices=Prices(left_town_s=0.0)).unkept
    for plan in PLANS[::3]:
        leaves = [home[s] != t for s, t in zip(plan, towns, strict=True)]
        assert is_allowed(hard, plan) == (not any(leaves))
        paid = 222 * sum(p for p, left in zip(pupils, leaves, strict=True) if left)
        assert soft.unkept.cost_of(plan) == pytest.approx(nearest.cost_of(plan) + paid)
    assert any("outside its town costs 222" in rule.en for rule in soft.rules)


def test_schools_where_the_policy_places_none() -> None:
    """Junior schools in a village get no zone, or one at a price."""
    town = square_town(
        1, 3, stage="junior", schools=[(0, 0), (0, 2)], school_columns={"place_class": ["town", "village"]}
    )
    demand, times = demand_of(town, stage="junior"), straight_times(town)
    asked = {"stage": "junior", "year": 2027}
    assert pose_problem(town, demand, times, **asked).school_ids == ("s0",)
    priced = pose_problem(town, demand, times, **asked, prices=Prices(misplaced_s=77.0))
    free = pose_problem(town, demand, times, **asked, prices=Prices(misplaced_s=0.0))
    assert priced.school_ids == ("s0", "s1")
    assert (priced.unkept.cost - free.unkept.cost).tolist() == [[0, 77], [0, 77], [0, 77]]


def test_a_journey_too_long_can_be_forbidden() -> None:
    """Blocks with no school within the limit are refused by name when a longer journey is forbidden."""
    town = square_town(1, 4, schools=[(0, 0)], side_m=2000)
    with pytest.raises(InfeasibleError, match=r"no school within the journey limit: 2.*b000002, b000003"):
        posed(town, demand_of(town), prices=Prices(beyond_journey_s=float("inf")))


@given(SCHOOLS, st.sets(st.sampled_from(IDS)), NINE)
@few
def test_locked_blocks_and_schools(today: list[int], locked: set[str], pupils: list[int]) -> None:
    """A locked block keeps its school; a locked school keeps its zone exactly."""
    demand = one_year(TOWN, pupils)
    blocks = posed(TOWN, demand, against=today_of(today), **with_options(locked_blocks=tuple(sorted(locked))))
    school = posed(TOWN, demand, against=today_of(today), **with_options(locked_schools=("s0",)))
    for plan in PLANS[::3]:
        kept = all(today[i] == plan[i] for i, block in enumerate(IDS) if block in locked)
        assert is_allowed(blocks, plan) == kept
        zone = [i for i in range(9) if plan[i] == 0]
        assert is_allowed(school, plan) == (zone == [i for i in range(9) if today[i] == 0])


def test_locks_need_zones_and_known_names() -> None:
    """Locks without zones in force, and names that nobody has, are refused together with their cure."""
    demand = one_year(TOWN, [5] * 9)
    with pytest.raises(DataError, match=r"locked.*asks for the zones in force"):
        posed(TOWN, demand, **with_options(locked_blocks=(IDS[0],)))
    today = Plan.of("primary", 2026, {IDS[1]: "s0"})
    with pytest.raises(DataError, match="zones compared with give it none"):
        posed(TOWN, demand, against=today, **with_options(locked_blocks=(IDS[0],)))
    asked = with_options(locked_blocks=("b9",), locked_schools=("s7",), shared=(("s0", "s8"), ("s1",)))
    with pytest.raises(DataError, match=r'"b9" is no block[\s\S]*"s7" is no school[\s\S]*"s8"') as caught:
        posed(TOWN, demand, **asked)
    assert [p.column for p in caught.value.problems] == [
        "zones.primary.locked_blocks",
        "zones.primary.locked_schools",
        "zones.primary.shared",
        "zones.primary.shared",
    ]


@given(NINE, st.integers(5, 50))
@few
def test_shared_zones(pupils: list[int], seats: int) -> None:
    """Schools that share a zone are one column: seats together, journeys by their shares of the seats."""
    town = town_of(schools=[(0, 0), (2, 2), (0, 2)], capacity=[seats, 30.0, 20.0])
    demand = one_year(town, pupils)
    found = posed(town, demand, **with_options(shared=(("s2", "s0"),)))
    alone = posed(town, demand).unkept
    assert found.school_ids == ("s0;s2", "s1")
    assert found.unkept.capacity.tolist() == [seats + 20, 30]
    part = seats / (seats + 20)
    assert found.unkept.cost[:, 0] == pytest.approx(part * alone.cost[:, 0] + (1 - part) * alone.cost[:, 2])
    plan = found.plan(np.array([0] * 8 + [1]))
    assert plan[IDS[0]] == ("s0", "s2")
    assert plan[IDS[8]] == ("s1",)
    if sum(pupils) <= min(seats + 20, 30):
        assert found.problem.allowed[[0, 2]].tolist() == [[True, False], [True, False]]


@given(st.lists(NINE, min_size=6, max_size=6), SCHOOLS, st.integers(0, 5))
@few
def test_enrolled_pupils_stay(grades: list[list[int]], today: list[int], later: int) -> None:
    """In the plan's year only grade 1 follows the zones, a year on grades 1 and 2; the others take seats."""
    years = [2027, 2027 + later] if later else [2027]
    mean = np.array(grades, dtype=float).T[:, :, None].repeat(len(years), axis=2)
    demand = Forecast(mean, tuple(TOWN.block_frame.index), tuple(range(1, 7)), tuple(years))
    asked = with_options(grandfathered=True, years=tuple(years))
    found = posed(TOWN, demand, against=today_of(today), **asked).problem
    for plan in PLANS[::7]:
        fits = True
        for year in years:
            held = [0.0, 0.0]
            for block in range(9):
                for grade in range(6):
                    is_new = grade <= year - 2027
                    held[plan[block] if is_new else today[block]] += grades[grade][block]
            new = [
                sum(grades[g][b] for g in range(year - 2026) for b in range(9) if plan[b] == k)
                for k in range(2)
            ]
            fits &= all(h <= 60 or n == 0 for h, n in zip(held, new, strict=True))
        assert found.is_kept(plan) == fits
    assert found.demand.tolist() == grades[0]


def test_staying_needs_zones_in_force() -> None:
    """Nobody can stay where no zones are known."""
    with pytest.raises(DataError, match=r"grandfathered.*asks for the zones in force"):
        posed(TOWN, one_year(TOWN, range(9)), **with_options(grandfathered=True))


def test_private_and_designated_schools() -> None:
    """Pupils expected there need no seat in a zone; designated schools lose the seats that migrants take."""
    more = {"ownership": ["public", "public", "private"], "designated_for_migrants": [False, True, False]}
    tables = residents_of([5, 5, 0, 0, 0, 0, 0, 0, 0])
    town = town_of(
        schools=[(0, 0), (2, 2), (1, 1)], capacity=[60.0, 60.0, 18.0], school_columns=more, tables=tables
    )
    demand = one_year(town, [10] * 9)
    private = posed(town, demand, **with_options(deduct_private=True))
    assert private.problem.demand == pytest.approx([8] * 9)
    assert any("18" in note.en and "their seats" in note.en for note in private.notes)
    migrants = posed(town, demand, **with_options(deduct_designated=True))
    assert migrants.problem.demand == pytest.approx([5, 5, *[10] * 7])
    assert migrants.problem.capacity.tolist() == pytest.approx([60, 50])
    enrolled = pd.DataFrame(
        {"school_id": ["s2", "s0"], "year": [2026, 2026], "grade": [1, 1], "pupils": [9.0, 99.0]}
    )
    counted = dataclasses.replace(town, tables=tables | {"enrolment": enrolled})
    assert posed(counted, demand, **with_options(deduct_private=True)).problem.demand.sum() == pytest.approx(
        81
    )


def barrier(kind: str, points: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    """Return a barriers table of one line, in metres from the town's corner."""
    line = shapely.LineString([(ORIGIN_M[0] + x, ORIGIN_M[1] + y) for x, y in points])
    return gpd.GeoDataFrame({"kind": [kind]}, geometry=[line], crs=METRIC)


@pytest.mark.parametrize("offset_m", [0.0, 8.0, 60.0])
def test_borders_along_a_barrier_do_not_join(offset_m: float) -> None:
    """A river on or beside the border between two columns cuts those three pairs and no others."""
    line = [(400 + offset_m, 100), (400 + offset_m, -1300)]
    town = town_of(tables={"barriers": barrier("river", line)})
    every = neighbours_in(town)
    kept = neighbours_in(town, across_barriers=False)
    assert every - kept == {(f"b00{r}000", f"b00{r}001") for r in range(3)}


def test_a_river_with_a_loop_between_two_blocks_parts_nothing() -> None:
    """A barrier that the way between two blocks crosses twice leaves them on one side."""
    loop = [(330, 300), (330, -330), (345, -330), (345, 300)]
    town = town_of(tables={"barriers": barrier("wall", loop)})
    assert neighbours_in(town, across_barriers=False) == neighbours_in(town)


def test_neighbours_edited_by_hand() -> None:
    """A row parts two blocks or joins two that touch nowhere, and a joined pair outweighs a barrier."""
    edits = pd.DataFrame(
        {
            "block_id": [IDS[1], IDS[8], IDS[0]],
            "other_id": [IDS[0], IDS[0], IDS[3]],
            "joined": [False, True, True],
            "reason": ["bay", "ferry", "bridge"],
        }
    )
    town = town_of(tables={"neighbours": edits, "barriers": barrier("river", [(-9, -400), (1300, -400)])})
    plain = neighbours_in(town_of())
    assert neighbours_in(town) == (plain | {(IDS[0], IDS[8])}) - {(IDS[0], IDS[1])}
    kept = neighbours_in(town, across_barriers=False)
    assert (IDS[0], IDS[3]) in kept
    assert (IDS[1], IDS[4]) not in kept
    rules = posed(town, one_year(town, [5] * 9)).rules
    assert any("edited by hand: 3" in rule.en for rule in rules)


@given(NINE, st.lists(st.integers(0, 2), min_size=9, max_size=9))
@few
def test_contracted_blocks_cost_what_their_blocks_do(pupils: list[int], raw: list[int]) -> None:
    """A plan of groups has the loads and the cost of the same plan of blocks."""
    problem = posed(town_of(capacity=[20.0, 25.0]), one_year(TOWN, pupils)).unkept
    groups = np.unique(raw, return_inverse=True)[1]
    made = contract_blocks(problem, groups)
    for code in range(2**made.problem.blocks):
        school = np.array([code >> bit & 1 for bit in range(made.problem.blocks)])
        wide = made.expand(school)
        assert made.problem.cost_of(school) == pytest.approx(problem.cost_of(wide))
        assert made.problem.is_kept(school) == problem.is_kept(wide)


@given(st.lists(st.integers(0, 2), min_size=9, max_size=9), NINE)
@few
def test_feeders_that_nest(lower: list[int], pupils: list[int]) -> None:
    """Whole zones of the stage below go to one school, and the plan is one of all blocks."""
    feeder = Plan.of("kindergarten", 2027, {b: f"k{z}" for b, z in zip(IDS, lower, strict=True)})
    asked = Prices(split_feeder_s=float("inf"))
    found = posed(TOWN, one_year(TOWN, pupils), feeder=feeder, prices=asked)
    assert found.problem.blocks == len(set(lower))
    school = np.arange(found.problem.blocks) % 2
    plan = found.plan(school)
    assert len(plan) == 9
    for zone in set(lower):
        assert len({plan[b] for b, z in zip(IDS, lower, strict=True) if z == zone}) == 1
    assert any("goes to one school whole" in rule.en for rule in found.rules)


@given(st.lists(st.integers(0, 1), min_size=9, max_size=9), SCHOOLS, NINE)
@few
def test_split_feeders_at_a_price(lower: list[int], today: list[int], pupils: list[int]) -> None:
    """A child pays where its block leaves the school that most of its lower zone has in force."""
    feeder = Plan.of("kindergarten", 2027, {b: f"k{z}" for b, z in zip(IDS, lower, strict=True)})
    given_ = {"feeder": feeder, "against": today_of(today)}
    demand = one_year(TOWN, pupils)
    found = posed(TOWN, demand, **given_, prices=Prices(split_feeder_s=33.0)).unkept
    free = posed(TOWN, demand, **given_).unkept
    most = {}
    for zone in set(lower):
        votes = [
            sum(max(pupils[b], 1e-9) for b in range(9) if lower[b] == zone and today[b] == k) for k in (0, 1)
        ]
        most[zone] = int(votes[1] > votes[0])
    for plan in PLANS[::5]:
        split = sum(pupils[b] for b in range(9) if plan[b] != most[lower[b]])
        assert found.cost_of(plan) == pytest.approx(free.cost_of(plan) + 33 * split)


def test_feeders_need_zones_of_the_stage_below() -> None:
    """A price of splitting zones that do not exist is refused with the cure."""
    with pytest.raises(DataError, match=r"split_feeder_s.*asks for the zones of kindergarten"):
        posed(TOWN, one_year(TOWN, range(9)), prices=Prices(split_feeder_s=5.0))


def test_a_feeder_zone_that_no_school_can_take_whole_is_named() -> None:
    """Where ways to the schools end within a lower zone, its blocks are named with the cure."""
    town = town_of()
    times = straight_times(town, cut=[(IDS[0], "s1"), (IDS[1], "s0")])
    feeder = Plan.of("kindergarten", 2027, dict.fromkeys(IDS, "k0"))
    asked = Prices(split_feeder_s=float("inf"))
    with pytest.raises(InfeasibleError, match="no one school may take whole: 1") as caught:
        posed(town, one_year(town, [5] * 9), times=times, feeder=feeder, prices=asked)
    assert caught.value.shortages[0].rule == "feeder"


def test_every_option_is_said_in_both_languages() -> None:
    """Each option in force adds its own line to the rules of a proposal."""
    every = ZoneOptions(
        years=(2027,),
        quantile=0.9,
        seat_price_s=600.0,
        across_barriers=False,
        least_utilisation=0.1,
        least_price_s=5.0,
        balance=(Balance("migrants", 0.2, 9.0),),
        grandfathered=True,
        locked_blocks=(IDS[0],),
        locked_schools=("s1",),
        shared=(("s0", "s2"),),
        deduct_private=True,
        deduct_designated=True,
        prices=Prices(left_town_s=1.0, misplaced_s=2.0, split_feeder_s=3.0),
    )
    town = town_of(schools=[(0, 0), (2, 2), (0, 2)], capacity=60.0, tables=residents_of([1] * 9))
    feeder = Plan.of("kindergarten", 2027, dict.fromkeys(IDS, "k0"))
    found = posed(
        town, one_year(town, [5] * 9), against=today_of([0] * 8 + [1]), options=every, feeder=feeder
    )
    said = "\n".join(rule.en for rule in found.rules)
    for word in (
        "600 seconds", "90% quantile", "along a barrier", "at least|10%", "migrant", "Enrolled pupils",
        "keep their school: 1", "keep their zone", "share one zone", "private schools", "designated",
        "outside its town", "places none", "parted from", "changes costs",
    ):  # fmt: skip
        assert any(part in said for part in word.split("|")), word
    assert len({rule.zh for rule in found.rules}) == len(found.rules)
