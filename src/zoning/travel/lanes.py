"""Streets that are barriers themselves: walked along on either side, crossed only at crossings.

Around a node of such a street its arms (the segments along the barrier) leave sectors between them. Every
sector becomes a node of its own. An arm turns into two lanes, its left and its right side; each lane runs
between the sectors on its side. A side street ends in the sector that it comes from.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zoning.travel.segments import Bools, Floats, Ints, Streets

_TURN = 2 * np.pi


@dataclass(frozen=True, eq=False)
class _Sectors:
    """Sectors of the nodes that are split: angles of the arms in order, node after node."""

    key: Floats
    of_node: Ints  # -1 where a node is not split
    first: Ints
    count: Ints
    node: Ints
    base: Ints

    def at(self, node: Ints, sector: Ints) -> Ints:
        """Return the new node of a sector; the first sector keeps the old node."""
        split = self.of_node[node]
        return np.where((split < 0) | (sector == 0), node, self.base[split] + sector - 1)

    def of_angle(self, node: Ints, angle: Floats) -> Ints:
        """Return the sector that an angle falls in, 0 where the node is not split."""
        split = self.of_node[node]
        rank = np.searchsorted(self.key, split * 8 + angle, side="right") - self.first[split]
        return np.where(split < 0, 0, (rank - 1) % self.count[split])


def split_lanes(streets: Streets, arms: Ints, is_open: Bools) -> Streets:
    """Return the streets with every arm made two lanes; old segments keep their places.

    Parameters
    ----------
    streets
        The streets.
    arms
        Segments that run along a barrier.
    is_open
        Whether pupils may cross at a node, bool [node].
    """
    sectors = _sectors(streets, arms, is_open)
    if len(sectors.count) == 0:
        return streets
    start_angle = _angle(streets, streets.start, streets.end)
    end_angle = _angle(streets, streets.end, streets.start)
    start_sector = sectors.of_angle(streets.start, start_angle)
    end_sector = sectors.of_angle(streets.end, end_angle)
    # An arm's own angle belongs to the sector that begins there: the one on its left as seen from the node.
    split = sectors.of_node
    two = arms[(split[streets.start[arms]] >= 0) | (split[streets.end[arms]] >= 0)]
    before_start = (start_sector[two] - 1) % _count(sectors, streets.start[two])
    before_end = (end_sector[two] - 1) % _count(sectors, streets.end[two])
    right = streets.segments + np.arange(len(two))
    start = np.concatenate(
        [sectors.at(streets.start, start_sector), sectors.at(streets.start[two], before_start)],
    )
    left_end = sectors.at(streets.end, end_sector)
    right_end = left_end[two]
    left_end[two] = sectors.at(streets.end[two], before_end)
    lane = np.concatenate([streets.lane, np.full(len(two), -1, dtype=np.int8)])
    twin = np.concatenate([streets.twin, two])
    lane[two], twin[two] = 1, right
    of = np.concatenate([np.arange(streets.nodes), np.repeat(sectors.node, sectors.count - 1)])
    return replace(
        streets.take(np.concatenate([np.arange(streets.segments), two])),
        x=streets.x[of],
        y=streets.y[of],
        crossing=streets.crossing[of],
        start=start,
        end=np.concatenate([left_end, right_end]),
        lane=lane,
        twin=twin,
    )


def _sectors(streets: Streets, arms: Ints, is_open: Bools) -> _Sectors:
    node = np.concatenate([streets.start[arms], streets.end[arms]])
    other = np.concatenate([streets.end[arms], streets.start[arms]])
    angle = _angle(streets, node, other)
    many = np.bincount(node, minlength=streets.nodes) >= 2
    keep = many[node] & ~is_open[node]
    node, angle = node[keep], angle[keep]
    order = np.lexsort((angle, node))
    node, angle = node[order], angle[order]
    found, first, count = np.unique(node, return_index=True, return_counts=True)
    of_node = np.full(streets.nodes, -1)
    of_node[found] = np.arange(len(found))
    base = streets.nodes + np.cumsum(count - 1) - (count - 1)
    return _Sectors(of_node[node] * 8 + angle, of_node, first, count, found, base)


def _count(sectors: _Sectors, node: Ints) -> npt.NDArray[np.int64]:
    split = sectors.of_node[node]
    return np.where(split < 0, 1, sectors.count[split])


def _angle(streets: Streets, node: Ints, other: Ints) -> Floats:
    """Return the direction from each node to the other, radians 0 to 2 pi."""
    dx, dy = streets.x[other] - streets.x[node], streets.y[other] - streets.y[node]
    return np.asarray(np.arctan2(dy, dx) % _TURN)
