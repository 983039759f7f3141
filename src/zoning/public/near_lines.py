"""Which blocks lie near the line of another zone, so that the page says "look twice" where it should.

Homes have no points here, on purpose. A block counts as near where a tenth of its ground lies nearer to
another zone than the office's distance: then homes of it probably do. A mere touch does not count, or every
village whose far fields meet another zone would be warned, and no warning would be read.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely

from zoning.district import District
from zoning.plan import Plan

__all__ = ["near_pairs", "zones_nearby"]

_SHARE: Final = 0.1


def near_pairs(district: District) -> list[tuple[int, int]]:
    """Return pairs of blocks by row, sorted: the first has a tenth of its ground near the second.

    Near is nearer than the notice's ``near_line_m``.

    Parameters
    ----------
    district
        The district.
    """
    shapes = np.asarray(district.block_frame.geometry.values, dtype=object)
    metres = max(0.0, district.notice.near_line_m)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=metres)
    first, second = first[first != second], second[first != second]
    around = shapely.buffer(shapes, metres, quad_segs=4)
    share = shapely.area(shapely.intersection(shapes[first], around[second])) / shapely.area(shapes)[first]
    keep = share >= _SHARE
    return sorted(zip(first[keep].tolist(), second[keep].tolist(), strict=True))


def zones_nearby(
    district: District, plan: Plan, pairs: list[tuple[int, int]] | None = None
) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return by block the schools of other zones that lie near, sorted.

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
    rows = dict(plan.rows)
    given = [rows.get(str(block), ()) for block in ids]
    found: dict[str, set[tuple[str, ...]]] = {}
    for i, j in near_pairs(district) if pairs is None else pairs:
        if given[i] and given[j] and given[i] != given[j]:
            found.setdefault(str(ids[i]), set()).add(given[j])
    return {block: tuple(sorted(zones)) for block, zones in found.items()}
