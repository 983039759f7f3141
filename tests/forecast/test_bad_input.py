"""Tables as they come: every hole and contradiction is said, and none of them becomes a silent zero."""

from collections.abc import Callable, Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoning.district import District
from zoning.errors import DataError
from zoning.forecast import Forecast, forecast_residents
from zoning.forecast.by_county import school_panel

MakeDistrict = Callable[..., District]
TOWNS = {"b1": "North", "b2": "North", "b3": "South", "b4": "South"}
FOUR = {"b1": "East", "b2": "North", "b3": "South", "b4": "West"}
YEARS = range(2021, 2027)


def rolls(
    schools: Iterable[str] = ("school-North", "school-South"),
    *,
    years: Iterable[int] = YEARS,
    grades: Iterable[int] = range(-2, 13),
    each: float = 20.0,
) -> pd.DataFrame:
    """The same number of pupils in every grade and year of every school."""
    rows = [(s, y, g, each, np.nan) for s in schools for y in years for g in grades]
    return pd.DataFrame(rows, columns=["school_id", "year", "grade", "pupils", "classes"])


def people(*, years: Iterable[int] = (2026,), each: float = 10.0) -> pd.DataFrame:
    """The same number of children in every block, year and age."""
    rows = [(b, y, a, each) for b in TOWNS for y in years for a in range(18)]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents"])


def births(each: float = 20.0, *, towns: Iterable[str] = ("North", "South")) -> pd.DataFrame:
    """The same number of births a year in every town."""
    rows = [(t, y, np.nan, each, np.nan) for t in towns for y in range(2010, 2026)]
    return pd.DataFrame(rows, columns=["town", "year", "month", "births", "registered_births"])


def notes(demand: Forecast) -> str:
    """All notes as one text."""
    return " ".join(note.en for note in demand.notes)


def with_columns(district: District, **columns: Mapping[str, object]) -> District:
    """The district with more columns of its schools."""
    frame = district.schools
    for name, values in columns.items():
        frame[name] = gpd.pd.Series(values, dtype="float64").reindex(frame.index)
    return District(district.place, district.blocks, frame, tables=district.tables)


@pytest.mark.parametrize("pupils", [-1.0, np.inf])
def test_impossible_pupils_are_refused_with_their_row(make_district: MakeDistrict, pupils: float) -> None:
    """A negative roll stops the forecast at its row, and is never read as no enrolment at all."""
    table = rolls()
    table.loc[3, "pupils"] = pupils
    with pytest.raises(DataError, match=r'enrolment, row 5, "pupils": .* is no number of children'):
        forecast_residents(make_district(TOWNS, enrolment=table), years=[2027])


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"residents": people().assign(residents=-1.0)}, 'residents, row 2, "residents": "-1"'),
        ({"births": births(-3.0)}, 'births, row 2, "births": "-3"'),
    ],
)
def test_impossible_children_are_refused_with_their_row(
    make_district: MakeDistrict, tables: dict[str, pd.DataFrame], where: str
) -> None:
    """Negative residents and births stop the forecast as negative pupils do."""
    with pytest.raises(DataError, match=where + " is no number of children"):
        forecast_residents(make_district(TOWNS, **tables), years=[2027])


def test_the_order_of_grades_is_irrelevant(make_district: MakeDistrict) -> None:
    """Grades written from the oldest down give the panel of those written up."""
    table = rolls().assign(pupils=lambda t: 20.0 + t["grade"] + t["year"] % 7)
    up, down = (school_panel(make_district(TOWNS, enrolment=t)) for t in (table, table.iloc[::-1]))
    assert up[0] is not None
    assert down[0] is not None
    np.testing.assert_array_equal(up[0].counts, down[0].counts)


def drop(table: pd.DataFrame, **where: object) -> pd.DataFrame:
    """The table without the rows that match."""
    match = np.logical_and.reduce([table[name] == value for name, value in where.items()])
    return table[~match]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"enrolment": drop(rolls(), year=2023)}, "Enrolment has no rows of 2023"),
        ({"residents": people(years=(2024, 2026))}, "Residents have no rows of 2025"),
        (
            {"residents": people(), "births": drop(births(), year=2021)},
            "Births have no rows of 2021",
        ),
        ({"enrolment": drop(rolls(), school_id="school-South", grade=8)}, "at school-South) are estimated"),
        ({"enrolment": drop(rolls(), school_id="school-South", year=2023)}, "take the middle of these"),
        ({"enrolment": drop(rolls(), school_id="school-South", year=2026)}, "pupils of 2025 stand in"),
        ({"enrolment": pd.concat([rolls(), rolls(each=20.0).iloc[:2]])}, "twice in 2 rows"),
        ({"enrolment": pd.concat([rolls(each=9.0).iloc[:3], rolls()])}, "twice in 3 rows"),
        ({"enrolment": pd.concat([rolls(), rolls(("gone",))])}, "does not hold is left out: gone"),
        (
            {"enrolment": pd.concat([rolls(), rolls(years=[2027], each=0.0)])},
            "2027 counts no pupil at all",
        ),
        ({"enrolment": pd.concat([rolls(), rolls(grades=[13])])}, "grade from K1 to 12 are left out: 12"),
        ({"enrolment": rolls(years=[2026])}, "one year only"),
        ({"births": births(towns=["North"])}, "how many children live in South"),
        (
            {"births": drop(births(), town="South", year=2025)},
            "that other towns have are missing for South",
        ),
        (
            {"births": drop(births(), town="South", year=2020), "enrolment": rolls()},
            "that other towns have are missing for South",
        ),
        (
            {"births": drop(births(), town="South", year=2025), "enrolment": rolls()},
            "that other towns have are missing for South",
        ),
        ({"births": births(towns=["North"]), "enrolment": rolls()}, "births after 2025"),
    ],
)
def test_a_hole_is_said_and_changes_nothing(
    make_district: MakeDistrict, tables: dict[str, pd.DataFrame], said: str
) -> None:
    """Where nothing ever changed, a hole in the tables is named and the forecast stays what it was."""
    demand = forecast_residents(make_district(TOWNS, **tables), years=[2026, 2027, 2030])
    assert said in notes(demand)
    assert demand.mean == pytest.approx(10.0)


def test_fractions_of_pupils_are_said(make_district: MakeDistrict) -> None:
    """A table made from shares is taken as it stands, and the planner is told."""
    demand = forecast_residents(make_district(TOWNS, enrolment=rolls(each=20.5)), years=[2027])
    assert "fractions of pupils in 180 rows" in notes(demand)
    assert demand.mean == pytest.approx(10.25)


def test_a_town_without_a_school_keeps_its_children(make_district: MakeDistrict) -> None:
    """Where only other towns have schools, a town's blocks are given the average instead of nobody."""
    table = rolls(("school-East", "school-North", "school-South"), each=40.0)
    demand = forecast_residents(make_district(FOUR, enrolment=table), years=[2027])
    assert demand.mean == pytest.approx(30.0)
    assert "how many children live in West" in notes(demand)


def test_a_town_without_births_is_sized_by_its_pupils(make_district: MakeDistrict) -> None:
    """Births of half the towns do not take the other half's children away."""
    table = pd.concat([rolls(("school-North",), each=10.0), rolls(("school-South",), each=30.0)])
    county = make_district(TOWNS, enrolment=table, births=births(towns=["North"]))
    demand = forecast_residents(county, years=[2027])
    assert demand.mean[:, :, 0].mean(axis=1) == pytest.approx([5.0, 5.0, 15.0, 15.0])


def test_a_closed_school_is_not_carried_on(make_district: MakeDistrict) -> None:
    """A school whose closing year is given has lost its pupils; without it they would be counted on."""
    table = drop(rolls(), school_id="school-South", year=2026)
    county = with_columns(make_district(TOWNS, enrolment=table), closes={"school-South": 2026.0})
    demand = forecast_residents(county, years=[2026])
    assert demand.mean.sum(axis=0) == pytest.approx(20.0)
    assert "stand in" not in notes(demand)


def test_grades_that_a_school_gains_and_loses_are_no_holes(make_district: MakeDistrict) -> None:
    """A nine-year school that gives up its primary, and a junior school that grows up, stay as they are."""
    nine = rolls(("school-North",), grades=range(1, 10))
    nine = nine[(nine["grade"] >= 7) | (nine["year"] < 2024)]
    young = rolls(("school-South",), grades=range(7, 10))
    young = young[young["grade"] - 6 <= young["year"] - 2023]
    panel, said = school_panel(make_district(TOWNS, enrolment=pd.concat([nine, young])))
    assert panel is not None
    assert said == []
    assert np.isnan(panel.counts[0, :6, -1]).all()
    assert np.count_nonzero(~np.isnan(panel.counts[1])) == 1 + 2 + 3


def test_a_missing_grade_follows_its_cohort(make_district: MakeDistrict) -> None:
    """The grade left out lies between the same children a year younger and a year older."""
    table = rolls(("school-North",), grades=range(7, 10))
    table.loc[(table["year"] == 2024) & (table["grade"] == 7), "pupils"] = 60.0
    table.loc[(table["year"] == 2026) & (table["grade"] == 9), "pupils"] = 50.0
    panel, _ = school_panel(make_district(TOWNS, enrolment=drop(table, year=2025, grade=8)))
    assert panel is not None
    assert panel.counts[0, 1, 4] == pytest.approx(55.0)


def test_blank_residents_contradict_nothing(make_district: MakeDistrict) -> None:
    """Where registered and migrant children stand in for residents, they are what rolls are held against."""
    table = people().assign(registered=6.0, migrants=4.0, residents=np.nan)
    demand = forecast_residents(make_district(TOWNS, enrolment=rolls(), residents=table), years=[2027])
    assert "factor of two" not in notes(demand)


@pytest.mark.parametrize(("factor", "said"), [(5.0, "(600)"), (0.3, "(36)"), (1.8, "")])
def test_rolls_that_contradict_residents_are_said(
    make_district: MakeDistrict, factor: float, said: str
) -> None:
    """A factor of two between a county's pupils and its children is named with both figures."""
    table = rolls(grades=range(1, 7), each=10.0 * factor)
    demand = forecast_residents(make_district(TOWNS, enrolment=table, residents=people()), years=[2027])
    assert ("differ by a factor of two and more in 2026." in notes(demand)) == bool(said)
    assert said in notes(demand)
    assert (demand.mean > 0).all()


def test_a_town_that_contradicts_its_residents_is_named(make_district: MakeDistrict) -> None:
    """Where the county agrees and one town does not, that town is named."""
    table = pd.concat([rolls(("school-North",), each=10.0), rolls(("school-South",), each=44.0)])
    demand = forecast_residents(make_district(TOWNS, enrolment=table, residents=people()), years=[2027])
    assert "primary school and resident children of those ages differ" in notes(demand)
    assert "in 2026 in North, South: pupils cross town lines" in notes(demand)


def test_a_year_that_stands_out_everywhere_is_named(make_district: MakeDistrict) -> None:
    """A pandemic year is named with how far it stands out; growth and one odd school are not."""
    schools = [f"school-{town}" for town in FOUR.values()]
    table = rolls(schools)
    table.loc[table["year"] == 2023, "pupils"] = 17.0
    county = make_district(FOUR, enrolment=table)
    assert "stands out in 2023 (-15 %" in notes(forecast_residents(county, years=[2027]))
    newest = rolls(schools)
    newest.loc[newest["year"] == 2026, "pupils"] = 17.0
    county = make_district(FOUR, enrolment=newest)
    assert "stands out in 2026 (-15 %" in notes(forecast_residents(county, years=[2027]))
    grows = rolls(schools)
    grows["pupils"] = 20 * 1.12 ** (grows["year"] - 2021)
    one = rolls(schools)
    one.loc[(one["year"] == 2023) & (one["school_id"] == schools[0]), "pupils"] = 5.0
    for calm in (grows, one):
        county = make_district(FOUR, enrolment=calm)
        assert "stands out" not in notes(forecast_residents(county, years=[2027]))


@st.composite
def messy_rolls(draw: st.DrawFn) -> pd.DataFrame:
    """Schools that open, close, change their grades, skip years, stand twice, in any order of rows."""
    rows = []
    for school in sorted(FOUR.values())[: draw(st.integers(1, 4))]:
        first = draw(st.integers(2019, 2026))
        last = draw(st.integers(first, 2026))
        low, high = draw(
            st.sampled_from([(-2, 0), (1, 6), (1, 9), (7, 9), (7, 12), (1, 3), (10, 12), (-2, 12)])
        )
        turn, new_low = draw(st.integers(first, 2027)), draw(st.integers(low, high))
        skipped = draw(st.sets(st.integers(2019, 2026), max_size=2))
        size = draw(st.floats(0.5, 300.0))
        for year in range(first, last + 1):
            rows += [
                (f"school-{school}", year, grade, float(np.ceil(size)), np.nan)
                for grade in range(new_low if year >= turn else low, high + 1)
                if year not in skipped and draw(st.integers(0, 19))
            ]
    rows += rows[: draw(st.integers(0, 3))]
    rows = draw(st.permutations(rows)) if len(rows) < 60 else rows[::-1]
    return pd.DataFrame(rows, columns=["school_id", "year", "grade", "pupils", "classes"])


messy = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@messy
@given(messy_rolls(), st.sampled_from(["alone", "residents", "births"]))
def test_no_history_crashes_or_empties_the_forecast(
    make_district: MakeDistrict, table: pd.DataFrame, beside: str
) -> None:
    """Whatever a county's rolls went through, every block, grade and year has children."""
    tables = {"enrolment": table}
    if beside == "residents":
        tables["residents"] = people()
    if beside == "births":
        tables["births"] = births(towns=["East", "South"])
    county = make_district(FOUR, **tables)
    if table.empty and beside == "alone":
        with pytest.raises(DataError, match="There is nothing to forecast from"):
            forecast_residents(county, years=[2027])
        return
    demand = forecast_residents(county, years=[2027, 2029, 2033])
    assert np.isfinite(demand.mean).all()
    assert (demand.mean > 0).all()
    assert demand.notes


@messy
@given(messy_rolls())
def test_no_history_loses_what_was_counted(make_district: MakeDistrict, table: pd.DataFrame) -> None:
    """Every cell of the panel that the table counts is the count; thin years are left out whole and said."""
    panel, said = school_panel(make_district(FOUR, enrolment=table))
    if panel is None:
        assert table.empty
        return
    kept = {year for n, year in enumerate(panel.years) if not np.isnan(panel.counts[:, :, n]).all()}
    lost = set(table["year"]) - kept
    assert all(any(str(year) in note.en for note in said) for year in lost)
    for row in table[table["year"].isin(kept)].drop_duplicates().itertuples():
        unit, grade = panel.units.index(row.school_id), panel.grades.index(row.grade)
        assert panel.counts[unit, grade, panel.years.index(row.year)] == row.pupils
