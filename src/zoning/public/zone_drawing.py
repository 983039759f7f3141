"""The zone of one school as a drawing: vector, without tiles and without any administrative boundary."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
import shapely

from zoning import messages
from zoning.district import District
from zoning.errors import Language
from zoning.plan import Plan
from zoning.publish import geometry

__all__ = ["Backdrop", "zone_drawing"]

Geometries = npt.NDArray[np.object_]

_WIDE: Final = 1000.0
"""Width of a drawing in its own units; lengths in the page are set by who places it."""
_ROOM: Final = 0.14
"""Room around the zone, share of its extent."""
_LEAST_M: Final = 900.0
_MOST_NAMES: Final = 70
_NICE: Final = (1, 2, 5)
_NEVER_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PAPER, _OTHER, _BORDER = "#ffffff", "#f4f2ec", "#b8b1a2"
_ZONE, _CELL, _EDGE = "#cfe6ea", "#a3cad3", "#0c6b82"
_INK, _SOFT = "#1d2935", "#6b6558"
_LINES: Final[Mapping[str, tuple[tuple[str, float, str], ...]]] = {
    "river": (("#8fc1e3", 5.0, ""),),
    "road": (("#c9c4b8", 2.6, ""), ("#ffffff", 1.6, "")),
    "main_road": (("#c3a76a", 4.6, ""), ("#fbe9bd", 3.0, "")),
    "arterial": (("#c3a76a", 5.6, ""), ("#f9dd96", 4.0, "")),
    "railway": (("#7b7f85", 2.4, ""), ("#ffffff", 1.2, "7 6")),
}


@dataclass(frozen=True)
class Backdrop:
    """What all drawings of a stage share.

    Parameters
    ----------
    district, plan
        The district and the plan.
    lines
        Roads, railways and water by kind, in the metric CRS.
    """

    district: District
    plan: Plan
    lines: Mapping[str, Geometries] = field(repr=False)

    @property
    def shapes(self) -> Geometries:
        """The blocks' polygons."""
        return np.asarray(self.district.block_frame.geometry.values, dtype=object)


@dataclass
class _Sheet:
    """The paper: metres to drawing units, and the boxes that names have taken."""

    west: float
    north: float
    metres: float
    """Metres a unit."""
    high: float
    letter: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def at(self, point: shapely.Geometry) -> tuple[float, float]:
        """Return the place of a point, in units from the upper left."""
        return (point.x - self.west) / self.metres, (self.north - point.y) / self.metres

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what is drawn, metres."""
        return self.west, self.north - self.high * self.metres, self.west + _WIDE * self.metres, self.north

    def path(self, shape: shapely.Geometry, *, closed: bool) -> str:
        """Return the path data of lines or polygons."""
        found = []
        for part in shapely.get_parts(shape):
            kind = part.geom_type
            rings = [part.exterior, *part.interiors] if kind == "Polygon" else [part]
            for ring in rings if kind in {"Polygon", "LineString"} else ():
                xy = shapely.get_coordinates(ring)
                units = np.column_stack([xy[:, 0] - self.west, self.north - xy[:, 1]]) / self.metres
                steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in units.tolist())
                found.append(f"M{steps}{'Z' if closed else ''}")
        return "".join(found)

    def claim(self, x: float, y: float, wide: float, high: float) -> bool:
        """Take a box around a point; False where it would leave the paper or cover another one."""
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        inside = box[0] > 4 and box[1] > 4 and box[2] < _WIDE - 4 and box[3] < self.high - 4
        free = all(
            box[2] <= a[0] or box[0] >= a[2] or box[3] <= a[1] or box[1] >= a[3] for a in self.taken
        )
        if inside and free:
            self.taken.append(box)
        return inside and free


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
    member = _members(backdrop, school)
    sheet = _sheet_of(backdrop.shapes[member], backdrop.district.school_frame.geometry[school], ratio, letter)
    frame = shapely.box(*sheet.frame)
    seen = np.flatnonzero(shapely.intersects(backdrop.shapes, frame) | member)
    shapes = geometry.display_coverage(backdrop.shapes[seen])
    parts = [
        *_zones(backdrop, sheet, shapes, seen, school),
        *_context(backdrop, sheet, frame),
        *_edges(backdrop, sheet, shapes, seen, school),
        *_names(backdrop, sheet, seen, school, lang),
        *_furniture(sheet, lang),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE:.0f} {sheet.high:.0f}" '
        f'width="{_WIDE:.0f}" height="{sheet.high:.0f}" font-family="Noto Sans SC">'
    )
    pattern = (
        '<defs><pattern id="shared" width="9" height="9" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="9" height="9" fill="{_ZONE}"/>'
        '<rect width="3" height="9" fill="#7fb9c6"/></pattern></defs>'
        f'<rect width="{_WIDE:.0f}" height="{sheet.high:.0f}" fill="{_PAPER}"/>'
    )
    return f"{head}{pattern}{''.join(parts)}</svg>".encode()


def _members(backdrop: Backdrop, school: str) -> npt.NDArray[np.bool_]:
    plan = backdrop.plan
    ids = backdrop.district.block_frame.index
    return np.array([block in plan and school in plan[block] for block in ids], dtype=np.bool_)


def _sheet_of(zone: Geometries, home: shapely.Point, ratio: float, letter: float) -> _Sheet:
    every = np.append(zone, home)
    west, south, east, north = shapely.total_bounds(every).tolist()
    wide = max(_LEAST_M, (east - west) * (1 + 2 * _ROOM), (north - south) * (1 + 2 * _ROOM) / ratio)
    metres = wide / _WIDE
    high = round(_WIDE * ratio)
    middle = ((west + east) / 2, (south + north) / 2)
    return _Sheet(middle[0] - wide / 2, middle[1] + high * metres / 2, metres, high, letter)


def _of_seen(backdrop: Backdrop, seen: npt.NDArray[np.intp]) -> list[tuple[str, ...]]:
    ids = backdrop.district.block_frame.index[seen]
    return [backdrop.plan[block] if block in backdrop.plan else () for block in ids]


def _clipped(shape: shapely.Geometry, sheet: _Sheet) -> shapely.Geometry:
    west, south, east, north = sheet.frame
    more = 6 * sheet.metres
    return shapely.clip_by_rect(shape, west - more, south - more, east + more, north + more)


def _zones(
    backdrop: Backdrop, sheet: _Sheet, shapes: Geometries, seen: npt.NDArray[np.intp], school: str
) -> list[str]:
    """Fills: the zones beside pale, this one tinted with its blocks, shared blocks hatched."""
    found = []
    fills = {"other": _OTHER, "own": _ZONE, "shared": "url(#shared)"}
    groups: dict[str, list[int]] = {"other": [], "own": [], "shared": []}
    for number, schools in enumerate(_of_seen(backdrop, seen)):
        kind = "other" if school not in schools else "own" if len(schools) == 1 else "shared"
        groups[kind].append(number)
    for kind, members in groups.items():
        if members:
            whole = _clipped(shapely.union_all(shapes[members]), sheet)
            found.append(f'<path d="{sheet.path(whole, closed=True)}" fill="{fills[kind]}" fill-rule="evenodd"/>')
    cells = shapes[groups["own"] + groups["shared"]]
    lines = "".join(sheet.path(_clipped(cell, sheet), closed=True) for cell in cells)
    stroke = 1.6 if len(cells) < 300 else 0.5
    found.append(f'<path d="{lines}" fill="none" stroke="{_CELL}" stroke-width="{stroke}"/>')
    return found


def _context(backdrop: Backdrop, sheet: _Sheet, frame: shapely.Geometry) -> list[str]:
    found = []
    size = min(1.0, max(0.45, 6.0 / sheet.metres))
    for kind, strokes in _LINES.items():
        lines = backdrop.lines.get(kind)
        near = [] if lines is None else lines[shapely.intersects(lines, frame)]
        if kind == "road" and sheet.metres > 25:
            continue  # lanes of a whole county would blacken it
        drawn = "".join(sheet.path(_clipped(line, sheet), closed=False) for line in near)
        for colour, wide, dash in strokes if drawn else ():
            more = f' stroke-dasharray="{dash}"' if dash else ""
            found.append(
                f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{wide * size:.1f}" '
                f'stroke-linejoin="round"{more}/>'
            )
    return found


def _edges(
    backdrop: Backdrop, sheet: _Sheet, shapes: Geometries, seen: npt.NDArray[np.intp], school: str
) -> list[str]:
    """Lines between zones; none along the edge of the district."""
    by_answer: dict[tuple[str, ...], list[int]] = {}
    for number, schools in enumerate(_of_seen(backdrop, seen)):
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
        drawn = "".join(sheet.path(_clipped(line, sheet), closed=False) for line in lines)
        found.append(
            f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{wide}" '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )
    return found


def _said(text: str) -> str:
    return escape(_NEVER_XML.sub("", " ".join(text.split())))


def _name(frame_row: tuple[str, str], lang: Language) -> str:
    zh, en = frame_row
    return en if lang == "en" and en else zh


def _wide(text: str) -> float:
    """Return about how wide a text is, in letters' heights."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.56 for c in text)


def _label(x: float, y: float, text: str, size: float, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y + size * 0.36:.1f}" font-size="{size:.1f}" text-anchor="middle" '
        f'fill="{colour}" stroke="#ffffff" stroke-width="{size * 0.22:.1f}" stroke-linejoin="round" '
        f'paint-order="stroke">{_said(text)}</text>'
    )


def _names(
    backdrop: Backdrop, sheet: _Sheet, seen: npt.NDArray[np.intp], school: str, lang: Language
) -> list[str]:
    """The school with its name, the schools beside it, and the names of blocks where there is room."""
    schools = backdrop.district.school_frame
    found = []
    sheet.taken += [(0, sheet.high - sheet.letter * 4, 330, sheet.high), (_WIDE - 80, 0, _WIDE, 110)]
    x, y = sheet.at(schools.geometry[school])
    dot = sheet.letter * 0.62
    sheet.taken.append((x - dot, y - dot, x + dot, y + dot))
    own = _placed(sheet, (x, y), _name((schools.at[school, "name"], schools.at[school, "name_en"]), lang), 1.25, _INK)
    places = []
    for other in backdrop.plan.school_ids:
        at = sheet.at(schools.geometry[other]) if other in schools.index else (-1.0, -1.0)
        if other != school and 0 < at[0] < _WIDE and 0 < at[1] < sheet.high:
            places.append((other, at))
            sheet.taken.append((at[0] - 5, at[1] - 5, at[0] + 5, at[1] + 5))
    for other, at in places:
        found.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{dot * 0.5:.1f}" fill="#fff" stroke="{_SOFT}" stroke-width="2"/>')
        said = _name((schools.at[other, "name"], schools.at[other, "name_en"]), lang)
        found += _placed(sheet, at, said, 0.95, _SOFT)
    found += _block_names(backdrop, sheet, seen, school, lang)
    found += _far_names(backdrop, sheet, seen, {school, *(other for other, _ in places)}, lang)
    mark = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot:.1f}" fill="#b7352c" stroke="#fff" stroke-width="3"/>'
    return [*found, mark, *own]


def _placed(sheet: _Sheet, at: tuple[float, float], said: str, size: float, colour: str) -> list[str]:
    """Return a name below, above or beside a mark, where there is room."""
    high = sheet.letter * size
    wide = _wide(said) * high
    gap = sheet.letter * 0.7 + high * 0.6
    for dx, dy in ((0, gap), (0, -gap), (wide / 2 + gap, 0), (-wide / 2 - gap, 0)):
        if sheet.claim(at[0] + dx, at[1] + dy, wide + high * 0.5, high * 1.15):
            return [_label(at[0] + dx, at[1] + dy, said, high, colour)]
    return []


def _block_names(
    backdrop: Backdrop, sheet: _Sheet, seen: npt.NDArray[np.intp], school: str, lang: Language
) -> list[str]:
    frame = backdrop.district.block_frame
    answers = _of_seen(backdrop, seen)
    own = [n for n, schools in zip(seen.tolist(), answers, strict=True) if school in schools]
    if not own or len(own) > 4 * _MOST_NAMES:
        return []
    size = sheet.letter * 0.8
    found: list[str] = []
    biggest = sorted(own, key=lambda n: -float(shapely.area(backdrop.shapes[n])))[: 2 * _MOST_NAMES]
    for number in biggest:
        said = _name((frame["name"].iloc[number], frame["name_en"].iloc[number]), lang)
        x, y = sheet.at(shapely.point_on_surface(backdrop.shapes[number]))
        if said and sheet.claim(x, y, _wide(said) * size, size * 1.2):
            found.append(_label(x, y, said, size, "#2f5560"))
        if len(found) >= _MOST_NAMES:
            break
    return found


def _far_names(
    backdrop: Backdrop, sheet: _Sheet, seen: npt.NDArray[np.intp], named: set[str], lang: Language
) -> list[str]:
    """Names of the zones that reach into the drawing though their schools stand outside it."""
    schools = backdrop.district.school_frame
    members: dict[str, list[int]] = {}
    for number, own in zip(seen.tolist(), _of_seen(backdrop, seen), strict=True):
        if len(own) == 1 and own[0] not in named and own[0] in schools.index:
            members.setdefault(own[0], []).append(number)
    found: list[str] = []
    for other in sorted(members):
        part = _clipped(shapely.union_all(backdrop.shapes[members[other]]), sheet)
        if shapely.is_empty(part):
            continue
        said = _name((schools.at[other, "name"], schools.at[other, "name_en"]), lang)
        size = sheet.letter * 0.85
        x, y = sheet.at(shapely.point_on_surface(part))
        if sheet.claim(x, y, _wide(said) * size, size * 1.2):
            found.append(_label(x, y, said, size, _SOFT))
    return found


def _furniture(sheet: _Sheet, lang: Language) -> list[str]:
    """Scale bar in metres and an arrow to the north."""
    steps: Sequence[float] = [n * 10.0**power for power in range(1, 6) for n in _NICE]
    metres = max((step for step in steps if step <= 260 * sheet.metres), default=steps[0])
    long = metres / sheet.metres
    size = sheet.letter
    y = sheet.high - 22
    said = messages.text("public_print.metres", metres=f"{metres:,.0f}").of(lang)
    top = size * 1.2
    return [
        f'<rect x="12" y="{y - size * 1.6:.1f}" width="{long + 28:.1f}" '
        f'height="{size * 1.6 + 14:.1f}" fill="#fff" fill-opacity="0.8"/>',
        f'<path d="M26,{y - 7}V{y}H{26 + long:.1f}V{y - 7}" fill="none" stroke="{_INK}" stroke-width="2.4"/>',
        _label(26 + long / 2, y - size * 0.75, said, size, _INK),
        f'<path d="M{_WIDE - 40},{top + 6:.1f}l13,44l-13,-10l-13,10Z" fill="{_INK}" stroke="#fff" stroke-width="2"/>',
        _label(_WIDE - 40, top * 0.6, messages.text("public_print.north").of(lang), size, _INK),
    ]
