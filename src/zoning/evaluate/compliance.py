"""Whether a plan keeps the layout policy of its stage: pupils whose school breaks a rule."""

import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.evaluate.allocation import Allocation
from zoning.evaluate.eligibility import leaves_town
from zoning.evaluate.scorecard import Measure
from zoning.plan import Plan
from zoning.travel import TravelTimes

__all__ = ["compliance_measures"]


def compliance_measures(
    district: District,
    plan: Plan,
    rows: Allocation,
    times: TravelTimes,
    pupils: npt.NDArray[np.float64],
) -> list[Measure]:
    """Return the pupils zoned against each rule of the policy, all held to 0.

    Parameters
    ----------
    district, plan
        The district and the plan.
    rows
        The plan as rows.
    times
        Travel times, seconds [block, school]; NaN where no way leads that the stage may use (a barrier).
    pupils
        Pupils by block, float64 [block].
    """
    rule = district.policy.of(plan.stage)
    schools = district.school_frame
    held = pupils[rows.block] * rows.share
    is_open = schools.index.isin(district.schools_of(plan.stage, plan.year).index)
    placed = schools["place_class"].isin(rule.school_places).to_numpy()
    private = (schools["ownership"] == "private").to_numpy()
    cut_off = ~np.isfinite(times.seconds[rows.block, rows.school])
    outside = leaves_town(district, times, stage=plan.stage, year=plan.year)
    counts = {
        "closed": held @ ~is_open[rows.school],
        "place_class": held @ ~placed[rows.school],
        "private": held @ private[rows.school],
        "town": held @ outside[rows.block, rows.school],
        "no_way": held @ cut_off,
    }
    return [
        Measure.named(f"compliance.{name}_pupils", float(count), "pupils").held_to(0, rule.source)
        for name, count in counts.items()
    ]
