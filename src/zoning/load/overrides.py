"""The policy that a project states over the three-tier one, each change with its own source."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zoning.load.settings import Settings
from zoning.policy import LayoutPolicy, Limit, StageRule, WarningLevels, three_tier_policy


def policy_of(settings: Settings) -> LayoutPolicy:
    """Return the three-tier policy with the overrides of ``zoning.toml``.

    Parameters
    ----------
    settings
        The project's settings.

    Raises
    ------
    PolicyError
        When the overrides contradict each other.

    Examples
    --------
    >>> from zoning.errors import Text
    >>> county = Settings(Text("A", "甲"), 2026, policy={"primary": {"class_size": 40.0, "source": "own"}})
    >>> policy_of(county).of("primary").class_size
    Limit(value=40.0, unit='pupils', source='own', norm_id=None)
    """
    policy = three_tier_policy()
    for stage, given in settings.policy.items():
        policy = policy.with_rule(_overridden(policy.of(stage), given))
    if settings.cutoff is not None:
        policy = replace(policy, cutoff=settings.cutoff)
    if "hide_below" in settings.thresholds:
        policy = replace(policy, hide_below=int(settings.thresholds["hide_below"]))
    return replace(policy, warnings=warnings_of(settings))


def warnings_of(settings: Settings) -> WarningLevels:
    """Return the thresholds of seat warnings with the overrides of ``zoning.toml``.

    Raises
    ------
    PolicyError
        When they do not ascend.
    """
    return WarningLevels(**settings.warnings)


def _overridden(rule: StageRule, given: Mapping[str, Any]) -> StageRule:
    source = str(given.get("source", ""))
    changes: dict[str, Any] = {
        key: given[key] for key in ("within_town", "mode", "respects_barriers", "boarding") if key in given
    }
    for key in ("class_size", "site_class_size"):
        if key in given:
            changes[key] = Limit(given[key], "pupils", source)
    if "school_places" in given:
        changes["school_places"] = tuple(given["school_places"])
    if "radius_m" in given:
        own = {place: Limit(value, "m", source) for place, value in given["radius_m"].items()}
        changes["radius"] = {**rule.radius, **own}
    if "journey_minutes" in given:
        changes["journey"] = Limit(60 * given["journey_minutes"], "s", source)
    return replace(rule, **changes, source=source or rule.source)
