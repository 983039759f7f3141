"""What is written of a publication: whole, and nothing of an earlier one of the same year left over."""

import json
from pathlib import Path
from typing import Any

import pytest

from zoning.public import MadePublication, write_publication


class Gate:
    """A gate that lets everything pass."""

    def __init__(self, year: int) -> None:
        self.year = year

    def as_json(self) -> str:
        """Return what is needed of a report."""
        return json.dumps({"year": self.year})


def made(year: int, *names: str, more: dict[str, Any] | None = None) -> MadePublication:
    """Return a publication of a few files."""
    files = {name: f"{year} {name}".encode() for name in names}
    listed = {"year": year, "files": {name: {} for name in names} | (more or {})}
    files["publication.json"] = json.dumps(listed).encode()
    gate: Any = Gate(year)
    nothing: Any = None
    return MadePublication(files, {"report.xlsx": b"x"}, gate, nothing, nothing)


def names_in(folder: Path) -> set[str]:
    """Return the names of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_files_of_an_earlier_publication_do_not_linger(tmp_path: Path) -> None:
    """The sheet of a school that has no zone any more goes; other years and files of others stay."""
    write_publication(made(2026, "finder-2026.html", "print/P009-2026-zh.pdf"), tmp_path)
    write_publication(
        made(2027, "finder-2027.html", "print/P001-2027-zh.pdf", "print/P002-2027-zh.pdf"), tmp_path
    )
    (tmp_path / "public" / "own.txt").write_text("of somebody else")
    paths = write_publication(made(2027, "finder-2027.html", "print/P001-2027-zh.pdf"), tmp_path)
    assert names_in(tmp_path / "public") == {
        "finder-2026.html", "print/P009-2026-zh.pdf", "finder-2027.html", "print/P001-2027-zh.pdf", "own.txt",
        "publication.json",
    }  # fmt: skip
    assert {path.relative_to(tmp_path).as_posix() for path in paths} == {
        "public/finder-2027.html", "public/print/P001-2027-zh.pdf", "public/publication.json",
        "office/report.xlsx",
    }  # fmt: skip


@pytest.mark.parametrize("listed", ["../outside.txt", "/etc/hostname", "no-such-file"])
def test_nothing_outside_is_taken_away(tmp_path: Path, listed: str) -> None:
    """A list that somebody edited by hand removes nothing beside the publication."""
    outside = tmp_path / "outside.txt"
    outside.write_text("kept")
    write_publication(made(2027, "a.txt", more={listed: {}}), tmp_path)
    write_publication(made(2027, "b.txt"), tmp_path)
    assert outside.read_text() == "kept"
    assert names_in(tmp_path / "public") == {"b.txt", "publication.json"}


def test_a_broken_list_stops_nothing(tmp_path: Path) -> None:
    """A report that is no report is overwritten like any other file."""
    (tmp_path / "public").mkdir()
    for text in ("", "[]", '{"year": 2027, "files": 3}'):
        (tmp_path / "public" / "publication.json").write_text(text)
        write_publication(made(2027, "a.txt"), tmp_path)
        assert names_in(tmp_path / "public") == {"a.txt", "publication.json"}
