"""Some sample paths of one unit side by side: children by grade, a year after the other.

The names are the same everywhere:

``mean``
    Expected children of the unit, float64 [grade, step]; step 0 is the base year; NaN where it lacks a grade.
``rate``
    What becomes of a cell, float64 [step, grade]: mean children per child of the grade below a year before,
    or one of :data:`ENTERS`, :data:`ABSENT`, :data:`COUNTED`.
``place``
    Where a cell's children go in ``values``, int64 [grade, step]; -1 where they are not wanted.
``spread``
    Turnover, the unit's lasting and fresh sd of a year, its sd at entry, whether cells have shocks of their
    own, lowest and highest wanted grade (positions), float64 [7].
``stays``
    Chance that each of so many children stays, float64 [children], for small numbers.
``z``
    Equally likely values of a shock, float64 [1024].
``fresh``, ``lasting``
    Factors of the shocks of cell, unit, town, system, float64 [level, 1024].
``entry``
    Factors of the shocks at entry of cell, unit, town, and of the system by step, float64 [3 + step, 1024].
``norm``
    Mean of the lasting shock's factor cumulated to a step, float64 [level, step].
``own``
    Of a unit: mean factor of its fresh shock, of its entry shock, of its lasting one by step, float64 [2 +
    step].
``keys``
    Keys of random numbers by path: the unit's counts, the unit's, its town's and the system's shocks, uint64
    [4, path].
``shared``, ``step``, ``cumulated``
    Factor of the shocks of town and system, of those and the unit's, and the latter up to a step, float64
    [step, path].
"""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled, inlined
from zoning.forecast.kernels.draws import (
    binomial,
    high_uniform,
    inverted,
    key_of,
    low_uniform,
    pick,
    poisson,
    stream,
)

__all__ = ["find_rates", "share_shocks", "unit_shocks", "walk"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]

ENTERS, ABSENT, COUNTED = -1.0, -2.0, -3.0
_CELL, _UNIT, _TOWN, _SYSTEM = range(4)
_COHORT = 1 << 20
_LASTING = 1 << 21


@compiled
def find_rates(mean: Floats, counted: npt.NDArray[np.bool_], rate: Floats) -> None:
    """Fill in what becomes of every cell of a unit.

    Parameters
    ----------
    counted
        Whether the base year's children of a grade were counted, bool [grade].
    """
    for grade in range(mean.shape[0]):
        for step in range(rate.shape[0]):
            here = mean[grade, step]
            if not here >= 0.0:
                rate[step, grade] = ABSENT
            elif step == 0:
                rate[step, grade] = COUNTED if counted[grade] else ENTERS
            elif grade > 0 and mean[grade - 1, step - 1] > 0.0:
                rate[step, grade] = here / mean[grade - 1, step - 1]
            else:
                rate[step, grade] = ENTERS


@compiled
def share_shocks(
    seed: np.uint64, town: int, first: int, fresh: Floats, lasting: Floats, norm: Floats, keys: Keys,
    shared: Floats,
) -> None:  # fmt: skip
    """Fill in the keys and factors of a town and the system in the paths from ``first`` on."""
    steps, paths = shared.shape
    for path in range(paths):
        keys[2, path] = key_of(seed, _TOWN, town, first + path)
        keys[3, path] = key_of(seed, _SYSTEM, 0, first + path)
        again, everywhere = pick(keys[2, path], 0), pick(keys[3, path], 0)
        for h in range(1, steps):
            of_town = lasting[_TOWN, again] * fresh[_TOWN, pick(keys[2, path], h)]
            of_all = lasting[_SYSTEM, everywhere] * fresh[_SYSTEM, pick(keys[3, path], h)]
            mean = norm[_TOWN, h] / norm[_TOWN, h - 1] * norm[_SYSTEM, h] / norm[_SYSTEM, h - 1]
            shared[h, path] = of_town * of_all / mean


@compiled
def unit_shocks(
    seed: np.uint64, unit: int, first: int, spread: Floats, z: Floats, own: Floats, keys: Keys,
    shared: Floats, step: Floats, cumulated: Floats,
) -> None:  # fmt: skip
    """Fill in a unit's keys and the factors of its shocks times the shared ones."""
    steps, paths = shared.shape
    for path in range(paths):
        keys[0, path] = key_of(seed, _CELL, unit, first + path)
        keys[1, path] = key_of(seed, _UNIT, unit, first + path)
        again = np.exp(spread[1] * z[pick(keys[1, path], 0)])
        step[0, path] = cumulated[0, path] = 1.0
        for h in range(1, steps):
            new = np.exp(spread[2] * z[pick(keys[1, path], h)]) / own[0]
            step[h, path] = shared[h, path] * again * new * own[1 + h] / own[2 + h]
            cumulated[h, path] = cumulated[h - 1, path] * step[h, path]


@inlined
def _grow(
    least: float, stays: Floats, grown: Floats, bits: Keys, listed: Longs, before: Floats, after: Floats
) -> None:
    """Children who stay and children who come, from those of the grade below a year before [path]."""
    # (1 - q)^n >= 1 - nq and exp(-x) >= 1 - x: most draws of a small block are 0 without an exponential.
    # The others are listed first and drawn then, which spares the processor most wrong guesses.
    lost = come = 0
    for path in range(len(before)):
        count, kept = before[path], min(least, grown[path])
        listed[0, lost] = path
        lost += int(high_uniform(bits[path]) >= 1.0 - count * (1.0 - kept))
        listed[1, come] = path
        come += int(low_uniform(bits[path]) >= 1.0 - count * (grown[path] - kept))
        after[path] = count
    for number in range(lost):
        path = listed[0, number]
        count, u = before[path], high_uniform(bits[path])
        if grown[path] >= least and count < len(stays):
            after[path] -= inverted(count, 1.0 - least, stays[int(count)], u)
        else:
            after[path] -= binomial(count, 1.0 - min(least, grown[path]), u)
    for number in range(come):
        path = listed[1, number]
        after[path] += poisson(before[path] * (grown[path] - least), low_uniform(bits[path]))


@compiled
def _shake(
    fresh: Floats, lasting: Floats, norm: Floats, keys: Keys, grade: int, cell: int, grown: Floats
) -> None:
    """Multiply by a cell's own shock of one step [path]."""
    for path in range(len(grown)):
        again = lasting[_CELL, pick(keys[0, path], _LASTING + grade)] / norm[_CELL, 1]
        grown[path] *= again * fresh[_CELL, pick(keys[0, path], 4 * cell + 1)]


@compiled
def _enter(
    expected: float, spread: Floats, z: Floats, fresh: Floats, lasting: Floats, entry: Floats, norm: Floats,
    own: Floats, keys: Keys, cumulated: Floats, grade: int, grades: int, h: int, after: Floats,
) -> None:  # fmt: skip
    """Children of a cell that no lower grade feeds [path]."""
    # Unit, town and system hit every cohort that enters the grade alike: a school that draws more children
    # than expected this year will next year.
    at, cell = _COHORT + grade, h * grades + grade
    for path in range(len(after)):
        key = keys[0, path]
        factor = entry[_CELL, pick(key, 4 * cell + 2)] * cumulated[path]
        factor *= np.exp(spread[3] * z[pick(keys[1, path], at)]) / own[1]
        factor *= entry[_TOWN, pick(keys[2, path], at)] * entry[_SYSTEM + h, pick(keys[3, path], at)]
        if spread[4] > 0.0:
            again = lasting[_CELL, pick(key, _LASTING + grade)]
            factor /= norm[_CELL, h]
            for i in range(1, h + 1):
                factor *= again * fresh[_CELL, pick(key, 4 * (i * grades + grade) + 1)]
        after[path] = poisson(expected * factor, high_uniform(stream(key, 4 * cell)))


@inlined
def walk(
    mean: Floats, rate: Floats, place: Longs, spread: Floats, stays: Floats, z: Floats, fresh: Floats,
    lasting: Floats, entry: Floats, norm: Floats, own: Floats, keys: Keys, step: Floats, cumulated: Floats,
    now: Floats, grown: Floats, bits: Keys, listed: Longs, values: Floats,
) -> None:  # fmt: skip
    """Fill in the children of the wanted cells.

    Parameters
    ----------
    now, grown, bits, listed
        Room to work in, float64 [grade, path] and [path], uint64 [path], int64 [2, path].
    values
        Filled in: whole children, float64 [wanted cell, path].
    """
    grades, steps = place.shape
    paths = now.shape[1]
    lowest, top = int(spread[5]), int(spread[6]) + 1
    for h in range(steps):
        # Only grades that a wanted one grows out of.
        for grade in range(top - 1, max(0, lowest - steps + 1 + h) - 1, -1):
            kind, cell = rate[h, grade], h * grades + grade
            after = now[grade]
            if kind >= 0.0:
                for path in range(paths):
                    bits[path] = stream(keys[0, path], 4 * cell)
                    grown[path] = kind * step[h, path]
                if spread[4] > 0.0:
                    _shake(fresh, lasting, norm, keys, grade, cell, grown)
                _grow(1.0 - spread[0], stays, grown, bits, listed, now[grade - 1], after)
            elif kind == COUNTED:
                for path in range(paths):
                    after[path] = np.floor(mean[grade, 0] + low_uniform(stream(keys[0, path], 4 * cell)))
            elif kind == ENTERS and mean[grade, h] > 0.0:
                _enter(mean[grade, h], spread, z, fresh, lasting, entry, norm, own, keys, cumulated[h],
                       grade, grades, h, after)  # fmt: skip
            else:
                after[:] = 0.0
            if place[grade, h] >= 0:
                values[place[grade, h]] = after
