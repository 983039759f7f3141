# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.travel.networks import random_streets, tangled_streets

from zoning.errors import StreetsError
from zoning.travel import measure_travel, nearby_schools, nearest_school, nearest_schools
from zoning.travel.search import graph_of, seconds_to

QUICK = settings(max_examples=60, deadline=None)
EVERY = np.arange(40)


def table(seed: int, schools: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Return the seconds from every node to every school by the plain search, ``inf`` where no way."""
    return np.nan_to_num(seconds_to(graph_of(tangled_streets(seed)), schools, EVERY), nan=np.inf)


@QUICK
@given(st.integers(0, 100_000), st.integers(1, 12))
def test_the_nearest_are_the_least_of_the_table(seed: int, count: int) -> None:
    """The listed seconds are the least of each row of the whole table, and belong to the listed schools."""
    schools = np.random.default_rng(seed).integers(0, 40, 9)
    whole = table(seed, schools)
    found = nearest_schools(graph_of(tangled_streets(seed)), schools, EVERY, count=count)
    listed = np.nan_to_num(found.seconds, nan=np.inf)
    least = np.full((40, count), np.inf, dtype=np.float32)
    least[:, :9] = np.sort(whole, axis=1)[:, :count]
    np.testing.assert_array_equal(listed, least)
    reached = found.school >= 0
    np.testing.assert_array_equal(reached, np.isfinite(listed))
    block, rank = np.nonzero(reached)
    np.testing.assert_array_equal(whole[block, found.school[block, rank]], listed[block, rank])


@QUICK
@given(st.integers(0, 100_000), st.integers(1, 12))
def test_no_school_left_out_is_nearer_than_the_bound(seed: int, count: int) -> None:
    """The bound proves that the list was enough: whoever is not on it is at least that far."""
    schools = np.random.default_rng(seed).integers(0, 40, 9)
    whole = table(seed, schools)
    found = nearest_schools(graph_of(tangled_streets(seed)), schools, EVERY, count=count)
    left_out = np.ones((40, 9), dtype=np.bool_)
    block, rank = np.nonzero(found.school >= 0)
    left_out[block, found.school[block, rank]] = False
    nearest_left_out = np.where(left_out, whole, np.inf).min(axis=1)
    assert (nearest_left_out >= found.beyond_s).all()
    np.testing.assert_array_equal(np.isinf(found.beyond_s), np.isinf(nearest_left_out) & ~full(found, 9))


def full(found: Any, schools: int) -> npt.NDArray[np.bool_]:
    """Return whether a block's list is full while schools may be left out."""
    return (found.school >= 0).all(axis=1) & (found.school.shape[1] < schools)


@QUICK
@given(st.integers(0, 100_000), st.integers(1, 6))
def test_a_longer_list_begins_with_the_shorter(seed: int, count: int) -> None:
    """Growing the list adds to it and never moves the bound nearer."""
    graph = graph_of(random_streets(seed, nodes=40, segments=80))
    schools = np.array([1, 5, 5, 9, 13, 17, 21, 30])
    short = nearest_schools(graph, schools, EVERY, count=count)
    longer = nearest_schools(graph, schools, EVERY, count=count + 1)
    np.testing.assert_array_equal(short.school, longer.school[:, :count])
    np.testing.assert_array_equal(short.seconds, longer.seconds[:, :count])
    assert (longer.beyond_s >= short.beyond_s).all()


def test_equally_far_schools_come_in_their_order() -> None:
    """Of schools at one node the first in the list comes first, so the result does not depend on chance."""
    graph = graph_of(random_streets(1, nodes=40, segments=120))
    found = nearest_schools(graph, np.array([4, 4, 4, 4]), EVERY, count=3)
    assert {tuple(row) for row in found.school.tolist()} <= {(0, 1, 2), (-1, -1, -1)}


def test_a_list_of_none_is_refused() -> None:
    """No nearest school is no question."""
    with pytest.raises(ValueError, match="count is 0, wanted 1 or more"):
        nearest_schools(graph_of(random_streets(1)), np.array([1]), np.array([2]), count=0)


@pytest.fixture
def crossroads(tmp_path: Path, town: Any, district: Any) -> Any:
    """A district with four schools along one street and two blocks."""
    file = town.way(*((float(x), 0.0) for x in range(0, 4001, 100))).osm(tmp_path / "t.osm")
    schools = {"a": (0.0, 0.0), "b": (1000.0, 0.0), "c": (2000.0, 0.0), "d": (4000.0, 0.0)}
    return district(file, {"p": (900.0, 0.0), "q": (3500.0, 0.0)}, schools)


def test_nearby_schools_of_a_district(crossroads: Any) -> None:
    """Every block has its schools nearest first, with the times of the whole table."""
    found = nearby_schools(crossroads, stage="primary", count=2)
    assert found["block_id"].tolist() == ["p", "p", "q", "q"]
    assert found["rank"].tolist() == [1, 2, 1, 2]
    assert found["school_id"].tolist() == ["b", "a", "d", "c"]
    times = measure_travel(crossroads, stage="primary", cache=False)
    wanted = [times.seconds[0, 1], times.seconds[0, 0], times.seconds[1, 3], times.seconds[1, 2]]
    assert found["time_s"].tolist() == wanted
    assert found["beyond_s"].tolist() == [wanted[1], wanted[1], wanted[3], wanted[3]]


def test_the_first_of_the_nearby_is_the_nearest(crossroads: Any) -> None:
    """A list of one agrees with the nearest school, and a list of all has nothing beyond it."""
    one = nearby_schools(crossroads, stage="primary", count=1)
    assert (
        one["school_id"].tolist() == nearest_school(crossroads, stage="primary").blocks["school_id"].tolist()
    )
    every = nearby_schools(crossroads, stage="primary", count=4)
    assert len(every) == 8
    assert np.isinf(every["beyond_s"]).all()


def test_a_stage_without_schools_is_named(crossroads: Any) -> None:
    """Asking for the nearest of none gives the stage and year."""
    with pytest.raises(StreetsError, match="2026"):
        nearby_schools(crossroads, stage="junior", count=2)
