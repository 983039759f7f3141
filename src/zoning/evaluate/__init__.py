"""What a good plan is: the numbers that the solver lowers and the scorecard prints."""

from zoning.evaluate.allocation import Allocation, allocate, pupils_of_stage
from zoning.evaluate.balance import utilisation_spread, variation
from zoning.evaluate.capacity import class_bands, school_loads
from zoning.evaluate.compare import Compared, Comparison, compare_cards
from zoning.evaluate.cost import JourneyCost, Prices, journey_cost
from zoning.evaluate.coverage import coverage_faults
from zoning.evaluate.demand import ZonedDemand, planned_pupils, seats_left, zoned_demand
from zoning.evaluate.eligibility import Eligibility, eligible_schools
from zoning.evaluate.feeders import feeder_plan, feeder_zones, stage_below
from zoning.evaluate.flows import roll_flows
from zoning.evaluate.loads import Load, loads_of_zones, zone_units
from zoning.evaluate.score import score_plan
from zoning.evaluate.scorecard import Measure, Scorecard
from zoning.evaluate.shape import DetachedPart, compactness, detached_parts
from zoning.evaluate.stability import Moved, pupils_moved
from zoning.evaluate.warning import first_warnings, seat_warnings, warning_notes

__all__ = [
    "Allocation",
    "Compared",
    "Comparison",
    "DetachedPart",
    "Eligibility",
    "JourneyCost",
    "Load",
    "Measure",
    "Moved",
    "Prices",
    "Scorecard",
    "ZonedDemand",
    "allocate",
    "class_bands",
    "compactness",
    "compare_cards",
    "coverage_faults",
    "detached_parts",
    "eligible_schools",
    "feeder_plan",
    "feeder_zones",
    "first_warnings",
    "journey_cost",
    "loads_of_zones",
    "planned_pupils",
    "pupils_moved",
    "pupils_of_stage",
    "roll_flows",
    "school_loads",
    "score_plan",
    "seat_warnings",
    "seats_left",
    "stage_below",
    "utilisation_spread",
    "variation",
    "warning_notes",
    "zone_units",
    "zoned_demand",
]
