"""The shape of zones: one piece or several, and how compact."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from zoning.district import District
from zoning.evaluate.allocation import Allocation, allocate
from zoning.evaluate.scorecard import Measure
from zoning.plan import Plan

__all__ = ["DetachedPart", "compactness", "detached_parts", "shape_measures"]


@dataclass(frozen=True, slots=True)
class DetachedPart:
    """A piece of a zone that is cut off from the school's block.

    Parameters
    ----------
    school_id
        School of the zone.
    block_ids
        Blocks of the piece, sorted.
    """

    school_id: str
    block_ids: tuple[str, ...]


def detached_parts(district: District, plan: Plan) -> tuple[DetachedPart, ...]:
    """Return every piece of every zone that does not connect to its school's block through shared edges.

    The school's own block connects its zone even where it belongs to another one, so two schools in one
    block can both have a zone in one piece. A corner touch does not connect.

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not.
    """
    return _detached(district, allocate(district, plan))


def compactness(district: District, plan: Plan) -> pd.Series:
    """Return the Polsby-Popper compactness 4πA/P² of each zone, 0-1, by school_id.

    Area and perimeter come from the blocks and the borders that they share, without merging polygons: the
    perimeter of a zone is that of its blocks less twice the borders inside.

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not.

    References
    ----------
    Polsby and Popper (1991), The third criterion.
    """
    rows = allocate(district, plan)
    zone, area, perimeter = _extent(district, rows)
    value = 4 * np.pi * area / np.where(perimeter > 0, perimeter, np.nan) ** 2
    ids = district.school_frame.index[zone]
    return pd.Series(np.minimum(value, 1.0), index=ids, name="compactness", dtype="float64")


def shape_measures(district: District, plan: Plan) -> list[Measure]:
    """Return zones, detached parts and the mean and least compactness of a plan.

    Raises
    ------
    DataError
        When the plan names blocks or schools that the district has not.
    """
    parts = detached_parts(district, plan)
    value = compactness(district, plan)
    return [
        Measure.named("shape.zones", len(value), "schools"),
        Measure.named("shape.detached_parts", len(parts), "parts").held_to(0),
        Measure.named("shape.detached_blocks", sum(len(part.block_ids) for part in parts), "blocks"),
        Measure.named("shape.compactness_mean", value.mean() if len(value) else math.nan, "share"),
        Measure.named("shape.compactness_least", value.min() if len(value) else math.nan, "share"),
    ]


def _detached(district: District, rows: Allocation) -> tuple[DetachedPart, ...]:
    """Find pieces as components of a graph whose nodes are (block, zone) pairs, home blocks added."""
    blocks = district.block_frame.index
    home = pd.Index(blocks).get_indexer(pd.Index(district.block_of_school))
    zones = np.unique(rows.school)
    count = np.int64(len(blocks))
    keys = np.unique(np.concatenate([rows.school * count + rows.block, zones * count + home[zones]]))
    label = _labels(district, keys, count)
    anchor = label[np.searchsorted(keys, zones * count + home[zones])]
    of_zone = np.searchsorted(zones, keys // count)
    loose = np.flatnonzero(label != anchor[of_zone])
    found: dict[tuple[int, int], list[str]] = {}
    for key in loose:
        piece = found.setdefault((int(keys[key] // count), int(label[key])), [])
        piece.append(str(blocks[int(keys[key] % count)]))
    schools = district.school_frame.index
    return tuple(
        DetachedPart(str(schools[zone]), tuple(sorted(ids))) for (zone, _), ids in sorted(found.items())
    )


def _labels(district: District, keys: npt.NDArray[np.int64], count: np.int64) -> npt.NDArray[np.int32]:
    """Return the component of each (zone, block) key, joined along shared borders inside one zone."""
    pairs = district.joins
    by_block: list[list[int]] = [[] for _ in range(int(count))]
    for position, key in enumerate(keys.tolist()):
        by_block[key % int(count)].append(position)
    zone = (keys // count).tolist()
    left: list[int] = []
    right: list[int] = []
    for a, b in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        for i in by_block[a]:
            for j in by_block[b]:
                if zone[i] == zone[j]:
                    left.append(i)
                    right.append(j)
    graph = csr_array((np.ones(len(left)), (left, right)), shape=(len(keys), len(keys)))
    label: npt.NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return label


def _extent(
    district: District,
    rows: Allocation,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the schools with a zone, and area in m² and perimeter in metres of each zone."""
    geometry = district.block_frame.geometry
    schools = len(district.school_frame)
    area = np.bincount(rows.school, weights=geometry.area.to_numpy()[rows.block], minlength=schools)
    outline = np.bincount(rows.school, weights=geometry.length.to_numpy()[rows.block], minlength=schools)
    member = csr_array(
        (np.ones(len(rows.block)), (rows.block, rows.school)),
        shape=(len(geometry), schools),
    )
    # Each inner border is counted from both sides, so the product already holds it twice.
    inner = np.asarray(member.multiply(district.adjacency.matrix() @ member).sum(axis=0)).ravel()
    zones = np.unique(rows.school)
    return zones, area[zones].astype(np.float64), np.asarray((outline - inner)[zones])
