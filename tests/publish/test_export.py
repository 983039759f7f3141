"""Files for QGIS, Excel and the package itself."""

import csv
import io
import json
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from tests.publish.conftest import Made

from zoning.errors import Text
from zoning.load import read_plan
from zoning.plan import Plan
from zoning.proposal import Reason
from zoning.publish import Published, publish_plan, write_forecast
from zoning.publish.geometry import zones_of
from zoning.publish.plans import safe_cell
from zoning.zones import ZoneOptions


@pytest.fixture(scope="module")
def files(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """All files of the primary plan."""
    result = made.primary
    return publish_plan(
        made.district, result.plan, result.card, folder=tmp_path_factory.mktemp("plan"),
        proposal=result.proposal, demand=made.demand, times=result.times, against=result.against,
    )  # fmt: skip


def plan_of(path: Path) -> Plan:
    """Read a plan file with nothing but pandas."""
    frame = pd.read_csv(path, dtype="str", encoding="utf-8-sig")
    schools: dict[str, list[str]] = {}
    for block, school in zip(frame["block_id"], frame["school_id"], strict=True):
        schools.setdefault(block, []).append(school)
    return Plan.of(frame["stage"].iloc[0], int(frame["year"].iloc[0]), schools)


def test_a_plan_reads_back_equal(files: Published, made: Made) -> None:
    """What is written is the plan, shared zones included; another plan would not pass."""
    assert plan_of(files["plan"]) == made.primary.plan
    assert plan_of(files["plan"]) != made.primary.plan.moved({"b000000": "s2"})


@pytest.mark.parametrize("kind", ["plan", "record", "geopackage"])
def test_the_package_reads_its_own_files(files: Published, made: Made, kind: str) -> None:
    """A plan comes back the same from its table, its record, and the layer that QGIS edits."""
    assert read_plan(files[kind], made.district) == made.primary.plan


def test_the_record_says_what_was_proved(files: Published, made: Made) -> None:
    """plan.json holds seed, iterations, bound and the digests that tie plan and data together."""
    record = json.loads(files["record"].read_text(encoding="utf-8"))
    assert record["plan_digest"] == made.primary.plan.digest
    assert (record["seed"], record["iterations"], record["format"]) == (7, 400, 2)
    assert record["gap"] == pytest.approx((1.9e6 - 1.88e6) / 1.88e6)
    assert record["prices"] == {"s0": 900.0}
    assert record["scorecard"]["shape.none"]["value"] is None
    assert "seconds" not in record
    assert record["certificate"]["cuts"] == []
    assert record["journey_prices"] == {
        "beyond_journey_s": 600.0, "beyond_radius_s": 60.0, "moved_s": 300.0, "left_town_s": None,
        "misplaced_s": None, "split_feeder_s": 0.0,
    }  # fmt: skip
    assert record["against"]["digest"] == made.primary.against.digest  # type: ignore[union-attr]


def test_why_a_block_has_its_school_is_in_the_tables(made: Made, tmp_path: Path) -> None:
    """The plan file carries a stable code, the table for Excel the sentence, and locked rows are marked."""
    result = made.primary
    assert result.proposal is not None
    why = Reason("capacity", "s1", 125.0, Text("School 2 is full.", "第2学校学位已满。"))
    files = publish_plan(
        made.district, result.plan, result.card, folder=tmp_path, times=result.times, atlas=False,
        proposal=replace(result.proposal, reasons={"b000000": why}),
        options=ZoneOptions(locked_blocks=("b000001",)),
    )  # fmt: skip
    rows = pd.read_csv(files["plan"], encoding="utf-8-sig", dtype="str").set_index("block_id")
    assert (rows.loc["b000000", "reason"], rows.loc["b000001", "locked"]) == ("capacity", "yes")
    assert rows.loc["b000003", "reason"].tolist() == ["shared", "shared"]
    assert read_plan(files["plan"], made.district) == result.plan
    table = pd.read_csv(files["table"], encoding="utf-8-sig", dtype="str").set_index("block_id")
    assert table.loc["b000000", "reason"] == "第2学校学位已满。"


def test_qgis_finds_a_style_for_every_layer(files: Published) -> None:
    """QGIS opens each layer in colour: a default style that parses, one category a zone."""
    layers = {"zones_primary", "blocks", "schools"}
    assert layers <= set(pyogrio.list_layers(files["geopackage"])[:, 0])
    with closing(sqlite3.connect(files["geopackage"])) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles",
        ).fetchall()
        registered = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
    assert {row[0] for row in rows} == layers
    assert all(row[1] == "geom" and row[2] == 1 for row in rows)
    assert registered == ("attributes",)
    styles = {row[0]: ET.fromstring(row[3].split(">", 1)[1]) for row in rows}  # noqa: S314 - written above
    zones = gpd.read_file(files["geopackage"], layer="zones_primary")
    categories = styles["zones_primary"].iter("category")
    assert sorted(c.attrib["value"] for c in categories) == sorted(zones["school_id"])
    assert styles["blocks"].find("renderer-v2") is not None


def test_zones_cover_the_blocks_exactly(files: Published, made: Made) -> None:
    """Dissolved zones have no gap and no overlap: their areas add up to the blocks' and to their union's."""
    zones = gpd.read_file(files["geopackage"], layer="zones_primary")
    blocks = made.district.block_frame.geometry
    assert zones.area.sum() == pytest.approx(blocks.area.sum(), abs=1e-3)
    assert zones.union_all().area == pytest.approx(blocks.area.sum(), abs=1e-3)
    assert zones["shared"].sum() == 1
    assert zones.crs.to_epsg() == 4547


def test_zones_survive_borders_that_do_not_match(made: Made) -> None:
    """Blocks overlapping by a millimetre are dissolved the careful way rather than silently wrong."""
    shapes = made.district.block_frame.geometry.to_numpy().copy()
    shapes[0] = shapely.buffer(shapes[0], 0.001, join_style="mitre")
    zones = zones_of(made.district, made.primary.plan, shapes=shapes)
    assert zones.geometry.is_valid.all()
    assert zones.union_all().area == pytest.approx(shapely.union_all(shapes).area, rel=1e-9)


def test_geojson_is_what_rfc_7946_asks(files: Published) -> None:
    """Web maps get WGS 84, anticlockwise outer rings and no CRS member."""
    found = json.loads(files["geojson"].read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    for feature in found["features"]:
        for part in shapely.get_parts(shapely.from_geojson(json.dumps(feature["geometry"]))):
            assert shapely.is_ccw(part.exterior)
            west, south, east, north = part.bounds
            assert 112 < west < east < 116
            assert 33 < south < north < 36


def test_the_table_is_for_excel(files: Published, made: Made) -> None:
    """Excel reads Chinese because of the byte order mark, and every block has its row, in order."""
    raw = files["table"].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(files["table"], encoding="utf-8-sig", dtype={"block_id": "str"})
    assert table["block_id"].tolist() == made.district.block_frame.index.tolist()
    assert table.loc[table["block_id"] == "b000003", "school_id"].item() == "s0;s1"
    moved = table[table["reason"] == "调整到其他学校"]["block_id"].tolist()
    wanted = {m.block_id for m in made.primary.plan.diff(made.primary.against) if m.before}  # type: ignore[arg-type]
    assert set(moved) == wanted
    assert len(wanted) == 4


def test_no_cell_runs_as_a_formula(hostile: Made, tmp_path: Path) -> None:
    """A block named like a formula is text in Excel."""
    assert [safe_cell(v) for v in ("=1", "+1", "-1", "@x", "ok")] == ["'=1", "'+1", "'-1", "'@x", "ok"]
    result = hostile.primary
    files = publish_plan(hostile.district, result.plan, result.card, folder=tmp_path)
    rows = list(csv.reader(io.StringIO(files["table"].read_text(encoding="utf-8-sig"), newline="")))
    assert rows[4][1].startswith("'=1+1")
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_the_same_plan_gives_the_same_files(made: Made, files: Published, tmp_path: Path) -> None:
    """Text, GeoPackage and figures can be compared byte by byte between two runs."""
    result = made.primary
    again = publish_plan(
        made.district, result.plan, result.card, folder=tmp_path, proposal=result.proposal,
        demand=made.demand, times=result.times, against=result.against,
    )  # fmt: skip
    differing = [kind for kind, path in again.files if path.read_bytes() != files[kind].read_bytes()]
    assert differing == []


def test_the_forecast_is_a_table(made: Made, tmp_path: Path) -> None:
    """Every block, grade and year has its row, grades written as tables write them, sums kept."""
    table = pd.read_csv(write_forecast(made.district, made.demand, folder=tmp_path), encoding="utf-8-sig")
    assert len(table) == 40 * 9 * 3
    assert table["children"].sum() == pytest.approx(made.demand.mean.sum(), abs=0.01 * len(table))
