"""Every number of one plan on one scorecard."""

from zoning.district import District
from zoning.evaluate.allocation import allocate
from zoning.evaluate.capacity import capacity_measures
from zoning.evaluate.compliance import compliance_measures
from zoning.evaluate.cost import Prices, journey_cost
from zoning.evaluate.coverage import coverage_measures
from zoning.evaluate.journeys import journey_measures
from zoning.evaluate.scorecard import Measure, Scorecard
from zoning.evaluate.shape import shape_measures
from zoning.evaluate.stability import stability_measures
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.travel import TravelTimes

__all__ = ["score_plan"]


def score_plan(
    district: District,
    plan: Plan,
    demand: Forecast,
    times: TravelTimes,
    *,
    against: Plan | None = None,
    prices: Prices | None = None,
) -> Scorecard:
    """Return every number of a plan: cost, coverage, capacity, journeys, stability, shape and compliance.

    The cost is the one that the search lowers: with the same ``against`` and ``prices``,
    ``card["cost.total"].value`` equals the proposal's cost but for rounding.

    Parameters
    ----------
    district
        The district.
    plan
        The plan, of one stage and year.
    demand
        Forecast of children; the plan's year is what is scored, its other years show the peak.
    times
        Travel times of the stage, seconds [block, school].
    against
        The plan to count moved pupils against; without one, stability is not measured.
    prices
        What a departure costs; the documented defaults when left out.

    Raises
    ------
    DataError
        When the plan or the forecast does not fit the district.
    """
    cost = journey_cost(
        district, demand, times, stage=plan.stage, year=plan.year, against=against, prices=prices
    )
    rows = allocate(district, plan)
    parts = cost.parts(rows)
    measures = [Measure.named(f"cost.{name}", parts[name], "pupil_s") for name in ("total", *parts)][:-1]
    measures += coverage_measures(district, plan, cost.pupils)
    measures += capacity_measures(district, plan, demand)
    measures += journey_measures(district, cost, rows, stage=plan.stage)
    if against is not None:
        measures += stability_measures(district, plan, against, cost.pupils)
    measures += shape_measures(district, plan)
    measures += compliance_measures(district, plan, rows, times, cost.pupils)
    return Scorecard(plan.stage, plan.year, plan.digest, tuple(measures))
