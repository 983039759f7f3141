"""Auditing a seat draw: who is admitted in many draws, and how the one that counted looks among them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.audit import dummy_tickets
from zoning.lottery.draw import Committed
from zoning.lottery.findings import Cell, CellAfter, Chance, Named, Overflow, Pupils, Spread, Twins
from zoning.lottery.seat_draws import SeatDraws, Yes
from zoning.lottery.seats import Applicants
from zoning.lottery.significance import adjusted, permutation_p, skewed_ps, spread_around

__all__ = ["SeatSimulation", "simulate_seats"]

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class SeatSimulation(SeatDraws):
    """Many draws of one commitment, each with a public seed of its own.

    Parameters
    ----------
    committed, refused
        As in :class:`~zoning.lottery.seat_draws.SeatDraws`.
    """

    def _single(self, admitted: Yes) -> tuple[npt.NDArray[np.float64], ...]:
        """Return difference from the mean in draws, deviation and skewness of single children with peers."""
        alone, sizes = self.alone
        compared = alone[sizes[self.peer[alone]] > 1]
        mean, variance, third = self.moments(admitted)[:, self.peer[compared]]
        errors = np.sqrt(variance)
        skews = np.divide(third, errors**3, out=np.zeros_like(third), where=errors > _ROUNDING)
        return admitted.sum(axis=0)[compared] - mean, errors, skews

    def pupils(self) -> Pupils:
        """Return how equal the chances of single children with the same choices and tiers are.

        References
        ----------
        Each child beside its peers, as :meth:`chance` compares a subgroup with them, with half a draw of
        continuity correction; Bonferroni's correction over all children, for the first choice and for any.
        """
        children, gap, p = 0, 0.0, 1.0
        for admitted in self.admitted:
            off, errors, skews = self._single(admitted)
            children = len(off)
            if children:
                excess = np.sign(off) * np.maximum(0, np.abs(off) - 0.5)
                scores = excess / np.maximum(errors, _ROUNDING)  # without chance any difference is impossible
                gap = max(gap, float(np.abs(off).max()) / len(self.refused))
                p = min(p, float(skewed_ps(scores, skews).min()))
        return Pupils(children, gap, adjusted(p, 2 * children))

    def spread(self) -> Spread | None:
        """Return by how many draws each child got its first choice more or less often than its peers.

        Children without peers, and those whom every draw admits or none, are left out; None without any.
        """
        off, errors, skews = self._single(self.admitted[0])
        kept = errors > _ROUNDING
        return spread_around(off[kept], errors[kept], skews[kept]) if kept.any() else None

    def chance(self, values: Mapping[str, str]) -> Chance:
        """Return how equal the chances of an attribute's subgroups are, each compared with its own peers.

        Parameters
        ----------
        values
            The attribute by registration number; single children count.

        References
        ----------
        Mantel and Haenszel (1959), with every draw and group of peers as a stratum: given how many of n peers
        a draw admits, those of a subgroup among them are hypergeometric. The sum has its exact mean, variance
        and skewness; Bonferroni's correction over the subgroups, for the first choice and for any.
        """
        alone, sizes = self.alone
        if not len(alone):
            return Chance(0, 0.0, 0.0, 1.0)
        given = [values[self.committed.roster.sids[at]] for at in alone]
        kinds, kind = np.unique(given, return_inverse=True)
        members = np.zeros((len(kinds), len(sizes)))
        np.add.at(members, (kind, self.peer[alone]), 1)
        rest = members * (sizes - members)
        pairs = np.divide(rest, sizes - 1, out=np.zeros_like(rest), where=sizes > 1)
        triples = np.divide(
            rest * (sizes - 2 * members), (sizes - 1) * (sizes - 2), out=np.zeros_like(rest), where=sizes > 2
        )
        gaps, scores, ps = [], [], []
        for admitted in self.admitted:
            mean, variance, lean = self.moments(admitted)
            off = admitted.sum(axis=0)[alone] - mean[self.peer[alone]]
            moved = np.bincount(kind, weights=off, minlength=len(kinds))
            errors, third = np.sqrt(pairs @ variance), triples @ lean
            is_free = errors > _ROUNDING
            score = np.divide(moved, errors, out=np.zeros_like(moved), where=is_free)
            skew = np.divide(third, errors**3, out=np.zeros_like(moved), where=is_free)
            gaps.append(np.abs(moved) / members.sum(axis=1) / len(admitted))
            scores.append(np.abs(score))
            ps.append(skewed_ps(score, skew))
        p = adjusted(float(np.min(ps)), 2 * len(kinds))
        return Chance(len(kinds), float(np.max(gaps)), float(np.max(scores)), p)

    def twins(self) -> Twins | None:
        """Return the chances of children who share a ticket beside single peers; None without such."""
        _, sizes = self.alone
        found = np.flatnonzero((self.size > 1) & (sizes[self.peer] > 0) & (self.wishes > 0))
        if not len(found):
            return None
        first = self.admitted[0]
        off = first[:, found].mean(axis=1)
        fair = self.shares(first)[:, self.peer[found]].mean(axis=1)
        error = float((off - fair).std() / np.sqrt(len(first)))
        rivals = np.bincount(self.cell, minlength=int(self.cell.max()) + 1)[self.cell[found]]
        ahead = (self.size[found] - 1) / np.maximum(1, rivals - self.size[found])
        allowance = float((first[:, found].mean(axis=0) * ahead).mean())
        return Twins(len(found), float(off.mean()), float(fair.mean()), error, allowance)

    def cells(self) -> tuple[Cell, ...]:
        """Return the chances by first choice and tier."""
        count = self.by_cell(np.ones(len(self.cell)))
        first, anywhere = (self.by_cell(one.mean(axis=0)) / count for one in self.admitted)
        seats = dict(self.committed.manifest.seats)
        return tuple(
            Cell(school, tier, seats[school], int(count[i]), float(first[i]), float(anywhere[i]))
            for i, (school, tier) in enumerate(self.keys)
        )

    def overflow(self, result: Mapping[str, str] | None = None) -> Overflow:
        """Return the seats taken beyond a school's own.

        Parameters
        ----------
        result
            School by registration number, of the draw that counted; without it, of the simulated draws.
        """
        names = [school for school, _ in self.committed.manifest.seats]
        seats = np.array([n for _, n in self.committed.manifest.seats], dtype=np.int64)
        at = {school: i for i, school in enumerate(names)}
        goals = np.full((len(self.wishes), int(self.wishes.max(initial=0)) + 1), len(names), dtype=np.int64)
        for row, record in enumerate(self.committed.roster.records):
            goals[row, : len(record.choices)] = [at[choice.school] for choice in record.choices]
        rows = self.refused if result is None else self.row(result)[None, :]
        own = np.arange(len(goals))
        taken = np.stack([np.bincount(goals[own, row], minlength=len(names) + 1)[:-1] for row in rows])
        over = np.maximum(0, taken - seats)
        return Overflow(int(over.max()), int(self.size.max()) - 1, float(over.sum(axis=1).mean()))

    def cells_after(self, result: Mapping[str, str]) -> tuple[CellAfter, ...]:
        """Return how many of each first choice and tier the draw admitted there, and how many are usual."""
        every = np.stack([self.by_cell(row) for row in self.admitted[0].astype(np.float64)])
        ours = self.by_cell(self.first(self.row(result)).astype(np.float64))
        low = np.quantile(every, 0.005, axis=0, method="inverted_cdf")
        high = np.quantile(every, 0.995, axis=0, method="inverted_cdf")
        count = self.by_cell(np.ones(len(self.cell)))
        return tuple(
            CellAfter(school, tier, int(count[i]), int(ours[i]), int(low[i]), int(high[i]))
            for i, (school, tier) in enumerate(self.keys)
        )

    def balance_p(self, result: Mapping[str, str], values: Mapping[str, str]) -> float:
        """Return the share of draws that admit subgroups at least as unevenly to their first choices.

        Parameters
        ----------
        result
            School by registration number.
        values
            The attribute by registration number.

        References
        ----------
        Permutation test against re-keyed draws of the sum over subgroups of squared differences between
        admissions and those of all peers, each divided by its variance over all these draws.
        """
        kinds, kind = np.unique([values[sid] for sid in self.committed.roster.sids], return_inverse=True)
        sizes = np.bincount(self.peer)
        rows = [*self.admitted[0], self.first(self.row(result))]
        off = np.empty((len(rows), len(kinds)))
        for at, row in enumerate(rows):
            fair = np.bincount(self.peer, weights=row, minlength=len(sizes)) / sizes
            off[at] = np.bincount(kind, weights=row - fair[self.peer], minlength=len(kinds))
        off -= off.mean(axis=0)
        scale = (off**2).mean(axis=0)
        uneven = np.divide(off**2, scale, out=np.zeros_like(off), where=scale > _ROUNDING).sum(axis=1)
        return permutation_p(float(uneven[-1]), uneven[:-1])

    def named(self, result: Mapping[str, str], listed: Collection[str]) -> Named:
        """Return how many of a named list got their first choice, and in what share of draws so many do.

        Parameters
        ----------
        result
            School by registration number.
        listed
            Registration numbers of the list; all on the roster.
        """
        chosen = set(listed)
        at = np.flatnonzero([sid in chosen for sid in self.committed.roster.sids])
        ours = int(self.first(self.row(result))[at].sum())
        others = self.admitted[0][:, at].sum(axis=1).astype(np.float64)
        return Named(len(chosen), ours, float(others.mean()), permutation_p(float(ours), others))


def simulate_seats(committed: Committed, *, draws: int = 1000, seed: int = 1) -> SeatSimulation:
    """Return many draws of a seat draw, each with a public dummy seed.

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
        When it is no seat draw, no draws are asked for, nobody applies, or choices are not as committed.
    """
    if committed.manifest.kind != "seat" or draws < 1 or not len(committed.roster):
        raise DrawError(messages.text("draw.no_audit"))
    committed.check()
    asking = Applicants.of(committed.roster, committed.manifest.seats)
    unit_of = {sid: unit for unit, members in enumerate(asking.members) for sid in members}
    units = np.array([unit_of[sid] for sid in committed.roster.sids], dtype=np.int64)
    refused = np.empty((draws, len(units)), dtype=np.int16)
    for number in range(draws):
        order, lost = asking.draw(dummy_tickets(seed, number))
        by_unit = np.empty(len(order), dtype=np.int16)
        by_unit[order] = lost
        refused[number] = by_unit[units]
    return SeatSimulation(committed, refused)
