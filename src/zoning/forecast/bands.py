"""Bands of past forecasts at every level, from sums of the same sample paths."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from zoning.forecast.panel import Floats, Panel
from zoning.forecast.scored import Level, Scored
from zoning.forecast.simulator import Simulation

__all__ = ["BOUNDS", "bands_of"]

BOUNDS: Final = (0.025, 0.1, 0.9, 0.975)
_UNITS: Final = 400


def bands_of(
    panel: Panel, simulation: Simulation, masks: Mapping[int, Scored]
) -> dict[int, dict[Level, Floats]]:
    """Return the quantiles :data:`BOUNDS` of the rows of every level by years ahead, float64 [bound, row].

    Parameters
    ----------
    panel
        Whose units they are.
    simulation
        Sample paths from an origin on.
    masks
        What is scored, by years ahead.
    """
    steps = sorted(masks)
    years = [simulation.years[step] for step in steps]
    cells = simulation.quantiles(BOUNDS, [[grade] for grade in simulation.grades], years=years)
    schools = [np.empty((simulation.count, simulation.size)) for _ in steps]
    weight = np.zeros(simulation.course.shape)
    for step in steps:
        weight[:, :, step] = masks[step].schools
    for start in range(0, simulation.size, _UNITS):
        unit = np.arange(start, min(start + _UNITS, simulation.size))
        sums = simulation.sums(unit, unit - start, 1.0, len(unit), years=years, weight=weight).sum(axis=2)
        for number in range(len(steps)):
            schools[number][:, unit] = sums[:, :, number]
    towns = len(panel.town_names)
    everyone = simulation.sums(np.arange(simulation.size), panel.town_codes, 1.0, towns, years=years).sum(
        axis=2
    )
    found: dict[int, dict[Level, Floats]] = {}
    for number, step in enumerate(steps):
        by_town = np.stack(
            [np.bincount(panel.town_codes, weights=path, minlength=towns) for path in schools[number]]
        )
        found[step] = {
            "cell": cells[:, :, :, number][:, masks[step].cells],
            "school": np.quantile(schools[number], BOUNDS, axis=0),
            "district": np.quantile(by_town, BOUNDS, axis=0),
            "district_total": np.quantile(everyone[:, :, number], BOUNDS, axis=0),
        }
    return found
