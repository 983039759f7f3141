import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.district.adjacency import SHORTEST_BORDER_M, shared_borders


def grid(columns: int = 3, rows: int = 3, size: float = 100.0) -> np.ndarray:
    """Return the squares of a grid, row by row from below."""
    return np.array(
        [
            shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size)
            for y in range(rows)
            for x in range(columns)
        ]
    )


def cells(seed: int, count: int) -> np.ndarray:
    """Return random Voronoi cells about 10 km wide together."""
    points = np.random.default_rng(seed).uniform(0, 10_000, (count, 2))
    diagram = shapely.voronoi_polygons(
        shapely.multipoints(points), extend_to=shapely.box(0, 0, 10_000, 10_000)
    )
    return np.asarray(shapely.intersection(shapely.get_parts(diagram), shapely.box(0, 0, 10_000, 10_000)))


def found(shapes: np.ndarray) -> dict[tuple[int, int], float]:
    """Return border lengths by pair."""
    borders = shared_borders(shapes)
    assert (borders.first < borders.second).all()
    assert borders.first.dtype == borders.second.dtype == np.int32
    assert borders.border_m.dtype == np.float64
    pairs = list(zip(borders.first.tolist(), borders.second.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    return dict(zip(pairs, borders.border_m.tolist(), strict=True))


def brute(shapes: np.ndarray) -> dict[tuple[int, int], float]:
    """Return border lengths by pair from plain intersections of every two polygons."""
    every = {}
    for i in range(len(shapes)):
        for j in range(i + 1, len(shapes)):
            length = shapes[i].intersection(shapes[j]).length
            if length >= SHORTEST_BORDER_M:
                every[i, j] = length
    return every


def same(one: dict[tuple[int, int], float], other: dict[tuple[int, int], float], *, within_m: float) -> None:
    """Assert that two sets of borders are equal."""
    assert one.keys() == other.keys()
    for pair, length in one.items():
        assert length == pytest.approx(other[pair], abs=within_m), pair


def test_grid_equals_brute_force() -> None:
    """The nine squares of a grid have twelve borders of 100 m; corners do not count."""
    borders = found(grid())
    same(borders, brute(grid()), within_m=1e-9)
    assert len(borders) == 12
    assert (0, 4) not in borders


def test_result_is_sorted_and_lengths_are_exact() -> None:
    """Pairs come sorted, and the matrix is symmetric."""
    borders = shared_borders(grid())
    assert sorted(zip(borders.first, borders.second, strict=True)) == list(
        zip(borders.first, borders.second, strict=True)
    )
    matrix = borders.matrix().toarray()
    np.testing.assert_array_equal(matrix, matrix.T)
    assert matrix[0, 1] == 100.0


def test_t_junction() -> None:
    """A long side against two short ones, without a vertex where they meet, borders on both."""
    shapes = np.array(
        [shapely.box(0, 0, 200, 100), shapely.box(0, 100, 70, 200), shapely.box(70, 100, 200, 200)]
    )
    assert found(shapes) == {(0, 1): 70.0, (0, 2): 130.0, (1, 2): 100.0}


def test_multipolygons_and_holes() -> None:
    """Parts of a block count together, and a block in the hole of another borders on it all around."""
    split = shapely.MultiPolygon([shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)])
    ring = shapely.box(0, 100, 300, 400) - shapely.box(100, 200, 200, 300)
    shapes = np.array([split, shapely.box(100, 0, 200, 100), ring, shapely.box(100, 200, 200, 300)])
    assert found(shapes) == {(0, 1): 200.0, (0, 2): 200.0, (1, 2): 100.0, (2, 3): 400.0}


def test_direction_of_rings_does_not_matter() -> None:
    """Polygons drawn clockwise have the borders of those drawn the other way."""
    shapes = grid()
    shapes[::2] = shapely.reverse(shapes[::2])
    assert found(shapes) == found(grid())


@pytest.mark.parametrize("shift_m", [-0.45, -0.1, -0.001, 0.001, 0.1, 0.45])
def test_slivers_do_not_cut_borders(shift_m: float) -> None:
    """Gaps and overlaps of a millimetre to nearly half a metre leave the border nearly as long."""
    shapes = grid()
    for number in (1, 4, 7):
        shapes[number] = shapely.transform(shapes[number], lambda xy: np.add(xy, (shift_m, shift_m / 3)))
    same(found(shapes), found(grid()), within_m=1.0)


def test_wide_gap_is_no_border() -> None:
    """Blocks two metres apart are no neighbours."""
    assert found(np.array([shapely.box(0, 0, 100, 100), shapely.box(102, 0, 200, 100)])) == {}


def test_corner_touch_after_a_shift_is_no_border() -> None:
    """Squares that meet at a corner stay strangers when drawn 0.3 m off."""
    for dx, dy in ((0.3, 0.3), (-0.3, 0.3), (0.3, -0.3), (-0.3, -0.3)):
        shapes = np.array([shapely.box(0, 0, 100, 100), shapely.box(100 + dx, 100 + dy, 200, 200)])
        assert found(shapes) == {}


def test_identical_polygons_are_no_neighbours() -> None:
    """Two blocks on the same ground overlap; they do not border on each other."""
    assert found(np.array([shapely.box(0, 0, 100, 100)] * 2)) == {}


def test_empty_and_single() -> None:
    """No block and one block have no borders."""
    assert found(np.array([], dtype=object)) == {}
    borders = shared_borders(np.array([shapely.box(0, 0, 1, 1)]))
    assert (len(borders.first), borders.size) == (0, 1)
    assert borders.matrix().shape == (1, 1)


@given(seed=st.integers(0, 10_000), count=st.integers(2, 60))
@settings(max_examples=20, deadline=None)
def test_random_cells_equal_brute_force(seed: int, count: int) -> None:
    """Borders of any random cells are those of plain pairwise intersections."""
    shapes = cells(seed, count)
    same(found(shapes), brute(shapes), within_m=0.01)


@given(seed=st.integers(0, 10_000), shift_m=st.sampled_from([0.001, 0.05, 0.2]))
@settings(max_examples=15, deadline=None)
def test_moved_cells_stay_neighbours(seed: int, shift_m: float) -> None:
    """Cells drawn up to 0.2 m off one by one keep every neighbour along 5 m or more, and gain no long one."""
    shapes = cells(seed, 40)
    rng = np.random.default_rng(seed)
    moved = np.array([shapely.affinity.translate(c, *rng.uniform(-shift_m, shift_m, 2)) for c in shapes])
    true, got = found(shapes), found(moved)
    assert {pair for pair, length in true.items() if length >= 5} <= got.keys()
    assert all(length < 10 for pair, length in got.items() if pair not in true)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_vertices_left_out_on_one_side(seed: int) -> None:
    """Where one of two neighbours has extra vertices along the border, its length stays the same."""
    shapes = cells(seed, 30)
    dense = shapes.copy()
    dense[::2] = shapely.segmentize(shapes[::2], 333.0)
    same(found(dense), found(shapes), within_m=0.01)
