"""One piece or several, and how compact."""

import math

import pytest
import shapely
from tests.towns import demand_of, square_town, straight_times

from zoning.evaluate import compactness, detached_parts, score_plan
from zoning.plan import Plan


def plan_of(rows: dict[str, str | list[str]]) -> Plan:
    """Return a primary plan for 2027."""
    return Plan.of("primary", 2027, rows)


def test_a_square_has_compactness_a_quarter_of_pi() -> None:
    """One square block, and a square of four blocks, both give π/4."""
    one = square_town(1, 1)
    four = square_town(2, 2)
    assert compactness(one, plan_of({"b000000": "s0"}))["s0"] == pytest.approx(math.pi / 4)
    whole = plan_of(dict.fromkeys(four.blocks.index, "s0"))
    assert compactness(four, whole)["s0"] == pytest.approx(math.pi / 4, rel=1e-5)


def test_compactness_is_that_of_the_merged_polygon() -> None:
    """Area and borders of blocks give the same figure as merging the polygons."""
    town = square_town(4, 4, schools=[(0, 0), (3, 3)])
    ids = list(town.blocks.index)
    plan = plan_of({b: "s0" if number in {0, 1, 2, 4, 8, 9, 3} else "s1" for number, b in enumerate(ids)})
    found = compactness(town, plan)
    for school, blocks in plan.zones().items():
        merged = shapely.union_all(town.blocks.loc[list(blocks)].geometry.to_numpy())
        assert found[school] == pytest.approx(4 * math.pi * merged.area / merged.length**2, rel=1e-4)


def test_a_corner_touch_does_not_connect() -> None:
    """Two blocks that meet in a point are two pieces."""
    town = square_town(2, 2, schools=[(0, 0), (0, 1)])
    plan = plan_of({"b000000": "s0", "b001001": "s0", "b000001": "s1", "b001000": "s1"})
    parts = detached_parts(town, plan)
    assert [(part.school_id, part.block_ids) for part in parts] == [
        ("s0", ("b001001",)),
        ("s1", ("b001000",)),
    ]
    card = score_plan(town, plan, demand_of(town), straight_times(town))
    assert card["shape.detached_parts"].value == 2
    assert card["shape.detached_parts"].ok is False


def test_a_zone_away_from_its_school_is_detached() -> None:
    """A zone in one piece that does not touch its school's block is still cut off."""
    town = square_town(1, 4, schools=[(0, 0), (0, 3)])
    plan = plan_of({"b000000": "s1", "b000001": "s1", "b000002": "s0", "b000003": "s0"})
    assert {part.school_id for part in detached_parts(town, plan)} == {"s0", "s1"}


def test_two_schools_in_one_block_can_both_have_one_piece() -> None:
    """The school's block connects its zone although another school serves it."""
    town = square_town(1, 3, schools=[(0, 1), (0, 1)])
    plan = plan_of({"b000000": "s1", "b000001": "s0", "b000002": "s1"})
    assert detached_parts(town, plan) == ()
