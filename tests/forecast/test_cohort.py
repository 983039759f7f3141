"""Progression ratios: the limits of shrinkage, short histories, schools that come and go, laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.forecast import CohortProgression, Panel


def panel_of(counts: np.ndarray, towns: tuple[str, ...], first_year: int = 2020) -> Panel:
    """A panel whose grades start at 1."""
    units = tuple(f"s{n}" for n in range(len(counts)))
    grades = tuple(range(1, counts.shape[1] + 1))
    return Panel(counts, units, towns, grades, tuple(range(first_year, first_year + counts.shape[2])))


def test_without_history_a_school_takes_its_towns_ratio() -> None:
    """A school that opened this year is forecast by the other schools of its town, not by nothing."""
    counts = np.array([[[100.0, 100.0], [90.0, 80.0]], [[np.nan, 50.0], [np.nan, 40.0]]])
    model = CohortProgression(discount=1.0, unit_shrinkage=1.0, town_shrinkage=0.0).fit(
        panel_of(counts, ("North", "North")),
    )
    assert model.town_ratios_[0, 0] == pytest.approx(0.8)
    assert model.ratios_[1, 0] == pytest.approx(0.8)
    assert model.predict(1)[1, 1, 0] == pytest.approx(40.0)


def test_with_much_history_a_school_keeps_its_own_ratio() -> None:
    """Shrinkage vanishes against large counts, so that a school's own habit is not averaged away."""
    counts = np.array([[[1e6, 1e6], [1e6, 1.3e6]], [[10.0, 10.0], [10.0, 7.0]]])
    model = CohortProgression(discount=1.0, unit_shrinkage=1e-4, town_shrinkage=1.0).fit(
        panel_of(counts, ("North", "North")),
    )
    assert model.ratios_[0, 0] == pytest.approx(1.3, abs=1e-3)
    assert abs(model.ratios_[1, 0] - model.town_ratios_[0, 0]) < abs(0.7 - model.town_ratios_[0, 0])


def test_shrinkage_by_hand() -> None:
    """The posterior mean is (after + k × parent) / (now + k), k a multiple of the mean cell."""
    counts = np.array([[[20.0, 0.0], [0.0, 30.0]], [[40.0, 0.0], [0.0, 30.0]]])
    model = CohortProgression(discount=1.0, unit_shrinkage=1.0, town_shrinkage=0.0).fit(
        panel_of(counts, ("North", "North")),
    )
    mean_cell, town = 30.0, 1.0
    assert model.ratios_[:, 0] == pytest.approx(
        [(30 + mean_cell * town) / (20 + mean_cell), (30 + mean_cell * town) / (40 + mean_cell)],
    )


def test_discount_by_hand() -> None:
    """A transition of two years ago weighs the discount times the one of last year."""
    counts = np.array([[[10.0, 20.0, 0.0], [0.0, 10.0, 10.0]]])
    model = CohortProgression(discount=0.5, unit_shrinkage=0.0, town_shrinkage=0.0).fit(
        panel_of(counts, ("North",)),
    )
    assert model.ratios_[0, 0] == pytest.approx((0.5 * 10 + 10) / (0.5 * 10 + 20))


def test_towns_shrink_towards_the_county() -> None:
    """A town that was never counted takes the county's ratio."""
    counts = np.array([[[100.0, 100.0], [90.0, 80.0]], [[np.nan, 10.0], [np.nan, 10.0]]])
    model = CohortProgression(discount=1.0, unit_shrinkage=1.0, town_shrinkage=1.0).fit(
        panel_of(counts, ("North", "South")),
    )
    assert model.town_ratios_[1, 0] == pytest.approx(model.county_ratios_[0])


def test_two_years_are_enough() -> None:
    """The least history is two years; there is no earlier origin yet, so ratios lean on the town's."""
    counts = np.array([[[20.0, 22.0], [30.0, 10.0]], [[20.0, 18.0], [10.0, 30.0]]])
    model = CohortProgression().fit(panel_of(counts, ("North", "North")))
    assert model.town_ratios_[0, 0] == pytest.approx(1.0)
    assert np.abs(model.ratios_ - 1.0).max() < 0.05


def test_one_year_is_refused() -> None:
    """One year holds no progression at all, and saying 1.0 would be a guess."""
    with pytest.raises(ValueError, match="two consecutive years"):
        CohortProgression().fit(panel_of(np.ones((1, 2, 1)), ("North",)))


def test_a_gap_between_the_years_is_refused() -> None:
    """Two years with none counted between them hold no transition of one year."""
    counts = np.array([[[1.0, np.nan, 1.0], [1.0, np.nan, 1.0]]])
    with pytest.raises(ValueError, match="two consecutive years"):
        CohortProgression().fit(panel_of(counts, ("North",)))


def test_a_closed_school_stays_closed() -> None:
    """A school without pupils in the last year gets none, though its past teaches the town's ratio."""
    counts = np.array(
        [[[50.0, 50.0, np.nan], [50.0, 40.0, np.nan]], [[20.0, 20.0, 20.0], [20.0, 16.0, 16.0]]]
    )
    ahead = CohortProgression().fit(panel_of(counts, ("North", "North"))).predict(2)
    assert np.isnan(ahead[0]).all()
    assert ahead[1, 1, 0] == pytest.approx(16.0)


def test_zero_cells_stay_finite() -> None:
    """An empty grade makes no division by zero and no children out of nothing."""
    counts = np.zeros((2, 3, 3))
    ahead = CohortProgression().fit(panel_of(counts, ("North", "South"))).predict(3)
    assert (ahead == 0).all()


def test_entries_replace_the_lowest_grade() -> None:
    """Given entries stand in the lowest grade and grow older from there."""
    counts = np.full((1, 2, 3), 10.0)
    model = CohortProgression().fit(panel_of(counts, ("North",)))
    ahead = model.predict(2, entries=np.array([[30.0, 40.0]]))
    assert ahead[0].round(9).tolist() == [[30.0, 40.0], [10.0, 30.0]]


def test_known_parameters_are_found_again() -> None:
    """Schools that differ for good are given more weight of their own than those that differ by chance."""
    rng = np.random.default_rng(3)
    own = rng.uniform(0.6, 1.4, size=60)

    def history(ratio: np.ndarray) -> Panel:
        counts = rng.poisson(60, size=(60, 2, 7)).astype(float)
        counts[:, 1, 1:] = rng.poisson(counts[:, 0, :-1] * ratio[:, None])
        return panel_of(counts, ("North",) * 60)

    persistent = CohortProgression().fit(history(own)).chosen_["unit_shrinkage"]
    chance = CohortProgression().fit(history(np.ones(60))).chosen_["unit_shrinkage"]
    assert persistent < 1.0 < chance


def test_parameters_by_name() -> None:
    """The estimator is set up and read like those of scikit-learn."""
    model = CohortProgression(discount=0.7).set_params(unit_shrinkage=2.0)
    assert model.get_params() == {
        "discount": 0.7,
        "unit_shrinkage": 2.0,
        "town_shrinkage": None,
        "entry_discount": None,
    }
    with pytest.raises(ValueError, match="Invalid parameter"):
        model.set_params(alpha=1.0)


counts_of = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).poisson(12, size=(6, 4, 5)).astype(float),
)
TOWNS = ("A", "B", "A", "C", "B", "A")


@settings(max_examples=15, deadline=None)
@given(counts_of, st.floats(0.01, 100))
def test_scaling_the_counts_scales_the_forecast(counts: np.ndarray, scale: float) -> None:
    """Nothing is tuned to a county of one size: ten times the children give ten times the forecast."""
    plain = CohortProgression().fit(panel_of(counts, TOWNS)).predict(3)
    scaled = CohortProgression().fit(panel_of(counts * scale, TOWNS)).predict(3)
    np.testing.assert_allclose(scaled, plain * scale, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(counts_of, st.permutations(range(6)))
def test_the_order_of_schools_is_irrelevant(counts: np.ndarray, order: list[int]) -> None:
    """A table sorted otherwise gives the same forecast of every school."""
    panel = panel_of(counts, TOWNS)
    shuffled = Panel(
        counts[order],
        tuple(panel.units[n] for n in order),
        tuple(TOWNS[n] for n in order),
        panel.grades,
        panel.years,
    )
    plain = CohortProgression().fit(panel).predict(3)
    np.testing.assert_allclose(CohortProgression().fit(shuffled).predict(3), plain[order], rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(counts_of)
def test_forecasts_are_never_negative(counts: np.ndarray) -> None:
    """No cell goes below zero, and no cell that the school has is left out."""
    ahead = CohortProgression().fit(panel_of(counts, TOWNS)).predict(6)
    assert (ahead >= 0).all()
