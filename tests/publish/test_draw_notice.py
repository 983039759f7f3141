"""The notice pack of a draw: what is printed before it and after it, and what must never be on a wall."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.lottery.cases import DRAND, SEED, TERMS, child, sid
from tests.lottery.vectors import lowtech, small_draws

import zoning
from zoning import messages
from zoning.errors import DrawError, Language
from zoning.lottery import Dice, Drand, Lottery, Manifest, Tickets, Transcript, draw_seats, replay_draw
from zoning.lottery.bundle import Bundle
from zoning.lottery.making import make_bundle
from zoning.lottery.records import wall_code
from zoning.lottery.rehearsal import RECORDED, VOID, rehearsed
from zoning.lottery.terms import Terms
from zoning.publish import draw_notice
from zoning.publish.ceremony import receipts
from zoning.publish.draw_checklist import checklist_data
from zoning.publish.draw_notice import commitment_notice, procedure_data, result_notice
from zoning.publish.draw_procedure import procedure_text
from zoning.publish.draw_wall import LEAST_NAMED, wait_lists, wall_data
from zoning.publish.draw_words import local_date, local_time
from zoning.publish.masking import masked_name
from zoning.publish.typeset import printable, typeset
from zoning.roster import Applicant, Roster

ROOT = Path(__file__).parents[2]
SAMPLE = zoning.read_roster(ROOT / "data" / "geo" / "sample" / "roster.csv")
LANGS: tuple[Language, ...] = ("zh", "en")
SPLIT = replace(TERMS, classes=12, levels=("gender", "need"))
SEATS = replace(
    TERMS,
    kind="seat",
    classes=0,
    levels=(),
    attempts=0,
    seats=tuple((f"P00{at}", 20 + 5 * at) for at in range(1, 8)),
)
NOON = 1787623200
LADDER = (
    (Dice(32, NOON),),
    (
        Drand(DRAND.chain, DRAND.public_key, DRAND.genesis, 3, 31606812),
        Lottery("双色球", "2026099", ((6, 33), (1, 16)), NOON + 172_800),
    ),
)
Drawn = tuple[Bundle, Transcript]


@cache
def split() -> Drawn:
    """Return the sample roster in twelve classes."""
    bundle = make_bundle(SAMPLE, Terms(SPLIT))
    return bundle, replay_draw(bundle.public, SEED)


@cache
def seats() -> Drawn:
    """Return the sample roster's draw of seats."""
    bundle = make_bundle(SAMPLE, Terms(SEATS))
    return bundle, replay_draw(bundle.public, SEED)


@cache
def rehearsal() -> Drawn:
    """Return a rehearsal of the sample roster's draw of seats."""
    bundle = make_bundle(SAMPLE, Terms(rehearsed(SEATS)))
    return bundle, replay_draw(bundle.public, RECORDED)


def walls(drawn: Drawn) -> dict[str, Any]:
    """Return what the lists on the wall are filled with."""
    return wall_data(*drawn, wait_lists(*drawn))


def pages_of(pdf: bytes) -> int:
    """Return how many pages a document has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def manifests() -> dict[str, Manifest]:
    """Return terms of every kind and mode."""
    found = {name: public.manifest for name, public in small_draws()}
    return found | {
        "split": split()[0].public.manifest,
        "seat": seats()[0].public.manifest,
        "rehearsal": rehearsal()[0].public.manifest,
        "lowtech": lowtech().manifest,
        "ladder": replace(split()[0].public.manifest, sources=LADDER),
    }


def table(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV that begins with the mark of UTF-8."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@given(st.text(st.sampled_from("张三李四欧阳娜𠮷 ·AbzÀ-ж"), max_size=9))
def test_a_masked_name_shows_its_ends_at_most(name: str) -> None:
    """No letter between the ends is ever shown, never the whole name, and the length stays."""
    masked = masked_name(name)
    assert len(masked) == len(name)
    letters = [at for at, sign in enumerate(name) if sign not in " ·-"]
    shown = [at for at in letters if masked[at] != "*"]
    assert all(masked[at] == name[at] for at in shown)
    assert len(shown) <= 2
    assert len(shown) < max(len(letters), 1)
    assert not letters or set(shown) <= {letters[0], letters[-1]} | {
        at for at in letters[1:] if name[at - 1] in " ·-"
    }
    if any(unicodedata.name(sign).startswith("CJK") for sign in name):
        assert set(shown) <= {letters[0], letters[-1]}


def test_names_are_masked_as_families_know_them() -> None:
    """Short, compound, dotted, Latin and missing names look as a parent expects."""
    names = ("张小三", "张三", "欧阳小三", "阿·买买提", "张 三", "李", "A B", "Anna Maria Smith", "", " ")
    masked = ["张*三", "张*", "欧**三", "阿·**提", "张 *", "*", "A *", "A*** ***** S****", "", " "]
    assert [masked_name(name) for name in names] == masked


@pytest.mark.parametrize("drawn", [split, seats], ids=lambda drawn: drawn.__name__)
def test_nothing_private_is_on_the_wall(drawn: Any) -> None:  # noqa: ANN401
    """Nobody reads a child's name, birth date, home, kindergarten or registration number off a wall."""
    text = json.dumps(walls(drawn()), ensure_ascii=False)
    for one in drawn()[0].children:
        record = one["record"]
        private = [record[key] for key in ("name", "birth_date", "address", "kindergarten", "sid")]
        assert [value for value in (*private, one["code"]) if value and value in text] == []


def test_every_child_of_a_split_is_on_one_sheet() -> None:
    """A family finds its child once, under its class, by a code that nobody else has."""
    bundle, transcript = split()
    home = dict(transcript.result)
    wanted = {
        (f"{home[one['record']['sid']]} 班", masked_name(one["record"]["name"]), wall_code(one["code"]))
        for one in bundle.children
    }
    pages = walls(split())["pages"]
    found = [(page["title"][0], *row) for page in pages for row in page["rows"]]
    assert len(found) == len(SAMPLE)
    assert set(found) == wanted
    assert len({code for _, _, code in found}) == len(SAMPLE)


@pytest.mark.parametrize("drawn", [split, seats], ids=lambda drawn: drawn.__name__)
def test_names_stand_in_the_order_of_their_codes(drawn: Any) -> None:  # noqa: ANN401
    """The order of a list of names tells nothing: neither a registration number nor a rank."""
    for page in walls(drawn())["pages"]:
        if page["kind"] == "children":
            codes = [code for _, code in page["rows"]]
            assert codes == sorted(codes)
            assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4})*", "".join(codes))


def test_waiting_lists_lead_to_no_name() -> None:
    """Everybody can compute who waits at which place, so a place never stands beside a name or its code."""
    bundle, transcript = seats()
    drawn = draw_seats(bundle.public.roster, SEATS.seats, Tickets(bytes.fromhex(transcript.key)))
    pages = walls(seats())["pages"]
    shown = {school: [] for school, _ in SEATS.seats}
    for page in pages:
        if page["kind"] == "waiting":
            shown[page["title"][0].split()[0]] += page["rows"]
    assert shown == {
        school: [[str(at), one[-8:]] for at, one in enumerate(line, start=1)]
        for school, line in drawn.waiting.items()
    }
    codes = {wall_code(one["code"]) for one in bundle.children}
    lines = table(result_notice(bundle, transcript)["waiting.csv"])[1:]
    assert sum(map(len, drawn.waiting.values())) == len(lines) > 500
    assert codes.isdisjoint(cell for line in lines for cell in line)
    assert lines[0] == ["P001", "1", drawn.waiting["P001"][0]]


def test_admitted_children_are_those_of_the_transcript() -> None:
    """Every child with a seat is on its school's list, and nobody without one is on any."""
    bundle, transcript = seats()
    code = {one["record"]["sid"]: wall_code(one["code"]) for one in bundle.children}
    wanted = {(school, code[one]) for one, school in transcript.result if school}
    pages = [page for page in walls(seats())["pages"] if page["kind"] == "children"]
    found = [(page["title"][0].split()[0], row[1]) for page in pages for row in page["rows"]]
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_a_short_list_shows_no_names() -> None:
    """Where a class got one late child, its masked name would lead straight to its number."""
    public = dict(small_draws())["late"]
    records = [{"sid": sid(n), "name": "甲乙丙"} for n in (20, 21, 22)]
    children = tuple({"code": sid(50 + at), "number": "", "record": one} for at, one in enumerate(records))
    drawn = (Bundle(public, children), replay_draw(public, SEED))
    pages = walls(drawn)["pages"]
    assert [len(page["rows"]) for page in pages] == [1, 2]
    assert {name for page in pages for name, _ in page["rows"]} == {"–"}
    assert f"不足 {LEAST_NAMED} 人" in pages[0]["note"][0]
    assert "甲" not in json.dumps(pages, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["teacher", "inspect"])
def test_lists_without_children_show_who_was_drawn(kind: str) -> None:
    """Head teachers and schools stand with class or turn, in that order, as the transcript has them."""
    public = dict(small_draws())[kind]
    bundle, transcript = Bundle(public, ()), replay_draw(public, SEED)
    page, *more = walls((bundle, transcript))["pages"]
    assert not more
    assert page["rows"] == [[to, item] for item, to in sorted(transcript.result, key=lambda row: row[1])]
    files = result_notice(bundle, transcript)
    assert sorted(files) == ["results.csv", "wall.pdf"]
    assert table(files["results.csv"])[1:] == [list(row) for row in transcript.result]


def test_results_hold_what_the_transcript_holds() -> None:
    """The table of results adds nothing to the transcript, not even by its order."""
    for bundle, transcript in (split(), seats()):
        lines = table(result_notice(bundle, transcript)["results.csv"])
        assert lines[1:] == [list(row) for row in transcript.result]
        assert lines[0][0] == "登记号 Registration number"


@pytest.mark.parametrize("mode", ["draw", "rehearsal"])
def test_a_class_of_sixty_fits_one_page(mode: str) -> None:
    """Sixty children with long names, or a waiting list of 120, take one sheet of A4; one more takes two."""
    names = ("阿卜杜热合曼·阿卜杜热西提", "Wolfeschlegelsteinhausen Bergerdorff", "欧阳小三", "𠮷𠮷𠮷")
    roster = Roster(tuple(Applicant(sid(n), names[n % 4], "F") for n in range(61)))
    long = replace(TERMS, draw="二〇二六年秋季学期一年级新生随机均衡编班（含补录）", levels=(), classes=1)
    terms = rehearsed(long) if mode == "rehearsal" else long
    bundle = make_bundle(roster, Terms(terms))
    pages = walls((bundle, replay_draw(bundle.public, SEED)))
    assert [len(page["rows"]) for page in pages["pages"]] == [60, 1]
    assert pages["pages"][0]["part"] == ["第 1 张，共 2 张", "sheet 1 of 2"]
    assert pages_of(typeset("wall", pages, lang="zh")) == 2
    waiting = {"kind": "waiting", "rows": [[str(1000 + n), "WWWWWWWW"] for n in range(120)]}
    assert pages_of(typeset("wall", pages | {"pages": [pages["pages"][0] | waiting]}, lang="zh")) == 1


def test_every_page_of_the_seats_is_one_sheet() -> None:
    """No list runs over its sheet and pushes another one off its page."""
    for drawn in (seats(), rehearsal()):
        assert pages_of(result_notice(*drawn)["wall.pdf"]) == len(walls(drawn)["pages"])


def test_many_sheets_make_several_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A city's lists do not need the memory of all pages at once."""
    monkeypatch.setattr(draw_notice, "_SHEETS", 5)
    files = result_notice(*split())
    assert [name for name in files if name.startswith("wall")] == [
        "wall-01.pdf",
        "wall-02.pdf",
        "wall-03.pdf",
    ]
    assert [pages_of(files[f"wall-0{at}.pdf"]) for at in (1, 2, 3)] == [5, 5, 2]


def test_another_draw_is_not_posted() -> None:
    """Lists are never made from a transcript of another commitment, or one whose seats do not follow."""
    bundle, transcript = seats()
    with pytest.raises(DrawError, match="differs from the published commitment"):
        result_notice(bundle, split()[1])
    swapped = ((transcript.result[0][0], "P001" if transcript.result[0][1] != "P001" else "P002"),)
    with pytest.raises(DrawError, match="result differs"):
        result_notice(bundle, replace(transcript, result=swapped + transcript.result[1:]))


def test_receipts_show_the_wall_code() -> None:
    """A family reads on its receipt what it looks for on the wall."""
    bundle, _ = split()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(receipts(bundle))).get_sheet_by_index(0).to_python()
    assert rows[1][4] == "公示码 Wall code"
    assert [row[3:5] for row in rows[2:]] == [[o["code"], wall_code(o["code"])] for o in bundle.children]


@pytest.mark.parametrize("name", list(manifests()))
def test_the_numbers_of_the_procedure_are_the_manifests(name: str) -> None:
    """What parents read is what was promised: counts, times, rounds, digests and rules, in both languages."""
    manifest = manifests()[name]
    wanted = [manifest.draw, manifest.place, manifest.school, manifest.contact, manifest.rules.void]
    wanted += [
        manifest.program.verifier,
        manifest.program.digest,
        manifest.commitment.hex(" ", 2),
        *manifest.items,
    ]
    wanted += [
        str(n)
        for n in (manifest.n, manifest.classes, manifest.choose, sum(dict(manifest.seats).values()))
        if n
    ]
    for source in (rung.as_json() for ladder in manifest.sources for rung in ladder):
        wanted += [str(source[key]) for key in ("count", "round", "issue", "name") if key in source]
    for lang in LANGS:
        text = procedure_text(manifest, lang)
        assert [word for word in wanted if word and word not in text] == []
        times = [manifest.published, *(rung.at for ladder in manifest.sources for rung in ladder)]
        assert [at for at in times if local_time(at).of(lang) not in text] == []
        parts = [part for section in procedure_data(manifest, lang)["sections"] for part in section["parts"]]
        assert [part["text"] for part in parts if part["text"] not in text] == []
    facts = {
        "学生人数": f"{manifest.n:,}",
        "班级数": f"{manifest.classes}",
        "学位数": f"{sum(seats for _, seats in manifest.seats):,}",
        "抽取学校数": f"{manifest.choose}",
        "主办单位": manifest.school,
    }
    lines = procedure_text(manifest, "zh").splitlines()
    assert [key for key, value in facts.items() if (f"{key}：{value}" in lines) != (value != "0")] == []
    attempts = f"至多 {manifest.attempts:,} 次" in "".join(lines)
    assert attempts == bool(manifest.kind == "split" and (manifest.together or manifest.separate))


@pytest.mark.parametrize("name", list(manifests()))
def test_the_pack_of_every_draw_can_be_printed(name: str) -> None:
    """Every kind and mode of a draw has its five files, typeset and tagged."""
    files = commitment_notice(manifests()[name])
    assert sorted(files) == [
        "checklist-en.pdf", "checklist-zh.pdf", "procedure-en.pdf", "procedure-zh.pdf", "procedure.txt",
    ]  # fmt: skip
    assert all(2 <= pages_of(data) <= 5 for file, data in files.items() if file.endswith("pdf"))
    text = files["procedure.txt"].decode()
    assert 0 < text.index("【摇什么】") < text.index("WHAT IS DRAWN")


@pytest.mark.parametrize("name", list(manifests()))
def test_the_checklist_asks_for_what_the_manifest_asks(name: str) -> None:
    """As many boxes as dice or balls, the last time to post them, and every time of the manifest."""
    manifest = manifests()[name]
    first = [ladder[0].as_json() for ladder in manifest.sources]
    for lang in LANGS:
        data = checklist_data(manifest, lang)
        counts = [source["count"] for source in first if source["type"] in ("dice", "balls")]
        assert [box["count"] for box in data["boxes"]] == counts
        text = json.dumps(data, ensure_ascii=False)
        assert [s for s in first if local_time(s["at"]).of(lang) not in text] == []
        assert local_time(manifest.published).of(lang) in text
        assert local_date(max(s["at"] for s in first) + 30 * 86_400).of(lang) in text
        assert data["groups"] == manifest.commitment.hex(" ", 2)
        assert all(row["who"] and row["what"] for phase in data["phases"] for row in phase["rows"])
        if name != "lowtech":
            posted = local_time(min(r.at for rungs in manifest.sources[1:] for r in rungs)).of(lang)
            asked = [row["what"] for phase in data["phases"] for row in phase["rows"] if row["film"]]
            assert any(posted in what and "________" in what for what in asked)


def test_a_rehearsal_is_void_wherever_it_is_printed() -> None:
    """No page, text or table of a rehearsal can pass for a draw, in either language."""
    bundle, transcript = rehearsal()
    manifest = bundle.public.manifest
    for lang in LANGS:
        for data in (procedure_data(manifest, lang), checklist_data(manifest, lang)):
            assert data["void"] == VOID
            assert VOID in data["foot"]
            text = json.dumps(data, ensure_ascii=False)
            assert messages.text("draw_notice.void").of(lang) in text
        assert procedure_text(manifest, lang).count(VOID) >= 2
    wall = walls(rehearsal())
    assert wall["void"] == VOID
    assert wall["void_words"] == [messages.text("draw_notice.void").zh, messages.text("draw_notice.void").en]
    files = result_notice(bundle, transcript)
    for name in ("results.csv", "waiting.csv"):
        assert {row[-1] for row in table(files[name])[1:]} == {VOID}
    real = [procedure_data(split()[0].public.manifest, "en"), walls(split())]
    assert [data["void"] for data in real] == ["", ""]
    assert VOID not in json.dumps(real, ensure_ascii=False)


def test_the_low_tech_mode_says_that_it_is_weaker() -> None:
    """Nobody takes three balls for a full draw: the first thing said is what is weaker."""
    manifest = lowtech().manifest
    assert "weaker than the full one" in procedure_text(manifest, "en").splitlines()[2]
    assert "可信程度低于完整摇号" in procedure_text(manifest, "zh").splitlines()[2]
    for lang in LANGS:
        assert checklist_data(manifest, lang)["top"][0]["parts"][0]["kind"] == "warning"
    assert "splits.csv" in procedure_text(manifest, "en")
    assert "骰" not in procedure_text(manifest, "zh")


def test_stand_ins_are_told_in_order() -> None:
    """Parents know beforehand what counts when the beacon fails, and only then."""
    text = procedure_text(manifests()["ladder"], "en")
    start = text.index("If source 2 fails for good, and only then")
    assert start < text.index("issue 2026099 of the lottery 双色球 (6 numbers of 33 + 1 numbers of 16)")
    assert "No source has a stand-in" not in text
    assert "No source has a stand-in" in procedure_text(manifests()["split"], "en")
    other = replace(DRAND, chain="ab" * 32)
    told = procedure_text(replace(manifests()["split"], sources=((Dice(32, NOON),), (other,))), "en")
    assert "Whoever holds its key could choose the result" in told


def test_lists_of_sentences_have_the_same_lines() -> None:
    """No step, role or filmed line of a checklist exists in one language only."""
    path = Path(messages.__file__).parent / "catalogue" / "draw_notice.toml"
    for code, entry in tomllib.loads(path.read_text("utf-8")).items():
        shapes = [
            [(" | " in line, "| ●" in line) for line in entry[lang].split("\n")] for lang in ("en", "zh")
        ]
        assert shapes[0] == shapes[1], code
        assert code.startswith("do_") == shapes[0][0][0], code


def test_times_are_local_and_say_so() -> None:
    """A time never stands without its offset; the end of the calendar does not break a page."""
    assert local_time(NOON).zh == "2026年8月25日（星期二）10:00（UTC+08:00）"
    assert local_time(253402300799).en == "Friday 31 December 9999, 23:59:59 (UTC)"
    assert local_date(253402300799 + 90 * 86_400).en == "Friday 31 December 9999"


def test_rare_characters_are_marked_not_refused() -> None:
    """A child whose name the font lacks does not stop the whole list from being printed."""
    assert printable("𠮷·ئۇ A\u202f😀") == "〓·〓〓 A 〓".replace("〓〓", printable("ئۇ"))
    roster = Roster(tuple(child(n, name="𠮷小𠮷") for n in range(6)))
    bundle = make_bundle(roster, Terms(replace(TERMS, levels=(), classes=1)))
    assert result_notice(bundle, replay_draw(bundle.public, SEED))["wall.pdf"].startswith(b"%PDF")


def fingerprint() -> str:
    """Return a digest of every file of a small draw with known codes."""
    roster = Roster(tuple(child(n) for n in range(16)))
    bundle = make_bundle(roster, Terms(TERMS), codes={sid(n): sid(100 + n) for n in range(16)})
    files = commitment_notice(bundle.public.manifest)
    files |= result_notice(bundle, replay_draw(bundle.public, SEED))
    return hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files))).hexdigest()


def test_files_are_the_same_everywhere() -> None:
    """Whoever prints the pack again, in another process with other hashes, gets the same bytes."""
    once = fingerprint()
    assert once == fingerprint()
    code = "from tests.publish.test_draw_notice import fingerprint; print(fingerprint())"
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    env = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == once
