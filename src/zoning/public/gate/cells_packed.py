"""What the parts of a Word document or an Excel workbook hold: every text and every attribute of each."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from xml.etree import ElementTree as ET

from zoning.public.gate.cells import PICTURES, Cell, UnreadableError, cells_of

__all__ = ["attribute_cells", "other_cells", "packed_parts", "tree_of"]

_BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, KeyError)
"""What a damaged archive makes its reader raise."""
_LARGEST: Final = 50_000_000
"""Bytes of one part at most: a part that unpacks to more is no letter to parents."""
_DEEPEST: Final = 2
"""Files inside files inside the file at most."""
_XML: Final = (".xml", ".rels", ".vml", ".rdf")
_FILES: Final = (".xlsx", ".xlsm", ".ods", ".docx", ".csv", ".txt", ".json", ".htm", ".html", *PICTURES)
_PLUMBING: Final = re.compile(
    r"[-+]?\d{1,9}(?:\.\d+)?%?|[0-9A-Fa-f]{6,8}|[A-Za-z]{1,24}"
    r"|(?:\$?[A-Z]{1,3}\$?\d{1,7}[: ]?)+|\{[-0-9A-Fa-f]{36}\}|https?://(?:schemas|purl|www\.w3)\.[\w./-]+"
)
"""Values of attributes that draw, count, point at cells or name a format."""


_LAYOUT: Final = re.compile(r"&(?:\"[^\"]*\"|\d{1,2}|[A-Za-z])")
"""Signs of layout in the header of a sheet."""


def packed_parts(data: bytes) -> Mapping[str, bytes]:
    """Return the parts of a packed file by name; the remark of the archive under an empty name.

    Parameters
    ----------
    data
        Bytes of the file.

    Raises
    ------
    UnreadableError
        When it is no such file, or a part of it unpacks to more than anybody publishes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [one for one in packed.infolist() if not one.is_dir()]
            if any(one.file_size > _LARGEST for one in inside):
                raise UnreadableError
            return {one.filename: packed.read(one) for one in inside} | {"": packed.comment}
    except _BROKEN as error:
        raise UnreadableError from error


def tree_of(part: bytes) -> ET.Element:
    """Return an XML part with its remarks.

    Raises
    ------
    UnreadableError
        When it is no XML.
    """
    builder = ET.TreeBuilder(insert_comments=True, insert_pis=True)
    try:
        return ET.fromstring(part, ET.XMLParser(target=builder))  # noqa: S314 - bounded above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise UnreadableError from error


def other_cells(parts: Mapping[str, bytes], *, seen: Collection[str] = (), depth: int = 0) -> Iterator[Cell]:
    """Yield every text and attribute of parts, the files packed among them, and their names.

    Parameters
    ----------
    parts
        The parts by name.
    seen
        Texts that were looked through before.
    depth
        How many files the parts are packed in.

    Raises
    ------
    UnreadableError
        After everything else, when a part cannot be looked through.
    """
    unread = False
    for name, part in parts.items():
        yield Cell(name, "name of a part")
        try:
            if not name:
                yield Cell(part.decode("utf-8", "replace"), "remark")
            elif name.lower().endswith(_XML):
                yield from _tree_cells(tree_of(part), name, seen)
            elif name.lower().endswith(_FILES) and depth < _DEEPEST:
                yield from cells_of(name, part, depth=depth + 1)
            else:
                unread = True
        except UnreadableError:
            unread = True
    if unread:
        raise UnreadableError


def _tree_cells(tree: ET.Element, name: str, seen: Collection[str]) -> Iterator[Cell]:
    for one in tree.iter():
        where = f"{name} <{_plain(one.tag)}>"
        for text in (one.text, one.tail):
            if text and text.strip() and text not in seen:
                yield Cell(_LAYOUT.sub(" ", text) if text.startswith("&") else text, where)
    yield from attribute_cells(tree, name)


def attribute_cells(tree: ET.Element, name: str) -> Iterator[Cell]:
    """Yield the attributes of a part that say something, each once.

    Parameters
    ----------
    tree
        The part.
    name
        Its name.
    """
    said: set[tuple[str, str]] = set()
    for one in tree.iter():
        for key, value in one.attrib.items():
            if (key, value) in said:
                continue
            said.add((key, value))
            if not _PLUMBING.fullmatch(value) and value.strip():
                yield Cell(value, f"{name} <{_plain(one.tag)} {_plain(key)}>")


def _plain(tag: object) -> str:
    """Return a tag without its name space; a mark for a remark."""
    return PurePosixPath(tag.rpartition("}")[2]).name if isinstance(tag, str) else "!--"
