"""The book of numbers: everything adds up, and nothing is said that is not known."""

from dataclasses import replace

import numpy as np
import pytest
from tests.publish.forecast_town import YEARS, births_of, book_of, town, zones

from zoning.district import District
from zoning.evaluate import allocate
from zoning.publish import ForecastBook
from zoning.publish.forecast_courses import BANDS, LEVELS, Course
from zoning.publish.forecast_tables import block_table, interval_table
from zoning.publish.forecast_words import seats_sentence, short_sentence, stage_sentence, worst_year


@pytest.fixture(scope="module")
def district() -> District:
    """The town."""
    return town()


@pytest.fixture(scope="module")
def book(district: District) -> ForecastBook:
    """Its book."""
    return book_of(district)


def test_towns_and_grades_add_up_to_the_county(book: ForecastBook) -> None:
    """A planner who adds the towns or the grades finds the county's number."""
    for course in book.county:
        for parts in (book.towns, book.grades):
            every = sum(part.mean for part in book.of_stage(parts, course.stage))
            np.testing.assert_allclose(every, course.mean, rtol=1e-9)
        now = sum(part.now for part in book.of_stage(book.towns, course.stage))
        assert now == pytest.approx(course.now)


def test_intervals_are_those_of_summed_paths(book: ForecastBook) -> None:
    """The county's interval is a quantile of whole paths, narrower than the sum of its towns' bounds."""
    blocks = len(book.demand.block_ids)
    paths = book.demand.sums(
        np.arange(blocks), np.zeros(blocks, dtype=np.int64), np.ones(blocks), 1
    )  # [path, 1, grade, year]
    for course, stage in zip(book.county, book.stages, strict=True):
        grades = [book.demand.grades.index(grade) for grade in stage.grades]
        summed = paths[:, 0, grades].sum(axis=1)
        np.testing.assert_allclose(course.bands, np.quantile(summed, BANDS, axis=0))
        wide = sum(part.bands[3] - part.bands[0] for part in book.of_stage(book.towns, course.stage))
        assert (course.bands[3] - course.bands[0] < wide).all()


def test_zones_hold_the_blocks_of_their_plan(book: ForecastBook, district: District) -> None:
    """A school's expected children are those of its blocks, a shared block by its share."""
    for stage, plan in zones(district).items():
        rows = allocate(district, plan)
        for at, year in enumerate(YEARS):
            pupils = book.demand.of_stage(district.stage(stage), year)
            wanted = rows.by_school(pupils, len(district.school_frame))
            found = {school.place: school.mean[at] for school in book.schools if school.stage == stage}
            for school, value in found.items():
                assert value == pytest.approx(wanted[district.school_frame.index.get_loc(school)])
            assert sum(found.values()) == pytest.approx(pupils.sum())


def test_drivers_add_up_to_the_mean(book: ForecastBook, district: District) -> None:
    """The parts of every number are that number: county, town, zone and block."""
    assert book.parts
    for course in (*book.county, *book.towns, *book.schools):
        np.testing.assert_allclose(sum(course.drivers.values()), course.mean, atol=1e-6)
    table = block_table(district, book)
    np.testing.assert_allclose(table[list(book.parts)].sum(axis=1), table["children"], atol=1e-6)


def test_the_peak_is_the_year_with_most_children(book: ForecastBook) -> None:
    """The peak may be now: a county that shrinks has it behind."""
    course = book.county[0]
    flat = replace(course, mean=np.array([5.0, 9.0, 9.0]), now=8.0)
    assert flat.peak == YEARS[1]
    assert replace(flat, now=9.0).peak == flat.now_year
    assert replace(flat, now=float("nan")).peak == YEARS[1]


def test_rolls_stand_beside_the_forecast(book: ForecastBook, district: District) -> None:
    """The last counted value is that of the rolls, by county, town and school."""
    rolls = district.table("enrolment")
    assert rolls is not None
    last = rolls[rolls["year"] == 2026]
    primary = last[last["grade"] <= 6]
    assert book.of_stage(book.county, "primary")[0].last == (2026, primary["pupils"].sum())
    school = next(s for s in book.schools if s.place == "s1" and s.stage == "primary")
    assert school.last == (2026, primary.loc[primary["school_id"] == "s1", "pupils"].sum())
    assert sum(c.last[1] for c in book.of_stage(book.towns, "primary") if c.last) == primary["pupils"].sum()


def test_births_stand_at_the_year_of_entry(book: ForecastBook) -> None:
    """Births of a cohort are shown where it enters grade 1, and assumed ones are told apart."""
    births = book.births
    assert births is not None
    assert births.years[-1] == YEARS[-1]
    entry = births.years.index(2027)
    assert births.counted[entry]
    wanted = 2 * (births_of(2020) + 2 * births_of(2021)) / 3
    assert births.births[entry] == pytest.approx(wanted)


def test_one_path_has_no_interval_and_says_so() -> None:
    """A single course is never dressed up as certain."""
    book = book_of(town(), paths=1)
    assert not book.has_bands
    assert any("without intervals" in note.en for note in book.notes)
    assert all(np.isnan(school.p_over).all() for school in book.schools)
    table = interval_table(book)
    assert table[["low95", "low80", "high80", "high95", "p_over"]].isna().all().all()
    assert "80 %" not in stage_sentence(book, book.county[0]).en
    assert book.warned == ()
    over = sum(bool((school.mean > school.seats).any()) for school in book.schools)
    assert over > 0
    assert f"exceed the seats of {over} of {len(book.schools)} schools" in seats_sentence(book).en


def test_without_zones_schools_are_left_out_and_named(district: District) -> None:
    """What cannot be said is said to be unknown, stage by stage."""
    book = book_of(district, paths=2, with_zones=False)
    assert book.schools == ()
    assert sum("No zones of" in note.en for note in book.notes) == len(book.stages)
    assert "nothing can be said of single schools" in seats_sentence(book).en


def test_the_smallest_school_is_warned_first(book: ForecastBook) -> None:
    """A school whose zone has far more children than seats heads the list; its worst year is named."""
    first = book.warned[0]
    assert first.worst == "red"
    assert first.risk == first.p_over.max()
    assert str(worst_year(first)) in short_sentence(first).en
    closed = replace(first, seats=np.zeros(len(YEARS)))
    assert "no seats from" in short_sentence(closed).en
    assert [LEVELS.index(s.worst) for s in book.warned] == sorted(LEVELS.index(s.worst) for s in book.warned)
    assert f"{first.seats[0]:,.0f} seats" in seats_sentence(book).en


def test_a_scenario_that_changes_nothing_is_left_out(book: ForecastBook) -> None:
    """Without a housing table nobody is shown what delayed housing would do."""
    keys = [one.key for one in book.scenarios]
    assert keys[0] == "asked"
    assert not any(key.startswith("housing") for key in keys)
    own = book.scenarios[0].totals
    assert all(any((one.totals[s] != own[s]).any() for s in own) for one in book.scenarios[1:])


def test_short_rolls_leave_no_back_test(district: District) -> None:
    """Two years of rolls cannot show how far off a forecast has been; the book says why there is none."""
    rolls = district.table("enrolment")
    assert rolls is not None
    tables = {"residents": district.table("residents"), "enrolment": rolls[rolls["year"] >= 2025]}
    short = replace(district, tables={name: t for name, t in tables.items() if t is not None})
    book = book_of(short, paths=2)
    assert book.scores.empty
    assert book.births is None
    assert any("no back-test" in note.en for note in book.notes)


def test_a_course_without_today_has_no_change(book: ForecastBook) -> None:
    """Where nobody counted today's children no change is invented."""
    course: Course = replace(book.county[0], now=float("nan"))
    assert np.isnan(course.change)
    assert "than now" not in stage_sentence(book, course).en
