"""Outputs are written whole or not at all."""

from pathlib import Path

import pytest

from zoning.errors import ZoningError
from zoning.publish.whole import whole_files, write_whole


def _fail_while_writing(folder: Path) -> None:
    with whole_files(folder) as draft:
        (draft / "a.txt").write_text("new")
        raise RuntimeError("disk full")


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
