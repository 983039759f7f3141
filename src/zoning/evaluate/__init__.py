"""What a good plan is: the numbers that the solver lowers and the scorecard prints."""

from zoning.evaluate.allocation import Allocation, allocate, pupils_of_stage
from zoning.evaluate.balance import utilisation_spread, variation
from zoning.evaluate.capacity import class_bands, school_loads
from zoning.evaluate.compare import Compared, Comparison, compare_cards
from zoning.evaluate.cost import JourneyCost, Prices, journey_cost
from zoning.evaluate.coverage import coverage_faults
from zoning.evaluate.eligibility import Eligibility, eligible_schools
from zoning.evaluate.score import score_plan
from zoning.evaluate.scorecard import Measure, Scorecard
from zoning.evaluate.shape import DetachedPart, compactness, detached_parts
from zoning.evaluate.stability import Moved, pupils_moved

__all__ = [
    "Allocation",
    "Compared",
    "Comparison",
    "DetachedPart",
    "Eligibility",
    "JourneyCost",
    "Measure",
    "Moved",
    "Prices",
    "Scorecard",
    "allocate",
    "class_bands",
    "compactness",
    "compare_cards",
    "coverage_faults",
    "detached_parts",
    "eligible_schools",
    "journey_cost",
    "pupils_moved",
    "pupils_of_stage",
    "school_loads",
    "score_plan",
    "utilisation_spread",
    "variation",
]
