"""What is scored of a forecast: the same cells, schools and districts for every method.

A *cell* is a school x grade. It is scored when the school had the grade at the origin, the year before it (if
that was counted) and in the target year, with at least ten children then. ``school`` sums the scored cells of
schools whose span of grades is the same at origin and target, ``district`` sums those schools by town, and
``district_total`` holds the forecast of all cells against all children of the town.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from zoning.forecast.panel import Bools, Floats, Panel, sum_towns

__all__ = ["LEVELS", "Level", "Scored", "masks_of", "summed"]

Level = Literal["cell", "school", "district", "district_total"]
LEVELS: Final[tuple[Level, ...]] = ("cell", "school", "district", "district_total")
_LEAST: Final = 10.0


@dataclass(frozen=True, eq=False)
class Scored:
    """Which cells count for one origin and target year, bool [unit, grade].

    Parameters
    ----------
    cells
        Cells that are scored.
    schools
        Those of schools whose span of grades stayed.
    """

    cells: Bools
    schools: Bools


def masks_of(panel: Panel, at: int, to: int) -> Scored:
    """Return what is scored of a forecast.

    Parameters
    ----------
    panel
        Children by unit, grade and year.
    at, to
        Positions of the origin and of the target year.
    """
    now, actual = panel.counts[:, :, at], panel.counts[:, :, to]
    cells = ~np.isnan(now) & (np.nan_to_num(actual) >= _LEAST)
    before = panel.counts[:, :, at - 1] if at else np.full_like(now, np.nan)
    if not np.isnan(before).all():
        cells &= ~np.isnan(before)
    same = (_span(now) == _span(actual)).all(axis=0)
    return Scored(cells, cells & same[:, None])


def summed(panel: Panel, values: Floats, masks: Scored) -> dict[Level, Floats]:
    """Return values [unit, grade] as the rows of every level: float64 [cell], [unit], [town], [town]."""
    codes, towns = panel.town_codes, len(panel.town_names)
    of_school = np.where(masks.schools, np.nan_to_num(values), 0.0).sum(axis=1)
    whole = np.nan_to_num(values).sum(axis=1)
    by_town = sum_towns(np.stack([of_school, whole], axis=1), codes, towns)
    return {
        "cell": values[masks.cells],
        "school": of_school,
        "district": by_town[:, 0],
        "district_total": by_town[:, 1],
    }


def _span(counts: Floats) -> Floats:
    """First and last grade that each unit has, float64 [2, unit]; -1 where it has none."""
    has: Bools = np.asarray(~np.isnan(counts))
    last = has.shape[1] - 1 - has[:, ::-1].argmax(axis=1)
    return np.where(has.any(axis=1), np.stack([has.argmax(axis=1), last]), -1).astype(np.float64)
