"""Equal chances: by exact enumeration of small splits, and by 10,000 splits of the sample roster."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.lottery.cases import TERMS, chance, sid
from tests.lottery.test_split import Case, make_case

import zoning
from zoning.lottery import ClassSplit, Tickets, commit_split, dummy_secrets, split_classes

SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample" / "roster.csv"


@dataclass(frozen=True)
class Scripted(Tickets):
    """Tickets in given orders, and numbers from a script that says afterwards what was asked of it."""

    orders: dict[str, Sequence[str]] = field(default_factory=dict)
    script: Sequence[int] = ()
    asked: list[int] = field(default_factory=list)

    def of(self, *parts: str | int) -> bytes:
        """Return the place in the order of this kind of ticket."""
        return bytes([self.orders[str(parts[0])].index(str(parts[-1]))])

    def each(self, *parts: str | int, last: object) -> dict[str, bytes]:
        """Return the places of many."""
        return {name: self.of(*parts, name) for name in last}  # type: ignore[attr-defined]

    def below(self, limit: int, *parts: str | int) -> int:  # noqa: ARG002 - the same for every purpose
        """Return the next number of the script, 0 beyond its end."""
        self.asked.append(limit)
        at = len(self.asked) - 1
        return self.script[at] if at < len(self.script) else 0


def scripts(case: Case, orders: dict[str, Sequence[str]]) -> Iterator[tuple[Fraction, ClassSplit | None]]:
    """Yield every outcome of the numbers drawn, with its probability."""
    waiting: list[list[int]] = [[]]
    while waiting:
        script = waiting.pop()
        tickets = Scripted(b"", orders, script)
        split = case.split(tickets)
        asked = tickets.asked
        if len(asked) > len(script):
            waiting += [[*script, n] for n in range(asked[len(script)])]
            continue
        yield Fraction(1, int(np.prod(asked, dtype=object))), split


def exact_chances(case: Case) -> tuple[dict[str, dict[int, Fraction]], Fraction]:
    """Return every child's chance of every class over all outcomes of one attempt, and that of a refusal."""
    case = replace(case, manifest=replace(case.manifest, attempts=1))
    found: defaultdict[str, defaultdict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    kept = every = Fraction()
    classes = [str(c + 1) for c in range(case.manifest.classes)]
    labels = [s.label for s in case.manifest.strata]
    for pupils, turns, nodes in itertools.product(
        itertools.permutations(case.roster.sids),
        itertools.permutations(classes),
        itertools.permutations(labels),
    ):
        for chance_of, split in scripts(case, {"pupil": pupils, "class": turns, "node": nodes}):
            every += chance_of
            if split is None:
                continue
            kept += chance_of
            for name, c in split.placed:
                found[name][c] += chance_of
    return {s: {c: p / kept for c, p in row.items()} for s, row in found.items()}, 1 - kept / every


@pytest.mark.parametrize(
    ("values", "together", "separate"),
    [
        ("aaaaa", [], []),
        ("aaaaa", [(0, 1)], []),
        ("aaaaa", [(0, 1)], [(1, 2)]),
        ("aaaaa", [], [(0, 1), (1, 2)]),
        ("xxaaa", [(1, 2)], []),
        ("xxaaa", [], [(0, 2)]),
    ],
)
def test_equal_classes_are_exactly_equally_likely(
    values: str, together: list[tuple[int, int]], separate: list[tuple[int, int]]
) -> None:
    """Over all outcomes every child, twins and parted children too, has exactly half of each class."""
    case = make_case([(value, "p") for value in values], 2, together, separate)
    chances, _ = exact_chances(case)
    assert {p for row in chances.values() for p in row.values()} == {Fraction(1, 2)}


def test_sizes_given_are_exact_shares() -> None:
    """With classes of 3 and 2 every child has exactly 3/5 of the larger, twins who stay together too."""
    for together in ([], [(0, 1)]):
        chances, refused = exact_chances(make_case([("a", "p")] * 5, 2, together, sizes=(3, 2)))
        assert refused == 0
        assert {row[1] for row in chances.values()} == {Fraction(3, 5)}


def test_sizes_given_are_exact_shares_in_strata() -> None:
    """Rounding a stratum's share to whole children changes nobody's chance."""
    case = make_case([("x", "p")] * 2 + [("a", "p")] * 3, 2, sizes=(3, 2))
    assert len(case.manifest.strata) == 3
    chances, refused = exact_chances(case)
    assert refused == 0
    assert {row[1] for row in chances.values()} == {Fraction(3, 5)}


def test_parted_children_cannot_have_the_share() -> None:
    """Of two children parted in two classes each has half of either, whatever the sizes: the page says so."""
    chances, _ = exact_chances(make_case([("a", "p")] * 5, 2, separate=[(0, 1)], sizes=(3, 2)))
    assert chances[sid(0)][1] == chances[sid(1)][1] == Fraction(1, 2)


@pytest.mark.slow
def test_ten_thousand_splits_of_the_sample_roster_are_even() -> None:
    """Every child and every group of the sample roster meets each class as often as chance allows."""
    roster = zoning.read_roster(SAMPLE, zoning.sample_district())
    sids = [a.sid for a in roster]
    terms = replace(TERMS, classes=12, levels=("need", "gender", "kindergarten"))
    pairs = [(sids[10 * n], sids[10 * n + 5]) for n in range(25)]
    public = commit_split(roster, terms, dummy_secrets(roster), separate=pairs, need_cap=2).public
    draws, at = 10_000, {name: row for row, name in enumerate(public.roster.sids)}
    seen = np.zeros((len(sids), 12), dtype=np.int64)
    rows = np.arange(len(sids))
    for n in range(draws):
        split = split_classes(public.roster, public.manifest, public.constraints, chance(n))
        classes = np.array([c for _, c in split.placed]) - 1
        assert np.ptp(np.bincount(classes, minlength=12)) == 0
        seen[rows, classes] += 1
    mean = draws / 12
    distance = ((seen - mean) ** 2 / mean).sum(axis=1)
    assert distance.max() < 50  # chi-square, 11 df: 0.04 % over 600 children
    assert distance.mean() == pytest.approx(11, abs=0.8)
    groups = {
        "bound": [at[s] for s in public.constraints.bound],
        "need": [at[a.sid] for a in roster if a.need],
        "first hour": [at[s] for s in sids[:60]],
    }
    for rows_of in groups.values():
        share = seen[rows_of].sum(axis=0) / (draws * len(rows_of))
        assert np.abs(share * 12 - 1).max() < 0.03
