"""The nearest school of each block, beside the one that it has."""

import numpy as np

from zoning.district import District
from zoning.publish.result import StageResult
from zoning.publish.stages import journey_s

__all__ = ["nearest_schools"]


def nearest_schools(district: District, result: StageResult) -> dict[str, tuple[str, float]]:
    """Return the nearest school of each block and the seconds that its own lies further, by block id.

    What the proposal says where it gives reasons; else the public school of the stage with the least travel
    time. Blocks without a school or a way are left out.

    Parameters
    ----------
    district
        The district.
    result
        The plan and what is known of it.
    """
    reasons = result.explained
    found = {block: (why.nearest, why.extra_s) for block, why in reasons.items()}
    times, plan = result.times, result.plan
    schools = district.schools_of(plan.stage, plan.year)
    offered = [*schools.index[(schools["ownership"] == "public") & (schools["capacity"] > 0)]]
    if times is None or not offered:
        return found
    seconds = np.where(np.isnan(times.to(offered)), np.inf, times.to(offered))
    least, own = seconds.argmin(axis=1), journey_s(plan, times)
    for row, block in enumerate(times.block_ids):
        nearest_s = float(seconds[row, least[row]])
        if block not in found and np.isfinite(nearest_s) and not np.isnan(own[row]):
            found[block] = (offered[least[row]], max(0.0, float(own[row]) - nearest_s))
    return found
