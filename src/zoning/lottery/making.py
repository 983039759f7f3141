"""Making bundles: registration numbers, receipt codes, and the commitment of every kind of draw."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from zoning import messages
from zoning.errors import DrawError
from zoning.load.alike import plain_name
from zoning.lottery.bundle import PRIVATE, Bundle, school_numbers
from zoning.lottery.canonical import decode
from zoning.lottery.commitment import Commitment, commit_items, commit_late, commit_seats, commit_split
from zoning.lottery.draw import sizes_after
from zoning.lottery.records import new_sid, wall_code
from zoning.lottery.terms import Terms
from zoning.lottery.transcript import Transcript
from zoning.roster import SID, Roster

__all__ = ["Drawn", "issue_codes", "issue_numbers", "make_bundle", "make_late_bundle", "make_list_bundle"]

_WALL_CODES: Final = 1 << 19
"""Half of all wall codes; of more children some must share one."""


@dataclass(frozen=True)
class Drawn:
    """A bundle and the transcript of its draw.

    Parameters
    ----------
    bundle
        Everything committed.
    transcript
        What was drawn.
    """

    bundle: Bundle
    transcript: Transcript

    def check(self) -> None:
        """Refuse a transcript that does not follow from the bundle.

        Raises
        ------
        DrawError
            When anything in it differs from what the seed gives.
        """
        said = self.transcript
        if self.bundle.replay(said).octets() != said.octets():
            raise DrawError(messages.text("draw.tampered", place="transcript"))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Children of every class after this draw."""
        return sizes_after(self.bundle.public.manifest, self.transcript)


def issue_numbers(roster: Roster, *, fresh: bool = False) -> Roster:
    """Return the roster with a random registration number for every child that has none of the right form.

    Parameters
    ----------
    roster
        The children.
    fresh
        Whether every child gets a new one: those of a rehearsal must not lead to those of the draw.

    Examples
    --------
    >>> from zoning.roster import Applicant
    >>> child, = issue_numbers(Roster((Applicant("2026-0001", "", "F"),)))
    >>> len(child.sid)
    26
    """
    kept = (a if SID.fullmatch(a.sid) and not fresh else replace(a, sid=new_sid()) for a in roster)
    return Roster(tuple(kept), is_numbered=roster.is_numbered)


def issue_codes(roster: Roster, *, new: Callable[[], str] = new_sid) -> dict[str, str]:
    """Return a receipt code by registration number, no two with the same wall code.

    Parameters
    ----------
    roster
        The children, with registration numbers.
    new
        Where codes come from: the system's randomness, or, for invented children, codes that anybody knows.
    """
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for child in roster:
        code = new()
        while wall_code(code) in taken and len(taken) < _WALL_CODES:
            code = new()
        taken.add(wall_code(code))
        codes[child.sid] = code
    return codes


def _bundled(made: Commitment, numbers: Sequence[str]) -> Bundle:
    children = tuple(
        {
            "code": made.secrets[record.applicant.sid],
            "number": number,
            "record": decode(record.octets(), name=PRIVATE),
        }
        for record, number in zip(made.records, numbers, strict=True)
    )
    return Bundle(made.public, children)


@dataclass(frozen=True)
class _Numbered:
    """A roster with registration numbers, the school's own beside them."""

    roster: Roster
    numbers: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, roster: Roster, *, fresh: bool = False) -> "_Numbered":
        return cls(issue_numbers(roster, fresh=fresh), school_numbers(roster))

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return pairs of registration numbers for pairs of the school's own.

        Raises
        ------
        DrawError
            When a pair names nobody on the roster.
        """
        issued = self.issued()
        for row, pair in enumerate(pairs, start=1):
            if not set(pair) <= issued.keys():
                raise DrawError(messages.text("draw.pair_unknown", row=row))
        return [(issued[first], issued[second]) for first, second in pairs]

    def closed(self, closed: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Return registration number and class for the school's own number and class.

        Raises
        ------
        DrawError
            When an entry names nobody on the roster.
        """
        issued = self.issued()
        for row, (number, _) in enumerate(closed, start=1):
            if number not in issued:
                raise DrawError(messages.text("draw.closed_unknown", row=row))
        return [(issued[number], home) for number, home in closed]

    def issued(self) -> dict[str, str]:
        return {number: a.sid for number, a in zip(self.numbers, self.roster, strict=True) if number}


def make_bundle(roster: Roster, terms: Terms, *, codes: Mapping[str, str] | None = None) -> Bundle:
    """Commit to a class split or a seat draw of a roster and return the bundle.

    Parameters
    ----------
    roster, terms
        The children and the rules.
    codes
        Receipt code by registration number; without them, codes come from the system's randomness. Known
        ones hide nothing and are for invented children only.

    Raises
    ------
    DrawError
        When a record or the terms are refused, or a pair names nobody on the roster.
    PolicyError
        When a level is unknown or wishes contradict each other.
    """
    numbered = _Numbered.of(roster, fresh=terms.manifest.mode == "rehearsal" and codes is None)
    secrets = issue_codes(numbered.roster) if codes is None else dict(codes)
    if terms.manifest.kind == "seat":
        return _bundled(commit_seats(numbered.roster, terms.manifest, secrets), numbered.numbers)
    made = commit_split(
        numbered.roster,
        terms.manifest,
        secrets,
        separate=numbered.pairs(terms.separate),
        need_cap=terms.need_cap,
        bands=terms.bands,
    )
    return _bundled(made, numbered.numbers)


def make_late_bundle(roster: Roster, terms: Terms, earlier: Sequence[Drawn]) -> Bundle:
    """Commit to a closed batch of children who came after a split.

    Parameters
    ----------
    roster, terms
        The children of the batch and the rules.
    earlier
        The split, then every late batch before this one, in order.

    Raises
    ------
    DrawError
        When the earlier draws are not one chain, a child was in one of them, or the terms are refused.
    PolicyError
        When wishes contradict each other.
    """
    _check_chain(earlier, mode=terms.manifest.mode)
    _check_new(roster, earlier)
    numbered = _Numbered.of(roster, fresh=terms.manifest.mode == "rehearsal")
    last = earlier[-1]
    manifest = replace(
        terms.manifest,
        previous=last.transcript.commitment,
        batch=len(earlier),
        classes=len(last.sizes),
        capacities=last.sizes,
    )
    made = commit_late(
        numbered.roster,
        manifest,
        issue_codes(numbered.roster),
        separate=numbered.pairs(terms.separate),
        closed=numbered.closed(terms.closed),
    )
    return _bundled(made, numbered.numbers)


def _check_chain(earlier: Sequence[Drawn], *, mode: str) -> None:
    if mode != "rehearsal" and any(drawn.transcript.void for drawn in earlier):
        raise DrawError(messages.text("draw.void_chain"))
    kinds = [drawn.bundle.public.manifest.kind for drawn in earlier]
    if not earlier or kinds != ["split"] + ["late"] * (len(kinds) - 1):
        raise DrawError(messages.text("draw.no_chain"))
    for before, after in pairwise(earlier):
        if after.bundle.public.manifest.previous != before.transcript.commitment:
            raise DrawError(messages.text("draw.no_chain"))
    for drawn in earlier:
        drawn.check()


def _check_new(roster: Roster, earlier: Sequence[Drawn]) -> None:
    """Refuse children who were drawn before: nobody gets a second ticket."""
    records = [(one["number"], one["record"]) for drawn in earlier for one in drawn.bundle.children]
    known = {number for number, _ in records} | {record["sid"] for _, record in records}
    homes = {(plain_name(record["name"]), record["birth_date"]) for _, record in records}
    again = []
    for row, (a, number) in enumerate(zip(roster, school_numbers(roster), strict=True), start=1):
        home = (plain_name(a.name), a.birth_date)
        if (number and number in known) or (all(home) and home in homes):
            again.append(row)
    if again:
        raise DrawError(messages.text("draw.drawn_before", rows=", ".join(map(str, again))))


def make_list_bundle(items: Sequence[str], terms: Terms, *, split: Drawn | None = None) -> Bundle:
    """Commit to a draw of names: head teachers for the classes of a split, or schools to inspect.

    Parameters
    ----------
    items
        What the public files call them.
    terms
        The rules.
    split
        The class split whose classes the teachers draw; None for inspections.

    Raises
    ------
    DrawError
        When there are not as many teachers as classes, a name stands twice, or the terms are refused.
    """
    manifest = terms.manifest
    if split is not None:
        _check_chain([split], mode=manifest.mode)
        classes = split.bundle.public.manifest.classes
        if len(items) != classes:
            raise DrawError(messages.text("draw.teachers", teachers=len(items), classes=classes))
        manifest = replace(manifest, previous=split.transcript.commitment)
    return Bundle(commit_items(items, manifest), ())
