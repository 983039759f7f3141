"""The forecast of a district: exact sums, every missing table, hand-worked years."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoning.district import District
from zoning.errors import DataError
from zoning.forecast import Forecast, forecast_residents

MakeDistrict = Callable[..., District]
TOWNS = {"b1": "North", "b2": "North", "b3": "South", "b4": "South"}
YEARS = range(2022, 2027)


def residents(
    *, years: Iterable[int] = YEARS, ages: Iterable[int] = range(18), each: float = 10.0
) -> pd.DataFrame:
    """The same number of children in every block, year and age."""
    rows = [(b, y, a, each) for b in TOWNS for y in years for a in ages]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents"])


def births(each: float = 20.0, *, towns: Iterable[str] = ("North", "South")) -> pd.DataFrame:
    """The same number of births a year in every town, 2010 to 2025."""
    rows = [(t, y, np.nan, each, np.nan) for t in towns for y in range(2010, 2026)]
    return pd.DataFrame(rows, columns=["town", "year", "month", "births", "registered_births"])


def enrolment(each: float = 20.0, *, years: Iterable[int] = YEARS) -> pd.DataFrame:
    """The same number of pupils in every grade of the one school of each town."""
    rows = [
        (f"school-{t}", y, g, each, np.nan) for t in ("North", "South") for y in years for g in range(-2, 13)
    ]
    return pd.DataFrame(rows, columns=["school_id", "year", "grade", "pupils", "classes"])


def random_residents(seed: int) -> pd.DataFrame:
    """Children at random, some blocks empty."""
    table = residents()
    rng = np.random.default_rng(seed)
    busy = dict(zip(TOWNS, rng.choice([0.0, 4.0, 15.0, 60.0], 4), strict=True))
    return table.assign(residents=rng.poisson(table["block_id"].map(busy)).astype(float))


def notes(demand: Forecast) -> str:
    """All notes as one text."""
    return " ".join(note.en for note in demand.notes)


def test_a_steady_district_stays_steady(make_district: MakeDistrict) -> None:
    """Where nothing ever changed the forecast is what was always there, in every block, grade and year."""
    county = make_district(TOWNS, residents=residents(), births=births(), enrolment=enrolment())
    demand = forecast_residents(county, years=range(2026, 2033))
    assert demand.mean == pytest.approx(10.0)
    assert demand.years == tuple(range(2026, 2033))
    assert demand.grades == tuple(range(-2, 13))


def test_a_wave_moves_up_one_grade_a_year(make_district: MakeDistrict) -> None:
    """A large age group stands in the next grade each year, and in the grade of its age at the cut-off."""
    table = residents(years=[2026])
    table.loc[table["age"] == 5, "residents"] = 30.0
    demand = forecast_residents(make_district(TOWNS, residents=table), years=range(2026, 2030))
    for year, grade in ((2026, 0), (2027, 1), (2028, 2), (2029, 3)):
        of_grade = demand.mean[:, demand.grades.index(grade), demand.years.index(year)]
        assert of_grade == pytest.approx(30.0), year


def test_births_reach_kindergarten_three_years_later(make_district: MakeDistrict) -> None:
    """Fewer births in 2025 reach the youngest kindergarten group three years on, split by the cut-off."""
    table = births()
    table.loc[table["year"] == 2025, "births"] = 10.0
    county = make_district(TOWNS, residents=residents(years=[2024]), births=table)
    demand = forecast_residents(county, years=[2027, 2028, 2029])
    k1 = demand.mean[:, 0, :].sum(axis=0)
    # Cohort 2025 holds a third of 2024 and two thirds of 2025. The recent mean weighs a quarter for the first
    # cohort that nobody has counted, and less for every further one.
    assert k1[0] == pytest.approx(40.0)
    assert k1[1] == pytest.approx(0.75 * 40 * (20 / 3 + 10 * 2 / 3) / 20 + 0.25 * 40)
    assert k1[2] == pytest.approx((1 - 0.25 * 0.7) * 20 + 0.25 * 0.7 * 40)


def test_counted_years_are_given_as_counted(make_district: MakeDistrict) -> None:
    """A year that the residents table holds is not forecast again."""
    table = random_residents(5)
    demand = forecast_residents(make_district(TOWNS, residents=table), years=[2023, 2026])
    for year in (2023, 2026):
        seen = table[(table["year"] == year) & (table["age"] == 6)].set_index("block_id")["residents"]
        grade = demand.mean[:, demand.grades.index(1), demand.years.index(year)]
        assert grade == pytest.approx(seen.loc[list(demand.block_ids)].to_numpy())


def test_enrolment_sets_the_level_of_a_stage(make_district: MakeDistrict) -> None:
    """Where half of the resident children attend senior high, half of them are expected there."""
    table = enrolment()
    table.loc[table["grade"] >= 10, "pupils"] = 10.0
    county = make_district(TOWNS, residents=residents(), births=births(), enrolment=table)
    senior, primary = county.stage("senior"), county.stage("primary")
    demand = forecast_residents(county, years=[2027])
    assert demand.of_stage(senior, 2027) == pytest.approx(15.0)
    assert demand.of_stage(primary, 2027) == pytest.approx(60.0)
    assert "senior high school 0.50" in notes(demand)
    plain = forecast_residents(county, years=[2027], calibrated=False)
    assert plain.of_stage(senior, 2027) == pytest.approx(30.0)


def test_every_grade_has_its_own_share(make_district: MakeDistrict) -> None:
    """Where half of the three-year-olds attend, half are expected in K1 and all the others in K2 and K3."""
    table = enrolment()
    table.loc[table["grade"] == -2, "pupils"] = 10.0
    demand = forecast_residents(make_district(TOWNS, residents=residents(), enrolment=table), years=[2026])
    assert demand.mean[0, :3, 0] == pytest.approx([5.0, 10.0, 10.0])


def test_one_year_of_residents_ages_by_enrolment(make_district: MakeDistrict) -> None:
    """Town rolls age the residents; a grade that more attend than the one before makes no new children."""
    rolls = enrolment()
    south = rolls["school_id"] == "school-South"
    # Every junior cohort of the South loses a tenth a year; kindergartens fill up from K1 to K3 everywhere.
    rolls.loc[south & (rolls["grade"] == 8), "pupils"] = 18.0
    rolls.loc[south & (rolls["grade"] == 9), "pupils"] = 16.2
    rolls.loc[rolls["grade"] == -2, "pupils"] = 10.0
    people = residents(years=[2026])
    of_south = people["block_id"].map(TOWNS) == "South"
    people.loc[of_south & (people["age"] == 13), "residents"] = 9.0
    people.loc[of_south & (people["age"] == 14), "residents"] = 8.1
    county = make_district(TOWNS, residents=people, births=births(), enrolment=rolls)
    demand = forecast_residents(county, years=[2028], calibrated=False)
    grade_9 = demand.mean[:, demand.grades.index(9), 0]
    # The shrinkage towards the county is chosen from the rolls themselves, where the South differs for good.
    assert grade_9 == pytest.approx([10.0, 10.0, 8.1, 8.1], abs=0.15)
    assert demand.mean[:, :3] == pytest.approx(10.0)


def test_one_year_of_residents_lets_pupils_progress_as_enrolment(make_district: MakeDistrict) -> None:
    """County pupils of the next year are this year's times the enrolment ratio, at a change of stage too."""
    rolls = enrolment()
    rolls.loc[rolls["grade"] >= 10, "pupils"] = 12.0
    wave = (rolls["grade"] == 9) & (rolls["year"] == 2026)
    rolls.loc[wave, "pupils"] = 30.0
    people = residents(years=[2026])
    people.loc[people["age"] == 14, "residents"] = 15.0
    county = make_district(TOWNS, residents=people, births=births(), enrolment=rolls)
    demand = forecast_residents(county, years=[2026, 2027])
    grade_10 = demand.mean[:, demand.grades.index(10)].sum(axis=0)
    assert grade_10 == pytest.approx([24.0, 60 * 12 / 20])


def test_one_senior_school_for_the_county_draws_from_all_towns(make_district: MakeDistrict) -> None:
    """Grade 10 in one town is fed by grade 9 of all, so its ratio is the county's and not that town's."""
    rolls = enrolment()
    senior = rolls["grade"] >= 10
    rolls.loc[senior, "pupils"] = 40.0
    rolls = rolls[~senior | (rolls["school_id"] == "school-North")]
    county = make_district(TOWNS, residents=residents(years=[2026]), births=births(), enrolment=rolls)
    demand = forecast_residents(county, years=[2026, 2027, 2029])
    assert demand.mean == pytest.approx(10.0)


def test_an_enrolment_table_of_few_schools_is_not_believed(make_district: MakeDistrict) -> None:
    """A table that holds one school in ten must not shrink the county to a tenth."""
    county = make_district(TOWNS, residents=residents(), enrolment=enrolment(2.0))
    demand = forecast_residents(county, years=[2027])
    assert demand.mean == pytest.approx(10.0)
    assert "hard to believe" in notes(demand)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"residents": residents()}, "no births table"),
        ({"residents": residents()}, "no enrolment table"),
        ({"residents": residents(years=[2026])}, "stay where they lived in 2026"),
        ({"residents": residents(years=[2026]), "enrolment": enrolment()}, "as enrolment has done"),
        ({"residents": residents(ages=range(6, 18)), "births": births()}, "starts at age 6"),
        ({"residents": residents(ages=range(15))}, "ends at age 14"),
        ({"enrolment": enrolment(), "births": births()}, "no residents table"),
        ({"enrolment": enrolment(years=[2026])}, "one year only"),
        ({"births": births()}, "births only"),
        ({"residents": residents(), "births": births(towns=["North"])}, "No births for South"),
    ],
)
def test_a_missing_table_switches_off_its_part_and_says_so(
    make_district: MakeDistrict, tables: dict[str, pd.DataFrame], said: str
) -> None:
    """The forecast goes on with what there is, at the right level, and names what it lacked."""
    demand = forecast_residents(make_district(TOWNS, **tables), years=[2026, 2027, 2032])
    assert said in notes(demand)
    assert demand.mean == pytest.approx(10.0)


def test_a_half_filled_year_is_left_out(make_district: MakeDistrict) -> None:
    """A planner who has typed in one block of the new year does not lose all the others."""
    people = residents()
    people = people[(people["year"] < 2026) | (people["block_id"] == "b1")]
    demand = forecast_residents(make_district(TOWNS, residents=people, enrolment=enrolment()), years=[2027])
    assert demand.mean == pytest.approx(10.0)
    assert "The residents of 2026 hold fewer than half" in notes(demand)


def test_a_half_filled_year_of_rolls_is_left_out(make_district: MakeDistrict) -> None:
    """Rolls of one school of three do not become the county's."""
    towns = TOWNS | {"b5": "East"}
    rolls = pd.concat([enrolment(), enrolment().assign(school_id="school-East")]).drop_duplicates()
    rolls = rolls[(rolls["year"] < 2026) | (rolls["school_id"] == "school-East")]
    demand = forecast_residents(make_district(towns, enrolment=rolls), years=[2027])
    assert demand.mean.sum(axis=0) == pytest.approx(60.0)
    assert "Enrolment of 2026 holds fewer than half" in notes(demand)


def test_registered_births_stand_in_with_their_own_ratio(make_district: MakeDistrict) -> None:
    """A town that has registered births only is not short of the children who are not registered."""
    table = births()
    south = table["town"] == "South"
    table.loc[south, "registered_births"] = 15.0
    table.loc[south, "births"] = np.nan
    demand = forecast_residents(make_district(TOWNS, residents=residents(), births=table), years=[2032])
    assert demand.mean == pytest.approx(10.0)
    assert "Only registered births for South" in notes(demand)


def test_falling_registered_births_are_heeded(make_district: MakeDistrict) -> None:
    """A town that has registered births only sees its fall in births coming, like any other town."""
    table = births()
    south = table["town"] == "South"
    table.loc[south, "registered_births"] = np.where(table.loc[south, "year"] == 2025, 7.5, 15.0)
    table.loc[south, "births"] = np.nan
    demand = forecast_residents(make_district(TOWNS, residents=residents(), births=table), years=[2030])
    k1 = demand.mean[:, 0, 0]
    assert k1[:2] == pytest.approx(10.0)
    assert (k1[2:] < 8.0).all()


def test_months_of_one_town_do_not_stand_for_the_county(make_district: MakeDistrict) -> None:
    """Where one town gives births by month and another by year, the county's births are those of both."""
    whole = births(24.0)
    north, south = whole[whole["town"] == "North"], whole[whole["town"] == "South"]
    months = pd.concat([north.assign(month=float(m), births=2.0) for m in range(1, 13)])
    for mixed in (pd.concat([months, south]), pd.concat([months, whole])):
        one, two = (
            forecast_residents(
                make_district(TOWNS, births=table.reset_index(drop=True), enrolment=enrolment()),
                years=range(2026, 2031),
            )
            for table in (whole, mixed)
        )
        assert two.mean == pytest.approx(one.mean)


def test_blank_births_are_not_called_the_last_ones(make_district: MakeDistrict) -> None:
    """The note names the last year that has births, not a later row left blank."""
    table = births()
    table.loc[table["year"] == 2025, "births"] = np.nan
    demand = forecast_residents(make_district(TOWNS, residents=residents(), births=table), years=[2030])
    assert "births after 2024 are taken as those of 2024" in notes(demand)


def test_a_grade_without_pupils_does_not_empty_the_next(make_district: MakeDistrict) -> None:
    """Where a new school has no pupils in a grade yet, the children of that age do not vanish."""
    rolls = enrolment(years=(2025, 2026))
    rolls.loc[rolls["grade"].isin([10, 11]), "pupils"] = 0.0
    county = make_district(TOWNS, residents=residents(years=[2026]), enrolment=rolls)
    demand = forecast_residents(county, years=[2027], calibrated=False)
    assert (demand.mean[:, demand.grades.index(12)] > 0).all()


def test_births_alone_do_not_reach_farther(make_district: MakeDistrict) -> None:
    """How far ahead is counted from the newest births, not from the first year asked for."""
    county = make_district(TOWNS, births=births())
    assert forecast_residents(county, years=[2055]).mean.sum() > 0
    with pytest.raises(DataError, match="children are forecast up to 2055"):
        forecast_residents(county, years=[2056])


def test_newborns_go_where_young_children_live(make_district: MakeDistrict) -> None:
    """A town's births are split over its blocks like its children under six."""
    people = residents(years=[2026])
    people.loc[people["block_id"] == "b1", "residents"] = 30.0
    born = births()
    born.loc[born["town"] == "North", "births"] = 40.0
    demand = forecast_residents(make_district(TOWNS, residents=people, births=born), years=[2032])
    assert demand.mean[:, 0, 0] == pytest.approx([30.0, 10.0, 10.0, 10.0])


def test_years_come_out_ascending_each_once(make_district: MakeDistrict) -> None:
    """Years asked for in any order stand in order, with the children of each."""
    people = residents(years=[2026])
    people.loc[people["age"] == 5, "residents"] = 30.0
    demand = forecast_residents(make_district(TOWNS, residents=people), years=[2028, 2026, 2028, 2027])
    assert demand.years == (2026, 2027, 2028)
    assert [demand.mean[0, g, n] for n, g in enumerate((2, 3, 4))] == pytest.approx([30.0] * 3)


def test_registered_and_migrant_children_stand_in_for_residents(make_district: MakeDistrict) -> None:
    """Where residents is blank, registered plus migrant children are the residents."""
    table = residents().assign(registered=7.0, migrants=5.0, residents=np.nan)
    demand = forecast_residents(make_district(TOWNS, residents=table), years=[2026])
    assert demand.mean == pytest.approx(12.0)


def test_what_is_counted_of_housing_is_said(make_district: MakeDistrict) -> None:
    """A planner who filled in housing is told what of it counts, and one who did not that none does."""
    housing = pd.DataFrame(
        {
            "project_id": ["p", "q"],
            "block_id": "b1",
            "handover_year": [2028, 2020],
            "dwellings": [300, 9],
            "type": "",
        },
    )
    county = make_district(TOWNS, residents=residents(), housing=housing)
    demand = forecast_residents(county, years=[2028])
    assert "300 dwellings to be handed over after 2026 (projects: 1)" in notes(demand)
    without = forecast_residents(make_district(TOWNS, residents=residents()), years=[2028])
    assert "no housing table" in notes(without)
    assert (demand.mean[0] > without.mean[0]).all()
    assert demand.mean[1:] == pytest.approx(without.mean[1:])


def test_nothing_to_go_on_names_the_tables(make_district: MakeDistrict) -> None:
    """Without any table the planner learns which one to fill in."""
    with pytest.raises(DataError, match="residents, enrolment and births are all missing") as caught:
        forecast_residents(make_district(TOWNS), years=[2027])
    assert "常住学龄人口" in caught.value.text.zh


def test_years_out_of_reach_are_refused(make_district: MakeDistrict) -> None:
    """A year before the data, and a slip such as 20270, get a sentence instead of numbers."""
    county = make_district(TOWNS, residents=residents())
    with pytest.raises(DataError, match='"2010" is before the first year with data, 2022'):
        forecast_residents(county, years=[2010])
    with pytest.raises(DataError, match='"20270" is too far ahead'):
        forecast_residents(county, years=[20270])
    with pytest.raises(ValueError, match="no years wanted"):
        forecast_residents(county, years=[])
    with pytest.raises(ValueError, match="paths must be at least 1"):
        forecast_residents(county, years=[2027], paths=0)


quick = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(st.integers(0, 10**6))
def test_blocks_add_up_to_towns_and_county(make_district: MakeDistrict, seed: int) -> None:
    """Blocks sum to towns and the county, for the mean and for every path, and nobody is negative."""
    demand = forecast_residents(
        make_district(TOWNS, residents=random_residents(seed)), years=range(2026, 2033)
    )
    town = np.asarray([TOWNS[b] for b in demand.block_ids])
    towns = sum(demand.mean[town == name].sum(axis=0) for name in ("North", "South"))
    np.testing.assert_allclose(towns, demand.mean.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(demand.frame()["children"].sum(), demand.mean.sum(), rtol=1e-12)
    assert (demand.mean >= 0).all()


@quick
@given(st.integers(0, 10**6), st.floats(0.1, 50))
def test_scaling_every_table_scales_the_forecast(
    make_district: MakeDistrict, seed: int, scale: float
) -> None:
    """Nothing is tuned to one size of county."""
    people = random_residents(seed)
    plain = make_district(TOWNS, residents=people, births=births(), enrolment=enrolment())
    larger = make_district(
        TOWNS,
        residents=people.assign(residents=people["residents"] * scale),
        births=births(20.0 * scale),
        enrolment=enrolment(20.0 * scale),
    )
    expected = forecast_residents(plain, years=[2026, 2031]).mean * scale
    np.testing.assert_allclose(
        forecast_residents(larger, years=[2026, 2031]).mean, expected, rtol=1e-8, atol=1e-9
    )


@quick
@given(st.integers(0, 10**6))
def test_the_order_of_rows_is_irrelevant_and_runs_agree(make_district: MakeDistrict, seed: int) -> None:
    """The same folder gives the same forecast, however its tables are sorted."""
    people = random_residents(seed)
    mixed = people.sample(frac=1.0, random_state=seed % 1000)
    first, again, other = (
        forecast_residents(make_district(TOWNS, residents=t, births=births()), years=[2030]).mean
        for t in (people, people, mixed)
    )
    assert (first == again).all()
    np.testing.assert_allclose(other, first, rtol=1e-12)


@pytest.mark.parametrize("blocks", [1200])
def test_the_shape_follows_the_district(make_district: MakeDistrict, blocks: int) -> None:
    """Blocks come out in the district's order, those without any row included."""
    towns = {f"b{n:04d}": f"t{n % 18}" for n in reversed(range(blocks))}
    table = residents().assign(
        block_id=lambda t: t["block_id"].map({b: f"b{n:04d}" for n, b in enumerate(TOWNS)})
    )
    demand = forecast_residents(make_district(towns, residents=table), years=[2027])
    assert demand.block_ids == tuple(towns)
    assert f"Blocks without children in the residents of 2026: {blocks - 4}." in notes(demand)
    assert demand.mean[:, 3:, 0].sum() == pytest.approx(4 * 10 * 12)
