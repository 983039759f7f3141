"""Styles that QGIS finds inside a GeoPackage and applies when the layer opens."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from zoning.publish.colours import PALETTE

__all__ = ["add_styles", "school_points_style", "zones_style"]

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
  styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, ?, 'zoning', ?, '', 1, '', '', ?)
"""
_CONTENTS: Final = """
INSERT OR REPLACE INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)
"""
_STAMP: Final = "2000-01-01T00:00:00.000Z"
"""One time for every file, so that the same plan gives the same bytes."""
_CHANGES_AT: Final = (24, 92)
"""Where the header of an SQLite file counts changes: file change counter, version valid for."""
_AROUND: Final = 0
_HORIZONTAL: Final = 4
"""Where QGIS tries to set a name: round a point, or anywhere level inside an area."""
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _option(name: str, value: object) -> str:
    return f'<Option name={quoteattr(name)} type="QString" value={quoteattr(str(value))}/>'


def _layer(kind: str, options: Mapping[str, object]) -> str:
    inside = "".join(_option(name, value) for name, value in options.items())
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{inside}</Option></layer>'
    )


def _fill(colour: str, *, hatch: str = "") -> str:
    outline = {"outline_color": _rgba("#2b3742"), "outline_width": 0.46, "outline_style": "solid"}
    solid = _layer("SimpleFill", {"color": _rgba(colour, 205), "style": "solid", **outline})
    if not hatch:
        return solid
    return solid + _layer("SimpleFill", {"color": _rgba(hatch), "style": "b_diagonal", "outline_style": "no"})


def _symbol(kind: str, name: str, layers: str) -> str:
    return f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layers}</symbol>'


def _labels(field: str, size: float, *, placement: int) -> str:
    style = (
        f'<text-style fieldName={quoteattr(field)} isExpression="0" fontSize="{size}" fontSizeUnit="Point" '
        f'textColor="{_rgba("#16222d")}" fontWeight="63" fontFamily="Noto Sans CJK SC">'
        '<text-buffer bufferDraw="1" bufferSize="0.9" bufferSizeUnits="MM" bufferColor="255,255,255,255"/>'
        "</text-style>"
    )
    placed = f'<settings calloutType="simple">{style}<placement placement="{placement}"/></settings>'
    return f'<labeling type="simple">{placed}</labeling>'


def zones_style(names: Mapping[str, str], colours: Mapping[str, int]) -> str:
    """Return a QML style: zones by ``school_id`` in the atlas's colours, shared ones hatched, with names.

    Parameters
    ----------
    names
        What the legend calls each ``school_id`` (ids joined by ``;`` for a shared zone).
    colours
        Number of the palette by school.
    """
    categories, symbols = [], []
    for number, (key, name) in enumerate(names.items()):
        first, *more = key.split(";")
        fill = _fill(PALETTE[colours[first]], hatch=PALETTE[colours[more[0]]] if more else "")
        symbols.append(_symbol("fill", str(number), fill))
        shown = f"value={quoteattr(key)} label={quoteattr(name)}"
        categories.append(f'<category {shown} symbol="{number}" render="true" type="string"/>')
    renderer = (
        '<renderer-v2 type="categorizedSymbol" attr="school_id" enableorderby="0" symbollevels="0">'
        f"<categories>{''.join(categories)}</categories><symbols>{''.join(symbols)}</symbols></renderer-v2>"
    )
    return _document(renderer, _labels("name", 8, placement=_HORIZONTAL), geometry=2)


def blocks_style() -> str:
    """Return a QML style for blocks: thin grey outlines and no fill, to lie over the zones."""
    line = _layer("SimpleFill", {"style": "no", "outline_color": _rgba("#8c8c8c"), "outline_width": 0.1})
    return _document(_single(_symbol("fill", "0", line)), "", geometry=2)


def school_points_style() -> str:
    """Return a QML style for schools: dark points with a white rim, named."""
    dot = _layer(
        "SimpleMarker",
        {"name": "circle", "color": _rgba("#22303c"), "outline_color": _rgba("#ffffff"), "size": 2.4},
    )
    return _document(_single(_symbol("marker", "0", dot)), _labels("name", 7, placement=_AROUND), geometry=0)


def _single(symbol: str) -> str:
    inside = f"<symbols>{symbol}</symbols>"
    return f'<renderer-v2 type="singleSymbol" enableorderby="0" symbollevels="0">{inside}</renderer-v2>'


def _document(renderer: str, labels: str, *, geometry: int) -> str:
    flag = "1" if labels else "0"
    return (
        f'{_DOCTYPE}<qgis version="3.28" styleCategories="Symbology|Labeling" labelsEnabled="{flag}">'
        f"{renderer}{labels}<layerGeometryType>{geometry}</layerGeometryType></qgis>"
    )


def add_styles(path: Path, styles: Mapping[str, str]) -> None:
    """Write the styles into a GeoPackage as defaults of their layers, and give the file one fixed time.

    Parameters
    ----------
    path
        The GeoPackage.
    styles
        QML by layer.
    """
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(_TABLE)
        for layer, qml in styles.items():
            row = base.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?",
                (layer,),
            ).fetchone()
            base.execute(_STYLE, (layer, row[0], qml, _STAMP))
        base.execute(_CONTENTS, (_STAMP,))
        base.execute("UPDATE gpkg_contents SET last_change = ?", (_STAMP,))
    _forget_changes(path)


def _forget_changes(path: Path) -> None:
    """Set SQLite's count of changes to 1: about one run in eight of the same plan counts one less.

    The count stands in the header twice and only has to agree.
    """
    with path.open("r+b") as file:
        for offset in _CHANGES_AT:
            file.seek(offset)
            file.write((1).to_bytes(4, "big"))
