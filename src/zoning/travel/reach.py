"""Reach of a school, and the nearest school of every block and street node."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from zoning.district import District
from zoning.policy import Mode
from zoning.travel.measure import journeys_of, journeys_to_stage, resolve
from zoning.travel.search import Graph, nearest_of
from zoning.travel.segments import Bools, Floats, Ints, Streets
from zoning.travel.streets import failure

BESIDE_M: Final = 60.0
"""Ground within this of a reached street is reached too, metres: the depth of a plot and its yard."""

HOLE_M2: Final = 20_000.0
"""Gaps inside a reach smaller than this, square metres, are filled: nobody lives beyond the street there."""

_SMOOTH_M: Final = 2.0
_SLIT_M: Final = 0.5


@dataclass(frozen=True, eq=False)
class NearestSchools:
    """The nearest school along the streets of every block and of every street node.

    Parameters
    ----------
    blocks
        Index ``block_id``; columns ``school_id`` (missing where there is no way) and ``time_s``, seconds.
    school_ids
        Schools that were looked among.
    x, y
        Street nodes in the metric CRS, metres, float64 [node].
    node_school
        Position in ``school_ids`` of each node's nearest school, -1 where there is no way, int64 [node].
    node_s
        Seconds from each node to it, float64 [node]; NaN where there is no way.
    """

    blocks: pd.DataFrame
    school_ids: tuple[str, ...] = field(repr=False)
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    node_school: Ints = field(repr=False)
    node_s: Floats = field(repr=False)


def nearest_school(
    district: District,
    *,
    stage: str,
    year: int | None = None,
    mode: Mode | None = None,
    respects_barriers: bool | None = None,
) -> NearestSchools:
    """Return the school of a stage with the least seconds from every block and every street node.

    One search from all schools at once, so its time does not depend on their number.

    Parameters
    ----------
    district
        The district; it needs a street map.
    stage
        Stage that the schools must take pupils of; its policy gives mode and barriers.
    year
        School year in which they must be open; the present one when left out.
    mode, respects_barriers
        Instead of what the policy says.

    Raises
    ------
    StreetsError
        When the street map cannot be used, or no school takes pupils of that stage in that year.
    PolicyError
        When the policy has no rule for the stage.
    DataError
        When the district does not plan that stage.

    Examples
    --------
    One street of 1.8 km with a block 0.73 km from the school:

    >>> import geopandas as gpd, tempfile
    >>> from pathlib import Path
    >>> from zoning import District, Place, Text
    >>> osm = '''<osm version="0.6">
    ... <node id="1" lon="114.0" lat="34.7"/><node id="2" lon="114.02" lat="34.7"/>
    ... <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>'''
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "streets.osm"
    >>> _ = file.write_text(osm)
    >>> spots = gpd.GeoSeries.from_xy([114.002, 114.01], [34.7, 34.7], crs=4326).to_crs("EPSG:4547")
    >>> blocks = gpd.GeoDataFrame({"name": ["A"]}, index=["b1"], geometry=[spots[0].buffer(9)], crs=spots.crs)
    >>> schools = gpd.GeoDataFrame(
    ...     {"name": ["S"], "capacity_primary": [90.0], "opens": [None], "closes": [None]},
    ...     index=["s1"], geometry=[spots[1]], crs=spots.crs)
    >>> place = Place(Text("Town", "镇"), 2026, blocks.crs)
    >>> district = District(place, blocks, schools, streets=file)
    >>> nearest_school(district, stage="primary").blocks.round(0)
       school_id  time_s
    b1        s1   611.0
    >>> folder.cleanup()
    """
    journeys, chosen, schools = journeys_to_stage(
        district, stage=stage, year=year, mode=mode, respects_barriers=respects_barriers
    )
    time_s, which = nearest_of(journeys.graph, schools)
    time_s = np.where(np.isinf(time_s), np.nan, time_s)
    names = np.array([*chosen, None], dtype=object)
    blocks = pd.DataFrame(
        {
            "school_id": pd.array(names[which[journeys.blocks]], dtype="str"),
            "time_s": time_s[journeys.blocks],
        },
        index=district.block_frame.index,
    )
    streets = journeys.joined.streets
    return NearestSchools(blocks, tuple(map(str, chosen)), streets.x, streets.y, which, time_s)


def reach(
    district: District,
    school_id: str,
    *,
    minutes: float,
    mode: Mode | None = None,
    stage: str | None = None,
    respects_barriers: bool | None = None,
) -> Polygon | MultiPolygon:
    """Return the area from which a school is reached within some minutes, in the metric CRS.

    The ground within ``BESIDE_M`` of every stretch of street from which the school is reached in time; it
    does not spill over barriers that are respected.

    Parameters
    ----------
    district
        The district; it needs a street map.
    school_id
        The school.
    minutes
        Longest journey to it, minutes.
    mode, stage, respects_barriers
        As for :func:`~zoning.travel.measure_travel`.

    Raises
    ------
    StreetsError
        When there is no such school, or the street map cannot be used.
    PolicyError
        When the policy has no rule for the stage.

    Examples
    --------
    Ten minutes are 720 m either way along the one street, and 60 m beside it:

    >>> import geopandas as gpd, tempfile
    >>> from pathlib import Path
    >>> from zoning import District, Place, Text
    >>> osm = '''<osm version="0.6">
    ... <node id="1" lon="114.0" lat="34.7"/><node id="2" lon="114.02" lat="34.7"/>
    ... <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>'''
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "streets.osm"
    >>> _ = file.write_text(osm)
    >>> spots = gpd.GeoSeries.from_xy([114.002, 114.01], [34.7, 34.7], crs=4326).to_crs("EPSG:4547")
    >>> blocks = gpd.GeoDataFrame({"name": ["A"]}, index=["b1"], geometry=[spots[0].buffer(9)], crs=spots.crs)
    >>> schools = gpd.GeoDataFrame(
    ...     {"name": ["S"], "capacity_primary": [90.0], "opens": [None], "closes": [None]},
    ...     index=["s1"], geometry=[spots[1]], crs=spots.crs)
    >>> place = Place(Text("Town", "镇"), 2026, blocks.crs)
    >>> district = District(place, blocks, schools, streets=file)
    >>> area = reach(district, "s1", minutes=10)
    >>> round(area.area / (2 * 720 * 120 + 3.14 * 60**2), 2)
    1.0
    >>> folder.cleanup()
    """
    if school_id not in district.school_frame.index:
        raise failure("travel.unknown_school", school=school_id)
    mode, respects = resolve(district, mode=mode, stage=stage, respects_barriers=respects_barriers)
    journeys = journeys_of(district, mode, respects=respects)
    school = journeys.schools[district.school_frame.index.get_loc(school_id)]
    joined = journeys.joined
    legs = joined.streets.segments - len(joined.node)
    own_leg = legs + int(np.flatnonzero(joined.node == school)[0])
    streets = joined.streets.take(np.append(np.arange(legs), own_leg))
    node_s = _seconds_to(journeys.graph, int(school), minutes * 60.0)
    lines, lane = reached_lines(streets, node_s, minutes * 60.0)
    return _filled(shapely.union_all(_ground(lines, lane, journeys.lines)))


def reached_lines(
    streets: Streets,
    node_s: Floats,
    limit_s: float,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int8]]:
    """Return the stretches of street from which a school is reached in time, and the lane of each.

    Parameters
    ----------
    streets
        The streets.
    node_s
        Seconds from each node to the school, float64 [node].
    limit_s
        Longest journey, seconds.

    Returns
    -------
    tuple
        Lines, object [stretch]; 1, -1 or 0 as in :attr:`Streets.lane`, int8 [stretch].
    """
    # The share of each segment, counted from one end, that is within reach when left by that end.
    by_start = _share(limit_s, node_s[streets.start], streets.backward_s)
    by_end = _share(limit_s, node_s[streets.end], streets.forward_s)
    none, full = np.zeros(streets.segments), np.ones(streets.segments)
    whole = by_start + by_end >= 1.0
    lines, lanes = [], []
    for chosen, low, high in (
        (whole, none, full),
        (~whole & (by_start > 0), none, by_start),
        (~whole & (by_end > 0), 1.0 - by_end, full),
    ):
        lines.append(_stretches(streets, chosen, low, high))
        lanes.append(streets.lane[chosen])
    return np.concatenate(lines), np.concatenate(lanes)


def _share(limit_s: float, node_s: Floats, segment_s: Floats) -> Floats:
    left = np.maximum(limit_s - node_s, 0.0)
    usable = np.isfinite(segment_s)
    share = left / np.maximum(np.where(usable, segment_s, 1.0), 1e-9)
    return np.where(usable, np.minimum(share, 1.0), 0.0)


def _stretches(streets: Streets, chosen: Bools, low: Floats, high: Floats) -> npt.NDArray[np.object_]:
    a, b, low, high = streets.start[chosen], streets.end[chosen], low[chosen], high[chosen]
    share = np.stack([low, high], axis=1)
    x = streets.x[a, None] + share * (streets.x[b] - streets.x[a])[:, None]
    y = streets.y[a, None] + share * (streets.y[b] - streets.y[a])[:, None]
    return np.asarray(shapely.linestrings(np.stack([x, y], axis=2)), dtype=object)


def _seconds_to(graph: Graph, school: int, limit_s: float) -> Floats:
    found = dijkstra(graph.seconds, indices=graph.destination[school], limit=limit_s)
    return np.asarray(found[graph.origin])


def _ground(
    lines: npt.NDArray[np.object_],
    lane: npt.NDArray[np.int8],
    barriers: npt.NDArray[np.object_],
) -> npt.NDArray[np.object_]:
    """Return the ground beside each stretch of street, on its own side of every barrier, polygons, object."""
    sides = shapely.buffer(lines[lane != 0], BESIDE_M * lane[lane != 0], single_sided=True)
    lines = lines[lane == 0]
    ground = np.asarray(shapely.buffer(lines, BESIDE_M, quad_segs=6))
    if len(barriers) == 0:
        return ground
    near = np.unique(shapely.STRtree(ground).query(barriers, predicate="intersects")[1])
    walls = shapely.union_all(shapely.buffer(barriers, _SLIT_M, cap_style="flat"))
    pieces, of = shapely.get_parts(shapely.difference(ground[near], walls), return_index=True)
    entered = shapely.intersects(pieces, lines[near][of])
    # As wide again as the slit was, so that both banks meet at a bridge.
    own = shapely.buffer(pieces[entered], _SLIT_M, join_style="mitre")
    return np.concatenate([np.delete(ground, near), own, sides])


def _filled(area: BaseGeometry) -> Polygon | MultiPolygon:
    parts = []
    for part in shapely.get_parts(shapely.simplify(area, _SMOOTH_M)):
        holes = [hole for hole in part.interiors if Polygon(hole).area >= HOLE_M2]
        parts.append(Polygon(part.exterior, holes))
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
