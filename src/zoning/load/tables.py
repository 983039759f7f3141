"""Any table file as raw cells of text, with the row numbers that a spreadsheet shows.

What stands in a cell is left as it is; :mod:`zoning.load.columns` decides what it means.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import Problems
from zoning.load import delimited, workbook
from zoning.load.schema import Table, fold
from zoning.load.settings import FileSettings

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
BOOK_SUFFIXES: Final = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et")

TOTALS: Final = frozenset({"合计", "总计", "小计", "共计", "total", "sum"})
_TOTAL_STARTS: Final = frozenset("合总小共tTsS 　")
_SPACES: Final = frozenset(" \t\r\n\u3000\xa0\ufeff")
_ERROR: Final = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_SHOWN: Final = 20
_HEADER_WITHIN: Final = 10
"""Rows searched for the header: county tables often carry a title and a note above it."""

Grid = Iterable[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class RawTable:
    """A table as it was written.

    Parameters
    ----------
    file
        Name that messages print.
    headers
        Headers as written, one a column.
    cells
        Cells by column, str [column][row]; blanks are empty.
    rows
        Row numbers as a spreadsheet shows them, int64 [row].
    header_row
        Row number of the header.
    geometry
        Geometry of each row in EPSG:4326; None for a table without.
    """

    file: str
    headers: tuple[str, ...]
    cells: tuple[list[str], ...] = field(repr=False)
    rows: npt.NDArray[np.int64] = field(repr=False)
    header_row: int = 1
    geometry: gpd.GeoSeries | None = field(default=None, repr=False)


def read_cells(path: Path, table: Table, *, settings: FileSettings, problems: Problems) -> RawTable | None:
    """Return the cells of a text file or of one sheet of a workbook; None when it cannot be read.

    Parameters
    ----------
    path
        The file.
    table
        The table that it should hold, to find the header and the delimiter.
    settings
        What was declared of the file.
    problems
        Takes what is wrong with it.
    """
    data = path.read_bytes()
    kind = workbook.kind_of(data)
    if kind == "html":
        problems.add(messages.problem("load.web_table", file=settings.file))
        return None
    if kind == "book":
        if path.suffix.lower() in TEXT_SUFFIXES:
            problems.add(messages.problem("load.book_as_text", file=settings.file, severity="warning"))
        grid: Grid | None = workbook.grid_of(data, table, settings=settings, problems=problems)
    else:
        if path.suffix.lower() in BOOK_SUFFIXES:
            problems.add(messages.problem("load.text_as_book", file=settings.file, severity="warning"))
        grid = delimited.grid_of(data, table, settings=settings, problems=problems)
    return None if grid is None else of_grid(grid, table, file=settings.file, problems=problems)


def of_grid(grid: Grid, table: Table, *, file: str, problems: Problems) -> RawTable | None:
    """Return the table below the header row; comment rows, blank rows and total rows are left out.

    Examples
    --------
    >>> from zoning.load.schema import table
    >>> grid = [(1, ["# note"]), (2, ["town", "year", "births"]), (3, ["甲镇", "2025", "7"]), (4, ["", ""])]
    >>> raw = of_grid(grid, table("births"), file="births.csv", problems=Problems())
    >>> raw.header_row, raw.rows.tolist(), raw.cells[0]
    (2, [3], ['甲镇'])
    """
    kept = list(_data_rows(grid))
    if not kept:
        problems.add(messages.problem("load.empty_file", file=file))
        return None
    at = _header_at(kept, table)
    header_row, header = kept[at]
    data = [row for row in kept[at + 1 :] if not _is_total(row[1])]
    for number, line in kept[at + 1 :] if len(data) < len(kept) - at - 1 else ():
        if _is_total(line):
            problems.add(messages.problem("load.total_row", file=file, row=number, severity="warning"))
    width = _width(header, data, file, problems)
    lines = [line if len(line) == width else [*line[:width], *[""] * (width - len(line))] for _, line in data]
    columns = zip(*lines, strict=True) if lines else [()] * width
    return RawTable(
        file,
        tuple(word.strip() for word in [*header, *[""] * width][:width]),
        tuple(list(column) for column in columns),
        np.asarray([number for number, _ in data], dtype=np.int64),
        header_row,
    )


def _width(
    header: Sequence[str], data: Sequence[tuple[int, Sequence[str]]], file: str, problems: Problems
) -> int:
    """Return the number of columns; report rows that are longer unless most of them are."""
    width = max((i + 1 for i, word in enumerate(header) if word.strip()), default=0)
    longer = [row for row in data if len(row[1]) > width and any(cell.strip() for cell in row[1][width:])]
    if 2 * len(longer) > len(data):  # a column without a header, which the matching of headers reports
        return max(len(line) for _, line in longer)
    for number, line in longer[:_SHOWN]:
        problems.add(messages.problem("load.ragged", file=file, row=number, cells=len(line), headers=width))
    if len(longer) > _SHOWN:
        problems.add(messages.problem("load.more", file=file, more=len(longer) - _SHOWN))
    return width


def _data_rows(grid: Grid) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows that are neither blank nor comments; written for tables of a million rows."""
    for row in grid:
        line = row[1]
        first = line[0][:1] if line else ""
        if first == "#" and not _ERROR.match(line[0]):
            continue
        if (first and first not in _SPACES) or any(cell and not cell.isspace() for cell in line):
            yield row


def _is_total(line: Sequence[str]) -> bool:
    """Tell whether the first word of a row says that it is a total."""
    word = line[0] or (line[1] if len(line) > 1 else "")
    return word[:1] in _TOTAL_STARTS and fold(word) in TOTALS


def _header_at(rows: Sequence[tuple[int, Sequence[str]]], table: Table) -> int:
    """Return the position of the row that holds the most known headers; the first one when none does."""
    known = [sum(fold(cell) in table.headers for cell in line if cell) for _, line in rows[:_HEADER_WITHIN]]
    best = max(known)
    return known.index(best) if best >= 2 else 0
