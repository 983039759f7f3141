"""Plans come back as they were: from rows, from a workbook, and from zones redrawn in a GIS."""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from bad.form import good_folder, write

from zoning.district import District
from zoning.errors import DataError, Problems
from zoning.load import read_district, read_plan
from zoning.plan import Plan

ROWS = "block_id,stage,year,school_id,locked,reason\n"
PLAN = Plan.of("primary", 2027, {"b1": "s1", "b2": ["s1", "s2"], "b3": "s3", "b4": "s3"})
TEXT = ROWS + "".join(
    f"{block},primary,2027,{school},,\n" for block, schools in PLAN.rows for school in schools
)


@pytest.fixture
def district(tmp_path: Path) -> District:
    """Return the good folder's district."""
    return read_district(good_folder(tmp_path / "county"))


def test_rows_read_back(district: District, tmp_path: Path) -> None:
    """Several rows of one block are a shared zone; a folder or plan.json means the table beside it."""
    write(tmp_path, "plan.csv", TEXT, encoding="utf-8-sig")
    write(tmp_path, "plan.json", json.dumps({"format": 1, "stage": "primary", "year": 2027}))
    assert read_plan(tmp_path / "plan.csv", district) == PLAN
    assert read_plan(tmp_path, district) == PLAN
    assert read_plan(tmp_path / "plan.json", district) == PLAN


def test_two_columns_are_enough_beside_a_record(district: District, tmp_path: Path) -> None:
    """The workbench gives block_id and school_id only; stage and year come from plan.json or the caller."""
    write(tmp_path, "plan.csv", "block_id,school_id\nb1,s1\nb2,s2\n")
    with pytest.raises(DataError, match=r"row 2: The row says neither stage nor year"):
        read_plan(tmp_path / "plan.csv", district)
    named = read_plan(tmp_path / "plan.csv", district, stage="primary", year=2028)
    assert (named.stage, named.year, named["b2"]) == ("primary", 2028, ("s2",))
    write(tmp_path, "plan.json", json.dumps({"format": 1, "stage": "primary", "year": 2027}))
    assert read_plan(tmp_path / "plan.csv", district).year == 2027


def test_one_of_several_plans_is_chosen(district: District, tmp_path: Path) -> None:
    """A file with plans of two stages asks which one is meant."""
    write(tmp_path, "plan.csv", TEXT + "b1,junior,2027,s2,,\n")
    with pytest.raises(DataError, match=r"several plans: primary 2027, junior 2027"):
        read_plan(tmp_path / "plan.csv", district)
    assert read_plan(tmp_path / "plan.csv", district, stage="junior").block_ids == ("b1",)
    with pytest.raises(DataError, match="does not hold that plan"):
        read_plan(tmp_path / "plan.csv", district, stage="senior")


def test_zones_redrawn_as_polygons(district: District, tmp_path: Path) -> None:
    """Zones edited in a GIS, shared ones named by two ids, become blocks by area."""
    blocks = district.blocks.reset_index()
    blocks["school_id"] = ["s1", "s1;s2", "s3", "s3"]
    zones = blocks.dissolve("school_id").reset_index()[["school_id", "geometry"]]
    zones = zones.assign(stage="primary", year=2027)
    zones["geometry"] = zones.buffer(-3)
    path = tmp_path / "plan.gpkg"
    zones.to_file(path, layer="zones_primary", driver="GPKG")
    blocks[["block_id", "geometry"]].to_file(path, layer="blocks", driver="GPKG")
    assert read_plan(path, district) == PLAN


def test_zones_of_another_place_are_refused(district: District, tmp_path: Path) -> None:
    """A layer in a wrong coordinate system is no plan without blocks, but a fault that is named."""
    zones = district.blocks.dissolve().reset_index()[["geometry"]]
    zones["geometry"] = zones.translate(2e5)
    zones.assign(school_id="s1", stage="primary", year=2027).to_file(tmp_path / "away.gpkg", driver="GPKG")
    with pytest.raises(DataError, match="No zone covers any block"):
        read_plan(tmp_path / "away.gpkg", district)


def test_what_a_redrawn_border_cuts_is_said(district: District, tmp_path: Path) -> None:
    """A planner learns which blocks the new border runs through, with stage and year as people write them."""
    zones = district.blocks.dissolve().reset_index()[["geometry"]]
    zones["geometry"] = zones.translate(400)
    zones = zones.assign(school_id="s1", stage="primary", year=2027)
    zones.to_file(tmp_path / "moved.gpkg", driver="GPKG")
    found = Problems()
    read_plan(tmp_path / "moved.gpkg", district, findings=found)
    told = [p.what.zh for p in found.items if p.code == "load_layers.zone_splits"]
    assert len(told) == 1
    assert told[0].startswith("2027 年小学：")


def test_blocks_coloured_in_a_gis(district: District, tmp_path: Path) -> None:
    """A layer of blocks with a school_id column is a plan too."""
    blocks = district.blocks.reset_index()[["block_id", "geometry"]]
    blocks["school_id"] = ["s1", "s1;s2", "s3", "s3"]
    gpd.GeoDataFrame(blocks).to_file(tmp_path / "edited.geojson", driver="GeoJSON")
    assert read_plan(tmp_path / "edited.geojson", district, stage="primary", year=2027) == PLAN


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("b4,primary,2027,s3", "b9,primary,2027,s3", 'row 6, "block_id": "b9" does not stand in blocks'),
        ("b1,primary,2027,s1", "b1,primary,2027,s01", '"s01" does not stand in schools; s1 does'),
        ("b3,primary,2027,s3", "b3,primary,2027,", 'row 5, "school_id": The cell is blank'),
        ("b3,primary,2027,s3", ",primary,2027,s3", 'row 5, "block_id": The cell is blank'),
    ],
)
def test_faults_of_a_plan(old: str, new: str, message: str, district: District, tmp_path: Path) -> None:
    """A wrong id in a plan is named with its row, and with the right one where it is near."""
    assert old in TEXT
    write(tmp_path, "plan.csv", TEXT.replace(old, new))
    with pytest.raises(DataError, match=message):
        read_plan(tmp_path / "plan.csv", district)


def test_a_school_that_does_not_serve_the_stage(district: District, tmp_path: Path) -> None:
    """A primary school in a junior plan is refused by name."""
    write(tmp_path, "plan.csv", ROWS + "b1,junior,2027,s1,,\n")
    with pytest.raises(DataError, match="does not fit the school s1 实验小学: it does not serve junior"):
        read_plan(tmp_path / "plan.csv", district)


def test_a_newer_format_is_refused(district: District, tmp_path: Path) -> None:
    """A plan of a later version is not half understood."""
    write(tmp_path, "plan.csv", TEXT)
    write(tmp_path, "plan.json", '{"format": 3}')
    with pytest.raises(DataError, match="newer format"):
        read_plan(tmp_path / "plan.csv", district)


def test_a_record_saved_by_notepad_is_read(district: District, tmp_path: Path) -> None:
    """A byte-order mark does not hide what plan.json says; a year in quotation marks is no year."""
    write(tmp_path, "plan.csv", "block_id,school_id\nb1,s1\n")
    write(tmp_path, "plan.json", '{"stage": "primary", "year": 2027}', encoding="utf-8-sig")
    assert read_plan(tmp_path, district).year == 2027
    write(tmp_path, "plan.json", '{"stage": "primary", "year": "2027"}')
    with pytest.raises(DataError, match="row 2: The row says neither stage nor year"):
        read_plan(tmp_path, district)


def test_a_missing_plan_is_named(district: District, tmp_path: Path) -> None:
    """A wrong path gives a sentence, not a traceback."""
    with pytest.raises(DataError, match=r"plan\.csv: There is no such file"):
        read_plan(tmp_path / "nowhere" / "plan.csv", district)


def test_plans_of_one_name_are_told_apart(district: District, tmp_path: Path) -> None:
    """Every stage has its plan.csv, so that a message names the folder too."""
    (tmp_path / "primary").mkdir()
    write(tmp_path / "primary", "plan.csv", TEXT.replace("b4,", "b9,"))
    with pytest.raises(DataError, match=r"^primary/plan\.csv, row 6"):
        read_plan(tmp_path / "primary", district)


def test_a_plan_of_another_place_is_one_message(district: District, tmp_path: Path) -> None:
    """A plan of which most blocks are unknown is of another place; nobody reads 80 lines to learn that."""
    rows = "".join(f"B{number:04},primary,2027,P001,,\n" for number in range(1, 13))
    write(tmp_path, "plan.csv", ROWS + "b1,primary,2027,s1,,\n" + rows)
    with pytest.raises(DataError, match=r"12 ids, out of 13 .* this is the plan of another place") as caught:
        read_plan(tmp_path / "plan.csv", district)
    assert [(one.row, one.value) for one in caught.value.problems] == [(3, "B0001")]
    write(tmp_path, "plan.csv", ROWS + "".join(f"b{n},primary,2027,s1,,\n" for n in (1, 2, 3, 4, 77, 78)))
    with pytest.raises(DataError, match=r"b77[\s\S]*b78"):
        read_plan(tmp_path / "plan.csv", district)


def test_no_other_number_is_offered_for_a_code(district: District, tmp_path: Path) -> None:
    """A code that differs in a digit is another block, not a slip; leading zeros still are one."""
    blocks = district.block_frame.rename(index={"b1": "B0800"})
    coded = replace(district, block_frame=blocks)
    write(tmp_path, "plan.csv", TEXT.replace("b1,", "B0001,"))
    with pytest.raises(DataError, match=r'"B0001" does not stand in blocks\. Correct it'):
        read_plan(tmp_path / "plan.csv", coded)
    write(tmp_path, "plan.csv", TEXT.replace("b1,", "B800,"))
    with pytest.raises(DataError, match="B0800 does"):
        read_plan(tmp_path / "plan.csv", coded)


def test_a_stage_without_schools_is_named_where_it_stands(district: District, tmp_path: Path) -> None:
    """The column stage of the plan is to blame, not the project file."""
    write(tmp_path, "plan.csv", ROWS + "b1,senior,2027,s1,,\n")
    primary = replace(district, stages=(district.stage("primary"),))
    with pytest.raises(DataError, match=r'plan\.csv, row 2, "stage": "senior" is not a stage planned here'):
        read_plan(tmp_path / "plan.csv", primary)


def test_a_year_that_is_absent_asks_for_no_other_option(district: District, tmp_path: Path) -> None:
    """Commands that take all stages have no --stage; a wrong --year is answered with --year alone."""
    write(tmp_path, "plan.csv", TEXT)
    with pytest.raises(DataError, match="Correct --year or leave it out") as caught:
        read_plan(tmp_path / "plan.csv", district, year=2031)
    assert "--stage" not in str(caught.value)
    write(tmp_path, "plan.csv", TEXT + "b1,primary,2028,s1,,\n")
    with pytest.raises(DataError, match="Say which: --year"):
        read_plan(tmp_path / "plan.csv", district, stage="primary")
