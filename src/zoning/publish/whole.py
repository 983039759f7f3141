"""Files that are written whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zoning import messages
from zoning.errors import ZoningError

__all__ = ["whole_files", "write_whole"]


@contextmanager
def whole_files(folder: Path | str) -> Iterator[Path]:
    """Give a new folder to write in; its files move to ``folder`` once all of them are written.

    When anything fails in between, the old files stay as they were and nothing new is left behind.

    Parameters
    ----------
    folder
        Where the files end up; made when missing.

    Raises
    ------
    ZoningError
        When the folder cannot be written, or a file there is open in another program.
    """
    target = Path(folder)
    is_new = not target.exists()
    try:
        target.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=target))
    except OSError as error:
        why = messages.reason(error)
        raise ZoningError(messages.text("publish.no_folder", folder=target, reason=why)) from None
    try:
        yield draft
        for path in sorted(p for p in draft.rglob("*") if p.is_file()):
            _move(path, target / path.relative_to(draft))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new and not any(target.iterdir()):
            target.rmdir()


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(path, to)  # noqa: PTH105 - the atomic rename is meant
    except OSError as error:
        raise ZoningError(messages.text("publish.in_use", file=to, reason=messages.reason(error))) from None


def write_whole(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    """Write one text file whole or not at all, its line ends as given.

    Raises
    ------
    ZoningError
        When it cannot be written.
    """
    with whole_files(path.parent) as draft:
        (draft / path.name).write_text(text, encoding=encoding, newline="")
    return path
