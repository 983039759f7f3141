"""Small towns for the travel tests: streets drawn in metres, written as OpenStreetMap files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import CRS, Transformer

from zoning.district import District, Place
from zoning.errors import Text

METRIC = CRS.from_epsg(4547)
EAST, NORTH = 400_000.0, 3_800_000.0
"""Where (0, 0) of a town lies, metres."""

Spot = tuple[float, float]


@dataclass
class Town:
    """Streets of a town, in metres from its corner."""

    ways: list[tuple[Sequence[Spot], Mapping[str, str]]] = field(default_factory=list)
    spots: dict[Spot, Mapping[str, str]] = field(default_factory=dict)

    def way(self, *spots: Spot, **tags: str) -> "Town":
        """Draw a way; residential unless tagged."""
        self.ways.append((spots, {"highway": "residential"} | tags))
        return self

    def tag(self, spot: Spot, **tags: str) -> "Town":
        """Tag a node."""
        self.spots[spot] = tags
        return self

    def osm(self, path: Path) -> Path:
        """Write the town as .osm and return the file."""
        order = {spot: number for number, spot in enumerate(self._all_spots(), 1)}
        back = Transformer.from_crs(METRIC, 4326, always_xy=True)
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for (x, y), number in order.items():
            lon, lat = back.transform(EAST + x, NORTH + y)
            tags = "".join(_tag(*pair) for pair in self.spots.get((x, y), {}).items())
            lines.append(f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}">{tags}</node>')
        for number, (spots, tags) in enumerate(self.ways, 1):
            refs = "".join(f'<nd ref="{order[spot]}"/>' for spot in spots)
            lines.append(f'<way id="{number}">{refs}{"".join(_tag(*p) for p in tags.items())}</way>')
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path

    def _all_spots(self) -> list[Spot]:
        return list(dict.fromkeys([spot for spots, _ in self.ways for spot in spots] + list(self.spots)))


def _tag(key: str, value: str) -> str:
    return f"<tag k={quoteattr(key)} v={quoteattr(value)}/>"


def place() -> Place:
    """Return an invented county."""
    return Place(Text("Test county", "测试县"), 2026, METRIC)


def make_district(
    streets: Path | None,
    blocks: Mapping[str, Spot],
    schools: Mapping[str, Spot],
    *,
    barriers: Sequence[tuple[str, Sequence[Spot]]] = (),
) -> District:
    """Return a district whose blocks are squares of 20 m round their spots."""
    block_frame = gpd.GeoDataFrame(
        {"name": list(blocks), "town": "T"},
        index=pd.Index(list(blocks), name="block_id"),
        geometry=[
            shapely.box(EAST + x - 10, NORTH + y - 10, EAST + x + 10, NORTH + y + 10)
            for x, y in blocks.values()
        ],
        crs=METRIC,
    )
    school_frame = gpd.GeoDataFrame(
        {"name": list(schools), "capacity_primary": 100.0, "opens": float("nan"), "closes": float("nan")},
        index=pd.Index(list(schools), name="school_id"),
        geometry=[shapely.Point(EAST + x, NORTH + y) for x, y in schools.values()],
        crs=METRIC,
    )
    tables = {}
    if barriers:
        tables["barriers"] = gpd.GeoDataFrame(
            {"kind": [kind for kind, _ in barriers]},
            geometry=[shapely.LineString([(EAST + x, NORTH + y) for x, y in line]) for _, line in barriers],
            crs=METRIC,
        )
    return District(place(), block_frame, school_frame, tables=tables, streets=streets)


@pytest.fixture
def town() -> Town:
    """A town without streets."""
    return Town()


@pytest.fixture
def district() -> Callable[..., District]:
    """Make a district round a street map."""
    return make_district
