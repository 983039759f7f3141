"""``summary.html``: the forecast on one page in two languages, the answer first; no request leaves it."""

import html
import math
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Final

import numpy as np

from zoning.errors import Language, Text
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_charts import DRIVER_COLOURS
from zoning.publish.forecast_courses import DRIVERS, WARNINGS, Course, Outlook
from zoning.publish.forecast_fans import BAND_80, BAND_95, PAST
from zoning.publish.forecast_past import past_section
from zoning.publish.forecast_sheets import scenario_text
from zoning.publish.forecast_svg import fan_svg
from zoning.publish.forecast_words import (
    answer_sentence,
    chance,
    change_text,
    count,
    level_meaning,
    level_word,
    range_80,
    range_95,
    seats_sentence,
    signed,
    title_case,
    word,
)
from zoning.publish.markup import both, cell, head, section, table
from zoning.publish.page import bilingual_page
from zoning.units import school_year

__all__ = ["summary_page"]

_WARNED_ROWS, _PRINTED_ROWS = 14, 8
_PRINTED_LETTERS: Final = 1_000
"""Of the notes so many letters fit the one sheet; all stand on the screen."""


def summary_page(book: ForecastBook, *, lang: Language = "zh") -> str:
    """Return the page as HTML.

    Parameters
    ----------
    book
        The numbers.
    lang
        Language that the page opens in.
    """
    last = school_year(book.years[-1])
    title = word("page_title", place=book.place.name, year=last)
    subtitle = word(
        "page_subtitle", first=school_year(book.years[0]), last=last, scenario=scenario_text(book),
        paths=book.asked.paths,
    )  # fmt: skip
    left = _seats(book) + _scenarios(book)
    right = past_section(book) + _drivers(book)
    sections = _answer(book) + _stages(book) + f'<div class="pair"><div>{left}</div><div>{right}</div></div>'
    return bilingual_page(title, subtitle, sections + _assumed(book), word("page_footer"), lang=lang)


def _answer(book: ForecastBook) -> str:
    said = f'<p class="lead">{both(answer_sentence(book))}</p>'
    seats = f'<p class="lead"><b>{both(seats_sentence(book))}</b></p>'
    return section("answer", word("heading_answer"), said + seats, kind="answer")


def _stages(book: ForecastBook) -> str:
    cards = "".join(_card(book, course) for course in book.county)
    keys = [
        (f'<span class="sw line" style="border-color:{PAST}"></span>', "key_history"),
        ('<span class="sw line" style="border-color:#0c6b82"></span>', "key_mean"),
        ('<span class="sw dash" style="border-color:#b7352c"></span>', "key_seats"),
    ]
    if book.has_bands:
        keys[2:2] = [
            (f'<span class="sw" style="background:{BAND_80}"></span>', "key_80"),
            (f'<span class="sw" style="background:{BAND_95}"></span>', "key_95"),
        ]
    key = "".join(f'<span class="k">{mark}{both(word(name))}</span>' for mark, name in keys)
    return section(
        "stages", word("heading_stages"), f'{cards}<p class="key">{key}</p>{_numbers(book)}', kind="stages"
    )


def _card(book: ForecastBook, course: Course) -> str:
    at = len(course.years) - 1
    year = word("in_school_year", year=school_year(course.years[at]))
    lines = []
    if course.has_bands:
        lines.append(f"<p>{both(word('card_range', range=range_80(course, at)))}</p>")
    if math.isfinite(course.change):
        lines.append(f"<p>{both(title_case(change_text(course)))}</p>")
    now = course.peak == course.now_year
    peak = word("card_peak_now" if now else "card_peak", year=school_year(course.peak))
    lines.append(f'<p class="soft">{both(peak)}</p>')
    name = both(title_case(book.label(course.stage)))
    big = f'<p class="big">{count(course.mean[at])} <small>{both(year)}</small></p>'
    return f'<div class="stage"><h3>{name}</h3>{big}{"".join(lines)}{fan_svg(course)}</div>'


def _numbers(book: ForecastBook) -> str:
    """The numbers behind the fans, year by year."""
    rows = []
    for course in book.county:
        for at, year in enumerate(course.years):
            shown = [
                count(course.mean[at]),
                range_80(course, at),
                range_95(course, at),
                count(course.seats[at]),
            ]
            name = both(book.label(course.stage))
            rows.append(head(f"{name} {school_year(year)}", scope="row") + "".join(map(cell, shown)))
    titles = [
        word("column_stage"), word("column_mean"), word("key_80"), word("key_95"), word("column_seats"),
    ]  # fmt: skip
    inside = table(titles, rows, caption=word("caption_numbers"))
    summary = both(word("numbers"))
    return (
        f'<details style="grid-column:1/-1"><summary>{summary}</summary>'
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-stages">{inside}</div></details>'
    )


def _seats(book: ForecastBook) -> str:
    if not book.warned:
        return section("seats", word("heading_seats"), f'<p class="say">{both(seats_sentence(book))}</p>')
    rows = [_warned_row(book, school) for school in book.warned[:_WARNED_ROWS]]
    kinds = ["" if at < _PRINTED_ROWS else "print-less" for at in range(len(rows))]
    years = [Text(str(year), str(year)) for year in book.years]
    inside = table(
        [word("column_name"), *years], rows, kinds=kinds, caption=word("caption_seats"), kind="warned"
    )
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-seats">{inside}</div>'
    left = len(book.warned) - len(rows)
    more = f'<p class="more">{both(word("more_schools", count=left))}</p>' if left else ""
    levels = _join(level_meaning(book, level) for level in WARNINGS)
    return section("seats", word("heading_seats"), f'{scroll}{more}<p class="hint">{both(levels)}</p>')


def _join(texts: Iterable[Text]) -> Text:
    found = list(texts)
    return Text("; ".join(t.en for t in found) + ".", "；".join(t.zh for t in found) + "。")


def _warned_row(book: ForecastBook, school: Outlook) -> str:
    stage = both(book.label(school.stage))
    cells = [head(f"<bdi>{both(school.name)}</bdi> <small>{stage}</small>", scope="row")]
    for at, level in enumerate(school.warned):
        said = html.escape(chance(float(school.p_over[at])))
        name = f"<i>{both(level_word(level))}</i> " if level in WARNINGS else ""
        cells.append(f'<td class="w {level}">{name}{said}</td>')
    return "".join(cells)


def _drivers(book: ForecastBook) -> str:
    shown = [name for name in DRIVERS if any(name in course.drivers for course in book.county)]
    if not shown:
        return ""
    last = len(book.years) - 1
    rows = []
    for name in shown:
        mark = f'<span class="sw" style="background:{DRIVER_COLOURS[name]}"></span> '
        parts = [course.drivers.get(name) for course in book.county]
        cells = [cell("" if part is None else signed(float(part[last]))) for part in parts]
        rows.append(head(mark + both(title_case(word(f"driver_{name}"))), scope="row") + "".join(cells))
    sums = [cell(count(course.mean[last])) for course in book.county]
    rows.append(head(both(word("driver_sum")), scope="row") + "".join(sums))
    titles: Sequence[Text] = [word("column_part"), *(book.label(course.stage) for course in book.county)]
    kinds = [""] * len(shown) + ["sum"]
    caption = word("caption_drivers", year=school_year(book.years[last]))
    inside = table(titles, rows, kinds=kinds, caption=caption)
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-drivers">{inside}</div>'
    return section("drivers", word("heading_drivers"), scroll)


def _scenarios(book: ForecastBook) -> str:
    if len(book.scenarios) < 2:
        return ""
    own = book.scenarios[0].totals
    rows = []
    for one in book.scenarios:
        cells = []
        for course in book.county:
            total, asked = float(one.totals[course.stage][-1]), float(own[course.stage][-1])
            cells.append(cell(count(total) if one.asked else signed(total - asked)))
        rows.append(head(both(title_case(one.name)), scope="row") + "".join(cells))
    titles = [word("column_scenario"), *(book.label(course.stage) for course in book.county)]
    caption = word("caption_scenarios", year=school_year(book.years[-1]))
    inside = table(titles, rows, kinds=["sum"] + [""] * (len(rows) - 1), caption=caption)
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-scenarios">{inside}</div>'
    return section("scenarios", word("heading_scenarios"), scroll)


_SHORT: Final = 16


def _assumed(book: ForecastBook) -> str:
    ends = np.cumsum([len(note.en) for note in book.notes])
    printed = int(np.searchsorted(ends, _PRINTED_LETTERS, side="right"))
    kinds = [' class="print-less"' if at >= printed else "" for at in range(len(book.notes))]
    notes = "".join(f"<li{kind}>{both(note)}</li>" for kind, note in zip(kinds, book.notes, strict=True))
    left = len(book.notes) - printed
    if left > 0:
        notes += f'<li class="print-only">{both(word("more_notes", count=left))}</li>'
    place, asked = book.place, book.asked
    facts = [
        ("item_version", version("zoning")), ("item_seed", str(asked.seed)),
        ("item_paths", f"{asked.paths:,}"),
        ("item_digest", place.digest[:_SHORT]), ("item_date", place.data_date),
        ("item_attribution", place.attribution),
    ]  # fmt: skip
    rows = "".join(
        f"<dt>{both(word(name))}</dt><dd>{html.escape(value)}</dd>" for name, value in facts if value
    )
    return section("assumed", word("heading_assumed"), f'<ul class="plain">{notes}</ul><dl>{rows}</dl>')
