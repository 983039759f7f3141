"""How far off the forecast is on a panel of schools, beside last value and the 3-year ratio; its speed.

Usage::

    python benchmarks/forecast.py PANEL.csv [--births BIRTHS.csv --entry-age 5] [--origins 2015-2018] [--json]
    python benchmarks/forecast.py --speed 1200 100000

PANEL.csv has the columns year, school, grade, pupils and, where there are several, district; BIRTHS.csv has
year, births and, where there are several, town. Cells, schools and districts are scored as
``zoning.forecast.backtest`` says; errors are printed in percent by years ahead.
"""

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from zoning.district import District, Place
from zoning.errors import Text
from zoning.forecast import Panel, Score, backtest, forecast_residents
from zoning.forecast.backtest import METHODS, shrunk_with_births

LEVELS = (("cell", "wape"), ("school", "mape"), ("town", "mape"), ("town_total", "mape"))
ALL = "all"


def read_panel(path: Path) -> Panel:
    """Return the panel of a CSV file; one district where it names none."""
    table = pd.read_csv(path, dtype={"school": "str"})
    towns = table["district"].astype("str") if "district" in table else pd.Series(ALL, index=table.index)
    home = dict(zip(table["school"], towns, strict=True))
    return Panel.of_frame(table, home, unit="school")


def read_births(path: Path, panel: Panel) -> pd.DataFrame:
    """Return births by town and year; of the one district where the file names none."""
    table = pd.read_csv(path)
    return table if "town" in table else table.assign(town=panel.town_names[0])


def print_scores(scores: tuple[Score, ...]) -> None:
    """Print one row a method, the horizons side by side."""
    names = list(dict.fromkeys(s.method for s in scores))
    steps = sorted({s.horizon for s in scores})
    print(f"errors in % at {', '.join(map(str, steps))} years ahead")
    titles = [f"{level} {measure.upper()}" for level, measure in LEVELS]
    print(" | ".join(["method".ljust(16), *(t.ljust(37) for t in titles)]))
    found = {(s.method, s.level, s.horizon): s for s in scores}
    for name in names:
        cells = [
            " / ".join(f"{100 * getattr(found[name, level, h], measure):5.2f}" for h in steps).ljust(37)
            for level, measure in LEVELS
        ]
        print(" | ".join([name.ljust(16), *cells]))


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
    parser.add_argument("panel", nargs="?", type=Path)
    parser.add_argument("--births", type=Path)
    parser.add_argument("--entry-age", type=int, default=5, help="age at the cut-off of the lowest grade")
    parser.add_argument("--origins", help="first and last year to forecast from, such as 2015-2018")
    parser.add_argument("--last", type=int, help="last year to score")
    parser.add_argument("--horizon", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--speed", nargs="+", type=int, metavar="BLOCKS")
    given = parser.parse_args()
    if given.panel is None and given.speed is None:
        parser.error("name a panel or --speed")
    if given.speed:
        print_speed(given.speed)
    if given.panel is None:
        return 0
    panel = read_panel(given.panel)
    methods = dict(METHODS)
    if given.births:
        births = read_births(given.births, panel)
        methods["shrunk + births"] = shrunk_with_births(births, entry_age=given.entry_age)
    first, _, last = (given.origins or "").partition("-")
    origins = range(int(first), int(last or first) + 1) if first else None
    scores = backtest(panel, methods=methods, origins=origins, horizon=given.horizon, last_target=given.last)
    if given.json:
        print(json.dumps([dataclasses.asdict(s) for s in scores]))
    else:
        print_scores(scores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
