"""What the booster looks at: by hand, relative, of the past only, and the same in any order."""

from dataclasses import replace

import numpy as np
import pytest
from tests.forecast.panels import cohorts, eventful, panel_of, reordered

from zoning.forecast import CohortProgression, Panel
from zoning.forecast.features import features, log_ratio

SIZES = ("size", "unit_size", "grades", "from_lowest", "from_highest", "grade", "years_known")


def seen(panel: Panel, expected: np.ndarray) -> dict[str, np.ndarray]:
    """Features by name, [unit, grade]."""
    values, names = features(panel, expected)
    assert len(set(names)) == len(names)
    return {name: values[..., at] for at, name in enumerate(names)}


def test_features_of_a_cell_by_hand() -> None:
    """A cell is held against its own past, the grade below and above, and what was usual."""
    counts = np.array([[[10.0, 20, 30], [8, 12, 24], [9, 9, 9]]])
    expected = np.array([[28.0, 33, 20]])
    found = seen(panel_of(counts), expected)
    log = np.log
    assert found["size"][0, 1] == pytest.approx(log(34))
    assert found["now"][0, 1] == pytest.approx(log(25 / 34))
    assert found["before"][0, 1] == pytest.approx(log(13 / 34))
    assert found["earlier"][0, 1] == pytest.approx(log(9 / 34))
    assert found["recent"][0, 1] == pytest.approx(log((44 / 3 + 1) / 34))
    assert found["step"][0, 1] == pytest.approx(log(25 / 21) - log(34 / 31))
    assert found["earlier_step"][0, 1] == pytest.approx(log(13 / 11) - log(34 / 31))
    assert found["cohort"][0, 2] == pytest.approx(log(25 / 21))
    assert found["lower"][0, 1] == pytest.approx(log(31 / 25))
    assert found["upper"][0, 1] == pytest.approx(log(21 / 34))
    assert np.isnan(found["lower"][0, 0])
    assert np.isnan(found["upper"][0, 2])


def test_features_of_a_school_by_hand() -> None:
    """Its size, its span and the place of a grade in it, counted in the panel's grades."""
    counts = np.full((2, 4, 3), np.nan)
    counts[0, 1:3] = [[10.0, 20, 30], [10, 10, 10]]
    counts[1] = 5.0
    expected = np.where(np.isnan(counts[:, :, -1]), np.nan, 12.0)
    found = seen(panel_of(counts), expected)
    assert found["unit_size"][0, 1] == pytest.approx(np.log(41))
    assert found["unit_expected"][0, 1] == pytest.approx(np.log(25 / 41))
    assert found["grades"][:, 0].tolist() == [2, 4]
    assert found["from_lowest"][0].tolist() == [-1, 0, 1, 2]
    assert found["from_highest"][0].tolist() == [2, 1, 0, -1]
    assert found["entry"][0, 2] == pytest.approx(np.log(31 / 21))
    assert found["years_known"][:, 0].tolist() == [3, 3]


def test_towns_are_the_sums_of_their_schools() -> None:
    """Schools of a town share its step, that of all their children; other towns do not enter."""
    counts = np.full((3, 2, 3), 20.0)
    counts[0, 1, -1], counts[2, 1, -1] = 40.0, 5.0
    found = seen(panel_of(counts, ["A", "A", "B"]), np.full((3, 2), 20.0))
    assert found["town_step"][:, 1] == pytest.approx([np.log(61 / 41), np.log(61 / 41), np.log(6 / 21)])
    assert found["unit_step"][:, 1] == pytest.approx([np.log(41 / 21), 0.0, np.log(6 / 21)])


def test_a_panel_of_two_years_leaves_the_older_ones_unknown() -> None:
    """What is not known is NaN, which trees bear, and never 0, which would mean no change."""
    panel = cohorts(years=2)
    found = seen(panel, panel.counts[:, :, -1])
    assert np.isnan(found["earlier"]).all()
    assert np.isnan(found["earlier_step"]).all()
    assert not np.isnan(found["now"]).any()


def test_relative_features_do_not_know_how_large_a_place_is() -> None:
    """A thousand times the children leave every feature but the sizes as it was, up to the one added."""
    panel = eventful()
    panel = replace(panel, counts=panel.counts * 1000)
    expected = CohortProgression().fit(panel).predict(1)[:, :, 0]
    one = seen(panel, expected)
    ten = seen(replace(panel, counts=panel.counts * 10), expected * 10)
    # An empty cell holds one child for the logarithm, however large the place.
    full = (panel.counts[:, :, -3:] != 0).all(axis=(1, 2))
    for name in one:
        if name not in SIZES:
            np.testing.assert_allclose(ten[name][full], one[name][full], atol=0.01, err_msg=name)


def test_features_go_with_their_school() -> None:
    """Another order of schools gives the same features of each."""
    panel, order = eventful(), np.random.default_rng(2).permutation(9)
    expected = CohortProgression().fit(panel).predict(1)[:, :, 0]
    values, names = features(panel, expected)
    other, same = features(reordered(panel, order), expected[order])
    assert names == same
    np.testing.assert_allclose(other, values[order], rtol=1e-12)


def test_empty_cells_have_a_ratio() -> None:
    """Nobody against nobody is no change, and nobody against some is finite."""
    assert log_ratio(np.array([0.0, 0.0]), np.array([0.0, 9.0])) == pytest.approx([0.0, -np.log(10)])


@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 1, 5), (3, 1, 4), (1, 4, 2)])
def test_tiny_panels_have_features(shape: tuple[int, int, int]) -> None:
    """One school or one grade has every feature, and no number without end."""
    panel = cohorts(*shape, towns=1)
    values, names = features(panel, panel.counts[:, :, -1])
    assert values.shape == (*shape[:2], len(names))
    assert not np.isinf(values).any()
