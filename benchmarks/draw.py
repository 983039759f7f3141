"""Draws of the sample county's roster: how even classes and chances are, and how long a draw takes.

Every draw has a seed of its own that everybody knows, so the table is the same on every machine but for the
times. The roster's 600 children go to 12 classes, with twins who asked to stay together, 25 invented pairs to
part and at most two children with special needs a class.

    python benchmarks/draw.py                  # 10,000 splits, 200,000 applicants for 500 schools, peers
    python benchmarks/draw.py --draws 1000 --no-peers

Chances: chi-squared with 11 degrees of freedom. For one child it is Pearson's, of 12 equally likely classes.
For a group, of whom every class holds nearly as many, the squared differences between mean and even share are
divided by the variance of the group's counts among the draws. *p* of the least likely of several children is
multiplied by their number (Bonferroni), which holds however their chances hang together. Times are CPU
seconds. Peers run in processes of their own (``draw_peers.py``):

    pip install matching sortition-algorithms
"""

import argparse
import hashlib
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from importlib.metadata import version

import numpy as np
from scipy import stats

import zoning
from draw_peers import ROSTER, instance, print_matching, print_panels
from zoning.lottery import (
    Commitment,
    Dice,
    Drand,
    Manifest,
    Tickets,
    commit_split,
    deferred_acceptance,
    dummy_secrets,
    split_classes,
)
from zoning.lottery.beacon import QUICKNET_CHAIN, QUICKNET_GENESIS, QUICKNET_KEY, QUICKNET_PERIOD
from zoning.roster import Roster

CLASSES, PAIRS = 12, 25


def chance(number: int) -> Tickets:
    """Return the tickets of a public dummy seed."""
    return Tickets(hashlib.sha256(b"key %d" % number).digest())


def commit(roster: Roster) -> Commitment:
    """Return the commitment of a rehearsal."""
    drand = Drand(QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_GENESIS, QUICKNET_PERIOD, 1000)
    terms = Manifest(
        kind="split",
        draw="simulation",
        mode="rehearsal",
        published=0,
        sources=((Dice(20, drand.at - 600),), (drand,)),
        classes=CLASSES,
        levels=("need", "gender", "kindergarten"),
    )
    sids = [a.sid for a in roster]
    pairs = [(sids[10 * n], sids[10 * n + 5]) for n in range(PAIRS)]
    return commit_split(roster, terms, dummy_secrets(roster), separate=pairs, need_cap=2)


def simulate(roster: Roster, draws: int) -> float:
    """Print how even classes and chances are; return the milliseconds of a split."""
    public = commit(roster).public
    manifest, records = public.manifest, public.roster.records
    drawn = np.empty((draws, len(records)), dtype=np.int8)
    inside = {
        s.label: np.array([s.label in ("L00", *record.path) for record in records]) for s in manifest.strata
    }
    attempts: Counter[int] = Counter()
    gaps, spent = dict.fromkeys(inside, 0), 0.0
    for n in range(draws):
        start = time.process_time()
        split = split_classes(public.roster, manifest, public.constraints, chance(n))
        spent += time.process_time() - start
        attempts[split.attempt] += 1
        drawn[n] = [c - 1 for _, c in split.placed]
        for label, part in inside.items():
            gaps[label] = max(gaps[label], np.ptp(np.bincount(drawn[n, part], minlength=CLASSES)))
    print(
        f"{draws:,} splits of {len(records)} children into {CLASSES} classes, "
        f"{1000 * spent / draws:.1f} ms each"
    )
    print(f"largest gap between the sizes of two classes: {gaps['L00']}")
    print(f"largest gap between two classes at any of {len(inside)} strata: {max(gaps.values())}")
    print("attempts needed:", ", ".join(f"{t}: {times:,}" for t, times in sorted(attempts.items())))
    print_chances(roster, public.constraints.together, public.constraints.bound, drawn)
    return 1000 * spent / draws


def groups_of(
    roster: Roster, together: tuple[tuple[str, ...], ...], bound: frozenset[str]
) -> dict[str, list[str]]:
    """Return the children of each group whose chances are looked at."""
    order = [a.sid for a in roster]
    tenth = len(order) // 10
    return {
        "all": order,
        "twins together": [sid for group in together for sid in group],
        "pairs to part": sorted(bound - {sid for group in together for sid in group}),
        "bound by a wish": sorted(bound),
        "special need": [a.sid for a in roster if a.need],
        "girls": [a.sid for a in roster if a.gender == "F"],
        "first tenth of the file": order[:tenth],
        "last tenth of the file": order[-tenth:],
        "registered before 9 o'clock": [a.sid for a in roster if a.registered_at[10:13] < "T09"],
        "priority tier 1": [a.sid for a in roster if a.tier == 1],
    }


def print_chances(
    roster: Roster, together: tuple[tuple[str, ...], ...], bound: frozenset[str], drawn: np.ndarray
) -> None:
    at = {name: row for row, name in enumerate(sorted(a.sid for a in roster))}
    seen = np.stack([np.count_nonzero(drawn == c, axis=0) for c in range(CLASSES)], axis=1)
    heads = (
        "times 1/12",
        "children",
        "a child: least",
        "most",
        "chi2",
        "p",
        "group: least",
        "most",
        "chi2",
        "p",
    )
    print("\n" + f"{heads[0]:28}{heads[1]:>9}{heads[2]:>16}" + "".join(f"{h:>8}" for h in heads[3:6]), end="")
    print(f"{heads[6]:>14}" + "".join(f"{h:>8}" for h in heads[7:]))
    for name, sids in groups_of(roster, together, bound).items():
        rows = [at[sid] for sid in sids]
        share = seen[rows] * CLASSES / len(drawn)
        worst = float((len(drawn) / CLASSES * (share - 1) ** 2).sum(axis=1).max())
        p = min(1.0, len(rows) * float(stats.chi2.sf(worst, CLASSES - 1)))
        alone = f"{share.min():16.3f}{share.max():8.3f}{worst:8.1f}{p:8.3f}"
        print(f"{name:28}{len(sids):9}{alone}{group_cells(drawn[:, rows])}")


def group_cells(drawn: np.ndarray) -> str:
    """Return least and most share of a group by class, the statistic and its p."""
    draws, size = drawn.shape
    counts = np.stack([np.count_nonzero(drawn == c, axis=1) for c in range(CLASSES)], axis=1)
    even = size / CLASSES
    share = counts.mean(axis=0) / even
    spread = float(((counts - even) ** 2).mean()) * CLASSES / (CLASSES - 1)
    cells = f"{share.min():14.3f}{share.max():8.3f}"
    if not spread:
        return cells + f"{'-':>8}{'-':>8}"
    found = draws * float(((counts.mean(axis=0) - even) ** 2).sum()) / spread
    return cells + f"{found:8.1f}{stats.chi2.sf(found, CLASSES - 1):8.3f}"


def time_target(roster: Roster, draws: int) -> None:
    """Print the time of the split that was set as a target: every set of twins asks to stay together."""
    public = commit(Roster(tuple(replace(a, together=bool(a.twin_group)) for a in roster))).public
    start = time.process_time()
    for n in range(draws):
        split_classes(public.roster, public.manifest, public.constraints, chance(n))
    spent = time.process_time() - start
    needs, twins = sum(bool(a.need) for a in roster), len(public.constraints.together)
    print(
        f"\n{len(roster)} children, {CLASSES} classes, {twins} sets of twins together, "
        f"{PAIRS} pairs apart, {needs} special needs: {1000 * spent / draws:.1f} ms a split"
    )


def time_seats(applicants: int, schools: int) -> None:
    wishes, tiers, seats = instance(applicants, schools, 4)
    start = time.process_time()
    names = [f"{n:026d}" for n in range(applicants)]
    chance(0).each("seat", last=names)
    middle = time.process_time()
    deferred_acceptance(wishes, tiers, [1] * applicants, [seats] * schools)
    end = time.process_time()
    print(
        f"{applicants:,} tickets {middle - start:.1f} s; "
        f"deferred acceptance at {schools} schools {end - middle:.1f} s"
    )


def split_once() -> str:
    """Return the digest of one split."""
    public = commit(zoning.read_roster(ROSTER, zoning.sample_district())).public
    split = split_classes(public.roster, public.manifest, public.constraints, chance(0))
    return hashlib.sha256(repr(split.placed).encode()).hexdigest()


def split_elsewhere(hash_seed: int) -> str:
    """Return the digest of the same split from a process of its own."""
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed)}
    words = [sys.executable, __file__, "--once"]
    return subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--size", default="200000x500")
    parser.add_argument("--no-peers", action="store_true", help="leave out what others offer (eight minutes)")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        print(split_once())
        return
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "zoning"))
    print(f"Python {platform.python_version()}, {packages}")
    roster = zoning.read_roster(ROSTER, zoning.sample_district())
    split_ms = simulate(roster, asked.draws)
    time_target(roster, max(1, asked.draws // 10))
    time_seats(*map(int, asked.size.split("x")))
    if not asked.no_peers:
        print_matching()
        splits = len({split_elsewhere(n) for n in range(4)})
        print_panels(
            f"all {len(roster)} split into {CLASSES} classes in {split_ms:.1f} ms; "
            f"one seed in four processes gave {splits} split{'s' * (splits > 1)}"
        )


if __name__ == "__main__":
    main()
