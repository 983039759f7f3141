"""What others offer for a draw, beside ours in one run; each peer in a process of its own.

- ``matching`` solves the same hospital-resident instance by deferred acceptance. Where applicants are single
  and priorities strict, the matching that is best for applicants is unique, so both must give the same one.
- ``sortition-algorithms`` draws a panel with quotas. That is another task (it selects, we split), but the
  nearest that is public: a random choice that comes out balanced.

Times are CPU seconds, so that a busy machine does not count. Neither is a dependency of the package;
whichever is missing is named and left out:

    pip install matching sortition-algorithms
"""

import csv
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from zoning.lottery import deferred_acceptance

ROSTER = Path(__file__).parents[1] / "data" / "geo" / "sample" / "roster.csv"
_START = 3
"""CPU seconds for starting and for making the instance, beyond a peer's limit."""
PANEL, SEED = 50, 20260825
SECONDS = 60.0
"""Longest time that a peer gets for one matching; a draw of a panel gets ten times as long."""
SIZES = (
    (2_000, 40, 40), (5_000, 50, 50), (10_000, 100, 100), (2_000, 40, 4), (10_000, 100, 4), (20_000, 100, 4)
)  # fmt: skip
"""Applicants, schools, and how many schools an applicant ranks at most."""


def instance(applicants: int, schools: int, most: int) -> tuple[list[list[int]], list[list[int]], int]:
    """Return chosen schools and tier at each by applicant in ticket order, and the seats of every school."""
    random = np.random.default_rng(7)
    if most == schools:
        wishes = [random.permutation(schools).tolist() for _ in range(applicants)]
    else:
        drawn = random.integers(0, schools, (applicants, most)).tolist()
        wishes = [list(dict.fromkeys(row)) for row in drawn]
    tiers = [random.integers(1, 4, len(wish)).tolist() for wish in wishes]
    return wishes, tiers, applicants * 3 // (schools * 4)


def ours(applicants: int, schools: int, most: int) -> tuple[float, str]:
    """Return seconds and the digest of who got which school."""
    wishes, tiers, seats = instance(applicants, schools, most)
    start = time.process_time()
    refused = deferred_acceptance(wishes, tiers, [1] * applicants, [seats] * schools)
    spent = time.process_time() - start
    got = {
        n: wish[turn] for n, (wish, turn) in enumerate(zip(wishes, refused, strict=True)) if turn < len(wish)
    }
    return spent, digest(got)


def digest(got: dict[int, int]) -> str:
    return hashlib.sha256(repr(sorted(got.items())).encode()).hexdigest()[:12]


def match(applicants: int, schools: int, most: int) -> dict[str, object]:
    """Return seconds to build the players and to solve by ``matching``, and the digest."""
    from matching.games import HospitalResident  # noqa: PLC0415 - a peer that may be missing

    wishes, tiers, seats = instance(applicants, schools, most)
    line: list[list[tuple[int, int]]] = [[] for _ in range(schools)]
    for n, (wish, ranks) in enumerate(zip(wishes, tiers, strict=True)):
        for school, tier in zip(wish, ranks, strict=True):
            line[school].append((tier, n))
    start = time.process_time()
    game = HospitalResident.create_from_dictionaries(
        {f"r{n}": [f"h{school}" for school in wish] for n, wish in enumerate(wishes)},
        {f"h{school}": [f"r{n}" for _, n in sorted(asking)] for school, asking in enumerate(line)},
        {f"h{school}": seats for school in range(schools)},
    )
    built = time.process_time()
    solved = game.solve()
    end = time.process_time()
    got = {int(r.name[1:]): int(h.name[1:]) for h, held in solved.items() for r in held}
    return {"built": built - start, "solved": end - built, "digest": digest(got)}


def panel(algorithm: str) -> dict[str, object]:
    """Return seconds of a draw of 50 with as large a share of girls as the 600, and its digest."""
    import sortition_algorithms as peer  # noqa: PLC0415 - a peer that may be missing

    with ROSTER.open(encoding="utf-8-sig", newline="") as file:
        people = [{"id": row["sid"], "gender": row["gender"]} for row in csv.DictReader(file)]
    girls = round(PANEL * sum(row["gender"] == "F" for row in people) / len(people))
    quotas = [
        {"feature": "gender", "value": value, "min": str(n), "max": str(n)}
        for value, n in (("F", girls), ("M", PANEL - girls))
    ]
    features, _, _ = peer.read_in_features(["feature", "value", "min", "max"], quotas)
    settings = peer.Settings(
        id_column="id", columns_to_keep=[], random_number_seed=SEED, selection_algorithm=algorithm
    )
    pool, _ = peer.read_in_people(["id", "gender"], people, features, settings)
    start = time.process_time()
    is_found, chosen, _ = peer.run_stratification(features, pool, PANEL, settings)
    spent = time.process_time() - start
    names = " ".join(sorted(chosen[0])) if is_found else ""
    return {"seconds": spent, "digest": hashlib.sha256(names.encode()).hexdigest()[:12]}


def apart(*words: str, seconds: float, hash_seed: str = "0") -> dict[str, object]:
    """Return what this script prints for some words in a process of its own, or why it printed nothing."""
    done = subprocess.run(
        [sys.executable, __file__, f"{seconds:.0f}", *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    if done.returncode == -signal.SIGXCPU:
        return {"note": f"more than {seconds:g} s"}
    if done.returncode:
        return {"note": done.stderr.strip().splitlines()[-1].partition(":")[0]}
    return json.loads(done.stdout.splitlines()[-1])


def label(package: str) -> str:
    """Return name and version of a package; empty, with a line that says so, where it is missing."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        print(f"\n{package}: not installed (pip install {package})")
        return ""


def print_matching() -> None:
    name = label("matching")
    if not name:
        return
    print(f"\nseats: ours beside {name}, CPU seconds; single applicants, three tiers, three seats for four")
    print(
        f"{'applicants x schools':>22} {'ranked':>8} {'ours':>8} {'peer: built':>12} {'solved':>8}  results"
    )
    for applicants, schools, most in SIZES:
        spent, wanted = ours(applicants, schools, most)
        words = ("match", str(applicants), str(schools), str(most))
        found = apart(*words, seconds=SECONDS)
        if found.get("note") == "RecursionError":
            raised = apart(*words, "deep", seconds=SECONDS)
            times = f"{'RecursionError':>21}  "
            times += f"(with recursion allowed: {summed(raised, wanted)})"
        elif "note" in found:
            times = f"{found['note']:>21}"
        else:
            times = f"{found['built']:12.2f} {found['solved']:8.2f}  {agreed(found, wanted)}"
        print(f"{applicants:12,} x {schools:7,} {most:8} {spent:8.3f} {times}", flush=True)


def agreed(found: dict[str, object], wanted: str) -> str:
    return "the same" if found["digest"] == wanted else "DIFFERENT"


def summed(found: dict[str, object], wanted: str) -> str:
    if "note" in found:
        return str(found["note"])
    return f"{float(found['built']) + float(found['solved']):.1f} s, {agreed(found, wanted)}"  # type: ignore[arg-type]


def print_panels(ours_said: str) -> None:
    name = label("sortition-algorithms")
    if not name:
        return
    print(f"\n{name}: a panel of {PANEL} of the 600 with a quota of girls")
    print(f"  ours, another task: {ours_said}")
    for algorithm in ("maximin", "legacy"):
        found = [apart("panel", algorithm, seconds=10 * SECONDS, hash_seed=str(n)) for n in range(4)]
        noted = [str(one["note"]) for one in found if "note" in one]
        if noted:
            print(f"  {algorithm}: {noted[0]}")
            continue
        times = sorted(float(one["seconds"]) for one in found)  # type: ignore[arg-type]
        panels = len({one["digest"] for one in found})
        usual = " (its default)" if algorithm == "maximin" else ""
        print(
            f"  {algorithm}{usual}: {times[0]:.3g} to {times[-1]:.3g} s a draw; "
            f"one seed in four processes gave {panels} panel{'s' * (panels > 1)}",
            flush=True,
        )


def deeply(task: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Return what a task gives when it may recurse as deeply as it likes."""
    sys.setrecursionlimit(10**7)
    threading.stack_size(1 << 30)
    found: dict[str, object] = {}
    thread = threading.Thread(target=lambda: found.update(task()))
    thread.start()
    thread.join()
    return found or {"note": "failed"}


def main() -> None:
    seconds, task, *rest = sys.argv[1:]
    limit = int(seconds) + _START
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    if task == "panel":
        print(json.dumps(panel(rest[0])))
        return
    sizes = [int(word) for word in rest[:3]]
    found = deeply(lambda: match(*sizes)) if "deep" in rest else match(*sizes)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
