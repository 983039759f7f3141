"""Which blocks lie near the line of another zone: one definition, for the page and for the certificate.

Homes have no points here, on purpose. A block is near a zone where a tenth of its ground lies within the
office's distance of that zone: then homes of it probably do. A mere touch does not count, or every village
whose far fields meet another zone would be warned, and no warning would be read. How the other side is cut
into blocks changes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from zoning.district import District
from zoning.plan import Plan

__all__ = ["Near", "Zone", "near_zones"]

_SHARE: Final = 0.1
_ROUNDING: Final = 1e-9


class Near(NamedTuple):
    """How near a block is to a zone.

    Parameters
    ----------
    share
        Share of the block's ground within the office's distance of the zone, 0-1.
    other
        The block of that zone which most of it is near.
    """

    share: float
    other: str


Zone = tuple[str, ...]
"""The schools of a zone."""


def near_zones(district: District, plans: Sequence[Plan]) -> list[dict[tuple[str, Zone], Near]]:
    """Return by block and other zone how near they are, of each plan, after ``notice.near_line_m``.

    Parameters
    ----------
    district
        The district.
    plans
        Plans of any stage and year.
    """
    frame = district.block_frame
    ids = [str(block) for block in frame.index]
    shapes = np.asarray(frame.geometry.values, dtype=object)
    metres = max(0.0, district.notice.near_line_m)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=metres)
    held = [_zones(plan, ids) for plan in plans]
    crossed = np.zeros(len(first), dtype=bool)
    for zones in held:
        crossed |= _across(zones, first, second)
    first, second = first[crossed], second[crossed]
    ground = shapely.intersection(shapes[first], shapely.buffer(shapes[second], metres, quad_segs=4))
    whole = shapely.area(shapes)
    others = [ids[block] for block in second]
    found = []
    for zones in held:
        parts: dict[tuple[int, Zone], list[int]] = {}
        for at in np.flatnonzero(_across(zones, first, second)).tolist():
            parts.setdefault((int(first[at]), zones[second[at]]), []).append(at)
        measured = {
            (ids[block], zone): _near(ground, whole[block], parts[block, zone], others)
            for block, zone in parts
        }
        found.append({key: near for key, near in measured.items() if near.share >= _SHARE - _ROUNDING})
    return found


def _zones(plan: Plan, ids: Sequence[str]) -> npt.NDArray[np.object_]:
    """Return the zone of each block, the empty one where it has none."""
    held: Mapping[str, Zone] = dict(plan.rows)
    zones = np.empty(len(ids), dtype=object)
    zones[:] = [held.get(block, ()) for block in ids]
    return zones


def _across(
    zones: npt.NDArray[np.object_], first: npt.NDArray[np.int_], second: npt.NDArray[np.int_]
) -> npt.NDArray[np.bool_]:
    """Tell of each pair of blocks whether a line runs between them."""
    pairs = zip(zones[first], zones[second], strict=True)
    return np.fromiter((bool(own and other and own != other) for own, other in pairs), bool, len(first))


def _near(ground: npt.NDArray[np.object_], whole: float, at: Sequence[int], others: Sequence[str]) -> Near:
    """Return how near a block is to the zone of some pairs: ground near two of its blocks counts once."""
    parts = ground[list(at)]
    most = max(zip(shapely.area(parts).tolist(), (others[n] for n in at), strict=True))[1]
    area = shapely.area(parts[0] if len(parts) == 1 else shapely.union_all(parts))
    return Near(float(area) / whole, most)
