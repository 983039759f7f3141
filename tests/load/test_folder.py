"""An input folder becomes one district, whatever form its tables have."""

import csv
import json
import shutil
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xlsxwriter
from bad.form import TABLES, TOML, blocks_geojson, good_folder, replace_in, write
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.district import District
from zoning.errors import DataError
from zoning.load import check_folder, read_district

FORMS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "tab", "semicolon", "xlsx", "one workbook", "geopackage")


def same(one: District, other: District) -> None:
    """Assert that two districts hold the same data."""
    pd.testing.assert_frame_equal(pd.DataFrame(one.blocks), pd.DataFrame(other.blocks))
    pd.testing.assert_frame_equal(pd.DataFrame(one.schools), pd.DataFrame(other.schools))
    assert one.tables.keys() == other.tables.keys()
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name], check_dtype=False)


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of a CSV text."""
    return list(csv.reader(text.splitlines()))


def typed(cell: str) -> object:
    """Return a cell as somebody would type it into a spreadsheet."""
    try:
        return float(cell)
    except ValueError:
        return cell


def rewrite(folder: Path, form: str) -> None:
    """Turn the CSV tables of a folder into another form."""
    for file, text in TABLES.items():
        (folder / file).unlink()
        stem = Path(file).stem
        if form == "tab":
            write(folder, file, text.replace(",", "\t"))
        elif form == "semicolon":
            write(folder, file, text.replace(";", "/").replace(",", ";"))
        elif form == "xlsx":
            with xlsxwriter.Workbook(folder / f"{stem}.xlsx") as book:
                fill(book.add_worksheet(), text)
        elif form == "geopackage":
            frame = pd.DataFrame(rows_of(text)[1:], columns=rows_of(text)[0]).replace("", None)
            gpd.GeoDataFrame(frame).to_file(folder / "county.gpkg", layer=stem, driver="GPKG")
        elif form != "one workbook":
            write(folder, file, text, encoding=form)
    if form == "one workbook":
        with xlsxwriter.Workbook(folder / "云溪县.xlsx") as book:
            for file, text in TABLES.items():
                fill(book.add_worksheet(Path(file).stem), text)


def fill(sheet: xlsxwriter.worksheet.Worksheet, text: str) -> None:
    """Write a table into a sheet, numbers as numbers."""
    for number, row in enumerate(rows_of(text)):
        sheet.write_row(number, 0, [typed(cell) for cell in row])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore:.*geometry.*:UserWarning")
def test_every_form_of_a_table_gives_the_same_district(form: str, tmp_path: Path) -> None:
    """CSV in any encoding or delimiter, Excel and GeoPackage mean the same."""
    plain = read_district(good_folder(tmp_path / "plain"))
    other = good_folder(tmp_path / "other")
    rewrite(other, form)
    same(plain, read_district(other))


@given(st.randoms(use_true_random=False))
@settings(max_examples=4, deadline=None)
def test_row_order_is_irrelevant(chance) -> None:  # noqa: ANN001 - hypothesis' own Random
    """Sorting a table in Excel never changes a plan."""
    with tempfile.TemporaryDirectory() as work:
        plain = read_district(good_folder(Path(work) / "plain"))
        shuffled = good_folder(Path(work) / "shuffled")
        for file, text in TABLES.items():
            head, *rows = text.splitlines()
            chance.shuffle(rows)
            write(shuffled, file, "\n".join([head, *rows]) + "\n")
        layer = json.loads((shuffled / "blocks.geojson").read_text(encoding="utf-8"))
        chance.shuffle(layer["features"])
        write(shuffled, "blocks.geojson", json.dumps(layer, ensure_ascii=False))
        same(plain, read_district(shuffled))


def test_chinese_headers_and_words_are_understood(tmp_path: Path) -> None:
    """A county's own table, with a title row, full-width digits and units, is read as it is."""
    folder = good_folder(tmp_path)
    (folder / "enrolment.csv").unlink()
    text = (
        "云溪县2025学年在校生统计表,,,,\n# 统计口径：秋季\n学校标识码（必填）,学年,年 级,在校生数,班级数\n"
        "s1,2025-2026学年,一年级,４１,1\ns2,2025,1年级,39,1\ns2,2025学年,初一,88,2\ns3,2025,１,11,1\n"
        "合计,,,179,5\n,,,,\n"
    )
    write(folder, "在校生.csv", text, encoding="gb18030")
    district = read_district(folder)
    plain = read_district(good_folder(tmp_path / "plain"))
    rolls = plain.tables["enrolment"].query("year == 2025").reset_index(drop=True)
    pd.testing.assert_frame_equal(district.tables["enrolment"], rolls)


def test_seats_are_classrooms_times_the_norm(tmp_path: Path) -> None:
    """Capacity follows the cited class size, that of a teaching site where the school is one."""
    folder = good_folder(tmp_path)
    replace_in(folder, "schools.csv", "opens,closes", "opens,closes,teaching_site")
    replace_in(folder, "schools.csv", ",,,2030", ",,,2030,是")
    schools = read_district(folder).schools
    assert schools["capacity_primary"].to_dict() == {"s1": 12 * 45, "s2": 18 * 45, "s3": 6 * 30}
    assert schools.loc["s2", "capacity_junior"] == 900
    assert np.isnan(schools.loc["s1", "capacity_junior"])


def test_policy_overrides_set_seats_and_keep_their_source(tmp_path: Path) -> None:
    """A local class size, with its source, replaces the norm everywhere."""
    folder = good_folder(tmp_path)
    rules = (
        "[policy.primary]\nclass_size = 40\nradius_m = { city = 800 }\njourney_minutes = 20\n"
        'source = "云政〔2026〕1号"\n'
    )
    write(folder, "zoning.toml", "\ufeff" + TOML + rules + "[thresholds]\nhide_below = 10\n")
    district = read_district(folder)
    rule = district.policy.of("primary")
    assert district.schools.loc["s1", "capacity_primary"] == 480
    assert (rule.class_size.source, rule.radius["city"].value) == ("云政〔2026〕1号", 800)
    assert rule.journey is not None
    assert (rule.journey.value, district.policy.hide_below) == (1200, 10)


def test_a_project_sets_its_thresholds_of_seat_warnings(tmp_path: Path) -> None:
    """What a bureau states replaces the default with its source; what it leaves out stays."""
    folder = good_folder(tmp_path)
    write(folder, "zoning.toml", TOML + '[warnings]\nred = 0.95\nsource = "云政〔2026〕2号"\n')
    levels = read_district(folder).policy.warnings
    assert (levels.red, levels.orange, levels.source) == (0.95, 0.5, "云政〔2026〕2号")


@pytest.mark.parametrize(("answer", "seats"), [("enrolment", 88.0), ("skip", float("nan"))])
def test_missing_capacity_can_be_answered(answer: str, seats: float, tmp_path: Path) -> None:
    """A question goes away, and the reading goes on, once zoning.toml answers it."""
    folder = good_folder(tmp_path)
    replace_in(folder, "schools.csv", "city,18,900", "city,18,")
    with pytest.raises(DataError, match="missing_capacity"):
        read_district(folder)
    write(folder, "zoning.toml", TOML + f'[answers]\nmissing_capacity = "{answer}"\n')
    assert read_district(folder).schools["capacity_junior"]["s2"] == pytest.approx(seats, nan_ok=True)


def test_encoding_can_be_answered(tmp_path: Path) -> None:
    """A file in Big5 is read once its encoding is named."""
    folder = good_folder(tmp_path)
    write(folder, "housing.csv", TABLES["housing.csv"].replace("commercial", "商品樓"), encoding="big5")
    write(folder, "zoning.toml", TOML + '[files."housing.csv"]\nencoding = "big5"\n')
    assert "商品樓" in set(read_district(folder).tables["housing"]["type"])


def test_blank_town_and_class_come_from_the_block(tmp_path: Path) -> None:
    """A school belongs to the town and place class of the block that it stands in."""
    folder = good_folder(tmp_path)
    replace_in(folder, "schools.csv", "34.715,石桥镇,乡村", "34.715,,")
    school = read_district(folder).school("s3")
    assert (school.town, school.place_class, school.ownership) == ("石桥镇", "village", "public")


def test_school_without_coordinates_is_placed_by_its_address(tmp_path: Path) -> None:
    """An address that names one block places the school there and says how sure that is."""
    folder = good_folder(tmp_path)
    replace_in(folder, "schools.csv", "opens,closes", "opens,closes,address")
    replace_in(folder, "schools.csv", "小学,113.002,34.715", "小学,,")
    replace_in(folder, "schools.csv", ",,,2030", ",,,2030,石桥镇石桥村")
    district = read_district(folder)
    assert district.block_of_school["s3"] == "b3"
    assert [p.row for p in district.findings if p.code == "load.placed_by_address"] == [4]


def test_rows_of_single_classes_are_added_up(tmp_path: Path) -> None:
    """Enrolment with one row a class gives pupils and classes by grade."""
    folder = good_folder(tmp_path)
    text = "school_id,year,grade,class_id,pupils\ns1,2025,1,1班,40\ns1,2025,1,2班,38\ns2,2025,K1,小一,20\n"
    write(folder, "enrolment.csv", text)
    found = read_district(folder).tables["enrolment"].to_dict("records")
    assert found[0] == {"school_id": "s1", "year": 2025, "grade": 1, "pupils": 78, "classes": 2}
    assert found[1]["grade"] == -2


def test_the_total_of_single_classes_is_not_added_to_them(tmp_path: Path) -> None:
    """A grade's total below its classes does not double the pupils; a grade with a total only keeps it."""
    folder = good_folder(tmp_path)
    rows = ("s1,2025,1,1班,40", "s1,2025,1,2班,38", "s1,2025,1,合计,78", "s1,2025,2,1班,40", "s1,2025,2,,40")
    text = "\n".join(("school_id,year,grade,class_id,pupils", *rows, "s2,2025,1,合计,9\n"))
    write(folder, "enrolment.csv", text)
    district = read_district(folder)
    assert district.tables["enrolment"]["pupils"].tolist() == [78, 40, 9]
    assert [p.row for p in district.findings if p.code == "load.total_row"] == [4, 6]


def test_unknown_classes_stay_unknown_beside_single_classes(tmp_path: Path) -> None:
    """A school that gives its pupils only has not 0 classes because another one gives a row a class."""
    folder = good_folder(tmp_path)
    write(folder, "enrolment.csv", "school_id,year,grade,class_id,pupils\ns1,2025,1,1班,40\ns2,2025,1,,38\n")
    found = read_district(folder).tables["enrolment"]
    assert found["pupils"].tolist() == [40, 38]
    assert found["classes"].isna().tolist() == [False, True]


def test_points_become_blocks(tmp_path: Path) -> None:
    """Blocks given as points get polygons that fill the place without overlap."""
    folder = good_folder(tmp_path)
    (folder / "blocks.geojson").unlink()
    rows = ["规划单元编号,名称,乡镇,城乡类别,经度,纬度"]
    for feature in blocks_geojson()["features"]:  # type: ignore[attr-defined]
        words = feature["properties"]
        middle = shapely.geometry.shape(feature["geometry"]).centroid
        where = f"{middle.x:.6f},{middle.y:.6f}"
        rows.append(f"{words['block_id']},{words['name']},{words['town']},{words['place_class']},{where}")
    write(folder, "规划单元.csv", "\n".join(rows))
    district = read_district(folder)
    shapes = np.asarray(district.blocks.geometry.values)
    assert list(district.blocks.index) == ["b1", "b2", "b3", "b4"]
    assert shapely.union_all(shapes).area == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)
    assert len(district.adjacency.first) >= 4


def test_zones_drawn_as_polygons_become_rows_of_blocks(tmp_path: Path) -> None:
    """A layer of zones means the same as the table of its blocks."""
    folder = good_folder(tmp_path)
    plain = read_district(folder)
    (folder / "zones.csv").unlink()
    blocks = gpd.read_file(folder / "blocks.geojson")
    blocks["school_id"] = ["s1", "s2", "s3", "s3"]
    zones = blocks.dissolve("school_id").reset_index()[["school_id", "geometry"]]
    zones.assign(stage="小学", year=2026).to_file(folder / "zones.gpkg", layer="zones", driver="GPKG")
    pd.testing.assert_frame_equal(
        read_district(folder).tables["zones"], plain.tables["zones"], check_dtype=False
    )


def test_a_shared_zone_may_be_one_shape_with_two_schools(tmp_path: Path) -> None:
    """Maps join the schools of a shared zone by a semicolon; read back they are two rows of a block."""
    folder = good_folder(tmp_path)
    blocks = gpd.read_file(folder / "blocks.geojson").iloc[:1]
    zones = blocks.assign(school_id="s1;s2", stage="primary", year=2026)[["school_id", "stage", "geometry"]]
    (folder / "zones.csv").unlink()
    zones.to_file(folder / "zones.geojson", driver="GeoJSON")
    rows = read_district(folder).tables["zones"]
    assert rows[["school_id", "block_id"]].to_numpy().tolist() == [["s1", "b1"], ["s2", "b1"]]


def test_barriers_are_projected(tmp_path: Path) -> None:
    """A river drawn in degrees is measured in metres."""
    folder = good_folder(tmp_path)
    river = gpd.GeoDataFrame(
        {"类别": ["河流"]}, geometry=[shapely.LineString([(113.0, 34.7), (113.01, 34.7)])], crs="EPSG:4326"
    )
    river.to_file(folder / "barriers.geojson", driver="GeoJSON")
    barriers = read_district(folder).tables["barriers"]
    assert barriers["kind"].tolist() == ["river"]
    assert gpd.GeoDataFrame(barriers).length.iloc[0] == pytest.approx(916, abs=5)


def test_stages_are_those_that_a_school_serves(tmp_path: Path) -> None:
    """A county without senior schools in its tables plans none."""
    assert [stage.name for stage in read_district(good_folder(tmp_path)).stages] == ["primary", "junior"]


def test_digest_changes_with_any_file_but_not_with_the_folder(tmp_path: Path) -> None:
    """Two copies of a folder are the same data, and one changed figure is not."""
    first = read_district(good_folder(tmp_path / "a")).place.digest
    copy = Path(shutil.copytree(tmp_path / "a", tmp_path / "b"))
    assert read_district(copy).place.digest == first
    replace_in(copy, "births.csv", "80", "81")
    assert read_district(copy).place.digest != first


def test_a_plan_is_older_only_when_what_it_depends_on_changed(tmp_path: Path) -> None:
    """Another phone number, map number or address makes no plan an old one; births and prices do."""
    folder = good_folder(tmp_path)
    (folder / "addresses.csv").write_text("block_id,kind,name\nb1,village,东村\n", encoding="utf-8")
    before = read_district(folder).place
    settings = (folder / "zoning.toml").read_text(encoding="utf-8")
    (folder / "zoning.toml").write_text(
        settings.replace("[place]", '[place]\nmap_approval = "审图号"') + '\n[publish]\nphone = "000-1"\n',
        encoding="utf-8",
    )
    (folder / "addresses.csv").write_text("block_id,kind,name\nb1,village,西村\n", encoding="gb18030")
    after = read_district(folder).place
    assert after.digest != before.digest
    assert after.planning_digest == before.planning_digest
    (folder / "zoning.toml").write_text(settings + "\n[zones.primary]\nmove = 1.0\n", encoding="utf-8")
    assert read_district(folder).place.planning_digest != before.planning_digest
    (folder / "zoning.toml").write_text(settings, encoding="utf-8")
    replace_in(folder, "births.csv", "80", "81")
    assert read_district(folder).place.planning_digest != before.planning_digest


def test_digest_sees_every_part_of_a_shapefile(tmp_path: Path) -> None:
    """The attributes of a Shapefile count too, whatever the case of its file endings."""
    folder = good_folder(tmp_path)
    blocks = gpd.read_file(folder / "blocks.geojson").rename(columns={"place_class": "place_clas"})
    (folder / "blocks.geojson").unlink()
    digests = set()
    for name in ("甲村", "乙村"):
        blocks.assign(name=name).to_file(folder / "blocks.shp", engine="pyogrio", encoding="utf-8")
        for part in folder.glob("blocks.*"):
            part.rename(part.with_suffix(part.suffix.upper()))
        digests.add(read_district(folder).place.digest)
        for part in folder.glob("blocks.*"):
            part.unlink()
    assert len(digests) == 2


def test_streets_are_found(tmp_path: Path) -> None:
    """The street map of a folder is the district's, whatever its format."""
    folder = good_folder(tmp_path)
    write(folder, "streets.osm", "<osm/>")
    streets = read_district(folder).streets
    assert streets is not None
    assert streets.name == "streets.osm"


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    """A planner never corrects one file only to learn of the next."""
    folder = good_folder(tmp_path)
    replace_in(folder, "zoning.toml", "year = 2026", 'year = "x"')
    replace_in(folder, "residents.csv", "b1,2026,6,40", "b1,2026,6,-40")
    replace_in(folder, "schools.csv", "113.002,34.702", "abc,34.702")
    replace_in(folder, "enrolment.csv", "s3,2025", "s9,20259")
    with pytest.raises(DataError, match=r"residents\.csv, row 2[\s\S]*") as caught:
        read_district(folder)
    files = {problem.file for problem in caught.value.problems if problem.severity == "error"}
    assert files == {"zoning.toml", "residents.csv", "schools.csv", "enrolment.csv"}


def test_absent_optional_tables_say_what_they_switch_off(tmp_path: Path) -> None:
    """Only blocks and schools are needed; everything else is missed by name."""
    folder = good_folder(tmp_path)
    for file in TABLES:
        if file != "schools.csv":
            (folder / file).unlink()
    findings = read_district(folder).findings
    missing = {p.file for p in findings if p.code == "load.no_table"}
    assert missing == {"residents", "births", "enrolment", "housing", "zones", "addresses", "barriers"}


def test_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    """A column that is wrong throughout does not bury the rest of the report."""
    folder = good_folder(tmp_path)
    rows = "".join(f"b1,{1990 + n},7,minus,,\n" for n in range(100))
    write(folder, "residents.csv", TABLES["residents.csv"] + rows)
    found = [p for p in check_folder(folder) if p.file == "residents.csv"]
    assert len(found) == 21
    assert (
        found[-1].sentence().endswith("Further rows with the same fault: 80. Correct them in the same way.")
    )
