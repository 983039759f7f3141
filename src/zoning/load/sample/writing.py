"""The input folder: every table as a planner would hand it over, the same bytes for the same county."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from zoning.load.sample.cells import to_degrees
from zoning.load.sample.chance import Floats
from zoning.load.sample.places import County
from zoning.load.sample.terrain import Terrain

CRS_NAME: Final = "urn:ogc:def:crs:EPSG::4490"


def write_text(folder: Path, name: str, text: str) -> None:
    """Write one file whole, with line feeds on every system."""
    part = folder / f"{name}.part"
    part.write_bytes(text.encode("utf-8"))
    part.replace(folder / name)


def write_table(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write one table as CSV that Excel opens in Chinese (UTF-8 with a mark at the start)."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_text(folder, name, "\ufeff" + held.getvalue())


def _feature(properties: dict[str, Any], kind: str, coordinates: list[Any]) -> str:
    body = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _collection(name: str, features: list[str]) -> str:
    head = f'{{"type":"FeatureCollection","name":"{name}",'
    crs = f'"crs":{{"type":"name","properties":{{"name":"{CRS_NAME}"}}}},\n"features":[\n'
    return head + crs + ",\n".join(features) + "\n]}\n"


def blocks_text(county: County) -> str:
    """Return the blocks as GeoJSON."""
    place = ("city", "town", "village")
    found = []
    polygons = county.cells.polygons
    for block, block_id in enumerate(county.block_ids):
        zh, en = county.block_names[block]
        town = county.town_names[int(county.regions.town[block])][0]
        properties = {
            "block_id": block_id, "name": zh, "name_en": en, "town": town,
            "place_class": place[int(county.people.place[block])],
        }  # fmt: skip
        parts = [
            [_ring(ring) for ring in shapely.get_rings(part)] for part in shapely.get_parts(polygons[block])
        ]
        kind, body = ("Polygon", parts[0]) if len(parts) == 1 else ("MultiPolygon", parts)
        found.append(_feature(properties, kind, body))
    return _collection("blocks", found)


def _ring(ring: shapely.Geometry) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in np.round(shapely.get_coordinates(ring), 6).tolist()]


def barriers_text(terrain: Terrain) -> str:
    """Return river, railway and arterial as GeoJSON, within the county."""
    found = [
        _feature({"kind": line.kind}, "LineString", _line(shapely.get_coordinates(part)))
        for line in terrain.lines
        for part in shapely.get_parts(line.path.intersection(terrain.outline))
    ]
    return _collection("barriers", found)


def _line(points: Floats) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in to_degrees(points).tolist()]
