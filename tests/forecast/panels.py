"""Panels of schools for the forecast's tests: cohorts that move up, schools that open and close, gaps."""

from dataclasses import replace

import numpy as np
import pandas as pd

from zoning.forecast import Panel, ResidualBooster

LAST = 2024
EAGER = ResidualBooster(least_rows=60, min_samples_leaf=5, max_iter=8)
"""A booster that already speaks on a small panel."""


def cohorts(
    units: int = 8,
    grades: int = 4,
    years: int = 8,
    *,
    towns: int = 3,
    seed: int = 0,
    first_grade: int = 1,
    each: float = 40.0,
) -> Panel:
    """Whole children: every school enters about as many a year, who move up with a ratio of its own."""
    rng = np.random.default_rng(seed)
    counts = np.empty((units, grades, years))
    size = each * rng.uniform(0.5, 1.5, units)
    ratio = rng.uniform(0.9, 1.1, (units, 1))
    counts[:, :, 0] = rng.poisson(np.repeat(size[:, None], grades, axis=1))
    for year in range(1, years):
        counts[:, 0, year] = rng.poisson(size)
        counts[:, 1:, year] = rng.poisson(counts[:, :-1, year - 1] * ratio)
    return panel_of(counts, [f"t{unit % towns}" for unit in range(units)], first_grade=first_grade)


def panel_of(counts: np.ndarray, towns: list[str] | None = None, *, first_grade: int = 1) -> Panel:
    """The panel of some counts that end in 2024; one town unless said otherwise."""
    units, grades, years = counts.shape
    return Panel(
        np.asarray(counts, dtype=np.float64),
        tuple(f"s{unit:03d}" for unit in range(units)),
        tuple(towns or ["t0"] * units),
        tuple(range(first_grade, first_grade + grades)),
        tuple(range(LAST - years + 1, LAST + 1)),
    )


def eventful(seed: int = 0, *, gap: bool = False, years: int = 8) -> Panel:
    """Schools that open, close, lose their top grade, have a hole or hardly any children; a year missing."""
    panel = cohorts(9, 4, years, seed=seed)
    counts = panel.counts.copy()
    counts[1, :, :3] = np.nan
    counts[2, :, -2:] = np.nan
    counts[3, -1, -3:] = np.nan
    counts[4, 0, :4] = np.nan
    counts[5, 2, 4] = np.nan
    counts[6] = np.minimum(counts[6], 11)
    counts[7, :, 3] = 0.0
    if gap:
        counts[:, :, 4] = np.nan
    return replace(panel, counts=counts)


def reordered(panel: Panel, order: np.ndarray) -> Panel:
    """The same panel with its units in another order."""
    return replace(
        panel,
        counts=panel.counts[order],
        units=tuple(panel.units[at] for at in order),
        towns=tuple(panel.towns[at] for at in order),
    )


def with_another_future(panel: Panel, year: int, seed: int) -> Panel:
    """The same panel up to a year, with anything at all after it."""
    rng = np.random.default_rng(seed)
    counts = panel.counts.copy()
    after = counts[:, :, year + 1 - panel.years[0] :]
    after[:] = rng.choice([0.0, 7.0, 300.0], after.shape) * rng.integers(1, 3, after.shape)
    after[rng.random(after.shape) < 0.3] = np.nan
    return replace(panel, counts=counts)


def births_of(panel: Panel, kind: str, *, first: int = 2005, seed: int = 0) -> pd.DataFrame:
    """Births that enter the panel's lowest grade: of ``all``, by ``town``, ``unit`` or ``month``."""
    rng = np.random.default_rng(seed)
    names = {"town": panel.town_names, "unit": panel.units}.get(kind, ("everywhere",))
    rows = [
        (name, year, float(rng.poisson(60))) for name in names for year in range(first, panel.years[-1] + 4)
    ]
    table = pd.DataFrame(rows, columns=[kind if kind in ("town", "unit") else "place", "year", "births"])
    if kind != "month":
        return table.drop(columns="place", errors="ignore")
    months = table.drop(columns="place").merge(pd.DataFrame({"month": np.arange(1.0, 13.0)}), how="cross")
    return months.assign(births=months["births"] / 12)
