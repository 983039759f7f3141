"""How the parents' page is read: aloud, on paper, with large letters, few colours or the keyboard alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.public.conftest import NOTICE
from tests.publish.visits import Visit
from tests.towns import square_town

from zoning.plan import Plan
from zoning.public import Publication, assemble, finder_page

browser = pytest.mark.browser
LONG = "汀源县城南新区第一实验小学教育集团东校区暨外国语学校附属小学部南岸分校"


def small_town(*, phone: str = "000-5550100", addresses: bool = True) -> Publication:
    """Return twelve blocks with two schools, one of a long name, and one address."""
    town = square_town(3, 4, schools=((0, 0), (2, 3)), capacity=(300.0, 60.0))
    schools = town.school_frame
    schools["name"] = [LONG, "短小学"]
    schools["phone"] = phone
    row = {"block_id": ["b000000"], "kind": ["estate"], "name": ["云锦花园"], "name_en": ["Yunjin Garden"],
        "from": [float("nan")], "to": [float("nan")], "parity": ["all"]}  # fmt: skip
    table = pd.DataFrame(row)
    town = replace(
        town,
        school_frame=schools,
        notice=replace(NOTICE, phone=phone),
        tables={"addresses": table if addresses else table.iloc[:0]},
    )
    return assemble(
        town, [Plan.of("primary", 2027, {b: f"s{n % 2}" for n, b in enumerate(town.block_frame.index)})]
    )


@pytest.fixture
def visit_town(phone: Visit, tmp_path: Path) -> Callable[..., Any]:
    """Open the page of a small town on a phone."""

    def opened(words: str = "", **more: Any) -> Any:  # noqa: ANN401 - what the town varies
        path = tmp_path / "finder.html"
        path.write_bytes(finder_page(small_town(**more)).encode())
        return phone.go(path, words)

    return opened


@browser
@pytest.mark.parametrize(
    ("number", "links"),
    [
        ("0555-1234567 转 801", ["tel:05551234567;ext=801"]),
        ("0555-1234567-801", ["tel:05551234567;ext=801"]),
        ("0555-1234561 / 0555-1234562", ["tel:05551234561", "tel:05551234562"]),
        ("0555-1234567、13800000000", ["tel:05551234567", "tel:13800000000"]),
        ("+86 (555) 123-4567 ext. 2", ["tel:+865551234567;ext=2"]),
        ("12345", ["tel:12345"]),
        ("400-810-8888", ["tel:4008108888"]),
        ("0555-1234567/68", ["tel:05551234567"]),
        ("周一至周五 8:00-17:00", []),
    ],
)
def test_each_number_is_dialled_by_itself(
    visit_town: Callable[..., Any], number: str, links: list[str]
) -> None:
    """A link dials one number with its extension, and what is no number is no link."""
    page = visit_town("q=云锦花园", phone=number)
    for place in ("#answer .facts", "#details .next"):
        assert page.inner_text(place).count(number) == 1
        assert [one.get_attribute("href") for one in page.locator(f"{place} a").all()] == links


@browser
def test_warnings_are_read_out_with_the_answer(desk: Visit, page_file: Path) -> None:
    """What qualifies a school stands in the part of the page that is read out when it changes."""
    page = desk.go(page_file, "q=新华路11号")
    live = page.locator("[aria-live=polite]")
    assert live.locator(".callout.exception").count() == 1
    assert page.locator("#details .callout").count() == 0


@browser
def test_chinese_within_the_english_page_says_so(desk: Visit, page_file: Path) -> None:
    """A screen reader speaks a Chinese address with a Chinese voice, and English with an English one."""
    page = desk.go(page_file, "lang=en&q=新华路11号")
    said = page.evaluate("""() => [...document.querySelectorAll('bdi, main button')]
      .filter((e) => /\\p{Script=Han}/u.test(e.textContent))
      .filter((e) => e.closest('[lang]').lang !== 'zh-CN').length""")
    assert said == 0
    assert page.get_attribute("#answer .where bdi", "lang") == "zh-CN"
    assert page.get_attribute("#answer h2 bdi", "lang") is None
    page.click("#lang")
    assert page.locator("bdi[lang]").count() == 0


@browser
def test_the_map_is_one_region_with_a_short_name(desk: Visit, page_file: Path) -> None:
    """A screen reader hears one name of the map, and how to use it only when it asks."""
    page = desk.go(page_file, "lang=en")
    assert page.locator("section[aria-label] [role=region]").count() == 0
    assert len(page.get_attribute("#map", "aria-label").split()) <= 5
    told = page.get_attribute("#map", "aria-describedby")
    assert "Arrow keys" in page.locator(f"#{told}").text_content()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as a browser writes them, WCAG 2.2."""

    def light(colour: str) -> float:
        parts = [int(v) / 255 for v in colour[4:-1].split(",")]
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@browser
def test_the_focus_is_seen_on_every_ground(desk: Visit, page_file: Path) -> None:
    """The ring has two tones, one of which stands out from paper, bar, button and any zone."""
    page = desk.go(page_file, "q=城南新村")
    page.wait_for_selector("html[data-map]")
    palette = json.loads(page.inner_text("#data") or page.text_content("#data"))["palette"]
    grounds = [f"rgb({', '.join(str(int(c[n : n + 2], 16)) for n in (1, 3, 5))})" for c in palette]
    grounds += ["rgb(245, 243, 236)", "rgb(228, 226, 216)", "rgb(11, 92, 116)", "rgb(255, 255, 255)"]
    for where in ("#lang", "#q", "input[name=years]:checked", ".quietbutton >> nth=0", "#map", "#whole"):
        page.keyboard.press("Tab")  # so that what follows counts as moved to by keyboard
        page.focus(where)
        ring = page.evaluate("""() => {
          const at = document.activeElement;
          const shown = at.matches('input[type=radio]') ? at.nextElementSibling : at;
          const style = getComputedStyle(shown), rim = getComputedStyle(shown, '::before');
          if (at.id === 'map')  // within its window, over what it shows
            return [rim.borderTopColor, parseFloat(rim.borderTopWidth), rim.boxShadow];
          return [style.outlineColor, parseFloat(style.outlineWidth), style.boxShadow];
        }""")
        assert ring[1] >= 3, where
        assert "rgb(255, 255, 255)" in ring[2], where
        for ground in grounds:
            assert max(contrast(ring[0], ground), contrast("rgb(255, 255, 255)", ground)) >= 3, (
                where,
                ground,
            )


@browser
def test_the_chosen_year_is_marked_by_more_than_its_ground(desk: Visit, page_file: Path) -> None:
    """Where white on grey is hard to tell, a teal bar marks the choice as it marks the tab."""
    page = desk.go(page_file)
    looks = "(e) => getComputedStyle(e.nextElementSibling).boxShadow"
    assert "rgb(11, 92, 116) 0px -3px 0px 0px inset" in page.locator("input[name=years]:checked").evaluate(
        looks
    )
    assert page.locator("input[name=years]:not(:checked)").evaluate(looks) == "none"


@browser
def test_edges_stay_where_colours_are_the_reader_s(desk: Visit, page_file: Path) -> None:
    """With forced colours every card, button and segment has an edge."""
    page = desk.page
    page.emulate_media(forced_colors="active")
    desk.go(page_file, "q=新华路11号")
    bare = page.evaluate("""() => [
        ...document.querySelectorAll('main button, .card, .answer, .callout, .chip, .segments span')]
      .filter((e) => e.getClientRects().length && parseFloat(getComputedStyle(e).borderTopWidth) < 1)
      .map((e) => e.outerHTML)""")
    assert bare == []


@browser
def test_letters_grow_with_the_reader_s_own_size(phone: Visit, page_file: Path) -> None:
    """Whoever set a larger letter in the browser gets it, and the page still keeps to its width."""
    page = phone.go(page_file, "q=城南新村")
    looks = """() => ['body', '.hint', 'h1', '.big']
      .map((s) => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))"""
    before = page.evaluate(looks)
    page.evaluate("document.documentElement.style.fontSize = '24px'")
    after = page.evaluate(looks)
    assert all(b > 1.2 * a for a, b in zip(before, after, strict=True)), (before, after)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@browser
@pytest.mark.parametrize("size", [(1000, 400), (1280, 519)])
def test_a_low_window_keeps_the_map_in_the_page(desk: Visit, page_file: Path, size: tuple[int, int]) -> None:
    """In a wide and low window no part of the map's column lies out of reach below the window."""
    page = desk.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk.go(page_file, "q=城南新村")
    assert page.evaluate("getComputedStyle(document.querySelector('.mapside')).position") == "static"
    page.locator("#whole").scroll_into_view_if_needed()
    box = page.locator("#whole").bounding_box()
    assert box["y"] + box["height"] <= size[1]


@browser
def test_ground_without_a_zone_is_in_the_legend(
    desk: Visit, page_file: Path, visit_town: Callable[..., Any]
) -> None:
    """Grey ground is explained where there is some, and only there."""
    assert "未划片" in desk.go(page_file).inner_text("#legend")
    page = visit_town()
    assert "未划片" not in page.inner_text("#legend")
    assert page.is_visible(".start")


@browser
def test_no_examples_are_announced_where_there_are_none(visit_town: Callable[..., Any]) -> None:
    """Without addresses nobody reads "for example" over nothing."""
    assert visit_town(addresses=False).is_hidden(".start")


@browser
def test_paper_says_where_it_comes_from(desk: Visit, page_file: Path) -> None:
    """A print bears the address of this very answer in letters, and calls a result only what is one."""
    page = desk.go(page_file, "q=新华路11号")
    page.emulate_media(media="print")
    link = "https://example.org/finder-2027.html#year=2027&stage=primary&q=新华路11号"
    assert link in page.inner_text("#facts")
    assert "查询结果" in page.inner_text("#printed")
    assert page.evaluate("getComputedStyle(document.querySelector('footer')).breakInside") == "avoid"
    sizes = page.evaluate(
        "['dt', 'dd'].map((s) => getComputedStyle(document.querySelector(`#facts ${s}`)).fontSize)"
    )
    assert sizes[0] == sizes[1]
    page.emulate_media(media="screen")
    assert link not in page.inner_text("#facts")
    page.click("#tab-find")
    page.fill("#q", "")
    page.goto("about:blank")
    desk.go(page_file)
    page.emulate_media(media="print")
    assert page.inner_text("#printed") == "汀源县 2027-28 学年学校查询"


@browser
def test_a_year_without_seats_shows_none(phone: Visit, page_file: Path, tmp_path: Path) -> None:
    """Seats of the published year are not passed off as those of a year in which none are known."""
    first, mark, rest = page_file.read_text(encoding="utf-8").partition('id="data">')
    held, end, last = rest.partition("</script>")
    data = json.loads(held)
    other = next(one for one in data["years"] if one["year"] != data["main"])
    assert other["stages"]["primary"]["seats"] is None  # as in the published year
    other["stages"]["primary"]["seats"] = ""
    path = tmp_path / "finder.html"
    path.write_text(first + mark + json.dumps(data) + end + last, encoding="utf-8")
    assert "学位" in phone.go(path, "year=2027&school=P001").inner_text("#answer")
    page = phone.page
    page.goto("about:blank")
    assert "学位" not in phone.go(path, "year=2026&school=P001").inner_text("#answer")


@browser
def test_a_very_long_name_does_not_fill_its_zone(visit_town: Callable[..., Any]) -> None:
    """On the map a name takes three lines at most; the answer has it whole."""
    page = visit_town("stage=primary")
    page.wait_for_selector("html[data-map]")
    line = 12 * 1.2
    assert (
        page.locator(".name").evaluate_all("(all) => Math.max(...all.map((e) => e.offsetHeight))")
        < 3.5 * line
    )
    page.fill("#q", "云锦花园")
    page.press("#q", "Enter")
    assert LONG in page.inner_text("#answer")
