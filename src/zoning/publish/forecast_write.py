"""The door of the forecast's outputs: a folder of tables, workbook, figures and page, written whole."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zoning.district import District
from zoning.errors import Language
from zoning.publish import export, plans
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_tables import block_table, book_record, interval_table, write_parquet
from zoning.publish.forecast_words import word
from zoning.publish.result import Published
from zoning.publish.whole import whole_files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["publish_forecast"]

_NAMES: Final[Mapping[str, str]] = {
    "summary": "summary.html",
    "workbook": "forecast.xlsx",
    "table": "forecast.csv",
    "blocks": "forecast.parquet",
    "intervals": "intervals.parquet",
    "record": "forecast.json",
}
_MOST_ROWS: Final = 1_048_575
"""Rows that Excel opens; a table with more is written as Parquet only."""
_FIGURES: Final = "figures"
"""Folder of the figures."""


def publish_forecast(
    district: District,
    book: ForecastBook,
    *,
    folder: Path | str,
    lang: Language = "zh",
    figures: bool = True,
) -> Published:
    """Write a forecast as files, all of them or none, and return their paths by kind.

    - ``summary`` (``summary.html``): one page in both languages, the answer first
    - ``workbook`` (``forecast.xlsx``): summary, county, towns, schools with warnings, blocks, drivers,
      scenarios, back-test, assumptions
    - ``table`` (``forecast.csv``, while Excel can open it), ``blocks`` (``forecast.parquet``): children by
      block, grade and year, the latter with what they are made of
    - ``intervals`` (``intervals.parquet``): county, towns and schools with intervals, seats and warnings
    - ``record`` (``forecast.json``): the whole book for machines
    - ``figure_<name>`` (``figures/<name>.png``): fans, drivers, births, maps, calendar of seat warnings

    Figures of an earlier forecast that this one has no more are removed.

    Parameters
    ----------
    district
        The district.
    book
        The numbers; every file prints from it.
    folder
        Where to write; made when missing.
    lang
        Language of the workbook and the figures, and the one that the page opens in.
    figures
        Whether to draw the figures.

    Raises
    ------
    ZoningError
        When the folder or a file in it cannot be written.
    """
    from zoning.publish.forecast_page import summary_page  # noqa: PLC0415 - waits until files are written
    from zoning.publish.forecast_sheets import forecast_sheets  # noqa: PLC0415 - as above
    from zoning.publish.workbook import write_sheets  # noqa: PLC0415 - so does xlsxwriter

    names = dict(_NAMES)
    with whole_files(folder) as draft:
        record = json.dumps(book_record(book), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        texts = {"summary": summary_page(book, lang=lang), "record": record}
        if book.demand.mean.size <= _MOST_ROWS:
            texts["table"] = plans.csv_text(export.forecast_table(district, book.demand))
        else:
            del names["table"]
        for kind, text in texts.items():
            (draft / names[kind]).write_text(text, encoding="utf-8", newline="")
        write_parquet(block_table(district, book), draft / names["blocks"])
        write_parquet(interval_table(book), draft / names["intervals"])
        title = word("figure_county", place=district.place.name)
        write_sheets(draft / names["workbook"], title, forecast_sheets(district, book, lang=lang), lang=lang)
        if figures:
            names |= _draw(draft, district, book, lang)
    _clear(Path(folder), set(names.values()))
    return Published(tuple((kind, Path(folder) / name) for kind, name in names.items()))


def _draw(draft: Path, district: District, book: ForecastBook, lang: Language) -> dict[str, str]:
    from zoning.publish import figures as house  # noqa: PLC0415 - matplotlib waits until figures are drawn

    (draft / _FIGURES).mkdir()
    names = {}
    for name, figure in _drawings(district, book, lang):
        names[f"figure_{name}"] = f"{_FIGURES}/{name}.png"
        house.save(figure, draft / _FIGURES / f"{name}.png", rare=name == "maps")
    return names


def _drawings(district: District, book: ForecastBook, lang: Language) -> "Iterator[tuple[str, Figure]]":
    """Yield the figures by name, one at a time: all together they would not fit into little memory."""
    from zoning.publish import forecast_charts as charts  # noqa: PLC0415 - as above
    from zoning.publish import forecast_fans as fans  # noqa: PLC0415 - as above
    from zoning.publish.forecast_maps import change_figure  # noqa: PLC0415 - as above

    yield "county", fans.county_figure(book, lang)
    if any(course.drivers for course in book.county):
        yield "drivers", charts.drivers_figure(book, lang)
    births = charts.births_figure(book, lang)
    if births is not None:
        yield "births", births
    yield "maps", change_figure(district, book, lang)
    for number, figure in enumerate(charts.warning_figures(book, lang), start=1):
        yield f"warnings-{number}", figure
    yield from ((f"towns-{name}", figure) for name, figure in fans.town_figures(book, lang))
    yield from ((f"schools-{name}", figure) for name, figure in fans.school_figures(book, lang))


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove figures of an earlier forecast: a third page of schools that has become two would mislead."""
    for path in (folder / _FIGURES).glob("*.png"):
        if f"{_FIGURES}/{path.name}" not in kept:
            path.unlink()
    if (folder / _FIGURES).is_dir() and not any((folder / _FIGURES).iterdir()):
        (folder / _FIGURES).rmdir()
