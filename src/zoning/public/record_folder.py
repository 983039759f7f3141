"""A public folder and its record: what stands there, and whether it is what the record says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from zoning import messages
from zoning.errors import DataError, Problem
from zoning.public.chain import RECORD, check_chain, files_of, sha256

__all__ = ["check_record", "read_record", "record_bytes", "strange_files"]

_TRACES: Final = ("finder-*.html", "addresses-*.csv", "certificate.json", "ledger.json", "publication.json")
"""Files that show that something was published here."""
_SHOWN: Final = 6
_OF_SYSTEMS: Final = {"desktop.ini", "thumbs.db"}
"""Files that a file manager leaves anywhere; those whose name begins with a dot are no other."""


def read_record(folder: Path | str, *, reason: str = "") -> bytes:
    """Return the record of a public folder to which a line may be added; empty where a record begins.

    Parameters
    ----------
    folder
        The public folder; it need not exist.
    reason
        Why a new record begins although something was published here before.

    Raises
    ------
    DataError
        When the record cannot be read; when there is none, or an empty one, although publications stand in
        the folder, and no reason says why; and when files there are others than the record says: somebody
        took lines off its end, or changed what was published.

    Examples
    --------
    >>> read_record("no-such-folder")
    b''
    """
    home = Path(folder)
    data = record_bytes(home)
    if not data.strip():
        traces = sorted(path.name for pattern in _TRACES for path in home.glob(pattern))
        if traces and not reason.strip():
            value = ", ".join(traces)
            raise DataError([messages.problem("public_ledger.record_gone", file=RECORD, value=value)])
        return b""
    if not check_chain(data):
        other = _other_files(home, data)
        if other:
            shown = ", ".join(other[:_SHOWN]) + (", …" if len(other) > _SHOWN else "")
            raise DataError([messages.problem("public_ledger.record_contradicted", file=RECORD, value=shown)])
    return data


def _other_files(home: Path, data: bytes) -> list[str]:
    """Return the published files in a folder that are not those of its record; missing ones do no harm."""
    said, there = files_of(data), _files(home)
    traces = {path.name for pattern in _TRACES for path in home.glob(pattern)}
    return sorted(_changed(home, said, there) | (there & traces) - said.keys())


def _changed(home: Path, said: Mapping[str, str], there: set[str]) -> set[str]:
    """Return the files that the record names and that are other ones."""
    return {name for name in there & said.keys() if sha256((home / name).read_bytes()) != said[name]}


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
        When there is no record or an empty one, or it cannot be read.
    """
    home = Path(folder)
    data = record_bytes(home)
    if not data.strip():
        raise DataError([messages.problem("public_ledger.record_none", file=RECORD, value=home.as_posix())])
    problems = check_chain(data, head=head)
    if any(one.code != "public_ledger.record_head" for one in problems):
        return problems
    said, found = files_of(data), _files(home)
    codes = {
        **dict.fromkeys(said.keys() - found, "file_missing"),
        **dict.fromkeys(found - said.keys(), "file_strange"),
        **dict.fromkeys(_changed(home, said, found), "file_changed"),
    }
    return (
        *problems,
        *(messages.problem(f"public_ledger.{codes[name]}", file=name) for name in sorted(codes)),
    )


def strange_files(folder: Path | str) -> list[str]:
    """Return the files of a public folder that its record does not name: they were never looked through.

    Parameters
    ----------
    folder
        The public folder, with a record whose chain holds.
    """
    home = Path(folder)
    return sorted(_files(home) - files_of(record_bytes(home)).keys())


def record_bytes(home: Path) -> bytes:
    """Return the bytes of a public folder's record as it stands there; empty where there is none.

    Parameters
    ----------
    home
        The public folder; it need not exist.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    try:
        return (home / RECORD).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        why = messages.reason(error)
        raise DataError([messages.problem("public_ledger.record_unread", file=RECORD, why=why)]) from error


def _files(home: Path) -> set[str]:
    """Return the names of the files in a folder, without the record and what a file manager leaves."""
    paths = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in paths
        if path.as_posix() != RECORD
        and path.name.lower() not in _OF_SYSTEMS
        and not any(part.startswith(".") for part in path.parts)
    }
