"""What a forecast is made of, births beside entry into school, and the calendar of seat warnings."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from zoning.errors import Language
from zoning.publish.figures import ACCENT, GRID, INK, SOFT, drawing, printable
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_courses import DRIVERS, WARNINGS, Course, Outlook
from zoning.publish.forecast_fans import BAND_80, BAND_95, PAST, WARNED, footer
from zoning.publish.forecast_words import chance, count, level_meaning, level_word, word

__all__ = ["DRIVER_COLOURS", "births_figure", "drivers_figure", "warning_figures"]

DRIVER_COLOURS: Final = {
    "ageing": "#9fb4c4",
    "progression": "#4d7ea8",
    "births": "#e7b75f",
    "housing": "#7fae7b",
    "migration": "#b07aa8",
}
_ROWS = 60
_ENTRY_AGE = 6
_MOST_PAGES: Final = 3
_DARK: Final = ("red",)


def _title(figure: Figure, title: str, below: str, foot: str) -> None:
    wide, tall = figure.get_size_inches()
    figure.text(0.3 / wide, 1 - 0.24 / tall, printable(title), fontsize=15, va="top", color=INK)
    figure.text(0.3 / wide, 1 - 0.58 / tall, printable(below), fontsize=9.5, va="top", color=SOFT)
    figure.text(0.3 / wide, 0.12 / tall, foot, fontsize=8, color=SOFT)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.tick_params(labelsize=9, length=2)


def drivers_figure(book: ForecastBook, lang: Language) -> Figure:
    """Return stacked bars: what the children of each stage and year are made of."""
    rows = math.ceil(len(book.county) / 2)
    with drawing():
        wide, tall = 10.3, 3.2 * rows + 2.05
        figure = Figure(figsize=(wide, tall))
        grid = figure.add_gridspec(
            rows, 2, left=0.7 / wide, right=1 - 0.3 / wide, bottom=1.2 / tall, top=1 - 1.25 / tall,
            wspace=0.2,            hspace=0.36,
        )  # fmt: skip
        for at, course in enumerate(book.county):
            axes = figure.add_subplot(grid[at // 2, at % 2])
            _stack(axes, course)
            axes.set_title(book.label(course.stage).of(lang).capitalize(), loc="left", fontsize=12, color=INK)
        shown = [name for name in DRIVERS if any(name in course.drivers for course in book.county)]
        handles: list[Patch | Line2D] = [
            Patch(color=DRIVER_COLOURS[name], label=word(f"driver_{name}").of(lang)) for name in shown
        ]
        handles.append(Line2D([], [], color=INK, marker="o", ms=4, lw=0, label=word("key_mean").of(lang)))
        figure.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.2 / wide, 0.27 / tall), ncols=3,
            frameon=False,            fontsize=9,
        )  # fmt: skip
        title = word("figure_drivers", place=book.place.name).of(lang)
        _title(figure, title, word("drivers_said").of(lang), footer(book, lang))
    return figure


def _stack(axes: Axes, course: Course) -> None:
    years = np.asarray(course.years)
    above, below = np.zeros(len(years)), np.zeros(len(years))
    for name in DRIVERS:
        if name not in course.drivers:
            continue
        part = course.drivers[name]
        start = np.where(part >= 0, above, below)
        axes.bar(years, part, bottom=start, width=0.68, color=DRIVER_COLOURS[name], linewidth=0)
        above, below = above + np.maximum(part, 0), below + np.minimum(part, 0)
    axes.plot(years, course.mean, color=INK, marker="o", ms=4, lw=0)
    for year, mean, top in zip(course.years, course.mean, above, strict=True):
        axes.annotate(
            count(mean), (year, max(top, mean)), xytext=(0, 4), textcoords="offset points", ha="center",
            fontsize=8.5, color=INK,
        )  # fmt: skip
    axes.axhline(0, color=SOFT, lw=0.8)
    axes.set_ylim(top=float(max(above.max(), course.mean.max(), 1)) * 1.14)
    axes.set_xticks(list(course.years))
    _plain(axes)


def births_figure(book: ForecastBook, lang: Language) -> Figure | None:
    """Return births by cohort beside grade 1 of the year in which they enter; None without births."""
    births = book.births
    if births is None:
        return None
    years, counts = np.asarray(births.years), births.births
    counted = np.asarray(births.counted)
    first = next((course for course in book.grades if course.grade == 1), None)
    with drawing():
        figure = Figure(figsize=(10.3, 5.4))
        axes = figure.add_axes((0.07, 0.24, 0.9, 0.58))
        axes.bar(
            years[counted], counts[counted], width=0.7, color="#f0d9a8", label=word("key_births").of(lang)
        )
        axes.bar(
            years[~counted], counts[~counted], width=0.7, color="white", edgecolor="#d8b770", hatch="///",
            label=word("key_births_assumed").of(lang),
        )  # fmt: skip
        axes.plot(years, births.entered, color=PAST, marker="o", ms=4, label=word("key_entered").of(lang))
        if first is not None:
            _entry_fan(axes, first, lang)
        axes.set_xticks(years, [f"{year}\n({year - _ENTRY_AGE})" for year in births.years])
        axes.set_ylim(bottom=0)
        _plain(axes)
        axes.tick_params(labelsize=8.5)
        figure.legend(loc="lower left", bbox_to_anchor=(0.02, 0.055), ncols=6, frameon=False, fontsize=9)
        title = word("figure_births", place=book.place.name).of(lang)
        _title(figure, title, word("births_said").of(lang), footer(book, lang))
    return figure


def _entry_fan(axes: Axes, first: Course, lang: Language) -> None:
    years = list(first.years)
    if first.has_bands:
        # Bands as bars beside the mean: over the births' bars a filled fan would hide them.
        spans = ((0, 3, 1.6, BAND_95, "key_95"), (1, 2, 5.0, BAND_80, "key_80"))
        for low, high, width, colour, key in spans:
            axes.vlines(
                years, first.bands[low], first.bands[high], color=colour if width > 2 else ACCENT, lw=width,
                label=word(key).of(lang), zorder=3,
            )  # fmt: skip
    axes.plot(
        years, first.mean, color=ACCENT, marker="o", ms=4, lw=1.8, zorder=4, label=word("key_grade1").of(lang)
    )


def warning_figures(book: ForecastBook, lang: Language) -> list[Figure]:
    """Return the calendar of seat warnings, schools by years, on up to three pages."""
    ordered = [s for stage in book.stages for s in book.warned if s.stage == stage.name]
    parts = [ordered[at : at + _ROWS] for at in range(0, len(ordered), _ROWS)][:_MOST_PAGES]
    return [_calendar(book, part, lang, page=(n, len(parts))) for n, part in enumerate(parts, start=1)]


def _calendar(
    book: ForecastBook, schools: Sequence[Outlook], lang: Language, *, page: tuple[int, int]
) -> Figure:
    rows: list[Outlook | str] = []
    for school in schools:
        if school.stage not in {s.stage for s in rows if isinstance(s, Outlook)}:
            rows.append(school.stage)
        rows.append(school)
    years = book.years
    left, cell, tall_row, head, foot = 3.5, 1.0, 0.27, 1.15, 0.8
    wide, tall = left + cell * len(years) + 1.5, head + foot + tall_row * len(rows)
    wide = max(wide, 9.0)
    with drawing():
        figure = Figure(figsize=(wide, tall))
        axes = figure.add_axes((0, foot / tall, 1, (tall - head - foot) / tall))
        axes.set_xlim(0, wide)
        axes.set_ylim(len(rows), 0)
        axes.set_axis_off()
        for column, year in enumerate(years):
            axes.text(left + cell * (column + 0.5), -0.28, str(year), ha="center", fontsize=9.5, color=SOFT)
        axes.text(
            left + cell * len(years) + 0.15, -0.28, word("seats_now").of(lang), fontsize=9.5, color=SOFT
        )
        for row, entry in enumerate(rows):
            if isinstance(entry, str):
                axes.text(0.3, row + 0.66, book.label(entry).of(lang).capitalize(), fontsize=11, color=INK)
            else:
                _calendar_row(axes, entry, row, (left, cell), lang)
        _warning_key(figure, book, lang)
        title = word("figure_warnings", place=book.place.name)
        if page[1] > 1:
            title = word("page", title=title, number=page[0], pages=page[1])
        said = word("warnings_said", warned=len(book.warned), schools=len(book.schools)).of(lang)
        _title(figure, title.of(lang), said, footer(book, lang))
    return figure


def _calendar_row(axes: Axes, school: Outlook, row: int, place: tuple[float, float], lang: Language) -> None:
    left, cell = place
    name = printable(school.name.of(lang))
    shown = name if len(name) <= 42 else name[:41] + "…"
    axes.text(left - 0.15, row + 0.68, shown, ha="right", fontsize=9, color=INK)
    for column, level in enumerate(school.warned):
        fill = WARNED[level]
        axes.add_patch(
            Rectangle((left + cell * column + 0.03, row + 0.06), cell - 0.06, 0.88, facecolor=fill, lw=0)
        )
        said = chance(float(school.p_over[column]))
        text = f"{level_word(level).of(lang)} {said}" if level in WARNINGS else said
        axes.text(
            left + cell * (column + 0.5), row + 0.68, text, ha="center", fontsize=8.5,
            color="white" if level in _DARK else INK if level in WARNINGS else SOFT,
        )  # fmt: skip
    seats = school.seats
    change = f"{count(seats[0])} → {count(seats[-1])}" if seats[0] != seats[-1] else count(seats[0])
    axes.text(left + cell * len(school.years) + 0.15, row + 0.68, change, fontsize=8.5, color=SOFT)


def _warning_key(figure: Figure, book: ForecastBook, lang: Language) -> None:
    wide, tall = figure.get_size_inches()
    handles = [Patch(color=WARNED[level], label=level_meaning(book, level).of(lang)) for level in WARNINGS]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.2 / wide, 0.28 / tall), ncols=3, frameon=False,
        fontsize=9,
    )  # fmt: skip
