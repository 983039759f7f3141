"""Whether the lines of the yearly record still follow each other as they were written."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError, Problem
from zoning.lottery import canonical

__all__ = [
    "FORMAT",
    "RECORD",
    "START",
    "check_chain",
    "files_of",
    "is_same_decision",
    "lines_of",
    "record_head",
    "sha256",
]

RECORD: Final = "record.jsonl"
FORMAT: Final = 1
START: Final = "0" * 64
"""What the first line follows."""
_DECIDED: Final = ("place", "year", "plans", "data", "ledger", "overrides")
_SHAPE: Final = {
    "format": int, "number": int, "place": str, "year": int, "plans": [{"stage": str, "sha256": str}],
    "data": str, "ledger": str, "overrides": [{"code": str, "reason": str}],
    "files": [{"name": str, "sha256": str}], "program": str, "replaces": str,
    "reason": str, "before": str, "sha256": str,
}  # fmt: skip


def record_head(data: bytes) -> str:
    """Return the SHA-256 of the last line, to be printed where nobody can change it; empty without a line."""
    lines = lines_of(data)
    return sha256(lines[-1]) if lines else ""


def check_chain(data: bytes, *, head: str = "") -> tuple[Problem, ...]:
    """Return what is wrong with a record: lines changed, removed, put in another order or put in between.

    Whoever rewrites the end of a record and every digest in it makes a record that holds together; only a
    head that was printed elsewhere tells.

    Parameters
    ----------
    data
        The record.
    head
        SHA-256 of the line that was last when it was printed; empty when none is known.

    Examples
    --------
    >>> [problem.code for problem in check_chain(b"{}")]
    ['public_ledger.record_open', 'public_ledger.record_line']
    """
    lines = lines_of(data)
    problems = []
    if data and not data.endswith(b"\n"):
        problems.append(messages.problem("public_ledger.record_open", file=RECORD, row=len(lines)))
    read = [_line(line) for line in lines]
    trusted = []
    for row, line in enumerate(read, start=1):
        code = "record_line" if line is None else "record_changed" if not _holds(line) else ""
        if code:
            problems.append(messages.problem(f"public_ledger.{code}", file=RECORD, row=row))
        trusted.append(not code)
    problems += _order(lines, read, trusted)
    if not problems:
        problems += _unruly([line for line in read if line is not None])
    if head and not problems and head.lower() not in map(sha256, lines):
        problems.append(messages.problem("public_ledger.record_head", file=RECORD, value=head[:16]))
    return tuple(problems)


def is_same_decision(line: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two lines say that the same was decided, however their files were made.

    Parameters
    ----------
    line, other
        What two lines of a record hold.
    """
    return all(line[name] == other[name] for name in _DECIDED)


def _unruly(read: list[dict[str, Any]]) -> list[Problem]:
    """Return the lines that no program wrote: of another format, or that replace a decision unsaid."""
    found: list[Problem] = []
    standing: dict[tuple[str, int], dict[str, Any]] = {}
    for row, line in enumerate(read, start=1):
        whose = (line["place"], line["year"])
        last = standing.get(whose)
        standing[whose] = line
        if line["format"] != FORMAT:
            found.append(messages.problem("public_ledger.record_format", file=RECORD, row=row))
        elif line["replaces"] != (last["sha256"] if last else "") or (
            last and not line["reason"] and not is_same_decision(line, last)
        ):
            found.append(messages.problem("public_ledger.record_unruly", file=RECORD, row=row))
    return found


def _order(lines: list[bytes], read: list[dict[str, Any] | None], trusted: list[bool]) -> list[Problem]:
    """Return where the lines do not follow each other; a line that is changed itself is not told twice."""
    found: list[tuple[int, str, str]] = []
    kept, extra = _without_extra(lines, read)
    found += [(row, "record_inserted", "") for row in extra]
    numbers = {number for _, number in kept}
    highest, last = 0, (0, 0, True)
    for row, number in kept:
        # No more are looked at than can stand in the record: a number may be as large as somebody likes.
        lost = [one for one in range(highest + 1, min(number, highest + len(kept) + 2)) if one not in numbers]
        if lost:
            last_lost = max(lost[-1], number - 1 if number - 1 not in numbers else 0)
            found.append((row, "record_removed", _span(lost[0], last_lost)))
        if number < highest:
            found.append((row, "record_order", str(number)))
        line = read[row - 1]
        if line is not None and trusted[row - 1] and last[2] and number == last[1] + 1:
            previous = sha256(lines[last[0] - 1]) if last[0] else START
            if line["before"] != previous:
                found.append((max(1, last[0]), "record_replaced", ""))
        highest, last = max(highest, number), (row, number, trusted[row - 1])
    return [
        messages.problem(f"public_ledger.{code}", file=RECORD, row=row, value=value or None)
        for row, code, value in sorted(found)
    ]


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _without_extra(
    lines: list[bytes], read: list[dict[str, Any] | None]
) -> tuple[list[tuple[int, int]], list[int]]:
    """Return rows with their numbers, and the rows of a number that stands twice which no line follows."""
    followed = {line["before"] for line in read if line is not None}
    kept: dict[int, int] = {}
    extra: list[int] = []
    order: list[tuple[int, int]] = []
    for row, line in enumerate(read, start=1):
        number = (order[-1][1] if order else 0) + 1 if line is None else int(line["number"])
        if number not in kept:
            kept[number] = row
            order.append((row, number))
        elif sha256(lines[row - 1]) in followed and sha256(lines[kept[number] - 1]) not in followed:
            extra.append(kept[number])
            order = [(row, number) if one == (kept[number], number) else one for one in order]
            kept[number] = row
        else:
            extra.append(row)
    return sorted(order), extra


def _line(line: bytes) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = canonical.decode(line, name=RECORD)
        canonical.check_shape(value, _SHAPE, RECORD)
    except DrawError:
        return None
    return value


def _holds(line: Mapping[str, Any]) -> bool:
    """Tell whether a line is what its own digest says."""
    return bool(sha256(canonical.encode({k: v for k, v in line.items() if k != "sha256"})) == line["sha256"])


def files_of(data: bytes) -> dict[str, str]:
    """Return the SHA-256 of every file that a record says to be there, by name.

    A line takes away the files of the one of the same place and year that it follows; a file of one name in
    several years is that of the line that wrote it last.

    Parameters
    ----------
    data
        A record whose chain holds.
    """
    found: dict[str, tuple[tuple[str, int], str]] = {}
    for line in (canonical.decode(one, name=RECORD) for one in lines_of(data)):
        whose = (line["place"], line["year"])
        found = {name: one for name, one in found.items() if one[0] != whose}
        found |= {one["name"]: (whose, one["sha256"]) for one in line["files"]}
    return {name: found[name][1] for name in sorted(found)}


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines of a record without their ends."""
    return data.removesuffix(b"\n").split(b"\n") if data.strip(b"\n") else []


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, hex."""
    return hashlib.sha256(data).hexdigest()
