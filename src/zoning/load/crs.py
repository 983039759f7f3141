"""From declared coordinates to WGS 84: which system they are in is declared or asked, never guessed."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from zoning import units
from zoning.errors import Problems
from zoning.load import gcj
from zoning.load.coordinates import Floats, Numbers, check_degrees, check_far, check_metres
from zoning.load.gauss import DATUM_NAMES, datum_of
from zoning.load.settings import FileSettings
from zoning.load.source import Source, find_source, key_of

Convert = Callable[[Floats, Floats], tuple[Floats, Floats]]

UNSHIFT: Final[dict[str, Convert]] = {"gcj02": gcj.gcj02_to_wgs84, "bd09": gcj.bd09_to_wgs84}
OUTSIDE_DEGREES: Final = 3.0
"""How far outside a CRS's area of use a place may lie, degrees."""


def converter(source: Source, numbers: Numbers, settings: FileSettings, problems: Problems) -> Convert | None:
    """Return what takes coordinates to WGS 84; None after asking for the answer that it needs.

    Parameters
    ----------
    source
        The system that the coordinates are in.
    numbers
        The coordinates, for messages.
    settings
        What has been declared about the file, the answer about an old datum among it.
    problems
        Takes questions and warnings.
    """
    if source.crs is None:
        return UNSHIFT[source.name]
    crs = source.crs
    if crs.to_epsg() in units.WEB_MERCATOR or "Pseudo-Mercator" in crs.name:
        numbers.report(problems, "load_crs.web_mercator", severity="warning", crs=source.name)
    datum = None if crs.is_bound else datum_of(crs)
    if datum in {"xian80", "beijing54"}:
        fields: dict[str, Any] = {
            "crs": source.name,
            "old": DATUM_NAMES[datum],
            "answer": f"{datum} as cgcs2000",
        }
        if not _answered(settings.datum, datum):
            numbers.report(problems, "load_crs.old_datum", severity="question", **fields)
            return None
        numbers.report(problems, "load_crs.old_datum_kept", severity="warning", **fields)
    # CGCS2000 is WGS 84 to within decimetres, and an old datum goes by the answer just given: both are only
    # unprojected. PROJ would shift the old ones by nothing or by one figure for all of China, silently.
    target = units.WGS84 if datum is None else crs.geodetic_crs
    transformer = Transformer.from_crs(crs, target, always_xy=True)

    def convert(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        lon, lat = transformer.transform(x, y)
        return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)

    return convert


def _answered(answer: str, datum: str) -> bool:
    answers = {" ".join(part.lower().split()) for part in answer.replace(";", ",").split(",")}
    return bool(answers & {f"{datum} as cgcs2000", f"{datum} as wgs84"})


def locate(
    numbers: Numbers,
    settings: FileSettings,
    problems: Problems,
    *,
    own: CRS | None = None,
    is_layer: bool = False,
) -> Convert | None:
    """Return what takes the coordinates of a file to WGS 84, None when that cannot be told or done.

    Everything that is wrong with the numbers is reported here, so what comes back can be trusted.

    Parameters
    ----------
    numbers
        Coordinates of every row (of a layer: the middle of every geometry).
    settings
        What has been declared about the file.
    problems
        Takes what is found.
    own
        What a layer says of its own CRS.
    is_layer
        Whether this is a layer, whose CRS must be known, rather than two columns of a table.
    """
    if settings.swapped:
        numbers = numbers.turned()
    if is_layer:
        source = find_source(numbers, settings, problems, own=own)
    else:
        source = Source.of_text(settings.crs)
        if source is None:
            numbers.report(problems, "load_crs.unknown", crs=settings.crs)
    if source is None:
        return None
    zero = numbers.zero
    if zero.any():
        numbers.report(problems, "load_crs.zero", zero)
    fits = _fits(numbers, source, settings, problems)
    convert = converter(source, numbers, settings, problems)
    if convert is None or not fits or not _lands(numbers, source, convert, problems):
        return None
    if not settings.swapped:
        return convert
    return lambda x, y: convert(y, x)


def _fits(numbers: Numbers, source: Source, settings: FileSettings, problems: Problems) -> bool:
    if source.crs is not None and source.crs.is_projected:
        return check_metres(numbers, problems, swapped=settings.swapped, crs=source.crs, name=source.name)
    return check_degrees(numbers, problems, swapped=settings.swapped, crs=source.name)


def _lands(numbers: Numbers, source: Source, convert: Convert, problems: Problems) -> bool:
    """Return whether the coordinates come out where their CRS is used; report rows that lie apart."""
    lon, lat = convert(numbers.x, numbers.y)
    known = numbers.known
    area = source.crs.area_of_use if source.crs is not None else None
    lost = known & ~(np.isfinite(lon) & np.isfinite(lat))
    if lost.any():
        numbers.report(problems, "load_crs.not_convertible", lost, crs=source.name)
        return False
    if area is not None and known.any():
        middle_lon, middle_lat = float(np.median(lon[known])), float(np.median(lat[known]))
        wide = area.east < area.west  # an area across the 180th meridian
        in_lon = wide or area.west - OUTSIDE_DEGREES <= middle_lon <= area.east + OUTSIDE_DEGREES
        if not in_lon or not area.south - OUTSIDE_DEGREES <= middle_lat <= area.north + OUTSIDE_DEGREES:
            place = f"{middle_lon:.3f}, {middle_lat:.3f}"
            fields: dict[str, Any] = {"crs": source.name, "area": area.name, "place": place}
            numbers.report(problems, "load_crs.outside_area", known, severity="question", **fields)
            return False
    check_far(numbers, problems, lon=lon, lat=lat)
    return True


def points_to_wgs84(
    lon: Floats,
    lat: Floats,
    settings: FileSettings,
    problems: Problems,
    *,
    rows: npt.ArrayLike,
    columns: tuple[str, str] = ("lon", "lat"),
) -> tuple[Floats, Floats]:
    """Return coordinates of a table's two columns on WGS 84, degrees; NaN where they cannot be read.

    Parameters
    ----------
    lon, lat
        The two columns as they stand, float64 [row]: degrees, or metres where the file is declared so;
        NaN where a cell is empty.
    settings
        What has been declared about the file.
    problems
        Takes what is found.
    rows
        Row numbers for messages, int [row].
    columns
        Names of the two columns for messages.

    Examples
    --------
    >>> found = Problems()
    >>> points_to_wgs84(np.array([34.7]), np.array([113.0]), FileSettings("schools.csv"), found, rows=[2])
    (array([nan]), array([nan]))
    >>> found.items[0].code
    'load_crs.swapped'
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    numbers = Numbers(x, y, np.asarray(rows, dtype=np.int64), settings.file, key_of(settings), columns)
    convert = locate(numbers, settings, problems)
    if convert is None:
        return np.full_like(x, np.nan), np.full_like(y, np.nan)
    placed = np.isfinite(x) & np.isfinite(y) & ~numbers.zero
    return convert(np.where(placed, x, np.nan), np.where(placed, y, np.nan))


def shapes_to_wgs84(
    shapes: npt.NDArray[np.object_],
    own: CRS | None,
    settings: FileSettings,
    problems: Problems,
) -> npt.NDArray[np.object_] | None:
    """Return the geometries of a layer on WGS 84, None when they cannot be placed.

    Parameters
    ----------
    shapes
        Geometries as they stand in the layer, object [row]; None where a row has none.
    own
        What the layer says of its own CRS.
    settings
        What has been declared about the file.
    problems
        Takes what is found.
    """
    west, south, east, north = shapely.bounds(shapes).T
    rows = np.arange(len(shapes)) + 2
    numbers = Numbers((west + east) / 2, (south + north) / 2, rows, settings.file, key_of(settings))
    convert = locate(numbers, settings, problems, own=own, is_layer=True)
    if convert is None:
        return None
    either: Any = convert  # the stubs know only functions of one array
    return np.asarray(shapely.transform(shapes, either, interleaved=False), dtype=np.object_)
