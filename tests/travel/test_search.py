import itertools
from dataclasses import replace

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.travel.networks import random_streets

from zoning.travel import search
from zoning.travel.search import graph_of, morton_order, nearest_of, seconds_and_metres_to, seconds_to
from zoning.travel.segments import Streets, merged

QUICK = settings(max_examples=25, deadline=None)


def oracle(streets: Streets) -> nx.MultiDiGraph:
    """Return the same streets as a networkx graph, parallel edges and all."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(streets.nodes))
    for k in range(streets.segments):
        a, b, metres = int(streets.start[k]), int(streets.end[k]), float(streets.metres[k])
        for tail, head, time_s in ((a, b, streets.forward_s[k]), (b, a, streets.backward_s[k])):
            if np.isfinite(time_s):
                graph.add_edge(tail, head, seconds=float(time_s), metres=metres)
    return graph


def by_networkx(streets: Streets, schools: list[int], blocks: list[int]) -> npt.NDArray[np.float64]:
    """Return seconds by Dijkstra of networkx from every block."""
    graph = oracle(streets)
    found = [nx.single_source_dijkstra_path_length(graph, block, weight="seconds") for block in blocks]
    return np.array([[times.get(school, np.nan) for school in schools] for times in found])


EVERY = np.arange(30)


@QUICK
@given(st.integers(0, 10_000))
def test_seconds_are_those_of_networkx(seed: int) -> None:
    """One search per school on the reversed graph gives what a search from every block gives."""
    streets = random_streets(seed)
    schools = [3, 7, 7, 20]
    found = seconds_to(graph_of(streets), np.array(schools), EVERY)
    np.testing.assert_allclose(found, by_networkx(streets, schools, list(EVERY)), rtol=1e-5, atol=1e-4)


@QUICK
@given(st.integers(0, 10_000))
def test_metres_are_those_of_the_quickest_way(seed: int) -> None:
    """The metres belong to the same way as the seconds, not to the shortest."""
    streets = random_streets(seed)
    seconds, metres = seconds_and_metres_to(graph_of(streets), np.array([5, 11]), EVERY)
    np.testing.assert_allclose(seconds, seconds_to(graph_of(streets), np.array([5, 11]), EVERY))
    graph = oracle(streets)
    for block in range(0, 30, 7):
        for column, school in enumerate((5, 11)):
            if np.isnan(seconds[block, column]):
                assert np.isnan(metres[block, column])
                continue
            path = nx.dijkstra_path(graph, block, school, weight="seconds")
            wanted = sum(
                min(graph[a][b].values(), key=lambda edge: edge["seconds"])["metres"]
                for a, b in itertools.pairwise(path)
            )
            assert metres[block, column] == pytest.approx(wanted, rel=1e-4, abs=1e-3)


@QUICK
@given(st.integers(0, 10_000), st.integers(0, 29), st.integers(0, 29), st.floats(0.1, 50))
def test_one_more_street_makes_nothing_longer(seed: int, first: int, last: int, time_s: float) -> None:
    """Adding an edge can only help."""
    streets = random_streets(seed)
    more = replace(
        streets.take(np.append(np.arange(streets.segments), 0)),
        start=np.append(streets.start, first),
        end=np.append(streets.end, last),
        forward_s=np.append(streets.forward_s, time_s),
        backward_s=np.append(streets.backward_s, time_s),
    )
    before = np.nan_to_num(seconds_to(graph_of(streets), EVERY, EVERY), nan=np.inf)
    after = np.nan_to_num(seconds_to(graph_of(more), EVERY, EVERY), nan=np.inf)
    assert (after <= before * (1 + 1e-6)).all()


@QUICK
@given(st.integers(0, 10_000))
def test_no_detour_is_shorter(seed: int) -> None:
    """From a to c is at most from a to b and on to c; to itself it is 0."""
    times = np.nan_to_num(seconds_to(graph_of(random_streets(seed)), EVERY, EVERY), nan=np.inf)
    through = (times[:, :, None] + times[None, :, :]).min(axis=1)
    assert (times <= through * (1 + 1e-5)).all()
    assert (np.diag(times) == 0).all()


@QUICK
@given(st.integers(0, 10_000))
def test_streets_open_both_ways_take_the_same_time_back(seed: int) -> None:
    """Walking there is walking back; with one-ways some way differs."""
    walk = seconds_to(graph_of(random_streets(seed, oneway=0.0)), EVERY, EVERY)
    np.testing.assert_allclose(walk, walk.T, rtol=1e-6)
    drive = seconds_to(graph_of(random_streets(seed)), EVERY, EVERY)
    assert not np.allclose(drive, drive.T, equal_nan=True)


@QUICK
@given(st.integers(0, 10_000))
def test_parallel_segments_take_the_least(seed: int) -> None:
    """Of parallel streets the quickest counts in each direction, and they are never added up."""
    streets = random_streets(seed, nodes=6, segments=40)
    six = np.arange(6)
    once = merged(streets)
    assert once.segments <= 15
    found = seconds_to(graph_of(once), six, six)
    np.testing.assert_allclose(found, by_networkx(streets, list(six), list(six)), rtol=1e-5, atol=1e-4)


@QUICK
@given(st.integers(0, 10_000))
def test_the_nearest_school_is_the_least_of_all(seed: int) -> None:
    """One search from all schools finds what a search from each finds."""
    graph = graph_of(random_streets(seed))
    schools = np.array([2, 9, 9, 25])
    nearest_s, which = nearest_of(graph, schools)
    every = np.nan_to_num(seconds_to(graph, schools, EVERY), nan=np.inf)
    np.testing.assert_allclose(nearest_s, every.min(axis=1), rtol=1e-5)
    reached = np.isfinite(nearest_s)
    assert (which[~reached] == -1).all()
    np.testing.assert_allclose(every[EVERY[reached], which[reached]], nearest_s[reached], rtol=1e-5)


@QUICK
@given(st.integers(0, 10_000))
def test_order_of_nodes_changes_nothing(seed: int) -> None:
    """Sorting the nodes is for speed only."""
    streets = random_streets(seed)
    plain = seconds_to(graph_of(streets, is_sorted=False), EVERY, EVERY)
    np.testing.assert_array_equal(plain, seconds_to(graph_of(streets), EVERY, EVERY))


@QUICK
@given(st.integers(0, 10_000))
def test_private_ways_are_used_at_the_ends_only(seed: int) -> None:
    """Every way may begin and end with private segments and has none between public ones."""
    streets = random_streets(seed, nodes=12, segments=24, oneway=0.1)
    private = np.random.default_rng(seed).random(streets.segments) < 0.4
    layered = nx.MultiDiGraph()
    for k in range(streets.segments):
        a, b = int(streets.start[k]), int(streets.end[k])
        for tail, head, time_s in ((a, b, streets.forward_s[k]), (b, a, streets.backward_s[k])):
            if np.isfinite(time_s):
                for layer in (0, 2) if private[k] else (1,):
                    layered.add_edge((tail, layer), (head, layer), seconds=float(time_s))
    for node in range(12):
        layered.add_edge((node, 0), (node, 1), seconds=0.0)
        layered.add_edge((node, 1), (node, 2), seconds=0.0)
    twelve = np.arange(12)
    found = seconds_to(graph_of(replace(streets, private=private)), twelve, twelve)
    for block in twelve:
        wanted = nx.single_source_dijkstra_path_length(layered, (int(block), 0), weight="seconds")
        row = [wanted.get((school, 2), np.nan) for school in range(12)]
        np.testing.assert_allclose(found[block], row, rtol=1e-5, atol=1e-4)


def test_memory_is_bounded_by_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Schools are searched a few at a time, and the rounds fit together."""
    graph = graph_of(random_streets(1))
    whole = seconds_and_metres_to(graph, EVERY, EVERY)
    monkeypatch.setattr(search, "CHUNK_BYTES", graph.vertices * 8 * 7)
    np.testing.assert_array_equal(seconds_to(graph, EVERY, EVERY), whole[0])
    parts = seconds_and_metres_to(graph, EVERY, EVERY)
    np.testing.assert_array_equal(parts[0], whole[0])
    np.testing.assert_array_equal(parts[1], whole[1])


def test_morton_order_keeps_neighbours_together() -> None:
    """Along the curve the mean step over a grid is a few cells, in rows of random order it is many."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 1, (2, 4096))
    order = morton_order(x, y)
    assert sorted(order.tolist()) == list(range(4096))
    step = np.hypot(np.diff(x[order]), np.diff(y[order])).mean()
    assert step < 3 / 64
