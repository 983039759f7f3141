"""How far the children go: mean, 95th percentile, longest, and the share beyond the norms."""

import math

import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.evaluate.allocation import Allocation
from zoning.evaluate.cost import JourneyCost
from zoning.evaluate.scorecard import Measure
from zoning.norms import norm
from zoning.policy import Limit

__all__ = ["journey_measures", "weighted_percentile"]


def weighted_percentile(
    values: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    share: float,
) -> float:
    """Return the least value that at least a share of the weight does not exceed, in the unit of ``values``.

    Parameters
    ----------
    values, weights
        One a group of pupils; weights are pupils, at least 0, [group].
    share
        Share of the pupils, 0-1.

    Returns
    -------
    float
        NaN where there is no weight.

    Examples
    --------
    >>> weighted_percentile(np.array([60.0, 600.0]), np.array([95.0, 5.0]), 0.95)
    60.0
    """
    held = weights > 0
    if not held.any():
        return math.nan
    order = np.argsort(values[held], kind="stable")
    below = np.cumsum(weights[held][order])
    # A hair below the share, so that a sum of fractions that should reach it exactly does.
    place = np.searchsorted(below, share * below[-1] * (1 - 1e-12))
    return float(values[held][order][min(int(place), len(order) - 1)])


def journey_measures(district: District, cost: JourneyCost, rows: Allocation, *, stage: str) -> list[Measure]:
    """Return the journey measures of a plan: seconds, shares of the pupils and pupils.

    Parameters
    ----------
    district
        The district; its policy names the norms.
    cost
        Cost of every journey of the stage and year.
    rows
        The plan as rows.
    stage
        Name of the stage.
    """
    rule = district.policy.of(stage)
    cells = (rows.block, rows.school)
    pupils, seconds = cost.pupils[rows.block] * rows.share, cost.travel_s[cells]
    reached = np.isfinite(seconds)
    held, time_s = pupils[reached], seconds[reached]
    travelled = time_s[held > 0]
    total = float(held.sum())
    longest = Measure.named("journeys.longest_s", travelled.max() if len(travelled) else math.nan, "s")
    measures = [
        Measure.named("journeys.mean_s", float(held @ time_s) / total if total else math.nan, "s"),
        Measure.named("journeys.p95_s", weighted_percentile(time_s, held, 0.95), "s"),
        longest if rule.journey is None else _held(longest, rule.journey.value, [rule.journey]),
        Measure.named("journeys.unreachable_pupils", pupils[~reached].sum(), "pupils").held_to(0),
    ]
    if rule.journey is not None:
        beyond = _share(cost.beyond_journey[cells], pupils)
        measures.append(_held(Measure.named("journeys.beyond_norm", beyond, "share"), 0, [rule.journey]))
    if rule.radius:
        covered = district.block_frame["place_class"].isin(list(rule.radius)).to_numpy()[rows.block]
        beyond = _share(cost.beyond_radius[cells][covered], pupils[covered])
        share = Measure.named("journeys.beyond_radius", beyond, "share")
        measures.append(_held(share, 0, list(rule.radius.values())))
    return measures


def _held(measure: Measure, figure: float, limits: list[Limit]) -> Measure:
    """Hold a measure to limits; a verdict only where all are musts or were set by the place itself."""
    source = "; ".join(sorted({limit.source for limit in limits}))
    binding = all(limit.norm_id is None or norm(limit.norm_id).mode == "must" for limit in limits)
    return measure.held_to(figure, source, binding=binding)


def _share(mask: npt.NDArray[np.bool_], pupils: npt.NDArray[np.float64]) -> float:
    total = float(pupils.sum())
    return float(pupils @ mask) / total if total else math.nan
