"""The audit: equal chances are seen to be equal, and every way to be unequal is seen."""

from dataclasses import replace

import numpy as np
import pytest
from tests.lottery.cases import child, sid, small_seats, small_split
from tests.lottery.vectors import lowtech

from zoning.errors import DrawError
from zoning.lottery.audit import Simulation, simulate
from zoning.lottery.lowtech import published_splits

PUBLIC = small_split().public
MADE = simulate(PUBLIC, draws=2000)
SIDS = PUBLIC.roster.sids
GENDERS = {sid(n): child(n).gender or "" for n in range(8)}


def result(at: int) -> dict[str, int]:
    """Return the result of one simulated draw."""
    return {one: int(home) for one, home in zip(SIDS, MADE.placed[at], strict=True)}


def test_an_honest_split_has_equal_chances() -> None:
    """Sizes, strata and every child's chances come out as proved, twins and pairs included."""
    assert MADE.size_gap == 0
    assert MADE.uneven == 0
    pupils, twins = MADE.pupils(), MADE.chance({one: str(one in {sid(1), sid(2)}) for one in SIDS})
    assert pupils.children == 8
    assert pupils.p > 0.01
    assert pupils.gap < 0.05
    assert twins.score < 4
    assert twins.p > 0.01
    assert MADE.chance(GENDERS).values == 2
    assert MADE.chance(GENDERS).score == 0  # a stratum has the same share in every draw
    assert MADE.chance(GENDERS).p == pytest.approx(1)
    assert [(s.label, s.children, s.least, s.most) for s in MADE.strata] == [
        ("L00", 8, 4, 4), ("L01", 4, 2, 2), ("L02", 4, 2, 2)
    ]  # fmt: skip
    assert sum(MADE.spread().observed) == 8 * 2


def test_the_same_series_gives_the_same_draws() -> None:
    """An audit can be repeated bit for bit; another series gives other draws."""
    assert np.array_equal(simulate(PUBLIC, draws=50).placed, MADE.placed[:50])
    assert not np.array_equal(simulate(PUBLIC, draws=50, seed=2).placed, MADE.placed[:50])


def test_a_favoured_child_is_seen() -> None:
    """A child who comes to class 1 in 60 of 100 draws stands out from chance."""
    placed = MADE.placed.copy()
    placed[: len(placed) // 5, 0] = 1
    bent = Simulation(PUBLIC, placed, MADE.attempts)
    assert bent.pupils().p < 1e-6
    assert bent.pupils().gap > 0.08
    assert bent.chance({one: str(one == SIDS[0]) for one in SIDS}).score > 6
    assert bent.chance({one: str(one == SIDS[0]) for one in SIDS}).p < 1e-6
    assert bent.uneven > 0
    assert bent.size_gap > 0


def test_the_table_shows_every_cell_with_its_bounds() -> None:
    """Of each stratum and class the children stand beside the even share rounded down and up."""
    table = MADE.shares(result(0))
    assert len(table) == 3 * 2
    assert all(share.ok for share in table)
    assert {(s.least, s.most) for s in table} == {(4, 4), (2, 2)}
    moved = result(0) | dict.fromkeys(SIDS[:3], 1)
    assert not all(share.ok for share in MADE.shares(moved))


def test_an_uneven_attribute_has_a_small_p() -> None:
    """An attribute that is the split itself is as rare as one of the six splits that the wishes allow."""
    drawn = result(0)
    assert MADE.balance_p(drawn, {one: str(drawn[one]) for one in SIDS}) == pytest.approx(1 / 6, abs=0.03)
    assert MADE.balance_p(drawn, dict.fromkeys(SIDS, "same")) == pytest.approx(1)


def test_p_values_of_honest_draws_are_spread() -> None:
    """Honest draws are not accused: few of them have a small p."""
    values = {one: str(at % 4) for at, one in enumerate(SIDS)}
    ps = [MADE.balance_p(result(at), values) for at in range(100)]
    assert sum(p <= 0.05 for p in ps) <= 12


def test_connected_children_in_one_class_are_seen() -> None:
    """Four named children in one class are counted, with how rarely that happens."""
    drawn = result(0)
    friends = [one for one in SIDS if drawn[one] == 1]
    found = MADE.named(drawn, friends)
    assert (found.listed, found.found) == (4, 4)
    assert 2 < found.usual < 4
    assert found.p == pytest.approx(1 / 6, abs=0.03)


def test_a_subgroup_that_never_moves_is_seen() -> None:
    """A child pinned to one class has no spread at all, and must not pass for that reason."""
    placed = MADE.placed[:200].copy()
    placed[:, 0] = 1
    pinned = Simulation(PUBLIC, placed, MADE.attempts)
    assert pinned.chance({one: str(one == SIDS[0]) for one in SIDS}).p < 1e-6


def test_fair_splits_are_not_accused() -> None:
    """Of forty series of honest draws hardly any has a p-value below 0.01, whatever is looked at."""
    values = {one: str(at % 5) for at, one in enumerate(SIDS)}
    series = [Simulation(PUBLIC, MADE.placed[at : at + 50], MADE.attempts) for at in range(0, 2000, 50)]
    assert sum(one.pupils().p < 0.01 for one in series) <= 3
    assert sum(one.chance(values).p < 0.01 for one in series) <= 3


def test_every_wish_keeps_its_chance() -> None:
    """A group and a pair reach every class about equally often; a pinned one would be seen."""
    free = MADE.freedom()
    assert [f.kind for f in free] == ["together", "separate"]
    assert all(f.reached == 2 and f.largest < 0.55 for f in free)
    pinned = Simulation(PUBLIC, np.ones_like(MADE.placed), MADE.attempts).freedom()
    assert all(f.reached == 1 and f.largest == pytest.approx(1) for f in pinned)


def test_only_splits_are_simulated() -> None:
    """A seat draw, no draws at all and a changed roster are refused in words."""
    for public, draws in ((small_seats().public, 10), (PUBLIC, 0)):
        with pytest.raises(DrawError, match="one draw or more"):
            simulate(public, draws=draws)
    with pytest.raises(DrawError, match="not the one committed"):
        simulate(replace(PUBLIC, manifest=replace(PUBLIC.manifest, n=9)), draws=1)


def test_the_low_tech_mode_is_audited_by_its_own_splits() -> None:
    """Where the balls choose one of 1,000 published splits, just these are looked at, whatever the series."""
    public = lowtech()
    made = simulate(public, draws=5000, seed=7)
    table = [line.split(",")[1:] for line in published_splits(public).decode().splitlines()[1:]]
    assert np.array_equal(made.placed, np.array(table, dtype=np.int16).T)
