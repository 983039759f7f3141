"""Travel times: scipy on sorted nodes against unsorted scipy and networkx, in one run.

Run ``python benchmarks/travel.py`` or, say, ``python benchmarks/travel.py --nodes 3000 30000 --schools 20``.
Streets are a jittered grid with missing streets and one-ways, its nodes numbered at random as in a file that
was edited for years. networkx searches from fewer schools; its time per school is scaled.
"""

import argparse
import importlib.metadata
import platform
import time
from collections.abc import Callable

import numpy as np
from scipy.sparse.csgraph import dijkstra

from zoning.travel.search import graph_of, seconds_to
from zoning.travel.segments import NEVER, Streets
from zoning.units import WGS84


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


def timed(work: Callable[[], object], repeats: int) -> tuple[float, object]:
    """Return the least CPU seconds of some runs, and the last result."""
    best, result = float("inf"), None
    for _ in range(repeats):
        begun = time.process_time()
        result = work()
        best = min(best, time.process_time() - begun)
    return best, result


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

    return timed(run, 1)[0], found


def line(nodes: int, schools: int, few: int, repeats: int, seed: int) -> str:
    """Measure one size and return its line."""
    streets = city(nodes, seed)
    chosen = np.random.default_rng(seed).choice(streets.nodes, schools, replace=False)
    every = np.arange(streets.nodes)
    build_s, _ = timed(lambda: graph_of(streets), repeats)
    graph, plain = graph_of(streets), graph_of(streets, is_sorted=False)
    sorted_s, ours = timed(lambda: seconds_to(graph, chosen, every), repeats)
    plain_s, _ = timed(lambda: dijkstra(plain.seconds, indices=chosen), repeats)
    peer_s, peers = networkx_times(streets, chosen[:few])
    np.testing.assert_allclose(np.asarray(ours)[:, :few], peers, rtol=1e-4)
    peer_s *= schools / few
    return (
        f"{streets.nodes:>9,} {build_s:>8.2f} {sorted_s:>8.2f} {plain_s:>9.2f} {peer_s:>9.2f}"
        f" {plain_s / sorted_s:>9.1f}x {peer_s / sorted_s:>9.1f}x"
    )


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[3_000, 30_000, 114_000])
    parser.add_argument("--schools", type=int, default=20)
    parser.add_argument("--networkx-schools", type=int, default=4, help="schools that networkx searches from")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    peers = ("scipy", "networkx", "numpy")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in peers)
    few = min(given.networkx_schools, given.schools)
    print(f"Python {platform.python_version()}, {versions}")
    print(f"CPU seconds for {given.schools} schools, best of {given.repeats}; graphs built beforehand")
    print(f"networkx: {few} schools in one run, scaled to {given.schools}; its times agree with ours\n")
    heads = ("nodes", "build", "sorted", "unsorted", "networkx", "/unsorted", "/networkx")
    print(" ".join(f"{head:>{width}}" for head, width in zip(heads, (9, 8, 8, 9, 9, 10, 10), strict=True)))
    for nodes in given.nodes:
        print(line(nodes, given.schools, few, given.repeats, given.seed), flush=True)


if __name__ == "__main__":
    main()
