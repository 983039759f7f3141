"""Excel workbooks (.xlsx, .xls and their kin) as cells of text."""

import datetime as dt
import io
from typing import Any, Final, Literal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from zoning import messages
from zoning.errors import Problems
from zoning.load.schema import Table, fold
from zoning.load.settings import FileSettings

EXACT: Final = 2**53
"""Whole numbers from here on have lost digits in a spreadsheet."""


def kind_of(data: bytes) -> Literal["book", "html", "text"]:
    r"""Tell by its first bytes whether a file is a workbook, a web page or text, whatever its name says.

    Examples
    --------
    >>> kind_of(b"PK\x03\x04..."), kind_of(b"<html><table>"), kind_of(b"school_id,name")
    ('book', 'html', 'text')
    """
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return "book"
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<head", b"<style")):
        return "html"
    return "text"


def sheet_names(data: bytes) -> list[str]:
    """Return the names of the sheets that hold anything; none when the workbook cannot be opened."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [name for name in book.sheet_names if book.get_sheet_by_name(name).height > 0]
    except (CalamineError, PasswordError):
        return []


def grid_of(
    data: bytes, table: Table, *, settings: FileSettings, problems: Problems
) -> list[tuple[int, list[str]]] | None:
    """Return the rows of the sheet that holds the table, with their numbers; None when there is none.

    Parameters
    ----------
    data
        Bytes of the workbook.
    table
        The table that it should hold.
    settings
        What was declared of the file.
    problems
        Takes what is wrong with it.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name = _choose(book, table, settings=settings, problems=problems)
        if name is None:
            return None
        sheet = book.get_sheet_by_name(name)
        values = sheet.to_python(skip_empty_area=False)
    except PasswordError:
        problems.add(messages.problem("load.password", file=settings.file))
        return None
    except CalamineError:
        problems.add(messages.problem("load.broken_book", file=settings.file))
        return None
    _fill_merged(sheet, values, settings.file, problems)
    return [(number, [as_text(v) for v in line]) for number, line in enumerate(values, start=1)]


def as_text(value: object) -> str:
    """Return a cell as the text that a person would have typed.

    Whole numbers of 2**53 and more come in scientific notation, because their last digits are lost.

    Examples
    --------
    >>> as_text(12.0), as_text(True), as_text(dt.date(2020, 3, 5)), as_text(410181199001011234.0)
    ('12', 'TRUE', '2020-03-05', '4.10181199001011E+17')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if value == int(value):
            return str(int(value)) if abs(value) < EXACT else f"{value:.14E}"
        return repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _choose(
    book: CalamineWorkbook, table: Table, *, settings: FileSettings, problems: Problems
) -> str | None:
    """Return the sheet declared, or of the table's name, or the only one that holds anything."""
    if settings.sheet is not None:
        if settings.sheet in book.sheet_names:
            return settings.sheet
        problems.add(
            messages.problem(
                "load.no_sheet", file=settings.file, value=settings.sheet, sheets=", ".join(book.sheet_names)
            )
        )
        return None
    filled = [name for name in book.sheet_names if book.get_sheet_by_name(name).height > 0]
    named = [name for name in filled if fold(name) in {fold(w) for w in (table.name, *table.aliases)}]
    candidates = named or filled
    if not candidates:
        problems.add(messages.problem("load.empty_file", file=settings.file))
    elif len(candidates) > 1:
        problems.add(
            messages.problem(
                "load.which_sheet", file=settings.file, sheets=", ".join(candidates), severity="question"
            )
        )
    return candidates[0] if len(candidates) == 1 else None


def _fill_merged(sheet: CalamineSheet, values: list[list[Any]], file: str, problems: Problems) -> None:
    """Give every cell of a merged area below the header the value that the area shows."""
    for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or []):
        if top in (0, bottom):
            continue
        for line in values[top : bottom + 1]:
            for at in range(left, min(right, len(line) - 1) + 1):
                line[at] = values[top][left]
        problems.add(
            messages.problem("load.merged", file=file, row=top + 1, to=bottom + 1, severity="warning")
        )
