"""The class split: its laws on random rosters, and a second implementation that must agree."""

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.lottery.cases import DRAND, SEED, TERMS, chance, child, public_files, sid, small_split
from tests.lottery.oracle import Oracle

from zoning.errors import DrawError, PolicyError
from zoning.lottery import (
    ClassSplit,
    Commitment,
    Constraints,
    Manifest,
    PublicRecord,
    PublicRoster,
    Swap,
    Tickets,
    commit_split,
    dummy_secrets,
    run_draw,
    split_classes,
    verify_draw,
)
from zoning.lottery.deal import Seating
from zoning.lottery.polish import follow_polish
from zoning.lottery.rounding import round_counts
from zoning.lottery.strata import Stratum, check_strata, grow_strata
from zoning.roster import Roster


@dataclass(frozen=True)
class Case:
    """A roster with its terms."""

    roster: PublicRoster
    manifest: Manifest
    constraints: Constraints

    def split(self, tickets: Tickets) -> ClassSplit | None:
        """Return the split, or None when there is none within the attempts."""
        try:
            return split_classes(self.roster, self.manifest, self.constraints, tickets)
        except DrawError:
            return None

    def oracle(self, tickets: Tickets) -> Oracle:
        """Return the second implementation of the same case."""
        manifest = self.manifest
        return Oracle(
            tickets.key,
            {r.sid: list(r.path) for r in self.roster.records},
            [(s.label, s.parent, s.count) for s in manifest.strata],
            manifest.classes,
            [list(g) for g in self.constraints.together],
            [list(p) for p in self.constraints.separate],
            None if manifest.equal else list(manifest.capacities),
            manifest.attempts,
        )


def make_case(
    values: Sequence[tuple[str, str]],
    classes: int,
    together: Sequence[Sequence[int]] = (),
    separate: Sequence[Sequence[int]] = (),
    sizes: Sequence[int] = (),
) -> Case:
    """Return a case of children known by two values each, first of them capped where it is `x`."""
    digests = {sid(n): hashlib.sha256(b"%d" % n).hexdigest() for n in range(len(values))}
    levels = [{sid(n): value[at] for n, value in enumerate(values)} for at in (0, 1)]
    count = sum(value[0] == "x" for value in values)
    cap = max(-(-count * size // max(1, sum(sizes))) for size in sizes) if sizes else -(-count // classes)
    tree, paths = grow_strata(
        digests, levels, classes=classes, caps=[{"x": max(cap, -(-count // classes))}, {}], sizes=sizes
    )
    roster = PublicRoster(tuple(PublicRecord(name, h, paths[name]) for name, h in digests.items()))
    asked = Constraints(
        tuple(tuple(sid(n) for n in group) for group in together),
        tuple(tuple(sid(n) for n in pair) for pair in separate),
    )
    asked.check(roster.sids)
    check_strata(tree, roster.records)
    manifest = replace(
        small_split().public.manifest, n=len(roster), classes=classes, strata=tree, attempts=30,
        equal=not sizes, capacities=tuple(sizes),
    )  # fmt: skip
    return Case(roster, manifest, asked)


@st.composite
def cases(draw: st.DrawFn, *, unequal: bool = False) -> Case:
    """Draw rosters of 8 to 60 children, 2 to 5 classes, up to three groups and six pairs."""
    n = draw(st.integers(8, 60))
    values = draw(st.lists(st.tuples(st.sampled_from("xab"), st.sampled_from("pqr")), min_size=n, max_size=n))
    order = draw(st.permutations(range(n)))
    together = [order[2 * g : 2 * g + 2] for g in range(draw(st.integers(0, 3)))]
    pairs = draw(st.sets(st.sampled_from([(a, b) for a in range(8) for b in range(a)]), max_size=6))
    separate = [pair for pair in pairs if not any(set(pair) <= set(group) for group in together)]
    sizes: list[int] = []
    classes = draw(st.integers(2, 5))
    if unequal:
        cuts = sorted(draw(st.lists(st.integers(0, n), min_size=classes - 1, max_size=classes - 1)))
        sizes = [b - a for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
    return make_case(values, classes, together, separate, sizes)


@settings(max_examples=200, deadline=None)
@given(case=st.one_of(cases(), cases(unequal=True)), key=st.integers(0, 10**6))
def test_a_second_implementation_of_the_page_agrees(case: Case, key: int) -> None:
    """Code written from the page alone finds the same attempt, classes and swaps, or none as we do."""
    ours, theirs = case.split(chance(key)), case.oracle(chance(key)).run()
    if ours is None or theirs is None:
        assert ours is None
        assert theirs is None
        return
    assert (ours.attempt, dict(ours.placed)) == theirs[:2]
    assert [(s.moved, s.partner, s.why) for s in ours.swaps] == theirs[2]


@settings(max_examples=80, deadline=None)
@given(case=cases(), key=st.integers(0, 10**6))
def test_every_stratum_is_even_and_every_wish_is_kept(case: Case, key: int) -> None:
    """At every node of the tree classes differ by one child at most; groups share a class, pairs do not."""
    split = case.split(chance(key))
    assume(split is not None)
    assert split is not None
    placed = dict(split.placed)
    inside: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for record in case.roster.records:
        for label in ("L00", *record.path):
            inside[label][placed[record.sid]] += 1
    for stratum in case.manifest.strata:
        counts = [inside[stratum.label][c] for c in range(1, case.manifest.classes + 1)]
        assert max(counts) - min(counts) <= 1
        assert sum(counts) == stratum.count
    assert all(len({placed[s] for s in group}) == 1 for group in case.constraints.together)
    assert all(placed[a] != placed[b] for a, b in case.constraints.separate)


@settings(max_examples=60, deadline=None)
@given(case=cases(unequal=True), key=st.integers(0, 10**6))
def test_given_sizes_are_kept_exactly(case: Case, key: int) -> None:
    """Every class has its size, and every stratum its share of it, rounded down or up."""
    sizes, tree = case.manifest.capacities, case.manifest.strata
    counts = round_counts(tree, sizes, chance(key), 1)
    assert [sum(row[c] for row in counts.values()) for c in range(len(sizes))] == list(sizes)
    below = {s.label: [t.label for t in tree if t.parent == s.label] for s in tree}

    def of(label: str, c: int) -> int:
        return counts[label][c] if label in counts else sum(of(part, c) for part in below[label])

    n = sum(sizes)
    assert all(
        s.count * size // n <= of(s.label, c) <= -(-s.count * size // n)
        for s in tree
        for c, size in enumerate(sizes)
    )


class Relabelled(Tickets):
    """Tickets in which class c has the ticket of another class."""

    def of(self, *parts: str | int) -> bytes:
        """Return the ticket, that of the next class for a class."""
        if parts[0] == "class":
            parts = (*parts[:2], int(parts[2]) % 3 + 1)
        return Tickets.of(self, *parts)


@settings(max_examples=60, deadline=None)
@given(case=cases(), key=st.integers(0, 10**6))
def test_relabelled_classes_give_the_relabelled_split(case: Case, key: int) -> None:
    """No step looks at a class's number: the heart of the proof that every class is equally likely."""
    manifest = replace(case.manifest, classes=3)
    case = replace(case, manifest=manifest)
    plain, other = case.split(chance(key)), case.split(Relabelled(chance(key).key))
    assert (plain is None) == (other is None)
    if plain and other:
        assert (plain.attempt, plain.swaps) == (other.attempt, other.swaps)
        renamed = {1: 3, 2: 1, 3: 2}
        assert [(s, renamed[c]) for s, c in plain.placed] == list(other.placed)


def transcript_bytes(commitment: Commitment) -> bytes:
    """Return the transcript of a commitment under the recorded seed."""
    return run_draw(commitment.public, SEED, now=DRAND.at).octets()


def test_the_order_of_rows_is_irrelevant() -> None:
    """Whoever stands first on the roster, in a group or in a pair gains nothing by it."""
    public = small_split().public
    records, asked = public.roster.records, public.constraints
    shuffled = replace(
        public,
        roster=PublicRoster(records[::-1]),
        constraints=Constraints(
            tuple(g[::-1] for g in asked.together[::-1]), tuple(p[::-1] for p in asked.separate[::-1])
        ),
    )
    assert shuffled == public
    assert run_draw(shuffled, SEED, now=DRAND.at) == run_draw(public, SEED, now=DRAND.at)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_another_process_gives_the_same_bytes(hash_seed: str) -> None:
    """The order of hash tables, which changes from process to process, changes no draw."""
    code = (
        "import hashlib; from tests.lottery.cases import *; from zoning.lottery import run_draw\n"
        "for made in (small_split(), small_split(equal=False, capacities=(5, 3)), small_seats()):\n"
        "    print(hashlib.sha256(run_draw(made.public, SEED, now=DRAND.at).octets()).hexdigest())"
    )
    env = os.environ | {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    first = hashlib.sha256(transcript_bytes(small_split())).hexdigest()
    second = hashlib.sha256(transcript_bytes(small_split(equal=False, capacities=(5, 3)))).hexdigest()
    assert done.stdout.split()[:2] == [first, second]
    from tests.lottery.cases import small_seats

    assert done.stdout.split()[2] == hashlib.sha256(transcript_bytes(small_seats())).hexdigest()


def test_a_split_that_cannot_be_is_refused() -> None:
    """Three children who must all be apart do not fit in two classes; the office learns what to do."""
    case = make_case([("a", "p")] * 8, 2, separate=[(0, 1), (1, 2), (0, 2)])
    with pytest.raises(DrawError, match=r"None of 30 attempts kept every promise[\s\S]*drop some"):
        split_classes(case.roster, case.manifest, case.constraints, chance(1))


@pytest.mark.parametrize(
    ("together", "separate", "kind", "reason"),
    [
        ([(0, 1)], [(0, 1)], PolicyError, "must share a class and must not"),
        ([(0, 1), (1, 2)], [], PolicyError, "is in two groups"),
        ([(0,)], [], DrawError, "two children or more"),
        ([], [(0, 1, 2)], DrawError, "two children or more"),
        ([], [(0, 99)], DrawError, "not on the roster"),
    ],
)
def test_wishes_that_contradict_are_refused(
    together: list[tuple[int, ...]], separate: list[tuple[int, ...]], kind: type[Exception], reason: str
) -> None:
    """The office learns of an impossible wish before it commits, with the registration number."""
    asked = Constraints(
        tuple(tuple(map(sid, group)) for group in together), tuple(tuple(map(sid, p)) for p in separate)
    )
    with pytest.raises(kind, match=reason):
        asked.check([sid(n) for n in range(8)])


def test_small_strata_join_and_capped_ones_stay() -> None:
    """A stratum below two children a class goes into the rest; one with a cap is kept whatever its size."""
    digests = {sid(n): hashlib.sha256(b"%d" % n).hexdigest() for n in range(30)}
    level = {sid(n): "x" if n < 2 else "y" if n < 5 else "z" if n < 16 else "w" for n in range(30)}
    tree, _ = grow_strata(digests, [level], classes=3, caps=[{"x": 1}])
    assert sorted(s.count for s in tree) == [2, 14, 14, 30]
    alone, paths = grow_strata(digests, [dict.fromkeys(digests, "")], classes=3)
    assert alone == (Stratum("L00", "", 30),)
    assert set(paths.values()) == {()}


def test_labels_do_not_follow_the_values() -> None:
    """A stratum's label depends on secret digests, not on which gender it holds."""
    seen = set()
    for salt in range(20):
        digests = {sid(n): hashlib.sha256(b"%d %d" % (salt, n)).hexdigest() for n in range(8)}
        _, paths = grow_strata(digests, [{sid(n): "FM"[n % 2] for n in range(8)}], classes=2)
        seen.add(paths[sid(0)])
    assert seen == {("L01",), ("L02",)}


def test_a_polish_lowers_the_gap_and_stays_within_leaves() -> None:
    """Exchanges by score bring sums together without touching any stratum, and replay without the scores."""
    case = make_case([("a", "pq"[n % 2]) for n in range(40)], 2, together=[(0, 2)], separate=[(1, 3)])
    case = replace(case, manifest=replace(case.manifest, polish=50))
    scores = {sid(n): ((n * 37) % 101, (n * 53) % 97) for n in range(40)}
    plain = split_classes(case.roster, case.manifest, case.constraints, chance(5))
    better = split_classes(case.roster, case.manifest, case.constraints, chance(5), scores=scores)

    def gap(split: ClassSplit) -> int:
        sums = [[sum(scores[s][j] for s, c in split.placed if c == here) for here in (1, 2)] for j in (0, 1)]
        return sum((2 * here - sum(both)) ** 2 for both in sums for here in both)

    assert gap(better) < gap(plain) / 10
    polish = [swap for swap in better.swaps if swap.why == "polish"]
    assert polish
    again = split_classes(case.roster, case.manifest, case.constraints, chance(5), polish=polish)
    assert again == better


def test_a_promised_polish_needs_the_scores() -> None:
    """A polish that was promised is neither left out nor made from half of the scores."""
    roster = Roster(
        tuple(child(n, scores=(("数学", (n * 53) % 97), ("语文", (n * 37) % 101))) for n in range(12))
    )
    terms = replace(TERMS, polish=3)
    made = commit_split(roster, terms, dummy_secrets(roster))
    done = run_draw(made.public, SEED, now=DRAND.at, scores=made.scores)
    assert 0 < len(done.polish()) <= 3
    found = verify_draw(done.octets(), public_files(made))
    assert any("score exchanges" in text.en for text in found.unproved)
    with pytest.raises(DrawError, match="rules use scores, for a polish"):
        run_draw(made.public, SEED, now=DRAND.at)
    absent = Roster((replace(roster.applicants[0], scores=(("语文", 5),)), *roster.applicants[1:]))
    with pytest.raises(DrawError, match="all in the same subjects"):
        commit_split(absent, terms, dummy_secrets(roster))


def test_a_published_polish_that_breaks_its_rules_is_refused() -> None:
    """Nobody hides a move between strata, or of a bound child, behind scores that are private."""
    chains = {"a": ("L00", "L01"), "b": ("L00", "L01"), "c": ("L00", "L02"), "d": ("L00", "L01")}
    for pair in (("a", "c"), ("a", "d"), ("a", "a"), ("a", "z")):
        seating = Seating({"a": 1, "b": 2, "c": 2, "d": 2}, chains, {}, {"d"})
        with pytest.raises(DrawError, match="score exchange moves a out of its stratum"):
            follow_polish(seating, [Swap(*pair, "polish")], 5)
    seating = Seating({"a": 1, "b": 2}, chains, {}, ())
    with pytest.raises(DrawError, match="more score exchanges than the 0"):
        follow_polish(seating, [Swap("a", "b", "polish")], 0)


def test_a_capped_stratum_must_fit() -> None:
    """A cap below an even share is refused at the commitment, and one that is kept marks no stratum."""
    roster = Roster(tuple(child(n, need="x" if n < 4 else "") for n in range(12)))
    terms = replace(TERMS, levels=("need",))
    for sizes, cap in (((), 1), ((8, 4), 2)):
        asked = replace(terms, capacities=sizes, equal=not sizes)
        with pytest.raises(
            DrawError, match=f"At most {cap} children with special needs a class cannot be kept"
        ):
            commit_split(roster, asked, dummy_secrets(roster), need_cap=cap)
        made = commit_split(roster, asked, dummy_secrets(roster), need_cap=cap + 1)
        assert sorted(s.count for s in made.public.manifest.strata) == [4, 8, 12]
        assert b'cap"' not in made.public.manifest.octets()


@pytest.mark.parametrize("broken", ["label", "parent", "count", "inner", "order", "empty"])
def test_a_tree_that_does_not_fit_is_refused(broken: str) -> None:
    """A manifest cannot claim strata that the children on the roster do not have."""
    public = small_split().public
    tree, records = list(public.manifest.strata), list(public.roster.records)
    if broken == "label":
        tree[1] = replace(tree[1], label="girls")
    elif broken == "parent":
        tree[1] = replace(tree[1], parent="L02")
    elif broken == "count":
        tree[1] = replace(tree[1], count=3)
    elif broken == "order":
        tree.reverse()
    elif broken == "empty":
        tree.append(Stratum("L03", "L09", 0))
    else:
        records[0] = replace(records[0], path=())
    with pytest.raises(DrawError, match="strata does not fit the children at"):
        check_strata(tree, records)


def test_a_child_shows_nothing_in_its_repr() -> None:
    """A log or a traceback shows no secret of a commitment."""
    assert "甲" not in repr(small_split())
    assert child(1).name not in repr(small_split().records)
    assert "00000000000000000000000001" not in repr(small_split())
