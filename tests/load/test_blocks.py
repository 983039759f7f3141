import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from zoning.errors import Problems
from zoning.load.blocks import make_blocks
from zoning.load.coverage import clean_coverage, gaps_m2
from zoning.load.voronoi import cells_of, outline_of

METRIC = CRS.from_epsg(4547)
ORIGIN = (500_000.0, 3_840_000.0)


def frame_of(shapes: list[shapely.Geometry | None], **columns: list[object]) -> gpd.GeoDataFrame:
    """Return shapes drawn in metres as a frame on WGS 84 with the ids a, b, c and so on."""
    ids = columns.pop("block_id", [chr(97 + i) for i in range(len(shapes))])
    placed = [
        None if shape is None else shapely.transform(shape, lambda points: points + ORIGIN)
        for shape in shapes
    ]
    series = gpd.GeoSeries(placed, crs=METRIC).to_crs(4326)
    return gpd.GeoDataFrame({"block_id": ids} | columns, geometry=series.to_numpy(), crs=4326)


def made(shapes: list[shapely.Geometry | None], **columns: list[object]) -> tuple[gpd.GeoDataFrame, Problems]:
    """Return the blocks made of some shapes, and what was found."""
    found = Problems()
    return make_blocks(frame_of(shapes, **columns), METRIC, found, file="blocks.gpkg"), found


def codes(found: Problems) -> list[tuple[str, str]]:
    """Return code and severity of all problems."""
    return [(problem.code.removeprefix("load_layers."), problem.severity) for problem in found.items]


def random_coverage(seed: int, count: int = 40) -> np.ndarray:
    """Return a clean coverage of random cells, a kilometre across."""
    points = shapely.points(np.random.default_rng(seed).uniform(0, 1000, (count, 2)))
    return cells_of(points, shapely.box(0, 0, 1000, 1000))


def test_clean_blocks_come_back_untouched() -> None:
    """A clean coverage keeps its rows, attributes and areas, without a word."""
    shapes = [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)]
    blocks, found = made(shapes, name=["甲", "乙", "丙"])
    assert found.items == []
    assert blocks["block_id"].tolist() == ["a", "b", "c"]
    assert blocks["name"].tolist() == ["甲", "乙", "丙"]
    assert blocks.crs == METRIC
    assert blocks.area.tolist() == pytest.approx([1e4] * 3, abs=1e-3)
    assert shapely.coverage_is_valid(blocks.geometry.values)


def test_crossed_border_is_repaired_and_said() -> None:
    """A border that crosses itself is repaired with a warning that names the row."""
    bow = shapely.Polygon([(300, 0), (400, 100), (400, 0), (300, 100)])
    blocks, found = made([shapely.box(0, 0, 100, 100), bow])
    assert codes(found) == [("made_valid", "warning")]
    assert (found.items[0].row, found.items[0].value) == (3, "b")
    assert blocks.is_valid.all()
    assert blocks.area.tolist() == pytest.approx([1e4, 5e3], abs=0.01)


def test_shape_without_area_is_an_error() -> None:
    """A polygon that is only a line is refused by row."""
    _, found = made([shapely.box(0, 0, 100, 100), shapely.Polygon([(300, 0), (400, 0), (350, 0)])])
    assert codes(found) == [("no_area", "error")]
    assert found.items[0].row == 3


def test_rows_of_one_block_become_one() -> None:
    """Rows of one block that agree are joined in the place of the first; rows that differ are refused."""
    shapes = [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 300, 500)]
    blocks, found = made(shapes, block_id=["a", "b", "a", "c"], name=["甲", "乙", "甲", None])
    assert codes(found) == [("joined", "warning")]
    assert blocks["block_id"].tolist() == ["a", "b", "c"]
    assert blocks.geometry.iloc[0].geom_type == "MultiPolygon"
    assert blocks.area.tolist() == pytest.approx([2e4, 1e4, 1e4], abs=0.01)
    _, found = made(shapes, block_id=["a", "b", "a", "c"], name=["甲", "乙", "丁", "丙"])
    assert ("rows_differ", "error") in codes(found)
    problem = next(p for p in found.items if p.code == "load_layers.rows_differ")
    assert (problem.row, problem.value) == (4, "a")
    assert "name" in problem.what.zh


@pytest.mark.parametrize("offset_m", [-0.8, -0.3, -0.001, 0.001, 0.3])
def test_slivers_are_closed(offset_m: float) -> None:
    """Gaps and overlaps narrower than a metre are closed; those of next to no area without a word."""
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(100 + offset_m, 0, 200, 100)]
    shapes.append(shapely.box(0, 100, 200, 200))
    blocks, found = made(shapes)
    assert codes(found) == ([("slivers", "warning")] if abs(offset_m) > 0.01 else [])
    polygons = np.asarray(blocks.geometry.values)
    assert shapely.coverage_is_valid(polygons, gap_width=1.0)
    assert shapely.area(polygons).sum() == pytest.approx(4e4, abs=0.1 + 50 * max(offset_m, 0))
    assert shapely.intersection(polygons[0], polygons[1]).area == 0


def test_large_overlaps_are_errors_with_both_blocks() -> None:
    """An overlap that is no error of drawing names both blocks and its area."""
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(90, 0, 200, 100), shapely.box(20, 20, 40, 40)]
    _, found = made(shapes)
    assert codes(found) == [("overlap", "error")] * 2
    assert {p.value for p in found.items} == {"a / b", "a / c"}
    assert "1000 m²" in found.items[0].what.en
    assert "400 平方米" in found.items[1].what.zh


def test_a_block_drawn_twice_is_said_so() -> None:
    """The same outline under two ids is refused."""
    _, found = made([shapely.box(0, 0, 100, 100)] * 2)
    assert codes(found) == [("same_shape", "error")]


def test_many_overlaps_are_summed_up() -> None:
    """Ten overlaps are named and the rest counted."""
    shapes = [shapely.box(x * 100, 0, x * 100 + 120, 100) for x in range(15)]
    _, found = made(shapes)
    assert codes(found) == [("overlap", "error")] * 10 + [("more_overlaps", "error")]
    assert "4 more" in found.items[-1].what.en


def test_large_gaps_are_said_and_kept() -> None:
    """A lake between blocks is a warning with its area, not an error."""
    around = shapely.box(0, 0, 100, 100) - shapely.box(40, 40, 60, 60)
    blocks, found = made([around, shapely.box(100, 0, 200, 100)])
    assert codes(found) == [("gaps", "warning")]
    assert "400" in found.items[0].what.zh
    assert blocks.area.sum() == pytest.approx(2e4 - 400, abs=0.1)


def test_mixed_geometries_are_refused() -> None:
    """Points among polygons and blocks drawn as lines are refused by row."""
    _, found = made([shapely.box(0, 0, 100, 100), shapely.Point(150, 50)])
    assert codes(found) == [("mixed", "error")]
    assert found.items[0].row == 3
    _, found = made([shapely.box(0, 0, 100, 100), shapely.LineString([(0, 0), (9, 9)])])
    assert codes(found) == [("not_polygons", "error")]


def test_rows_without_shape_are_left_out() -> None:
    """A row whose geometry is missing (reported when it was read) does not stop the others."""
    blocks, found = made([shapely.box(0, 0, 100, 100), None])
    assert found.items == []
    assert blocks["block_id"].tolist() == ["a"]


def test_row_numbers_follow_the_index() -> None:
    """Rows are named as in the file even when some were dropped before."""
    frame = frame_of([shapely.box(0, 0, 9, 9), shapely.Polygon([(50, 0), (60, 0), (55, 0)])])
    frame.index = [4, 11]
    found = Problems()
    make_blocks(frame, METRIC, found, file="blocks.gpkg")
    assert [p.row for p in found.items] == [13]


def test_points_become_cells() -> None:
    """Each point gets the area nearer to it than to any other, without gap or overlap."""
    rng = np.random.default_rng(3)
    points = list(shapely.points(rng.uniform(0, 5000, (60, 2))))
    blocks, found = made(points)
    assert codes(found) == [("cells", "warning")]
    cells = np.asarray(blocks.geometry.values)
    assert shapely.coverage_is_valid(cells)
    assert len(gaps_m2(cells)) == 0
    spots = shapely.points(shapely.get_coordinates(points) + ORIGIN)
    assert shapely.contains(cells, spots).all()
    tests = shapely.points(rng.uniform(500, 4500, (400, 2)) + ORIGIN)
    inside = shapely.STRtree(cells).query(tests, predicate="within")
    nearest = shapely.STRtree(spots).nearest(tests)
    assert (nearest[inside[0]] == inside[1]).all()
    assert len(inside[0]) > 300


def test_cells_end_at_the_boundary() -> None:
    """Given a boundary, the cells fill exactly that; a point outside it is refused."""
    boundary = frame_of([shapely.box(0, 0, 1000, 1000)])
    frame = frame_of([shapely.Point(200, 500), shapely.Point(800, 500), shapely.Point(500, 900)])
    found = Problems()
    blocks = make_blocks(frame, METRIC, found, file="blocks.csv", boundary=boundary)
    assert codes(found) == [("cells", "warning")]
    assert blocks.area.sum() == pytest.approx(1e6, abs=1)
    frame = frame_of([shapely.Point(200, 500), shapely.Point(1800, 500)])
    found = Problems()
    make_blocks(frame, METRIC, found, file="blocks.csv", boundary=boundary)
    assert ("outside_boundary", "error") in codes(found)


def test_points_at_one_place_are_refused() -> None:
    """Two blocks at the same point are named."""
    _, found = made([shapely.Point(0, 0), shapely.Point(500, 0), shapely.Point(0, 0)])
    assert codes(found) == [("same_point", "error")]
    assert "2, 4" in found.items[0].what.en


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_points(count: int) -> None:
    """One, two or three villages have blocks too."""
    blocks, found = made([shapely.Point(x * 1000, 0) for x in range(count)])
    assert not found.failed
    assert len(blocks) == count
    assert (blocks.area > 1000).all()
    assert shapely.coverage_is_valid(blocks.geometry.values)


def test_outline_holds_all_points() -> None:
    """The outline drawn around points holds each of them and is no larger than a convex one."""
    points = np.asarray(shapely.points(np.random.default_rng(1).uniform(0, 1000, (300, 2))))
    outline = outline_of(points)
    assert shapely.contains(outline, points).all()
    assert outline.area < shapely.convex_hull(shapely.multipoints(points)).buffer(60).area


@given(seed=st.integers(0, 10_000), shift_m=st.floats(0.002, 0.4))
@settings(max_examples=12, deadline=None)
def test_any_jittered_coverage_is_mended(seed: int, shift_m: float) -> None:
    """Cells moved by less than half a metre each are mended to a clean coverage of the same size."""
    cells = random_coverage(seed, 25)
    rng = np.random.default_rng(seed)
    moved = np.array([shapely.affinity.translate(c, *rng.uniform(-shift_m, shift_m, 2) / 1.5) for c in cells])
    found = Problems()
    cleaned = clean_coverage(moved, np.arange(25), found, file="blocks.gpkg")
    assert not found.failed
    assert shapely.coverage_is_valid(cleaned)
    border_m = shapely.length(cells)
    assert (np.abs(shapely.area(cleaned) - shapely.area(cells)) <= shift_m * border_m + 1).all()
    assert shapely.area(cleaned).sum() == pytest.approx(1e6, abs=4000 * shift_m)


def test_enclosed_gap_of_nearly_a_metre_is_closed() -> None:
    """A narrow gap between blocks on all sides goes to one of them and stays no hole."""
    halves = [shapely.box(0, 0, 100, 40), shapely.box(0, 40.8, 100, 100)]
    blocks, found = made([*halves, shapely.box(100, 0, 200, 100), shapely.box(-100, 0, 0, 100)])
    assert codes(found) == [("slivers", "warning")]
    assert blocks.area.sum() == pytest.approx(3e4, abs=0.01)
    assert sorted(blocks.area.round().tolist()) in ([4000, 6000, 10000, 10000], [4080, 5920, 10000, 10000])


def test_narrow_inlet_is_left_as_drawn() -> None:
    """A narrow inlet from outside into one block is no sliver between blocks and changes nothing."""
    inlet = shapely.box(0, 0, 100, 100) - shapely.box(40, 50, 40.6, 100)
    blocks, found = made([inlet, shapely.box(100, 0, 200, 100)])
    assert found.items == []
    assert blocks.area.sum() == pytest.approx(2e4 - 30, abs=0.01)
