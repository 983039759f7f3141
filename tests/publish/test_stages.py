"""Figures by school and by block."""

import numpy as np
import pytest
from tests.publish.conftest import Made
from tests.towns import demand_of, square_town, straight_times

from zoning.evaluate import score_plan
from zoning.plan import Plan
from zoning.publish import measure_text
from zoning.publish.content import page_content
from zoning.publish.figures import journeys_figure
from zoning.publish.result import StageResult
from zoning.publish.stages import journey_s, nice_breaks, pupils_by_school, stage_content


def test_children_of_schools_add_up(made: Made) -> None:
    """Every child of a zoned block is counted once, shared zones included."""
    plan = made.primary.plan
    by_school = pupils_by_school(made.district, plan, made.demand)
    stage = made.district.stage("primary")
    for column, year in enumerate(made.demand.years):
        assert by_school[:, column].sum() == pytest.approx(made.demand.of_stage(stage, year).sum())


def test_a_shared_block_counts_its_nearest_school() -> None:
    """The time shown for a shared zone is the one to the nearer school; without a zone there is none."""
    district = square_town(1, 3, schools=((0, 0), (0, 2)))
    times = straight_times(district)
    plan = Plan.of("primary", 2027, {"b000000": ["s0", "s1"], "b000001": "s1"})
    found = journey_s(plan, times)
    assert found[:2].tolist() == [times.seconds[0, 0], times.seconds[1, 1]]
    assert np.isnan(found[2])


def test_page_and_figure_print_the_journeys_of_the_scorecard() -> None:
    """Mean and 95th percentile are one number everywhere, in a shared zone too."""
    district = square_town(1, 3, schools=((0, 0), (0, 2)))
    demand, times = demand_of(district), straight_times(district)
    plan = Plan.of("primary", 2027, {"b000000": ["s0", "s1"], "b000001": ["s0", "s1"], "b000002": "s1"})
    result = StageResult(plan, score_plan(district, plan, demand, times), times=times)
    mean_s, p95_s = (result.card[f"journeys.{name}_s"].value for name in ("mean", "p95"))
    assert mean_s > np.nanmean(journey_s(plan, times))
    assert stage_content(district, result, demand, colour={})["mean_s"] == mean_s
    lines = journeys_figure(district, result, demand, "en").axes[0].get_lines()
    assert [line.get_xdata()[0] for line in lines] == [mean_s / 60, p95_s / 60]  # type: ignore[index]


@pytest.mark.parametrize("gone", [{"b000000": "s9"}, {"b000000": "s9", "b000001": ["s0", "s9"]}])
def test_zones_of_a_school_that_is_gone_are_published(gone: dict[str, str | list[str]]) -> None:
    """An older plan may name a school that was closed and struck from the table; its blocks show none."""
    district = square_town(1, 3)
    demand, times = demand_of(district), straight_times(district)
    plan = Plan.of("primary", 2027, dict.fromkeys(district.blocks.index, "s0"))
    today = Plan.of("primary", 2026, gone)
    card = score_plan(district, plan, demand, times, against=today)
    result = StageResult(plan, card, times=times, against=today)
    content = page_content(district, [result], demand)
    (stage,) = content["stages"]  # type: ignore[misc, call-overload]
    assert stage["before"] == [-1, 0 if len(gone) > 1 else -1, -1]


@pytest.mark.parametrize("scale", [0.1, 1.0, 17.0, 4000.0])
def test_class_breaks_grow(scale: float) -> None:
    """Legend classes are whole numbers in order, whatever the numbers of children."""
    breaks = nice_breaks(np.random.default_rng(1).gamma(2, scale, 500))
    assert breaks == sorted(set(breaks))
    assert min(breaks) >= 1


def test_demand_outside_the_plan_year_is_no_error(made: Made) -> None:
    """A forecast that starts after the plan's year still gives an atlas."""
    demand = demand_of(made.district, years=(2030, 2031))
    content = stage_content(made.district, made.primary, demand, colour={})
    assert content["total"] is None


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (float("nan"), "s", "–", "–"),
        (0.0042, "share", "0.42 %", "0.42 %"),
        (950.0, "m", "950 m", "950 m"),
        (2.5e6, "m2", "2.50 km²", "2.50 km²"),
        (3.0, "blocks", "3 blocks", "3 个单元"),
        (12.4, "classes", "12.4 classes", "12.4 个班"),
    ],
)
def test_numbers_carry_their_unit(value: float, unit: str, en: str, zh: str) -> None:
    """A number is printed with its unit in both languages."""
    text = measure_text(value, unit)
    assert (text.en, text.zh) == (en, zh)
