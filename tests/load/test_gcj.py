import numpy as np
import prcoords
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.load.gcj import (
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

METRES_A_DEGREE = 111_320.0
IN_CHINA = {"lon": st.floats(74, 135), "lat": st.floats(18, 53)}

# Widely published test vectors of the shift: WGS 84, then GCJ-02 (longitude, latitude).
PUBLISHED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# GCJ-02, then BD-09.
PUBLISHED_BD = [((116.404, 39.915), (116.41036949371029, 39.92133699351021))]


def apart_m(one: tuple[object, object], other: tuple[object, object]) -> float:
    """Return the largest distance of two sets of places along either axis, metres."""
    return (
        max(float(np.abs(np.subtract(a, b)).max()) for a, b in zip(one, other, strict=True)) * METRES_A_DEGREE
    )


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_published_vectors(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    """The shift is the one that everybody else publishes, both ways."""
    assert apart_m(wgs84_to_gcj02(*wgs), gcj) < 1e-8
    assert apart_m(gcj02_to_wgs84(*gcj), wgs) < 1e-8


@pytest.mark.parametrize(("gcj", "bd"), PUBLISHED_BD)
def test_published_vectors_of_bd09(gcj: tuple[float, float], bd: tuple[float, float]) -> None:
    """BD-09 is the one that everybody else publishes, both ways."""
    assert apart_m(gcj02_to_bd09(*gcj), bd) < 1e-8
    assert apart_m(bd09_to_wgs84(*bd), gcj02_to_wgs84(*gcj)) < 1e-8


@given(**IN_CHINA)
@settings(max_examples=60, deadline=None)
def test_agrees_with_a_second_implementation(lon: float, lat: float) -> None:
    """Forward conversions equal those of prcoords, an independent implementation."""
    place = prcoords.Coords(lat=lat, lon=lon)
    gcj = prcoords.wgs_gcj(place, check_china=False)
    assert apart_m(wgs84_to_gcj02(lon, lat), (gcj.lon, gcj.lat)) < 1e-8
    bd = prcoords.gcj_bd(place)
    assert apart_m(gcj02_to_bd09(lon, lat), (bd.lon, bd.lat)) < 1e-8


@given(lon=st.floats(74, 135).filter(lambda x: abs(x - 105) > 1e-6), lat=st.floats(18, 53))
@settings(max_examples=100, deadline=None)
def test_round_trip(lon: float, lat: float) -> None:
    """There and back is where it began, within 1e-8 m, for both systems."""
    assert apart_m(gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat)), (lon, lat)) < 1e-8
    assert apart_m(bd09_to_wgs84(*wgs84_to_bd09(lon, lat)), (lon, lat)) < 1e-8


def test_round_trip_on_the_kink() -> None:
    """On the meridian 105°E, where the shift has a kink, there and back is good to a micrometre."""
    lat = np.linspace(18, 53, 500)
    lon = np.full_like(lat, 105.0)
    assert apart_m(gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat)), (lon, lat)) < 1e-6


def test_many_at_once_equal_one_by_one() -> None:
    """Arrays of any shape give what single places give, missing ones stay missing."""
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(74, 135, (20, 3)), rng.uniform(18, 53, (20, 3))
    lon[3, 1] = np.nan
    together = gcj02_to_wgs84(lon, lat)
    single = gcj02_to_wgs84(lon[7, 2], lat[7, 2])
    assert together[0].shape == (20, 3)
    assert apart_m((together[0][7, 2], together[1][7, 2]), single) < 1e-8
    assert np.isnan(together[0][3, 1])
    assert np.isfinite(together[0]).sum() == 59


def test_shift_is_of_the_known_size() -> None:
    """Across China the shift moves places by 20 to 750 m, so it is never mistaken for nothing."""
    lon, lat = np.meshgrid(np.linspace(74, 135, 80), np.linspace(18, 53, 80))
    there = wgs84_to_gcj02(lon, lat)
    metres = np.hypot((there[0] - lon) * np.cos(np.radians(lat)), there[1] - lat) * METRES_A_DEGREE
    assert metres.min() > 20
    assert metres.max() < 750
