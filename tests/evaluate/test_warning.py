"""Seat warnings: the scorecard's loads with intervals, chances of too few seats, and large classes."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import demand_of, square_town

from zoning.district import District
from zoning.errors import DataError
from zoning.evaluate import first_warnings, school_loads, seat_warnings, warning_notes, zoned_demand
from zoning.evaluate.classes import shared_classes
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.policy import WarningLevels, three_tier_policy

LOOSE = ZoneOptions()


def plan_of(rows: dict[str, str | list[str]]) -> Plan:
    """Return a primary plan for 2027."""
    return Plan.of("primary", 2027, rows)


def paths_of(
    district: District, seed: int, *, mean: float = 5.0, years: Sequence[int] = (2027, 2028)
) -> Forecast:
    """Return a forecast of 200 random paths of the primary grades."""
    blocks, grades = len(district.block_frame), tuple(district.stage("primary").grades)
    paths = np.random.default_rng(seed).poisson(mean, (200, blocks, len(grades), len(years))).astype(float)
    return Forecast.of_paths(paths, tuple(district.block_frame.index), grades, tuple(years))


def certain(district: District, of_path: Sequence[float], *, grade: int = 1) -> Forecast:
    """Return a forecast of 2027 in which one block has that many children of one grade, path by path."""
    grades = tuple(district.stage("primary").grades)
    paths = np.zeros((len(of_path), len(district.block_frame), len(grades), 1))
    paths[:, 0, grade - 1, 0] = of_path
    return Forecast.of_paths(paths, tuple(district.block_frame.index), grades, (2027,))


def test_chances_and_levels_by_hand() -> None:
    """Ten paths, of which a known number passes the seats, give that share and the colour of the policy."""
    for over, level in ((9, "red"), (8, "red"), (6, "orange"), (5, "orange"), (2, "yellow"), (1, "none")):
        town = square_town(1, 1, capacity=100)
        demand = certain(town, [101.0] * over + [100.0] * (10 - over))
        (row,) = seat_warnings(town, plan_of({"b000000": "s0"}), demand).itertuples()
        assert (row.p_over, row.level) == (pytest.approx(over / 10), level)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_mean_is_the_scorecards_load(seed: int) -> None:
    """Shared zones, openings and closings included, the mean and the seats are those of the scorecard."""
    rng = np.random.default_rng(seed)
    town = square_town(
        2,
        3,
        schools=[(0, 0), (1, 1), (1, 2)],
        capacity=rng.integers(0, 200, 3).astype(float),
        school_columns={"opens": [np.nan, 2028, np.nan], "closes": [np.nan, np.nan, 2028]},
    )
    ids = ["s0", "s1", "s2"]
    plan = plan_of({b: list(rng.choice(ids, rng.integers(1, 4), replace=False)) for b in town.blocks.index})
    demand = paths_of(town, seed)
    table, loads = seat_warnings(town, plan, demand), school_loads(town, plan, demand)
    assert table["mean"].to_numpy() == pytest.approx(loads["pupils"].to_numpy(), abs=1e-9)
    assert table["capacity"].tolist() == loads["capacity"].tolist()
    assert (table["low95"] <= table["low80"]).all()
    assert (table["low80"] <= table["high80"]).all()
    assert (table["high80"] <= table["high95"]).all()
    assert table["p_over"].between(0, 1).all()
    sums = demand.mean.sum(axis=(0, 1))
    assert table.groupby("year")["mean"].sum().to_numpy() == pytest.approx(sums)


def test_bounds_are_of_summed_paths() -> None:
    """The interval of a zone is that of its sum, narrower than the sum of the blocks' intervals."""
    town = square_town(2, 2, capacity=100)
    demand = paths_of(town, 3, years=(2027,))
    (row,) = seat_warnings(town, plan_of(dict.fromkeys(town.blocks.index, "s0")), demand).itertuples()
    paths = np.random.default_rng(3).poisson(5.0, (200, 4, 6, 1)).sum(axis=(1, 2, 3))
    assert (row.low95, row.low80, row.high80, row.high95) == pytest.approx(
        tuple(np.quantile(paths, [0.025, 0.1, 0.9, 0.975]))
    )


def test_a_point_forecast_states_no_chance() -> None:
    """One path is no distribution: bounds and chances stay empty, and a note says why."""
    town = square_town(1, 1, capacity=10)
    plan, demand = plan_of({"b000000": "s0"}), demand_of(town, 60)
    table = seat_warnings(town, plan, demand)
    assert table[["low95", "high80", "p_over", "p_large"]].isna().all(axis=None)
    assert table["level"].tolist() == first_warnings(table)["level"].tolist() == ["unknown"]
    assert any("one path" in note.en for note in warning_notes(town, plan, demand))


@pytest.mark.parametrize(
    ("pupils", "classes", "large"), [(55, 1, 0), (56, 1, 1), (111, 2, 1), (110, 2, 0), (110.4, 2, 1)]
)
def test_a_class_of_56_is_large(pupils: float, classes: int, large: float) -> None:
    """An odd child makes the larger class of an even split; the ministry counts from 56 on."""
    town = square_town(1, 1, capacity=1000)
    demand = certain(town, [pupils, 0.0])
    (row,) = seat_warnings(
        town, plan_of({"b000000": "s0"}), demand, classes={("s0", 1): classes, ("s0", 2): 1}
    ).itertuples()
    assert row.p_large == pytest.approx(large / 2)


def test_classes_come_from_who_knows_best() -> None:
    """Given ones, then the newest enrolment with classes, then classrooms, then seats by the norm."""
    rows = [("s1", y, g, 40.0, c) for y, c in ((2024, 5.0), (2025, 2.0), (2026, np.nan)) for g in range(1, 7)]
    enrolment = pd.DataFrame(rows, columns=["school_id", "year", "grade", "pupils", "classes"])
    town = square_town(
        1,
        4,
        schools=[(0, 0), (0, 1), (0, 2), (0, 3)],
        capacity=540,
        school_columns={"classrooms_primary": [9, 9, 9, np.nan]},
        tables={"enrolment": enrolment},
    )
    plan = plan_of({f"b00000{n}": f"s{n}" for n in range(4)})
    demand = paths_of(town, 1)
    table = seat_warnings(town, plan, demand, classes={"s0": 4}).query("year == 2027")
    assert table["classes"].tolist() == [24, 12, 9, 12]
    said = " ".join(note.en for note in warning_notes(town, plan, demand, classes={"s0": 4}))
    assert all(word in said for word in ("as given: 1", "counts them: 1", "classrooms, shared out", "norm"))


def test_rooms_are_shared_so_that_the_largest_class_is_small() -> None:
    """A bulge gets the rooms left over; fewer rooms than grades are shared by several grades."""
    unknown = np.full((2, 3), np.nan)
    pupils = np.array([[[40.0], [120.0], [50.0]], [[9.0], [9.0], [9.0]]])
    shared = shared_classes(unknown, np.array([[6.0], [2.0]]), pupils)
    assert shared[:, :, 0].tolist() == [[1, 3, 2], pytest.approx([2 / 3] * 3)]


def test_classes_that_cannot_be_are_refused() -> None:
    """A misspelt school and no class at all are mistakes of the caller."""
    town = square_town(1, 1)
    plan, demand = plan_of({"b000000": "s0"}), paths_of(town, 1)
    with pytest.raises(DataError, match='"s9" is no school of this district'):
        seat_warnings(town, plan, demand, classes={"s9": 2})
    with pytest.raises(ValueError, match="must be at least 1"):
        seat_warnings(town, plan, demand, classes={("s0", 1): 0})


def test_a_closed_school_is_over_and_has_no_classes() -> None:
    """Children zoned to a school that has closed find no seat, for certain."""
    town = square_town(1, 1, capacity=900, school_columns={"closes": [2028]})
    table = seat_warnings(town, plan_of({"b000000": "s0"}), paths_of(town, 1)).set_index("year")
    assert table["p_over"].tolist() == [0.0, 1.0]
    assert table["level"].tolist() == ["none", "red"]
    assert table.loc[2028, "classes"] == 0
    assert np.isnan(table.loc[2028, "p_large"])


def test_enrolled_pupils_who_stay_keep_their_uncertainty() -> None:
    """Where enrolled pupils stay, their school holds them, and is no surer of their number than before."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)], capacity=60)
    old = plan_of({"b000000": "s0", "b000001": "s0"})
    new = plan_of({"b000000": "s0", "b000001": "s1"})
    demand, options = paths_of(town, 5), ZoneOptions(grandfathered=True)
    table = seat_warnings(town, new, demand, options=options, against=old)
    zoned = zoned_demand(town, demand, stage="primary", year=2027, options=options, against=old)
    loads = school_loads(town, new, zoned.forecast, held=zoned.held)
    assert table["mean"].to_numpy() == pytest.approx(loads["pupils"].to_numpy(), abs=1e-9)
    first = table.query("year == 2027").set_index("school_id")
    # Five of six grades of both blocks stay: their spread is that of their sum, not of the entrants alone.
    assert first.loc["s0", "high95"] - first.loc["s0", "low95"] > 3.9 * np.sqrt(5.0 * 11) * 0.8
    with pytest.raises(DataError, match="asks for the zones in force"):
        seat_warnings(town, new, demand, options=options)


def test_the_first_year_over_is_named() -> None:
    """A planner sees at one glance which school runs out of seats, and when."""
    table = pd.DataFrame(
        {
            "school_id": ["s2", "s1", "s2", "s1"],
            "year": [2027, 2027, 2028, 2028],
            "capacity": 90.0,
            "mean": [80.0, 10.0, 99.0, 10.0],
            "p_over": [0.3, 0.0, 0.9, 0.0],
            "level": ["yellow", "none", "red", "none"],
        }
    )
    assert first_warnings(table)["first_year"].tolist() == [2028, pd.NA]
    assert first_warnings(table)["level"].tolist() == ["red", "none"]
    assert first_warnings(table, least="yellow")["first_year"].tolist()[0] == 2027
    with pytest.raises(ValueError, match="least must be one of yellow, orange, red"):
        first_warnings(table, least="purple")


def test_a_projects_thresholds_decide_the_level() -> None:
    """A bureau that acts at one chance in ten sees red there."""
    strict = WarningLevels(red=0.1, orange=0.05, yellow=0.01, source="notice 3")
    policy = dataclasses.replace(three_tier_policy(), warnings=strict)
    town = square_town(1, 1, capacity=100, policy=policy)
    table = seat_warnings(town, plan_of({"b000000": "s0"}), certain(town, [101.0] + [9.0] * 9))
    assert table["level"].tolist() == ["red"]
