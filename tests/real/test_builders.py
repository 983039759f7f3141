"""The two input folders themselves: the rules that they state hold, whatever the package makes of them."""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from checker import border_graph
from extract import METRIC, read_extract
from gongyi import HEADERS, write_gongyi
from liechtenstein import write_liechtenstein

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def gongyi(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of Gongyi."""
    folder = tmp_path_factory.mktemp("gongyi")
    write_gongyi(real_data, folder)
    return folder


@pytest.fixture(scope="module")
def liechtenstein(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of Liechtenstein."""
    folder = tmp_path_factory.mktemp("liechtenstein")
    write_liechtenstein(real_data / "osm" / "liechtenstein-2013-08-03.osm.pbf", folder)
    return folder


def _blocks(folder: Path) -> gpd.GeoDataFrame:
    """Return the blocks of Gongyi as written, with the columns' English names."""
    blocks = gpd.read_file(folder / "blocks.shp", encoding="gb18030")
    return blocks.rename(columns={chinese: name for name, chinese in HEADERS.items()}).set_index("block_id")


def test_gongyi_keeps_the_figures_of_its_source(gongyi: Path) -> None:
    """Settlements, junior pupils (any three ages in a row) and junior seats are those of the source."""
    blocks = _blocks(gongyi)
    assert len(blocks) == 1276
    assert blocks.crs is None
    assert (~blocks.is_valid).sum() == 4
    by_age = pd.read_csv(gongyi / "residents.csv").groupby("age")["residents"].sum()
    assert [by_age[age : age + 3].sum() for age in range(16)] == [40_995] * 16
    schools = pd.read_csv(gongyi / "schools.csv")
    assert schools["capacity_junior"].sum() == 41_900
    assert (schools["capacity_junior"] > 0).sum() == 22


def test_gongyi_towns_are_in_one_piece_and_can_hold_their_primary_pupils(gongyi: Path) -> None:
    """No town is split, and the primary seats of each exceed its pupils: a plan within towns can exist."""
    blocks = _blocks(gongyi)
    graph = border_graph(gpd.GeoSeries(shapely.make_valid(blocks.geometry.to_numpy()), index=blocks.index))
    towns = blocks.groupby("town").groups
    assert len(towns) == 22
    assert all(nx.is_connected(graph.subgraph(members)) for members in towns.values())
    residents = pd.read_csv(gongyi / "residents.csv").query("6 <= age <= 11")
    pupils = residents.groupby(blocks["town"].reindex(residents["block_id"]).to_numpy())["residents"].sum()
    seats = pd.read_csv(gongyi / "schools.csv").groupby("town")["capacity_primary"].sum()
    assert (seats >= 1.05 * pupils).all()


def test_gongyi_city_is_one_built_up_area(gongyi: Path) -> None:
    """The city holds the most populous settlement and hangs together; senior schools stand only there."""
    blocks = _blocks(gongyi)
    city = blocks[blocks["place_class"] == "city"]
    shapes = gpd.GeoSeries(shapely.make_valid(city.geometry.to_numpy()), index=city.index)
    assert "G1029" in city.index
    assert nx.is_connected(border_graph(shapes))
    senior = pd.read_csv(gongyi / "schools.csv").query("stages == 'senior'")
    assert set(senior["place_class"]) == {"city"}


def test_liechtenstein_blocks_fill_the_nation_and_nothing_else(liechtenstein: Path, real_data: Path) -> None:
    """Blocks cover the country without gap or overlap, and each holds together with its municipality."""
    blocks = gpd.read_file(liechtenstein / "blocks.gpkg").to_crs(METRIC).set_index("block_id")
    nation = read_extract(real_data / "osm" / "liechtenstein-2013-08-03.osm.pbf").nation
    assert blocks.union_all().symmetric_difference(nation).area < 1
    assert blocks.area.sum() == pytest.approx(nation.area, abs=1)
    graph = border_graph(blocks.geometry)
    towns = blocks.groupby("town").groups
    assert len(towns) == 11
    assert all(nx.is_connected(graph.subgraph(members)) for members in towns.values())


def test_liechtenstein_streets_end_at_the_boundary(liechtenstein: Path, real_data: Path) -> None:
    """Every node of the clipped streets lies inside, every way has its nodes, and most ways are kept."""
    pbf = real_data / "osm" / "liechtenstein-2013-08-03.osm.pbf"
    border = gpd.GeoSeries([read_extract(pbf).nation], crs=METRIC).to_crs("EPSG:4326").iloc[0]
    nodes = {n.id: (n.location.lon, n.location.lat) for n in _items(liechtenstein, osmium.osm.NODE)}
    ways = [(way.id, [node.ref for node in way.nodes]) for way in _items(liechtenstein, osmium.osm.WAY)]
    assert shapely.contains_xy(border, np.array(list(nodes.values()))).all()
    assert all(node in nodes for _, refs in ways for node in refs)
    assert len({number for number, _ in ways}) == len(ways)
    assert 2400 < len(ways) < 2800


def _items(folder: Path, kind: osmium.osm.osm_entity_bits) -> osmium.FileProcessor:
    return osmium.FileProcessor(folder / "streets.osm.pbf", kind)


def test_liechtenstein_leaves_the_university_out(liechtenstein: Path) -> None:
    """The table holds 8 public primary schools of the extract, no university and no doubled school."""
    schools = pd.read_csv(liechtenstein / "schools.csv")
    assert not schools["name"].str.contains("Universität|Hochschule").any()
    primary = schools[schools["stages"].str.contains("primary") & (schools["ownership"] == "public")]
    assert len(primary) == 8
    assert primary["name"].is_unique


@pytest.mark.parametrize("place", ["gongyi", "liechtenstein"])
def test_a_folder_is_the_same_every_time(
    place: str,
    request: pytest.FixtureRequest,
    real_data: Path,
    tmp_path: Path,
) -> None:
    """Two runs write the same tables and the same polygons, so the figures in the docs can be repeated."""
    first = request.getfixturevalue(place)
    if place == "gongyi":
        write_gongyi(real_data, tmp_path)
    else:
        write_liechtenstein(real_data / "osm" / "liechtenstein-2013-08-03.osm.pbf", tmp_path)
    for file in ("zoning.toml", "schools.csv", "residents.csv"):
        assert (first / file).read_bytes() == (tmp_path / file).read_bytes()
    layer = "blocks.shp" if place == "gongyi" else "blocks.gpkg"
    before, after = gpd.read_file(first / layer, columns=[]), gpd.read_file(tmp_path / layer, columns=[])
    assert (before.geometry.to_wkb() == after.geometry.to_wkb()).all()
