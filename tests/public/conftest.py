"""The sample county as it is published, with its page open in a browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.publish.visits import Visit
from tests.towns import straight_times

import zoning
from zoning.district import District, PublicNotice
from zoning.errors import Text
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.public import Publication, assemble, finder_page

NOTICE = PublicNotice(
    office=Text("Tingyuan Education Bureau", "汀源县教育局"),
    phone="000-5550100",
    url="https://example.org/finder-2027.html",
    rule=Text("Enrolment rules 2027, clause 6", "《2027年招生办法》第六条"),
    transition=Text("Enrolled children stay.", "已入学的学生可读至毕业。"),
    siblings_stay=True,
    no_map_number=Text("No boundary is shown.", "本图不表示行政区域界线。"),
)


def county() -> District:
    """Return the sample county with the words of an office."""
    found = zoning.sample_district()
    return replace(found, notice=NOTICE, place=replace(found.place, data_date="2026-09-01"))


def later(district: District, plan: Plan) -> Plan:
    """Return the plan of the year after, a few blocks beside another zone moved into it."""
    ids, adjacent = district.block_frame.index, district.adjacency
    moves = {}
    pairs = list(zip(adjacent.first.tolist(), adjacent.second.tolist(), strict=True))
    rows = dict(plan.rows)
    for i, j in pairs[::97]:
        own, other = rows.get(ids[i], ()), rows.get(ids[j], ())
        if own != other and len(own) == 1 and other:
            moves[ids[i]] = other
    return plan.for_year(plan.year + 1).moved(moves)


@pytest.fixture(scope="session")
def publication() -> Publication:
    """The sample county in two years, with times along straight lines and made-up reasons."""
    district = county()
    before = [Plan.current(district, stage=stage.name) for stage in district.stages]
    after = [later(district, plan) for plan in before]
    times = straight_times(district)
    made = assemble(district, after, before=before, times={stage.name: times for stage in district.stages})
    primary = after[1]
    names = district.school_frame
    reasons = {
        block: Reason("capacity", "P001", 60.0, Text(
            f"{names.at['P001', 'name_en']} is nearer, but its seats do not suffice: with this block 3 pupils"
            " would be over them in 2027.",
            f"{names.at['P001', 'name']}更近，但其学位不足：再划入本单元，2027 年将超出 3 人。",
        ))
        if "P001" not in schools
        else Reason("nearest", "P001", 0.0, Text("P001 is the nearest school.", "P001 是最近的学校。"))
        for block, schools in primary.rows
    }  # fmt: skip
    return replace(made, main=replace(made.main, reasons={"primary": reasons}))


@pytest.fixture(scope="session")
def page_file(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on disk."""
    path = tmp_path_factory.mktemp("finder") / "finder-2027.html"
    path.write_bytes(finder_page(publication).encode())
    return path


def _open(chromium: Any, width: int, height: int, **more: object) -> Visit:  # noqa: ANN401 - playwright is optional
    given = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce", **more}
    context = chromium.new_context(**given)
    visit = Visit(context.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on(
        "console", lambda m: visit.complaints.append(m.text) if m.type in {"error", "warning"} else None
    )
    return visit


@pytest.fixture
def desk(chromium: Any, page_file: Path) -> Iterator[Visit]:  # noqa: ANN401 - as above
    """A fresh page of 1280 × 800 that must ask for nothing and complain of nothing."""
    visit = _open(chromium, 1280, 800)
    yield visit
    visit.page.context.close()
    assert not visit.complaints
    assert {url.split("#")[0] for url in visit.requests} <= {page_file.as_uri(), "about:blank"}


@pytest.fixture
def phone(chromium: Any) -> Iterator[Visit]:  # noqa: ANN401 - as above
    """A fresh page of 360 × 740."""
    visit = _open(chromium, 360, 740)
    yield visit
    visit.page.context.close()
    assert not visit.complaints


@pytest.fixture
def fingers(chromium: Any, page_file: Path) -> Iterator[Visit]:  # noqa: ANN401 - as above
    """A phone of 360 × 740 with two pixels a point that is touched."""
    visit = _open(chromium, 360, 740, has_touch=True, is_mobile=True, device_scale_factor=2)
    yield visit
    visit.page.context.close()
    assert not visit.complaints
    assert {url.split("#")[0] for url in visit.requests} <= {page_file.as_uri(), "about:blank"}


@pytest.fixture
def lively(chromium: Any) -> Iterator[Visit]:  # noqa: ANN401 - as above
    """A touched screen of 1280 × 800 of somebody who has nothing against motion."""
    visit = _open(chromium, 1280, 800, has_touch=True, reduced_motion="no-preference")
    yield visit
    visit.page.context.close()
    assert not visit.complaints


def zones_near(publication: Publication, plan: Plan) -> dict[str, set[tuple[str, ...]]]:
    """Return by block the schools of the other zones that it is near."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for block, zone in publication.near[plan.stage, plan.year]:
        found.setdefault(block, set()).add(zone)
    return found
