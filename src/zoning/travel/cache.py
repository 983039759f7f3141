"""Travel times kept between runs, under a key of everything that they depend on, with a checksum.

A stored table is found again only when the street map, barriers, points, mode and the code of this folder
are all the same; it is used only when its checksum holds.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from zoning.errors import Text
from zoning.policy import Mode
from zoning.travel.times import TravelTimes

KEEP: Final = 24
"""Stored tables that are kept in a folder; the ones used longest ago go."""

_ARRAYS: Final = ("seconds", "metres", "block_snap_m", "school_snap_m")
CacheFolder = Path | str | Literal[False] | None


def folder_of(cache_folder: CacheFolder) -> Path | None:
    """Return the folder to store in: the user's cache folder for None, no folder for False."""
    if cache_folder is False:
        return None
    if cache_folder is not None:
        return Path(cache_folder)
    from platformdirs import user_cache_path  # noqa: PLC0415 - needed by this answer only

    return user_cache_path("zoning") / "travel"


def key_of(parts: Iterable[object]) -> str:
    """Return the SHA-256 of everything that travel times depend on, hex.

    Parameters
    ----------
    parts
        Bytes, arrays, and anything else by its ``repr``.
    """
    digest = hashlib.sha256(code_digest())
    for part in parts:
        content = part.tobytes() if isinstance(part, np.ndarray) else part
        data = content if isinstance(content, bytes) else repr(content).encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@cache
def code_digest() -> bytes:
    """Return the SHA-256 of the code of this folder: other code, other times."""
    digest = hashlib.sha256()
    for source in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if source.name.endswith(".py"):
            digest.update(source.read_bytes())
    return digest.digest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def stored_at(folder: Path, key: str) -> Path:
    """Return the file that the times of a key are stored in."""
    return folder / f"times-{key[:32]}.npz"


def load(
    path: Path,
    key: str,
    block_ids: tuple[str, ...],
    school_ids: tuple[str, ...],
    mode: Mode,
) -> TravelTimes | None:
    """Return the stored times of a key, None when they are damaged.

    Parameters
    ----------
    path
        The file.
    key
        What they must have been computed from.
    block_ids, school_ids, mode
        As in :class:`TravelTimes`.
    """
    try:
        with path.open("rb") as source, np.load(source, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _ARRAYS}
            notes, seal = stored["notes"], stored["seal"].tobytes()
        if _seal(key, arrays, notes) != seal:
            return None
        texts = tuple(Text(en, zh) for en, zh in json.loads(notes.tobytes()))
        os.utime(path)
        return TravelTimes(**arrays, block_ids=block_ids, school_ids=school_ids, mode=mode, notes=texts)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def save(path: Path, key: str, times: TravelTimes) -> None:
    """Store times whole or not at all; a folder that cannot be written to is passed over."""
    arrays = {name: np.asarray(getattr(times, name)) for name in _ARRAYS}
    text = json.dumps([[note.en, note.zh] for note in times.notes], ensure_ascii=False)
    notes = np.frombuffer(text.encode(), dtype=np.uint8)
    seal = np.frombuffer(_seal(key, arrays, notes), dtype=np.uint8)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".times-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as target:
                np.savez(target, allow_pickle=False, **arrays, notes=notes, seal=seal)
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
        _prune(path.parent)
    except OSError:
        return


def _prune(folder: Path) -> None:
    stored = sorted(folder.glob("times-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in stored[KEEP:]:
        old.unlink(missing_ok=True)


def _seal(key: str, arrays: dict[str, npt.NDArray[np.float32]], notes: npt.NDArray[np.uint8]) -> bytes:
    digest = hashlib.sha256(key.encode())
    for name in _ARRAYS:
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    digest.update(notes.tobytes())
    return digest.digest()
