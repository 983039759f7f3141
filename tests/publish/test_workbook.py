"""The workbook as a spreadsheet program reads it."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from tests.publish.conftest import HOSTILE, Made

from zoning.errors import Language, Text
from zoning.evaluate import school_loads
from zoning.proposal import Certificate, Reason, SeparatorCut
from zoning.publish import StageResult
from zoning.publish.nearest import nearest_schools
from zoning.publish.workbook import write_workbook

SHEETS = ["概要", "评分表", "学校", "规划单元", "下界凭证"]


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet, the header first."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """Return rows by column title."""
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def proved(made: Made) -> StageResult:
    """Return the primary plan with a certificate and a reason."""
    result = made.primary
    assert result.proposal is not None
    proposal = replace(
        result.proposal,
        certificate=Certificate(
            (("capacity", "s0", 900.0), ("intake", "s2", -1 / 3)),
            (SeparatorCut("b000001", "s0", ("b000000", "b001001"), 12.5),),
            (("b000000", 17.25), ("b000001", -0.5)),
        ),
        reasons={"b000005": Reason("capacity", "s3", 150.0, Text("School 4 is full.", "第4学校学位已满。"))},
    )
    return replace(result, proposal=proposal)


def test_the_sheets_hold_the_plan_and_its_proof(made: Made, tmp_path: Path) -> None:
    """Cost, bound, gap, rules and notes stand in the summary; every block and multiplier has its row."""
    sheets = sheets_of(write_workbook(tmp_path / "plan.xlsx", made.district, proved(made), made.demand))
    assert list(sheets) == SHEETS
    summary: dict[str, Any] = {row[0]: row[1] for row in sheets["概要"]}
    assert summary["成本（人·小时/日，单程）"] == pytest.approx(1.9e6 / 3600)
    assert summary["距最优方案至多"] == pytest.approx(0.02e6 / 1.88e6)
    assert (summary["遵守的规则"], summary["说明"]) == ("规划单元不拆分", "缺两个学位。")
    assert len(sheets["评分表"]) == 1 + len(list(made.primary.card))
    blocks = {row["单元编号"]: row for row in records(sheets["规划单元"])}
    assert list(blocks) == made.district.block_frame.index.tolist()
    assert blocks["b000003"]["学校编号"] == "s0;s1"
    assert blocks["b000005"]["理由"] == "第4学校学位已满。"
    assert (blocks["b000005"]["最近的学校"], blocks["b000005"]["比最近的学校多用（分钟）"]) == (
        "第4学校",
        2.5,
    )
    price, lower, cut, whole, first, second = records(sheets["下界凭证"])
    assert (price["规则"], price["学校编号"], price["乘子"]) == ("capacity", "s0", 900.0)
    assert (lower["规则说明"], lower["乘子"]) == ("招生人数", -1 / 3)
    assert (cut["单元编号"], cut["分隔集（单元编号）"], cut["乘子"]) == ("b000001", "b000000;b001001", 12.5)
    assert "按整片学区计价" in whole["规则说明"]
    assert [(one["类别"], one["单元编号"], one["乘子"]) for one in (first, second)] == [
        ("单元价格", "b000000", 17.25),
        ("单元价格", "b000001", -0.5),
    ]


def test_schools_by_year_are_those_of_the_scorecard(made: Made, tmp_path: Path) -> None:
    """Pupils, use and class size are what the scorecard counts from; the price of a seat stands beside."""
    result = proved(made)
    path = write_workbook(tmp_path / "plan.xlsx", made.district, result, made.demand, lang="en")
    rows = {row["School id"]: row for row in records(sheets_of(path)["Schools"])}
    for load in school_loads(made.district, result.plan, made.demand).itertuples(index=False):
        row, year = rows[str(load.school_id)], f"{load.year}-{str(load.year + 1)[2:]}"
        assert row[f"Pupils {year}"] == pytest.approx(load.pupils)
        assert row[f"Seats {year}"] == pytest.approx(load.capacity)
        assert row[f"Utilisation {year}"] == pytest.approx(load.utilisation)
    assert rows["s0"]["One more seat saves, minutes a day"] == 15.0


def test_small_counts_are_left_out(made: Made, tmp_path: Path) -> None:
    """A handful of children in a block cannot be read from the workbook either."""
    path = write_workbook(tmp_path / "plan.xlsx", made.district, made.primary, made.demand)
    counts = {row["学生"] for row in records(sheets_of(path)["规划单元"])}
    least = made.district.policy.hide_below
    assert f"< {least}" in counts
    assert not {count for count in counts if not isinstance(count, str) and 0 < count < least}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_plan_gives_the_same_bytes(made: Made, tmp_path: Path, lang: Language) -> None:
    """No clock is in the file, so that two runs can be compared."""
    one, two = (
        write_workbook(tmp_path / f"{n}.xlsx", made.district, proved(made), made.demand, lang=lang)
        for n in (1, 2)
    )
    assert one.read_bytes() == two.read_bytes()


def test_nothing_runs_as_a_formula(hostile: Made, tmp_path: Path) -> None:
    """A name that begins like a formula is text in the cell, whole and unchanged."""
    path = write_workbook(tmp_path / "plan.xlsx", hostile.district, hostile.primary, hostile.demand)
    with zipfile.ZipFile(path) as parts:
        pages = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(pages) == len(SHEETS)
        assert not any(re.search(rb"<f[ >]|<hyperlink", parts.read(name)) for name in pages)
        assert b'quotePrefix="1"' in parts.read("xl/styles.xml")
        assert all(b'state="frozen"' in parts.read(name) for name in pages)
    names = {row["规划单元"] for row in records(sheets_of(path)["规划单元"])}
    assert HOSTILE[3] in names


def test_what_is_missing_is_left_out(made: Made, tmp_path: Path) -> None:
    """A plan that was given, without forecast or times, still has its workbook."""
    bare = StageResult(made.primary.plan, made.primary.card)
    sheets = sheets_of(write_workbook(tmp_path / "plan.xlsx", made.district, bare, None))
    assert list(sheets) == SHEETS[:-1]
    assert {row["学生"] for row in records(sheets["规划单元"])} == {""}


def test_the_nearest_school_is_the_one_with_the_least_time(made: Made) -> None:
    """Where no reason says it, the nearest public school and the seconds more follow from the times."""
    result = made.primary
    assert result.times is not None
    found = nearest_schools(made.district, result)
    seconds = result.times.seconds
    for row, block in enumerate(result.times.block_ids):
        school, extra_s = found[block]
        assert seconds[row].min() == seconds[row, result.times.school_ids.index(school)]
        own = min(seconds[row, result.times.school_ids.index(one)] for one in result.plan[block])
        assert extra_s == pytest.approx(own - seconds[row].min())
    assert nearest_schools(made.district, replace(result, times=None)) == {}
