"""The tables of an audit with their verdicts: the same on the screen and on paper."""

from typing import Final

from zoning import messages
from zoning.errors import Text
from zoning.lottery.audit_report import Audit, LotsBefore, SeatAfter, SeatBefore, SplitAfter, SplitBefore
from zoning.lottery.findings import Share
from zoning.publish.draw_sections import (
    Cells,
    Section,
    after_section,
    chances_section,
    facts_section,
    heads,
    percent,
    pupils_section,
    sentence,
    verdict,
)

__all__ = ["sections"]

_ROWS: Final = 60
"""Rows of schools and tiers that are printed at most."""
_CLASSES: Final = 14
"""Classes that one table has beside one another."""


def _split_before(found: SplitBefore, audit: Audit) -> list[Section]:
    facts = {
        "draws": audit.draws,
        "children": found.children,
        "classes": found.classes,
        "size_gap": found.size_gap,
        **found.wishes,
        "attempts_mean": found.attempts_mean,
        "attempts_most": found.attempts_most,
    }
    if isinstance(audit.after, SplitAfter):
        facts["attempt"] = audit.after.attempt
    made = [facts_section(facts), _strata(found, audit.draws)]
    made.append(pupils_section(found.pupils, "split", found.spread, audit.draws))
    if found.chances:
        made.append(chances_section(found.chances, "split", audit.odds["chances"]))
    if found.freedom:
        made.append(_freedom(found, pinned="freedom" in audit.striking))
    return made


def _even(least: int, most: int) -> str:
    return f"{least}" if least == most else f"{least}–{most}"


def _strata(found: SplitBefore, draws: int) -> Section:
    rows = tuple((s.label, f"{s.children}", _even(s.least, s.most), f"{s.missed}") for s in found.strata)
    missed = found.uneven
    said = (
        sentence("strata_missed", missed=f"{missed:,}")
        if missed
        else sentence("strata_ok", draws=f"{draws:,}")
    )
    return Section("strata", (said,), heads("stratum children even missed"), rows)


def _freedom(found: SplitBefore, *, pinned: bool) -> Section:
    rows = tuple(
        (
            messages.text(f"draw_audit.wish_{wish.kind}"),
            " ".join(wish.children),
            f"{wish.reached}",
            percent(wish.largest),
        )
        for wish in found.freedom
    )
    reached = [wish.reached for wish in found.freedom]
    count = sum(n < 2 for n in reached)
    said = (
        sentence("freedom_pinned", pinned=count)
        if pinned
        else sentence("freedom_ok", least=min(reached), classes=found.classes)
    )
    return Section("freedom", (said,), heads("wish who reached largest"), rows, left=2)


def _split_after(found: SplitAfter, audit: Audit) -> list[Section]:
    by_label: dict[str, list[Share]] = {}
    for share in found.shares:
        by_label.setdefault(share.label, []).append(share)
    missed = found.uneven
    said = (sentence("shares_missed", missed=missed) if missed else sentence("shares_ok"),)
    made = []
    classes = len(next(iter(by_label.values())))
    for start in range(0, classes, _CLASSES):
        stop = min(classes, start + _CLASSES)
        numbers = tuple(Text(f"{c + 1}", f"{c + 1}") for c in range(start, stop))
        rows = tuple(
            (
                label,
                _even(min(s.least for s in line), max(s.most for s in line)),
                *(f"{s.count}" if s.ok else f"{s.count}*" for s in line[start:stop]),
            )
            for label, line in by_label.items()
        )
        made.append(
            Section("shares", said if stop == classes else (), (*heads("stratum even"), *numbers), rows)
        )
    return [*made, *after_section(found.balance, found.named, "split", audit)]


def _largest(rows: list[tuple[int, tuple[str | Text, ...]]]) -> tuple[Cells, tuple[Text, ...]]:
    """Return the rows with the most children in their order, and a sentence when some are left out."""
    if len(rows) <= _ROWS:
        return tuple(row for _, row in rows), ()
    kept = sorted(sorted(range(len(rows)), key=lambda at: -rows[at][0])[:_ROWS])
    return tuple(rows[at][1] for at in kept), (sentence("cells_cut", shown=_ROWS, rows=f"{len(rows):,}"),)


def _seat_before(found: SeatBefore, audit: Audit) -> list[Section]:
    facts = {"draws": audit.draws, "children": found.children, "schools": found.schools, "seats": found.seats}
    rows, cut = _largest(
        [
            (
                c.children,
                (
                    c.school,
                    f"{c.tier}",
                    f"{c.seats:,}",
                    f"{c.children:,}",
                    percent(c.first),
                    percent(c.anywhere),
                ),
            )
            for c in found.cells
        ]
    )
    made = [
        facts_section(facts),
        Section("cells", cut, heads("school tier seats children first anywhere"), rows),
        pupils_section(found.pupils, "seat", found.spread, audit.draws),
    ]
    if found.chances:
        made.append(chances_section(found.chances, "seat", audit.odds["chances"]))
    if found.twins:
        twins = found.twins
        row = (f"{twins.children}", *map(percent, (twins.share, twins.peers, twins.error, twins.allowance)))
        said = sentence("twins_ok") if twins.ok else sentence("twins_look")
        header = heads("children twins peers error allowance")
        made.append(Section("twins", (said,), header, (row,), left=0))
    over = found.overflow
    word = "ok" if over.most <= over.limit else "broken"
    said = messages.text(
        f"draw_audit.overflow_{word}", most=over.most, limit=over.limit, mean=f"{over.mean:.1f}"
    )
    verdicts: tuple[Text, ...] = (said,)
    if isinstance(audit.after, SeatAfter):
        verdicts = (said, sentence("overflow_after", most=audit.after.overflow.most))
    return [*made, Section("overflow", verdicts)]


def _seat_after(found: SeatAfter, audit: Audit) -> list[Section]:
    rows, cut = _largest(
        [
            (c.children, (c.school, f"{c.tier}", f"{c.children:,}", f"{c.admitted:,}", _even(c.low, c.high)))
            for c in found.cells
        ]
    )
    outside = sum(not c.low <= c.admitted <= c.high for c in found.cells)
    said = sentence("cells_after_within", outside=outside, rows=f"{len(found.cells):,}")
    header = heads("school tier children admitted usual")
    table = Section("cells_after", (said, *cut), header, rows)
    return [table, *after_section(found.balance, found.named, "seat", audit)]


def _lots(found: LotsBefore, audit: Audit) -> list[Section]:
    lots = found.lots
    facts = {"draws": audit.draws, "items": lots.items, "compared": lots.compared}
    made = [facts_section(facts)]
    if audit.kind == "late":
        rows = tuple((f"{at}", f"{mean:.2f}") for at, mean in enumerate(lots.mean, start=1))
        made.append(Section("late", (), heads("place mean"), rows))
    if not lots.compared:
        return [*made, Section("items", (sentence("items_none"),))]
    said = (sentence("items_gap", children=f"{lots.compared:,}", gap=percent(lots.gap)), verdict(lots.p))
    return [*made, Section("items", said)]


def sections(audit: Audit) -> tuple[Section, ...]:
    """Return the tables of an audit in the order in which they are read."""
    before, after = audit.before, audit.after
    made: list[Section] = []
    if isinstance(before, SplitBefore):
        made += _split_before(before, audit)
    elif isinstance(before, SeatBefore):
        made += _seat_before(before, audit)
    else:
        made += _lots(before, audit)
    if isinstance(after, SplitAfter):
        made += _split_after(after, audit)
    elif isinstance(after, SeatAfter):
        made += _seat_after(after, audit)
    return tuple(made)
