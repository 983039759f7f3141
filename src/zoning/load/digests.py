"""Digests of an input folder: of all that was read, and of what a plan is made from."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from zoning.load.settings import TOML

__all__ = ["folder_digest", "planning_digest"]

_SIDECARS: Final = (".shx", ".dbf", ".prj", ".cpg")
_PRINTED: Final = ("map_approval", "attribution", "data_date")
"""Keys of ``[place]`` that are printed and change no plan."""


def folder_digest(folder: Path, paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files, by name: the same folder gives the same digest anywhere.

    Parameters
    ----------
    folder
        The input folder.
    paths
        The files that were read of it; what belongs to a shapefile is added.
    """
    return _digest((path.name, path.read_bytes()) for path in _whole(folder, paths))


def planning_digest(folder: Path, paths: Iterable[Path]) -> str:
    """Return the SHA-256 of what a plan is made from: as :func:`folder_digest`, less what is only published.

    ``[publish]`` of ``zoning.toml`` and what ``[place]`` says for print are left out; another phone number
    makes no plan an old one.

    Parameters
    ----------
    folder, paths
        As there, without the tables that no plan depends on.
    """
    parts = (
        (path.name, _planned(path.read_bytes()) if path.name == TOML else path.read_bytes())
        for path in _whole(folder, paths)
    )
    return _digest(parts)


def _whole(folder: Path, paths: Iterable[Path]) -> list[Path]:
    found = {folder / TOML, *paths}
    stems = {path.stem.lower() for path in found if path.suffix.lower() == ".shp"}
    beside = (path for path in folder.iterdir() if path.suffix.lower() in _SIDECARS)
    found |= {path for path in beside if path.stem.lower() in stems}
    return sorted((path for path in found if path.is_file()), key=lambda path: path.name)


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, content in parts:
        total.update(name.encode())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _planned(content: bytes) -> bytes:
    """Return the settings that a plan depends on, spelled in one way; the file was read without a fault."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    said: Mapping[str, Any] = tomllib.loads(text)
    kept = {key: value for key, value in said.items() if key != "publish"}
    if isinstance(kept.get("place"), Mapping):
        kept["place"] = {key: value for key, value in kept["place"].items() if key not in _PRINTED}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str).encode()
