"""Few colours for many zones: neighbours differ, a school keeps its colour before and after."""

from collections.abc import Iterable
from typing import Final

from zoning.district import District
from zoning.plan import Plan

__all__ = [
    "CHILDREN",
    "JOURNEYS",
    "JOURNEY_BREAKS_MIN",
    "LONG_JOURNEY_BREAKS_MIN",
    "PALETTE",
    "USE",
    "USE_BREAKS",
    "colour_schools",
]

PALETTE: Final = ("#86b6d8", "#f3bb78", "#a0cd93", "#e79ca6", "#bba9dc", "#ecd978", "#86cdc2", "#cdb094")
"""Zone fills, hex; light, so that black names can be read on them."""

USE: Final = ("#3f7fb0", "#8fbbd9", "#cfe3ec", "#f4efd9", "#f0a878", "#b7352c")
USE_BREAKS: Final = (0.6, 0.8, 0.9, 1.0, 1.1)
"""Utilisation, shares: below 0.6 ... 1.1 and above; red begins where seats run out."""

JOURNEYS: Final = ("#fdf6cf", "#d8eec0", "#a3d9bd", "#62b8bf", "#3a8fb7", "#2c5f9e", "#27357d")
JOURNEY_BREAKS_MIN: Final = (5, 10, 15, 20, 30, 45)
LONG_JOURNEY_BREAKS_MIN: Final = (10, 20, 30, 45, 60, 90)
"""Minutes; the long ones for places where one journey in ten takes over 45 minutes."""

CHILDREN: Final = ("#fbf3e0", "#f8d9a8", "#f2b072", "#e07f50", "#b94a3e", "#77243a")


def _neighbours(district: District, plans: Iterable[Plan]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {}
    ids = district.block_frame.index.to_list()
    pairs = list(zip(district.adjacency.first.tolist(), district.adjacency.second.tolist(), strict=True))
    for plan in plans:
        given = dict(plan.rows)
        schools = [given.get(block, ()) for block in ids]
        groups = [tuple(s) for s in schools if len(s) > 1]
        groups += [schools[i] + schools[j] for i, j in pairs if schools[i] != schools[j]]
        for school in plan.school_ids:
            near.setdefault(school, set())
        for group in groups:
            for school in group:
                near[school].update(other for other in group if other != school)
    return near


def colour_schools(district: District, plans: Iterable[Plan]) -> dict[str, int]:
    """Return a number of :data:`PALETTE` for each school, neighbouring zones different where possible.

    Greedy: the school with the most colours around it first, the least-used free colour to it. Zones on a map
    rarely need more than five; with several plans at once, the eight here have sufficed.

    Parameters
    ----------
    district
        The district.
    plans
        Plans that are shown with the same colours, such as the one in force and the one proposed.
    """
    near = _neighbours(district, plans)
    chosen: dict[str, int] = {}
    used = [0] * len(PALETTE)
    waiting = set(near)
    while waiting:
        around = {school: {chosen[o] for o in near[school] if o in chosen} for school in waiting}
        school = min(waiting, key=lambda s: (-len(around[s]), -len(near[s]), s))
        free = [c for c in range(len(PALETTE)) if c not in around[school]] or list(range(len(PALETTE)))
        chosen[school] = min(free, key=lambda c: (used[c], c))
        used[chosen[school]] += 1
        waiting.remove(school)
    return chosen
