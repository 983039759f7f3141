"""The verifier page refuses, in words, whatever was changed in the public files of a draw."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.lottery.cases import DRAND, OTHER_SIGNATURE, SIGNATURE, small_split
from tests.publish.draw_browser import Files, checked, drawn, edited, swapped, texts
from tests.publish.visits import Visit

pytestmark = pytest.mark.browser


TAMPERED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "blank": (swapped("roster", b",", b", "), "not in the one form"),
    "fraction": (swapped("manifest", b'"n":8', b'"n":8.0'), "not in the one form"),
    "mark": (lambda files: {**files, "roster": b"\xef\xbb\xbf" + files["roster"]}, "not in the one form"),
    "twice": (swapped("transcript", b'"void":0', b'"void":0,"void":0'), "not in the one form"),
    "utf8": (swapped("manifest", "实".encode(), b"\xff"), "not in the one form"),
    "private": (edited("roster", lambda v: v["records"][0].update(name="甲")), "a field too many"),
    "true": (edited("transcript", lambda v: v.update(void=True)), "not in the one form"),
    "rules": (edited("manifest", lambda v: v.update(purpose="other")), "their commitments differ"),
    "roster": (
        edited("roster", lambda v: v["records"][0].update(h="0" * 64)),
        "not the one that was committed",
    ),
    "order": (edited("roster", lambda v: v["records"].reverse()), "not in order"),
    "added": (edited("roster", lambda v: v["records"].pop()), "has 7 children, the manifest says 8"),
    "pairs": (edited("constraints", lambda v: v["separate"].clear()), "not those that were committed"),
    "dice": (swapped("transcript", b"70931846", b"70931847"), "the key is not"),
    "zeros": (swapped("transcript", b"70931846205577192034", b"0" * 20), "nothing but zeros"),
    "short": (swapped("transcript", b"70931846205577192034", b"7093"), "wrong form"),
    "forged": (swapped("transcript", SIGNATURE.encode(), OTHER_SIGNATURE.encode()), "not the beacon's"),
    "garbage": (swapped("transcript", SIGNATURE.encode(), b"b" * 96), "not the beacon's"),
    "infinity": (swapped("transcript", SIGNATURE.encode(), b"c" + b"0" * 95), "not the beacon's"),
    "class": (edited("transcript", lambda v: v["result"][0].update(to="2")), "another result than the draw"),
    "swap": (edited("transcript", lambda v: v["swaps"].clear()), "the list of exchanges is not"),
    "polish": (
        edited("transcript", lambda v: v["swaps"].append({**v["swaps"][0], "why": "polish"})),
        "more exchanges of the score polish",
    ),
    "attempt": (edited("transcript", lambda v: v.update(attempt=2)), "the number of the attempt is not"),
    "mark of void": (edited("transcript", lambda v: v.update(void=1)), "the mark of a rehearsal is not"),
    "root": (edited("transcript", lambda v: v.update(root="0" * 64)), "the root of the results is not"),
    "rung": (edited("transcript", lambda v: v["seed"][0].update(rung=1)), "one value for each source"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_files_are_refused_in_words(phone: Visit, name: str) -> None:
    """Whatever is changed in a public file, the page refuses it with a sentence of its own."""
    edit, sentence = TAMPERED[name]
    found = checked(phone, edit(drawn(small_split().public)))
    assert found.startswith("✗\nThis draw does not check out")
    assert sentence in found


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
            {"at": DRAND.at + 1, "issue": "1", "name": "x", "pools": [[1, 9]], "type": "lottery"}
        ),
        "69 bits of chance",
    ),
    "empty": (lambda s: s.append([]), "is empty"),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_weak_sources_are_refused(phone: Visit, name: str) -> None:
    """A manifest whose sources break the rules is refused even when its commitment fits."""
    edit, sentence = BAD_SOURCES[name]
    files = edited("manifest", lambda v: edit(v["sources"]))(drawn(small_split().public))
    digest = phone.page.evaluate(
        "(text) => drawHash.hex(drawHash.sha256(drawHash.bytes(text)))", files["manifest"].decode()
    )
    files = edited("transcript", lambda v: v.update(commitment=digest))(files)
    assert sentence in checked(phone, files)
