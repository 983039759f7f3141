"""Invented counties as abstract zoning problems, the same for the same family, size, share to spare and seed.

- ``delaunay``: settlements jittered around towns and strewn between them, neighbours by Delaunay triangles,
  walking times in a straight line.
- ``grid``: square blocks, neighbours by edges, straight walking times, people at random.
- ``roads``: settlements as in ``delaunay``; the ways follow its edges with detours of 5 to 70 %, one edge in
  ten three times as long (a hill, a bridge far off), so that the nearest school is not the nearest as the
  crow flies.

Schools stand where people are, no two in one block, and keep their own block. Their seats lie between what
their neighbourhood needs and an even share, so that some are full and others are not.
"""

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay

from zoning import zones

PACE_M_S = 1.25
SIDE_M = 400.0  # mean distance of neighbouring settlements

Layout = tuple[np.ndarray, np.ndarray, np.ndarray]  # points [block, 2], pairs [pair, 2], people [block]


def make_county(
    family: str, blocks: int, schools: int, *, spare: float = 0.05, seed: int = 0
) -> zones.ZoneProblem:
    """Return a county of a family, with a share of the seats to spare.

    Parameters
    ----------
    family
        Name of the family: ``delaunay``, ``grid`` or ``roads``.
    blocks, schools
        Size.
    spare
        Seats beyond the children, as a share of the children.
    seed
        Seed of the generator.
    """
    random = np.random.default_rng([seed, blocks, schools, sorted(FAMILIES).index(family)])
    point, pairs, people = FAMILIES[family](random, blocks)
    home = np.sort(random.choice(blocks, schools, replace=False, p=people / people.sum()))
    cost = _by_road(random, point, pairs, home) if family == "roads" else _straight(point, home)
    allowed = np.ones(cost.shape, dtype=np.bool_)
    allowed[home] = np.eye(schools, dtype=np.bool_)
    indptr, indices = zones.neighbours_of(pairs, blocks)
    return zones.ZoneProblem(
        demand=people,
        cost=cost,
        allowed=allowed,
        capacity=_seats(random, cost, people, home, spare=spare),
        indptr=indptr,
        indices=indices,
        home=home.astype(np.int32),
    )


def _towns(random: np.random.Generator, blocks: int) -> Layout:
    """Return settlements, two in three around towns; people by how central a settlement is."""
    side = SIDE_M * blocks**0.5
    towns = max(3, blocks // 120)
    centre = random.uniform(0.08, 0.92, (towns, 2)) * side
    town = random.choice(towns, blocks, p=random.dirichlet(np.full(towns, 3.0)))
    spread = side / towns**0.5 * random.uniform(0.1, 0.35, towns)
    near = centre[town] + random.normal(0, 1, (blocks, 2)) * spread[town, None]
    # A jittered lattice between the towns, every cell at most once.
    width = int(np.ceil(blocks**0.5))
    cells = np.column_stack(np.divmod(random.permutation(width * width)[:blocks], width))
    strewn = (cells + random.uniform(0.1, 0.9, (blocks, 2))) * side / width
    rural = random.random(blocks) < 1 / 3
    point = np.clip(np.where(rural[:, None], strewn, near), 0, side) + random.uniform(0, 1, (blocks, 2))
    crowd = np.where(rural, 12.0, 40.0) * random.lognormal(0, 0.6, blocks)
    return point, _delaunay_pairs(point), np.maximum(random.poisson(crowd), 1).astype(np.float64)


def _grid(random: np.random.Generator, blocks: int) -> Layout:
    """Return square blocks row by row, the last row perhaps short."""
    width = int(np.ceil(blocks**0.5))
    every = np.arange(blocks)
    row, column = np.divmod(every, width)
    right = every[(column < width - 1) & (every + 1 < blocks)]
    down = every[: max(blocks - width, 0)]
    pairs = np.concatenate([np.column_stack([right, right + 1]), np.column_stack([down, down + width])])
    people = np.maximum(random.poisson(random.lognormal(3.2, 0.5, blocks)), 1)
    return np.column_stack([column, row]) * SIDE_M, pairs, people.astype(np.float64)


FAMILIES: dict[str, Callable[[np.random.Generator, int], Layout]] = {
    "delaunay": _towns,
    "grid": _grid,
    "roads": _towns,
}


def _delaunay_pairs(point: np.ndarray) -> np.ndarray:
    """Return the edges of the triangles, without the long ones where the map stays in one piece."""
    triangle = Delaunay(point).simplices
    edges = np.concatenate([triangle[:, [0, 1]], triangle[:, [1, 2]], triangle[:, [2, 0]]])
    pairs = np.unique(np.sort(edges, axis=1), axis=0)
    long = np.hypot(*(point[pairs[:, 0]] - point[pairs[:, 1]]).T)
    short = pairs[long <= 6 * np.median(long)]
    ones = np.ones(len(short))
    graph = csr_array((ones, (short[:, 0], short[:, 1])), shape=(len(point), len(point)))
    return short if connected_components(graph, directed=False)[0] == 1 else pairs


def _straight(point: np.ndarray, home: np.ndarray) -> np.ndarray:
    """Return seconds on foot in a straight line, float64 [block, school]."""
    return np.hypot(*(point[:, None, axis] - point[None, home, axis] for axis in (0, 1))) / PACE_M_S


def _by_road(
    random: np.random.Generator, point: np.ndarray, pairs: np.ndarray, home: np.ndarray
) -> np.ndarray:
    """Return seconds on foot along the edges with their detours, float64 [block, school]."""
    straight_m = np.hypot(*(point[pairs[:, 0]] - point[pairs[:, 1]]).T)
    detour = random.uniform(1.05, 1.7, len(pairs)) * np.where(random.random(len(pairs)) < 0.1, 3.0, 1.0)
    seconds = straight_m * detour / PACE_M_S
    graph = csr_array((seconds, (pairs[:, 0], pairs[:, 1])), shape=(len(point), len(point)))
    return np.ascontiguousarray(dijkstra(graph, directed=False, indices=home).T)


def _seats(
    random: np.random.Generator, cost: np.ndarray, people: np.ndarray, home: np.ndarray, *, spare: float
) -> np.ndarray:
    """Return whole seats between the need nearby and an even share, enough for all and a share more."""
    schools = len(home)
    need = np.bincount(cost.argmin(axis=1), weights=people, minlength=schools)
    share = 0.6 * need + 0.4 * people.sum() / schools * random.uniform(0.8, 1.2, schools)
    # A school has room for its own block in any case; rounding up gives at most one seat more.
    rest = np.maximum(share - people[home], 0.1 * share)
    return np.ceil(people[home] + (people.sum() * (1 + spare) - people[home].sum()) * rest / rest.sum())
