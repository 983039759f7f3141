"""Children of each stage in the years to come, and the school that is nearest to each block."""

from typing import Final

import numpy as np
from scipy.spatial.distance import cdist

from zoning.load.sample.chance import Floats, Ints
from zoning.load.sample.people import CITY, YEAR
from zoning.load.sample.places import County

STAGES: Final = ("kindergarten", "primary", "junior", "senior")
AGES: Final = (range(3, 6), range(6, 12), range(12, 15), range(15, 18))
YEARS: Final = range(YEAR, 2033)
CITY_GROWTH: Final = 1.012
FEWER_BIRTHS: Final = 0.98
ACROSS: Final = 1.7


def children_ahead(county: County) -> Floats:
    """Return the children expected by stage and year 2026-2032, float64 [block, stage, year]."""
    people = county.people
    growth = np.where(people.place == CITY, CITY_GROWTH, 1.0)
    found = np.zeros((len(people.total), len(STAGES), len(YEARS)))
    for y, year in enumerate(YEARS):
        later = year - YEAR
        for s, ages in enumerate(AGES):
            for age in ages:
                then = age - later
                own = people.weight[:, then] if then >= 0 else people.weight[:, 0] * FEWER_BIRTHS**-then
                found[:, s, y] += own * growth**later
    return found


def nearest_school(county: County, blocks: Ints, at: Ints, weight: Floats | None = None) -> Ints:
    """Return the position of the nearest school for some blocks, int64 [len(blocks)].

    Parameters
    ----------
    county
        The county.
    blocks
        Blocks that look for a school, int64 [n].
    at
        Block that each school stands in, int64 [school].
    weight
        Factor on the distance to each school; 1 when left out.
    """
    points, face = county.settlements.points, county.cells.face
    metres = cdist(points[blocks], points[at]) + 60.0
    metres *= np.where(face[blocks][:, None] != face[at][None, :], ACROSS, 1.0)
    if weight is not None:
        metres *= weight
    return np.asarray(metres.argmin(axis=1), dtype=np.int64)


def nearest_in_chunks(county: County, blocks: Ints, at: Ints) -> Ints:
    """Return the nearest school of many blocks, a part at a time to keep the memory small."""
    parts = np.array_split(blocks, max(1, len(blocks) * len(at) // 20_000_000))
    return np.concatenate([nearest_school(county, part, at) for part in parts])


def spaced(county: County, among: Ints, number: int, *, start: int | None = None) -> list[int]:
    """Return some of the blocks, far from each other, the middle one first."""
    points = county.settlements.points[among]
    middle = points.mean(axis=0)
    first = int(np.argmin(((points - middle) ** 2).sum(axis=1))) if start is None else start
    chosen = [first]
    nearest = np.hypot(*(points - points[first]).T)
    # Corners of a town are poor sites: the middle draws.
    pull = 1.0 / (1.0 + np.hypot(*(points - middle).T) / (np.hypot(*(points - middle).T).max() + 1.0))
    while len(chosen) < min(number, len(among)):
        best = int(np.argmax(nearest * pull))
        chosen.append(best)
        nearest = np.minimum(nearest, np.hypot(*(points - points[best]).T))
    return [int(among[c]) for c in chosen]
