"""Several plans to choose from: the extremes are extremes, and no plan beats a point of a curve."""

import dataclasses
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import block_name, demand_of, square_town, straight_times
from tests.zones.oracle import best_plan

from zoning.district import District
from zoning.errors import InfeasibleError
from zoning.evaluate import Prices, allocate, pupils_moved, score_plan
from zoning.options import Balance, ZoneOptions
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.zones import Alternative, Alternatives, explain_plan, pose_problem, propose_alternatives
from zoning.zones.alternatives import curve_of
from zoning.zones.asked import Asked, evened

ASKED = {"stage": "primary", "year": 2027}


def town_and_today() -> tuple[District, Plan]:
    """Return a town of 20 blocks with three schools, and zones in force that could be nearer."""
    town = square_town(4, 5, schools=[(0, 0), (3, 4), (0, 4)], capacity=[90, 120, 100])
    rows = {b: "s0" if int(b[4:]) < 2 else "s1" for b in town.block_frame.index}
    return town, Plan.of("primary", 2026, rows | {"b000004": "s2"})


@pytest.fixture(scope="module")
def found() -> Alternatives:
    """Return the alternatives of that town."""
    town, today = town_and_today()
    demand, times = demand_of(town), straight_times(town)
    return propose_alternatives(town, demand, times, **ASKED, against=today, iterations=60)


def test_the_extremes_are_extremes(found: Alternatives) -> None:
    """No plan has shorter journeys than nearest, fewer moves than fewest moved, less spread than balanced."""
    assert [one.name for one in found.named] == ["proposed", "nearest", "fewest_moved", "balanced"]
    assert found["nearest"].journeys_s == min(one.journeys_s for one in found)
    assert found["fewest_moved"].moved == min(one.moved for one in found)
    assert found["balanced"].spread == min(one.spread for one in found)
    assert found["fewest_moved"].moved < found["nearest"].moved
    assert found["balanced"].spread < found["nearest"].spread


@pytest.mark.parametrize(("curve", "measure"), [("moves", "moved"), ("balance", "spread")])
def test_the_curves_fall_and_nothing_beats_them(found: Alternatives, curve: str, measure: str) -> None:
    """Along a curve journeys grow as the measure falls, and no plan at all is better in both than a point."""
    points = getattr(found, curve)
    assert len(points) >= 2
    for one, other in itertools.pairwise(points):
        assert one.journeys_s < other.journeys_s + 1e-9
        assert getattr(one, measure) > getattr(other, measure)
    for point, other in itertools.product(points, found):
        no_longer = other.journeys_s <= point.journeys_s + 1e-6
        assert not (no_longer and getattr(other, measure) < getattr(point, measure) - 1e-9)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=15))
@settings(max_examples=80, deadline=None)
def test_a_curve_is_what_no_other_plan_beats(points: list[tuple[int, int]]) -> None:
    """Whatever plans there are, the curve holds each pair of figures that none beats, once and in order."""
    blank = Proposal(Plan.of("primary", 2027, {"b": "s"}), 1.0, 1.0, 0.0, 0, 0)
    made = [
        Alternative(f"moved_{n}", blank, 0.0, 1.0, float(x), float(y), 0.0) for n, (x, y) in enumerate(points)
    ]
    wanted = [
        (x, y)
        for x, y in sorted(set(points))
        if not any(a <= x and b <= y and (a, b) != (x, y) for a, b in points)
    ]
    assert [(one.journeys_s, one.moved) for one in curve_of(made, "moved")] == wanted


def test_every_plan_has_its_own_proof(found: Alternatives) -> None:
    """Cost is the scorecard's under the plan's own prices, the bound below it, the reasons its own."""
    town, today = town_and_today()
    demand, times = demand_of(town), straight_times(town)
    for one in found:
        prices = Prices(0.0, 0.0, 0.0) if one.name == "nearest" else Prices(moved_s=one.moved_s)
        plan = one.proposal.plan
        card = score_plan(town, plan, demand, times, against=today, prices=prices)
        assert card["cost.total"].value == pytest.approx(one.proposal.cost)
        assert card["journeys.mean_s"].value == pytest.approx(one.journeys_s)
        assert one.proposal.bound <= one.proposal.cost * (1 + 1e-9)
        assert card["capacity.pupils_over"].value == 0
        moved = pupils_moved(town, plan, today, np.full(20, 10.0)).pupils.sum()
        assert moved == pytest.approx(one.moved)
        if one.spare == 1:
            wanted = explain_plan(town, demand, times, plan, against=today, prices=prices)
            assert {b: r.code for b, r in wanted.items()} == {
                b: r.code for b, r in one.proposal.reasons.items()
            }


def test_no_plan_is_dearer_than_another_that_keeps_the_same_rules(found: Alternatives) -> None:
    """A plan found for one price that is cheaper under another stands there."""
    town, today = town_and_today()
    demand, times = demand_of(town), straight_times(town)
    for one, other in itertools.product(found, found):
        if one.spare == 1 and one.name not in {"nearest", "balanced", "fewest_moved"}:
            prices = Prices(moved_s=one.moved_s)
            card = score_plan(town, other.proposal.plan, demand, times, against=today, prices=prices)
            assert one.proposal.cost <= card["cost.total"].value * (1 + 1e-9)


def test_the_same_seed_gives_the_same_alternatives(found: Alternatives) -> None:
    """A planner who repeats the run gets the same plans."""
    town, today = town_and_today()
    demand, times = demand_of(town), straight_times(town)
    calls: list[tuple[int, int]] = []

    def tell(number: int, count: int) -> None:
        calls.append((number, count))

    again = propose_alternatives(town, demand, times, **ASKED, against=today, iterations=60, progress=tell)
    assert again == found
    assert calls == [(number, len(calls)) for number in range(len(calls))]


def test_nearest_is_what_brute_force_finds() -> None:
    """On a 3×3 town the nearest plan has the shortest journeys of all plans there are."""
    town = square_town(3, 3, schools=[(0, 0), (2, 1)], capacity=[40, 60])
    demand, times = demand_of(town), straight_times(town)
    found = propose_alternatives(town, demand, times, **ASKED, iterations=60)
    posed = pose_problem(town, demand, times, **ASKED, prices=Prices(0.0, 0.0, 0.0))
    best = best_plan(posed.problem)
    assert best is not None
    assert found["nearest"].proposal.cost == pytest.approx(best[0])
    assert found["nearest"].journeys_s * 90 == pytest.approx(best[0])


def test_without_zones_in_force_nothing_moves() -> None:
    """Where there is no plan to compare with, there is no curve of moves and no plan of fewest."""
    town, _ = town_and_today()
    found = propose_alternatives(town, demand_of(town), straight_times(town), **ASKED, iterations=40)
    assert found.moves == ()
    assert [one.name for one in found.named] == ["proposed", "nearest", "balanced"]
    with pytest.raises(KeyError, match="fewest_moved"):
        found["fewest_moved"]
    assert set(found.proposals) == {one.name for one in found}


def test_a_balance_that_cannot_be_had_is_left_out_and_no_plan_at_all_is_refused() -> None:
    """Two blocks of ten pupils cannot fill seats of 10 and 30 alike; with 15 seats nobody can plan."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)], capacity=[10, 30])
    demand, times = demand_of(town), straight_times(town)
    found = propose_alternatives(town, demand, times, **ASKED, spare=(0.0,), iterations=40)
    assert "spare_0" in found.left_out
    assert found["balanced"].spread == found["proposed"].spread
    short = square_town(1, 2, schools=[(0, 0), (0, 1)], capacity=[10, 5])
    with pytest.raises(InfeasibleError, match="5 short"):
        propose_alternatives(short, demand, times, **ASKED)


def test_seats_shrink_alike_where_pupils_are_shared() -> None:
    """One factor a town where blocks stay within theirs, one for all where they do not; all else stays."""
    town = square_town(1, 4, schools=[(0, 0), (0, 1), (0, 3)], capacity=[40, 60, 40], towns=list("AABB"))
    asked = Asked(town, demand_of(town), straight_times(town), "primary", 2027)
    seats = evened(asked, 0.5).school_frame["capacity_primary"].tolist()
    assert seats == pytest.approx([40 * 0.6, 60 * 0.6, 40 * 0.75])
    assert evened(asked, 1.0) is town
    assert evened(asked, 0.5).adjacency is town.adjacency
    free = dataclasses.replace(
        town, policy=town.policy.with_rule(dataclasses.replace(town.policy.of("primary"), within_town=False))
    )
    one = evened(dataclasses.replace(asked, district=free), 0.0).school_frame["capacity_primary"]
    assert (one / np.array([40, 60, 40])).tolist() == pytest.approx([40 / 140] * 3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        evened(asked, 1.5)


def test_the_proposed_plan_stays_even_where_it_does_not_fit() -> None:
    """A plan over its seats is still the one asked for, and says by how much."""
    town = square_town(1, 3, schools=[(0, 0), (0, 2)], capacity=[15, 15])
    demand, times = demand_of(town, [10, 9, 10]), straight_times(town)
    found = propose_alternatives(town, demand, times, **ASKED, iterations=40)
    assert found["proposed"].proposal.excess > 0
    assert math.isnan(found["proposed"].proposal.gap)
    assert allocate(town, found["proposed"].proposal.plan).unassigned.size == 0


def migrant_town(**changes: object) -> District:
    """Return a town of 12 blocks with a school at either end, whose western children are migrants."""
    rows = [
        (block_name(r, c), 2026, 8, 10.0, 10.0 - 3 * (3 - c), 3.0 * (3 - c))
        for r in range(3)
        for c in range(4)
    ]
    columns = ["block_id", "year", "age", "residents", "registered", "migrants"]
    tables = {"residents": pd.DataFrame(rows, columns=columns)}
    given_ = {"schools": [(1, 0), (1, 3)], "capacity": [90, 90], "tables": tables} | changes
    return square_town(3, 4, **given_)


def test_the_price_of_a_band_is_scanned() -> None:
    """A hard band holds in every named plan; what it costs shows on a curve of its own, up to no band."""
    town = migrant_town()
    demand, times = demand_of(town), straight_times(town)
    options = ZoneOptions(balance=(Balance("migrants", 0.2),))
    found = propose_alternatives(town, demand, times, **ASKED, options=options, iterations=60)
    assert all(one.outside == 0 for one in (*found.named, *found.balance))
    assert found.bands[-1].outside == 0
    assert found.bands[0].name == "band_0"
    assert found.bands[0].outside > 0
    assert found.bands[0].journeys_s < found["proposed"].journeys_s
    free = propose_alternatives(town, demand, times, **ASKED, options=ZoneOptions(), iterations=60)
    assert free.bands == ()
    assert found["band_0"].proposal.cost == pytest.approx(free["proposed"].proposal.cost)


LOWER = {f"b{r:03d}{c:03d}": f"k{r}{c // 2}" for r in range(4) for c in range(5)}


@pytest.mark.parametrize(
    "options",
    [
        ZoneOptions(seat_price_s=50.0),
        ZoneOptions(least_utilisation=0.6, least_price_s=40.0),
        ZoneOptions(shared=(("s0", "s2"),)),
        ZoneOptions(locked_blocks=("b000000", "b003003")),
        ZoneOptions(grandfathered=True),
        ZoneOptions(prices=Prices(split_feeder_s=math.inf)),
        ZoneOptions(prices=Prices(split_feeder_s=200.0, moved_s=50.0)),
        ZoneOptions(prices=Prices(moved_s=math.inf)),
    ],
)
def test_every_option_is_kept_and_priced_in_every_alternative(options: ZoneOptions) -> None:
    """Each plan costs what the scorecard says under its own options, and its reasons are of them."""
    town, today = town_and_today()
    demand, times = demand_of(town), straight_times(town)
    feeder = Plan.of("kindergarten", 2027, LOWER)
    same = {"against": today, "feeder": feeder}
    found = propose_alternatives(town, demand, times, **ASKED, **same, options=options, iterations=50)
    for one in found:
        plan = one.proposal.plan
        if one.spare == 1:
            card = score_plan(town, plan, demand, times, **same, options=one.options)
            assert card["cost.total"].value == pytest.approx(one.proposal.cost)
            wanted = explain_plan(town, demand, times, plan, **same, options=one.options)
            codes = {block: reason.code for block, reason in one.proposal.reasons.items()}
            assert {block: reason.code for block, reason in wanted.items()} == codes
        assert one.proposal.bound <= one.proposal.cost * (1 + 1e-9)
        for block in options.locked_blocks:
            assert plan[block] == today[block]
        if math.isinf(options.prices.split_feeder_s):
            zones = {(LOWER[block], schools) for block, schools in plan.rows}
            assert len(zones) == len(set(LOWER.values()))
        if math.isinf(options.prices.moved_s):
            assert one.moved == 0
            assert found.moves[0].name == "proposed"
    if options.shared:
        assert {("s0", "s2")} < {schools for _, schools in found["proposed"].proposal.plan.rows}
