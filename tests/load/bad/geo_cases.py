"""Bad folders whose fault stands in coordinates, layers or shapes."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import shapely.affinity
from bad.form import Bad, replace_in


def blocks_of(folder: Path) -> gpd.GeoDataFrame:
    """Return the four blocks of the good folder and take their file away."""
    path = folder / "blocks.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    path.unlink()
    return gpd.GeoDataFrame.from_features(features, crs="EPSG:4490")


def shapefile(
    *, epsg: int = 4526, encoding: str = "gb18030", without: tuple[str, ...] = ()
) -> Callable[[Path], None]:
    """Return what turns the blocks into a Shapefile in some CRS, with parts missing."""

    def spoil(folder: Path) -> None:
        path = folder / "blocks.shp"
        frame = blocks_of(folder).rename(columns={"place_class": "place_clas"})  # names are cut at 10 letters
        frame.to_crs(epsg).to_file(path, encoding=encoding)
        for suffix in without:
            path.with_suffix(suffix).unlink()

    return spoil


def accented(folder: Path) -> None:
    """Write a Shapefile without .cpg whose names are not Chinese."""
    frame = blocks_of(folder).rename(columns={"place_class": "place_clas"})
    frame["name"] = ["Größe", "Café", "Übermut", "Ørsta"]
    frame["town"] = "Zürich"
    frame.to_file(folder / "blocks.shp", encoding="ISO-8859-1")
    (folder / "blocks.cpg").unlink()


def redrawn(change: Callable[[gpd.GeoDataFrame], object]) -> Callable[[Path], None]:
    """Return what changes the blocks in metres and writes them back as a GeoPackage."""

    def spoil(folder: Path) -> None:
        frame = blocks_of(folder).to_crs(4547)
        change(frame)
        frame.to_file(folder / "blocks.gpkg", driver="GPKG")

    return spoil


def set_shape(row: int, shape_of: Callable[[shapely.Polygon], object]) -> Callable[[Path], None]:
    """Return what redraws one block."""

    def change(frame: gpd.GeoDataFrame) -> None:
        frame.loc[row, "geometry"] = shape_of(frame.geometry.iloc[row])

    return redrawn(change)


def crossed(shape: shapely.Polygon) -> shapely.Polygon:
    """Return a block whose border crosses itself."""
    first, second, third, fourth = shapely.get_coordinates(shape)[:4]
    return shapely.Polygon([first, third, second, fourth])


def declare(folder: Path, text: str) -> None:
    """Add lines to zoning.toml."""
    path = folder / "zoning.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def moved_schools(folder: Path) -> None:
    """Write the schools with eastings and northings of a zone number."""
    replace_in(folder, "schools.csv", "113.002,34.702", "38408670.1,3841200.2")
    replace_in(folder, "schools.csv", "113.015,34.702", "38409860.3,3841190.4")
    replace_in(folder, "schools.csv", "113.002,34.715", "38408680.5,3842640.6")


def wrong_zone(folder: Path) -> None:
    """Declare a CRS without zone number for coordinates that have one."""
    moved_schools(folder)
    declare(folder, '[files."schools.csv"]\ncrs = "EPSG:4547"\n')


def old_datum(folder: Path) -> None:
    """Declare Xian 1980 for the schools."""
    declare(folder, '[files."schools.csv"]\ncrs = "EPSG:4610"\n')


def swapped(folder: Path) -> None:
    """Exchange longitude and latitude of every school."""
    for pair in ("113.002,34.702", "113.015,34.702", "113.002,34.715"):
        replace_in(folder, "schools.csv", pair, ",".join(reversed(pair.split(","))))


def no_features(folder: Path) -> None:
    """Leave a layer without features."""
    (folder / "blocks.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")


def broken_off(folder: Path) -> None:
    """Leave a layer that ends in the middle."""
    path = folder / "blocks.geojson"
    path.write_text(path.read_text(encoding="utf-8")[:400], encoding="utf-8")


def longer(shape: shapely.Polygon) -> shapely.Geometry:
    """Return a block that reaches 100 m into its neighbour in the east."""
    return shapely.union(shape, shapely.affinity.translate(shape, 100))


def raised(frame: gpd.GeoDataFrame) -> None:
    """Give every vertex a height."""
    frame.geometry = shapely.force_3d(np.asarray(frame.geometry.values), 120.0)


GEO_CASES = [
    Bad(
        "geo_swapped_axes",
        swapped,
        "load_crs.swapped",
        "schools.csv",
        2,
        "lon, lat",
        'axes = "swapped"',
        "写反",
        "question",
    ),
    Bad(
        "geo_metres_as_degrees",
        moved_schools,
        "load_crs.metres_as_degrees",
        "schools.csv",
        2,
        "lon, lat",
        "EPSG:4526",
        "EPSG:4526",
        "question",
    ),
    Bad(
        "geo_zone_number",
        wrong_zone,
        "load_crs.zone_prefix",
        "schools.csv",
        2,
        "lon, lat",
        r"\(38\).*EPSG:4526",
        "带号 38.*EPSG:4526",
        "question",
    ),
    Bad(
        "geo_old_datum",
        old_datum,
        "load_crs.old_datum",
        "schools.csv",
        None,
        None,
        "xian80 as cgcs2000",
        "旧基准",
        "question",
    ),
    Bad(
        "geo_zero",
        lambda folder: replace_in(folder, "schools.csv", "113.015,34.702", "0,0"),
        "load_crs.zero",
        "schools.csv",
        3,
        "lon, lat",
        "unknown place",
        "未知位置",
    ),
    Bad(
        "geo_far_away",
        lambda folder: replace_in(folder, "schools.csv", "113.015,34.702", "131.015,34.702"),
        "load_crs.far_away",
        "schools.csv",
        3,
        "lon, lat",
        r"1\d\d\d km",
        "公里",
    ),
    Bad(
        "geo_out_of_range",
        lambda folder: replace_in(folder, "schools.csv", "113.015,34.702", "313.015,34.702"),
        "load_crs.out_of_range",
        "schools.csv",
        3,
        "lon, lat",
        "-180 to 180",
        "十进制度",
    ),
    Bad(
        "geo_unknown_crs",
        lambda folder: declare(folder, '[files."schools.csv"]\ncrs = "mars"\n'),
        "load_crs.unknown",
        "schools.csv",
        None,
        None,
        "gcj02, or bd09",
        "gcj02、bd09",
        alone=False,
    ),
    Bad(
        "geo_no_prj",
        shapefile(without=(".prj",)),
        "load_crs.missing",
        "blocks.shp",
        None,
        None,
        "EPSG:4526",
        "缺少 .prj",
        "question",
    ),
    Bad(
        "geo_no_shx",
        shapefile(without=(".shx",)),
        "load_layers.missing_part",
        "blocks.shp",
        None,
        None,
        "blocks.shx",
        "缺少 blocks.shx",
    ),
    Bad(
        "geo_no_dbf",
        shapefile(without=(".dbf",)),
        "load_layers.missing_part",
        "blocks.shp",
        None,
        None,
        "blocks.dbf",
        "缺少 blocks.dbf",
    ),
    Bad(
        "geo_gbk_without_cpg",
        shapefile(without=(".cpg",)),
        "load_layers.no_cpg",
        "blocks.shp",
        None,
        None,
        "gb18030",
        "gb18030",
        "warning",
    ),
    Bad(
        "geo_encoding_unknown",
        accented,
        "load_layers.encoding_unknown",
        "blocks.shp",
        None,
        None,
        'encoding = "gb18030"',
        "无法从字节判断编码",
        "question",
    ),
    Bad(
        "geo_empty_layer",
        no_features,
        "load_layers.empty",
        "blocks.geojson",
        None,
        None,
        "no features",
        "没有要素",
    ),
    Bad(
        "geo_unreadable_layer",
        broken_off,
        "load_layers.unreadable",
        "blocks.geojson",
        None,
        None,
        "export it again",
        "重新导出",
    ),
    Bad(
        "geo_open_ring",
        lambda folder: replace_in(folder, "blocks.geojson", "[112.996, 34.696]]]", "[112.996, 34.697]]]"),
        "load_layers.unreadable",
        "blocks.geojson",
        None,
        None,
        "closed linestring.*export it again",
        "重新导出",
    ),
    Bad(
        "geo_no_shape",
        set_shape(1, lambda _: None),
        "load_layers.no_shape",
        "blocks.gpkg",
        3,
        "geometry",
        "no geometry",
        "没有几何图形",
    ),
    Bad(
        "geo_crossed_border",
        set_shape(3, crossed),
        "load_layers.made_valid",
        "blocks.gpkg",
        5,
        "geometry",
        "crosses itself",
        "自相交",
        "warning",
    ),
    Bad(
        "geo_overlap",
        set_shape(0, longer),
        "load_layers.overlap",
        "blocks.gpkg",
        None,
        None,
        "b1 / b2",
        "重叠",
    ),
    Bad(
        "geo_same_shape",
        redrawn(lambda frame: frame.__setitem__("geometry", frame.geometry.iloc[[0, 0, 2, 3]].to_numpy())),
        "load_layers.same_shape",
        "blocks.gpkg",
        None,
        None,
        "b1 / b2.*two blocks with the same polygon",
        "图形相同",
    ),
    Bad(
        "geo_mixed",
        set_shape(2, lambda shape: shape.centroid),
        "load_layers.mixed",
        "blocks.gpkg",
        4,
        "geometry",
        "line or point",
        "线或点",
    ),
    Bad(
        "geo_heights",
        redrawn(raised),
        "load_layers.heights",
        "blocks.gpkg",
        None,
        None,
        "heights",
        "高程",
        "warning",
    ),
]
