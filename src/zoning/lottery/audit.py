"""Auditing a class split: what happens in many draws of it, and how the one that counted looks among them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.draw import Committed
from zoning.lottery.findings import Chance, Freedom, Named, Pupils, Share, Spread, StratumBefore
from zoning.lottery.seed import BALLS, Revealed, draw_key, stage_key
from zoning.lottery.significance import adjusted, multinomial_ps, permutation_p, spread_of, subgroup_ps
from zoning.lottery.split import split_classes
from zoning.lottery.strata import ROOT
from zoning.lottery.tickets import Tickets

__all__ = ["Simulation", "dummy_tickets", "simulate"]

_LABEL: Final = b"lot/audit/1"


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

    @cached_property
    def strata(self) -> tuple[StratumBefore, ...]:
        """Every stratum with its even share, and how many classes miss it over all draws."""
        labels, members = self._strata()
        least, most = self._bounds(members)
        counts = self._counts(self.placed, members)
        missed = ((counts < least) | (counts > most)).sum(axis=(0, 2))
        return tuple(
            StratumBefore(
                label,
                int(members[s].sum()),
                int(least[s].min()),
                int(most[s].max()),
                int(missed[s]),
            )
            for s, label in enumerate(labels)
        )

    @property
    def uneven(self) -> int:
        """How many strata of classes, over all draws, miss their even share by one child or more."""
        return sum(stratum.missed for stratum in self.strata)

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

    @cached_property
    def _visits(self) -> npt.NDArray[np.int64]:
        """Return how many draws brought each child to each class, int64 [child, class]."""
        classes = range(1, self.committed.manifest.classes + 1)
        return np.stack([(self.placed == c).sum(axis=0) for c in classes], axis=1)

    def pupils(self) -> Pupils:
        """Return how equal the chances of single children are.

        References
        ----------
        Chi-square of the classes of each child over independent draws; Bonferroni's correction.
        """
        counts = self._visits
        gap = float(np.abs(counts / len(self.placed) - self.fair).max())
        return Pupils(len(counts), gap, adjusted(float(multinomial_ps(counts, self.fair).min()), len(counts)))

    def spread(self) -> Spread:
        """Return how often each child came to each class, beside what equal chances give."""
        fair = np.tile(self.fair, len(self._visits))
        return spread_of(self._visits.reshape(-1), len(self.placed), fair)

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
        counts, sizes = self._counts(self.placed, members), members.sum(axis=1)
        gap = float(np.abs(counts.mean(axis=0) / sizes[:, None] - self.fair).max())
        scores, ps = subgroup_ps(counts, sizes, self.fair)
        return Chance(len(members), gap, float(scores.max()), adjusted(float(ps.min()), ps.size))

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

        def spread(placed: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
            return np.asarray(((self._counts(placed, members) - even) ** 2).sum(axis=(1, 2)))

        return permutation_p(spread(self._row(result))[0], spread(self.placed))

    def named(self, result: Mapping[str, int], listed: Collection[str]) -> Named:
        """Return how many of a named list share a class, and the share of draws with as many or more.

        Parameters
        ----------
        result
            Class by registration number.
        listed
            Registration numbers of the list, such as children of officials; all on the roster.
        """
        chosen = set(listed)
        members = np.array([[sid in chosen for sid in self.committed.roster.sids]], dtype=np.int64)
        ours, others = (
            self._counts(one, members).max(axis=(1, 2)) for one in (self._row(result), self.placed)
        )
        p = permutation_p(float(ours[0]), others.astype(np.float64))
        return Named(len(chosen), int(ours[0]), float(others.mean()), p)

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
            counts = self._visits[column[children[0]]]
            found.append(Freedom(kind, children, int((counts > 0).sum()), float(counts.max() / counts.sum())))
        return tuple(found)


def dummy_tickets(series: int, number: int) -> Tickets:
    """Return the chance of one simulated draw: public, and good for nothing else.

    Parameters
    ----------
    series
        Number of the series.
    number
        The draw of it, from 0.
    """
    return Tickets(hashlib.sha256(b"%b/%d/%d" % (_LABEL, series, number)).digest())


def _tickets(committed: Committed, series: int, number: int) -> Tickets:
    """Return the chance of one draw: a dummy's, or in the low-tech mode that of a published split."""
    manifest = committed.manifest
    if manifest.mode != "lowtech":
        return dummy_tickets(series, number)
    key = draw_key(manifest.commitment, manifest.sources, [Revealed(f"{number:0{BALLS}d}")])
    return Tickets(stage_key(key, manifest.stage))


def simulate(committed: Committed, *, draws: int = 1000, seed: int = 1) -> Simulation:
    """Return many draws of a class split, each with a public dummy seed.

    Of the low-tech mode these are the published splits themselves, from number 000.

    Parameters
    ----------
    committed
        The public files.
    draws
        How many; of the low-tech mode 1,000 at most.
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
    if committed.manifest.mode == "lowtech":
        draws = min(draws, 10**BALLS)
    placed = np.empty((draws, len(committed.roster)), dtype=np.int16)
    attempts = np.empty(draws, dtype=np.int64)
    for number in range(draws):
        tickets = _tickets(committed, seed, number)
        split = split_classes(committed.roster, committed.manifest, committed.constraints, tickets)
        placed[number] = [home for _, home in split.placed]
        attempts[number] = split.attempt
    return Simulation(committed, placed, attempts)
