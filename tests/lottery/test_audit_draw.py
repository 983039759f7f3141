"""The audit as one value: the same each time, without a child's value, and refusing what is not the draw."""

import json
from dataclasses import replace
from functools import cache

import pytest
from tests.lottery.cases import DRAND, SEED, TERMS, child, sid

from zoning.errors import DrawError
from zoning.lottery import run_draw
from zoning.lottery.audit_draw import audit_draw
from zoning.lottery.audit_report import Audit, SeatAfter, SeatBefore, SplitAfter, SplitBefore
from zoning.lottery.bundle import Bundle
from zoning.lottery.findings import Cell, Overflow, Pupils, Twins, plain
from zoning.lottery.making import make_bundle
from zoning.lottery.terms import Terms
from zoning.lottery.transcript import Transcript
from zoning.roster import Roster

SECRET = ("听力", "启明", "云溪", "甲", "乙", "2026-07-01", "S-00")


@cache
def office(kind: str) -> tuple[Bundle, Transcript]:
    """Return an invented bundle and the transcript of its draw."""
    children = tuple(
        child(
            n,
            need="听力障碍" if n % 8 == 1 else "",
            kindergarten=f"启明{n % 3}",
            address="云溪路",
            registered_at=f"2026-07-01 {9 + n % 4:02d}:00",
            twin_group="T" if n in (4, 6) else "",
            together=n == 4,
            choices=("P1", "P2") if kind == "seat" else (),
        )
        for n in range(24)
    )
    terms = replace(TERMS, classes=4, levels=("gender", "need"))
    if kind == "seat":
        terms = replace(TERMS, kind="seat", attempts=0, classes=0, levels=(), seats=(("P1", 9), ("P2", 8)))
    bundle = make_bundle(
        Roster(children), Terms(terms, separate=((sid(7), sid(9)),) * (kind == "split"), need_cap=1)
    )
    return bundle, run_draw(bundle.public, SEED, now=DRAND.at)


@pytest.mark.parametrize("kind", ["split", "seat"])
def test_an_audit_repeats_and_names_no_value_of_a_child(kind: str) -> None:
    """The same series gives the same JSON, which holds registration numbers of public wishes and no more."""
    bundle, transcript = office(kind)
    named = [sid(1), sid(2)]
    first = audit_draw(bundle, draws=60, transcript=transcript, named=named)
    text = json.dumps(first.as_json(), allow_nan=False, ensure_ascii=False)
    again = audit_draw(bundle, draws=60, transcript=transcript, named=named)
    assert text == json.dumps(again.as_json(), allow_nan=False, ensure_ascii=False)
    assert [word for word in SECRET if word in text] == []
    shown = {sid(n) for n in range(24) if sid(n) in text}
    assert shown == ({sid(4), sid(6), sid(7), sid(9)} if kind == "split" else set())
    assert first.ok
    assert set(first.odds) == {"pupils", "chances", "balance", "named"}
    assert first.root == transcript.root
    other = audit_draw(bundle, draws=60, series=2, transcript=transcript, named=named)
    assert plain(other.before) != plain(first.before)


def test_a_split_is_audited_before_and_after() -> None:
    """Wishes are counted by kind, strata keep their shares, and levels are no attributes of the balance."""
    bundle, transcript = office("split")
    early = audit_draw(bundle, draws=60)
    before = early.before
    assert isinstance(before, SplitBefore)
    assert early.after is None
    assert "after" not in early.as_json()
    assert dict(before.wishes) == {"together": 1, "separate": 1}
    assert (before.uneven, before.size_gap, before.children, before.classes) == (0, 0, 24, 4)
    assert 1 <= before.attempts_mean <= before.attempts_most
    assert [wish.kind for wish in before.freedom] == ["together", "separate"]
    after = audit_draw(bundle, draws=60, transcript=transcript).after
    assert isinstance(after, SplitAfter)
    assert set(after.balance) == {"kindergarten", "hour"}
    assert (after.uneven, after.named, after.attempt) == (0, None, transcript.attempt)


def test_a_seat_draw_is_audited_before_and_after() -> None:
    """Seats have cells, twins and an overflow; the table after the draw counts the same children."""
    bundle, transcript = office("seat")
    audit = audit_draw(bundle, draws=60, transcript=transcript)
    assert isinstance(audit.before, SeatBefore)
    assert isinstance(audit.after, SeatAfter)
    assert audit.before.twins is not None
    assert audit.before.twins.children == 2
    assert "twins" not in audit.before.chances
    got = sum(goal == "P1" for _, goal in transcript.result)
    assert [(c.children, c.admitted) for c in audit.after.cells] == [(24, got)]


def test_a_transcript_that_does_not_follow_is_refused() -> None:
    """An audit of an edited result would call a fraud usual; it is refused before anything is simulated."""
    bundle, transcript = office("split")
    (first, home), *rest = transcript.result
    edited = replace(transcript, result=((first, str(int(home) % 4 + 1)), *rest))
    with pytest.raises(DrawError, match="does not follow"):
        audit_draw(bundle, draws=10, transcript=edited)


def test_a_list_of_strangers_is_refused() -> None:
    """A mistyped list is not tested as if its children had been found."""
    bundle, _ = office("split")
    with pytest.raises(DrawError, match="2 of 3 numbers on the list are not on the roster"):
        audit_draw(bundle, draws=10, named=[sid(1), "2026-1", "2026-2"])
    with pytest.raises(DrawError, match="names nobody"):
        audit_draw(bundle, draws=10, named=[])


def seats(*, most: int = 1, p: float = 0.5, share: float = 0.5) -> Audit:
    """Return an audit of seats with a few figures of one's own."""
    cell = Cell("P1", 1, 9, 24, 0.4, 0.4)
    twins = Twins(2, share, 0.5, 0.01, 0.02)
    before = SeatBefore(24, 1, 9, (cell,), Pupils(22, 0.1, p), None, {}, twins, Overflow(most, 1, 0.5))
    return Audit("seat", "0" * 64, "1" * 64, "draw", 1000, 1, before)


def test_what_was_broken_and_what_is_striking_are_told_apart() -> None:
    """A rule broken in one draw fails the audit; a small p-value asks for a look and no more."""
    assert (seats().ok, seats().striking) == (True, ())
    assert (seats(most=2).ok, seats(most=2).striking) == (False, ())
    assert (seats(p=0.009).ok, seats(p=0.009).striking) == (True, ("pupils",))
    assert seats(share=0.59).striking == ("twins",)
    assert seats(share=0.55).striking == ()
    assert seats(p=0.009).as_json()["striking"] == ["pupils"]
