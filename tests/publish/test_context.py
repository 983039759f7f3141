"""Lines behind the zones."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from tests.towns import METRIC, ORIGIN_M, square_town

from zoning.publish.context import context_lines

X0, Y0 = ORIGIN_M


def street_file(path: Path, ways: list[tuple[str, str, float]]) -> Path:
    """Write an .osm file with one straight way for each (key, value, metres south)."""
    to_globe = Transformer.from_crs(METRIC, "EPSG:4326", always_xy=True)
    nodes, lines = [], []
    for number, (key, value, south) in enumerate(ways):
        for end, x in enumerate((X0 + 10, X0 + 1400)):
            lon, lat = to_globe.transform(x, Y0 - south)
            nodes.append(f'<node id="{2 * number + end + 1}" version="1" lat="{lat}" lon="{lon}"/>')
        ends = f'<nd ref="{2 * number + 1}"/><nd ref="{2 * number + 2}"/>'
        tag = f'<tag k="{key}" v="{value}"/>'
        lines.append(f'<way id="{number + 1}" version="1">{ends}{tag}</way>')
    inside = "".join([*nodes, *lines])
    path.write_text(f'<osm version="0.6">{inside}</osm>', encoding="utf-8")
    return path


def test_roads_and_water_come_from_the_street_map(tmp_path: Path) -> None:
    """Main roads, lanes, rivers and railways are told apart; footpaths and far-away roads stay out."""
    ways = [
        ("highway", "primary", 200.0),
        ("highway", "unclassified", 300.0),
        ("highway", "footway", 400.0),
        ("waterway", "river", 500.0),
        ("railway", "rail", 600.0),
        ("highway", "primary", 50_000.0),
    ]
    town = replace(square_town(3, 3), streets=street_file(tmp_path / "streets.osm", ways))
    lines = context_lines(town)
    assert set(lines) == {"main_road", "road", "river", "railway"}
    assert shapely.length(lines["main_road"]).sum() == pytest.approx(1390, rel=1e-3)


def test_the_barriers_table_comes_first(tmp_path: Path) -> None:
    """A river that the planner drew is not drawn a second time from the street map; areas become outlines."""
    pond = shapely.box(X0 + 100, Y0 - 900, X0 + 300, Y0 - 700)
    barriers = gpd.GeoDataFrame({"kind": ["river"]}, geometry=[pond], crs=METRIC)
    streets = street_file(tmp_path / "streets.osm", [("waterway", "river", 500.0)])
    lines = context_lines(replace(square_town(3, 3, tables={"barriers": barriers}), streets=streets))
    assert shapely.length(lines["river"]).sum() == pytest.approx(800)
    assert set(np.unique(shapely.get_dimensions(lines["river"]))) == {1}


@pytest.mark.parametrize("name", ["none.osm", "broken.osm", "streets.graphml"])
def test_no_street_map_is_no_error(tmp_path: Path, name: str) -> None:
    """The map is drawn without context where there is nothing to read."""
    path = tmp_path / name
    if not name.startswith("none"):
        path.write_text("<osm><nod", encoding="utf-8")
    assert context_lines(replace(square_town(2, 2), streets=path)) == {}
