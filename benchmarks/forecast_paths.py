"""Seconds and memory of sample paths: sums by zone, town and county, and block quantiles by stage.

Usage::

    python benchmarks/forecast_paths.py [--blocks 100000] [--paths 500] [--json]
    python benchmarks/forecast_paths.py --residents 1200 100000  # seconds of the forecast itself

Blocks x 13 grades (K1-10) x 6 years. Beside it what numpy takes for one Poisson draw of as many cells and
their sum over zones alone, drawn for some blocks and scaled up to all.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from zoning.district import District, Place
from zoning.errors import Text
from zoning.forecast import Dispersion, Simulation, forecast_residents

GRADES = tuple(range(-2, 11))
YEARS = tuple(range(2026, 2033))
STAGES = ((-2, -1, 0), tuple(range(1, 7)), (7, 8, 9), (10,))
ZONES, TOWNS = 300, 70
ENDS = (0.025, 0.1, 0.9, 0.975)
PEER_BLOCKS = 500


def made_up(blocks: int, paths: int, *, seed: int = 7) -> Simulation:
    """Return paths of blocks with about three children an age, some with none and some with many."""
    rng = np.random.default_rng(seed)
    each = 3.0 * rng.lognormal(-0.32, 0.8, (blocks, 1))
    course = np.empty((blocks, len(GRADES), len(YEARS)))
    course[:, :, 0] = rng.poisson(np.broadcast_to(each, (blocks, len(GRADES))))
    for step in range(1, len(YEARS)):
        course[:, 0, step] = each[:, 0] * 0.97**step
        course[:, 1:, step] = course[:, :-1, step - 1] * rng.normal(1.0, 0.03, (1, len(GRADES) - 1))
    town = np.arange(blocks) * TOWNS // blocks
    return Simulation(course, GRADES, YEARS, town, Dispersion.usual(), paths, seed)


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return wall and CPU seconds of all threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}


def sum_up(simulation: Simulation) -> None:
    """Sum all paths over zones, towns and the county in one go."""
    block = np.arange(simulation.size)
    group = [
        block * ZONES // simulation.size,
        ZONES + simulation.town,
        np.full(simulation.size, ZONES + TOWNS),
    ]
    sums = simulation.sums(np.tile(block, 3), np.concatenate(group), 1.0, ZONES + TOWNS + 1, years=YEARS[1:])
    if not (sums[:, :ZONES].sum(axis=1) == sums[:, -1]).all():
        raise AssertionError("zones do not add up to the county")


def peer(blocks: int, paths: int) -> None:
    """Draw independent Poisson children and sum them over blocks."""
    rng = np.random.default_rng(1)
    for _ in range(0, paths, 50):
        rng.poisson(3.0, (50, blocks, len(GRADES), len(YEARS) - 1)).sum(axis=1)


def made_up_district(blocks: int, *, seed: int = 7) -> District:
    """Return a grid of blocks with seven years of residents of 15 ages and ten years of births."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(blocks)))
    x, y = np.divmod(np.arange(blocks), side)
    ids = [f"b{n:06d}" for n in range(blocks)]
    town = [f"town {n % max(1, blocks // 70):05d}" for n in range(blocks)]
    frame = gpd.GeoDataFrame(
        {"name": ids, "name_en": ids, "town": town, "place_class": "village"},
        index=pd.Index(ids, name="block_id"),
        geometry=shapely.box(x * 500.0, y * 500.0, x * 500.0 + 500, y * 500.0 + 500),
        crs="EPSG:4547",
    )
    schools = gpd.GeoDataFrame(
        {"town": town[:1]}, index=["s1"], geometry=[shapely.Point(0, 0)], crs=frame.crs
    )
    years, ages = np.arange(2020, 2027), np.arange(3, 18)
    shape = (blocks, len(years), len(ages))
    level = 3.0 * np.exp(-0.08 * np.maximum(0, years[:, None] - ages[None, :] - 2016))
    residents = pd.DataFrame(
        {
            "block_id": np.repeat(np.asarray(ids, dtype=object), len(years) * len(ages)),
            "year": np.tile(np.repeat(years, len(ages)), blocks),
            "age": np.tile(ages, blocks * len(years)),
            "residents": rng.poisson(np.broadcast_to(level, shape)).ravel().astype(np.float64),
        },
    )
    births = pd.DataFrame(
        [(t, y, 210.0 * 0.92 ** max(0, y - 2016)) for t in sorted(set(town)) for y in range(2014, 2026)],
        columns=["town", "year", "births"],
    )
    place = Place(Text("made up", "虚构"), 2026, frame.crs)
    return District(place, frame, schools, tables={"residents": residents, "births": births})


def print_speed(sizes: list[int]) -> None:
    """Print the seconds of six years' forecast by number of blocks."""
    for blocks in sizes:
        district = made_up_district(blocks)
        wall, cpu = time.perf_counter(), time.process_time()
        demand = forecast_residents(district, years=range(2027, 2033))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(
            f"{blocks:>8,} blocks x 15 ages x 7 years -> {len(demand.years)} years: "
            f"{cpu:6.2f} CPU s, {wall:6.2f} s by the clock",
        )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--blocks", type=int, default=100_000)
    parser.add_argument("--paths", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--residents", nargs="+", type=int, metavar="BLOCKS")
    given = parser.parse_args()
    if given.residents:
        print_speed(given.residents)
        return 0
    small = made_up(100, 10)
    sum_up(small)  # compiled before the clock starts
    small.quantiles(ENDS, STAGES, years=YEARS[1:])
    simulation = made_up(given.blocks, given.paths)
    cells = given.blocks * len(GRADES) * (len(YEARS) - 1) * given.paths
    found = {
        "sums": timed(lambda: sum_up(simulation)),
        "quantiles": timed(lambda: simulation.quantiles(ENDS, STAGES, years=YEARS[1:])),
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    numpy = timed(lambda: peer(PEER_BLOCKS, given.paths))
    times = given.blocks / PEER_BLOCKS
    found["numpy, one Poisson draw a cell, scaled up"] = {
        name: value * times for name, value in numpy.items()
    }
    if given.json:
        print(json.dumps({"cells": cells, "peak_gib": memory, **found}))
        return 0
    print(f"{given.blocks:,} blocks x {len(GRADES)} grades x {len(YEARS) - 1} years x {given.paths} paths")
    for name, row in found.items():
        each = 1e9 * row["cpu_seconds"] / cells
        spent = f"{row['seconds']:7.1f} s by the clock {row['cpu_seconds']:7.1f} CPU s"
        print(f"{name:<42} {spent} {each:6.1f} ns a cell")
    print(f"peak memory {memory:.2f} GiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
