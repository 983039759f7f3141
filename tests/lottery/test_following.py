"""Draws that follow a class split, the low-tech mode, and terms that do not fit their kind."""

import csv
import hashlib
import io
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lottery.cases import DRAND, SEED, TERMS, child, public_files, sid, small_split
from tests.lottery.vectors import lowtech

from zoning.errors import DrawError
from zoning.lottery import (
    Balls,
    Dice,
    Revealed,
    Tickets,
    commit_split,
    dummy_secrets,
    run_draw,
    split_classes,
    verify_draw,
)
from zoning.lottery.bundle import Bundle
from zoning.lottery.lowtech import check_splits, published_splits
from zoning.lottery.making import Drawn, issue_codes, make_bundle, make_late_bundle, make_list_bundle
from zoning.lottery.records import wall_code
from zoning.lottery.seed import Ladder
from zoning.lottery.terms import Terms
from zoning.roster import Applicant, Roster

LATE = Terms(replace(TERMS, kind="late", draw="late", attempts=0, classes=0, levels=()))
TEACHERS = Terms(replace(TERMS, kind="teacher", draw="teachers", attempts=0, classes=0, levels=()))


def numbered(first: int, count: int, **fields: object) -> Roster:
    """Return invented children with the school's own numbers."""
    return Roster(
        tuple(replace(child(n, **fields), sid=f"2026-{n:04d}") for n in range(first, first + count))
    )


def drawn(bundle: Bundle) -> Drawn:
    """Return a bundle with the transcript that the recorded seed gives."""
    return Drawn(bundle, run_draw(bundle.public, SEED, now=DRAND.at))


def split(count: int = 13) -> Drawn:
    """Return a split of invented children into three classes."""
    return drawn(make_bundle(numbered(0, count), Terms(replace(TERMS, classes=3))))


@settings(max_examples=25, deadline=None)
@given(first=st.integers(4, 20), batches=st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_late_batches_keep_classes_even(first: int, batches: list[int]) -> None:
    """However many children come late, in whatever batches, no class grows past another by more than one."""
    chain = [split(first)]
    start = first
    for size in batches:
        chain.append(drawn(make_late_bundle(numbered(start, size), LATE, chain)))
        start += size
        assert sum(chain[-1].sizes) == start
        assert max(chain[-1].sizes) - min(chain[-1].sizes) <= 1
    last = chain[-1].bundle.public.manifest
    assert (last.batch, last.previous) == (len(batches), chain[-2].transcript.commitment)


def test_a_late_batch_keeps_wishes_and_closed_classes() -> None:
    """A late child stays out of the class of the child whom it must not meet, and twins come together."""
    before = split()
    home = dict(before.transcript.result)[before.bundle.children[0]["record"]["sid"]]
    terms = replace(LATE, closed=(("2026-0013", int(home)),), separate=(("2026-0014", "2026-0015"),))
    twins = {"twin_group": "T", "together": True}
    late = Roster((*numbered(13, 3), *numbered(16, 2, **twins)))
    for _ in range(12):
        after = drawn(make_late_bundle(late, terms, [before]))
        found = {
            one["number"]: dict(after.transcript.result)[one["record"]["sid"]]
            for one in after.bundle.children
        }
        assert found["2026-0013"] != home
        assert found["2026-0014"] != found["2026-0015"]
        assert found["2026-0016"] == found["2026-0017"]


def test_nobody_is_drawn_twice() -> None:
    """A child who was in the split gets no second ticket in a late batch, under whatever number it comes."""
    homes = {"birth_date": "2020-01-02", "address": "somewhere 1"}
    before = drawn(make_bundle(numbered(0, 8, **homes), Terms(replace(TERMS, classes=2))))
    again = Roster((*numbered(20, 1), *numbered(3, 1)))
    with pytest.raises(DrawError, match=r"in the draw before \(children 2 "):
        make_late_bundle(again, LATE, [before])
    renamed = Roster(tuple(replace(a, sid="2026-0099") for a in numbered(5, 1, **homes)))
    with pytest.raises(DrawError, match=r"in the draw before \(children 1 "):
        make_late_bundle(renamed, LATE, [before])


def test_a_late_batch_follows_one_chain() -> None:
    """Earlier draws of another school, in another order, changed, or none at all are refused."""
    first = split()
    second = drawn(make_late_bundle(numbered(13, 2), LATE, [first]))
    stranger = drawn(make_late_bundle(numbered(13, 2), LATE, [split()]))
    for earlier in ([], [second], [second, first], [first, stranger], [first, first]):
        with pytest.raises(DrawError, match="follow a class split that was drawn"):
            make_late_bundle(numbered(20, 1), LATE, earlier)
    result = first.transcript.result
    moved = ((result[0][0], str(int(result[0][1]) % 3 + 1)), *result[1:])
    with pytest.raises(DrawError, match="does not follow from the files and the seed"):
        make_late_bundle(
            numbered(20, 1), LATE, [replace(first, transcript=replace(first.transcript, result=moved))]
        )


def test_teachers_draw_the_classes_of_a_split() -> None:
    """Every class gets one teacher, of whom there are as many as classes; the draw names the split."""
    before = split()
    found = drawn(make_list_bundle(["王", "李", "张"], TEACHERS, split=before))
    assert sorted(goal for _, goal in found.transcript.result) == ["1", "2", "3"]
    assert found.bundle.public.manifest.previous == before.transcript.commitment
    with pytest.raises(DrawError, match="2 teachers for 3 classes"):
        make_list_bundle(["王", "李"], TEACHERS, split=before)
    with pytest.raises(DrawError, match="follow a class split"):
        make_list_bundle(["王", "李", "张"], TEACHERS, split=found)


def test_inspected_schools_are_chosen_evenly() -> None:
    """Two schools of five are chosen, and over many seeds each as often as any other."""
    schools = [f"P{n}" for n in range(5)]
    terms = Terms(
        replace(TERMS, kind="inspect", draw="inspection", attempts=0, classes=0, levels=(), choose=2)
    )
    bundle = make_list_bundle(schools, terms)
    seen: Counter[str] = Counter()
    for n in range(2000):
        digits = f"{int(hashlib.sha256(b'%d' % n).hexdigest(), 16):020d}"[-20:]
        done = run_draw(bundle.public, (Revealed(digits), SEED[1]), now=DRAND.at)
        assert sorted(turn for _, turn in done.result) == ["1", "2"]
        seen.update(name for name, _ in done.result)
    assert all(abs(count - 800) < 4 * (2000 * 0.4 * 0.6) ** 0.5 for count in seen.values())
    assert len(seen) == 5


def test_three_balls_choose_a_published_split() -> None:
    """In the low-tech mode the result is the column of splits.csv that the balls name, 000 among them."""
    public = lowtech()
    files = {
        "manifest": public.manifest.octets(),
        "roster": public.roster.octets(),
        "constraints": public.constraints.octets(),
    }
    table = list(csv.reader(io.StringIO(published_splits(public).decode())))
    assert (len(table), {len(row) for row in table}) == (9, {1001})
    for number in ("000", "417", "999"):
        done = run_draw(public, [Revealed(number)], now=DRAND.at)
        column = table[0].index(number)
        assert {row[0]: row[column] for row in table[1:]} == dict(done.result)
        found = verify_draw(done.octets(), files)
        assert any("three balls choose one of 1,000 splits" in text.en for text in found.unproved)
    for bad in ("", "41", "4171", "4a7", "４１７"):
        with pytest.raises(DrawError, match=r"balls must be 3 digits|said nothing"):
            run_draw(public, [Revealed(bad)], now=DRAND.at)
    with pytest.raises(DrawError, match="not due before"):
        run_draw(public, [Revealed("417")], now=DRAND.at - 1)


def test_changed_splits_are_found() -> None:
    """A table of splits that was changed in one cell, or lacks a line, is told from the promised one."""
    public = lowtech()
    good = published_splits(public)
    check_splits(public, good)
    lines = good.decode().splitlines(keepends=True)
    cells = lines[3].split(",")
    cells[418] = str(3 - int(cells[418]))
    for bad, number in (
        ("".join([*lines[:3], ",".join(cells), *lines[4:]]), "417"),
        ("".join(lines[:-1]), "sid"),
        ("", "sid"),
    ):
        with pytest.raises(DrawError, match=f"differs from what was computed, at number {number}"):
            check_splits(public, bad.encode())


@pytest.mark.parametrize(
    "sources",
    [
        ((Balls(2, DRAND.at),),),
        ((Balls(3, DRAND.at),), (DRAND,)),
        ((Balls(3, DRAND.at), Balls(3, DRAND.at + 9)),),
        ((Dice(20, DRAND.at - 600),), (DRAND,)),
    ],
)
def test_the_low_tech_mode_has_three_balls_only(sources: tuple[Ladder, ...]) -> None:
    """The weak mode cannot be dressed up with other sources, nor a real draw be named low-tech."""
    with pytest.raises(DrawError, match="only source of the low-tech mode"):
        small_split(mode="lowtech", sources=sources)


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"choose": 1, "items": ("T1",)}, "items, choose"),
        ({"batch": 1}, "batch"),
        ({"seats": (("P1", 2),)}, "seats"),
        ({"attempts": 0}, "attempts"),
        ({"attempts": 10_001}, "attempts"),
        ({"classes": 0}, "classes"),
        ({"polish": -1}, "polish"),
        ({"closed": 1}, "constraints"),
        ({"mode": "lowtech", "polish": 2, "sources": ((Balls(3, DRAND.at),),)}, "polish"),
    ],
)
def test_terms_of_another_kind_are_refused(changes: dict[str, Any], keys: str) -> None:
    """A manifest with a field that its kind of draw does not have is refused, and the field named."""
    manifest = replace(small_split().public.manifest, **changes)
    with pytest.raises(DrawError, match=f"kind split cannot have these terms: {keys}"):
        manifest.check()


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"attempts": 1000}, "attempts"),
        ({"equal": False}, "equal"),
        ({"levels": ("gender",)}, "levels"),
        ({"n": 3}, "n"),
        ({"classes": 3}, "classes"),
        ({"together": 1}, "constraints"),
        ({"choose": 1}, "choose"),
        ({"items": ()}, "items"),
    ],
)
def test_terms_of_a_split_are_refused_elsewhere(changes: dict[str, Any], keys: str) -> None:
    """A teachers' draw that promises what only a class split has is refused."""
    manifest = make_list_bundle(["王", "李", "张"], TEACHERS, split=split()).public.manifest
    with pytest.raises(DrawError, match=f"kind teacher cannot have these terms: {keys}"):
        replace(manifest, **changes).check()


def test_score_bands_are_even_in_every_class() -> None:
    """With score bands as strata every class gets its share of strong, middle and weak children."""
    roster = Roster(tuple(child(n, scores=(("语文", n * n),)) for n in range(48)))
    terms = replace(TERMS, classes=4, levels=("score",))
    made = commit_split(roster, terms, dummy_secrets(roster))
    for key in range(40):
        public = made.public
        tickets = Tickets(hashlib.sha256(b"bands %d" % key).digest())
        home = dict(split_classes(public.roster, public.manifest, public.constraints, tickets).placed)
        counts = Counter((home[sid(n)], n // 16) for n in range(48))
        assert set(counts.values()) == {4}
        assert len(counts) == 12
    unscored = Roster((replace(roster.applicants[0], scores=()), *roster.applicants[1:]))
    with pytest.raises(DrawError, match="scores of every child are needed"):
        commit_split(unscored, terms, dummy_secrets(unscored))


def test_wall_codes_tell_children_apart() -> None:
    """No two children of a draw share a wall code, and a code is no part of the registration number."""
    roster = Roster(tuple(Applicant(sid(n), "", None) for n in range(3000)))
    codes = issue_codes(roster)
    shown = [wall_code(code) for code in codes.values()]
    assert len(set(shown)) == 3000
    assert {len(code) for code in shown} == {4}
    assert sum(code in child_id for child_id, code in zip(codes, shown, strict=True)) < 3


def test_a_class_closed_to_a_child_exists() -> None:
    """A closed class outside the school's classes is refused, in the commitment and in a public file."""
    terms = replace(LATE, closed=(("2026-0013", 4),))
    with pytest.raises(DrawError, match=r"constraints\.closed lacks a field or has one of the wrong kind"):
        make_late_bundle(numbered(13, 1), terms, [split()])


def test_a_program_digest_is_a_digest() -> None:
    """A manifest whose program is no digest is refused, so that nobody takes a word for a check."""
    made = small_split()
    files = public_files(made)
    done = run_draw(made.public, SEED, now=DRAND.at)
    files["manifest"] = files["manifest"].replace(b"1" * 64, b"1" * 63 + b"g")
    with pytest.raises(DrawError, match="manifest lacks a field or has one of the wrong kind"):
        verify_draw(done.octets(), files)
