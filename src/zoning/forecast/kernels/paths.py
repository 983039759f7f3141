"""Streams over units and paths: sums by group, and quantiles by unit.

The arrays of a simulation come in the order and with the names of :mod:`zoning.forecast.kernels.walks`, for
all units: ``course`` float64 [unit, grade, step], ``own`` float64 [unit or 1, 2 + step], ``scale`` float64
[unit or 1], ``town`` int64 [unit], ``counted`` bool [grade].
"""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled
from zoning.forecast.kernels.walks import find_rates, share_shocks, unit_shocks, walk

__all__ = ["draw_paths", "draw_sums"]

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@compiled
def draw_sums(
    course: Floats, town: Longs, counted: Bools, scale: Floats, own: Floats, spread: Floats, stays: Floats,
    z: Floats, fresh: Floats, lasting: Floats, entry: Floats, norm: Floats, seed: np.uint64, place: Longs,
    weight: Floats, units: Longs, start: Longs, group: Longs, share: Floats, first: int, sums: Floats,
) -> None:  # fmt: skip
    """Add the children of some paths to the sums of their groups.

    Parameters
    ----------
    weight
        What a child of a cell counts, float64 [unit, wanted cell]; no rows where all count 1.
    units
        Units to draw, int64.
    start, group, share
        Groups of each of those and the share of its children in each, in compressed rows.
    first
        The first path.
    sums
        Added to, float64 [group, wanted cell, path].
    """
    (grades, steps), (cells, paths) = place.shape, sums.shape[1:]
    rate, values = np.empty((steps, grades)), np.zeros((cells, paths))
    now, grown = np.zeros((grades, paths)), np.empty(paths)
    bits, listed = np.empty(paths, dtype=np.uint64), np.empty((2, paths + 1), dtype=np.int64)
    keys, shared = np.empty((4, paths), dtype=np.uint64), np.ones((steps, paths))
    step, cumulated, mine = np.empty((steps, paths)), np.empty((steps, paths)), spread.copy()
    here = np.int64(-1)
    for number in range(len(units)):
        unit = units[number]
        row = unit if len(scale) > 1 else 0
        mine[1:4] = spread[1:4] * scale[row]
        if town[unit] != here:
            here = town[unit]
            share_shocks(seed, here, first, fresh, lasting, norm, keys, shared)
        find_rates(course[unit], counted, rate)
        unit_shocks(seed, unit, first, mine, z, own[row], keys, shared, step, cumulated)
        walk(course[unit], rate, place, mine, stays, z, fresh, lasting, entry, norm, own[row], keys, step,
             cumulated, now, grown, bits, listed, values)  # fmt: skip
        if len(weight) > 0:
            for cell in range(cells):
                values[cell] *= weight[unit, cell]
        for at in range(start[number], start[number + 1]):
            for cell in range(cells):
                total = sums[group[at], cell]
                for path in range(paths):
                    total[path] += share[at] * values[cell, path]


@compiled
def draw_paths(
    course: Floats, town: Longs, counted: Bools, scale: Floats, own: Floats, spread: Floats, stays: Floats,
    z: Floats, fresh: Floats, lasting: Floats, entry: Floats, norm: Floats, seed: np.uint64, place: Longs,
    weight: Floats, units: Longs, group: Longs, first: int, drawn: Floats,
) -> None:  # fmt: skip
    """Fill in the children of some units in some paths, cells summed by group.

    Parameters
    ----------
    weight
        What a child of a cell counts, float64 [unit, wanted cell]; no rows where all count 1.
    units
        Units to draw, int64.
    group
        Group of each wanted cell, int64.
    first
        The first path.
    drawn
        Added to, float64 [unit drawn, group, path].
    """
    (grades, steps), cells, paths = place.shape, len(group), drawn.shape[2]
    rate, values = np.empty((steps, grades)), np.zeros((cells, paths))
    now, grown = np.zeros((grades, paths)), np.empty(paths)
    bits, listed = np.empty(paths, dtype=np.uint64), np.empty((2, paths + 1), dtype=np.int64)
    keys, shared = np.empty((4, paths), dtype=np.uint64), np.ones((steps, paths))
    step, cumulated, mine = np.empty((steps, paths)), np.empty((steps, paths)), spread.copy()
    here = np.int64(-1)
    for number in range(len(units)):
        unit = units[number]
        row = unit if len(scale) > 1 else 0
        mine[1:4] = spread[1:4] * scale[row]
        if town[unit] != here:
            here = town[unit]
            share_shocks(seed, here, first, fresh, lasting, norm, keys, shared)
        find_rates(course[unit], counted, rate)
        unit_shocks(seed, unit, first, mine, z, own[row], keys, shared, step, cumulated)
        walk(course[unit], rate, place, mine, stays, z, fresh, lasting, entry, norm, own[row], keys, step,
             cumulated, now, grown, bits, listed, values)  # fmt: skip
        for cell in range(cells):
            if len(weight) > 0:
                values[cell] *= weight[unit, cell]
            drawn[number, group[cell]] += values[cell]
