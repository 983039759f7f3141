"""Room for hidden counts: the linear programme that decides what else has to be hidden beside them."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

__all__ = ["LEAST", "Guard", "Shown"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

LEAST: Final = 1.0
"""A hidden count is no zero, for those are shown: at least one child, or what is expected if that is less."""
FEWER: Final = 2
"""How far under the threshold a small count may be, seen from outside: no less than two numbers fit."""
_TINY: Final = 1e-6
_INFEASIBLE: Final = 2


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


@dataclass(frozen=True, eq=False)
class _Parts:
    """What a programme is about."""

    hidden: Ints
    """Groups of hidden cells."""
    least: Floats
    """What is in each of them at least."""
    spare: Ints
    """The smallest shown cell of each group."""
    rows: Ints
    """The totals that are known."""


@dataclass(frozen=True, eq=False)
class Guard:
    """The counts, what hiding one costs, and what says the same as what."""

    cells: Floats
    weights: csr_array
    sums: Floats
    price: Floats
    same: Ints
    """First total of the same cells in the same proportions: they are shown together."""
    group: Ints
    """First cell that stands in the same totals."""
    only: Ints
    """The one cell of a total, if it is a count itself, with which it is shown, or -1."""
    elsewhere: Mask
    """Whether other files print a total as well."""
    least: Floats
    """What is in a cell at least when it is hidden; nothing in one that is no count itself."""
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
        parts = self._parts(shown)
        wanted = self._wanted(shown, parts, cell, total, down=down)
        if wanted is None:
            return
        row, bound = wanted
        slack = eye_array(len(parts.rows), format="csr")
        matrix = hstack([self._over(parts, parts.rows), slack, -slack], format="csr")
        value, none = self.cells[parts.spare], np.full(len(parts.rows), np.inf)
        low = np.concatenate([parts.least, np.zeros(matrix.shape[1] - len(parts.hidden))])
        free = np.full(len(parts.hidden) + len(value), np.inf)
        # What comes to be hidden is known to be no zero from then on.
        high = np.concatenate([free, value - self.least[parts.spare], self._fall(parts), none])
        price = np.concatenate(
            [np.zeros(len(parts.hidden)), value, value, self.price[parts.rows], self.price[parts.rows]]
        )
        rest = (self.sums - self.weights @ (self.cells * shown.cells))[parts.rows]
        limits = np.column_stack([low, high])
        more, least = self._no_zeros(shown, parts)

        def solved(aim: Floats, upper: csr_array, most: Floats) -> OptimizeResult:
            return linprog(aim, upper, most, matrix, rest, limits, method="highs")  # type: ignore[call-overload,no-any-return]  # takes sparse

        sign = 1.0 if down else -1.0
        upper = vstack([sign * row, -more], format="csr")
        found = solved(price, upper, np.array([sign * bound, *-least]))
        if down and found.status == _INFEASIBLE:
            # Known to be more, from what is no zero: then it shall not be seen to be more than that.
            floor = float(solved(row.toarray()[0], -more, -least).fun)
            found = solved(price, upper, np.array([floor + _TINY, *-least]))
        assert found.status == 0, found.message  # noqa: S101 - every row may give way
        self._take(found.x, shown, parts, still_open, down=down)

    def _wanted(
        self, shown: Shown, parts: _Parts, cell: int, total: int, *, down: bool
    ) -> tuple[csr_array, float] | None:
        """Return the row that a count is, and the threshold for it, or two less; None where that is so."""
        width = len(parts.hidden) + 2 * (len(parts.spare) + len(parts.rows))
        if cell >= 0:
            at = int(np.searchsorted(parts.hidden, self.group[cell]))
            if down and np.count_nonzero(self.group[~shown.cells] == self.group[cell]) > 1:
                return None  # what it lacks may be in the other one
            others = float(parts.least[at] - self.least[cell])
            row = csr_array(([1.0], ([0], [at])), shape=(1, width))
            return row, self.enough - FEWER if down else others + self.enough
        over = self._over(parts, np.array([total]))
        if not over.nnz:
            return None  # of parts of children only, each of which counts as none
        known = float((self.weights[[total], :] @ (self.cells * shown.cells))[0])
        return hstack([over, csr_array((1, width - over.shape[1]))], format="csr"), (
            self.enough - (FEWER if down else 0) - known
        )

    def _over(self, parts: _Parts, totals: Ints) -> csr_array:
        """Return what hidden cells and changes of shown ones add to totals."""
        of = self.weights[totals, :]
        return csr_array(hstack([of[:, parts.hidden], of[:, parts.spare], -of[:, parts.spare]]))

    def _no_zeros(self, shown: Shown, parts: _Parts) -> tuple[csr_array, Floats]:
        """Return the hidden totals over cells that are no counts, and how much they are at least."""
        bare = self.weights @ (self.least == 0).astype(np.float64) > 0
        totals = np.flatnonzero(~shown.totals & bare & (np.rint(self.sums) > 0))
        known = self.weights[totals, :] @ (self.cells * shown.cells)
        over = self._over(parts, totals)
        rows = hstack([over, csr_array((len(totals), 2 * len(parts.rows)))], format="csr")
        return rows, np.minimum(LEAST, self.sums[totals]) - known

    def _fall(self, parts: _Parts) -> Floats:
        """Return how much less a shown total can be, with all that are hidden with it."""
        share = np.where(np.rint(self.sums) > 0, np.minimum(LEAST / np.maximum(self.sums, LEAST), 1.0), 0.0)
        most = np.zeros(len(self.sums))
        np.maximum.at(most, self.same, share)
        return np.asarray((self.sums * (1.0 - most))[parts.rows])

    def _parts(self, shown: Shown) -> _Parts:
        hidden, of_group = np.unique(self.group[~shown.cells], return_inverse=True)
        by_value = np.argsort(self.cells, kind="stable")
        by_value = by_value[(shown.cells & (np.rint(self.cells) > 0))[by_value]]
        spare = by_value[np.unique(self.group[by_value], return_index=True)[1]]
        known = (shown.totals | self.elsewhere) & (self.only < 0) & (self.same == np.arange(len(self.sums)))
        least_in = np.bincount(of_group, self.least[~shown.cells], len(hidden)).astype(np.float64)
        return _Parts(hidden.astype(np.int64), least_in, spare, np.flatnonzero(known))

    def _take(
        self, found: Floats, shown: Shown, parts: _Parts, still_open: tuple[Mask, Mask], *, down: bool
    ) -> None:
        """Hide what differs in a solution, and strike off the counts that have room in it."""
        hidden, spare, rows = parts.hidden, parts.spare, parts.rows
        sums, more, less, over, under = np.split(
            found, np.cumsum([len(hidden), *[len(spare)] * 2, len(rows)])
        )
        differs = rows[np.abs(over - under) > _TINY]
        if not self.elsewhere[differs].any():
            cells = np.flatnonzero(~shown.cells)
            at = np.searchsorted(hidden, self.group[cells])
            most = (sums - parts.least)[at] + self.least[cells]
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
            return np.asarray(reached <= self.enough - FEWER + _TINY)
        return np.asarray(reached >= self.enough - _TINY)
