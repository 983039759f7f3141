"""Chance for the generator: only plain uniform draws, so that one seed gives one county everywhere.

Nothing here uses a distribution of the generator itself: their algorithms may change between versions of
numpy, the stream of ``random()`` and ``integers()`` does not.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Dice = np.random.Generator

_PARTS: Final = {
    "terrain": 1,
    "settlements": 2,
    "cells": 3,
    "roads": 4,
    "people": 5,
    "schools": 6,
    "zones": 7,
    "enrolment": 8,
    "names": 9,
    "addresses": 10,
    "roster": 11,
    "housing": 12,
    "lanes": 13,
}


def dice_for(part: str, seed: int) -> Dice:
    """Return the generator of one part, so that a change in one part leaves the others as they were.

    Examples
    --------
    >>> dice_for("terrain", 7).integers(1000) == dice_for("terrain", 7).integers(1000)
    np.True_
    """
    return np.random.Generator(np.random.PCG64([seed, _PARTS[part]]))


def bell(dice: Dice, shape: int | tuple[int, ...]) -> Floats:
    """Return nearly normal draws (mean 0, deviation 1, within ±6), float64 [shape]: sums of twelve uniforms.

    Examples
    --------
    >>> bell(dice_for("people", 1), 3).shape
    (3,)
    """
    size = (shape,) if isinstance(shape, int) else shape
    return np.asarray(dice.random((12, *size)).sum(axis=0) - 6.0)


def spread(amounts: Floats, start: float) -> Ints:
    """Return whole numbers in place of amounts, in their order and with the same running total, int64.

    Parameters
    ----------
    amounts
        Amounts, at least 0, float64 [n].
    start
        Where the running total starts, 0-1: systematic sampling.

    Examples
    --------
    >>> spread(np.array([0.4, 0.4, 0.4, 0.8]), 0.5).tolist()
    [0, 1, 0, 1]
    """
    total = np.floor(np.round(np.concatenate([[0.0], np.cumsum(amounts)]) + start, 6))
    return np.diff(total).astype(np.int64)
