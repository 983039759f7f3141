"""Zones drawn as polygons, turned back into the blocks that they hold; schools that stand in no block."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from zoning import messages
from zoning.district import STAGES
from zoning.errors import Problems, Text
from zoning.load.coordinates import row_list

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WHOLE: Final = 0.9
"""A zone that covers at least this share of a block holds it; less is reported."""
TRACE: Final = 0.01
"""Shares of a block below this are errors of drawing."""
CUT_MARGIN_M: Final = 1.0
NAMED: Final = 8


@dataclass(frozen=True, eq=False)
class Shares:
    """How much of each block each zone covers, for the pairs that touch.

    Parameters
    ----------
    zone, block
        Positions of zone and block, int [pair].
    share
        Covered area ÷ area of the block, 0-1 [pair].
    """

    zone: Ints
    block: Ints
    share: Floats


def blocks_of_zones(
    zones: gpd.GeoDataFrame,
    blocks: gpd.GeoDataFrame,
    problems: Problems,
    *,
    file: str,
) -> pd.DataFrame:
    """Return which blocks each zone holds: every block goes to the zone that covers most of it.

    A block of which two zones each cover at least nine tenths is a shared zone and stands in one row for
    each. Blocks that are split, claimed twice in part, or covered by no zone are listed as warnings.

    Parameters
    ----------
    zones
        Columns ``stage``, ``school_id``, ``year`` (may be missing) and polygons, in any CRS.
    blocks
        Polygons in the metric CRS, index ``block_id``.
    problems
        Takes what is found.
    file
        Name that messages print.

    Returns
    -------
    DataFrame
        Columns ``stage``, ``school_id``, ``year``, ``block_id``, in the order of zones and blocks.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)],
    ...     index=pd.Index(["a", "b", "c"], name="block_id"),
    ...     crs="EPSG:4547",
    ... )
    >>> zones = gpd.GeoDataFrame(
    ...     {"stage": ["primary"] * 2, "school_id": ["s1", "s2"], "year": [None] * 2},
    ...     geometry=[shapely.box(0, 0, 130, 100), shapely.box(130, 0, 300, 100)],
    ...     crs="EPSG:4547",
    ... )
    >>> found = Problems()
    >>> held = blocks_of_zones(zones, blocks, found, file="zones.gpkg")
    >>> held[["school_id", "block_id"]].to_numpy().tolist()
    [['s1', 'a'], ['s2', 'b'], ['s2', 'c']]
    >>> found.items[0].code
    'load_layers.zone_splits'
    """
    if "year" not in zones:
        zones = zones.assign(year=None)
    zones = zones.reset_index(drop=True)
    shapes = _drawn(zones, problems, file=file, crs=blocks.crs)
    chosen = []
    for (stage, year), rows in zones.groupby(["stage", "year"], dropna=False, sort=False).indices.items():
        at = np.asarray(rows, dtype=np.int64)
        label = _label(str(stage), None if pd.isna(year) else int(year))
        shares = shares_of(shapes[at], np.asarray(blocks.geometry.values, dtype=np.object_))
        kept = _assign(shares, _Names(label, zones["school_id"].iloc[at], blocks.index), problems, file=file)
        chosen.append(pd.DataFrame({"zone": at[kept.zone], "block": kept.block}))
    pairs = pd.concat(chosen) if chosen else pd.DataFrame({"zone": [], "block": []}, dtype=np.int64)
    pairs = pairs.sort_values(["zone", "block"])
    held = zones[["stage", "school_id", "year"]].iloc[pairs["zone"]].reset_index(drop=True)
    return pd.DataFrame(held).assign(block_id=blocks.index.to_numpy()[pairs["block"]])


def _label(stage: str, year: int | None) -> Text:
    known = next((one.label for one in STAGES if one.name == stage), Text(stage, stage))
    return known if year is None else Text(f"{known.en}, {year}", f"{year} 年{known.zh}")


@dataclass(frozen=True, eq=False)
class _Names:
    """What messages call a group of zones, each zone and each block."""

    group: Text
    schools: "pd.Series[Any]"
    blocks: "pd.Index[Any]"

    def listed(self, blocks: Ints, shares: Shares) -> str:
        """Return blocks with the share of each zone in them, the first few of many."""
        shown = []
        for block in blocks[:NAMED]:
            pairs = np.flatnonzero(shares.block == block)
            pairs = pairs[np.argsort(-shares.share[pairs], kind="stable")]
            parts = (f"{self.schools.iloc[shares.zone[p]]} {shares.share[p]:.0%}" for p in pairs)
            shown.append(
                f"{self.blocks[block]} ({', '.join(parts)})" if len(pairs) else str(self.blocks[block])
            )
        return "; ".join(shown) + (" …" if len(blocks) > NAMED else "")


def _drawn(zones: gpd.GeoDataFrame, problems: Problems, *, file: str, crs: object) -> Shapes:
    """Return the polygons of the zones in the metric CRS, repaired where they cross themselves."""
    shapes = np.asarray(zones.geometry.to_crs(crs).values, dtype=np.object_)
    wrong = ~np.isin(shapely.get_type_id(shapes), (3, 6, 7)) & ~shapely.is_missing(shapes)
    if wrong.any():
        rows = np.flatnonzero(wrong) + 2
        found = messages.problem(
            "load_layers.zone_not_polygon",
            file=file,
            row=int(rows[0]),
            column="geometry",
            rows=row_list(rows),
        )
        problems.add(found)
        shapes[wrong] = None
    crossed = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if crossed.any():
        shapes[crossed] = shapely.make_valid(shapes[crossed], method="structure", keep_collapsed=False)
        rows = np.flatnonzero(crossed) + 2
        name = zones["school_id"].iloc[rows[0] - 2]
        fields: dict[str, Any] = {"row": int(rows[0]), "value": name, "rows": row_list(rows)}
        problems.add(messages.problem("load_layers.made_valid", file=file, severity="warning", **fields))
    return shapes


def shares_of(zones: Shapes, blocks: Shapes) -> Shares:
    """Return how much of each block each zone covers, shares 0-1 of the block's area.

    Parameters
    ----------
    zones, blocks
        Valid polygons in one metric CRS, object [zone] and object [block].

    Examples
    --------
    >>> shares_of(np.array([shapely.box(0, 0, 1, 1)]), np.array([shapely.box(0, 0, 4, 1)])).share.tolist()
    [0.25]
    """
    tree = shapely.STRtree(blocks)
    zone, block = tree.query(zones, predicate="intersects")
    inside_zone, inside_block = tree.query(zones, predicate="contains")
    size = len(blocks)
    inside = np.isin(zone * size + block, inside_zone * size + inside_block)
    share = np.ones(len(zone))
    for number in np.unique(zone[~inside]):
        pairs = np.flatnonzero(~inside & (zone == number))
        share[pairs] = _covered(zones[number], blocks[block[pairs]])
    total = np.bincount(block, weights=share, minlength=size)
    doubtful = ~inside & (total[block] < 1 - TRACE)  # truly uncovered, or cut down badly: measured in full
    common = shapely.intersection(zones[zone[doubtful]], blocks[block[doubtful]])
    share[doubtful] = shapely.area(common) / shapely.area(blocks[block[doubtful]])
    keep = share > TRACE
    return Shares(zone[keep], block[keep], np.minimum(share[keep], 1.0))


def _covered(zone: shapely.Geometry, blocks: Shapes) -> Floats:
    """Return the share of each block that one zone covers.

    A zone is first cut down to the block's surroundings: a long border costs as little as a short one then.
    The margin keeps the vertices that both share off the edge of the cut, where it is not robust.
    """
    boxes = shapely.bounds(blocks) + np.array([-CUT_MARGIN_M, -CUT_MARGIN_M, CUT_MARGIN_M, CUT_MARGIN_M])
    near = [shapely.clip_by_rect(zone, *box) for box in boxes]
    valid = np.array([p if p.is_valid else shapely.make_valid(p) for p in near], dtype=np.object_)
    return np.asarray(shapely.area(shapely.intersection(valid, blocks)) / shapely.area(blocks), dtype=float)


def _assign(shares: Shares, names: _Names, problems: Problems, *, file: str) -> Shares:
    """Return the pairs that hold, and report blocks that are split, claimed twice or left out."""
    size = len(names.blocks)
    order = np.lexsort((shares.zone, -shares.share, shares.block))
    block, share = shares.block[order], shares.share[order]
    is_best = np.ones(len(order), dtype=bool)
    is_best[1:] = block[1:] != block[:-1]
    best, total = np.zeros(size), np.bincount(block, weights=share, minlength=size)
    best[block[is_best]] = share[is_best]
    wholes = np.bincount(block, weights=share >= WHOLE, minlength=size)
    kept = order[is_best | (share >= WHOLE)]
    twice = (total > 1 + (1 - WHOLE)) & (wholes < 2)
    _report(np.flatnonzero(twice), shares, names, problems, code="load_layers.zone_conflict", file=file)
    shared = np.flatnonzero(wholes >= 2)
    _report(shared, shares, names, problems, code="load_layers.zone_shared", file=file)
    split = (best > 0) & (best < WHOLE) & ~twice
    _report(np.flatnonzero(split), shares, names, problems, code="load_layers.zone_splits", file=file)
    if not best.any():
        problems.add(messages.problem("load_layers.zones_elsewhere", file=file))
        return shares
    _report(np.flatnonzero(best == 0), shares, names, problems, code="load_layers.zone_misses", file=file)
    return Shares(shares.zone[kept], shares.block[kept], shares.share[kept])


def _report(
    blocks: Ints,
    shares: Shares,
    names: _Names,
    problems: Problems,
    *,
    code: str,
    file: str,
) -> None:
    if len(blocks):
        fields: dict[str, Any] = {
            "count": len(blocks),
            "group": names.group,
            "blocks": names.listed(blocks, shares),
        }
        problems.add(messages.problem(code, file=file, severity="warning", **fields))


def schools_outside(
    blocks: gpd.GeoDataFrame,
    schools: gpd.GeoDataFrame,
    *,
    problems: Problems | None = None,
    file: str = "schools.csv",
) -> pd.DataFrame:
    """Return the schools that stand in no block, each with its nearest block and the distance in metres.

    Parameters
    ----------
    blocks
        Polygons in the metric CRS, index ``block_id``.
    schools
        Points in the same CRS, index ``school_id``.
    problems
        Takes a warning about every such school; None to report nothing.
    file
        Name that messages print.

    Returns
    -------
    DataFrame
        Index ``school_id``; columns ``block_id`` and ``distance_m``.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 9, 9)], index=["a"], crs="EPSG:4547")
    >>> school = gpd.GeoDataFrame(geometry=[shapely.Point(4, 4), shapely.Point(4, 12)], index=["in", "out"])
    >>> schools_outside(square, school).to_dict("index")
    {'out': {'block_id': 'a', 'distance_m': 3.0}}
    """
    tree = shapely.STRtree(np.asarray(blocks.geometry.values))
    points = np.asarray(schools.geometry.values, dtype=np.object_)
    placed = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    (at, block), distance_m = tree.query_nearest(points[placed], all_matches=False, return_distance=True)
    away = distance_m > 0
    rows = placed[at[away]]
    outside = pd.DataFrame(
        {"block_id": blocks.index.to_numpy()[block[away]], "distance_m": distance_m[away]},
        index=schools.index[rows],
    )
    for row, (name, school) in zip(rows, outside.iterrows(), strict=True):
        if problems is not None:
            fields: dict[str, Any] = {"block": school["block_id"], "distance_m": school["distance_m"]}
            found = messages.problem(
                "load_layers.school_outside",
                file=file,
                row=int(row) + 2,
                value=name,
                severity="warning",
                **fields,
            )
            problems.add(found)
    return outside
