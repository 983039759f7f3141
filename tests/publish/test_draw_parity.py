"""Two verifiers, one rule book: the package and the page refuse and accept the same files."""

import hashlib
import json
from functools import cache
from typing import Any

import pytest
from tests.lottery.cases import DRAND, SEED, SIGNATURE, small_seats, small_split
from tests.lottery.replay import canonical, replay, tree
from tests.lottery.vectors import lowtech, small_draws
from tests.publish.draw_browser import VERIFY_ALL, Files, drawn, texts
from tests.publish.draw_edits import Mutant
from tests.publish.draw_mutants import APPLIES, KEYS, TRANSCRIPTS, WORDS
from tests.publish.draw_mutants_more import FILES, SOURCES
from tests.publish.visits import Visit

from zoning.errors import ZoningError
from zoning.lottery import Committed, Revealed, run_draw, verify_draw

pytestmark = pytest.mark.browser

PARTS = ("manifest", "roster", "constraints")
BALLS = (Revealed("417"),)


@cache
def _bases() -> dict[str, Committed]:
    """Return an honest commitment of every kind."""
    return {
        "split": small_split().public,
        "sized": small_split(equal=False, capacities=(5, 3)).public,
        "rehearsal": small_split(mode="rehearsal").public,
        "lowtech": lowtech(),
        "seat": small_seats().public,
        **dict(small_draws()),
    }


def _fitted(value: dict[str, Any], honest: dict[str, Any]) -> None:
    """Make roots, counts and digests fit what was changed beside the manifest."""
    manifest, roster, asked = (value[part] for part in PARTS)
    if roster != honest["roster"] and roster["records"]:
        manifest["n"] = len(roster["records"])
        manifest["roster"] = tree([canonical(record) for record in roster["records"]]).hex()
    if asked != honest["constraints"]:
        root = hashlib.sha256(b"lot/constraints/1" + canonical(asked)).hexdigest()
        counts = {name: len(asked[name]) for name in ("closed", "separate", "together")}
        manifest["constraints"] = {"root": root, **counts}


def mutated(mutant: Mutant) -> Files:
    """Return the four files of a mutant: with the transcript that follows, as far as one follows."""
    committed = _bases()[mutant.base]
    thrown = BALLS if mutant.base == "lowtech" else SEED
    honest = {part: json.loads(getattr(committed, part).octets()) for part in PARTS}
    value = json.loads(json.dumps(honest))
    mutant.edit(value)
    _fitted(value, honest)
    files = {part: canonical(value[part]) for part in PARTS}
    given = [(one.rung, one.value) for one in thrown] if mutant.seed is None else list(mutant.seed)
    seed = [(rung, text or SIGNATURE) if at else (rung, text) for at, (rung, text) in enumerate(given)]
    try:
        files["transcript"] = replay(files, seed)
    except Exception:  # noqa: BLE001 - no transcript follows from files that break a rule
        files["transcript"] = _lent(committed, thrown, files, seed)
    return files


def _lent(
    committed: Committed, thrown: tuple[Revealed, ...], files: Files, seed: list[tuple[int, str]]
) -> bytes:
    """Return the honest draw's transcript under the mutant's commitment and seed."""
    transcript = json.loads(run_draw(committed, thrown, now=DRAND.at).octets())
    transcript["commitment"] = hashlib.sha256(files["manifest"]).hexdigest()
    transcript["seed"] = [{"rung": rung, "value": text} for rung, text in seed]
    return canonical(transcript)


def python_says(files: Files) -> str:
    """Return what the package says against the files; empty when it accepts them."""
    try:
        verify_draw(files["transcript"], {part: files[part] for part in PARTS})
    except ZoningError as problem:
        return str(problem)
    return ""


def retold(mutant: Mutant) -> Files:
    """Return the files of an honest draw with another transcript."""
    files = drawn(_bases()[mutant.base], BALLS if mutant.base == "lowtech" else SEED)
    transcript = json.loads(files["transcript"])
    mutant.edit(transcript)
    return {**files, "transcript": canonical(transcript)}


@pytest.mark.parametrize(
    "mutants", [APPLIES, KEYS, WORDS, SOURCES, FILES], ids=["applies", "keys", "words", "sources", "files"]
)
def test_both_verifiers_say_the_same_of_every_rule(phone: Visit, mutants: tuple[Mutant, ...]) -> None:
    """Whatever one rule forbids is refused by the package and by the page, and nothing else is."""
    _agreed(phone, {mutant.rule: (mutant, mutated(mutant)) for mutant in mutants})


def test_both_verifiers_refuse_the_same_transcripts(phone: Visit) -> None:
    """No transcript but the one that follows from the files passes either verifier."""
    _agreed(phone, {mutant.rule: (mutant, retold(mutant)) for mutant in TRANSCRIPTS})


def _agreed(phone: Visit, cases: dict[str, tuple[Mutant, Files]]) -> None:
    wanted = {rule: mutant.is_sound for rule, (mutant, _) in cases.items()}
    found = phone.page.evaluate(VERIFY_ALL, [texts(files) for _, files in cases.values()])
    by_page = {
        rule: len(said) == len(hashlib.sha256().hexdigest()) for rule, said in zip(cases, found, strict=True)
    }
    by_package = {rule: not python_says(files) for rule, (_, files) in cases.items()}
    assert by_page == wanted
    assert by_package == wanted
    assert not [said for said in found if said.startswith(("Error", "TypeError", "RangeError"))]
