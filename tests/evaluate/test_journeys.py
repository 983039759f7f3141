"""How far children go, and what the norms say to it."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import demand_of, square_town, straight_times

from zoning.evaluate import Prices, allocate, journey_cost, score_plan
from zoning.evaluate.journeys import weighted_percentile
from zoning.plan import Plan
from zoning.policy import Limit, three_tier_policy


def line_plan(blocks: int) -> Plan:
    """Return the plan that zones a line of blocks to one school."""
    return Plan.of("primary", 2027, {f"b000{c:03d}": "s0" for c in range(blocks)})


def test_the_95th_percentile_weighs_pupils_not_blocks() -> None:
    """Five per cent of the pupils may go further, however many blocks they live in."""
    times = np.array([60.0, 900.0, 1200.0, 1500.0])
    assert weighted_percentile(times, np.array([95.0, 2.0, 2.0, 1.0]), 0.95) == 60
    assert weighted_percentile(times, np.array([94.0, 2.0, 2.0, 2.0]), 0.95) == 900
    assert math.isnan(weighted_percentile(times, np.zeros(4), 0.95))


@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 20)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_percentile_is_that_of_the_pupils_themselves(groups: list[tuple[int, int]]) -> None:
    """Listing every pupil and taking the value in place ceil(0.95 n) gives the same number."""
    values, weights = (np.array(column, dtype=np.float64) for column in zip(*groups, strict=True))
    each = np.sort(np.repeat(values, weights.astype(int)))
    if len(each):
        wanted = each[math.ceil(round(0.95 * len(each), 9)) - 1]
        assert weighted_percentile(values, weights, 0.95) == wanted


def test_mean_longest_and_share_beyond_the_norm() -> None:
    """Six blocks in a line at 500 m: 0 to 2,000 s on foot at 1.25 m/s, one in six beyond half an hour."""
    town = square_town(1, 6)
    card = score_plan(town, line_plan(6), demand_of(town), straight_times(town))
    assert card["journeys.mean_s"].value == pytest.approx(1000)
    assert card["journeys.longest_s"].value == pytest.approx(2000)
    assert card["journeys.beyond_norm"].value == pytest.approx(1 / 6)
    assert card["journeys.beyond_norm"].source == "国办发〔2018〕27号"
    assert card["journeys.beyond_norm"].ok is None
    assert card["journeys.beyond_radius"].value == pytest.approx(4 / 6)
    assert card["journeys.beyond_radius"].source == "GB 50099-2011, 4.1.4"


def test_a_limit_of_the_place_itself_has_a_verdict_and_advice_has_none() -> None:
    """A norm that says "should" is no failure; what the folder's own policy sets is one."""
    policy = three_tier_policy()
    own = dataclasses.replace(policy.of("primary"), journey=Limit(600.0, "s", "the office"))
    rules = tuple(own if rule.stage == "primary" else rule for rule in policy.rules)
    strict = square_town(1, 6, policy=dataclasses.replace(policy, rules=rules))
    card = score_plan(strict, line_plan(6), demand_of(strict), straight_times(strict))
    assert (card["journeys.beyond_norm"].source, card["journeys.beyond_norm"].ok) == ("the office", False)
    assert card["journeys.longest_s"].ok is False
    assert (card["journeys.beyond_radius"].limit, card["journeys.beyond_radius"].ok) == (0, None)


def test_blocks_without_pupils_do_not_lengthen_the_longest_journey() -> None:
    """The longest journey is one that a child makes."""
    town = square_town(1, 6)
    card = score_plan(town, line_plan(6), demand_of(town, [10, 10, 10, 0, 0, 0]), straight_times(town))
    assert card["journeys.longest_s"].value == pytest.approx(800)


def test_pupils_without_a_way_are_counted_not_averaged() -> None:
    """A zone cut by a barrier shows as pupils without a way, in two places, and in no mean."""
    town = square_town(1, 3)
    times = straight_times(town, cut=[("b000002", "s0")])
    card = score_plan(town, line_plan(3), demand_of(town), times)
    assert card["journeys.unreachable_pupils"].value == pytest.approx(10)
    assert card["compliance.no_way_pupils"].ok is False
    assert card["journeys.mean_s"].value == pytest.approx(200)


def test_the_cost_is_the_sum_of_its_named_parts() -> None:
    """Every second of the cost is travel or a documented price."""
    town = square_town(1, 6, schools=[(0, 0), (0, 5)])
    demand, times = demand_of(town), straight_times(town)
    today = Plan.of("primary", 2026, {f"b000{c:03d}": "s1" for c in range(5)})
    prices = Prices(beyond_journey_s=1, beyond_radius_s=2, moved_s=4)
    cost = journey_cost(town, demand, times, stage="primary", year=2027, against=today, prices=prices)
    parts = cost.parts(allocate(town, line_plan(6)))
    assert parts["travel"] == pytest.approx(10 * 6000)
    assert parts["beyond_journey"] == pytest.approx(10 * 1)
    assert parts["beyond_radius"] == pytest.approx(10 * 2 * 4)
    assert parts["moved"] == pytest.approx(10 * 4 * 5)
    assert parts["total"] == pytest.approx(sum(v for k, v in parts.items() if k != "total"))
    assert cost.per_pupil_s[4, 0] == pytest.approx(1600 + 2 + 4)


def test_prices_below_zero_are_refused() -> None:
    """A negative price would make the bound wrong."""
    with pytest.raises(ValueError, match="at least 0"):
        Prices(moved_s=-1)
