"""The verifier page as a parent meets it: verdict first, own child, languages, phone, keyboard, paper."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.lottery.cases import sid, small_seats, small_split
from tests.lottery.vectors import lowtech, small_draws
from tests.publish.draw_browser import WORDS, Files, checked, choose, drawn, edited, said
from tests.publish.test_forecast_page import CONTRAST
from tests.publish.visits import Visit

from zoning.errors import ZoningError
from zoning.lottery import Program, Revealed
from zoning.lottery.records import wall_code
from zoning.publish import assets
from zoning.publish.draw_verifier import verifier_digest, verifier_page

pytestmark = pytest.mark.browser

BALLS = (Revealed("417"),)


def class_of(files: Files, child: str) -> str:
    """Return the class of a child."""
    return str({row["id"]: row["to"] for row in json.loads(files["transcript"])["result"]}[child])


def carry(visit: Visit, folder: Path, files: Files) -> None:
    """Open a page that carries its files, and wait for the verdict that comes by itself."""
    path = folder / "draw.html"
    path.write_text(verifier_page(files), encoding="utf-8")
    visit.go(path, "lang=en")
    visit.page.wait_for_selector("html[data-checked]")


@pytest.fixture
def carried(phone: Visit, tmp_path: Path) -> Visit:
    """A draw's own page on a telephone."""
    carry(phone, tmp_path, drawn(small_split().public))
    phone.requests.pop()
    return phone


def asked_for(visit: Visit, **typed: str) -> str:
    """Type what a receipt says, ask for the child, and return the answer."""
    page = visit.page
    page.evaluate("() => { document.getElementById('record-part').open = true; }")
    for field, value in typed.items():
        page.fill(f"#{field}", value)
    page.click("#check-own")
    page.wait_for_selector("#child h2")
    return str(page.inner_text("#child"))


def test_a_parent_sees_the_own_childs_draw(phone: Visit) -> None:
    """With record and receipt code the page shows class, twin and exchange, and what was proved."""
    made = small_split()
    twin = sid(1)
    record = next(text for r in made.records if twin in (text := r.octets().decode()))
    files = drawn(made.public)
    found = checked(
        phone, files, promise=made.public.manifest.commitment.hex(" ", 2).upper(),
        record=record, receipt=made.secrets[twin],
    )  # fmt: skip
    for part in (
        "all 8 results agree", f"Class {class_of(files, twin)}.", f"with {sid(2)}",
        "exactly this record took part", "70931 84620 55771 92034", "Compare every digit",
        "drand round 1000 is genuine", "the one that you entered from before the draw",
        "SHA-256 and HMAC agree", "One thing only you can compare",
    ):  # fmt: skip
        assert part in found, part


SLIPS: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({"sid": ""}, "A registration number has 26"),
    "a word": ({"sid": "hello"}, "A registration number has 26"),
    "a stranger": ({"sid": sid(999)}, "is not on the list of this draw"),
    "a short code": ({"sid": sid(1), "receipt": "7"}, "The receipt code must have 26"),
    "half a record": ({"record": '{"sid":'}, "not a whole registration record"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_of_the_hand_is_no_verdict_on_the_draw(carried: Visit, name: str) -> None:
    """What a parent mistypes is asked for again, and the draw's verdict stays."""
    typed, sentence = SLIPS[name]
    found = asked_for(carried, **typed)
    assert sentence in found
    assert found.startswith("?\nPlease look again")
    assert "The draw checks out" in carried.page.inner_text("#verdict")


def test_another_record_than_the_one_that_took_part_is_refused(carried: Visit) -> None:
    """A record changed by one character, or of another child, is not called the child's own."""
    made = small_split()
    record = next(text for r in made.records if sid(1) in (text := r.octets().decode()))
    code = made.secrets[sid(1)]
    found = asked_for(carried, record=record.replace("乙二", "别人"), receipt=code)
    assert "Your record is not the one that took part" in found
    assert "do not give the digest" in found
    assert "is not that of the record" in asked_for(carried, sid=sid(2), record=record, receipt=code)
    assert "exactly this record took part" in asked_for(carried, sid="", record=record, receipt=code)


def test_a_receipt_leads_to_the_wall_list(carried: Visit) -> None:
    """With number and code, however written, the parent gets the class and the code of the wall list."""
    files, code = drawn(small_split().public), small_split().secrets[sid(1)]
    for number, receipt in (
        (sid(1), code),
        (f" {sid(1).lower()} ", "-".join((code[:13], code[13:])).replace("0", "o").replace("1", "l")),
    ):
        found = asked_for(carried, sid=number, receipt=receipt)
        assert f"Class {class_of(files, sid(1))}." in found
        assert f"on the wall list: {wall_code(code)}" in found
        assert "private record was not checked" in found
    assert "Wall code" not in asked_for(carried, receipt="")


def test_wall_codes_are_the_packages(phone: Visit) -> None:
    """The code beside a masked name is the same from the office's program and from the page."""
    codes = [sid(n) for n in range(500)] + ["0" * 26, "7" + "Z" * 25]
    found = phone.page.evaluate("(codes) => codes.map((code) => drawFiles.wallCode(code))", codes)
    assert found == [wall_code(code) for code in codes]


def test_a_page_with_files_inside_speaks_by_itself(carried: Visit) -> None:
    """A parent who opens draw.html on a phone reads the verdict first, without pressing anything."""
    page = carried.page
    assert page.get_attribute("html", "data-checked") == "1"
    top, form = page.locator("#verdict").bounding_box(), page.locator("#form").bounding_box()
    assert top["y"] + top["height"] <= form["y"]
    assert top["y"] + 80 < 740
    assert not page.is_visible("#files")
    assert not page.is_visible("#check")
    assert "all 8 results agree" in page.inner_text("#verdict")
    asked_for(carried, sid=sid(1))
    assert page.evaluate("document.activeElement.id") == "child"
    page.fill("#promise", "00")
    assert "The draw checks out" in page.inner_text("#verdict")
    page.click("#check-promise")
    page.wait_for_selector("#verdict .asked")
    assert "what you entered has 2" in page.inner_text("#verdict")
    page.fill("#promise", "ab" * 32)
    page.click("#check-promise")
    page.wait_for_selector("#verdict .refused")
    assert page.evaluate("document.activeElement.id") == "verdict"
    assert page.inner_text("#child") == ""


def test_other_files_may_be_chosen_on_a_page_with_files(carried: Visit) -> None:
    """The page with files inside is a whole verifier: other files put its own aside."""
    page = carried.page
    page.click("#others summary")
    files = drawn(small_seats().public)
    choose(carried, files)
    page.wait_for_function("() => document.querySelector('#verdict').innerText === ''")
    page.click("#check")
    page.wait_for_function("() => document.documentElement.dataset.checked === '2'")
    assert "all 6 results agree" in page.inner_text("#verdict")
    seats = {one["id"]: one["to"] for one in json.loads(files["transcript"])["result"]}
    placed = next(child for child, school in seats.items() if school == "P2")
    waits = next(child for child, school in seats.items() if not school)
    page.fill("#sid", placed)
    page.press("#sid", "Enter")
    page.wait_for_selector("#child .good")
    assert "Seat at P2." in page.inner_text("#child")
    page.fill("#sid", waits)
    page.press("#sid", "Enter")
    page.wait_for_selector("#child :text('waiting list')")
    assert waits[-8:] in page.inner_text("#child ul")


def test_a_draw_that_follows_another_names_it(phone: Visit) -> None:
    """Late batches and head teachers name the draw that they follow, and the page took it on trust."""
    for kind, committed in small_draws():
        if kind == "inspect":
            continue
        found = checked(phone, drawn(committed))
        assert WORDS["open_no_previous"]["en"] in found
        manifest = replace(committed.manifest, previous="ab" * 32)
        found = checked(phone, drawn(replace(committed, manifest=manifest)))
        assert WORDS[f"open_previous_{kind}"]["en"] in found
        assert " ".join(["ABAB"] * 16) in found


def test_both_digests_of_the_program_are_shown(phone: Visit) -> None:
    """Program and page are named by their digests, or it is said that they are missing."""
    found = checked(phone, drawn(small_split().public))
    assert WORDS["open_program"]["en"] in found
    assert " ".join(["0000"] * 16) in found
    assert " ".join(["1111"] * 16) in found
    found = checked(phone, drawn(small_split(program=Program()).public))
    assert WORDS["open_no_program"]["en"] in found
    assert WORDS["open_no_page"]["en"] in found


def test_a_rehearsal_is_called_void(phone: Visit) -> None:
    """Nobody takes a rehearsal for a draw, and a missing promise is named."""
    found = checked(phone, drawn(small_split(mode="rehearsal").public), sid=sid(1))
    page = phone.page
    assert page.inner_text("#verdict").startswith("!\nRehearsal: void")
    assert page.is_visible("#rehearsal")
    assert page.locator(".good").count() == 0
    assert WORDS["own_void"]["en"] in page.inner_text("#child")
    assert WORDS["open_promise"]["en"] in found
    page.mouse.wheel(0, 3000)
    assert page.locator("#rehearsal").bounding_box()["y"] == 0
    checked(phone, drawn(small_split().public))
    assert not page.is_visible("#rehearsal")


def test_both_languages_small_screen_contrast_and_paper(phone: Visit) -> None:
    """Chinese and English say the same things, nothing is wider than 360 px, and every text can be read."""
    checked(phone, drawn(small_split().public), sid=sid(1))
    page = phone.page
    page.click("#record-part summary")
    for lang in ("en", "zh"):
        assert page.get_attribute("html", "lang").startswith(lang)
        seen = page.inner_text("body")
        assert WORDS["open_dice"][lang] in seen
        assert WORDS["open_dice"]["zh" if lang == "en" else "en"] not in seen
        assert page.title() == WORDS["title"][lang]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate(CONTRAST) == []
        page.click("#lang")
    page.click("#lang")
    page.emulate_media(media="print")
    assert not page.is_visible("#sid")
    assert not page.is_visible("#check")
    assert page.is_visible("#verdict .good")
    assert page.is_visible("#child .good")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", ["draw", "rehearsal", "lowtech", "bad", "teacher"])
def test_a_page_with_files_is_legible(chromium: Any, tmp_path: Path, kind: str, width: int) -> None:  # noqa: ANN401
    """Whatever the verdict, on phone and desk: no overflow, enough contrast, large targets."""
    draw = drawn(small_split().public)
    files = {
        "draw": draw,
        "rehearsal": drawn(small_split(mode="rehearsal").public),
        "lowtech": drawn(lowtech(), BALLS),
        "bad": edited("transcript", lambda v: v["result"][0].update(to="2"))(draw),
        "teacher": drawn(dict(small_draws())["teacher"]),
    }[kind]
    visit = Visit(chromium.new_page(viewport={"width": width, "height": 740}))
    carry(visit, tmp_path, files)
    page = visit.page
    if page.is_visible("#sid"):
        page.fill("#sid", sid(1))
        page.click("#check-own")
        page.wait_for_selector("#child h2")
    for _ in ("en", "zh"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate(SMALL) == []
        page.click("#lang")
    page.close()


SMALL = """() => [...document.querySelectorAll("button,summary,input,textarea")]
  .filter((node) => node.getClientRects().length)
  .filter((node) => node.getBoundingClientRect().height < 44 || node.getBoundingClientRect().width < 44)
  .map((node) => node.id || node.tagName)"""
"""What is too small for a finger: below 44 px."""


def test_the_keyboard_goes_the_way_of_the_eye(carried: Visit) -> None:
    """Tab visits what is to be used from top to bottom, and shows where it is."""
    page = carried.page
    seen, heights = [], []
    for _ in range(9):
        page.keyboard.press("Tab")
        at, height, style = page.evaluate(
            """() => {
              const node = document.activeElement;
              const top = node.getBoundingClientRect().top + scrollY;
              return [node.id || node.tagName, top, getComputedStyle(node).outlineStyle];
            }"""
        )
        seen.append(at)
        heights.append(height)
        assert style == "solid", at
    assert seen[:7] == ["lang", "sid", "receipt", "SUMMARY", "check-own", "promise", "check-promise"]
    assert heights == sorted(heights)


def test_keyboard_and_labels(phone: Visit) -> None:
    """Every field has a label, headings do not skip a level, and the check runs by keyboard alone."""
    page = phone.page
    unnamed = "[...document.querySelectorAll('input,textarea')].filter((f) => !f.labels.length).length"
    assert page.evaluate(unnamed) == 0
    checked(phone, drawn(small_split().public))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.evaluate("document.activeElement.id") == "verdict"
    assert page.get_attribute("#verdict", "aria-live") == "polite"
    page.fill("#promise", "00" * 32)
    page.focus("#check")
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict .refused")


def test_a_verdict_goes_when_files_or_words_change(phone: Visit) -> None:
    """No old verdict stands beside new files."""
    files = drawn(small_split().public)
    assert "all 8 results agree" in checked(phone, files)
    phone.page.fill("#promise", "0")
    assert said(phone) == ""
    assert "all 8 results agree" in checked(phone, files, promise="")
    one = {"name": "x.json", "mimeType": "application/json", "buffer": drawn(small_seats().public)["roster"]}
    phone.page.set_input_files("#files", [one])
    phone.page.wait_for_function("() => document.getElementById('verdict').textContent === ''")
    assert said(phone) == ""
    assert checked(phone, {}).startswith("✗\nThis draw does not check out")


def test_it_runs_without_the_browsers_cryptography(phone: Visit) -> None:
    """Where file:// is no secure context the page's own digests do, and it says so."""
    phone.page.evaluate("Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })")
    assert WORDS["proved_hash_once"]["en"] in checked(phone, drawn(small_split().public))


def test_hostile_names_stay_text(phone: Visit, tmp_path: Path) -> None:
    """Names that try to break out of a page with files inside stay text."""
    hostile = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>{script}"
    carry(phone, tmp_path, drawn(small_split(school=hostile, draw=hostile, purpose=hostile).public))
    assert hostile in phone.page.inner_text("#verdict")
    assert phone.page.evaluate("window.hacked") is None
    phone.requests.pop()


def test_no_private_file_goes_inside() -> None:
    """A page for the public carries public files only, and the same page always has the same digest."""
    with pytest.raises(ZoningError, match="records is none of them"):
        verifier_page({"records": b""})
    assert verifier_digest() == verifier_digest()
    assert "Content-Security-Policy" in verifier_page()


def test_every_sentence_is_used_and_in_both_languages() -> None:
    """No visitor reads the name of a sentence, no sentence lies unused, and placeholders agree."""
    scripts = ("hash", "files", "sources", "engine", "check", "splits", "page", "report", "verifier")
    names = ["verifier.html", *(f"{name}.js" for name in scripts)]
    text = "\n".join(assets.own_file(f"draw/{name}") for name in names)
    quoted = set(re.findall(r'"(\w+)"', text)) | set(re.findall(r"\{\w\w?:(\w+)\}", text))
    made_up = ("proved_", "source_", "to_", "own_to_", "own_swap_", "part_", "open_previous_", "passed_")
    assert {word for word in WORDS if not word.startswith(made_up)} <= quoted
    refusals = set(re.findall(r'need\([^;]*?"(\w+)"[,)]', text)) | set(re.findall(r'Refusal\("(\w+)"', text))
    assert {word for word in refusals if "_" in word} - set(WORDS) == set()
    for word, sentence in WORDS.items():
        assert set(sentence) == {"en", "zh"}, word
        assert set(re.findall(r"{\w+}", sentence["en"])) == set(re.findall(r"{\w+}", sentence["zh"])), word
