# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from zoning.errors import CrsError, StreetsError
from zoning.travel import download_streets, measure_travel, read_streets

CRS = "EPSG:4547"


@pytest.fixture
def mixed(town: Any) -> Any:
    """A town with what every reader must keep: one-ways, bends, a bridge, a zebra, a bollard, speeds."""
    town.way((0, 0), (300, 40), (1000, 0), (2000, 0), highway="primary", maxspeed="50")
    town.way((1000, 0), (1000, 700), (2000, 700), oneway="yes").way((2000, 0), (2000, 700), oneway="-1")
    town.way((300, 40), (300, 900), (1000, 700), highway="footway", bridge="yes")
    town.way((0, 0), (0, 900), (300, 900), highway="service", access="private")
    return town.tag((1000, 0), highway="crossing").tag((0, 900), barrier="bollard")


def summary(streets: Any) -> list[tuple[object, ...]]:
    """Return what a map says, without regard to the order of nodes and segments."""
    rows = []
    for k in range(streets.segments):
        a, b = int(streets.start[k]), int(streets.end[k])
        ends = [(round(float(streets.x[n]), 2), round(float(streets.y[n]), 2)) for n in (a, b)]
        times = [round(float(t[k]), 4) for t in (streets.forward_s, streets.backward_s)]
        bits = [int(streets.crossing[n]) for n in (a, b)]
        if ends[0] > ends[1]:
            ends, times, bits = ends[::-1], times[::-1], bits[::-1]
        flags = (bool(streets.bridge[k]), bool(streets.private[k]), bool(streets.joins[k]))
        rows.append((*ends, *times, *bits, *flags))
    return sorted(rows)


@pytest.mark.parametrize("mode", ["walk", "drive"])
@pytest.mark.parametrize("simplified", [False, True])
def test_graphml_and_osm_are_the_same_streets(tmp_path: Path, mixed: Any, mode: Any, simplified: Any) -> None:
    """An osmnx graph of the file gives the same segments, directions, speeds, bridges and crossings."""
    import osmnx

    file = mixed.osm(tmp_path / "t.osm")
    from zoning.travel.streets import _settings

    with _settings(osmnx.settings, {}):
        graph = osmnx.graph_from_xml(file, simplify=False, retain_all=True)
    if simplified:
        # Bridges and tags must not be melted into one edge with the street beside them.
        graph = osmnx.simplify_graph(
            graph, node_attrs_include=["highway", "barrier"], edge_attrs_differ=["highway", "oneway"]
        )
    osmnx.save_graphml(graph, tmp_path / "t.graphml")
    wanted = read_streets(file, mode=mode, crs=CRS)
    assert summary(read_streets(tmp_path / "t.graphml", mode=mode, crs=CRS)) == summary(wanted)


def test_only_highways_become_streets(tmp_path: Path, town: Any) -> None:
    """The outline of a school has no highway tag and must not become a way to walk along."""
    town.way((0, 0), (100, 0))
    town.ways.append(([(0, 50), (50, 50), (50, 90), (0, 50)], {"amenity": "school"}))
    town.ways.append(([(0, 150), (50, 150)], {"barrier": "wall"}))
    town.way((0, 250), (50, 250), highway="construction")
    assert read_streets(town.osm(tmp_path / "t.osm"), crs=CRS).segments == 1


def test_pbf_and_osm_are_the_same_streets(tmp_path: Path, mixed: Any) -> None:
    """The packed form of a file holds the same streets."""
    import osmium

    file = mixed.osm(tmp_path / "t.osm")
    with osmium.SimpleWriter(str(tmp_path / "t.osm.pbf")) as writer:
        for item in osmium.FileProcessor(str(file)):
            writer.add(item)
    for mode in ("walk", "drive"):
        found = read_streets(tmp_path / "t.osm.pbf", mode=mode, crs=CRS)
        assert summary(found) == summary(read_streets(file, mode=mode, crs=CRS))


def test_nodes_numbered_below_zero_are_read(tmp_path: Path, mixed: Any) -> None:
    """An editor that adds a missing bridge numbers its nodes -1, -2, ...; they are streets too."""
    file = mixed.osm(tmp_path / "t.osm")
    wanted = summary(read_streets(file, crs=CRS))
    text = file.read_text(encoding="utf-8").replace('id="', 'id="-').replace('ref="', 'ref="-')
    file.write_text(text, encoding="utf-8")
    assert summary(read_streets(file, crs=CRS)) == wanted


def test_ways_are_cut_at_nodes_that_the_file_lacks(tmp_path: Path, town: Any, district: Any) -> None:
    """An extract without a way's middle node leaves a gap, not a straight line over it, and a note."""
    file = town.way((0, 0), (100, 0), (100, 900), (200, 0), (300, 0)).osm(tmp_path / "t.osm")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if 'node id="3"' not in line), encoding="utf-8")
    assert read_streets(file, crs=CRS).metres.tolist() == pytest.approx([100, 100], abs=0.1)
    made = district(file, {"b": (0, 0)}, {"s": (90, 0)})
    notes = " ".join(note.en for note in measure_travel(made, cache=False).notes)
    assert "lacks 1 points that its ways name" in notes


def test_the_metric_crs_is_chosen_from_the_map(tmp_path: Path, town: Any) -> None:
    """A map without a district is measured in the zone that it lies in."""
    file = town.way((0, 0), (1000, 0)).osm(tmp_path / "t.osm")
    streets = read_streets(file)
    assert streets.crs.to_epsg() == 4547
    assert streets.metres[0] == pytest.approx(1000, abs=0.1)


def write(path: Path, content: str) -> Path:
    """Write a file and return it."""
    path.write_text(content, encoding="utf-8")
    return path


def test_a_missing_map_is_named(tmp_path: Path) -> None:
    """The message names the file and says what to put there."""
    with pytest.raises(
        StreetsError, match=r"gone\.osm: there is no street map of that name\. Put streets\.osm"
    ):
        read_streets(tmp_path / "gone.osm")


def test_another_kind_of_file_is_named(tmp_path: Path) -> None:
    """A shapefile is no street map here, and the message lists what is."""
    with pytest.raises(
        StreetsError, match=r"roads\.shp is not a street map.* Use \.osm, \.osm\.pbf or \.graphml"
    ):
        read_streets(write(tmp_path / "roads.shp", "x"))


@pytest.mark.parametrize("name", ["t.osm", "t.osm.pbf", "t.graphml"])
@pytest.mark.parametrize("content", ["", "hello", "<html></html>", "<osm version='0.6'><node"])
def test_a_damaged_map_is_named(tmp_path: Path, name: str, content: str) -> None:
    """No broken file gives a traceback of a library."""
    with pytest.raises(StreetsError, match=rf"{name} (is damaged|holds no street)"):
        read_streets(write(tmp_path / name, content))


def test_a_map_without_highways_is_named(tmp_path: Path, town: Any) -> None:
    """Buildings alone are no street map."""
    town.ways.append(([(0, 0), (50, 50)], {"building": "yes"}))
    with pytest.raises(StreetsError, match=r"t\.osm holds no street: nothing in it has a highway tag"):
        read_streets(town.osm(tmp_path / "t.osm"))


@pytest.mark.parametrize(("mode", "highway"), [("drive", "footway"), ("walk", "motorway")])
def test_a_map_without_streets_of_the_mode_is_named(
    tmp_path: Path, town: Any, mode: Any, highway: str
) -> None:
    """Footways alone cannot be driven, a motorway alone cannot be walked."""
    file = town.way((0, 0), (50, 50), highway=highway).osm(tmp_path / "t.osm")
    with pytest.raises(StreetsError, match=rf"but none that may be {mode[:4]}"):
        read_streets(file, mode=mode)


def test_impossible_latitudes_are_swapped_axes(tmp_path: Path, town: Any) -> None:
    """A latitude of 113 degrees is a longitude, and the message says so."""
    file = town.way((0, 0), (500, 0)).osm(tmp_path / "t.osm")
    text = file.read_text(encoding="utf-8").replace(' lon="', ' was="').replace(' lat="', ' lon="')
    file.write_text(text.replace(' was="', ' lat="'), encoding="utf-8")
    with pytest.raises(StreetsError, match=r"t\.osm: longitude and latitude have changed places"):
        read_streets(file)


def test_degrees_are_refused_as_a_measure(tmp_path: Path, town: Any) -> None:
    """Lengths in degrees are no lengths."""
    file = town.way((0, 0), (500, 0)).osm(tmp_path / "t.osm")
    with pytest.raises(CrsError, match="not measured in metres"):
        read_streets(file, crs="EPSG:4326")


def overpass_answer(file: Path) -> bytes:
    """Return an .osm file as an Overpass server answers."""
    elements: list[dict[str, Any]] = []
    for item in ET.parse(file).getroot():  # noqa: S314 - our own
        tags = {tag.get("k"): tag.get("v") for tag in item.findall("tag")}
        element: dict[str, Any] = {"type": item.tag, "id": int(item.get("id", "0"))} | (
            {"tags": tags} if tags else {}
        )
        if item.tag == "node":
            element |= {"lon": float(item.get("lon", "0")), "lat": float(item.get("lat", "0"))}
        else:
            element["nodes"] = [int(nd.get("ref", "0")) for nd in item.findall("nd")]
        elements.append(element)
    return json.dumps({"version": 0.6, "elements": elements}).encode()


@pytest.fixture
def overpass(tmp_path: Path, mixed: Any) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that answers as Overpass does; its address and what it was asked."""
    answer, asked = overpass_answer(mixed.osm(tmp_path / "source.osm")), []

    class Stub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_download_is_the_same_streets_as_the_file(
    tmp_path: Path, overpass: Any, district: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Overpass answers is saved as graphml, and read back it is the streets of the source."""
    import osmnx

    monkeypatch.chdir(tmp_path)
    address, asked = overpass
    before = {
        name: getattr(osmnx.settings, name) for name in ("overpass_url", "use_cache", "useful_tags_way")
    }
    made = district(None, {"b": (0, 0), "c": (2000, 900)}, {"s": (500, 0)})
    file = download_streets(made, tmp_path / "new" / "s.graphml", overpass_url=address, rate_limit=False)
    assert len(asked) == 1
    assert "highway" in asked[0]
    assert before == {name: getattr(osmnx.settings, name) for name in before}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "source.osm"]
    assert [path.name for path in file.parent.iterdir()] == ["s.graphml"]
    wanted = summary(read_streets(tmp_path / "source.osm", crs=CRS))
    assert summary(read_streets(file, crs=CRS)) == wanted
    assert np.isfinite([row[2] for row in wanted]).all()


def test_no_network_is_said(tmp_path: Path, district: Any) -> None:
    """A server that is not there gives a cure, not a traceback, and no file."""
    made = district(None, {"b": (0, 0)}, {"s": (500, 0)})
    with pytest.raises(
        StreetsError, match=r"could not be downloaded \(ConnectionError\)\. Check the network"
    ):
        download_streets(
            made, tmp_path / "s.graphml", overpass_url="http://127.0.0.1:9/api", rate_limit=False
        )
    assert list(tmp_path.iterdir()) == []


def test_a_download_is_graphml(tmp_path: Path, district: Any) -> None:
    """Another ending would be written in one format and read as another."""
    made = district(None, {"b": (0, 0)}, {"s": (500, 0)})
    with pytest.raises(StreetsError, match=r"s\.osm: a download is saved as \.graphml"):
        download_streets(made, tmp_path / "s.osm")
