"""Chinese Gauss-Krüger zones: which EPSG code fits the numbers that a file holds.

An easting of eight digits carries the zone number in front (``38 432 100``), one of six does not
(``432 100``); both exist for zones of 6° (13-23) and of 3° (25-45) on three datums. The numbers tell the
zone, never the datum.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from pyproj import CRS

Datum = Literal["cgcs2000", "xian80", "beijing54"]

FALSE_EASTING_M: Final = 500_000.0
SIX_DEGREE: Final = range(13, 24)
THREE_DEGREE: Final = range(25, 46)
NORTHING_M: Final = (1_700_000.0, 6_100_000.0)
"""Northings between 15°N and 55°N, metres."""

DATUM_NAMES: Final[dict[Datum, str]] = {
    "cgcs2000": "CGCS2000",
    "xian80": "Xian 1980",
    "beijing54": "Beijing 1954",
}
# First EPSG code of each series: 6° and 3°, with the zone number in the easting and without.
_SERIES: Final[dict[Datum, tuple[int, int, int, int]]] = {
    "cgcs2000": (4491, 4502, 4513, 4534),
    "xian80": (2327, 2338, 2349, 2370),
    "beijing54": (21413, 21453, 2401, 2422),
}


def zone_of(easting_m: float) -> int | None:
    """Return the zone number that an easting carries in front, None when it carries none.

    Parameters
    ----------
    easting_m
        Easting, metres.

    Examples
    --------
    >>> zone_of(38_432_100.0), zone_of(432_100.0)
    (38, None)
    """
    if not np.isfinite(easting_m):
        return None
    zone = int(easting_m // 1_000_000)
    return zone if zone in SIX_DEGREE or zone in THREE_DEGREE else None


def code_of(zone: int, *, datum: Datum = "cgcs2000", prefixed: bool = True) -> int:
    """Return the EPSG code of a zone.

    Parameters
    ----------
    zone
        13-23 for the zones of 6°, 25-45 for those of 3°.
    datum
        Which of the three datums.
    prefixed
        Whether eastings carry the zone number in front.

    Raises
    ------
    ValueError
        When there is no such zone.

    Examples
    --------
    >>> code_of(40), code_of(40, prefixed=False), code_of(19, datum="xian80")
    (4528, 4549, 2333)
    """
    six, six_short, three, three_short = _SERIES[datum]
    if zone in SIX_DEGREE:
        return (six if prefixed else six_short) + zone - SIX_DEGREE.start
    if zone in THREE_DEGREE:
        return (three if prefixed else three_short) + zone - THREE_DEGREE.start
    raise ValueError(f"no Gauss-Krüger zone {zone}")


def datum_of(crs: CRS) -> Datum | None:
    """Return which of the Chinese datums a CRS stands on, None for any other.

    Parameters
    ----------
    crs
        Any CRS; names written by other software are recognised too.

    Examples
    --------
    >>> datum_of(CRS.from_epsg(21419)), datum_of(CRS.from_epsg(4326))
    ('beijing54', None)
    """
    base = crs.geodetic_crs
    if base is None:
        return None
    parts = (base.name, "" if base.datum is None else base.datum.name)
    name = "".join(c for c in "".join(parts).lower() if c.isalnum())
    if "xian" in name and "80" in name:
        return "xian80"
    if "beijing" in name:
        return "beijing54"
    return "cgcs2000" if "china2000" in name or "cgcs2000" in name or "chinageodetic" in name else None


@dataclass(frozen=True, slots=True)
class Strip:
    """The Gauss-Krüger strip that a CRS is.

    Parameters
    ----------
    zone
        Zone number in front of its eastings; None when they carry none.
    meridian
        Central meridian, degrees.
    """

    zone: int | None
    meridian: float

    @classmethod
    def of_crs(cls, crs: CRS) -> "Strip | None":
        """Return the strip of a CRS, None when it is no Gauss-Krüger projection.

        Parameters
        ----------
        crs
            Any CRS.

        Examples
        --------
        >>> Strip.of_crs(CRS.from_epsg(4549))
        Strip(zone=None, meridian=120.0)
        """
        operation = crs.coordinate_operation
        if operation is None or "Transverse Mercator" not in operation.method_name:
            return None
        figures = {p.name: float(p.value) for p in operation.params}
        if figures.get("Scale factor at natural origin", 1.0) != 1.0:
            return None
        easting = figures.get("False easting", 0.0)
        zone = zone_of(easting) if easting % 1_000_000 == FALSE_EASTING_M else None
        return cls(zone, figures.get("Longitude of natural origin", 0.0))


def fitting_codes(easting_m: float, northing_m: float, *, datum: Datum | None = None) -> list[str]:
    """Return the codes that fit coordinates in metres, most likely first, each with its name.

    Parameters
    ----------
    easting_m, northing_m
        Typical coordinates of the file, metres.
    datum
        Only this one; None for all three.

    Examples
    --------
    >>> fitting_codes(19_682_445.0, 3_827_600.0)[:2]
    ['EPSG:4497 (CGCS2000)', 'EPSG:2333 (Xian 1980)']
    """
    in_china = NORTHING_M[0] <= northing_m <= NORTHING_M[1]
    zone = zone_of(easting_m)
    if zone is None or not in_china:
        return []
    datums = [datum] if datum else list(DATUM_NAMES)
    return [f"EPSG:{code_of(zone, datum=d)} ({DATUM_NAMES[d]})" for d in datums]
