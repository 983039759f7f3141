"""Lengths are measured in metres or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from zoning.errors import CrsError
from zoning.units import metric_crs_at, require_metric, school_year


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:32650", "EPSG:2154"])
def test_metric_systems_pass(crs: str) -> None:
    """A projected system in metres is accepted as it is."""
    assert require_metric(crs).to_string() == crs


@pytest.mark.parametrize(
    ("crs", "message"),
    [
        ("EPSG:4490", "EPSG:4490 is not measured in metres"),
        ("EPSG:2263", "EPSG:2263 is not measured in metres"),  # US survey feet
        ("EPSG:3857", "web Mercator"),
        ("nonsense", "nonsense is not measured in metres"),
        (None, "no coordinate reference system"),
    ],
)
def test_other_systems_are_refused(crs: object, message: str) -> None:
    """Degrees, feet and web Mercator never slip into a length."""
    with pytest.raises(CrsError, match=message):
        require_metric(crs)


def test_the_refusal_of_web_mercator_says_how_far_off_it_is() -> None:
    """At 31°N a web-Mercator length is 16.7 % too long, and the message says so."""
    with pytest.raises(CrsError, match=r"1 m is drawn as 1\.167 m at 31°"):
        require_metric("EPSG:3857", lat=31)


@given(lon=st.floats(73.6, 135), lat=st.floats(18, 53))
def test_a_place_in_china_lies_near_its_central_meridian(lon: float, lat: float) -> None:
    """The chosen 3-degree zone keeps a place within 1.5 degrees of the meridian, where lengths are true."""
    crs = metric_crs_at(lon, lat)
    easting, _ = Transformer.from_crs(4490, crs, always_xy=True).transform(lon, lat)
    assert 4534 <= (crs.to_epsg() or 0) <= 4554
    assert abs(easting - 500_000) < 168_000


def test_elsewhere_it_is_utm() -> None:
    """A district outside China is measured in its UTM zone, north or south."""
    assert metric_crs_at(-91.5, 44.8).to_epsg() == 32615
    assert metric_crs_at(151.2, -33.9).to_epsg() == 32756


def test_school_years_cross_the_century() -> None:
    """A school year prints both of its calendar years."""
    assert school_year(2099) == "2099-00"
