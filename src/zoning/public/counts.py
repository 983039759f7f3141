"""Small counts stay hidden, also from whoever adds and subtracts what is shown beside them.

Every count is a sum of cells (children of a block that changes, children who stay at a school). A count below
the threshold is hidden. What can still be said of it is a linear programme over everything that is shown:
where that leaves no room up to the threshold, and down to two below it, the cheapest further counts that make
room are hidden too. So nobody knows that it is small, and if it is, which of two small numbers it is.

References
----------
Cell suppression by linear programming: Kelly, Golden, Assad, Cell suppression: disclosure protection for
sensitive tabular data, Networks 22 (1992).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

__all__ = ["Shown", "safe_counts", "show_counts"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_Parts = tuple[Ints, Floats, Ints, Ints]
"""Groups of hidden cells, what is in each at least, its smallest shown cell, and the rows that are known."""

_LEAST: Final = 1.0
"""A hidden cell is no zero, for those are shown: at least one child, or what is expected if that is less."""
_FEWER: Final = 2
"""How far under the threshold a small count may be, seen from outside: no less than two numbers fit."""
_TINY: Final = 1e-6
_TOTAL: Final = 3.0
"""A total is worth so many cells of its size."""
_PUBLISHED: Final = 1e6


@dataclass(frozen=True, eq=False)
class Shown:
    """What may be shown.

    Parameters
    ----------
    cells, totals
        Whether each cell and each total may be shown, bool [cell] and bool [total].
    """

    cells: Mask = field(repr=False)
    totals: Mask = field(repr=False)


def show_counts(
    cells: Floats,
    weights: csr_array,
    below: int,
    *,
    published: Sequence[int] = (),
    worth: Floats | None = None,
) -> Shown:
    """Return which cells and totals may be shown so that no count below the threshold can be found out.

    The public is taken to know every shown number exactly, every weight, and that a hidden cell is not zero.
    A hidden count passes when all that still allows it to reach the threshold, and to be less by two.

    Parameters
    ----------
    cells
        Children, at least 0, float64 [cell].
    weights
        What each cell adds to each total, at least 0 [total, cell].
    below
        Counts that round to less are hidden; zeros are shown.
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
    """
    counts, rows = np.asarray(cells, dtype=np.float64), weights.astype(np.float64)
    sums = np.asarray(rows @ counts)
    same = _numbered(rows)
    outside = np.isin(same, same[list(published)])
    price = np.maximum(sums, 1.0) * np.where(outside, _PUBLISHED, _TOTAL if worth is None else worth)
    guard = _Guard(
        counts, rows, sums, price, same, _numbered(csr_array(rows.T)), _only_cell(rows), outside, float(below)
    )
    small_cells, small_totals = _small(counts, below), _small(sums, below)
    shown = Shown(~small_cells, ~small_totals)
    guard.level(shown)
    for down in (False, True) if below > _FEWER else (False,):
        still_open = small_cells.copy(), small_totals & (guard.only < 0)
        for at in np.flatnonzero(small_cells).tolist():
            if still_open[0][at]:
                guard.make_room(shown, still_open, cell=at, down=down)
                still_open[0][at] = False
        for at in np.flatnonzero(still_open[1]).tolist():
            if still_open[1][at]:
                guard.make_room(shown, still_open, total=at, down=down)
                still_open[1][at] = False
    return shown


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


def _small(counts: Floats, below: int) -> Mask:
    whole = np.rint(counts)
    return np.asarray((whole > 0) & (whole < below))


def _numbered(matrix: csr_array) -> Ints:
    """Return for each row the first row that is the same."""
    matrix.sort_indices()
    first: dict[Hashable, int] = {}
    parts = (slice(low, high) for low, high in pairwise(matrix.indptr.tolist()))
    keys = ((matrix.indices[part].tobytes(), matrix.data[part].tobytes()) for part in parts)
    return np.array([first.setdefault(key, at) for at, key in enumerate(keys)], dtype=np.int64)


def _only_cell(weights: csr_array) -> Ints:
    """Return for each total the one cell that it consists of, or -1."""
    found = np.full(weights.shape[0], -1, dtype=np.int64)
    one = np.flatnonzero(np.diff(weights.indptr) == 1)
    found[one] = weights.indices[weights.indptr[one]]
    return found


@dataclass(frozen=True, eq=False)
class _Guard:
    """The counts, what hiding one costs, and what says the same as what."""

    cells: Floats
    weights: csr_array
    sums: Floats
    price: Floats
    same: Ints
    """First total of the same cells: they are shown together."""
    group: Ints
    """First cell that stands in the same totals."""
    only: Ints
    """The one cell of a total, with which it is shown, or -1."""
    elsewhere: Mask
    """Whether other files print a total as well."""
    enough: float

    def level(self, shown: Shown) -> None:
        """Show what says the same together."""
        for at in np.flatnonzero(~shown.totals).tolist():
            shown.totals[self.same == self.same[at]] = False
            if self.only[at] >= 0:
                shown.cells[self.only[at]] = False
        shown.totals[(self.only >= 0) & ~shown.cells[np.maximum(self.only, 0)]] = False

    def make_room(
        self, shown: Shown, still_open: tuple[Mask, Mask], *, cell: int = -1, total: int = -1, down: bool
    ) -> None:
        """Hide what keeps a hidden count from the threshold, or from two less, and strike off what has room.

        The programme lets shown counts differ from what they are, at a price; those that differ are hidden.
        """
        parts = hidden, least_in, spare, rows = self._parts(shown)
        own, moves = self.weights[:, hidden], self.weights[:, spare]
        if cell < 0 and not (own[[total], :].nnz or moves[[total], :].nnz):
            return  # of parts of children only, each of which counts as none
        if down and cell >= 0 and np.count_nonzero(self.group[~shown.cells] == self.group[cell]) > 1:
            return  # what it lacks may be in the other one
        none, slack = np.full(len(rows), np.inf), eye_array(len(rows), format="csr")
        matrix = hstack([own[rows, :], moves[rows, :], -moves[rows, :], slack, -slack], format="csr")
        value = self.cells[spare]
        low = np.concatenate([least_in, np.zeros(matrix.shape[1] - len(hidden))])
        high = np.concatenate(
            [np.full(len(hidden) + len(spare), np.inf), value - np.minimum(_LEAST, value), none, none]
        )
        price = np.concatenate([np.zeros(len(hidden)), value, value, self.price[rows], self.price[rows]])
        more, least = None, None
        if cell < 0:
            more, least = self._wanted_total(shown, parts, total, down=down)
        elif down:
            high[np.searchsorted(hidden, self.group[cell])] = self.enough - _FEWER
        else:
            at = np.searchsorted(hidden, self.group[cell])
            low[at] += self.enough - min(_LEAST, float(self.cells[cell]))
        rest = self.sums[rows] - self.weights[rows, :] @ (self.cells * shown.cells)
        bounds = np.column_stack([low, high])
        found = linprog(price, more, least, matrix, rest, bounds, method="highs")  # type: ignore[call-overload]  # takes sparse
        assert found.status == 0, found.message  # noqa: S101 - every row may give way
        self._take(found.x, shown, parts, still_open, down=down)

    def _wanted_total(
        self, shown: Shown, parts: _Parts, total: int, *, down: bool
    ) -> tuple[csr_array, list[float]]:
        """Return the row that a total shall keep: at least the threshold, or at most two less.

        Whoever knows how many hidden counts it consists of knows that it is no less than they are.
        """
        hidden, least_in, spare, rows = parts
        own, moves = self.weights[[total], :][:, hidden], self.weights[[total], :][:, spare]
        known = float((self.weights[[total], :] @ (self.cells * shown.cells))[0])
        row = hstack([own, moves, -moves, csr_array((1, 2 * len(rows)))], format="csr")
        if down:
            return row, [max(self.enough - _FEWER - known, float((own @ least_in)[0]))]
        return -row, [known - self.enough]

    def _parts(self, shown: Shown) -> _Parts:
        """Return groups of hidden cells, what is in each at least, its smallest shown cell, and the rows."""
        hidden, of_group = np.unique(self.group[~shown.cells], return_inverse=True)
        least = np.minimum(_LEAST, self.cells[~shown.cells])
        by_value = np.argsort(self.cells, kind="stable")
        by_value = by_value[(shown.cells & (np.rint(self.cells) > 0))[by_value]]
        spare = by_value[np.unique(self.group[by_value], return_index=True)[1]]
        known = shown.totals & (self.only < 0) & (self.same == np.arange(len(self.sums)))
        least_in = np.bincount(of_group, least, len(hidden)).astype(np.float64)
        return hidden.astype(np.int64), least_in, spare, np.flatnonzero(known)

    def _take(
        self,
        found: Floats,
        shown: Shown,
        parts: _Parts,
        still_open: tuple[Mask, Mask],
        *,
        down: bool,
    ) -> None:
        """Hide what differs in a solution, and strike off the counts that have room in it."""
        hidden, least_in, spare, rows = parts
        sums, more, less, over, under = np.split(
            found, np.cumsum([len(hidden), *[len(spare)] * 2, len(rows)])
        )
        differs = rows[np.abs(over - under) > _TINY]
        if not self.elsewhere[differs].any():
            cells = np.flatnonzero(~shown.cells)
            at = np.searchsorted(hidden, self.group[cells])
            most = (sums - least_in)[at] + np.minimum(_LEAST, self.cells[cells])
            reached = self.weights @ (self.cells * shown.cells) + self.weights[:, hidden] @ sums
            reached += self.weights[:, spare] @ (more - less)
            still_open[0][cells[self._has_room(most, down=down)]] = False
            still_open[1][self._has_room(reached, down=down)] = False
        # What other files print stays known, whatever is hidden here.
        shown.cells[spare[np.abs(more - less) > _TINY]] = False
        shown.totals[differs[~self.elsewhere[differs]]] = False
        self.level(shown)

    def _has_room(self, reached: Floats, *, down: bool) -> Mask:
        if down:
            return np.asarray(reached <= self.enough - _FEWER + _TINY)
        return np.asarray(reached >= self.enough - _TINY)
