"""Reads what the Liechtenstein folder needs from an OpenStreetMap extract, and writes its streets clipped."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.osm.types import OSMEntity

METRIC = "EPSG:32632"
NATION = 47  # id of the national boundary relation in the extract
LEARNING = ("school", "kindergarten", "university", "college")


@dataclass
class Extract:
    """What was read; shapes in :data:`METRIC`.

    Parameters
    ----------
    nation
        Everything inside the national boundary.
    towns
        Municipalities by name; together they are the nation.
    buildings
        Points of the buildings inside the nation.
    schools, places
        Points inside the nation with their tags (``amenity``, ``place``, ``name``) and ``outline_m2``.
    railways
        Railway lines inside the nation that are neither bridges nor in yards.
    """

    nation: shapely.Geometry
    towns: gpd.GeoSeries
    buildings: gpd.GeoSeries
    schools: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    railways: gpd.GeoSeries


@dataclass
class _Found:
    areas: dict[int, tuple[str, shapely.Geometry]] = field(default_factory=dict)
    buildings: list[shapely.Geometry] = field(default_factory=list)
    schools: list[tuple[str, str, shapely.Geometry]] = field(default_factory=list)
    places: list[tuple[str, str, shapely.Geometry]] = field(default_factory=list)
    railways: list[shapely.Geometry] = field(default_factory=list)


def read_extract(pbf: Path) -> Extract:
    """Read boundaries, buildings, schools, places and railways, clipped to the nation."""
    found = _Found()
    for item, tags, shape in _shapes(pbf):
        _sort_in(found, item, tags, shape)
    nation = _metric([found.areas[NATION][1]]).iloc[0]
    towns = [(name, shape) for number, (name, shape) in found.areas.items() if number != NATION]
    return Extract(
        nation,
        gpd.GeoSeries(_metric([s for _, s in towns]).to_numpy(), index=[n for n, _ in towns], crs=METRIC),
        _inside(_metric(found.buildings), nation).centroid,
        _tagged(found.schools, nation),
        _tagged(found.places, nation),
        _metric(found.railways).intersection(nation).loc[lambda lines: ~lines.is_empty],
    )


def _shapes(pbf: Path) -> Iterator[tuple[OSMEntity, dict[str, str], shapely.Geometry]]:
    """Return every tagged node, closed area and railway way of the extract with its shape in degrees."""
    factory = osmium.geom.WKBFactory()
    keys = osmium.filter.KeyFilter("building", "amenity", "place", "railway", "boundary")
    for item in osmium.FileProcessor(pbf).with_locations().with_areas().with_filter(keys):
        tags = dict(item.tags)
        if item.is_area():
            yield item, tags, shapely.from_wkb(factory.create_multipolygon(item))
        elif item.is_node():
            yield item, tags, shapely.from_wkb(factory.create_point(item))
        elif item.is_way() and tags.get("railway") == "rail":
            yield item, tags, shapely.from_wkb(factory.create_linestring(item))


def _sort_in(found: _Found, item: OSMEntity, tags: dict[str, str], shape: shapely.Geometry) -> None:
    name = tags.get("name", "")
    if item.is_area() and tags.get("boundary") == "administrative":
        # Neighbouring municipalities are open rings, so only the country's own become areas.
        if not item.from_way() and (tags.get("admin_level") == "8" or item.orig_id() == NATION):
            found.areas[item.orig_id()] = (name, shape)
    elif tags.get("amenity") in LEARNING:
        found.schools.append((tags["amenity"], name, shape))
    elif "building" in tags:
        found.buildings.append(shape)
    elif item.is_node() and "place" in tags:
        found.places.append((tags["place"], name, shape))
    elif item.is_way() and "bridge" not in tags and "service" not in tags:
        found.railways.append(shape)


def _metric(shapes: list[shapely.Geometry]) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(METRIC)


def _inside(shapes: gpd.GeoSeries, nation: shapely.Geometry) -> gpd.GeoSeries:
    return shapes[shapes.centroid.within(nation)]


def _tagged(rows: list[tuple[str, str, shapely.Geometry]], nation: shapely.Geometry) -> gpd.GeoDataFrame:
    shapes = _metric([shape for *_, shape in rows])
    frame = pd.DataFrame([row[:2] for row in rows], columns=["kind", "name"])
    frame = gpd.GeoDataFrame(frame.assign(outline_m2=shapes.area.to_numpy()), geometry=shapes.centroid)
    return frame[frame.within(nation)].reset_index(drop=True)


def write_streets(pbf: Path, nation: shapely.Geometry, target: Path) -> None:
    """Write the ways with a ``highway`` tag and their nodes inside the nation, cut at the boundary."""
    border = gpd.GeoSeries([nation], crs=METRIC).to_crs("EPSG:4326").iloc[0]
    shapely.prepare(border)
    nodes = [(n.id, n.location.lon, n.location.lat) for n in osmium.FileProcessor(pbf, osmium.osm.NODE)]
    places = np.array(nodes)
    inside = set(places[shapely.contains_xy(border, places[:, 1], places[:, 2]), 0].astype(int).tolist())
    streets = osmium.FileProcessor(pbf).with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    streets = streets.with_filter(osmium.filter.KeyFilter("highway"))
    pieces = [(way.id, dict(way.tags), run) for way in streets for run in _runs(way, inside)]
    used = {node for _, _, run in pieces for node in run}
    with osmium.SimpleWriter(target, overwrite=True) as writer:
        for node in osmium.FileProcessor(pbf, osmium.osm.NODE):
            if node.id in used:
                writer.add_node(node)
        highest = max(number for number, _, _ in pieces)
        seen: set[int] = set()
        for number, tags, run in pieces:
            highest += number in seen  # a way that leaves and comes back is two ways
            writer.add_way(
                osmium.osm.mutable.Way(id=highest if number in seen else number, nodes=run, tags=tags)
            )
            seen.add(number)


def _runs(way: osmium.osm.Way, inside: set[int]) -> list[list[int]]:
    """Return the stretches of a way, as node ids, that lie inside."""
    nodes = [node.ref for node in way.nodes]
    pieces = [list(run) for keep, run in groupby(nodes, key=inside.__contains__) if keep]
    return [run for run in pieces if any(a != b for a, b in pairwise(run))]
