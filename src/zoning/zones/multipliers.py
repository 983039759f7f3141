"""What a bound is evaluated from: prices of load limits, separator cuts and block prices."""

from dataclasses import dataclass, field

import numpy as np

from zoning.proposal import Certificate, SeparatorCut
from zoning.zones.problem import Floats, Ints, ZoneProblem

__all__ = ["Cut", "Multipliers", "cut_changes"]


@dataclass(frozen=True, eq=False)
class Cut:
    """A separator cut: a block belongs to a school only if some block of the separator does.

    Parameters
    ----------
    block, school
        Positions of the block and the school.
    separator
        Blocks without which no way leads from the block to the school's block, int32.
    multiplier
        What the cut is worth in the bound, pupil-seconds, at least 0.
    """

    block: int
    school: int
    separator: Ints = field(repr=False)
    multiplier: float


@dataclass(frozen=True, eq=False)
class Multipliers:
    """What a bound is evaluated from: a price for every load limit and every cut.

    Parameters
    ----------
    prices
        Seconds a unit of load, float64 [row, school]: above 0 for the upper limit, below 0 for the lower one.
    cuts
        Separator cuts with their multipliers.
    blocks
        Price of each block, pupil-seconds, float64 [block]; empty for none. With them whole zones are priced
        instead of single blocks.
    """

    prices: Floats = field(repr=False)
    cuts: tuple[Cut, ...] = field(default=(), repr=False)
    blocks: Floats = field(default_factory=lambda: np.empty(0), repr=False)

    @classmethod
    def of_seats(cls, problem: ZoneProblem, prices: Floats) -> "Multipliers":
        """Return multipliers with a price of a seat at each school, float64 [school], and no others."""
        every = np.zeros((len(problem.rows.names), problem.schools))
        every[0] = prices
        return cls(every)

    def named(
        self, problem: ZoneProblem, block_ids: tuple[str, ...], school_ids: tuple[str, ...]
    ) -> Certificate:
        """Return the same with the names of rules, blocks and schools, as it is stored with a plan."""
        rules = problem.rows.names
        cells = zip(*(axis.tolist() for axis in np.nonzero(self.prices)), strict=True)
        blocks = dict(zip(block_ids, self.blocks.tolist(), strict=True)) if len(self.blocks) else {}
        return Certificate(
            tuple((rules[row], school_ids[k], float(self.prices[row, k])) for row, k in cells),
            tuple(
                SeparatorCut(
                    block_ids[cut.block],
                    school_ids[cut.school],
                    tuple(block_ids[block] for block in cut.separator.tolist()),
                    cut.multiplier,
                )
                for cut in self.cuts
            ),
            tuple(blocks.items()),
        )

    @classmethod
    def of_names(
        cls,
        certificate: Certificate,
        problem: ZoneProblem,
        block_ids: tuple[str, ...],
        school_ids: tuple[str, ...],
    ) -> "Multipliers":
        """Return the multipliers that a stored certificate names.

        Raises
        ------
        KeyError
            When it names a rule, block or school that the problem has not.
        """
        row = {name: number for number, name in enumerate(problem.rows.names)}
        column = {name: number for number, name in enumerate(school_ids)}
        block = {name: number for number, name in enumerate(block_ids)}
        prices = np.zeros((len(row), len(column)))
        for rule, school, price in certificate.prices:
            prices[row[rule], column[school]] = price
        cuts = tuple(
            Cut(
                block[cut.block_id],
                column[cut.school_id],
                np.array([block[name] for name in cut.separator], dtype=np.int32),
                cut.multiplier,
            )
            for cut in certificate.cuts
        )
        paid = np.full(len(block_ids) if certificate.blocks else 0, np.nan)
        for name, price in certificate.blocks:
            paid[block[name]] = price
        return cls(prices, cuts, paid)


def cut_changes(cuts: tuple[Cut, ...], shape: tuple[int, ...]) -> Floats | None:
    """Return what the multipliers of cuts add to each cell, float64 [block, school]; None without cuts.

    Parameters
    ----------
    cuts
        Cuts with their multipliers.
    shape
        Blocks and schools.
    """
    if not cuts:
        return None
    change = np.zeros(shape)
    for cut in cuts:
        change[cut.block, cut.school] += cut.multiplier
        change[cut.separator, cut.school] -= cut.multiplier
    return change
