"""Scenarios: births low to high, new homes planned to cancelled, and how births go on."""

from collections.abc import Callable
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoning.district import District
from zoning.forecast import BirthOutlook, Scenario, cohort_births, forecast_residents
from zoning.forecast.outlook import births_ahead
from zoning.forecast.scenario import Births, Housing, Migration

MakeDistrict = Callable[..., District]
TOWNS = {"b1": "North", "b2": "North", "b3": "South", "b4": "South"}
YEARS = tuple(range(2026, 2040))


def random_tables(seed: int) -> dict[str, pd.DataFrame]:
    """Residents with migrants, births of a drifting level, projects: all at random."""
    rng = np.random.default_rng(seed)
    cells = [(b, y, a) for b in TOWNS for y in range(2023, 2027) for a in range(18)]
    residents = pd.DataFrame(cells, columns=["block_id", "year", "age"])
    level = residents["block_id"].map(dict(zip(TOWNS, rng.choice([2.0, 15.0, 60.0], 4), strict=True)))
    residents["registered"] = rng.poisson(level).astype(float)
    residents["migrants"] = rng.poisson(level * 0.2).astype(float)
    residents["residents"] = residents["registered"] + residents["migrants"]
    drift = np.exp(np.cumsum(rng.normal(-0.03, 0.08, 12)))
    born = [
        (t, 2014 + n, round(60 * drift[n] * rng.uniform(0.9, 1.1)))
        for t in ("North", "South")
        for n in range(12 - int(rng.integers(3)))
    ]
    births = pd.DataFrame(born, columns=["town", "year", "births"]).astype({"births": float})
    projects = [
        (f"p{n}", rng.choice(list(TOWNS)), int(rng.integers(2020, 2031)), float(rng.integers(20, 900)), "")
        for n in range(4)
    ]
    columns = ["project_id", "block_id", "handover_year", "dwellings", "type"]
    return {"residents": residents, "births": births, "housing": pd.DataFrame(projects, columns=columns)}


def mean_of(district: District, scenario: Scenario | None = None) -> np.ndarray:
    """Children [block, grade, year] under a scenario."""
    return forecast_residents(district, years=YEARS, scenario=scenario).mean


quick = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(st.integers(0, 10**6), st.sampled_from(get_args(Housing)), st.sampled_from(get_args(Migration)))
def test_more_births_are_never_fewer_children(
    make_district: MakeDistrict, seed: int, housing: Housing, migration: Migration
) -> None:
    """Low, medium and high births keep their order in every block, grade and year, come what may."""
    county = make_district(TOWNS, **random_tables(seed))
    low, medium, high = (mean_of(county, Scenario(births, housing, migration)) for births in get_args(Births))
    assert (low <= medium + 1e-9).all()
    assert (medium <= high + 1e-9).all()
    assert low.sum() < medium.sum() < high.sum()


@quick
@given(st.integers(0, 10**6))
def test_known_births_are_the_same_in_all_three(make_district: MakeDistrict, seed: int) -> None:
    """Children born before the last known year ended do not depend on what is supposed of later births."""
    tables = random_tables(seed)
    last = int(tables["births"].groupby("town")["year"].max().min())
    county = make_district(TOWNS, **{k: v for k, v in tables.items() if k != "housing"})
    low, high = (mean_of(county, Scenario(births=births)) for births in ("low", "high"))
    for n, grade in enumerate(range(-2, 13)):
        for k, year in enumerate(YEARS):
            if year - grade - 5 <= last:
                np.testing.assert_allclose(low[:, n, k], high[:, n, k], rtol=1e-12)


@quick
@given(st.integers(0, 10**6))
def test_homes_that_never_come_bring_nobody(make_district: MakeDistrict, seed: int) -> None:
    """Cancelled is the same as no housing table, and never more than planned or delayed."""
    tables = random_tables(seed)
    county = make_district(TOWNS, **tables)
    cancelled = mean_of(county, Scenario(housing="cancelled"))
    without = mean_of(make_district(TOWNS, **{k: v for k, v in tables.items() if k != "housing"}))
    assert (cancelled == without).all()
    planned, delayed = (mean_of(county, Scenario(housing=one)) for one in ("planned", "delayed"))
    assert (cancelled <= planned + 1e-9).all()
    assert (cancelled <= delayed + 1e-9).all()


def test_delayed_projects_come_two_years_later(make_district: MakeDistrict) -> None:
    """An open project has as many children two years later; one handed over is not put off."""
    tables = random_tables(4)
    tables["residents"]["residents"] = 20.0
    tables["residents"][["registered", "migrants"]] = np.nan
    tables["births"]["births"] = 40.0
    columns = ["project_id", "block_id", "handover_year", "dwellings", "type"]
    gains = {}
    for handover in (2025, 2028):
        tables["housing"] = pd.DataFrame([("p", "b1", handover, 400.0, "")], columns=columns)
        county = make_district(TOWNS, **tables)
        planned, delayed = (mean_of(county, Scenario(housing=one)) for one in ("planned", "delayed"))
        without = mean_of(county, Scenario(housing="cancelled"))
        gains[handover] = (planned - without)[0], (delayed - without)[0]
    assert gains[2025][0] == pytest.approx(gains[2025][1])
    assert gains[2028][1][:, 2:] == pytest.approx(gains[2028][0][:, :-2])
    assert gains[2028][0].sum() > gains[2028][1].sum() > 0


@quick
@given(st.integers(0, 10**6))
def test_the_order_of_rows_is_irrelevant(make_district: MakeDistrict, seed: int) -> None:
    """However births, residents and projects are sorted, the children are the same."""
    tables = random_tables(seed)
    mixed = {name: one.sample(frac=1.0, random_state=seed % 997) for name, one in tables.items()}
    one, other = (mean_of(make_district(TOWNS, **given_)) for given_ in (tables, mixed))
    np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("tables", [("births",), ("births", "housing")])
def test_scenarios_work_without_residents(make_district: MakeDistrict, tables: tuple[str, ...]) -> None:
    """From births alone, low births are fewer children and new homes are more."""
    given_ = random_tables(1)
    county = make_district(TOWNS, **{name: given_[name] for name in tables})
    low, high = (mean_of(county, Scenario(births=births)) for births in ("low", "high"))
    assert (low <= high + 1e-9).all()
    assert low.sum() < high.sum()


def test_a_slip_in_a_scenario_is_refused() -> None:
    """A value that is none of those allowed names those that are."""
    with pytest.raises(ValueError, match="births must be one of low, medium, high, not 'lower'"):
        Scenario(births="lower")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="housing must be one of planned, delayed, cancelled"):
        Scenario(housing="none")  # type: ignore[arg-type]


def test_a_steady_trend_goes_on_and_fades() -> None:
    """Births that fell by a tenth a year go on falling, ever less, and below where they stood."""
    births = 1000 * 0.9 ** np.arange(12.0)[None]
    model = BirthOutlook().fit(births)
    ahead = model.predict(10)[0]
    changes = np.diff(np.concatenate([births[0, -1:], ahead])) / np.concatenate([births[0, -1:], ahead[:-1]])
    assert model.fade_ == 0.85
    assert (np.diff(changes) > 0).all()
    assert -0.1 < changes[0] < -0.03
    assert -0.02 < changes[-1] < 0


@pytest.mark.parametrize("births", [[[80.0]], [[100.0, 80.0]], [[100.0, 90.0, 95.0, 85.0]], [[50.0] * 12]])
def test_short_or_flat_births_stay_flat(births: list[list[float]]) -> None:
    """Where there is no past to try a trend on, or no trend, the last births are repeated."""
    model = BirthOutlook().fit(np.asarray(births))
    assert model.predict(4)[0] == pytest.approx(births[0][-1])
    assert (model.predict(4, course="low") < births[0][-1]).all()


def test_the_courses_part_with_the_years_ahead() -> None:
    """Low and high lie 1.28 standard deviations of the past changes apart, times the root of the years."""
    rng = np.random.default_rng(5)
    births = 1000 * np.exp(np.cumsum(rng.normal(0, 0.1, 12)))[None]
    model = BirthOutlook().fit(births)
    low, medium, high = (model.predict(9, course=one)[0] for one in ("low", "medium", "high"))
    spread = np.log(births[0, 1:] / births[0, :-1]).std(ddof=1)
    assert np.log(high / medium) == pytest.approx(1.2816 * spread * np.sqrt(np.arange(1, 10)))
    assert np.log(medium / low) == pytest.approx(np.log(high / medium))


def test_nine_in_ten_random_walks_stay_above_the_low_course() -> None:
    """Births that wander without a trend end below the low course about once in ten times."""
    rng = np.random.default_rng(8)
    walks = 1000 * np.exp(np.cumsum(rng.normal(0, 0.08, (300, 23)), axis=1))
    below = [
        walk[18 + 4] < BirthOutlook().fit(walk[None, :18]).predict(5, course="low")[0, -1] for walk in walks
    ]
    assert 0.05 < np.mean(below) < 0.2


def test_the_incomplete_year_of_registered_births_is_no_trend() -> None:
    """Registered births of the newest year are short of late registrations, which is not a fall to go on."""
    table = pd.DataFrame(
        {"town": "North", "year": range(2015, 2026), "registered_births": [100.0] * 10 + [80.0]}
    )
    longer, trends = births_ahead(table, 2028)
    assert trends == {"registered_births": 0.0}
    assert longer["registered_births"].tolist()[-3:] == [80.0] * 3


def test_the_months_of_a_year_under_way_are_kept() -> None:
    """Births of January to August count as they are; what the year lacks is as continued."""
    whole = pd.DataFrame({"town": "North", "year": range(2014, 2026), "month": np.nan, "births": 120.0})
    months = pd.DataFrame({"town": "North", "year": 2026, "month": np.arange(1.0, 9.0), "births": 5.0})
    longer, _ = births_ahead(pd.concat([whole, months]), 2028, course="medium")
    cohorts = cohort_births(longer).loc["North"]
    assert cohorts[2026] == pytest.approx(40.0 + 8 * 5.0)
    assert cohorts[2027] == pytest.approx(120.0)


def test_the_outlook_takes_parameters_by_name() -> None:
    """Parameters are set by name, and a slip is refused."""
    assert BirthOutlook().set_params(fade=0.3).fit(np.array([[10.0, 9.0]])).fade_ == 0.3
    with pytest.raises(ValueError, match="Invalid parameter 'trend'"):
        BirthOutlook().set_params(trend=1.0)
