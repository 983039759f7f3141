"""How far off such forecasts have been here, in plain words and a table, for page and terminal."""

import math
from collections.abc import Sequence
from typing import Final

from zoning.errors import Text
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_words import METHODS, method_word, percent, score, scored_word, word
from zoning.publish.markup import both, cell, head, section, table

__all__ = ["horizons", "past_section", "past_sentences", "past_table"]

SHOWN: Final = (("school", "mape"), ("district", "mape"), ("cell", "wape"))
_BEST: Final = " ★"
_PRINTED_ADVICE: Final = 2


def horizons(book: ForecastBook) -> list[int]:
    """Return the years ahead that were tested."""
    return [] if book.scores.empty else sorted({int(h) for h in book.scores["horizon"]})


def past_sentences(book: ForecastBook) -> list[Text]:
    """Return the errors one year and several years ahead, and what the intervals held, in plain words."""
    steps = horizons(book)
    said = []
    for step in sorted({steps[0], steps[min(2, len(steps) - 1)]} if steps else set()):
        errors = {name: score(book, name, "school", step, "mape") for name in METHODS}
        if math.isfinite(errors["model"]):
            shown = {name: percent(value) for name, value in errors.items()}
            name = "past_one" if step == 1 else "past_more"
            said.append(word(name, years=step, **shown))
    held = [score(book, "model", "school", step, "coverage80") for step in steps]
    known = [value for value in held if math.isfinite(value)]
    if known:
        least, most = (f"{value * 100:.0f}" for value in (min(known), max(known)))
        said.append(word("past_held_all" if least == most else "past_held", least=least, most=most))
    return said


def past_table(book: ForecastBook) -> list[tuple[Text, list[tuple[Text, list[str]]]]]:
    """Return the errors by level and method, a cell a year ahead, the best of each marked; then coverage.

    Only over all sizes; the workbook has the sizes.
    """
    steps, groups = horizons(book), []
    for level, measure in SHOWN:
        errors = {name: [score(book, name, level, step, measure) for step in steps] for name in METHODS}
        if all(math.isnan(value) for values in errors.values() for value in values):
            continue
        rows = [(method_word(name), _marked(values, errors)) for name, values in errors.items()]
        for share in (80, 95):
            held = [score(book, "model", level, step, f"coverage{share}") for step in steps]
            if any(math.isfinite(value) for value in held):
                rows.append((word("row_held", share=share), [percent(value) for value in held]))
        title = word("row_group", level=scored_word(level), measure=measure.upper())
        groups.append((title, rows))
    return groups


def _marked(values: Sequence[float], errors: dict[str, list[float]]) -> list[str]:
    found = []
    for at, value in enumerate(values):
        known = [row[at] for row in errors.values() if math.isfinite(row[at])]
        found.append(percent(value) + (_BEST if known and value == min(known) else ""))
    return found


def past_section(book: ForecastBook) -> str:
    """Return the section of the page."""
    groups = past_table(book)
    if not groups:
        return section("past", word("heading_past"), f'<p class="say">{both(word("no_backtest"))}</p>')
    said = "".join(f'<p class="say">{both(text)}</p>' for text in past_sentences(book))
    kinds = [' class="print-less"' if at >= _PRINTED_ADVICE else "" for at in range(len(book.advice))]
    advice = "".join(f"<li{kind}>{both(text)}</li>" for kind, text in zip(kinds, book.advice, strict=True))
    steps = [Text(str(step), str(step)) for step in horizons(book)]
    rows, kinds = [], []
    for title, of_level in groups[:2]:
        rows.append(f'<th scope="rowgroup" colspan="{len(steps) + 1}">{both(title)}</th>')
        kinds.append("group")
        for name, cells in of_level[: len(METHODS) + 1]:  # the 95 % interval stands in the workbook
            best = [cell(value, kind="best" if value.endswith(_BEST) else "") for value in cells]
            rows.append(head(both(name), scope="row") + "".join(best))
            kinds.append("")
    inside = table(
        [word("column_ahead"), *steps], rows, kinds=kinds, caption=word("caption_past"), kind="past"
    )
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-past">{inside}</div>'
    said_advice = f'<ul class="advice">{advice}</ul>' if advice else ""
    return section("past", word("heading_past"), said + scroll + said_advice)
