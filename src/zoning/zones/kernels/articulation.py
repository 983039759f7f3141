"""Zones as trees: what hangs on a block, and whom it borders."""

import numpy as np
import numpy.typing as npt

from zoning.compiled import compiled

__all__ = ["border_zones", "grow_trees"]

Ints = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@compiled
def _grow(
    indptr: Ints,
    indices: Ints,
    zone: Ints,
    home: int,
    top: int,
    count: int,
    order: Ints,
    place: Ints,
    size: Ints,
    low: Ints,
    parent: Ints,
    cuts: Mask,
    edge: Ints,
    stack: Ints,
) -> int:
    """Grow one tree from a block beside the school's; return how many blocks have been met."""
    number, depth = zone[top], 0
    stack[0] = top
    place[top], low[top], order[count], edge[top] = count, count, top, indptr[top]
    count += 1
    while depth >= 0:
        block = stack[depth]
        if edge[block] < indptr[block + 1]:
            other = indices[edge[block]]
            edge[block] += 1
            if other == home:
                low[block] = -1
            elif zone[other] == number and place[other] < 0:
                depth += 1
                stack[depth] = other
                parent[other] = block
                place[other], low[other], order[count], edge[other] = count, count, other, indptr[other]
                count += 1
            elif zone[other] == number and other != parent[block]:
                low[block] = min(low[block], place[other])
        else:
            size[block] = count - place[block]
            depth -= 1
            if depth >= 0:
                above = stack[depth]
                low[above] = min(low[above], low[block])
                cuts[above] = cuts[above] or low[block] >= place[above]
    return count


@compiled
def grow_trees(
    indptr: Ints,
    indices: Ints,
    zone: Ints,
    homes: Ints,
    order: Ints,
    place: Ints,
    size: Ints,
    low: Ints,
    parent: Ints,
    cuts: Mask,
) -> None:
    """Fill in a depth-first tree of every zone from its school's block, and the blocks that hold others on.

    The school's block joins its zone whoever it belongs to, so nothing ever hangs on it alone.

    Parameters
    ----------
    indptr, indices
        Neighbours in compressed rows, int32.
    zone
        School of each block, int32 [block]; below 0 for none.
    homes
        Block of each school, int32 [school].
    order
        Filled in: blocks in the order they were met, int32 [block].
    place
        Filled in: place of a block in that order, int32 [block]; must come as -1, stays so for blocks that
        do not connect to their school.
    size
        Filled in: blocks of the tree below each block, itself included, int32 [block].
    low
        Filled in: first place that the tree below a block reaches; -1 for the school's block.
    parent
        Filled in: block that each was met from; must come as -1, stays so beside the school's block.
    cuts
        Filled in: whether others lose their school when the block leaves, bool [block]; must come as false.
    """
    count = 0
    edge = np.zeros(len(zone), dtype=np.int32)
    stack = np.zeros(len(zone) + 1, dtype=np.int32)
    for number in range(len(homes)):
        home = homes[number]
        if zone[home] == number:
            place[home], low[home], size[home], order[count] = count, -1, 1, home
            count += 1
        for first in range(indptr[home], indptr[home + 1]):
            top = indices[first]
            if zone[top] == number and place[top] < 0:
                count = _grow(
                    indptr, indices, zone, home, top, count,
                    order, place, size, low, parent, cuts, edge, stack,
                )  # fmt: skip


@compiled
def border_zones(
    indptr: Ints, indices: Ints, zone: Ints, homes: Ints, place: Ints, block: Ints, school: Ints, found: Mask
) -> None:
    """Fill in whether each block borders each zone's part that connects to its school, or is its block.

    Parameters
    ----------
    indptr, indices
        Neighbours in compressed rows, int32.
    zone, homes, place
        As in :func:`grow_trees`, filled in.
    block, school
        The pairs asked for, int32 [pair].
    found
        Filled in: bool [pair].
    """
    for pair in range(len(block)):
        home, number = homes[school[pair]], school[pair]
        touches = block[pair] == home
        for edge in range(indptr[block[pair]], indptr[block[pair] + 1]):
            other = indices[edge]
            touches = touches or other == home or (zone[other] == number and place[other] >= 0)
        found[pair] = touches
