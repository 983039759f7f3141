"""A small town with two stages, a shared zone, a gap, a river, and one with names that try to break out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.publish.visits import Visit
from tests.towns import METRIC, ORIGIN_M, square_town, straight_times

from zoning.district import District
from zoning.errors import Text
from zoning.evaluate import Measure, Scorecard
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.publish import StageResult, publish_atlas
from zoning.publish.draw_verifier import verifier_page

ROWS, COLUMNS = 5, 8
YEARS = (2026, 2027, 2028)
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">\'',
    "\u202eright to left\u2028and a line",
    "=1+1{{ 7*7 }}/*atlas*/",
)


@dataclass(frozen=True)
class Made:
    """A district with the results of its stages."""

    district: District
    results: list[StageResult]
    demand: Forecast

    @property
    def primary(self) -> StageResult:
        """The first stage."""
        return self.results[0]


def _nearest(district: District, schools: list[int]) -> dict[str, str]:
    times = straight_times(district).seconds[:, schools]
    nearest = np.nanargmin(times, axis=1)
    ids = district.school_frame.index
    return {b: ids[schools[k]] for b, k in zip(district.block_frame.index, nearest, strict=True)}


def _result(district: District, stage: str, schools: list[int]) -> StageResult:
    given: dict[str, object] = dict(_nearest(district, schools))
    before = dict(given)
    for number in range(3):
        before[f"b00{number + 1}000"] = district.school_frame.index[schools[-1]]
    del before["b004007"]
    if len(schools) > 2:
        given["b000003"] = [district.school_frame.index[s] for s in schools[:2]]
    plan = Plan.of(stage, 2027, given)
    measures = (
        Measure(
            "coverage.gaps",
            Text("blocks without a zone", "未划入学区的规划单元"),
            0.0,
            "blocks",
            0,
            "第九条",
            ok=True,
        ),
        Measure("journeys.mean_s", Text("mean journey", "平均上学用时"), 734.0, "s"),
        Measure(
            "capacity.highest",
            Text("highest utilisation", "最高学位使用率"),
            1.27,
            "share",
            1.0,
            "3.0.1",
            ok=False,
        ),
        Measure("shape.none", Text("nothing to measure", "无可量算"), float("nan"), "m2"),
    )
    proposal = Proposal(
        plan, 1.9e6, 1.88e6, 3.2, 400, 7, rules=(Text("whole blocks", "规划单元不拆分"),),
        prices={"s0": 900.0}, notes=(Text("Two seats short.", "缺两个学位。"),),
    )  # fmt: skip
    card = Scorecard(stage, 2027, plan.digest, measures)
    return StageResult(plan, card, proposal, straight_times(district), Plan.of(stage, 2026, before))


def _made(names: tuple[str, ...] = ()) -> Made:
    capacity = {
        "capacity_junior": [900.0, np.nan, np.nan, 800.0],
        "teaching_site": [False, True, False, False],
    }
    x0, y0 = ORIGIN_M
    river = shapely.LineString([(x0 - 100, y0 - 1200), (x0 + 4100, y0 - 1400)])
    barriers = gpd.GeoDataFrame({"kind": ["river"]}, geometry=[river], crs=METRIC)
    towns = ["A镇" if c < 4 else "B镇" for _ in range(ROWS) for c in range(COLUMNS)]
    district = square_town(
        ROWS, COLUMNS, schools=((0, 0), (2, 3), (4, 7), (1, 6)), capacity=(300.0, 60.0, 400.0, 200.0),
        towns=towns, school_columns=capacity, tables={"barriers": barriers},
    )  # fmt: skip
    if names:
        blocks, schools = district.blocks, district.schools
        blocks["name"] = [names[i % len(names)] for i in range(len(blocks))]
        blocks["town"] = names[0]
        schools["name"] = schools["name_en"] = list(names)
        place = replace(district.place, name=Text(names[0], names[1]))
        district = replace(district, place=place, block_frame=blocks, school_frame=schools)
    children = np.linspace(0.2, 9, ROWS * COLUMNS)[:, None, None] * np.ones((1, 9, len(YEARS)))
    children *= np.array([1.0, 1.1, 1.25])
    demand = Forecast(children, tuple(district.block_frame.index), tuple(range(1, 10)), YEARS)
    results = [_result(district, "primary", [0, 1, 2, 3]), _result(district, "junior", [0, 3])]
    return Made(district, results, demand)


@pytest.fixture(scope="session")
def made() -> Made:
    """An ordinary town."""
    return _made()


@pytest.fixture(scope="session")
def hostile() -> Made:
    """A town whose names try to break out of page, table and template."""
    return _made(HOSTILE)


@pytest.fixture(scope="session")
def atlas(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The atlas of the ordinary town."""
    folder = tmp_path_factory.mktemp("atlas")
    return publish_atlas(made.district, made.results, made.demand, folder=folder)


@pytest.fixture
def visit(chromium: Any) -> Iterator[Visit]:  # noqa: ANN401 - playwright is optional
    """A fresh page of 1280 × 900."""
    visit = Visit(chromium.new_page(viewport={"width": 1280, "height": 900}))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on(
        "console", lambda m: visit.complaints.append(m.text) if m.type in {"error", "warning"} else None,
    )  # fmt: skip
    yield visit
    visit.page.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier page of draws, without files inside."""
    path = tmp_path_factory.mktemp("verifier") / "verifier.html"
    path.write_text(verifier_page(), encoding="utf-8")
    return path


@pytest.fixture
def phone(chromium: Any, page_file: Path) -> Iterator[Visit]:  # noqa: ANN401 - playwright is optional
    """The verifier page, open from disk on a telephone."""
    visit = Visit(chromium.new_page(viewport={"width": 360, "height": 740}))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.go(page_file, "lang=en")
    yield visit
    assert visit.requests == [page_file.as_uri()]
    assert visit.complaints == []
    visit.page.close()
