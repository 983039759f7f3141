"""Every step of the tool on generated counties of named sizes, networkx beside the journeys in the same run.

    python benchmarks/counties.py                   # 3,000 and 30,000 blocks
    python benchmarks/counties.py --blocks 100000

A larger county has more schools than one plan has, so the schools are thinned to at most 300 that serve
primary, and their seats scaled to 1.1 times the children. Journeys are walked along the generated streets.
networkx measures two schools on the same graph and its time per school is scaled. The assignment is held
against PuLP and HiGHS in ``benchmarks/assignment.py``. Memory is read as Linux gives it.
"""

import argparse
import dataclasses
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import TypeVar

import numpy as np

from zoning.district import District
from zoning.evaluate import score_plan
from zoning.forecast import Forecast
from zoning.load import read_district
from zoning.load.sample import draw_county, write_sample
from zoning.travel import measure_travel
from zoning.travel.measure import journeys_of
from zoning.zones import propose_plan

SCHOOLS = 300
SEED = 7


T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return CPU seconds of one call and its result."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def thinned(county: District, children: float) -> District:
    """Return the county with at most 300 primary schools and seats for 1.1 times the children."""
    schools = county.schools
    primary = schools[schools["capacity_primary"].notna() & (schools["ownership"] == "public")]
    keep = np.unique(np.linspace(0, len(primary) - 1, SCHOOLS).astype(int))
    chosen = primary.iloc[keep].assign(opens=np.nan, closes=np.nan, teaching_site=False)
    seats = chosen["capacity_primary"].to_numpy()
    chosen = chosen.assign(capacity_primary=np.ceil(seats * 1.1 * children / seats.sum()))
    rule = dataclasses.replace(county.policy.of("primary"), within_town=False)
    return dataclasses.replace(county, school_frame=chosen, policy=county.policy.with_rule(rule))


def demand_of(county: District, blocks: int) -> Forecast:
    """Return the generator's own children of primary age, as a forecast of one year."""
    children = draw_county(blocks=blocks, seed=SEED).people.children
    grades = range(1, 7)
    mean = np.stack([children[:, g + 5] for g in grades], axis=1)[:, :, None].astype(np.float64)
    return Forecast(mean, tuple(county.block_frame.index), tuple(grades), (county.place.year + 1,))


def networkx_seconds(county: District, schools: int) -> tuple[float, int]:
    """Return CPU seconds that networkx takes for all schools (scaled from two), and the vertices."""
    import networkx as nx  # noqa: PLC0415 - a peer, not needed to import this file

    graph = journeys_of(county, "walk", respects=True).graph
    rows = np.repeat(np.arange(graph.vertices), np.diff(graph.seconds.indptr))
    peer = nx.DiGraph()
    edges = zip(rows.tolist(), graph.seconds.indices.tolist(), graph.seconds.data.tolist(), strict=True)
    peer.add_weighted_edges_from(edges)
    sources = graph.destination[journeys_of(county, "walk", respects=True).schools[:2]]
    spent, _ = timed(lambda: [nx.single_source_dijkstra_path_length(peer, int(node)) for node in sources])
    return spent / len(sources) * schools, graph.vertices


def run_size(blocks: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written, path = timed(lambda: write_sample(folder, blocks=blocks, seed=SEED, tables=False))
        read, county = timed(lambda: read_district(path))
        demand = demand_of(county, blocks)
        county = thinned(county, demand.mean.sum())
        schools, year = len(county.school_frame), county.place.year + 1
        walked, times = timed(lambda: measure_travel(county, stage="primary", cache=False))
        peer, vertices = networkx_seconds(county, schools)
    proposed, proposal = timed(
        lambda: propose_plan(county, demand, times, stage="primary", year=year, seed=SEED)
    )
    scored, card = timed(lambda: score_plan(county, proposal.plan, demand, times))
    over = card["capacity.pupils_over"].value
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"\n{blocks:,} blocks × {schools} schools, {vertices:,} street vertices")
    print(f"  generate and write  {written:8.1f} s")
    print(f"  read and check      {read:8.1f} s")
    print(f"  journeys            {walked:8.1f} s   networkx {peer:,.0f} s, {peer / walked:.0f}×")
    print(
        f"  propose             {proposed:8.1f} s   gap {proposal.gap:.2%}, over capacity {over:.0f} pupils"
    )
    print(f"  score               {scored:8.1f} s")
    print(f"  peak memory so far  {memory:8.1f} GiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--blocks", type=int, nargs="+", default=[3_000, 30_000])
    given = parser.parse_args()
    versions = ", ".join(f"{name} {version(name)}" for name in ("scipy", "networkx", "ortools"))
    print(f"CPU seconds; Python {platform.python_version()}, {versions}")
    for blocks in given.blocks:
        run_size(blocks)


if __name__ == "__main__":
    main()
