"""Numbers and sentences of a forecast as they are printed, for page, figures, workbook and terminal."""

import math
from typing import Final

import pandas as pd

from zoning import messages
from zoning.errors import Text
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_courses import Course, Outlook, Warned
from zoning.units import school_year

__all__ = [
    "count",
    "level_word",
    "method_word",
    "range_80",
    "score",
    "seats_sentence",
    "signed",
    "stage_sentence",
    "word",
]

DASH: Final = "–"
_PARTS: Final = {
    (False, False): "answer_part",
    (True, False): "answer_part_range",
    (False, True): "answer_part_change",
    (True, True): "answer_part_range_change",
}
"""Sentence by whether there are intervals, and whether today's children are known."""
METHODS: Final = ("model", "ratio3", "last_value")
SCORED: Final = ("cell", "school", "district", "district_total")


def word(name: str, **fields: object) -> Text:
    """Return a sentence of the forecast's catalogue."""
    return messages.text(f"publish_forecast.{name}", **fields)


def count(value: float) -> str:
    """Return a number of children as it is printed, in whole children.

    Examples
    --------
    >>> count(13712.6), count(float("nan"))
    ('13,713', '–')
    """
    return f"{value:,.0f}" if math.isfinite(value) else DASH


def signed(value: float) -> str:
    """Return a change in children with its sign; a true minus, as tables set it.

    Examples
    --------
    >>> signed(12.4), signed(-3.2), signed(0.2)
    ('+12', '−3', '0')
    """
    whole = round(value)
    return f"{whole:+,}".replace("-", "−") if whole else "0"


def chance(value: float) -> str:
    """Return a probability as it is printed: sample paths never make anything impossible or certain.

    Examples
    --------
    >>> chance(0.314), chance(0.9987), chance(1.0), chance(0.0), chance(float("nan"))
    ('31 %', '> 99 %', '> 99 %', '< 1 %', '')
    """
    if not math.isfinite(value):
        return ""
    if value < 0.01:
        return "< 1 %"
    return "> 99 %" if value > 0.99 else f"{value * 100:.0f} %"


def percent(value: float) -> str:
    """Return a share of error with one decimal.

    Examples
    --------
    >>> percent(0.0461)
    '4.6 %'
    """
    return f"{value * 100:.1f} %" if math.isfinite(value) else DASH


def range_80(course: Course, at: int) -> str:
    """Return the ends of the 80 % interval of a year, empty without intervals.

    Parameters
    ----------
    course
        The course.
    at
        Position of the year.
    """
    return f"{count(course.bands[1, at])}–{count(course.bands[2, at])}" if course.has_bands else ""


def range_95(course: Course, at: int) -> str:
    """Return the ends of the 95 % interval of a year, empty without intervals."""
    return f"{count(course.bands[0, at])}–{count(course.bands[3, at])}" if course.has_bands else ""


def level_word(level: Warned) -> Text:
    """Return the name of a level of seat warnings."""
    return word(f"level_{level}")


def level_meaning(book: ForecastBook, level: Warned) -> Text:
    """Return what a level of seat warnings means: the policy's threshold, where it is known."""
    if level in book.thresholds:
        return word("means_from", level=level_word(level), share=f"{book.thresholds[level] * 100:.0f}")
    return word(f"means_{level}")


def method_word(method: str) -> Text:
    """Return the name of a method of the back-test; an unknown one prints as it is called."""
    return word(f"method_{method}") if method in METHODS else Text(method, method)


def scored_word(level: str) -> Text:
    """Return the name of a level of the back-test; an unknown one prints as it is called."""
    return word(f"scored_{level}") if level in SCORED else Text(level, level)


def score(book: ForecastBook, method: str, level: str, horizon: int, measure: str) -> float:
    """Return one error of the back-test over all sizes, a share; NaN where there is none."""
    table = book.scores
    if table.empty:
        return math.nan
    rows = table[
        (table["method"] == method) & (table["level"] == level) & (table["horizon"] == horizon)
        & (table["size"] == "all")
    ]  # fmt: skip
    return float(pd.to_numeric(rows[measure]).iloc[0]) if len(rows) else math.nan


def title_case(text: Text) -> Text:
    """Return a name with a capital letter, as it stands at the head of something."""
    return Text(text.en[:1].upper() + text.en[1:], text.zh)


def stage_sentence(book: ForecastBook, course: Course) -> Text:
    """Return what happens to one stage: how many in the last year, the range, the change from now."""
    last = len(course.years) - 1
    fields = {
        "stage": title_case(book.label(course.stage)),
        "year": school_year(course.years[last]),
        "children": count(course.mean[last]),
        "range": range_80(course, last),
    }
    said = word("answer_range" if course.has_bands else "answer_single", **fields)
    if not math.isfinite(course.change):
        return said
    more = change_text(course)
    return Text(f"{said.en}; {more.en}.", f"{said.zh}；{more.zh}。")


def change_text(course: Course) -> Text:
    """Return by how much the last year differs from now."""
    change = course.change
    kind = "same" if abs(change) < 0.005 else "more" if change > 0 else "fewer"
    return word(f"change_{kind}", share=f"{abs(change) * 100:.0f}", now=count(course.now))


def answer_sentence(book: ForecastBook) -> Text:
    """Return the children of every stage in the last year in one sentence, with the change from now."""
    parts = []
    for course in book.county:
        more = f"{course.change:+.0%}".replace("-", "−").replace("%", " %")
        known = math.isfinite(course.change)
        ends = range_80(course, len(course.years) - 1)
        fields = {"stage": book.label(course.stage), "children": count(course.mean[-1])}
        parts.append(word(_PARTS[bool(ends), known], **fields, range=ends, change=more))
    joined = Text("; ".join(p.en for p in parts), "；".join(p.zh for p in parts))
    return word("answer_all", year=school_year(book.years[-1]), parts=joined)


def seats_sentence(book: ForecastBook) -> Text:
    """Return how many schools run out of seats, which first, and when."""
    if not book.schools:
        return word("seats_unknown")
    found = book.warned
    if not book.has_bands:
        over = sum(school.expected_over for school in book.schools)
        return word("seats_single", schools=len(book.schools), over=over)
    if not found:
        return word("seats_enough", schools=len(book.schools), first=book.years[0], last=book.years[-1])
    by_level = {level: sum(s.worst == level for s in found) for level in ("red", "orange", "yellow")}
    first = found[0]
    said = word("seats_short", schools=len(book.schools), warned=len(found), **by_level)
    fields = {"school": first.name, "stage": book.label(first.stage), "year": school_year(worst_year(first))}
    at = first.years.index(worst_year(first))
    pupils, seats = count(first.mean[at]), count(first.seats[at])
    gravest = word("seats_gravest", **fields, chance=chance(first.risk), pupils=pupils, seats=seats)
    return Text(f"{said.en} {gravest.en}", f"{said.zh}{gravest.zh}")


def short_sentence(school: Outlook) -> Text:
    """Return in which year a school is most likely short of seats, or that it is closed then."""
    year = worst_year(school)
    level = level_word(school.worst)
    if not school.seats[school.years.index(year)] > 0:
        return word("closed_in", level=level, year=year)
    return word("short_in", level=level, year=year, chance=chance(school.risk))


def worst_year(school: Outlook) -> int:
    """Return the year in which a school most likely runs out of seats, the earliest of several."""
    return school.years[int(school.p_over.argmax())]
