"""The page, the lists and the planner's program give the same school for every address, however written."""

import io
import math
import random
import string
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.public.conftest import zones_near

from zoning.load.matching import plain_address
from zoning.public import Publication, SchoolFinder, address_lists, certify
from zoning.public.finder.data import in_page_order
from zoning.public.finder.facts import nearest_of

pytestmark = pytest.mark.browser

CHINESE = "〇一二三四五六七八九"
FULL = str.maketrans("0123456789-", "０１２３４５６７８９－")


@pytest.fixture(scope="module")
def tool(chromium: Any, page_file: Path) -> Any:  # noqa: ANN401 - playwright is optional
    """The page's own answers as a function."""
    page = chromium.new_page()
    page.goto(page_file.as_uri())
    page.wait_for_selector("html[data-ready]")
    yield page
    page.close()


def finders(publication: Publication) -> dict[int, SchoolFinder]:
    """Return the program's answers by year."""
    return {one.year: SchoolFinder(publication.district, one.plans) for one in publication.years}


def from_page(tool: Any, addresses: list[str], year: int) -> list[list[tuple[Any, ...]]]:  # noqa: ANN401 - as above
    """Return schools, block, quality and basis of each address and stage as the page finds them."""
    found = tool.evaluate(
        "([all, year]) => all.map((one) => schoolFinder.find(one, year)"
        ".map((a) => [a.stage, a.schools.join(';'), a.block, a.quality, a.basis]))",
        [addresses, year],
    )
    return [[tuple(answer) for answer in one] for one in found]


def from_program(publication: Publication, addresses: list[str], year: int) -> list[list[tuple[Any, ...]]]:
    """Return the same as the program finds them."""
    finder = finders(publication)[year]
    row = {str(block): n for n, block in enumerate(in_page_order(publication).district.block_frame.index)} | {
        "": -1
    }
    return [
        [(a.stage, ";".join(a.schools), row[a.block_id], a.quality, a.basis) for a in finder.find(one)]
        for one in addresses
    ]


def written(publication: Publication) -> list[str]:
    """Return every entry of the table as an address: with its town, the first and the last number."""
    table = publication.district.table("addresses")
    assert table is not None
    town = publication.district.block_frame["town"]
    found = []
    for block, name, first, last in zip(
        table["block_id"], table["name"], table["from"], table["to"], strict=True
    ):
        base = f"{town[block]}{name}"
        found.append(base if math.isnan(first) else f"{base}{int(first)}号")
        if not math.isnan(last):
            found.append(f"{base}{int(last)}号")
        found.append(str(name))
    return found


def in_other_words(publication: Publication, count: int) -> list[str]:
    """Return addresses as people write them: numbers in and beyond ranges, towns, buildings, odd signs."""
    dice = random.Random(7)  # noqa: S311 - cases of a test
    table = publication.district.table("addresses")
    assert table is not None
    towns = sorted(set(publication.district.block_frame["town"]))
    place = publication.district.place.name.zh
    names = table["name"].astype(str).tolist()
    found = []
    for _ in range(count):
        name = dice.choice(names)
        number = dice.choice([1, 2, 9, 10, 11, 17, 18, 74, 99, 120, 9999, dice.randrange(1, 420)])
        said = dice.choice(
            [str(number), str(number).translate(FULL), "".join(CHINESE[int(c)] for c in str(number)),
             "十七", "一百二十", "二十", "两百零三", f"第{number}", "٣", "", "", f"（{number}", f"，{number}",
             f"№{number}", f"{number}至{number + dice.randrange(40)}", f"{number}-{number + 2}", "一百五十二"]
        )  # fmt: skip
        found.append(
            dice.choice(["", "", place, dice.choice(towns), place + dice.choice(towns), "湖北省",
                         f"湖北省某某市{place}", f"{dice.choice(towns)} ", "隔壁"])
            + (name if dice.random() < 0.85 else f" {name[:2]} {name[2:]}")
            + said
            + (dice.choice(["号", "号", "栋", "号楼", "弄", "-2号", "之1", "—3号", "巷", "",
                            "米", "路", "号）"]) if said else "")
            + dice.choice(["", "", "3栋2单元", "B座1203室", "5号楼", "，2单元 301 室", "旁边", "1-2-301",
                           f"与{dice.choice(names)}交叉口", f"至{dice.choice(names)}12号",
                           dice.choice(TAILS), dice.choice(names), "1" * 20 + "#"])
        )  # fmt: skip
    characters = "".join(names[::40]) + string.digits + "号栋路村镇县 　十百一二-，Ab至~、（）期区小学\u200b"
    found += ["".join(dice.choices(characters, k=dice.randrange(12))) for _ in range(count // 2)]
    return found


WRITTEN_BEHIND = """
东路5号 路8号 大道12号 小学 菜市场 二期 （二期）3栋 小区3栋 A区 B座 3期5栋 ·御府 东门
，小王收 的北侧 北 三楼 甲3号 附3号 152米 152路公交站 2号线 3号门 3号门面 152M 12A
152至372号 1-400号 12-14 14-12号 3-501室 1-2-301 12、14号 12号，3栋 12号到98号
十二至九十八 5/7号 5号~9号 （152号） ，152号 №152 No.12 【12】 一百五十二
（一百五十二） 第一百号 十 3组 二社 李家湾12号 12号至 12- 9999999999至99999999999号
0012号 ３～９号 之三号 12之1至19号 二〇三室 \u200b12\u200d号 一二三四五六七八九十百千
12栋和14栋 12号楼3号院 12号公交 东段12号 村口
152号对面 152附近 152.0号 152.00.1号 152.5号 152.5米 152. 中心小学
3巷8号 ！ 12号院 12付3号 12号楼东侧 村小学 -3栋 -御府
"""
TAILS = WRITTEN_BEHIND.split()


def with_tails(publication: Publication) -> list[str]:
    """Return names of every kind, alone and with towns, before every tail."""
    table, frame = publication.district.table("addresses"), publication.district.block_frame
    assert table is not None
    kinds = table.drop_duplicates("name").groupby("kind")
    some = pd.concat([kinds.head(4), table[table["exception_stage"].fillna("") != ""].head(1)])
    some = pd.concat([some, table[table["from"].notna() & (table["kind"] != "street")].head(2)])
    towns = sorted(set(frame["town"]))
    found = []
    for block, name in zip(some["block_id"], some["name"].astype(str), strict=True):
        for tail in TAILS:
            found += [
                f"{before}{name}{tail}" for before in ("", frame["town"][block], towns[0], "老", "\u202e")
            ]
            found += [f"{name}{tail}和平路152号", f"和平路12号{tail}{name}"]
    return found


def test_what_stands_behind_a_name_is_read_the_same(tool: Any, publication: Publication) -> None:  # noqa: ANN401 - as above
    """Tails, ranges, brackets, Chinese numerals, units, wrong towns and unseen signs: no rule differs."""
    addresses = with_tails(publication)
    ours, theirs = from_program(publication, addresses, 2027), from_page(tool, addresses, 2027)
    wrong = [(a, o, t) for a, o, t in zip(addresses, ours, theirs, strict=True) if o != t]
    assert not wrong[:5]
    assert {one[0][3] for one in ours} == {"exact", "number", "name", "several", "none"}


def test_every_entry_gives_the_same_school_on_the_page(tool: Any, publication: Publication) -> None:  # noqa: ANN401 - as above
    """All 1,587 entries, written out, in both years and all stages: block, school, quality, basis agree."""
    addresses = written(publication)
    assert len(addresses) > 3 * 1587 - 1200
    for year in (2026, 2027):
        ours = from_program(publication, addresses, year)
        assert from_page(tool, addresses, year) == ours
        assert {answer[4] for one in ours for answer in one} == {"zone", "shared", "exception", "none"}


def test_addresses_as_people_write_them_agree_too(tool: Any, publication: Publication) -> None:  # noqa: ANN401 - as above
    """Numbers beyond the range, other towns, buildings, Chinese and full-width digits: no rule differs."""
    addresses = in_other_words(publication, 3000)
    ours = from_program(publication, addresses, 2027)
    theirs = from_page(tool, addresses, 2027)
    wrong = [(a, o, t) for a, o, t in zip(addresses, ours, theirs, strict=True) if o != t]
    assert not wrong[:5]
    qualities = {one[0][3] for one in ours}
    assert qualities == {"exact", "number", "name", "several", "none"}


def test_addresses_are_compared_in_the_same_form(tool: Any) -> None:  # noqa: ANN401 - as above
    """Widths, blanks, ligatures, numerals and signs of other scripts come out as in the program."""
    texts = [
        "建设路 １７号", "建设路十七号", "一号路二十号", "〇〇号",
        "一二三四五六七八九〇一二三四五六七八九〇号",
        "ﬁ①㎡ßİ²", "\u2028a\u3000b\x1cc\x85d\ufeffe", "十十百号", "两百组", "𠮷野家五栋", "\u202e右\u200f左",
        "百 号", "零室", "e\u0301", "e\u200d\u0301", "葛\U000e0100路\ufe0f", "\u00ad\u2060\u061c路",
        "№５（Ⅳ）", "ǆ", "٣٤号", "</script>", "三 单元", "三单 元",
    ]  # fmt: skip
    assert tool.evaluate("(all) => all.map(schoolFinder.plain)", texts) == [plain_address(t) for t in texts]


def test_the_lists_say_the_same(publication: Publication) -> None:
    """CSV and Excel name for every entry and stage the school that the program finds for its address."""
    files = address_lists(publication)
    assert set(files) == {"addresses-2027.csv", "addresses-2027.xlsx"}
    csv = pd.read_csv(io.BytesIO(files["addresses-2027.csv"]), encoding="utf-8-sig", dtype=str)
    excel = pd.read_excel(io.BytesIO(files["addresses-2027.xlsx"]), engine="calamine", dtype=str)
    csv, excel = csv.fillna(""), excel.fillna("")
    assert len(csv) == len(excel) == 1587
    assert csv["primary_2027_basis"].value_counts()["exception"] == 4
    compared = 0
    for year, finder in finders(publication).items():
        for row in csv.itertuples(index=False):
            number = "" if not row[4] else f"{row[4]}号"
            for answer in finder.find(f"{row.town}{row.name}{number}"):
                if answer.quality == "several":
                    continue  # the list knows which of them the row is; a reader must be asked
                compared += 1
                said = getattr(row, f"{answer.stage}_{year}")
                basis = getattr(row, f"{answer.stage}_{year}_basis")
                assert (said, basis) == (";".join(answer.schools), answer.basis), row
    assert compared > 10_000
    for at, name in enumerate(csv.columns):
        if name.split("_")[-1] in {"2026", "2027", "school"}:
            assert csv[name].tolist() == excel.iloc[:, at].tolist(), name


def test_the_lists_are_the_same_every_time(publication: Publication) -> None:
    """Same publication, same bytes, so that a digest of the list means something."""
    assert address_lists(publication) == address_lists(publication)


def test_near_the_line_is_what_the_program_measured(
    tool: Any,  # noqa: ANN401 - as above
    publication: Publication,
) -> None:
    """For every block, year and stage the page warns of the zones near it; the certificate lists the same."""
    listed = {
        (one.stage, one.year): {found.block_id for found in one.findings if found.kind == "near_line"}
        for one in certify(publication).stages
    }
    ids = [str(block) for block in in_page_order(publication).district.block_frame.index]
    for one in publication.years:
        said = tool.evaluate(
            "([n, year]) => Array.from({ length: n }, (_, block) => schoolFinder.near(block, year))",
            [len(ids), one.year],
        )
        for at, plan in enumerate(one.plans.values()):
            near = zones_near(publication, plan)
            ours = [near.get(block, set()) for block in ids]
            assert set(near) == listed[plan.stage, plan.year]
            assert [{tuple(zone) for zone in block[at]} for block in said] == ours
            assert len(near) < 0.3 * len(ids)  # a warning that everybody gets is read by nobody


def test_minutes_and_straight_lines_are_the_program_s(tool: Any, publication: Publication) -> None:  # noqa: ANN401 - as above
    """Minutes come out whole; the straight line is that of the blocks' inner points to within a grid step."""
    times = publication.times["primary"]
    near = nearest_of(publication, "primary")
    in_page = in_page_order(publication).district.block_frame.index
    for row in range(0, 1200, 37):
        block = times.block_ids[row]
        place = in_page.get_loc(block)
        said = tool.evaluate("(block) => schoolFinder.journeys(block)", place)[1]
        assert [(school, minutes) for school, minutes in said] == near[block]
        for school, _ in said:
            metres = tool.evaluate("([b, s]) => schoolFinder.straight(b, s)", [place, school])
            assert metres == pytest.approx(times.metres[row, times.school_ids.index(school)], abs=25)


def test_a_point_inside_a_block_is_found_in_it(tool: Any, publication: Publication) -> None:  # noqa: ANN401 - as above
    """The drawn blocks have no gap: every block's own point lies in it."""
    frame = in_page_order(publication).district.block_frame
    points = frame.geometry.representative_point().to_crs(4326)
    where = [[point.y, point.x] for point in points]
    found = tool.evaluate("(all) => all.map(([lat, lng]) => schoolFinder.blockAt(lat, lng))", where)
    wrong = [n for n, block in enumerate(found) if block != n]
    assert len(wrong) <= 6  # a sliver's point may fall beside it when the line is simplified
