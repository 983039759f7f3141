"""The laws that a proof of optimality rests on, against every plan of tiny towns and exact arithmetic."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.zones.brute import kept_plans, relaxed, tiny_problems
from tests.zones.checker import CutRow, Town, check_plan, cut_is_valid, open_cells, proved_bound

from zoning.zones import Cut, Multipliers, ZoneProblem, lower_bound, neighbours_of, reachable_cells
from zoning.zones.certificate import cut_holds

many = settings(max_examples=150, deadline=None)


def drawn_prices(data: st.DataObject, problem: ZoneProblem) -> np.ndarray:
    """Draw a price for each limit that exists: any size, any sign that the limit allows."""
    prices = np.zeros(problem.rows.upper.shape)
    for r, k in np.ndindex(prices.shape):
        signs = [0, *([1] if np.isfinite(problem.rows.upper[r, k]) else [])]
        signs += [-1] if np.isfinite(problem.rows.lower[r, k]) else []
        prices[r, k] = data.draw(st.sampled_from(signs)) * data.draw(st.floats(0, 60))
    return prices


def drawn_cuts(data: st.DataObject, problem: ZoneProblem, most: int = 6) -> list[CutRow]:
    """Draw cuts and keep those that hold; separators from next to nothing to nearly everything."""
    town, rows = Town(problem), []
    for v, k in data.draw(
        st.lists(st.tuples(*map(st.sampled_from, (town.blocks, town.schools))), max_size=most)
    ):
        left_out = data.draw(st.frozensets(st.sampled_from(town.blocks), max_size=3))
        separator = tuple(sorted({*town.blocks} - left_out - {town.home[k]}))
        rows.append((v, k, separator, data.draw(st.floats(0, 200))))
    return [row for row in rows if cut_is_valid(town, row)]


def to_cuts(rows: list[CutRow]) -> tuple[Cut, ...]:
    """Return cuts as the engine takes them."""
    return tuple(Cut(v, k, np.array(s, dtype=np.int32), float(worth)) for v, k, s, worth in rows)


def every_cut(problem: ZoneProblem) -> list[CutRow]:
    """Return every separator cut that holds and would not hold with a block less."""
    town, found = Town(problem), []
    for v, k in itertools.product(town.blocks, town.schools):
        least: list[set[int]] = []
        others = [i for i in town.blocks if i != v]
        for size in range(len(others) + 1):
            for separator in itertools.combinations(others, size):
                inside = any(smaller <= set(separator) for smaller in least)
                if not inside and cut_is_valid(town, (v, k, separator, 1.0)):
                    least.append(set(separator))
                    found.append((v, k, separator, 1.0))
    return found


@given(tiny_problems(), st.data())
@many
def test_no_plan_costs_less_than_any_bound(problem: ZoneProblem, data: st.DataObject) -> None:
    """Whatever prices and valid cuts are taken, the cheapest plan that keeps the rules is not below them."""
    prices, cuts = drawn_prices(data, problem), drawn_cuts(data, problem)
    bound = lower_bound(problem, Multipliers(prices, to_cuts(cuts)))
    exact = proved_bound(problem, prices.tolist(), cuts, exact=True)
    assert bound == pytest.approx(float(exact), rel=1e-9, abs=1e-7)
    assert proved_bound(problem, prices.tolist(), cuts) == pytest.approx(bound, rel=1e-9, abs=1e-7)
    for cost, _ in kept_plans(problem):
        # A plan may pass each limit by the documented tolerance, worth its price.
        assert exact <= cost + Fraction(1e-6) * sum(map(Fraction, np.abs(prices).ravel().tolist()))


@given(tiny_problems())
@settings(max_examples=60, deadline=None)
def test_the_best_prices_prove_the_whole_relaxation_and_no_more(problem: ZoneProblem) -> None:
    """With the duals of the relaxation under every cut the bound reaches it, and still no plan is below."""
    cuts = every_cut(problem)[:400]
    found = relaxed(problem, cuts)
    plans = kept_plans(problem)
    if found is None:
        assert not plans
        return
    value, prices, worth = found
    rows = [(v, k, s, w) for (v, k, s, _), w in zip(cuts, worth, strict=True) if w > 0]
    bound = lower_bound(problem, Multipliers(prices, to_cuts(rows)))
    assert bound >= value - 1e-6 * max(1.0, abs(value))
    assert bound == pytest.approx(float(proved_bound(problem, prices.tolist(), rows, exact=True)), abs=1e-6)
    if plans:
        assert bound <= float(min(plans)[0]) + 1e-4


@given(tiny_problems(), st.data())
@many
def test_a_cut_that_the_engine_accepts_holds_in_every_plan(problem: ZoneProblem, data: st.DataObject) -> None:
    """In no plan that keeps the rules is a cut's block in the zone without a block of the separator."""
    reach = reachable_cells(problem)
    town = Town(problem)
    plans = kept_plans(problem)
    spots = st.integers(0, problem.blocks - 1)
    for _ in range(8):
        v, k = data.draw(spots), data.draw(st.integers(0, problem.schools - 1))
        separator = data.draw(st.frozensets(spots))
        if data.draw(st.booleans()):
            separator = frozenset(town.blocks) - {town.home[k]} - separator
        row = (v, k, tuple(sorted(separator)), 1.0)
        holds = cut_holds(problem, reach, to_cuts([row])[0])
        assert holds == cut_is_valid(town, row)
        if holds:
            assert all(plan[v] != k or any(plan[u] == k for u in separator) for _, plan in plans)
        else:
            with pytest.raises(ValueError, match=f"the cut of block {v} and school {k} does not hold"):
                lower_bound(problem, Multipliers(np.zeros(problem.rows.upper.shape), to_cuts([row])))


@given(tiny_problems())
@many
def test_no_plan_uses_a_closed_cell(problem: ZoneProblem) -> None:
    """A cell that is closed for want of a way within the limits is used by no plan that keeps the rules."""
    reach = reachable_cells(problem)
    town = Town(problem)
    assert set(np.flatnonzero(reach.stranded).tolist()) == town.stranded
    assert {i: set(np.flatnonzero(row).tolist()) for i, row in enumerate(reach.open)} == open_cells(town)
    for _, plan in kept_plans(problem):
        assert all(reach.open[i, k] for i, k in enumerate(plan)), plan


@given(tiny_problems(), st.data())
@many
def test_the_engine_prices_a_plan_as_the_checker_does(problem: ZoneProblem, data: st.DataObject) -> None:
    """Cost, broken rules and detached blocks of any plan agree with a second calculation."""
    from zoning.zones import detached_blocks

    plan = [data.draw(st.sampled_from(np.flatnonzero(row).tolist())) for row in problem.allowed]
    seen = check_plan(problem, plan)
    school = np.array(plan, dtype=np.int32)
    assert problem.cost_of(school) == pytest.approx(seen.cost, abs=1e-6)
    assert problem.is_kept(school) == (not seen.broken)
    if problem.contiguous:
        loose = detached_blocks(problem, school) & ~reachable_cells(problem).stranded
        assert np.flatnonzero(loose).tolist() == list(seen.detached)


@given(tiny_problems(), st.data())
@many
def test_a_certificate_by_name_proves_the_same(problem: ZoneProblem, data: st.DataObject) -> None:
    """Written with names and read again, prices and cuts give the bound to the last bit."""
    given_ = Multipliers(drawn_prices(data, problem), to_cuts(drawn_cuts(data, problem)))
    blocks = tuple(f"block {i}" for i in range(problem.blocks))
    schools = tuple(f"school {k}" for k in range(problem.schools))
    again = Multipliers.of_names(given_.named(problem, blocks, schools), problem, blocks, schools)
    assert lower_bound(problem, again) == lower_bound(problem, given_)
    assert again.prices.tolist() == given_.prices.tolist()
    assert [cut.separator.tolist() for cut in again.cuts] == [cut.separator.tolist() for cut in given_.cuts]


@pytest.mark.parametrize("worth", [-1.0, math.nan, math.inf])
@given(problem=tiny_problems())
@settings(max_examples=20, deadline=None)
def test_a_cut_of_no_worth_is_refused(problem: ZoneProblem, worth: float) -> None:
    """A multiplier below 0 or not finite proves nothing."""
    zero = np.zeros(problem.rows.upper.shape)
    cuts = to_cuts([(0, 0, tuple(range(problem.blocks)), worth)])
    with pytest.raises(ValueError, match="does not hold"):
        lower_bound(problem, Multipliers(zero, cuts))


@pytest.mark.parametrize(
    ("block", "school", "separator"), [(2, 0, -2), (2, 0, 3), (3, 0, 1), (-1, 0, 1), (2, 2, 1), (2, -2, 1)]
)
def test_a_cut_outside_the_problem_is_refused(block: int, school: int, separator: int) -> None:
    """A position below 0 or past the end proves nothing: -2 closes a block and is then not paid for.

    A street of three blocks where all go to school 0 at no cost: with the separator written as -2 the bound
    would come out as the cut's whole worth, 9, above the cost of that plan, 0.
    """
    indptr, indices = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    street = ZoneProblem(
        demand=np.ones(3),
        cost=np.array([[0.0, 9], [0, 9], [0, 9]]),
        allowed=np.ones((3, 2), dtype=np.bool_),
        capacity=np.array([3.0, 3]),
        indptr=indptr,
        indices=indices,
        home=np.array([0, 2], dtype=np.int32),
    )
    cuts = to_cuts([(block, school, (separator,), 9.0)])
    with pytest.raises(ValueError, match=f"the cut of block {block} and school {school} does not hold"):
        lower_bound(street, Multipliers(np.zeros((1, 2)), cuts))


@given(tiny_problems(), st.sampled_from([math.nan, math.inf, -math.inf]))
@settings(max_examples=20, deadline=None)
def test_a_price_that_is_no_number_is_refused(problem: ZoneProblem, price: float) -> None:
    """A bound is never evaluated from a price that is not finite."""
    prices = np.zeros(problem.rows.upper.shape)
    prices[0, 0] = price
    with pytest.raises(ValueError, match="one finite price for every load rule and school"):
        lower_bound(problem, Multipliers(prices))


@given(tiny_problems())
@settings(max_examples=40, deadline=None)
def test_a_price_on_no_limit_is_refused(problem: ZoneProblem) -> None:
    """Seats have no lower limit, so a hard capacity takes no price below 0; nothing to prove from it."""
    prices = np.zeros(problem.rows.upper.shape)
    prices[0, 0] = -1.0
    if problem.capacity_price > 0:
        with pytest.raises(ValueError, match="a price stands on a limit that does not exist"):
            lower_bound(problem, Multipliers(prices))
    else:
        assert lower_bound(problem, Multipliers(prices)) >= 0
