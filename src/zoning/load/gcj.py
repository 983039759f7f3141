"""GCJ-02 and BD-09: the shifted coordinates of Chinese web maps, to and from WGS 84.

PROJ knows neither. GCJ-02 adds a smooth shift of 22 to 700 m to WGS 84; BD-09 turns and stretches GCJ-02 once
more. Nothing here asks whether a point lies in China: what is converted is what was declared so.

The figures are those of the published reverse engineering of the shift (Krasovsky 1940 ellipsoid); the
inverse is found by fixed-point iteration, which gains about three digits a step because the shift changes so
slowly. On the meridian 105°E the shift has a kink (a square root), where the inverse is good to 1e-6 m;
elsewhere it is better than 1e-8 m.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]

AXIS_M: Final = 6378245.0
"""Semi-major axis of the ellipsoid that the shift is computed on, metres."""
ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
ORIGIN: Final = (105.0, 35.0)
BD_OFFSET: Final = (0.0065, 0.006)
"""Offset that BD-09 adds, degrees of longitude and latitude."""
_BD_TURN: Final = np.pi * 3000.0 / 180.0
_STEPS: Final = 12
_CLOSE_ENOUGH: Final = 1e-14


def _wave(angle: Degrees, *terms: tuple[float, float]) -> Degrees:
    total = np.zeros_like(angle)
    for height, length in terms:
        total += height * np.sin(angle * np.pi / length)
    return total * 2.0 / 3.0


def _shift(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return what GCJ-02 adds at a place on WGS 84, degrees."""
    x, y = lon - ORIGIN[0], lat - ORIGIN[1]
    root, both = np.sqrt(np.abs(x)), _wave(x, (20.0, 1 / 6), (20.0, 1 / 2))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north_m += _wave(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east_m += _wave(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    latitude = np.radians(lat)
    bend = 1.0 - ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian_m = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / bend**1.5
    parallel_m = AXIS_M / np.sqrt(bend) * np.cos(latitude)
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)


def _inverse(
    forward: Callable[[Degrees, Degrees], tuple[Degrees, Degrees]],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
) -> tuple[Degrees, Degrees]:
    """Return where ``forward`` leads to the given place, degrees."""
    wanted_lon, wanted_lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    found_lon, found_lat = wanted_lon, wanted_lat
    for _ in range(_STEPS):
        there_lon, there_lat = forward(found_lon, found_lat)
        off_lon, off_lat = wanted_lon - there_lon, wanted_lat - there_lat
        found_lon, found_lat = found_lon + off_lon, found_lat + off_lat
        if not np.any(np.abs(off_lon) + np.abs(off_lat) > _CLOSE_ENOUGH):
            break
    return found_lon, found_lat


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Degrees, Degrees]:
    """Return GCJ-02 coordinates of places on WGS 84, degrees.

    Parameters
    ----------
    lon, lat
        Degrees on WGS 84, any one shape.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02(116.391, 39.907)  # Beijing: some 500 m east and 150 m north
    >>> float(lon.round(5)), float(lat.round(5))
    (116.39724, 39.9084)
    """
    east, north = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    shift_lon, shift_lat = _shift(east, north)
    return east + shift_lon, north + shift_lat


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Degrees, Degrees]:
    """Return WGS 84 coordinates of places on GCJ-02, degrees, good to 1e-8 m.

    Parameters
    ----------
    lon, lat
        Degrees on GCJ-02, any one shape.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02(116.391, 39.907))
    >>> float(lon.round(9)), float(lat.round(9))
    (116.391, 39.907)
    """
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Degrees, Degrees]:
    """Return BD-09 coordinates of places on GCJ-02, degrees.

    Parameters
    ----------
    lon, lat
        Degrees on GCJ-02, any one shape.

    Examples
    --------
    >>> lon, lat = gcj02_to_bd09(116.39724, 39.90840)
    >>> float(lon.round(4)), float(lat.round(4))
    (116.4036, 39.9147)
    """
    east, north = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(east, north) + 2e-5 * np.sin(north * _BD_TURN)
    angle = np.arctan2(north, east) + 3e-6 * np.cos(east * _BD_TURN)
    return radius * np.cos(angle) + BD_OFFSET[0], radius * np.sin(angle) + BD_OFFSET[1]


def wgs84_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Degrees, Degrees]:
    """Return BD-09 coordinates of places on WGS 84, degrees.

    Parameters
    ----------
    lon, lat
        Degrees on WGS 84, any one shape.

    Examples
    --------
    >>> lon, lat = wgs84_to_bd09(116.391, 39.907)
    >>> float(lon.round(4)), float(lat.round(4))
    (116.4036, 39.9147)
    """
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Degrees, Degrees]:
    """Return WGS 84 coordinates of places on BD-09, degrees, good to 1e-8 m.

    Parameters
    ----------
    lon, lat
        Degrees on BD-09, any one shape.

    Examples
    --------
    >>> lon, lat = bd09_to_wgs84(*wgs84_to_bd09(113.0, 34.7))
    >>> float(lon.round(9)), float(lat.round(9))
    (113.0, 34.7)
    """
    return _inverse(wgs84_to_bd09, lon, lat)
