"""Auditing a class split: what happens in many draws of it, and how the one that counted looks among them."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.draw import Committed
from zoning.lottery.findings import Chance, Freedom, Share
from zoning.lottery.split import split_classes
from zoning.lottery.strata import ROOT
from zoning.lottery.tickets import Tickets

__all__ = ["Chance", "Freedom", "Share", "Simulation", "simulate"]

_LABEL: Final = b"lot/audit/1"
_ROUNDING: Final = 1e-12
"""Below this a standard error is nothing but rounding: every draw gives the same share."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Many draws of one commitment, each with a public seed of its own.

    Parameters
    ----------
    committed
        The public files.
    placed
        Class of every child in every draw, from 1, int16 [draw, child]; children sorted by number.
    attempts
        Attempts that each draw needed, int64 [draw].
    """

    committed: Committed
    placed: npt.NDArray[np.int16] = field(repr=False)
    attempts: npt.NDArray[np.int64] = field(repr=False)

    @property
    def fair(self) -> npt.NDArray[np.float64]:
        """Share of all children that each class takes, float64 [class]."""
        manifest = self.committed.manifest
        sizes = np.asarray(manifest.capacities or [1] * manifest.classes, dtype=np.float64)
        return np.asarray(sizes / sizes.sum(), dtype=np.float64)

    @property
    def size_gap(self) -> int:
        """Largest difference between two class sizes of one draw, children; 0 when sizes are given."""
        if self.committed.manifest.capacities:
            return 0
        sizes = self._counts(self.placed, np.ones((1, self.placed.shape[1]), dtype=np.int64))
        return int((sizes.max(axis=2) - sizes.min(axis=2)).max())

    @property
    def uneven(self) -> int:
        """How many strata of classes, over all draws, miss their even share by one child or more."""
        _, members = self._strata()
        least, most = self._bounds(members)
        counts = self._counts(self.placed, members)
        return int(((counts < least) | (counts > most)).sum())

    def _strata(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """Return the labels of the strata and who is in each, int64 [stratum, child]."""
        labels = [s.label for s in self.committed.manifest.strata]
        records = self.committed.roster.records
        chains = [{ROOT, *record.path} for record in records]
        return labels, np.array([[label in chain for chain in chains] for label in labels], dtype=np.int64)

    def _bounds(self, members: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return even shares rounded down and up, int64 [stratum, class]."""
        manifest = self.committed.manifest
        sizes = np.array(manifest.capacities or [1] * manifest.classes, dtype=np.int64)
        whole = members.sum(axis=1)[:, None] * sizes[None, :]
        return whole // sizes.sum(), -(-whole // sizes.sum())

    def _counts(self, placed: npt.NDArray[np.int16], members: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return children by draw, group and class, int64 [draw, group, class]."""
        classes = range(1, self.committed.manifest.classes + 1)
        columns = members.T.astype(np.float64)  # whole numbers below 2**53 stay exact, and products are fast
        counts = np.stack([(placed == c).astype(np.float64) @ columns for c in classes], axis=2)
        return counts.astype(np.int64)

    def _visits(self) -> npt.NDArray[np.int64]:
        """Return how many draws brought each child to each class, int64 [child, class]."""
        classes = range(1, self.committed.manifest.classes + 1)
        return np.stack([(self.placed == c).sum(axis=0) for c in classes], axis=1)

    def pupil_p(self) -> float:
        """Return how likely the child furthest from equal chances is by chance alone.

        References
        ----------
        Pearson's chi-square of the classes of each child over independent draws; Bonferroni's correction.
        """
        from scipy.stats import chi2  # noqa: PLC0415 - waits until an audit asks for it

        draws, children = self.placed.shape
        counts = self._visits()
        kept = self.fair > 0
        expected = draws * self.fair[kept]
        statistic = ((counts[:, kept] - expected) ** 2 / expected).sum(axis=1).max()
        alone = float(chi2.sf(statistic, kept.sum() - 1))
        return alone * children if alone * children < 1 else 1.0

    def pupil_gap(self) -> float:
        """Return the largest difference between a child's share of a class and the class's share of all."""
        return float(np.abs(self._visits() / len(self.placed) - self.fair).max())

    def _groups(self, values: Mapping[str, str]) -> npt.NDArray[np.int64]:
        given = [values[sid] for sid in self.committed.roster.sids]
        return np.array([[one == value for one in given] for value in sorted(set(given))], dtype=np.int64)

    def chance(self, values: Mapping[str, str]) -> Chance:
        """Return how equal the chances of an attribute's subgroups are.

        Parameters
        ----------
        values
            The attribute by registration number.
        """
        members = self._groups(values)
        shares = self._counts(self.placed, members) / members.sum(axis=1)[None, :, None]
        gaps = np.abs(shares.mean(axis=0) - self.fair)
        errors = shares.std(axis=0) / np.sqrt(len(self.placed))
        scores = np.divide(gaps, errors, out=np.zeros_like(gaps), where=errors > _ROUNDING)
        return Chance(len(members), float(gaps.max()), float(scores.max()))

    def shares(self, result: Mapping[str, int]) -> tuple[Share, ...]:
        """Return the table of strata and classes of one draw with the bounds of each cell.

        Parameters
        ----------
        result
            Class by registration number.
        """
        labels, members = self._strata()
        least, most = self._bounds(members)
        counts = self._counts(self._row(result), members)[0]
        classes = range(self.committed.manifest.classes)
        return tuple(
            Share(label, c + 1, int(counts[s, c]), int(least[s, c]), int(most[s, c]))
            for s, label in enumerate(labels)
            for c in classes
        )

    def _row(self, result: Mapping[str, int]) -> npt.NDArray[np.int16]:
        return np.array([[result[sid] for sid in self.committed.roster.sids]], dtype=np.int16)

    def _p(
        self, result: Mapping[str, int], statistic: Callable[[npt.NDArray[np.int16]], npt.NDArray[np.float64]]
    ) -> float:
        ours = statistic(self._row(result))[0]
        return float((1 + (statistic(self.placed) >= ours - 1e-9).sum()) / (1 + len(self.placed)))

    def balance_p(self, result: Mapping[str, int], values: Mapping[str, str]) -> float:
        """Return the share of draws that spread an attribute at least as unevenly as the one that counted.

        Parameters
        ----------
        result
            Class by registration number.
        values
            An attribute, best one that is no stratum, by registration number.

        References
        ----------
        Permutation test against re-keyed draws, (1 + more extreme) / (1 + draws), of the sum over values and
        classes of squared differences from the even share.
        """
        members = self._groups(values)
        even = members.sum(axis=1)[:, None] * self.fair[None, :]
        return self._p(
            result,
            lambda placed: np.asarray(((self._counts(placed, members) - even) ** 2).sum(axis=(1, 2))),
        )

    def connected(self, result: Mapping[str, int], named: Collection[str]) -> tuple[int, float]:
        """Return how many of a named list share a class, and the share of draws with as many or more.

        Parameters
        ----------
        result
            Class by registration number.
        named
            Registration numbers of the list, such as children of officials.

        Raises
        ------
        DrawError
            When one of them is not on the roster, or there are none.
        """
        sids = self.committed.roster.sids
        for sid in sorted(set(named) - set(sids)) or ([] if named else [""]):
            raise DrawError(messages.text("draw.stranger", sid=sid))
        members = np.array([[sid in set(named) for sid in sids]], dtype=np.int64)

        def most(placed: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
            counts: npt.NDArray[np.int64] = self._counts(placed, members)
            return np.asarray(counts.max(axis=(1, 2)), dtype=np.float64)

        return int(most(self._row(result))[0]), self._p(result, most)

    def freedom(self) -> tuple[Freedom, ...]:
        """Return what chance is left to every group and every pair."""
        asked, sids = self.committed.constraints, self.committed.roster.sids
        column = {sid: at for at, sid in enumerate(sids)}
        wishes: Sequence[tuple[str, tuple[str, ...]]] = [
            *(("together", tuple(group)) for group in asked.together),
            *(("separate", tuple(pair)) for pair in asked.separate),
        ]
        found = []
        for kind, children in wishes:
            counts = np.bincount(self.placed[:, column[children[0]]])[1:]
            found.append(Freedom(kind, children, int((counts > 0).sum()), float(counts.max() / counts.sum())))
        return tuple(found)


def simulate(committed: Committed, *, draws: int = 1000, seed: int = 1) -> Simulation:
    """Return many draws of a class split, each with a public dummy seed.

    Parameters
    ----------
    committed
        The public files.
    draws
        How many.
    seed
        Number of the series; the same one gives the same draws everywhere.

    Raises
    ------
    DrawError
        When it is no class split, no draws are asked for, or no attempt of a draw keeps every promise.
    """
    if committed.manifest.kind != "split" or draws < 1:
        raise DrawError(messages.text("draw.no_audit"))
    committed.check()
    placed = np.empty((draws, len(committed.roster)), dtype=np.int16)
    attempts = np.empty(draws, dtype=np.int64)
    for number in range(draws):
        tickets = Tickets(hashlib.sha256(b"%b/%d/%d" % (_LABEL, seed, number)).digest())
        split = split_classes(committed.roster, committed.manifest, committed.constraints, tickets)
        placed[number] = [home for _, home in split.placed]
        attempts[number] = split.attempt
    return Simulation(committed, placed, attempts)
