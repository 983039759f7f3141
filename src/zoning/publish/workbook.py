"""``plan.xlsx``: a stage's plan, figures and proof as sheets; the only writer of workbooks of results."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.forecast import Forecast
from zoning.publish import sheets
from zoning.publish.plans import starts_a_formula
from zoning.publish.result import StageResult
from zoning.publish.sheets import Sheet

__all__ = ["write_workbook"]

_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Written as the date of creation, so that the same plan gives the same bytes."""
_FORMS: Final[Mapping[str, Mapping[str, object]]] = {
    "text": {},
    "long": {"text_wrap": True},
    "whole": {"num_format": "#,##0"},
    "tenth": {"num_format": "#,##0.0"},
    "hundredth": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "gap": {"num_format": "0.000%"},
    "exact": {"num_format": "0.000000"},
    "year": {"num_format": "0"},
}
_MOST_ROWS: Final = 1_048_575
_LONGEST: Final = 32_000
_LEAST_WIDTH, _MOST_WIDTH, _LONG_WIDTH = 8, 44, 80
_MEASURED: Final = 500


@dataclass(frozen=True)
class _Formats:
    """The formats of a workbook, each made once."""

    book: Any
    made: dict[tuple[str, bool], Any] = field(default_factory=dict)

    def of(self, kind: str, *, quoted: bool = False) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Return the format of a kind of cell; a quoted one is text, whatever it begins with."""
        if (kind, quoted) not in self.made:
            look = {"valign": "top", **_FORMS[kind], **({"quote_prefix": True} if quoted else {})}
            self.made[kind, quoted] = self.book.add_format(look)
        return self.made[kind, quoted]


def write_workbook(
    path: Path,
    district: District,
    result: StageResult,
    demand: Forecast | None,
    *,
    lang: Language = "zh",
) -> Path:
    """Write summary, scorecard, schools, blocks and certificate, a sheet each, in one language.

    Counts of children in a block below the policy's ``hide_below`` are left out. No cell runs as a formula.

    Parameters
    ----------
    path
        The file.
    district
        The district.
    result
        The plan and what is known of it.
    demand
        Children by block, grade and year; None leaves out what needs them.
    lang
        Language of the sheets.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        title = messages.text(
            "publish_book.title",
            place=district.place.name,
            stage=district.stage(result.plan.stage).label,
            year=result.plan.year,
        )
        book.set_properties({"title": title.of(lang), "author": "zoning", "created": _MADE})
        formats = _Formats(book)
        head = book.add_format(
            {"bold": True, "bg_color": "#e6f1f4", "bottom": 1, "valign": "top", "text_wrap": True}
        )
        for sheet in sheets.sheets_of(district, result, demand, lang=lang):
            _write_sheet(book, sheet, formats, head, lang)
    return path


def _write_sheet(book: Any, sheet: Sheet, formats: _Formats, head: Any, lang: Language) -> None:  # noqa: ANN401 - as above
    page = book.add_worksheet(sheet.name.of(lang))
    rows = sheet.rows[:_MOST_ROWS]
    for at, column in enumerate(sheet.columns):
        page.write_string(0, at, column.title.of(lang), head)
        width = _width([column.title.of(lang), *(_shown(row[at], lang) for row in rows[:_MEASURED])])
        page.set_column(at, at, min(width, _LONG_WIDTH if column.kind == "long" else _MOST_WIDTH))
    for number, row in enumerate(rows, start=1):
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            kind, plain = (
                (value.kind, value.value) if isinstance(value, sheets.Cell) else (column.kind, value)
            )
            _write_cell(page, number, at, plain, kind, formats, lang)
    page.freeze_panes(1, sheet.frozen)
    if sheet.filtered and rows:
        page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(  # noqa: PLR0917 - one cell, called once
    page: Any,  # noqa: ANN401 - as above
    row: int,
    column: int,
    value: object,
    kind: str,
    formats: _Formats,
    lang: Language,
) -> None:
    """Write text as text and numbers as numbers; nothing is written for None and what is not finite."""
    if isinstance(value, Text | str):
        said = _shown(value, lang)
        form = formats.of(kind if kind == "long" else "text", quoted=starts_a_formula(said))
        page.write_string(row, column, said, form)
    elif isinstance(value, int | float) and math.isfinite(value):
        page.write_number(row, column, float(value), formats.of(kind))


def _shown(value: object, lang: Language) -> str:
    """Return what a cell shows, roughly for numbers."""
    if isinstance(value, sheets.Cell):
        return _shown(value.value, lang)
    if isinstance(value, Text):
        return value.of(lang)[:_LONGEST]
    if isinstance(value, str):
        return value[:_LONGEST]
    return "" if value is None else f"{value:,.1f}"


def _width(texts: Sequence[str]) -> int:
    """Return the width that shows the widest text, a Chinese character counting as two."""
    wide = ("W", "F")
    most = max(
        (
            sum(2 if unicodedata.east_asian_width(c) in wide else 1 for c in one[:_LONG_WIDTH])
            for one in texts
        ),
        default=0,
    )
    return max(_LEAST_WIDTH, most + 2)
