"""Flows between zones and schools add up to the county, and are told only where they can be."""

import numpy as np
import pandas as pd
import pytest
from tests.towns import square_town

from zoning.district import District
from zoning.errors import DataError
from zoning.evaluate import roll_flows
from zoning.plan import Plan

IN_FORCE = {"b000000": "s0", "b000001": ["s0", "s1"], "b000002": "s1"}


def residents(*, years: tuple[int, ...] = (2025, 2026), each: float = 10.0) -> pd.DataFrame:
    """Every block with the same children of each age."""
    rows = [(f"b00000{b}", y, a, each) for b in range(4) for y in years for a in range(4, 14)]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents"])


def enrolment(rolls: dict[str, float], *, years: tuple[int, ...] = (2025,)) -> pd.DataFrame:
    """Pupils of each primary grade by school."""
    rows = [(s, y, g, n, np.nan) for s, n in rolls.items() for y in years for g in range(1, 7)]
    return pd.DataFrame(rows, columns=["school_id", "year", "grade", "pupils", "classes"])


def town(**tables: pd.DataFrame) -> District:
    """Four blocks and three schools of which the last has no zone."""
    return square_town(1, 4, schools=[(0, 0), (0, 1), (0, 3)], capacity=[300, 100, 100], tables=tables)


def test_flows_add_up_to_the_county() -> None:
    """Residents, expected pupils and rolls are each complete, and the net inflows cancel."""
    place = town(residents=residents(), enrolment=enrolment({"s0": 20.0, "s1": 8.0, "s2": 4.0}))
    table, notes = roll_flows(place, stage="primary", plan=Plan.of("primary", 2026, IN_FORCE))
    assert table is not None
    assert table["year"].unique().tolist() == [2025]
    assert table["residents"].sum() == pytest.approx(4 * 60)
    assert table["roll"].sum() == table["expected"].sum() == pytest.approx(32 * 6)
    assert table["net_inflow"].sum() == pytest.approx(0)
    by_school = table.set_index("school_id")
    # Zone of s0: a whole block and three quarters of the shared one, at 32 pupils per 40 children.
    assert by_school.loc["s0", "expected"] == pytest.approx(1.75 * 60 * 0.8)
    assert by_school.loc["s0", "inflow_share"] == pytest.approx((120 - 84) / 120)
    assert by_school.loc["s1", "inflow_share"] == pytest.approx((48 - 60) / 60)
    assert by_school.loc["s2", "inflow_share"] == 1.0
    assert by_school.loc["", "inflow_share"] == -1.0
    assert "add up to nothing" in notes[0].en


def test_rolls_that_cannot_be_believed_scale_nothing() -> None:
    """An enrolment table of one school in ten does not turn every other zone into a source of pupils."""
    place = town(residents=residents(), enrolment=enrolment({"s0": 4.0}))
    table, notes = roll_flows(place, stage="primary", plan=Plan.of("primary", 2026, IN_FORCE))
    assert table is not None
    assert table["expected"].sum() == pytest.approx(240)
    assert "hard to believe" in notes[1].en


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({}, "no residents table"),
        ({"residents": residents()}, "no enrolment table"),
        (
            {"residents": residents(years=(2026,)), "enrolment": enrolment({"s0": 9.0})},
            "No year counts both",
        ),
    ],
)
def test_without_a_table_there_are_no_flows_and_a_reason(tables: dict[str, pd.DataFrame], said: str) -> None:
    """A planner learns what is missing instead of reading zeros."""
    table, notes = roll_flows(town(**tables), stage="primary", plan=Plan.of("primary", 2026, IN_FORCE))
    assert table is None
    assert said in notes[0].en


def test_zones_in_force_are_those_of_the_table() -> None:
    """Without a plan the zones table is taken, and without zones there are no flows."""
    both = {"residents": residents(), "enrolment": enrolment({"s0": 20.0})}
    zones = pd.DataFrame({"stage": "primary", "school_id": ["s0", "gone"], "year": np.nan})
    zones["block_id"] = ["b000000", "b000001"]
    table, _ = roll_flows(town(**both, zones=zones), stage="primary")
    assert table is not None
    assert table.set_index("school_id")["residents"].to_dict() == {"s0": 60.0, "": 180.0}
    table, notes = roll_flows(town(**both), stage="primary")
    assert table is None
    assert "no zones in force" in notes[0].en
    with pytest.raises(DataError, match="nursery"):
        roll_flows(town(**both), stage="nursery")
