"""Searches of a contraction hierarchy, the compiled part: up from the schools, then down to every block.

Tables hold a column for each school of a batch, so that one step down is the same for all of them and the
machine takes several at once.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled
from zoning.travel.heap import Heap, pop, push

WIDTH: Final = 16
"""Schools that are swept at a time."""

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]


class Up(NamedTuple):
    """Steps up: those of each place to places that were taken out later.

    Parameters
    ----------
    first
        Where the steps of each place begin, int64 [place + 1].
    other
        Place that each leads to, a lower one, int32 [step].
    seconds, metres
        Of each step, float64 [step]; ``inf`` seconds where there is none.
    """

    first: _Ints
    other: _Places
    seconds: _Floats
    metres: _Floats


class Down(NamedTuple):
    """Steps down, only those on some way to a block.

    Parameters
    ----------
    first
        Where the steps into each row begin, int64 [row + 1].
    source
        Row that each step comes from, a lower one, int32 [step].
    seconds, metres
        Of each step, float64 [step].
    row
        Row of each place, -1 where no block lies below, int32 [place].
    blocks
        Row of each block, int32 [block].
    """

    first: _Ints
    source: _Places
    seconds: _Floats
    metres: _Floats
    row: _Places
    blocks: _Places


class Climbed(NamedTuple):
    """Places above the schools of a batch.

    Parameters
    ----------
    start
        Which of the climbed places each row of the sweep is, -1 for none, int32 [row].
    seconds, metres
        From each school to each of them, float64 [climbed place, ``WIDTH``]; ``inf`` where it is not above.
    """

    start: _Places
    seconds: _Floats
    metres: _Floats


@compiled
def reach_up(up: Up, schools: _Places, slot: _Places) -> _Places:
    """Return the places with slot -1 at or above some school, in no order; their slots become 0."""
    found = np.empty(64, dtype=np.int32)
    size, at = 0, 0
    for school in schools:
        if slot[school] < 0:
            slot[school] = 0
            found[size] = school
            size += 1
        while at < size:
            place = found[at]
            at += 1
            lacking = size + up.first[place + 1] - up.first[place] + len(schools) - len(found)
            if lacking > 0:
                found = np.concatenate((found, np.empty(len(found) + lacking, dtype=np.int32)))
            for step in range(up.first[place], up.first[place + 1]):
                other = up.other[step]
                if slot[other] < 0 and up.seconds[step] < np.inf:
                    slot[other] = 0
                    found[size] = other
                    size += 1
    return found[:size]


@compiled
def climb(up: Up, places: _Places, slot: _Places, seconds: _Floats, metres: _Floats) -> None:
    """Carry seconds and metres up from the schools.

    Parameters
    ----------
    up
        Steps up.
    places
        Places outside the core, those taken out first in front, int32.
    slot
        Row of each place in the tables, int32 [place].
    seconds, metres
        0 at the schools and ``inf`` elsewhere, float64 [row, ``WIDTH``]; changed.
    """
    for place in places:
        i = slot[place]
        for step in range(up.first[place], up.first[place + 1]):
            if up.seconds[step] < np.inf:
                j = slot[up.other[step]]
                for k in range(WIDTH):
                    way_s, way_m = seconds[i, k] + up.seconds[step], metres[i, k] + up.metres[step]
                    old_s, old_m = seconds[j, k], metres[j, k]
                    better = way_s < old_s or (way_s == old_s and way_m < old_m)
                    seconds[j, k] = way_s if better else old_s
                    metres[j, k] = way_m if better else old_m


@compiled
def search_core(up: Up, heap: Heap, seconds: _Floats, metres: _Floats) -> None:
    """Complete seconds and metres of the places of the core, each column by Dijkstra's algorithm.

    Parameters
    ----------
    up
        Steps; those of the core lead to each other.
    heap
        Space for every place and step of the core.
    seconds, metres
        Found so far, float64 [place of the core, ``WIDTH``]; changed.
    """
    near_s, near_m = np.empty(len(seconds)), np.empty(len(seconds))
    for column in range(WIDTH):
        near_s[:], near_m[:] = seconds[:, column], metres[:, column]
        size = 0
        for place in range(len(near_s)):
            if near_s[place] < np.inf:
                size = push(heap, size, near_s[place], place)
        while size > 0:
            here_s, here = heap.seconds[0], heap.vertex[0]
            size = pop(heap, size)
            if here_s > near_s[here]:
                continue
            for step in range(up.first[here], up.first[here + 1]):
                other = up.other[step]
                way_s, way_m = here_s + up.seconds[step], near_m[here] + up.metres[step]
                if way_s < near_s[other] or (way_s == near_s[other] and way_m < near_m[other]):
                    near_s[other], near_m[other] = way_s, way_m
                    size = push(heap, size, way_s, other)
        seconds[:, column], metres[:, column] = near_s, near_m


@compiled
def sweep_seconds(down: Down, climbed: Climbed, seconds: _Floats) -> None:
    """Fill the seconds from each school of the batch to each row, float64 [row, ``WIDTH``]."""
    for row in range(len(down.first) - 1):
        start = climbed.start[row]
        for k in range(WIDTH):
            seconds[row, k] = np.inf if start < 0 else climbed.seconds[start, k]
        for step in range(down.first[row], down.first[row + 1]):
            source, step_s = down.source[step], down.seconds[step]
            for k in range(WIDTH):
                seconds[row, k] = min(seconds[row, k], seconds[source, k] + step_s)


@compiled
def sweep_both(down: Down, climbed: Climbed, seconds: _Floats, metres: _Floats) -> None:
    """Fill seconds and the metres of the same ways, float64 [row, ``WIDTH``] each."""
    for row in range(len(down.first) - 1):
        start = climbed.start[row]
        for k in range(WIDTH):
            seconds[row, k] = np.inf if start < 0 else climbed.seconds[start, k]
            metres[row, k] = np.inf if start < 0 else climbed.metres[start, k]
        for step in range(down.first[row], down.first[row + 1]):
            source, step_s, step_m = down.source[step], down.seconds[step], down.metres[step]
            for k in range(WIDTH):
                way_s, way_m = seconds[source, k] + step_s, metres[source, k] + step_m
                old_s, old_m = seconds[row, k], metres[row, k]
                better = way_s < old_s or (way_s == old_s and way_m < old_m)
                seconds[row, k] = way_s if better else old_s
                metres[row, k] = way_m if better else old_m


@compiled
def write(table: _Floats, blocks: _Places, result: npt.NDArray[np.float32], low: int) -> None:
    """Write the rows of the blocks into columns of the result from ``low`` on, NaN for ``inf``."""
    columns = min(WIDTH, result.shape[1] - low)
    for block in range(len(blocks)):
        for k in range(columns):
            value = table[blocks[block], k]
            result[block, low + k] = value if value < np.inf else np.nan


@compiled
def mark_above(first: _Ints, other: _Places, back_s: _Floats, above: _Bools, core: int) -> None:
    """Mark every place that a marked one outside the core can be stepped down to from."""
    for place in range(len(above) - 1, core - 1, -1):
        if above[place]:
            for entry in range(first[place], first[place + 1]):
                if back_s[entry] < np.inf:
                    above[other[entry]] = True
