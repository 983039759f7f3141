"""The yardsticks: last year's value, and the ratio of the last three years, by hand."""

import numpy as np
import pytest
from tests.forecast.panels import cohorts, panel_of, reordered

from zoning.forecast import last_value, three_year_ratio


def test_last_value_repeats_the_last_year_and_nothing_else() -> None:
    """What a school lacks stays lacking; a hole before does not matter."""
    counts = np.array([[[np.nan, 7.0, 9.0], [5.0, 5.0, np.nan]]])
    ahead = last_value(panel_of(counts), 2)
    np.testing.assert_array_equal(ahead, [[[9.0, 9.0], [np.nan, np.nan]]])


def test_three_year_ratio_by_hand() -> None:
    """Pooled over the last three transitions, entry the mean of three years; older years play no part."""
    counts = np.array([[[99.0, 10, 20, 30, 40], [0, 1, 10, 10, 10]]])
    ahead = three_year_ratio(panel_of(counts), 2)
    assert ahead[0, 0] == pytest.approx([30.0, 30.0])
    assert ahead[0, 1] == pytest.approx([40.0 * 30 / 60, 30.0 * 30 / 60])


def test_older_years_play_no_part() -> None:
    """Only the last four years, with their three transitions, are looked at."""
    panel = cohorts(years=8)
    changed = panel.counts.copy()
    changed[:, :, :4] = 500.0
    np.testing.assert_allclose(
        three_year_ratio(panel, 3), three_year_ratio(panel_of(changed, list(panel.towns)), 3), rtol=1e-6
    )


def test_who_has_no_ratio_takes_the_towns_else_that_of_all() -> None:
    """A school that opened this year is forecast by its town, a town that did by all towns."""
    counts = np.full((4, 2, 4), 100.0)
    counts[0, 1, 1:], counts[1, 1, 1:] = 80.0, 120.0
    counts[[2, 3], :, :-1] = np.nan
    ahead = three_year_ratio(panel_of(counts, ["A", "B", "A", "C"]), 1)
    assert ahead[:, 1, 0] == pytest.approx([80.0, 120.0, 80.0, 100.0], rel=1e-6)


def test_an_entry_grade_takes_the_mean_of_the_counted_ones_of_three_years() -> None:
    """A school open for two of the three years is averaged over those two."""
    counts = np.array(
        [[[90.0, 90, 30, 60], [90, 90, 90, 30]], [[np.nan, np.nan, 10, 20], [np.nan] * 2 + [10.0, 10]]]
    )
    ahead = three_year_ratio(panel_of(counts), 1)
    assert ahead[:, 0, 0] == pytest.approx([60.0, 15.0])


def test_gaps_reach_back_to_the_last_two_years_in_a_row() -> None:
    """Where no two of the last four years follow each other, older ones are looked at, and never none."""
    counts = np.full((1, 2, 8), np.nan)
    counts[0, :, [0, 1, 3, 5, 7]] = [[20.0, 16.0]] * 5
    ahead = three_year_ratio(panel_of(counts), 1)
    assert ahead[0, 1, 0] == pytest.approx(16.0)
    with pytest.raises(ValueError, match="two consecutive years"):
        three_year_ratio(panel_of(counts[:, :, 1:]), 1)


def test_order_and_size_of_the_panel_are_irrelevant() -> None:
    """Ten times the children are ten times the forecast, in any order of schools."""
    panel, order = cohorts(8, 4, 6, seed=3), np.random.default_rng(0).permutation(8)
    plain = three_year_ratio(panel, 3)
    np.testing.assert_allclose(three_year_ratio(reordered(panel, order), 3), plain[order])
    ten = panel_of(panel.counts * 10, list(panel.towns))
    np.testing.assert_allclose(three_year_ratio(ten, 3), plain * 10)
