"""Which blocks lie near the line of another zone, so that the page says "look twice" where it should.

Homes have no points here, on purpose: a block whose edge is nearer than the office's distance to another zone
may hold homes that are.
"""

from collections.abc import Mapping

import numpy as np
import shapely

from zoning.district import District
from zoning.plan import Plan

__all__ = ["near_pairs", "zones_nearby"]


def near_pairs(district: District) -> list[tuple[int, int]]:
    """Return pairs of blocks nearer to each other than the notice's ``near_line_m``, by row, sorted.

    Parameters
    ----------
    district
        The district.
    """
    shapes = np.asarray(district.block_frame.geometry.values, dtype=object)
    metres = max(0.0, district.notice.near_line_m)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=metres)
    keep = first < second
    return sorted(zip(first[keep].tolist(), second[keep].tolist(), strict=True))


def zones_nearby(
    district: District, plan: Plan, pairs: list[tuple[int, int]] | None = None
) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return by block the schools of other zones that begin nearer than ``near_line_m``, sorted.

    Parameters
    ----------
    district, plan
        The district and the plan of one stage and year.
    pairs
        Result of :func:`near_pairs`, when it is at hand.

    Returns
    -------
    Mapping
        Only blocks that have a zone and another one nearby.
    """
    ids = district.block_frame.index
    given = [plan[block] if block in plan else () for block in ids]
    found: dict[str, set[tuple[str, ...]]] = {}
    for i, j in near_pairs(district) if pairs is None else pairs:
        if given[i] and given[j] and given[i] != given[j]:
            found.setdefault(str(ids[i]), set()).add(given[j])
            found.setdefault(str(ids[j]), set()).add(given[i])
    return {block: tuple(sorted(zones)) for block, zones in found.items()}
