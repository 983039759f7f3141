"""Files that are written whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from zoning import messages
from zoning.errors import ZoningError

__all__ = ["whole_files", "write_whole"]


@contextmanager
def whole_files(folder: Path | str, *, last: Sequence[str] = (), gone: Sequence[str] = ()) -> Iterator[Path]:
    """Give a new folder to write in; its files move to ``folder`` once all of them are written.

    When anything fails in between, also while the files move, the old files are put back and nothing new is
    left behind.

    Parameters
    ----------
    folder
        Where the files end up; made when missing.
    last
        Names of files that move after all others, in this order.
    gone
        Names of old files that are taken away once the others have moved, before the last ones.

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
    swap = _Swap(draft, target)
    try:
        yield draft
        names = sorted(p.relative_to(draft).as_posix() for p in draft.rglob("*") if p.is_file())
        ending = [name for name in last if name in names]
        swap.run([*(name for name in names if name not in ending), *gone, *ending])
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if not swap.left:
            shutil.rmtree(swap.old, ignore_errors=True)
        if is_new and not any(target.iterdir()):
            target.rmdir()


class _Swap:
    """Puts files in the place of others, and all of them back when one cannot be put there."""

    def __init__(self, draft: Path, target: Path) -> None:
        self.draft, self.target = draft, target
        self.old = draft.with_name(draft.name.replace("unfinished", "earlier"))
        self.done: list[str] = []
        self.folders: list[Path] = []
        self.left: list[str] = []

    def run(self, names: Sequence[str]) -> None:
        """Move the files of the draft; a name that the draft does not hold is taken away.

        Raises
        ------
        ZoningError
            When a file cannot be replaced; the others are put back.
        """
        for name in names:
            try:
                self._swap(name)
                self.done.append(name)
            except OSError as error:
                self._undo()
                code = "publish.half" if self.left else "publish.in_use"
                fields = {"names": ", ".join(self.left), "old": self.old}
                why = messages.reason(error)
                raise ZoningError(
                    messages.text(code, file=self.target / name, reason=why, **fields)
                ) from None
            except BaseException:
                self.done.append(name)
                self._undo()
                raise

    def _swap(self, name: str) -> None:
        path, new = self.target / name, self.draft / name
        if path.is_file():
            kept = self.old / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            try:
                kept.hardlink_to(path)
            except OSError:  # a file system without second names
                shutil.copy2(path, kept)
        if new.is_file():
            self._make_folder(path.parent)
            os.replace(new, path)  # noqa: PTH105 - the atomic rename is meant
        else:
            path.unlink(missing_ok=True)

    def _make_folder(self, folder: Path) -> None:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self.folders += missing[::-1]

    def _undo(self) -> None:
        """Put the old files back, the last one first, and note those that cannot be put back."""
        for name in reversed(self.done):
            path, kept = self.target / name, self.old / name
            try:
                if kept.is_file():
                    os.replace(kept, path)  # noqa: PTH105 - as above
                else:
                    path.unlink(missing_ok=True)
            except OSError:
                self.left.append(name)
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()


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
