"""Migrant children: how many move in on balance every year, told apart from how residents grow older.

With the children registered elsewhere counted in two consecutive years or more, the residents are split:
those who are not migrants give the progression ratios ``r`` of everybody, and what migrants gain beyond that
is the net inflow, children a year::

    inflow(a + 1) = migrants(a + 1, next year) - r(a) · migrants(a, this year)

So a child who moves in is counted once, as inflow, and never again in a ratio; on the counted years residents
progress exactly as they did. The inflow per resident child is shrunk: a town's age by age towards the
county's, a block's as one difference over all ages towards its town's; the blocks of a town add up to it.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import numpy as np

from zoning.district import District
from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Bools, Floats, Panel, sum_cells, sum_towns

_GIVEN: Final = 0.5


@dataclass(eq=False)
class MigrantChildren(Estimator):
    """Net inflow of migrant children a year, by block and age.

    Parameters
    ----------
    unit_shrinkage, town_shrinkage
        Children that the parent's rate weighs as much as, as a multiple of the mean cell of the panel (all
        ages of a block together count as many cells as it has ages).

    Examples
    --------
    >>> residents = np.array([[[20.0, 20.0], [20.0, 24.0]]])
    >>> migrants = np.array([[[5.0, 5.0], [5.0, 9.0]]])
    >>> grid = (("b1",), ("North",), (6, 7), (2025, 2026))
    >>> model = MigrantChildren().fit(Panel(residents, *grid), Panel(migrants, *grid), np.ones((1, 1)))
    >>> model.inflow_.tolist()  # 9 seven-year-olds of whom 5 were there at six
    [[0.0, 4.0]]
    """

    unit_shrinkage: float = 12.8
    town_shrinkage: float = 6.4
    inflow_: Floats = field(init=False, repr=False)
    town_inflow_: Floats = field(init=False, repr=False)
    rates_: Floats = field(init=False, repr=False)

    def fit(self, residents: Panel, migrants: Panel, ratios: Floats) -> Self:
        """Learn the inflow of a panel.

        Parameters
        ----------
        residents
            Children by block, age and year.
        migrants
            Those registered elsewhere, the same blocks, ages and years; NaN where unknown.
        ratios
            Children a year older per child, of those who are not migrants, float64 [block, age - 1].

        Raises
        ------
        ValueError
            When no two consecutive years were counted.
        """
        now, after = migrants.counts[:, :-1, :-1], migrants.counts[:, 1:, 1:]
        base = residents.counts[:, 1:, 1:]
        seen: Bools = ~np.isnan(now) & ~np.isnan(after) & ~np.isnan(base)
        if not seen.any():
            raise ValueError("the inflow needs two consecutive years")
        moved = np.where(seen, after - ratios[:, :, None] * now, 0.0).sum(axis=2)
        exposed = np.where(seen, base, 0.0).sum(axis=2)
        rates, town_rates = self._rates(moved, exposed, residents, float(base[seen].mean()))
        years = np.maximum(seen.sum(axis=2), 1)
        mean = np.where(seen.any(axis=2), exposed / years, residents.counts[:, 1:, -1])
        codes, towns = residents.town_codes, len(residents.town_names)
        # The blocks' own differences cancel within their town, age by age.
        off, held = sum_towns((rates - town_rates) * mean, codes, towns), sum_towns(mean, codes, towns)
        self.rates_ = rates - (off / np.where(held > 0, held, 1.0))[codes]
        self.inflow_ = _with_youngest(self.rates_ * mean)
        self.town_inflow_ = _with_youngest(town_rates * mean)
        return self

    def predict(self, horizon: int) -> Floats:
        """Return the net inflow of the years ahead, the same each year, float64 [block, age, horizon].

        Parameters
        ----------
        horizon
            Years ahead.
        """
        return np.repeat(self.inflow_[:, :, None], horizon, axis=2)

    def _rates(self, moved: Floats, exposed: Floats, panel: Panel, cell: float) -> tuple[Floats, Floats]:
        """Inflow a year per resident child of blocks and of their towns, both float64 [block, age - 1]."""
        codes, towns = panel.town_codes, len(panel.town_names)
        of_town, in_town = sum_towns(moved, codes, towns), sum_towns(exposed, codes, towns)
        county = _rate(of_town.sum(axis=0), in_town.sum(axis=0), np.zeros(moved.shape[1]), 0.0)
        town = _rate(of_town, in_town, county, self.town_shrinkage * cell)[codes]
        beyond = (moved - town * exposed).sum(axis=1)
        weight = exposed.sum(axis=1)
        own = _rate(beyond, weight, np.zeros(len(weight)), self.unit_shrinkage * cell)
        return town + own[:, None], town


def _rate(moved: Floats, exposed: Floats, parent: Floats, prior: float) -> Floats:
    weight = exposed + prior
    safe = np.where(weight > 0, weight, 1.0)
    return np.asarray(np.where(weight > 0, (moved + prior * parent) / safe, parent))


def _with_youngest(inflow: Floats) -> Floats:
    """The inflow by age from the youngest on, which is counted as it enters: none beyond."""
    return np.concatenate([np.zeros_like(inflow[:, :1]), inflow], axis=1)


def migrant_panel(district: District, residents: Panel) -> Panel | None:
    """Return the migrant children of the blocks, ages and years of a panel of residents.

    Where ``migrants`` is blank and ``registered`` is given, the other residents are migrants. NaN where
    neither is known; a year in which fewer than half of the residents are told apart counts as unknown. None
    when no two consecutive years are known.

    Parameters
    ----------
    district
        The district.
    residents
        Its residents, blocks in the district's order, grades are ages.
    """
    table = district.table("residents")
    if table is None or not {"registered", "migrants"} & set(table):
        return None
    blank = np.full(len(table), np.nan)
    count, registered, migrants = (
        table[name].to_numpy(dtype=np.float64) if name in table else blank
        for name in ("residents", "registered", "migrants")
    )
    count = np.where(np.isnan(count), registered + migrants, count)
    migrants = np.clip(np.where(np.isnan(migrants), count - registered, migrants), 0.0, count)
    block = district.block_frame.index.get_indexer(table["block_id"].array)
    age = table["age"].to_numpy(dtype=np.float64) - residents.grades[0]
    year = table["year"].to_numpy(dtype=np.float64) - residents.years[0]
    shape = residents.counts.shape
    keep = (block >= 0) & (age >= 0) & (age < shape[1]) & (year >= 0) & (year < shape[2]) & ~np.isnan(count)
    cell = (block[keep], age[keep].astype(np.int64), year[keep].astype(np.int64))
    unknown = np.nan_to_num(sum_cells(cell, np.isnan(migrants[keep]) * count[keep], shape))
    known = np.nan_to_num(sum_cells(cell, np.nan_to_num(migrants[keep]), shape))
    # A block without a row for an age that others counted has no children of it, and no migrants.
    counts = np.where(np.isnan(residents.counts) | (unknown > 0), np.nan, known)
    told = np.where(np.isnan(counts), 0.0, residents.counts).sum(axis=(0, 1))
    counts[:, :, told < _GIVEN * np.nansum(residents.counts, axis=(0, 1))] = np.nan
    counts[:, :, _given(cell, migrants[keep], shape) == 0] = np.nan
    pairs = ~np.isnan(counts[:, :-1, :-1]) & ~np.isnan(counts[:, 1:, 1:])
    return replace(residents, counts=counts) if pairs.any() else None


def _given(cell: tuple[Any, ...], migrants: Floats, shape: tuple[int, ...]) -> Floats:
    """How many rows of each year tell migrants apart, float64 [year]."""
    return np.bincount(cell[2], weights=~np.isnan(migrants), minlength=shape[2]).astype(np.float64)
