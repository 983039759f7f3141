"""Into the metric system, once, to a tenth of a millimetre."""

from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

DECIMALS: Final = 4
"""Decimals of a metre: builds of PROJ differ beyond, and the same input must give the same bytes."""

Shapes = TypeVar("Shapes", gpd.GeoDataFrame, gpd.GeoSeries)


def projected(shapes: Shapes, metric: CRS) -> Shapes:
    """Return a layer in the metric CRS, its coordinates in metres rounded to a tenth of a millimetre.

    Examples
    --------
    >>> point = gpd.GeoSeries.from_xy([113.0], [34.7], crs=4326)
    >>> bool(projected(point, CRS.from_epsg(4546)).x[0] * 10_000 % 1 < 1e-3)
    True
    """
    there = shapes.to_crs(metric)
    rounded = shapely.transform(there.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    if isinstance(there, gpd.GeoSeries):
        return gpd.GeoSeries(rounded, index=there.index, crs=metric, name=there.name)
    return there.set_geometry(gpd.GeoSeries(rounded, index=there.index, crs=metric))
