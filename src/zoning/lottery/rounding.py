"""Unequal classes: shares of every stratum rounded at random to whole children, exact on average."""

from collections.abc import Sequence

from zoning.lottery.strata import Stratum
from zoning.lottery.tickets import Tickets

__all__ = ["round_counts"]

Edge = tuple[int, int]
"""From vertex, to vertex."""


def _network(tree: Sequence[Stratum], classes: int) -> tuple[list[Edge | None], dict[int, list[int]]]:
    """Return the ends of every edge (stratum, class), and the edges at every vertex in ascending order."""
    at = {s.label: i for i, s in enumerate(tree)}
    inner = {s.parent for s in tree}
    edges: list[Edge | None] = []
    touching: dict[int, list[int]] = {}
    for i, s in enumerate(tree):
        for c in range(classes):
            if not s.parent:
                edges.append(None)
                continue
            start = at[s.parent] * classes + c
            end = i * classes + c if s.label in inner else len(tree) * classes + i
            for vertex in (start, end):
                touching.setdefault(vertex, []).append(len(edges))
            edges.append((start, end))
    return edges, touching


def _cycle(
    first: int, edges: Sequence[Edge | None], touching: dict[int, list[int]], flow: Sequence[int], whole: int
) -> list[tuple[int, int]]:
    """Return a cycle of fractional edges, each with +1 where it is walked forwards and -1 where backwards."""
    ends = edges[first]
    assert ends is not None  # noqa: S101 - the root's edges are whole
    walked, seen = [(first, 1)], {ends[0]: 0}
    vertex = ends[1]
    while vertex not in seen:
        seen[vertex] = len(walked)
        last = walked[-1][0]
        edge = next(e for e in touching[vertex] if e != last and flow[e] % whole)
        start, end = edges[edge] or (vertex, vertex)
        forwards = start == vertex
        walked.append((edge, 1 if forwards else -1))
        vertex = end if forwards else start
    return walked[seen[vertex] :]


def round_counts(
    tree: Sequence[Stratum], capacities: Sequence[int], tickets: Tickets, attempt: int
) -> dict[str, list[int]]:
    """Return how many children of every leaf go to every class.

    Parameters
    ----------
    tree
        Strata sorted by label, the root first.
    capacities
        Sizes of the classes, children; they add up to the root's count.
    tickets
        Chance of the stage.
    attempt
        Number of the attempt, from 1.

    Returns
    -------
    dict
        Children by class for every leaf: every stratum's share of a class is rounded down or up, every class
        has its size, and on average every count is count x capacity / n exactly.

    References
    ----------
    Budish, Che, Kojima and Milgrom (2013), Designing random allocation mechanisms, American Economic Review
    103(2); Gandhi, Khuller, Parthasarathy and Srinivasan (2006), Dependent rounding, JACM 53(3).
    """
    classes, whole = len(capacities), sum(capacities)
    flow = [s.count * size for s in tree for size in capacities]
    edges, touching = _network(tree, classes)
    step = 0
    for first in range(len(flow)):
        while flow[first] % whole:
            cycle = _cycle(first, edges, touching, flow, whole)
            rests = [(flow[e] % whole, way) for e, way in cycle]
            up = min(whole - rest if way > 0 else rest for rest, way in rests)
            down = min(rest if way > 0 else whole - rest for rest, way in rests)
            push = up if tickets.below(up + down, "round", attempt, step) < down else -down
            for e, way in cycle:
                flow[e] += way * push
            step += 1
    inner = {s.parent for s in tree}
    return {
        s.label: [f // whole for f in flow[i * classes : (i + 1) * classes]]
        for i, s in enumerate(tree)
        if s.label not in inner
    }
