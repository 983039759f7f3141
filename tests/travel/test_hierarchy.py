import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall
from tests.travel.networks import random_streets, tangled_streets

from zoning.travel import hierarchy
from zoning.travel.hierarchy import Hierarchy, hierarchy_of, ways_to
from zoning.travel.search import Graph, graph_of, seconds_and_metres_to, seconds_to
from zoning.travel.segments import NEVER, Streets

QUICK = settings(max_examples=60, deadline=None)
EVERY = np.arange(40)
CORES = st.sampled_from([0.0, 0.02, 0.3, 1.0])
ROUNDING = 2.0**-23
"""Twice what rounding to float32 may do to a number."""


def agree(found: npt.NDArray[np.float32], wanted: npt.NDArray[np.float32]) -> None:
    """Compare two tables to the rounding of float32, missing ways included."""
    np.testing.assert_allclose(found, wanted, rtol=ROUNDING, atol=1e-6)


def grid(side: int, *, seed: int = 7) -> Streets:
    """Return a square grid of streets of random length, some of them one-way."""
    rng = np.random.default_rng(seed)
    at = np.arange(side * side).reshape(side, side)
    start = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    end = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    count = len(start)
    base = random_streets(0, nodes=side * side, segments=2 * count).take(np.arange(count))
    metres = rng.uniform(50, 150, count)
    seconds = metres / rng.choice([1.2, 8.0, 14.0], count)
    return replace(
        base,
        x=100.0 * (at % side).ravel(),
        y=100.0 * (at // side).ravel(),
        start=start,
        end=end,
        metres=metres,
        forward_s=seconds,
        backward_s=np.where(rng.random(count) < 0.1, NEVER, seconds),
    )


@QUICK
@given(st.integers(0, 100_000), CORES)
def test_seconds_are_those_of_every_pair(seed: int, core: float) -> None:
    """The sweep gives what Floyd and Warshall's algorithm gives, which shares no code or order with it."""
    graph = graph_of(tangled_streets(seed))
    found, none = ways_to(hierarchy_of(graph, core=core), graph, EVERY, EVERY)
    wanted = floyd_warshall(graph.seconds)[np.ix_(graph.destination, graph.origin)].T
    agree(found, np.where(np.isinf(wanted), np.nan, wanted).astype(np.float32))
    assert none is None


@QUICK
@given(st.integers(0, 100_000), CORES)
@example(61_000, 0.0)
def test_seconds_are_those_of_the_plain_search(seed: int, core: float) -> None:
    """Private ways, one-ways, streets without length and parts on their own change nothing."""
    graph = graph_of(tangled_streets(seed))
    schools, blocks = np.array([3, 7, 7, 20]), np.array([0, 5, 5, 39, 3])
    found, _ = ways_to(hierarchy_of(graph, core=core), graph, schools, blocks)
    agree(found, seconds_to(graph, schools, blocks))


@QUICK
@given(st.integers(0, 100_000), CORES)
def test_metres_are_those_of_the_quickest_way(seed: int, core: float) -> None:
    """Seconds and metres are of one way; without ties it is the way that the plain search takes."""
    graph = graph_of(random_streets(seed, nodes=40, segments=80))
    wanted_s, wanted_m = seconds_and_metres_to(graph, EVERY, EVERY)
    seconds, metres = ways_to(hierarchy_of(graph, core=core), graph, EVERY, EVERY, with_metres=True)
    assert metres is not None
    agree(seconds, wanted_s)
    agree(metres, wanted_m)


def least_and_most(graph: Graph, school: int) -> tuple[list[float], list[float]]:
    """Return the least and most metres of all quickest ways from every node, by trying them all."""
    steps = floyd_warshall(graph.seconds)[graph.destination[school]]
    least, most = np.full(graph.vertices, np.inf), np.full(graph.vertices, -np.inf)
    least[graph.destination[school]] = most[graph.destination[school]] = 0.0
    rows = np.repeat(np.arange(graph.vertices), np.diff(graph.seconds.indptr))
    for vertex in np.argsort(steps, kind="stable"):
        into = np.flatnonzero(graph.seconds.indices == vertex)
        tight = into[np.isclose(steps[rows[into]] + graph.seconds.data[into], steps[vertex], atol=1e-6)]
        if len(tight) and vertex != graph.destination[school]:
            least[vertex] = (least[rows[tight]] + graph.metres[tight]).min()
            most[vertex] = (most[rows[tight]] + graph.metres[tight]).max()
    return least[graph.origin].tolist(), most[graph.origin].tolist()


@QUICK
@given(st.integers(0, 100_000), CORES)
def test_metres_of_equally_quick_ways_are_of_one_of_them(seed: int, core: float) -> None:
    """Where ways tie, the metres lie between those of the shortest and the longest quickest way."""
    streets = random_streets(seed, nodes=12, segments=30)
    whole = np.ceil(streets.forward_s / 10)
    tied = replace(streets, forward_s=whole, backward_s=np.where(np.isinf(streets.backward_s), NEVER, whole))
    graph = graph_of(tied)
    nodes = np.arange(12)
    _, metres = ways_to(hierarchy_of(graph, core=core), graph, nodes, nodes, with_metres=True)
    assert metres is not None
    for school in (0, 5):
        least, most = least_and_most(graph, school)
        reached = ~np.isnan(metres[:, school])
        assert (metres[reached, school] >= np.array(least)[reached] - 1e-3).all()
        assert (metres[reached, school] <= np.array(most)[reached] + 1e-3).all()


@pytest.mark.parametrize("core", [0.0, hierarchy.CORE])
def test_a_town_of_ten_thousand_crossings_agrees(core: float) -> None:
    """Long ways over many shortcuts stay within a metre and within the rounding of the plain search."""
    graph = graph_of(grid(100))
    rng = np.random.default_rng(1)
    schools, blocks = rng.integers(0, 10_000, 37), rng.integers(0, 10_000, 500)
    seconds, metres = ways_to(hierarchy_of(graph, core=core), graph, schools, blocks, with_metres=True)
    wanted_s, wanted_m = seconds_and_metres_to(graph, schools, blocks)
    agree(seconds, wanted_s)
    assert metres is not None
    assert np.nanmax(np.abs(metres - wanted_m)) < 1.0


def digest(made: Hierarchy) -> str:
    """Return the SHA-256 of all arrays of a hierarchy."""
    arrays = (made.place, made.first, made.other, made.out_s, made.out_m, made.back_s, made.back_m)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def test_the_same_graph_gives_the_same_bytes_in_every_process() -> None:
    """Preparation reads no clock, no thread and no random state."""
    made = digest(hierarchy_of(graph_of(tangled_streets(5, nodes=300, segments=700))))
    assert digest(hierarchy_of(graph_of(tangled_streets(5, nodes=300, segments=700)))) == made
    code = (
        "from tests.travel.networks import tangled_streets as streets\n"
        "from tests.travel.test_hierarchy import digest\n"
        "from zoning.travel.hierarchy import hierarchy_of\n"
        "from zoning.travel.search import graph_of\n"
        "print(digest(hierarchy_of(graph_of(streets(5, nodes=300, segments=700)))))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == made


@QUICK
@given(st.integers(0, 100_000), CORES)
def test_steps_outside_the_core_lead_up(seed: int, core: float) -> None:
    """The order holds: what a vertex was joined to when it was taken out was taken out later."""
    made = hierarchy_of(graph_of(tangled_streets(seed)), core=core)
    place = np.repeat(np.arange(made.vertices), np.diff(made.first))
    outside = place >= made.core
    assert (made.other[outside] < place[outside]).all()
    assert (made.other[~outside] < made.core).all()
    assert sorted(made.place.tolist()) == list(range(made.vertices))
    assert made.core <= core * made.vertices


def test_space_grows_when_a_vertex_needs_more() -> None:
    """A place where everything is joined to everything outgrows the first space and is still exact."""
    nodes = 90
    start, end = np.triu_indices(nodes, 1)
    count = len(start)
    rng = np.random.default_rng(2)
    seconds = rng.uniform(1, 2, count)
    streets = random_streets(0, nodes=nodes, segments=2 * count).take(np.arange(count))
    streets = replace(streets, start=start, end=end, forward_s=seconds, backward_s=seconds[::-1].copy())
    graph = graph_of(streets)
    every = np.arange(nodes)
    found, _ = ways_to(hierarchy_of(graph, core=0.0), graph, every, every)
    agree(found, seconds_to(graph, every, every))


def test_more_schools_than_one_batch_fit_together() -> None:
    """Schools are swept some at a time, and each column is as if it were alone."""
    graph = graph_of(tangled_streets(9))
    made = hierarchy_of(graph, core=0.1)
    whole, _ = ways_to(made, graph, EVERY, EVERY)
    for school in (0, 15, 16, 31, 32, 39):
        alone, _ = ways_to(made, graph, np.array([school]), EVERY)
        np.testing.assert_array_equal(whole[:, school], alone[:, 0])


def test_threads_change_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether one thread sweeps or three, the table is the same."""
    graph = graph_of(tangled_streets(9, nodes=300, segments=700))
    made, nodes = hierarchy_of(graph), np.arange(300)
    found = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(hierarchy, "THREADS", threads)
        seconds, metres = ways_to(made, graph, nodes, nodes, with_metres=True)
        assert metres is not None
        found.append(seconds.tobytes() + metres.tobytes())
    assert found[0] == found[1] == found[2]


def test_no_school_and_no_block_give_empty_tables() -> None:
    """Nothing to measure is no error."""
    graph = graph_of(tangled_streets(9))
    made = hierarchy_of(graph)
    none = np.array([], dtype=np.int64)
    assert ways_to(made, graph, none, EVERY)[0].shape == (40, 0)
    assert ways_to(made, graph, EVERY, none)[0].shape == (0, 40)
