"""Many seat draws as arrays: who is whose peer, who was admitted, who asks where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zoning.lottery.draw import Committed

__all__ = ["SeatDraws", "Yes"]

Counts = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SeatDraws:
    """Many draws of one commitment.

    *Peers* are the children with the same choices in the same tiers. Among single peers an honest draw knows
    no difference, so that given how many of them a draw admits, each of them is as likely as the other.

    Parameters
    ----------
    committed
        The public files.
    refused
        Choices that each child lost in each draw, int16 [draw, child]: 0 when admitted to the first, all of
        them without a seat; children sorted by number.
    """

    committed: Committed
    refused: npt.NDArray[np.int16] = field(repr=False)

    @cached_property
    def wishes(self) -> Counts:
        """Choices of each child, int64 [child]."""
        return np.array([len(r.choices) for r in self.committed.roster.records], dtype=np.int64)

    @cached_property
    def peer(self) -> Counts:
        """Number of the group of peers of each child, int64 [child]."""
        numbers: dict[object, int] = {}
        records = self.committed.roster.records
        return np.array([numbers.setdefault(r.choices, len(numbers)) for r in records], dtype=np.int64)

    @cached_property
    def size(self) -> Counts:
        """Children of the family of each child, int64 [child]."""
        families = [r.family for r in self.committed.roster.records]
        _, at, sizes = np.unique(families, return_inverse=True, return_counts=True)
        return np.asarray(sizes[at], dtype=np.int64)

    @cached_property
    def admitted(self) -> tuple[Yes, Yes]:
        """Whether each child is admitted to its first choice, and to any, bool [draw, child]."""
        return self.first(self.refused), self.refused < self.wishes

    def first(self, refused: npt.NDArray[np.int16]) -> Yes:
        """Return whether each child is admitted to its first choice, bool of the shape given."""
        return np.asarray((refused == 0) & (self.wishes > 0))

    @cached_property
    def alone(self) -> tuple[Counts, Counts]:
        """Positions of the single children, and how many of them each group of peers has."""
        alone = np.flatnonzero(self.size == 1)
        return alone, np.bincount(self.peer[alone], minlength=int(self.peer.max()) + 1)

    def shares(self, admitted: Yes) -> npt.NDArray[np.float64]:
        """Return the share of single peers admitted, float64 [draw, group of peers]."""
        alone, sizes = self.alone
        peers = self.peer[alone]
        counts = np.stack([np.bincount(peers, weights=row[alone], minlength=len(sizes)) for row in admitted])
        return np.asarray(counts / np.maximum(1, sizes))

    def moments(self, admitted: Yes) -> npt.NDArray[np.float64]:
        """Return mean, variance and third moment of how often one single child of each group is admitted.

        Given how many of n peers each draw admits, one of them is admitted by a lot with that share as its
        chance, and draws are independent: float64 [moment, group of peers].
        """
        share = self.shares(admitted)
        spread = share * (1 - share)
        return np.stack([share.sum(axis=0), spread.sum(axis=0), (spread * (1 - 2 * share)).sum(axis=0)])

    @cached_property
    def keys(self) -> list[tuple[str, int]]:
        """School and tier of first choices, sorted."""
        records = self.committed.roster.records
        return sorted({(r.choices[0].school, r.choices[0].tier) for r in records if r.choices})

    @cached_property
    def cell(self) -> Counts:
        """Position in the sorted first choices of each child, int64 [child]; one more for none."""
        at = {key: i for i, key in enumerate(self.keys)}
        firsts = [r.choices[0] if r.choices else None for r in self.committed.roster.records]
        return np.array([at[c.school, c.tier] if c else len(at) for c in firsts], dtype=np.int64)

    def by_cell(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the sum of a figure of each child by first choice and tier, float64 [cell]."""
        sums = np.bincount(self.cell, weights=rows, minlength=len(self.keys) + 1)[:-1]
        return np.asarray(sums, dtype=np.float64)

    def row(self, result: Mapping[str, str]) -> npt.NDArray[np.int16]:
        """Return how many choices each child lost in a draw, int16 [child].

        Parameters
        ----------
        result
            School by registration number, of the draw that counted.
        """
        schools = [[choice.school for choice in r.choices] for r in self.committed.roster.records]
        got = [result[sid] for sid in self.committed.roster.sids]
        lost = [one.index(goal) if goal else len(one) for one, goal in zip(schools, got, strict=True)]
        return np.array(lost, dtype=np.int16)
