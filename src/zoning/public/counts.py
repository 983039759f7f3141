"""Small counts stay hidden, also from whoever adds and subtracts what is shown beside them.

Every count is a weighted sum of independent cells, such as the children of a block: of a shared zone each
school has its part of the same children. A count below the threshold is hidden. What can still be said of it
is a linear programme over everything that is shown: where that leaves no room up to the threshold, and down
to two below it, the cheapest further counts that make room are hidden too. So nobody knows that it is small,
and if it is, which of two small numbers it is.

References
----------
Cell suppression by linear programming: Kelly, Golden, Assad, Cell suppression: disclosure protection for
sensitive tabular data, Networks 22 (1992).
"""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

from zoning.public.guard import FEWER, LEAST, Guard, Shown

__all__ = ["Shown", "safe_counts", "show_counts"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_TOTAL: Final = 3.0
"""A total is worth so many cells of its size."""
_PUBLISHED: Final = 1e6
_DIGITS: Final = 12


def show_counts(
    cells: Floats,
    weights: csr_array,
    below: int,
    *,
    parts: Floats | None = None,
    published: Sequence[int] = (),
    worth: Floats | None = None,
) -> Shown:
    """Return which cells and totals may be shown so that no count below the threshold can be found out.

    The public is taken to know every shown number exactly, every weight, and that a hidden number is no zero.
    A hidden count passes when all that still allows it to reach the threshold, and to be less by two.

    Parameters
    ----------
    cells
        Children, at least 0, float64 [cell].
    weights
        What each cell adds to each total, at least 0 [total, cell].
    below
        Counts that round to less are hidden; zeros are shown.
    parts
        Which part of each cell is a count itself, float64 [cell]: all of it when left out; 0 where only the
        totals have the cell.
    published
        Totals that other files print as well: they stay known. A count that they give away by themselves
        cannot be helped here.
    worth
        How many cells of its size each total is worth, above 0 [total]; a few when left out.

    Examples
    --------
    >>> town = csr_array(np.ones((1, 3)))
    >>> show_counts(np.array([3.0, 8.0, 20.0]), town, 5).cells.tolist()
    [False, False, True]

    Of eight children three are of one school and five of the other: who hides the three hides the five.

    >>> shared = csr_array([[0.375, 0.0], [0.625, 0.0], [0.625, 1.0]])
    >>> show_counts(np.array([8.0, 90.0]), shared, 5, parts=np.zeros(2)).totals.tolist()
    [False, False, True]
    """
    part = np.ones(len(cells)) if parts is None else parts
    bare, scale = part <= 0, np.where(part > 0, part, 1.0)
    counts = np.asarray(cells, dtype=np.float64) * scale
    rows = csr_array(weights.astype(np.float64) @ diags_array(1.0 / scale))
    rows.data = np.round(rows.data, _DIGITS)
    guard = _guard(counts, rows, bare, float(below), published, _TOTAL if worth is None else worth)
    small_cells, small_totals = _small(counts, below) & ~bare, _small(guard.sums, below)
    shown = Shown(~small_cells & ~bare, ~small_totals)
    guard.level(shown)
    # A total that is one cell has the room of the cell, unless it is a part of it.
    apart = (guard.only < 0) | (np.abs(guard.sums - counts[guard.only]) > 10.0**-_DIGITS)
    for down in (False, True) if below > FEWER else (False,):
        still_open = small_cells.copy(), small_totals & apart
        for at in np.flatnonzero(small_cells).tolist():
            if still_open[0][at]:
                guard.make_room(shown, still_open, cell=at, down=down)
                still_open[0][at] = False
        for at in np.flatnonzero(still_open[1]).tolist():
            if still_open[1][at]:
                guard.make_room(shown, still_open, total=at, down=down)
                still_open[1][at] = False
    return Shown(shown.cells | bare, shown.totals)


def safe_counts(counts: Sequence[int], *, least: int) -> list[int | None]:
    """Return the counts of one table, whose sum is known, with None for what may not be shown; 0 is shown.

    Parameters
    ----------
    counts
        Children, whole numbers.
    least
        Counts above 0 and below this are hidden, and so are further ones that would give them away.

    Examples
    --------
    >>> safe_counts([3, 40, 12, 0], least=5)
    [None, 40, None, 0]
    """
    if not counts:
        return []
    cells = np.array(counts, dtype=np.float64)
    shown = show_counts(cells, csr_array(np.ones((1, len(counts)))), least, published=[0]).cells
    return [count if is_shown else None for count, is_shown in zip(counts, shown.tolist(), strict=True)]


def _guard(  # noqa: PLR0917 - what a guard is made of
    counts: Floats,
    rows: csr_array,
    bare: Mask,
    enough: float,
    published: Sequence[int],
    worth: float | Floats,
) -> Guard:
    sums = np.asarray(rows @ counts)
    same, only = _numbered(rows, scaled=True), _only_cell(rows, bare)
    outside = np.isin(same, same[list(published)])
    price = np.maximum(sums, 1.0) * np.where(outside, _PUBLISHED, worth)
    least = np.where(bare, 0.0, np.minimum(LEAST, counts))
    for at in np.flatnonzero((only >= 0) & (np.rint(sums) > 0)).tolist():
        cell = only[at]
        least[cell] = max(least[cell], min(LEAST, sums[at]) * counts[cell] / sums[at])
    group = _numbered(csr_array(rows.T))
    return Guard(counts, rows, sums, price, same, group, only, outside, least, enough)


def _small(counts: Floats, below: int) -> Mask:
    whole = np.rint(counts)
    return np.asarray((whole > 0) & (whole < below))


def _numbered(matrix: csr_array, *, scaled: bool = False) -> Ints:
    """Return for each row the first row that is the same, or is in proportion to it where that will do."""
    matrix.sort_indices()
    first: dict[Hashable, int] = {}
    keys = []
    for low, high in pairwise(matrix.indptr.tolist()):
        values = matrix.data[low:high]
        values = np.round(values / values[0], _DIGITS - 2) if scaled and high > low else values
        keys.append((matrix.indices[low:high].tobytes(), values.tobytes()))
    return np.array([first.setdefault(key, at) for at, key in enumerate(keys)], dtype=np.int64)


def _only_cell(weights: csr_array, bare: Mask) -> Ints:
    """Return for each total the one cell that it consists of, or -1; -1 too where that is no count itself."""
    found = np.full(weights.shape[0], -1, dtype=np.int64)
    one = np.flatnonzero(np.diff(weights.indptr) == 1)
    found[one] = weights.indices[weights.indptr[one]]
    return np.where((found >= 0) & ~bare[np.maximum(found, 0)], found, -1).astype(np.int64)
