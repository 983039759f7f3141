"""Whether every block is in exactly one zone (or one declared shared zone), as counts and as geometry."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from zoning.district import District
from zoning.evaluate.allocation import Allocation, allocate
from zoning.evaluate.scorecard import Measure
from zoning.plan import Plan

__all__ = ["coverage_faults", "coverage_measures"]

SMALLEST_FAULT_M2 = 1.0
"""Gaps and overlaps smaller than this, square metres, are rounding of coordinates."""


def coverage_faults(district: District, plan: Plan) -> gpd.GeoDataFrame:
    """Return what breaks the seamless coverage of a plan, as geometry.

    Returns
    -------
    GeoDataFrame
        ``kind``, ``block_id``, ``other_id``, ``area_m2`` and ``geometry`` in the district's metric CRS.
        Kinds: ``unassigned`` (a block without a zone), ``overlap`` (two blocks of different zones that lie
        on each other) and ``hole`` (land enclosed by blocks that belongs to none: a gap of the
        source itself).

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not.
    """
    rows = allocate(district, plan)
    geometry = district.block_frame.geometry.to_numpy()
    ids = district.block_frame.index.to_numpy(dtype=object)
    # A valid coverage has no overlaps and merges several times faster.
    clean = bool(shapely.coverage_is_valid(geometry))
    none = np.empty(0, dtype=np.int64)
    first, second, shapes = (none, none, geometry[:0]) if clean else _overlaps(geometry, rows)
    holes = _holes(shapely.coverage_union_all(geometry) if clean else shapely.union_all(geometry))
    lost = rows.unassigned
    kinds = ["unassigned"] * len(lost) + ["overlap"] * len(first) + ["hole"] * len(holes)
    empty = [""] * len(holes)
    found = gpd.GeoDataFrame(
        {
            "kind": np.asarray(kinds, dtype=object),
            "block_id": np.asarray([*ids[lost], *ids[first], *empty], dtype=object),
            "other_id": np.asarray([*([""] * len(lost)), *ids[second], *empty], dtype=object),
        },
        geometry=[*geometry[lost], *shapes, *holes],
        crs=district.place.crs,
    )
    found.insert(3, "area_m2", found.geometry.area)
    return found


def coverage_measures(district: District, plan: Plan, pupils: npt.NDArray[np.float64]) -> list[Measure]:
    """Return blocks and pupils without a zone, blocks of shared zones, and area of gaps and overlaps.

    Parameters
    ----------
    district, plan
        The district and the plan.
    pupils
        Pupils by block, float64 [block].

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not.
    """
    faults = coverage_faults(district, plan)
    lost = faults["kind"] == "unassigned"
    unzoned = district.block_frame.index.isin(faults.loc[lost, "block_id"])
    area = faults.groupby("kind")["area_m2"].sum()
    shared = sum(len(schools) > 1 for _, schools in plan.rows)
    return [
        Measure.named("coverage.blocks", len(district.block_frame), "blocks"),
        Measure.named("coverage.unassigned_blocks", lost.sum(), "blocks").held_to(0),
        Measure.named("coverage.unassigned_pupils", pupils[unzoned].sum(), "pupils").held_to(0),
        Measure.named("coverage.shared_blocks", shared, "blocks"),
        Measure.named("coverage.gap_m2", area.get("unassigned", 0.0), "m2").held_to(0),
        Measure.named("coverage.overlap_m2", area.get("overlap", 0.0), "m2").held_to(0),
        Measure.named("coverage.source_holes_m2", area.get("hole", 0.0), "m2"),
    ]


def _overlaps(
    geometry: npt.NDArray[np.object_],
    rows: Allocation,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Return pairs of blocks of different zones whose polygons overlap, and the overlap."""
    zones: list[tuple[int, ...]] = [()] * len(geometry)
    for block, school in zip(rows.block.tolist(), rows.school.tolist(), strict=True):
        zones[block] = (*zones[block], school)
    # Neighbours all intersect along their border; only what "overlaps" or "contains" shares ground.
    tree = shapely.STRtree(geometry)
    pairs = np.hstack([tree.query(geometry, predicate=kind) for kind in ("overlaps", "contains")])
    pairs = np.unique(np.sort(pairs[:, pairs[0] != pairs[1]], axis=0), axis=1)
    apart = [p for p, (a, b) in enumerate(pairs.T.tolist()) if zones[a] and zones[b] and zones[a] != zones[b]]
    first, second = pairs[:, apart]
    shapes = shapely.intersection(geometry[first], geometry[second])
    keep = shapely.area(shapes) >= SMALLEST_FAULT_M2
    return first[keep], second[keep], shapes[keep]


def _holes(merged: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the land enclosed by blocks that is part of none of them."""
    parts = shapely.get_parts(merged)
    rings = [ring for part in parts for ring in part.interiors]
    return [hole for ring in rings if (hole := shapely.Polygon(ring)).area >= SMALLEST_FAULT_M2]
