"""What a workbook holds: its cells, and everything else that its parts say."""

import html
import io
import re
from collections.abc import Iterator
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from zoning.public.gate.cells import Cell, UnreadableError, table_cells
from zoning.public.gate.cells_packed import other_cells, packed_parts

__all__ = ["book_cells"]

_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_DATA: Final = re.compile(rb"<(?:\w+:)?sheetData\b.*</(?:\w+:)?sheetData>", re.DOTALL)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]+)</")
_CELL: Final = re.compile(r"(\"[^\"]*\"|'[^']*')|\$?[A-Z]{1,3}\$?\d{1,7}(?!\w)")


def book_cells(data: bytes, *, depth: int = 0) -> Iterator[Cell]:
    """Yield the cells of every sheet, then formulas, remarks, names, headers, links and what else it says.

    Parameters
    ----------
    data
        Bytes of the workbook.
    depth
        How many files it is packed in.

    Raises
    ------
    UnreadableError
        When it, or a part of it, cannot be looked through; what can be is yielded before.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (CalamineError, PasswordError, OSError) as error:
        raise UnreadableError from error
    seen: set[str] = set()
    for name, rows in sheets:
        yield Cell(name, name, is_header=True)
        for cell in table_cells(rows, sheet=name):
            seen.add(cell.text)
            yield cell
    if data.startswith(b"PK"):
        parts = dict(packed_parts(data))
        for name in filter(_SHEET.fullmatch, parts):
            yield from _formulas(name, parts[name])
            parts[name] = _DATA.sub(b"", parts[name])
        yield from other_cells(parts, seen=seen, depth=depth)


def _formulas(name: str, part: bytes) -> Iterator[Cell]:
    """Yield the formulas of a sheet, without the cells that they point at."""
    for found in dict.fromkeys(_FORMULA.findall(part)):
        text = html.unescape(found.decode("utf-8", "replace"))
        yield Cell(_CELL.sub(r"\1", text), f"{name} <f>", is_code=True)
