"""Solves a published capacitated service-area instance and proves how good the plan is.

    python benchmarks/service_area.py gy_37a.txt gy_connectivity.txt --seconds 60
    python benchmarks/service_area.py gy_37a.txt gy_connectivity.txt --json > plan.json

Every unit goes whole to one facility, a facility's own unit to itself, within the capacities, every service
area in one piece over the given pairs; the cost is Σ people × straight-line km. Prints cost, lower bound and
gap; with --json one object with the assignment, ids as text. Exit 0: a plan. Exit 1: no feasible plan exists,
or none was found, and why ({"reason": ...} with --json). Exit 2: bad input.
"""

import argparse
import json
import math
import sys
from pathlib import Path

from published import BadFileError, Instance, read_instance, why_none


def positive(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "units", type=Path, help="OID, pop, PointX, PointY, fcadidature, fcost, fcapacity by tabs"
    )
    parser.add_argument("connectivity", type=Path, help="pairs of OIDs, by commas behind an empty column")
    parser.add_argument("--seconds", type=positive, default=60.0, help="time for the search (60)")
    parser.add_argument("--seed", type=whole, default=7, help="seed of the search (7)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser.parse_args()


def refuse(reason: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"reason": reason}))
    print(f"no plan: {reason}", file=sys.stderr)
    return 1


def report(found: dict[str, object], instance: Instance, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, allow_nan=False))
        return
    people = math.fsum(instance.demand)
    gap = "none: the bound is 0" if found["gap"] is None else f"{found['gap']:.4%}"
    print(f"{len(instance.units):,} units, {people:,.6g} people, {len(instance.facilities):,} facilities")
    print(f"cost   {found['cost']:,.4f} person-km (checked: every unit once, within capacity, in one piece)")
    print(f"bound  {found['bound']:,.4f} person-km, gap {gap}")
    print(f"took   {found['seconds']:.1f} s, {found['iterations']:,} iterations")


def main() -> int:
    given = parse()
    try:
        instance = read_instance(given.units, given.connectivity)
    except BadFileError as error:
        print(error, file=sys.stderr)
        return 2
    reason = why_none(instance)
    if reason:
        return refuse(reason, as_json=given.json)
    from engine import NoPlanError, solve_instance  # noqa: PLC0415 - bad files are told before it loads

    try:
        found = solve_instance(instance, seed=given.seed, seconds=given.seconds)
    except NoPlanError as error:
        return refuse(str(error), as_json=given.json)
    report(found, instance, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
