"""Births of a panel: by unit, town or all, by month, late or early; the age at which a panel is entered."""

import numpy as np
import pandas as pd
import pytest
from tests.forecast.panels import births_of, cohorts, panel_of

from zoning.forecast import EnrolmentForecaster, EntryAge, Panel
from zoning.forecast.panel_births import PanelBirths

YEARS = range(2000, 2025)
WAVE = {year: 100.0 + 60.0 * np.sin(year * 1.3) for year in range(1990, 2030)}
CALENDAR = (12, 31)


def born(at: EntryAge, year: int) -> float:
    """Births of the cohort of age ``at.age`` in the autumn of a year."""
    share = 1.0 if at.cutoff == CALENDAR else 2 / 3
    return share * WAVE[year - at.age] + (1 - share) * WAVE[year - at.age - 1]


def panel_entered(
    at: EntryAge, *, units: int = 1, grades: int = 3, years: int = 14, first_grade: int = 1
) -> Panel:
    """Every child born enters, and stays: schools share the cohort alike."""
    counts = np.empty((units, grades, years))
    for grade in range(grades):
        for place, year in enumerate(range(2024 - years + 1, 2025)):
            counts[:, grade, place] = born(at, year - grade) / units
    return panel_of(counts, [f"t{unit}" for unit in range(units)], first_grade=first_grade)


def table(**columns: object) -> pd.DataFrame:
    """Births of all by year, up to 2024."""
    found = pd.DataFrame({"year": YEARS, "births": [WAVE[year] for year in YEARS]})
    return found.assign(**columns)


@pytest.mark.parametrize(
    ("at", "first_grade"),
    [
        (EntryAge(6, (8, 31)), 1),
        (EntryAge(6, (8, 31)), 0),
        (EntryAge(5, CALENDAR), 0),
        (EntryAge(3, (8, 31)), -2),
        (EntryAge(0, CALENDAR), 0),
        (EntryAge(4, CALENDAR), 1),
    ],
)
def test_the_age_of_entry_is_found_whatever_grades_are_called(at: EntryAge, first_grade: int) -> None:
    """School grades, ages 0-17 and other countries' cut-offs are told apart by which births tell entries."""
    panel = panel_entered(at, first_grade=first_grade)
    assert PanelBirths(table(), panel).entry_age(panel) == at


@pytest.mark.parametrize(("first_grade", "age"), [(-2, 3), (0, 5), (1, 6), (7, 12), (10, 15), (-9, 0)])
def test_where_births_tell_nothing_grades_are_school_grades(first_grade: int, age: int) -> None:
    """With three years of rolls the age is that of the grade, be it a nursery's or a senior school's."""
    panel = cohorts(4, 2, 3, first_grade=first_grade)
    assert PanelBirths(births_of(panel, "all"), panel).entry_age(panel) == EntryAge(age, (8, 31))


def test_a_junior_panel_is_entered_by_children_of_twelve() -> None:
    """Grade 7 of next autumn was born thirteen years before, not nine."""
    at = EntryAge(12, (8, 31))
    panel = panel_entered(at, first_grade=7)
    births = PanelBirths(table(), panel)
    assert births.entry_age(panel) == at
    assert births.ahead(panel, 4)[0] == pytest.approx(
        [born(at, year) for year in range(2025, 2029)], rel=0.15
    )
    now = panel.counts[0, 0, -1]
    assert abs(births.ahead(panel, 1)[0, 0] - born(at, 2025)) < abs(now - born(at, 2025))


def test_age_zero_of_next_year_takes_the_births_known_now() -> None:
    """Children of age 0 are not born yet: the last year's births stand for theirs."""
    panel = panel_entered(EntryAge(0, CALENDAR), first_grade=0)
    births = PanelBirths(table(), panel)
    known = births.cohorts(range(2023, 2028), EntryAge(0, CALENDAR), 2024)
    assert known[0] == pytest.approx([WAVE[2023], WAVE[2024], WAVE[2024], WAVE[2024], WAVE[2024]])


def test_births_after_the_year_that_asks_are_not_known() -> None:
    """A table that goes on past an origin is cut there, on both sides of the cut-off."""
    panel = panel_entered(EntryAge(3, (8, 31)), first_grade=-2)
    births = PanelBirths(table(), panel)
    found = births.cohorts(range(2020, 2026), EntryAge(3, (8, 31)), 2020)
    third, rest = 1 / 3, 2 / 3
    wanted = [third * WAVE[y - 4] + rest * WAVE[y - 3] for y in range(2020, 2024)] + [WAVE[2020]] * 2
    assert found[0] == pytest.approx(wanted)


def test_months_are_counted_exactly() -> None:
    """Births by month fall on their side of 31 August; the year's row stands for a year without months."""
    months = pd.DataFrame(
        [(year, month, 30.0 if month == 9 else 5.0) for year in range(2005, 2025) for month in range(1, 13)],
        columns=["year", "month", "births"],
    )
    panel = cohorts(2, 2, 4)
    at = EntryAge(6, (8, 31))
    assert PanelBirths(months, panel).cohorts([2024], at, 2024).item() == pytest.approx(30 + 3 * 5 + 8 * 5)
    one_year = months[months["year"] != 2018]
    mixed = pd.concat([one_year, pd.DataFrame({"year": [2018], "births": [240.0]})])
    assert PanelBirths(mixed, panel).cohorts([2024], at, 2024).item() == pytest.approx(30 + 15 + 160)


@pytest.mark.parametrize("kind", ["unit", "town"])
def test_births_by_place_stay_in_their_place(kind: str) -> None:
    """A wave of births in one place reaches its schools only; rows of strange places are left aside."""
    panel = panel_of(np.full((4, 2, 8), 50.0), ["A", "A", "B", "B"])
    names = panel.units if kind == "unit" else panel.town_names
    births = pd.DataFrame(
        [
            (name, year, 200.0 if name in ("s000", "A") and year >= 2018 else 100.0)
            for name in (*names, "elsewhere")
            for year in YEARS
        ],
        columns=[kind, "year", "births"],
    )
    ahead = PanelBirths(births, panel).ahead(panel, 3)
    raised = [True, False, False, False] if kind == "unit" else [True, True, False, False]
    assert (ahead[:, -1] > 60).tolist() == raised
    np.testing.assert_allclose(ahead[~np.array(raised)], 50.0, rtol=1e-6)


def test_the_unit_counts_where_both_are_given() -> None:
    """Births with unit and town are those of the unit."""
    panel = panel_of(np.full((2, 2, 6), 50.0), ["A", "B"])
    births = births_of(panel, "unit").assign(town="B")
    one, two = (PanelBirths(b, panel).ahead(panel, 2) for b in (births, births.drop(columns="town")))
    np.testing.assert_array_equal(one, two)


def test_schools_share_the_entries_as_they_did_lately() -> None:
    """Of the births of all a school gets its share of three years' entries; one without the grade nothing."""
    counts = np.full((3, 2, 6), 60.0)
    counts[1] = 20.0
    counts[2, 0, -1] = np.nan
    ahead = PanelBirths(table(), panel_of(counts)).ahead(panel_of(counts), 2)
    np.testing.assert_allclose(ahead[0], 3 * ahead[1])
    assert (ahead[2] == 0).all()


@pytest.mark.parametrize("kind", ["unit", "all"])
def test_births_are_heard_where_nobody_entered_lately(kind: str) -> None:
    """Three years without an entry are no reason to pass over those born since."""
    counts = np.full((2, 2, 10), 30.0)
    counts[:, 0, -3:] = 0.0
    panel = panel_of(counts)
    ahead = PanelBirths(births_of(panel, kind), panel).ahead(panel, 2)
    assert (ahead > 1.0).all()


def test_a_table_that_starts_late_tells_what_it_can() -> None:
    """Cohorts born before the table are unknown, not none: the recent mean stands for them."""
    panel = panel_of(np.full((1, 2, 6), 40.0))
    births = table().query("year >= 2021")
    found = PanelBirths(births, panel)
    assert np.isnan(found.cohorts(panel.years, EntryAge(6, (8, 31)), 2024)).all()
    assert found.ahead(panel, 3)[0] == pytest.approx([40.0] * 3)


def test_a_table_without_births_is_no_table_of_zeros() -> None:
    """Rows without a count leave the recent mean."""
    panel = panel_of(np.full((1, 2, 6), 40.0))
    for births in (table(births=np.nan), table().iloc[:0]):
        ahead = EnrolmentForecaster(births=births, booster=None).fit(panel).predict(2)
        assert ahead[0, 0] == pytest.approx([40.0, 40.0])


def test_a_town_whose_births_are_missing_keeps_its_recent_mean() -> None:
    """Births for half the towns serve those towns; the others are forecast as without."""
    panel = panel_of(np.full((2, 2, 8), 50.0), ["A", "B"])
    births = table(town="A", births=[50.0 if year < 2018 else 100.0 for year in YEARS])
    ahead = PanelBirths(births, panel).ahead(panel, 3)
    assert ahead[0, -1] > 60
    assert ahead[1] == pytest.approx([50.0] * 3)


def test_births_announce_a_wave() -> None:
    """A forecast that knows the births sees the wave that the recent mean misses."""
    panel = panel_entered(EntryAge(6, (8, 31)))
    wanted = [born(EntryAge(6, (8, 31)), year) for year in range(2025, 2028)]
    with_births = EnrolmentForecaster(births=table(), booster=None).fit(panel).predict(3)[0, 0]
    without = EnrolmentForecaster(booster=None).fit(panel).predict(3)[0, 0]
    assert np.abs(with_births - wanted).sum() < np.abs(without - wanted).sum() / 2
