"""The paper of a drawing: metres to units, paths, letters, and where names have room."""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
import shapely

from zoning.errors import Language
from zoning.publish.typeset import printable

__all__ = ["WIDE", "Paper", "label", "name_of", "said_in_xml", "wide_of"]

WIDE: Final = 1000.0
"""Width of a drawing in its own units; lengths in the page are set by who places it."""
_NEVER_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Paper:
    """The paper: metres to drawing units, and the boxes that names have taken.

    Parameters
    ----------
    west, north
        Its upper left corner, metres.
    metres
        Metres a unit.
    high
        Height, units.
    letter
        Size of a letter, units.
    taken
        Boxes that are covered: left, top, right, bottom.
    """

    west: float
    north: float
    metres: float
    high: float
    letter: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def at(self, point: shapely.Geometry) -> tuple[float, float]:
        """Return the place of a point, in units from the upper left."""
        x, y = shapely.get_coordinates(point)[0].tolist()
        return (x - self.west) / self.metres, (self.north - y) / self.metres

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what is drawn, metres."""
        return self.west, self.north - self.high * self.metres, self.west + WIDE * self.metres, self.north

    def clipped(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return the part of a shape that lies on the paper."""
        west, south, east, north = self.frame
        more = 6 * self.metres
        return shapely.clip_by_rect(shape, west - more, south - more, east + more, north + more)

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
        inside = box[0] > 4 and box[1] > 4 and box[2] < WIDE - 4 and box[3] < self.high - 4
        free = all(box[2] <= a[0] or box[0] >= a[2] or box[3] <= a[1] or box[1] >= a[3] for a in self.taken)
        if inside and free:
            self.taken.append(box)
        return inside and free


def said_in_xml(text: str) -> str:
    """Return a text that stays text in XML, on one line."""
    return escape(_NEVER_XML.sub("", printable(" ".join(text.split()))))


def name_of(frame_row: tuple[str, str], lang: Language) -> str:
    """Return a Chinese and English name in one language."""
    zh, en = frame_row
    return en if lang == "en" and en else zh


def wide_of(text: str) -> float:
    """Return about how wide a text is, in letters' heights."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.56 for c in text)


def label(x: float, y: float, text: str, size: float, colour: str) -> str:
    """Return a text around a point, with a pale edge so that it can be read on anything."""
    return (
        f'<text x="{x:.1f}" y="{y + size * 0.36:.1f}" font-size="{size:.1f}" text-anchor="middle" '
        f'fill="{colour}" stroke="#ffffff" stroke-width="{size * 0.22:.1f}" stroke-linejoin="round" '
        f'paint-order="stroke">{said_in_xml(text)}</text>'
    )
