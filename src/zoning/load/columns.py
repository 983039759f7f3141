"""A raw table into a checked frame with the columns of the schema.

Each column is reduced to its distinct cells first; only those are parsed, and only rows with a faulty cell
are looked at one by one. That keeps the reading of 100,000 rows well under a second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.errors import Problems, Severity
from zoning.load.headers import match_headers
from zoning.load.schema import HIDDEN, Column, Table
from zoning.load.tables import RawTable
from zoning.load.values import Fault, parse

SHOWN: Final = 20
"""Rows listed of one kind of fault in one column; the rest is counted."""

_FREE: Final = frozenset({"roster", "neighbours"})
"""Tables that may be empty and switch nothing off."""

_REPEATED: Final = ("choice_", "score_")
"""Columns that a table has as many of as it needs."""

_WORDS: Final = frozenset({"id", "text", "choice", "choices", "date", "time"})


@dataclass(frozen=True)
class CheckedTable:
    """A table with the columns of the schema.

    Parameters
    ----------
    table
        Its schema.
    file
        Name that messages print.
    frame
        Columns of the schema: words as str (empty for a blank), yes/no as bool, numbers as float64 (NaN for
        a blank); index 0..n-1.
    rows
        Row numbers as a spreadsheet shows them, int64 [row].
    headers
        Header as written of each column that the file has.
    geometry
        Geometry of each row in EPSG:4326; None for a table without.
    """

    table: Table
    file: str
    frame: pd.DataFrame = field(repr=False)
    rows: npt.NDArray[np.int64] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    geometry: gpd.GeoSeries | None = field(default=None, repr=False)

    def shown(self, column: str) -> str:
        """Return a column's header as the file writes it."""
        return self.headers.get(column, column)

    def kept(self, keep: npt.NDArray[np.bool_]) -> "CheckedTable":
        """Return the table with some of its rows only."""
        geometry = None if self.geometry is None else self.geometry[keep].reset_index(drop=True)
        frame = self.frame[keep].reset_index(drop=True)
        return CheckedTable(self.table, self.file, frame, self.rows[keep], self.headers, geometry)

    def report(
        self,
        problems: Problems,
        code: str,
        where: Iterable[int],
        *,
        column: str | None = None,
        severity: Severity = "error",
        **fields: Any,  # noqa: ANN401 - what the sentence names
    ) -> None:
        """Report the same fault at several rows: the first ones each, the rest as a count.

        Parameters
        ----------
        problems
            Takes the problems.
        code
            Code of the message.
        where
            Positions in the frame.
        column
            Column whose values are shown (never those of a private table).
        severity
            How bad it is.
        **fields
            What the sentence names.
        """
        places = list(where)
        for at in places[:SHOWN]:
            value = None if column is None else self._value(column, at)
            problems.add(
                messages.problem(
                    code,
                    file=self.file,
                    row=int(self.rows[at]),
                    column=None if column is None else self.shown(column),
                    value=value,
                    severity=severity,
                    **fields,
                )
            )
        report_rest(problems, self.file, None if column is None else self.shown(column), places, severity)

    def _value(self, column: str, at: int) -> str:
        if self.table.private:
            return HIDDEN
        value = self.frame[column].iloc[at]
        return f"{value:g}" if isinstance(value, float) else str(value)


def check(raw: RawTable, table: Table, problems: Problems) -> CheckedTable | None:
    """Return the table with typed columns; None when it has no rows or lacks a required column.

    Parameters
    ----------
    raw
        The table as written.
    table
        What it should hold.
    problems
        Takes every cell that is wrong.
    """
    at_column = match_headers(raw, table, problems)
    if len(raw.rows) == 0:
        is_needed = table.required or (not table.off.en and table.name not in _FREE)
        code = "load.no_rows" if is_needed else "load.no_rows_off" if table.off.en else "load.no_rows_free"
        severity: Severity = "error" if is_needed else "warning"
        problems.add(messages.problem(code, file=raw.file, severity=severity, off=table.off))
        return None
    columns: dict[str, Any] = {}
    found = {name: table.of_header(raw.headers[at]) for name, at in at_column.items()}
    more = [column for column in found.values() if column is not None and column not in table.columns]
    for column in (*table.columns, *more):
        if column.name in at_column:
            at = at_column[column.name]
            columns[column.name] = _parse_column(raw, table, column, at, problems)
        elif not (column.name.startswith(_REPEATED) or column.required):
            columns[column.name] = _blank(column, len(raw.rows))
    if any(column.required and column.name not in columns for column in table.columns):
        return None
    headers = {name: raw.headers[at] for name, at in at_column.items()}
    return CheckedTable(table, raw.file, pd.DataFrame(columns), raw.rows, headers, raw.geometry)


def _needed(raw: RawTable, table: Table, column: Column) -> bool:
    return column.required or (
        column.name == "block_id" and table.name in ("zones", "plan") and raw.geometry is None
    )


def _blank(column: Column, length: int) -> Any:  # noqa: ANN401 - an array of the column's type
    if column.type in _WORDS:
        return pd.array([""] * length, dtype="str")
    if column.type == "yes_no":
        return np.zeros(length, dtype=bool)
    return np.full(length, np.nan)


def _parse_column(raw: RawTable, table: Table, column: Column, at: int, problems: Problems) -> Any:  # noqa: ANN401
    codes, distinct = pd.factorize(np.asarray(raw.cells[at], dtype=object))
    needed = _needed(raw, table, column)
    values: list[Any] = []
    faults: dict[int, Fault] = {}
    for number, cell in enumerate(distinct):
        value = parse(cell, column)
        if value is None and needed:
            value = Fault("load.blank_child" if table.private else "load.blank")
        if isinstance(value, Fault):
            faults[number] = value
            value = value.value
        values.append(value)
    for code in dict.fromkeys(fault.code for fault in faults.values()):
        of_code = {number: fault for number, fault in faults.items() if fault.code == code}
        places = np.flatnonzero(np.isin(codes, list(of_code))).tolist()
        _report_cells(raw, table, at, [(place, of_code[int(codes[place])]) for place in places], problems)
    return _typed(values, column, codes)


def _typed(values: list[Any], column: Column, codes: npt.NDArray[np.intp]) -> Any:  # noqa: ANN401
    if column.type in _WORDS:
        words = np.asarray(["" if value is None else value for value in values], dtype=object)
        return pd.array(words[codes], dtype="str")
    if column.type == "yes_no":
        return np.asarray([bool(value) for value in values])[codes]
    return np.asarray([np.nan if value is None else value for value in values], dtype="float64")[codes]


def _report_cells(
    raw: RawTable, table: Table, at: int, faulty: list[tuple[int, Fault]], problems: Problems
) -> None:
    """Report the cells of a column that have the same kind of fault: the first ones, the rest as a count."""
    severity: Severity = "warning" if faulty[0][1].warns else "error"
    for place, fault in faulty[:SHOWN]:
        shown = HIDDEN if table.private else raw.cells[at][place].strip()
        fields = {name: HIDDEN if table.private and name == "read_as" else v for name, v in fault.fields}
        problems.add(
            messages.problem(
                fault.code,
                file=raw.file,
                row=int(raw.rows[place]),
                column=raw.headers[at],
                value=None if fault.code.startswith("load.blank") else shown,
                severity=severity,
                **fields,
            )
        )
    report_rest(problems, raw.file, raw.headers[at], [place for place, _ in faulty], severity)


def report_rest(
    problems: Problems, file: str, column: str | None, places: list[int], severity: Severity
) -> None:
    """Report how many rows have a fault beyond those named.

    Parameters
    ----------
    problems
        Takes the count.
    file, column
        Where, as messages print it.
    places
        Positions of all rows with the fault.
    severity
        How bad it is.
    """
    if len(places) > SHOWN:
        problems.add(
            messages.problem(
                "load.more", file=file, column=column, more=len(places) - SHOWN, severity=severity
            )
        )
