"""The gate on the real files of the sample county: none is refused, and what is planted is found."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import zoning
from zoning.evaluate import score_plan
from zoning.forecast import forecast_residents
from zoning.plan import Plan
from zoning.public import Publication, assemble
from zoning.public.coverage.certificate import certify
from zoning.public.gate.checks import check_publication
from zoning.publish import StageResult, publish_atlas, publish_plan

SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample"
TODAY = date(2027, 3, 1)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Publication, Mapping[str, bytes]]:
    """The primary zones of the sample county with atlas, workbook, layers and tables."""
    county = zoning.read_district(SAMPLE)
    now = Plan.current(county, stage="primary")
    filled = dict.fromkeys(county.block_frame.index, "P001") | dict(now.rows)
    plan = Plan.of("primary", 2027, filled)
    demand = forecast_residents(county, years=(2027,))
    times = zoning.measure_travel(county, stage="primary")
    card = score_plan(county, plan, demand, times, against=now)
    folder = tmp_path_factory.mktemp("published")
    publish_plan(county, plan, card, folder=folder, demand=demand, times=times, against=now, atlas=False)
    publish_atlas(county, [StageResult(plan, card, None, times, now)], demand, folder=folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return assemble(county, [plan], before=[now]), files


def test_files_of_the_sample_county_are_not_refused(
    published: tuple[Publication, Mapping[str, bytes]],
) -> None:
    """Maps, workbooks, layers and pages with 600 children on the roster beside them raise no false alarm."""
    publication, files = published
    assert {"atlas.html", "plan.xlsx", "zones.geojson", "plan.gpkg", "plan.csv"} <= set(files)
    certificate = certify(publication)
    files = {**files, "certificate.json": certificate.as_json().encode()}
    files |= {"certificate.txt": certificate.text().encode()}
    report = check_publication(publication, files, inputs=SAMPLE, today=TODAY)
    assert [(one.code, one.problem.file) for one in report.findings if one.code != "other_year"] == []


@pytest.mark.parametrize("name", ["atlas.html", "zones.geojson", "plan.csv", "plan.json"])
def test_one_child_in_a_real_file_is_found(
    published: tuple[Publication, Mapping[str, bytes]], name: str
) -> None:
    """One name of the roster in place of one school's name is found among a hundred thousand values."""
    publication, files = published
    child = (SAMPLE / "roster.csv").read_text(encoding="utf-8-sig").splitlines()[7].split(",")[0]
    text = files[name].decode("utf-8-sig")
    school = next(word for word in ("汀阳镇第一小学", "primary", '"place"') if word in text)
    spoilt = text.replace(school, child if school != '"place"' else f'"note": "{child}", "place"', 1)
    report = check_publication(publication, {name: spoilt.encode()}, inputs=SAMPLE, today=TODAY)
    assert "child_name" in [one.code for one in report.refusals]
    assert child not in report.as_json() + report.text()
