"""Streets of one mode as plain arrays: nodes, and straight segments between them.

A segment stands for both directions between its two nodes, so that a point that joins it joins both. Parallel
ways between the same two nodes are one segment with the lesser time of each direction.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from zoning.errors import Text
from zoning.policy import Mode
from zoning.travel.modes import is_stop, rule_of
from zoning.travel.ways import Ways

RAIL_CROSSING: Final = 1
ROAD_CROSSING: Final = 2
GATE: Final = 4
"""Bits of :attr:`Streets.crossing`."""

NEVER: Final = np.inf
"""Seconds of a direction that may not be taken."""

_NO_JOIN: Final = frozenset({"motorway", "motorway_link"})

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets that one mode may use.

    Parameters
    ----------
    x, y
        Nodes in the metric CRS, metres, float64 [node].
    crossing
        Where pupils may cross: sum of ``RAIL_CROSSING``, ``ROAD_CROSSING`` and ``GATE``, uint8 [node].
    start, end
        Nodes of each segment, int64 [segment].
    metres
        Length, float64 [segment].
    forward_s, backward_s
        Seconds from start to end and from end to start, float64 [segment]; ``inf`` where not allowed.
    bridge
        Whether it is a bridge or tunnel, bool [segment].
    private
        Whether it may be used at the ends of a journey only, bool [segment].
    joins
        Whether a block or school may be joined to it, bool [segment].
    lane
        1 and -1 for the left and right side of a street that is itself a barrier, else 0, int8 [segment].
    twin
        The other side of that street, -1 where there is none, int64 [segment].
    mode
        ``walk`` or ``drive``.
    crs
        The metric CRS.
    notes
        What was assumed.
    """

    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    crossing: npt.NDArray[np.uint8] = field(repr=False)
    start: Ints = field(repr=False)
    end: Ints = field(repr=False)
    metres: Floats = field(repr=False)
    forward_s: Floats = field(repr=False)
    backward_s: Floats = field(repr=False)
    bridge: Bools = field(repr=False)
    private: Bools = field(repr=False)
    joins: Bools = field(repr=False)
    lane: npt.NDArray[np.int8] = field(repr=False)
    twin: Ints = field(repr=False)
    mode: Mode
    crs: CRS
    notes: tuple[Text, ...] = ()

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x)

    @property
    def segments(self) -> int:
        """Number of segments."""
        return len(self.start)

    def lines(self) -> npt.NDArray[np.object_]:
        """Return the segments as lines in the metric CRS, object [segment]."""
        ends = np.stack([self.start, self.end], axis=1)
        return np.asarray(shapely.linestrings(np.stack([self.x[ends], self.y[ends]], axis=2)))

    def parts(self) -> npt.NDArray[np.int32]:
        """Return the part of the map that each node is in, int32 [node]; 0 is the one with most nodes.

        Two nodes are in one part when there is a way between them in both directions.
        """
        both = np.concatenate
        tails, heads = both([self.start, self.end]), both([self.end, self.start])
        open_ = np.isfinite(both([self.forward_s, self.backward_s]))
        ones = np.ones(int(open_.sum()))
        graph = coo_array((ones, (tails[open_], heads[open_])), shape=(self.nodes, self.nodes))
        _, label = connected_components(graph.tocsr(), directed=True, connection="strong")
        order = np.argsort(-np.bincount(label), kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return rank[label].astype(np.int32)

    def take(self, segments: Ints | Bools) -> "Streets":
        """Return the streets with some of their segments only; nodes stay, twins are let go of."""
        names = ("start", "end", "metres", "forward_s", "backward_s", "bridge", "private", "joins", "lane")
        kept = {name: getattr(self, name)[segments] for name in names}
        return replace(self, **kept, twin=np.full(len(kept["start"]), -1))


def streets_of(ways: Ways, mode: Mode, crs: CRS) -> Streets:
    """Return the streets that a mode may use, in the metric CRS.

    Parameters
    ----------
    ways
        Streets as drawn.
    mode
        ``walk`` or ``drive``.
    crs
        Metric CRS to measure in.
    """
    x, y = Transformer.from_crs(ways.crs, crs, always_xy=True).transform(ways.x, ways.y)
    same_way = ways.way[:-1] == ways.way[1:]
    start, end, way = ways.nodes[:-1][same_way], ways.nodes[1:][same_way], ways.way[:-1][same_way]
    speed, forward, backward, bridge, private, joins = _way_columns(ways, mode)
    keep = (speed[way] > 0) & (start != end)
    start, end, way = start[keep], end[keep], way[keep]
    used, ends = np.unique(np.concatenate([start, end]), return_inverse=True)
    start, end = ends[: len(start)], ends[len(start) :]
    x, y = np.asarray(x)[used], np.asarray(y)[used]
    metres = np.hypot(x[end] - x[start], y[end] - y[start])
    crossing, stops = _node_columns(ways, mode)
    found = Streets(
        x=x,
        y=y,
        crossing=crossing[used],
        start=start,
        end=end,
        metres=metres,
        forward_s=np.where(forward[way], metres / speed[way], NEVER),
        backward_s=np.where(backward[way], metres / speed[way], NEVER),
        bridge=bridge[way],
        private=private[way],
        joins=joins[way],
        lane=np.zeros(len(way), dtype=np.int8),
        twin=np.full(len(way), -1),
        mode=mode,
        crs=crs,
    )
    return cut_nodes(merged(found), stops[used])


def merged(streets: Streets) -> Streets:
    """Return the streets with parallel segments made one: the lesser time, open before private."""
    if streets.segments == 0:
        return streets
    turned = streets.start > streets.end
    low, high = np.minimum(streets.start, streets.end), np.maximum(streets.start, streets.end)
    up = np.where(turned, streets.backward_s, streets.forward_s)
    down = np.where(turned, streets.forward_s, streets.backward_s)
    # A way that is open to all goes before a private one between the same nodes.
    order = np.lexsort((streets.private, high, low))
    low, high = low[order], high[order]
    first = np.flatnonzero(np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])])
    if len(first) == len(order) and not turned.any():
        return streets
    result = streets.take(order[first])
    return replace(
        result,
        start=low[first],
        end=high[first],
        forward_s=np.minimum.reduceat(up[order], first),
        backward_s=np.minimum.reduceat(down[order], first),
        metres=np.minimum.reduceat(streets.metres[order], first),
        bridge=np.logical_or.reduceat(streets.bridge[order], first),
        joins=np.logical_or.reduceat(streets.joins[order], first),
    )


def cut_nodes(streets: Streets, cut: Bools) -> Streets:
    """Return the streets with each cut node made an end of every segment it was on, so nothing passes it."""
    start, end = streets.start.copy(), streets.end.copy()
    chosen, copies = [np.arange(streets.nodes)], streets.nodes
    for ends in (start, end):
        hit = np.flatnonzero(cut[ends])
        chosen.append(ends[hit].copy())
        ends[hit] = copies + np.arange(len(hit))
        copies += len(hit)
    of = np.concatenate(chosen)
    return replace(
        streets, x=streets.x[of], y=streets.y[of], crossing=streets.crossing[of], start=start, end=end
    )


def _way_columns(ways: Ways, mode: Mode) -> tuple[Floats, Bools, Bools, Bools, Bools, Bools]:
    """Return speed (0: not allowed), forward, backward, bridge, private and joins of each way."""
    rows = []
    for tags in ways.tags:
        rule = rule_of(tags, mode)
        bridge = any(tags.get(key, "no") != "no" for key in ("bridge", "tunnel"))
        joins = not bridge and tags.get("highway") not in _NO_JOIN
        if rule is None:
            rows.append((0.0, False, False, bridge, False, joins))
        else:
            rows.append((rule.m_per_s, rule.forward, rule.backward, bridge, rule.private, joins))
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    flags = table[:, 1:].astype(np.bool_)
    return table[:, 0], flags[:, 0], flags[:, 1], flags[:, 2], flags[:, 3], flags[:, 4]


def _node_columns(ways: Ways, mode: Mode) -> tuple[npt.NDArray[np.uint8], Bools]:
    """Return the crossing bits of each node and whether it stops the mode."""
    crossing = np.zeros(len(ways.x), dtype=np.uint8)
    stops = np.zeros(len(ways.x), dtype=np.bool_)
    for node, tags in ways.node_tags.items():
        if tags.get("railway") in ("level_crossing", "crossing"):
            crossing[node] |= RAIL_CROSSING
        if tags.get("highway") in ("crossing", "traffic_signals"):
            crossing[node] |= ROAD_CROSSING
        stops[node] = is_stop(tags, mode)
        if "barrier" in tags and not stops[node]:
            crossing[node] |= GATE
    return crossing, stops
