"""A small publication for the print pack: two stages, a shared zone, an exception, a change, two towns."""

from dataclasses import replace

import numpy as np
import pandas as pd
from tests.towns import square_town, straight_times

from zoning.district import PublicNotice
from zoning.errors import Text
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.public import Publication, assemble

HOSTILE = (
    "</text></svg><script>alert(1)</script>",
    '#import "x.typ" ]*_$ "quotes" \\',
    "\u202eright to left\u2028and a line\x07",
    "=1+1{{ 7*7 }}<b>&amp;",
)
NOTICE = PublicNotice(
    office=Text("Education Office", "方镇教育局"),
    phone="000-5550100",
    url="https://example.org/finder.html",
    rule=Text("Admission rules 2027, article 8", "《2027 年招生办法》第八条"),
    transition=Text("Pupils stay until they leave.", "在校学生就读至毕业。"),
    siblings_stay=True,
    comments_to=Text("room 305", "305 室"),
    comments_until="2027-05-31",
    no_map_number=Text("sketch without boundaries", "示意图，未绘制行政区域界线"),
)
YEARS = (2026, 2027, 2028)


def addresses() -> pd.DataFrame:
    """Return streets with odd and even sides, an estate, a village and an exception."""
    rows = [
        ("b000000", "street", "建设路", "Jianshe Road", 1, 33, "odd", "", ""),
        ("b000001", "street", "建设路", "Jianshe Road", 35, 61, "odd", "", ""),
        ("b000002", "street", "建设路", "Jianshe Road", 2, 60, "even", "", ""),
        ("b000001", "street", "建设路", "Jianshe Road", 41, 45, "odd", "primary", "s1"),
        ("b000003", "estate", "锦绣家园", "Jinxiu Homes", np.nan, np.nan, "all", "", ""),
        ("b001000", "village", "白亭村", "Baiting Village", np.nan, np.nan, "all", "", ""),
        ("b001003", "estate", "香樟里", "", 1, 8, "all", "", ""),
    ]
    columns = ["block_id", "kind", "name", "name_en", "from", "to", "parity"]
    return pd.DataFrame(rows, columns=[*columns, "exception_stage", "exception_school"])


def town_publication(names: tuple[str, ...] = (), *, notice: PublicNotice = NOTICE) -> Publication:
    """Return the publication for 2027, with 2026 beside it; schools and blocks named as told."""
    table = addresses()
    seats = {"capacity_junior": [900.0, np.nan], "phone": ["000-5550001", "000-5550002"]}
    town = square_town(
        2, 4, schools=((0, 0), (1, 3)), capacity=(60.0, 300.0), towns=["甲镇"] * 4 + ["乙镇"] * 4,
        school_columns=seats, tables={"addresses": table},
    )  # fmt: skip
    if names:
        blocks, schools = town.blocks, town.schools
        blocks["name"] = [names[i % len(names)] for i in range(len(blocks))]
        schools["name"] = schools["name_en"] = list(names[:2])
        table.loc[table["kind"] != "street", "name"] = list(names[1:4])
        town = replace(town, block_frame=blocks, school_frame=schools, tables={"addresses": table})
    town = replace(town, notice=notice)
    ids = list(town.block_frame.index)
    given: dict[str, object] = {block: "s0" if block < "b000003" else "s1" for block in ids}
    before = Plan.of("primary", 2026, {**given, "b000002": "s1"})
    given["b000003"] = ["s0", "s1"]
    plans = [Plan.of("primary", 2027, given), Plan.of("junior", 2027, dict.fromkeys(ids, "s0"))]
    children = np.linspace(0.2, 6, len(ids))[:, None, None] * np.ones((1, 9, len(YEARS)))
    demand = Forecast(children, tuple(ids), tuple(range(1, 10)), YEARS)
    times = {stage: straight_times(town) for stage in ("primary", "junior")}
    return assemble(town, plans, before=[before], times=times, demand=demand)
