"""A plan is a value: equal by content, changed only by making another."""

import dataclasses
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.towns import square_town

from zoning.errors import DataError
from zoning.plan import Plan
from zoning.proposal import Proposal

BLOCKS = [f"b{n}" for n in range(6)]
SCHOOLS = ["s1", "s2", "s3"]
assignments = st.fixed_dictionaries(
    {block: st.lists(st.sampled_from(SCHOOLS), min_size=1, max_size=2, unique=True) for block in BLOCKS},
)


@given(assignments, st.randoms())
def test_row_order_is_irrelevant(schools: dict[str, list[str]], random: object) -> None:
    """Two files with the same rows in another order are the same plan, with the same digest."""
    shuffled = list(schools.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = Plan.of("primary", 2027, schools)
    two = Plan.of("primary", 2027, {block: list(reversed(ids)) for block, ids in shuffled})
    assert one == two
    assert hash(one) == hash(two)
    assert one.digest == two.digest


@given(assignments, st.dictionaries(st.sampled_from(BLOCKS), st.sampled_from(SCHOOLS)))
def test_moves_are_reversible(schools: dict[str, list[str]], changes: dict[str, str]) -> None:
    """Undoing the moves that `diff` lists gives back the plan that was changed."""
    before = Plan.of("primary", 2027, schools)
    after = before.moved(changes)
    moves = after.diff(before)
    assert {m.block_id for m in moves} == {b for b, s in changes.items() if before[b] != (s,)}
    assert after.moved({m.block_id: m.before for m in moves}) == before


@given(assignments)
def test_zones_hold_every_block(schools: dict[str, list[str]]) -> None:
    """Each block stands in the zone of each of its schools and in no other."""
    zones = Plan.of("primary", 2027, schools).zones()
    assert {(b, s) for s, blocks in zones.items() for b in blocks} == {
        (b, s) for b, ids in schools.items() for s in ids
    }


def test_zones_of_the_year_come_before_standing_ones() -> None:
    """A row for this very year replaces the block's standing row instead of making a shared zone of both."""
    rows = [
        ("b000000", "s0", None),
        ("b000000", "s1", 2026),
        ("b000001", "s0", None),
        ("b000001", "s1", 2025),
    ]
    zones = pd.DataFrame(
        [("primary", school, block, year) for block, school, year in rows],
        columns=["stage", "school_id", "block_id", "year"],
    )
    town = square_town(1, 2, schools=[(0, 0), (0, 1)], tables={"zones": zones})
    current = Plan.current(town, stage="primary", year=2026)
    assert current["b000000"] == ("s1",)
    assert current["b000001"] == ("s0",)


def test_another_year_is_another_plan() -> None:
    """The year is part of what a plan is."""
    assert Plan.of("primary", 2027, {"b": "s"}) != Plan.of("primary", 2028, {"b": "s"})


def test_a_plan_cannot_be_changed() -> None:
    """Nobody edits a plan behind the back of its digest."""
    plan = Plan.of("primary", 2027, {"b": "s"})
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        plan.year = 2028  # type: ignore[misc]


@pytest.mark.parametrize("schools", [{"b9": []}, {"b9": ""}])
def test_a_block_without_a_school_is_refused(schools: dict[str, list[str]]) -> None:
    """A plan that forgets a block's school cannot be made."""
    with pytest.raises(DataError, match='"b9" has no school'):
        Plan.of("primary", 2027, schools)


def test_moving_an_unknown_block_is_refused() -> None:
    """A typing error in a block id is not silently added to the plan."""
    with pytest.raises(DataError, match='"b99" is not a block of this plan'):
        Plan.of("primary", 2027, {"b1": "s1"}).moved({"b99": "s1"})


def test_the_gap_is_a_share_of_the_bound() -> None:
    """The gap printed beside a plan is (cost - bound) / bound, and 0 for a proved optimum."""
    plan = Plan.of("primary", 2027, {"b": "s"})
    proposal = Proposal(plan, cost=105.0, bound=100.0, seconds=1.0, iterations=3, seed=7)
    assert proposal.gap == pytest.approx(0.05)
    assert dataclasses.replace(proposal, cost=0.0, bound=0.0).gap == 0.0
    assert dataclasses.replace(proposal, bound=0.0).gap == float("inf")
    assert proposal.within_seats
    over = dataclasses.replace(proposal, excess=2.0)
    assert not over.within_seats
    assert math.isnan(over.gap)  # the bound is not one for this plan
    assert proposal == dataclasses.replace(proposal, seconds=9.0)
