"""Tiny districts built in memory: square blocks, invented schools, travel along straight or square ways."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from zoning.district import District, Place
from zoning.errors import Text
from zoning.evaluate.cost import straight_metres
from zoning.forecast import Forecast
from zoning.policy import LayoutPolicy, three_tier_policy
from zoning.travel import TravelTimes

METRIC = CRS.from_epsg(4547)
ORIGIN_M = (400_000.0, 3_800_000.0)


def block_name(row: int, column: int) -> str:
    """Return the id of the block in a row and column."""
    return f"b{row:03d}{column:03d}"


def square_town(  # noqa: PLR0913 - a fixture names what it varies
    rows: int,
    columns: int,
    *,
    schools: Sequence[tuple[int, int]] = ((0, 0),),
    capacity: float | Sequence[float] = 1000.0,
    stage: str = "primary",
    towns: Sequence[str] | None = None,
    place_class: str = "town",
    side_m: float = 500.0,
    school_columns: Mapping[str, Sequence[object]] | None = None,
    policy: LayoutPolicy | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    year: int = 2026,
) -> District:
    """Return a district of square blocks in EPSG:4547, ids ``b<row><column>`` and ``s<number>``.

    Parameters
    ----------
    rows, columns
        Blocks down and across.
    schools
        Row and column of the block that each school stands in the middle of.
    capacity
        Seats of each school for the stage.
    stage
        Stage of the schools.
    towns
        Town of each block, row by row; one town "A" when left out.
    place_class
        Place class of every block and school.
    side_m
        Side of a block, metres.
    school_columns
        Further columns of the schools frame, such as ``{"opens": [2027]}``.
    policy, tables, year
        As in the district.
    """
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    x0, y0 = ORIGIN_M
    squares = [
        shapely.box(x0 + c * side_m, y0 - (r + 1) * side_m, x0 + (c + 1) * side_m, y0 - r * side_m)
        for r, c in cells
    ]
    ids = pd.Index([block_name(r, c) for r, c in cells], name="block_id", dtype="str")
    blocks = gpd.GeoDataFrame(
        {
            "name": [f"第{i + 1}单元" for i in range(len(ids))],
            "name_en": [f"Block {i + 1}" for i in range(len(ids))],
        },
        index=ids,
        geometry=squares,
        crs=METRIC,
    ).assign(town=list(towns) if towns is not None else "A", place_class=place_class)
    return District(
        place=Place(
            Text("Square", "方镇"),
            year,
            METRIC,
            attribution="© the square's <surveyors>",
            data_date="2026-08-31",
        ),
        block_frame=blocks,
        school_frame=_schools(schools, capacity, stage, place_class, side_m, school_columns or {}),
        policy=three_tier_policy() if policy is None else policy,
        tables=dict(tables or {}),
    )


def _schools(  # noqa: PLR0917 - called once, above
    cells: Sequence[tuple[int, int]],
    capacity: float | Sequence[float],
    stage: str,
    place_class: str,
    side_m: float,
    more: Mapping[str, Sequence[object]],
) -> gpd.GeoDataFrame:
    x0, y0 = ORIGIN_M
    points = [shapely.Point(x0 + (c + 0.5) * side_m, y0 - (r + 0.5) * side_m) for r, c in cells]
    count = len(cells)
    frame = gpd.GeoDataFrame(
        {
            "name": [f"第{i + 1}学校" for i in range(count)],
            "name_en": [f"School {i + 1}" for i in range(count)],
            "town": [""] * count,
            "place_class": [place_class] * count,
            "ownership": ["public"] * count,
            "central_school": [""] * count,
            "group": [""] * count,
            "phone": [""] * count,
            "teaching_site": [False] * count,
            "designated_for_migrants": [False] * count,
            "keep": [False] * count,
            "beds": [0.0] * count,
            "opens": [np.nan] * count,
            "closes": [np.nan] * count,
            f"capacity_{stage}": np.broadcast_to(np.asarray(capacity, dtype=np.float64), count).copy(),
        },
        index=pd.Index([f"s{i}" for i in range(count)], name="school_id", dtype="str"),
        geometry=points,
        crs=METRIC,
    )
    return frame.assign(**{name: list(values) for name, values in more.items()})


def demand_of(
    district: District,
    pupils: float | Sequence[float] = 10.0,
    *,
    stage: str = "primary",
    years: Sequence[int] = (2027,),
) -> Forecast:
    """Return a point forecast with that many children of the stage in each block, evenly over its grades."""
    grades = tuple(district.stage(stage).grades)
    blocks = len(district.block_frame)
    each = np.broadcast_to(np.asarray(pupils, dtype=np.float64), blocks) / len(grades)
    mean = np.broadcast_to(each[:, None, None], (blocks, len(grades), len(years)))
    return Forecast(mean.copy(), tuple(district.block_frame.index), grades, tuple(years))


def straight_times(
    district: District,
    *,
    metres_per_second: float = 1.25,
    manhattan: bool = False,
    cut: Sequence[tuple[str, str]] = (),
) -> TravelTimes:
    """Return walking times along straight lines, or along the grid; the pairs ``cut`` have no way."""
    metres = straight_metres(district)
    if manhattan:
        blocks = shapely.get_coordinates(shapely.centroid(district.block_frame.geometry.to_numpy()))
        schools = shapely.get_coordinates(district.school_frame.geometry.to_numpy())
        metres = np.abs(blocks[:, None, :] - schools[None, :, :]).sum(axis=2)
    metres = metres.astype(np.float32)
    for block, school in cut:
        metres[district.block_frame.index.get_loc(block), district.school_frame.index.get_loc(school)] = (
            np.nan
        )
    return TravelTimes(
        seconds=metres / np.float32(metres_per_second),
        metres=metres,
        block_ids=tuple(district.block_frame.index),
        school_ids=tuple(district.school_frame.index),
        mode="walk",
        block_snap_m=np.zeros(metres.shape[0], dtype=np.float32),
        school_snap_m=np.zeros(metres.shape[1], dtype=np.float32),
    )
