"""Cells as people write them become values, or the one right fault."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.district import grade_label
from zoning.errors import Text
from zoning.load.schema import Column, table
from zoning.load.values import Fault, parse

BLANK = Text("x", "x")


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("count", " 1,234 ", 1234),
        ("count", "１２", 12),
        ("count", "12.0", 12),
        ("count", "—", None),
        ("count", "无", None),
        ("amount", "3.5", 3.5),
        ("number", "-2", -2.0),
        ("year", "2026年", 2026),
        ("year", "2026-2027学年", 2026),
        ("year", "2026/27", 2026),
        ("year", "2026年秋季", 2026),
        ("grade", "k3", 0),
        ("grade", "十二", Fault("load.no_grade")),
        ("grade", "初三", 9),
        ("grade", "大班", 0),
        ("grade", "高一", 10),
        ("grade", "六年级", 6),
        ("age", "6岁", 6),
        ("month", "9月", 9),
        ("month", "13", Fault("load.out_of_range", (("first", 1), ("last", 12)))),
        ("yes_no", "√", True),
        ("yes_no", "无", False),
        ("yes_no", "maybe", Fault("load.not_yes_no")),
        ("date", "2020年3月5日", "2020-03-05"),
        ("date", "2020/3/5", "2020-03-05"),
        ("date", "20200305", "2020-03-05"),
        ("date", "202011", Fault("load.no_date")),
        ("date", "2020111", Fault("load.no_date")),
        ("date", "2020-1-5", "2020-01-05"),
        ("time", "20260701 09:30", "2026-07-01T09:30:00"),
        ("grade", "1_2", Fault("load.no_grade")),
        ("date", "5.3.2020", Fault("load.no_date")),
        ("time", "2026-07-01 9:30", "2026-07-01T09:30:00"),
        ("score", "95", 950),
        ("score", "９５.５分", 955),
        ("score", "95.50", 955),
        ("score", "0.3", 3),
        ("score", "95.10000000000001", 951),
        ("score", "1,050", 10500),
        ("score", "缺考", None),
        ("score", "95.25", Fault("load.score_places")),
        ("score", "101%", Fault("load.not_a_score")),
        ("score", "9.5E1", Fault("load.not_a_score")),
        ("score", "优", Fault("load.not_a_score")),
        ("score", "-1", Fault("load.negative")),
        ("lon", "113°30′00″E", 113.5),
        ("lat", "34度30分", 34.5),
        ("lat", "34.5S", Fault("load.not_a_number")),
        ("id", '="0012"', "0012"),
        ("id", "'410181199", "410181199"),
        ("id", "Ｓ００１", "S001"),
        ("id", "4.1E+17", Fault("load.eaten_id")),
        ("text", "=A1", Fault("load.formula")),
        ("text", "#REF!", Fault("load.excel_error")),
        ("text", " 无名村 ", "无名村"),
        ("count", "nan", None),
        ("count", "inf", Fault("load.not_a_number")),
        ("count", "1_000", Fault("load.not_a_number")),
        ("count", "1e400", Fault("load.not_a_number")),
        ("year", "二〇二六", Fault("load.not_a_number")),
    ],
)
def test_cells(kind: str, cell: str, value: object) -> None:
    """Each way of writing a value that counties use is read, and nothing else."""
    assert parse(cell, Column("x", kind, BLANK)) == value


def test_stages_take_every_usual_name() -> None:
    """Nine-year schools and complete middle schools are two stages."""
    stages = table("schools").column("stages")
    assert parse("九年一贯制学校", stages) == "primary;junior"
    assert parse("完全中学", stages) == "junior;senior"
    assert parse("幼儿园、小学", stages) == "kindergarten;primary"


@given(st.integers(-2, 12))
@settings(deadline=None)
def test_grades_read_back(grade: int) -> None:
    """What the package prints as a grade it reads as the same grade."""
    assert parse(grade_label(grade), Column("grade", "grade", BLANK)) == grade


@given(
    st.text(max_size=20),
    st.sampled_from(sorted({c.type for c in table("schools").columns} | {"date", "grade"})),
)
@settings(max_examples=300, deadline=None)
def test_no_cell_breaks_the_reading(cell: str, kind: str) -> None:
    """Whatever stands in a cell gives a value, a blank or a fault, never a traceback."""
    value = parse(cell, Column("x", kind, BLANK))
    assert value is None or isinstance(value, str | int | float | bool | Fault)


@given(st.integers(0, 20_000))
def test_a_score_keeps_its_tenths(tenths: int) -> None:
    """No score is off by a tenth because a computer halves in binary."""
    column = table("roster").column("score_chinese")
    assert parse(f"{tenths // 10}.{tenths % 10}", column) == tenths
    assert parse(repr(tenths / 10), column) == tenths
