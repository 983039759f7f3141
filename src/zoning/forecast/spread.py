"""How far the children of a district's blocks may be off, from the rolls of its schools."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.district.stage import AGE_OF_GRADE_ZERO
from zoning.errors import Text
from zoning.forecast.by_county import school_panel
from zoning.forecast.coherent import CoherentSimulator
from zoning.forecast.dispersion import Dispersion
from zoning.forecast.enrolment import EnrolmentForecaster
from zoning.forecast.panel import Floats, Panel
from zoning.forecast.panel_births import EntryAge

__all__ = ["Spread", "forecaster_of", "spread_of"]

_WIDEST: Final = 6.0


@dataclass(frozen=True)
class Spread:
    """How far paths of blocks spread.

    Parameters
    ----------
    dispersion
        As schools' forecasts were off.
    scale
        Times the spread of a school that a block has: errors of the blocks of a zone partly cancel out.
    notes
        How it was found.
    """

    dispersion: Dispersion
    scale: float
    notes: tuple[Text, ...]


def forecaster_of(district: District, panel: Panel) -> EnrolmentForecaster:
    """Return the forecaster of a district's rolls, with its births where it has them.

    Parameters
    ----------
    district
        The district.
    panel
        Its rolls.
    """
    births = district.table("births")
    if births is None or births.empty or births["births"].notna().sum() == 0:
        return EnrolmentForecaster()
    age = panel.grades[0] + AGE_OF_GRADE_ZERO
    known = births[births["town"].isin(set(panel.towns))]
    return EnrolmentForecaster(births=known, entry=EntryAge(age, district.policy.cutoff))


def spread_of(district: District, children: Floats) -> Spread:
    """Return how far paths of a district's blocks spread.

    The rolls tell it where a counted year follows two counted ones in a row; else the usual spread is taken.
    A school's spread is that of the sum of its zone: a block has it times the square root of blocks a school,
    each counted by the children that it has.

    Parameters
    ----------
    district
        The district.
    children
        Children of each block, float64 [block].
    """
    panel, _ = school_panel(district)
    simulator = None if panel is None else CoherentSimulator(forecaster_of(district, panel)).fit(panel)
    if panel is None or simulator is None or not simulator.errors_:
        return Spread(Dispersion.usual(), _WIDEST / 2, (messages.text("forecast.spread_usual"),))
    pupils = np.nansum(panel.counts[:, :, -1], axis=1)
    blocks_a_school = _alike(children) / max(_alike(pupils), 1.0)
    scale = float(np.clip(np.sqrt(blocks_a_school), 1.0, _WIDEST))
    said = messages.text("forecast.spread", first=panel.years[0], last=panel.years[-1])
    return Spread(simulator.dispersion_, scale, (said,))


def _alike(sizes: Floats) -> float:
    """How many of equal size would spread a sum as these do."""
    squares = float((sizes**2).sum())
    return float(sizes.sum()) ** 2 / squares if squares > 0 else 1.0
