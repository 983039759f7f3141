"""Every number of one plan on one scorecard."""

from zoning.district import District
from zoning.evaluate.allocation import allocate
from zoning.evaluate.capacity import capacity_measures
from zoning.evaluate.compliance import compliance_measures
from zoning.evaluate.cost import Prices, journey_cost
from zoning.evaluate.coverage import coverage_measures
from zoning.evaluate.demand import zoned_demand
from zoning.evaluate.eligibility import eligible_schools
from zoning.evaluate.journeys import journey_measures
from zoning.evaluate.loads import loads_of_zones, soft_cost, zone_units
from zoning.evaluate.scorecard import Measure, Scorecard
from zoning.evaluate.shape import shape_measures
from zoning.evaluate.stability import stability_measures
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
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
    options: ZoneOptions | None = None,
    feeder: Plan | None = None,
) -> Scorecard:
    """Return every number of a plan: cost, coverage, capacity, journeys, stability, shape and compliance.

    The cost is the one that the search lowers: with the same ``against``, ``prices``, ``options`` and
    ``feeder``, ``card["cost.total"].value`` equals the proposal's cost but for rounding. Children who do not
    follow the zones (enrolled pupils who stay, pupils of private or designated schools) are no part of it.

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
        What a departure costs; those of the options when left out.
    options
        What is asked beyond the policy; the district's own when left out.
    feeder
        Zones of the stage below, where splitting them has a price; those in force when left out.

    Raises
    ------
    DataError
        When the plan or the forecast does not fit the district, or an option asks for what is not there.
    """
    stage, year = plan.stage, plan.year
    options = district.zone_options(stage) if options is None else options
    prices = options.prices if prices is None else prices
    zoned = zoned_demand(district, demand, stage=stage, year=year, options=options, against=against)
    cost = journey_cost(
        district,
        zoned.forecast,
        times,
        stage=stage,
        year=year,
        against=against,
        prices=prices,
        feeder=feeder,
    )
    rows = allocate(district, plan)
    parts = cost.parts(rows)
    found = eligible_schools(district, times, stage=stage, year=year, prices=prices)
    loads = loads_of_zones(district, zoned, found, stage=stage, year=year, options=options)
    rules = soft_cost(loads, zone_units(found.school_ids, options.shared), district, rows)
    parts |= {"rules": rules, "total": parts["total"] + rules}
    names = ["total", *(name for name in parts if name != "total")]
    measures = [Measure.named(f"cost.{name}", parts[name], "pupil_s") for name in names]
    measures += coverage_measures(district, plan, cost.pupils)
    measures += capacity_measures(district, plan, zoned.forecast, held=zoned.held)
    measures += journey_measures(district, cost, rows, stage=plan.stage)
    if against is not None:
        measures += stability_measures(district, plan, against, cost.pupils)
    measures += shape_measures(district, plan)
    measures += compliance_measures(district, plan, rows, times, cost.pupils)
    return Scorecard(plan.stage, plan.year, plan.digest, tuple(measures))
