"""What a run of the command line says of a plan that does not fit."""

import json
from pathlib import Path

import pandas as pd
import pytest
from tests.towns import block_name, demand_of, square_town, straight_times

from zoning.cli.output import Output
from zoning.cli.planning import Search, plan_stages
from zoning.cli.steps import card_record
from zoning.evaluate import score_plan
from zoning.load import read_record
from zoning.plan import Plan
from zoning.zones import ZoneOptions


def residents(big: float) -> pd.DataFrame:
    """Return the children of a 2 × 2 town: one block with `big` a grade, 3 in each of the others."""
    rows = [
        (block_name(r, c), 2026, age, big if (r, c) == (0, 1) else 3.0, float("nan"), float("nan"))
        for r in range(2)
        for c in range(2)
        for age in range(18)
    ]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents", "registered", "migrants"])


@pytest.mark.parametrize(("big", "fits"), [(10.0, True), (30.0, False)])
def test_a_school_over_its_seats_is_a_finding(big: float, fits: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """A block bigger than any school is planned, written and said, and the run ends as a finding."""
    town = square_town(2, 2, schools=[(0, 0), (1, 1)], capacity=150, tables={"residents": residents(big)})
    output = Output(lang="en", as_json=True)
    complete, document = plan_stages(output, town, "primary", Search(2027, 7), folder=tmp_path)
    assert complete is fits
    assert document["ok"] is fits
    assert (tmp_path / "primary" / "plan.csv").exists()
    plan = document["plans"][0]  # type: ignore[index]
    assert (plan["gap"] is None) is not fits


def test_seats_that_may_be_passed_at_a_price_leave_a_gap(tmp_path: Path) -> None:
    """Who puts a price on seats gets the bound of that problem with a gap, and the run is no finding."""
    town = square_town(2, 2, schools=[(0, 0), (1, 1)], capacity=150, tables={"residents": residents(30.0)})
    asked = ZoneOptions(seat_price_s=600.0)
    output = Output(lang="en", as_json=True)
    complete, document = plan_stages(output, town, "primary", Search(2027, 7, options=asked), folder=tmp_path)
    plan = document["plans"][0]  # type: ignore[index]
    assert (complete, plan["ok"], plan["pupils_over"], plan["stopped"]) == (True, True, 0.0, False)
    assert plan["gap"] == pytest.approx((plan["cost"] - plan["bound"]) / plan["bound"])
    assert any("at the price" in note["en"] and "按给定代价" in note["zh"] for note in plan["notes"])
    record = read_record(tmp_path / "primary", town)
    assert (record.excess, record.options["seat_price_s"]) == (0.0, 600.0)


def test_pupils_without_a_seat_are_written_as_json() -> None:
    """A plan that zones to a school without seats has an endless utilisation, which JSON cannot hold."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)], capacity=[100, 0])
    plan = Plan.of("primary", 2027, {"b000000": "s0", "b000001": "s1"})
    record = card_record(score_plan(town, plan, demand_of(town), straight_times(town)))
    (highest,) = [m for m in record if m["id"] == "capacity.highest"]
    assert (highest["value"], highest["ok"]) == (None, False)
    assert json.dumps(record, allow_nan=False)
