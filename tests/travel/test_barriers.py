# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoning.travel import measure_travel
from zoning.travel.barriers import barriers_of, respect
from zoning.travel.streets import read_streets

RIVER = ("river", [(-200.0, 500.0), (2200.0, 500.0)])
RAILWAY = ("railway", [(-200.0, 500.0), (2200.0, 500.0)])
WALL = ("wall", [(-200.0, 500.0), (2200.0, 500.0)])
ARTERIAL = ("arterial", [(-2000.0, 500.0), (4000.0, 500.0)])
BLOCK, SCHOOL = {"b": (100.0, 0.0)}, {"s": (100.0, 1000.0)}


def two_streets(town: Any) -> Any:
    """Two parallel streets north, joined at both ends; the first 100 m east, the second 1,900 m east."""
    town.way((0, 0), (100, 0), (1900, 0), (2000, 0)).way((0, 1000), (100, 1000), (1900, 1000), (2000, 1000))
    return town


def metres(district: Any, file: Path, barrier: Any, **more: Any) -> Any:
    """Return metres from the block to the school, and the notes."""
    times = measure_travel(district(file, BLOCK, SCHOOL, barriers=[barrier]), cache=False, **more)
    return float(times.metres[0, 0]), " ".join(note.en for note in times.notes)


def test_a_street_without_a_bridge_ends_at_the_river(tmp_path: Path, town: Any, district: Any) -> None:
    """Pupils go round by the bridge; whoever does not respect barriers goes straight on."""
    two_streets(town).way((100, 0), (100, 1000)).way((1900, 0), (1900, 400))
    town.way((1900, 400), (1900, 600), bridge="yes").way((1900, 600), (1900, 1000))
    file = town.osm(tmp_path / "t.osm")
    assert metres(district, file, RIVER)[0] == pytest.approx(1800 + 1000 + 1800, abs=2)
    assert metres(district, file, RIVER, respects_barriers=False)[0] == pytest.approx(1000, abs=2)


def test_a_river_without_any_bridge_is_noted(tmp_path: Path, town: Any, district: Any) -> None:
    """A bridge that is missing from the map makes NaN, and the river, the island and the block are named."""
    two_streets(town).way((100, 0), (100, 1000)).way((1900, 0), (1900, 1000))
    found, notes = metres(district, town.osm(tmp_path / "t.osm"), RIVER)
    assert np.isnan(found)
    assert (
        "The river in row 2 of barriers has no bridge or tunnel in the street map, though 2 streets" in notes
    )
    assert "no school can be reached: 1 (b)" in notes
    assert "not joined to the main one: 1" in notes


@pytest.mark.parametrize(
    ("barrier", "tags_opens"),
    [
        (RAILWAY, ({"railway": "level_crossing"}, True)),
        (RAILWAY, ({"railway": "crossing"}, True)),
        (RAILWAY, ({"barrier": "gate"}, False)),
        (ARTERIAL, ({"highway": "crossing"}, True)),
        (ARTERIAL, ({"railway": "level_crossing"}, False)),
        (RIVER, ({"highway": "crossing"}, False)),
        (WALL, ({"barrier": "gate"}, True)),
        (WALL, ({"highway": "crossing"}, False)),
    ],
)
def test_each_barrier_opens_for_its_own_crossings(
    tmp_path: Path, town: Any, district: Any, barrier: Any, tags_opens: Any
) -> None:
    """A level crossing opens a railway, a zebra an arterial, a gate a wall; only a bridge opens a river."""
    tags, opens = tags_opens
    two_streets(town).way((100, 0), (100, 500), (100, 1000)).tag((100, 500), **tags)
    found, _ = metres(district, town.osm(tmp_path / "t.osm"), barrier)
    assert np.isfinite(found) == opens


def test_a_crossing_counts_near_the_meeting_only(tmp_path: Path, town: Any, district: Any) -> None:
    """A zebra 25 m from where the street meets the line serves it, one 60 m off does not."""
    near = two_streets(town).way((100, 0), (100, 475), (100, 1000)).tag((100, 475), highway="crossing")
    assert np.isfinite(metres(district, near.osm(tmp_path / "near.osm"), ARTERIAL)[0])
    far = two_streets(type(town)()).way((100, 0), (100, 440), (100, 1000)).tag((100, 440), highway="crossing")
    assert np.isnan(metres(district, far.osm(tmp_path / "far.osm"), ARTERIAL)[0])


@pytest.fixture
def arterial_town(town: Any) -> Any:
    """An arterial eastwards with side streets at 100 m and 1,900 m on both sides, a zebra at 1,000 m."""
    two_streets(town)
    town.way((-2000, 500), (100, 500), (1000, 500), (1900, 500), (4000, 500), highway="primary")
    return town.way((100, 0), (100, 500), (100, 1000))


def test_an_arterial_is_walked_along_and_crossed_at_the_zebra(
    tmp_path: Path, arterial_town: Any, district: Any
) -> None:
    """From a side street the pupil walks along its own side to the zebra and back on the other side."""
    file = arterial_town.tag((1000, 500), highway="crossing").osm(tmp_path / "t.osm")
    found, notes = metres(district, file, ARTERIAL)
    assert found == pytest.approx(500 + 900 + 900 + 500, abs=2)
    assert "0 street sections end there; 1 bridges" in notes


def test_an_arterial_ends_where_its_line_ends(tmp_path: Path, arterial_town: Any, district: Any) -> None:
    """Without a zebra the pupil walks round the end of the arterial, its west end here."""
    found, _ = metres(district, arterial_town.osm(tmp_path / "t.osm"), ARTERIAL)
    assert found == pytest.approx(500 + 2100 + 2100 + 500, abs=2)


def test_an_arterial_drawn_beside_its_road_is_still_that_road(
    tmp_path: Path, arterial_town: Any, district: Any
) -> None:
    """A line traced 6 m off the road's own line bars the road as the exact line does."""
    file = arterial_town.tag((1000, 500), highway="crossing").osm(tmp_path / "t.osm")
    beside = ("arterial", [(-2005.0, 506.0), (4000.0, 506.0)])
    assert metres(district, file, beside)[0] == pytest.approx(2800, abs=2)


def test_a_block_joins_its_own_side_of_an_arterial(tmp_path: Path, arterial_town: Any, district: Any) -> None:
    """Blocks opposite each other on an arterial are a walk to the zebra apart."""
    file = arterial_town.tag((1000, 500), highway="crossing").osm(tmp_path / "t.osm")
    made = district(
        file,
        {"south": (700.0, 480.0), "north": (700.0, 520.0)},
        {"s": (700.0, 515.0)},
        barriers=[ARTERIAL],
    )
    times = measure_travel(made, cache=False)
    assert times.metres[:, 0] == pytest.approx([20 + 300 + 300 + 15, 20 + 15], abs=2)


def test_a_block_is_not_joined_across_a_river(tmp_path: Path, town: Any, district: Any) -> None:
    """The street on the block's own bank is taken though the other bank's is nearer; without one, a note."""
    town.way((0, 0), (2000, 0)).way((0, 1000), (2000, 1000)).way((0, 0), (0, 1000), bridge="yes")
    file = town.osm(tmp_path / "t.osm")
    spots = {"b": (1000.0, 450.0)}, {"s": (1000.0, 1000.0)}
    river = ("river", [(-200.0, 400.0), (2200.0, 400.0)])
    own = measure_travel(district(file, *spots, barriers=[river]), cache=False)
    assert own.block_snap_m[0] == pytest.approx(550, abs=1)
    between = measure_travel(district(file, *spots, barriers=[river, RIVER]), cache=False)
    assert between.block_snap_m[0] == pytest.approx(450, abs=1)
    assert "joined across a barrier, having no street on their own side: 1 (b)" in between.notes[-1].en


def test_the_ends_of_a_cut_street_stay(tmp_path: Path, town: Any, district: Any) -> None:
    """A street that ends at a river still serves the houses along it, to a metre from the water."""
    file = town.way((0, 0), (0, 1000)).osm(tmp_path / "t.osm")
    made = district(file, {"b": (0.0, 300.0)}, {"s": (0.0, 0.0)}, barriers=[RIVER])
    streets = read_streets(file, crs=made.place.crs)
    barred = respect(streets, barriers_of(made.table("barriers")))
    usable = np.isfinite(barred.streets.forward_s)
    assert barred.streets.metres[usable] == pytest.approx([499, 499], abs=0.5)
    assert (barred.cut.tolist(), barred.open.tolist(), len(barred.removed)) == ([1], [0], 1)


def test_a_dead_end_at_a_barrier_is_no_crossing(tmp_path: Path, town: Any, district: Any) -> None:
    """A lane that stops at the railway is neither cut nor counted."""
    file = town.way((0, 0), (500, 0), (1000, 0)).way((500, 0), (500, 500)).osm(tmp_path / "t.osm")
    made = district(file, {"b": (500.0, 490.0)}, {"s": (0.0, 0.0)}, barriers=[RAILWAY])
    times = measure_travel(made, cache=False)
    assert times.metres[0, 0] == pytest.approx(990, abs=1)
    assert "0 street sections end there" in times.notes[0].en
