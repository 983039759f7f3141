import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import Problems
from zoning.load.voronoi import cells_of
from zoning.load.zone_layers import blocks_of_zones, schools_outside, shares_of

AT = (500_000.0, 3_840_000.0)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a box near 114°E 34.7°N, its sides in metres."""
    return shapely.box(AT[0] + west, AT[1] + south, AT[0] + east, AT[1] + north)


def row_of_blocks(count: int = 4) -> gpd.GeoDataFrame:
    """Return blocks b0, b1, … of 100 m by 100 m in a row."""
    names = pd.Index([f"b{i}" for i in range(count)], name="block_id")
    return gpd.GeoDataFrame(
        geometry=[box(i * 100, 0, i * 100 + 100, 100) for i in range(count)], index=names, crs=4547
    )


def zones_of(*rows: tuple[str, str, float | None, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Return zones on WGS 84 from stage, school, year and shape in metres."""
    stage, school, year, shapes = zip(*rows, strict=True)
    frame = {"stage": stage, "school_id": school, "year": pd.array(year, dtype="Float64")}
    return gpd.GeoDataFrame(frame, geometry=list(shapes), crs=4547).to_crs(4326)


def held(zones: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> tuple[dict[str, list[str]], Problems]:
    """Return the schools of every block, and what was found."""
    found = Problems()
    pairs = blocks_of_zones(zones, blocks, found, file="zones.gpkg")
    assert list(pairs.columns) == ["stage", "school_id", "year", "block_id"]
    return pairs.groupby("block_id")["school_id"].agg(list).to_dict(), found


def codes(found: Problems) -> list[tuple[str, str]]:
    """Return code and severity of all problems."""
    return [(problem.code.removeprefix("load_layers.zone_"), problem.severity) for problem in found.items]


def test_zones_along_borders() -> None:
    """Zones drawn along the borders of blocks hold exactly those blocks, without a word."""
    zones = zones_of(
        ("primary", "s1", 2026, box(0, 0, 200, 100)), ("primary", "s2", 2026, box(200, 0, 400, 100))
    )
    schools, found = held(zones, row_of_blocks())
    assert found.items == []
    assert schools == {"b0": ["s1"], "b1": ["s1"], "b2": ["s2"], "b3": ["s2"]}


def test_split_blocks_go_to_the_larger_share() -> None:
    """A block that a border cuts goes whole to the larger share and is listed with both."""
    zones = zones_of(
        ("primary", "s1", None, box(0, 0, 130, 100)), ("primary", "s2", None, box(130, 0, 400, 100))
    )
    schools, found = held(zones, row_of_blocks())
    assert schools["b1"] == ["s2"]
    assert codes(found) == [("splits", "warning")]
    assert "b1 (s2 70%, s1 30%)" in found.items[0].what.en
    assert "b1 (s2 70%, s1 30%)" in found.items[0].what.zh


def test_blocks_outside_all_zones_are_listed() -> None:
    """A block that no zone covers gets no school and is listed."""
    schools, found = held(zones_of(("primary", "s1", None, box(0, 0, 300, 100))), row_of_blocks())
    assert sorted(schools) == ["b0", "b1", "b2"]
    assert codes(found) == [("misses", "warning")]
    assert "b3" in found.items[0].what.zh


def test_shared_zone() -> None:
    """A block that two zones both cover is a shared zone: one row for each school."""
    zones = zones_of(
        ("primary", "s1", None, box(0, 0, 300, 100)), ("primary", "s2", None, box(200, 0, 400, 100))
    )
    schools, found = held(zones, row_of_blocks())
    assert schools["b2"] == ["s1", "s2"]
    assert codes(found) == [("shared", "warning")]


def test_overlap_in_part_is_a_conflict() -> None:
    """Zones that overlap on a part of a block are a conflict, listed with the shares."""
    zones = zones_of(
        ("primary", "s1", None, box(0, 0, 240, 100)), ("primary", "s2", None, box(200, 0, 400, 100))
    )
    schools, found = held(zones, row_of_blocks())
    assert schools["b2"] == ["s2"]
    assert codes(found) == [("conflict", "warning")]
    assert "b2 (s2 100%, s1 40%)" in found.items[0].what.en


def test_stages_and_years_do_not_conflict() -> None:
    """Zones of another stage or year cover the same blocks without conflict."""
    zones = zones_of(
        ("primary", "s1", 2025, box(0, 0, 400, 100)),
        ("primary", "s2", 2026, box(0, 0, 400, 100)),
        ("junior", "s3", 2026, box(0, 0, 400, 100)),
    )
    schools, found = held(zones, row_of_blocks())
    assert found.items == []
    assert sorted(schools["b0"]) == ["s1", "s2", "s3"]


def test_zone_of_several_rows_and_rough_lines() -> None:
    """A zone drawn in several rows counts as one, and lines drawn roughly lose no block."""
    zones = zones_of(
        ("primary", "s1", None, box(-3, -5, 98, 104)),
        ("primary", "s1", None, box(98, -4, 203, 103)),
        ("primary", "s2", None, box(203, -2, 402, 101)),
    )
    schools, found = held(zones, row_of_blocks())
    assert found.items == []
    assert schools == {"b0": ["s1"], "b1": ["s1"], "b2": ["s2"], "b3": ["s2"]}


def test_zone_that_crosses_itself_and_zone_that_is_a_line() -> None:
    """A zone that crosses itself is repaired and said; a zone drawn as a line is refused."""
    bow = shapely.Polygon([(AT[0] + x, AT[1] + y) for x, y in ((0, -200), (400, 300), (400, -200), (0, 300))])
    line = shapely.LineString([AT, (AT[0] + 400, AT[1])])
    _, found = held(zones_of(("primary", "s1", None, bow), ("primary", "s2", None, line)), row_of_blocks())
    assert ("not_polygon", "error") in codes(found)
    assert ("load_layers.made_valid", "warning") in codes(found)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_zones_made_of_blocks_come_back(seed: int) -> None:
    """Any zones dissolved from blocks give back exactly those blocks after a round trip through degrees."""
    rng = np.random.default_rng(seed)
    cells = cells_of(shapely.points(rng.uniform(0, 3000, (60, 2)) + AT), box(0, 0, 3000, 3000))
    blocks = gpd.GeoDataFrame(
        geometry=cells, index=pd.Index([f"b{i}" for i in range(60)], name="block_id"), crs=4547
    )
    school = rng.integers(0, 5, 60).astype(str)
    zones = gpd.GeoDataFrame({"school_id": school, "stage": "primary"}, geometry=cells, crs=4547)
    zones = zones.dissolve("school_id").reset_index().to_crs(4326)
    schools, found = held(zones, blocks)
    assert found.items == []
    assert schools == {name: [school[i]] for i, name in enumerate(blocks.index)}


def test_shares_equal_plain_intersections() -> None:
    """Shares measured on cut-down zones equal those of whole intersections, pair by pair."""
    rng = np.random.default_rng(4)
    blocks = cells_of(shapely.points(rng.uniform(0, 1000, (80, 2))), shapely.box(0, 0, 1000, 1000))
    zones = np.array([shapely.Point(*rng.uniform(0, 1000, 2)).buffer(rng.uniform(50, 400)) for _ in range(6)])
    shares = shares_of(zones, blocks)
    got = {(int(z), int(b)): s for z, b, s in zip(shares.zone, shares.block, shares.share, strict=True)}
    for z, zone in enumerate(zones):
        for b, block in enumerate(blocks):
            expected = zone.intersection(block).area / block.area
            assert got.get((z, b), 0.0) == pytest.approx(expected if expected > 0.01 else 0.0, abs=1e-9)


def test_schools_outside_are_listed() -> None:
    """Schools in no block are found with the nearest block and the distance; those on a border are inside."""
    spots = [(50, 50), (100, 100), (450, 50), (150, -30)]
    points = [shapely.Point(AT[0] + x, AT[1] + y) for x, y in spots]
    schools = gpd.GeoDataFrame(
        geometry=points, index=pd.Index(["s1", "s2", "s3", "s4"], name="school_id"), crs=4547
    )
    found = Problems()
    outside = schools_outside(row_of_blocks(), schools, problems=found)
    assert outside["block_id"].to_dict() == {"s3": "b3", "s4": "b1"}
    assert outside["distance_m"].tolist() == pytest.approx([50.0, 30.0])
    assert [(p.code, p.row, p.value, p.severity) for p in found.items] == [
        ("load_layers.school_outside", 4, "s3", "warning"),
        ("load_layers.school_outside", 5, "s4", "warning"),
    ]
