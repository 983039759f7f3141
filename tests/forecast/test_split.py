"""Rolling origins: what is known, what is asked, and years that nobody counted."""

import numpy as np
import pytest
from tests.forecast.panels import cohorts, panel_of

from zoning.forecast import RollingOriginSplit


def years_of(split: RollingOriginSplit, gap: int | None = None) -> dict[int, list[int]]:
    """Targets by origin of seven years, 2018-2024."""
    counts = np.full((2, 2, 7), 10.0)
    if gap is not None:
        counts[:, :, gap - 2018] = np.nan
    panel = panel_of(counts)
    return {
        panel.years[train[-1]]: [panel.years[to] for to in targets] for train, targets in split.split(panel)
    }


def test_every_origin_knows_all_years_up_to_it_and_is_asked_for_those_after() -> None:
    """Train and test never overlap, and nothing lies between them."""
    panel = cohorts(years=7)
    for train, targets in RollingOriginSplit(horizon=3).split(panel):
        assert train.tolist() == list(range(len(train)))
        assert targets.tolist() == list(range(len(train), min(len(train) + 3, 7)))


def test_the_first_origin_is_the_third_year_and_the_last_has_a_year_after_it() -> None:
    """Two transitions are the least that a ratio is pooled over, and the last year can be held to nothing."""
    assert list(years_of(RollingOriginSplit())) == [2020, 2021, 2022, 2023]


@pytest.mark.parametrize(
    ("split", "wanted"),
    [
        (RollingOriginSplit(horizon=1, first=2022), {2022: [2023], 2023: [2024]}),
        (RollingOriginSplit(horizon=2, first=2021, last_target=2022), {2021: [2022]}),
        (RollingOriginSplit(horizon=2, first=2024), {}),
    ],
)
def test_bounds_are_kept(split: RollingOriginSplit, wanted: dict[int, list[int]]) -> None:
    """No origin before the first, no target after the last."""
    assert years_of(split) == wanted
    assert split.get_n_splits(cohorts(years=7)) == len(wanted)


def test_a_year_that_nobody_counted_is_neither_origin_nor_target() -> None:
    """Years ahead are still counted by the calendar."""
    assert years_of(RollingOriginSplit(horizon=2), gap=2022) == {2020: [2021], 2021: [2023], 2023: [2024]}


@pytest.mark.parametrize("years", [1, 2])
def test_short_panels_have_no_origin_or_one_of_their_years(years: int) -> None:
    """A panel of one or two years has no origin with a year after it."""
    assert RollingOriginSplit().get_n_splits(cohorts(years=years)) == 0
