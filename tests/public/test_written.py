"""What is written of a publication: whole, and nothing of an earlier one of the same year left over."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zoning.errors import ZoningError
from zoning.public import MadePublication, append_record, check_record, read_record, write_publication
from zoning.public.chain import sha256
from zoning.public.record import RecordEntry

FIRST = RecordEntry("方县", 2026, {"primary": "a"}, "", "")


def made(home: Path, year: int, *names: str, say: str = "") -> MadePublication:
    """Return a publication of a few files that follows what stands in a folder."""
    files = {name: f"{year} {name} {say}".encode() for name in (*names, "publication.json")}
    entry = replace(FIRST, year=year, files={name: sha256(data) for name, data in files.items()})
    files["record.jsonl"] = append_record(read_record(home / "public"), entry)
    nothing: Any = None
    office = {"report.xlsx": f"{year} {say}".encode(), "more/list.csv": say.encode()}
    return MadePublication(files, office, nothing, nothing, nothing)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, and every folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"folder"
        for path in folder.rglob("*")
    }


def test_files_of_an_earlier_publication_do_not_linger(tmp_path: Path) -> None:
    """The sheet of a school that has no zone any more goes; other years and files of others stay."""
    write_publication(made(tmp_path, 2026, "finder-2026.html", "print/P009-2026-zh.pdf"), tmp_path)
    names = ("finder-2027.html", "print/P001-2027-zh.pdf", "print/P002-2027-zh.pdf")
    write_publication(made(tmp_path, 2027, *names), tmp_path)
    (tmp_path / "public" / "own.txt").write_text("of somebody else")
    paths = write_publication(made(tmp_path, 2027, *names[:2]), tmp_path)
    assert {name for name, data in contents(tmp_path / "public").items() if data != b"folder"} == {
        "finder-2026.html", "print/P009-2026-zh.pdf", "finder-2027.html", "print/P001-2027-zh.pdf", "own.txt",
        "publication.json", "record.jsonl",
    }  # fmt: skip
    assert {path.relative_to(tmp_path).as_posix() for path in paths} == {
        "public/finder-2027.html", "public/print/P001-2027-zh.pdf", "public/publication.json",
        "public/record.jsonl", "office/report.xlsx", "office/more/list.csv",
    }  # fmt: skip
    (tmp_path / "public" / "own.txt").unlink()
    assert check_record(tmp_path / "public") == ()


def test_what_a_publication_before_the_last_one_left_goes_too(tmp_path: Path) -> None:
    """The record knows every file of the year, whatever was published of it in between."""
    for names in (("a-2026.txt", "b-2026.txt"), ("a-2026.txt", "c-2026.txt"), ("d-2026.txt",)):
        write_publication(made(tmp_path, 2026, *names), tmp_path)
        left = {path.name for path in (tmp_path / "public").glob("*-2026.txt")}
        assert left == set(names)
    assert check_record(tmp_path / "public") == ()


@pytest.mark.parametrize(
    "listed", ["../outside.txt", "/etc/hostname", "no-such-file", r"..\outside.txt", r"C:\outside.txt"]
)
def test_nothing_outside_is_taken_away(tmp_path: Path, listed: str) -> None:
    """A record that somebody made by hand removes nothing beside the publication."""
    outside = tmp_path / "outside.txt"
    outside.write_text("kept")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "record.jsonl").write_bytes(
        append_record(b"", replace(FIRST, files={listed: "0"}))
    )
    publication = made(tmp_path, 2026, "b.txt")
    (tmp_path / "public" / listed.replace("/", "_")).write_text("a name that is none on another system")
    write_publication(publication, tmp_path)
    assert outside.read_text() == "kept"
    assert (tmp_path / "public" / listed.replace("/", "_")).exists() == (listed != "no-such-file")
    (tmp_path / "public" / listed.replace("/", "_")).unlink(missing_ok=True)
    assert check_record(tmp_path / "public") == ()


def failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[int], bool]) -> list[Path]:
    """Let moves fail by their number, and return where files were to move, in order."""
    moves: list[Path] = []
    move = os.replace

    def moved(path: Path, to: Path) -> None:
        moves.append(to)
        if fails(len(moves)):
            raise PermissionError(13, "Permission denied", str(to))
        move(path, to)

    monkeypatch.setattr(os, "replace", moved)
    return moves


@pytest.mark.parametrize("first", range(1, 7))
@pytest.mark.parametrize("again", [False, True])
def test_a_move_that_fails_leaves_everything_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: int,
    again: bool,  # noqa: FBT001
) -> None:
    """Whichever file is open in Excel: no file, no folder and no line of the record is new."""
    if again:
        write_publication(made(tmp_path, 2026, "a.txt", "print/b.pdf", say="old"), tmp_path)
    new = made(tmp_path, 2026, "a.txt", "print/c.pdf", say="new")
    before = contents(tmp_path)
    with monkeypatch.context() as patched:
        failing(patched, lambda number: number == first)
        with pytest.raises(ZoningError, match=r"Cannot replace .*run again"):
            write_publication(new, tmp_path)
    assert contents(tmp_path) == before
    write_publication(new, tmp_path)
    assert check_record(tmp_path / "public") == ()


def test_the_record_moves_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pulls the plug finds a record of files that are there, never of files that are not."""
    moves = failing(monkeypatch, lambda _: False)
    write_publication(made(tmp_path, 2026, "zones.txt", "print/b.pdf"), tmp_path)
    assert [path.name for path in moves[-2:]] == ["publication.json", "record.jsonl"]


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When even the old files cannot move back, the message says which, where they lie and how to finish."""
    write_publication(made(tmp_path, 2026, "a.txt", say="old"), tmp_path)
    new = made(tmp_path, 2026, "a.txt", say="new")
    record = (tmp_path / "public" / "record.jsonl").read_bytes()
    with monkeypatch.context() as patched:
        failing(patched, lambda number: number >= 4)
        with pytest.raises(ZoningError, match=r"public/a\.txt.*run the same command again") as caught:
            write_publication(new, tmp_path)
    assert "再运行同一命令" in caught.value.text.zh
    kept = next(tmp_path.glob(".earlier-*"))
    assert kept.as_posix() in caught.value.text.en
    assert (kept / "public" / "a.txt").read_bytes() == b"2026 a.txt old"
    assert (tmp_path / "public" / "record.jsonl").read_bytes() == record
    write_publication(new, tmp_path)
    assert check_record(tmp_path / "public") == ()
