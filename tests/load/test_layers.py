import os
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS
from scipy.sparse.csgraph import connected_components

from zoning.district.adjacency import shared_borders
from zoning.errors import Problems
from zoning.load.blocks import make_blocks
from zoning.load.coverage import gaps_m2
from zoning.load.layers import read_layer
from zoning.load.settings import FileSettings
from zoning.load.shapefile import decode, find_encoding, known_encoding

NAMES = ["锦绣家园", "石桥村", None, "Riverside"]


def sample(**columns: object) -> gpd.GeoDataFrame:
    """Return four squares with a name, a whole number and a fraction."""
    squares = [shapely.box(113 + x / 100, 34.7, 113 + (x + 1) / 100, 34.71) for x in range(4)]
    values = {"name": NAMES, "people": [1200, 350, 9007199254740993, 4], "share": [0.5, np.nan, 2.0, 1.25]}
    return gpd.GeoDataFrame(values | columns, geometry=squares, crs="EPSG:4490")


def read(path: Path, **declared: object) -> tuple[gpd.GeoDataFrame | None, Problems]:
    """Read a layer under some declarations."""
    found = Problems()
    layer = declared.pop("layer", None)
    settings = FileSettings(path.name, **declared)  # type: ignore[arg-type]
    return read_layer(path, settings, found, layer=layer), found  # type: ignore[arg-type]


def shapefile(folder: Path, frame: gpd.GeoDataFrame, *, encoding: str, without: tuple[str, ...] = ()) -> Path:
    """Write a Shapefile and take parts of it away."""
    path = folder / "blocks.shp"
    frame.to_file(path, encoding=encoding)
    for suffix in without:
        path.with_suffix(suffix).unlink()
    return path


def to_gpkg(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a GeoPackage."""
    frame.to_file(path, driver="GPKG")


def to_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a GeoJSON file."""
    frame.to_file(path, driver="GeoJSON")


WRITERS: list[tuple[str, Callable[[gpd.GeoDataFrame, Path], None]]] = [
    ("b.gpkg", to_gpkg),
    ("b.geojson", to_geojson),
    ("b.json", to_geojson),
    ("b.parquet", gpd.GeoDataFrame.to_parquet),
    ("b.geoparquet", gpd.GeoDataFrame.to_parquet),
    ("b.shp", gpd.GeoDataFrame.to_file),
]


@pytest.mark.parametrize(("file", "write"), WRITERS, ids=[name for name, _ in WRITERS])
def test_every_format_reads_alike(tmp_path: Path, file: str, write: Callable) -> None:
    """Each format gives the same rows, texts and shapes."""
    frame = sample()
    write(frame, tmp_path / file)
    layer, found = read(tmp_path / file)
    assert found.items == []
    assert layer is not None
    assert list(layer.columns) == ["name", "people", "share", "geometry"]
    assert layer["name"].tolist() == NAMES
    assert layer["people"].tolist() == ["1200", "350", "9007199254740993", "4"]
    assert layer["share"].tolist() == ["0.5", None, "2", "1.25"]
    assert layer.crs.to_epsg() == 4326
    assert layer.index.tolist() == [0, 1, 2, 3]
    assert shapely.equals_exact(layer.geometry.values, frame.geometry.values, 1e-9, normalize=True).all()


@pytest.mark.parametrize("without", [(".cpg",), ()])
def test_gbk_shapefile(tmp_path: Path, without: tuple[str, ...]) -> None:
    """Hanzi in GBK are read with and without .cpg, names of columns too; without one it is said."""
    frame = sample(名称=["甲村", "乙村", "丙村", "丁村"])
    layer, found = read(shapefile(tmp_path, frame, encoding="gbk", without=without))
    assert layer is not None
    assert layer["name"].tolist() == NAMES
    assert layer["名称"].tolist() == ["甲村", "乙村", "丙村", "丁村"]
    assert [p.code for p in found.items] == (["load_layers.no_cpg"] if without else [])
    if without:
        assert found.items[0].severity == "warning"
        assert "gb18030" in found.items[0].sentence("zh")


def test_names_that_shapefiles_cut(tmp_path: Path) -> None:
    """A column whose name a Shapefile cut at ten letters gets its whole name back."""
    layer, _ = read(shapefile(tmp_path, sample(place_clas=["city"] * 4), encoding="utf-8"))
    assert layer is not None
    assert layer["place_class"].tolist() == ["city"] * 4


def test_utf8_shapefile_without_cpg(tmp_path: Path) -> None:
    """Hanzi in UTF-8 without .cpg are told from GBK."""
    layer, found = read(shapefile(tmp_path, sample(), encoding="utf-8", without=(".cpg",)))
    assert layer is not None
    assert layer["name"].tolist() == NAMES
    assert [p.code for p in found.items] == ["load_layers.no_cpg"]


def test_wrong_cpg(tmp_path: Path) -> None:
    """A .cpg that says UTF-8 over text in GBK does not win over the bytes."""
    path = shapefile(tmp_path, sample(), encoding="gbk")
    path.with_suffix(".cpg").write_text("UTF-8")
    layer, found = read(path)
    assert layer is not None
    assert layer["name"].tolist() == NAMES
    assert [(p.code, p.severity) for p in found.items] == [("load_layers.cpg_wrong", "warning")]


def test_an_answer_about_encoding_leaves_clear_files_alone(tmp_path: Path) -> None:
    """An answer for all files is used where the encoding is in doubt, not over a .cpg or clear text."""
    for encoding, without in (("utf-8", ()), ("utf-8", (".cpg",)), ("gbk", ())):
        folder = tmp_path / f"{encoding}{len(without)}"
        folder.mkdir()
        path = shapefile(folder, sample(), encoding=encoding, without=without)
        problems = Problems()
        answered = FileSettings(path.name, encoding="big5")
        layer = read_layer(path, answered, problems)
        assert not problems.failed
        assert layer is not None
        assert layer["name"].tolist()[:2] == NAMES[:2]


def test_ambiguous_encoding_is_asked_about_and_goes_on(tmp_path: Path) -> None:
    """Bytes that could be anything are asked about; the answer is taken; a wrong answer is refused."""
    frame = sample(name=["Größe", "Café", "Übermut", "Ørsta"])
    path = shapefile(tmp_path, frame, encoding="ISO-8859-1", without=(".cpg",))
    layer, found = read(path)
    assert layer is None
    assert [(p.code, p.severity) for p in found.items] == [("load_layers.encoding_unknown", "question")]
    layer, found = read(path, encoding="latin-1")
    assert found.items == []
    assert layer is not None
    assert layer["name"].tolist() == ["Größe", "Café", "Übermut", "Ørsta"]
    layer, found = read(path, encoding="utf-8")
    assert layer is None
    assert [(p.code, p.severity) for p in found.items] == [("load_layers.encoding_wrong", "question")]


def test_text_cut_by_its_column() -> None:
    """A name whose last Hanzi the width of the column has cut is read without it, in both encodings."""
    name = "巩义市河洛镇双槐村"
    for encoding in ("gb18030", "utf-8"):
        cut = name.encode(encoding)[:-1]
        assert decode(cut, encoding) == name[:-1]
        assert find_encoding([cut]).encoding == encoding


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        ([b"abc", b"12"], "ascii"),
        (["联通".encode("gbk"), "石桥村".encode("gbk")], "gb18030"),
        (["站街镇".encode()], "utf-8"),
        (["石橋村".encode("big5"), "學校".encode("big5")], None),
        (["Müller-Straße".encode("cp1252")], None),
    ],
)
def test_find_encoding(texts: list[bytes], encoding: str | None) -> None:
    """Everyday Chinese is recognised; what may be something else is not guessed."""
    assert find_encoding(texts).encoding == encoding


def test_names_of_encodings() -> None:
    """Encodings are known by the names that planners and .cpg files use."""
    assert {known_encoding(name) for name in ("GBK", "GB2312", "CP936", "936", "ms936")} == {"gb18030"}
    assert known_encoding("65001") in {"utf-8", None}


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_missing_parts_are_named(tmp_path: Path, part: str) -> None:
    """A Shapefile that came alone says which of its parts is missing."""
    layer, found = read(shapefile(tmp_path, sample(), encoding="utf-8", without=(part,)))
    assert layer is None
    assert [p.code for p in found.items] == ["load_layers.missing_part"]
    assert f"blocks{part}" in found.items[0].sentence("zh")


def test_shapefile_without_prj(tmp_path: Path) -> None:
    """Without .prj a layer in metres is asked about, and read once its CRS is declared."""
    frame = sample().to_crs(4526)
    path = shapefile(tmp_path, frame, encoding="utf-8", without=(".prj",))
    layer, found = read(path)
    assert layer is None
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.missing", "question")]
    assert "EPSG:4526" in found.items[0].cure.zh
    layer, found = read(path, crs="EPSG:4526", crs_declared=True)
    assert found.items == []
    assert layer is not None
    assert shapely.equals_exact(layer.geometry.values, sample().geometry.values, 1e-8, normalize=True).all()


def test_prj_written_by_other_software(tmp_path: Path) -> None:
    """An old datum is recognised by the names that other software writes into .prj files."""
    path = shapefile(tmp_path, sample().to_crs(4547), encoding="utf-8")
    path.with_suffix(".prj").write_text(
        'PROJCS["Xian_1980_3_Degree_GK_CM_114E",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",'
        'SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    layer, found = read(path)
    assert layer is None
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.old_datum", "question")]


def test_swapped_axes_of_a_layer(tmp_path: Path) -> None:
    """A layer whose axes are exchanged is asked about, and turned once zoning.toml says so."""
    frame = sample()
    frame.geometry = shapely.transform(frame.geometry.values, lambda c: c[:, ::-1])
    to_gpkg(frame, tmp_path / "b.gpkg")
    layer, found = read(tmp_path / "b.gpkg")
    assert layer is None
    assert [p.code for p in found.items] == ["load_crs.swapped"]
    layer, found = read(tmp_path / "b.gpkg", swapped=True)
    assert found.items == []
    assert layer is not None
    np.testing.assert_allclose(layer.total_bounds, sample().total_bounds)


def test_heights_are_left_out(tmp_path: Path) -> None:
    """Heights are dropped with one warning."""
    frame = sample()
    frame.geometry = shapely.force_3d(frame.geometry.values, 120.0)
    to_gpkg(frame, tmp_path / "b.gpkg")
    layer, found = read(tmp_path / "b.gpkg")
    assert [(p.code, p.severity) for p in found.items] == [("load_layers.heights", "warning")]
    assert layer is not None
    assert not layer.has_z.any()


def test_curves_become_lines(tmp_path: Path) -> None:
    """A layer of curves is read as straight lines, and that is said."""
    path = tmp_path / "b.gpkg"
    pyogrio.write_dataframe(sample(), path, SPATIAL_INDEX="NO")
    arc = [(113.0, 34.7), (113.01, 34.71), (113.02, 34.7), (113.01, 34.69), (113.0, 34.7)]
    circle = struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 8, len(arc))
    circle += b"".join(struct.pack("<dd", *point) for point in arc)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "UPDATE b SET geom = ? WHERE fid = 1", [struct.pack("<2sBBi", b"GP", 0, 1, 4490) + circle]
        )
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
        base.execute("PRAGMA writable_schema = 1")
        base.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'POLYGON', 'CURVEPOLYGON') WHERE name = 'b'"
        )
    layer, found = read(tmp_path / "b.gpkg")
    assert layer is not None
    assert [p.code for p in found.items] == ["load_layers.curves"]
    assert layer.geometry.iloc[0].area == pytest.approx(np.pi * 0.01**2, rel=1e-3)


def test_missing_shapes_are_named(tmp_path: Path) -> None:
    """Rows without geometry are named; the others keep their rows."""
    frame = sample()
    frame.loc[1, "geometry"] = None
    frame.loc[3, "geometry"] = shapely.Polygon()
    to_gpkg(frame, tmp_path / "b.gpkg")
    layer, found = read(tmp_path / "b.gpkg")
    assert [(p.code, p.row) for p in found.items] == [("load_layers.no_shape", 3)]
    assert "3, 5" in found.items[0].what.zh
    assert layer is not None
    assert layer.geometry.isna().tolist() == [False, True, False, True]


def test_several_layers_are_asked_about(tmp_path: Path) -> None:
    """Of several layers the one named like the file is read, else they are listed."""
    path = tmp_path / "county.gpkg"
    sample().to_file(path, layer="blocks", driver="GPKG")
    sample().to_file(path, layer="zones", driver="GPKG")
    layer, found = read(path)
    assert layer is None
    assert [p.code for p in found.items] == ["load_layers.several_layers"]
    assert "blocks, zones" in found.items[0].what.zh
    layer, found = read(path, layer="zones")
    assert found.items == []
    assert layer is not None
    layer, found = read(path, layer="streets")
    assert [p.code for p in found.items] == ["load_layers.no_layer"]
    sample().to_file(path, layer="county", driver="GPKG")
    assert read(path)[0] is not None


def test_tables_and_empty_layers(tmp_path: Path) -> None:
    """A layer without shapes or features is no layer to read."""
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "plain.parquet")
    (tmp_path / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    (tmp_path / "broken.gpkg").write_bytes(b"no database")
    (tmp_path / "broken.geojson").write_text('{"type": "FeatureCollection", "features": [')
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    expected = {
        "plain.parquet": "load_layers.unreadable",
        "empty.geojson": "load_layers.empty",
        "broken.gpkg": "load_layers.unreadable",
        "broken.geojson": "load_layers.unreadable",
        "broken.parquet": "load_layers.unreadable",
        "absent.gpkg": "load_layers.unreadable",
    }
    for file, code in expected.items():
        layer, found = read(tmp_path / file)
        assert layer is None, file
        assert [p.code for p in found.items] == [code], file


@pytest.mark.real
def test_gongyi() -> None:
    """A real county without .prj is asked about twice, then loads whole, connected, without new gaps."""
    folder = os.environ.get("ZONING_REAL_DATA")
    if not folder:
        pytest.skip("ZONING_REAL_DATA does not name the folder with the real data")
    path = Path(folder) / "gongyi" / "gy2_polyon.shp"
    _, found = read(path)
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.missing", "question")]
    assert "EPSG:2333" in found.items[0].cure.en
    _, found = read(path, crs="EPSG:2333", crs_declared=True)
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.old_datum", "question")]
    answered = {"crs": "EPSG:2333", "crs_declared": True, "datum": "xian80 as cgcs2000"}
    layer, found = read(path, **answered)
    assert layer is not None
    assert len(layer) == 1276
    assert layer["pop"].astype(int).sum() == 819_812
    blocks = make_blocks(layer.rename(columns={"ID": "block_id"}), CRS.from_epsg(4547), found, file=path.name)
    assert not found.failed
    mended = next(p for p in found.items if p.code == "load_layers.made_valid")
    assert len(mended.what.en.split("rows ")[1].split(",")) == 4
    shapes = np.asarray(blocks.geometry.values)
    assert shapely.coverage_is_valid(shapes, gap_width=1.0)
    # The file's own metres are of a zone two degrees away, which draws areas 0.064 % too large (998.6 km²).
    assert shapely.area(shapes).sum() / 1e6 == pytest.approx(998.576 / 1.00064, abs=0.02)
    assert len(gaps_m2(shapes)) <= 7
    assert gaps_m2(shapes).max() < 36_100
    assert connected_components(shared_borders(shapes).matrix())[0] == 1
