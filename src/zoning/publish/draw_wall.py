"""The lists on the wall: masked names and wall codes, one class or school a sheet.

What must not meet: a name, even a masked one, and a registration number. The transcript gives every number
its class or school, and with the public roster its place on every waiting list. So a list of names is ordered
by wall code and holds nothing that the transcript orders or counts one by one, and a waiting list, whose
places everybody can compute, shows the ends of numbers and no name.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError, Text
from zoning.lottery import Manifest, Tickets, Transcript, digest_groups, draw_seats
from zoning.lottery.bundle import Bundle
from zoning.lottery.records import wall_code
from zoning.lottery.rehearsal import VOID
from zoning.lottery.seed import earliest
from zoning.publish.draw_words import DAY_S, WALL_DAYS, local_date, local_time, said, void_mark
from zoning.publish.masking import masked_name

__all__ = ["LEAST_NAMED", "results_csv", "wait_lists", "waiting_csv", "wall_data"]

LEAST_NAMED: Final = 5
"""Children of a list from which on their names are shown: of fewer, a name would lead to a number."""
_END: Final = 8
"""Last characters of a registration number on a waiting list."""
_ROWS: Final = {"children": 60, "waiting": 120, "items": 60}
Waiting = Mapping[str, Sequence[str]]
Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One list: what it is of, how it is headed, its rows."""

    kind: str
    title: Text
    count: Text
    heads: tuple[str, str]
    note: Text
    rows: Rows


def _named(rows: Iterable[tuple[str, str]], title: Text, count: Text) -> _Sheet:
    """Return a list of masked names, without them where they are too few."""
    ordered = sorted((code, name) for name, code in rows)
    if len(ordered) < LEAST_NAMED:
        note = said("note_few", least=LEAST_NAMED)
        return _Sheet("children", title, count, ("masked", "code"), note, [("–", c) for c, _ in ordered])
    shown = [(name or "–", code) for code, name in ordered]
    return _Sheet("children", title, count, ("masked", "code"), said("note_children"), shown)


def _by_goal(bundle: Bundle, transcript: Transcript) -> dict[str, list[tuple[str, str]]]:
    """Return masked name and wall code of the children of every class or school."""
    seen = {
        one["record"]["sid"]: (masked_name(one["record"]["name"]), wall_code(one["code"]))
        for one in bundle.children
    }
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for sid, goal in transcript.result:
        found[goal].append(seen[sid])
    return found


def _classes(bundle: Bundle, transcript: Transcript) -> Iterator[_Sheet]:
    found = _by_goal(bundle, transcript)
    for goal in sorted(found, key=int):
        rows = found[goal]
        yield _named(rows, said("wall_class", name=goal), said("wall_children", count=len(rows)))


def _schools(bundle: Bundle, transcript: Transcript, waiting: Waiting) -> Iterator[_Sheet]:
    found = _by_goal(bundle, transcript)
    for school, seats in bundle.public.manifest.seats:
        rows, line = found.get(school, []), waiting[school]
        yield _named(rows, said("wall_school", name=school), said("wall_offer", seats=seats, count=len(rows)))
        if line:
            title = said("wall_waiting", name=school)
            places = [(str(place), sid[-_END:]) for place, sid in enumerate(line, start=1)]
            count, note = said("wall_children", count=len(line)), said("note_waiting")
            yield _Sheet("waiting", title, count, ("place", "end"), note, places)


def _items(manifest: Manifest, transcript: Transcript) -> _Sheet:
    rows = sorted(((goal, item) for item, goal in transcript.result), key=lambda row: int(row[0]))
    is_teacher = manifest.kind == "teacher"
    title = said("wall_teachers" if is_teacher else "wall_inspect")
    heads = ("class", "teacher") if is_teacher else ("turn", "school")
    return _Sheet("items", title, said("wall_items", count=len(rows)), heads, said("note_items"), rows)


def _both(text: Text) -> list[str]:
    return [text.zh, text.en]


def _pages(sheet: _Sheet) -> Iterator[dict[str, Any]]:
    size = _ROWS[sheet.kind]
    starts = range(0, max(len(sheet.rows), 1), size)
    for at, start in enumerate(starts, start=1):
        yield {
            "kind": sheet.kind,
            "title": _both(sheet.title),
            "count": _both(sheet.count),
            "part": _both(said("wall_part", at=at, of=len(starts))) if len(starts) > 1 else [],
            "heads": [_both(said(f"column_{name}")) for name in sheet.heads],
            "note": _both(sheet.note),
            "rows": [list(row) for row in sheet.rows[start : start + size]],
        }


def wait_lists(bundle: Bundle, transcript: Transcript) -> Waiting:
    """Return the waiting lists of a seat draw, computed again; nothing for other draws.

    Raises
    ------
    DrawError
        When the transcript belongs to another commitment, or its result does not follow from its key.
    """
    public = bundle.public
    if transcript.commitment != public.manifest.commitment.hex():
        raise DrawError(messages.text("draw.manifest_swapped"))
    if public.manifest.kind != "seat":
        return {}
    drawn = draw_seats(public.roster, public.manifest.seats, Tickets(bytes.fromhex(transcript.key)))
    if drawn.placed != transcript.result:
        raise DrawError(messages.text("draw.tampered", place="result"))
    return drawn.waiting


def wall_data(bundle: Bundle, transcript: Transcript, waiting: Waiting) -> dict[str, Any]:
    """Return what the template of the lists on the wall is filled with; both languages stand side by side.

    Parameters
    ----------
    bundle, transcript
        The draw.
    waiting
        Registration numbers by school, in order, as :func:`wait_lists` gives them.
    """
    manifest = bundle.public.manifest
    if manifest.kind == "seat":
        sheets: Iterable[_Sheet] = _schools(bundle, transcript, waiting)
    elif manifest.kind in ("split", "late"):
        sheets = _classes(bundle, transcript)
    else:
        sheets = [_items(manifest, transcript)]
    due = earliest(manifest.sources, transcript.seed)
    root = digest_groups(bytes.fromhex(transcript.root))[:19]
    foot = said("foot_wall", time=local_time(due), root=root)
    mark = void_mark(manifest)
    return {
        "title": f"{manifest.draw} · {said('wall_title').zh} {said('wall_title').en}",
        "over": " · ".join(part for part in (manifest.draw, manifest.place, manifest.school) if part),
        "head": _both(said("wall_title")),
        "foot": _both(foot),
        "check": _both(said("wall_check", date=local_date(due + WALL_DAYS * DAY_S))),
        "void": mark,
        "void_words": _both(said("void")) if mark else [],
        "pages": [page for sheet in sheets for page in _pages(sheet)],
    }


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, void: bool) -> bytes:
    """Return a CSV that spreadsheets read as UTF-8; every row of a rehearsal carries the mark."""
    text = StringIO()
    writer = csv.writer(text)
    end = [VOID] if void else []
    titles = [said(f"column_{name}") for name in (*heads, *(["void"] if void else []))]
    writer.writerow([f"{title.zh} {title.en}" for title in titles])
    writer.writerows([*row, *end] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def results_csv(manifest: Manifest, transcript: Transcript) -> bytes:
    """Return the results as the transcript holds them, no more, for spreadsheets."""
    heads = {
        "seat": ("sid", "school"),
        "teacher": ("teacher", "class"),
        "inspect": ("school", "turn"),
    }.get(manifest.kind, ("sid", "class"))
    return _table(heads, transcript.result, void=transcript.void)


def waiting_csv(waiting: Waiting, *, void: bool) -> bytes:
    """Return the waiting lists by registration number, as everybody can compute them.

    Parameters
    ----------
    waiting
        Registration numbers by school, in order.
    void
        Whether it was a rehearsal.
    """
    rows = (
        (school, str(place), sid)
        for school, line in waiting.items()
        for place, sid in enumerate(line, start=1)
    )
    return _table(("school", "place", "sid"), rows, void=void)
