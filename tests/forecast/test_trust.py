"""How far the booster is believed: nothing for nothing, all for one that proved right, never outside 0-1."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.forecast.trust import Trial, Trust, trust_of

RNG = np.random.default_rng(0)
EXPECTED = RNG.uniform(20, 80, (40, 3))
FACTORS = np.exp(RNG.normal(0, 0.2, (40, 3)) + np.repeat(RNG.normal(0, 0.2, 8), 5)[:, None])
CODES = np.repeat(np.arange(8), 5)


def trust(trials: list[Trial], rows: int = 2000) -> Trust:
    """The trust of a booster on forty schools of eight towns."""
    return trust_of(trials, rows=rows, codes=CODES, towns=8)


def test_untried_boosters_are_believed_by_what_they_learned_from() -> None:
    """More cells and more towns give more trust; one town gives none in totals."""
    few, many = (trust_of([], rows=rows, codes=CODES, towns=8) for rows in (100, 10000))
    assert few.cells < many.cells < 1
    assert trust_of([], rows=500, codes=np.zeros(5, dtype=np.int64), towns=1) == Trust(0.5, 0.0)


def test_boosters_that_proved_right_or_wrong() -> None:
    """Trials move trust up where the factors came true, and down where the opposite did."""
    right = [Trial(EXPECTED, FACTORS, EXPECTED * FACTORS)] * 6
    wrong = [Trial(EXPECTED, FACTORS, EXPECTED / FACTORS)] * 6
    start = trust([])
    assert trust(right).cells > start.cells > trust(wrong).cells
    assert trust(right).totals > start.totals > trust(wrong).totals
    assert trust(wrong).cells == pytest.approx(2 * start.cells / 8)


def test_more_trials_count_more() -> None:
    """One year proves less than six."""
    trial = Trial(EXPECTED, FACTORS, EXPECTED)
    assert trust([trial] * 6).cells < trust([trial]).cells < trust([]).cells


def test_the_slope_of_totals_by_hand() -> None:
    """The share of the totals is a slope through the origin, with a hundred town-years of the first guess."""
    half = EXPECTED * FACTORS**0.5
    found = trust([Trial(EXPECTED, FACTORS, half)])
    before, raised, came = (
        np.bincount(CODES, side.sum(axis=1)) for side in (EXPECTED, EXPECTED * FACTORS, half)
    )
    said, true = np.log(raised / before), np.log(came / before)
    prior = 100 * (said**2).mean()
    assert found.totals == pytest.approx((prior * 7 / 9 + said @ true) / (prior + said @ said))


def test_factors_applied_in_full_in_part_and_not_at_all() -> None:
    """At 0 nothing moves; with no trust in totals the grades' totals stay to the last child."""
    np.testing.assert_allclose(Trust(0.0, 1.0).applied(EXPECTED, FACTORS), EXPECTED)
    np.testing.assert_allclose(Trust(1.0, 1.0).applied(EXPECTED, FACTORS), EXPECTED * FACTORS)
    within = Trust(0.7, 0.0).applied(EXPECTED, FACTORS)
    np.testing.assert_allclose(within.sum(axis=0), EXPECTED.sum(axis=0))
    assert not np.allclose(within, EXPECTED)


def test_what_a_school_lacks_stays_lacking() -> None:
    """NaN stays NaN and disturbs no total; a grade of nobody stays empty."""
    expected = EXPECTED.copy()
    expected[0, 0], expected[:, 2] = np.nan, 0.0
    moved = Trust(0.5, 0.5).applied(expected, FACTORS)
    np.testing.assert_array_equal(np.isnan(moved), np.isnan(expected))
    assert (moved[:, 2] == 0).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4), st.sampled_from([0.0, 0.3, 1.0]))
def test_trust_is_a_share_whatever_the_trials(seed: int, count: int, missing: float) -> None:
    """Years without children, wild factors and closures leave both shares within 0-1."""
    rng = np.random.default_rng(seed)
    trials = []
    for _ in range(count):
        counted = rng.choice([0.0, 5.0, 1e6], EXPECTED.shape)
        counted[rng.random(EXPECTED.shape) < missing] = np.nan
        trials.append(Trial(EXPECTED, np.exp(rng.normal(0, 2, EXPECTED.shape)), counted))
    found = trust(trials)
    assert 0 <= found.cells <= 1
    assert 0 <= found.totals <= 1


def test_a_year_in_which_every_school_is_empty_proves_nothing() -> None:
    """A booster that met no child keeps the trust in totals that it had."""
    trial = Trial(EXPECTED, FACTORS, np.zeros_like(EXPECTED))
    assert trust([trial]).totals == trust([]).totals


def test_the_order_of_schools_is_irrelevant() -> None:
    """Trust depends on what schools did, not on where they stand in the table."""
    trial, order = Trial(EXPECTED, FACTORS, EXPECTED * FACTORS**0.4), RNG.permutation(40)
    other = replace(trial, expected=EXPECTED[order], factors=FACTORS[order], counted=trial.counted[order])
    one, two = trust([trial]), trust_of([other], rows=2000, codes=CODES[order], towns=8)
    assert (one.cells, one.totals) == pytest.approx((two.cells, two.totals))
