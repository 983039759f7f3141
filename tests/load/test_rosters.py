"""Rosters are read and matched, and nothing that tells who a child is reaches a message."""

import re
from pathlib import Path

import pytest
from bad.form import ROSTER, good_folder, write
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.errors import DataError
from zoning.load import check_folder, read_district, read_roster
from zoning.load.rosters import is_id_number

SECRETS = (
    "王甲",
    "李乙",
    "李丙",
    "赵丁",
    "2020-03-07",
    "2019-12-30",
    "锦绣家园",
    "建设路17",
    "r01",
    "云溪幼儿园",
)


def test_roster_of_a_folder(tmp_path: Path) -> None:
    """Every child comes in the order of the file with its block and the quality of the match."""
    folder = good_folder(tmp_path)
    write(folder, "roster.csv", ROSTER, encoding="gb18030")
    roster = read_roster(folder / "roster.csv", read_district(folder))
    assert [(a.sid, a.gender, a.block_id, a.match) for a in roster] == [
        ("r01", "F", "b1", "exact"),
        ("r02", "M", "b2", "number"),
        ("r03", "M", "b2", "number"),
        ("r04", "F", "b3", "exact"),
    ]
    second = roster.applicants[1]
    assert (second.twin_group, second.together, second.choices, second.tier) == ("t1", True, ("s2",), 1)
    assert second.birth_date == "2020-04-09"


def test_rows_are_numbered_without_sid(tmp_path: Path) -> None:
    """A roster of names and genders alone is enough for a draw."""
    folder = good_folder(tmp_path)
    rows = "".join(f"儿童{n},{'男女'[n % 2]}\n" for n in range(12))
    write(folder, "roster.csv", "姓名,性别\n" + rows)
    roster = read_roster(folder / "roster.csv", read_district(folder))
    assert [a.sid for a in roster][:2] == ["01", "02"]
    assert {a.match for a in roster} == {"none"}


@pytest.mark.parametrize("column", range(9))
def test_no_message_shows_a_private_value(column: int, tmp_path: Path) -> None:
    """Whatever column is spoiled, even by shifting all others, the report keeps every secret."""
    folder = good_folder(tmp_path)
    head, *rows = ROSTER.splitlines()
    shifted = []
    for row in rows:
        cells = row.split(",")
        shifted.append(",".join([*cells[:column], *cells[column + 1 :], cells[0]]))
    write(folder, "roster.csv", "\n".join([head, *shifted]))
    district = read_district(folder)
    report = [p.sentence(lang) for p in check_folder(folder) for lang in ("en", "zh")]
    try:
        read_roster(folder / "roster.csv", district)
    except DataError as error:
        report.append(str(error) + error.text.zh)
    assert [secret for secret in SECRETS if secret in "\n".join(report)] == []


def test_a_roster_without_header_shows_nothing(tmp_path: Path) -> None:
    """The first child is not taken for the header and printed."""
    folder = good_folder(tmp_path)
    write(folder, "roster.csv", ROSTER.split("\n", 1)[1])
    report = "\n".join(p.sentence() for p in check_folder(folder))
    assert "None of the headers is known here" in report
    assert [secret for secret in SECRETS if secret in report] == []


def test_a_name_typed_over_a_header_is_not_shown(tmp_path: Path) -> None:
    """A child's name that slipped into the header row stays hidden; a misspelt header is still named."""
    folder = good_folder(tmp_path)
    head, rest = ROSTER.split("\n", 1)
    write(folder, "roster.csv", f"{head},赵钱孙,genderr\n{rest}")
    report = "\n".join(p.sentence(lang) for p in check_folder(folder) for lang in ("en", "zh"))
    assert "赵钱孙" not in report
    assert "genderr" in report


def test_a_garbled_roster_shows_nothing(tmp_path: Path) -> None:
    """Even unreadable names stay hidden, for they can be decoded."""
    folder = good_folder(tmp_path)
    garbled = ROSTER.encode("gb18030").decode("latin-1")
    write(folder, "roster.csv", garbled)
    problem = next(p for p in check_folder(folder) if p.code == "load.garbled")
    assert problem.value == "***"


def test_reprs_show_counts_only(tmp_path: Path) -> None:
    """A roster printed in a notebook tells nothing about a child."""
    folder = good_folder(tmp_path)
    write(folder, "roster.csv", ROSTER)
    roster = read_roster(folder / "roster.csv", read_district(folder))
    shown = repr(roster) + repr(roster.applicants[0])
    assert [word for word in SECRETS if word in shown and word != "r01"] == []
    assert repr(roster) == f"Roster({len(roster)} applicants)"
    assert "block_id" not in shown


def test_the_folder_check_includes_the_roster(tmp_path: Path) -> None:
    """One report covers the roster too, while the district is read without it."""
    folder = good_folder(tmp_path)
    write(folder, "roster.csv", ROSTER.replace(",女,", ",,"))
    assert [p.row for p in check_folder(folder) if p.code == "load.blank_child"] == [2, 5]
    assert read_district(folder).findings


@given(st.integers(0, 10**17 - 1))
@settings(max_examples=60, deadline=None)
def test_identity_numbers_are_known_by_their_check_digit(body: int) -> None:
    """Of the eleven check digits exactly one makes an identity number."""
    seventeen = f"{body:017d}"
    assert sum(is_id_number(seventeen + last) for last in "0123456789X") == 1


def test_a_missing_roster_is_named(tmp_path: Path) -> None:
    """A wrong path gives a sentence, not a traceback."""
    district = read_district(good_folder(tmp_path))
    with pytest.raises(DataError, match=re.escape("There is no such file")):
        read_roster(tmp_path / "none.csv", district)


def test_scores_come_in_tenths_by_subject(tmp_path: Path) -> None:
    """Whatever a school calls its columns, each child has its subjects in order, without those it missed."""
    path = tmp_path / "roster.csv"
    text = "姓名,性别,语文,数学（120分）,英语成绩,书法得分,Score_Physics\n"
    text += "甲一,女,95,95.5,缺考,,１００\n乙二,男,95.50,88分,60,3,1\n丙三,男,,,,,\n"
    path.write_text(text, encoding="utf-8")
    assert [a.scores for a in read_roster(path)] == [
        (("chinese", 950), ("maths", 955), ("physics", 1000)),
        (("chinese", 955), ("english", 600), ("maths", 880), ("physics", 10), ("书法", 30)),
        (),
    ]
    assert "95" not in repr(read_roster(path).applicants[0])


@pytest.mark.parametrize(
    ("score", "said"),
    [
        ("95.25", r'row 3, "语文": "\*\*\*" has more than one decimal place.*Write the score with one'),
        ("101%", r'row 3, "语文": "\*\*\*" is not a score.*Write points'),
        ("-5", r'row 3, "语文": "\*\*\*" is below 0'),
        ("20200305", r'row 3, "语文": "\*\*\*" lies outside 0 to 2000'),
    ],
)
def test_a_score_that_is_none_is_refused(score: str, said: str, tmp_path: Path) -> None:
    """A mistyped score is asked for by row and never shown."""
    path = tmp_path / "roster.csv"
    path.write_text(f"姓名,性别,语文\n甲一,女,95\n乙二,男,{score}\n", encoding="utf-8")
    with pytest.raises(DataError, match=said) as caught:
        read_roster(path)
    assert score not in str(caught.value) + caught.value.text.zh


def test_two_columns_of_one_subject_are_refused(tmp_path: Path) -> None:
    """Which of two columns counts is not guessed."""
    path = tmp_path / "roster.csv"
    path.write_text("姓名,性别,语文,语文成绩\n甲一,女,95,96\n", encoding="utf-8")
    with pytest.raises(DataError, match=r'"语文成绩": means score_chinese, and so does the column “语文”'):
        read_roster(path)


@pytest.mark.parametrize(
    "header", ["备注", "班级名次", "积分", "art", "110105194912310021成绩", "甲" * 17 + "成绩"]
)
def test_other_columns_are_no_scores(header: str, tmp_path: Path) -> None:
    """A column that only looks a little like scores is named as unknown, not read."""
    path = tmp_path / "roster.csv"
    path.write_text(f"姓名,性别,{header}\n甲一,女,95\n", encoding="utf-8")
    assert read_roster(path).applicants[0].scores == ()
