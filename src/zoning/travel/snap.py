"""Blocks and schools joined to the nearest point of the streets.

The joined point becomes a node of the streets, so that two points on one street are as far apart as they
stand, and one-ways hold for them too. The straight leg from a block or school to its street is walked.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from zoning.travel.segments import Bools, Floats, Ints, Streets
from zoning.units import WALK_M_PER_S

FRAGMENT_M: Final = 1_000.0
"""A part of the map with less street than this, metres, is a drawing fault rather than an island."""
PAST_FRAGMENT_M: Final = 300.0
"""How much farther than a fragment a point may be joined to the rest of the map, metres."""
PAST_BARRIER_M: Final = 1_500.0
"""How much farther a point may be joined to a street on its own side of a barrier, metres."""
_TOUCH_M: Final = 1.0


@dataclass(frozen=True, eq=False)
class Joined:
    """Streets with points joined to them.

    Parameters
    ----------
    streets
        The streets with a node for every point.
    node
        Node of each point, int64 [point].
    snap_m
        Straight metres from each point to its street, float64 [point].
    past_fragment
        Whether a nearer street was passed over as a fragment of the map, bool [point].
    across
        Whether the leg crosses a barrier for want of a street on the point's own side, bool [point].
    """

    streets: Streets
    node: Ints
    snap_m: Floats
    past_fragment: Bools
    across: Bools


def join(streets: Streets, x: Floats, y: Floats, barriers: npt.NDArray[np.object_] | None = None) -> Joined:
    """Return the streets with every point joined at the nearest place that suits it.

    A point is not joined to a bridge, tunnel or motorway, nor across a barrier, nor to a fragment of the map
    (less than ``FRAGMENT_M`` of street) while the rest of the map is within ``PAST_FRAGMENT_M`` more.

    Parameters
    ----------
    streets
        The streets; at least one segment.
    x, y
        Points in the metric CRS, metres, float64 [point].
    barriers
        Lines that a leg must not cross, object; None for none.
    """
    lines = streets.lines()
    choices = np.flatnonzero(streets.joins) if streets.joins.any() else np.arange(streets.segments)
    fragment = _fragments(streets)[choices]
    points = np.asarray(shapely.points(x, y), dtype=object)
    tree = shapely.STRtree(lines[choices])
    chosen: Ints = np.atleast_1d(np.asarray(tree.nearest(points), dtype=np.int64))
    walls = None if barriers is None or len(barriers) == 0 else shapely.STRtree(barriers)
    crosses = _crosses(walls, points, lines[choices[chosen]])
    first = chosen.copy()
    across = crosses.copy()
    for point in np.flatnonzero(fragment[chosen] | crosses):
        better = _better(tree, points[point], fragment, walls, crosses=bool(crosses[point]))
        if better is not None:
            chosen[point], across[point] = better, False
    past = fragment[first] & ~fragment[chosen]
    segment = _own_side(streets, choices[chosen], x, y)
    split, node, snap_m = _with_points(streets, segment, x, y)
    return Joined(split, node, snap_m, past, across)


def _fragments(streets: Streets) -> Bools:
    """Return whether each segment is in a small part of the map or leads out of every part."""
    part = streets.parts()
    a, b = part[streets.start], part[streets.end]
    length = np.bincount(a[a == b], weights=streets.metres[a == b], minlength=int(part.max()) + 1)
    small = (length < FRAGMENT_M) & (np.arange(len(length)) > 0)
    return np.asarray((a != b) | small[a])


def _better(
    tree: shapely.STRtree,
    point: shapely.Point,
    fragment: Bools,
    walls: shapely.STRtree | None,
    *,
    crosses: bool,
) -> int | None:
    """Return the nearest choice that is no fragment and on the point's side, None when too far."""
    more = PAST_BARRIER_M if crosses else PAST_FRAGMENT_M
    near_m = float(shapely.distance(point, tree.geometries[tree.nearest(point)]))
    found = tree.query(point, predicate="dwithin", distance=near_m + more)
    lines = tree.geometries[found]
    order = np.argsort(shapely.distance(point, lines), kind="stable")
    # Own side first, whatever the size of the part; among those the whole map before a fragment.
    clear = order[~_crosses(walls, np.full(len(order), point), lines[order])]
    whole = clear[~fragment[found[clear]]]
    if len(whole):
        return int(found[whole[0]])
    return int(found[clear[0]]) if crosses and len(clear) else None


def _crosses(
    walls: shapely.STRtree | None,
    points: npt.NDArray[np.object_],
    lines: npt.NDArray[np.object_],
) -> Bools:
    """Return whether the leg from each point to its line crosses a barrier (touching its end does not)."""
    result = np.zeros(len(points), dtype=np.bool_)
    if walls is None or len(points) == 0:
        return result
    legs = shapely.shortest_line(points, lines)
    length = shapely.length(legs)
    legs = legs[length > _TOUCH_M]
    ends = shapely.line_interpolate_point(legs, -_TOUCH_M)
    cut = shapely.shortest_line(points[length > _TOUCH_M], ends)
    hit = np.unique(walls.query(cut, predicate="intersects")[0])
    result[np.flatnonzero(length > _TOUCH_M)[hit]] = True
    return result


def _own_side(streets: Streets, segment: Ints, x: Floats, y: Floats) -> Ints:
    """Return the segments with those that are the far side of a barrier street changed to the near side."""
    a, b = streets.start[segment], streets.end[segment]
    left = (streets.x[b] - streets.x[a]) * (y - streets.y[a]) - (streets.y[b] - streets.y[a]) * (
        x - streets.x[a]
    )
    lane, twin = streets.lane[segment], streets.twin[segment]
    wrong = (lane != 0) & (np.sign(left) != lane) & (left != 0) & (twin >= 0)
    return np.where(wrong, twin, segment)


def _with_points(streets: Streets, segment: Ints, x: Floats, y: Floats) -> tuple[Streets, Ints, Floats]:
    """Return the streets with points and legs added, the node of each point, and the length of its leg."""
    a, b = streets.start[segment], streets.end[segment]
    ax, ay, bx, by = streets.x[a], streets.y[a], streets.x[b], streets.y[b]
    square = (bx - ax) ** 2 + (by - ay) ** 2
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / np.where(square > 0, square, 1.0)
    along = np.clip(along, 0.0, 1.0)
    foot_x, foot_y = ax + along * (bx - ax), ay + along * (by - ay)
    snap_m = np.hypot(x - foot_x, y - foot_y)
    split, foot = _split(streets, segment, along)
    legs = np.arange(len(x)) + split.nodes
    count = len(x)
    time_s = snap_m / WALK_M_PER_S
    no, minus = np.zeros(count, dtype=np.bool_), np.full(count, -1)
    cat = np.concatenate
    result = replace(
        split,
        x=cat([split.x, x]),
        y=cat([split.y, y]),
        crossing=cat([split.crossing, np.zeros(count, dtype=np.uint8)]),
        start=cat([split.start, legs]),
        end=cat([split.end, foot]),
        metres=cat([split.metres, snap_m]),
        forward_s=cat([split.forward_s, time_s]),
        backward_s=cat([split.backward_s, time_s]),
        bridge=cat([split.bridge, no]),
        # The leg of a point on a private way is private too, so that it is no way through either.
        private=cat([split.private, streets.private[segment]]),
        joins=cat([split.joins, no]),
        lane=cat([split.lane, np.zeros(count, dtype=np.int8)]),
        twin=cat([split.twin, minus]),
    )
    return result, legs, snap_m


def _split(streets: Streets, segment: Ints, along: Floats) -> tuple[Streets, Ints]:
    """Return the streets with the segments cut at the given shares of their length, and the nodes there."""
    foot = np.where(along <= 0.0, streets.start[segment], streets.end[segment])
    inner = np.flatnonzero((along > 0.0) & (along < 1.0))
    places, which = np.unique(np.stack([segment[inner], along[inner]], axis=1), axis=0, return_inverse=True)
    if len(places) == 0:
        return streets, foot
    cut, share = places[:, 0].astype(np.int64), places[:, 1]
    node = streets.nodes + np.arange(len(cut))
    foot[inner] = node[which.ravel()]
    # Pieces of each cut segment: from its start (or the cut before) to each cut, then on to its end.
    is_first = np.r_[True, cut[1:] != cut[:-1]]
    is_last = np.r_[cut[1:] != cut[:-1], True]
    piece_start = np.where(is_first, streets.start[cut], np.r_[-1, node[:-1]])
    piece_share = share - np.where(is_first, 0.0, np.r_[0.0, share[:-1]])
    start = np.concatenate([piece_start, node[is_last]])
    end = np.concatenate([node, streets.end[cut[is_last]]])
    of = np.concatenate([cut, cut[is_last]])
    part = np.concatenate([piece_share, 1.0 - share[is_last]])
    whole = np.setdiff1d(np.arange(streets.segments), cut)
    result = streets.take(np.concatenate([whole, of]))
    scale = np.concatenate([np.ones(len(whole)), part])
    a, b = streets.start[cut], streets.end[cut]
    return replace(
        result,
        x=np.concatenate([streets.x, streets.x[a] + share * (streets.x[b] - streets.x[a])]),
        y=np.concatenate([streets.y, streets.y[a] + share * (streets.y[b] - streets.y[a])]),
        crossing=np.concatenate([streets.crossing, np.zeros(len(cut), dtype=np.uint8)]),
        start=np.concatenate([streets.start[whole], start]),
        end=np.concatenate([streets.end[whole], end]),
        metres=result.metres * scale,
        forward_s=result.forward_s * scale,
        backward_s=result.backward_s * scale,
    ), foot
