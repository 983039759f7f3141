"""The verifier page in a real browser: vectors, random draws, tampered files, two languages, no request."""

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.lottery.cases import (
    DRAND,
    OTHER_ROUND,
    OTHER_SIGNATURE,
    SEED,
    SIGNATURE,
    TERMS,
    child,
    public_files,
    sid,
    small_seats,
    small_split,
)
from tests.lottery.replay import replay
from tests.lottery.vectors import on_page, small_draws
from tests.publish.test_forecast_page import CONTRAST, Visit

import zoning
from zoning.errors import DrawError, ZoningError
from zoning.lottery import (
    Commitment,
    Committed,
    Program,
    Revealed,
    Tickets,
    commit_seats,
    commit_split,
    dummy_secrets,
    run_draw,
)
from zoning.publish import assets
from zoning.publish.draw_verifier import verifier_digest, verifier_page
from zoning.roster import Applicant, Roster

pytestmark = pytest.mark.browser

VERIFY_ALL = """(cases) => cases.map((files) => {
  try {
    const octets = {};
    for (const name of Object.keys(files)) octets[name] = new TextEncoder().encode(files[name]);
    return drawCheck.verify(octets).transcript.root;
  } catch (problem) { return `${problem.word || problem.stack} ${JSON.stringify(problem.facts || {})}`; }
})"""
WORDS = json.loads(assets.own_file("draw/words.json"))
SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample" / "roster.csv"
Files = dict[str, bytes]


def drawn(committed: Committed, seed: tuple[Revealed, ...] = SEED) -> Files:
    """Return the four public files of a draw."""
    files = {part: getattr(committed, part).octets() for part in ("manifest", "roster", "constraints")}
    return {**files, "transcript": run_draw(committed, seed, now=DRAND.at).octets()}


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the files as the browser is given them."""
    return {name: content.decode() for name, content in files.items()}


def root_of(files: Mapping[str, bytes]) -> str:
    """Return the root that Python wrote into the transcript."""
    return str(json.loads(files["transcript"])["root"])


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page without files inside."""
    path = tmp_path_factory.mktemp("verifier") / "verifier.html"
    path.write_text(verifier_page(), encoding="utf-8")
    return path


@pytest.fixture
def phone(chromium: Any, page_file: Path) -> Iterator[Visit]:  # noqa: ANN401 - playwright is optional
    """The page, open from disk on a telephone."""
    visit = Visit(chromium.new_page(viewport={"width": 360, "height": 740}))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.go(page_file, "lang=en")
    yield visit
    assert visit.requests == [page_file.as_uri()]
    assert visit.complaints == []
    visit.page.close()


def checked(phone: Visit, files: Mapping[str, bytes], **typed: str) -> str:
    """Choose files, fill in what a parent types, press the button, and return what the page says."""
    page = phone.page
    given = [
        {"name": f"{name}.json", "mimeType": "application/json", "buffer": content}
        for name, content in files.items()
    ]
    page.set_input_files("#files", given)
    page.wait_for_function(
        "(names) => names.every((name) => [...document.querySelectorAll('.there')]"
        ".some((item) => item.textContent.startsWith(name)))",
        arg=list(files),
    )
    for field, value in typed.items():
        page.fill(f"#{field}", value)
    before = int(page.evaluate("document.documentElement.dataset.checked || 0"))
    page.click("#check")
    page.wait_for_function("(n) => Number(document.documentElement.dataset.checked) > n", arg=before)
    return str(page.inner_text("#result"))


def test_the_worked_vectors_verify(phone: Visit) -> None:
    """The page finds the roots that the specification prints, for every kind of draw."""
    cases = [
        drawn(small_split().public), drawn(small_split(equal=False, capacities=(5, 3)).public),
        drawn(small_seats().public), *(drawn(committed) for _, committed in small_draws()),
    ]  # fmt: skip
    roots = phone.page.evaluate(VERIFY_ALL, [texts(files) for files in cases])
    assert roots == [root_of(files) for files in cases]
    assert all(root in on_page() for root in roots)


def test_bytes_and_tickets_are_those_of_the_page(phone: Visit) -> None:
    """Tickets, whole numbers, the private digest and the rounding are the vectors of the specification."""
    found = phone.page.evaluate(
        """() => {
          const T = drawEngine.ticketsOf(Uint8Array.from({ length: 32 }, (_, i) => i));
          return [T.of("pupil", 1, "A"), T.of("below", "x", 1, 0), String(T.below(6, "x", 1)),
            String(T.below(2n ** 63n + 1n, "x", 1)),
            drawHash.hex(drawFiles.canonical({ sid: "7", name: '甲"\\\\', path: ["L01"], count: -3 }))];
        }"""
    )
    assert all(value in on_page() for value in found)
    assert len(found[0]) == 64


def test_hashes_agree_with_the_browsers_own(phone: Visit) -> None:
    """Plain SHA-256 and HMAC give what WebCrypto gives, for every length around a block."""
    assert phone.page.evaluate(
        """async () => {
          for (let size = 0; size < 200; size++) {
            const data = Uint8Array.from({ length: size }, (_, i) => (i * 7 + size) % 256);
            const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
            if (drawHash.hex(digest) !== drawHash.hex(drawHash.sha256(data))) return size;
            if (!size) continue;
            const kind = { name: "HMAC", hash: "SHA-256" };
            const key = await crypto.subtle.importKey("raw", data, kind, false, ["sign"]);
            const signed = new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
            if (drawHash.hex(signed) !== drawHash.hex(drawHash.hmac(data)(data))) return -size;
          }
          return true;
        }"""
    ) is True  # fmt: skip


def _split(chance: random.Random) -> Commitment:
    count, classes = chance.randint(2, 40), chance.randint(1, 5)
    twins = chance.randint(0, count // 6)
    rows = []
    for n in range(count):
        fields: dict[str, object] = {
            "gender": chance.choice("FM"), "kindergarten": chance.choice(("甲园", "乙园", "")),
            "need": "yes" if chance.random() < 0.1 else "",
        }  # fmt: skip
        if n < 2 * twins:
            fields |= {"twin_group": f"T{n // 2}", "together": chance.random() < 0.8}
        rows.append(child(n, **fields))
    roster = Roster(tuple(rows))
    terms = replace(
        TERMS, classes=classes, attempts=60,
        levels=tuple(chance.sample(("need", "gender", "kindergarten"), chance.randint(0, 3))),
        mode=chance.choice(("draw", "rehearsal")),
    )  # fmt: skip
    if chance.random() < 0.4:
        cuts = sorted(chance.sample(range(1, count), min(classes, count) - 1))
        sizes = [b - a for a, b in zip([0, *cuts], [*cuts, count], strict=True)]
        terms = replace(terms, classes=len(sizes), equal=False, capacities=tuple(sizes))
    free = chance.sample(range(2 * twins, count), min(4, count - 2 * twins) // 2 * 2)
    pairs = [(sid(a), sid(b)) for a, b in zip(free[::2], free[1::2], strict=True)]
    return commit_split(roster, terms, dummy_secrets(roster), separate=pairs if classes > 1 else [])


def _seats(chance: random.Random) -> Commitment:
    rows: list[Applicant] = []
    for n in range(chance.randint(1, 30)):
        order = chance.sample(("P1", "P2", "P3"), chance.randint(0, 3))
        twins = f"T{n}" if chance.random() < 0.2 else ""
        fields = {"choices": tuple(order), "tier": chance.randint(1, 2), "twin_group": twins}
        rows.extend(child(n + 100 * extra, **fields) for extra in range(2 if twins else 1))
    roster = Roster(tuple(rows))
    seats = tuple((name, chance.randint(0, 6)) for name in ("P1", "P2", "P3"))
    terms = replace(TERMS, kind="seat", attempts=0, classes=0, levels=(), seats=seats)
    return commit_seats(roster, terms, dummy_secrets(roster))


def _random_draws(count: int) -> Iterator[Files]:
    chance = random.Random(20270901)  # noqa: S311 - the same rosters every time
    while count:
        try:
            made = _seats(chance) if chance.random() < 0.2 else _split(chance)
            dice = "".join(chance.choices("0123456789", k=20))
            files = drawn(made.public, (Revealed(dice), Revealed(SIGNATURE)))
        except DrawError:
            continue  # rules that no split keeps
        count -= 1
        yield files


def test_a_thousand_random_draws_give_the_same_roots(phone: Visit) -> None:
    """Browser and Python find the same bytes for 1,000 random rosters with every kind of wish."""
    cases = list(_random_draws(1000))
    roots = phone.page.evaluate(VERIFY_ALL, [texts(files) for files in cases])
    assert roots == [root_of(files) for files in cases]
    swaps = [json.loads(files["transcript"])["swaps"] for files in cases]
    assert sum(map(bool, swaps)) > 100
    assert sum(json.loads(files["transcript"])["attempt"] > 1 for files in cases) > 10


def test_a_parent_sees_the_own_childs_draw(phone: Visit) -> None:
    """With record and receipt code the page shows class, twin and exchange, and what was proved."""
    made = small_split()
    twin = sid(1)
    record = next(text for r in made.records if twin in (text := r.octets().decode()))
    files = drawn(made.public)
    to = {row["id"]: row["to"] for row in json.loads(files["transcript"])["result"]}
    said = checked(
        phone, files, promise=made.public.manifest.commitment.hex(" ", 2).upper(),
        own=record, receipt=made.secrets[twin],
    )  # fmt: skip
    for part in (
        "all 8 results agree", f"Class {to[twin]}.", f"with {sid(2)}", "exactly this record took part",
        "70931 84620 55771 92034", "Compare every digit", "drand round 1000 is genuine",
        "the one that you entered from before the draw", "SHA-256 and HMAC agree",
    ):  # fmt: skip
        assert part in said, part
    for value, sentence in (
        (record.replace("乙二", "别人"), "do not give the digest"),
        (sid(999), "not on the list"),
        ("hello", "neither a record nor"),
        (twin.lower(), "private record was not checked"),
    ):
        assert sentence in checked(phone, files, own=value)
    assert "must have 26" in checked(phone, files, own=record, receipt="7")


def test_a_manifest_may_name_no_verifier_page(phone: Visit) -> None:
    """Without a digest of the page in the manifest the reader is told so."""
    files = drawn(small_split(program=Program()).public)
    assert WORDS["open_no_page"]["en"] in checked(phone, files)


def test_values_that_do_not_apply_are_refused(phone: Visit) -> None:
    """A manifest whose values do not fit its kind of draw is refused even when its commitment fits."""
    for key in ("batch", "choose"):
        edit = _swap("manifest", f'"{key}":0'.encode(), f'"{key}":1'.encode())
        files = edit(drawn(small_split().public))
        files["transcript"] = replay(files, [(said.rung, said.value) for said in SEED])
        assert "contradicts itself" in checked(phone, files)


def test_a_rehearsal_is_called_void(phone: Visit) -> None:
    """Nobody takes a rehearsal for a draw, and a missing promise is named."""
    said = checked(phone, drawn(small_split(mode="rehearsal").public))
    assert WORDS["void"]["en"] in said
    assert WORDS["open_promise"]["en"] in said


def _swap(name: str, old: bytes, new: bytes) -> Callable[[Files], Files]:
    def edit(files: Files) -> Files:
        assert old in files[name]
        return {**files, name: files[name].replace(old, new, 1)}

    return edit


def _json(name: str, edit: Callable[[Any], object]) -> Callable[[Files], Files]:
    def edited(files: Files) -> Files:
        value = json.loads(files[name])
        edit(value)
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return {**files, name: text.encode()}

    return edited


TAMPERED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "blank": (_swap("roster", b",", b", "), "not in the one form"),
    "fraction": (_swap("manifest", b'"n":8', b'"n":8.0'), "not in the one form"),
    "mark": (lambda files: {**files, "roster": b"\xef\xbb\xbf" + files["roster"]}, "not in the one form"),
    "twice": (_swap("transcript", b'"void":0', b'"void":0,"void":0'), "not in the one form"),
    "utf8": (_swap("manifest", "实".encode(), b"\xff"), "not in the one form"),
    "private": (_json("roster", lambda v: v["records"][0].update(name="甲")), "a field too many"),
    "true": (_json("transcript", lambda v: v.update(void=True)), "not in the one form"),
    "rules": (_json("manifest", lambda v: v.update(purpose="other")), "their commitments differ"),
    "roster": (
        _json("roster", lambda v: v["records"][0].update(h="0" * 64)),
        "not the one that was committed",
    ),
    "order": (_json("roster", lambda v: v["records"].reverse()), "not in order"),
    "added": (_json("roster", lambda v: v["records"].pop()), "has 7 children, the manifest says 8"),
    "pairs": (_json("constraints", lambda v: v["separate"].clear()), "not those that were committed"),
    "dice": (_swap("transcript", b"70931846", b"70931847"), "the key is not"),
    "zeros": (_swap("transcript", b"70931846205577192034", b"0" * 20), "nothing but zeros"),
    "short": (_swap("transcript", b"70931846205577192034", b"7093"), "wrong form"),
    "forged": (_swap("transcript", SIGNATURE.encode(), OTHER_SIGNATURE.encode()), "not the beacon's"),
    "garbage": (_swap("transcript", SIGNATURE.encode(), b"b" * 96), "not the beacon's"),
    "infinity": (_swap("transcript", SIGNATURE.encode(), b"c" + b"0" * 95), "not the beacon's"),
    "class": (_json("transcript", lambda v: v["result"][0].update(to="2")), "another result than the draw"),
    "swap": (_json("transcript", lambda v: v["swaps"].clear()), "the list of exchanges is not"),
    "polish": (
        _json("transcript", lambda v: v["swaps"].append({**v["swaps"][0], "why": "polish"})),
        "more exchanges of the score polish",
    ),
    "attempt": (_json("transcript", lambda v: v.update(attempt=2)), "the number of the attempt is not"),
    "mark of void": (_json("transcript", lambda v: v.update(void=1)), "the mark of a rehearsal is not"),
    "root": (_json("transcript", lambda v: v.update(root="0" * 64)), "the root of the results is not"),
    "rung": (_json("transcript", lambda v: v["seed"][0].update(rung=1)), "one value for each source"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_files_are_refused_in_words(phone: Visit, name: str) -> None:
    """Whatever is changed in a public file, the page refuses it with a sentence of its own."""
    edit, sentence = TAMPERED[name]
    said = checked(phone, edit(drawn(small_split().public)))
    assert said.startswith("Refused")
    assert sentence in said


def test_every_flipped_bit_of_a_transcript_is_refused(phone: Visit) -> None:
    """No byte of a transcript can be changed."""
    files = drawn(small_split().public)
    refused = phone.page.evaluate(
        """(files) => {
          const octets = {};
          for (const name of Object.keys(files)) octets[name] = new TextEncoder().encode(files[name]);
          const passed = [];
          for (let at = 0; at < octets.transcript.length; at++) {
            const transcript = octets.transcript.slice();
            transcript[at] ^= 1;
            try { drawCheck.verify({ ...octets, transcript }); passed.push(at); } catch (problem) {
              if (!(problem instanceof drawFiles.Refusal)) passed.push(String(problem));
            }
          }
          return passed;
        }""",
        texts(files),
    )
    assert refused == []


def test_a_wrong_promise_and_a_missing_file_are_refused(phone: Visit) -> None:
    """Another commitment than that of before the draw, and a forgotten file, have their own sentences."""
    files = drawn(small_split().public)
    missing = {name: content for name, content in files.items() if name != "roster"}
    assert "roster.json is missing" in checked(phone, missing)
    assert "that you entered is not that" in checked(phone, files, promise="ab " * 32)


BAD_SOURCES: dict[str, tuple[Callable[[Any], object], str]] = {
    "no dice": (lambda s: s.pop(0), "Dice must come first"),
    "dice alone": (lambda s: s.pop(), "Dice must come first"),
    "few dice": (lambda s: s[0][0].update(count=19), "fewer than 20 dice"),
    "late dice": (lambda s: s[0][0].update(at=DRAND.at), "after another source could speak"),
    "other time": (lambda s: s[1][0].update(at=DRAND.at + 1), "not its round's"),
    "few bits": (
        lambda s: s[1].append(
            {"at": DRAND.at, "issue": "1", "name": "x", "pools": [[1, 9]], "type": "lottery"}
        ),
        "69 bits of chance",
    ),
    "empty": (lambda s: s.append([]), "is empty"),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_weak_sources_are_refused(phone: Visit, name: str) -> None:
    """A manifest whose sources break the rules is refused even when its commitment fits."""
    edit, sentence = BAD_SOURCES[name]
    files = _json("manifest", lambda v: edit(v["sources"]))(drawn(small_split().public))
    digest = phone.page.evaluate(
        "(text) => drawHash.hex(drawHash.sha256(drawHash.bytes(text)))", files["manifest"].decode()
    )
    files = _json("transcript", lambda v: v.update(commitment=digest))(files)
    assert sentence in checked(phone, files)


def test_another_round_of_the_beacon_verifies(phone: Visit) -> None:
    """The signature check is no table of one round."""
    source = replace(DRAND, round=OTHER_ROUND)
    made = small_split(sources=((TERMS.sources[0][0],), (source,)))
    seed = (SEED[0], Revealed(OTHER_SIGNATURE))
    files = public_files(made)
    files["transcript"] = run_draw(made.public, seed, now=source.at).octets()
    assert f"drand round {OTHER_ROUND} is genuine" in checked(phone, files)


def test_both_languages_small_screen_contrast_and_paper(phone: Visit) -> None:
    """Chinese and English say the same things, nothing is wider than 360 px, and every text can be read."""
    checked(phone, drawn(small_split().public), own=sid(1))
    page = phone.page
    for lang in ("en", "zh"):
        assert page.get_attribute("html", "lang").startswith(lang)
        said = page.inner_text("body")
        assert WORDS["open_dice"][lang] in said
        assert WORDS["open_dice"]["zh" if lang == "en" else "en"] not in said
        assert page.title() == WORDS["title"][lang]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate(CONTRAST) == []
        page.click("#lang")
    page.click("#lang")
    page.emulate_media(media="print")
    assert not page.is_visible("#form")
    assert page.is_visible("#result .good")


def test_keyboard_and_labels(phone: Visit) -> None:
    """Every field has a label, headings do not skip a level, and the check runs by keyboard alone."""
    page = phone.page
    unnamed = "[...document.querySelectorAll('input,textarea')].filter((f) => !f.labels.length).length"
    assert page.evaluate(unnamed) == 0
    checked(phone, drawn(small_split().public))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.evaluate("document.activeElement.id") == "result"
    page.fill("#promise", "00")
    page.focus("#check")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result .refused")


def test_a_verdict_goes_when_files_or_words_change(phone: Visit) -> None:
    """No old verdict stands beside new files."""
    files = drawn(small_split().public)
    assert "all 8 results agree" in checked(phone, files)
    phone.page.fill("#promise", "0")
    assert phone.page.inner_text("#result") == ""
    assert "all 8 results agree" in checked(phone, files, promise="")
    one = {"name": "x.json", "mimeType": "application/json", "buffer": drawn(small_seats().public)["roster"]}
    phone.page.set_input_files("#files", [one])
    phone.page.wait_for_function("document.getElementById('result').textContent === ''")
    assert checked(phone, {}).startswith("Refused")


def test_it_runs_without_the_browsers_cryptography(phone: Visit) -> None:
    """Where file:// is no secure context the page's own digests do, and it says so."""
    phone.page.evaluate("Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })")
    assert WORDS["proved_hash_once"]["en"] in checked(phone, drawn(small_split().public))


def test_polish_is_checked_as_far_as_it_is_public(phone: Visit) -> None:
    """A real polish passes and is named as partly unproved; one between strata does not."""
    marks = [(("数学", 1000 - 7 * n), ("语文", 10 * n * n)) for n in range(12)]
    roster = Roster(tuple(child(n, gender="FM"[n % 2], scores=marks[n]) for n in range(12)))
    made = commit_split(roster, replace(TERMS, polish=3), dummy_secrets(roster))
    files = public_files(made)
    files["transcript"] = run_draw(made.public, SEED, now=DRAND.at, scores=made.scores).octets()
    swaps = json.loads(files["transcript"])["swaps"]
    assert swaps
    said = checked(phone, files)
    assert WORDS["open_polish"]["en"] in said
    assert WORDS["proved_polish"]["en"] in said
    other = next(sid(n) for n in range(12) if n % 2 != _number(swaps[0]["moved"]) % 2)
    bad = _json("transcript", lambda v: v["swaps"][0].update(partner=other))(files)
    assert "which it may not" in checked(phone, bad)


def _number(name: str) -> int:
    return next(n for n in range(12) if sid(n) == name)


def test_two_hundred_thousand_tickets(phone: Visit) -> None:
    """The digest over 200,000 tickets is Python's."""
    tickets = Tickets(bytes(range(32)))
    ours = hashlib.sha256()
    for n in range(200_000):
        ours.update(tickets.of("pupil", 1, str(n)))
    theirs = phone.page.evaluate(
        """() => {
          const T = drawEngine.ticketsOf(Uint8Array.from({ length: 32 }, (_, i) => i));
          const all = new Uint8Array(200000 * 32);
          for (let n = 0; n < 200000; n++) all.set(drawHash.unhex(T.of("pupil", 1, n)), 32 * n);
          return drawHash.hex(drawHash.sha256(all));
        }"""
    )
    assert theirs == ours.hexdigest()


def test_the_sample_roster_gives_the_same_root(phone: Visit) -> None:
    """600 children in 12 classes, equal and unequal, with 25 pairs to part, as Python splits them."""
    roster = zoning.read_roster(SAMPLE, zoning.sample_district())
    sids = [a.sid for a in roster]
    pairs = [(sids[10 * n], sids[10 * n + 5]) for n in range(25)]
    terms = replace(TERMS, classes=12, levels=("need", "gender", "kindergarten"))
    sizes = (45, 45, 46, 47, 48, 50, 50, 52, 53, 54, 55, 55)
    cases = []
    for one in (terms, replace(terms, equal=False, capacities=sizes)):
        few = pairs if one.equal else pairs[:5]
        made = commit_split(roster, one, dummy_secrets(roster), separate=few, need_cap=2)
        cases.append(drawn(made.public))
    roots = phone.page.evaluate(VERIFY_ALL, [texts(files) for files in cases])
    assert roots == [root_of(files) for files in cases]


def test_a_beacon_of_ones_own_is_named(phone: Visit) -> None:
    """A manifest that names a chain other than the usual one is not praised."""
    made = small_split(sources=((TERMS.sources[0][0],), (replace(DRAND, chain="0" * 64),)))
    files = public_files(made)
    files["transcript"] = replay(files, [(said.rung, said.value) for said in SEED])
    said = checked(phone, files)
    assert "depends on who holds that key" in said
    assert "nobody could choose it." not in said


def test_files_inside_and_hostile_names(chromium: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    """A page that carries its files checks them at once, and names that try to break out stay text."""
    hostile = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>{script}"
    files = drawn(small_split(school=hostile, draw=hostile).public)
    path = tmp_path / "inside.html"
    path.write_text(verifier_page(files, lang="en"), encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.click("#check")
    page.wait_for_selector(".good")
    assert hostile in page.inner_text("#result")
    assert page.evaluate("window.hacked") is None
    page.close()


def test_no_private_file_goes_inside() -> None:
    """A page for the public carries public files only, and the same page always has the same digest."""
    with pytest.raises(ZoningError, match="records is none of them"):
        verifier_page({"records": b""})
    assert verifier_digest() == verifier_digest()
    assert "Content-Security-Policy" in verifier_page()


def test_every_sentence_is_used_and_in_both_languages() -> None:
    """No visitor reads the name of a sentence, no sentence lies unused, and placeholders agree."""
    names = ("verifier.html", "hash.js", "files.js", "sources.js", "engine.js", "check.js", "verifier.js")
    text = "\n".join(assets.own_file(f"draw/{name}") for name in names)
    quoted = set(re.findall(r'"(\w+)"', text)) | set(re.findall(r"\{\w\w?:(\w+)\}", text))
    made_up = ("proved_", "source_", "to_", "own_to_", "own_swap_", "part_")
    assert {word for word in WORDS if not word.startswith(made_up)} <= quoted
    refusals = set(re.findall(r'need\([^;]*?"(\w+)"[,)]', text)) | set(re.findall(r'Refusal\("(\w+)"', text))
    assert {word for word in refusals if "_" in word} - set(WORDS) == set()
    for word, sentence in WORDS.items():
        assert set(sentence) == {"en", "zh"}, word
        assert set(re.findall(r"{\w+}", sentence["en"])) == set(re.findall(r"{\w+}", sentence["zh"])), word
