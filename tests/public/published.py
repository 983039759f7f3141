"""Small publications of two years, built in memory: four schools on a grid, some blocks moved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from tests.towns import demand_of, square_town, straight_times

from zoning.district import District, PublicNotice
from zoning.errors import Text
from zoning.plan import Plan
from zoning.public import Publication, PublishedYear

SCHOOLS = ("s0", "s1", "s2", "s3")
NOTICE = PublicNotice(
    office=Text("Square Education Office", "方镇教育办"),
    phone="000-5550100",
    url="https://example.org/find",
    rule=Text("Entry rules, clause 5", "招生办法第五条"),
    transition=Text("Whoever is enrolled stays.", "在校生留原校。"),
    siblings_stay=True,
    comments_to=Text("post box at the office", "教育办意见箱"),
    comments_until="2027-04-30",
)


def grid(
    rows: int = 4, columns: int = 4, *, hide_below: int = 5, tables: Mapping[str, pd.DataFrame] | None = None
) -> District:
    """Return a town of square blocks with a school in each corner and two towns side by side."""
    towns = ["甲镇" if column < columns // 2 else "乙镇" for _ in range(rows) for column in range(columns)]
    corners = ((0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1))
    district = square_town(
        rows, columns, schools=corners, capacity=(300.0, 500.0, 200.0, 400.0), towns=towns, tables=tables
    )
    return replace(district, policy=replace(district.policy, hide_below=hide_below), notice=NOTICE)


def plan_of(district: District, schools: Sequence[object], year: int) -> Plan:
    """Return the plan that gives each block its school, by number, or schools; None leaves a block out."""
    rows = {}
    for block, given in zip(district.block_frame.index, schools, strict=True):
        if given is not None:
            numbers = given if isinstance(given, tuple) else (given,)
            rows[block] = [SCHOOLS[number] for number in numbers]
    return Plan.of("primary", year, rows)


def publication_of(
    district: District,
    before: Sequence[object],
    after: Sequence[object],
    pupils: Sequence[float] | None = None,
    *,
    timed: bool = True,
) -> Publication:
    """Return a publication of 2027 beside 2026 without scores and reasons."""
    return Publication(
        district,
        PublishedYear(2027, {"primary": plan_of(district, after, 2027)}),
        PublishedYear(2026, {"primary": plan_of(district, before, 2026)}),
        {"primary": straight_times(district)} if timed else {},
        None if pupils is None else demand_of(district, pupils, years=(2026, 2027)),
    )


def addresses_of(names: Sequence[tuple[str, str, str, float, float, str]]) -> pd.DataFrame:
    """Return an addresses table of block, kind, name, first and last number, and parity."""
    frame = pd.DataFrame(names, columns=["block_id", "kind", "name", "from", "to", "parity"])
    return frame.assign(
        name_en=[f"EN {name}" for name in frame["name"]], exception_stage="", exception_school=""
    )


QUARTERS = [2 * (row // 2) + column // 2 for row in range(4) for column in range(4)]
"""Every block of a 4 by 4 grid at the school of its corner."""
SOME_MOVED = [*QUARTERS[:1], 1, (0, 1), *QUARTERS[3:5], 2, *QUARTERS[6:]]
"""One block of the first corner goes to the second school, one to the third; one comes to be shared."""
PUPILS = np.arange(10.0, 26.0).tolist()
