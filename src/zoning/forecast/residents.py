"""The forecast of the children of a district, from whatever tables its planner has."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import DataError, Text
from zoning.forecast.by_block import start_by_block
from zoning.forecast.by_county import start_by_county
from zoning.forecast.capture import capture_shares
from zoning.forecast.dispersion import dispersion_of
from zoning.forecast.forecast import Forecast
from zoning.forecast.panel import Floats
from zoning.forecast.simulator import Simulation
from zoning.forecast.start import AGES, FIRST_AGE, GRADES, Start

FURTHEST: Final = 30
"""Years ahead of the newest data that are forecast at most."""

Part = Callable[[District, Floats, tuple[int, ...]], tuple[Floats, tuple[Text, ...]]]
"""Changes children [block, grade, year] of those years, and says what it assumed."""


def forecast_residents(
    district: District,
    *,
    years: Iterable[int],
    paths: int = 1,
    seed: int = 0,
    calibrated: bool = True,
) -> Forecast:
    """Return the children of a district by block, grade K1-12 and school year, children.

    Residents by block and age grow older by progression ratios; births bring the younger ones; enrolment sets
    the county's level of each stage. A table that is missing switches off its part, and the notes say so.
    Years that the residents table holds are given as counted. A child's grade is its age at the cut-off less
    5.

    Parameters
    ----------
    district
        The district, with at least one of the tables residents, enrolment and births.
    years
        School years wanted, in any order; they come out ascending, each once.
    paths
        Sample paths; 1 is the point forecast, whose one path is the mean.
    seed
        Any whole number: the same one draws the same paths.
    calibrated
        Whether children are counted as pupils expected in a school here (residents times the stage's capture
        share) rather than as residents.

    Raises
    ------
    DataError
        When there is no table to go on, or a year is before the first counted one or too far ahead.
    ValueError
        When no years are wanted or ``paths`` is less than 1.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, shapely
    >>> from zoning.district import Place
    >>> blocks = gpd.GeoDataFrame(
    ...     {"name": ["甲村", "乙村"], "name_en": ["Jia", "Yi"], "town": "North", "place_class": "village"},
    ...     index=pd.Index(["b1", "b2"], name="block_id"),
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)], crs="EPSG:4547")
    >>> schools = gpd.GeoDataFrame({"town": ["North"]}, index=pd.Index(["s1"], name="school_id"),
    ...     geometry=[shapely.Point(500, 500)], crs="EPSG:4547")
    >>> residents = pd.DataFrame([(block, 2026, age, count) for age in range(18)
    ...     for block, count in (("b1", 20 - age), ("b2", 10))],
    ...     columns=["block_id", "year", "age", "residents"])
    >>> place = Place(Text("County", "县"), 2026, blocks.crs)
    >>> county = District(place, blocks, schools, tables={"residents": residents})
    >>> demand = forecast_residents(county, years=[2026, 2027])
    >>> demand.mean[:, demand.grades.index(1)].tolist()  # the six-year-olds, then the five-year-olds of 2026
    [[14.0, 15.0], [10.0, 10.0]]
    """
    if paths < 1:
        raise ValueError(f"paths must be at least 1, not {paths}")
    wanted = tuple(sorted({int(year) for year in years}))
    if not wanted:
        raise ValueError("no years wanted")
    start = _start(district, wanted)
    ages = start.at(wanted)
    children = np.maximum(ages[:, FIRST_AGE:, :], 0.0)
    notes = list(start.notes)
    for part in PARTS:
        children, more = part(district, children, wanted)
        notes.extend(more)
    weight = np.ones(len(GRADES))
    if calibrated and start.share is None:
        shares, more_notes = capture_shares(district, start.observed_by_age)
        weight = np.where(np.isnan(shares), 1.0, shares)
        notes.extend(more_notes)
    ids = tuple(map(str, district.block_frame.index))
    drawn = None if paths == 1 else _simulation(district, start, wanted, weight, (paths, seed))
    mean = children * weight[None, :, None]
    return Forecast(mean, ids, GRADES, wanted, tuple(dict.fromkeys(notes)), drawn)


def _simulation(
    district: District, start: Start, wanted: tuple[int, ...], weight: Floats, drawn: tuple[int, int]
) -> Simulation:
    """Sample paths of the blocks from the last known year on; ``weight`` is pupils per child by grade."""
    years = tuple(range(start.year, max(start.year, wanted[-1]) + 1))
    observed = start.observed_by_age.get(start.year, np.full(len(AGES), np.nan))
    counted = ~np.isnan(observed)
    # Younger children than anybody counted are paths of their own only once they reach a grade.
    youngest = min(int(np.argmax(counted)), FIRST_AGE) if counted.any() else FIRST_AGE
    course = np.maximum(start.at(years)[:, youngest:, :], 0.0)
    grades = tuple(age - AGE_OF_GRADE_ZERO for age in AGES[youngest:])
    whole = np.concatenate([np.ones(FIRST_AGE - youngest), weight])
    return Simulation(
        course=course,
        grades=grades,
        years=years,
        town=np.unique(district.block_frame["town"].to_numpy(dtype=str), return_inverse=True)[1],
        dispersion=dispersion_of(district),
        count=drawn[0],
        seed=drawn[1],
        weight=whole[None, :, None],
        counted=counted[youngest:],
    )


def _start(district: District, wanted: tuple[int, ...]) -> Start:
    start = start_by_block(district, wanted[-1]) or start_by_county(district, wanted[0], wanted[-1])
    if start is None:
        raise DataError([messages.problem("forecast.nothing", file="residents")])
    known = sorted({*start.earlier, start.year})
    for year in wanted:
        if year < start.year and year not in start.earlier:
            raise DataError(
                [messages.problem("forecast.too_early", file="residents", value=year, first=known[0])],
            )
        if year > start.year + FURTHEST:
            last = start.year + FURTHEST
            raise DataError(
                [messages.problem("forecast.too_far", file="residents", value=wanted[-1], last=last)],
            )
    return start


def _housing(district: District, children: Floats, years: tuple[int, ...]) -> tuple[Floats, tuple[Text, ...]]:
    """New homes: not yet counted, and said so where a housing table was given."""
    housing = district.table("housing")
    if housing is None or housing.empty:
        return children, ()
    ahead = housing[housing["handover_year"] >= years[0]]
    note = messages.text(
        "forecast.housing_left_out",
        projects=int(ahead["project_id"].nunique()),
        dwellings=float(ahead["dwellings"].sum()),
    )
    return children, (note,)


PARTS: Final[tuple[Part, ...]] = (_housing,)
"""What is added to the ageing of cohorts, in this order."""
