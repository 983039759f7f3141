"""The booster: silent on little, learns what is there to learn, forgets the year, repeats itself."""

import numpy as np
import pytest
from sklearn.base import clone
from tests.forecast.panels import cohorts, eventful, panel_of, reordered, with_another_future

from zoning.forecast import EnrolmentForecaster, Panel, ResidualBooster

SMALL = ResidualBooster(least_rows=60, min_samples_leaf=5, max_iter=30)


def last_year(panel: Panel) -> np.ndarray:
    """Last year's value as what was expected of each year, [unit, grade, year]."""
    expected = np.full_like(panel.counts, np.nan)
    expected[:, :, 1:] = panel.counts[:, :, :-1]
    return expected


def test_too_few_rows_teach_nothing() -> None:
    """Below the least number of cells every factor is 1, and the count of cells is said."""
    panel = cohorts(8, 4, 6)
    booster = ResidualBooster(least_rows=129).fit(panel, last_year(panel))
    assert booster.rows_ == 8 * 4 * 4
    assert booster.model_ is None
    assert (booster.factors(panel, panel.counts[:, :, -1]) == 1).all()


def test_what_small_cells_or_closures_show_is_left_out() -> None:
    """Cells that held fewer than three, or came to nothing, are no rows."""
    panel = panel_of(np.full((4, 2, 5), 20.0))
    expected = last_year(panel)
    expected[0] = 2.9
    panel.counts[1] = 0.0
    panel.counts[2, 0] = np.nan
    assert ResidualBooster(least_rows=1, min_samples_leaf=1).fit(panel, expected).rows_ == 3 * (2 + 1)


def test_a_habit_of_schools_is_learnt() -> None:
    """Schools that always lose where they grew the year before are told apart from those that do not."""
    rng = np.random.default_rng(5)
    counts = np.empty((80, 2, 8))
    counts[:, :, 0] = 100
    up = rng.choice([-1, 1], (80, 2))
    for year in range(1, 8):
        counts[:, :, year] = np.rint(100 * np.exp(0.15 * up))
        up = -up
    panel = panel_of(counts)
    booster = SMALL.fit(panel, last_year(panel))
    factors = booster.factors(panel, counts[:, :, -1])
    rising = counts[:, :, -1] < 100
    assert (factors[rising] > 1.15).all()
    assert (factors[~rising] < 0.87).all()


def test_what_all_cells_of_a_year_share_is_not_learnt() -> None:
    """A year in which everybody lost a tenth teaches nothing about the next year."""
    counts = 100 * 0.9 ** np.arange(8.0) * np.ones((40, 3, 1))
    panel = panel_of(counts)
    factors = SMALL.fit(panel, last_year(panel)).factors(panel, counts[:, :, -1])
    np.testing.assert_allclose(factors, 1.0, atol=1e-9)


def test_only_years_up_to_the_panels_last_are_used() -> None:
    """A booster of an earlier year knows nothing of what came."""
    panel = eventful(2)
    year = panel.years[-3]
    other = with_another_future(panel, year, 1)
    expected = last_year(panel)
    one, two = (
        clone(SMALL).fit(p.until(year), expected[:, :, : len(p.until(year).years)]) for p in (panel, other)
    )
    now = panel.counts[:, :, -3]
    assert one.model_ is not None
    np.testing.assert_array_equal(one.factors(panel.until(year), now), two.factors(other.until(year), now))


def test_factors_repeat_and_do_not_depend_on_order_or_on_what_numpy_drew() -> None:
    """The seed alone decides: neither numpy's state nor the order of schools does."""
    panel, order = cohorts(30, 4, 6, seed=8), np.random.default_rng(1).permutation(30)
    one = clone(SMALL).fit(panel, last_year(panel)).factors(panel, panel.counts[:, :, -1])
    np.random.seed(77)  # noqa: NPY002 - the global state is what must not matter
    again = clone(SMALL).fit(panel, last_year(panel)).factors(panel, panel.counts[:, :, -1])
    np.testing.assert_array_equal(one, again)
    other = reordered(panel, order)
    moved = clone(SMALL).fit(other, last_year(other)).factors(other, other.counts[:, :, -1])
    np.testing.assert_array_equal(moved, one[order])
    seeded = clone(SMALL).set_params(random_state=9).fit(panel, last_year(panel))
    assert not np.array_equal(seeded.factors(panel, panel.counts[:, :, -1]), one)


def test_what_a_school_lacks_has_factor_one() -> None:
    """Nothing is learnt or said of grades that are not there."""
    panel = cohorts(30, 4, 6, seed=8)
    expected = panel.counts[:, :, -1].copy()
    expected[0, 1:] = np.nan
    factors = clone(SMALL).fit(panel, last_year(panel)).factors(panel, expected)
    assert (factors[0, 1:] == 1).all()
    assert (factors[np.isfinite(expected)] != 1).any()


def test_features_that_nothing_is_known_of_are_borne() -> None:
    """A panel of one grade has no grade below; trees refuse a column of nothing unless it is filled."""
    panel = cohorts(40, 1, 6)
    booster = clone(SMALL).fit(panel, last_year(panel))
    assert booster.model_ is not None
    assert np.isfinite(booster.factors(panel, panel.counts[:, :, -1])).all()


def test_names_of_the_features_are_known_after_fit() -> None:
    """The names are those that were learned from, before any factor is asked for, and each once."""
    panel = cohorts(8, 4, 6)
    names = ResidualBooster().fit(panel, last_year(panel)).get_feature_names_out()
    assert len(set(names)) == len(names) > 10
    assert {"now", "cohort", "town_step"} <= set(names)


def test_a_forecaster_keeps_its_booster_as_it_was_given() -> None:
    """The booster given is a pattern: several forecasts may share it, and none leaves anything in it."""
    panel = cohorts(20, 4, 7)
    pattern = clone(SMALL)
    model = EnrolmentForecaster(booster=pattern)
    one = model.fit(panel).predict(2)
    EnrolmentForecaster(booster=pattern).fit(cohorts(20, 4, 7, seed=9))
    np.testing.assert_array_equal(model.predict(2), one)
    assert not hasattr(pattern, "model_")


def test_a_booster_of_ones_own_kind_is_used() -> None:
    """Who derives from the booster is asked for factors, not replaced by the usual one."""

    class Doubling(ResidualBooster):
        def factors(self, panel: Panel, expected: np.ndarray) -> np.ndarray:
            del panel
            return np.full_like(expected, 2.0)

    panel = cohorts(20, 4, 7)
    plain = EnrolmentForecaster(booster=None).fit(panel).predict(1)
    model = EnrolmentForecaster(booster=Doubling(least_rows=60, max_iter=2)).fit(panel)
    cells, totals = model.origin_.trust.cells, model.origin_.trust.totals
    assert model.predict(1) == pytest.approx(plain * 2 ** (cells * totals))
