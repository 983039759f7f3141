"""Templates are the schema itself, and reading them back asks only for what was not filled in."""

import csv
import re
import zipfile
from pathlib import Path

import pytest
from bad.form import TABLES, TOML, good_folder, write
from python_calamine import CalamineWorkbook

from zoning.errors import DataError
from zoning.load import check_folder, read_district, write_templates
from zoning.load.schema import tables


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_headers_of_templates_are_the_schema(lang: str, tmp_path: Path) -> None:
    """Whoever fills in a template has every column, under the name that is read."""
    write_templates(tmp_path / "new", lang=lang)  # type: ignore[arg-type]
    book = CalamineWorkbook.from_path(str(tmp_path / "new" / "tables.xlsx"))
    for name in book.sheet_names:
        wanted = [c.name for c in tables()[name].columns if c.name[:7] != "choice_" or c.name[7] in "123"]
        assert book.get_sheet_by_name(name).to_python()[1] == wanted
        with (tmp_path / "new" / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert next(row for row in csv.reader(file) if not row[0].startswith("#")) == wanted
    assert set(book.sheet_names) == set(tables()) - {"plan", "barriers", "boundary"}


def test_a_new_folder_asks_for_names_blocks_and_schools_only(tmp_path: Path) -> None:
    """Fresh templates are no faulty input: comments are skipped, empty optional tables are only noted."""
    write_templates(tmp_path / "new")
    stops = {(p.code, p.file) for p in check_folder(tmp_path / "new") if p.severity != "warning"}
    assert stops == {
        ("load.missing_key", "zoning.toml"),
        ("load.no_rows", "tables.xlsx (blocks)"),
        ("load.no_rows", "tables.xlsx (schools)"),
    }


def test_filled_csv_templates_are_read(tmp_path: Path) -> None:
    """Rows typed below the comments and header of a template are what they would be anywhere."""
    plain = read_district(good_folder(tmp_path / "plain"))
    write_templates(tmp_path / "new")
    folder = good_folder(tmp_path / "filled")
    for file, text in TABLES.items():
        template = (tmp_path / "new" / "csv" / file).read_text(encoding="utf-8-sig")
        columns = next(line for line in template.splitlines() if not line.startswith(("#", '"#'))).split(",")
        head, *rows = text.splitlines()
        records = [dict(zip(head.split(","), row.split(","), strict=True)) for row in rows]
        filled = [",".join(record.get(column, "") for column in columns) for record in records]
        write(folder, file, template + "\n".join(filled) + "\n")
    assert read_district(folder).schools.equals(plain.schools)
    assert read_district(folder).tables["residents"].equals(plain.tables["residents"])


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """`zoning new` in a folder with work in it writes nothing at all."""
    write(tmp_path, "zoning.toml", TOML)
    with pytest.raises(DataError, match=r"zoning\.toml: The file stands there already; nothing was written"):
        write_templates(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["zoning.toml"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_toml_template_is_valid_and_explained_in_both_languages(lang: str, tmp_path: Path) -> None:
    """Only the name of the place is missing from the project file; every key has both comments."""
    write_templates(tmp_path, lang=lang)  # type: ignore[arg-type]
    text = (tmp_path / "zoning.toml").read_text(encoding="utf-8")
    assert "审图号" in text
    assert "Map approval number" in text
    folder = good_folder(tmp_path / "county")
    write(folder, "zoning.toml", text.replace('name = ""', 'name = "云溪县"', 1))
    assert read_district(folder).place.name.zh == "云溪县"
    uncommented = text.replace('name = ""', 'name = "云溪县"', 1)
    for key in (
        "metric",
        "datum",
        "encoding",
        "missing_capacity",
        "class_size",
        "radius_m",
        "journey",
        "hide",
    ):
        assert f"# {key}" in uncommented
        uncommented = uncommented.replace(f"# {key}", key)
    uncommented = uncommented.replace("# [files", "[files").replace('# source = ""', 'source = "x"')
    write(folder, "zoning.toml", uncommented)
    stops = [p.sentence() for p in check_folder(folder) if p.severity != "warning"]
    assert stops == []


def test_workbook_offers_values_and_keeps_ids_as_text(tmp_path: Path) -> None:
    """Lists stop misspelt classes, and text format stops Excel from eating long ids."""
    write_templates(tmp_path)
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as book:
        blocks = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
        notes = book.read("xl/comments1.xml").decode()
    assert '"city,town,village"' in blocks.replace("&quot;", '"')
    first_column = re.search(r'<col min="1" [^>]*style="(\d+)"', blocks)
    assert first_column is not None
    formats = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    assert formats is not None
    assert 'numFmtId="49"' in re.findall(r"<xf [^>]*>", formats[0])[int(first_column[1])]
    assert "规划单元编号" in notes
    assert "Number of the block" in notes
