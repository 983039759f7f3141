"""The forecast of panels: nothing later is looked at, order and size do not matter, odd panels stay sane."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.panels import (
    EAGER,
    births_of,
    cohorts,
    eventful,
    panel_of,
    reordered,
    with_another_future,
)

from zoning.forecast import CoherentSimulator, CohortProgression, EnrolmentForecaster, Panel
from zoning.forecast.enrolment import Rolling
from zoning.forecast.panel_births import PanelBirths

KINDS = ("none", "all", "town", "unit", "month")
PLAIN = EnrolmentForecaster(booster=None)


def forecaster(panel: Panel, kind: str) -> EnrolmentForecaster:
    """A forecaster with births of a kind and a booster that speaks."""
    births = None if kind == "none" else births_of(panel, kind)
    return EnrolmentForecaster(births=births, booster=EAGER)


def said_at(rolling: Rolling, year: int) -> dict[str, Any]:
    """All that is said in a year: the forecast, the trust, the spread, the age of entry."""
    origin = rolling.at(year)
    spread = CoherentSimulator(rolling.forecaster, horizon=3).seen_from(rolling, year)
    births = origin.births
    return {
        "ahead": rolling.ahead(year, 3),
        "trust": origin.trust,
        "boosted": origin.booster is not None and origin.booster.model_ is not None,
        "entry": births and births.entry_age(origin.panel),
        "dispersion": spread.dispersion_,
        "errors": spread.errors_,
    }


def assert_same(one: dict[str, Any], other: dict[str, Any], units: int | None = None) -> None:
    """Both say the same, to the last bit."""
    np.testing.assert_array_equal(one["ahead"], other["ahead"][:units])
    assert {k: v for k, v in one.items() if k != "ahead"} == {k: v for k, v in other.items() if k != "ahead"}


@pytest.mark.parametrize("gap", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_after_the_origin_is_looked_at(kind: str, gap: bool) -> None:  # noqa: FBT001 - a case
    """Whatever comes after a year, in rolls or births, changes nothing that is said in that year."""
    panel = eventful(gap=gap)
    model = forecaster(panel, kind)
    rolling = Rolling(panel, model)
    rolling.ahead(panel.years[-1], 3)  # the latest first: what it leaves behind must not reach back
    boosted = 0
    for year in rolling.years[-4:-1:2]:
        births = model.births
        if births is not None:
            after = births["year"] > year
            births = births.assign(births=births["births"].where(~after, births["births"] * 5 + 77))
        other = Rolling(with_another_future(panel, year, seed=year), replace_births(model, births))
        if other.years[-1] > year:
            other.ahead(other.years[-1], 3)
        here = said_at(rolling, year)
        assert_same(here, said_at(other, year))
        assert_same(here, said_at(Rolling(panel.until(year), model), year))
        boosted += here["boosted"]
    assert boosted
    assert here["errors"] >= 3


def replace_births(model: EnrolmentForecaster, births: pd.DataFrame | None) -> EnrolmentForecaster:
    """The same forecaster with other births."""
    return EnrolmentForecaster(births=births, entry=model.entry, booster=model.booster)


@pytest.mark.parametrize("kind", ["none", "town"])
def test_schools_and_towns_of_the_future_play_no_part(kind: str) -> None:
    """Schools that open later, in towns that nobody knew of, change nothing that was said before."""
    panel = eventful()
    births = None if kind == "none" else births_of(panel, kind)
    year = panel.years[-3]
    later = cohorts(5, 4, 8, seed=4)
    counts = later.counts.copy()
    counts[:, :, :-2] = np.nan
    both = replace(
        panel,
        counts=np.concatenate([panel.counts, counts]),
        units=(*panel.units, *(f"z{unit}" for unit in later.units)),
        towns=(*panel.towns, *(f"z{town}" for town in later.towns)),
    )
    model = EnrolmentForecaster(births=births, booster=EAGER)
    here = said_at(Rolling(panel, model), year)
    assert here["boosted"]
    assert_same(here, said_at(Rolling(both, model), year), units=len(panel.units))


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_schools_and_rows_is_irrelevant(kind: str) -> None:
    """Tables sorted otherwise give the same forecast of every school, the booster included."""
    panel, order = eventful(), np.random.default_rng(3).permutation(9)
    model = forecaster(panel, kind)
    shuffled = (
        None if model.births is None else model.births.sample(frac=1, random_state=1).reset_index(drop=True)
    )
    one = model.fit(panel).predict(3)
    other = replace_births(model, shuffled).fit(reordered(panel, order)).predict(3)
    np.testing.assert_allclose(other, one[order], rtol=1e-9)


@pytest.mark.parametrize("kind", ["none", "all", "unit"])
def test_ten_times_the_children_are_ten_times_the_forecast(kind: str) -> None:
    """Nothing but the booster, whose features know sizes, depends on how large a place is."""
    panel = eventful()
    births = None if kind == "none" else births_of(panel, kind)
    model = EnrolmentForecaster(births=births, booster=None)
    one = model.fit(panel).predict(3)
    ten = model.fit(replace(panel, counts=panel.counts * 10)).predict(3)
    np.testing.assert_allclose(ten, one * 10, rtol=1e-9)


def test_a_school_without_history_takes_its_towns_ratio() -> None:
    """The school that opened this year grows as its town does, not as other towns do."""
    counts = np.full((6, 3, 6), 1000.0)
    for unit, ratio in enumerate((0.8, 0.8, 0.8, 1.2, 1.2, 1.2)):
        counts[unit, 1:, :] = 1000.0 * ratio ** np.array([[1.0], [2.0]])
    counts[[2, 5], :, :-1] = np.nan
    ahead = PLAIN.fit(panel_of(counts, ["A"] * 3 + ["B"] * 3)).predict(1)
    np.testing.assert_allclose(ahead[[2, 5], 1, 0] / counts[[2, 5], 0, -1], [0.8, 1.2], atol=0.02)


def test_two_years_of_rolls_are_enough() -> None:
    """With two years there are a forecast and sample paths, and the booster holds its tongue."""
    panel = cohorts(6, 4, 2)
    model = EnrolmentForecaster().fit(panel)
    ahead = model.predict(2)
    assert np.isfinite(ahead).all()
    assert (ahead > 0).all()
    np.testing.assert_array_equal(ahead, PLAIN.fit(panel).predict(2))
    np.testing.assert_array_equal(ahead, CohortProgression().fit(panel).predict(2))
    simulator = CoherentSimulator().fit(panel)
    assert simulator.errors_ == 0
    course = np.concatenate([panel.counts[:, :, -1:], ahead], axis=2)
    assert simulator.simulation(course, 2024, paths=5, seed=1).paths().shape == (5, 6, 4, 3)


def test_a_year_that_nobody_counted_is_bridged() -> None:
    """A missing year costs its transitions and nothing else: who moved up before and after still tells."""
    counts = np.full((3, 3, 7), 50.0)
    whole = PLAIN.fit(panel_of(counts)).predict(2)
    counts[:, :, 3] = np.nan
    np.testing.assert_allclose(PLAIN.fit(panel_of(counts)).predict(2), whole)
    assert Rolling(panel_of(counts), PLAIN).years == (2019, 2020, 2022, 2023, 2024)


def test_a_last_year_that_nobody_counted_is_refused() -> None:
    """There are no children to start from, which must not come out as no children at all."""
    counts = np.full((2, 2, 4), 20.0)
    counts[:, :, -1] = np.nan
    with pytest.raises(ValueError, match="nothing was counted in 2024"):
        EnrolmentForecaster().fit(panel_of(counts))


def test_one_year_is_refused() -> None:
    """One year holds no progression."""
    with pytest.raises(ValueError, match="two consecutive years"):
        EnrolmentForecaster().fit(cohorts(years=1))


@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 1, 6), (1, 5, 3), (4, 1, 4)])
def test_tiny_panels_have_forecasts_and_paths(shape: tuple[int, int, int]) -> None:
    """One school, one grade and one town are a panel as good as any."""
    panel = cohorts(*shape, towns=1)
    ahead = EnrolmentForecaster().fit(panel).predict(2)
    assert ahead.shape == (*shape[:2], 2)
    assert (ahead > 0).all()
    spread = CoherentSimulator(PLAIN).fit(panel).dispersion_
    assert 0 < spread.turnover <= 0.5
    assert 0 < spread.level[3] < 0.2


def test_no_children_stay_none() -> None:
    """A panel of zeros is forecast as zeros, without a division by nothing."""
    panel = panel_of(np.zeros((3, 3, 5)))
    assert (EnrolmentForecaster(booster=EAGER).fit(panel).predict(3) == 0).all()
    assert CoherentSimulator(PLAIN).fit(panel).errors_ == 0


def test_a_panel_that_never_changes_is_forecast_exactly() -> None:
    """Where nothing ever changed the forecast is what was, and bands are narrow but no lines."""
    panel = panel_of(np.full((10, 4, 8), 50.0), ["A", "B"] * 5)
    ahead = EnrolmentForecaster(booster=EAGER).fit(panel).predict(3)
    np.testing.assert_allclose(ahead, 50.0, rtol=1e-9)
    course = np.concatenate([panel.counts[:, :, -1:], ahead], axis=2)
    simulation = CoherentSimulator(PLAIN).fit(panel).simulation(course, 2024, paths=400, seed=2)
    sums = simulation.sums(np.arange(10), np.zeros(10, dtype=np.int64), 1.0, 1).sum(axis=(1, 2))
    low, high = np.quantile(sums, [0.1, 0.9], axis=0)
    assert (low[1:] < 2000).all()
    assert (high[1:] > 2000).all()
    assert ((high - low)[1:] < 0.05 * 2000).all()


def test_a_cohort_keeps_its_size_through_the_years() -> None:
    """A wave that entered is found again a grade higher every year, until it has left."""
    counts = np.full((2, 4, 8), 30.0)
    for grade in range(3):
        counts[:, grade, 5 + grade] = 90.0
    ahead = PLAIN.fit(panel_of(counts)).predict(2)
    assert ahead[0, 3, 0] == pytest.approx(90.0, rel=0.02)
    assert ahead[0, 3, 1] == pytest.approx(30.0, rel=0.02)


def test_births_settle_the_entry_grade() -> None:
    """Where births tell who enters, the booster leaves them alone and moves the other grades only."""
    panel = cohorts(10, 4, 9, seed=2)
    births = births_of(panel, "all")
    bare = EnrolmentForecaster(births=births, booster=None).fit(panel).predict(2)
    boosted = EnrolmentForecaster(births=births, booster=EAGER).fit(panel).predict(2)
    np.testing.assert_array_equal(boosted[:, 0], bare[:, 0])
    assert not np.allclose(boosted[:, 1:], bare[:, 1:])


@st.composite
def odd_panels(draw: st.DrawFn) -> Panel:
    """Panels of any shape, with holes, nothing at all, or a million children in a cell."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    shape = (draw(st.integers(1, 7)), draw(st.integers(1, 5)), draw(st.integers(2, 7)))
    kind = draw(st.sampled_from(["some", "few", "zero", "mixed", "huge"]))
    counts = {
        "some": rng.poisson(25, shape),
        "few": rng.integers(0, 3, shape),
        "zero": np.zeros(shape),
        "mixed": rng.choice([0.0, 1.0, 50.0, 1e6], shape),
        "huge": rng.uniform(0, 1e6, shape),
    }[kind].astype(float)
    counts[rng.random(shape) < draw(st.sampled_from([0.0, 0.1, 0.5]))] = np.nan
    if draw(st.booleans()):
        counts[:, :, rng.integers(shape[2])] = np.nan
    towns = [f"t{rng.integers(3)}" for _ in range(shape[0])]
    return panel_of(counts, towns, first_grade=draw(st.integers(-2, 9)))


@settings(max_examples=40, deadline=None)
@given(odd_panels(), st.sampled_from(KINDS), st.integers(1998, 2030))
def test_odd_panels_are_forecast_or_refused(panel: Panel, kind: str, first: int) -> None:
    """Every cell that is there is forecast, finite and not below zero; what cannot be is refused in words."""
    births = None if kind == "none" or first > 2027 else births_of(panel, kind, first=first)
    model = EnrolmentForecaster(births=births, booster=EAGER.set_params(least_rows=20))
    counted = panel.counted
    if not (counted[-1] and (counted[1:] & counted[:-1]).any()):
        with pytest.raises(ValueError, match=r"nothing was counted|two consecutive years"):
            model.fit(panel)
        return
    ahead = model.fit(panel).predict(2)
    has = ~np.isnan(panel.counts[:, :, -1])
    assert (np.isfinite(ahead) == has[:, :, None]).all()
    assert (ahead[has] >= 0).all()
    spread = CoherentSimulator(model, horizon=2).fit(panel).dispersion_
    assert np.isfinite([*spread.level, *spread.entry, spread.turnover]).all()


def test_births_that_start_after_the_origin_are_left_aside() -> None:
    """A birth table that starts next year says nothing yet: the forecast is that without it."""
    panel = cohorts(6, 4, 6)
    late = births_of(panel, "all", first=panel.years[-1] + 1)
    one = EnrolmentForecaster(births=late, booster=None).fit(panel).predict(2)
    np.testing.assert_array_equal(one, PLAIN.fit(panel).predict(2))
    assert PanelBirths(late, panel).first == 2025
