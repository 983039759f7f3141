"""The audit of seats: exact on draws small enough to enumerate, silent on fair draws, loud on rigged ones."""

import math
from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from tests.lottery.cases import TERMS, child, sid, small_seats, small_split
from tests.lottery.vectors import small_draws

from zoning.errors import DrawError
from zoning.lottery import Committed, commit_seats, deferred_acceptance, dummy_secrets
from zoning.lottery.lots_audit import audit_lots
from zoning.lottery.seat_audit import SeatSimulation, simulate_seats
from zoning.lottery.seats import Applicants
from zoning.roster import Applicant, Roster


def committed(children: list[Applicant], seats: dict[str, int]) -> Committed:
    """Return the public files of an invented seat draw."""
    roster = Roster(tuple(children))
    terms = replace(
        TERMS, kind="seat", draw="seats", attempts=0, classes=0, levels=(), seats=tuple(seats.items())
    )
    return commit_seats(roster, terms, dummy_secrets(roster)).public


def in_order(public: Committed, order: tuple[int, ...]) -> np.ndarray:
    """Return the choices that each child lost when families draw tickets in a given order."""
    asking = Applicants.of(public.roster, public.manifest.seats)
    lost = deferred_acceptance(
        [asking.schools[u] for u in order],
        [asking.tiers[u] for u in order],
        [len(asking.members[u]) for u in order],
        asking.seats,
    )
    of_child = {sid: out for u, out in zip(order, lost, strict=True) for sid in asking.members[u]}
    return np.array([of_child[sid] for sid in public.roster.sids], dtype=np.int16)


def enumerated(public: Committed) -> SeatSimulation:
    """Return every order of the tickets once."""
    count = len(Applicants.of(public.roster, public.manifest.seats).names)
    return SeatSimulation(public, np.array([in_order(public, o) for o in permutations(range(count))]))


@cache
def town() -> Committed:
    """Return sixty invented children who ask for three schools in two tiers; two families have twins."""
    wishes = [("P1", "P2"), ("P1",), ("P2", "P3"), ("P3", "P1", "P2")]
    return committed(
        [
            child(
                n,
                choices=wishes[n // 2 % 4] if n not in (6, 7) else ("P1",),
                tier=1 + n % 5 // 3 if n not in (6, 7, 20, 21) else 2,
                twin_group={6: "A", 7: "A", 20: "B", 21: "B"}.get(n, ""),
            )
            for n in range(60)
        ],
        {"P1": 12, "P2": 10, "P3": 14},
    )


KINDERGARTENS = {sid(n): str(n * 7 % 6) for n in range(60)}


def result_of(public: Committed, lost: np.ndarray) -> dict[str, str]:
    """Return school by child."""
    records = public.roster.records
    return {
        r.sid: r.choices[out].school if out < len(r.choices) else ""
        for r, out in zip(records, lost, strict=True)
    }


@pytest.mark.parametrize("public", [small_seats().public, committed(
    [child(n, choices=("P1", "P2") if n % 2 else ("P1",), tier=1 + n // 4) for n in range(6)],
    {"P1": 2, "P2": 2},
)])  # fmt: skip
def test_simulated_shares_are_the_exact_ones(public: Committed) -> None:
    """Over all orders of the tickets, tried one by one, shares are what the simulation comes to."""
    exact, made = enumerated(public), simulate_seats(public, draws=4000)
    for mine, right in zip(made.admitted, exact.admitted, strict=True):
        share = right.mean(axis=0)
        error = np.sqrt(share * (1 - share) / 4000)
        assert (np.abs(mine.mean(axis=0) - share) <= 4 * error + 1e-12).all()
    for cell, right_cell in zip(made.cells(), exact.cells(), strict=True):
        assert (cell.school, cell.tier, cell.children) == (
            right_cell.school,
            right_cell.tier,
            right_cell.children,
        )
        assert cell.first == pytest.approx(right_cell.first, abs=0.04)


def test_over_all_orders_peers_are_exactly_equal() -> None:
    """With every order once, no single child and no subgroup differs from its peers by anything."""
    public = committed(
        [child(n, choices=("P1", "P2"), twin_group="T" if n > 4 else "") for n in range(7)],
        {"P1": 2, "P2": 2},
    )
    exact = enumerated(public)
    assert len(exact.refused) == math.factorial(6)
    assert (exact.pupils().children, exact.pupils().p) == (5, 1)
    assert exact.pupils().gap == pytest.approx(0, abs=1e-12)
    assert exact.chance({sid(n): str(n % 2) for n in range(7)}).gap == pytest.approx(0, abs=1e-12)
    assert exact.chance({sid(n): str(n % 2) for n in range(7)}).p > 0.99


@pytest.mark.parametrize(("seats", "singles"), [(1, 2), (2, 3), (2, 4), (3, 5), (4, 5)])
def test_twins_gain_what_the_overflow_explains(seats: int, singles: int) -> None:
    """Over all orders, a pair's chance is above a single child's by (S - 1) / (m (m + 1)), as by hand."""
    children = [child(n, choices=("P1",)) for n in range(singles)]
    children += [child(n, choices=("P1",), twin_group="T") for n in (50, 51)]
    exact = enumerated(committed(children, {"P1": seats}))
    found = exact.twins()
    assert found is not None
    assert found.share == pytest.approx(seats / (singles + 1))
    assert found.share - found.peers == pytest.approx((seats - 1) / (singles * (singles + 1)))
    assert 0 <= found.share - found.peers <= found.allowance
    assert exact.overflow().most == exact.overflow().limit == 1


def test_a_fair_draw_is_not_accused() -> None:
    """Of 200 series of honest draws few have small p-values, for children, subgroups and a named list."""
    every = simulate_seats(town(), draws=8000)
    series = [SeatSimulation(town(), every.refused[at : at + 40]) for at in range(0, 8000, 40)]
    assert sum(one.pupils().p < 0.01 for one in series) <= 8
    assert sum(one.chance(KINDERGARTENS).p < 0.01 for one in series) <= 8
    others = SeatSimulation(town(), every.refused[:500])
    results = [result_of(town(), lost) for lost in every.refused[1000:1200]]
    named = [others.named(result, [sid(n) for n in range(0, 60, 5)]).p for result in results]
    balance = [others.balance_p(result, KINDERGARTENS) for result in results]
    for ps in (named, balance):
        assert sum(p <= 0.05 for p in ps) <= 23  # 10 are expected; more than 23 once in 10,000 tries
        assert sum(p < 0.01 for p in ps) <= 9


def test_named_children_always_first_are_seen() -> None:
    """A draw in which the children of a list drew the first tickets has a small p, and only then."""
    made = simulate_seats(town(), draws=500)
    names = Applicants.of(town().roster, town().manifest.seats).names
    share = dict(zip(town().roster.sids, made.admitted[0].mean(axis=0), strict=True))
    named = [name for name in names if 0.2 < share[name] < 0.8][::2]
    order = sorted(range(len(names)), key=lambda u: (names[u] not in named, names[u]))
    rigged = result_of(town(), in_order(town(), tuple(order)))
    found = made.named(rigged, named)
    assert found.p < 0.01
    assert found.found > found.usual + 2
    assert found.listed == len(named) > 5
    assert made.balance_p(rigged, {s: str(s in named) for s in town().roster.sids}) < 0.01
    fair = result_of(town(), simulate_seats(town(), draws=1, seed=9).refused[0])
    assert made.named(fair, named).p > 0.01


def test_a_favoured_child_and_a_favoured_subgroup_are_seen() -> None:
    """One child who never loses, or a kindergarten that loses less often, stands out among its peers."""
    made = simulate_seats(town(), draws=400)
    first = made.admitted[0].mean(axis=0)
    one = int(np.abs(first - 0.5 - 100 * (made.size > 1)).argmin())
    lost = made.refused.copy()
    lost[:, one] = 0
    assert made.pupils().p > 0.01
    assert SeatSimulation(town(), lost).pupils().p < 1e-6
    lost = made.refused.copy()
    rows = np.array([KINDERGARTENS[s] == "2" for s in town().roster.sids])
    lost[:80, rows] = 0
    assert made.chance(KINDERGARTENS).p > 0.01
    assert SeatSimulation(town(), lost).chance(KINDERGARTENS).p < 0.001


def test_a_subgroup_is_compared_with_its_peers_only() -> None:
    """Children of a lower tier are admitted less often by rule; a subgroup of them is not accused of it."""
    tiers = {r.sid: str(r.choices[0].tier) for r in town().roster.records}
    made = simulate_seats(town(), draws=400)
    assert made.cells()[0].first > made.cells()[1].first + 0.2
    assert made.chance(tiers).gap == pytest.approx(0, abs=1e-12)


def test_children_without_peers_are_compared_with_nobody() -> None:
    """Where all choices differ, or all children are twins, the audit says so and divides by nothing."""
    lone = committed(
        [child(n, choices=wish) for n, wish in enumerate([("P1",), ("P2",), ("P1", "P2"), ()])],
        {"P1": 1, "P2": 0},
    )
    twins = committed([child(n, choices=("P1",), twin_group=str(n // 2)) for n in range(4)], {"P1": 2})
    for public, values in ((lone, 4), (twins, 0)):
        made = simulate_seats(public, draws=30)
        assert (made.pupils().children, made.pupils().p) == (0, 1)
        found = made.chance({s: s for s in public.roster.sids})
        assert (found.values, found.gap, found.p) == (values, 0, 1)
        assert (made.twins(), made.spread()) == (None, None)
        assert made.overflow().most <= made.overflow().limit
        assert sum(cell.children for cell in made.cells()) == sum(map(bool, made.wishes))


def test_the_table_after_the_draw_holds_its_figures() -> None:
    """Admitted children are counted by school and tier, within what is usual for a simulated draw itself."""
    made = simulate_seats(town(), draws=300)
    result = result_of(town(), made.refused[7])
    cells = made.cells_after(result)
    got = sum(r.choices[0].school == result[r.sid] for r in town().roster.records)
    assert sum(cell.admitted for cell in cells) == got
    assert all(cell.low - 1 <= cell.admitted <= cell.high + 1 for cell in cells)
    assert made.overflow(result).most <= made.overflow(result).limit == 1


def test_the_same_series_gives_the_same_seats() -> None:
    """An audit of seats can be repeated bit for bit; another series gives other draws."""
    few = simulate_seats(town(), draws=5)
    assert np.array_equal(few.refused, simulate_seats(town(), draws=9).refused[:5])
    assert not np.array_equal(few.refused, simulate_seats(town(), draws=5, seed=2).refused)


def test_small_draws_are_uniform() -> None:
    """Teachers have each group, schools are chosen, and late children without a wish join equally often."""
    for kind, public in small_draws():
        found = audit_lots(public, draws=1500)
        assert found.p > 0.01, kind
        assert found.gap < 0.06, kind
        total = {"inspect": public.manifest.choose}.get(public.manifest.kind, found.items)
        assert sum(found.mean) == pytest.approx(total)


def test_a_draw_of_another_kind_is_refused() -> None:
    """Each simulation takes its own kind of draw, and at least one of it."""
    for simulate, public in ((simulate_seats, small_split().public), (audit_lots, town())):
        with pytest.raises(DrawError, match="one draw or more"):
            simulate(public, draws=10)
    with pytest.raises(DrawError, match="one draw or more"):
        simulate_seats(town(), draws=0)
