"""The zone map as a figure: zones, names, schools, water and railways, scale bar, legend, data date."""

import textwrap

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.text import Text as Words
from matplotlib.transforms import Bbox

from zoning import messages
from zoning.district import District
from zoning.errors import Language
from zoning.publish import colours, geometry
from zoning.publish.context import context_lines
from zoning.publish.figures import INK, SOFT, drawing, printable, stage_title
from zoning.publish.plans import name_column
from zoning.publish.result import StageResult

__all__ = [
    "draw_lines",
    "footer",
    "inner_borders",
    "outline",
    "scale_bar",
    "segments",
    "sheet",
    "zone_map",
]

Geometries = npt.NDArray[np.object_]

_WIDTH_IN = 9.6
_HEAD_IN, _FOOT_IN = 0.75, 0.6
_LINES = {
    "road": ("#8f887b", 0.4, "-"),
    "main_road": ("#8f887b", 0.8, "-"),
    "river": ("#4a90c4", 5.2, "-"),
    "railway": ("#4a4a4a", 1.1, (0, (5, 3))),
}
_LONGEST_LINE = 19
_NICE_M = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


def outline(shape: shapely.Geometry) -> Outline:
    """Return a polygon as a path that matplotlib fills, holes included."""
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        for ring in shapely.get_rings(part)
        if shapely.get_dimensions(part) == 2
    ]
    codes = [
        code
        for ring in rings
        for code in (Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 2), Outline.CLOSEPOLY)
    ]
    return Outline(np.concatenate(rings), codes)


def segments(lines: Geometries) -> list[npt.NDArray[np.float64]]:
    """Return lines as the coordinates of their merged parts."""
    merged = shapely.line_merge(shapely.union_all(lines[~shapely.is_empty(lines)]))
    return [
        shapely.get_coordinates(part)
        for part in shapely.get_parts(merged)
        if shapely.get_dimensions(part) == 1
    ]


def inner_borders(zones: Geometries) -> Geometries:
    """Lines between two zones; the outer edge would look like an administrative boundary."""
    left, right = shapely.STRtree(zones).query(zones, predicate="intersects")
    keep = left < right
    edges = shapely.boundary(zones)
    return np.asarray(shapely.intersection(edges[left[keep]], edges[right[keep]]))


def _draw_zones(axes: Axes, zones: Geometries, keys: list[str], tint: dict[str, int]) -> None:
    for key, shape in zip(keys, zones, strict=True):
        first, *more = key.split(";")
        shown = [outline(shape)]
        axes.add_collection(
            PathCollection(shown, facecolor=colours.PALETTE[tint[first]], linewidth=0, zorder=1)
        )
        if more:
            stripe = colours.PALETTE[tint[more[0]]]
            axes.add_collection(
                PathCollection(
                    shown, facecolor="none", edgecolor=stripe, linewidth=0, hatch="//", zorder=1.1
                ),
            )


def draw_lines(axes: Axes, district: District) -> list[str]:
    """Draw roads, water and railways; return which kinds there are."""
    lines = context_lines(district)
    drawn = [kind for kind in _LINES if kind in lines]
    for kind in drawn:
        colour, width, dash = _LINES[kind]
        parts = [shapely.get_coordinates(part) for part in shapely.get_parts(lines[kind])]
        # A border along the river runs in the middle of the water; its white rim lies below.
        height = 3.5 if kind == "river" else 3
        axes.add_collection(
            LineCollection(parts, colors=colour, linewidths=width, linestyles=[dash], zorder=height)
        )
    return drawn


def _draw_schools(axes: Axes, district: District, result: StageResult) -> bool:
    schools = district.schools_of(result.plan.stage, result.plan.year)
    xy = shapely.get_coordinates(np.asarray(schools.geometry.values, dtype=object))
    site = schools["teaching_site"].to_numpy(dtype=bool)
    axes.scatter(
        xy[~site, 0], xy[~site, 1], s=26, color="#22303c", edgecolor="white", linewidth=0.9, zorder=8.5
    )
    axes.scatter(
        xy[site, 0], xy[site, 1], s=16, color="white", edgecolor="#22303c", linewidth=1.1, zorder=8.5
    )
    return bool(site.any())


def _draw_names(axes: Axes, district: District, result: StageResult, lang: Language) -> None:
    """Name the zones, the largest first; where two names would overlap the smaller zone goes without."""
    blocks = geometry.own_blocks(district, result.plan)
    spots = geometry.label_spots(blocks)
    area = {school: float(shapely.area(shapes).sum()) for school, shapes in blocks.items()}
    names = dict(zip(district.school_frame.index, name_column(district.school_frame, lang), strict=True))
    points = district.school_frame.geometry
    kept: list[Bbox] = []
    for school in sorted(spots, key=lambda s: (-area[s], s)):
        text = axes.text(
            spots[school].x, spots[school].y, _wrapped(names[school]), ha="center", va="center",
            fontsize=7.4, linespacing=1.05, zorder=8,
            path_effects=[patheffects.withStroke(linewidth=2.4, foreground="white")],
        )  # fmt: skip
        _below_dot(axes, text, points[school])
        box = text.get_window_extent().padded(1.5)
        if any(box.overlaps(other) for other in kept):
            text.remove()
        else:
            kept.append(box)


def _wrapped(name: str) -> str:
    """Break a name of several words into as few even lines as go; Chinese names stay on one."""
    lines = textwrap.wrap(printable(name), _LONGEST_LINE, break_long_words=False, break_on_hyphens=False)
    for width in range(_LONGEST_LINE - 1, 0, -1):
        shorter = textwrap.wrap(printable(name), width, break_long_words=False, break_on_hyphens=False)
        if len(shorter) > len(lines) or max(map(len, shorter), default=0) > width:
            break
        lines = shorter
    return "\n".join(lines) or name


def _below_dot(axes: Axes, text: Words, point: shapely.Point) -> None:
    """Move a name that would cover its own school below it."""
    x, y = axes.transData.transform((point.x, point.y))
    near = 4.5  # pixels at the 100 dots an inch that the sheet is laid out in
    if text.get_window_extent().padded(near).contains(x, y):
        text.set_verticalalignment("top")
        text.set_y(float(axes.transData.inverted().transform((x, y - near))[1]))


def scale_bar(axes: Axes, lang: Language) -> None:
    """Draw a scale bar in the lower right corner."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    length = max([m for m in _NICE_M if m <= (east - west) / 5] or [_NICE_M[0]])
    x, y, thick = (
        east - length - 0.03 * (east - west),
        south + 0.03 * (north - south),
        0.005 * (north - south),
    )
    for half in range(2):
        tint = INK if half == 0 else "white"
        axes.add_patch(
            Rectangle(
                (x + half * length / 2, y), length / 2, thick, facecolor=tint, edgecolor=INK, lw=0.8, zorder=9
            ),
        )
    word = messages.text("publish.scale_km", value=length / 1000).of(lang)
    axes.text(x + length / 2, y + 2.2 * thick, word, ha="center", va="bottom", fontsize=8.5, color=INK)


def _legend(axes: Axes, drawn: list[str], lang: Language, *, sites: bool, shared: bool) -> None:
    ink, paper = "#22303c", "white"
    handles: list[Line2D | Patch] = [_dot(ink, paper, 7, _word("key_school", lang))]
    if sites:
        handles.append(_dot(paper, ink, 5, _word("key_site", lang)))
    if shared:
        first, second = colours.PALETTE[:2]
        word = _word("key_shared", lang)
        handles.append(Patch(facecolor=first, edgecolor=second, linewidth=0, hatch="//", label=word))
    for kind in ("river", "railway"):
        if kind in drawn:
            colour, width, dash = _LINES[kind]
            handles.append(
                Line2D([], [], color=colour, lw=min(width, 3.5), ls=dash, label=_word(f"key_{kind}", lang))
            )
    box = (0.012, 0.0)
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=box,
        facecolor="white",
        edgecolor="none",
        fontsize=8.5,
    )


def _dot(fill: str, rim: str, size: float, word: str) -> Line2D:
    return Line2D([], [], ls="", marker="o", color=fill, markeredgecolor=rim, markersize=size, label=word)


def _word(name: str, lang: Language) -> str:
    return messages.text(f"publish.{name}").of(lang)


def footer(figure: Figure, district: District, lang: Language) -> None:
    """Write date, approval number, source and digest of the data below a map."""
    place = district.place
    facts = []
    if place.data_date:
        facts.append(messages.text("publish.footer_data", date=place.data_date).of(lang))
    if place.map_approval:
        facts.append(messages.text("publish.footer_approval", number=place.map_approval).of(lang))
    if place.attribution:
        facts.append(place.attribution)
    facts.append(_word("footer_boundary", lang))
    if place.digest:
        facts.append(place.digest[:12])
    figure.text(0.02, 0.016, "　".join(facts), fontsize=8, color=SOFT, va="bottom")


def zone_map(district: District, result: StageResult, lang: Language) -> Figure:
    """Return the zone map of one stage.

    Parameters
    ----------
    district
        The district.
    result
        The plan; the one in force, if given, only keeps the colours stable.
    lang
        Language of the words on it.
    """
    plan = result.plan
    blocks = geometry.display_coverage(np.asarray(district.block_frame.geometry.values, dtype=object))
    zones = geometry.zones_of(district, plan, shapes=blocks)
    shapes = np.asarray(zones.geometry.values, dtype=object)
    tint = colours.colour_schools(district, [p for p in (plan, result.against) if p is not None])
    with drawing():
        figure, axes = sheet(shapely.total_bounds(blocks))
        _draw_zones(axes, shapes, zones["school_id"].to_list(), tint)
        axes.add_collection(
            LineCollection(segments(shapely.boundary(blocks)), colors="white", linewidths=0.35, zorder=2),
        )
        drawn = draw_lines(axes, district)
        borders = segments(inner_borders(shapes))
        for colour, width, height in (("white", 2.6, 3.2), ("#2b3742", 1.1, 4)):
            axes.add_collection(LineCollection(borders, colors=colour, linewidths=width, zorder=height))
        sites = _draw_schools(axes, district, result)
        title = stage_title("publish.figure_zones", district, result, lang)
        figure.text(0.02, 1 - 0.2 / figure.get_figheight(), title, fontsize=17, va="top", color=INK)
        _draw_names(axes, district, result, lang)
        scale_bar(axes, lang)
        _legend(axes, drawn, lang, sites=sites, shared=bool(zones["shared"].any()))
        footer(figure, district, lang)
    return figure


def sheet(bounds: npt.NDArray[np.float64]) -> tuple[Figure, Axes]:
    """Return a figure with axes for a map of these bounds: west, south, east, north in metres."""
    west, south, east, north = bounds
    margin = 0.02 * (east - west)
    wide, tall = east - west + 2 * margin, north - south + 3.5 * margin
    height = max(3.5, _WIDTH_IN * tall / wide)
    whole = height + _HEAD_IN + _FOOT_IN
    figure = Figure(figsize=(_WIDTH_IN, whole), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, _FOOT_IN / whole, 1.0, height / whole))
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - 2.5 * margin, north + margin)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.apply_aspect()
    return figure, axes
