"""Text and workbooks become the same cells, with the row numbers a spreadsheet shows."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from bad.form import TABLES, TOML, good_folder, write
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import Problems
from zoning.load import check_folder, read_district
from zoning.load.delimited import decode, is_garbled
from zoning.load.schema import schema_markdown, table, tables
from zoning.load.settings import FileSettings
from zoning.load.tables import RawTable, read_cells

FILES = Path(__file__).parent / "files"
HANZI = st.text(
    st.sampled_from("城关镇石桥云溪县实验小学幼儿园中心路东西南北新村建设"), min_size=2, max_size=12
)


def cells(path: Path, name: str = "births") -> tuple[RawTable | None, Problems]:
    """Read one table file."""
    problems = Problems()
    raw = read_cells(path, table(name), settings=FileSettings(path.name), problems=problems)
    return raw, problems


def test_old_excel_files_are_read() -> None:
    """The .xls of a county office gives the cells of its one sheet."""
    raw, problems = cells(FILES / "births.xls")
    assert raw is not None
    assert raw.headers == ("乡镇", "年份", "出生人数", "落户人数")
    assert [column[1] for column in raw.cells] == ["石桥镇", "2020", "22", "22"]
    assert (raw.rows.tolist(), problems.items) == ([2, 3], [])


def test_old_excel_in_a_folder(tmp_path: Path) -> None:
    """A folder may mix .xls with everything else."""
    folder = good_folder(tmp_path / "a")
    plain = read_district(folder).tables["births"]
    (folder / "births.csv").unlink()
    shutil.copy(FILES / "births.xls", folder / "出生人口.xls")
    assert read_district(folder).tables["births"].equals(plain)


def test_a_workbook_called_csv_is_read_with_a_warning(tmp_path: Path) -> None:
    """The content of a file counts, not its name."""
    shutil.copy(FILES / "births.xls", tmp_path / "births.csv")
    raw, problems = cells(tmp_path / "births.csv")
    assert raw is not None
    assert [p.code for p in problems.items] == ["load.book_as_text"]


def test_text_called_xls_is_read_with_a_warning(tmp_path: Path) -> None:
    """Systems that export tab-separated text as .xls are understood."""
    (tmp_path / "births.xls").write_text(TABLES["births.csv"].replace(",", "\t"), encoding="gb18030")
    raw, problems = cells(tmp_path / "births.xls")
    assert raw is not None
    assert raw.cells[0] == ["城关镇", "石桥镇"]
    assert [p.code for p in problems.items] == ["load.text_as_book"]


def test_the_sheet_of_the_right_name_is_taken(tmp_path: Path) -> None:
    """Of several sheets the one named after the table is read, whatever their order; an empty one never."""
    with xlsxwriter.Workbook(tmp_path / "births.xlsx") as book:
        book.add_worksheet("说明").write(0, 0, "填表说明")
        book.add_worksheet("出生人口").write_column(0, 0, ["town", "城关镇"])
        book.add_worksheet("Sheet3")
    raw, problems = cells(tmp_path / "births.xlsx")
    assert raw is not None
    assert (raw.cells, problems.items) == ((["城关镇"],), [])


def test_the_sheet_can_be_declared(tmp_path: Path) -> None:
    """zoning.toml chooses a sheet, and is told when there is none of that name."""
    folder = good_folder(tmp_path)
    (folder / "births.csv").unlink()
    with xlsxwriter.Workbook(folder / "births.xlsx") as book:
        for name, births in (("2024", 1), ("2025", 2)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([["town", "year", "births"], ["城关镇", 2020, births]]):
                sheet.write_row(number, 0, row)
    write(folder, "zoning.toml", TOML + '[files."births.xlsx"]\nsheet = "2025"\n')
    assert read_district(folder).tables["births"]["births"].tolist() == [2]
    write(folder, "zoning.toml", TOML + '[files."births.xlsx"]\nsheet = "2026"\n')
    problem = next(p for p in check_folder(folder) if p.code == "load.no_sheet")
    assert problem.sentence() == 'births.xlsx: "2026" is not a sheet of the workbook. Use one of: 2024, 2025.'


def test_excel_dates_and_truths_come_as_text(tmp_path: Path) -> None:
    """A date cell is a date and a checkbox a yes or no, however Excel stores them."""
    with xlsxwriter.Workbook(tmp_path / "roster.xlsx") as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name", "gender", "birth_date", "together"])
        sheet.write_row(1, 0, ["甲", "女"])
        sheet.write_datetime(1, 2, dt.datetime(2020, 3, 5), day)  # noqa: DTZ001 - Excel has no zones
        sheet.write_boolean(1, 3, boolean=True)
    raw, _ = cells(tmp_path / "roster.xlsx", "roster")
    assert raw is not None
    assert [column[0] for column in raw.cells[2:]] == ["2020-03-05", "TRUE"]


def test_row_numbers_count_comments_titles_and_blanks(tmp_path: Path) -> None:
    """A message names the row that the planner sees, whatever stands above it."""
    text = '标题,,\n# 注释\ntown,year,births\n\n"城\n关镇",2020,80\n# again\n石桥镇,2020,x\n'
    (tmp_path / "births.csv").write_text(text, encoding="utf-8")
    raw, _ = cells(tmp_path / "births.csv")
    assert raw is not None
    assert (raw.header_row, raw.rows.tolist()) == (3, [5, 7])


@given(st.lists(HANZI, min_size=3, max_size=20), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
@settings(max_examples=60, deadline=None)
def test_chinese_text_decodes_in_every_usual_encoding(words: list[str], encoding: str) -> None:
    """No encoding that Chinese offices use is taken for another."""
    text = "town,year,births\n" + "".join(f"{word},2020,1\n" for word in words)
    problems = Problems()
    assert decode(text.encode(encoding), settings=FileSettings("a.csv"), problems=problems) == text
    assert problems.items == []


@given(st.lists(HANZI.filter(lambda word: len(word) > 3), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_sound_chinese_is_never_called_garbled(words: list[str]) -> None:
    """A false alarm would make a good file unusable."""
    assert not any(is_garbled(word) for word in words)
    assert all(is_garbled(word.encode("gb18030").decode("latin-1")) for word in words)


def test_german_names_are_not_taken_for_chinese() -> None:
    """UTF-8 with umlauts stays what it is; the same in Latin-1 is asked about."""
    problems = Problems()
    text = "town,year,births\nGämsli,2020,1\nMühleholz,2020,2\n"
    assert decode(text.encode(), settings=FileSettings("a.csv"), problems=problems) == text
    assert decode(text.encode("latin-1"), settings=FileSettings("a.csv"), problems=problems) is None
    assert [p.code for p in problems.items] == ["load.encoding"]


def test_an_answer_for_all_files_leaves_utf8_alone() -> None:
    """`[answers] encoding` helps the file that needs it and spoils no other."""
    answered = FileSettings("a.csv", encoding="big5")
    assert decode("城关镇".encode(), settings=answered, problems=Problems()) == "城关镇"
    assert decode("龍門國中學區".encode("big5"), settings=answered, problems=Problems()) == "龍門國中學區"


def test_schema_is_whole() -> None:
    """Every column says in both languages what it means, and no header means two columns."""
    for item in tables().values():
        seen: dict[str, str] = {}
        for column in item.columns:
            assert column.meaning.en.endswith("."), column.name
            assert column.meaning.zh.endswith("。"), column.name
            assert any("一" <= c <= "鿿" for c in "".join(column.aliases)), column.name
            for word in (column.name, *column.aliases):
                assert seen.setdefault(word, column.name) == column.name, (item.name, word)
            home, _, name = column.refers.partition(".")
            assert not home or tables()[home].column(name)
        assert all(item.column(name) for name in item.key)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_schema_page_lists_every_column(lang: str) -> None:
    """The documentation page is the schema itself."""
    page = schema_markdown(lang)  # type: ignore[arg-type]
    for item in tables().values():
        assert f"## {item.name}" in page
        assert all(f"| `{column.name}` |" in page for column in item.columns)
