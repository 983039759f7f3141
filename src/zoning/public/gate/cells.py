"""The files of a publication as cells: every value, header and piece of text, with where it stands."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from zoning.load.workbook import as_text

__all__ = [
    "PICTURES",
    "Cell",
    "UnreadableError",
    "as_number",
    "cells_of",
    "json_cells",
    "letter",
    "table_cells",
    "text_cells",
]

PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Endings of the pictures whose words (title, author, place) are read."""

_GEOMETRY: Final = frozenset({"coordinates", "geometry", "bbox", "rings", "arcs"})
_GENERIC: Final = re.compile(r"^(value|values|count|number|amount|值|数值|数量|数)$")
_UNIT: Final = re.compile(r"^(unit|单位)$")
_DATA_URI: Final = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+")
_LINES: Final = re.compile(r"[\r\n\u2028\u2029]+")


class UnreadableError(Exception):
    """A file whose content cannot be looked through."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a file.

    Parameters
    ----------
    text
        The value as text.
    where
        Column, key or part of the page, the same for all values of one kind.
    spot
        Exactly where: cell of a sheet, path in JSON; empty where row and ``where`` say it.
    row
        Row or line; None where there is none.
    header
        Header or key over it; empty for running text.
    number
        The value where the file holds it as a number.
    about
        What the number counts where the header does not say it: first cell of its row, with its unit.
    is_header
        Whether it is itself a header or key.
    is_code
        Whether it is a line of a program, whose comments count nobody.
    """

    text: str
    where: str
    spot: str = ""
    row: int | None = None
    header: str = ""
    number: float | None = None
    about: str = ""
    is_header: bool = False
    is_code: bool = False


def cells_of(name: str, data: bytes, *, depth: int = 0) -> Iterator[Cell]:
    r"""Yield everything that a file holds.

    Parameters
    ----------
    name
        Its name; the ending tells what it is.
    data
        Its bytes.
    depth
        How many files it is packed in.

    Raises
    ------
    UnreadableError
        When it, or a part of it, cannot be looked through; what can be is yielded before.

    Examples
    --------
    >>> [(cell.row, cell.where, cell.text) for cell in cells_of("a.csv", "编号,名称\nB1,甲园\n".encode())]
    [(1, '编号', '编号'), (1, '名称', '名称'), (2, '编号', 'B1'), (2, '名称', '甲园')]
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".xlsx", ".xls", ".xlsm", ".ods"):
        from zoning.public.gate.cells_book import book_cells  # noqa: PLC0415 - each reader when it is needed

        yield from book_cells(data, depth=depth)
    elif suffix == ".gpkg":
        from zoning.public.gate.cells_layers import layer_cells  # noqa: PLC0415 - as above

        yield from layer_cells(data)
    elif suffix == ".docx":
        from zoning.public.gate.cells_word import word_cells  # noqa: PLC0415 - as above

        yield from word_cells(data, depth=depth)
    elif suffix == ".pdf":
        from zoning.public.gate.cells_pdf import pdf_cells  # noqa: PLC0415 - as above

        yield from pdf_cells(data)
    elif suffix in PICTURES:
        from zoning.public.gate.cells_picture import picture_cells  # noqa: PLC0415 - as above

        yield from picture_cells(data)
    else:
        yield from _of_text(suffix, data)


def _of_text(suffix: str, data: bytes) -> Iterator[Cell]:
    text = _decoded(data)
    if suffix in (".html", ".htm", ".svg", ".xml", ".qml"):
        from zoning.public.gate.cells_page import page_cells  # noqa: PLC0415 - as above

        yield from page_cells(text)
    elif suffix in (".json", ".geojson", ".jsonl"):
        yield from json_cells(text, lines=suffix == ".jsonl")
    elif suffix in (".csv", ".tsv"):
        yield from _separated(text, "\t" if suffix == ".tsv" else ",")
    else:
        yield from text_cells(text, "text")


def _separated(text: str, sign: str) -> Iterator[Cell]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=sign))
    except csv.Error:  # a cell of a megabyte is text
        yield from text_cells(text, "text")
        return
    yield from table_cells(rows)


def _decoded(data: bytes) -> str:
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableError


def text_cells(text: str, where: str) -> Iterator[Cell]:
    """Yield the lines of a text; embedded pictures and fonts are left out."""
    for number, line in enumerate(_LINES.split(_DATA_URI.sub("", text)), start=1):
        if line.strip():
            yield Cell(line, where, row=number)


def json_cells(text: str, *, lines: bool = False, place: str = "") -> Iterator[Cell]:
    """Yield every key and value of JSON, geometry left out; text that is no JSON line by line.

    Parameters
    ----------
    text
        The text.
    lines
        Whether each line is a value of its own.
    place
        What stands before the path.
    """
    parts = [line for line in text.splitlines() if line.strip()] if lines else [text]
    for number, part in enumerate(parts, start=1):
        try:
            value = json.loads(part)
        except (ValueError, RecursionError):
            yield from text_cells(part, place or "text")
            continue
        yield from _json(value, place, place, "", number if lines else None)


def _json(value: Any, where: str, spot: str, key: str, row: int | None) -> Iterator[Cell]:  # noqa: ANN401
    if isinstance(value, Mapping):
        unit = str(value.get("unit", "")) if _is_measure(value) else ""
        for name, item in value.items():
            inner, exact = _joined(where, name), _joined(spot, name)
            yield Cell(name, inner, exact, row, is_header=True)
            if name not in _GEOMETRY:
                label = value.get("id", value.get("en", key))
                about = f"{label} [{unit}]" if _GENERIC.match(name) else ""
                for cell in _json(item, inner, exact, name, row):
                    yield cell if not about or cell.about else replace(cell, about=about)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _json(item, f"{where}[]", f"{spot}[{at}]", key, row)
    elif value is not None and not isinstance(value, bool):
        number = float(value) if isinstance(value, int | float) and abs(value) < 1e300 else None
        shown = value if isinstance(value, str) else as_text(value)
        yield Cell(shown, where or "value", spot, row, key, number)


def _is_measure(value: Mapping[str, Any]) -> bool:
    return "value" in value and "unit" in value


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def table_cells(rows: Any, sheet: str = "") -> Iterator[Cell]:  # noqa: ANN401 - rows of text or of cells
    """Yield the cells of a table; its header is the first row with more than one filled cell."""
    headers: list[str] | None = None
    for number, raw in enumerate(rows, start=1):
        row = [one if isinstance(one, str) else as_text(one) for one in raw]
        is_header = headers is None and sum(bool(one.strip()) for one in row) > 1
        if is_header:
            headers = row
        unit = _unit(headers, row)
        for at, text in enumerate(row):
            if not text.strip():
                continue
            header = headers[at].strip() if headers and at < len(headers) else ""
            column = header or letter(at)
            where = f"{sheet}!{column}" if sheet else column
            spot = f"{sheet}!{letter(at)}{number}" if sheet else ""
            label = next(one for one in row if one.strip())
            about = f"{label} [{unit}]" if _GENERIC.match(header.lower()) else ""
            value = None if is_header else as_number(raw[at])
            yield Cell(text, where, spot, number, "" if is_header else header, value, about, is_header)


def _unit(headers: list[str] | None, row: list[str]) -> str:
    """Return the unit that a row names under a header "unit"; a blank where it has none."""
    found = [at for at, one in enumerate(headers or []) if _UNIT.match(one.strip().lower())]
    return row[found[0]].strip() if found and found[0] < len(row) else ""


def as_number(value: object) -> float | None:
    """Return a cell as a number where it is one, also where a text file spells it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    plain = str(value).strip().replace(",", "")
    return float(plain) if re.fullmatch(r"-?\d{1,15}(\.\d+)?", plain) else None


def letter(at: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    word = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        word = chr(ord("A") + rest) + word
    return word
