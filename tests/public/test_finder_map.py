"""The map of the parents' page under mouse, fingers, wheel and keys: where it looks and what it answers."""

import math
import re
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod
from tests.publish.visits import Visit

from zoning.public import Publication

pytestmark = pytest.mark.browser

Point = tuple[float, float]
GLOBE = Geod(ellps="WGS84")
SHOWN = ".name:not(.off)"
PEN = "document.querySelector('#map canvas').getContext('2d')"


def opened(visit: Visit, page_file: Path, words: str = "stage=primary&school=P001") -> Any:  # noqa: ANN401 - playwright is optional
    """Open the page at a school's zone and wait for its map."""
    page = visit.go(page_file, words)
    page.wait_for_selector("html[data-map]")
    page.locator("#map").scroll_into_view_if_needed()
    return page


def place(publication: Publication) -> Point:
    """Return latitude and longitude of the experimental primary school."""
    point = publication.district.school_frame.loc[["P001"]].to_crs(4326).geometry.iloc[0]
    return point.y, point.x


def pixel(page: Any, at: Point) -> Point:  # noqa: ANN401 - as above
    """Return where a place stands in the map, pixels from its upper left corner."""
    x, y = page.evaluate("(at) => schoolFinder.pixel(...at)", list(at))
    return x, y


def on_page(page: Any, at: Point) -> Point:  # noqa: ANN401 - as above
    """Return where a pixel of the map stands in the window."""
    box = page.locator("#map canvas").bounding_box()
    return box["x"] + at[0], box["y"] + at[1]


def middle(page: Any) -> Point:  # noqa: ANN401 - as above
    """Return the middle of the map in the window."""
    box = page.locator("#map canvas").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def span(page: Any, at: Point) -> float:  # noqa: ANN401 - as above
    """Return the pixels of a hundredth of a degree to the north, which grow and shrink with the zoom."""
    return math.dist(pixel(page, at), pixel(page, (at[0] + 0.01, at[1])))


def touch(page: Any, *steps: list[Point]) -> None:  # noqa: ANN401 - as above
    """Put fingers on the window, lead them from step to step, and lift them."""
    session = page.context.new_cdp_session(page)
    for n, points in enumerate(steps):
        session.send("Input.dispatchTouchEvent", {
            "type": "touchMove" if n else "touchStart",
            "touchPoints": [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)],
        })  # fmt: skip
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def apart(at: Point, *, begin: float, end: float) -> list[list[Point]]:
    """Return the steps of two fingers that go from one distance to another around a place."""
    ways = [begin + (end - begin) * n / 10 for n in range(11)]
    return [[(at[0] - way / 2, at[1]), (at[0] + way / 2, at[1])] for way in ways]


def settled(page: Any) -> None:  # noqa: ANN401 - as above
    """Wait until the map has come to rest and its names are arranged."""
    page.wait_for_timeout(700)


def test_a_click_answers_as_the_block_under_it(
    desk: Visit, page_file: Path, publication: Publication
) -> None:
    """Where somebody points is where the page looks: the link says the place, the answer is its block's."""
    page = opened(desk, page_file)
    plan, frame = publication.main.plans["primary"], publication.district.block_frame
    mine = [block for block, given in plan.rows if given == ("P001",)]
    inside = frame.loc[mine].union_all().buffer(-150)
    parts = sorted(getattr(inside, "geoms", [inside]), key=lambda part: part.area)
    spot = frame.iloc[:1].set_geometry([parts[-1].representative_point()]).to_crs(4326).geometry.iloc[0]
    page.mouse.click(*on_page(page, pixel(page, (spot.y, spot.x))))
    page.wait_for_function("() => location.hash.includes('at=')")
    said = re.search(r"at=([\d.]+)(?:%2C|,)([\d.]+)", page.url)
    assert said is not None
    metres = GLOBE.inv(spot.x, spot.y, float(said[2]), float(said[1]))[2]
    assert metres < 30  # a pixel or two
    assert [one.inner_text() for one in page.locator("#answer .schools h2").all()] == ["汀源县实验小学"]


def test_a_drag_moves_the_map_and_asks_nothing(
    desk: Visit, page_file: Path, publication: Publication
) -> None:
    """The place under the pointer goes with it, its picture too, and no answer is thrown away."""
    page = opened(desk, page_file)
    page.click(".zoom button")
    settled(page)
    before, url = pixel(page, place(publication)), page.url
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.move(x + 60, y - 40, steps=4)
    page.mouse.up()
    settled(page)
    after = pixel(page, place(publication))
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((60, -40), abs=0.6)
    assert page.url == url
    dot = page.evaluate(f"([x, y]) => [...{PEN}.getImageData(x, y, 1, 1).data]", [round(v) for v in after])
    assert dot[:3] == [0x0B, 0x5C, 0x74]  # the school that was asked for


def test_two_fingers_zoom_and_move(fingers: Visit, page_file: Path, publication: Publication) -> None:
    """What lies between two fingers stays between them, grows as they part, and the page stands still."""
    page = opened(fingers, page_file)
    at, url = place(publication), page.url
    wide, (x, y), scrolled = span(page, at), middle(page), page.evaluate("scrollY")
    before = pixel(page, at)
    touch(page, *apart((x, y), begin=80, end=200))
    settled(page)
    assert span(page, at) / wide == pytest.approx(2.5, rel=0.05)
    corner = on_page(page, (0, 0))
    wanted = [2.5 * (v - m) + m for v, m in zip(before, (x - corner[0], y - corner[1]), strict=True)]
    assert pixel(page, at) == pytest.approx(wanted, abs=8)
    assert (page.evaluate("scrollY"), page.url) == (scrolled, url)
    touch(page, *apart((x, y), begin=200, end=80))
    assert span(page, at) == pytest.approx(wide, rel=0.05)


def test_one_finger_scrolls_the_page_of_a_phone(
    fingers: Visit, page_file: Path, publication: Publication
) -> None:
    """A map that fills a phone must not catch whoever scrolls past it; it says how it is moved."""
    page = opened(fingers, page_file)
    at, (x, y), scrolled = place(publication), middle(page), page.evaluate("scrollY")
    before = pixel(page, at)
    for _ in range(5):  # a browser that is busy may take a gesture for a long press
        touch(page, *[[(x, y + 10 * n)] for n in range(12)])
        said = page.inner_text(".tell")
        page.wait_for_timeout(200)
        if page.evaluate("scrollY") < scrolled - 40:
            break
    assert page.evaluate("scrollY") < scrolled - 40
    assert pixel(page, at) == pytest.approx(before)
    assert said == "用两根手指移动地图"


def test_one_finger_moves_a_map_that_stands_by_itself(
    lively: Visit, page_file: Path, publication: Publication
) -> None:
    """Beside the answer, where there is nothing to scroll past, one finger is enough; it glides on."""
    page = opened(lively, page_file)
    settled(page)
    at, (x, y) = place(publication), middle(page)
    before = pixel(page, at)
    touch(page, *[[(x + 8 * n, y)] for n in range(13)])
    first = pixel(page, at)
    settled(page)
    assert 90 <= first[0] - before[0] <= pixel(page, at)[0] - before[0]
    assert "at=" not in page.url
    page.touchscreen.tap(x, y)
    page.wait_for_function("() => location.hash.includes('at=')")


def test_the_wheel_zooms_at_the_pointer(desk: Visit, page_file: Path, publication: Publication) -> None:
    """What one looks at stays under the pointer, and both ends of the zoom hold."""
    page = opened(desk, page_file)
    at = place(publication)
    before, wide = pixel(page, at), span(page, at)
    page.mouse.move(*on_page(page, before))
    page.mouse.wheel(0, -300)
    settled(page)
    assert span(page, at) > 1.5 * wide
    assert pixel(page, at) == pytest.approx(before, abs=1.5)
    for _ in range(14):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(20)
    settled(page)
    assert page.get_attribute(".zoom button", "aria-disabled") == "true"
    assert page.inner_text(".scale") in {"50 米", "100 米"}
    for _ in range(24):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(20)
    settled(page)
    assert page.locator(".zoom button").nth(1).get_attribute("aria-disabled") == "true"
    assert page.evaluate("scrollY") == 0


def test_the_bare_wheel_is_the_page_s_where_the_map_lies_in_it(
    phone: Visit, page_file: Path, publication: Publication
) -> None:
    """In a narrow window the wheel scrolls on over the map, and zooms it with Ctrl."""
    page = opened(phone, page_file)
    at = place(publication)
    wide, scrolled = span(page, at), page.evaluate("scrollY")
    page.mouse.move(*middle(page))
    page.mouse.wheel(0, -200)
    page.wait_for_function("(was) => scrollY < was - 100", arg=scrolled)
    assert span(page, at) == pytest.approx(wide)
    assert page.locator(".tell.on").count() == 1
    page.locator("#map").scroll_into_view_if_needed()
    page.mouse.move(*middle(page))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    settled(page)
    assert span(page, at) > 1.5 * wide


def test_the_keyboard_moves_zooms_and_asks(desk: Visit, page_file: Path, publication: Publication) -> None:
    """Without a pointer one reaches all of the map: arrows, plus, minus, whole, Enter at the cross."""
    page = opened(desk, page_file)
    at = place(publication)
    page.focus("#map")
    before, wide = pixel(page, at), span(page, at)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    settled(page)
    after = pixel(page, at)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((-90, 90), abs=0.6)
    for key, times in (("+", 2), ("=", 4), ("-", 2), ("Minus", 1)):
        page.keyboard.press(key)
        settled(page)
        assert span(page, at) / wide == pytest.approx(times, rel=0.01)
    page.keyboard.press("Home")
    settled(page)
    whole = span(page, at)
    page.keyboard.press("+")
    page.keyboard.press("0")
    settled(page)
    assert span(page, at) == pytest.approx(whole)
    assert whole < wide
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.includes('at=')")
    page.focus("#q")
    page.keyboard.type("0+")
    assert page.input_value("#q") == "0+"


def test_buttons_and_a_double_click_zoom_without_asking(
    desk: Visit, page_file: Path, publication: Publication
) -> None:
    """A second click is a wish to look closer, and the answer on the page stays."""
    page = opened(desk, page_file)
    at, url = place(publication), page.url
    wide, before = span(page, at), pixel(page, at)
    page.mouse.dblclick(*on_page(page, before))
    settled(page)
    assert span(page, at) / wide == pytest.approx(2, rel=0.01)
    assert pixel(page, at) == pytest.approx(before, abs=1.5)
    page.click(".zoom button >> nth=1")
    settled(page)
    assert span(page, at) == pytest.approx(wide, rel=0.01)
    page.click("#whole")
    settled(page)
    assert span(page, at) < wide
    assert page.url == url


def test_the_scale_bar_is_right(desk: Visit, page_file: Path, publication: Publication) -> None:
    """The bar measures what a geodesist measures within 2 %, and a zone is as high as it is wide."""
    page = opened(desk, page_file)
    lat, lng = place(publication)
    for _ in range(4):
        left, right = pixel(page, (lat, lng - 0.01)), pixel(page, (lat, lng + 0.01))
        metres = GLOBE.inv(lng - 0.01, lat, lng + 0.01, lat)[2] / math.dist(left, right)
        high = GLOBE.inv(lng, lat, lng, lat + 0.01)[2] / span(page, (lat, lng))
        assert high == pytest.approx(metres, rel=0.02)
        number, unit = page.inner_text(".scale").split(" ")
        said = int(number) * (1000 if unit == "公里" else 1)
        assert said == pytest.approx(page.locator(".scale").bounding_box()["width"] * metres, rel=0.02)
        page.click(".zoom button >> nth=1")
        settled(page)


def test_motion_only_for_who_wants_it(
    desk: Visit, lively: Visit, page_file: Path, publication: Publication
) -> None:
    """Who asked for less motion sees the map jump; others see it go."""
    looks = """(at) => new Promise((done) => {
      const seen = [];
      const look = () => {
        seen.push(schoolFinder.pixel(...at)[1]);
        if (seen.length < 30) requestAnimationFrame(look); else done(new Set(seen).size);
      };
      document.querySelector(".zoom button").click();
      look();
    })"""
    beside = [place(publication)[0] + 0.01, place(publication)[1]]
    assert opened(desk, page_file).evaluate(looks, beside) <= 2
    assert opened(lively, page_file).evaluate(looks, beside) > 2  # a busy browser shows few frames


def test_names_give_way(desk: Visit, page_file: Path) -> None:
    """No two names lie over each other or over a button, and no screen reader hears them twice."""
    page = opened(desk, page_file, "lang=en&stage=primary")
    page.click("#whole")
    overlaps = f"""() => {{
      const all = document.querySelectorAll("{SHOWN}, .zoom, .scale, #credit");
      const boxes = [...all].map((e) => e.getBoundingClientRect());
      return boxes.flatMap((a, n) => boxes.slice(n + 1).filter((b) => a.left < b.right && b.left < a.right
        && a.top < b.bottom && b.top < a.bottom)).length;
    }}"""
    for _ in range(4):
        settled(page)
        assert page.locator(SHOWN).count() > 3
        assert page.evaluate(overlaps) == 0
        page.click(".zoom button")
    assert page.locator("#names").get_attribute("aria-hidden") == "true"


def test_it_stays_in_sight_when_the_window_changes(
    desk: Visit, page_file: Path, publication: Publication
) -> None:
    """Turned or made narrow, the map shows what was asked for; pushed far, it stays in its window."""
    page = opened(desk, page_file)
    at = place(publication)
    wide, spans = span(page, at), []
    for width, height in ((1100, 500), (600, 900), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        box = page.locator("#map canvas").bounding_box()
        x, y = pixel(page, at)
        assert 0 < x < box["width"]
        assert 0 < y < box["height"]
        spans.append(span(page, at))
    assert spans[0] < 0.7 * wide
    assert spans[-1] == pytest.approx(wide)
    page.focus("#map")
    for _ in range(60):
        page.keyboard.press("ArrowLeft")
    settled(page)
    assert page.locator(".zoom button").first.get_attribute("aria-disabled") == "false"
    ground = page.evaluate(f"{PEN}.getImageData(0, 0, 600, 600).data.some(Boolean)")
    assert ground  # the edge of the place stops in the middle of the window


def test_it_is_drawn_in_the_screen_s_own_pixels(fingers: Visit, page_file: Path) -> None:
    """On a screen of two pixels a point lines and names are sharp."""
    page = opened(fingers, page_file)
    size = "() => { const c = document.querySelector('#map canvas'); return [c.width, c.clientWidth]; }"
    drawn, shown = page.evaluate(size)
    assert drawn == 2 * shown


def test_accessible_on_a_phone(phone: Visit, page_file: Path) -> None:
    """Axe finds nothing at 360 px in both languages, with the map's buttons, bar and hint in sight."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for lang in ("zh", "en"):
        phone.page.goto("about:blank")
        page = opened(phone, page_file, f"lang={lang}&q=城南新村")
        page.mouse.move(*middle(page))
        page.mouse.wheel(0, 10)
        settled(page)
        found = axe.run(page, options=rules).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"][:2]]) for v in found] == []


def test_buttons_move_the_map_for_who_cannot_drag(
    fingers: Visit, page_file: Path, publication: Publication
) -> None:
    """One finger that only taps reaches all of the map, and asks nothing by it."""
    page = opened(fingers, page_file)
    at, url = place(publication), page.url
    for n, (right, down) in enumerate(((-1, 0), (1, 0), (0, -1), (0, 1))):
        before = pixel(page, at)
        page.tap(f".pan button >> nth={n}")
        settled(page)
        after = pixel(page, at)
        assert (after[0] - before[0], after[1] - before[1]) == pytest.approx(
            (-90 * right, -90 * down), abs=0.6
        )
    assert page.url == url


def test_the_map_stays_while_only_the_year_changes(
    desk: Visit, page_file: Path, publication: Publication
) -> None:
    """Who pointed at a home and compares two years sees both in one place of the window."""
    old, new = (one.plans["primary"] for one in publication.years)
    moved = [move.block_id for move in new.diff(old)]
    frame = publication.district.block_frame
    block = max(moved, key=lambda one: frame.geometry[one].area)
    spot = (
        frame.loc[[block]]
        .set_geometry([frame.geometry[block].representative_point()])
        .to_crs(4326)
        .geometry.iloc[0]
    )
    page = opened(desk, page_file, "stage=primary")
    for _ in range(3):
        page.click(".zoom button")
        settled(page)
    page.evaluate(
        "([lat, lng]) => { location.hash = `#stage=primary&year=2027&at=${lat},${lng}`; }", [spot.y, spot.x]
    )
    settled(page)
    before = pixel(page, (spot.y, spot.x)), span(page, (spot.y, spot.x))
    page.check("input[name=years][value='2026']", force=True)
    settled(page)
    assert (pixel(page, (spot.y, spot.x)), span(page, (spot.y, spot.x))) == before


def shown_names(page: Any) -> list[tuple[float, float, float, float]]:  # noqa: ANN401 - as above
    """Return left, top, right and bottom of the names in the map, pixels from its upper left corner."""
    boxes = page.evaluate(f"""() => {{
      const room = document.querySelector('#map canvas').getBoundingClientRect();
      return [...document.querySelectorAll("{SHOWN}")].map((e) => e.getBoundingClientRect())
        .map((b) => [b.left - room.left, b.top - room.top, b.right - room.left, b.bottom - room.top]);
    }}""")
    return [tuple(box) for box in boxes]


def test_no_name_hides_a_school(desk: Visit, page_file: Path, publication: Publication) -> None:
    """The dot where a school stands is never under a name, from the whole map to the closest look."""
    page = opened(desk, page_file, "lang=en&stage=primary")
    page.click("#whole")
    ids = publication.district.schools_of("primary", 2027).index
    points = publication.district.school_frame.loc[ids].to_crs(4326).geometry
    for _ in range(5):
        settled(page)
        dots = [pixel(page, (point.y, point.x)) for point in points]
        for left, top, right, bottom in shown_names(page):
            assert not [(x, y) for x, y in dots if left < x < right and top < y < bottom]
        page.click(".zoom button")


def test_a_name_stays_in_sight_at_the_closest_look(
    desk: Visit, page_file: Path, publication: Publication
) -> None:
    """Where the middle of a zone and its school are far out of the window, the ground still has its name."""
    plan, frame = publication.main.plans["primary"], publication.district.block_frame
    mine = frame.loc[[block for block, given in plan.rows if given == ("P001",)]].union_all()
    parts = sorted(getattr(mine.buffer(-700), "geoms", [mine.buffer(-300)]), key=lambda part: part.area)
    spot = frame.iloc[:1].set_geometry([parts[0].representative_point()]).to_crs(4326).geometry.iloc[0]
    page = desk.go(page_file, f"stage=primary&at={spot.y:.5f},{spot.x:.5f}")
    page.wait_for_selector("html[data-map]")
    page.focus("#map")
    for _ in range(6):
        page.keyboard.press("+")
        settled(page)
    assert "汀源县实验小学" in page.locator(SHOWN).all_inner_texts()
