# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from zoning.errors import StreetsError
from zoning.travel import measure_travel, nearest_school, reach
from zoning.travel.reach import BESIDE_M

EAST, NORTH = 400_000.0, 3_800_000.0


def at(x: float, y: float) -> shapely.Point:
    """Return a point of the town in the metric CRS."""
    return shapely.Point(EAST + x, NORTH + y)


@pytest.fixture
def grid(tmp_path: Path, town: Any) -> Path:
    """Streets every 100 m over 2 km by 2 km."""
    steps = range(0, 2001, 100)
    for step in steps:
        town.way(*((float(x), float(step)) for x in steps)).way(*((float(step), float(y)) for y in steps))
    return town.osm(tmp_path / "grid.osm")


def test_reach_on_a_grid_is_the_diamond(grid: Path, district: Any) -> None:
    """Ten minutes are 720 m of streets: a diamond of that radius, and no block beyond."""
    made = district(grid, {"b": (0, 0)}, {"s": (1000, 1000)})
    area = reach(made, "s", minutes=10, respects_barriers=False)
    diamond = shapely.Polygon([at(1720, 1000), at(1000, 1720), at(280, 1000), at(1000, 280)])
    assert diamond.within(area.buffer(1))
    assert area.within(diamond.buffer(1.5 * BESIDE_M))
    assert area.geom_type == "Polygon"
    assert len(area.interiors) == 0


def test_more_minutes_reach_more(grid: Path, district: Any) -> None:
    """A reach lies within every longer one."""
    made = district(grid, {"b": (0, 0)}, {"s": (330, 1000)})
    areas = [reach(made, "s", minutes=m) for m in (0.5, 3, 8, 20)]
    for less, more in itertools.pairwise(areas):
        assert less.within(more.buffer(3))
        assert less.area < more.area


def test_reach_agrees_with_the_times(grid: Path, district: Any) -> None:
    """Blocks on a street are in the reach exactly when their time is under its minutes."""
    spots = {f"b{x}": (float(x), 1000.0) for x in range(0, 2001, 160)}
    made = district(grid, spots, {"s": (1000, 1000)})
    area = reach(made, "s", minutes=9).buffer(-BESIDE_M)
    inside = [bool(area.intersects(at(*spot))) for spot in spots.values()]
    assert inside == (measure_travel(made, cache=False).seconds[:, 0] < 540).tolist()


def test_reach_by_car_is_towards_the_school(tmp_path: Path, town: Any, district: Any) -> None:
    """On a one-way the homes before the school are in reach, those after it are not."""
    file = town.way((-2000, 0), (0, 0), (2000, 0), oneway="yes").osm(tmp_path / "t.osm")
    area = reach(district(file, {"b": (0, 0)}, {"s": (0, 0)}), "s", minutes=3, mode="drive")
    assert area.contains(at(-1400, 0))
    assert not area.intersects(at(100, 0))


def test_reach_does_not_spill_over_a_river(grid: Path, district: Any) -> None:
    """A bank whose streets cannot be reached is not in reach, not even its first metres."""
    river = [("river", [(-500.0, 1250.0), (2500.0, 1250.0)])]
    made = district(grid, {"b": (0, 0)}, {"s": (1000, 1000)}, barriers=river)
    area = reach(made, "s", minutes=10)
    assert area.contains(at(1000, 1240))
    assert not area.intersects(at(1000, 1255))
    assert reach(made, "s", minutes=10, respects_barriers=False).contains(at(1000, 1300))


def test_reach_stays_on_its_side_between_two_bridges(tmp_path: Path, town: Any, district: Any) -> None:
    """The far bank is in reach round the bridge and not opposite the school, though both are one bank."""
    steps = [float(x) for x in range(0, 2001, 100)]
    for y in (0.0, 100.0, 200.0, 300.0):
        town.way(*((x, y) for x in steps))
    for x in steps:
        town.way((x, 0.0), (x, 100.0)).way((x, 200.0), (x, 300.0))
    town.way((0.0, 100.0), (0.0, 200.0), bridge="yes").way((1000.0, 100.0), (1000.0, 140.0))
    river = [("river", [(-200.0, 150.0), (2200.0, 150.0)])]
    made = district(town.osm(tmp_path / "t.osm"), {"b": (0, 0)}, {"s": (1000, 0)}, barriers=river)
    area = reach(made, "s", minutes=20)
    assert area.contains(at(50, 200))
    assert area.contains(at(1000, 145))
    assert not area.intersects(at(1000, 155))


def test_reach_includes_one_side_of_an_arterial(tmp_path: Path, town: Any, district: Any) -> None:
    """Along an arterial without a zebra only the school's side is in reach."""
    town.way((-3000, 0), (0, 0), (3000, 0), highway="primary").way((0, 0), (0, -300)).way((0, 0), (0, 300))
    arterial = [("arterial", [(-3000.0, 0.0), (3000.0, 0.0)])]
    made = district(town.osm(tmp_path / "t.osm"), {"b": (0, 0)}, {"s": (0, -200)}, barriers=arterial)
    area = reach(made, "s", minutes=10)
    assert area.contains(at(300, -50))
    assert area.contains(at(-300, -50))
    assert not area.intersects(shapely.box(EAST - 500, NORTH + 2, EAST + 500, NORTH + 300))


def test_an_unknown_school_is_named(grid: Path, district: Any) -> None:
    """A mistyped id is answered with the id."""
    made = district(grid, {"b": (0, 0)}, {"s": (0, 0)})
    with pytest.raises(StreetsError, match='There is no school "x" in this district'):
        reach(made, "x", minutes=5)


def test_nearest_schools_are_the_least_of_the_matrix(grid: Path, district: Any) -> None:
    """Every block's nearest school and time are those of the full table of times."""
    rng = np.random.default_rng(3)
    blocks = {f"b{k}": tuple(map(float, rng.uniform(0, 2000, 2))) for k in range(40)}
    schools = {f"s{k}": tuple(map(float, rng.uniform(0, 2000, 2))) for k in range(6)}
    made = district(grid, blocks, schools)
    found = nearest_school(made, stage="primary")
    times = measure_travel(made, stage="primary", cache=False)
    np.testing.assert_allclose(found.blocks["time_s"], times.seconds.min(axis=1), rtol=1e-5)
    assert found.blocks["school_id"].tolist() == [f"s{k}" for k in times.seconds.argmin(axis=1)]
    assert len(found.x) == len(found.node_s) == len(found.node_school)
    assert found.node_school.max() <= 5


def test_a_block_on_an_island_has_no_nearest_school(tmp_path: Path, town: Any, district: Any) -> None:
    """No way means a missing school and NaN, not the nearest in a straight line."""
    town.way((0, 0), (1000, 0), (2000, 0), (3000, 0)).way((0, 5000), (2000, 5000))
    made = district(town.osm(tmp_path / "t.osm"), {"a": (0, 0), "i": (0, 5000)}, {"s": (900, 0)})
    found = nearest_school(made, stage="primary").blocks
    assert found["school_id"].isna().tolist() == [False, True]
    assert np.isnan(found.loc["i", "time_s"])


def test_no_school_of_the_stage_is_said(grid: Path, district: Any) -> None:
    """A stage without schools has no nearest one, and the message names stage and year."""
    made = district(grid, {"b": (0, 0)}, {"s": (0, 0)})
    with pytest.raises(StreetsError, match="No school takes junior pupils in 2026"):
        nearest_school(made, stage="junior")
