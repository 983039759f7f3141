"""Draws of the sample county's roster: how even classes and chances are, and how long a draw takes.

Every draw has a seed of its own that everybody knows, so the table is the same on every machine but for the
times. The roster's 600 children go to 12 classes, with twins who asked to stay together, 25 invented pairs to
part and at most two children with special needs a class.

    python benchmarks/draw.py                  # 10,000 splits, 200,000 applicants for 500 schools
    python benchmarks/draw.py --draws 1000
"""

import argparse
import hashlib
import time
from collections import Counter
from pathlib import Path

import numpy as np

import zoning
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

ROSTER = Path(__file__).parents[1] / "data" / "geo" / "sample" / "roster.csv"
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


def simulate(roster: Roster, draws: int) -> None:
    public = commit(roster).public
    manifest, records = public.manifest, public.roster.records
    rows = np.arange(len(records))
    seen = np.zeros((len(records), CLASSES), dtype=np.int64)
    inside = {
        s.label: np.array([s.label in ("L00", *record.path) for record in records]) for s in manifest.strata
    }
    attempts: Counter[int] = Counter()
    gap, spent = 0, 0.0
    for n in range(draws):
        start = time.perf_counter()
        split = split_classes(public.roster, manifest, public.constraints, chance(n))
        spent += time.perf_counter() - start
        attempts[split.attempt] += 1
        classes = np.array([c for _, c in split.placed]) - 1
        seen[rows, classes] += 1
        gap = max(gap, *(np.ptp(np.bincount(classes[part], minlength=CLASSES)) for part in inside.values()))
    print(
        f"{draws:,} splits of {len(records)} children into {CLASSES} classes, "
        f"{1000 * spent / draws:.1f} ms each"
    )
    print(f"largest gap between classes at any of {len(inside)} strata: {gap} child")
    print("attempts needed:", ", ".join(f"{t}: {times:,}" for t, times in sorted(attempts.items())))
    print_chances(roster, public.constraints.together, public.constraints.bound, seen / draws)


def print_chances(
    roster: Roster, together: tuple[tuple[str, ...], ...], bound: frozenset[str], share: np.ndarray
) -> None:
    at = {name: row for row, name in enumerate(sorted(a.sid for a in roster))}
    groups = {
        "all": list(at),
        "twins together": [sid for group in together for sid in group],
        "bound by a wish": sorted(bound),
        "special need": [a.sid for a in roster if a.need],
        "girls": [a.sid for a in roster if a.gender == "F"],
        "first tenth of the file": [a.sid for a in roster][: len(at) // 10],
    }
    print(
        f"\n{'times 1/12':24}{'children':>9}{'a child: least':>16}{'most':>8}{'group: least':>14}{'most':>8}"
    )
    for name, sids in groups.items():
        part = share[[at[sid] for sid in sids]] * CLASSES
        whole = part.mean(axis=0)
        print(
            f"{name:24}{len(sids):9}{part.min():16.3f}{part.max():8.3f}{whole.min():14.3f}{whole.max():8.3f}"
        )


def time_seats(applicants: int, schools: int) -> None:
    random = np.random.default_rng(7)
    wishes = [list(dict.fromkeys(row)) for row in random.integers(0, schools, (applicants, 4)).tolist()]
    tiers = [random.integers(1, 4, len(wish)).tolist() for wish in wishes]
    start = time.perf_counter()
    names = [f"{n:026d}" for n in range(applicants)]
    chance(0).each("seat", last=names)
    middle = time.perf_counter()
    deferred_acceptance(wishes, tiers, [1] * applicants, [applicants * 3 // (schools * 4)] * schools)
    end = time.perf_counter()
    print(
        f"\n{applicants:,} tickets {middle - start:.1f} s; "
        f"deferred acceptance at {schools} schools {end - middle:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--size", default="200000x500")
    asked = parser.parse_args()
    simulate(zoning.read_roster(ROSTER, zoning.sample_district()), asked.draws)
    time_seats(*map(int, asked.size.split("x")))


if __name__ == "__main__":
    main()
