"""What brings the children of a forecast: parts that add up, worked by hand and under any tables."""

from collections.abc import Callable
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoning.district import District
from zoning.forecast import Scenario, forecast_residents
from zoning.forecast.expected import Expected, expected_children
from zoning.forecast.residents import _start
from zoning.forecast.scenario import Births, Housing, Migration

MakeDistrict = Callable[..., District]
TOWNS = {"b1": "North", "b2": "North", "b3": "South", "b4": "South"}


def split(
    district: District, years: tuple[int, ...], *, scenario: Scenario | None = None, calibrated: bool = True
) -> Expected:
    """The expected children by driver."""
    chosen = Scenario() if scenario is None else scenario
    start = _start(district, years, chosen)
    return expected_children(district, start, years, calibrated=calibrated, scenario=chosen)


def tables_at_random(seed: int) -> dict[str, pd.DataFrame]:
    """Some of the five tables, at random, residents from some age on."""
    rng = np.random.default_rng(seed)
    first = int(rng.integers(0, 7))
    cells = [(b, y, a) for b in TOWNS for y in range(2024, 2027) for a in range(first, 18)]
    people = pd.DataFrame(cells, columns=["block_id", "year", "age"])
    people["residents"] = rng.poisson(rng.choice([1.0, 20.0], len(people))).astype(float)
    people["migrants"] = np.minimum(people["residents"], rng.poisson(2.0, len(people)))
    born = [(t, y, float(rng.poisson(40))) for t in ("North", "South") for y in range(2012, 2026)]
    rolls = [
        (f"school-{t}", y, g, float(rng.poisson(40)), np.nan)
        for t in ("North", "South")
        for y in range(2022, 2027)
        for g in range(-2, 13)
    ]
    projects = [(f"p{n}", f"b{n + 1}", 2023 + 2 * n, 300.0, "") for n in range(4)]
    found = {
        "residents": people,
        "births": pd.DataFrame(born, columns=["town", "year", "births"]),
        "enrolment": pd.DataFrame(rolls, columns=["school_id", "year", "grade", "pupils", "classes"]),
        "housing": pd.DataFrame(
            projects, columns=["project_id", "block_id", "handover_year", "dwellings", "type"]
        ),
    }
    kept = {name: one for name, one in found.items() if rng.random() < 0.75}
    return kept if set(kept) - {"housing"} else found


quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(
    st.integers(0, 10**6),
    st.builds(
        Scenario,
        st.sampled_from(get_args(Births)),
        st.sampled_from(get_args(Housing)),
        st.sampled_from(get_args(Migration)),
    ),
    st.booleans(),
)
def test_the_drivers_add_up_to_the_mean(
    make_district: MakeDistrict,
    seed: int,
    scenario: Scenario,
    calibrated: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever tables there are and whatever is supposed, the parts are the whole, after capture too."""
    county = make_district(TOWNS, **tables_at_random(seed))
    years = tuple(range(2026, 2034))
    found = split(county, years, scenario=scenario, calibrated=calibrated)
    demand = forecast_residents(county, years=years, calibrated=calibrated, scenario=scenario)
    total = sum(found.drivers.values())
    np.testing.assert_allclose(total, demand.mean, rtol=0, atol=1e-9)
    assert set(found.drivers) == {"ageing", "progression", "births", "housing", "migration"}
    assert np.min(total) >= -1e-9
    for name in ("ageing", "births", "housing"):
        assert (found.drivers[name] >= 0).all(), name
    if found.homes is not None:
        np.testing.assert_allclose(found.homes.by_block(4), found.drivers["housing"], atol=1e-12)


def test_a_year_ahead_worked_by_hand(make_district: MakeDistrict) -> None:
    """Of ten six-year-olds counted nine are left at seven; two who were three years old are born since."""
    rows = [
        (b, y, a, 10.0 * 0.9 ** max(0, a - 6)) for b in TOWNS for y in range(2022, 2027) for a in range(5, 18)
    ]
    people = pd.DataFrame(rows, columns=["block_id", "year", "age", "residents"])
    found = split(make_district(TOWNS, residents=people), (2026, 2028))
    of_grade_3 = {name: one[0, 5].tolist() for name, one in found.drivers.items()}
    assert of_grade_3["ageing"] == pytest.approx([8.1, 10.0])
    assert of_grade_3["progression"] == pytest.approx([0.0, -1.9])
    assert of_grade_3["births"] == of_grade_3["housing"] == of_grade_3["migration"] == [0.0, 0.0]
    of_grade_1 = {name: one[0, 3].tolist() for name, one in found.drivers.items()}
    assert of_grade_1["ageing"] == pytest.approx([10.0, 0.0])
    assert of_grade_1["births"] == pytest.approx([0.0, 10.0])


def test_a_counted_year_is_all_ageing(make_district: MakeDistrict) -> None:
    """Of children who were counted nothing is owed to births, homes or migration."""
    tables = tables_at_random(3)
    tables["residents"] = (
        tables_at_random(1)["residents"] if "residents" not in tables else tables["residents"]
    )
    found = split(make_district(TOWNS, **tables), (2024, 2026))
    for name in ("progression", "births", "housing", "migration"):
        assert (found.drivers[name] == 0).all(), name


def test_births_alone_are_all_births(make_district: MakeDistrict) -> None:
    """Where nobody was counted every child is one that was born."""
    table = pd.DataFrame({"town": "North", "year": range(2005, 2026), "births": 30.0})
    found = split(make_district(TOWNS, births=table), (2026, 2030))
    assert found.drivers["births"] == pytest.approx(found.mean)


def test_growth_that_residents_show_is_not_added_again(make_district: MakeDistrict) -> None:
    """A block that fills up at its own ratio has fewer children of its project still to come, or none."""
    grown = np.where(np.arange(3) == 2, 1.5, 1.0)
    rows = [
        (b, 2024 + n, a, 20.0 * (np.prod(grown[: n + 1]) if b == "b1" else 1.0))
        for b in TOWNS
        for n in range(3)
        for a in range(18)
    ]
    people = pd.DataFrame(rows, columns=["block_id", "year", "age", "residents"])
    project = ("p", 2027, 3000.0, "")
    columns = ["project_id", "handover_year", "dwellings", "type", "block_id"]
    gains = {}
    for block in ("b1", "b3"):
        housing = pd.DataFrame([(*project, block)], columns=columns)
        found = split(make_district(TOWNS, residents=people, housing=housing), (2029,))
        gains[block] = found.drivers["housing"].sum()
    start = _start(make_district(TOWNS, residents=people), (2029,), Scenario())
    grown_anyway = float(start.excess(np.array([0]), (2029,))[:, 3:].sum())
    assert grown_anyway > 20.0
    assert gains["b1"] == pytest.approx(gains["b3"] - grown_anyway)
    small = pd.DataFrame([("p", 2027, 10.0, "", "b1")], columns=columns)
    found = split(make_district(TOWNS, residents=people, housing=small), (2029,))
    assert found.drivers["housing"][0, 3:].max() == 0.0
