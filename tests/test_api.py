"""The public names are a promise."""

import zoning

PUBLIC = [
    "STAGES", "Applicant", "Block", "CrsError", "DataError", "District", "DrawError", "Forecast",
    "InfeasibleError", "LayoutPolicy", "Place", "Plan", "PolicyError", "Problem", "Proposal", "Roster",
    "School", "Scorecard", "Stage", "StageRule", "StreetsError", "Text", "TravelTimes", "ZoningError",
    "forecast_residents", "measure_travel", "propose_plan", "publish_plan", "read_district", "read_plan",
    "read_roster", "sample_district", "score_plan", "three_tier_policy",
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    """A name that notebooks use cannot vanish or appear by accident."""
    assert sorted(zoning.__all__) == sorted(PUBLIC)


def test_every_public_name_can_be_had() -> None:
    """Every promised name loads and says in its docstring what it is."""
    for name in zoning.__all__:
        assert getattr(zoning, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as it does in any module."""
    assert not hasattr(zoning, "propose_plans_please")
