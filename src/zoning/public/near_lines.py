"""Which blocks lie near the line of another zone: one definition, for the page and for the certificate.

Homes have no points here, on purpose. A block is near a zone where a tenth of its ground lies within the
office's distance of a block of that zone: then homes of it probably do. A mere touch does not count, or every
village whose far fields meet another zone would be warned, and no warning would be read.
"""

from typing import Final

import numpy as np
import shapely

from zoning.district import District

__all__ = ["near_ground"]

_SHARE: Final = 0.1


def near_ground(district: District) -> dict[tuple[str, str], float]:
    """Return pairs of blocks of which the first is near the second, with the share of its ground that is.

    The office's distance is the notice's ``near_line_m``. Whether a line runs between the two is for the
    reader to see: it is another one for each stage and year.

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
    ids = [str(block) for block in district.block_frame.index]
    return {
        (ids[a], ids[b]): part
        for a, b, part in zip(first.tolist(), second.tolist(), share.tolist(), strict=True)
        if part >= _SHARE
    }
