"""The spread of block paths: read off the rolls, shared by towns, the usual one where rolls are too few."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from tests.towns import block_name, square_town

from zoning import messages
from zoning.district import District
from zoning.forecast import Dispersion, Forecast, Simulation, forecast_residents
from zoning.forecast.by_county import school_panel
from zoning.forecast.spread import forecaster_of, spread_of

TOWNS = [f"T{number}" for number in range(6)]
BLOCKS = {block_name(row, column): town for row, town in enumerate(TOWNS) for column in range(5)}
HOME = {f"s{number}": TOWNS[number // 3] for number in range(18)}
OF_TOWN = np.repeat(np.arange(6), 5)
SCHOOL_YEARS = tuple(range(2017, 2027))


def rolls(years: Sequence[int] = SCHOOL_YEARS, *, shock: float = 0.06, seed: int = 0) -> pd.DataFrame:
    """Primary rolls of three schools a town; the children of a town move in and out together."""
    planted = Dispersion(0.05, (0.0, 0.01, shock, 0.01), (0.0,) * 4, (0.0,) * 4, math.inf)
    course = np.full((len(HOME), 6, len(SCHOOL_YEARS)), 60.0)
    town = np.arange(len(HOME)) // 3
    drawn = Simulation(course, tuple(range(1, 7)), SCHOOL_YEARS, town, planted, 1, seed=seed).paths()[0]
    index = pd.MultiIndex.from_product(
        [HOME, range(1, 7), SCHOOL_YEARS], names=["school_id", "grade", "year"]
    )
    table = pd.Series(drawn.ravel().astype(float), index, name="pupils").reset_index()
    return table[table["year"].isin(years)]


def residents() -> pd.DataFrame:
    """Sixty children of every age in every block."""
    return pd.DataFrame(
        [(block, 2026, age, 60.0) for block in BLOCKS for age in range(18)],
        columns=["block_id", "year", "age", "residents"],
    )


def said(notes: tuple[messages.Text, ...], name: str) -> bool:
    """Whether a note of the catalogue is among these."""
    start = (
        messages.text(f"forecast.{name}", first=0, last=0).en
        if name == "spread"
        else messages.text(f"forecast.{name}").en
    )
    return any(note.en[:25] == start[:25] for note in notes)


def district(**tables: pd.DataFrame) -> District:
    """Six towns of five blocks and three schools each."""
    return square_town(
        6,
        5,
        schools=[(row, column) for row in range(6) for column in (0, 2, 4)],
        towns=list(BLOCKS.values()),
        school_columns={"town": list(HOME.values())},
        tables=tables,
    )


@pytest.fixture
def county() -> District:
    """The district with seven years of rolls."""
    return district(residents=residents(), enrolment=rolls(SCHOOL_YEARS[-7:]))


def sums(demand: Forecast, group: np.ndarray) -> np.ndarray:
    """Children of all grades by path and group in the last year."""
    blocks = np.arange(len(demand.block_ids))
    return demand.sums(blocks, group, 1.0, int(group.max()) + 1)[..., -1].sum(axis=2)


def test_towns_vary_more_than_independent_blocks_would(county: District) -> None:
    """Errors that blocks of a town share do not cancel out; the county's children are the towns'."""
    demand = forecast_residents(county, years=[2027, 2028, 2029], paths=300)
    blocks = sums(demand, np.arange(30))
    towns, whole = sums(demand, OF_TOWN), sums(demand, np.zeros(30, dtype=np.int64))
    np.testing.assert_allclose(blocks @ np.eye(6)[OF_TOWN], towns, rtol=1e-12)
    np.testing.assert_allclose(towns.sum(axis=1), whole[:, 0], rtol=1e-12)
    independent = np.sqrt(blocks.var(axis=0) @ np.eye(6)[OF_TOWN])
    assert (towns.std(axis=0) > 1.3 * independent).all()
    assert whole.std() > 1.1 * np.sqrt(towns.var(axis=0).sum())
    assert said(demand.notes, "spread")


def test_restless_rolls_make_wider_bands() -> None:
    """Paths are as wide as the place's own forecasts were off, not as wide as some other's."""
    calm, restless = (
        district(residents=residents(), enrolment=rolls(SCHOOL_YEARS[-6:], shock=shock))
        for shock in (0.0, 0.12)
    )
    narrow, wide = (
        sums(forecast_residents(one, years=[2028], paths=200), OF_TOWN).std() for one in (calm, restless)
    )
    assert wide > 2 * narrow


def test_a_block_varies_more_than_the_school_of_its_zone() -> None:
    """Five blocks for three schools, all alike: each has the spread of a school times the root of 5/3."""
    county = district(enrolment=rolls(SCHOOL_YEARS[-4:]))
    spread = spread_of(county, np.full(30, 100.0))
    assert spread.scale == pytest.approx(np.sqrt(5 / 3), rel=0.06)
    assert spread_of(county, np.r_[1000.0, np.zeros(29)]).scale == 1.0
    assert spread_of(county, np.zeros(30)).scale == 1.0


@pytest.mark.parametrize("years", [(), (2026,), (2025, 2026), (2022, 2024, 2026)], ids=str)
def test_too_few_rolls_take_the_usual_spread_and_say_so(years: tuple[int, ...]) -> None:
    """Without a past forecast to hold against a count, nothing is said to have been read off the rolls."""
    tables = {"enrolment": rolls(years)} if years else {}
    county = district(residents=residents(), **tables)
    spread = spread_of(county, np.full(30, 100.0))
    assert spread.dispersion == Dispersion.usual()
    assert said(spread.notes, "spread_usual")
    assert not said(spread.notes, "spread")


@pytest.mark.parametrize("years", [(2024, 2025, 2026), (2022, 2023, 2026)], ids=str)
def test_three_years_two_of_them_in_a_row_tell_a_spread(years: tuple[int, ...]) -> None:
    """The least history that a past forecast can be made and held against."""
    spread = spread_of(district(enrolment=rolls(years)), np.full(30, 100.0))
    assert spread.dispersion != Dispersion.usual()
    assert said(spread.notes, "spread")


def test_births_of_the_places_towns_are_heard() -> None:
    """Births go with the entry age of the rolls' lowest grade; empty and strange tables switch them off."""
    births = pd.DataFrame(
        [(town, year, 60.0) for town in (*TOWNS, "elsewhere") for year in range(2010, 2026)],
        columns=["town", "year", "births"],
    )
    county = district(enrolment=rolls(), births=births)
    panel, _ = school_panel(county)
    assert panel is not None
    model = forecaster_of(county, panel)
    assert model.entry is not None
    assert (model.entry.age, model.entry.cutoff) == (6, county.policy.cutoff)
    assert model.births is not None
    assert set(model.births["town"]) == set(TOWNS)
    for table in (births.iloc[:0], births.assign(births=np.nan)):
        assert forecaster_of(district(enrolment=rolls(), births=table), panel).births is None
