"""Coordinates as a file holds them, and whether their numbers can be what they are declared to be."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from zoning import messages
from zoning.errors import Problems, Severity
from zoning.load.gauss import Strip, code_of, datum_of, fitting_codes, zone_of

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ROWS_NAMED: Final = 8
FAR_M: Final = 300_000.0
"""Farther from the middle of the rest, metres, is no part of a county."""
FAR_TIMES: Final = 8.0
"""... unless the county is so wide that half of it lies within an eighth of that."""
DEGREE_M: Final = 111_320.0
POLAR_LAT: Final = 72.0
CHINA_LON: Final = (73.0, 136.0)
CHINA_LAT: Final = (17.0, 54.0)
ALL_STRIPS: Final = "EPSG:4534 (75°E) … EPSG:4554 (135°E)"


def row_list(rows: npt.ArrayLike) -> str:
    """Return row numbers as they are printed, the first few of many.

    Examples
    --------
    >>> row_list([2, 5]), row_list(range(2, 30))
    ('2, 5', '2, 3, 4, 5, 6, 7, 8, 9 … (28)')
    """
    every = [str(row) for row in np.asarray(rows).tolist()]
    shown = ", ".join(every[:ROWS_NAMED])
    return shown if len(every) <= ROWS_NAMED else f"{shown} … ({len(every)})"


@dataclass(frozen=True)
class Numbers:
    """One pair of coordinates a row, as the file has them.

    Parameters
    ----------
    x, y
        First and second coordinate of each row, float64 [row]; NaN where there is none.
    rows
        Row numbers that messages print, int [row].
    file
        Name that messages print.
    key
        Name of the file in ``zoning.toml``.
    columns
        Names of the two columns; None for a layer.
    """

    x: Floats
    y: Floats
    rows: npt.NDArray[np.int64]
    file: str
    key: str
    columns: tuple[str, str] | None = None

    @property
    def known(self) -> Mask:
        """Rows that have coordinates, (0, 0) not counted."""
        return np.isfinite(self.x) & np.isfinite(self.y) & ~self.zero

    @property
    def zero(self) -> Mask:
        """Rows at (0, 0), which is how software writes "unknown"."""
        return np.asarray((self.x == 0) & (self.y == 0))

    @property
    def middle(self) -> tuple[float, float]:
        """Median of both coordinates; NaN when no row has any."""
        known = self.known
        if not known.any():
            return float("nan"), float("nan")
        return float(np.median(self.x[known])), float(np.median(self.y[known]))

    def turned(self) -> "Numbers":
        """Return the same with its two coordinates exchanged."""
        return replace(self, x=self.y, y=self.x)

    def report(
        self,
        problems: Problems,
        code: str,
        mask: Mask | None = None,
        *,
        severity: Severity = "error",
        **fields: object,
    ) -> None:
        """Add one problem about the rows of a mask, or about the whole file."""
        row = value = column = None
        if mask is not None:
            first = int(np.flatnonzero(mask)[0])
            row = int(self.rows[first])
            value = f"{self.x[first]:.10g}, {self.y[first]:.10g}"
            column = ", ".join(self.columns) if self.columns else None
            fields = {"rows": row_list(self.rows[mask])} | fields
        problem = messages.problem(
            code,
            file=self.file,
            row=row,
            column=column,
            value=value,
            severity=severity,
            key=self.key,
            **fields,
        )
        problems.add(problem)


def in_china(lon: float, lat: float) -> bool:
    """Return whether a place lies in the box around China's land.

    Examples
    --------
    >>> in_china(113.0, 34.7), in_china(34.7, 113.0)
    (True, False)
    """
    return CHINA_LON[0] <= lon <= CHINA_LON[1] and CHINA_LAT[0] <= lat <= CHINA_LAT[1]


def check_degrees(numbers: Numbers, problems: Problems, *, swapped: bool, crs: str) -> bool:
    """Return whether the numbers can be longitudes and latitudes; say what is wrong when they cannot.

    Parameters
    ----------
    numbers
        Coordinates, degrees if they are what they are declared to be.
    problems
        Takes what is found.
    swapped
        Whether the axes have been exchanged already because ``zoning.toml`` says so.
    crs
        Name of what was declared.
    """
    lon, lat = numbers.middle
    if not np.isfinite(lon):
        return True
    if max(abs(lon), abs(lat)) > 360:
        codes = ", ".join(metre_codes(lon, lat))
        numbers.report(
            problems,
            "load_crs.metres_as_degrees",
            numbers.known,
            severity="question",
            codes=codes,
            crs=crs,
        )
        return False
    turned = in_china(lat, lon) and abs(lat) > POLAR_LAT
    if turned or (abs(lat) > 90 and abs(lon) <= 90):
        code = "load_crs.not_swapped" if swapped else "load_crs.swapped"
        numbers.report(problems, code, numbers.known, severity="question")
        return False
    outside = numbers.known & ((np.abs(numbers.x) > 180) | (np.abs(numbers.y) > 90))
    if outside.any():
        numbers.report(problems, "load_crs.out_of_range", outside)
    return not outside.any()


def metre_codes(easting_m: float, northing_m: float) -> list[str]:
    """Return codes that may fit coordinates in metres whose CRS is unknown.

    Examples
    --------
    >>> metre_codes(12_580_000.0, 4_120_000.0)
    ['EPSG:3857']
    """
    codes = fitting_codes(easting_m, northing_m)
    if not codes and 100_000 < abs(easting_m) < 1_000_000:
        codes = [ALL_STRIPS]
    elif not codes and 1_500_000 < easting_m < 6_500_000:
        codes = fitting_codes(northing_m, easting_m) or [ALL_STRIPS]
    return codes or ["EPSG:3857"]


def check_metres(numbers: Numbers, problems: Problems, *, swapped: bool, crs: CRS, name: str) -> bool:
    """Return whether the numbers can be metres of a projected CRS; say what is wrong when they cannot.

    Parameters
    ----------
    numbers
        Coordinates, metres if they are what they are declared to be.
    problems
        Takes what is found.
    swapped
        Whether the axes have been exchanged already because ``zoning.toml`` says so.
    crs
        The declared CRS.
    name
        Its name in messages.
    """
    x, y = numbers.middle
    if not np.isfinite(x):
        return True
    if abs(x) <= 180 and abs(y) <= 180:
        numbers.report(
            problems,
            "load_crs.degrees_as_metres",
            numbers.known,
            severity="question",
            crs=name,
        )
        return False
    strip = Strip.of_crs(crs)
    if strip is None:
        return True
    if _north_first(x, y):
        code = "load_crs.not_swapped" if swapped else "load_crs.swapped"
        numbers.report(problems, code, numbers.known, severity="question")
        return False
    return _check_zone(numbers, problems, strip=strip, crs=crs, name=name)


def _north_first(x: float, y: float) -> bool:
    """Return whether the northing stands first, as Chinese surveyors write it."""
    return 1_000_000 < x < 7_000_000 and (zone_of(y) is not None or 100_000 < y < 1_000_000)


def _check_zone(numbers: Numbers, problems: Problems, *, strip: Strip, crs: CRS, name: str) -> bool:
    zone = zone_of(numbers.middle[0])
    if zone == strip.zone:
        return True
    datum = datum_of(crs)
    if zone is not None:
        codes = fitting_codes(*numbers.middle, datum=datum)
        code = "load_crs.zone_prefix"
    elif strip.zone is not None:
        codes = [f"EPSG:{code_of(strip.zone, datum=datum or 'cgcs2000', prefixed=False)}"]
        code = "load_crs.no_zone_prefix"
    numbers.report(
        problems,
        code,
        numbers.known,
        severity="question",
        zone=zone or strip.zone,
        crs=name,
        codes=", ".join(codes) or "EPSG:…",
    )
    return False


def distance_m(lon: Floats, lat: Floats, place: tuple[float, float]) -> Floats:
    """Return the rough distance of places to one place, metres.

    Parameters
    ----------
    lon, lat
        Degrees on WGS 84, float64 [row].
    place
        Longitude and latitude, degrees.

    Examples
    --------
    >>> distance_m(np.array([113.0]), np.array([35.0]), (113.0, 34.0)).round().tolist()
    [111320.0]
    """
    east = (lon - place[0]) * np.cos(np.radians((lat + place[1]) / 2))
    return np.asarray(np.hypot(east, lat - place[1]) * DEGREE_M, dtype=float)


def check_far(numbers: Numbers, problems: Problems, *, lon: Floats, lat: Floats) -> None:
    """Report places that lie far away from all the others.

    Parameters
    ----------
    numbers
        Coordinates as they stand in the file.
    problems
        Takes what is found.
    lon, lat
        The same places on WGS 84, degrees, float64 [row].
    """
    known = numbers.known & np.isfinite(lon) & np.isfinite(lat)
    if known.sum() < 3:
        return
    middle = (float(np.median(lon[known])), float(np.median(lat[known])))
    away = np.where(known, distance_m(lon, lat, middle), 0.0)
    far = away > max(FAR_M, FAR_TIMES * float(np.median(away[known])))
    if far.any():
        numbers.report(problems, "load_crs.far_away", far, distance_km=float(away[far].max()) / 1000)
