"""Names on the drawing of a zone: the school, the schools beside it, and blocks where there is room."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from zoning.errors import Language
from zoning.public.sheets.backdrop import Backdrop
from zoning.public.sheets.paper import WIDE, Paper, label, name_of, wide_of

__all__ = ["INK", "names_on"]

INK: Final = "#1d2935"
_SOFT: Final = "#6b6558"
_MOST_NAMES: Final = 70


def names_on(
    backdrop: Backdrop, sheet: Paper, seen: npt.NDArray[np.intp], school: str, lang: Language
) -> list[str]:
    """The school with its name, the schools beside it, and the names of blocks where there is room."""
    schools = backdrop.district.school_frame
    found = []
    sheet.taken += [(0, sheet.high - sheet.letter * 4, 330, sheet.high), (WIDE - 80, 0, WIDE, 110)]
    x, y = sheet.at(schools.geometry[school])
    dot = sheet.letter * 0.62
    sheet.taken.append((x - dot, y - dot, x + dot, y + dot))
    own = _placed(
        sheet, (x, y), name_of((schools.at[school, "name"], schools.at[school, "name_en"]), lang), 1.25, INK
    )
    places = []
    for other in backdrop.plan.school_ids:
        at = sheet.at(schools.geometry[other]) if other in schools.index else (-1.0, -1.0)
        if other != school and 0 < at[0] < WIDE and 0 < at[1] < sheet.high:
            places.append((other, at))
            sheet.taken.append((at[0] - 5, at[1] - 5, at[0] + 5, at[1] + 5))
    for other, at in places:
        found.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{dot * 0.5:.1f}" '
            f'fill="#fff" stroke="{_SOFT}" stroke-width="2"/>'
        )
        said = name_of((schools.at[other, "name"], schools.at[other, "name_en"]), lang)
        found += _placed(sheet, at, said, 0.95, _SOFT)
    found += _block_names(backdrop, sheet, seen, school, lang)
    found += _far_names(backdrop, sheet, seen, {school, *(other for other, _ in places)}, lang)
    mark = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot:.1f}" fill="#b7352c" stroke="#fff" stroke-width="3"/>'
    return [*found, mark, *own]


def _placed(sheet: Paper, at: tuple[float, float], said: str, size: float, colour: str) -> list[str]:
    """Return a name below, above or beside a mark, where there is room."""
    high = sheet.letter * size
    wide = wide_of(said) * high
    gap = sheet.letter * 0.7 + high * 0.6
    for dx, dy in ((0, gap), (0, -gap), (wide / 2 + gap, 0), (-wide / 2 - gap, 0)):
        if sheet.claim(at[0] + dx, at[1] + dy, wide + high * 0.5, high * 1.15):
            return [label(at[0] + dx, at[1] + dy, said, high, colour)]
    return []


def _block_names(
    backdrop: Backdrop, sheet: Paper, seen: npt.NDArray[np.intp], school: str, lang: Language
) -> list[str]:
    frame = backdrop.district.block_frame
    answers = backdrop.schools_of(seen)
    own = [n for n, schools in zip(seen.tolist(), answers, strict=True) if school in schools]
    if not own or len(own) > 4 * _MOST_NAMES:
        return []
    size = sheet.letter * 0.8
    found: list[str] = []
    biggest = sorted(own, key=lambda n: -float(shapely.area(backdrop.shapes[n])))[: 2 * _MOST_NAMES]
    for number in biggest:
        said = name_of((frame["name"].iloc[number], frame["name_en"].iloc[number]), lang)
        x, y = sheet.at(shapely.point_on_surface(backdrop.shapes[number]))
        if said and sheet.claim(x, y, wide_of(said) * size, size * 1.2):
            found.append(label(x, y, said, size, "#2f5560"))
        if len(found) >= _MOST_NAMES:
            break
    return found


def _far_names(
    backdrop: Backdrop, sheet: Paper, seen: npt.NDArray[np.intp], named: set[str], lang: Language
) -> list[str]:
    """Names of the zones that reach into the drawing though their schools stand outside it."""
    schools = backdrop.district.school_frame
    members: dict[str, list[int]] = {}
    for number, own in zip(seen.tolist(), backdrop.schools_of(seen), strict=True):
        if len(own) == 1 and own[0] not in named and own[0] in schools.index:
            members.setdefault(own[0], []).append(number)
    found: list[str] = []
    for other in sorted(members):
        part = sheet.clipped(shapely.union_all(backdrop.shapes[members[other]]))
        if shapely.is_empty(part):
            continue
        said = name_of((schools.at[other, "name"], schools.at[other, "name_en"]), lang)
        size = sheet.letter * 0.85
        x, y = sheet.at(shapely.point_on_surface(part))
        if sheet.claim(x, y, wide_of(said) * size, size * 1.2):
            found.append(label(x, y, said, size, _SOFT))
    return found
