"""Outputs are written whole or not at all."""

import os
from pathlib import Path

import pytest

from zoning.errors import ZoningError
from zoning.publish.whole import whole_files, write_whole


def _fail_while_writing(folder: Path) -> None:
    with whole_files(folder) as draft:
        (draft / "a.txt").write_text("new")
        raise RuntimeError("disk full")


def _write_two(folder: Path) -> None:
    with whole_files(folder) as draft:
        for name in ("a.txt", "b.txt"):
            (draft / name).write_text("new")


def test_a_failure_leaves_the_old_files(tmp_path: Path) -> None:
    """A run that breaks off half-way leaves neither a half file nor a mixed set."""
    write_whole(tmp_path / "a.txt", "old")
    with pytest.raises(RuntimeError, match="disk full"):
        _fail_while_writing(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_failure_leaves_no_new_folder(tmp_path: Path) -> None:
    """When nothing could be written, no empty folder suggests otherwise."""
    with pytest.raises(RuntimeError, match="disk full"):
        _fail_while_writing(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """Writing where a file stands gives a message with the cure, not a traceback."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ZoningError, match=r"Cannot write in the folder .*file.*--out") as caught:
        write_whole(tmp_path / "file" / "atlas.html", "x")
    assert "无法写入文件夹" in caught.value.text.zh


def test_an_interruption_while_files_move_puts_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two files leaves the old set, on file systems without second names too."""
    for name in ("a.txt", "b.txt"):
        write_whole(tmp_path / name, "old")
    move = os.replace

    def moved(path: Path, to: Path) -> None:
        if to.name == "b.txt" and path.read_text() == "new":
            raise KeyboardInterrupt("stopped")
        move(path, to)

    def no_link(path: Path, to: Path) -> None:
        raise OSError(95, "not supported", str(path), None, str(to))

    monkeypatch.setattr(os, "replace", moved)
    monkeypatch.setattr(Path, "hardlink_to", no_link)
    with pytest.raises(KeyboardInterrupt, match="stopped"):
        _write_two(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old", "b.txt": "old"}
