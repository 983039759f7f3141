"""Compiled loops: the one place that imports numba.

A kernel is a plain function over arrays. It is compiled at its first call, kept in a cache beside the code
(or in the user's cache folder where that cannot be written) and runs without the interpreter's lock, so that
two may work in two threads. Same arguments, same result: no kernel reads a clock or a global random state.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["compiled", "inlined"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function compiled to machine code; exact arithmetic order is kept (no fast math).

    Examples
    --------
    >>> import numpy as np
    >>> @compiled
    ... def doubled(values):
    ...     return values * 2
    >>> doubled(np.array([1.5])).tolist()
    [3.0]
    """
    try:
        kept: Callable[_P, _R] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to keep it in: compile it anew in every process
        once: Callable[_P, _R] = numba.njit(nogil=True)(function)
        return once
    return kept


def inlined(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function compiled into whoever calls it: for the inner steps of a loop over many arrays.

    Examples
    --------
    >>> @inlined
    ... def half(value):
    ...     return value / 2
    >>> half(3.0)
    1.5
    """
    kept: Callable[_P, _R] = numba.njit(nogil=True, forceinline=True)(function)
    return kept
