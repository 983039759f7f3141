"""Ways of a street map as they were drawn, before any mode: what every format is read into.

``.osm`` and ``.osm.pbf`` are read by osmium with a ``highway`` filter, so that no outline of a building or
school becomes a street.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from zoning.units import WGS84

WAY_TAGS: Final = (
    "access",
    "area",
    "bridge",
    "foot",
    "highway",
    "junction",
    "maxspeed",
    "motor_vehicle",
    "motorcar",
    "oneway",
    "service",
    "tunnel",
    "vehicle",
)
"""Tags of ways that are kept."""
NODE_TAGS: Final = ("access", "barrier", "foot", "highway", "motor_vehicle", "motorcar", "railway", "vehicle")
"""Tags of nodes that are kept."""
NODE_KEYS: Final = ("barrier", "highway", "railway")
"""Nodes with one of these tags are read."""

_FIXED: Final = 1e7
_NOWHERE: Final = (1e9, 1e9)
Spot = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Ways:
    """Streets as drawn.

    Parameters
    ----------
    x, y
        Coordinates of the nodes in ``crs``, easting or longitude first, float64 [node].
    nodes
        Nodes of all ways, way after way, int64 [step].
    way
        Way that each of ``nodes`` belongs to, ascending, int64 [step].
    tags
        Tags of each way.
    node_tags
        Tags of the nodes that have any, by position.
    crs
        Reference system of ``x`` and ``y``.
    missing
        Nodes that a way names and the file lacks (an extract cuts ways at its edge).
    swapped
        Whether latitudes beyond 90 degrees were met that would do as longitudes.
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    nodes: npt.NDArray[np.int64]
    way: npt.NDArray[np.int64]
    tags: tuple[Mapping[str, str], ...]
    node_tags: Mapping[int, Mapping[str, str]]
    crs: CRS = WGS84
    missing: int = 0
    swapped: bool = False


@dataclass
class WayList:
    """Ways that are being collected; ids of nodes may be any hashable."""

    x: "array[float]" = field(default_factory=lambda: array("d"))
    y: "array[float]" = field(default_factory=lambda: array("d"))
    position: dict[object, int] = field(default_factory=dict)
    nodes: "array[int]" = field(default_factory=lambda: array("q"))
    way: "array[int]" = field(default_factory=lambda: array("q"))
    tags: list[Mapping[str, str]] = field(default_factory=list)
    node_tags: dict[int, Mapping[str, str]] = field(default_factory=dict)
    missing: int = 0
    negative: bool = False
    swapped: bool = False

    def node(self, key: object, x: float, y: float) -> int:
        """Return the position of a node, adding it when it is new."""
        found = self.position.get(key)
        if found is None:
            found = self.position[key] = len(self.x)
            self.x.append(x)
            self.y.append(y)
        return found

    def begin(self, tags: Mapping[str, str]) -> None:
        """Start a way."""
        self.tags.append(tags)

    def step(self, node: int) -> None:
        """Add a node to the way that was begun last."""
        self.nodes.append(node)
        self.way.append(len(self.tags) - 1)

    def done(self, crs: CRS = WGS84) -> Ways:
        """Return what was collected."""
        return Ways(
            np.array(self.x, dtype=np.float64),
            np.array(self.y, dtype=np.float64),
            np.array(self.nodes, dtype=np.int64),
            np.array(self.way, dtype=np.int64),
            tuple(self.tags),
            self.node_tags,
            crs,
            self.missing,
            self.swapped,
        )


def read_osm(path: Path) -> Ways:
    """Return every way of an ``.osm`` or ``.osm.pbf`` file that has a ``highway`` tag.

    Raises
    ------
    RuntimeError
        When osmium cannot read the file.
    """
    import osmium  # noqa: PLC0415 - keeps `import zoning.travel` quick

    found = _pass(osmium, path, {})
    if found.missing and (found.negative or not found.x):
        # Editors number new nodes below 0, where osmium keeps no locations; so they are looked up by hand.
        found = _pass(osmium, path, _spare(osmium, path))
    return found.done()


def _pass(osmium: Any, path: Path, spare: Mapping[int, Spot]) -> WayList:  # noqa: ANN401 - has no types
    """Return the ways of a file; ``spare`` has locations that osmium does not keep."""
    found = WayList()
    tagged: dict[int, Mapping[str, str]] = {}
    processor = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    item: Any
    for item in processor.with_filter(osmium.filter.KeyFilter(*NODE_KEYS)):
        if item.is_node():
            tagged[item.id] = _tags(item.tags, NODE_TAGS)
        elif "highway" in item.tags:
            _add_way(found, item, spare)
    for key, tags in tagged.items():
        if key in found.position:
            found.node_tags[found.position[key]] = tags
    return found


def _spare(osmium: Any, path: Path) -> dict[int, Spot]:  # noqa: ANN401 - as above
    """Return longitude and latitude of every node, whatever its number and however impossible."""
    nodes = osmium.FileProcessor(str(path), osmium.osm.NODE)
    return {node.id: (node.location.x / _FIXED, node.location.y / _FIXED) for node in nodes}


def _add_way(found: WayList, way: Any, spare: Mapping[int, Spot]) -> None:  # noqa: ANN401 - as above
    tags = _tags(way.tags, WAY_TAGS)
    found.begin(tags)
    for node in way.nodes:
        located = node.location.valid()
        x, y = (node.location.lon, node.location.lat) if located else spare.get(node.ref, _NOWHERE)
        found.negative |= node.ref < 0
        found.swapped |= abs(y) > 90 and abs(x) <= 90 and abs(y) <= 180
        if abs(x) <= 180 and abs(y) <= 90:
            found.step(found.node(node.ref, x, y))
        else:
            # What follows is a way of its own, else the gap would be bridged by a straight line.
            found.missing += 1
            found.begin(tags)


def _tags(tags: Any, keys: tuple[str, ...]) -> dict[str, str]:  # noqa: ANN401 - as above
    return {key: tags[key] for key in keys if key in tags}
