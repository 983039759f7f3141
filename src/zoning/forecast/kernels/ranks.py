"""Quantiles of many rows."""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled

__all__ = ["row_quantiles"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_BUCKETS = 256
_TINY = 1e-200


@compiled
def row_quantiles(values: Floats, wanted: Floats, found: Floats) -> None:
    """Fill in quantiles as ``numpy.quantile`` has them: between the two nearest ranks by straight line.

    Values are counted into buckets of equal width, and only the bucket that holds a rank is sorted.

    Parameters
    ----------
    values
        Finite, float64 [row, value].
    wanted
        Shares 0-1, ascending, float64 [quantile].
    found
        Filled in, float64 [quantile, row].
    """
    size = values.shape[1]
    bucket, members = np.empty(size, dtype=np.int64), np.empty(size)
    until = np.empty(_BUCKETS + 1, dtype=np.int64)
    for row in range(len(values)):
        low, high = values[row].min(), values[row].max()
        if high - low < _TINY:
            found[:, row] = low
            continue
        _fill(values[row], low, (_BUCKETS - 1) / (high - low), bucket, until)
        held = -1
        for number in range(len(wanted)):
            place = wanted[number] * (size - 1)
            under = int(np.floor(place))
            pair = np.empty(2)
            for side in range(2):
                rank = min(under + side, size - 1)
                here = max(held, 0)
                while until[here] > rank:  # the rank above the last share may lie further than this one
                    here -= 1
                while until[here + 1] <= rank:
                    here += 1
                if here != held:
                    _gather(values[row], bucket, here, members)
                    held = here
                pair[side] = members[rank - until[here]]
            part = place - under
            gap = pair[1] - pair[0]
            found[number, row] = pair[0] + gap * part if part < 0.5 else pair[1] - gap * (1.0 - part)


@compiled
def _fill(values: Floats, low: float, scale: float, bucket: Longs, until: Longs) -> None:
    """Fill in the bucket of each value and how many values lie in the buckets before each."""
    until[:] = 0
    for number in range(len(values)):
        bucket[number] = np.int64((values[number] - low) * scale)
        until[bucket[number] + 1] += 1
    for after in range(1, len(until)):
        until[after] += until[after - 1]


@compiled
def _gather(values: Floats, bucket: Longs, wanted: int, members: Floats) -> None:
    """Fill in the values of a bucket, ascending."""
    count, least, most = 0, np.inf, -np.inf
    for number in range(len(values)):
        if bucket[number] == wanted:
            members[count] = values[number]
            least, most = min(least, values[number]), max(most, values[number])
            count += 1
    if least < most:
        members[:count].sort()
