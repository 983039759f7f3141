"""Fan charts: the expected course with its 80 and 95 % bands, what was counted before, and the seats."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from zoning.errors import Language, Text
from zoning.publish.figures import ACCENT, GRID, INK, RED, SOFT, drawing, printable
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_courses import WARNINGS, Course, Outlook
from zoning.publish.forecast_words import count, range_80, short_sentence, word

__all__ = [
    "BAND_80",
    "BAND_95",
    "PAST",
    "WARNED",
    "county_figure",
    "footer",
    "school_figures",
    "town_figures",
]

BAND_80, BAND_95, PAST = "#8cc0cb", "#d6e8ec", "#7a8591"
WARNED: Final[Mapping[str, str]] = {
    "red": "#b7352c",
    "orange": "#e58a3c",
    "yellow": "#f2d24b",
    "none": "#eceff1",
    "unknown": "#eceff1",
}
"""Colours of seat warnings; each stands with its name or a number, never alone."""
_COLUMNS, _PAGE = 4, 20
_MOST_PAGES: Final = 2
_CHANGING: Final = 8
_PANEL_IN = (3.0, 2.05)
_HEAD_IN, _FOOT_IN = 0.95, 0.8


def county_figure(book: ForecastBook, lang: Language) -> Figure:
    """Return the county's children by stage, one fan a stage."""
    title = word("figure_county", place=book.place.name)
    with drawing():
        figure, panels = _sheet(
            len(book.county), min(2, len(book.county)), (4.9, 3.1), (title, word("county_said")), lang
        )
        for axes, course in zip(panels, book.county, strict=True):
            _draw(axes, course, small=False)
            stage = book.label(course.stage).of(lang)
            _caption(axes, stage[:1].upper() + stage[1:], _in_last_year(course, lang), size=12)
        _legend(figure, book, lang)
    return figure


def town_figures(book: ForecastBook, lang: Language) -> Iterator[tuple[str, Figure]]:
    """Yield small multiples of towns, by stage and page: ``primary`` or, of several, ``primary-1``."""
    for stage in book.stages:
        found = book.of_stage(book.towns, stage.name)
        title = word("figure_towns", place=book.place.name, stage=stage.label)
        yield from _pages(book, stage.name, found, (title, word("own_scales")), lang)


def school_figures(book: ForecastBook, lang: Language) -> Iterator[tuple[str, Figure]]:
    """Yield small multiples of the schools worth looking at: with a warning, then those that change most."""
    for stage in book.stages:
        every = [one for one in book.schools if one.stage == stage.name]
        shown = _worth_looking_at(book, every)
        title = word("figure_schools", place=book.place.name, stage=stage.label)
        said = word("shown_schools", shown=len(shown), every=len(every))
        yield from _pages(book, stage.name, shown, (title, said), lang)


def _worth_looking_at(book: ForecastBook, schools: Sequence[Outlook]) -> list[Course]:
    of_stage = set(map(id, schools))
    warned: list[Course] = [one for one in book.warned if id(one) in of_stage]
    calm = [one for one in schools if one.worst not in WARNINGS and math.isfinite(one.now)]
    calm.sort(key=lambda one: (-abs(float(one.mean[-1]) - one.now), one.place))
    return [*warned, *calm[:_CHANGING]][: _PAGE * _MOST_PAGES]


def _pages(
    book: ForecastBook, stage: str, courses: Sequence[Course], said: tuple[Text, Text], lang: Language
) -> Iterator[tuple[str, Figure]]:
    parts = [courses[at : at + _PAGE] for at in range(0, len(courses), _PAGE)]
    for number, part in enumerate(parts, start=1):
        title = said[0] if len(parts) == 1 else word("page", title=said[0], number=number, pages=len(parts))
        with drawing():
            figure, panels = _sheet(len(part), _COLUMNS, _PANEL_IN, (title, said[1]), lang)
            for axes, course in zip(panels, part, strict=True):
                _draw(axes, course, small=True)
                name = textwrap.shorten(printable(course.name.of(lang)), 42, placeholder="…")
                _caption(axes, name, _below_name(course, lang), size=9.5)
            _legend(figure, book, lang)
        yield (stage if len(parts) == 1 else f"{stage}-{number}"), figure


def _below_name(course: Course, lang: Language) -> str:
    if isinstance(course, Outlook) and course.worst in WARNINGS:
        return short_sentence(course).of(lang)
    return _in_last_year(course, lang)


def _in_last_year(course: Course, lang: Language) -> str:
    year, children, ends = course.years[-1], count(course.mean[-1]), range_80(course, len(course.years) - 1)
    name = "in_year_range" if ends else "in_year"
    return word(name, year=year, children=children, range=ends).of(lang)


def _sheet(
    panels: int, columns: int, size: tuple[float, float], said: tuple[Text, Text], lang: Language
) -> tuple[Figure, list[Axes]]:
    rows = max(1, math.ceil(panels / columns))
    wide, tall = columns * size[0] + 0.5, rows * size[1] + _HEAD_IN + _FOOT_IN
    figure = Figure(figsize=(wide, tall))
    grid = figure.add_gridspec(
        rows, columns, left=0.62 / wide, right=1 - 0.3 / wide, bottom=(_FOOT_IN + 0.1) / tall,
        top=1 - (_HEAD_IN + 0.3) / tall, wspace=0.32, hspace=0.62 if size[1] < 3 else 0.42,
    )  # fmt: skip
    figure.text(0.3 / wide, 1 - 0.24 / tall, printable(said[0].of(lang)), fontsize=15, va="top", color=INK)
    figure.text(0.3 / wide, 1 - 0.56 / tall, printable(said[1].of(lang)), fontsize=9.5, va="top", color=SOFT)
    return figure, [figure.add_subplot(grid[at // columns, at % columns]) for at in range(panels)]


def _caption(axes: Axes, name: str, below: str, *, size: float) -> None:
    axes.annotate(
        name, (0, 1), xycoords="axes fraction", xytext=(0, 20), textcoords="offset points", fontsize=size,
        color=INK,
    )  # fmt: skip
    axes.annotate(
        below, (0, 1), xycoords="axes fraction", xytext=(0, 7), textcoords="offset points", color=SOFT,
        fontsize=max(8.0, size - 2),
    )  # fmt: skip


def _draw(axes: Axes, course: Course, *, small: bool) -> None:
    """Draw one fan; the seats' line is left out where it would press everything else to the ground."""
    years, mean, bands = list(course.years), course.mean, course.bands
    if math.isfinite(course.now) and course.now_year < years[0]:
        years, mean = [course.now_year, *years], np.concatenate([[course.now], mean])
        bands = np.column_stack([np.full(4, course.now), bands])
    if course.has_bands:
        axes.fill_between(years, bands[0], bands[3], color=BAND_95, lw=0)
        axes.fill_between(years, bands[1], bands[2], color=BAND_80, lw=0)
    axes.plot(years, mean, color=ACCENT, lw=1.6 if small else 2.2)
    axes.plot(years[-1], mean[-1], color=ACCENT, marker="o", ms=3 if small else 4.5)
    if course.history:
        past, pupils = zip(*course.history, strict=True)
        axes.plot(past, pupils, color=PAST, lw=1.0 if small else 1.4, marker="o", ms=1.8 if small else 3)
    seats = course.seats if course.grade is None else np.zeros(0)
    top = max([float(mean.max()), *(n for _, n in course.history), float(np.nanmax(bands, initial=0))])
    if seats.size and 0 < np.nanmax(seats) <= 2.5 * max(top, 1.0):
        axes.step(course.years, seats, where="mid", color=RED, lw=1.1 if small else 1.4, ls=(0, (4, 2.5)))
        top = max(top, float(np.nanmax(seats)))
    axes.set_ylim(0, top * 1.1 if top > 0 else 1)
    first = min([years[0], *(year for year, _ in course.history)])
    axes.set_xlim(first - 0.4, years[-1] + 0.6)
    axes.set_xticks(_ticks(first, years[-1]))
    axes.tick_params(labelsize=7.5 if small else 9, length=2)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="y", nbins=4)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)


def _ticks(first: int, last: int) -> list[int]:
    step = max(1, math.ceil((last - first) / 5))
    return list(range(last, first - 1, -step))[::-1]


def _legend(figure: Figure, book: ForecastBook, lang: Language) -> None:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=PAST, marker="o", ms=3, lw=1.4, label=word("key_history").of(lang)),
        Line2D([], [], color=ACCENT, lw=2.2, label=word("key_mean").of(lang)),
    ]
    if book.has_bands:
        handles += [
            Patch(color=BAND_80, label=word("key_80").of(lang)),
            Patch(color=BAND_95, label=word("key_95").of(lang)),
        ]
    handles.append(Line2D([], [], color=RED, lw=1.4, ls=(0, (4, 2.5)), label=word("key_seats").of(lang)))
    wide, tall = figure.get_size_inches()
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.2 / wide, 0.26 / tall), ncols=len(handles),
        frameon=False,        fontsize=9,
    )  # fmt: skip
    figure.text(0.3 / wide, 0.12 / tall, footer(book, lang), fontsize=8, color=SOFT)


def footer(book: ForecastBook, lang: Language) -> str:
    """Return the line below every figure: paths, seed, digest of the data."""
    asked = book.asked
    return word("figure_footer", paths=asked.paths, seed=asked.seed, digest=book.place.digest[:12] or "–").of(
        lang
    )
