"""The zone of one school as a drawing: vector, without tiles and without any administrative boundary."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from zoning import messages
from zoning.errors import Language
from zoning.public.sheets.backdrop import Backdrop
from zoning.public.sheets.names import INK, names_on
from zoning.public.sheets.paper import WIDE, Paper, label
from zoning.publish import geometry

__all__ = ["zone_drawing"]

Geometries = npt.NDArray[np.object_]

_ROOM: Final = 0.14
"""Room around the zone, share of its extent."""
_LEAST_M: Final = 900.0
_NICE: Final = (1, 2, 5)

_PAPER, _OTHER, _BORDER = "#ffffff", "#f4f2ec", "#b8b1a2"
_ZONE, _CELL, _EDGE = "#cfe6ea", "#a3cad3", "#0c6b82"
_LINES: Final[Mapping[str, tuple[tuple[str, float, str], ...]]] = {
    "river": (("#8fc1e3", 5.0, ""),),
    "road": (("#c9c4b8", 2.6, ""), ("#ffffff", 1.6, "")),
    "main_road": (("#c3a76a", 4.6, ""), ("#fbe9bd", 3.0, "")),
    "arterial": (("#c3a76a", 5.6, ""), ("#f9dd96", 4.0, "")),
    "railway": (("#7b7f85", 2.4, ""), ("#ffffff", 1.2, "7 6")),
}


def zone_drawing(
    backdrop: Backdrop, school: str, *, lang: Language, ratio: float = 0.66, letter: float = 17.0
) -> bytes:
    """Return the zone of a school as SVG: its blocks, the zones beside it, roads and water, scale and north.

    Lines separate zones only; where a zone ends at the edge of the district nothing is drawn.

    Parameters
    ----------
    backdrop
        What all drawings of the stage share.
    school
        The school.
    lang
        Language of the names.
    ratio
        Height over width.
    letter
        Size of the zone's letters, in thousandths of the width.
    """
    member = np.array([school in schools for schools in backdrop.answers], dtype=np.bool_)
    sheet = _sheet_of(backdrop.shapes[member], backdrop.district.school_frame.geometry[school], ratio, letter)
    frame = shapely.box(*sheet.frame)
    seen = np.flatnonzero(shapely.intersects(backdrop.shapes, frame) | member)
    shapes = geometry.display_coverage(backdrop.shapes[seen])
    parts = [
        *_zones(backdrop, sheet, shapes, seen, school),
        *_context(backdrop, sheet, frame),
        *_edges(backdrop, sheet, shapes, seen, school),
        *names_on(backdrop, sheet, seen, school, lang),
        *_furniture(sheet, lang),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:.0f} {sheet.high:.0f}" '
        f'width="{WIDE:.0f}" height="{sheet.high:.0f}" font-family="Noto Sans SC">'
    )
    pattern = (
        '<defs><pattern id="shared" width="9" height="9" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="9" height="9" fill="{_ZONE}"/>'
        '<rect width="3" height="9" fill="#7fb9c6"/></pattern></defs>'
        f'<rect width="{WIDE:.0f}" height="{sheet.high:.0f}" fill="{_PAPER}"/>'
    )
    return f"{head}{pattern}{''.join(parts)}</svg>".encode()


def _sheet_of(zone: Geometries, home: shapely.Point, ratio: float, letter: float) -> Paper:
    every: list[shapely.Geometry] = [*zone.tolist(), home]
    west, south, east, north = shapely.total_bounds(np.asarray(every, dtype=object)).tolist()
    wide = max(_LEAST_M, (east - west) * (1 + 2 * _ROOM), (north - south) * (1 + 2 * _ROOM) / ratio)
    metres = wide / WIDE
    high = round(WIDE * ratio)
    middle = ((west + east) / 2, (south + north) / 2)
    return Paper(middle[0] - wide / 2, middle[1] + high * metres / 2, metres, high, letter)


def _zones(
    backdrop: Backdrop, sheet: Paper, shapes: Geometries, seen: npt.NDArray[np.intp], school: str
) -> list[str]:
    """Fills: the zones beside pale, this one tinted with its blocks, shared blocks hatched."""
    found = []
    fills = {"other": _OTHER, "own": _ZONE, "shared": "url(#shared)"}
    groups: dict[str, list[int]] = {"other": [], "own": [], "shared": []}
    for number, schools in enumerate(backdrop.schools_of(seen)):
        kind = "other" if school not in schools else "own" if len(schools) == 1 else "shared"
        groups[kind].append(number)
    for kind, members in groups.items():
        if members:
            whole = sheet.clipped(shapely.union_all(shapes[members]))
            found.append(
                f'<path d="{sheet.path(whole, closed=True)}" fill="{fills[kind]}" fill-rule="evenodd"/>'
            )
    cells = shapes[groups["own"] + groups["shared"]]
    lines = "".join(sheet.path(sheet.clipped(cell), closed=True) for cell in cells)
    stroke = 1.6 if len(cells) < 300 else 0.5
    found.append(f'<path d="{lines}" fill="none" stroke="{_CELL}" stroke-width="{stroke}"/>')
    return found


def _context(backdrop: Backdrop, sheet: Paper, frame: shapely.Geometry) -> list[str]:
    found = []
    size = min(1.0, max(0.45, 6.0 / sheet.metres))
    for kind, strokes in _LINES.items():
        lines = backdrop.lines.get(kind)
        near: list[shapely.Geometry] = (
            [] if lines is None else lines[shapely.intersects(lines, frame)].tolist()
        )
        if kind == "road" and sheet.metres > 25:
            continue  # lanes of a whole county would blacken it
        drawn = "".join(sheet.path(sheet.clipped(line), closed=False) for line in near)
        for colour, wide, dash in strokes if drawn else ():
            more = f' stroke-dasharray="{dash}"' if dash else ""
            found.append(
                f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{wide * size:.1f}" '
                f'stroke-linejoin="round"{more}/>'
            )
    return found


def _edges(
    backdrop: Backdrop, sheet: Paper, shapes: Geometries, seen: npt.NDArray[np.intp], school: str
) -> list[str]:
    """Lines between zones; none along the edge of the district."""
    by_answer: dict[tuple[str, ...], list[int]] = {}
    for number, schools in enumerate(backdrop.schools_of(seen)):
        by_answer.setdefault(schools, []).append(number)
    outside = shapely.boundary(shapely.union_all(shapes))
    edge = {
        key: shapely.difference(shapely.boundary(shapely.union_all(shapes[members])), outside)
        for key, members in by_answer.items()
    }
    own = [e for key, e in edge.items() if school in key]
    others = [e for key, e in edge.items() if school not in key]
    found = []
    for lines, colour, wide in ((others, _BORDER, 1.6), (own, _EDGE, 4.0)):
        drawn = "".join(sheet.path(sheet.clipped(line), closed=False) for line in lines)
        found.append(
            f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{wide}" '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )
    return found


def _furniture(sheet: Paper, lang: Language) -> list[str]:
    """Scale bar in metres and an arrow to the north."""
    steps: Sequence[float] = [n * 10.0**power for power in range(1, 6) for n in _NICE]
    metres = max((step for step in steps if step <= 260 * sheet.metres), default=steps[0])
    long = metres / sheet.metres
    size = sheet.letter
    y = sheet.high - 22
    said = messages.text("public_print.metres", metres=f"{metres:,.0f}").of(lang)
    top = size * 1.2
    under = (
        f'<rect x="12" y="{y - size * 1.6:.1f}" width="{long + 28:.1f}" height="{size * 1.6 + 14:.1f}" '
        'fill="#fff" fill-opacity="0.8"/>'
    )
    bar = f'<path d="M26,{y - 7}V{y}H{26 + long:.1f}V{y - 7}" fill="none" stroke="{INK}" stroke-width="2.4"/>'
    arrow = (
        f'<path d="M{WIDE - 40},{top + 6:.1f}l13,44l-13,-10l-13,10Z" fill="{INK}" '
        'stroke="#fff" stroke-width="2"/>'
    )
    north = messages.text("public_print.north").of(lang)
    return [
        under,
        bar,
        label(26 + long / 2, y - size * 0.75, said, size, INK),
        arrow,
        label(WIDE - 40, top * 0.6, north, size, INK),
    ]
