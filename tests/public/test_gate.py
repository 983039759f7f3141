"""The publication gate: every planted fault is found in every kind of file, and clean files pass."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.public.files import KINDS, planted
from tests.towns import square_town

from zoning import sample_district
from zoning.district import District, PublicNotice
from zoning.errors import Text
from zoning.evaluate import Measure, Scorecard
from zoning.load.rosters import is_id_number
from zoning.load.tables import TOTALS
from zoning.plan import Plan
from zoning.public import Publication, assemble
from zoning.public.coverage.address_file import addresses_file
from zoning.public.coverage.certificate import certify
from zoning.public.gate.checks import LEVELS, GateReport, check_publication
from zoning.public.sources import PlanSource

TODAY = date(2027, 3, 1)
NOTICE = PublicNotice(
    office=Text("Education Office", "教育局"),
    phone="0371-65550000",
    comments_to=Text("school@edu.example.cn or 13800138000", "school@edu.example.cn，13800138000"),
    no_map_number=Text("shows no boundary", "不绘制行政区域界线"),
)
ID = "11010519491231002X"
CODES = {code for code, level in LEVELS.items() if level == "never" and not code.startswith("override")}


def town() -> District:
    """Return a town whose office has said all it must."""
    table = pd.DataFrame(
        {"block_id": ["b000000", "b000003"], "kind": "estate", "name": ["甲园", "乙园"], "from": np.nan,
         "to": np.nan, "parity": "all"}
    )  # fmt: skip
    phones = {"phone": ["0371-6555 1234", ""]}
    made = square_town(3, 4, schools=((0, 0), (2, 3)), tables={"addresses": table}, school_columns=phones)
    return replace(made, stages=(made.stage("primary"),), notice=NOTICE)


TOWN = town()


def halves(district: District) -> Plan:
    """Return a plan without gaps."""
    ids = district.block_frame.index
    return Plan.of("primary", 2027, {block: "s0" if block[-1] in "01" else "s1" for block in ids})


def publication(district: District = TOWN) -> Publication:
    """Return what is published of a town."""
    return assemble(district, [halves(district)])


CERTIFICATE = certify(publication())


def gate(files: dict[str, bytes], *, inputs: Path | None = None, **overrides: str) -> GateReport:
    """Return the report on some files of the town."""
    return check_publication(
        publication(), files, inputs=inputs, today=TODAY, overrides=overrides, certificate=CERTIFICATE
    )


def codes(report: GateReport) -> list[str]:
    """Return the codes that refuse."""
    return [one.code for one in report.refusals]


PLANTED = [
    ("备注", ID, "id_number"),
    ("备注", "110105 19491231 002x", "id_number"),
    ("备注", "已核验110105194912310021。", "id_number"),
    ("备注", "130503670401001", "id_number"),
    ("备注", "110105********002X", "id_number"),
    ("备注", "4.10181E+17", "id_number"),
    ("备注", "联系13912345678", "mobile_phone"),
    ("备注", "+86 139-1234-5678", "mobile_phone"),
    ("备注", "１３９１２３４５６７８", "mobile_phone"),
    ("备注", "139****5678", "mobile_phone"),
    ("备注", "zhang.san@example.com", "email"),
    ("备注", "2020年3月5日出生", "birth_date"),
    ("备注", "born on 2020-03-05", "birth_date"),
    ("备注", "张某，男，2020-03-05", "birth_date"),
    ("备注", "1101 0519 4912 3100 2X", "id_number"),
    ("备注", "110105\u200b19491231002×", "id_number"),
    ("备注", "008613912345678", "mobile_phone"),
    ("备注", "家长电话 138-1999-2005", "mobile_phone"),
    ("备注", "学生姓名：张小明", "child_name"),
    ("备注", "本次调整涉及 3 名学生", "small_count"),
    ("备注", "affects 4 children", "small_count"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("header", "value", "code"), PLANTED)
def test_personal_text_is_found_in_every_kind_of_file(kind: str, header: str, value: str, code: str) -> None:
    """Whatever the format, personal data and small counts in free text are refused and never repeated."""
    name, data = planted(kind, header, value)
    report = gate({name: data})
    assert set(codes(report)) == {code}
    found = report.refusals[0]
    assert found.level == "never"
    assert found.problem.file == name
    for text in (report.text("zh"), report.text("en"), report.as_json()):
        assert value not in text
    assert not report.ok


HEADERS = ["学生姓名", "家长电话", "身份证号", "出生日期", "家庭住址", "child_name", "Birth date", "mobile"]
TABLES = ("csv", "xlsx", "json", "jsonl", "geojson", "gpkg", "script", "docx")


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("header", HEADERS)
def test_personal_columns_are_found_by_their_headers(kind: str, header: str) -> None:
    """A column for personal data is refused for its header alone, in Chinese and in English."""
    name, data = planted(kind, header, "…")
    assert "personal_column" in codes(gate({name: data}))


PUBLIC = [
    ("phone", "0371-65551234"),
    ("联系电话", "0371-65550000"),
    ("咨询电话", "13800138000"),
    ("备注", "school@edu.example.cn"),
    ("备注", "中路 13 号至 18 号，共 450 户"),
    ("digest", "8a13912345678f110105194912310021c3d2829125"),
    ("area_m2", 13912345678.0),
    ("births", 120),
    ("pupils", 0),
    ("pupils", 5),
    ("学校名称", "第三小学"),
    ("reason", "每班不超过 4 名学生"),
    ("reason", "counts fewer than 5 children are hidden"),
    ("date", "2027-03-01"),
    ("minutes", 3.5),
    ("备注", "姓名：　　　　联系电话："),
    ("备注", "3 年级学生，2027-2028 学年 130 2027 2028"),
    ("x", "0.003601336562107801"),
    ("备注", "校长姓名见学校网站"),
    ("住址", "中路 1 至 9 号"),
]


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize(("header", "value"), PUBLIC)
def test_what_is_public_is_not_refused(kind: str, header: str, value: str | float) -> None:
    """Phones of office and schools, digests, areas, dates of the year and plain counts pass."""
    name, data = planted(kind, header, value)
    assert codes(gate({name: data})) == []


@pytest.mark.parametrize("kind", TABLES[:-1])
@pytest.mark.parametrize("header", ["children", "涉及学生", "Pupils 2027-28", "pupils_moved"])
def test_small_counts_are_found_by_their_headers(kind: str, header: str) -> None:
    """A count above 0 and below the limit is refused under every header that counts children."""
    name, data = planted(kind, header, 4)
    assert codes(gate({name: data})) == ["small_count"]
    assert codes(gate({name: planted(kind, header, 5)[1]})) == []


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ("<5 12 20 35", True),
        ("<5 <5 20 30", False),
        ("<5 12 20 <5", False),
        ("7 12 20 39", False),
        ("不足5人 12 20 35", True),
    ],
)
def test_a_hidden_count_is_not_given_away_by_its_total(cells: str, refused: bool) -> None:  # noqa: FBT001
    """One hidden count beside a total that is shown is no hidden count."""
    rows = [f"{name},{cell}" for name, cell in zip(("甲", "乙", "丙", "合计"), cells.split(), strict=True)]
    report = gate({"ledger-2027.csv": "\n".join(["学校,涉及学生", *rows]).encode()})
    assert codes(report) == (["count_by_total"] if refused else [])
    if refused:
        assert "hides one count of children" in report.text("en")
        assert "可由该列合计推算" in report.text("zh")


def test_a_boy_or_girl_in_a_row_makes_its_date_one_of_birth() -> None:
    """A list that says 男 or girl in a column without a telling header gives its dates away."""
    for kind in ("csv", "txt"):
        for sex, codes_found in (("男", ["birth_date"]), ("girl", ["birth_date"]), ("男厕", [])):
            data = f"a,b,year\n{sex},2020-03-05,2027\n,2020-03-06,2027\n".encode()
            found = gate({f"a-2027.{kind}": data})
            assert codes(found) == codes_found
            assert [one.problem.row for one in found.refusals] == [2] * len(codes_found)


def test_a_program_counts_nobody() -> None:
    """Comments of a script are no counts of children; what a reader sees is."""
    page = "<title>2027</title><script>// at most 9; 3 children left</script>"
    assert codes(gate({"a.html": page.encode()})) == []
    assert codes(gate({"a.html": f"{page}<p>3 children left".encode()})) == ["small_count"]


@pytest.mark.parametrize("kind", ["xlsx", "json", "gpkg", "csv"])
def test_numbers_are_looked_at_too(kind: str) -> None:
    """A phone or an id that a spreadsheet holds as a number is found."""
    name, data = planted(kind, "备注", 13912345678)
    assert codes(gate({name: data})) == ["mobile_phone"]
    if kind == "xlsx":
        assert codes(gate({name: planted(kind, "备注", 410181199001011234.0)[1]})) == ["id_number"]


@pytest.mark.parametrize(
    ("name", "data", "en", "zh"),
    [
        ("list-2027.csv", "a,备注\n1,\n2,13912345678\n", 'row 3, "备注": holds', "第 3 行，“备注”列：含有"),
        ("a.json", '{"y":2027,"a":[{"n":"13912345678"}]}', r'key "a\[0\].n": holds', r"“a\[0\].n”键：含有"),
        (
            "page.html",
            "<title>2027</title>\n<p title='13912345678'>",
            'row 2, "<p title>": holds',
            "第 2 行，“<p title>”列：含有",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_where_and_how_to_cure(name: str, data: str, en: str, zh: str) -> None:
    """A refusal names file, row, column, key or element, and the cure, in both languages."""
    report = gate({name: data.encode()})
    problem = report.refusals[0].problem
    with pytest.raises(AssertionError, match=en):
        raise AssertionError(problem.sentence("en"))
    with pytest.raises(AssertionError, match=zh):
        raise AssertionError(problem.sentence("zh"))
    assert problem.cure.en.startswith("Delete it")
    assert problem.value is None


def test_a_cell_of_a_sheet_is_named() -> None:
    """A planner finds the cell in Excel by what the refusal says."""
    name, data = planted("xlsx", "备注", "13912345678")
    assert gate({name: data}).refusals[0].problem.column == "名单!C4 (备注)"


@pytest.mark.parametrize(
    ("name", "text", "refused"),
    [
        ("page-2027.html", "<title>Schools</title><p>2027", True),
        ("page.html", "<title>Schools 2027</title>", False),
        ("finder.html", "<title>Schools 2027</title>", True),
        ("addresses.csv", "year\n2027\n", True),
        ("list.csv", "a,b\n1,2\n", True),
        ("list.csv", "a,year\n1,2027\n", False),
        ("notice.txt", "2026", True),
        ("ledger.json", '{"year":2027}', False),
    ],
)
def test_every_file_says_its_year(name: str, text: str, refused: bool) -> None:  # noqa: FBT001
    """A page without its year in the title, or a file without it anywhere, is refused and stays so."""
    report = gate({name: text.encode()}, missing_year="never mind")
    assert ("missing_year" in codes(report)) is refused
    if refused:
        assert "does not say that it is of 2027" in report.text("en")
        assert "没有写明是 2027 学年" in report.text("zh")


def test_files_that_cannot_be_looked_through_need_a_reason() -> None:
    """A broken workbook, a locked document or no picture at all is refused until somebody says why not."""
    report = gate(
        {
            "a-2027.xlsx": b"PK\x03\x04",
            "b.docx": b"",
            "c.pdf": b"%PDF-1.7",
            "d.gpkg": b"x",
            "e.png": b"\x89PNG\x00",
            "f.png": b"\x89PNG\r\n\x1a\n",
            "g.ttf": b"\x00",
            "h-2027.zip": b"PK\x05\x06" + bytes(18),
        }
    )
    assert [one.problem.file for one in report.findings if one.code == "unread"] == [
        "a-2027.xlsx", "b.docx", "c.pdf", "d.gpkg", "e.png", "h-2027.zip",
    ]  # fmt: skip
    assert codes(report) == ["unread"] * 6
    assert "--override unread=" in report.text("en")
    assert gate({"c.pdf": b"%PDF-1.7"}, unread="looked at by two of us").ok


def roster(folder: Path, names: list[str], sids: list[str], births: list[str]) -> None:
    """Write an input folder with a roster."""
    (folder / "zoning.toml").write_text('[place]\nname = "方镇"\nyear = 2026\n', encoding="utf-8")
    rows = [f"{n},F,{s},{b}" for n, s, b in zip(names, sids, births, strict=True)]
    text = "\n".join(["姓名,性别,报名号,出生日期", *rows])
    (folder / "roster.csv").write_text(text + "\n", encoding="utf-8")


def test_names_of_the_roster_are_found_but_not_those_of_places(tmp_path: Path) -> None:
    """A child's name alone is refused; inside a word it may be said to be none; a place's name passes."""
    roster(tmp_path, ["欧阳娜", "高新"], ["A-1001", "A-1002"], ["2020-03-05"] * 2)
    found = {
        text: codes(gate({"l-2027.csv": f"a,b\n1,{text}\n".encode()}, inputs=tmp_path))
        for text in (
            "欧阳娜",
            "欧阳娜、李四",
            "请欧阳娜同学",
            "高新",
            "高新区管委会",
            "甲园",
            "A-1002",
            "2020-03-05",
            "20200305",
        )
    }
    assert found == {
        "欧阳娜": ["child_name"], "欧阳娜、李四": ["child_name"], "请欧阳娜同学": ["name_in_text"],
        "高新": ["child_name"], "高新区管委会": [], "甲园": [], "A-1002": ["registration"],
        "2020-03-05": ["birth_date"], "20200305": ["birth_date"],
    }  # fmt: skip
    report = gate({"l-2027.csv": "a,b\n1,请欧阳娜同学\n".encode()}, inputs=tmp_path, name_in_text="a poet")
    assert report.ok
    roster(tmp_path, ["甲园"], ["A-1001"], ["2020-03-05"])
    both = gate({"l-2027.csv": "a,b\n1,甲园\n".encode()}, inputs=tmp_path)
    assert [(one.code, one.problem.file) for one in both.refusals] == [("name_in_text", "addresses")]


def test_words_are_looked_through_where_they_come_from(tmp_path: Path) -> None:
    """What a page holds packed is looked through in the tables: names of blocks and addresses, the notice."""
    roster(tmp_path, ["张小明"], ["A-1001"], ["2020-03-05"])
    blocks, table = TOWN.blocks, TOWN.table("addresses")
    assert table is not None
    blocks["name"] = ["张小明家", *blocks["name"][1:]]
    table["name"] = ["甲园", "乙园 13912345678"]
    notice = replace(NOTICE, disclaimer=Text("a boy, born 2020-03-05", "男，2020-03-05 出生"))
    district = replace(TOWN, block_frame=blocks, tables={"addresses": table}, notice=notice)
    report = check_publication(publication(district), {}, inputs=tmp_path, today=TODAY)
    said = {one.code: (one.problem.file, one.problem.row, one.problem.column) for one in report.refusals}
    assert said == {
        "birth_date": ("zoning.toml", None, "publish.disclaimer"),
        "mobile_phone": ("addresses", 3, "name"),
        "name_in_text": ("blocks", None, "name (b000000)"),
    }


def test_packed_data_is_no_text() -> None:
    """Data packed into printable characters holds no addresses, whatever characters meet in it."""
    packed = "K_iL3A8i%8Kj(#jT4A.a.i8_i1=i%5A=jM3;@;5;.i13O4a8i8@i14K@O_jb@O.nA=i88jT5n}@kP.O=K.jb5;3iL4"
    name, data = planted("script", "at", packed)
    assert codes(gate({name: data})) == []


def test_a_roster_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Nobody believes that names were compared when they could not be; an empty roster names nobody."""
    roster(tmp_path, [], [], [])
    assert gate({}, inputs=tmp_path).findings == ()
    (tmp_path / "roster.csv").write_text("性别\nF\n", encoding="utf-8")
    report = gate({}, inputs=tmp_path)
    assert codes(report) == ["roster_unread"]
    assert "未能比对儿童姓名" in report.text("zh")
    assert "names of children were not looked for" in report.text("en")
    assert gate({}, inputs=tmp_path, roster_unread="it is of last year").ok


PUBLIC_WORDS = "方镇甲园乙园第单元"
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5, exclude_characters="锟斤拷烫屯")
"""Hanzi, without those that the reader of tables takes for a wrong encoding."""
NAMES = st.text(HAN, min_size=2, max_size=4).filter(lambda name: name not in TOTALS)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """Return a resident id number with its right check digit."""
    day = draw(st.dates(date(1930, 1, 1), date(2024, 12, 31)))
    body = f"{draw(st.integers(110000, 659999))}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_roster_planted_anywhere_is_always_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Names, numbers, phones, ids and birth dates of a random roster are found in any file."""
    count = data.draw(st.integers(1, 4))
    names = data.draw(st.lists(NAMES, min_size=count, max_size=count))
    sids = [f"R{n:05d}" for n in range(count)]
    births = data.draw(
        st.lists(st.dates(date(2019, 9, 1), date(2021, 8, 31)), min_size=count, max_size=count)
    )
    folder = tmp_path_factory.mktemp("roster")
    roster(folder, names, sids, [f"{day:%Y-%m-%d}" for day in births])
    who = data.draw(st.integers(0, count - 1))
    value, code = data.draw(
        st.sampled_from([
            (names[who], "child_name"),
            (sids[who], "registration"),
            (f"{births[who]:%Y-%m-%d}", "birth_date"),
            (f"{births[who]:%Y%m%d}", "birth_date"),
            (data.draw(id_numbers()), "id_number"),
            (f"1{data.draw(st.integers(3, 9))}{data.draw(st.integers(0, 99_999_999)):09d}", "mobile_phone"),
        ])
    )  # fmt: skip
    kind = data.draw(st.sampled_from([kind for kind in KINDS if kind not in ("pdf", "txt")]))
    header = data.draw(st.sampled_from(["备注", "reason", "名称", "note", "理由"]))
    name, content = planted(kind, header, value)
    if value not in PUBLIC_WORDS and value not in TOTALS:  # a row of totals is no child
        assert code in codes(gate({name: content}, inputs=folder)), (kind, value)


@given(id_numbers())
def test_made_up_ids_are_real_ones(number: str) -> None:
    """The fuzz above plants numbers that the reader of rosters takes for ids."""
    assert is_id_number(number)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([*KINDS, "svg", "xml", "jpg", "bin"]))
def test_no_content_stops_the_gate(content: bytes, kind: str) -> None:
    """Whatever bytes a file holds, the gate ends with a report."""
    assert isinstance(gate({f"a-2027.{kind}": content}), GateReport)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KINDS), st.integers(0, 4000), st.binary(max_size=8))
def test_no_damage_stops_the_gate(kind: str, at: int, wrong: bytes) -> None:
    """A file that is cut off or damaged in the middle is looked through as far as it goes, or told."""
    name, data = planted(kind, "备注", "x")
    for broken in (data[:at], data[:at] + wrong + data[at + len(wrong) :]):
        assert isinstance(gate({name: broken}), GateReport)


def changed(**notice: object) -> District:
    """Return the town with other words of the office."""
    return replace(TOWN, notice=replace(NOTICE, **notice))


def report_of(district: District, plan: Plan | None = None, **more: object) -> GateReport:
    """Return the report on no file of a district."""
    made = assemble(district, [halves(district) if plan is None else plan])
    return check_publication(made, {}, inputs=None, today=TODAY, **more)  # type: ignore[arg-type]


LACKING = Plan.of("primary", 2027, dict.fromkeys(TOWN.block_frame.index[1:], "s0"))
FACTS = [
    ("map_number", changed(no_map_number=Text("", "")), None, "neither a map approval", "既没有审图号"),
    ("no_office", changed(office=Text("", "")), None, "office or its phone is missing", "缺少主管部门"),
    ("no_office", changed(phone=" "), None, "office or its phone is missing", "缺少主管部门或其电话"),
    ("comments_past", changed(comments_until="2027-02-28"), None, "today is 2027-03-01", "为 2027-02-28"),
    ("coverage", TOWN, halves(TOWN).moved({"b000002": "x"}), "coverage is broken", "学区覆盖不完整"),
    ("address_no_school", TOWN, LACKING, "no one answer: 1", "唯一结果的地址条目：1 条"),
]


@pytest.mark.parametrize(("code", "district", "plan", "en", "zh"), FACTS)
def test_what_the_office_owes_is_refused_until_a_reason_is_written(
    code: str, district: District, plan: Plan | None, en: str, zh: str
) -> None:
    """Missing decisions and broken coverage are refused in both languages, and overridden with a reason."""
    report = report_of(district, plan)
    assert code in codes(report)
    assert en in report.text("en")
    assert zh in report.text("zh")
    assert f"--override {code}=" in report.text("en")
    given = {one: f"because {one}" for one in codes(report)}
    after = report_of(district, plan, overrides=given)
    assert after.ok
    assert f"because {code}" in after.text("en")
    said = json.loads(after.as_json())
    assert {"code": code, "reason": f"because {code}", "date": "2027-03-01"} in said["overrides"]
    assert f"because {code}" in [one.get("reason") for one in said["findings"]]


def test_broken_coverage_says_where() -> None:
    """A refusal names the file to mend and its rows, blocks or schools, not a file that nobody wrote."""
    source = PlanSource(LACKING, "out/primary/plan.csv", None)
    report = report_of(TOWN, LACKING, sources=[source])
    said = {one.code: one.problem for one in report.refusals}
    assert said["coverage"].file == "out/primary/plan.csv"
    assert "Blocks without a school: 1 (b000000 Block 1)" in said["coverage"].what.en
    assert (said["address_no_school"].file, said["address_no_school"].row) == ("addresses", 2)
    assert "1 条（第 2 行，甲园，b000000 第1单元）" in said["address_no_school"].what.zh
    nobody = Plan.of("primary", 2027, {"b000001": "s0"})
    said = {one.code: one.problem for one in report_of(TOWN, nobody).refusals}
    assert said["coverage"].what.en.count("b00") == 8
    assert "and 3 more" in said["coverage"].what.en
    assert "第 2 行，甲园，b000000 第1单元；第 3 行，乙园" in said["address_no_school"].what.zh


def test_the_file_of_the_addresses_has_its_own_name() -> None:
    """The planner is sent to the file as it is called in the folder."""
    county = sample_district()
    assert addresses_file(county) == "addresses.csv"
    plan = Plan.current(county, stage="junior")
    gap = Plan.of("junior", plan.year, dict(plan.rows[1:]))
    found = {one.code: one.problem for one in report_of(county, gap).refusals}
    assert found["address_no_school"].file == "addresses.csv"


@pytest.mark.parametrize("district", [changed(comments_until="2027-03-01"), changed(comments_until="")])
def test_a_deadline_that_is_not_past_passes(district: District) -> None:
    """Comments may be asked for until the very day, and nobody has to ask."""
    assert report_of(district).ok
    approved = replace(TOWN.place, map_approval="GS(2027)1")
    assert report_of(replace(changed(no_map_number=Text("", "")), place=approved)).ok


RECORD = {
    "place": {"en": "Square", "zh": "方镇"}, "stage": "primary", "year": 2027,
    "plan_digest": halves(TOWN).digest, "data_digest": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("record", "code", "level", "en", "zh"),
    [
        (RECORD, "", "", "may be published", "可以公布"),
        (RECORD | {"data_digest": "0"}, "plan_older", "reason", "made from other data", "数据不一致"),
        (
            RECORD | {"year": 2026},
            "plan_other",
            "reason",
            "another place, stage or year",
            "其他地区、学段或年份",
        ),
        (RECORD | {"stage": "junior"}, "plan_other", "reason", 'key "stage"|"stage"', "stage"),
        (RECORD | {"place": {"en": "B", "zh": "乙"}}, "plan_other", "reason", '"place"', "place"),
        (RECORD | {"plan_digest": "0"}, "plan_edited", "warning", "was edited", "又经修改"),
        (None, "plan_unrecorded", "warning", "no plan.json", "没有 plan.json"),
    ],
)
def test_a_plan_is_compared_with_its_record(
    record: dict[str, object] | None, code: str, level: str, en: str, zh: str
) -> None:
    """A plan that is older than its data, or of another place, stage or year, is not published unsaid."""
    source = PlanSource(halves(TOWN), "primary/plan.csv", record)
    report = report_of(TOWN, sources=[source])
    found = [one for one in report.findings if one.code == code]
    assert [one.level for one in found] == ([level] if code else [])
    assert report.ok is (level != "reason")
    with pytest.raises(AssertionError, match=en):
        raise AssertionError(report.text("en"))
    with pytest.raises(AssertionError, match=zh):
        raise AssertionError(report.text("zh"))


def test_pupils_over_the_seats_are_told() -> None:
    """A plan over its seats may be published, and the office is told."""
    made = publication()
    over = Measure("capacity.pupils_over", Text("over", "超出"), 12.0, "pupils", 0.0, ok=False)
    card = Scorecard("primary", 2027, made.main.plans["primary"].digest, (over,))
    made = replace(made, main=replace(made.main, cards={"primary": card}))
    report = check_publication(made, {}, inputs=None, today=TODAY)
    assert report.ok
    assert "some pupils are over the seats" in report.text("en")
    assert "12 " not in report.text("en")  # how many tells of a few children
    assert "有学生超出学位" in report.text("zh")


@pytest.mark.parametrize(
    ("given", "code", "en", "zh"),
    [
        ({"nonsense": "x"}, "override_unknown", "is no code of a refusal", "不是拒绝项的代码"),
        ({"id_number": "x"}, "override_never", "may never be overridden", "不可放行"),
        ({"map_number": "  "}, "override_no_reason", "without a reason", "放行未写理由"),
        ({"map_number": "x"}, "override_unneeded", "although nothing refuses", "无需放行"),
        ({"pupils_over": "x"}, "override_unneeded", "although nothing refuses", "无需放行"),
    ],
)
def test_overrides_that_are_unknown_forbidden_empty_or_unneeded_are_said(
    given: dict[str, str], code: str, en: str, zh: str
) -> None:
    """An override does what it says or is refused; one that nothing needs is named."""
    report = report_of(TOWN, overrides=given)
    assert [one.code for one in report.findings] == [code]
    assert report.ok is (code == "override_unneeded")
    assert en in report.text("en")
    assert zh in report.text("zh")


@pytest.mark.parametrize("code", sorted(CODES))
def test_personal_data_can_never_be_overridden(code: str) -> None:
    """No reason opens the gate for personal data, small counts or a missing year."""
    report = report_of(TOWN, overrides={code: "please"})
    assert codes(report) == ["override_never"]


def test_a_reason_is_published_and_looked_through() -> None:
    """The reason of an override stands in the log for everybody, so nothing personal may stand in it."""
    report = report_of(changed(no_map_number=Text("", "")), overrides={"map_number": "ask 13912345678"})
    assert codes(report) == ["mobile_phone"]
    assert report.refusals[0].problem.file == "publication.json"


def test_the_certificate_that_is_published_is_that_of_the_publication() -> None:
    """A certificate of other plans is not passed on; the right one is."""
    right = CERTIFICATE.as_json().encode()
    assert codes(gate({"certificate.json": right})) == []
    assert codes(gate({"certificate.json": right.replace(b'"ok":true', b'"ok":false')})) == [
        "certificate_other"
    ]


def test_the_log_names_files_and_is_the_same_each_time() -> None:
    """publication.json holds digest and size of every file, the date as given, and no clock."""
    files = {"b-2027.csv": b"a,b\n1,2\n", "a-2027.csv": b"a,b\n"}
    said = json.loads(gate(files).as_json())
    assert gate(files).as_json() == gate(dict(reversed(files.items()))).as_json()
    assert list(said["files"]) == ["a-2027.csv", "b-2027.csv"]
    assert said["files"]["a-2027.csv"]["bytes"] == 4
    assert (said["date"], said["ok"], said["year"]) == ("2027-03-01", True, 2027)
    assert said["plans"] == {"primary": halves(TOWN).digest}


def test_the_reason_of_a_replacement_is_looked_through() -> None:
    """Why a publication is replaced stands in the public record, so no phone number and no name may."""
    report = check_publication(
        publication(),
        {},
        inputs=None,
        today=TODAY,
        certificate=CERTIFICATE,
        because="13912345678 asked for it",
    )
    assert "mobile_phone" in [one.code for one in report.refusals]
    assert "13912345678" not in report.as_json() + report.text()
