"""Coverage, stability, compliance, and the card as a whole."""

import numpy as np
import pandas as pd
import pytest
import shapely
from tests.towns import demand_of, square_town, straight_times

from zoning.district import District
from zoning.errors import DataError
from zoning.evaluate import coverage_faults, pupils_moved, score_plan
from zoning.plan import Plan
from zoning.zones import propose_plan


def plan_of(rows: dict[str, str | list[str]], *, stage: str = "primary") -> Plan:
    """Return a plan for 2027."""
    return Plan.of(stage, 2027, rows)


def test_a_block_without_a_zone_is_a_gap_with_geometry() -> None:
    """A block that the plan forgets shows as block, pupils, area and polygon."""
    town = square_town(1, 3)
    plan = plan_of({"b000000": "s0", "b000001": "s0"})
    (row,) = coverage_faults(town, plan).itertuples()
    assert (row.kind, row.block_id, row.area_m2) == ("unassigned", "b000002", pytest.approx(250_000))
    assert row.geometry.equals(town.block("b000002").geometry)
    card = score_plan(town, plan, demand_of(town), straight_times(town))
    assert card["coverage.unassigned_pupils"].value == pytest.approx(10)
    assert card["coverage.gap_m2"].ok is False


def test_overlapping_blocks_of_different_zones_are_found() -> None:
    """Land in two zones at once is reported once, with its area; within one zone it does no harm."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)])
    frame = town.blocks
    first, second = frame.geometry
    left, bottom, right, top = first.bounds
    frame["geometry"] = [shapely.box(left, bottom, right + 10, top), second]
    crossed = District(town.place, frame, town.schools)
    (row,) = coverage_faults(crossed, plan_of({"b000000": "s0", "b000001": "s1"})).itertuples()
    assert (row.kind, row.block_id, row.other_id) == ("overlap", "b000000", "b000001")
    assert row.area_m2 == pytest.approx(5000)
    assert coverage_faults(crossed, plan_of({"b000000": "s0", "b000001": "s0"})).empty


def test_holes_of_the_block_layer_are_told_from_gaps() -> None:
    """Land that no block covers is the source's gap, not the plan's."""
    town = square_town(3, 3)
    holed = District(town.place, town.blocks.drop("b001001"), town.schools)
    (row,) = coverage_faults(holed, plan_of(dict.fromkeys(holed.blocks.index, "s0"))).itertuples()
    assert (row.kind, row.area_m2) == ("hole", pytest.approx(250_000))


def test_pupils_moved_are_counted_once() -> None:
    """Ten children change school; a block that had none before moves nobody."""
    town = square_town(1, 3, schools=[(0, 0), (0, 2)])
    before = plan_of({"b000000": "s0", "b000001": "s0"})
    after = plan_of({"b000000": "s0", "b000001": "s1", "b000002": "s1"})
    card = score_plan(town, after, demand_of(town), straight_times(town), against=before)
    assert card["stability.moved_pupils"].value == pytest.approx(10)
    assert card["stability.moved_share"].value == pytest.approx(0.5)
    assert card["stability.moved_blocks"].value == 1


def test_staying_within_a_shared_zone_is_no_move() -> None:
    """From a shared zone to one of its schools nobody moves; the other way half of the children may."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)])
    shared, single = plan_of({"b000000": ["s0", "s1"]}), plan_of({"b000000": "s0"})
    pupils = np.array([10.0, 10.0])
    assert pupils_moved(town, single, shared, pupils).pupils.sum() == 0
    assert pupils_moved(town, shared, single, pupils).pupils.sum() == pytest.approx(5)


def test_without_a_plan_to_compare_stability_is_not_measured() -> None:
    """A figure that nothing was compared with is left out, not zero."""
    town = square_town(1, 2)
    card = score_plan(town, plan_of({"b000000": "s0"}), demand_of(town), straight_times(town))
    with pytest.raises(KeyError, match="stability"):
        card["stability.moved_pupils"]


@pytest.mark.parametrize(
    ("column", "values", "measure"),
    [
        ("ownership", ["public", "private"], "compliance.private_pupils"),
        ("opens", [np.nan, 2028], "compliance.closed_pupils"),
        ("place_class", ["town", "village"], "compliance.place_class_pupils"),
    ],
)
def test_pupils_against_the_policy_are_counted(column: str, values: list[object], measure: str) -> None:
    """Each rule of the policy has its own count, and only the broken one is above 0."""
    town = square_town(1, 4, stage="junior", schools=[(0, 0), (0, 3)], school_columns={column: values})
    rows = {"b000000": "s0", "b000001": "s0", "b000002": "s1", "b000003": "s1"}
    card = score_plan(
        town, plan_of(rows, stage="junior"), demand_of(town, stage="junior"), straight_times(town)
    )
    broken = {m.id: m.value for m in card if m.id.startswith("compliance.") and m.value}
    assert broken == {measure: pytest.approx(20)}


def test_leaving_the_town_counts_only_where_the_town_has_a_school() -> None:
    """Town A's children in B break the rule; town C has no school and its children may go anywhere."""
    town = square_town(1, 3, schools=[(0, 0), (0, 1)], towns=["A", "B", "C"])
    card = score_plan(
        town,
        plan_of({"b000000": "s1", "b000001": "s1", "b000002": "s1"}),
        demand_of(town),
        straight_times(town),
    )
    assert card["compliance.town_pupils"].value == pytest.approx(10)


def test_a_proposal_breaks_no_rule_of_the_policy() -> None:
    """What the search keeps is what the scorecard checks."""
    town = square_town(4, 6, schools=[(0, 0), (0, 5), (3, 2)], capacity=120, towns=list("AAABBB") * 4)
    demand, times = demand_of(town), straight_times(town)
    card = score_plan(town, propose_plan(town, demand, times, stage="primary", year=2027).plan, demand, times)
    assert [m.id for m in card if m.id.startswith(("compliance.", "coverage.")) and m.ok is False] == []


def test_every_measure_is_bilingual_and_unique() -> None:
    """A scorecard prints in both languages, and an id names one number."""
    town = square_town(2, 2)
    plan = plan_of(dict.fromkeys(town.blocks.index, "s0"))
    card = score_plan(town, plan, demand_of(town), straight_times(town), against=plan)
    ids = [measure.id for measure in card]
    assert len(set(ids)) == len(ids)
    assert all(any("一" <= c <= "鿿" for c in m.label.zh) and m.label.en.isascii() for m in card)
    assert card.plan_digest == plan.digest


def test_a_plan_of_another_district_is_refused() -> None:
    """Unknown blocks and schools are listed together."""
    town = square_town(1, 2)
    with pytest.raises(DataError, match=r"b9[\s\S]*s9"):
        score_plan(
            town, plan_of({"b9": "s0", "b000000": "s9"}), demand_of(town), straight_times(town),
        )  # fmt: skip


def test_scores_do_not_depend_on_the_order_of_rows() -> None:
    """Sorting the blocks table another way changes no number."""
    town = square_town(3, 3, schools=[(0, 0), (2, 2)])
    turned = District(town.place, town.blocks.iloc[::-1], town.schools)
    plan = plan_of({b: "s0" if b < "b001001" else "s1" for b in town.blocks.index})
    cards = [score_plan(t, plan, demand_of(t), straight_times(t)) for t in (town, turned)]
    for one, other in zip(*cards, strict=True):
        assert one.value == pytest.approx(other.value, nan_ok=True), one.id
    assert isinstance(cards[0]["cost.total"].value, float)
    assert pd.notna(cards[0]["cost.total"].value)


def test_detached_land_without_holes_is_no_fault() -> None:
    """A county in two parts is covered: only land that blocks enclose is a hole."""
    town = square_town(1, 5)
    parted = District(town.place, town.blocks.drop("b000002"), town.schools)
    assert coverage_faults(parted, plan_of(dict.fromkeys(parted.blocks.index, "s0"))).empty
