"""Rosters as schools write them: what stops a fair draw is told by row and column, never by value."""

from pathlib import Path

import pytest
import xlsxwriter

from zoning.errors import DataError, Problem, Problems
from zoning.load.found import Found
from zoning.load.project import UNREAD
from zoning.load.rosters import check_roster, read_roster
from zoning.load.schema import table

HEAD = "sid,name,gender,birth_date,address,need,twin_group,together"
GOOD = (
    "2026-0001,甲一,F,2020-03-01,云溪路1号,,T1,yes",
    "2026-0002,甲二,M,2020-03-01,云溪路1号,,T1,",
    "2026-0003,乙三,F,2020-05-01,云溪路3号,,,",
)


def found_in(folder: Path, *lines: str) -> dict[tuple[str, int | None, str | None], Problem]:
    """Return the problems of a roster by code, row and column."""
    path = folder / "roster.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    problems = Problems()
    check_roster(Found(table("roster"), path, UNREAD.of_file(path.name), is_layer=False), None, problems)
    return {(p.code, p.row, p.column): p for p in problems.items}


def test_a_proper_roster_has_no_problem(tmp_path: Path) -> None:
    """Rules for bad rosters stay silent about a good one."""
    assert found_in(tmp_path, *GOOD) == {}


@pytest.mark.parametrize(
    ("line", "code", "column", "severity"),
    [
        ("1.10105E+17,丙四,F,2020-06-01,云溪路4号,,,", "load.eaten_id", "sid", "error"),
        ("110105194912310000,丙四,F,2020-06-01,云溪路4号,,,", "load.eaten_number", "sid", "error"),
        ("3FM4S7165CBYG6PMHFWA10EBVO,丙四,F,2020-06-01,云溪路4号,,,", "load.mistyped_sid", "sid", "error"),
        ("2026-0004,丙四,F,2020-06-01,云溪路4号,证11010519491231002X,,", "load.id_number", "need", "error"),
        ("11010519491231002X,丙四,F,2020-06-01,云溪路4号,,,", "load.id_number", "sid", "error"),
        ("2026-0004,乙三,F,2020-05-01,云溪路3号,,,", "load.same_child", "name", "error"),
        ("2026-0004,乙 三,F,2020-07-01,云溪路9号,,,", "load.same_child_name", "name", "warning"),
        ("2026-0004,甲四,F,2020-03-01,云溪路1号,,t-1,", "load.twin_spelling", "twin_group", "error"),
        ("2026-0004,乙四,F,2020-05-01,云溪路3号,,乙三,", "load.twin_name", "twin_group", "error"),
        ("2026-0004,乙四,F,2020-05-01,云溪路3号,,,", "load.maybe_twins", "twin_group", "warning"),
    ],
)
def test_each_fault_has_row_column_and_cure(
    tmp_path: Path, line: str, code: str, column: str, severity: str
) -> None:
    """Every fault names its place and what to do, and shows nothing of the child."""
    found = found_in(tmp_path, *GOOD, line)
    problem = found[code, 5, column]
    assert problem.severity == severity
    assert problem.cure.en
    said = problem.sentence("en") + problem.sentence("zh")
    assert not any(word in said for word in line.split(",") if len(word) > 4 or word == "乙三")


def test_a_missing_gender_is_refused_with_its_row(tmp_path: Path) -> None:
    """The class split balances genders, so a blank one is asked for by row."""
    found = found_in(tmp_path, *GOOD, "2026-0004,丙四,,2020-06-01,云溪路4号,,,")
    assert any(row == 5 and column == "gender" for _, row, column in found)


def test_an_identity_number_that_excel_ate_is_refused(tmp_path: Path) -> None:
    """An 18-digit number typed into Excel arrives rounded; it is neither kept nor shown."""
    path = tmp_path / "roster.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["sid", "name", "gender"])
        sheet.write_row(1, 0, [110105194912310021, "甲一", "F"])
    with pytest.raises(DataError, match=r'row 2, "sid".*has lost its last digits') as caught:
        read_roster(path)
    assert "1101051949" not in str(caught.value)
