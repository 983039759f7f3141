"""Plans of a 3×3 town tried one by one, and what each option means, counted by hand from the district."""

import itertools
from collections.abc import Iterator, Sequence

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import strategies as st
from tests.towns import block_name, square_town, straight_times

from zoning.district import District
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones import PosedProblem, pose_problem

IDS = [block_name(row, column) for row in range(3) for column in range(3)]
NINE = st.lists(st.integers(0, 9), min_size=9, max_size=9)


def town_of(**changes: object) -> District:
    """Return a 3×3 town with schools in two corners, 60 seats each, unless said otherwise."""
    given = {"schools": [(0, 0), (2, 2)], "capacity": [60.0, 60.0], "side_m": 400.0} | changes
    return square_town(3, 3, **given)


def forecast_of(town: District, pupils: np.ndarray, years: Sequence[int], stage: str = "primary") -> Forecast:
    """Return a forecast from pupils [path, block, year], evenly over the grades of a stage."""
    grades = tuple(town.stage(stage).grades)
    paths = np.repeat(pupils[:, :, None, :] / len(grades), len(grades), axis=2)
    return Forecast.of_paths(paths.astype(float), tuple(town.block_frame.index), grades, tuple(years))


def one_year(town: District, pupils: Sequence[float], stage: str = "primary") -> Forecast:
    """Return a point forecast for 2027."""
    return forecast_of(town, np.array(pupils, dtype=float)[None, :, None], [2027], stage)


def posed(
    town: District, demand: Forecast, *, times: TravelTimes | None = None, **more: object
) -> PosedProblem:
    """Pose the primary stage for 2027."""
    given = {"stage": "primary", "year": 2027} | more
    return pose_problem(town, demand, straight_times(town) if times is None else times, **given)


def contiguous_plans(homes: Sequence[int] = (0, 8)) -> Iterator[np.ndarray]:
    """Yield every plan of a 3×3 town whose zones are in one piece with their school's block."""
    graph = nx.grid_2d_graph(3, 3)
    for school in itertools.product(range(len(homes)), repeat=9):
        zones = [
            {divmod(b, 3) for b in range(9) if school[b] == k} | {divmod(home, 3)}
            for k, home in enumerate(homes)
        ]
        if all(nx.is_connected(graph.subgraph(zone)) for zone in zones):
            yield np.array(school, dtype=np.int32)


def loads(pupils: Sequence[float], school: np.ndarray, schools: int = 2) -> list[float]:
    """Return the pupils of each school, added up one by one."""
    return [float(sum(p for p, s in zip(pupils, school, strict=True) if s == k)) for k in range(schools)]


def is_allowed(found: PosedProblem, school: np.ndarray) -> bool:
    """Return whether every cell of a plan is open without the rule of a school's own block."""
    return bool(found.unkept.allowed[np.arange(len(school)), school].all())


def residents_of(migrants: Sequence[float], residents: float = 10.0) -> dict[str, pd.DataFrame]:
    """Return a residents table of 2026 with so many migrants of ten children of age 8 in each block."""
    rows = [(b, 2026, 8, residents, residents - m, m) for b, m in zip(IDS, migrants, strict=True)]
    columns = ["block_id", "year", "age", "residents", "registered", "migrants"]
    return {"residents": pd.DataFrame(rows, columns=columns)}


def today_of(school: Sequence[int]) -> Plan:
    """Return zones in force of 2026."""
    return Plan.of("primary", 2026, {b: f"s{s}" for b, s in zip(IDS, school, strict=True)})


def with_options(**given: object) -> dict[str, ZoneOptions]:
    """Return options as a keyword of propose, pose and score."""
    return {"options": ZoneOptions(**given)}
