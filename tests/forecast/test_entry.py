"""Cut-off arithmetic and the entry ratio."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.forecast import BirthEntry, cohort_births
from zoning.forecast.entry import share_before


def yearly(**births: list[float]) -> pd.DataFrame:
    """Births of whole years from 2018 on, by town."""
    rows = [(town, 2018 + n, count) for town, counts in births.items() for n, count in enumerate(counts)]
    return pd.DataFrame(rows, columns=["town", "year", "births"])


def monthly(first: int, counts: list[float]) -> pd.DataFrame:
    """Births of one town month by month from January of a year on."""
    rows = [("North", first + n // 12, n % 12 + 1, count) for n, count in enumerate(counts)]
    return pd.DataFrame(rows, columns=["town", "year", "month", "births"])


def test_31_august_takes_a_third_and_two_thirds() -> None:
    """Grade 1 of autumn 2026 is a third of the births of 2019 and two thirds of those of 2020."""
    cohorts = cohort_births(yearly(North=[0.0, 300.0, 240.0]))
    assert cohorts.loc["North", 2026 - 6] == pytest.approx(300 / 3 + 240 * 2 / 3)


def test_31_december_takes_one_calendar_year() -> None:
    """With the cut-off at the end of the year a cohort is one calendar year, the first one included."""
    cohorts = cohort_births(yearly(North=[7.0, 8.0]), cutoff=(12, 31))
    assert cohorts.loc["North"].to_dict() == {2018: 7.0, 2019: 8.0}


def test_months_are_used_exactly() -> None:
    """September to August, month by month, whatever the season."""
    counts = [float(n) for n in range(1, 25)]
    cohorts = cohort_births(monthly(2019, counts))
    assert cohorts.loc["North", 2020] == sum(range(9, 21))


def test_months_up_to_the_cutoff_suffice() -> None:
    """The births of January to August are enough for the cohort that they complete."""
    counts = [float(n) for n in range(1, 21)]
    assert cohort_births(monthly(2019, counts)).loc["North", 2020] == sum(range(9, 21))


def test_missing_months_are_not_taken_as_none() -> None:
    """A year that lacks a month before the cut-off has no cohort, rather than one that is too small."""
    table = monthly(2019, [10.0] * 24)
    lacking = table[~((table["year"] == 2020) & (table["month"] == 5))]
    assert cohort_births(lacking)[2020].isna().all()


def test_a_cutoff_within_a_month_splits_it() -> None:
    """On 15 June half of June's births are before the cut-off."""
    assert share_before((6, 15)) == pytest.approx(5.5 / 12)
    cohorts = cohort_births(monthly(2019, [12.0] * 24), cutoff=(6, 15))
    assert cohorts.loc["North", 2020] == pytest.approx(144.0)


def test_an_impossible_cutoff_is_refused() -> None:
    """31 June is a slip of the pen, not 1 July."""
    with pytest.raises(ValueError, match="no month and day"):
        share_before((6, 31))


def test_the_last_known_year_is_carried_on() -> None:
    """Births that are not known yet are those of the last year, town by town."""
    table = yearly(North=[90.0, 60.0], South=[30.0, 30.0, 45.0])
    cohorts = cohort_births(table, until=2022)
    assert cohorts.loc["North"].round(6).tolist() == [70.0, 60.0, 60.0, 60.0]
    assert cohorts.loc["South"].round(6).tolist() == [30.0, 40.0, 45.0, 45.0]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.floats(0, 1e4), min_size=3, max_size=8),
    st.integers(1, 12).flatmap(lambda m: st.tuples(st.just(m), st.integers(1, 28))),
)
def test_cohorts_keep_every_birth(births: list[float], cutoff: tuple[int, int]) -> None:
    """Cut-offs move children between cohorts; none is lost or counted twice."""
    table = yearly(North=births)
    cohorts = cohort_births(table, cutoff=cutoff).loc["North"]
    share = share_before(cutoff)
    edges = births[0] * share + births[-1] * (1 - share)
    assert cohorts.sum() + edges == pytest.approx(sum(births))


def test_the_ratio_is_pulled_to_the_county_where_a_town_knows_little() -> None:
    """A town with births but no entries yet uses the county's ratio."""
    cohorts = np.array([[100.0, 100.0], [50.0, 50.0]])
    entries = np.array([[90.0, 90.0], [np.nan, np.nan]])
    model = BirthEntry(weight=1.0).fit(cohorts, entries)
    assert model.ratios_ == pytest.approx([0.9, 0.9])
    assert model.predict(cohorts)[1] == pytest.approx([45.0, 45.0])


def test_births_and_recent_mean_are_averaged() -> None:
    """The forecast is weight × ratio × births + (1 - weight) × mean of the last three entries."""
    cohorts, entries = np.full((1, 4), 100.0), np.array([[70.0, 80.0, 90.0, 100.0]])
    model = BirthEntry(weight=0.5, discount=1.0).fit(cohorts, entries)
    assert model.predict(np.array([[200.0]]))[0, 0] == pytest.approx(0.5 * 0.85 * 200 + 0.5 * 90)


def test_a_town_without_births_takes_its_recent_mean() -> None:
    """Births missing for one town do not empty its first grade."""
    cohorts, entries = np.full((1, 3), np.nan), np.array([[30.0, 40.0, 50.0]])
    assert BirthEntry().fit(cohorts, entries).predict(cohorts)[0] == pytest.approx([40.0, 40.0, 40.0])


def test_falling_births_earn_full_weight() -> None:
    """Where births explain the entries and the recent mean lags behind, births decide alone."""
    cohorts = 1000.0 * 0.9 ** np.arange(10)[None]
    assert BirthEntry().fit(cohorts, 0.95 * cohorts).weight_ == 1.0


def test_shapes_must_agree() -> None:
    """Cohorts and entries of different years are a mistake of the caller."""
    with pytest.raises(ValueError, match="cohorts are"):
        BirthEntry().fit(np.ones((1, 2)), np.ones((1, 3)))
