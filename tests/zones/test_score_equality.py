"""The scorecard prints the number that the arrays rate a plan by, whatever is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import straight_times
from tests.zones.by_hand import IDS, NINE, forecast_of, posed, residents_of, town_of

from zoning.errors import InfeasibleError
from zoning.evaluate import score_plan
from zoning.options import Balance, Prices, ZoneOptions
from zoning.plan import Plan

PRICE = st.one_of(st.just(0.0), st.floats(0.5, 900.0))
SOFT = st.builds(
    Prices,
    beyond_journey_s=st.one_of(PRICE, st.just(float("inf"))),
    beyond_radius_s=PRICE,
    moved_s=st.one_of(PRICE, st.just(float("inf"))),
    left_town_s=st.one_of(PRICE, st.just(float("inf"))),
    misplaced_s=PRICE,
    split_feeder_s=PRICE,
)
ASKED = st.builds(
    ZoneOptions,
    years=st.sampled_from([(), (2028,), (2027, 2028)]),
    quantile=st.sampled_from([None, 0.5, 0.9]),
    seat_price_s=st.one_of(PRICE, st.just(float("inf"))),
    least_utilisation=st.sampled_from([0.0, 0.4]),
    least_price_s=st.one_of(PRICE, st.just(float("inf"))),
    balance=st.sampled_from([(), (Balance("migrants", 0.05, 40.0),), (Balance("registered", 0.1),)]),
    grandfathered=st.booleans(),
    shared=st.sampled_from([(), (("s0", "s2"),), (("s0", "s1", "s2"),)]),
    deduct_private=st.booleans(),
    deduct_designated=st.booleans(),
    prices=SOFT,
)


@given(
    st.data(),
    ASKED,
    NINE,
    NINE,
    st.lists(st.sampled_from("AB"), min_size=9, max_size=9),
    st.lists(st.sampled_from(["s0", "s1", "s2", "s3"]), min_size=9, max_size=9),
)
@settings(max_examples=60, deadline=None)
def test_score_and_arrays_rate_every_plan_alike(  # noqa: PLR0917 - Hypothesis passes them by position
    data: st.DataObject,
    asked: ZoneOptions,
    now: list[int],
    later: list[int],
    towns: list[str],
    today: list[str],
) -> None:
    """Any mix of options, any plan over open cells: cost.total equals the cost of the arrays."""
    town = town_of(
        schools=[(0, 0), (2, 2), (0, 2), (1, 1)],
        capacity=[30.0, 40.0, 20.0, 15.0],
        towns=towns,
        side_m=1500.0,
        tables=residents_of([3, 1, 4, 1, 5, 9, 2, 6, 5]),
        school_columns={
            "ownership": ["public", "public", "public", "private"],
            "designated_for_migrants": [False, True, False, False],
            "place_class": ["town", "village", "town", "town"],
            "closes": [np.nan, np.nan, 2028.0, np.nan],
        },
    )
    paths = np.stack([np.stack([now, later], axis=1), np.stack([later, later], axis=1)]).astype(float)
    demand = forecast_of(town, paths, [2027, 2028])
    times = straight_times(town)
    against = Plan.of("primary", 2026, dict(zip(IDS, today, strict=True)))
    feeder = Plan.of("kindergarten", 2026, dict(zip(IDS, ["k0"] * 4 + ["k1"] * 5, strict=True)))
    more = {"against": against, "feeder": feeder, "options": asked}
    try:
        found = posed(town, demand, times=times, **more)
    except InfeasibleError:  # a forbidden departure leaves somebody no school: refused, not rated
        return
    problem = found.problem
    for _ in range(3):
        cells = [data.draw(st.sampled_from(np.flatnonzero(row).tolist())) for row in problem.allowed]
        school = np.array(cells)
        card = score_plan(town, found.plan(school), demand, times, **more)
        assert card["cost.total"].value == pytest.approx(problem.cost_of(school), rel=1e-9, abs=1e-6)
        parts = [m.value for m in card if m.id.startswith("cost.") and m.id != "cost.total"]
        assert sum(parts) == pytest.approx(card["cost.total"].value)


def test_the_districts_own_options_are_the_default() -> None:
    """What zoning.toml asks holds for pose and score alike without being passed."""
    asked = ZoneOptions(seat_price_s=500.0, prices=Prices(moved_s=9.0))
    town = town_of(capacity=[10.0, 10.0])
    town = type(town)(town.place, town.blocks, town.schools, options={"primary": asked})
    demand = forecast_of(town, np.full((1, 9, 1), 4.0), [2027])
    found = posed(town, demand)
    school = np.array([0] * 8 + [1])
    card = score_plan(town, found.plan(school), demand, straight_times(town))
    assert card["cost.rules"].value == pytest.approx(500 * 22)
    assert card["cost.total"].value == pytest.approx(found.problem.cost_of(school))


def test_pupils_who_stay_count_as_pupils_of_their_school() -> None:
    """Enrolled pupils who stay are part of a school's load on the scorecard, and no part of the cost."""
    town = town_of()
    demand = forecast_of(town, np.full((1, 9, 1), 6.0), [2027])
    today = Plan.of("primary", 2026, dict.fromkeys(IDS, "s0"))
    plan = today.for_year(2027).moved(dict.fromkeys(IDS[4:], "s1"))
    times = straight_times(town)
    asked = {"against": today, "options": ZoneOptions(grandfathered=True)}
    card = score_plan(town, plan, demand, times, **asked)
    assert card["capacity.pupils"].value == pytest.approx(54)
    assert card["capacity.highest"].value == pytest.approx((45 + 4) / 60)
    assert card["stability.moved_pupils"].value == pytest.approx(5)
