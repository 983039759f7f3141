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
from zoning.publish.sheets import Cell, Column, Sheet
from zoning.units import school_year

__all__ = ["write_sheets", "write_workbook"]

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
_TEXTS: Final = ("text", "long")
_MOST_ROWS: Final = 1_048_575
_LONGEST: Final = 32_000
_LONGEST_SHOWN: Final = 1_000
_NUMBER_WIDTH, _LEAST_WIDTH, _MOST_WIDTH, _LONG_WIDTH = 12, 8, 60, 90
_LINE_POINTS: Final = 15.0
_MEASURED: Final = 500


@dataclass(frozen=True)
class _Formats:
    """The formats of a workbook, each made once."""

    book: Any
    made: dict[tuple[str, bool, str], Any] = field(default_factory=dict)

    def of(self, kind: str, *, special: bool = False, fill: str = "") -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Return the format of a kind of cell.

        A special text stays text, whatever it begins with; a special number stands at the left, under texts.
        """
        if (kind, special, fill) not in self.made:
            more = {"quote_prefix": True} if kind in _TEXTS else {"align": "left"}
            look = {"valign": "top", **_FORMS[kind], **(more if special else {})}
            look |= {"bg_color": fill, "font_color": _ink_on(fill)} if fill else {}
            self.made[kind, special, fill] = self.book.add_format(look)
        return self.made[kind, special, fill]


def _ink_on(fill: str) -> str:
    """Return black or white, whichever is read better on a colour (relative luminance of WCAG 2)."""
    parts = (int(fill[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if light < 0.18 else "#1d2935"


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
    title = messages.text(
        "publish_book.title",
        place=district.place.name,
        stage=district.stage(result.plan.stage).label,
        year=school_year(result.plan.year),
    )
    return write_sheets(path, title, sheets.sheets_of(district, result, demand, lang=lang), lang=lang)


def write_sheets(path: Path, title: Text, found: Sequence[Sheet], *, lang: Language = "zh") -> Path:
    """Write sheets as a workbook in one language; no cell runs as a formula, same sheets give same bytes.

    Parameters
    ----------
    path
        The file.
    title
        Title in the workbook's properties.
    found
        The sheets, in order.
    lang
        Language of the sheets.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": title.of(lang), "author": "zoning", "created": _MADE})
        formats = _Formats(book)
        head = book.add_format(
            {"bold": True, "bg_color": "#e6f1f4", "bottom": 1, "valign": "top", "text_wrap": True}
        )
        for sheet in found:
            _write_sheet(book, sheet, formats, head, lang)
    return path


def _write_sheet(book: Any, sheet: Sheet, formats: _Formats, head: Any, lang: Language) -> None:  # noqa: ANN401 - as above
    page = book.add_worksheet(sheet.name.of(lang))
    rows = sheet.rows[:_MOST_ROWS]
    widths = [_column_width(column, [row[at] for row in rows[:_MEASURED]], lang)
              for at, column in enumerate(sheet.columns)]  # fmt: skip
    for at, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        page.write_string(0, at, column.title.of(lang), head)
        page.set_column(at, at, width)
    titles = [column.title.of(lang) for column in sheet.columns]
    page.set_row(0, _LINE_POINTS * max(map(_lines, titles, widths)))
    for number, row in enumerate(rows, start=1):
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, (number, at), value, column, formats, lang)
            if column.kind == "long" and (lines := _lines(_shown(value, lang), widths[at])) > 1:
                page.set_row(number, _LINE_POINTS * lines)
    page.freeze_panes(1, sheet.frozen)
    if sheet.filtered and rows:
        page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(  # noqa: PLR0917 - one cell, called once
    page: Any,  # noqa: ANN401 - as above
    at: tuple[int, int],
    value: object,
    column: Column,
    formats: _Formats,
    lang: Language,
) -> None:
    """Write text as text and numbers as numbers; nothing is written for None and what is not finite."""
    kind, plain = (value.kind, value.value) if isinstance(value, Cell) else (column.kind, value)
    fill = value.fill if isinstance(value, Cell) else ""
    if isinstance(plain, Text | str):
        said = _shown(plain, lang)
        kind = kind if kind in _TEXTS else "text"
        page.write_string(*at, said, formats.of(kind, special=starts_a_formula(said), fill=fill))
    elif isinstance(plain, int | float) and math.isfinite(plain):
        page.write_number(*at, float(plain), formats.of(kind, special=column.kind in _TEXTS, fill=fill))


def _shown(value: object, lang: Language) -> str:
    """Return what a cell shows, roughly for numbers."""
    if isinstance(value, Cell):
        return _shown(value.value, lang)
    if isinstance(value, Text):
        return value.of(lang)[:_LONGEST]
    if isinstance(value, str):
        return value[:_LONGEST]
    return "" if value is None else f"{value:,.1f}"


def _column_width(column: Column, values: Sequence[object], lang: Language) -> int:
    """Return the width of a column: of its texts, or of its numbers with the title wrapped above them."""
    texts = [_shown(value, lang) for value in values]
    if column.kind not in _TEXTS:
        return max(_NUMBER_WIDTH, *(_width(text) for text in texts or [""]))
    most = max(_width(text) for text in [column.title.of(lang), *texts])
    return max(_LEAST_WIDTH, min(most, _LONG_WIDTH if column.kind == "long" else _MOST_WIDTH))


def _width(text: str) -> int:
    """Return the width that shows a text, a Chinese character counting as two."""
    return 2 + sum(2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text[:_LONGEST_SHOWN])


def _lines(text: str, width: int) -> int:
    """Return the lines that a text takes in a column."""
    return math.ceil(_width(text) / max(width, 1))
