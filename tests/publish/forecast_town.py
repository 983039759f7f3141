"""A small town with residents, births, rolls and zones, forecast the way the command does it."""

import numpy as np
import pandas as pd
from tests.towns import square_town

from zoning.district import District
from zoning.plan import Plan
from zoning.publish import Asked, ForecastBook, forecast_book
from zoning.publish.forecast_runs import run_backtest, run_forecast, run_scenarios

ROWS, COLUMNS = 4, 6
YEARS = (2027, 2028, 2029)
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">\'',
    "=1+1{script}{{ 7*7 }}",
    "\u202eright to left",
)


def town(names: tuple[str, ...] = ()) -> District:
    """Return the town; with names, the place, its towns and its schools carry them."""
    blocks = [(r, c) for r in range(ROWS) for c in range(COLUMNS)]
    towns = [names[0] if names else "A镇" if c < 3 else "B镇" for _, c in blocks]
    tables = {"residents": _residents(blocks), "births": _births(towns), "enrolment": _enrolment()}
    district = square_town(
        ROWS, COLUMNS, schools=((0, 0), (2, 2), (3, 5), (1, 4)), capacity=(60.0, 400.0, 420.0, 90.0),
        towns=towns,        school_columns={"capacity_junior": [np.nan, 500.0, 260.0, np.nan],
                        "town": [towns[0], towns[0], towns[-1], towns[-1]]},
        tables=tables,
    )  # fmt: skip
    if not names:
        return district
    from dataclasses import replace

    from zoning.errors import Text

    schools = district.schools
    schools["name"] = schools["name_en"] = list(names)
    place = replace(district.place, name=Text(names[0], names[1]))
    return replace(district, place=place, school_frame=schools)


def _residents(blocks: list[tuple[int, int]]) -> pd.DataFrame:
    rows = [
        (f"b{r:03d}{c:03d}", year, age, 6 + (r * 7 + c * 3 + age) % 9)
        for r, c in blocks
        for year in (2025, 2026)
        for age in range(3, 18)
    ]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents"])


def births_of(year: int) -> int:
    """Return the births of each town in a year: fewer from year to year, by changing steps."""
    return 130 - 3 * (year - 2012) + (year * 7) % 5


def _births(towns: list[str]) -> pd.DataFrame:
    rows = [(name, year, births_of(year)) for name in sorted(set(towns)) for year in range(2012, 2026)]
    return pd.DataFrame(rows, columns=["town", "year", "births"])


def _enrolment() -> pd.DataFrame:
    rows = [
        (school, year, grade, 30 + (grade * 5 + year + int(school[1])) % 11)
        for school, grades in (("s0", range(1, 7)), ("s1", range(1, 10)), ("s2", range(1, 10)),
                               ("s3", range(1, 7)))
        for year in range(2019, 2027)
        for grade in grades
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["school_id", "year", "grade", "pupils"]).assign(classes=np.nan)


def zones(district: District) -> dict[str, Plan]:
    """Return zones of both stages: each column of blocks to a school, one of them shared."""
    ids = district.block_frame.index
    primary = {b: ["s0", "s1", "s3", "s2"][min(int(b[4:]) * 4 // COLUMNS, 3)] for b in ids}
    junior = {b: "s1" if int(b[4:]) < 3 else "s2" for b in ids}
    given: dict[str, object] = dict(primary)
    given[ids[0]] = ["s0", "s1"]
    return {"primary": Plan.of("primary", 2026, given), "junior": Plan.of("junior", 2026, junior)}


def book_of(district: District, *, paths: int = 40, seed: int = 7, with_zones: bool = True) -> ForecastBook:
    """Return the book of a forecast of three years."""
    asked = Asked(YEARS, paths=paths, seed=seed)
    demand = run_forecast(district, asked)
    return forecast_book(
        district, demand, asked=asked, plans=zones(district) if with_zones else {},
        scenarios=run_scenarios(district, asked, demand), past=run_backtest(district),
    )  # fmt: skip
