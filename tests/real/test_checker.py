"""The checker of real zones, on a row of four squares with two schools."""

import geopandas as gpd
import pytest
import shapely
from checker import Verdict, check_zones

BLOCKS = gpd.GeoSeries({f"b{n}": shapely.box(n * 100, 0, n * 100 + 100, 100) for n in range(4)})
SCHOOLS = gpd.GeoSeries({"s": shapely.Point(10, 50), "t": shapely.Point(390, 50)})


def judge(plan: dict[str, tuple[str, ...]], blocks: gpd.GeoSeries = BLOCKS) -> Verdict:
    """Return the verdict on a plan of four blocks of 10 pupils and two schools of 20 seats."""
    pupils = dict.fromkeys(blocks.index, 10.0)
    return check_zones(blocks, plan, school_points=SCHOOLS, pupils=pupils, seats={"s": 20.0, "t": 20.0})


def test_a_good_plan_has_no_finding() -> None:
    """Two halves of a row are right in every respect."""
    assert judge({"b0": ("s",), "b1": ("s",), "b2": ("t",), "b3": ("t",)}) == Verdict()


def test_every_flaw_is_found() -> None:
    """A missing block, a zone in two pieces, a zone without its school and too many pupils are all told."""
    verdict = judge({"b0": ("t",), "b2": ("t",), "b3": ("t",)})
    assert verdict.unassigned == ["b1"]
    assert verdict.not_covered_m2 == pytest.approx(10_000)
    assert verdict.detached == {"t": 2}
    assert verdict.over == {"t": pytest.approx(10)}
    assert judge({"b0": ("t",), "b1": ("t",), "b2": ("s",), "b3": ("s",)}).without_school == ["s", "t"]


def test_a_corner_touch_is_no_border_and_parts_of_a_block_are_joined() -> None:
    """Squares that meet in a corner are two pieces; a block of two parts joins what lies beside each."""
    corner = BLOCKS.copy()
    corner["b1"] = shapely.box(100, 100, 200, 200)
    plan = {"b0": ("s",), "b1": ("s",), "b2": ("t",), "b3": ("t",)}
    assert judge(plan, corner).detached == {"s": 2}
    corner["b0"] = shapely.union(corner["b0"], shapely.box(200, 100, 220, 200))
    assert judge(plan, corner).detached == {}


def test_overlap_counts_only_beyond_the_source() -> None:
    """A block in two zones overlaps itself; blocks that overlap in the source do not."""
    assert judge({"b0": ("s", "t"), "b1": ("s",), "b2": ("t",), "b3": ("t",)}).overlap_m2 == pytest.approx(
        10_000
    )
    lapping = BLOCKS.copy()
    lapping["b1"] = shapely.box(100, 0, 210, 100)
    assert judge({"b0": ("s",), "b1": ("s",), "b2": ("t",), "b3": ("t",)}, lapping).overlap_m2 == 0


def test_two_schools_in_one_block_share_it() -> None:
    """One of two schools in a block cannot hold it: its zone must border on the block instead."""
    schools = gpd.GeoSeries({"s": shapely.Point(110, 50), "t": shapely.Point(190, 50)})
    pupils, seats = dict.fromkeys(BLOCKS.index, 10.0), {"s": 20.0, "t": 20.0}
    beside = {"b0": ("s",), "b1": ("s",), "b2": ("t",), "b3": ("t",)}
    apart = {"b0": ("s",), "b1": ("s",), "b2": ("s",), "b3": ("t",)}
    verdict = check_zones(BLOCKS, beside, school_points=schools, pupils=pupils, seats=seats)
    assert verdict.without_school == []
    verdict = check_zones(BLOCKS, apart, school_points=schools, pupils=pupils, seats=seats)
    assert verdict.without_school == ["t"]
