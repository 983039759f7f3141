"""The coverage that is drawn, and its encoding."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.publish.geometry import SCALE, display_coverage, encode_polygons


def wavy_cells(seed: int) -> np.ndarray:
    """Return Voronoi cells with many points on their borders, each border the same from both sides."""
    points = shapely.multipoints(np.random.default_rng(seed).uniform(0, 20_000, (40, 2)))
    frame = shapely.box(0, 0, 20_000, 20_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), 25)
    wave = lambda xy: xy + 5 * np.sin(xy[:, ::-1] / 300)  # noqa: E731
    return np.asarray(shapely.transform(cells, wave))


def decoded(rings: list[list[int]], origin: tuple[int, int]) -> shapely.Polygon:
    """Return the polygon that the page would draw."""
    shells = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) + origin for ring in rings]
    return shapely.Polygon(shells[0] / SCALE, [hole / SCALE for hole in shells[1:]])


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_simplified_blocks_still_fit(seed: int) -> None:
    """Fewer points, no gap and no overlap: the area stays and neighbours share their border."""
    cells = wavy_cells(seed)
    drawn = display_coverage(cells)
    assert shapely.coverage_is_valid(drawn)
    assert shapely.get_num_coordinates(drawn).sum() < shapely.get_num_coordinates(cells).sum() / 2
    assert shapely.area(drawn).sum() == pytest.approx(
        shapely.area(shapely.coverage_union_all(drawn)), rel=1e-9
    )
    assert shapely.area(drawn).sum() == pytest.approx(shapely.area(cells).sum(), rel=2e-3)


def test_blocks_that_do_not_match_are_fitted_for_display() -> None:
    """A millimetre between neighbours does not open a gap on the map, and no block is lost."""
    cells = wavy_cells(3)
    cells[0] = shapely.buffer(cells[0], -0.001)
    assert not shapely.coverage_is_valid(cells, gap_width=0.01)
    drawn = display_coverage(cells)
    assert not shapely.is_empty(drawn).any()
    assert shapely.coverage_is_valid(drawn)


def test_steps_decode_to_the_same_polygon() -> None:
    """What the page rebuilds lies within a metre of what was drawn, holes and parts included."""
    ring = shapely.box(113, 34, 113.1, 34.1).difference(shapely.box(113.02, 34.02, 113.04, 34.05))
    both = shapely.MultiPolygon([ring, shapely.box(113.2, 34, 113.3, 34.1)])
    origin = (11_300_000, 3_400_000)
    parts = [decoded(rings, origin) for rings in encode_polygons(np.array([both]), origin)[0]]
    assert shapely.MultiPolygon(parts).symmetric_difference(both).area < 1e-9


def test_neighbours_share_their_points_after_rounding() -> None:
    """The page finds zone borders by equal sides, so rounding must not part neighbours."""
    shapes = np.asarray(
        shapely.transform(display_coverage(wavy_cells(5)), lambda xy: xy / 100_000 + [113, 34])
    )
    seen: dict[frozenset[tuple[int, int]], int] = {}
    for polygons in encode_polygons(shapes, (0, 0)):
        for steps in polygons[0]:
            points = [tuple(p) for p in np.cumsum(np.reshape(steps, (-1, 2)), axis=0).tolist()]
            for side in zip(points, points[1:] + points[:1], strict=True):
                seen[frozenset(side)] = seen.get(frozenset(side), 0) + 1
    alone = [side for side, count in seen.items() if count == 1]
    outer = shapely.boundary(shapely.coverage_union_all(shapes))
    for side in alone:
        middle = shapely.Point(np.mean([np.array(p) / SCALE for p in side], axis=0))
        assert shapely.distance(outer, middle) < 5e-5
    assert max(seen.values()) == 2
