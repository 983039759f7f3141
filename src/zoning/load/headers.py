"""Which column of a file is which column of the schema."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from zoning import messages
from zoning.errors import Problems, Text
from zoning.load.schema import HIDDEN, Table, fold
from zoning.load.tables import RawTable

GEOMETRY_WORDS = frozenset({"geometry", "geom", "wkt", "the_geom", "fid", "ogc_fid", "objectid"})
"""Columns that geographic software adds; nobody needs a warning about them."""
_NUMBER: Final = re.compile(r"\d{6}|\d{4}-\d\d")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that looks most like a given one; None when none comes close.

    Examples
    --------
    >>> nearest("scool_id", ["school_id", "name"]), nearest("S0012", ["S012", "S999"]), nearest("x", ["name"])
    ('school_id', 'S012', None)
    """
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def match_headers(raw: RawTable, table: Table, problems: Problems) -> Mapping[str, int]:
    """Return the position of each known column in the file.

    Reports columns that nobody knows (with the nearest name), that stand twice, and that are missing.

    Parameters
    ----------
    raw
        The table as written.
    table
        What it should hold.
    problems
        Takes what is wrong.
    """
    found: dict[str, int] = {}
    unknown: list[str] = []
    for at, header in enumerate(raw.headers):
        column = table.of_header(header)
        if column is None:
            if header and fold(header) not in GEOMETRY_WORDS:
                unknown.append(header)
            elif not header and any(raw.cells[at]):
                problems.add(
                    messages.problem("load.no_header", file=raw.file, row=raw.header_row, number=at + 1)
                )
        elif column.name in found:
            problems.add(
                messages.problem(
                    "load.header_twice",
                    file=raw.file,
                    row=raw.header_row,
                    column=header,
                    other=raw.headers[found[column.name]],
                    known=column.name,
                )
            )
        else:
            found[column.name] = at
    if not found:
        problems.add(
            messages.problem(
                "load.no_header_row",
                file=raw.file,
                row=raw.header_row,
                needed=", ".join(table.required_names),
            )
        )
        return found
    missing = _missing(raw, table, found)
    for name in missing:
        _report_missing(raw, table, name, unknown, problems)
    _report_unknown(raw, table, unknown, found, problems)
    return found


def _shown(header: str, table: Table) -> str:
    """Return a header as messages print it; of a private table only what looks like a column's name.

    A child's name, number or birth date may stand there, typed over the header or in a file without one.
    """
    if not table.private:
        return header
    is_name = not _NUMBER.search(header) and nearest(fold(header), table.headers) is not None
    return header if is_name else HIDDEN


def _missing(raw: RawTable, table: Table, found: Mapping[str, int]) -> list[str]:
    needed = list(table.required_names)
    if table.geometry in ("place", "point") and raw.geometry is None:
        placed_by_address = table.name == "schools" and "address" in found
        needed += [] if placed_by_address else ["lon", "lat"]
    if table.name in ("zones", "plan") and raw.geometry is None:
        needed.append("block_id")
    return [name for name in needed if name not in found]


def _report_missing(raw: RawTable, table: Table, name: str, unknown: list[str], problems: Problems) -> None:
    words = [name, *table.column(name).aliases]
    alike = next((u for u in unknown if nearest(fold(u), [fold(w) for w in words])), None)
    code = "load.missing_column" if alike is None else "load.missing_column_alike"
    problems.add(
        messages.problem(
            code,
            file=raw.file,
            row=raw.header_row,
            column=name,
            needed=Text(name, words[1]),
            alike=alike,
            found=", ".join(_shown(h, table) for h in raw.headers if h) or "–",
        )
    )
    if alike is not None:
        unknown.remove(alike)


def _report_unknown(
    raw: RawTable, table: Table, unknown: Iterable[str], found: Mapping[str, int], problems: Problems
) -> None:
    free = [header for header, column in table.headers.items() if column.name not in found]
    for header in unknown:
        alike = nearest(fold(header), free)
        problems.add(
            messages.problem(
                "load.unknown_column" if alike is None else "load.unknown_column_alike",
                file=raw.file,
                row=raw.header_row,
                column=_shown(header, table),
                alike=None if alike is None else table.headers[alike].name,
                severity="warning",
            )
        )
