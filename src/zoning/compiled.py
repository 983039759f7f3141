"""Compiled loops: the one place that imports numba.

A kernel is a plain function over arrays. It is compiled at its first call, kept in a cache beside the code
(or in the user's cache folder where that cannot be written) and runs without the interpreter's lock, so that
two may work in two threads. Same arguments, same result: no kernel reads a clock or a global random state.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
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
    _watch_folder(kept, Path(function.__code__.co_filename).parent)
    return kept


def _watch_folder(kept: object, folder: Path) -> None:
    """Have a kernel compiled anew when any module beside it changes: it holds the code of those it calls.

    The cache of numba looks at the kernel's own file only.
    """
    stored = getattr(getattr(kept, "_cache", None), "_cache_file", None)
    if stored is not None and hasattr(stored, "_source_stamp"):
        stored._source_stamp = (stored._source_stamp, _stamps(folder))  # noqa: SLF001 - there is no public way


@cache
def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time of change and size of every module of a folder."""
    found = ((path.name, path.stat()) for path in sorted(folder.glob("*.py")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


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
