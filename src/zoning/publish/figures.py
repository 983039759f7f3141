"""Figures for reports and slides; the only importer of matplotlib.

Chinese glyphs come from the font that the ``zhplot`` package carries (Noto Sans SC, SIL Open Font Licence),
not from the machine; matplotlib's settings are touched inside a context only.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

from zoning import messages
from zoning.district import District
from zoning.errors import Language
from zoning.forecast import Forecast
from zoning.publish.plans import name_column
from zoning.publish.result import StageResult
from zoning.publish.stages import card_value, journey_s, pupils_by_school
from zoning.publish.typeset import font_path
from zoning.units import school_year

__all__ = [
    "drawing",
    "forecast_figure",
    "journeys_figure",
    "printable",
    "save",
    "stage_title",
    "utilisation_figure",
]

INK, SOFT, ACCENT, RED, GRID = "#1d2935", "#5d6975", "#0c6b82", "#b7352c", "#e3e5e8"
_MOST_BARS = 60
_WIDEST = 2.0
"""Bars end here, a share; the figure beside each goes on."""


@cache
def _font_name() -> str:
    """Register the bundled font and return its family."""
    font_manager.fontManager.addfont(font_path())
    return str(font_manager.FontProperties(fname=font_path()).get_name())


@cache
def _characters() -> frozenset[int]:
    return frozenset(font_manager.get_font(font_path()).get_charmap())


def printable(text: str) -> str:
    """Return a name with what the font cannot print replaced by 〓, and without control characters.

    Examples
    --------
    >>> printable("中心小学"), printable("a\u2028b\U0001f3eb")
    ('中心小学', 'ab〓')
    """
    kept = (c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"})
    return "".join(c if ord(c) in _characters() else "〓" for c in kept).replace("$", r"\$")


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with the bundled Chinese font and the house style, and put the settings back afterwards."""
    style: dict[Any, Any] = {
        "font.family": [_font_name()],
        "axes.unicode_minus": False,
        "text.color": INK,
        "axes.labelcolor": SOFT,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "axes.edgecolor": "#b9c0c7",
        "font.size": 10,
        "hatch.linewidth": 3.0,
    }
    with mpl.rc_context(style):
        yield


def save(figure: Figure, path: Path, *, dpi: int = 160, rare: bool = False) -> Path:
    """Write a figure as a small PNG of 256 colours; without a date, so the same plan gives the same bytes.

    Parameters
    ----------
    figure
        The figure.
    path
        The file.
    dpi
        Dots per inch.
    rare
        Whether colours of few dots, such as of a class that hardly occurs, must keep their hue.
    """
    figure.set_dpi(dpi)
    figure.set_facecolor("white")
    with drawing():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    drawn = Image.fromarray(np.ascontiguousarray(pixels[:, :, :3]))
    method = Image.Quantize.MAXCOVERAGE if rare else Image.Quantize.MEDIANCUT
    few = drawn.quantize(256, method=method, dither=Image.Dither.NONE)
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Software", "zoning")
    few.save(path, dpi=(dpi, dpi), pnginfo=facts)
    return path


def stage_title(code: str, district: District, result: StageResult, lang: Language) -> str:
    """Return the title of a figure of one stage."""
    stage = district.stage(result.plan.stage).label.of(lang)
    if lang == "en" and code != "publish.figure_zones":
        stage = stage[:1].upper() + stage[1:]
    year = school_year(result.plan.year)
    return printable(messages.text(code, place=district.place.name.of(lang), stage=stage, year=year).of(lang))


def _axes(title: str, width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=13, pad=26)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return figure, axes


def _name_axes(axes: Axes, below: str, beside: str) -> None:
    """Name the axes, the upright one above its numbers, where no reader has to turn the head."""
    axes.set_xlabel(below)
    axes.annotate(
        beside, (0, 1), xycoords="axes fraction", xytext=(-6, 9), textcoords="offset points", ha="center",
        color=SOFT,
    )  # fmt: skip
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="y", color=GRID)


def utilisation_figure(district: District, result: StageResult, demand: Forecast, lang: Language) -> Figure:
    """Return bars of children ÷ seats by school in the plan's year; red where seats run out."""
    plan = result.plan
    schools = district.schools_of(plan.stage, plan.year)
    year = demand.years.index(plan.year)
    every = pupils_by_school(district, plan, demand)[:, year]
    pupils = every[district.school_frame.index.get_indexer(schools.index)]
    seats = schools["capacity"].to_numpy(dtype=np.float64)
    use = np.divide(pupils, seats, out=np.zeros_like(pupils), where=seats > 0)
    order = np.argsort(-use, kind="stable")[:_MOST_BARS][::-1]
    names = [printable(name) for name in name_column(schools, lang).to_numpy()[order]]
    title = stage_title("publish.figure_utilisation", district, result, lang)
    with drawing():
        figure, axes = _axes(title, 8, 1.4 + 0.26 * len(order))
        tints = [RED if value > 1 else "#7fb0bd" for value in use[order]]
        axes.barh(np.arange(len(order)), np.minimum(use[order], _WIDEST) * 100, color=tints, height=0.72)
        axes.set_yticks(np.arange(len(order)), names, fontsize=9)
        axes.axvline(100, color=INK, lw=1, ls=(0, (4, 3)))
        for row, value in enumerate(use[order]):
            axes.text(
                min(value, _WIDEST) * 100 + 1,
                row,
                f"{value * 100:.0f} %",
                va="center",
                fontsize=8,
                color=SOFT,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},  # over the dashed line
            )
        axes.set_xlim(0, max(108.0, min(float(use.max(initial=0)), _WIDEST) * 100 + 9))
        axes.set_ylim(-0.7, len(order) - 0.3)
        axes.grid(axis="x", color=GRID)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter("{x:.0f} %")
        if len(order) < len(use):
            left_out = messages.text("publish.fullest", shown=len(order), every=len(use))
            axes.set_xlabel(left_out.of(lang))
    return figure


def journeys_figure(district: District, result: StageResult, demand: Forecast, lang: Language) -> Figure:
    """Return a histogram of the minutes that children of the stage take to school, weighted by children."""
    plan = result.plan
    assert result.times is not None  # noqa: S101 - the caller has looked
    seconds = journey_s(plan, result.times)
    pupils = demand.of_stage(district.stage(plan.stage), plan.year)
    known = ~np.isnan(seconds) & (pupils > 0)
    title = stage_title("publish.figure_journeys", district, result, lang)
    with drawing():
        figure, axes = _axes(title, 8, 4.2)
        values, weights = seconds[known] / 60, pupils[known]
        if len(values):
            step = max(1.0, np.ceil(values.max() / 40))
            axes.hist(
                values,
                bins=np.arange(0, values.max() + step, step).tolist(),
                weights=weights,
                color="#7fb0bd",
                rwidth=0.92,
            )
            _mark_measures(axes, result, lang)
            axes.set_xlim(left=0)
        _name_axes(axes, _word("axis_minutes", lang), _word("axis_children", lang))
    return figure


def _mark_measures(axes: Axes, result: StageResult, lang: Language) -> None:
    """Draw the mean and the 95th percentile of the scorecard."""
    for name, colour in (("mean", ACCENT), ("p95", RED)):
        value_s = card_value(result, f"journeys.{name}_s")
        if value_s is not None:
            label = messages.text(f"publish.{name}_line", value=value_s / 60).of(lang)
            axes.axvline(value_s / 60, color=colour, lw=1.6, label=label)
            axes.legend(frameon=False)


def forecast_figure(district: District, result: StageResult, demand: Forecast, lang: Language) -> Figure:
    """Return the children of the stage by year with the seats that the district has."""
    plan = result.plan
    stage = district.stage(plan.stage)
    total = np.array([demand.of_stage(stage, year).sum() for year in demand.years])
    seats = np.array([district.schools_of(plan.stage, year)["capacity"].sum() for year in demand.years])
    title = stage_title("publish.figure_forecast", district, result, lang)
    with drawing():
        figure, axes = _axes(title, 8, 4.2)
        axes.plot(demand.years, total, color=ACCENT, lw=2.4, marker="o", ms=5)
        axes.step(demand.years, seats, where="mid", color=RED, lw=1.4, ls=(0, (4, 3)))
        top = max(float(total.max()), float(seats.max()))
        _write_seats(axes, demand.years, seats, lang)
        for year, value, limit in zip(demand.years, total, seats, strict=True):
            below = 0 <= limit - value < 0.12 * top  # else the seats' line would cross the number
            axes.annotate(
                f"{value:,.0f}", (year, value), xytext=(0, -17 if below else 8), textcoords="offset points",
                ha="center", fontsize=8.5,
            )  # fmt: skip
        axes.set_ylim(0, top * 1.15 if top > 0 else 1)
        axes.set_xticks(list(demand.years), [school_year(year) for year in demand.years])
        _name_axes(axes, _word("axis_year", lang), _word("axis_children", lang))
    return figure


def _write_seats(axes: Axes, years: Sequence[int], seats: npt.NDArray[np.float64], lang: Language) -> None:
    """Write how many seats there are where their line begins and after each step."""
    for number, (year, value) in enumerate(zip(years, seats, strict=True)):
        if number == 0 or value != seats[number - 1]:
            side = "right" if number == len(years) - 1 and number else "left"
            axes.annotate(
                messages.text("publish.seats_line", value=value).of(lang), (year, value),
                xytext=(0, 6), textcoords="offset points", color=RED, fontsize=9, ha=side,
            )  # fmt: skip


def _word(name: str, lang: Language) -> str:
    return messages.text(f"publish.{name}").of(lang)
