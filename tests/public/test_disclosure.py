"""Hidden counts of one publication: whoever solves all its tables together learns no small one."""

from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.public.published import grid, publication_of

from zoning.public import Publication, change_ledger
from zoning.public.ledger.values import Ledger
from zoning.public.notices.result import zone_children

BELOW = 4
TOWN = grid(3, 4, hide_below=BELOW)
BLOCKS = list(TOWN.block_frame.index)


@dataclass(frozen=True)
class Told:
    """A number of a table: the blocks whose children it adds up, and what is shown; None if hidden."""

    where: str
    blocks: tuple[str, ...]
    shown: int | None


def told(publication: Publication, ledger: Ledger) -> list[Told]:
    """Return every number of children that ledger and notice print, and the sum over all zones."""
    assert publication.other is not None
    after = publication.main.plans["primary"]
    now, then = after.zones(), publication.other.plans["primary"].zones()
    stage = ledger["primary"]
    found = [Told(f"block {one.block_id}", (one.block_id,), one.children) for one in stage.changes]
    found += [Told(f"area {one.number}", tuple(one.blocks), one.children) for one in stage.areas]
    for town in stage.towns:
        blocks = tuple(one.block_id for one in stage.changes if one.town == town.town)
        found.append(Told(f"town {town.town}", blocks, town.children))
    every = tuple(one.block_id for one in stage.changes)
    found.append(Told("moved", every, stage.total.children_moved))
    for one in stage.schools:
        has, had = set(now.get(one.school, ())), set(then.get(one.school, ()))
        found.append(Told(f"gained {one.school}", tuple(sorted(has - had)), one.children_gained))
        found.append(Told(f"lost {one.school}", tuple(sorted(had - has)), one.children_lost))
        found.append(Told(f"kept {one.school}", tuple(sorted(has & had)), one.children_stayed))
    zones = zip(after.school_ids, zone_children(publication, "primary", ledger), strict=True)
    found += [Told(f"zone {school}", tuple(now[school]), count) for school, count in zones]
    return found


def span(blocks: tuple[str, ...], tables: list[Told], total: float) -> tuple[float, float]:
    """Return the least and the most children of some blocks that agree with everything that is shown."""

    def row(of: tuple[str, ...]) -> list[float]:
        return [float(block in of) for block in BLOCKS]

    exact = [(row(one.blocks), float(one.shown)) for one in tables if one.shown is not None]
    exact.append(([1.0] * len(BLOCKS), total))
    hidden = [row(one.blocks) for one in tables if one.shown is None]
    bounds = []
    for sign in (1, -1):
        solved = linprog(
            [sign * value for value in row(blocks)],
            A_ub=[[-value for value in one] for one in hidden] or None,
            b_ub=[-1.0] * len(hidden) or None,  # a hidden number is no zero, for those are shown
            A_eq=[one for one, _ in exact],
            b_eq=[value for _, value in exact],
        )
        assert solved.status == 0, solved.message
        bounds.append(sign * float(solved.fun))
    return bounds[0], bounds[1]


school = st.integers(0, 3)
schools = st.lists(school, min_size=len(BLOCKS), max_size=len(BLOCKS))
children = st.lists(st.sampled_from([0, 1, 1, 2, 3, 4, 5, 9, 30]), min_size=len(BLOCKS), max_size=len(BLOCKS))


@settings(max_examples=400, deadline=None)
@given(schools, schools, children)
def test_no_hidden_count_is_found_by_solving_all_tables(
    before: list[int], after: list[int], pupils: list[int]
) -> None:
    """The bounds of every small count hold more than one small value, also for who knows the whole sum.

    A sum of hidden counts is known to be as many as there are of them, and never known to be small.
    """
    assume(before != after and sum(pupils) >= 4 * BELOW)
    publication = publication_of(TOWN, before, after, [float(one) for one in pupils])
    ledger = change_ledger(publication)
    tables = told(publication, ledger)
    true = dict(zip(BLOCKS, pupils, strict=True))
    for one in tables:
        value = sum(true[block] for block in one.blocks)
        assert one.shown in {None, value}, one
        assert one.shown is None or not 0 < one.shown < BELOW, one
        if one.shown is None and 0 < value < BELOW:
            least, most = span(one.blocks, tables, float(sum(pupils)))
            parts = [row for row in tables if row.shown is None and row.where.startswith(("block", "kept"))]
            # A child in each at least, for zeros are shown.
            known = sum(set(part.blocks) <= set(one.blocks) for part in parts)
            assert most >= BELOW - 1e-6, (one, least, most)
            assert least <= max(BELOW - 2, known) + 1e-6, (one, least, most)


@settings(max_examples=60, deadline=None)
@given(schools, schools)
def test_nothing_is_hidden_where_every_number_is_large(before: list[int], after: list[int]) -> None:
    """The rule costs nothing where there is nothing to hide."""
    assume(before != after)
    publication = publication_of(TOWN, before, after, [float(BELOW + at) for at in range(len(BLOCKS))])
    assert all(one.shown is not None for one in told(publication, change_ledger(publication)))
