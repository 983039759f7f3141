"""Maps of the forecast: change against today by block, stages by years, all on one colour scale."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from zoning.district import District
from zoning.errors import Language
from zoning.publish import geometry
from zoning.publish.figures import INK, SOFT, drawing, printable
from zoning.publish.forecast_book import ForecastBook
from zoning.publish.forecast_fans import footer
from zoning.publish.forecast_words import signed, word
from zoning.publish.zone_map import inner_borders, outline, segments
from zoning.units import school_year

__all__ = ["change_figure"]

Floats = npt.NDArray[np.float64]

FEWER: Final = ("#27568f", "#6d9fca", "#bcd5e8")
MORE: Final = ("#f6cfae", "#e58a4f", "#a83a23")
SAME: Final = "#f3f1ea"
_MOST_YEARS: Final = 6


def changes(book: ForecastBook, stage: str) -> Floats:
    """Return how a stage's children change against today, children, float64 [block, year].

    Against the first forecast year where today's children are not known.
    """
    grades = [book.demand.grades.index(g) for g in _grades(book, stage)]
    ahead = book.demand.mean[:, grades].sum(axis=1)
    now = ahead[:, 0] if book.now is None else book.now[:, grades].sum(axis=1)
    return np.asarray(ahead - now[:, None])


def _grades(book: ForecastBook, stage: str) -> range:
    return next(one.grades for one in book.stages if one.name == stage)


def _scale(values: Floats) -> list[float]:
    """Return three breaks above 0 that serve all maps alike: 1, 2 or 5 times a power of ten.

    Half of the changes lie below the first, four in five below the second, 19 in 20 below the third.
    """
    sizes = np.abs(values)
    found: list[float] = []
    for value in np.quantile(sizes, (0.5, 0.8, 0.95)) if sizes.size else (1.0, 2.0, 5.0):
        nice = _nice(max(float(value), 1.0))
        found.append(nice if not found or nice > found[-1] else _nice(found[-1] * 2.0))
    return found


def _nice(value: float) -> float:
    size = 10.0 ** np.floor(np.log10(value) + 1e-9)
    return float(size * min((1, 2, 5, 10), key=lambda step: abs(np.log(step * size / value))))


def _tints(values: Floats, breaks: list[float]) -> list[str]:
    size = np.digitize(np.abs(values), breaks)
    return [
        SAME if number == 0 else (MORE[number - 1] if value > 0 else FEWER[3 - number])
        for value, number in zip(values, size, strict=True)
    ]


def change_figure(district: District, book: ForecastBook, lang: Language) -> Figure:
    """Return small maps, a row a stage and a column a year, of the change against today by block.

    Lines part the blocks of one town from the next; the outer edge is not drawn, it would look like an
    administrative boundary.
    """
    shapes = geometry.display_coverage(np.asarray(district.block_frame.geometry.values, dtype=object))
    outlines = [outline(shape) for shape in shapes]
    towns = district.block_frame["town"].to_numpy(dtype=str)
    borders = segments(inner_borders(_merged(shapes, towns)))
    every = {stage.name: changes(book, stage.name) for stage in book.stages}
    breaks = _scale(np.concatenate([values.ravel() for values in every.values()]))
    columns = np.unique(
        np.linspace(0, len(book.years) - 1, min(_MOST_YEARS, len(book.years))).round()
    ).astype(int)
    west, south, east, north = shapely.total_bounds(shapes)
    with drawing():
        panel = 2.15
        tall_panel = panel * (north - south) / (east - west)
        wide = max(8.4, 1.0 + len(columns) * panel)
        tall = 1.15 + 0.75 + len(book.stages) * (tall_panel + 0.3)
        figure = Figure(figsize=(wide, tall))
        for row, stage in enumerate(book.stages):
            top = tall - 1.15 - row * (tall_panel + 0.3)
            figure.text(
                0.3 / wide, (top - tall_panel / 2) / tall, printable(stage.label.of(lang)).capitalize(),
                fontsize=11,                color=INK, rotation=90, va="center",
            )  # fmt: skip
            for column, at in enumerate(columns):
                box = ((0.75 + column * panel) / wide, (top - tall_panel) / tall,
                       (panel - 0.1) / wide, tall_panel / tall)  # fmt: skip
                axes = figure.add_axes(box)
                values = every[stage.name][:, at]
                axes.add_collection(PathCollection(outlines, facecolors=_tints(values, breaks), linewidths=0))
                axes.add_collection(LineCollection(borders, colors="#6b7680", linewidths=0.45))
                _frame(axes, (west, south, east, north))
                said = f"{school_year(book.years[at])}  {signed(float(values.sum()))}"
                axes.set_title(said, fontsize=9, color=SOFT, pad=3)
        _words(figure, book, breaks, lang)
    return figure


def _merged(shapes: npt.NDArray[np.object_], towns: npt.NDArray[np.str_]) -> npt.NDArray[np.object_]:
    return np.asarray([shapely.union_all(shapes[towns == town]) for town in np.unique(towns)], dtype=object)


def _frame(axes: Axes, bounds: tuple[float, float, float, float]) -> None:
    west, south, east, north = bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _words(figure: Figure, book: ForecastBook, breaks: list[float], lang: Language) -> None:
    wide, tall = figure.get_size_inches()
    title = word("figure_maps", place=book.place.name).of(lang)
    figure.text(0.3 / wide, 1 - 0.24 / tall, printable(title), fontsize=15, va="top", color=INK)
    said = word("maps_said" if book.now is not None else "maps_said_first").of(lang)
    figure.text(0.3 / wide, 1 - 0.58 / tall, said, fontsize=9.5, va="top", color=SOFT)
    low, middle, high = breaks
    labels = [
        (FEWER[0], word("fewer_than", most=f"{high:,.0f}")),
        (FEWER[1], word("fewer_by", least=f"{middle:,.0f}", most=f"{high:,.0f}")),
        (FEWER[2], word("fewer_by", least=f"{low:,.0f}", most=f"{middle:,.0f}")),
        (SAME, word("within", least=f"{low:,.0f}")),
        (MORE[0], word("more_by", least=f"{low:,.0f}", most=f"{middle:,.0f}")),
        (MORE[1], word("more_by", least=f"{middle:,.0f}", most=f"{high:,.0f}")),
        (MORE[2], word("more_than", most=f"{high:,.0f}")),
    ]
    named = [(colour, text.of(lang)) for colour, text in labels]
    handles = [
        Patch(facecolor=colour, edgecolor="#b9c0c7", linewidth=0.5, label=text) for colour, text in named
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.2 / wide, 0.42 / tall), ncols=7, frameon=False,
        fontsize=8.5,        columnspacing=1.2, handlelength=1.6,
    )  # fmt: skip
    figure.text(0.3 / wide, 0.28 / tall, word("maps_borders").of(lang), fontsize=8, color=SOFT)
    figure.text(0.3 / wide, 0.1 / tall, footer(book, lang), fontsize=8, color=SOFT)
