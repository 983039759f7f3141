"""How parents type: in Chinese, in letters, with and without numbers; nothing is taken for another place."""

from pathlib import Path
from typing import Any

import pytest
from tests.publish.visits import Visit

pytestmark = pytest.mark.browser


def ask(page: Any, address: str) -> str:  # noqa: ANN401 - playwright is optional
    """Type an address, press Enter and return the answer's text."""
    page.fill("#q", address)
    page.press("#q", "Enter")
    return str(page.inner_text("#answer"))


def offered(page: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return what is offered under "did you mean"."""
    return [one.inner_text() for one in page.locator("#details .rows .row").all()]


@pytest.mark.parametrize("typed", ["城南新村东路5号", "城南新村小学", "城南新村二期", "新城南新村3栋"])
def test_a_longer_name_offers_the_listed_one(desk: Visit, page_file: Path, typed: str) -> None:
    """A name that nobody listed gets no school, and the listed one in it can be chosen."""
    page = desk.go(page_file)
    said = ask(page, typed)
    assert "没有查到这个地址" in said
    assert "可能是另一处地点" in said
    assert page.locator("#answer .schools").count() == 0
    assert page.locator("#details .ranges").count() == 0
    page.click("#details .rows .row >> text=城南新村")
    assert "汀源县实验小学" in page.inner_text("#answer .schools")


def test_a_match_by_name_alone_is_marked(desk: Visit, page_file: Path) -> None:
    """Who is answered by a name without its number or building is told so, others are not."""
    page = desk.go(page_file)
    assert "汀源县实验小学" in ask(page, "城南新村东门")
    assert "仅按名称匹配" in page.inner_text(".callout.none h3")
    ask(page, "城南新村3栋")
    assert page.locator(".callout.none").count() == 0


@pytest.mark.parametrize(
    "typed",
    ["Heping Road 152", "152 Heping Road", "Heping Rd. 152", "heping road no. 152", "No. 152, Heping Road",
     "hepinglu152", "heping lu 152号", "HEPING  ROAD #152"],
)  # fmt: skip
def test_letters_with_a_number_find_the_house(desk: Visit, page_file: Path, typed: str) -> None:
    """An English or spelt street with a house number leads to that house, before or behind."""
    page = desk.go(page_file, "lang=en")
    page.fill("#q", typed)
    assert "Heping Road 152" in page.inner_text("#options li >> nth=0")
    said = ask(page, typed)
    assert "Tingyuan Experimental Primary School" in said
    assert "Heping Road" in page.inner_text("#answer .where")
    assert "和平路152号" in page.input_value("#q")


def test_initials_with_a_number_are_offered_with_it(desk: Visit, page_file: Path) -> None:
    """Initials keep the number, building and unit that was typed behind them."""
    page = desk.go(page_file)
    page.fill("#q", "hpl 152")
    assert "和平路152号" in page.inner_text("#options")
    page.fill("#q", "cnxc3栋2单元")
    assert "城南新村3栋2单元" in page.inner_text("#options")
    page.click("#options li >> nth=0")
    assert page.inner_text("#answer .schools h2") == "汀源县实验小学"


def test_the_english_page_begins_in_english(desk: Visit, page_file: Path) -> None:
    """Examples have their English names, and an answer shows both names."""
    page = desk.go(page_file, "lang=en")
    first = page.locator(".example").first
    assert first.inner_text().isascii()
    name = first.inner_text()
    first.click()
    assert name in page.inner_text("#answer .where")
    assert not page.inner_text("#answer .where").isascii()


def test_the_wrong_town_is_said(desk: Visit, page_file: Path) -> None:
    """A known name in another town is no wrong number: the real place is offered with the number typed."""
    page = desk.go(page_file)
    said = ask(page, "松铺镇城南新村")
    assert "该乡镇或街道没有这个地址" in said
    assert page.locator("#details .ranges").count() == 0
    assert any("城南新村" in one and "汀阳镇" in one for one in offered(page))
    ask(page, "松铺镇和平路152号")
    page.click("#details .rows .row >> text=和平路152号")
    assert page.input_value("#q") == "汀阳镇和平路152号"
    assert page.inner_text("#answer .schools h2") == "汀源县实验小学"


@pytest.mark.parametrize("typed", ["和平路152至372号", "和平路1-400号", "和平路152米", "和平路152路公交站"])
def test_what_is_no_one_number_is_asked_for(desk: Visit, page_file: Path, typed: str) -> None:
    """A range over several schools, metres and bus lines ask for the house number."""
    assert "请补充门牌号" in ask(desk.go(page_file), typed)


@pytest.mark.parametrize("typed", ["chengnan", "中", "yc", "lu 12"])
def test_letters_that_fit_many_are_no_wrong_address(desk: Visit, page_file: Path, typed: str) -> None:
    """Where several places fit, Enter lists them instead of saying that nothing was found."""
    page = desk.go(page_file)
    said = ask(page, typed)
    assert "有多处符合" in said
    assert "没有查到" not in said
    assert len(offered(page)) > 1


def test_an_unknown_address_in_letters_is_still_unknown(desk: Visit, page_file: Path) -> None:
    """Letters that spell nothing on the list get no suggestion, with or without number."""
    page = desk.go(page_file, "lang=en")
    for typed in ("Mars Road 12", "12 Mars Road", "qqqq", "12"):
        assert "We do not know this address" in ask(page, typed)
