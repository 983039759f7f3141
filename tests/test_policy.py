"""The three-tier policy says what the county's rule says, and refuses nonsense."""

import dataclasses

import pytest

from zoning.errors import PolicyError
from zoning.policy import LayoutPolicy, Limit, WarningLevels, three_tier_policy


def test_the_default_is_near_in_town_in_the_city() -> None:
    """Primary stands anywhere, junior in town or city, senior in the city alone."""
    policy = three_tier_policy()
    assert policy.of("primary").school_places == ("city", "town", "village")
    assert policy.of("junior").school_places == ("city", "town")
    assert policy.of("senior").school_places == ("city",)
    assert not policy.of("senior").within_town


def test_every_limit_names_its_clause() -> None:
    """No figure of the default policy lacks a source."""
    for rule in three_tier_policy().rules:
        limits = [rule.class_size, rule.journey, rule.site_class_size, *rule.radius.values()]
        assert all(limit.source and limit.norm_id for limit in limits if limit is not None)


def test_a_project_overrides_one_stage() -> None:
    """A county's own class size replaces the norm for that stage and leaves the others."""
    policy = three_tier_policy()
    own = dataclasses.replace(policy.of("primary"), class_size=Limit(40, "pupils", "county notice 3"))
    changed = policy.with_rule(own)
    assert changed.of("primary").class_size.value == 40
    assert changed.of("junior") == policy.of("junior")


def test_an_unknown_stage_is_refused() -> None:
    """Asking for a stage without rules names those that have them."""
    with pytest.raises(PolicyError, match=r"no rule for stage nursery\. Known: kindergarten, primary"):
        three_tier_policy().of("nursery")


def test_a_stage_with_nowhere_to_stand_is_refused() -> None:
    """A rule that leaves no place for schools contradicts itself."""
    with pytest.raises(PolicyError, match="no place class where a primary school may stand"):
        dataclasses.replace(three_tier_policy().of("primary"), school_places=())


def test_two_rules_for_one_stage_are_refused() -> None:
    """A stage cannot have two rules."""
    rule = three_tier_policy().of("primary")
    with pytest.raises(PolicyError, match="two rules for one stage"):
        LayoutPolicy((rule, rule))


def test_a_norm_without_a_figure_is_no_limit() -> None:
    """A rule in words, such as not crossing a railway, cannot be used as a number."""
    with pytest.raises(PolicyError, match=r"gbj99-86\.barrier sets no figure"):
        Limit.cited("gbj99-86.barrier")


@pytest.mark.parametrize("levels", [{"red": 0.4}, {"yellow": 0.0}, {"red": 1.2}, {"orange": 0.2}])
def test_thresholds_of_warnings_ascend(levels: dict[str, float]) -> None:
    """A red warning is never rarer to give than an orange one, and no chance is above 1."""
    with pytest.raises(PolicyError, match="must ascend within 0 and 1, yellow below orange below red"):
        WarningLevels(**levels)  # type: ignore[arg-type]


def test_thresholds_of_warnings_name_their_source() -> None:
    """The default thresholds say that they are no national norm."""
    levels = three_tier_policy().warnings
    assert levels.yellow < levels.orange < levels.red
    assert "no national document" in levels.source
