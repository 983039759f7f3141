"""Units: metres, seconds, pupils, shares 0-1, school years; and the metric CRS that all lengths need.

Inside the package every length is in metres and every time in seconds; names say so (``radius_m``,
``time_s``). A school year is the calendar year of its autumn, an int. Coordinates are projected once when
they are read and go back to WGS 84 once when they are published.
"""

import math
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from zoning import messages
from zoning.errors import CrsError

WGS84: Final = CRS.from_epsg(4326)
WEB_MERCATOR: Final = frozenset({3857, 900913, 3785, 102100, 102113})
WALK_M_PER_S: Final = 1.2
"""Walking speed of pupils, metres per second: the pace commonly used for school journeys (4.3 km/h)."""

# Rough box of the 3-degree CGCS2000 zones (central meridians 75°E to 135°E).
_CGCS2000_LON: Final = (73.5, 136.5)
_CGCS2000_LAT: Final = (3.0, 54.0)


def require_metric(crs: object, *, file: str = "crs", lat: float = 31.0) -> CRS:
    """Return the CRS if lengths in it are metres; refuse web Mercator by name.

    Parameters
    ----------
    crs
        Anything that pyproj reads as a CRS.
    file
        What to name in the message.
    lat
        Latitude in degrees, to say how far web Mercator is off.

    Raises
    ------
    CrsError
        When there is no CRS, its unit is not the metre, or it is web Mercator.

    Examples
    --------
    >>> require_metric("EPSG:4547").to_epsg()
    4547
    >>> require_metric("EPSG:3857")
    Traceback (most recent call last):
    ...
    zoning.errors.CrsError: crs: EPSG:3857 (web Mercator) stretches lengths: 1 m is drawn as 1.167 m...
    """
    if crs is None:
        raise CrsError([messages.problem("units.missing", file=file)])
    try:
        found = CRS.from_user_input(crs)
    except ProjError:
        raise CrsError([messages.problem("units.not_metric", file=file, crs=str(crs))]) from None
    name = found.to_string() if found.to_epsg() is None else f"EPSG:{found.to_epsg()}"
    if found.to_epsg() in WEB_MERCATOR or "Pseudo-Mercator" in found.name:
        stretch = 1 / math.cos(math.radians(lat))
        raise CrsError(
            [messages.problem("units.web_mercator", file=file, crs=name, stretch=stretch, lat=lat)],
        )
    projected = found.is_projected and all(axis.unit_conversion_factor == 1 for axis in found.axis_info[:2])
    if not projected:
        raise CrsError([messages.problem("units.not_metric", file=file, crs=name)])
    return found


def metric_crs_at(lon: float, lat: float) -> CRS:
    """Return the metric CRS for a place: its 3-degree CGCS2000 zone where there is one, else UTM.

    Parameters
    ----------
    lon, lat
        Middle of the place, degrees on WGS 84.

    Examples
    --------
    >>> metric_crs_at(113.0, 34.7).to_epsg()
    4547
    >>> metric_crs_at(9.5, 47.1).to_epsg()
    32632
    """
    inside = _CGCS2000_LON[0] <= lon < _CGCS2000_LON[1] and _CGCS2000_LAT[0] <= lat <= _CGCS2000_LAT[1]
    if inside:
        return CRS.from_epsg(4534 + round((lon - 75) / 3))
    zone = int((lon + 180) // 6) % 60 + 1
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def school_year(year: int) -> str:
    """Return a school year as it is printed: the autumn's year and the next.

    Examples
    --------
    >>> school_year(2027)
    '2027-28'
    """
    return f"{year}-{(year + 1) % 100:02d}"
