"""Tiny districts for the forecast's tests."""

from collections.abc import Callable, Mapping

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from zoning.district import District, Place
from zoning.errors import Text

CRS = "EPSG:4547"
MakeDistrict = Callable[..., District]


def tiny_district(towns: Mapping[str, str], **tables: pd.DataFrame) -> District:
    """A row of square blocks with their towns, one school a town, and the given tables."""
    names = list(towns)
    blocks = gpd.GeoDataFrame(
        {"name": names, "name_en": names, "town": list(towns.values()), "place_class": "village"},
        index=pd.Index(names, name="block_id"),
        geometry=[shapely.box(1000 * n, 0, 1000 * n + 1000, 1000) for n in range(len(names))],
        crs=CRS,
    )
    seats = sorted(set(towns.values()))
    schools = gpd.GeoDataFrame(
        {"town": seats},
        index=pd.Index([f"school-{town}" for town in seats], name="school_id"),
        geometry=[shapely.Point(500 + 1000 * n, 500) for n in range(len(seats))],
        crs=CRS,
    )
    place = Place(Text("County", "县"), 2026, blocks.crs)
    return District(place, blocks, schools, tables=tables)


@pytest.fixture
def make_district() -> MakeDistrict:
    """The maker of tiny districts."""
    return tiny_district
