"""The seat draw: stable, monotone, fair to twins; and the small draws of the same engine."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lottery.cases import DRAND, SEED, chance, child, sid, small_seats
from tests.lottery.vectors import small_draws

from zoning.errors import DrawError
from zoning.lottery import (
    Choice,
    Constraints,
    PublicRecord,
    PublicRoster,
    commit_seats,
    deferred_acceptance,
    draw_seats,
    dummy_secrets,
    run_draw,
    verify_draw,
)
from zoning.lottery.lots import choose_items, draw_teachers, place_late
from zoning.roster import Roster

Market = tuple[list[list[int]], list[list[int]], list[int], list[int]]


@st.composite
def markets(draw: st.DrawFn, *, families: bool = False) -> Market:
    """Draw up to five applicants for up to three schools."""
    schools = draw(st.integers(1, 3))
    count = draw(st.integers(1, 5))
    wishes = [
        list(draw(st.permutations(range(schools))))[: draw(st.integers(0, schools))] for _ in range(count)
    ]
    tiers = [[draw(st.integers(1, 2)) for _ in wish] for wish in wishes]
    sizes = [draw(st.integers(1, 3)) if families else 1 for _ in range(count)]
    return wishes, tiers, sizes, [draw(st.integers(0, 2)) for _ in range(schools)]


def is_stable(market: Market, refused: Sequence[int]) -> bool:
    """Tell, by the definition, whether no school would rather hold somebody who would rather be there."""
    wishes, tiers, sizes, seats = market
    at = [wish[out] if out < len(wish) else None for wish, out in zip(wishes, refused, strict=True)]

    def key(unit: int, school: int) -> tuple[int, int]:
        return tiers[unit][wishes[unit].index(school)], unit

    def ahead(unit: int, school: int) -> int:
        return sum(sizes[u] for u in range(len(at)) if at[u] == school and key(u, school) < key(unit, school))

    for unit, out in enumerate(refused):
        if any(ahead(unit, school) < seats[school] for school in wishes[unit][:out]):
            return False
        school = at[unit]
        if school is not None and ahead(unit, school) >= seats[school]:
            return False
    return True


@settings(max_examples=150, deadline=None)
@given(market=st.one_of(markets(), markets(families=True)))
def test_the_result_is_the_best_stable_one(market: Market) -> None:
    """Among all stable matchings, found by trying every one, no applicant does better in another."""
    wishes = market[0]
    found = deferred_acceptance(*market)
    stable = [
        outs
        for outs in itertools.product(*(range(len(wish) + 1) for wish in wishes))
        if is_stable(market, outs)
    ]
    assert tuple(found) in stable
    assert all(mine <= other for outs in stable for mine, other in zip(found, outs, strict=True))


@settings(max_examples=100, deadline=None)
@given(market=markets(), data=st.data())
def test_nobody_gains_by_another_list(market: Market, data: st.DataObject) -> None:
    """A single child's true list is its best list, so that parents need no tactics."""
    wishes, tiers, sizes, seats = market
    unit = data.draw(st.integers(0, len(wishes) - 1))
    order = data.draw(st.permutations(range(len(wishes[unit]))))[
        : data.draw(st.integers(0, len(wishes[unit])))
    ]
    honest = deferred_acceptance(*market)[unit]
    told = [[*w] for w in wishes], [[*t] for t in tiers]
    told[0][unit] = [wishes[unit][i] for i in order]
    told[1][unit] = [tiers[unit][i] for i in order]
    out = deferred_acceptance(*told, sizes, seats)[unit]
    if out < len(order):
        assert order[out] >= honest


@settings(max_examples=60, deadline=None)
@given(market=markets(families=True))
def test_a_school_overflows_by_less_than_a_family(market: Market) -> None:
    """The last family is admitted whole, and no school takes more than its size less one beyond the seats."""
    wishes, _, sizes, seats = market
    refused = deferred_acceptance(*market)
    for school, places in enumerate(seats):
        held = [
            size
            for wish, out, size in zip(wishes, refused, sizes, strict=True)
            if out < len(wish) and wish[out] == school
        ]
        assert sum(held) <= places + max([0, *(size - 1 for size in held)])


def one_school(singles: int, pairs: int) -> PublicRoster:
    """Return single children and pairs of twins who all choose one school."""
    wish = (Choice("P1", 1),)
    records = [PublicRecord(sid(n), "0" * 64, (), wish, sid(n)) for n in range(singles)]
    for n in range(pairs):
        twins = sorted((sid(1000 + 2 * n), sid(1001 + 2 * n)))
        records += [PublicRecord(twin, "0" * 64, (), wish, twins[0]) for twin in twins]
    return PublicRoster(tuple(records))


@pytest.mark.slow
def test_twins_have_a_single_childs_chance() -> None:
    """A family ticket gives twins the chance of a single child, far from that of two tickets (0.511)."""
    roster = one_school(180, 10)
    twins = set(roster.sids) - {sid(n) for n in range(180)}
    got = dict.fromkeys(roster.sids, 0)
    draws = 3000
    for n in range(draws):
        for name, school in draw_seats(roster, [("P1", 60)], chance(n)).placed:
            got[name] += school != ""
    share = {kind: [got[s] / draws for s in roster.sids if (s in twins) == kind] for kind in (False, True)}
    assert sum(share[False]) / 180 == pytest.approx(0.300, abs=0.004)
    assert sum(share[True]) / 20 == pytest.approx(0.302, abs=0.012)


def test_a_tier_goes_before_every_ticket() -> None:
    """No luck carries a child past one with a better right to the seat."""
    wish = {tier: (Choice("P1", tier),) for tier in (1, 2)}
    records = [PublicRecord(sid(n), "0" * 64, (), wish[1 + n % 2], sid(n)) for n in range(40)]
    draw = draw_seats(PublicRoster(tuple(records)), [("P1", 25)], chance(3))
    got = {name for name, school in draw.placed if school}
    assert {sid(n) for n in range(0, 40, 2)} <= got
    assert len(got) == 25


def test_the_waiting_list_is_the_rest_of_the_same_order() -> None:
    """Two seats more would have gone to the first two who wait; nothing is drawn again."""
    records = [PublicRecord(sid(n), "0" * 64, (), (Choice("P1", 1),), sid(n)) for n in range(20)]
    roster = PublicRoster(tuple(records))
    few, more = (draw_seats(roster, [("P1", seats)], chance(4)) for seats in (5, 7))
    new = {s for s, school in more.placed if school} - {s for s, school in few.placed if school}
    assert set(few.waiting["P1"][:2]) == new
    assert few.waiting["P1"][2:] == more.waiting["P1"]


def test_twins_with_other_choices_have_tickets_of_their_own() -> None:
    """Twins share a ticket only where one ticket can mean the same for both."""
    made = small_seats().public.roster
    families = {record.sid: record.family for record in made.records}
    assert families[sid(3)] == families[sid(4)] == min(sid(3), sid(4))
    apart = Roster(tuple(child(n, twin_group="T1", choices=("P1",) if n else ("P2",)) for n in (0, 1)))
    terms = replace(small_seats().public.manifest, draw="apart")
    records = commit_seats(apart, terms, dummy_secrets(apart)).public.roster.records
    assert [record.family for record in records] == [record.sid for record in records]


@pytest.mark.parametrize("fault", ["unknown", "twice", "tier", "family", "other choices"])
def test_choices_that_cannot_be_are_refused(fault: str) -> None:
    """A choice without a school, or a family that does not agree, is named by its number."""
    twins = sorted((sid(0), sid(1)))
    records = [PublicRecord(twin, "0" * 64, (), (Choice("P1", 1),), twins[0]) for twin in twins]
    if fault == "unknown":
        records[0] = replace(records[0], choices=(Choice("P9", 1),))
    elif fault == "twice":
        records[0] = replace(records[0], choices=(Choice("P1", 1), Choice("P1", 1)))
    elif fault == "tier":
        records[0] = replace(records[0], choices=(Choice("P1", 0),))
    elif fault == "family":
        records = [replace(record, family=twins[1]) for record in records]
    else:
        records[1] = replace(records[1], choices=(Choice("P1", 2),))
    reason = "The family of" if fault in ("family", "other choices") else f"{twins[0]} chooses a school"
    with pytest.raises(DrawError, match=reason):
        draw_seats(PublicRoster(tuple(records)), [("P1", 1)], chance(0))


def test_a_large_draw_is_stable() -> None:
    """A city's draw fills every seat that is wanted, and turns away only whom better ones beat."""
    count, schools = 20_000, 50
    wishes = [[(n * 7 + j * j) % schools for j in range(1, 5)] for n in range(count)]
    wishes = [list(dict.fromkeys(wish)) for wish in wishes]
    tiers = [[1 + (n + s) % 3 for s in wish] for n, wish in enumerate(wishes)]
    refused = deferred_acceptance(wishes, tiers, [1] * count, [300] * schools)
    held = Counter(wish[out] for wish, out in zip(wishes, refused, strict=True) if out < len(wish))
    assert set(held.values()) == {300}
    worst: dict[int, tuple[int, int]] = {}
    for n, (wish, out) in enumerate(zip(wishes, refused, strict=True)):
        if out < len(wish):
            worst[wish[out]] = max(worst.get(wish[out], (0, 0)), (tiers[n][out], n))
    for n, (wish, out) in enumerate(zip(wishes, refused, strict=True)):
        assert all((tiers[n][i], n) > worst[s] for i, s in enumerate(wish[:out]))


def test_late_children_fill_the_smallest_classes() -> None:
    """A late batch evens classes out, keeps its twins together and closed classes closed."""
    roster = PublicRoster(tuple(PublicRecord(sid(n), "0" * 64) for n in range(6)))
    asked = Constraints(
        together=((sid(0), sid(1)),), separate=((sid(2), sid(3)),), closed=((sid(4), 1), (sid(4), 2))
    )
    for key in range(50):
        placed = dict(place_late(roster, [10, 8, 9], asked, chance(key)))
        assert placed[sid(0)] == placed[sid(1)]
        assert placed[sid(2)] != placed[sid(3)]
        assert placed[sid(4)] == 3
    alone = dict(place_late(PublicRoster(roster.records[:1]), [10, 8, 9], Constraints(), chance(0)))
    assert list(alone.values()) == [2]
    shut = Constraints(closed=tuple((roster.sids[0], c) for c in (1, 2, 3)))
    with pytest.raises(DrawError, match="No class is open to"):
        place_late(PublicRoster(roster.records[:1]), [10, 8, 9], shut, chance(0))


def test_teachers_and_inspections_are_drawn_evenly() -> None:
    """Every order of three teachers, and every pair of four schools, comes equally often."""
    orders = Counter(draw_teachers(("T1", "T2", "T3"), chance(n)) for n in range(6000))
    assert len(orders) == 6
    assert sum((seen - 1000) ** 2 / 1000 for seen in orders.values()) < 20.5  # chi-square, 5 df, 0.1 %
    pairs = Counter(
        frozenset(item for item, _ in choose_items(("P1", "P2", "P3", "P4"), 2, chance(n)))
        for n in range(6000)
    )
    assert len(pairs) == 6
    assert sum((seen - 1000) ** 2 / 1000 for seen in pairs.values()) < 20.5


def test_every_kind_of_draw_replays() -> None:
    """Late batches, teachers and inspections verify from public files like a split."""
    for _, committed in small_draws():
        files = {
            "manifest": committed.manifest.octets(),
            "roster": committed.roster.octets(),
            "constraints": committed.constraints.octets(),
        }
        done = run_draw(committed, SEED, now=DRAND.at)
        assert verify_draw(done.octets(), files).transcript == done
