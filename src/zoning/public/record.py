"""The yearly record: a line for every publication, chained by SHA-256, so that nothing is rewritten unseen.

The format stands in ``docs/publication.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

from zoning import messages
from zoning.errors import DataError, DrawError, Problem
from zoning.lottery import canonical
from zoning.public.chain import FORMAT, RECORD, START, check_chain, is_same_decision, lines_of, sha256
from zoning.public.ledger.values import Ledger
from zoning.public.publication import Publication

__all__ = ["RecordEntry", "append_record", "record_entry"]

_SHORTEST: Final = 8


@dataclass(frozen=True)
class RecordEntry:
    """One publication as the record holds it.

    Parameters
    ----------
    place
        Name of the place.
    year
        School year.
    plans
        Digest of the plan by stage.
    data
        Digest of the data that was read; empty for a district made in memory.
    ledger
        SHA-256 of ``ledger.json``.
    overrides
        Reason by code of the refusals of the gate that were overridden.
    files
        SHA-256 by file name; the record itself is none of them.
    program
        Name and version of the program.
    replaces
        Digest of the line of the same year that this one replaces, or its first 8 characters or more.
    reason
        Why it is replaced, or why a new record begins, in the planner's words.
    """

    place: str
    year: int
    plans: Mapping[str, str]
    data: str
    ledger: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    program: str = ""
    replaces: str = ""
    reason: str = ""


def record_entry(
    publication: Publication,
    ledger: Ledger,
    files: Mapping[str, bytes],
    *,
    overrides: Mapping[str, str] | None = None,
    replaces: str = "",
    reason: str = "",
) -> RecordEntry:
    """Return the entry of a publication and the files that it consists of.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger.
    files
        Bytes by file name; the record itself is left out.
    overrides
        Reason by code of what the gate was overridden for.
    replaces, reason
        As in :class:`RecordEntry`.
    """
    district = publication.district
    return RecordEntry(
        place=district.place.name.zh,
        year=publication.main.year,
        plans={stage: plan.digest for stage, plan in publication.main.plans.items()},
        data=district.place.digest,
        ledger=ledger.digest,
        overrides={code: " ".join(why.split()) for code, why in sorted((overrides or {}).items())},
        files={name: sha256(files[name]) for name in sorted(files) if name != RECORD},
        program=f"zoning {version('zoning')}",
        replaces=replaces.strip(),
        reason=" ".join(reason.split()),
    )


def append_record(record: bytes, entry: RecordEntry) -> bytes:
    """Return the record with one more line; unchanged when the year's last line says the same already.

    The same decision with other files (another language, version of the program or day of the check) is a
    line that replaces the last one by itself.

    Parameters
    ----------
    record
        The record so far; empty for the first publication.
    entry
        The publication.

    Raises
    ------
    DataError
        When the record is broken, when a later year of the place stands in it, or when another decision
        stands there for the year and the entry does not name the line it replaces and why.

    Examples
    --------
    >>> entry = RecordEntry("方县", 2027, {"primary": "ab"}, "", "", files={"ledger.json": "cd"})
    >>> record = append_record(b"", entry)
    >>> append_record(record, entry) == record, check_chain(record)
    (True, ())
    """
    problems = check_chain(record)
    if problems:
        raise DataError(problems)
    lines = [canonical.decode(line, name=RECORD) for line in lines_of(record)]
    content: dict[str, Any] = {
        "place": entry.place,
        "year": entry.year,
        "plans": [{"stage": stage, "sha256": digest} for stage, digest in entry.plans.items()],
        "data": entry.data,
        "ledger": entry.ledger,
        "overrides": [{"code": code, "reason": why} for code, why in sorted(entry.overrides.items())],
        "files": [{"name": name, "sha256": digest} for name, digest in sorted(entry.files.items())],
    }
    later = max((line["year"] for line in lines if line["place"] == entry.place), default=entry.year)
    if later > entry.year:
        raise DataError(
            [messages.problem("public_ledger.record_later", file=RECORD, year=entry.year, later=later)]
        )
    standing = [line for line in lines if (line["place"], line["year"]) == (entry.place, entry.year)]
    is_same = bool(standing) and is_same_decision(standing[-1], content)
    if is_same and standing[-1]["files"] == content["files"]:
        return record
    line = content | {
        "format": FORMAT,
        "number": len(lines) + 1,
        "program": entry.program,
        "replaces": standing[-1]["sha256"] if is_same else _replaced(standing, entry),
        "reason": entry.reason,
        "before": sha256(lines_of(record)[-1]) if lines else START,
    }
    try:
        line["sha256"] = sha256(canonical.encode(line))
        return record + canonical.encode(line) + b"\n"
    except DrawError as error:  # a control character in a name or in the reason
        problem = messages.problem("public_ledger.record_text", file=RECORD, why=error.text)
        raise DataError([problem]) from None


def _replaced(standing: Sequence[Mapping[str, Any]], entry: RecordEntry) -> str:
    """Return the digest of the line that an entry replaces; empty for the first one of its year."""
    if not standing:
        if entry.replaces:
            raise DataError([_refusal("record_nothing", entry)])
        return ""
    last: str = standing[-1]["sha256"]
    if not entry.replaces or not entry.reason:
        raise DataError([_refusal("record_again", entry, last)])
    if len(entry.replaces) < _SHORTEST or not last.startswith(entry.replaces.lower()):
        raise DataError([_refusal("record_other", entry, last)])
    return last


def _refusal(code: str, entry: RecordEntry, digest: str = "") -> Problem:
    value = entry.replaces or None if code != "record_again" else None  # its sentence is not about that line
    return messages.problem(
        f"public_ledger.{code}", file=RECORD, value=value, year=entry.year, digest=digest[:16]
    )
