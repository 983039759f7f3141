# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import diags_array
from tests.travel.networks import tangled_streets

from zoning.travel import matrix, measure_travel
from zoning.travel.matrix import matrix_of, method_for
from zoning.travel.search import Graph, graph_of

NODES = np.arange(40)


def test_both_searches_give_the_same_table() -> None:
    """Which one is chosen changes nothing beyond the rounding of float32."""
    graph = graph_of(tangled_streets(4))
    by_search, _ = matrix_of(graph, NODES, NODES, method="search")
    by_hierarchy, _ = matrix_of(graph, NODES, NODES, method="hierarchy")
    np.testing.assert_allclose(by_hierarchy, by_search, rtol=2.0**-23, atol=1e-6)


@cache
def chequerboard(vertices: int) -> Graph:
    """Return a graph of about so many crossings of four streets."""
    side = round(vertices**0.5)
    count = side * side
    ways = diags_array([9.0] * 4, offsets=[-side, -1, 1, side], shape=(count, count)).tocsr()
    return Graph(ways, ways.data, np.arange(count), np.arange(count))


def road(vertices: int) -> Graph:
    """Return a graph of one winding road: every vertex is a bend."""
    ways = diags_array([9.0, 9.0], offsets=[-1, 1], shape=(vertices, vertices)).tocsr()
    return Graph(ways, ways.data, np.arange(vertices), np.arange(vertices))


def test_the_choice_takes_what_costs_less() -> None:
    """Small places and few schools are searched plainly; a large place with many schools is prepared."""
    small, city, province = chequerboard(20_000), chequerboard(114_000), chequerboard(1_150_000)
    assert method_for(small, 200) == "search"
    assert method_for(small, 200, with_metres=True) == "search"
    assert method_for(province, 20, with_metres=True) == "search"
    assert method_for(city, 1_000) == "hierarchy"
    assert method_for(province, 1_000) == "hierarchy"
    assert method_for(province, 1_000, with_metres=True) == "hierarchy"


def test_bends_are_cheaper_than_crossings() -> None:
    """A real map, which is bends for the most part, is prepared for fewer schools than a chequerboard."""
    assert method_for(chequerboard(1_150_000), 100) == "search"
    assert method_for(road(1_150_000), 100) == "hierarchy"


@pytest.mark.parametrize("vertices", [3_000, 30_000, 114_000, 1_150_000])
def test_more_schools_never_turn_the_choice_back(vertices: int) -> None:
    """Preparation pays from some number of schools on, and sooner with metres."""
    graph = chequerboard(vertices)
    counts = [1, 10, 50, 100, 200, 400, 1_000, 10_000]
    plain = [method_for(graph, count) for count in counts]
    both = [method_for(graph, count, with_metres=True) for count in counts]
    assert plain == sorted(plain, reverse=True)
    assert both == sorted(both, reverse=True)
    assert both.index("hierarchy") <= plain.index("hierarchy")


@pytest.mark.parametrize("with_metres", [False, True])
def test_the_choice_is_followed(monkeypatch: pytest.MonkeyPatch, with_metres: bool) -> None:  # noqa: FBT001
    """A table is made by the search that the rule names, and by no other."""
    graph = graph_of(tangled_streets(4))
    used = []
    real = matrix.hierarchy_of
    monkeypatch.setattr(matrix, "hierarchy_of", lambda graph: used.append("hierarchy") or real(graph))
    matrix_of(graph, NODES, NODES, with_metres=with_metres)
    assert used == []
    monkeypatch.setattr(matrix, "START_S", 0.0)
    monkeypatch.setattr(matrix, "JUNCTION_S", 0.0)
    matrix_of(graph, NODES, NODES, with_metres=with_metres)
    assert used == ["hierarchy"]


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_a_district_is_the_same_by_either_search(
    tmp_path: Path, town: Any, district: Any, mode: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks, schools, legs, private drives and one-ways of a real call go through both searches alike."""
    steps = range(0, 1001, 100)
    for step in steps:
        town.way(*((float(x), float(step)) for x in steps), maxspeed=str(20 + step // 20))
        town.way(*((float(step), float(y)) for y in steps), oneway="yes" if step % 200 else "no")
    town.way((1000.0, 1000.0), (1100.0, 1130.0), access="private").way((5000.0, 0.0), (5000.0, 1500.0))
    rng = np.random.default_rng(3)
    blocks = {f"b{k}": tuple(map(float, rng.uniform(0, 1100, 2))) for k in range(20)} | {"far": (5010.0, 0.0)}
    schools = {f"s{k}": tuple(map(float, rng.uniform(0, 1100, 2))) for k in range(18)}
    made = district(town.osm(tmp_path / "t.osm"), blocks, schools)
    plain = measure_travel(made, mode=mode, cache=False)
    monkeypatch.setattr(matrix, "START_S", -1e9)
    swept = measure_travel(made, mode=mode, cache=False)
    np.testing.assert_allclose(swept.seconds, plain.seconds, rtol=2.0**-23)
    assert np.isnan(swept.seconds[-1]).all()
    assert np.nanmax(np.abs(swept.metres - plain.metres)) < 1.0
    assert swept.notes == plain.notes
