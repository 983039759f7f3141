import re
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from zoning.errors import Problems
from zoning.load.crs import points_to_wgs84, shapes_to_wgs84
from zoning.load.degrees import decimal_degrees, degrees_problem
from zoning.load.gauss import DATUM_NAMES, SIX_DEGREE, THREE_DEGREE, Datum, Strip, code_of, datum_of
from zoning.load.gcj import wgs84_to_bd09, wgs84_to_gcj02
from zoning.load.settings import FileSettings

LON = np.array([113.00, 113.02, 113.04, 113.03])
LAT = np.array([34.70, 34.71, 34.72, 34.69])


def read(lon: object, lat: object, **declared: object) -> tuple[np.ndarray, np.ndarray, Problems]:
    """Read the two columns of a table under some declarations."""
    found = Problems()
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    settings_ = FileSettings("schools.csv", **declared)  # type: ignore[arg-type]
    out = points_to_wgs84(x, y, settings_, found, rows=np.arange(len(x)) + 2)
    return *out, found


def projected(epsg: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the four places in a projected CRS, by plain projection without any change of datum."""
    crs = CRS.from_epsg(epsg)
    base = crs.geodetic_crs if epsg != 3857 else CRS.from_epsg(4326)
    return Transformer.from_crs(base, crs, always_xy=True).transform(LON, LAT)


def codes(found: Problems) -> list[str]:
    """Return the codes of all problems."""
    return [problem.code for problem in found.items]


def test_all_codes_of_all_zones() -> None:
    """Every code named in a cure is the zone that it is said to be."""
    for datum in DATUM_NAMES:
        for prefixed in (True, False):
            for zone in (*SIX_DEGREE, *THREE_DEGREE):
                crs = CRS.from_epsg(code_of(zone, datum=datum, prefixed=prefixed))
                meridian = zone * 6 - 3 if zone in SIX_DEGREE else zone * 3
                assert datum_of(crs) == datum
                assert Strip.of_crs(crs) == Strip(zone if prefixed else None, meridian)


def test_unknown_zone_has_no_code() -> None:
    """A zone number that China does not use is refused."""
    with pytest.raises(ValueError, match="no Gauss-Krüger zone 24"):
        code_of(24)


@pytest.mark.parametrize("code", ["EPSG:4490", "EPSG:4326", "EPSG:4979"])
def test_degrees_stay_as_they_are(code: str) -> None:
    """CGCS2000 and WGS 84 degrees are not changed by a digit."""
    lon, lat, found = read(LON, LAT, crs=code)
    assert found.items == []
    np.testing.assert_array_equal(lon, LON)
    np.testing.assert_array_equal(lat, LAT)


@pytest.mark.parametrize("epsg", [4546, 4547, 4525, 4526, 4497, 4508, 32649])
def test_metres_of_known_systems(epsg: int) -> None:
    """Projected coordinates that fit their declaration come out at their places, without a word."""
    lon, lat, found = read(*projected(epsg), crs=f"EPSG:{epsg}")
    assert found.items == []
    np.testing.assert_allclose(lon, LON, atol=1e-9)
    np.testing.assert_allclose(lat, LAT, atol=1e-9)


@pytest.mark.parametrize(("name", "shift"), [("gcj02", wgs84_to_gcj02), ("BD-09", wgs84_to_bd09)])
def test_shifted_systems_are_converted_when_declared(name: str, shift: Callable) -> None:
    """What is declared as GCJ-02 or BD-09 comes out at its true place."""
    lon, lat, found = read(*shift(LON, LAT), crs=name)
    assert found.items == []
    np.testing.assert_allclose(lon, LON, atol=1e-12)
    np.testing.assert_allclose(lat, LAT, atol=1e-12)


def test_missing_cells_stay_missing() -> None:
    """A row without coordinates neither fails nor disturbs the others."""
    lon, lat, found = read([np.nan, 113.0, 113.1, 113.2], [34.7, 34.7, np.nan, 34.7])
    assert found.items == []
    np.testing.assert_array_equal(np.isnan(lon), [True, False, True, False])
    np.testing.assert_array_equal(np.isnan(lat), [True, False, True, False])


# epsg, declared, code of the message, what the cure must name
MISFITS = [
    (4528, "EPSG:4549", "load_crs.zone_prefix", "EPSG:4527|EPSG:4528"),
    (4526, "EPSG:4547", "load_crs.zone_prefix", r"EPSG:4526 \(CGCS2000\)"),
    (4526, "EPSG:4525", "load_crs.zone_prefix", r"EPSG:4526 \(CGCS2000\)"),
    (2333, "EPSG:2344", "load_crs.zone_prefix", r"EPSG:2333 \(Xian 1980\)"),
    (4547, "EPSG:4526", "load_crs.no_zone_prefix", 'crs = "EPSG:4547"'),
    (4497, "EPSG:4490", "load_crs.metres_as_degrees", "EPSG:4497.*EPSG:2333.*EPSG:21419"),
    (4547, "EPSG:4490", "load_crs.metres_as_degrees", "EPSG:4534"),
    (3857, "EPSG:4490", "load_crs.metres_as_degrees", "EPSG:3857"),
    (4547, "gcj02", "load_crs.metres_as_degrees", "EPSG:4534"),
    (4326, "EPSG:4547", "load_crs.degrees_as_metres", "EPSG:4490"),
    (4326, "EPSG:3857", "load_crs.degrees_as_metres", "EPSG:4490"),
    (4547, "EPSG:2056", "load_crs.outside_area", "correct crs"),
]


@pytest.mark.parametrize(("epsg", "declared", "code", "cure"), MISFITS)
def test_numbers_that_do_not_fit_their_declaration(epsg: int, declared: str, code: str, cure: str) -> None:
    """Zone numbers, degrees and metres that contradict the declaration are asked about."""
    x, y = (LON, LAT) if epsg == 4326 else projected(epsg)
    lon, _, found = read(x, y, crs=declared, crs_declared=True)
    questions = [problem for problem in found.items if problem.severity == "question"]
    assert code in [problem.code for problem in questions]
    chosen = next(problem for problem in questions if problem.code == code)
    assert np.isnan(lon).all()
    assert chosen.row == 2
    for lang in ("en", "zh"):
        assert '[files."schools.csv"]' in chosen.sentence(lang)
    assert re.search(cure, chosen.cure.en)


OLD: list[tuple[int, Datum]] = [
    (2333, "xian80"),
    (4610, "xian80"),
    (2383, "xian80"),
    (21419, "beijing54"),
    (4214, "beijing54"),
    (2435, "beijing54"),
]


@pytest.mark.parametrize(("epsg", "datum"), OLD)
def test_old_datum_is_asked_about_and_goes_on_when_answered(epsg: int, datum: Datum) -> None:
    """An old datum stops the reading until zoning.toml answers; then it is only unprojected, and said so."""
    x, y = (LON, LAT) if CRS.from_epsg(epsg).is_geographic else projected(epsg)
    lon, _, found = read(x, y, crs=f"EPSG:{epsg}")
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.old_datum", "question")]
    assert f'datum = "{datum} as cgcs2000"' in found.items[0].cure.en
    assert f'datum = "{datum} as cgcs2000"' in found.items[0].cure.zh
    assert np.isnan(lon).all()
    lon, lat, found = read(x, y, crs=f"EPSG:{epsg}", datum=f"{datum}  AS cgcs2000")
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.old_datum_kept", "warning")]
    np.testing.assert_allclose(lon, LON, atol=1e-9)
    np.testing.assert_allclose(lat, LAT, atol=1e-9)


def test_answer_about_another_datum_does_not_count() -> None:
    """An answer about Beijing 1954 does not let Xian 1980 through."""
    _, _, found = read(*projected(2333), crs="EPSG:2333", datum="beijing54 as cgcs2000")
    assert codes(found) == ["load_crs.old_datum"]


def test_seven_parameters_need_no_answer() -> None:
    """An old datum with its local parameters is converted with them."""
    bound = "+proj=longlat +ellps=IAU76 +towgs84=100,0,0,0,0,0,0 +no_defs"
    lon, _, found = read(LON, LAT, crs=bound)
    assert found.items == []
    metres = np.abs(lon - LON) * 111_320 * np.cos(np.radians(34.7))
    assert (metres > 50).all()
    assert (metres < 120).all()


def test_web_mercator_is_converted_and_said_so() -> None:
    """Web Mercator is a source of coordinates, with a warning that nothing is measured in it."""
    lon, _, found = read(*projected(3857), crs="EPSG:3857")
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.web_mercator", "warning")]
    np.testing.assert_allclose(lon, LON, atol=1e-9)


@pytest.mark.parametrize(
    ("x", "y", "declared"),
    [
        (LAT, LON, "EPSG:4490"),
        (np.array([39.4, 39.5]), np.array([76.0, 75.9]), "EPSG:4490"),
        (*projected(4547)[::-1], "EPSG:4547"),
        (*projected(4526)[::-1], "EPSG:4526"),
    ],
    ids=["latitude over 90", "west of 90°E", "northing first", "northing first, zone number"],
)
def test_swapped_axes_are_asked_about(x: np.ndarray, y: np.ndarray, declared: str) -> None:
    """Exchanged axes are noticed in degrees and metres, and go on once zoning.toml says so."""
    _, _, found = read(x, y, crs=declared)
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.swapped", "question")]
    assert 'axes = "swapped"' in found.items[0].cure.zh
    lon, lat, found = read(x, y, crs=declared, swapped=True)
    assert found.items == []
    assert (lon > lat).all()


def test_axes_declared_swapped_that_are_not() -> None:
    """A wrong declaration of swapped axes is named as such."""
    _, _, found = read(LON, LAT, swapped=True)
    assert codes(found) == ["load_crs.not_swapped"]


def test_zero_and_far_away_rows_are_named() -> None:
    """(0, 0), impossible and far-away places are each reported with their rows."""
    _, _, found = read([*LON, 0.0, 121.0], [*LAT, 0.0, 31.0])
    assert [(p.code, p.row) for p in found.items] == [("load_crs.zero", 6), ("load_crs.far_away", 7)]
    assert found.items[1].value == "121, 31"
    _, _, found = read([*LON, 1134.0], [*LAT, 34.7])
    assert [(p.code, p.row, p.column) for p in found.items] == [("load_crs.out_of_range", 6, "lon, lat")]


def test_wide_county_has_no_far_away_rows() -> None:
    """A county 700 km wide is not full of errors."""
    _, _, found = read(np.linspace(84, 91, 40), np.full(40, 39.0))
    assert found.items == []


def test_unknown_name_is_named() -> None:
    """A CRS that nobody knows is reported once with what may be written."""
    _, _, found = read(LON, LAT, crs="EPSG:99999")
    assert codes(found) == ["load_crs.unknown"]
    assert "gcj02" in found.items[0].cure.en


@pytest.mark.parametrize("own", [4326, 4490])
def test_layer_that_may_be_shifted_is_asked_about(own: int) -> None:
    """A layer cannot say that it is GCJ-02: where the project is, the layer is asked about, never guessed."""
    shapes = np.asarray(shapely.points(LON, LAT))
    found = Problems()
    assert shapes_to_wgs84(shapes, CRS.from_epsg(own), FileSettings("b.gpkg", crs="gcj02"), found) is None
    assert codes(found) == ["load_crs.shifted_or_not"]
    found = Problems()
    declared = FileSettings("b.gpkg", crs="gcj02", crs_declared=True)
    placed = shapes_to_wgs84(np.asarray(shapely.points(*wgs84_to_gcj02(LON, LAT))), None, declared, found)
    assert found.items == []
    np.testing.assert_allclose(shapely.get_x(placed), LON, atol=1e-12)


def test_silent_layer_takes_the_project_crs_only_when_it_fits() -> None:
    """A layer without CRS is read as the project says when its numbers fit that, else it is asked about."""
    found = Problems()
    assert (
        shapes_to_wgs84(np.asarray(shapely.points(LON, LAT)), None, FileSettings("b.shp"), found) is not None
    )
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.assumed", "warning")]
    found = Problems()
    metres = np.asarray(shapely.points(*projected(4497)))
    assert shapes_to_wgs84(metres, None, FileSettings("b.shp"), found) is None
    assert [(p.code, p.severity) for p in found.items] == [("load_crs.missing", "question")]
    assert "EPSG:4497 (CGCS2000), EPSG:2333 (Xian 1980), EPSG:21419 (Beijing 1954)" in found.items[0].cure.en


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59))
@settings(max_examples=50, deadline=None)
def test_degrees_minutes_seconds(degrees: int, minutes: int, seconds: int) -> None:
    """Any angle in degrees, minutes and seconds is recognised in the ways it is usually written."""
    value = degrees + minutes / 60 + seconds / 3600
    for text in (
        f"{degrees}°{minutes:02d}′{seconds:02d}″E",
        f"{degrees}° {minutes}' {seconds}\"",
        f"东经{degrees}度{minutes}分{seconds}秒",
        f"{degrees} {minutes:02d} {seconds}",
    ):
        assert decimal_degrees(text) == pytest.approx(value, abs=1e-7), text


@pytest.mark.parametrize("text", ["113.5", "113", "", "实验小学", "113°75′", "2026-09-01", "3栋2单元"])
def test_other_text_is_no_angle(text: str) -> None:
    """Plain numbers and other texts are left to other checks."""
    assert decimal_degrees(text) is None
    assert degrees_problem(text, file="schools.csv", row=2, column="lon") is None
