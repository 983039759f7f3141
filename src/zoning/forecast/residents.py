"""The forecast of the children of a district, from whatever tables its planner has."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import DataError, Text
from zoning.forecast.by_block import start_by_block
from zoning.forecast.by_county import start_by_county
from zoning.forecast.expected import Expected, expected_children, new_homes
from zoning.forecast.forecast import Forecast
from zoning.forecast.history import history_notes, refuse_impossible
from zoning.forecast.outlook import births_spread
from zoning.forecast.scenario import Scenario
from zoning.forecast.simulator import Simulation
from zoning.forecast.spread import spread_of
from zoning.forecast.start import AGES, FIRST_AGE, GRADES, Start

FURTHEST: Final = 30
"""Years ahead of the newest data that are forecast at most."""


def forecast_residents(
    district: District,
    *,
    years: Iterable[int],
    paths: int = 1,
    seed: int = 0,
    calibrated: bool = True,
    scenario: Scenario | None = None,
) -> Forecast:
    """Return the children of a district by block, grade K1-12 and school year, children.

    Residents by block and age grow older by progression ratios; births bring the younger ones, housing
    projects and migration others; enrolment sets the county's level of each stage. A table that is missing
    switches off its part, and the notes say so. Years that the residents table holds are given as counted. A
    child's grade is its age at the cut-off less 5.

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
    scenario
        What is supposed of births, new homes and migration; what is expected when left out.

    Raises
    ------
    DataError
        When there is no table to go on, a count is below 0, or a year is before the first counted one or too
        far ahead.
    ValueError
        When no years are wanted or ``paths`` is less than 1.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, shapely
    >>> from zoning.district import Place
    >>> from zoning.errors import Text
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
    for name in ("residents", "births", "enrolment"):
        table = district.table(name)
        if table is not None:
            refuse_impossible(table, name)
    scenario = Scenario() if scenario is None else scenario
    start = _start(district, wanted, scenario)
    found = expected_children(district, start, wanted, calibrated=calibrated, scenario=scenario)
    drawn, notes = None, (*found.notes, *history_notes(district))
    if paths > 1:
        drawn, said = _simulation(district, start, wanted, (found, scenario), (paths, seed))
        notes += said
    ids = tuple(map(str, district.block_frame.index))
    return Forecast(found.mean, ids, GRADES, wanted, tuple(dict.fromkeys(notes)), drawn, found.drivers)


def _simulation(
    district: District,
    start: Start,
    wanted: tuple[int, ...],
    expected: tuple[Expected, Scenario],
    drawn: tuple[int, int],
) -> tuple[Simulation, tuple[Text, ...]]:
    """Sample paths of the blocks from the last known year on, and how their spread was found."""
    years = tuple(range(start.year, max(start.year, wanted[-1]) + 1))
    observed = start.observed_by_age.get(start.year, np.full(len(AGES), np.nan))
    counted = ~np.isnan(observed)
    # Younger children than anybody counted are paths of their own only once they reach a grade.
    youngest = min(int(np.argmax(counted)), FIRST_AGE) if counted.any() else FIRST_AGE
    course = np.maximum(start.at(years)[:, youngest:, :], 0.0)
    homes, _ = new_homes(district, start, years, expected[1], first_age=youngest)
    spread = spread_of(district, course[:, :, 0].sum(axis=1))
    simulation = Simulation(
        course=course,
        grades=tuple(age - AGE_OF_GRADE_ZERO for age in AGES[youngest:]),
        years=years,
        town=np.unique(district.block_frame["town"].to_numpy(dtype=str), return_inverse=True)[1],
        dispersion=spread.dispersion,
        count=drawn[0],
        seed=drawn[1],
        scale=np.full(len(course), spread.scale),
        weight=np.concatenate([np.ones(FIRST_AGE - youngest), expected[0].weight])[None, :, None],
        counted=counted[youngest:],
        births=births_spread(
            district.table("births"),
            [year - youngest for year in years],
            counted=start.year - (int(np.argmax(counted)) if counted.any() else youngest),
        ),
        extra=() if homes is None else (homes,),
    )
    return simulation, spread.notes


def _start(district: District, wanted: tuple[int, ...], scenario: Scenario) -> Start:
    start = start_by_block(district, wanted[-1], scenario=scenario) or start_by_county(
        district, wanted[0], wanted[-1], course=scenario.births
    )
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
