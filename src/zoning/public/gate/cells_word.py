"""What a Word document holds: paragraphs, tables, headers and footers, and who it says wrote it."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from zoning.public.gate.cells import Cell, UnreadableError

__all__ = ["word_cells"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, KeyError)
"""What a damaged archive makes its reader raise."""
_LARGEST: Final = 50_000_000
"""Bytes of one part at most: a part that unpacks to more is no letter to parents."""


def word_cells(data: bytes) -> Iterator[Cell]:
    """Yield the text of every part of a document, tables cell by cell.

    Parameters
    ----------
    data
        Bytes of the document.

    Raises
    ------
    UnreadableError
        When it is no such document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [one for one in packed.infolist() if one.filename.endswith(".xml")]
            if any(one.file_size > _LARGEST for one in names):
                raise UnreadableError
            parts = {
                one.filename: packed.read(one) for one in names if one.filename.startswith(("word/", "doc"))
            }
        trees = {name: ET.fromstring(part) for name, part in parts.items()}  # noqa: S314 - no entities: bounded above
    except (ET.ParseError, *_BROKEN) as error:
        raise UnreadableError from error
    for name, tree in trees.items():
        if name.startswith("docProps/"):
            yield from (Cell(one.text, name) for one in tree.iter() if one.text and one.text.strip())
        else:
            yield from _part(tree, name.removeprefix("word/").removesuffix(".xml"))


def _part(tree: ET.Element, name: str) -> Iterator[Cell]:
    seen: set[ET.Element] = set()
    for at, table in enumerate(tree.iter(f"{_W}tbl"), start=1):
        seen.update(table.iter(f"{_W}p"))
        rows = [[_cell(one) for one in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                # The heads of a form that is still to be filled in say nothing of anybody.
                filled = number == 1 and any(len(one) > column and one[column] for one in rows[1:])
                if text:
                    yield Cell(text, f"{name}, table {at}", row=number, is_header=filled)
    for number, paragraph in enumerate(tree.iter(f"{_W}p"), start=1):
        text = _text(paragraph)
        if paragraph not in seen and text.strip():
            yield Cell(text, name, row=number)


def _cell(cell: ET.Element) -> str:
    return " ".join(_text(one) for one in cell.iter(f"{_W}p")).strip()


def _text(paragraph: ET.Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{_W}t"))
