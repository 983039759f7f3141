"""Links to the parents' page: copied, pasted, broken, opened on a phone; what is said while one types."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.publish.visits import Visit

from zoning.public import Publication, finder_page
from zoning.public.publication import finder_url

pytestmark = pytest.mark.browser


def answer(page: Any) -> str:  # noqa: ANN401 - playwright is optional
    """Return the answer's text."""
    return str(page.inner_text("#answer"))


def top(page: Any) -> float:  # noqa: ANN401 - as above
    """Return how far below the upper edge of the window the answer begins."""
    return float(page.evaluate("document.querySelector('#answer').getBoundingClientRect().top"))


def test_a_copied_link_leads_to_the_page_not_to_its_folder(
    phone: Visit, publication: Publication, tmp_path: Path
) -> None:
    """Where the office named a folder, the link that one copies is that of the code on paper."""
    notice = replace(publication.district.notice, url="https://example.org/schools/")
    moved = replace(publication, district=replace(publication.district, notice=notice))
    path = tmp_path / "finder-2027.html"
    path.write_bytes(finder_page(moved).encode())
    page = phone.go(path, "q=城南新村")
    given: list[str] = []

    def read(dialog: Any) -> None:  # noqa: ANN401 - as above
        given.append(dialog.default_value)
        dialog.dismiss()

    page.on("dialog", read)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.click("text=复制链接")
    (link,) = given
    base, _, words = link.partition("#")
    assert base == finder_url(moved) == "https://example.org/schools/finder-2027.html"
    assert {"year=2027", "stage=primary"} <= set(words.split("&"))


def test_a_link_put_into_an_open_page_shows_the_school_in_its_own_stage(desk: Visit, page_file: Path) -> None:
    """A link without a stage answers the same in an open page as in a new one, and names the stage."""
    page = desk.go(page_file, "q=城南新村")
    page.evaluate("location.hash = '#year=2027&school=J001'")
    page.wait_for_function("() => location.hash.includes('stage=junior')")
    pasted = answer(page)
    assert "单校划片" in pasted
    page.goto("about:blank")
    assert answer(desk.go(page_file, "year=2027&school=J001")) == pasted
    assert "stage=junior" in page.url


def test_a_stage_that_a_school_does_not_teach_is_said(desk: Visit, page_file: Path) -> None:
    """Who chooses another stage at a school keeps the school, hears why, and finds that stage's schools."""
    page = desk.go(page_file, "year=2027&stage=primary&school=P001")
    page.click("input[name=stages][value='2']", force=True)
    assert "汀源县实验小学不设初中学段" in answer(page)
    assert page.is_checked("input[name=stages][value='1']")
    assert "school=P001" in page.url
    page.click("#answer >> text=初中名单")
    assert "view=list" in page.url
    assert "stage=junior" in page.url
    assert "不设" not in answer(page)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("school=GONE", "学校“GONE”不在本页内"),
        ("stage=zzz&q=城南新村", "学段“zzz”不在本页内，现显示小学"),
        ("at=,", "地图位置“,”无法识别"),
        ("at=0.1", "地图位置“0.1”无法识别"),
        ("year=2031&q=城南新村", "2031 年不在本页内"),
    ],
)
def test_a_broken_link_is_said_so(desk: Visit, page_file: Path, words: str, said: str) -> None:
    """What a link asks for and the page does not hold is named, and nothing is shown in its place unsaid."""
    page = desk.go(page_file, words)
    assert said in answer(page)
    assert "超出本页范围" not in answer(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_link_opens_a_phone_at_its_answer(phone: Visit, page_file: Path, lang: str) -> None:
    """The school that a link is about stands in the first window of a phone, in both languages."""
    page = phone.go(page_file, f"lang={lang}&q=城南新村")
    assert 0 <= top(page) <= 0.56 * 740
    box = page.locator("#answer .big").bounding_box()
    assert box["y"] + box["height"] <= 740


def test_the_title_says_what_is_shown(desk: Visit, page_file: Path) -> None:
    """Two tabs or bookmarks of one page are told apart by school, address or list."""
    rest = "汀源县 2027-28 学年学校查询"
    page = desk.go(page_file)
    assert page.title() == rest
    for words, subject in (
        ("school=P001", "汀源县实验小学"),
        ("q=城南新村", "城南新村"),
        ("view=list", "小学名单"),
        ("at=31.5,118.5", "地图上的位置"),
    ):
        page.evaluate("(words) => { location.hash = words; }", f"#{words}")
        page.wait_for_function("(title) => document.title === title", arg=f"{subject} · {rest}")


def test_nothing_old_is_left_to_be_read_out(desk: Visit, page_file: Path) -> None:
    """A count of suggestions goes when they go, and one suggestion is one."""
    page = desk.go(page_file, "lang=en")
    page.fill("#q", "tingyuan experimental primary")
    assert page.inner_text("#status") == "One suggestion. Use the arrow keys."
    page.press("#q", "Escape")
    assert page.inner_text("#status") == ""
    page.fill("#q", "xin")
    assert re.match(r"\d+ suggestions", page.inner_text("#status"))
    page.press("#q", "ArrowDown")
    page.press("#q", "Enter")
    assert page.inner_text("#status") == ""


def test_the_whole_map_may_be_asked_for_before_it_is_there(phone: Visit, page_file: Path) -> None:
    """A quick press on a slow phone does no harm; the fixture fails on any error of the page."""
    phone.page.add_init_script("window.requestAnimationFrame = () => 0")
    page = phone.go(page_file)
    page.click("#whole", no_wait_after=True, force=True)
    assert page.locator(".start").count() == 1
