"""Barriers: lines that young pupils cross only at bridges, tunnels and crossings.

Two things happen where pupils respect them:

- A segment that crosses a barrier ends on either side of it, unless it is a bridge or tunnel or has a
  crossing of the right kind within ``NEAR_M`` of the place: a level crossing for a railway, a zebra or
  traffic lights for an arterial, a gate for a wall; for a river nothing but a bridge or tunnel.
- A street that *is* the barrier (an arterial drawn along its own road) may be walked along on either side.
  Each of its nodes falls into the sectors between the arms of the barrier, a side street joins the sector it
  comes from, and only a crossing joins the sectors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from zoning.travel.lanes import split_lanes
from zoning.travel.segments import GATE, NEVER, RAIL_CROSSING, ROAD_CROSSING, Bools, Floats, Ints, Streets

NEAR_M: Final = 30.0
"""A crossing this near to where a street meets a barrier serves that street, metres."""

ALONG_M: Final[Mapping[str, float]] = {"arterial": 12.0}
"""How far a street along a barrier may lie from its line, metres: arterials are wide, other kinds thin."""

_ALONG_M: Final = 1.0
_PARALLEL: Final = 0.8
_GAP_M: Final = 1.0
OPENS: Final[Mapping[str, int]] = {
    "arterial": ROAD_CROSSING,
    "railway": RAIL_CROSSING | ROAD_CROSSING,
    "river": 0,
    "wall": GATE,
}
"""Bits of node that let pupils cross each kind of barrier."""


@dataclass(frozen=True, eq=False)
class Barriers:
    """Lines not to be crossed, one a part of a row of the barriers table.

    Parameters
    ----------
    lines
        Lines in the metric CRS, object [line].
    row
        Row of the table that each came from, int64 [line].
    kinds
        Kind of each row.
    """

    lines: npt.NDArray[np.object_]
    row: Ints
    kinds: tuple[str, ...]

    def opens(self) -> npt.NDArray[np.uint8]:
        """Return the crossing bits that open each line, uint8 [line]."""
        bits = np.array([OPENS.get(kind, 0) for kind in self.kinds], dtype=np.uint8)
        return bits[self.row]

    def along_m(self) -> Floats:
        """Return how far a street along each line may lie from it, metres, float64 [line]."""
        return np.array([ALONG_M.get(kind, _ALONG_M) for kind in self.kinds], dtype=np.float64)[self.row]


@dataclass(frozen=True, eq=False)
class Barred:
    """Streets that respect barriers, and what that changed.

    Parameters
    ----------
    streets
        The streets that remain.
    cut
        Segments that end at each row of the table, int64 [row].
    open
        Bridges, tunnels and crossings that stay open at each row, int64 [row].
    removed
        The segments as they were before they were cut, lines, object.
    """

    streets: Streets
    cut: Ints
    open: Ints
    removed: npt.NDArray[np.object_]


def barriers_of(table: pd.DataFrame | None) -> Barriers | None:
    """Return the lines of a barriers table (areas by their outline), None when there are none."""
    if table is None or len(table) == 0:
        return None
    shapes = np.asarray(table["geometry"].to_numpy(), dtype=object)
    areas = shapely.get_dimensions(shapes) == 2
    shapes[areas] = shapely.boundary(shapes[areas])
    lines, row = shapely.get_parts(shapely.line_merge(shapes), return_index=True)
    is_line = shapely.length(lines) > 0
    return Barriers(lines[is_line], row[is_line], tuple(str(kind) for kind in table["kind"]))


def respect(streets: Streets, barriers: Barriers) -> Barred:
    """Return the streets as pupils use them who do not cross barriers.

    Parameters
    ----------
    streets
        The streets.
    barriers
        The lines.
    """
    lines = streets.lines()
    tree = shapely.STRtree(lines)
    arms = _arms(lines, tree, barriers)
    meetings = _meetings(lines, tree, barriers)
    crossing = ~_at_arm(streets, barriers, meetings, arms)
    segment, line = meetings[0][crossing], meetings[1][crossing]
    x, y = meetings[2][crossing], meetings[3][crossing]
    is_open = _is_open(streets, barriers, (segment, line, x, y))
    zebras = _zebras(streets, barriers, arms)
    rows = len(barriers.kinds)
    cut = np.bincount(barriers.row[line[~is_open]], minlength=rows)
    kept = np.bincount(barriers.row[np.concatenate([line[is_open], zebras[:, 1]])], minlength=rows)
    opened = np.zeros(streets.nodes, dtype=np.bool_)
    opened[zebras[:, 0]] = True
    result = split_lanes(streets, np.unique(arms[0]), opened)
    # Old segments keep their places while lanes are made, so the places of the cuts still hold.
    result = _ended(result, segment[~is_open], x[~is_open], y[~is_open])
    return Barred(result, cut, kept, lines[np.unique(segment[~is_open])])


def _arms(lines: npt.NDArray[np.object_], tree: shapely.STRtree, barriers: Barriers) -> tuple[Ints, Ints]:
    """Return the pairs of a segment that runs along a barrier line, and that line."""
    along_m = barriers.along_m()
    line, segment = tree.query(barriers.lines, predicate="dwithin", distance=along_m)
    near = along_m[line]
    places: list[Floats] = []
    for share in (0.0, 0.5, 1.0):
        point = shapely.line_interpolate_point(lines[segment], share, normalized=True)
        inside = shapely.dwithin(point, barriers.lines[line], near)
        line, segment, near, point = line[inside], segment[inside], near[inside], point[inside]
        places = [place[inside] for place in places]
        places.append(shapely.line_locate_point(barriers.lines[line], point))
    whole = shapely.length(barriers.lines[line])
    step = np.abs(places[2] - places[0])
    # Round a closed line the short way counts.
    step = np.where(shapely.is_closed(barriers.lines[line]), np.minimum(step, whole - step), step)
    along = step >= _PARALLEL * shapely.length(lines[segment])
    return segment[along], line[along]


def _meetings(
    lines: npt.NDArray[np.object_],
    tree: shapely.STRtree,
    barriers: Barriers,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return segment, barrier line and place of every meeting of the two."""
    line, segment = tree.query(barriers.lines, predicate="intersects")
    shared = shapely.intersection(lines[segment], barriers.lines[line])
    parts, pair = shapely.get_parts(shared, return_index=True)
    stretch = shapely.get_dimensions(parts) == 1
    parts[stretch] = shapely.line_interpolate_point(parts[stretch], 0.5, normalized=True)
    return segment[pair], line[pair], shapely.get_x(parts), shapely.get_y(parts)


def _kind_bits(barriers: Barriers) -> Ints:
    """Return one bit for each kind, int64 [line]."""
    names = sorted(set(barriers.kinds))
    return np.array([1 << names.index(kind) for kind in barriers.kinds], dtype=np.int64)[barriers.row]


def _at_arm(
    streets: Streets,
    barriers: Barriers,
    meetings: tuple[Ints, Ints, Floats, Floats],
    arms: tuple[Ints, Ints],
) -> Bools:
    """Return whether a street meets the barrier without crossing: at a street along it, or at a dead end."""
    segment, line, x, y = meetings
    bits = _kind_bits(barriers)
    armed = np.zeros(streets.nodes, dtype=np.int64)
    for ends in (streets.start, streets.end):
        np.bitwise_or.at(armed, ends[arms[0]], bits[arms[1]])
    alone = np.bincount(np.concatenate([streets.start, streets.end]), minlength=streets.nodes) == 1
    count = len(barriers.lines)
    result = np.isin(segment * count + line, arms[0] * count + arms[1])
    for ends in (streets.start, streets.end):
        node = ends[segment]
        near = np.hypot(streets.x[node] - x, streets.y[node] - y) <= 1.5 * barriers.along_m()[line]
        result |= near & (alone[node] | (armed[node] & bits[line] > 0))
    return result


def _is_open(streets: Streets, barriers: Barriers, meetings: tuple[Ints, Ints, Floats, Floats]) -> Bools:
    """Return whether pupils may cross where a segment and a barrier meet."""
    segment, line, x, y = meetings
    result = streets.bridge[segment].copy()
    opens = barriers.opens()[line]
    for ends in (streets.start, streets.end):
        node = ends[segment]
        near = np.hypot(streets.x[node] - x, streets.y[node] - y) <= NEAR_M
        result |= near & (streets.crossing[node] & opens > 0)
    return result


def _zebras(streets: Streets, barriers: Barriers, arms: tuple[Ints, Ints]) -> Ints:
    """Return the pairs of a node on an arm where pupils may cross, and the barrier line, int64 [pair, 2]."""
    node = np.concatenate([streets.start[arms[0]], streets.end[arms[0]]])
    line = np.concatenate([arms[1], arms[1]])
    opens = streets.crossing[node] & barriers.opens()[line] > 0
    return np.unique(np.stack([node[opens], line[opens]], axis=1), axis=0)


def _ended(streets: Streets, segment: Ints, x: Floats, y: Floats) -> Streets:
    """Return the streets with segments ended before and begun again after the places of a barrier.

    The first stretch keeps the segment's place, the last is added at the end; both sides of a street that
    is a barrier itself end together.
    """
    has_twin = streets.twin[segment] >= 0
    segment = np.concatenate([segment, streets.twin[segment[has_twin]]])
    x, y = np.concatenate([x, x[has_twin]]), np.concatenate([y, y[has_twin]])
    cut, which = np.unique(segment, return_inverse=True)
    a, b = streets.start[cut], streets.end[cut]
    ax, ay, dx, dy = streets.x[a], streets.y[a], streets.x[b] - streets.x[a], streets.y[b] - streets.y[a]
    length = np.hypot(dx, dy)
    share = ((x - ax[which]) * dx[which] + (y - ay[which]) * dy[which]) / length[which] ** 2
    low, high = np.ones(len(cut)), np.zeros(len(cut))
    np.minimum.at(low, which, share)
    np.maximum.at(high, which, share)
    low, high = np.maximum(low - _GAP_M / length, 0.0), np.minimum(high + _GAP_M / length, 1.0)
    again = np.flatnonzero(high < 1.0)
    count, more = len(cut), len(again)
    place = np.full(streets.segments, -1)
    place[cut[again]] = streets.segments + np.arange(more)
    result = streets.take(np.concatenate([np.arange(streets.segments), cut[again]]))
    scale = np.ones(result.segments)
    scale[cut], scale[streets.segments :] = low, (1.0 - high)[again]
    start, end = result.start.copy(), result.end.copy()
    end[cut] = streets.nodes + np.arange(count)
    start[streets.segments :] = streets.nodes + count + np.arange(more)
    twin = np.concatenate([streets.twin, streets.twin[cut[again]]])
    twin[streets.segments :] = np.where(twin[streets.segments :] < 0, -1, place[twin[streets.segments :]])
    gone = np.flatnonzero(scale <= 0.0)
    forward, backward, joins = result.forward_s * scale, result.backward_s * scale, result.joins.copy()
    forward[gone], backward[gone], joins[gone] = NEVER, NEVER, False
    return replace(
        result,
        x=np.concatenate([streets.x, ax + low * dx, (ax + high * dx)[again]]),
        y=np.concatenate([streets.y, ay + low * dy, (ay + high * dy)[again]]),
        crossing=np.concatenate([streets.crossing, np.zeros(count + more, dtype=np.uint8)]),
        start=start,
        end=end,
        metres=result.metres * scale,
        forward_s=forward,
        backward_s=backward,
        joins=joins,
        twin=twin,
    )
