"""Travel times of a district: its blocks and schools joined to its streets, and every way between them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.policy import Mode
from zoning.travel import cache as store
from zoning.travel import reported
from zoning.travel.barriers import Barriers, barriers_of, respect
from zoning.travel.matrix import matrix_of
from zoning.travel.modes import STRAIGHT_DRIVE_KM_PER_H
from zoning.travel.search import Graph, graph_of
from zoning.travel.segments import Streets, streets_of
from zoning.travel.snap import Joined, join
from zoning.travel.streets import MODES, failure, read_ways
from zoning.travel.times import TravelTimes
from zoning.units import WALK_M_PER_S

DETOUR: Final = 1.3
"""Length of a way along streets over the straight line, where there is no street map.

Ratios of 1.2 to 1.4 are commonly found for road networks; this is an assumption and is noted as one.
"""

POINT_COLUMN: Final = "settlement"
"""Column of the blocks, if there is one, with the point where the block's people live."""


@dataclass(frozen=True, eq=False)
class Journeys:
    """A district's blocks and schools joined to its streets.

    Parameters
    ----------
    graph
        The streets, ready to be searched.
    joined
        Streets with the blocks first and the schools after them.
    blocks, schools
        Nodes of the blocks and schools, int64.
    lines
        Barriers that are respected, object [line].
    notes
        What was assumed.
    """

    graph: Graph
    joined: Joined
    blocks: npt.NDArray[np.int64]
    schools: npt.NDArray[np.int64]
    lines: npt.NDArray[np.object_]
    notes: tuple[Text, ...]


def measure_travel(
    district: District,
    *,
    mode: Mode | None = None,
    stage: str | None = None,
    respects_barriers: bool | None = None,
    cache: store.CacheFolder = None,
) -> TravelTimes:
    """Return seconds and metres along the streets from every block to every school.

    Without a street map the journeys are straight lines times ``DETOUR``, and ``along_streets`` is false.

    Parameters
    ----------
    district
        The district; a block's journey begins at its settlement point (column ``settlement``), else at a
        point inside it.
    mode
        ``walk`` or ``drive``; that of the stage when left out, else ``walk``.
    stage
        Stage whose policy gives mode and barriers.
    respects_barriers
        Whether pupils cross barriers only at bridges, tunnels and crossings; what the stage's policy says
        when left out, else yes on foot and no by car.
    cache
        Folder to keep the times in; the user's cache folder when left out, ``False`` for none.

    Raises
    ------
    StreetsError
        When the street map is missing, unreadable, of another place, or has no street for the mode.
    PolicyError
        When the policy has no rule for the stage.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from zoning.district import Place
    >>> crs = "EPSG:4547"
    >>> square, point = shapely.box(0, 0, 90, 80), shapely.Point(645, 40)
    >>> blocks = gpd.GeoDataFrame({"name": ["A"]}, index=["b1"], geometry=[square], crs=crs)
    >>> schools = gpd.GeoDataFrame({"name": ["S"]}, index=["s1"], geometry=[point], crs=crs)
    >>> place = Place(Text("Town", "镇"), 2026, blocks.crs)
    >>> times = measure_travel(District(place, blocks, schools))
    >>> times.metres.tolist(), times.seconds.tolist(), len(times.notes)
    ([[780.0]], [[650.0]], 1)
    """
    mode, respects = resolve(district, mode=mode, stage=stage, respects_barriers=respects_barriers)
    if district.streets is None:
        return _straight(district, mode, respects=respects)
    folder = store.folder_of(cache)
    if folder is None:
        return _measured(district, mode, respects=respects)
    key = _key(district, district.streets, mode, respects=respects)
    path = store.stored_at(folder, key)
    was_stored = path.exists()
    if was_stored:
        found = store.load(path, key, *ids_of(district), mode)
        if found is not None:
            return found
    times = _measured(district, mode, respects=respects)
    store.save(path, key, times)
    if was_stored:
        damaged = messages.text("travel.cache_damaged", file=path.name)
        return replace(times, notes=(*times.notes, damaged))
    return times


def resolve(
    district: District,
    *,
    mode: Mode | None,
    stage: str | None,
    respects_barriers: bool | None,
) -> tuple[Mode, bool]:
    """Return mode and whether barriers are respected: as asked, else by the stage's policy.

    Raises
    ------
    StreetsError
        When there is no such mode.
    PolicyError
        When the policy has no rule for the stage.
    """
    if mode is not None and mode not in MODES:
        raise failure("travel.unknown_mode", mode=mode)
    rule = None if stage is None else district.policy.of(stage)
    chosen: Mode = mode or (rule.mode if rule is not None else "walk")
    if respects_barriers is not None:
        return chosen, respects_barriers
    return chosen, rule.respects_barriers if rule is not None else chosen == "walk"


def journeys_of(district: District, mode: Mode, *, respects: bool) -> Journeys:
    """Return the district's blocks and schools joined to its streets.

    Raises
    ------
    StreetsError
        When the street map is missing, unreadable, of another place, or has no street for the mode.
    """
    path = Path(district.streets) if district.streets is not None else Path()
    ways = read_ways(path)
    streets = streets_of(ways, mode, district.place.crs)
    if streets.segments == 0:
        raise failure(f"travel.nothing_to_{mode}", file=path.name)
    points = np.concatenate([block_points(district), school_points(district)])
    reported.require_same_place(district, streets, ways, points, path.name)
    notes = list(reported.map_notes(ways, mode))
    barriers = barriers_of(district.table("barriers")) if respects else None
    if barriers is not None:
        streets, found = _barred(streets, barriers)
        notes += found
    elif respects:
        notes.append(messages.text("travel.no_barriers"))
    lines = np.array([], dtype=object) if barriers is None else barriers.lines
    x, y = shapely.get_x(points), shapely.get_y(points)
    joined = join(streets, x, y, lines)
    notes += reported.join_notes(district, streets, joined)
    count = len(district.block_frame)
    return Journeys(
        graph_of(joined.streets), joined, joined.node[:count], joined.node[count:], lines, tuple(notes)
    )


def journeys_to_stage(
    district: District,
    *,
    stage: str,
    year: int | None,
    mode: Mode | None,
    respects_barriers: bool | None,
) -> tuple[Journeys, pd.Index, npt.NDArray[np.int64]]:
    """Return the district joined to its streets, the ids of the open schools of a stage, and their nodes.

    Raises
    ------
    StreetsError
        When the street map cannot be used, or no school takes pupils of that stage in that year.
    PolicyError
        When the policy has no rule for the stage.
    DataError
        When the district does not plan that stage.
    """
    year = district.place.year if year is None else year
    chosen = district.schools_of(stage, year).index
    if len(chosen) == 0:
        raise failure("travel.no_schools", stage=stage, year=year)
    mode, respects = resolve(district, mode=mode, stage=stage, respects_barriers=respects_barriers)
    journeys = journeys_of(district, mode, respects=respects)
    return journeys, chosen, journeys.schools[district.school_frame.index.get_indexer(chosen)]


def _barred(streets: Streets, barriers: Barriers) -> tuple[Streets, list[Text]]:
    barred = respect(streets, barriers)
    return barred.streets, reported.barrier_notes(barred, barriers)


def ids_of(district: District) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the blocks and of the schools."""
    return tuple(map(str, district.block_frame.index)), tuple(map(str, district.school_frame.index))


def block_points(district: District) -> npt.NDArray[np.object_]:
    """Return the point that each block's journeys begin at, object [block].

    The block's settlement point where the blocks have a column ``settlement``, else a point inside.
    """
    blocks = district.block_frame
    inside = shapely.point_on_surface(np.asarray(blocks.geometry.values, dtype=object))
    if POINT_COLUMN not in blocks:
        return np.asarray(inside)
    given = np.asarray(blocks[POINT_COLUMN].to_numpy(), dtype=object)
    missing = shapely.is_missing(given) | shapely.is_empty(given)
    return np.where(missing, inside, given)


def school_points(district: District) -> npt.NDArray[np.object_]:
    """Return the point of each school, object [school]."""
    return np.asarray(district.school_frame.geometry.values, dtype=object)


def _measured(district: District, mode: Mode, *, respects: bool) -> TravelTimes:
    journeys = journeys_of(district, mode, respects=respects)
    graph, schools, blocks = journeys.graph, journeys.schools, journeys.blocks
    seconds, metres = matrix_of(graph, schools, blocks, with_metres=mode != "walk")
    if metres is None:
        # One speed everywhere, legs included: the metres follow from the seconds.
        metres = seconds * np.float32(WALK_M_PER_S)
    snap_m = journeys.joined.snap_m.astype(np.float32)
    block_ids, school_ids = ids_of(district)
    return TravelTimes(
        seconds,
        metres,
        block_ids,
        school_ids,
        mode,
        snap_m[: len(block_ids)].copy(),
        snap_m[len(block_ids) :].copy(),
        journeys.notes + reported.no_way_notes(seconds, block_ids),
    )


def _straight(district: District, mode: Mode, *, respects: bool) -> TravelTimes:
    m_per_s = WALK_M_PER_S if mode == "walk" else STRAIGHT_DRIVE_KM_PER_H / 3.6
    notes = [messages.text("travel.straight_lines", detour=DETOUR, km_per_h=m_per_s * 3.6)]
    if respects and district.table("barriers") is not None:
        notes.append(messages.text("travel.straight_barriers"))
    blocks, schools = block_points(district), school_points(district)
    metres = np.empty((len(blocks), len(schools)), dtype=np.float32)
    for column, school in enumerate(schools):
        metres[:, column] = shapely.distance(blocks, school) * DETOUR
    none = np.zeros(len(blocks) + len(schools), dtype=np.float32)
    return TravelTimes(
        metres / np.float32(m_per_s),
        metres,
        *ids_of(district),
        mode,
        none[: len(blocks)].copy(),
        none[len(blocks) :].copy(),
        tuple(notes),
        along_streets=False,
    )


def _key(district: District, path: Path, mode: Mode, *, respects: bool) -> str:
    if not path.is_file():
        raise failure("travel.no_file", file=str(path))
    table = district.table("barriers") if respects else None
    lines: list[object] = []
    if table is not None:
        lines = [*map(str, table["kind"]), *shapely.to_wkb(np.asarray(table["geometry"].to_numpy()))]
    ids = ids_of(district)
    points = [*shapely.to_wkb(block_points(district)), *shapely.to_wkb(school_points(district))]
    return store.key_of(
        [store.file_digest(path), mode, respects, district.place.crs.to_wkt(), *ids, *lines, *points],
    )
