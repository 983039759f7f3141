import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
from pyproj import CRS, Transformer

from zoning.district import District, Place
from zoning.errors import Text
from zoning.policy import Mode
from zoning.travel import measure_travel, nearest_schools, reach, read_streets
from zoning.travel.matrix import matrix_of
from zoning.travel.search import graph_of

METRIC = CRS.from_epsg(32632)
VADUZ, SCHAAN, BALZERS = (9.5209, 47.1393), (9.5093, 47.1652), (9.5028, 47.0670)

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def extract() -> Path:
    """The street map of a whole small country."""
    folder = os.environ.get("ZONING_REAL_DATA")
    if not folder:
        pytest.skip("ZONING_REAL_DATA does not name the folder of real data")
    return Path(folder) / "osm" / "liechtenstein-2013-08-03.osm.pbf"


def villages(extract: Path) -> District:
    """Return a district of three villages, each a block of 200 m with a school in its middle."""
    x, y = Transformer.from_crs(4326, METRIC, always_xy=True).transform(
        *np.array([VADUZ, SCHAAN, BALZERS]).T,
    )
    points = shapely.points(x, y)
    names = ["vaduz", "schaan", "balzers"]
    blocks = gpd.GeoDataFrame(
        {"name": names}, index=names, geometry=shapely.buffer(points, 100, cap_style="square"), crs=METRIC
    )
    schools = gpd.GeoDataFrame({"name": names}, index=names, geometry=points, crs=METRIC)
    return District(
        Place(Text("Liechtenstein", "列支敦士登"), 2013, METRIC), blocks, schools, streets=extract
    )


def test_a_whole_country_is_walked(extract: Path) -> None:
    """The streets are as long as osmium says its ways are on the globe, and nearly all in one piece."""
    ways = osmium.FileProcessor(str(extract)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    globe_m = sum(osmium.geom.haversine_distance(way.nodes) for way in ways if way.is_way())
    streets = read_streets(extract, mode="walk")
    assert streets.crs.to_epsg() == 32632
    assert 0.95 * globe_m < streets.metres.sum() < 1.0 * globe_m
    assert 24_000 < streets.nodes < 31_000
    assert (streets.parts() == 0).mean() > 0.95


def test_a_whole_country_is_driven(extract: Path) -> None:
    """A country of 160 square kilometres has some 400 km of roads, the extract a little beyond them."""
    streets = read_streets(extract, mode="drive")
    assert 330_000 < streets.metres.sum() < 470_000
    assert (streets.parts() == 0).mean() > 0.95
    assert np.isinf(streets.backward_s).any()


def test_walks_between_villages_are_plausible(extract: Path) -> None:
    """Vaduz to Schaan is 3 km and to Balzers 8 km in a line; streets add 2 to 40 per cent."""
    times = measure_travel(villages(extract), mode="walk", cache=False)
    detour = times.metres[0, 1:] / np.array([3_010, 8_150])
    assert ((detour > 1.02) & (detour < 1.4)).all()
    np.testing.assert_allclose(times.seconds, times.seconds.T, rtol=1e-5)
    assert not np.isnan(times.seconds).any()


def test_drives_between_villages_are_plausible(extract: Path) -> None:
    """A car is 4 to 15 times as fast as a walker, and the way there is not quite the way back."""
    walk = measure_travel(villages(extract), mode="walk", cache=False)
    drive = measure_travel(villages(extract), mode="drive", cache=False)
    ratio = (walk.seconds / drive.seconds)[~np.eye(3, dtype=bool)]
    assert ((ratio > 4) & (ratio < 15)).all()
    assert not np.allclose(drive.seconds, drive.seconds.T, rtol=1e-6)


def test_reach_of_a_real_school_is_a_sensible_area(extract: Path) -> None:
    """Fifteen minutes on foot reach less than the circle of that radius and more than a fifth of it."""
    area = reach(villages(extract), "vaduz", minutes=15)
    circle = np.pi * (15 * 60 * 1.2) ** 2
    assert 0.2 * circle < area.area < circle


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_both_searches_agree_on_a_whole_country(extract: Path, mode: Mode) -> None:
    """Real one-ways, private drives and islands give the same seconds and metres by either search."""
    streets = read_streets(extract, mode=mode)
    graph = graph_of(streets)
    rng = np.random.default_rng(11)
    schools, blocks = rng.integers(0, streets.nodes, 40), rng.integers(0, streets.nodes, 2_000)
    seconds, metres = matrix_of(graph, schools, blocks, with_metres=True, method="search")
    swept_s, swept_m = matrix_of(graph, schools, blocks, with_metres=True, method="hierarchy")
    np.testing.assert_allclose(swept_s, seconds, rtol=2.0**-23, atol=1e-6)
    assert metres is not None
    assert swept_m is not None
    assert np.nanmax(np.abs(swept_m - metres)) < 1.0
    found = nearest_schools(graph, schools, blocks, count=5)
    np.testing.assert_array_equal(found.seconds, np.sort(seconds, axis=1)[:, :5])
