"""Fans as small vector drawings inside the page; their numbers stand beside them in text and table."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from zoning.publish.forecast_courses import Course
from zoning.publish.forecast_fans import BAND_80, BAND_95, PAST
from zoning.publish.forecast_words import count

__all__ = ["fan_svg"]

_WIDE, _TALL = 260.0, 132.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 38.0, 8.0, 8.0, 18.0
_ACCENT: Final = "#0c6b82"
_RED: Final = "#b7352c"
Points = Sequence[tuple[float, float]]


class _Scale:
    """From years and children to dots."""

    def __init__(self, first: int, last: int, top: float) -> None:
        self.first, self.last, self.top = first, last, top

    def x(self, year: float) -> float:
        span = max(self.last - self.first, 1)
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * (year - self.first) / span

    def y(self, children: float) -> float:
        return _TALL - _BOTTOM - (_TALL - _TOP - _BOTTOM) * children / self.top

    def path(self, points: Points) -> str:
        return " ".join(f"{self.x(year):.1f},{self.y(value):.1f}" for year, value in points)


def nice_top(value: float) -> float:
    """Return a round number at or above a value, whose half is round, too.

    Examples
    --------
    >>> nice_top(23418.0), nice_top(0.0)
    (24000.0, 1.0)
    """
    if not value > 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return size * next(step for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if step * size >= value)


def fan_svg(course: Course) -> str:
    """Return the fan of a course as SVG, hidden from screen readers, for its numbers stand in text."""
    years, mean, bands = list(course.years), course.mean, course.bands
    if math.isfinite(course.now) and course.now_year < years[0]:
        years, mean = [course.now_year, *years], np.concatenate([[course.now], mean])
        bands = np.column_stack([np.full(4, course.now), bands])
    seats = [float(value) for value in course.seats if math.isfinite(value)]
    highest = max([float(mean.max()), *(n for _, n in course.history), float(np.nanmax(bands, initial=0))])
    shown = bool(seats) and 0 < max(seats) <= 2.5 * max(highest, 1.0)
    scale = _Scale(
        min([years[0], *(year for year, _ in course.history)]),
        years[-1],
        nice_top(max(highest, max(seats) if shown else 0.0)),
    )
    parts = [_grid(scale, course.now_year)]
    if course.has_bands:
        for low, high, colour in ((0, 3, BAND_95), (1, 2, BAND_80)):
            rim = [
                *zip(years, bands[high], strict=True),
                *reversed(list(zip(years, bands[low], strict=True))),
            ]
            parts.append(f'<polygon points="{scale.path(rim)}" fill="{colour}"/>')
    if shown:
        steps = [
            point
            for year, value in zip(course.years, course.seats, strict=True)
            for point in ((max(year - 0.5, scale.first), value), (min(year + 0.5, scale.last), value))
        ]
        parts.append(_line(scale, steps, _RED, width=1.3, dash=True))
    if course.history:
        parts.append(_line(scale, course.history, PAST, width=1.4))
    parts.append(_line(scale, list(zip(years, mean, strict=True)), _ACCENT, width=2.2))
    parts.append(
        f'<circle cx="{scale.x(years[-1]):.1f}" cy="{scale.y(mean[-1]):.1f}" r="3" fill="{_ACCENT}"/>'
    )
    inside = "".join(parts)
    box = f"0 0 {_WIDE:.0f} {_TALL:.0f}"
    return f'<svg class="fan" viewBox="{box}" aria-hidden="true" focusable="false">{inside}</svg>'


def _line(scale: _Scale, points: Points, colour: str, *, width: float, dash: bool = False) -> str:
    dashes = ' stroke-dasharray="4 3"' if dash else ""
    look = f'fill="none" stroke="{colour}" stroke-width="{width}"{dashes}'
    return f'<polyline points="{scale.path(points)}" {look}/>'


def _grid(scale: _Scale, now: int) -> str:
    parts = []
    for value in (0.0, scale.top / 2, scale.top):
        y = scale.y(value)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e5e8"/>')
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{count(value)}</text>')
    years = sorted({scale.first, scale.last} | ({now} if scale.first < now < scale.last else set()))
    for year in years:
        anchor = "end" if year == scale.last else "start" if year == scale.first else "middle"
        parts.append(
            f'<text x="{scale.x(year):.1f}" y="{_TALL - 4:.0f}" text-anchor="{anchor}">{year}</text>'
        )
    return "".join(parts)
