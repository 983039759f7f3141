"""An independent check of zones: networkx and shapely on the source's shapes, nothing of the package."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

TOUCH_M = 0.5  # shorter shared borders are corner touches


@dataclass
class Verdict:
    """What is wrong with a plan; every field empty or 0 when nothing is.

    Parameters
    ----------
    unassigned
        Blocks without exactly one school.
    not_covered_m2
        Area that the blocks cover and the zones do not, and the other way round.
    overlap_m2
        Area in two zones, beyond what the blocks overlap themselves.
    detached
        Number of pieces of each zone that is not in one piece.
    without_school
        Zones that their school's block is not in; where several schools stand in one block, zones that do
        not even border on it.
    over
        Pupils beyond the seats, by school.
    """

    unassigned: list[str] = field(default_factory=list)
    not_covered_m2: float = 0.0
    overlap_m2: float = 0.0
    detached: dict[str, int] = field(default_factory=dict)
    without_school: list[str] = field(default_factory=list)
    over: dict[str, float] = field(default_factory=dict)


def check_zones(
    blocks: gpd.GeoSeries,
    plan: Mapping[str, tuple[str, ...]],
    *,
    school_points: gpd.GeoSeries,
    pupils: Mapping[str, float],
    seats: Mapping[str, float],
) -> Verdict:
    """Return what is wrong with the zones of one stage.

    Parameters
    ----------
    blocks
        Polygons by block id, metres, as the source has them (made valid here). Parts of one block count as
        connected through it.
    plan
        Schools of each block.
    school_points
        Points by school id, metres.
    pupils
        Children of the stage by block id.
    seats
        Seats of the stage by school id.
    """
    shapes = gpd.GeoSeries(shapely.make_valid(blocks.to_numpy()), index=blocks.index)
    verdict = Verdict(unassigned=[block for block in shapes.index if len(plan.get(block, ())) != 1])
    zones: dict[str, list[str]] = defaultdict(list)
    for block in shapes.index:
        for school in plan.get(block, ()):
            zones[school].append(block)
    graph = border_graph(shapes)
    home = _home(shapes, school_points)
    areas = {}
    for school, members in sorted(zones.items()):
        areas[school] = shapely.union_all(shapes[members].to_numpy())
        pieces = nx.number_connected_components(graph.subgraph(members))
        if pieces > 1:
            verdict.detached[school] = pieces
        if not _holds(school, members, home, graph):
            verdict.without_school.append(school)
        excess = sum(pupils[block] for block in members) - seats[school]
        if excess > 1e-6:
            verdict.over[school] = excess
    everything = shapely.union_all(list(areas.values()))
    source = shapely.union_all(shapes.to_numpy())
    verdict.not_covered_m2 = float(shapely.symmetric_difference(everything, source).area)
    own_overlap_m2 = float(shapes.area.sum() - source.area)
    verdict.overlap_m2 = max(
        0.0, sum(zone.area for zone in areas.values()) - everything.area - own_overlap_m2
    )
    return verdict


def _holds(school: str, members: list[str], home: Mapping[str, str], graph: nx.Graph) -> bool:
    """Return whether a zone holds its school's block, or touches it where the block has other schools too."""
    block = home[school]
    alone = list(home.values()).count(block) == 1
    return block in members or (not alone and any(graph.has_edge(block, member) for member in members))


def border_graph(shapes: gpd.GeoSeries) -> nx.Graph:
    """Return which blocks share a border: a strip of 10 cm around one covers that much of the other."""
    array = shapes.to_numpy()
    left, right = shapely.STRtree(array).query(array, predicate="dwithin", distance=0.05)
    left, right = left[left < right], right[left < right]
    strip_m = 0.1
    covered = shapely.area(shapely.intersection(shapely.buffer(array[left], strip_m), array[right]))
    graph = nx.Graph()
    graph.add_nodes_from(shapes.index)
    names = shapes.index.to_numpy()
    keep = covered >= TOUCH_M * strip_m
    graph.add_edges_from(zip(names[left[keep]], names[right[keep]], strict=True))
    return graph


def _home(shapes: gpd.GeoSeries, points: gpd.GeoSeries) -> dict[str, str]:
    """Return the block that each school stands in, or the nearest one."""
    nearest = np.asarray(shapely.STRtree(shapes.to_numpy()).nearest(points.to_numpy()))
    return dict(zip(points.index, shapes.index.to_numpy()[nearest], strict=True))
