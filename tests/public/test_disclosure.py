"""Hidden counts of one publication: whoever solves all its tables together learns no small one."""

from dataclasses import dataclass, replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.public.published import SCHOOLS, grid, publication_of

from zoning.plan import Plan
from zoning.public import Publication, change_ledger
from zoning.public.ledger.values import Ledger
from zoning.public.notices.result import zone_children

BELOW = 4
TOWN = grid(3, 4, hide_below=BELOW)
BLOCKS = list(TOWN.block_frame.index)


SEATS = dict(zip(SCHOOLS, (300.0, 500.0, 200.0, 400.0), strict=True))

Parts = dict[str, float]


@dataclass(frozen=True)
class Told:
    """A number of a table: the part of each block's children in it, and what is shown; None if hidden."""

    where: str
    parts: Parts
    shown: int | None

    def of(self, children: dict[str, float]) -> float:
        """Return the number itself."""
        return sum(part * children[block] for block, part in self.parts.items())


def shares(zones: Plan, block: str) -> Parts:
    """Return the part of a block's children that each of its schools has."""
    every = zones[block]
    return {school: SEATS[school] / sum(SEATS[one] for one in every) for school in every}


def told(publication: Publication, ledger: Ledger) -> list[Told]:
    """Return every number of children that ledger and notice print."""
    after = publication.main.plans["primary"]
    found = []
    if publication.other is not None:
        found = of_ledger(after, publication.other.plans["primary"], ledger)
    now = {block: shares(after, block) for block in BLOCKS}
    for school, count in zip(after.school_ids, zone_children(publication, "primary", ledger), strict=True):
        parts = {block: now[block][school] for block in BLOCKS if school in now[block]}
        found.append(Told(f"zone {school}", parts, count))
    return found


def of_ledger(after: Plan, before: Plan, ledger: Ledger) -> list[Told]:
    """Return every number of children of the ledger."""
    now = {block: shares(after, block) for block in BLOCKS}
    then = {block: shares(before, block) for block in BLOCKS}
    stage = ledger["primary"]
    moved = {
        one.block_id: sum(
            part for school, part in now[one.block_id].items() if school not in then[one.block_id]
        )
        for one in stage.changes
    }
    found = [
        Told(f"block {one.block_id}", {one.block_id: moved[one.block_id]}, one.children) for one in ledger
    ]
    found += [
        Told(f"area {area.number}", {block: moved[block] for block in area.blocks}, area.children)
        for area in stage.areas
    ]
    for town in stage.towns:
        parts = {one.block_id: moved[one.block_id] for one in stage.changes if one.town == town.town}
        found.append(Told(f"town {town.town}", parts, town.children))
    found.append(Told("moved", moved, stage.total.children_moved))
    for one in stage.schools:
        both = {
            block: (then[block].get(one.school, 0.0), now[block].get(one.school, 0.0)) for block in BLOCKS
        }
        gained = {block: new - old for block, (old, new) in both.items() if new > old}
        lost = {block: old - new for block, (old, new) in both.items() if old > new}
        found.append(Told(f"gained {one.school}", gained, one.children_gained))
        found.append(Told(f"lost {one.school}", lost, one.children_lost))
        found.append(
            Told(
                f"kept {one.school}", {block: min(pair) for block, pair in both.items()}, one.children_stayed
            )
        )
    return found


class Attack:
    """Whoever solves all tables together, knows the sum of all blocks, and that what is hidden is no zero."""

    def __init__(self, tables: list[Told], children: dict[str, float]) -> None:
        self.hidden = [self.row(one.parts) for one in tables if one.shown is None]
        self.least = [min(0.5, one.of(children) / 2) for one in tables if one.shown is None]
        shown = [one for one in tables if one.shown is not None]
        # Shown numbers are whole, what they stand for is not: taken as known exactly, more than is printed.
        self.rows = [*map(self.row, (one.parts for one in shown)), [1.0] * len(BLOCKS)]
        self.values = [*(one.of(children) for one in shown), sum(children.values())]
        self.anyway = [at for at, one in enumerate(shown) if one.shown == 0] + [len(shown)]

    @staticmethod
    def row(parts: Parts) -> list[float]:
        """Return the part of every block."""
        return [parts.get(block, 0.0) for block in BLOCKS]

    def span(self, parts: Parts) -> tuple[float, float]:
        """Return the least and the most that agrees with everything that is shown."""
        return self.extreme(1, parts, self.rows, self.values), self.extreme(-1, parts, self.rows, self.values)

    def told_anyway(self, parts: Parts) -> tuple[float, float]:
        """Return the least and the most by the sum and the zeros, with a child in all that is hidden."""
        self.least, kept = [2 * least for least in self.least], self.least
        rows, values = ([of[at] for at in self.anyway] for of in (self.rows, self.values))
        found = self.extreme(1, parts, [], []), self.extreme(-1, parts, rows, values)
        self.least = kept
        return found

    def extreme(self, sign: int, parts: Parts, rows: list[list[float]], values: list[float]) -> float:
        """Return the least, or with -1 the most, of a number under equations."""
        solved = linprog(
            [sign * part for part in self.row(parts)],
            A_ub=[[-part for part in one] for one in self.hidden] or None,
            b_ub=[-least for least in self.least] or None,
            A_eq=rows or None,
            b_eq=values or None,
        )
        assert solved.status == 0, solved.message
        return sign * float(solved.fun)


single = st.lists(st.integers(0, 3), min_size=len(BLOCKS), max_size=len(BLOCKS))
school = st.sampled_from([0, 1, 2, 3, (0, 1), (1, 2), (0, 1, 3)])
schools = st.lists(school, min_size=len(BLOCKS), max_size=len(BLOCKS))
children = st.lists(st.sampled_from([0, 1, 1, 2, 3, 4, 5, 9, 30]), min_size=len(BLOCKS), max_size=len(BLOCKS))


def nothing_found(publication: Publication, pupils: list[int]) -> None:
    """Assert that what is shown is true and large, and what is hidden and small is known by nobody.

    A sum of hidden counts is known to be as many as there are of them, and never known to be small.
    """
    tables = told(publication, change_ledger(publication))
    true = {block: float(count) for block, count in zip(BLOCKS, pupils, strict=True)}
    attack = Attack(tables, true)
    for one in tables:
        value = one.of(true)
        if one.shown is not None:
            assert abs(one.shown - value) <= 0.5 + 1e-6, one
            assert not 0 < one.shown < BELOW, one
        elif 0 < round(value) < BELOW:
            least, most = attack.span(one.parts)
            if least > BELOW - 2 + 1e-5 or most < BELOW - 1e-5:
                floor, top = attack.told_anyway(one.parts)
                assert most >= min(BELOW, top) - 1e-5, (one, least, most)
                assert least <= max(BELOW - 2, floor) + 1e-5, (one, least, most)


@settings(max_examples=80, deadline=None)
@given(single, single, children)
def test_no_hidden_count_is_found_by_solving_all_tables(
    before: list[int], after: list[int], pupils: list[int]
) -> None:
    """The bounds of every small count hold more than one small value, also for who knows the whole sum."""
    assume(before != after and sum(pupils) >= 4 * BELOW)
    nothing_found(publication_of(TOWN, before, after, [float(one) for one in pupils]), pupils)


@settings(max_examples=80, deadline=None)
@given(schools, schools, children)
def test_no_hidden_count_of_a_shared_zone_is_found(
    before: list[object], after: list[object], pupils: list[int]
) -> None:
    """The schools of a shared zone divide the same children: who knows one part of them knows all."""
    assume(before != after and sum(pupils) >= 4 * BELOW)
    nothing_found(publication_of(TOWN, before, after, [float(one) for one in pupils]), pupils)


@settings(max_examples=60, deadline=None)
@given(schools, children)
def test_no_hidden_count_is_found_without_a_year_before(zones: list[object], pupils: list[int]) -> None:
    """A first publication prints the zones alone, and those of a shared zone give each other away."""
    assume(sum(pupils) >= 4 * BELOW)
    both = publication_of(TOWN, zones, zones, [float(one) for one in pupils])
    nothing_found(replace(both, other=None), pupils)


@settings(max_examples=60, deadline=None)
@given(single, single)
def test_nothing_is_hidden_where_every_number_is_large(before: list[int], after: list[int]) -> None:
    """The rule costs nothing where there is nothing to hide."""
    assume(before != after)
    publication = publication_of(TOWN, before, after, [float(BELOW + at) for at in range(len(BLOCKS))])
    assert all(one.shown is not None for one in told(publication, change_ledger(publication)))
