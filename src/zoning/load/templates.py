"""Templates of an input folder: one workbook, CSV files, and a commented ``zoning.toml``."""

import csv
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from zoning import messages
from zoning.errors import DataError, Language
from zoning.load.schema import Column, Table, in_folder
from zoning.load.settings import TOML

BOOK: Final = "tables.xlsx"
CSV_FOLDER: Final = "csv"

_DRAWN: Final = frozenset({"barriers", "boundary"})
"""Tables that only a GIS can give; they have no template."""
_TEXT_TYPES: Final = frozenset({"id", "text", "grade", "choices", "date", "time"})
_PRINTED: Final = 14
"""Columns that are legible when printed across one page."""
_ROWS: Final = 5000
"""Rows below the header that lists of values and text format reach."""


def write_templates(folder: str | Path, *, lang: Language = "zh") -> tuple[Path, ...]:
    """Write an empty input folder: a workbook with a sheet a table, the same as CSV, and ``zoning.toml``.

    Parameters
    ----------
    folder
        Where to write; made when missing. Nothing in it is overwritten.
    lang
        Language that comments put first (both are always there).

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    DataError
        When a file to be written stands there already; nothing is written then.
    """
    folder = Path(folder)
    tables = [table for table in in_folder() if table.name not in _DRAWN]
    names = [TOML, BOOK, *(f"{CSV_FOLDER}/{table.name}.csv" for table in tables)]
    taken = [name for name in names if (folder / name).exists()]
    if taken:
        raise DataError(
            [messages.problem("load.exists", file=(folder / name).as_posix(), lang=lang) for name in taken]
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as work:
        draft = Path(work)
        (draft / CSV_FOLDER).mkdir()
        (draft / TOML).write_text(_toml(lang), encoding="utf-8")
        _write_book(draft / BOOK, tables, lang)
        for table in tables:
            _write_csv(draft / CSV_FOLDER / f"{table.name}.csv", table, lang)
        (folder / CSV_FOLDER).mkdir(exist_ok=True)
        for name in names:
            shutil.move(draft / name, folder / name)
    return tuple(folder / name for name in names)


def _both(zh: str, en: str, lang: Language) -> tuple[str, str]:
    return (zh, en) if lang == "zh" else (en, zh)


def _columns(table: Table) -> list[Column]:
    """Return the columns that a template shows: of the choices of a roster only the first three."""
    return [c for c in table.columns if not (c.name.startswith("choice_") and int(c.name[7:]) > 3)]


def _note(column: Column, lang: Language) -> str:
    lines = list(_both(column.meaning.zh, column.meaning.en, lang))
    if column.required:
        lines[0] = messages.text("load.needed").of(lang) + lines[0]
    if column.allowed:
        lines.append(" / ".join(f"{value} {words[0]}" for value, words in column.allowed.items()))
    if column.example:
        lines.append(messages.text("load.example", example=column.example).of(lang))
    return "\n".join(lines)


def _write_csv(path: Path, table: Table, lang: Language) -> None:
    """Write the header below comment rows, which the reader skips."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for line in _both(table.meaning.zh, table.meaning.en, lang):
            writer.writerow([f"# {line}"])
        for column in _columns(table):
            writer.writerow([f"# {column.name}: " + _note(column, lang).replace("\n", " | ")])
        writer.writerow([column.name for column in _columns(table)])


def _write_book(path: Path, tables: list[Table], lang: Language) -> None:
    with xlsxwriter.Workbook(path) as book:
        formats = {
            "needed": book.add_format(
                {"bold": True, "bg_color": "#1F4E79", "font_color": "white", "border": 1}
            ),
            "free": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1}),
            "title": book.add_format({"bold": True, "font_color": "#1F4E79", "font_size": 12}),
            "note": book.add_format(
                {"font_color": "#555555", "font_size": 9, "text_wrap": True, "valign": "top"}
            ),
            "text": book.add_format({"num_format": 49}),
        }
        for table in tables:
            _write_sheet(book, table, formats, lang)


def _write_sheet(book: Any, table: Table, formats: dict[str, Any], lang: Language) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(table.name)
    first, second = _both(table.meaning.zh, table.meaning.en, lang)
    legend = messages.text("load.legend").of(lang)
    sheet.write_string(0, 0, f"# {first} {second} {legend}", formats["title"])
    sheet.set_row(2, 66 if lang == "en" else 30)
    for at, column in enumerate(_columns(table)):
        words = column.aliases[0] if column.aliases and lang == "zh" else ""
        sheet.write_string(1, at, column.name, formats["needed" if column.required else "free"])
        sheet.write_string(2, at, ("# " if at == 0 else "") + (words or column.meaning.en), formats["note"])
        sheet.write_comment(1, at, _note(column, lang), {"x_scale": 2.2, "y_scale": 1.4})
        is_text = column.type in _TEXT_TYPES
        sheet.set_column(at, at, max(16, len(column.name) + 3), formats["text"] if is_text else None)
        values = list(column.allowed) if column.type == "choice" else []
        if column.type == "yes_no":
            values = ["yes", "no"]
        if values:
            sheet.data_validation(3, at, _ROWS, at, {"validate": "list", "source": values})
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    if len(_columns(table)) <= _PRINTED:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 2)


def _toml(lang: Language) -> str:
    """Return a ``zoning.toml`` whose every key is explained in both languages."""
    lines = [messages.text("load.toml_title").of(lang), ""]
    for key in _TOML_KEYS:
        if key.startswith("["):
            lines += ["", key] if not key.startswith("[files") else ["", f"# {key}"]
            continue
        code, _, example = key.partition("|")
        text = messages.text(f"load.toml_{code}")
        lines += [f"# {line}" for line in _both(text.zh, text.en, lang)]
        lines.append(example)
    return "\n".join(lines) + "\n"


_PUBLISH: Final = "\n".join(
    f"# {line}"
    for line in (
        'office = ""',
        'office_en = ""',
        'phone = ""',
        'url = ""',
        'rule = ""',
        'rule_en = ""',
        'transition = ""',
        "siblings_stay = true",
        'comments_to = ""',
        'comments_until = "2027-04-30"',
        "near_line_m = 50",
        'no_map_number = ""',
        'disclaimer = ""',
    )
)
_OPTIONS: Final = "\n".join(
    f"# {line}"
    for line in (
        "years = [2028, 2029]",
        "quantile = 0.9",
        "seat_price_s = inf",
        "contiguous = true",
        "across_barriers = true",
        "least_utilisation = 0.5",
        "least_price_s = inf",
        'balance = [{ group = "migrants", within = 0.05, price_s = inf }]',
        "grandfathered = false",
        'locked_blocks = ["B0001"]',
        'locked_schools = ["S001"]',
        'shared = [["S001", "S002"]]',
        "deduct_private = false",
        "deduct_designated = false",
        "prices = { moved_s = 300, left_town_s = inf, misplaced_s = inf, split_feeder_s = 0 }",
    )
)
"""Every option as an example."""

_TOML_KEYS: Final = (
    "[place]",
    'name|name = ""',
    'name_en|name_en = ""',
    "year|year = 2026",
    'map_approval|map_approval = ""',
    'attribution|attribution = ""',
    'data_date|data_date = ""',
    "[crs]",
    'input|input = "EPSG:4490"',
    'metric|# metric = "EPSG:4547"',
    "[answers]",
    'datum|# datum = "xian80 as cgcs2000"',
    'encoding|# encoding = "gb18030"',
    'missing_capacity|# missing_capacity = "enrolment"',
    '[files."blocks.shp"]',
    'files|# encoding = "gb18030"',
    "[policy.primary]",
    'policy|# class_size = 40\n# radius_m = { city = 500 }\n# journey_minutes = 30\n# source = ""',
    "[zones.primary]",
    "zones|" + _OPTIONS,
    "[warnings]",
    'warnings|# red = 0.8\n# orange = 0.5\n# yellow = 0.2\n# source = ""',
    "[thresholds]",
    "hide_below|# hide_below = 5",
    "[publish]",
    "publish|" + _PUBLISH,
)
