"""Liechtenstein from its OpenStreetMap extract to primary zones and an atlas that opens."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from checker import Verdict
from places import RealPlace, liechtenstein, mean_minutes
from playwright.sync_api import Browser

import zoning
from zoning.publish import StageResult, publish_atlas

pytestmark = pytest.mark.real

STAGES = ("kindergarten", "primary")


@pytest.fixture(scope="module")
def country(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RealPlace:
    """Liechtenstein, planned stage by stage as tests ask for it."""
    return liechtenstein(real_data, tmp_path_factory.mktemp("liechtenstein"))


@pytest.fixture(scope="module")
def on_foot(country: RealPlace) -> zoning.TravelTimes:
    """Walking times, railways no obstacle."""
    return zoning.measure_travel(country.district, mode="walk", respects_barriers=False, cache=False)


@pytest.fixture(scope="module")
def by_car(country: RealPlace) -> zoning.TravelTimes:
    """Driving times."""
    return zoning.measure_travel(country.district, mode="drive", cache=False)


def test_streets_schools_and_blocks_are_read(country: RealPlace) -> None:
    """The folder is read without an error: 18 schools of four stages, the streets, 160 km2 of blocks."""
    district = country.district
    assert district.place.crs.to_epsg() == 32632
    assert len(district.schools) == 18
    assert district.streets is not None
    assert district.streets.name == "streets.osm.pbf"
    assert district.blocks.union_all().area == pytest.approx(160.4e6, rel=1e-3)
    assert all(finding.severity == "warning" for finding in district.findings)
    names = set(district.schools["name"])
    assert {"Mühleholz I", "Schule Nendeln", 'Kindergaten "Schule"'} <= names


def test_every_home_reaches_every_school_on_foot(country: RealPlace, on_foot: zoning.TravelTimes) -> None:
    """Clipping the streets at the boundary cuts no block with children off from any school."""
    lived = _lived(country)
    assert np.isfinite(on_foot.seconds[lived]).all()
    assert on_foot.block_snap_m[lived].max() < 300


def test_a_block_without_a_way_by_car_is_named(by_car: zoning.TravelTimes) -> None:
    """Streets behind a road closed to motors leave few blocks without a way, and a note names each."""
    cut_off = np.flatnonzero(np.isnan(by_car.seconds).any(axis=1))
    names = [by_car.block_ids[row] for row in cut_off]
    assert 1 <= len(names) <= 3
    assert all(any(name in note.en and name in note.zh for note in by_car.notes) for name in names)


def test_junior_by_car_is_refused_with_the_block_that_no_car_leaves(
    country: RealPlace,
    by_car: zoning.TravelTimes,
) -> None:
    """A block with children and no way to any school has no plan; the refusal names it and its children."""
    lived = _lived(country)
    cut_off = [by_car.block_ids[row] for row in lived if np.isnan(by_car.seconds[row]).all()]
    assert len(cut_off) == 1
    with pytest.raises(zoning.InfeasibleError, match=cut_off[0]) as refused:
        zoning.propose_plan(country.district, country.demand, by_car, stage="junior", year=country.year)
    assert cut_off[0] in refused.value.text.zh
    assert refused.value.shortages[0].place == (cut_off[0],)


def test_vaduz_to_schaan_takes_what_it_takes(
    country: RealPlace,
    on_foot: zoning.TravelTimes,
    by_car: zoning.TravelTimes,
) -> None:
    """From the middle of Vaduz to the Resch school in Schaan: 3 km, under an hour on foot, minutes by car."""
    schools = country.district.schools
    resch = list(schools.index).index(schools.index[schools["name"] == "Resch"][0])
    centre = gpd.GeoSeries.from_xy([9.5209], [47.1410], crs="EPSG:4326").to_crs(schools.crs).iloc[0]
    lived = _lived(country)
    middle = lived[country.district.blocks.geometry.iloc[lived].distance(centre).to_numpy().argmin()]
    assert 2500 < on_foot.metres[middle, resch] < 4500
    assert 35 < on_foot.seconds[middle, resch] / 60 < 60
    assert 2500 < by_car.metres[middle, resch] < 5000
    assert 3 < by_car.seconds[middle, resch] / 60 < 8


def test_ways_are_longer_than_the_straight_line_and_cars_faster_than_feet(
    country: RealPlace,
    on_foot: zoning.TravelTimes,
    by_car: zoning.TravelTimes,
) -> None:
    """No journey is shorter than the line between its ends; beyond 3 km the car is faster."""
    lived = _lived(country)
    points = country.district.blocks.geometry.representative_point().iloc[lived]
    schools = country.district.schools.geometry
    straight = np.hypot(
        points.x.to_numpy()[:, None] - schools.x.to_numpy(),
        points.y.to_numpy()[:, None] - schools.y.to_numpy(),
    )
    for times in (on_foot, by_car):
        metres = times.metres[lived]
        assert ((metres >= 0.995 * straight - 1) | np.isnan(metres)).all()
    far = (straight > 3000) & np.isfinite(by_car.seconds[lived])
    assert (by_car.seconds[lived][far] < on_foot.seconds[lived][far]).all()
    detour = np.median(on_foot.metres[lived][far] / straight[far])
    assert 1.1 < detour < 1.8


def _lived(country: RealPlace) -> np.ndarray:
    """Return the positions of the blocks with children."""
    return np.flatnonzero(~country.district.blocks["name"].str.contains("Umland").to_numpy())


@pytest.mark.parametrize("stage", STAGES)
def test_zones_hold_against_an_independent_check(country: RealPlace, stage: str) -> None:
    """Every block is in one zone, the zones fill the country, each in one piece, none over capacity."""
    outcome = country.plan(stage)
    assert outcome.verdict == Verdict(
        not_covered_m2=pytest.approx(0, abs=1),
        overlap_m2=pytest.approx(0, abs=1),
    )
    assert 0 < outcome.proposal.bound <= outcome.proposal.cost
    assert outcome.card["journeys.mean_s"].value / 60 == pytest.approx(mean_minutes(outcome), rel=1e-4)


def test_the_same_seed_gives_the_same_plan(country: RealPlace) -> None:
    """Streets, journeys and search repeated from the folder end in the same plan, block for block."""
    again = RealPlace(country.name, country.folder, country.blocks)
    assert again.plan("kindergarten").proposal == country.plan("kindergarten").proposal


def test_primary_zones_keep_to_the_municipality_that_has_a_school(country: RealPlace) -> None:
    """Children of a municipality with a primary school stay there; the private school has no zone."""
    district = country.district
    schools = district.schools
    plan = country.plan("primary").proposal.plan
    assert "private" not in set(schools["ownership"][list(plan.school_ids)])
    towns = set(schools["town"][list(plan.school_ids)])
    home = district.blocks["town"]
    lived = set(district.blocks.index[_lived(country)])
    bound = [(block, ids[0]) for block, ids in plan.rows if block in lived and home[block] in towns]
    strayed = [block for block, school in bound if schools["town"][school] != home[block]]
    assert strayed == []


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_the_atlas_opens_offline_without_an_error(
    country: RealPlace,
    chromium: Browser,
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    """The page asks for nothing beyond itself, logs no error, fits the screen and names place and schools."""
    outcomes = [country.plan(stage) for stage in STAGES]
    results = [StageResult(o.proposal.plan, o.card, o.proposal, o.times) for o in outcomes]
    page_file = publish_atlas(country.district, results, country.demand, folder=tmp_path)
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(page_file.as_uri())
    page.wait_for_selector(".leaflet-container", timeout=10_000)
    text = page.inner_text("body")
    wider_px = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.close()
    assert errors == []
    assert {url for url in asked if not url.startswith(("data:", "blob:"))} == {page_file.as_uri()}
    assert wider_px <= 0
    assert "Liechtenstein" in text
    assert "Kindergarten Balzers" in text
