"""Zones on generated counties and published instances: cost, proved gap, seconds, memory; peers in one run.

    python benchmarks/zones.py                              # about 4 minutes: peers on small sizes, families
    python benchmarks/zones.py --size 3000x40:10 --family roads --spare 0.01
    python benchmarks/zones.py --size 500x15:30 --duel      # the same size with peers
    python benchmarks/zones.py --large                      # 3,000 × 40 to 100,000 × 300, about 20 minutes
    python benchmarks/zones.py --gongyi FOLDER --seconds 60 # the six published instances

Each solver runs in a process of its own on the same arrays and gets the same seconds; loading libraries is
not timed, building the model is. Plans are checked and costs added up outside the solvers. *above ours* is
the peer's cost over that of our longest run: cost at equal time. *ours in* is the shortest of our runs that
ends at or below the peer's cost: time at equal cost. *bound* is each solver's own; ours is evaluated a second
time from its multipliers where blocks × schools is at most a million. Peers that are not installed are named
and left out: PuLP comes with ``pip install zoning[test]``, spopt with ``pip install spopt``.
"""

import argparse
import csv
import itertools
import json
import math
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.zones.checker import check_plan, proved_bound

from engine import NoPlanError, capacity_excess, detached, gap_of, plan_cost, pose_instance, solve
from generated import FAMILIES, make_county
from peers import PEERS, WITHOUT_CONTIGUITY_ONLY
from published import read_instance
from zoning import zones

OURS = "ours"
LARGE = ["3000x40:10", "10000x100:120", "30000x150:300", "100000x300:600"]
CHECKED_CELLS = 1_000_000
ARRAYS = ("demand", "cost", "allowed", "capacity", "indptr", "indices", "home")


def save(problem: zones.ZoneProblem, path: Path) -> None:
    np.savez(path, contiguous=problem.contiguous, **{name: getattr(problem, name) for name in ARRAYS})


def load(path: Path) -> zones.ZoneProblem:
    with np.load(path) as file:
        return zones.ZoneProblem(contiguous=bool(file["contiguous"]), **{name: file[name] for name in ARRAYS})


def run_here(name: str, path: Path, seconds: float, threads: int, seed: int) -> dict[str, Any]:
    """Solve a saved problem in this process and return what came of it."""
    problem = load(path)
    answer: dict[str, Any] = {"school": None, "bound": None}
    if name == OURS:
        # Compiled code is loaded before the clock starts, as every peer's is.
        solve(make_county("grid", 36, 2, spare=0.3), iterations=10)
        began = time.perf_counter()
        try:
            found = solve(problem, seed=seed, seconds=seconds)
        except NoPlanError as error:
            return {**answer, "note": str(error), "seconds": time.perf_counter() - began, "memory": memory()}
        proof = found.solution.multipliers
        answer |= {
            "school": found.school,
            "bound": found.bound,
            "prices": proof.prices.tolist(),
            "cuts": [
                (int(cut.block), int(cut.school), cut.separator.tolist(), float(cut.multiplier))
                for cut in proof.cuts
            ],
            "blocks": proof.blocks.tolist(),
        }
    else:
        began = time.perf_counter()
        school, bound = PEERS[name][0](problem, seconds, threads)
        answer |= {"school": school, "bound": bound}
    return {**answer, "seconds": time.perf_counter() - began, "memory": memory()}


def memory() -> float:
    """Return the most memory that this process has had, GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2 ** (20 if sys.platform == "linux" else 30)


def run_apart(name: str, path: Path, seconds: float, given: argparse.Namespace) -> dict[str, Any]:
    """Solve a saved problem in a process of its own, and check and price the plan here."""
    options = [f"--run={name}", f"--case={path}", f"--seconds={seconds}"]
    options += [f"--threads={given.threads}", f"--seed={given.seed}"]
    command = [sys.executable, __file__, *options]
    limit_s = 4 * seconds + 300
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return {"note": f"stopped after {limit_s:.0f} s", "feasible": False}
    if done.returncode:
        return {"note": (done.stderr.strip().splitlines() or ["failed"])[-1], "feasible": False}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    problem = load(path)
    if found["school"] is None:
        return {"note": "no plan", **found, "feasible": False}
    found |= {"cost": plan_cost(problem, found["school"]), "note": faults(problem, found["school"])}
    found["feasible"] = not found["note"]
    if "prices" in found and problem.blocks * problem.schools <= CHECKED_CELLS:
        cuts = [(v, k, tuple(s), w) for v, k, s, w in found["cuts"]]
        again = float(proved_bound(problem, found["prices"], cuts))
        if found["blocks"]:
            again = max(again, whole_zones(problem, found))
        if not math.isclose(again, found["bound"], rel_tol=1e-7, abs_tol=1e-6):
            found["note"] += f" bound checks as {again:,.1f}"
    return found


def whole_zones(problem: zones.ZoneProblem, found: dict[str, Any]) -> float:
    """Return the bound that block prices prove, by the branch and bound that any user re-checks it with."""
    cuts = tuple(zones.Cut(v, k, np.array(s, dtype=np.int32), w) for v, k, s, w in found["cuts"])
    proof = zones.Multipliers(np.array(found["prices"]), cuts, np.array(found["blocks"]))
    return float(zones.lower_bound(problem, proof))


def faults(problem: zones.ZoneProblem, school: list[int]) -> str:
    """Return what a plan breaks; empty when nothing."""
    if problem.blocks * problem.schools <= CHECKED_CELLS:
        verdict = check_plan(problem, school)
        over, loose, wrong = math.fsum(verdict.broken.values()), len(verdict.detached), len(verdict.misplaced)
    else:
        over = math.fsum(capacity_excess(problem, school).values())
        loose = len(detached(problem, school)) if problem.contiguous else 0
        wrong = sum(not problem.allowed[i, k] for i, k in enumerate(school))
    parts = {"over": over, "cut off": loose, "misplaced": wrong}
    return ", ".join(f"{value:g} {name}" for name, value in parts.items() if value)


def line(label: str, found: dict[str, Any], *more: str) -> None:
    """Print one solver's row."""
    cost, bound = found.get("cost"), found.get("bound")
    cells = [
        f"{cost:16,.0f}" if cost is not None else f"{'–':>16}",
        f"{bound:16,.0f}" if bound is not None else f"{'–':>16}",
        f"{gap_of(cost, bound):9.3%}" if found["feasible"] and bound is not None else f"{'–':>9}",
        f"{found['seconds']:8.1f}" if "seconds" in found else f"{'–':>8}",
        f"{found['memory']:7.2f}" if "memory" in found else f"{'–':>7}",
    ]
    print(f"  {label:34s}", *cells, *more, found.get("note") or "checked", flush=True)


def heading(*more: str) -> None:
    names = f"{'cost':>16} {'bound':>16} {'gap':>9} {'seconds':>8} {'GiB':>7}"
    print(f"  {'':34s} {names}", *more)


def duel(problem: zones.ZoneProblem, seconds: float, given: argparse.Namespace) -> None:
    """Print our runs of an eighth to the whole time, and each peer beside the whole."""
    heading(f"{'above ours':>10} {'ours in':>9}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.npz"
        save(problem, path)
        runs = []
        for part in (8, 4, 2, 1):
            runs.append(run_apart(OURS, path, seconds / part, given))
            line(f"zoning {version('zoning')}, {seconds / part:g} s", runs[-1], f"{'':>10} {'':>9}")
        best = runs[-1]
        for name, (_, packages) in PEERS.items():
            if problem.contiguous and name in WITHOUT_CONTIGUITY_ONLY:
                continue
            try:
                label = f"{name} {version(packages[0])}"
            except PackageNotFoundError:
                print(f"  {name}: not installed (pip install {packages[0]})")
                continue
            found = run_apart(name, path, seconds, given)
            above = reached = "–"
            if found["feasible"] and best["feasible"]:
                above = f"{found['cost'] / best['cost'] - 1:+.3%}"
                reached = next((f"{run['seconds']:.1f} s" for run in runs if reaches(run, found)), "not yet")
            line(label, found, f"{above:>10} {reached:>9}")


def reaches(run: dict[str, Any], found: dict[str, Any]) -> bool:
    """Return whether one of our runs kept the rules and cost no more than a peer's plan."""
    return run["feasible"] and run["cost"] <= found["cost"] * (1 + 1e-9)


def free(problem: zones.ZoneProblem) -> zones.ZoneProblem:
    """Return the problem without contiguity."""
    return zones.ZoneProblem(contiguous=False, **{name: getattr(problem, name) for name in ARRAYS})


def sizes(texts: list[str], seconds: float) -> list[tuple[int, int, float]]:
    found = []
    for text in texts:
        size, _, limit = text.partition(":")
        blocks, schools = (int(part) for part in size.split("x"))
        found.append((blocks, schools, float(limit or seconds)))
    return found


def table(cases: list[tuple[int, int, float]], given: argparse.Namespace) -> None:
    """Print our engine on every size, family and share to spare."""
    print(f"\ngenerated counties, seed {given.seed}")
    heading()
    for (blocks, schools, seconds), family, spare in itertools.product(cases, given.family, given.spare):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.npz"
            save(make_county(family, blocks, schools, spare=spare, seed=given.seed), path)
            line(f"{family} {blocks:,} × {schools}, {spare:.0%}", run_apart(OURS, path, seconds, given))


def compare(cases: list[tuple[int, int, float]], given: argparse.Namespace) -> None:
    """Print our engine beside the peers, in one piece where the size allows it and without contiguity."""
    for (blocks, schools, seconds), family, spare in itertools.product(cases, given.family, given.spare):
        problem = make_county(family, blocks, schools, spare=spare, seed=given.seed)
        title = f"{family} {blocks:,} × {schools}, {spare:.0%} to spare, {seconds:g} s each"
        if blocks <= given.contiguous_up_to:
            print(f"\n{title}, zones in one piece")
            duel(problem, seconds, given)
        print(f"\n{title}, without contiguity")
        duel(free(problem), seconds, given)


def gongyi(folder: Path, seconds: float, given: argparse.Namespace) -> None:
    """Print the published instances beside the best plans known."""
    print(f"\npublished instances, {seconds:g} s each; above: our cost over the best known")
    names = f"{'best known':>14} {'cost':>14} {'above':>9} {'bound':>14} {'gap':>8} {'seconds':>8}"
    print(f"  {'instance':10s} {names}")
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        best = {row["instance"]: float(row["cost"]) for row in csv.DictReader(file)}
    for name, known in best.items():
        pairs = folder / f"{name.split('_', maxsplit=1)[0]}_connectivity.txt"
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "case.npz"
            save(pose_instance(read_instance(folder / f"{name}.txt", pairs)), path)
            found = run_apart(OURS, path, seconds, given)
        if "cost" not in found:
            print(f"  {name:10s} {known:14,.2f}  {found['note']}")
            continue
        cost, bound = found["cost"], found["bound"]
        gap = f"{gap_of(cost, bound):8.3%}" if found["feasible"] else f"{'–':>8}"
        numbers = f"{known:14,.2f} {cost:14,.2f} {cost / known - 1:+9.3%} {bound:14,.2f} {gap}"
        sound = "" if bound <= known * (1 + 1e-9) else " BOUND ABOVE THE BEST KNOWN"
        print(
            f"  {name:10s} {numbers} {found['seconds']:8.1f} {found['note'] or 'checked'}{sound}", flush=True
        )


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", action="append", help="blocks x schools : seconds, such as 3000x40:10")
    parser.add_argument("--large", action="store_true", help=f"the sizes {', '.join(LARGE)}")
    parser.add_argument("--duel", action="store_true", help="peers beside our engine on the sizes given")
    parser.add_argument("--family", type=lambda text: text.split(","), help=", ".join(FAMILIES))
    parser.add_argument(
        "--spare",
        type=lambda text: [float(part) for part in text.split(",")],
        help="such as 0.01,0.05",
    )
    parser.add_argument("--contiguous-up-to", type=int, default=300, help="blocks for peers with contiguity")
    parser.add_argument("--gongyi", type=Path, help="folder of the published instances and best_known.csv")
    parser.add_argument("--seconds", type=float, help="for each run (10; 60 with --gongyi)")
    parser.add_argument("--threads", type=int, default=2, help="for peers that take them")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--case", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    given = parse()
    if given.run:
        print(json.dumps(run_here(given.run, given.case, given.seconds, given.threads, given.seed)))
        return
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {given.threads} threads for peers")
    if given.gongyi:
        gongyi(given.gongyi, given.seconds or 60.0, given)
        return
    asked = sizes(given.size or (LARGE if given.large else []), given.seconds or 10.0)
    given.family = given.family or (["delaunay"] if asked else None)
    given.spare = given.spare or ([0.05] if asked else None)
    if asked:
        (compare if given.duel else table)(asked, given)
        return
    seconds = given.seconds or 10.0
    given.family, given.spare = ["delaunay"], [0.05]
    compare([(300, 12, seconds), (1000, 20, seconds)], given)
    given.family, given.spare = list(FAMILIES), [0.01]
    table([(1000, 20, seconds)], given)


if __name__ == "__main__":
    main()
