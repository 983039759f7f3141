"""From the raw files a program written from the page alone finds the same transcript, byte by byte."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lottery.cases import DRAND, SEED, SIGNATURE, TERMS, child, public_files, small_seats, small_split
from tests.lottery.replay import replay
from tests.lottery.vectors import small_draws

import zoning
from zoning.lottery import (
    Commitment,
    Committed,
    Revealed,
    commit_seats,
    commit_split,
    dummy_secrets,
    run_draw,
)
from zoning.roster import Roster

WISHES = st.tuples(st.permutations(("P1", "P2", "P3")), st.integers(0, 3), st.integers(1, 2))
SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample" / "roster.csv"


def agree(committed: Committed, files: Mapping[str, bytes], seed: tuple[Revealed, ...] = SEED) -> bool:
    """Tell whether both programs find the same bytes."""
    ours = run_draw(committed, seed, now=DRAND.at).octets()
    return ours == replay(files, [(said.rung, said.value) for said in seed])


@pytest.mark.parametrize(
    "made",
    [
        small_split(),
        small_split(equal=False, capacities=(5, 3)),
        small_split(mode="rehearsal"),
        small_seats(),
    ],
    ids=["equal", "unequal", "rehearsal", "seats"],
)
def test_splits_and_seats_agree(made: Commitment) -> None:
    """The page's own examples follow from the page's own text."""
    assert agree(made.public, public_files(made))


@pytest.mark.parametrize(("name", "committed"), list(small_draws()), ids=lambda value: str(value)[:7])
def test_small_draws_agree(name: str, committed: Committed) -> None:
    """Late batches, teachers and inspections follow from the page's text too."""
    files = {part: getattr(committed, part).octets() for part in ("manifest", "roster", "constraints")}
    assert agree(committed, files), name


@settings(max_examples=60, deadline=None)
@given(
    wishes=st.lists(
        st.tuples(st.permutations(("P1", "P2", "P3")), st.integers(0, 3), st.integers(1, 2)),
        min_size=1,
        max_size=25,
    ),
    twins=st.integers(0, 5),
    places=st.tuples(*[st.integers(0, 5)] * 3),
    dice=st.integers(1, 10**20 - 1),
)
def test_seat_draws_of_random_rosters_agree(
    wishes: list[tuple[list[str], int, int]], twins: int, places: tuple[int, ...], dice: int
) -> None:
    """Asking one by one and asking all at once give one result, with families, tiers and short lists."""
    rows = []
    for n, (order, length, tier) in enumerate(wishes):
        fields = {"choices": tuple(order[:length]), "tier": tier}
        rows.append(child(n, twin_group=f"T{n}" if n < twins else "", **fields))
        if n < twins:
            rows.append(child(100 + n, twin_group=f"T{n}", **fields))
    roster = Roster(tuple(rows))
    seats = tuple(zip(("P1", "P2", "P3"), places, strict=True))
    terms = replace(TERMS, kind="seat", attempts=0, classes=0, levels=(), seats=seats)
    made = commit_seats(roster, terms, dummy_secrets(roster))
    assert agree(made.public, public_files(made), (Revealed(f"{dice:020d}"), Revealed(SIGNATURE)))


def test_the_sample_roster_agrees() -> None:
    """The sample county's 600 children in 12 classes, with every kind of wish, follow from the page."""
    roster = zoning.read_roster(SAMPLE, zoning.sample_district())
    sids = [a.sid for a in roster]
    terms = replace(TERMS, classes=12, levels=("need", "gender", "kindergarten"))
    pairs = [(sids[10 * n], sids[10 * n + 5]) for n in range(25)]
    made = commit_split(roster, terms, dummy_secrets(roster), separate=pairs, need_cap=2)
    assert agree(made.public, public_files(made))
    sizes = replace(terms, equal=False, capacities=(45, 45, 46, 47, 48, 50, 50, 52, 53, 54, 55, 55))
    unequal = commit_split(roster, sizes, dummy_secrets(roster), separate=pairs[:5], need_cap=2)
    assert agree(unequal.public, public_files(unequal))
