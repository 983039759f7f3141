"""A whole visit by keyboard: every stop can be seen, nothing traps, and no task needs a pointer."""

from pathlib import Path
from typing import Any

import pytest
from tests.publish.visits import Visit

pytestmark = pytest.mark.browser
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const shown = at.matches('input[type=radio]') ? at.parentElement : at;
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
  const ring = getComputedStyle(at), next = at.nextElementSibling, beside = next && getComputedStyle(next);
  const top = document.elementFromPoint(
    Math.max(0, Math.min(innerWidth - 1, box.left + box.width / 2)),
    Math.max(0, Math.min(innerHeight - 1, box.top + Math.min(box.height / 2, 20))));
  return {
    name: at.id || at.name || at.textContent.trim().slice(0, 20),
    path: [...document.querySelectorAll('*')].indexOf(at),
    ringed: [style, ring, beside].some((s) => s && (s.outlineStyle !== 'none' || s.boxShadow !== 'none')),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !(top && (shown.contains(top) || top.contains(shown))),
  };
}"""


def tour(page: Any, most: int = 200) -> list[dict[str, Any]]:  # noqa: ANN401 - playwright is optional
    """Press Tab until the focus leaves the page, and return every stop."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    found: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (found and stop["path"] <= found[0]["path"]):
            return found
        found.append(stop)
    raise AssertionError(f"more than {most} stops")


def go_to(page: Any, wanted: str) -> None:  # noqa: ANN401 - as above
    """Press Tab until something with this id or text has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop and stop["name"].startswith(wanted):
            return
    raise AssertionError(f"no way to {wanted}")


@pytest.mark.parametrize("state", ["", "q=新华路19号", "q=新华路", "school=P002", "view=list"])
@pytest.mark.parametrize("visit", ["desk", "phone"])
def test_every_stop_can_be_seen(
    request: pytest.FixtureRequest, page_file: Path, visit: str, state: str
) -> None:
    """Tab goes through the page in reading order, to things in sight with a ring, and out at the end."""
    opened: Visit = request.getfixturevalue(visit)
    page = opened.go(page_file, f"lang=zh&{state}")
    page.wait_for_selector("html[data-map]")
    stops = tour(page)
    assert stops[0]["name"] == "skip"
    assert {"q", "tab-list", "lang", "whole"} <= {stop["name"] for stop in stops}
    places = [stop["path"] for stop in stops]
    assert places == sorted(places)
    for stop in stops:
        assert stop["ringed"], stop
        assert stop["seen"], stop
        assert not stop["covered"], stop


def test_a_whole_visit_without_a_pointer(desk: Visit, page_file: Path) -> None:
    """Ask, read, compare with last year, see the school's streets, change the language, and go back."""
    page = desk.go(page_file, "lang=zh")
    page.wait_for_selector("html[data-map]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the head
    go_to(page, "q")
    page.keyboard.type("新华路19号")
    page.keyboard.press("Enter")
    assert "汀阳镇第二小学" in page.inner_text("#answer")
    go_to(page, "汀阳镇第二小学")
    page.keyboard.press("Enter")
    assert "school=P003" in page.url
    assert "新华路" in page.inner_text("#details")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.go_back()
    assert "汀阳镇第二小学" in page.inner_text("#answer")
    page.evaluate("document.activeElement.blur()")
    go_to(page, "years")
    page.keyboard.press("ArrowLeft")
    assert "year=2026" in page.url
    assert "2026-27" in page.inner_text("#answer")
    go_to(page, "lang")
    page.keyboard.press("Space")
    assert page.get_attribute("html", "lang") == "en"
    go_to(page, "tab-list")
    page.keyboard.press("Enter")
    assert "view=list" in page.url
