"""Plans side by side: the same numbers as each scorecard, the best marked only where one is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import demand_of, square_town, straight_times

from zoning.evaluate import Measure, Scorecard, compare_cards, score_plan, utilisation_spread
from zoning.evaluate.compare import LESS, MORE
from zoning.plan import Plan


def cards() -> dict[str, Scorecard]:
    """Return the scorecards of three plans of one town."""
    town = square_town(2, 4, schools=[(0, 0), (1, 3)], capacity=[50, 60])
    demand, times = demand_of(town), straight_times(town)
    ids = list(town.block_frame.index)
    plans = {
        "west": dict.fromkeys(ids, "s0"),
        "halves": {b: "s0" if int(b[4:]) < 2 else "s1" for b in ids},
        "mixed": {b: ("s0", "s1")[n % 2] for n, b in enumerate(ids)},
    }
    today = Plan.of("primary", 2026, plans["halves"])
    return {
        name: score_plan(town, Plan.of("primary", 2027, rows), demand, times, against=today)
        for name, rows in plans.items()
    }


def test_the_table_is_the_scorecards() -> None:
    """Every value of every column is that of the plan's own scorecard, in its order and unit."""
    given_cards = cards()
    frame = compare_cards(given_cards).frame()
    assert list(frame.columns) == ["unit", *given_cards]
    for name, card in given_cards.items():
        assert list(frame.index) == [measure.id for measure in card]
        for measure in card:
            assert frame.loc[measure.id, name] == pytest.approx(measure.value, nan_ok=True)
            assert frame.loc[measure.id, "unit"] == measure.unit


def test_the_best_is_marked_where_a_direction_is_known() -> None:
    """Shorter journeys and rounder zones win; pupils and seats are neither good nor bad."""
    compared = compare_cards(cards())
    assert compared["journeys.mean_s"].best == (False, True, False)
    assert compared["stability.moved_pupils"].best == (False, True, False)
    assert compared["shape.compactness_mean"].best.count(True) >= 1
    assert compared["capacity.pupils"].best == (False, False, False)
    assert compared["coverage.blocks"].best == (False, False, False)
    first, second, _ = compared["journeys.mean_s"].figures
    assert compared["journeys.mean_s"].differences[:2] == (0, pytest.approx(second - first))
    with pytest.raises(KeyError, match="nothing"):
        compared["nothing"]


def test_directions_are_those_of_measures_that_exist() -> None:
    """A measure that is renamed does not lose its direction without notice, and none has two."""
    known = {measure.id for card in cards().values() for measure in card}
    assert known >= LESS | MORE
    assert not LESS & MORE


@given(st.lists(st.sampled_from([1.0, 1.0 + 1e-13, 2.0, 3.5, math.nan]), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_mark_goes_to_the_least_and_to_all_that_equal_it(values: list[float]) -> None:
    """Ties share the mark, missing values never have it, and where all are equal nobody has it."""
    made = {
        str(n): Scorecard("primary", 2027, "", (Measure.named("journeys.mean_s", value, "s"),))
        for n, value in enumerate(values)
    }
    row = compare_cards(made)["journeys.mean_s"]
    known = [value for value in values if not math.isnan(value)]
    if len(known) < 2 or max(known) - min(known) < 1e-6:
        assert not any(row.best)
    else:
        assert row.best == tuple(value < min(known) + 1e-6 for value in values)


def test_a_measure_that_one_plan_lacks_is_a_gap() -> None:
    """A plan that was not compared with zones in force has no moved pupils, and the others keep theirs."""
    full = cards()["west"]
    short = Scorecard("primary", 2027, "", tuple(m for m in full if not m.id.startswith("stability.")))
    row = compare_cards({"short": short, "full": full})["stability.moved_pupils"]
    assert math.isnan(row.figures[0])
    assert row.figures[1] == full["stability.moved_pupils"].value
    assert row.ok[0] is None


def test_only_plans_of_one_stage_are_compared() -> None:
    """One plan alone, or plans of two stages, are no comparison."""
    one = cards()["west"]
    with pytest.raises(ValueError, match="two or more"):
        compare_cards({"a": one})
    with pytest.raises(ValueError, match="junior"):
        compare_cards({"a": one, "b": Scorecard("junior", 2027, "", one.measures)})


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 40)), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_the_spread_is_that_of_the_seats_themselves(schools: list[tuple[int, int]]) -> None:
    """Listing every seat with its school's utilisation and taking the deviation gives the same number."""
    pupils, seats = zip(*schools, strict=True)
    each = np.repeat(np.array(pupils) / np.array(seats), seats)
    assert utilisation_spread(pupils, seats) == pytest.approx(each.std(), abs=1e-9)


def test_without_seats_there_is_no_spread() -> None:
    """Schools without seats have no utilisation to differ in."""
    assert math.isnan(utilisation_spread([5.0], [0.0]))
