"""An input folder for Gongyi county (Henan), made from a published benchmark of settlements.

The source gives Thiessen polygons of 1,276 settlements with people (``pop``), pupils (``demand1``) and the
seats of 22 town seats (``supply1``). It has no coordinate system, town, stage or school. Everything that is
added here is a rule of this file and stands as a comment in the folder's ``zoning.toml``.
"""

import warnings
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from folders import children_by_age, write_csv

YEAR = 2026
CRS = "EPSG:4497"  # CGCS2000, 6-degree zone 19: the only one of the fits that needs no datum shift
CITY_DENSITY = 1500  # people per km2 from which a settlement beside the city belongs to the city
PRIMARY_FROM = 1500  # people from which a settlement has a primary school
PRIMARY_SPARE = 1.05  # seats per pupil of a primary school, before rounding up to whole classes
PRIMARY_CLASS = 45
SENIOR_SCHOOLS = 6
SENIOR_SPARE = 1.10
SENIOR_CLASS = 50

HEADERS = {"block_id": "单元编号", "name": "名称", "town": "乡镇", "place_class": "城乡类别"}

TOML = """\
# Gongyi county as 1,276 settlements. Only people, pupils and the seats of 22 town seats come from the source.
# Every other figure is an assumption of this folder:
# - Towns: each settlement belongs to the nearest of the 22 town seats (straight line between the points).
# - City: the most populous settlement, and all that are reached from it over shared borders through
#   settlements of {city_density} people per km2 or more. Town: the other town seats. Village: the rest.
# - Junior: demand1 are the pupils (three ages), supply1 the seats.
# - Other ages: every three ages in a row hold demand1 children, so primary has 2 x demand1 and senior
#   demand1. No share is taken off for vocational schools, because the source has none.
# - Primary schools: every town seat and every settlement of {primary_from} people or more. Seats: the pupils
#   of the settlements of its town that are nearest over shared borders, x {primary_spare}, in whole classes.
# - Senior schools: the {senior_schools} most populous settlements of the city; seats: all pupils x
#   {senior_spare}, shared equally, in whole classes.
# - Settlements and schools have no names in the source; they are called by number.
# - There is no street map: journeys are straight lines with a detour factor.

[place]
name = "巩义市"
name_en = "Gongyi"
year = {year}

[crs]
input = "EPSG:4490" # lon/lat of schools.csv

[files."blocks.shp"]
crs = "{crs}" # assumed: the source has no .prj; Xian 80 and Beijing 54 would fit as well

[policy.junior]
# {over} of the 22 towns have more pupils than seats, the worst {worst:.1f} times as many, so that no plan
# keeps every settlement in its town. Settlements may go to any town seat, as in the published problem.
within_town = {within_town}
source = "Published service-area problem for Gongyi: each settlement to any of the 22 town seats"
"""


def write_gongyi(source: Path, folder: Path, *, junior_within_town: bool = False) -> None:
    """Write the input folder of Gongyi.

    Parameters
    ----------
    source
        Folder of the real data (the one that ``ZONING_REAL_DATA`` names).
    folder
        Where to write; made when missing. A temporary folder: nothing of the source may be kept.
    junior_within_town
        Leave the junior rule as the default policy has it, which no plan can keep.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settlements = _settlements(source)
    _write_shapefile(settlements, folder / "blocks.shp")
    residents = children_by_age(
        settlements["block_id"].tolist(),
        settlements["demand1"].to_numpy(np.int64),
        ages_counted=3,
        year=YEAR,
    )
    write_csv(residents, folder / "residents.csv")
    write_csv(_schools(settlements), folder / "schools.csv")
    load = settlements.groupby("seat")["demand1"].sum() / settlements.groupby("seat")["supply1"].sum()
    text = TOML.format(
        over=(load > 1).sum(),
        worst=load.max(),
        year=YEAR,
        crs=CRS,
        city_density=CITY_DENSITY,
        primary_from=PRIMARY_FROM,
        primary_spare=PRIMARY_SPARE,
        senior_schools=SENIOR_SCHOOLS,
        senior_spare=SENIOR_SPARE,
        within_town=str(junior_within_town).lower(),
    )
    (folder / "zoning.toml").write_text(text, encoding="utf-8")


def _write_shapefile(settlements: gpd.GeoDataFrame, path: Path) -> None:
    """Write the blocks as an office GIS does: Chinese headers in GB 18030, no .prj and no .cpg."""
    frame = gpd.GeoDataFrame(settlements[[*HEADERS, "geometry"]].rename(columns=HEADERS), crs=None)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided", category=UserWarning)
        frame.to_file(path, encoding="gb18030")
    path.with_suffix(".cpg").unlink()


def _settlements(source: Path) -> gpd.GeoDataFrame:
    """Return the settlements with town and place class; polygons as the source has them, flaws included."""
    frame = gpd.read_file(source / "gongyi" / "gy2_polyon.shp")
    frame["block_id"] = [f"G{number:04d}" for number in frame["ID"]]
    frame["name"] = [f"聚落{number}" for number in frame["ID"]]
    points = frame[["PointX", "PointY"]].to_numpy()
    seats = np.flatnonzero(frame["supply1"].to_numpy() > 0)
    away_m = np.hypot(*(points[:, None, :] - points[None, seats, :]).transpose(2, 0, 1))
    frame["seat"] = seats[away_m.argmin(axis=1)]
    frame["town"] = [f"{frame['ID'][seat]}号镇" for seat in frame["seat"]]
    city = _city(frame)
    is_seat = frame.index.isin(seats)
    frame["place_class"] = np.where(
        frame.index.isin(sorted(city)), "city", np.where(is_seat, "town", "village")
    )
    return frame


def neighbours(frame: gpd.GeoDataFrame) -> nx.Graph:
    """Return which settlements share more than half a metre of border; edges carry metres between points."""
    shapes = shapely.make_valid(frame.geometry.to_numpy())
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    border = shapely.length(shapely.intersection(shapes[left], shapely.boundary(shapes[right])))
    points = frame[["PointX", "PointY"]].to_numpy()
    graph = nx.Graph()
    graph.add_nodes_from(range(len(frame)))
    for a, b, length_m in zip(left.tolist(), right.tolist(), border, strict=True):
        if length_m > 0.5:
            graph.add_edge(a, b, metres=float(np.hypot(*(points[a] - points[b]))))
    return graph


def _city(frame: gpd.GeoDataFrame) -> set[int]:
    """Return the rows of the city: the most populous settlement and the dense ones joined to it."""
    area_km2 = shapely.area(shapely.make_valid(frame.geometry.to_numpy())) / 1e6
    dense = np.flatnonzero(frame["pop"].to_numpy() / area_km2 >= CITY_DENSITY)
    first = int(frame["pop"].to_numpy().argmax())
    graph = neighbours(frame).subgraph({first, *dense.tolist()})
    return set(nx.node_connected_component(graph, first))


def _schools(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    lon, lat = _lon_lat(frame)
    base = frame[["ID", "town", "place_class", "pop", "supply1", "demand1"]].assign(lon=lon, lat=lat)
    junior = base[base["supply1"] > 0]
    junior = junior.assign(stages="junior", letter="J", kind="初中", capacity_junior=junior["supply1"])
    primary = base.assign(capacity_primary=_primary_seats(frame)).query("capacity_primary > 0")
    primary = primary.assign(stages="primary", letter="P", kind="小学")
    seats = np.ceil(frame["demand1"].sum() * SENIOR_SPARE / SENIOR_SCHOOLS / SENIOR_CLASS) * SENIOR_CLASS
    senior = base[base["place_class"] == "city"].nlargest(SENIOR_SCHOOLS, "pop")
    senior = senior.assign(stages="senior", letter="S", kind="高中", capacity_senior=seats)
    every = pd.concat([primary, junior, senior], ignore_index=True)
    every["school_id"] = [f"{a}{n:04d}" for a, n in zip(every["letter"], every["ID"], strict=True)]
    every["name"] = [f"聚落{n}{k}" for n, k in zip(every["ID"], every["kind"], strict=True)]
    capacity = ["capacity_primary", "capacity_junior", "capacity_senior"]
    every[capacity] = every[capacity].astype("Int64")
    columns = ["school_id", "name", "stages", "lon", "lat", "town", "place_class", *capacity]
    return every[columns].assign(ownership="public")


def _lon_lat(frame: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the settlements' points in degrees of CGCS2000, rounded to about a centimetre."""
    points = gpd.GeoSeries(gpd.points_from_xy(frame["PointX"], frame["PointY"]), crs=CRS).to_crs("EPSG:4490")
    return points.x.round(7), points.y.round(7)


def _primary_seats(frame: gpd.GeoDataFrame) -> pd.Series:
    """Return the seats of each settlement's primary school, 0 where it has none.

    Every settlement is counted at the school of its town that is nearest from settlement to settlement.
    Those sets are in one piece, stay within the town and fit, so a plan that keeps every rule exists.
    """
    graph = neighbours(frame)
    pupils = 2 * frame["demand1"]
    counted = pd.Series(0, index=frame.index)
    for seat, members in frame.groupby("seat").groups.items():
        here = graph.subgraph(members.tolist())
        schools = {int(seat), *(row for row in members if frame["pop"][row] >= PRIMARY_FROM)}
        _, ways = nx.multi_source_dijkstra(here, schools, weight="metres")
        for row, way in ways.items():
            counted[way[0]] += pupils[row]
    return (np.ceil(counted * PRIMARY_SPARE / PRIMARY_CLASS) * PRIMARY_CLASS).astype(int)
