"""Committing: from a private roster to the public files, and what stays with the office and the parents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from zoning import messages
from zoning.errors import DrawError, PolicyError
from zoning.lottery.constraints import Constraints
from zoning.lottery.draw import Committed, try_draw
from zoning.lottery.manifest import Manifest
from zoning.lottery.records import Choice, PrivateRecord, PublicRecord, PublicRoster, code_of, secret_of
from zoning.lottery.strata import grow_strata
from zoning.roster import Applicant, Roster

__all__ = ["Commitment", "commit_items", "commit_late", "commit_seats", "commit_split", "requested_groups"]


BANDS: Final = 3
"""Score bands unless the rules say otherwise."""


@dataclass(frozen=True)
class Commitment:
    """What a commitment leaves.

    Parameters
    ----------
    public
        The files that are published.
    records
        Private records in the order of the roster.
    secrets
        Receipt code by child, for the parents.
    """

    public: Committed
    records: tuple[PrivateRecord, ...] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def scores(self) -> dict[str, tuple[int, ...]]:
        """Scores in tenths by child, subjects in order; for the polish.

        Raises
        ------
        DrawError
            When children have scores in different subjects, or none.
        """
        return scores_of([record.applicant for record in self.records])


def scores_of(applicants: Sequence[Applicant]) -> dict[str, tuple[int, ...]]:
    """Return scores in tenths by child, subjects in order.

    Raises
    ------
    DrawError
        When children have scores in different subjects, or none.
    """
    subjects = {tuple(subject for subject, _ in a.scores) for a in applicants}
    if len(subjects) != 1 or () in subjects:
        raise DrawError(messages.text("draw.no_scores"))
    return {a.sid: tuple(tenths for _, tenths in a.scores) for a in applicants}


def _digests(records: Sequence[PrivateRecord], secrets: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row, record in enumerate(records, start=2):
        sid = record.applicant.sid
        if sid in found:
            raise DrawError(messages.text("draw.same_sid", sid=sid))
        if sid not in secrets:
            raise DrawError(messages.text("draw.bad_code"))
        found[sid] = record.digest(secret_of(secrets[sid]), f"row {row}")
    return found


def requested_groups(roster: Roster) -> tuple[tuple[str, ...], ...]:
    """Return the twins of whom at least one row asks, in writing, that they share a class."""
    twins = sorted((a for a in roster if a.twin_group), key=lambda a: a.twin_group)
    groups = [list(group) for _, group in groupby(twins, key=lambda a: a.twin_group)]
    return tuple(tuple(a.sid for a in group) for group in groups if any(a.together for a in group))


def _bands(digests: Mapping[str, str], applicants: Sequence[Applicant], bands: int) -> dict[str, str]:
    """Return the score band of every child: equal parts of the order by sum of scores, then digest."""
    sums = {sid: sum(tenths) for sid, tenths in scores_of(applicants).items()}
    order = sorted(sums, key=lambda sid: (sums[sid], digests[sid]))
    return {sid: f"{at * bands // len(order) + 1:04d}" for at, sid in enumerate(order)}


def _level(
    applicants: Sequence[Applicant], name: str, digests: Mapping[str, str], bands: int
) -> dict[str, str]:
    if name == "score":
        return _bands(digests, applicants, bands)
    if name == "gender":
        return {a.sid: a.gender or "" for a in applicants}
    if name == "need":
        return {a.sid: "yes" if a.need else "no" for a in applicants}
    if name == "kindergarten":
        return {a.sid: a.kindergarten for a in applicants}
    raise PolicyError(messages.text("draw.no_level", name=name))


def commit_split(
    roster: Roster,
    terms: Manifest,
    secrets: Mapping[str, str],
    *,
    separate: Sequence[tuple[str, str]] = (),
    need_cap: int = 0,
    bands: int = BANDS,
) -> Commitment:
    """Return the commitment of a class split.

    Parameters
    ----------
    roster
        The children; twins who asked for it become groups.
    terms
        The manifest with everything but what follows from the roster; ``levels`` names the strata in order of
        priority: ``gender``, ``need``, ``kindergarten``, ``score``.
    secrets
        Receipt code by child, as :func:`~zoning.lottery.records.new_sid` makes them.
    separate
        Pairs who must not share a class.
    need_cap
        Most children with special needs in one class; 0 without such a rule.
    bands
        How many bands the level ``score`` has.

    Raises
    ------
    DrawError
        When a record cannot be encoded, a number stands twice, the terms are refused, or a level or a polish
        needs scores that are missing.
    PolicyError
        When a level is unknown or constraints contradict each other.
    """
    applicants = tuple(roster)
    if terms.polish:
        scores_of(applicants)
    if need_cap and "need" not in terms.levels:
        raise PolicyError(messages.text("draw.cap_level"))
    records = tuple(PrivateRecord(a) for a in applicants)
    digests = _digests(records, secrets)
    levels = [_level(applicants, name, digests, bands) for name in terms.levels]
    caps = [{"yes": need_cap} if name == "need" and need_cap else {} for name in terms.levels]
    tree, paths = grow_strata(digests, levels, classes=terms.classes, caps=caps, sizes=terms.capacities)
    public = PublicRoster(tuple(PublicRecord(sid, h, paths[sid]) for sid, h in digests.items()))
    asked = Constraints(requested_groups(roster), tuple(separate))
    manifest = replace(_bound(terms, public, asked), strata=tree)
    return _committed(manifest, public, asked, records, secrets)


def commit_seats(roster: Roster, terms: Manifest, secrets: Mapping[str, str]) -> Commitment:
    """Return the commitment of a seat draw; twins with the same choices and tier share one ticket.

    Parameters
    ----------
    roster
        The children with their tiers and choices.
    terms
        The manifest with everything but what follows from the roster.
    secrets
        Receipt code by child.

    Raises
    ------
    DrawError
        When a record cannot be encoded, a number stands twice, or the terms are refused.
    """
    applicants = tuple(roster)
    records = tuple(PrivateRecord(a) for a in applicants)
    digests = _digests(records, secrets)
    families: dict[tuple[str, tuple[str, ...], int], str] = {}
    for a in sorted(applicants, key=lambda a: a.sid):
        families.setdefault((a.twin_group or a.sid, a.choices, a.tier), a.sid)
    public = PublicRoster(
        tuple(
            PublicRecord(
                a.sid,
                digests[a.sid],
                choices=tuple(Choice(school, a.tier) for school in a.choices),
                family=families[a.twin_group or a.sid, a.choices, a.tier],
            )
            for a in applicants
        )
    )
    asked = Constraints()
    return _committed(_bound(terms, public, asked), public, asked, records, secrets)


def commit_late(
    roster: Roster,
    terms: Manifest,
    secrets: Mapping[str, str],
    *,
    separate: Sequence[tuple[str, str]] = (),
    closed: Sequence[tuple[str, int]] = (),
) -> Commitment:
    """Return the commitment of a closed batch of late arrivals; twins who asked for it become groups.

    Parameters
    ----------
    roster
        The children of the batch.
    terms
        The manifest with everything but what follows from the roster; ``capacities`` are the children of
        every class before.
    secrets
        Receipt code by child.
    separate
        Pairs of the batch who must not share a class.
    closed
        Child and class that it may not join.

    Raises
    ------
    DrawError
        When a record cannot be encoded, a number stands twice, or the terms are refused.
    PolicyError
        When constraints contradict each other.
    """
    records = tuple(PrivateRecord(a) for a in roster)
    digests = _digests(records, secrets)
    public = PublicRoster(tuple(PublicRecord(sid, h) for sid, h in digests.items()))
    asked = Constraints(requested_groups(roster), tuple(separate), tuple(closed))
    return _committed(_bound(terms, public, asked), public, asked, records, secrets)


def commit_items(items: Sequence[str], terms: Manifest) -> Committed:
    """Return the public files of a draw without children: head teachers, or schools to inspect.

    Parameters
    ----------
    items
        What the public files call them.
    terms
        The manifest with everything else.

    Raises
    ------
    DrawError
        When one stands twice or the terms are refused.
    """
    asked = Constraints()
    committed = Committed(replace(terms, items=tuple(sorted(items)), constraints=asked.root))
    committed.check()
    return committed


def _bound(terms: Manifest, roster: PublicRoster, asked: Constraints) -> Manifest:
    return replace(
        terms,
        n=len(roster),
        roster=roster.root,
        constraints=asked.root,
        together=len(asked.together),
        separate=len(asked.separate),
        closed=len(asked.closed),
    )


def _committed(
    manifest: Manifest,
    roster: PublicRoster,
    asked: Constraints,
    records: tuple[PrivateRecord, ...],
    secrets: Mapping[str, str],
) -> Commitment:
    public = Committed(manifest, roster, asked)
    public.check()
    try_draw(public)
    return Commitment(public, records, dict(secrets))


def dummy_secrets(roster: Roster) -> dict[str, str]:
    """Return receipt codes that are public, for rehearsals: they hide nothing."""
    return {a.sid: code_of(at.to_bytes(16, "big")) for at, a in enumerate(roster, start=1)}
