"""Rosters as schools write them: what stops a fair draw is told by row and column, never by value."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import DataError, Problem, Problems
from zoning.load.alike import check_alike, sounds
from zoning.load.columns import CheckedTable
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
        ("G11010519491231002X,丙四,F,2020-06-01,云溪路4号,,,", "load.id_number", "sid", "error"),
        ("110105 1949-1231 002X,丙四,F,2020-06-01,云溪路4号,,,", "load.id_number", "sid", "error"),
        (
            "2026-0004,丙四,F,2020-06-01,云溪路4号,,110105194912310000,",
            "load.eaten_number",
            "twin_group",
            "error",
        ),
        ("2026-0004,丙四,F,2020-06-01,云溪路4号,,双胞胎,", "load.twin_word", "twin_group", "error"),
        ("2026-0004,丙四,F,2020-06-01,云溪路4号,,是,", "load.twin_word", "twin_group", "error"),
        ("2026-0004,乙四,F,2020-05-01,云溪路3号,,乙 三,", "load.twin_name", "twin_group", "error"),
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
    """The class split balances genders, so a blank one is asked for by row, and the child is not removed."""
    found = found_in(tmp_path, *GOOD, "2026-0004,丙四,,2020-06-01,云溪路4号,,,")
    assert found["load.blank_child", 5, "gender"].severity == "error"
    assert "Remove the row only if it is no child's" in found["load.blank_child", 5, "gender"].cure.en


def test_no_need_and_no_twins_said_in_words_are_none(tmp_path: Path) -> None:
    """A column filled with 无 makes no child special, and children of "no" are no twins of each other."""
    path = tmp_path / "roster.csv"
    words = ("无,否,无", "正常,没有,—", "None,0,/", "，,×,", "听力,T1,健康", "健康,T1,云溪")
    lines = [f"儿童{n},F,{cells}" for n, cells in enumerate(words)]
    path.write_text("\n".join(["姓名,性别,特殊需要,双胞胎组,幼儿园", *lines]) + "\n", encoding="utf-8")
    children = [(a.need, a.twin_group, a.kindergarten) for a in read_roster(path)]
    assert children == [*[("", "", "")] * 3, ("，", "", ""), ("听力", "T1", "健康"), ("", "T1", "云溪")]


@pytest.mark.parametrize(
    ("names", "code", "rows", "count"),
    [
        ("甲一 乙二 甲一", "load.same_child_name", "2 + 4", 2),
        ("甲一 乙二 甲　一 乙二 甲·一", "load.same_child_name", "2 + 4 + 6, 3 + 5", 5),
        ("张伟 章薇 李一", "load.sound_alike", "2 + 3", 2),
        ("张伟 章薇 张伟", "load.sound_alike", "2 + 3", 3),
        ("曾一 增一 曾义", "load.sound_alike", "2 + 3 + 4", 3),
    ],
)
def test_names_alike_are_one_warning(names: str, code: str, rows: str, count: int, tmp_path: Path) -> None:
    """Who reads the names aloud is told which rows to mind: once, by row, without a name."""
    lines = [f"{n},{name},F,,,,," for n, name in enumerate(names.split(" "))]
    found = [p for key, p in found_in(tmp_path, *lines).items() if key[0] == code]
    (problem,) = found
    assert problem.severity == "warning"
    for lang in ("en", "zh"):
        said = problem.sentence(lang)  # type: ignore[arg-type]
        assert f"{rows}." in said or f"{rows}。" in said
        assert str(count) in said
        assert not any(name in said for name in names.split(" "))
    assert "wall list" in problem.cure.en or "reading aloud" in problem.cure.en


def test_names_that_sound_different_are_not_told(tmp_path: Path) -> None:
    """Names in which one syllable differs are no homophones, nor is a surname read otherwise."""
    lines = [f"{n},{name},F,,,,," for n, name in enumerate(("张伟", "张文", "单一", "丹一", "Bo", "Bob"))]
    assert found_in(tmp_path, *lines) == {}


@given(st.lists(st.text("张章伟薇一义曾增", min_size=2, max_size=3), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_counts_of_names_alike_are_those_of_a_plain_count(names: list[str]) -> None:
    """The two warnings count exactly the children who share a name, and a sound but not the spelling."""
    sound = sounds(names)
    problems = Problems()
    frame = pd.DataFrame({"name": names})
    checked = CheckedTable(table("roster"), "roster.csv", frame, np.arange(2, len(names) + 2), {})
    check_alike(checked, problems, names)
    told = {p.code: int(re.findall(r": (\d+)\.", p.sentence("en"))[0]) for p in problems.items}
    same = sum(names.count(name) > 1 for name in names)
    alike = sum(any(sound[o] == sound[name] and o != name for o in names) for name in names)
    assert told.get("load.same_child_name", 0) == same
    assert told.get("load.sound_alike", 0) == alike


def test_a_city_of_repeated_rows_is_no_flood(tmp_path: Path) -> None:
    """Faults that every row has are told twenty times at most, and then counted."""
    lines = [
        f"{n},甲{'一二三四五'[n % 5]},F,2020-03-01,云溪路1号,,{'T1' if n % 2 else 't-1'},"
        for n in range(2000)
    ]
    path = tmp_path / "roster.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    problems = Problems()
    check_roster(Found(table("roster"), path, UNREAD.of_file(path.name), is_layer=False), None, problems)
    codes = Counter(p.code for p in problems.items)
    assert codes == {"load.same_child": 20, "load.twin_spelling": 20, "load.more": 2}


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


def test_an_eaten_number_is_not_called_a_blank_one(tmp_path: Path) -> None:
    """One fault has one message: what Excel ate is not asked for a second time as missing."""
    found = found_in(tmp_path, *GOOD, "1.10105E+17,丙四,F,2020-06-01,云溪路4号,,,")
    assert {code for code, _, _ in found} == {"load.eaten_id"}
