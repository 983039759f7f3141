"""The summary in a real browser: two languages, phone and desktop, one sheet of paper, no request."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tests.publish.forecast_town import HOSTILE, book_of, town
from tests.publish.visits import Visit

from zoning.errors import Text
from zoning.publish import ForecastBook, publish_forecast
from zoning.publish.forecast_page import summary_page
from zoning.publish.forecast_past import past_table
from zoning.publish.forecast_words import (
    answer_sentence,
    chance,
    count,
    range_80,
    range_95,
    seats_sentence,
    signed,
)

browser = pytest.mark.browser

CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const ink = node.closest("svg") ? style.fill : style.color;
    const [one, two] = [light(parse(ink)), light(behind(node))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 4.5) poor.push([walker.currentNode.data.trim(), ratio.toFixed(2)]);
  }
  return poor;
}"""
"""Texts whose contrast with what is behind them is below 4.5, the least of WCAG 2 AA."""


@pytest.fixture(scope="module")
def book() -> ForecastBook:
    """The town's book."""
    return book_of(town())


@pytest.fixture(scope="module")
def summary(book: ForecastBook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's page."""
    folder = tmp_path_factory.mktemp("page")
    return publish_forecast(town(), book, folder=folder, lang="en", figures=False)["summary"]


@browser
def test_the_page_prints_the_books_numbers(visit: Visit, book: ForecastBook, summary: Path) -> None:
    """Every number on the page is the book's: answer, ranges, warnings, errors, parts, scenarios."""
    page = visit.go(summary, "lang=en")
    assert answer_sentence(book).en in page.inner_text("#answer")
    assert seats_sentence(book).en in page.inner_text("#answer")
    cards = page.locator(".stage").all_inner_texts()
    for course, card in zip(book.county, cards, strict=True):
        assert count(course.mean[-1]) in card
        assert range_80(course, len(book.years) - 1) in card
    page.click("summary")
    table = page.locator("#stages tbody tr").all_inner_texts()
    shown = [row.split("\t")[1:] for row in table]
    assert shown == [
        [count(c.mean[at]), range_80(c, at), range_95(c, at), count(c.seats[at])]
        for c in book.county
        for at in range(len(book.years))
    ]
    warned = page.locator("#seats tbody tr").all()
    for school, row in zip(book.warned, warned, strict=True):
        cells = [cell.inner_text().split("\n")[-1] for cell in row.locator("td").all()]
        assert cells == [chance(float(p)) for p in school.p_over]
    errors = [" ".join(cells) for _, rows in past_table(book)[:2] for _, cells in rows[:4]]
    found = [
        " ".join(t.split("\t")[1:]) for t in page.locator("#past tbody tr:not(.group)").all_inner_texts()
    ]
    assert found == errors
    parts = page.locator("#drivers tbody tr").all_inner_texts()
    assert parts[-1].split("\t")[1:] == [count(c.mean[-1]) for c in book.county]
    names = [
        name for name in ("ageing", "progression", "births", "housing", "migration") if name in book.parts
    ]
    for name, row in zip(names, parts, strict=False):
        assert row.split("\t")[1:] == [signed(float(c.drivers[name][-1])) for c in book.county]
    scenarios = page.locator("#scenarios tbody tr").all_inner_texts()
    assert len(scenarios) == len(book.scenarios)
    assert all(note.en in page.inner_text("#assumed") for note in book.notes)


@browser
def test_the_page_opens_without_any_request(visit: Visit, summary: Path) -> None:
    """It opens from a disk without internet, and nothing about it leaves the office."""
    page = visit.go(summary)
    page.click("#lang")
    assert visit.requests == [summary.as_uri()]
    assert visit.complaints == []


@browser
def test_the_language_switches_everywhere(visit: Visit, summary: Path) -> None:
    """One page serves both readers: words, title and the language that a screen reader speaks."""
    page = visit.go(summary)
    assert page.get_attribute("html", "lang") == "en"
    names = {"中文", "A镇", "B镇"}
    assert set(re.findall(r"[一-鿿A-B]*[一-鿿]+", page.inner_text("body"))) - names == set()
    page.click("#lang")
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert page.title() == "方镇：到 2029-30 学年的学龄人口预测"
    text = page.inner_text("body").replace(town().place.attribution, "")
    words = set(re.findall(r"[A-Za-z]{3,}", text))
    assert (
        words - {"English", "MAPE", "WAPE", "zoning", "forecast", "xlsx", "residents", "births", "housing"}
        == set()
    )
    page = visit.go(summary, "lang=en")
    assert page.title() == "Square: school-age children until 2029-30"


@browser
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_phone_and_desktop(visit: Visit, summary: Path, width: int, lang: str) -> None:
    """Nobody scrolls sideways but inside a wide table, and every text is read against what is behind it."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    page = visit.go(summary, f"lang={lang}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []
    box = page.locator("#lang").bounding_box()
    assert box["height"] >= 44
    assert box["width"] >= 44


@browser
def test_a_screen_reader_finds_its_way(visit: Visit, summary: Path) -> None:
    """One main heading, no level skipped, sections and tables named, headings of rows and columns marked."""
    page = visit.go(summary)
    levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map((h) => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.eval_on_selector_all("[id]", "all => all.map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert page.locator("main").count() == page.locator("header").count() == 1
    for section in page.locator("section, [role=region]").all():
        assert section.get_attribute("aria-labelledby") in ids
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("thead th:not([scope=col])").count() == 0
        assert table.locator("tbody tr > :first-child:not(th[scope])").count() == 0
    assert page.locator("svg:not([aria-hidden=true])").count() == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "lang"
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "lang") == "zh-CN"


@browser
def test_warnings_are_told_in_words(visit: Visit, book: ForecastBook, summary: Path) -> None:
    """Who does not tell red from orange reads the level in every coloured cell."""
    page = visit.go(summary, "lang=en")
    cells = page.locator("#seats td.w").all()
    levels = [level for school in book.warned for level in school.warned]
    assert len(cells) == len(levels)
    for cell, level in zip(cells, levels, strict=True):
        assert (level in cell.inner_text()) == (level != "none")


@browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_prints_on_one_sheet(visit: Visit, book: ForecastBook, tmp_path: Path, lang: str) -> None:
    """The printed summary is one A4 page, which goes into the file, however much was assumed or advised."""
    words = ("An assumption that takes two lines of small print. ", "一条要占两行小字的假定说明，含数字。")
    long = Text(words[0] * 3, words[1] * 5)
    full = replace(book, notes=(*book.notes, *[long] * 9), advice=(*book.advice, *[long] * 4))
    path = tmp_path / "summary.html"
    path.write_text(summary_page(full), encoding="utf-8")
    page = visit.go(path, f"lang={lang}")
    assert page.locator("#assumed li:visible").count() == len(full.notes)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", pdf)


@browser
def test_hostile_names_are_only_names(visit: Visit, tmp_path: Path) -> None:
    """Names that try to break out of page and template are shown as they are, and nothing runs."""
    district = town(HOSTILE)
    book = book_of(district)
    path = publish_forecast(district, book, folder=tmp_path, figures=False)["summary"]
    page = visit.go(path, "lang=en")
    assert page.evaluate("window.hacked") is None
    assert visit.complaints == []
    assert page.locator("img").count() == 0
    shown = page.inner_text("#seats")
    assert all(school.name.en in shown for school in book.warned)
    assert page.title().startswith(HOSTILE[0])
    assert visit.requests == [path.as_uri()]


def test_one_path_prints_no_interval() -> None:
    """A page of one path shows neither ranges nor chances, and says why."""
    book = book_of(town(), paths=1)
    page = summary_page(book, lang="en")
    assert "without intervals" in page
    assert "80 %:" not in page
    assert "key_80" not in page
    assert not re.search(r"<td class=\"w[^>]*>[^<]*%", page)


def test_a_page_without_zones_or_rolls_still_answers() -> None:
    """What is not known is said on the page; the rest of it stands."""
    book = book_of(town(), paths=5, with_zones=False)
    page = summary_page(book, lang="zh")
    assert seats_sentence(book).zh in page
    assert answer_sentence(book).zh in page
