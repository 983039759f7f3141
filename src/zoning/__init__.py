"""School catchments and enrolment zones: forecast, zone, score and publish.

Every public name loads when it is first used, so that ``import zoning`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from zoning.district import STAGES, Block, District, Place, School, Stage
    from zoning.errors import (
        CrsError,
        DataError,
        DrawError,
        InfeasibleError,
        PolicyError,
        Problem,
        StreetsError,
        Text,
        ZoningError,
    )
    from zoning.evaluate import Scorecard, score_plan
    from zoning.forecast import Forecast, forecast_residents
    from zoning.load import read_district, read_plan, read_roster, sample_district
    from zoning.plan import Plan
    from zoning.policy import LayoutPolicy, StageRule, three_tier_policy
    from zoning.proposal import Proposal
    from zoning.publish import publish_plan
    from zoning.roster import Applicant, Roster
    from zoning.travel import TravelTimes, measure_travel
    from zoning.zones import propose_plan

_HOME: Final = {
    "district": ("STAGES", "Block", "District", "Place", "School", "Stage"),
    "errors": (
        "CrsError",
        "DataError",
        "DrawError",
        "InfeasibleError",
        "PolicyError",
        "Problem",
        "StreetsError",
        "Text",
        "ZoningError",
    ),
    "evaluate": ("Scorecard", "score_plan"),
    "forecast": ("Forecast", "forecast_residents"),
    "load": ("read_district", "read_plan", "read_roster", "sample_district"),
    "plan": ("Plan",),
    "policy": ("LayoutPolicy", "StageRule", "three_tier_policy"),
    "proposal": ("Proposal",),
    "publish": ("publish_plan",),
    "roster": ("Applicant", "Roster"),
    "travel": ("TravelTimes", "measure_travel"),
    "zones": ("propose_plan",),
}
_MODULE_OF: Final = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "STAGES",
    "Applicant",
    "Block",
    "CrsError",
    "DataError",
    "District",
    "DrawError",
    "Forecast",
    "InfeasibleError",
    "LayoutPolicy",
    "Place",
    "Plan",
    "PolicyError",
    "Problem",
    "Proposal",
    "Roster",
    "School",
    "Scorecard",
    "Stage",
    "StageRule",
    "StreetsError",
    "Text",
    "TravelTimes",
    "ZoningError",
    "forecast_residents",
    "measure_travel",
    "propose_plan",
    "publish_plan",
    "read_district",
    "read_plan",
    "read_roster",
    "sample_district",
    "score_plan",
    "three_tier_policy",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'zoning' has no attribute {name!r}")
    return getattr(import_module(f"zoning.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return list(__all__)
