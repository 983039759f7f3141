"""The yearly record: a line for every publication, chained by SHA-256, so that nothing is rewritten unseen.

The format stands in ``docs/publication.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.errors import DataError, DrawError, Problem
from zoning.lottery import canonical
from zoning.public.chain import RECORD, START, check_chain, files_of, lines_of, sha256
from zoning.public.ledger.values import Ledger
from zoning.public.publication import Publication

__all__ = ["RecordEntry", "append_record", "check_record", "read_record", "record_entry"]

FORMAT: Final = 1
_SHORTEST: Final = 8
_DECIDED: Final = ("place", "year", "plans", "data", "ledger", "overrides")
"""What makes two publications the same: what was decided, and not how its files were made."""
_TRACES: Final = ("finder-*.html", "addresses-*.csv", "certificate.json", "ledger.json", "publication.json")
"""Files that show that something was published here."""


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


def read_record(folder: Path | str, *, reason: str = "") -> bytes:
    """Return the record of a public folder; empty where a record begins.

    Parameters
    ----------
    folder
        The public folder; it need not exist.
    reason
        Why a new record begins although something was published here before.

    Raises
    ------
    DataError
        When the record cannot be read; also when there is none although publications stand in the folder and
        no reason says why.

    Examples
    --------
    >>> read_record("no-such-folder")
    b''
    """
    home = Path(folder)
    try:
        return (home / RECORD).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        traces = sorted(path.name for pattern in _TRACES for path in home.glob(pattern))
        if not traces or reason.strip():
            return b""
        problem = messages.problem("public_ledger.record_gone", file=RECORD, value=", ".join(traces))
    except OSError as error:
        problem = messages.problem("public_ledger.record_unread", file=RECORD, why=messages.reason(error))
    raise DataError([problem])


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
        When the record is broken, or another decision stands there for the year and the entry does not name
        the line it replaces and why.

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
    standing = [line for line in lines if (line["place"], line["year"]) == (entry.place, entry.year)]
    is_same = bool(standing) and all(standing[-1][name] == content[name] for name in _DECIDED)
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


def check_record(folder: Path | str, *, head: str = "") -> tuple[Problem, ...]:
    """Return what is wrong with a public folder: its record, or files that are not those of the record.

    Parameters
    ----------
    folder
        The public folder.
    head
        SHA-256 of the line that was last when it was printed; empty when none is known.

    Raises
    ------
    DataError
        When there is no record, or it cannot be read.
    """
    home = Path(folder)
    if not (home / RECORD).exists():
        raise DataError([messages.problem("public_ledger.record_none", file=RECORD, value=home.as_posix())])
    data = read_record(home)
    problems = check_chain(data, head=head)
    if any(one.code != "public_ledger.record_head" for one in problems):
        return problems
    said = files_of(data)
    there = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    found = {path.as_posix() for path in there if not any(part.startswith(".") for part in path.parts)}
    found.discard(RECORD)
    changed = {name for name in found & said.keys() if sha256((home / name).read_bytes()) != said[name]}
    codes = {
        **dict.fromkeys(said.keys() - found, "file_missing"),
        **dict.fromkeys(found - said.keys(), "file_strange"),
        **dict.fromkeys(changed, "file_changed"),
    }
    return (
        *problems,
        *(messages.problem(f"public_ledger.{codes[name]}", file=name) for name in sorted(codes)),
    )


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
    value = entry.replaces or None
    return messages.problem(
        f"public_ledger.{code}", file=RECORD, value=value, year=entry.year, digest=digest[:16]
    )
