# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from zoning.errors import StreetsError
from zoning.travel import measure_travel


def english(times: Any) -> str:
    """Return all notes as one English text."""
    return " ".join(note.en for note in times.notes)


def test_walk_is_the_way_along_the_streets_with_both_legs(tmp_path: Path, town: Any, district: Any) -> None:
    """A journey is leg, streets, leg, walked at 1.2 m/s, to half a metre."""
    town.way((0, 0), (1000, 0)).way((1000, 0), (1000, 600))
    made = district(town.osm(tmp_path / "t.osm"), {"a": (50, 10)}, {"s": (1000, 590), "t": (950, 20)})
    times = measure_travel(made, cache=False)
    np.testing.assert_allclose(times.metres, [[10 + 950 + 590, 10 + 900 + 20]], atol=0.5)
    np.testing.assert_allclose(times.seconds * 1.2, times.metres, rtol=1e-6)
    assert times.block_snap_m[0] == pytest.approx(10, abs=0.1)
    assert times.seconds.dtype == times.metres.dtype == times.block_snap_m.dtype == np.float32


def test_points_on_one_street_are_as_far_apart_as_they_stand(
    tmp_path: Path, town: Any, district: Any
) -> None:
    """Neither goes to the end of the street and back, though no node lies between them."""
    town.way((0, 0), (1000, 0))
    made = district(town.osm(tmp_path / "t.osm"), {"a": (400, 0)}, {"s": (430, 0)})
    assert measure_travel(made, cache=False).metres[0, 0] == pytest.approx(30, abs=0.1)


def test_driving_obeys_a_oneway_and_walking_does_not(tmp_path: Path, town: Any, district: Any) -> None:
    """By car there and back differ by the way round; on foot they do not."""
    town.way((0, 0), (1000, 0), oneway="yes").way((1000, 0), (1000, 500), (0, 500), (0, 0))
    file = town.osm(tmp_path / "t.osm")
    there = district(file, {"a": (100, 0)}, {"s": (900, 0)})
    back = district(file, {"a": (900, 0)}, {"s": (100, 0)})
    drive = [measure_travel(made, mode="drive", cache=False) for made in (there, back)]
    walk = [measure_travel(made, mode="walk", cache=False) for made in (there, back)]
    assert drive[0].metres[0, 0] == pytest.approx(800, abs=1)
    assert drive[1].metres[0, 0] == pytest.approx(100 + 500 + 1000 + 500 + 100, abs=1)
    assert drive[1].seconds[0, 0] == pytest.approx(2200 / (30 / 3.6), rel=1e-3)
    assert walk[0].metres[0, 0] == pytest.approx(walk[1].metres[0, 0], rel=1e-6)


def test_a_drive_walks_its_legs(tmp_path: Path, town: Any, district: Any) -> None:
    """The way from the door to the road is on foot whatever the mode."""
    town.way((0, 0), (1000, 0), maxspeed="36")
    made = district(town.osm(tmp_path / "t.osm"), {"a": (0, 120)}, {"s": (1000, 60)})
    times = measure_travel(made, mode="drive", cache=False)
    assert times.seconds[0, 0] == pytest.approx(120 / 1.2 + 1000 / 10 + 60 / 1.2, rel=1e-3)
    assert times.metres[0, 0] == pytest.approx(1180, abs=1)
    assert "without junctions or rush hour" in english(times)


def test_a_gated_estate_is_no_way_through(tmp_path: Path, town: Any, district: Any) -> None:
    """Residents use their private drive, passers-by go round; a school's own drive is used to get in."""
    town.way((0, 0), (400, 0)).way((400, 0), (400, 1000), (600, 1000), (600, 0)).way((600, 0), (1000, 0))
    town.way((400, 0), (500, 0), (600, 0), highway="service", access="private")
    file = town.osm(tmp_path / "t.osm")
    made = district(file, {"outside": (100, 0), "inside": (500, 0)}, {"beyond": (900, 0), "within": (450, 0)})
    found = measure_travel(made, cache=False).metres
    np.testing.assert_allclose(found, [[300 + 2200 + 300, 350], [400, 50]], atol=1)


def test_islands_are_reported_with_who_stands_on_them(tmp_path: Path, town: Any, district: Any) -> None:
    """Streets without a link are counted, blocks and schools on them named, and their times are NaN."""
    town.way((0, 0), (1000, 0), (2000, 0), (3000, 0)).way((0, 5000), (2000, 5000))
    made = district(
        town.osm(tmp_path / "t.osm"),
        {"home": (100, 0), "isle": (100, 5000)},
        {"s": (900, 0), "far": (1900, 5000)},
    )
    times = measure_travel(made, cache=False)
    assert np.isnan(times.seconds).tolist() == [[False, True], [True, False]]
    assert "not joined to the main one: 1, with 2 of its 6 nodes" in english(times)
    assert "Blocks on such an island: 1 (isle)" in english(times)
    assert "Schools on such an island: 1 (far)" in english(times)


def test_a_scrap_of_street_is_passed_over_with_a_note(tmp_path: Path, town: Any, district: Any) -> None:
    """A block by a drawing fault of 100 m is joined to the street behind it, and the report says so."""
    town.way((0, 0), (2000, 0)).way((500, 100), (600, 100))
    made = district(town.osm(tmp_path / "t.osm"), {"b": (550, 110)}, {"s": (0, 0)})
    times = measure_travel(made, cache=False)
    assert times.metres[0, 0] == pytest.approx(110 + 550, abs=1)
    assert "past a nearer scrap of street (under 1000 m) that leads nowhere: 1 (b)" in english(times)


def test_points_far_from_any_street_are_listed(tmp_path: Path, town: Any, district: Any) -> None:
    """A leg of more than 500 m is named: either the map lacks a lane or the point is wrong."""
    town.way((0, 0), (2000, 0))
    made = district(
        town.osm(tmp_path / "t.osm"), {"b": (550, 499), "c": (0, 501)}, {"s": (0, 0), "t": (9, 700)}
    )
    text = english(measure_travel(made, cache=False))
    assert "Blocks more than 500 m from the nearest street: 1 (c)" in text
    assert "Schools more than 500 m from the nearest street: 1 (t)" in text


def test_without_a_street_map_straight_lines_are_stated(district: Any) -> None:
    """Straight line times 1.3 at walking speed, and notes that say so."""
    made = district(None, {"b": (0, 0)}, {"s": (300, 400)}, barriers=[("river", [(0, 200), (300, 200)])])
    times = measure_travel(made)
    assert times.metres[0, 0] == pytest.approx(650, abs=0.1)
    assert times.seconds[0, 0] == pytest.approx(650 / 1.2, rel=1e-4)
    assert "straight lines times 1.3, at 4.3 km/h" in english(times)
    assert "barriers were not respected" in english(times)
    assert not times.along_streets


def test_the_stage_gives_mode_and_barriers(tmp_path: Path, town: Any, district: Any) -> None:
    """Primary pupils walk and respect the river, senior pupils are driven and do not."""
    town.way((0, 0), (0, 1000))
    river = [("river", [(-500, 500), (500, 500)])]
    made = district(town.osm(tmp_path / "t.osm"), {"b": (0, 100)}, {"s": (0, 900)}, barriers=river)
    primary = measure_travel(made, stage="primary", cache=False)
    senior = measure_travel(made, stage="senior", cache=False)
    assert primary.mode == "walk"
    assert primary.along_streets
    assert np.isnan(primary.seconds[0, 0])
    assert senior.mode == "drive"
    assert senior.metres[0, 0] == pytest.approx(800, abs=1)
    asked = measure_travel(made, stage="primary", respects_barriers=False, cache=False)
    assert asked.metres[0, 0] == pytest.approx(800, abs=1)


def test_a_settlement_point_goes_before_the_middle_of_the_block(
    tmp_path: Path, town: Any, district: Any
) -> None:
    """Where the people of a large block live is where its journeys begin; blocks without one use a middle."""
    town.way((0, 0), (1000, 0))
    made = district(town.osm(tmp_path / "t.osm"), {"b": (500, 0), "c": (700, 0)}, {"s": (0, 0)})
    blocks = made.blocks
    blocks["settlement"] = [shapely.Point(400_100, 3_800_000), None]
    times = measure_travel(replace(made, block_frame=blocks), cache=False)
    assert times.metres[:, 0] == pytest.approx([100, 700], abs=1)


def test_the_schools_and_blocks_order_is_the_districts(tmp_path: Path, town: Any, district: Any) -> None:
    """Rows and columns follow the district, whatever its order."""
    town.way((0, 0), (1000, 0))
    file = town.osm(tmp_path / "t.osm")
    one = district(file, {"a": (0, 0), "b": (200, 0)}, {"s": (900, 0), "t": (500, 0)})
    two = district(file, {"b": (200, 0), "a": (0, 0)}, {"t": (500, 0), "s": (900, 0)})
    first, second = measure_travel(one, cache=False), measure_travel(two, cache=False)
    assert second.block_ids == ("b", "a")
    np.testing.assert_allclose(first.to(["t", "s"])[::-1], second.seconds)


def test_a_map_of_another_place_is_refused(tmp_path: Path, town: Any, district: Any) -> None:
    """A street map 300 km off would make every leg 300 km long; it is named instead."""
    file = town.way((300_000, 0), (300_500, 0)).osm(tmp_path / "other.osm")
    made = district(file, {"b": (0, 0)}, {"s": (100, 0)})
    with pytest.raises(StreetsError, match=r"other.osm is a map of another place: its middle is at 116\.\d+"):
        measure_travel(made, cache=False)


def test_blocks_with_swapped_axes_are_recognised(tmp_path: Path, district: Any) -> None:
    """A map whose longitude is the blocks' latitude is told from a map of another place."""
    back = Transformer.from_crs(4547, 4326, always_xy=True)
    lon, lat = back.transform(400_000, 3_800_000)
    # The true place of the streets is at 34 east, 80 north; blocks were read with the axes the other way.
    file = tmp_path / "t.osm"
    file.write_text(
        f"""<osm version="0.6"><node id="1" lat="{lat + 30}" lon="{lon - 80}"/>
        <node id="2" lat="{lat + 30.001}" lon="{lon - 80}"/>
        <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way></osm>""",
        encoding="utf-8",
    )
    metric = CRS.from_epsg(32638)
    x, y = Transformer.from_crs(4326, metric, always_xy=True).transform(lat + 30, lon - 80)
    made = district(file, {"b": (0, 0)}, {"s": (100, 0)})
    moved = {"geometry": [shapely.Point(x, y).buffer(50)]}, {"geometry": [shapely.Point(x, y)]}
    made = replace(
        made,
        place=replace(made.place, crs=metric),
        block_frame=gpd.GeoDataFrame(moved[0], index=["b"], crs=metric),
        school_frame=gpd.GeoDataFrame(moved[1], index=["s"], crs=metric),
    )
    with pytest.raises(StreetsError, match=r"t.osm: longitude and latitude have changed places"):
        measure_travel(made, cache=False)


def test_an_unknown_mode_is_refused(district: Any) -> None:
    """A mode that nobody measures is answered with the two that there are."""
    with pytest.raises(StreetsError, match=r'"bike" is not a mode of travel\. Use walk'):
        measure_travel(district(None, {"b": (0, 0)}, {"s": (1, 0)}), mode="bike")
