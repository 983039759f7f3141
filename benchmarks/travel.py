"""Travel times: the hierarchy, scipy's search on sorted and unsorted nodes, and networkx, in one run.

Run ``python benchmarks/travel.py`` or, say, ``python benchmarks/travel.py --nodes 30000 --schools 300``;
``--large`` takes 1,150,000 nodes, 1,000 schools and 200,000 blocks. Streets are a jittered grid with missing
streets and one-ways, its nodes numbered at random as in a file that was edited for years. The searches that
cost the same for every school run from a few and are scaled. The kernels are compiled beforehand.
"""

import argparse
import importlib.metadata
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse.csgraph import dijkstra

from zoning.travel.hierarchy import hierarchy_of, ways_to
from zoning.travel.matrix import method_for
from zoning.travel.nearest import nearest_schools
from zoning.travel.search import Graph, graph_of, seconds_and_metres_to, seconds_to
from zoning.travel.segments import NEVER, Streets
from zoning.units import WGS84

LARGE = (1_150_000, 1_000, 200_000)
"""Nodes, schools and blocks of ``--large``."""


def city(nodes: int, seed: int) -> Streets:
    """Return a jittered grid of about that many nodes: 15 % of the streets missing, 10 % one-way."""
    rng = np.random.default_rng(seed)
    side = round(nodes**0.5)
    at = np.arange(side * side).reshape(side, side)
    x, y = (
        (at % side + rng.uniform(-0.3, 0.3, at.shape)).ravel(),
        (at // side + rng.uniform(-0.3, 0.3, at.shape)).ravel(),
    )
    start = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    end = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    kept = rng.random(len(start)) > 0.15
    start, end = start[kept], end[kept]
    number = rng.permutation(side * side)
    metres = 100 * np.hypot(x[end] - x[start], y[end] - y[start])
    seconds = metres / rng.choice([30, 50, 70], len(start)) * 3.6
    place = np.argsort(number)
    count = len(start)
    none = np.zeros(count, dtype=np.bool_)
    return Streets(
        x=100 * x[place],
        y=100 * y[place],
        crossing=np.zeros(side * side, dtype=np.uint8),
        start=number[start],
        end=number[end],
        metres=metres,
        forward_s=seconds,
        backward_s=np.where(rng.random(count) < 0.1, NEVER, seconds),
        bridge=none,
        private=none,
        joins=~none,
        lane=np.zeros(count, dtype=np.int8),
        twin=np.full(count, -1),
        mode="drive",
        crs=WGS84,
    )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return CPU seconds and the result."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


@dataclass(frozen=True)
class Case:
    """Streets, and the nodes of schools and blocks; the first ``few`` schools are searched one by one."""

    streets: Streets
    schools: np.ndarray
    blocks: np.ndarray
    few: int


def case_of(nodes: int, schools: int, blocks: int | None, few: int, seed: int) -> Case:
    """Return a random case; one node in six is a block when their number is left out."""
    streets = city(nodes, seed)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(streets.nodes, schools, replace=False)
    count = streets.nodes // 6 if blocks is None else min(blocks, streets.nodes)
    return Case(streets, chosen, rng.choice(streets.nodes, count, replace=False), few)


def networkx_times(streets: Streets, schools: np.ndarray) -> tuple[float, np.ndarray]:
    """Return CPU seconds of networkx for some schools, and its seconds [node, school]."""
    import networkx as nx  # noqa: PLC0415 - a peer, not needed to import this file

    graph = nx.DiGraph()
    graph.add_nodes_from(range(streets.nodes))
    for tail, head, seconds in (
        (streets.start, streets.end, streets.forward_s),
        (streets.end, streets.start, streets.backward_s),
    ):
        usable = np.isfinite(seconds)
        # Reversed, so that networkx too searches once per school.
        graph.add_weighted_edges_from(
            zip(head[usable].tolist(), tail[usable].tolist(), seconds[usable].tolist(), strict=True)
        )
    found = np.full((streets.nodes, len(schools)), np.nan)

    def run() -> None:
        for column, school in enumerate(schools.tolist()):
            lengths = nx.single_source_dijkstra_path_length(graph, school)
            found[list(lengths), column] = list(lengths.values())

    return timed(run)[0], found


def hierarchy_line(case: Case, graph: Graph) -> tuple[str, float, np.ndarray, np.ndarray]:
    """Measure the hierarchy; return its part of the line, CPU seconds, and seconds and metres of the few."""
    schools, blocks, few = case.schools, case.blocks, case.few
    prepare_s, made = timed(lambda: hierarchy_of(graph))
    sweep_s, (seconds, _) = timed(lambda: ways_to(made, graph, schools, blocks))
    seconds = seconds[:, :few].copy()
    some = schools[: max(few, 64)]
    both_s, (_, metres) = timed(lambda: ways_to(made, graph, some, blocks, with_metres=True))
    each, each_both = 1e3 * sweep_s / len(schools), 1e3 * both_s / len(some)
    return (
        f"{prepare_s:>8.2f} {each:>7.2f} {each_both:>7.2f}",
        prepare_s + sweep_s,
        seconds,
        metres[:, :few].copy(),
    )


def measure(case: Case, networkx_schools: int) -> None:
    """Measure one size and print its lines."""
    schools, few = case.schools, case.schools[: case.few]
    count = len(schools)
    build_s, graph = timed(lambda: graph_of(case.streets))
    part, hierarchy_s, seconds, metres = hierarchy_line(case, graph)
    near_s, _ = timed(lambda: nearest_schools(graph, schools, case.blocks, count=10))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sorted_s, plain = timed(lambda: seconds_to(graph, few, case.blocks))
    both_s, (_, plain_m) = timed(lambda: seconds_and_metres_to(graph, few, case.blocks))
    off_s, off_m = np.nanmax(np.abs(seconds - plain)), np.nanmax(np.abs(metres - plain_m))
    np.testing.assert_array_equal(np.isnan(seconds), np.isnan(plain))
    unsorted = graph_of(case.streets, is_sorted=False)
    unsorted_s, _ = timed(lambda: dijkstra(unsorted.seconds, indices=few))
    peer_s, peers = networkx_times(case.streets, schools[:networkx_schools])
    np.testing.assert_allclose(seconds[:, :networkx_schools], peers[case.blocks], rtol=1e-4)
    each = [1e3 * total / len(few) for total in (unsorted_s, sorted_s, both_s)]
    each_peer_s = peer_s / networkx_schools
    print(
        f"{case.streets.nodes:>9,} {count:>7,} {1e3 * each_peer_s:>9.0f}"
        f" {each[0]:>8.2f} {each[1]:>8.2f} {each[2]:>8.2f} {part}   {off_s:>7.1e} {off_m:>7.1e}"
    )
    print(
        f"{'':>9} {count:,} schools x {len(case.blocks):,} blocks, graph included ({build_s:.2f} s):"
        f" {compared(build_s + hierarchy_s, build_s + each[1] * count / 1e3, each_peer_s * count)};"
        f" chosen: {method_for(graph, count)}\n"
        f"{'':>9} 10 nearest of every node {near_s:.2f} s; peak memory {peak:.1f} GiB before the peers",
        flush=True,
    )


def compared(hierarchy_s: float, search_s: float, networkx_s: float) -> str:
    """Return the three ways side by side."""
    return (
        f"hierarchy {hierarchy_s:.1f} s, sorted scipy {search_s:.1f} s ({search_s / hierarchy_s:.1f}x),"
        f" networkx {networkx_s:,.0f} s ({networkx_s / hierarchy_s:,.0f}x)"
    )


def main() -> None:
    """Print two lines a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[3_000, 30_000, 114_000])
    parser.add_argument("--schools", type=int, default=1_000)
    parser.add_argument("--blocks", type=int, help="blocks at random nodes; a sixth of them when left out")
    parser.add_argument("--few", type=int, default=16, help="schools that scipy searches from")
    parser.add_argument("--networkx-schools", type=int, default=2, help="schools that networkx searches from")
    parser.add_argument("--large", action="store_true", help="1,150,000 x 1,000 x 200,000; networkx from one")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    if given.large:
        given.nodes, given.schools, given.blocks, given.networkx_schools = [LARGE[0]], *LARGE[1:], 1
    peers = ("scipy", "networkx", "numba", "numpy")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in peers)
    print(f"Python {platform.python_version()}, {versions}; CPU time")
    print(f"scipy from {given.few} schools, networkx from {given.networkx_schools}; all agree\n")
    print(f"{'':>17} {'ms a school':^37} {'hierarchy':^26} {'off scipy by':^15}")
    heads = ("nodes", "schools", "networkx", "unsorted", "sorted", "metres", "prepare", "ms each", "metres")
    widths = (9, 7, 9, 8, 8, 8, 8, 7, 7)
    print(
        " ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)), "        s       m"
    )
    warm = case_of(400, 4, None, 2, given.seed)
    hierarchy_line(warm, graph_of(warm.streets))
    nearest_schools(graph_of(warm.streets), warm.schools, warm.blocks, count=10)
    for nodes in given.nodes:
        measure(case_of(nodes, given.schools, given.blocks, given.few, given.seed), given.networkx_schools)


if __name__ == "__main__":
    main()
