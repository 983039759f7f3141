"""Numbers, phones, dates, headers and counts in the forms in which people write them; and what is none."""

from dataclasses import replace
from datetime import date
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.public.published import QUARTERS, addresses_of, grid, plan_of
from tests.public.test_gate import NOTICE, TOWN, codes, publication, report_of

from zoning.errors import Text
from zoning.public import Publication, PublishedYear, make_publication
from zoning.public.coverage.certificate import certify
from zoning.public.gate.cells import Cell
from zoning.public.gate.checks import check_publication
from zoning.public.gate.personal import Known, personal_in
from zoning.public.gate.small_counts import is_small_count

KNOWN = Known(2027)
TODAY = date(2027, 3, 1)
ROWS = [(block, "estate", f"园{n}", nan, nan, "all") for n, block in enumerate(grid().block_frame.index)]
OFFICE = grid(tables={"addresses": addresses_of(ROWS)})

FORMS = {
    "id_number": [
        "1101 0519 4912 3100 2X", "110 105 1949 1231 002X", "110105.19491231.002X", "110105/19491231/002X",
        "110105-19491231-002X", "110105\u200b19491231002X", "11010519491231002×", "11010519491231002Х",
        "110105XXXXXXXX002X", "110105××××××××0021",
        "110105  19491231  002X", "110105\u00a019491231\u00a0002X",
    ],
    "mobile_phone": [
        "008613912345678", "0086 13912345678", "(139)12345678", "（139）1234 5678", "139–1234–5678",
        "139—1234—5678", "139.1234.5678", "139  1234  5678", "139\u00a01234\u00a05678", "138-1999-5678",
        "155-2013-1945", "138-2019-2020", "手机 138 2019 2020", "tel: 138 2019-2020", "139 2012 5678",
    ],
    "birth_date": [
        "2019 年 9 月 1 日出生", "出生 ２０１９年９月１日",
        "born on 1 September 2019", "birthday: Sept 1, 2019",
        "2019年9月1日生", "2019年9月1日生，男", "DOB 2019-09-01", "D.O.B.: 2019/9/1", "甲，2019-09-01，男",
        "甲，女，2019.9.1", "生于2019-09-01", "出生：2019-09-01T00:00:00Z", "2019年9月1号出生",
        "出生于2019年9月1日，2027年9月1日以后入学",
    ],
}  # fmt: skip
NONE = [
    "中路 13 号至 18 号，共 450 户", "座位 150，2027-2028 学年",
    "130 2027 2028", "130 2027-2028", "139号 1234 5678",
    "人口 1384 1999 5678", "中山路 138-199 号（双号）", "1380 1400 2027 2028 2029", "130    2027    1234",
    "凡年满6周岁（2021年8月31日以前出生）的适龄儿童", "2020年9月1日（含）至2021年8月31日（含）出生",
    "2020年9月1日至2021年8月31日期间出生", "出生日期在2020年9月1日之后", "2014-09-01 ～ 2015-08-31 出生",
    "截至2021年8月31日出生人口", "2020年9月1日起出生",
    "born before 2021-09-01", "born on or before 2021-08-31",
    "born between 2020-09-01 and 2021-08-31", "born from 1 September 2020 to 31 August 2021",
    "born since 1 Sept 2020", "born until 2021-08-31", "born 2021-08-31 or earlier", "出生人口 2019-12-31",
    "学生于2019年9月1日入学", "新生于2020年9月1日报到", "2020年9月1日生效", "2024年9月1日", "2020-11-01",
    "出生证明原件与复印件，2027年3月5日起收取", "1 September 2020", "2020 年 11 月 1 日",
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in FORMS.items() for text in texts])
def test_every_form_is_found(code: str, text: str) -> None:
    """Groups, dashes, widths, invisible signs and words of either language hide no number and no date."""
    for said in (text, f"备注：{text}。", f"see {text}, please"):
        assert list(personal_in(Cell(said, "x"), KNOWN)) == [code], said


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_it_passes(text: str) -> None:
    """House numbers, years, seats, populations, and the limits of an entry rule are nobody's."""
    for said in (text, f"（{text}）"):
        assert list(personal_in(Cell(said, "x"), KNOWN)) == [], said


@given(
    st.integers(3, 9), st.integers(0, 9), st.integers(0, 9999), st.integers(0, 9999), st.sampled_from("-. ")
)
def test_no_phone_in_groups_passes(second: int, third: int, middle: int, last: int, sign: str) -> None:
    """Whatever its figures, also those that look like years, a phone after its label is refused."""
    text = f"家长电话 1{second}{third}{sign}{middle:04d}{sign}{last:04d}"
    assert list(personal_in(Cell(text, "x"), KNOWN)) == ["mobile_phone"]


def test_a_word_of_birth_makes_a_birth_date_of_what_is_near_only() -> None:
    """A date sixteen characters from the word is one of birth, a date further away is another."""
    for between, found in ((16, ["birth_date"]), (17, []), (40, [])):
        for text in ("出生" + "，" * between + "2020-03-05", "2020-03-05" + "，" * between + "出生"):
            assert list(personal_in(Cell(text, "x"), KNOWN)) == found, between


def test_a_date_alone_is_one_of_birth_by_its_header_or_the_roster() -> None:
    """A column for births or a child of the roster makes a lone date personal; a day of data or none."""
    for header, found in (("birth_date", True), ("出生日期", True), ("DOB", True), ("建校日期", False)):
        cell = Cell("2020-03-05", "x", header=header)
        assert ("birth_date" in personal_in(cell, KNOWN)) is found, header
    with_child = replace(KNOWN, births=frozenset({"20200305"}))
    assert list(personal_in(Cell("2020-03-05", "x"), with_child)) == ["birth_date"]
    assert list(personal_in(Cell("2020-03-06", "x"), with_child)) == []
    own = replace(with_child, dates=frozenset({"20200305"}))
    assert list(personal_in(Cell("2020年3月5日", "x"), own)) == []
    assert list(personal_in(Cell("2020-03-05", "x", header="birth_date"), own)) == ["birth_date"]


HEADERS = [
    "学号",
    "准考证号",
    "parent_phone",
    "Guardian",
    "Name of child",
    "Parent's phone",
    "mother contact",
]


@pytest.mark.parametrize("header", HEADERS)
def test_more_headers_are_personal(header: str) -> None:
    """Numbers of pupils and examinations, guardians and their phones are refused by their header."""
    assert list(personal_in(Cell(header, "x", is_header=True), KNOWN)) == ["personal_column"]


@pytest.mark.parametrize(
    "header", ["住址", "大学号", "phone", "guardian notice", "address", "学校地址", "parents"]
)
def test_headers_of_public_columns_pass(header: str) -> None:
    """The program itself prints columns of addresses, phones of schools and notices to parents."""
    assert list(personal_in(Cell(header, "x", is_header=True), KNOWN)) == []


def test_a_flat_is_a_home() -> None:
    """A range of a road may be published under 住址; the flat of a family may not."""
    found = {text: list(personal_in(Cell(text, "x", header="住址"), KNOWN)) for text in (
        "中路 1 至 9 号", "甲园 3栋 201室", "甲园2单元301", "教育局 305 室",
    )}  # fmt: skip
    assert found == {
        "中路 1 至 9 号": [], "甲园 3栋 201室": ["personal_column"], "甲园2单元301": ["personal_column"],
        "教育局 305 室": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("学生人数：3", True), ("children: 3", True),
        ("Pupils = 4.", True), ("幼儿 数：3", False), ("幼儿数：3人", True),
        ("3 名男生", True), ("2 kids", True), ("男生：2，女生：3", True), ("children: 3.5", False),
        ("入学儿童：3 周岁", False), ("学生：6 至 12 岁", False),
        ("3 个幼儿园", False), ("children: 12", False),
    ],
)  # fmt: skip
def test_counts_are_read_as_people_write_them(text: str, small: bool) -> None:  # noqa: FBT001
    """A count after its word, kids, boys and girls are counts; ages, kindergartens and shares are none."""
    assert is_small_count(Cell(text, "x"), 5) is small


@pytest.mark.parametrize(
    ("header", "small"),
    [("kids", True), ("enrollment", True), ("Enrolment", True),
     ("幼儿", True), ("男生", True), ("女生人数", True),
     ("幼儿园", False), ("enrollment rate", False)],
)  # fmt: skip
def test_more_headers_count_children(header: str, small: bool) -> None:  # noqa: FBT001
    """Kindergarten children, boys and girls are counted too; kindergartens are not children."""
    assert is_small_count(Cell("3", "x", header=header, number=3.0), 5) is small


def test_a_word_of_a_rule_excuses_only_the_count_beside_it() -> None:
    """A limit stands within twelve characters of its figure; further away it excuses nothing."""
    assert not is_small_count(Cell("每班不超过一二三四五六七 4 名学生", "x"), 5)
    for between in (12, 20, 36):
        assert is_small_count(Cell(f"每班不超过{'的' * between}4 名学生", "x"), 5), between


RULES = [
    Text("born before 2021-09-01", "凡年满6周岁（2021年8月31日以前出生）的适龄儿童"),
    Text("Birth date: 31 August 2021 at the latest", "出生日期：2021年8月31日为最后一日"),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_of_entry_passes_wherever_it_stands(rule: Text) -> None:
    """The commonest rule of all, and any other date of the office's words, is no child's date of birth."""
    district = replace(TOWN, notice=replace(NOTICE, rule=rule, transition=rule))
    assert report_of(district).ok
    files = {"a-2027.csv": f"a,b\n1,依据：{rule.zh}\n2,{rule.en}\n".encode(), "b-2027.txt": rule.zh.encode()}
    made = publication(district)
    report = check_publication(made, files, inputs=None, today=TODAY, certificate=certify(made))
    assert codes(report) == []
    other = {"a-2027.csv": f"a,b\n1,{rule.zh}；2020-03-05 出生\n".encode()}
    report = check_publication(made, other, inputs=None, today=TODAY, certificate=certify(made))
    assert codes(report) == ["birth_date"]


@pytest.mark.parametrize("written", ["2025-11-01", "2020-11-01", "2024年9月1日", "1 September 2019"])
def test_data_of_any_age_may_be_published(written: str) -> None:
    """The date of the data stands in certificate, page and lists, and refuses nothing however old it is."""
    place = replace(OFFICE.place, data_date=written, map_approval="GS(2027)1")
    district = replace(OFFICE, place=place)
    made = Publication(district, PublishedYear(2027, {"primary": plan_of(district, QUARTERS, 2027)}))
    report = make_publication(made, today=TODAY, sheets=()).gate
    assert [(one.code, one.problem.file) for one in report.refusals] == []
