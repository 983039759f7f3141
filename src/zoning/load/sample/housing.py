"""Housing projects handed over lately or soon, most of them at the edge of the seat."""

from typing import Final

import numpy as np

from zoning.load.sample.chance import dice_for
from zoning.load.sample.places import County

PROJECTS: Final = 16
TYPES: Final = ("commercial", "commercial", "commercial", "resettlement", "rental")


def housing_rows(county: County, *, seed: int) -> list[tuple[str, int, int, int, str]]:
    """Return project id, block, handover year, dwellings and type of each project.

    Parameters
    ----------
    county
        The county.
    seed
        Seed.
    """
    dice = dice_for("housing", seed)
    core, centres = county.settlements.core, county.settlements.centres
    urban = np.flatnonzero(core >= 0)
    away = np.hypot(*(county.settlements.points[urban] - centres[core[urban]]).T)
    in_seat = core[urban] < county.settlements.seats
    # Far from the middle and rather in the seat; chance does the rest.
    score = away * np.where(in_seat, 1.0, 0.75) * (0.4 + dice.random(len(urban)))
    chosen = urban[np.argsort(-score, kind="stable")[:PROJECTS]]
    found = []
    for number, block in enumerate(chosen.tolist()):
        seat = core[block] < county.settlements.seats
        dwellings = int(dice.integers(24, 90)) * 10 if seat else int(dice.integers(8, 30)) * 10
        kind = TYPES[int(dice.integers(len(TYPES)))]
        found.append((f"H{number + 1:02d}", block, 2023 + int(dice.integers(8)), dwellings, kind))
    return found
