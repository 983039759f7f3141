"""What parents do with the page, in a real browser from disk: find, compare, go back, print."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.public.conftest import NOTICE, zones_near
from tests.publish.conftest import HOSTILE
from tests.publish.visits import Visit
from tests.towns import square_town

from zoning import messages
from zoning.errors import DataError, Text
from zoning.plan import Plan
from zoning.public import Publication, assemble, finder_page
from zoning.public.finder.page import SCRIPTS, page_words
from zoning.publish import assets

browser = pytest.mark.browser
AXE_STATES = {
    "zh": ("", "q=新华路11号", "q=新华路", "q=火星路1号", "school=P010"),
    "en": ("", "q=城南新村&year=2026", "view=list&stage=junior", "stage=senior&q=城南新村"),
}


def ask(page: Any, address: str) -> None:  # noqa: ANN401 - playwright is optional
    """Type an address and press Enter."""
    page.fill("#q", address)
    page.press("#q", "Enter")


def answer(page: Any) -> str:  # noqa: ANN401 - as above
    """Return the answer's text."""
    return str(page.inner_text("#answer"))


def schools(page: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the names in big type."""
    return [one.inner_text() for one in page.locator("#answer .schools h2").all()]


def entry(publication: Publication, block_wanted: Any) -> str:  # noqa: ANN401 - a predicate
    """Return the first estate or village, with its town, whose block is wanted."""
    table, frame = publication.district.table("addresses"), publication.district.block_frame
    assert table is not None
    for block, kind, name in zip(table["block_id"], table["kind"], table["name"], strict=True):
        if kind != "street" and block_wanted(str(block)):
            return f"{frame.loc[block, 'town']}{name}"
    raise AssertionError("no such block")


@browser
def test_find_by_estate(desk: Visit, page_file: Path) -> None:
    """An estate's name gives its school first, with year, rule, phone, way, and nothing to guess."""
    page = desk.go(page_file)
    ask(page, "城南新村3栋2单元")
    assert schools(page) == ["汀源县实验小学"]
    assert "2027-28 学年" in answer(page)
    assert "000-5550084" in answer(page)
    assert re.search(r"步行约 \d+ 分钟", answer(page))
    details = page.inner_text("#details")
    assert NOTICE.rule.zh in details
    assert "完全一致" in details
    assert "000-5550100" in details
    assert "直线距离不作依据" in details
    assert "就是最近的学校" in details
    assert page.title() == "城南新村3栋2单元 · 汀源县 2027-28 学年学校查询"
    assert page.get_attribute("#answer", "aria-live") == "polite"
    assert "初中" in details  # the other stages of the same address


@browser
def test_find_by_odd_number_and_exception(desk: Visit, page_file: Path) -> None:
    """Odd and even sides differ, and a number with an exception names it."""
    page = desk.go(page_file)
    ask(page, "汀阳镇新华路１１号")
    assert schools(page) == ["汀源县实验小学"]
    assert "例外" in answer(page)
    assert "周边住户属于汀阳镇第二小学" in answer(page)
    ask(page, "新华路19号")
    assert schools(page) == ["汀阳镇第二小学"]
    assert "在地址清单登记的号段内" in page.inner_text("#details")


@browser
def test_find_by_initials_with_the_keyboard_alone(phone: Visit, page_file: Path) -> None:
    """``syxx`` suggests 实验小学; arrow and Enter take it; Escape closes the list."""
    page = phone.go(page_file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.focus("#q")
    page.keyboard.type("syxx")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    assert "汀源县实验小学" in page.inner_text("#options")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    assert page.get_attribute("#q", "aria-expanded") == "false"
    assert "汀源县实验小学" in answer(page)
    assert "school=P001" in page.url
    page.fill("#q", "chengnanxinc")
    assert "城南新村" in page.inner_text("#options li >> nth=0")
    page.keyboard.press("Escape")
    assert page.is_hidden("#options")
    page.fill("#q", "tingyang exp")
    page.fill("#q", "Tingyuan Exp")
    assert "实验小学" in page.inner_text("#options")


@browser
def test_find_by_click(desk: Visit, page_file: Path, publication: Publication) -> None:
    """The link to a point in a zone answers like the block's address, and says that it was a point."""
    plan = publication.main.plans["primary"]
    page = desk.go(page_file, "year=2027&stage=primary&school=P001")
    page.wait_for_selector("html[data-map]")
    frame = publication.district.block_frame
    mine = [b for b, s in plan.rows if s == ("P001",)]
    inside = frame.loc[mine].union_all().buffer(-150)
    parts = sorted(getattr(inside, "geoms", [inside]), key=lambda part: part.area)
    point = frame.loc[mine[:1]].set_geometry([parts[-1].representative_point()]).to_crs(4326).geometry.iloc[0]
    page.goto(page_file.as_uri() + f"#stage=primary&at={point.y:.5f},{point.x:.5f}")
    page.wait_for_selector(".schools")
    assert schools(page) == ["汀源县实验小学"]
    assert "按地图上的位置" in page.inner_text("#details")


@browser
def test_near_the_line(desk: Visit, page_file: Path, publication: Publication) -> None:
    """An address near another zone is warned; a click on the line gives both and no answer."""
    plan = publication.main.plans["primary"]
    near = zones_near(publication, plan)
    page = desk.go(page_file)
    where = entry(
        publication,
        lambda block: block in near and len(plan[block]) == 1 and {len(zone) for zone in near[block]} == {1},
    )
    ask(page, where)
    assert page.locator(".callout.near").count() == 1
    assert "有一部分距" in page.inner_text(".callout.near")
    assert "不到 50 米" in page.inner_text(".callout.near")
    ask(page, "城南新村")
    assert page.locator(".callout.near").count() == 0
    frame = publication.district.block_frame
    rows = dict(plan.rows)
    first, second = next(
        (a, b)
        for (a, _), (_, b) in sorted(publication.near["primary", plan.year].items())
        if rows[a] != rows[b] and frame.geometry[a].intersects(frame.geometry[b])
    )
    border = frame.geometry[first].intersection(frame.geometry[second]).centroid
    point = frame.loc[[first]].set_geometry([border]).to_crs(4326).geometry.iloc[0]
    page.goto(page_file.as_uri() + f"#stage=primary&at={point.y:.5f},{point.x:.5f}")
    page.wait_for_selector("#answer .candidate")
    assert page.locator("#answer .candidate").count() >= 2
    assert "无法判定" in answer(page)
    assert "以地址为准" in page.inner_text("#details")


@browser
def test_a_shared_zone_is_a_list(desk: Visit, page_file: Path, publication: Publication) -> None:
    """All schools of a shared zone are named, with what that means and what to do next."""
    plan = publication.main.plans["primary"]
    shared = entry(publication, lambda block: block in plan and len(plan[block]) > 1)
    page = desk.go(page_file, f"q={shared}")
    assert len(schools(page)) == 2
    assert "多校划片" in answer(page)
    assert "摇号" in page.inner_text(".callout.shared")


@browser
def test_next_year_and_what_changed(desk: Visit, page_file: Path, publication: Publication) -> None:
    """The switch changes the year in title, heading, link and answer; a change names schools and minutes."""
    old, new = (one.plans["primary"] for one in publication.years)
    moved = {move.block_id for move in new.diff(old)}
    page = desk.go(page_file, f"q={entry(publication, lambda block: block in moved)}")
    after = schools(page)
    assert page.locator(".moved .fromto").count() == 1
    assert re.search(r"步行：由 \d+ 分钟变为 \d+ 分钟", page.inner_text(".moved"))
    assert NOTICE.transition.zh in page.inner_text(".moved")
    page.check("input[name=years][value='2026']", force=True)
    assert "year=2026" in page.url
    assert "2026-27" in page.title()
    assert "2026-27" in page.inner_text("h1")
    assert schools(page) != after
    assert "不是 2027-28 学年" in answer(page)
    page.goto(page_file.as_uri() + "#year=2031&q=城南新村")
    page.wait_for_selector(".oldyear")
    assert "2031" in page.inner_text(".oldyear")


@browser
def test_unknown_address_and_several(desk: Visit, page_file: Path) -> None:
    """What is not known is said so, with what to do; a street without its number asks for it."""
    page = desk.go(page_file)
    ask(page, "火星路1号")
    assert "没有查到这个地址" in answer(page)
    assert "000-5550100" in page.inner_text("#details")
    ask(page, "新华路9999号")
    assert "没有查到这个门牌号" in answer(page)
    assert page.inner_text(".ranges li") == "1–148号"
    ask(page, "新华路")
    assert "请补充门牌号" in answer(page)
    page.click(".ranges button >> text=9–18号")
    assert schools(page) == ["汀源县实验小学"]
    plan_gap = "宁畈乡榆潭村枣坳"
    ask(page, plan_gap)
    assert "未划片" in answer(page)


@browser
def test_school_to_streets_and_the_list(phone: Visit, page_file: Path, publication: Publication) -> None:
    """From the list of all schools to a school's streets by number, its exceptions, and back."""
    page = phone.go(page_file)
    page.click("#tab-list")
    offered = publication.district.schools_of("primary", 2027)
    assert page.locator("#details .row").count() >= len(offered)
    assert "民办" in page.inner_text("#details")
    page.click("#details .row >> text=汀源县实验小学")
    text = page.inner_text("#details")
    assert "城南新村" in text
    assert "9–18号，例外" in text
    assert re.search(r"单号 \d+–\d+号", text)
    page.go_back()
    assert "view=list" in page.url
    page.go_back()
    assert page.locator(".start").count() == 1


@browser
def test_links_open_what_they_say_and_back_goes_back(desk: Visit, page_file: Path) -> None:
    """A link to a school, stage and year opens it; the back button returns to the answer before."""
    page = desk.go(page_file, "year=2027&stage=primary&school=P001")
    assert "汀源县实验小学" in answer(page)
    assert "P001" in page.url
    ask(page, "城南新村")
    ask(page, "新华路19号")
    page.go_back()
    assert "城南新村" in answer(page)
    assert page.input_value("#q") == "城南新村"
    page.go_back()
    assert page.locator("#details .places").count()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert "汀源县实验小学" in answer(page)


@browser
def test_nothing_is_wider_than_a_phone_and_targets_are_large(phone: Visit, page_file: Path) -> None:
    """In both languages and every state the page keeps to 360 px, and what one touches is 44 px high."""
    small = """() => [...document.querySelectorAll('button, a[href], input, [role=option]')]
      .filter((e) => e.getClientRects().length && !e.closest('.skip'))
      .filter((e) => e.getBoundingClientRect().height < 44)
      .map((e) => e.outerHTML.slice(0, 90))"""
    for lang in ("zh", "en"):
        for state in (
            "",
            "q=城南新村",
            "q=新华路",
            "q=火星路",
            "view=list",
            "school=P001",
            "stage=senior&q=城南新村",
        ):
            page = phone.page
            page.goto("about:blank")
            page.goto(f"{page_file.as_uri()}#lang={lang}&{state}")
            page.wait_for_selector("html[data-map]")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, (lang, state)
            assert page.evaluate(small) == [], (lang, state)


@browser
def test_accessible_in_both_languages(desk: Visit, page_file: Path) -> None:
    """Axe finds nothing against WCAG 2.2 AA in any state of the page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for lang in ("zh", "en"):
        for state in AXE_STATES[lang]:
            page = desk.page
            page.goto("about:blank")
            page.goto(f"{page_file.as_uri()}#lang={lang}&{state}")
            page.wait_for_selector("html[data-map]")
            if not state:
                page.fill("#q", "xin")
            found = axe.run(page, options=rules).response["violations"]
            said = [(v["id"], [n["html"][:120] for n in v["nodes"][:2]]) for v in found]
            assert said == [], (lang, state)


@browser
def test_languages_do_not_mix(desk: Visit, page_file: Path) -> None:
    """English words on the English page, Chinese on the Chinese one; the document says which."""
    page = desk.go(page_file, "q=新华路11号")
    page.click("#lang")
    assert page.get_attribute("html", "lang") == "en"
    said = page.inner_text("main")
    assert "Tingyuan Experimental Primary School" in said
    for key, (en, zh) in page_words().items():
        if "{" not in zh and len(zh) > 4:
            assert zh not in said, key
        if key in {"why", "next", "around"}:
            assert en in said
    assert "lang=en" in page.url


@browser
def test_it_prints_the_answer(desk: Visit, page_file: Path, publication: Publication) -> None:
    """On paper stand the answer, the office, the digests and the code; no search field, no map."""
    page = desk.go(page_file, "q=城南新村")
    page.emulate_media(media="print")
    for gone in (".top", "#ask", ".mapside", "h1"):
        assert not page.is_visible(gone)
    for kept in (".printed", "#answer", "#facts", ".qr svg"):
        assert page.is_visible(kept)
    facts = page.inner_text("footer")
    for said in (
        "汀源县教育局",
        "2026-09-01",
        "本图不表示行政区域界线",
        publication.district.place.digest[:16],
        "zoning ",
    ):
        assert said in facts


def hostile_town() -> Publication:
    """A town whose every name tries to break out of the page."""
    names = [*HOSTILE, "汉" * 40]
    town = square_town(3, 4, schools=((0, 0), (2, 3)), capacity=(300.0, 60.0))
    blocks, schools_ = town.blocks, town.schools
    blocks["name"] = blocks["name_en"] = [names[n % len(names)] for n in range(len(blocks))]
    blocks["town"] = names[0]
    schools_["name"] = schools_["name_en"] = names[:2]
    schools_["phone"] = names[1]
    rows = {
        "block_id": list(blocks.index),
        "kind": ["estate"] * len(blocks),
        "name": [names[n % len(names)] for n in range(len(blocks))],
        "name_en": [names[n % len(names)] for n in range(len(blocks))],
        "from": float("nan"),
        "to": float("nan"),
        "parity": "all",
    }
    text = Text(names[0], names[0])
    notice = replace(NOTICE, office=text, rule=text, phone=names[1], disclaimer=text, no_map_number=text)
    place = replace(town.place, name=text)
    town = replace(
        town, place=place, block_frame=blocks, school_frame=schools_, notice=notice,
        tables={"addresses": pd.DataFrame(rows)},
    )  # fmt: skip
    ids = list(blocks.index)
    given: dict[str, Any] = {b: ["s0", "s1"] if n == 0 else f"s{n % 2}" for n, b in enumerate(ids)}
    return assemble(town, [Plan.of("primary", 2027, given)], before=[Plan.of("primary", 2026, given)])


@pytest.fixture
def breakout(tmp_path: Path) -> Path:
    """The page of the hostile town."""
    path = tmp_path / "finder.html"
    path.write_bytes(finder_page(hostile_town()).encode())
    return path


@browser
def test_names_that_try_to_break_out_stay_text(desk: Visit, breakout: Path) -> None:
    """Markup, quotes, turned writing and very long names are shown and never run."""
    page = desk.page
    for state in (
        "",
        f"q={'汉' * 40}",
        "view=list",
        "school=s0",
        "q=%3Cimg src=x onerror=window.hacked=1%3E",
    ):
        page.goto("about:blank")
        page.goto(f"{breakout.as_uri()}#{state}")
        page.wait_for_selector("html[data-map]")
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.goto(f"{breakout.as_uri()}#view=list")
    page.wait_for_selector("#details .row")
    assert HOSTILE[0] in page.inner_text("#details")
    desk.requests = [url for url in desk.requests if not url.startswith(breakout.as_uri())]


def test_the_same_publication_gives_the_same_bytes(publication: Publication, page_file: Path) -> None:
    """No clock, no chance and no order of a set goes into the page; nothing in it points elsewhere."""
    page = finder_page(publication)
    assert page.encode() == page_file.read_bytes()
    head = page[: page.index("<body>")]
    assert "default-src 'none'" in head
    assert "unsafe-eval" not in head
    data = page[page.index('id="data"') : page.index("</script>", page.index('id="data"'))]
    assert "3 pupils" not in data  # a block's few children are nobody's business
    assert "将超出" not in data
    assert set(re.findall(r"https?://[\w./-]+", data)) == {"https://example.org/finder-2027.html"}


def test_a_district_without_addresses_is_refused(publication: Publication) -> None:
    """A page that could find nothing is not made."""
    tables = {name: frame for name, frame in publication.district.tables.items() if name != "addresses"}
    bare = replace(publication, district=replace(publication.district, tables=tables))
    with pytest.raises(DataError, match="addresses"):
        finder_page(bare)


def test_every_word_of_the_page_is_in_the_catalogue() -> None:
    """No visitor reads the name of a sentence, and no sentence lies unused."""
    text = "\n".join(
        assets.own_file(f"finder/{name}", package="zoning.public")
        for name in ("page.html", *(f"{script}.js" for script in SCRIPTS))
    )
    used = set(re.findall(r'"(\w+)"', text)) | set(re.findall(r'data-t="(\w+)"', text))
    used |= {f"aria_{word}" for word in re.findall(r'data-label="(\w+)"', text)}
    used |= {f"{lead}_{stem}" for lead, stem in re.findall(r'\("(\w+)_(\w+)"', text)}
    leads = tuple(f"{lead}_" for lead in re.findall(r"`(\w+)_\$\{", text))
    words = set(messages.every("public_page"))
    called = set(re.findall(r'\bT\("(\w+)"', text)) | set(re.findall(r'sentence\("(\w+)"', text))
    assert called <= words
    idle = {word for word in words - used if not word.startswith(leads)}
    assert idle <= {"title", "qr"}
