"""The atlas in a real browser, and what is inside it."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.publish.conftest import HOSTILE, Made
from tests.publish.visits import Visit

from zoning.errors import Text, ZoningError
from zoning.evaluate import score_plan
from zoning.proposal import Certificate, Reason
from zoning.publish import publish_atlas, publish_plan

browser = pytest.mark.browser


def shown(page: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    """Return the rows of the detail box."""
    terms = page.locator("#detail dt").all_inner_texts()
    return dict(zip(terms, page.locator("#detail dd").all_inner_texts(), strict=True))


def data_of(path: Path) -> dict[str, Any]:
    """Return what a page carries."""
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', path.read_text(encoding="utf-8")
    )
    assert found is not None
    return json.loads(found[1])


@browser
def test_the_atlas_opens_from_a_disk_without_any_request(visit: Visit, atlas: Path) -> None:
    """A planner without internet sees the whole atlas, and nothing about it leaves the office."""
    page = visit.go(atlas)
    for view in ("use", "journeys", "forecast", "changes", "zones"):
        page.click(f'#views [data-key="{view}"]')
    page.wait_for_timeout(100)
    assert [url for url in visit.requests if not url.startswith("data:")] == [atlas.as_uri()]
    assert visit.complaints == []


@browser
def test_the_language_switches_everywhere(visit: Visit, atlas: Path) -> None:
    """One page serves both readers: words, title and the language that a screen reader speaks."""
    page = visit.go(atlas, "lang=zh")
    assert page.title() == "方镇 2027-28 学年学区图册"
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert "评分卡" in page.inner_text("#summary")
    page.click("#lang")
    assert page.title() == "Square: school zones 2027-28"
    assert page.get_attribute("html", "lang") == "en"
    text = page.inner_text("body")
    assert "Scorecard" in text
    names = {"中文", "A镇", "B镇", "第九条"}
    left = set(re.findall(r"[一-鿿A-B]*[一-鿿]+", text)) - names
    assert left == set()


@browser
def test_layers_and_years_change_what_is_drawn(visit: Visit, atlas: Path) -> None:
    """Each layer has its own legend, and the slider its own totals."""
    page = visit.go(atlas, "lang=en&stage=primary&view=zones")
    legends = {}
    for view in ("zones", "use", "journeys", "forecast", "changes"):
        page.click(f'#views [data-key="{view}"]')
        legends[view] = page.inner_text("#legend")
    assert len(set(legends.values())) == 5
    page.click('#views [data-key="forecast"]')
    totals = []
    for year in range(3):
        page.fill("#year", str(year))
        totals.append(page.inner_text("#legend p"))
    assert totals == [f"{n:,} children in all in {y}" for n, y in
                      ((1104, "2026-27"), (1214, "2027-28"), (1380, "2028-29"))]  # fmt: skip
    page.click('#segments [data-key="town"]')
    assert page.locator(".zone-label").all_inner_texts() == ["A镇", "B镇"]


@browser
def test_a_clicked_block_shows_the_school_of_the_plan_file(
    visit: Visit, atlas: Path, made: Made, tmp_path: Path
) -> None:
    """What the map answers is what the plan says, block by block, and blocks lie where they are."""
    files = publish_plan(made.district, made.primary.plan, made.primary.card, folder=tmp_path)
    with files["plan"].open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    name = made.district.school_frame["name_en"]
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row["block_id"], set()).add(name[row["school_id"]])
    page = visit.go(atlas, "lang=en&stage=primary&view=zones")
    box = page.locator(".folium-map").bounding_box()
    seen: list[list[str]] = []
    for down in (0.37, 0.44, 0.56, 0.63):
        seen.append([])
        for across in (0.2, 0.32, 0.45, 0.58, 0.7, 0.8):
            page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
            facts = shown(page)
            if "Block id" in facts:
                assert set(facts["School in this plan"].split(", ")) == wanted[facts["Block id"]]
                seen[-1].append(facts["Block id"])
    assert len({block for row in seen for block in row}) >= 12
    assert all(row == sorted(row) for row in seen), "columns grow from west to east"
    assert [row[0][:4] for row in seen if row] == sorted(row[0][:4] for row in seen if row), (
        "rows grow southwards"
    )


@browser
def test_a_school_shows_its_seats_and_children(visit: Visit, atlas: Path) -> None:
    """The bar by year and the utilisation of a school can be read after choosing it by name."""
    page = visit.go(atlas, "lang=en&stage=primary")
    page.fill("#find", "school 2")
    page.click("#found button >> nth=0")
    facts = shown(page)
    assert facts["Capacity"] == "60 pupils"
    assert page.locator("#detail h3").inner_text() == "School 2"
    assert page.locator("#detail svg rect").count() == 3
    share = float(facts["Utilisation"].removesuffix(" %").replace(",", "")) / 100
    assert share == pytest.approx(
        float(facts["Children of the zone, 2027-28"].split()[0].replace(",", "")) / 60, abs=0.01
    )


@browser
def test_moved_blocks_are_marked(visit: Visit, atlas: Path) -> None:
    """A block whose school changes says so, with the school before."""
    page = visit.go(atlas, "lang=en&stage=primary&view=changes")
    page.fill("#find", "b001000")
    page.click("#found button >> nth=0")
    assert page.locator("#detail .badge.moved").count() == 1
    facts = shown(page)
    assert facts["School in force"] == "School 4"
    assert facts["School in this plan"] == "School 1"


@browser
def test_the_page_counts_what_the_scorecard_counts(visit: Visit, made: Made, tmp_path: Path) -> None:
    """Children, mean journey and moved blocks of the page are those of the scorecard, in every stage."""
    results = [
        replace(r, card=score_plan(made.district, r.plan, made.demand, r.times, against=r.against))
        for r in made.results
        if r.times is not None
    ]
    path = publish_atlas(made.district, results, made.demand, folder=tmp_path)
    page = visit.go(path, "lang=en")
    for result in results:
        page.click(f'#stages [data-key="{result.plan.stage}"]')
        names = page.locator(".tile span").all_inner_texts()
        tiles = dict(zip(names, page.locator(".tile b").all_inner_texts(), strict=True))
        card = result.card
        assert tiles["children in 2027-28"] == f"{card['capacity.pupils'].value:,.0f}"
        assert tiles["mean journey"] == f"{card['journeys.mean_s'].value / 60:.1f} min"
        assert tiles["blocks moved"] == f"{card['stability.moved_blocks'].value:.0f}"
        shown_ids = page.locator("#summary [data-measure]").evaluate_all(
            "rows => rows.map(r => r.dataset.measure)"
        )
        assert shown_ids == [m.id for m in card]
    assert "group_" not in page.inner_text("#summary")


@browser
@pytest.mark.parametrize(("width", "height"), [(360, 800), (1280, 900)])
def test_nothing_sticks_out_of_the_page(visit: Visit, atlas: Path, width: int, height: int) -> None:
    """Phone and desk show everything without sideways scrolling."""
    visit.page.set_viewport_size({"width": width, "height": height})
    page = visit.go(atlas, "lang=en")
    for view in ("zones", "use", "journeys", "forecast", "changes"):
        page.click(f'#views [data-key="{view}"]')
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent && b.className !== 'link'"
        " && b.getBoundingClientRect().height < 34).map(b => b.textContent)",
    )
    assert small == []


@browser
def test_the_keyboard_reaches_stages_and_details(visit: Visit, atlas: Path) -> None:
    """Whoever cannot use a mouse can still change the stage and open a school."""
    page = visit.go(atlas, "lang=en&stage=primary")
    page.focus('#stages [aria-selected="true"]')
    page.keyboard.press("ArrowRight")
    assert page.inner_text('#stages [aria-selected="true"]') == "Junior"
    page.focus("#schools .link >> nth=0")
    page.keyboard.press("Enter")
    assert "Capacity" in shown(page)


@browser
def test_hostile_names_are_shown_as_text(visit: Visit, hostile: Made, tmp_path: Path) -> None:
    """A name from a table can never run as code in the office's browser."""
    path = publish_atlas(hostile.district, hostile.results, hostile.demand, folder=tmp_path)
    page = visit.go(path, "lang=zh&stage=primary")
    for block in ("b000000", "b000001", "b000002", "b000003"):
        page.fill("#find", block)
        page.click("#found button >> nth=0")
        wanted = HOSTILE[int(block[-1])].replace("\u2028", " ")
        assert (
            page.evaluate("document.querySelector('#detail h3').firstChild.data").replace("\u2028", " ")
            == wanted
        )
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("img").count() == 0
    assert visit.complaints == []


def test_the_page_has_no_foreign_address_and_no_flag(atlas: Path) -> None:
    """The self-contained page asks no server for anything, can be zoomed, and shows no national flag."""
    text = atlas.read_text(encoding="utf-8")
    tags = re.findall(r"<(?:link|script|img)[^>]*(?:src|href)=[^>]*>", text.split("<noscript>")[0])
    assert tags == []
    assert "default-src 'none'" in text
    assert "user-scalable" not in text
    assert "setPrefix(false)" in text


def test_the_small_page_names_leaflet_with_its_checksum(made: Made, tmp_path: Path) -> None:
    """Where assets may come from the network, the browser refuses any but the checked ones."""
    path = publish_atlas(made.district, made.results, made.demand, folder=tmp_path, self_contained=False)
    text = path.read_text(encoding="utf-8")
    assert (
        len(re.findall(r'leaflet@1\.9\.4/dist/leaflet\.(?:js|css)" integrity="sha256-[^"]{44}"', text)) == 2
    )
    assert len(text) < 200_000


def test_small_counts_are_not_in_the_page(atlas: Path, made: Made) -> None:
    """A handful of children in a block cannot be read from the page, not even from its source."""
    children = data_of(atlas)["stages"][0]["children"]
    values = {value for row in children for value in row}
    assert not values & set(range(1, made.district.policy.hide_below))
    assert -1 in values
    assert min(data_of(atlas)["stages"][0]["block_scale"]["breaks"]) >= made.district.policy.hide_below


def test_the_same_plan_gives_the_same_page(made: Made, atlas: Path, tmp_path: Path) -> None:
    """Two runs can be compared byte by byte."""
    again = publish_atlas(made.district, made.results, made.demand, folder=tmp_path)
    assert again.read_bytes() == atlas.read_bytes()


def test_what_is_missing_is_switched_off(made: Made, tmp_path: Path) -> None:
    """Without forecast, times and zones in force the atlas still shows the plan."""
    from zoning.publish import StageResult

    bare = StageResult(made.primary.plan, made.primary.card)
    content = data_of(publish_atlas(made.district, [bare], None, folder=tmp_path))["stages"][0]
    assert (content["children"], content["minutes"], content["before"], content["proof"]) == (None,) * 4


def test_an_atlas_needs_a_stage(made: Made, tmp_path: Path) -> None:
    """No stage is a user's mistake, answered by a sentence, and nothing is written."""
    with pytest.raises(ZoningError, match="at least one stage"):
        publish_atlas(made.district, [], made.demand, folder=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def at_focus(page: Any, expression: str) -> Any:  # noqa: ANN401 - as above
    """Return something of the element that has the keyboard."""
    return page.evaluate(f"document.activeElement.{expression}")


def tab_to(page: Any, selector: str) -> None:  # noqa: ANN401 - as above
    """Press Tab until the keyboard reaches an element."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if at_focus(page, f"matches('{selector}')"):
            return
    pytest.fail(f"no way to {selector} with Tab alone")


@browser
def test_everything_works_from_the_keyboard(visit: Visit, atlas: Path) -> None:
    """Stages, layers, years, search and details need no mouse, and the focus can be seen and is not lost."""
    page = visit.go(atlas, "lang=en&stage=primary&view=zones")
    stages = page.locator("#stages button").all_inner_texts()
    tab_to(page, "#stages [aria-selected=true]")
    assert at_focus(page, "dataset.key") == "primary"
    page.keyboard.press("End")
    assert at_focus(page, "innerText") == stages[-1]
    assert page.locator("#stages [aria-selected=true]").inner_text() == stages[-1]
    page.keyboard.press("ArrowRight")
    assert at_focus(page, "innerText") == stages[0]
    tab_to(page, "#views [data-key=forecast]")
    page.keyboard.press("Enter")
    assert at_focus(page, "dataset.key") == "forecast"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab_to(page, "#year")
    year = page.inner_text("#year-shown")
    page.keyboard.press("ArrowRight" if page.input_value("#year") == "0" else "ArrowLeft")
    assert page.inner_text("#year-shown") != year
    tab_to(page, "#find")
    page.keyboard.type("school")
    page.keyboard.press("ArrowDown")
    name = at_focus(page, "querySelector('span').innerText")
    page.keyboard.press("Enter")
    assert page.locator("#detail h3").inner_text() == name


@browser
def test_what_is_tapped_is_large_enough_for_a_finger(visit: Visit, atlas: Path) -> None:
    """Every control is at least 44 pixels high on a telephone, and the page never scrolls sideways."""
    visit.page.set_viewport_size({"width": 360, "height": 800})
    for lang in ("zh", "en"):
        page = visit.go(atlas, f"lang={lang}&stage=primary&view=forecast")
        page.fill("#find", "1")
        heights = page.evaluate(
            "[...document.querySelectorAll('button, input, .leaflet-bar a')]"
            ".filter((node) => node.offsetParent)"
            ".map((node) => [node.outerHTML.slice(0, 80), node.offsetHeight])"
        )
        assert len(heights) > 20
        assert [row for row in heights if row[1] < 44] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360


@browser
def test_the_whole_place_stays_in_sight_until_the_map_is_moved(visit: Visit, atlas: Path) -> None:
    """Turning a telephone never cuts the county off, and never undoes a reader's zoom."""
    page = visit.go(atlas, "lang=en&stage=primary&view=zones")
    scale = page.locator(".leaflet-control-scale-line")
    page.set_viewport_size({"width": 1000, "height": 420})
    page.wait_for_timeout(200)
    small = scale.bounding_box()["width"], scale.inner_text()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(200)
    large = scale.bounding_box()["width"], scale.inner_text()
    assert small != large
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(500)
    chosen = scale.bounding_box()["width"], scale.inner_text()
    page.set_viewport_size({"width": 1280, "height": 700})
    page.wait_for_timeout(200)
    assert (scale.bounding_box()["width"], scale.inner_text()) == chosen


@browser
def test_whose_data_it_is_stands_on_the_map(visit: Visit, atlas: Path) -> None:
    """The licence of a street map is kept: its attribution is on the map, as text, with the data's date."""
    page = visit.go(atlas)
    assert "© the square's <surveyors>" in page.inner_text(".leaflet-control-attribution")
    assert "2026-08-31" in page.inner_text("#about")


@pytest.fixture(scope="module")
def proved(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas whose proposal says what binds and why a block has its school."""
    result = made.primary
    assert result.proposal is not None
    proposal = replace(
        result.proposal,
        certificate=Certificate(
            (("capacity", "s0", 900.0), ("capacity:2028", "s2", 30.0), ("intake", "s2", -1200.0))
        ),
        reasons={
            "b000005": Reason("capacity", "s1", 150.0, Text("School 2 is full.", "第2学校学位已满。")),
            "b000000": Reason("nearest", "s0", 0.0, Text("It is the nearest.", "就近划入。")),
        },
    )
    folder = tmp_path_factory.mktemp("proved")
    return publish_atlas(made.district, [replace(result, proposal=proposal)], made.demand, folder=folder)


@browser
@pytest.mark.parametrize(
    ("lang", "why", "facts"),
    [
        ("en", "School 2 is full.", {"Nearest school": "School 2", "Longer by": "2.5 min"}),
        ("zh", "第2学校学位已满。", {"最近的学校": "第2学校", "多用": "2.5 分钟"}),
    ],
)  # fmt: skip
def test_a_block_says_why_it_has_its_school(
    visit: Visit, proved: Path, lang: str, why: str, facts: dict[str, str]
) -> None:
    """A parent who asks "why not the nearer school" gets the reason and the minutes that it costs."""
    page = visit.go(proved, f"lang={lang}&stage=primary")
    page.fill("#find", "b000005")
    page.click("#found button >> nth=0")
    assert page.inner_text("#detail .why") == why
    assert facts.items() <= shown(page).items()
    page.fill("#find", "b000000")
    page.click("#found button >> nth=0")
    assert page.locator("#detail .why").count() == 1
    assert not set(facts) & set(shown(page))
    page.fill("#find", "b000001")
    page.click("#found button >> nth=0")
    assert page.locator("#detail .why").count() == 0
    assert visit.complaints == []


@browser
def test_what_binds_is_told_with_its_price(visit: Visit, proved: Path) -> None:
    """The dearest limit stands first, with its school, its rule and the minutes that one unit would save."""
    page = visit.go(proved, "lang=en&stage=primary")
    rows = [row.split("\n") for row in page.locator(".binds tbody tr").all_inner_texts()]
    assert [" ".join(row).replace("\t", " ").split() for row in rows] == [
        ["School", "3", "intake,", "at", "least", "20.0", "min"],
        ["School", "1", "seats", "15.0", "min"],
        ["School", "3", "seats", "in", "2028-29", "0.5", "min"],
    ]
    assert "one more seat: 15.0 min a day" in page.inner_text("#schools")
    page.click("#schools .link >> text=School 1")
    assert shown(page)["Price of one seat more"] == "15.0 min a day"
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
