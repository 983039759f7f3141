"""The three maps of a consultation: zones in force, zones proposed, and what changes between them."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.evaluate import Scorecard
from zoning.evaluate.allocation import at_known_schools
from zoning.plan import Plan
from zoning.public.ledger.values import Area, StageLedger
from zoning.public.publication import Publication
from zoning.publish import colours, geometry, zone_map
from zoning.publish.figures import INK, drawing, printable, save
from zoning.publish.plans import name_column
from zoning.publish.result import StageResult
from zoning.units import school_year

__all__ = ["consultation_maps", "crowded_town"]

_DPI: Final = 130
_PAPER: Final = "#f1efe9"
_CROWD, _CLOSE = 3, 0.5
_TALLEST: Final = 1.3
"""Longer side over shorter side of the map of changes, so that it fills a page."""
_LEAST_M: Final = 1500.0
"""A map of a single moved block still shows what lies around it."""


def consultation_maps(publication: Publication, stage: StageLedger, lang: Language) -> dict[str, bytes]:
    """Return the maps of one stage as PNG by name: ``now``, ``proposed``, ``changes`` and maybe ``detail``.

    The last shows the changes of one town, where they would be too small to read on a map of all.

    Parameters
    ----------
    publication
        What is published, with a year beside it.
    stage
        The changes of a stage.
    lang
        Language of the words on them.
    """
    district, plan = publication.district, publication.main.plans[stage.stage]
    assert publication.other is not None  # noqa: S101 - the caller has changes to show
    before = at_known_schools(district, publication.other.plans[stage.stage])
    found = {"proposed": zone_map.zone_map(district, _result(plan, before), lang)}
    if len(before):
        found = {"now": zone_map.zone_map(district, _result(before, plan), lang)} | found
    found["changes"] = _change_map(district, stage, (plan, before), lang)
    crowded = crowded_town(district, stage)
    if crowded:
        found["detail"] = _change_map(district, stage, (plan, before), lang, town=crowded)
    return {name: _png(figure) for name, figure in found.items()}


def _result(plan: Plan, against: Plan) -> StageResult:
    return StageResult(plan, Scorecard(plan.stage, plan.year, plan.digest, ()), against=against)


def _png(figure: Figure) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save(figure, Path(folder) / "map.png", dpi=_DPI).read_bytes()


def crowded_town(district: District, stage: StageLedger) -> str:
    """Return the town with the most changed areas if they lie close together among all; else nothing."""
    of_town = Counter(area.town for area in stage.areas)
    town, count = max(of_town.items(), key=lambda one: one[1])
    frame = district.block_frame

    def extent(areas: Iterable[Area]) -> float:
        blocks = [block for area in areas for block in area.blocks if block in frame.index]
        west, south, east, north = frame.loc[blocks].total_bounds if blocks else (0.0, 0.0, 0.0, 0.0)
        return float(max(east - west, north - south))

    near = extent(area for area in stage.areas if area.town == town)
    return town if count >= _CROWD and 0 < near < _CLOSE * extent(stage.areas) else ""


def _change_map(
    district: District, stage: StageLedger, plans: tuple[Plan, Plan], lang: Language, *, town: str = ""
) -> Figure:
    """Return the map of the changed areas: each in the colour of its new school, with its number."""
    blocks = geometry.display_coverage(np.asarray(district.block_frame.geometry.values, dtype=object))
    shapes = dict(zip(district.block_frame.index, blocks, strict=True))
    areas = {area: [shapes[b] for b in area.blocks if b in shapes] for area in stage.areas}
    drawn = {area: shapely.union_all(parts) for area, parts in areas.items() if parts}
    tint = colours.colour_schools(district, plans)
    shown = {area: shape for area, shape in drawn.items() if town in {"", area.town}}
    with drawing():
        figure, axes = zone_map.sheet(_bounds(district, shown, blocks))
        axes.add_collection(
            PathCollection([zone_map.outline(b) for b in blocks], facecolor=_PAPER, edgecolor="white",
                           linewidth=0.35, zorder=1),
        )  # fmt: skip
        for area, shape in drawn.items():
            fill = colours.PALETTE[tint[area.after[0]]] if area.after else "white"
            axes.add_collection(
                PathCollection(
                    [zone_map.outline(shape)], facecolor=fill, edgecolor=INK, linewidth=0.9, zorder=2
                )
            )
        zone_map.draw_lines(axes, district)
        _borders(axes, district, plans[0], blocks)
        _schools(axes, district, shown, lang)
        _numbers(axes, drawn)
        title = messages.text(
            "public_ledger.map_changes",
            place=Text(town, town) if town else district.place.name,
            stage=stage.label,
            year=school_year(plans[0].year),
        )
        figure.text(
            0.02,
            1 - 0.2 / figure.get_figheight(),
            printable(title.of(lang)),
            fontsize=17,
            va="top",
            color=INK,
        )
        zone_map.scale_bar(axes, lang)
        zone_map.footer(figure, district, lang)
    return figure


def _bounds(district: District, drawn: Mapping[Area, shapely.Geometry], blocks: np.ndarray) -> np.ndarray:
    """Return the bounds of what changes with the schools concerned; of all blocks where nothing is drawn."""
    points = district.school_frame.geometry
    schools = {school for area in drawn for school in (*area.before, *area.after) if school in points.index}
    shown = [*drawn.values(), *points.loc[sorted(schools)].to_list()]
    west, south, east, north = shapely.total_bounds(np.asarray(shown or list(blocks), dtype=object))
    rim = 0.07 * max(east - west, north - south)
    wide, tall = max(_LEAST_M, east - west + 2 * rim), max(_LEAST_M, north - south + 2 * rim)
    wide, tall = max(wide, tall / _TALLEST), max(tall, wide / _TALLEST)
    x, y = (west + east) / 2, (south + north) / 2
    return np.array([x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2])


def _borders(axes: Axes, district: District, plan: Plan, blocks: np.ndarray) -> None:
    zones = geometry.zones_of(district, plan, shapes=blocks)
    lines = zone_map.segments(zone_map.inner_borders(np.asarray(zones.geometry.values, dtype=object)))
    axes.add_collection(LineCollection(lines, colors="#8b96a0", linewidths=0.9, zorder=3.2))


def _schools(axes: Axes, district: District, drawn: Mapping[Area, shapely.Geometry], lang: Language) -> None:
    """Draw and name the schools that gain or lose an area."""
    frame = district.school_frame
    concerned = sorted({s for area in drawn for s in (*area.before, *area.after) if s in frame.index})
    chosen = frame.loc[concerned]
    xy = shapely.get_coordinates(np.asarray(chosen.geometry.values, dtype=object))
    axes.scatter(xy[:, 0], xy[:, 1], s=22, color="#22303c", edgecolor="white", linewidth=0.9, zorder=8)
    for (x, y), name in zip(xy, name_column(chosen, lang), strict=True):
        axes.annotate(
            printable(name), (x, y), xytext=(0, -5), textcoords="offset points", ha="center", va="top",
            fontsize=6.4, zorder=8.2, clip_on=True,
            path_effects=[patheffects.withStroke(linewidth=2.0, foreground="white")],
        )  # fmt: skip


def _numbers(axes: Axes, drawn: Mapping[Area, shapely.Geometry]) -> None:
    """Write the number of an area on each of its parts."""
    parts = {
        f"{area.number}/{at}": np.array([part])
        for area, shape in drawn.items()
        for at, part in enumerate(shapely.get_parts(shape))
    }
    for key, spot in geometry.label_spots(parts).items():
        axes.text(
            spot.x, spot.y, key.partition("/")[0], ha="center", va="center", fontsize=8.5, color="#8a1c14",
            zorder=9, clip_on=True,
            path_effects=[patheffects.withStroke(linewidth=2.2, foreground="white")],
        )  # fmt: skip
