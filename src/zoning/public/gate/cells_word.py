"""What a Word document holds: paragraphs, tables, and everything else that its parts say."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from zoning.public.gate.cells import Cell, UnreadableError
from zoning.public.gate.cells_packed import other_cells, packed_parts, tree_of

__all__ = ["word_cells"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BESIDE: Final = (f"{_W}delText", f"{_W}instrText", f"{_W}delInstrText")
"""Words of a paragraph that stand beside its text: deleted ones, and those of fields."""


def word_cells(data: bytes, *, depth: int = 0) -> Iterator[Cell]:
    """Yield the text of every part of a document, tables cell by cell, then whatever else it says.

    Parameters
    ----------
    data
        Bytes of the document.
    depth
        How many files it is packed in.

    Raises
    ------
    UnreadableError
        When it, or a part of it, cannot be looked through; what can be is yielded before.
    """
    parts = packed_parts(data)
    if not any(name.startswith("word/") for name in parts):
        raise UnreadableError
    seen: set[str] = set()
    for name, part in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            tree = tree_of(part)
            seen.update(one.text for one in tree.iter(f"{_W}t") if one.text)
            yield from _part(tree, name.removeprefix("word/").removesuffix(".xml"))
    yield from other_cells(parts, seen=seen, depth=depth)


def _part(tree: ET.Element, name: str) -> Iterator[Cell]:
    inside: set[ET.Element] = set()
    for at, table in enumerate(tree.iter(f"{_W}tbl"), start=1):
        inside.update(table.iter(f"{_W}p"))
        rows = [[_cell(one) for one in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                # The heads of a form that is still to be filled in say nothing of anybody.
                filled = number == 1 and any(len(one) > column and one[column] for one in rows[1:])
                if text:
                    yield Cell(text, f"{name}, table {at}", row=number, is_header=filled)
    for number, paragraph in enumerate(tree.iter(f"{_W}p"), start=1):
        text = _text(paragraph)
        if paragraph not in inside and text.strip():
            yield Cell(text, name, row=number)
        for tag in _BESIDE:
            beside = "".join(one.text or "" for one in paragraph.iter(tag))
            if beside.strip():
                yield Cell(beside, f"{name} <{tag.removeprefix(_W)}>", row=number)


def _cell(cell: ET.Element) -> str:
    return " ".join(_text(one) for one in cell.iter(f"{_W}p")).strip()


def _text(paragraph: ET.Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{_W}t"))
