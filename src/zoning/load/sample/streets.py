"""Streets as lines: roads with their bends, streets between town blocks, village lanes, rail and water."""

import itertools
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from zoning.load.sample import names
from zoning.load.sample.chance import Dice, Floats, bell, dice_for
from zoning.load.sample.gates import Gates
from zoning.load.sample.people import People
from zoning.load.sample.roadnet import CLASSES, NONE, TERTIARY, UNCLASSIFIED, Network
from zoning.load.sample.settlements import Settlements, distance, tree_of
from zoning.load.sample.terrain import Terrain
from zoning.load.sample.townstreets import TownStreets

BEND_M: Final = 420.0
LINE_TAGS: Final = {
    "river": {"waterway": "river", "name": names.RIVER[0], "name:en": names.RIVER[1]},
    "railway": {"railway": "rail", "name": names.RAILWAY[0], "name:en": names.RAILWAY[1]},
    "arterial": {
        "highway": "trunk",
        "name": names.ARTERIAL[0],
        "name:en": names.ARTERIAL[1],
        "lanes": "4",
        "maxspeed": "60",
    },
}


@dataclass(frozen=True, eq=False)
class Way:
    """One way of the street map.

    Parameters
    ----------
    points
        Metres, float64 [node, 2].
    tags
        OpenStreetMap tags.
    node_tags
        Tags of single nodes by their position.
    """

    points: Floats = field(repr=False)
    tags: dict[str, str]
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)


def draw_ways(
    terrain: Terrain,
    settlements: Settlements,
    people: People,
    *,
    gates: Gates,
    network: Network,
    town: TownStreets,
    seed: int,
    lanes: bool = True,
) -> list[Way]:
    """Return every way of the county's street map.

    Parameters
    ----------
    terrain, settlements, people, gates, network, town
        The county so far.
    seed
        Seed.
    lanes
        Whether villages have lanes of their own.
    """
    dice = dice_for("roads", seed + 1_000_003)
    ways = [way for number in range(len(terrain.lines)) for way in _line_ways(terrain, gates, number)]
    ways += [Way(shapely.get_coordinates(s), {"waterway": "stream"}) for s in terrain.streams]
    ways += _roads(dice, terrain, gates, network, town)
    ways += [_street(town, number) for number in range(len(town.ends))]
    if lanes:
        ways += _village_lanes(dice, terrain, settlements, people)
    return ways + _islands(settlements, terrain)


def _line_ways(terrain: Terrain, gates: Gates, number: int) -> list[Way]:
    """River, railway or arterial, with a node wherever a road meets it on the level."""
    line = terrain.lines[number]
    found = []
    for part in shapely.get_parts(line.path.intersection(terrain.outline)):
        points = shapely.get_coordinates(part)
        here = gates.line == number
        on_level = here & ((gates.junction >= 0) | ((gates.kind == "railway") & gates.level))
        feet = gates.foot[on_level]
        feet = feet[shapely.distance(shapely.points(feet), part) < 1.0]
        over = _bridge_ends(terrain, number, part) if line.kind == "arterial" else np.empty((0, 2))
        every = np.concatenate([points, feet, over])
        order = np.argsort(shapely.line_locate_point(part, shapely.points(every)), kind="stable")
        mark = {"railway": "level_crossing"} if line.kind == "railway" else {"highway": "traffic_signals"}
        level = (order >= len(points)) & (order < len(points) + len(feet))
        cuts = np.flatnonzero(order >= len(points) + len(feet)).tolist()
        stops = [0, *cuts, len(order) - 1]
        for first, last in itertools.pairwise(stops):
            nodes = {i - first: mark for i in range(first, last + 1) if level[i]}
            # Every second stretch between bridge ends is a bridge.
            bridge = {"bridge": "yes", "layer": "1"} if first in cuts[::2] else {}
            found.append(Way(every[order[first : last + 1]], LINE_TAGS[line.kind] | bridge, nodes))
    return found


def _bridge_ends(terrain: Terrain, number: int, part: shapely.LineString) -> Floats:
    """Where the arterial rises to pass a river or a railway, and where it comes down again."""
    others = [line.path for n, line in enumerate(terrain.lines) if n != number and line.kind != "arterial"]
    at = []
    for path in others:
        for point in shapely.get_parts(part.intersection(path)):
            along = part.project(point)
            at += [along - 110.0, along + 110.0]
    return np.round(shapely.get_coordinates([part.interpolate(x) for x in sorted(at)]), 1).reshape(-1, 2)


def _roads(dice: Dice, terrain: Terrain, gates: Gates, network: Network, town: TownStreets) -> list[Way]:
    """The links of the network, with bends; links within a town pass the middle of the border."""
    middle = dict(zip(map(tuple, town.inner_pairs.tolist()), town.inner_middle, strict=True))
    hill = terrain.hilliness(network.nodes)
    blocked = tree_of([*(line.path for line in terrain.lines), terrain.outline.exterior])
    found = []
    for number in np.flatnonzero(network.road != NONE).tolist():
        a, b = network.ends[number].tolist()
        rank = int(network.road[number])
        tags = {"highway": CLASSES[rank]}
        ends = network.nodes[[a, b]]
        if network.gate[number] >= 0:
            way = _gate_way(gates, int(network.gate[number]), ends, rank)
            if way is not None:
                found.append(way)
            continue
        if network.inner[number]:
            tags = {"highway": CLASSES[rank] if rank <= TERTIARY else "residential"}
            via = [middle.pop((a, b))] if (a, b) in middle else []
            ends = np.stack([ends[0], *via, ends[1]])
        elif network.crosses[number]:
            tags = {"highway": "footway", "bridge": "yes", "layer": "1"}
        else:
            ends = _bent(dice, ends, float(hill[a] + hill[b]) / 2, rank, blocked)
        found.append(Way(ends, tags))
    for pair in town.lanes.tolist():
        if tuple(pair) in middle:
            a, b = network.nodes[pair]
            found.append(Way(np.stack([a, middle[tuple(pair)], b]), {"highway": "residential"}))
    return found


def _gate_way(gates: Gates, number: int, ends: Floats, rank: int) -> Way | None:
    """The link through a gate; None for a stretch of the arterial, which is a way of its own."""
    if number >= len(gates.kind):
        return None
    kind = gates.kind[number]
    tags = {"highway": CLASSES[min(rank, UNCLASSIFIED)]}
    if kind == "arterial":
        return Way(ends, tags)
    if kind == "river":
        if gates.in_seat[number] and rank >= UNCLASSIFIED:
            tags = {"highway": "footway"}
        return Way(ends, tags | {"bridge": "yes", "layer": "1"})
    if gates.level[number]:
        return Way(np.stack([ends[0], gates.foot[number], ends[1]]), tags)
    return Way(ends, tags | {"tunnel": "yes", "layer": "-1"})


def _bent(dice: Dice, ends: Floats, hill: float, rank: int, blocked: shapely.STRtree) -> Floats:
    """A road with bends: slight in the plain, wide in the hills; straight where that would not fit."""
    run = ends[1] - ends[0]
    length = float(np.hypot(*run))
    step = BEND_M * (1.25 - 0.7 * hill)
    number = int(min(length // step, 24))
    if number < 1:
        return ends
    t = np.arange(1, number + 1) / (number + 1)
    size = length * (0.016 + 0.075 * hill) * (0.7 if rank <= TERTIARY else 1.0)
    waves = [bell(dice, 1)[0] * np.sin(np.pi * k * t + 0.0) / k**0.8 for k in range(1, 3 + int(5 * hill))]
    side = np.clip(size * np.sum(waves, axis=0), -0.16 * length, 0.16 * length)
    normal = np.array([-run[1], run[0]]) / length
    inner = ends[0] + t[:, None] * run + side[:, None] * normal
    points = np.round(np.concatenate([ends[:1], inner, ends[1:]]), 1)
    if len(blocked.query(shapely.LineString(points), predicate="intersects")):
        return ends
    return points


def _street(town: TownStreets, number: int) -> Way:
    """One stretch of street between two blocks, split where a lane joins it."""
    points = town.ends[number].reshape(2, 2)
    split = town.split[number]
    if not np.isnan(split[0]):
        points = np.stack([points[0], split, points[1]])
    name = town.name[number]
    tags = {"highway": town.road[number]}
    if name is not None:
        tags |= {"name": name[0], "name:en": name[1]}
    if town.oneway[number]:
        tags["oneway"] = "yes"
        points = points if town.oneway[number] > 0 else points[::-1]
    return Way(points, tags)


def _village_lanes(dice: Dice, terrain: Terrain, settlements: Settlements, people: People) -> list[Way]:
    """Lanes of every village: one through the middle, more across it the more people live there."""
    rural = np.flatnonzero(settlements.core < 0)
    lines = tree_of([*(line.path for line in terrain.lines), terrain.outline.exterior])
    room = distance(settlements.points[rural], lines) - 40.0
    turn = np.pi * dice.random(len(rural))
    found = []
    for number, block in enumerate(rural.tolist()):
        centre = settlements.points[block]
        half = min(45.0 + 11.0 * float(people.total[block]) ** 0.5, float(room[number]), 420.0)
        if half < 60.0:
            continue
        ahead = np.array([np.cos(turn[number]), np.sin(turn[number])])
        aside = np.array([-ahead[1], ahead[0]])
        lanes = int(min(people.total[block] // 110, 4))
        stops = np.array([-1.0, -0.55, 0.0, 0.5, 1.0])
        found.append(Way(np.round(centre + half * stops[:, None] * ahead, 1), {"highway": "residential"}))
        for at in (1, 3, 2, 0)[:lanes]:
            foot = np.round(centre + half * stops[at] * ahead, 1)
            reach = half * (0.45 + 0.25 * float(dice.random()))
            width = min(reach, float(np.sqrt(max(room[number] ** 2 - (half * stops[at]) ** 2, 0.0))))
            if width > 30.0:
                across = np.stack([foot - width * aside, foot, foot + width * aside])
                kind = "service" if at == 0 else "residential"
                found.append(Way(np.round(across, 1), {"highway": kind}))
    return found


def _islands(settlements: Settlements, terrain: Terrain) -> list[Way]:
    """Two paths that join nothing, as street maps have them: round a temple hill and round a fish pond."""
    hill = terrain.hilliness(settlements.points)
    found = []
    for block, tag in ((int(np.argmax(hill)), "path"), (int(np.argmin(hill)), "service")):
        x, y = settlements.points[block] + [210.0, 260.0]
        ring = np.array([[0, 0], [90, 20], [120, 110], [30, 140], [0, 0]]) * 0.8 + [x, y]
        found.append(Way(np.round(ring, 1), {"highway": tag}))
    return found
