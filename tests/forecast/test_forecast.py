"""The forecast as a whole: its mean, its paths, and what scaling and stored paths keep."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.test_residents import TOWNS, births, enrolment, random_residents, residents
from tests.forecast.test_simulator import simulation_of, steady

from zoning.district import STAGES, District
from zoning.forecast import Forecast, forecast_residents

MakeDistrict = Callable[..., District]
PRIMARY = next(stage for stage in STAGES if stage.name == "primary")
quick = settings(max_examples=15, deadline=None)
ALL = np.arange(4)


def drawn(*, years: tuple[int, ...] = (2027, 2029), paths: int = 40) -> Forecast:
    """A forecast of four blocks and grades 1-3 with paths; some of the course's years."""
    course = steady(units=4, grades=3, steps=5)
    simulation = simulation_of(course, paths)
    mean = course[:, :, [simulation.years.index(year) for year in years if year in simulation.years]]
    counted = np.full((4, 3, sum(year not in simulation.years for year in years)), 7.0)
    half = np.concatenate([counted, mean], axis=2) / 2
    ids = tuple(f"b{n}" for n in range(4))
    drivers = {"ageing": half.copy(), "births": half.copy()}
    return Forecast(2 * half, ids, (1, 2, 3), years, simulation=simulation, drivers=drivers)


def stored(demand: Forecast) -> Forecast:
    """The same forecast with its paths stored."""
    paths = demand.sums(ALL, ALL, 1.0, 4)
    return Forecast.of_paths(paths, demand.block_ids, demand.grades, demand.years)


def test_a_point_forecast_is_one_path() -> None:
    """Without a simulation the one path is the mean, and every quantile is the mean."""
    mean = np.arange(24.0).reshape(4, 6, 1)
    demand = Forecast(mean, ("a", "b", "c", "d"), tuple(range(1, 7)), (2027,))
    assert demand.path_count == 1
    assert demand.sums(ALL, np.zeros(4, dtype=int), 1.0, 1)[0, 0, :, 0] == pytest.approx(
        mean[:, :, 0].sum(axis=0)
    )
    low, high = demand.quantiles([0.1, 0.9], stage=PRIMARY)[:, :, 0]
    assert (low == demand.of_stage(PRIMARY, 2027)).all()
    assert (high == low).all()


def test_lazy_and_stored_paths_agree() -> None:
    """Sums, quantiles and intervals are the same whether paths are drawn when asked for or kept."""
    demand = drawn()
    kept = stored(demand)
    assert kept.path_count == demand.path_count == 40
    rows, group, share = np.array([0, 1, 2, 2, 3]), np.array([1, 1, 0, 1, 0]), np.array([1, 1, 0.4, 0.6, 1])
    for choice in ({}, {"grades": [3, 1], "years": [2029]}):
        ours = demand.sums(rows, group, share, 2, **choice)
        np.testing.assert_allclose(ours, kept.sums(rows, group, share, 2, **choice), rtol=1e-12)
    groups = [[1], [2, 3]]
    ours = demand.group_quantiles([0.9, 0.2], groups)
    np.testing.assert_allclose(ours, kept.group_quantiles([0.9, 0.2], groups), rtol=1e-12)
    columns = ["low80", "high80", "low95", "high95"]
    frames = [one.frame(intervals=(0.8, 0.95)) for one in (demand, kept)]
    pd.testing.assert_frame_equal(frames[0][columns], frames[1][columns])
    assert (frames[0]["low95"] <= frames[0]["low80"]).all()
    assert (frames[0]["children"] == demand.mean.ravel()).all()


def test_counted_years_are_the_same_in_every_path() -> None:
    """A year before the newest count is known: all paths have what was counted."""
    demand = drawn(years=(2024, 2026, 2030))
    sums = demand.sums(ALL, ALL, 1.0, 4)
    assert (sums[..., 0] == 7.0).all()
    assert (sums[..., 1] == demand.mean[None, :, :, 1]).all()
    assert sums[..., 2].std(axis=0).min() > 0
    low, high = demand.group_quantiles([0.1, 0.9], [[1], [2, 3]])
    assert (low[..., :2] == high[..., :2]).all()
    assert low[:, 0, 0] == pytest.approx(7.0)
    assert low[:, 1, 0] == pytest.approx(14.0)
    only = demand.sums(ALL, ALL, 1.0, 4, years=[2024])
    assert only.shape == (40, 4, 3, 1)


@quick
@given(st.integers(0, 10**6))
def test_scaling_scales_mean_drivers_sums_and_quantiles_alike(seed: int) -> None:
    """Children who do not follow the zones leave the mean and every path in the same proportion."""
    rng = np.random.default_rng(seed)
    demand = drawn(years=(2024, 2027, 2029), paths=6)
    factor = rng.choice([0.0, 0.5, 1.0, 2.0], demand.mean.shape)
    scaled = demand.scaled(factor)
    np.testing.assert_allclose(scaled.mean, demand.mean * factor)
    np.testing.assert_allclose(scaled.drivers["births"], demand.drivers["births"] * factor)
    paths = demand.sums(ALL, ALL, 1.0, 4) * factor
    np.testing.assert_allclose(scaled.sums(ALL, ALL, 1.0, 4), paths)
    np.testing.assert_allclose(stored(demand).scaled(factor).sums(ALL, ALL, 1.0, 4), paths)
    wanted = np.quantile(paths.sum(axis=2), [0.3], axis=0)
    np.testing.assert_allclose(scaled.group_quantiles([0.3], [[1, 2, 3]])[:, :, 0], wanted)
    again = scaled.scaled(factor)
    np.testing.assert_allclose(again.sums(ALL, ALL, 1.0, 4), paths * factor)


def test_arrays_cannot_be_written_to() -> None:
    """A forecast that was handed out stays as it is."""
    demand = drawn()
    for array in (demand.mean, demand.drivers["births"], demand.simulation.course):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0, 0] = 1.0
    with pytest.raises(TypeError, match="item assignment"):
        demand.drivers["births"] = demand.mean
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        demand.mean = demand.mean * 2


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Forecast(np.ones((2, 1, 1)), ("a",), (1,), (2027,)), "mean is"),
        (lambda: Forecast(-np.ones((1, 1, 1)), ("a",), (1,), (2027,)), "finite and at least 0"),
        (lambda: dataclasses.replace(drawn(), drivers={"births": np.ones((4, 3, 2))}), "do not add up"),
        (lambda: dataclasses.replace(drawn(), simulation=simulation_of(steady(3))), "paths are of 3 blocks"),
        (lambda: drawn().scaled(-1.0), "factors must be finite"),
        (lambda: drawn().sums(ALL, ALL, 1.0, 4, grades=[9]), "no grade 9"),
        (lambda: drawn().sums(ALL, ALL, 1.0, 4, years=[2031, 2027]), "no year 2031"),
        (lambda: drawn().frame(intervals=[1.5]), "quantiles must be shares"),
        (lambda: Forecast.of_paths(np.ones((1, 1, 1)), ["a"], [1], [2027]), "paths are"),
        (lambda: Forecast.of_paths(np.full((1, 1, 1, 1), np.nan), ["a"], [1], [2027]), "must be finite"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make: Callable[[], object], match: str) -> None:
    """A wrong shape or value is named at once."""
    with pytest.raises(ValueError, match=match):
        make()


def test_paths_leave_the_mean_as_it_is(make_district: MakeDistrict) -> None:
    """Sample paths are drawn around the expected children; they do not change them, and follow the seed."""
    county = make_district(TOWNS, residents=residents(each=25.0), births=births(), enrolment=enrolment())
    years = range(2025, 2033)
    point = forecast_residents(county, years=years)
    demand = forecast_residents(county, years=years, paths=4000, seed=5)
    assert (demand.mean == point.mean).all()
    assert demand.path_count == 4000
    everyone = (np.arange(4), np.zeros(4, dtype=int), 1.0, 1)
    sums = demand.sums(*everyone)[:, 0]
    error = sums.std(axis=0) / np.sqrt(4000)
    assert (np.abs(sums.mean(axis=0) - demand.mean.sum(axis=0)) <= 4.5 * error + 1e-9).all()
    assert (sums[:, :, :2].std(axis=0) < 1e-9).all()
    assert sums[:, :, 2:].std(axis=0).min() > 0
    again = forecast_residents(county, years=years, paths=50, seed=5).sums(*everyone)[:, 0]
    assert (again == sums[:50]).all()
    assert (forecast_residents(county, years=years, paths=50, seed=6).sums(*everyone)[:, 0] != again).any()


def test_pupils_of_a_path_are_its_children_times_the_share(make_district: MakeDistrict) -> None:
    """Calibration weighs every path by the share of children who attend, as it does the mean."""
    table = enrolment()
    table.loc[table["grade"] >= 10, "pupils"] = 10.0
    county = make_district(TOWNS, residents=residents(), births=births(), enrolment=table)
    some = {"years": [2028], "paths": 30, "seed": 1}
    pupils, children = (
        forecast_residents(county, calibrated=calibrated, **some).sums(ALL, ALL, 1.0, 4)
        for calibrated in (True, False)
    )
    np.testing.assert_allclose(pupils[:, :, -3:], 0.5 * children[:, :, -3:])
    np.testing.assert_allclose(pupils[:, :, :-3], children[:, :, :-3])


@pytest.mark.parametrize("tables", [("births",), ("enrolment",), ("births", "enrolment"), ("residents",)])
def test_every_start_has_paths(make_district: MakeDistrict, tables: tuple[str, ...]) -> None:
    """Paths do not need more tables than the mean: births alone or rolls alone are spread over the blocks."""
    made = {"births": births(), "enrolment": enrolment(), "residents": random_residents(3)}
    county = make_district(TOWNS, **{name: made[name] for name in tables})
    demand = forecast_residents(county, years=[2027, 2031], paths=3000)
    sums = demand.sums(ALL, np.zeros(4, dtype=int), 1.0, 1)[:, 0]
    error = sums.std(axis=0) / np.sqrt(3000)
    assert (np.abs(sums.mean(axis=0) - demand.mean.sum(axis=0)) <= 4.5 * error + 1e-9).all()
    assert (sums.std(axis=0)[demand.mean.sum(axis=0) > 0] > 0).all()


def test_children_nobody_counted_are_less_sure(make_district: MakeDistrict) -> None:
    """Three-year-olds who are only known from births spread more than those who were counted."""
    known = make_district(TOWNS, residents=residents(each=400.0), births=births(800.0))
    older = make_district(TOWNS, residents=residents(each=400.0, ages=range(6, 18)), births=births(800.0))
    spread = [
        forecast_residents(county, years=[2026], paths=500)
        .sums(ALL, np.zeros(4, dtype=int), 1.0, 1)[:, 0, 0, 0]
        .std()
        for county in (known, older)
    ]
    assert spread[0] == 0
    assert spread[1] > 20
