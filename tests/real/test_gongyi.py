"""Gongyi county from an input folder to zones of three stages, judged by a checker of its own."""

from pathlib import Path

import numpy as np
import pytest
from checker import Verdict
from gongyi import write_gongyi
from places import RealPlace, gongyi, mean_minutes

import zoning

pytestmark = pytest.mark.real

STAGES = ("primary", "junior", "senior")


@pytest.fixture(scope="module")
def county(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealPlace:
    """Gongyi, planned stage by stage as tests ask for it."""
    return gongyi(real_data, tmp_path_factory.mktemp("gongyi"))


def test_every_settlement_is_read_where_it_lies(county: RealPlace) -> None:
    """A layer without .prj lands where its declared CRS puts it, in the metric zone of the place."""
    blocks = county.district.blocks
    assert list(blocks.index) == list(county.blocks.index)
    assert county.district.place.crs.to_epsg() == 4547
    assert blocks.geometry.union_all().area == pytest.approx(998.6e6, rel=2e-3)
    here = blocks.geometry.to_crs("EPSG:4490").union_all().centroid
    assert (here.x, here.y) == (pytest.approx(112.98, abs=0.1), pytest.approx(34.73, abs=0.1))
    moved_m = blocks.geometry.centroid.distance(county.blocks.to_crs(blocks.crs).centroid)
    assert moved_m.max() < 1


def test_chinese_text_without_cpg_is_read(county: RealPlace) -> None:
    """Headers and names in GB 18030, with no .cpg beside them, come out as they were written."""
    blocks = county.district.blocks
    assert blocks.loc["G1029", ["name", "town", "place_class"]].tolist() == ["聚落1029", "1029号镇", "city"]
    assert blocks["place_class"].value_counts().to_dict() == {"village": 1235, "city": 22, "town": 19}
    (said,) = [finding for finding in county.district.findings if finding.code == "load_layers.no_cpg"]
    assert "gb18030" in said.what.en


def test_the_flaws_of_the_source_are_listed_and_cured(county: RealPlace) -> None:
    """Polygons that cross themselves are mended and named by row; holes are listed; the reading goes on."""
    assert county.district.blocks.geometry.is_valid.all()
    findings = county.district.findings
    assert {finding.severity for finding in findings} == {"warning"}
    (mended,) = [finding for finding in findings if finding.code == "load_layers.made_valid"]
    crossing = np.flatnonzero(~county.blocks.is_valid.to_numpy()) + 2
    rows = ", ".join(str(row) for row in crossing)
    assert len(crossing) == 4
    assert rows in mended.what.en
    assert [finding.file for finding in findings if finding.code == "load_layers.gaps"] == ["blocks.shp"]


def test_every_missing_table_is_said_to_be_missing(county: RealPlace) -> None:
    """What the folder lacks is listed with what that switches off, so that nobody takes a guess for data."""
    absent = {finding.file for finding in county.district.findings if finding.code.startswith("load.no_")}
    assert absent == {"births", "enrolment", "housing", "zones", "addresses", "barriers", "streets"}


def test_children_are_those_of_the_source(county: RealPlace) -> None:
    """The forecast of next year keeps the cohorts: 40,995 junior pupils and twice as many primary ones."""
    of = {stage: county.demand.of_stage(county.district.stage(stage), county.year).sum() for stage in STAGES}
    assert of["junior"] == pytest.approx(40_995, rel=1e-3)
    assert of["primary"] == pytest.approx(2 * 40_995, rel=1e-3)
    assert of["senior"] == pytest.approx(40_995, rel=1e-3)


@pytest.mark.parametrize("stage", STAGES)
def test_zones_hold_against_an_independent_check(county: RealPlace, stage: str) -> None:
    """Each settlement in one zone, no new gap, zones whole, within capacity, by policy, near the bound."""
    outcome = county.plan(stage)
    assert outcome.verdict == Verdict(
        not_covered_m2=pytest.approx(0, abs=1),
        overlap_m2=pytest.approx(0, abs=1),
    )
    _keeps_policy(county, stage)
    assert 0 < outcome.proposal.bound <= outcome.proposal.cost
    assert outcome.proposal.gap < 0.05
    assert outcome.proposal.within_seats
    assert outcome.card["journeys.mean_s"].value / 60 == pytest.approx(mean_minutes(outcome), rel=1e-4)


def _keeps_policy(county: RealPlace, stage: str) -> None:
    """Assert that primary stays in its town, and that every school stands where its stage may."""
    plan = county.plan(stage).proposal.plan
    schools = county.district.schools
    town = county.district.blocks["town"]
    if stage == "primary":
        assert all(town[block] == schools["town"][ids[0]] for block, ids in plan.rows)
    allowed = {"primary": {"city", "town", "village"}, "junior": {"city", "town"}, "senior": {"city"}}
    assert set(schools["place_class"][list(plan.school_ids)]) <= allowed[stage]
    assert len(plan.school_ids) == {"primary": 108, "junior": 22, "senior": 6}[stage]


def _worst(over: dict[str, float]) -> str:
    return max(over, key=over.__getitem__, default="")


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_junior_fits_from_any_seed(county: RealPlace, seed: int) -> None:
    """With 2.2 % of seats to spare and settlements as big as a school, nobody is over, whatever the seed."""
    proposal = zoning.propose_plan(
        county.district,
        county.demand,
        zoning.measure_travel(county.district, stage="junior", cache=False),
        stage="junior",
        year=county.year,
        seed=seed,
    )
    verdict = county.check("junior", proposal.plan)
    assert verdict.over == {}
    assert verdict.detached == {}
    assert verdict.unassigned == []
    assert 0 < proposal.gap < 0.05


def test_a_hasty_search_says_who_is_over_capacity(county: RealPlace) -> None:
    """With 2.2 % of seats to spare a short search may not fit; then the schools and pupils over are told."""
    proposal = zoning.propose_plan(
        county.district,
        county.demand,
        zoning.measure_travel(county.district, stage="junior", cache=False),
        stage="junior",
        year=county.year,
        seed=1,
        iterations=5,
    )
    verdict = county.check("junior", proposal.plan)
    assert verdict.unassigned == []
    assert verdict.detached == {}
    figures = (str(len(verdict.over)), f"{sum(verdict.over.values()):.1f}", _worst(verdict.over))
    sentences = [text for note in proposal.notes for text in (note.en, note.zh)]
    told = [all(figure in text for figure in figures) for text in sentences]
    assert sum(told) == 2 or not verdict.over
    assert proposal.excess == pytest.approx(sum(verdict.over.values()))
    assert np.isnan(proposal.gap) == bool(verdict.over)


def test_without_a_street_map_journeys_are_straight_lines_and_say_so(county: RealPlace) -> None:
    """No map: metres are the straight line times the detour, and a note in both languages says it."""
    times = zoning.measure_travel(county.district, stage="junior", cache=False)
    ratio = times.metres / _straight_metres(county)
    assert np.nanmedian(ratio) == pytest.approx(1.3, abs=0.01)
    assert any("1.3" in note.en and "1.3" in note.zh for note in times.notes)


def _straight_metres(county: RealPlace) -> np.ndarray:
    points = county.district.blocks.geometry.representative_point()
    schools = county.district.schools.geometry
    return np.hypot(
        points.x.to_numpy()[:, None] - schools.x.to_numpy(),
        points.y.to_numpy()[:, None] - schools.y.to_numpy(),
    )


def test_junior_within_every_town_is_refused_with_the_towns_that_lack_seats(
    real_data: Path,
    tmp_path: Path,
) -> None:
    """Under the default rule no plan exists; the answer names the towns and the seats that they lack."""
    write_gongyi(real_data, tmp_path, junior_within_town=True)
    district = zoning.read_district(tmp_path)
    year = district.place.year + 1
    demand = zoning.forecast_residents(district, years=range(year, year + 1))
    times = zoning.measure_travel(district, stage="junior", cache=False)
    with pytest.raises(zoning.InfeasibleError, match="号镇") as refused:
        zoning.propose_plan(district, demand, times, stage="junior", year=year)
    pupils = demand.of_stage(district.stage("junior"), year)
    by_town = district.blocks.assign(pupils=pupils).groupby("town")["pupils"].sum()
    seats = district.schools_of("junior", year).groupby("town")["capacity"].sum()
    seats = seats.reindex(by_town.index)
    lacking = {town: (by_town[town], seats[town]) for town in by_town.index if by_town[town] > seats[town]}
    told = {shortage.place: (shortage.pupils, shortage.seats) for shortage in refused.value.shortages}
    assert len(lacking) == 12
    assert told == {(town,): pytest.approx(figures) for town, figures in lacking.items()}
    assert {shortage.rule for shortage in refused.value.shortages} == {"within_town"}
