"""What a GeoPackage holds: the values of every table, its own words, and texts inside binary values."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

from zoning.load.workbook import as_text
from zoning.public.gate.cells import Cell, UnreadableError, as_number, letter
from zoning.public.gate.cells_picture import picture_cells, printable_runs

__all__ = ["layer_cells"]

_INDEX: Final = re.compile(r"create virtual table \W?(\w+)\W? using rtree", re.IGNORECASE)
_SHADOWS: Final = ("", "_node", "_parent", "_rowid")


def layer_cells(data: bytes) -> Iterator[Cell]:
    """Yield the values of every table, and the words of its tables, views and triggers.

    Parameters
    ----------
    data
        Bytes of the file.

    Raises
    ------
    UnreadableError
        When it is no such file, or is damaged.
    """
    if not data.startswith(b"SQLite format 3\x00"):
        raise UnreadableError
    base = sqlite3.connect(":memory:")
    base.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        base.deserialize(data)
        made = [(kind, name, sql or "") for kind, name, sql in base.execute(_MADE)]
        indices = {found[1] for _, _, sql in made if (found := _INDEX.match(sql))}
        skipped = {f"{index}{shadow}" for index in indices for shadow in _SHADOWS}
        for kind, name, sql in made:
            yield Cell(sql, f"{kind} {name}", is_code=True)
            if kind == "table" and name not in skipped:
                yield from _table(base, name)
    except sqlite3.DatabaseError as error:
        raise UnreadableError from error
    finally:
        base.close()


_MADE: Final = "SELECT type, name, sql FROM sqlite_master"


def _table(base: sqlite3.Connection, name: str) -> Iterator[Cell]:
    quoted = name.replace('"', '""')
    found = base.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a table's own name, quoted
    headers = [one[0] for one in found.description]
    for header in headers:
        yield Cell(header, f"{name}.{header}", is_header=True)
    if name.startswith("gpkg_"):
        headers = [""] * len(headers)
    for number, row in enumerate(found, start=1):
        for at, value in enumerate(row):
            if value is None or (isinstance(value, bytes) and value.startswith(b"GP")):  # a shape
                continue
            where = f"{name}.{headers[at] or letter(at)}"
            if isinstance(value, bytes):
                yield from _binary(value, where, number)
                continue
            text = value if isinstance(value, str) else as_text(value)
            yield Cell(text, where, row=number, header=headers[at], number=as_number(value))


def _binary(value: bytes, where: str, number: int) -> Iterator[Cell]:
    """Yield the words of a binary value: those of a picture, or the texts in it."""
    try:
        texts = [cell.text for cell in picture_cells(value)]
    except UnreadableError:
        texts = list(printable_runs(value))
    yield from (Cell(text, where, row=number) for text in texts)
