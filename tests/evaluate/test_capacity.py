"""Pupils against seats and classes."""

import math

import numpy as np
import pytest
from tests.towns import demand_of, square_town, straight_times

from zoning.evaluate import class_bands, school_loads, score_plan
from zoning.plan import Plan


def plan_of(rows: dict[str, str | list[str]]) -> Plan:
    """Return a primary plan for 2027."""
    return Plan.of("primary", 2027, rows)


@pytest.mark.parametrize(
    ("pupils", "classes", "bands"),
    [
        (45, 1, (0, 0, 0)),
        (46, 1, (1, 0, 0)),
        (55, 1, (1, 0, 0)),
        (56, 1, (0, 1, 0)),
        (65, 1, (0, 1, 0)),
        (66, 1, (0, 0, 1)),
        (131, 2, (0, 1, 1)),
        (45.2, 1, (1, 0, 0)),
    ],
)
def test_bands_begin_where_the_ministry_says(pupils: float, classes: int, bands: tuple[int, ...]) -> None:
    """46, 56 and 66 open a band; a fraction of a child counts as a child."""
    found = class_bands([pupils], [classes])
    assert (found["largish"], found["large"], found["oversize"]) == bands
    assert found["all"] == classes


def test_schools_without_classes_do_not_count() -> None:
    """A school with an unknown or zero number of classes adds none to any band."""
    assert class_bands([100, 100], [0, math.nan])["all"] == 0


def test_loads_by_year_hold_the_zones_fixed() -> None:
    """Growth shows in the year it comes, and a school that closes has no seats from then on."""
    town = square_town(
        1, 4, schools=[(0, 0), (0, 3)], capacity=[25, 40], school_columns={"closes": [np.nan, 2028]}
    )
    base = demand_of(town, 10, years=(2027, 2028))
    demand = base.scaled(np.array([1.0, 2.0]))
    plan = plan_of({"b000000": "s0", "b000001": "s0", "b000002": "s1", "b000003": "s1"})
    loads = school_loads(town, plan, demand).set_index(["school_id", "year"])
    assert loads.loc[("s0", 2027), "pupils"] == pytest.approx(20)
    assert loads.loc[("s0", 2027), "utilisation"] == pytest.approx(0.8)
    assert loads.loc[("s0", 2028), "utilisation"] == pytest.approx(1.6)
    assert loads.loc[("s1", 2028), "capacity"] == 0
    assert np.isinf(loads.loc[("s1", 2028), "utilisation"])
    card = score_plan(town, plan, demand, straight_times(town))
    assert card["capacity.peak_year"].value == 2028
    assert card["capacity.pupils_over"].ok


def test_class_size_comes_from_classrooms_or_the_norm() -> None:
    """Known classrooms count; else seats by the class-size norm, which is lower at teaching sites."""
    town = square_town(
        1,
        3,
        schools=[(0, 0), (0, 1), (0, 2)],
        capacity=[90, 90, 90],
        school_columns={"classrooms_primary": [3, np.nan, np.nan], "teaching_site": [False, False, True]},
    )
    plan = plan_of({"b000000": "s0", "b000001": "s1", "b000002": "s2"})
    loads = school_loads(town, plan, demand_of(town, 60)).set_index("school_id")
    assert loads["classes"].tolist() == [3, 2, 3]
    assert loads["class_size"].tolist() == pytest.approx([20, 30, 20])


def test_shared_zones_split_pupils_by_capacity() -> None:
    """The pupils of a shared zone go to its schools in proportion to their seats."""
    town = square_town(1, 2, schools=[(0, 0), (0, 1)], capacity=[30, 10])
    plan = plan_of({"b000000": ["s0", "s1"], "b000001": "s1"})
    loads = school_loads(town, plan, demand_of(town, 20)).set_index("school_id")
    assert loads["pupils"].tolist() == pytest.approx([15, 25])


def test_oversize_classes_are_held_to_the_ministrys_target() -> None:
    """A class of 66 breaks the target, and the measure names its source."""
    town = square_town(1, 1, capacity=45, school_columns={"classrooms_primary": [1]})
    card = score_plan(town, plan_of({"b000000": "s0"}), demand_of(town, 66), straight_times(town))
    assert card["capacity.oversize_classes"].value == 1
    assert card["capacity.oversize_classes"].ok is False
    assert "大班额" in card["capacity.oversize_classes"].source
    assert card["capacity.pupils_over"].value == pytest.approx(21)
