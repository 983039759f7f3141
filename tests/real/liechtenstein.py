"""An input folder for Liechtenstein, made from an OpenStreetMap extract of August 2013.

The extract has streets, buildings, schools and boundaries, but neither residents nor stages nor seats.
Everything that is added here is a rule of this file and stands as a comment in the folder's ``zoning.toml``.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from extract import METRIC, Extract, read_extract, write_streets
from folders import children_by_age, write_csv
from scipy.cluster.hierarchy import fcluster, linkage

YEAR = 2013
CLUSTER_M = 400
SMALLEST_BLOCK = 4
NEAR_M = 250
SMALLEST_OUTLAND_M2 = 10_000
EXCLAVE_BUILDINGS = 20
CHILDREN_PER_BUILDING = 0.3
SPARE = 1.10
SAME_SCHOOL_M = 300
CLASS = {"kindergarten": 30, "primary": 45, "junior": 50, "senior": 50}
AGES = {"kindergarten": 1, "primary": 2, "junior": 1, "senior": 1}  # times three ages
STAGES_BY_WORD = {  # the first word found in the name decides
    "formatio": "primary",
    "Weiterführend": "junior",
    "Mühleholz": "junior;senior",
    "Prima": "primary",
    "Kleinschule": "primary",
    "Ebaholz": "primary",
    "Resch": "primary",
}

TOML = """\
# Liechtenstein in August 2013, from OpenStreetMap (© OpenStreetMap contributors, ODbL).
# Streets, buildings, schools, railways and boundaries come from the extract. The rest is assumed:
# - Place: everything inside the national boundary. Streets are cut at it: no way leads through a neighbour.
# - Blocks: buildings of one municipality that are at most {cluster} m apart; fewer than {smallest} join the
#   nearest. A block is the land within {near} m of its buildings that is nearer its middle than any other's.
#   The land beyond (Umland) is a block of its own without children, one for each block that has some.
# - A detached part of a municipality with fewer than {exclave} buildings belongs to the nearest Umland. A
#   larger one has its own blocks; its Umland nearest to the main part and the nearest there are one block.
# - Town: the municipality. Place class: city for Vaduz, the only place mapped as a town; town for the block
#   that is nearest to a place mapped as a village; village for the rest.
# - Children: {rate} of any three ages in a row per building, rounded up to whole children. The map of 2013
#   has many buildings in Balzers and few in Vaduz: children are where buildings were drawn.
# - Schools: those of the extract; stages by their names. Left out: university and college, by tag or name.
#   Unnamed ones within {same} m of another school are part of it; the others are primary schools, named
#   after the nearest place. Kindergartens without a name are named so too. The formatio school is private.
# - Seats: the children of all blocks whose nearest school of the stage it is (straight line; of the own
#   municipality where it has one), x {spare}, in whole classes. Junior and senior schools share all
#   children equally. The private school has one class of seats and, by the policy, no zone.
# - Barriers: railway lines without bridges and sidings.

[place]
name = "Liechtenstein"
name_en = "Liechtenstein"
year = {year}
attribution = "© OpenStreetMap contributors"
data_date = "2013-08-03"

[crs]
input = "EPSG:4326"
"""


def write_liechtenstein(source_pbf: Path, folder: Path) -> None:
    """Write the input folder of Liechtenstein.

    Parameters
    ----------
    source_pbf
        The extract.
    folder
        Where to write; made when missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    extract = read_extract(source_pbf)
    write_streets(source_pbf, extract.nation, folder / "streets.osm.pbf")
    blocks = _blocks(extract)
    columns = ["block_id", "name", "town", "place_class", "geometry"]
    blocks[columns].to_crs("EPSG:4326").to_file(folder / "blocks.gpkg", layer="blocks")
    lines = extract.railways.explode(ignore_index=True).to_crs("EPSG:4326")
    barriers = gpd.GeoDataFrame({"kind": ["railway"] * len(lines)}, geometry=lines)
    barriers.to_file(folder / "barriers.gpkg", layer="barriers")
    residents = children_by_age(
        blocks["block_id"].tolist(),
        blocks["children"].to_numpy(np.int64),
        ages_counted=3,
        year=YEAR,
    )
    write_csv(residents, folder / "residents.csv")
    write_csv(_seated(_schools(extract), blocks), folder / "schools.csv")
    text = TOML.format(
        cluster=CLUSTER_M,
        smallest=SMALLEST_BLOCK,
        near=NEAR_M,
        exclave=EXCLAVE_BUILDINGS,
        rate=CHILDREN_PER_BUILDING,
        same=SAME_SCHOOL_M,
        spare=SPARE,
        year=YEAR,
    )
    (folder / "zoning.toml").write_text(text, encoding="utf-8")


def _blocks(extract: Extract) -> gpd.GeoDataFrame:
    towns = [
        _town_blocks(name, shape, extract.buildings) for name, shape in extract.towns.sort_index().items()
    ]
    blocks = pd.concat(towns, ignore_index=True)
    blocks["block_id"] = [f"FL{number:03d}" for number in range(1, len(blocks) + 1)]
    blocks["children"] = np.ceil(blocks["buildings"] * CHILDREN_PER_BUILDING).astype(int)
    lived = blocks[blocks["buildings"] > 0]
    centres = lived.index[_nearest(lived, _villages(extract).geometry)]
    blocks["place_class"] = "village"
    blocks.loc[centres, "place_class"] = "town"
    blocks.loc[blocks["town"] == "Vaduz", "place_class"] = "city"
    return blocks


def _town_blocks(town: str, land: shapely.Geometry, buildings: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the blocks of one municipality: lived-in ones, and the land beyond each."""
    parts = sorted(shapely.get_parts(land), key=lambda part: -part.area)
    counted = [buildings[buildings.within(part)].to_numpy() for part in parts]
    main = _part_blocks(parts[0], counted[0])
    detached = []
    for part, points in zip(parts[1:], counted[1:], strict=True):
        if len(points) >= EXCLAVE_BUILDINGS:
            own = _part_blocks(part, points)
            joining = own[own["buildings"] == 0].distance(parts[0]).idxmin()
            part = own.geometry[joining]  # noqa: PLW2901 - only this block of the part joins
            detached.append(own.drop(index=joining))
        beyond = main[main["buildings"] == 0]
        nearest = beyond.distance(part).idxmin()
        main.loc[nearest, "geometry"] = shapely.union(main.geometry[nearest], part)
    blocks = pd.concat([main, *detached], ignore_index=True)
    numbers = blocks["number"].astype(str) + np.where(blocks["buildings"] > 0, "", " Umland")
    return blocks.assign(town=town, name=town + " " + numbers)


def _part_blocks(part: shapely.Geometry, points: np.ndarray) -> gpd.GeoDataFrame:
    labels = _clusters(shapely.get_coordinates(points))
    groups = [points[labels == label] for label in np.unique(labels)]
    middles = shapely.points([shapely.get_coordinates(group).mean(axis=0) for group in groups])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=part, ordered=True)
    )
    cells = shapely.intersection(cells, part)
    near = np.array([shapely.union_all(shapely.buffer(group, NEAR_M)) for group in groups])
    lived, beyond = shapely.intersection(cells, near), shapely.difference(cells, near)
    small = shapely.area(beyond) < SMALLEST_OUTLAND_M2
    lived[small] = cells[small]
    sizes = np.array([len(group) for group in groups])
    frame = pd.DataFrame({"number": np.arange(1, len(groups) + 1), "buildings": sizes})
    inner = gpd.GeoDataFrame(frame, geometry=lived, crs=METRIC)
    outer = gpd.GeoDataFrame(frame.assign(buildings=0), geometry=beyond, crs=METRIC)[~small]
    return pd.concat([inner, outer], ignore_index=True)


def _clusters(xy: np.ndarray) -> np.ndarray:
    """Return the cluster of each building; small clusters join the one with the nearest middle."""
    labels = fcluster(linkage(xy, "complete"), CLUSTER_M, "distance")
    while True:
        names, sizes = np.unique(labels, return_counts=True)
        if sizes.min() >= SMALLEST_BLOCK or len(names) == 1:
            return labels
        middles = np.array([xy[labels == name].mean(axis=0) for name in names])
        small = int(sizes.argmin())
        away_m = np.hypot(*(middles - middles[small]).T)
        away_m[small] = np.inf
        labels[labels == names[small]] = names[away_m.argmin()]


def _villages(extract: Extract) -> gpd.GeoDataFrame:
    return extract.places[extract.places["kind"].isin(["town", "village"])].reset_index(drop=True)


def _nearest(frame: gpd.GeoDataFrame, points: gpd.GeoSeries) -> np.ndarray:
    """Return the position of the row of ``frame`` that is nearest to each point."""
    return shapely.STRtree(frame.geometry.to_numpy()).nearest(points.to_numpy())


def _schools(extract: Extract) -> gpd.GeoDataFrame:
    """Return the schools and kindergartens with stages and municipality, the university left out."""
    schools = extract.schools[extract.schools["kind"].isin(["school", "kindergarten"])]
    schools = schools[~schools["name"].str.contains("Universität|Hochschule")].reset_index(drop=True)
    unnamed = schools[schools["name"] == ""].sort_values("outline_m2", kind="stable")
    for row in unnamed.index:
        others = schools[(schools["kind"] == schools["kind"][row]) & (schools.index != row)]
        if others.distance(schools.geometry[row]).min() <= SAME_SCHOOL_M:
            schools = schools.drop(index=row)
    places = _villages(extract)
    nearest = places["name"].to_numpy()[_nearest(places, schools.geometry)]
    what = np.where(schools["kind"] == "kindergarten", "Kindergarten ", "Schule ")
    schools["name"] = np.where(schools["name"] == "", what + nearest, schools["name"])
    schools["stages"] = [
        _stages(kind, name) for kind, name in zip(schools["kind"], schools["name"], strict=True)
    ]
    schools["town"] = [extract.towns.index[extract.towns.contains(point)][0] for point in schools.geometry]
    schools["ownership"] = np.where(schools["name"].str.contains("formatio"), "private", "public")
    schools["place_class"] = np.where(schools["town"] == "Vaduz", "city", "town")
    schools = schools.sort_values(["town", "name"]).reset_index(drop=True)
    return schools.assign(school_id=[f"S{number:02d}" for number in range(1, len(schools) + 1)])


def _stages(kind: str, name: str) -> str:
    if kind == "kindergarten":
        return "kindergarten"
    return next((stages for word, stages in STAGES_BY_WORD.items() if word in name), "primary")


def _seated(schools: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the table of schools with the seats of each stage."""
    lived = blocks[blocks["children"] > 0]
    middles = lived.geometry.representative_point()
    for stage, pupils_per_class in CLASS.items():
        serving = schools[schools["stages"].str.contains(stage) & (schools["ownership"] == "public")]
        away_m = np.array([middles.distance(point).to_numpy() for point in serving.geometry]).T
        same = lived["town"].to_numpy()[:, None] == serving["town"].to_numpy()[None, :]
        away_m = np.where(same.any(axis=1, keepdims=True) & ~same, np.inf, away_m)
        pupils = np.bincount(
            away_m.argmin(axis=1),
            weights=lived["children"] * AGES[stage],
            minlength=len(serving),
        )
        if stage in {"junior", "senior"}:
            pupils = np.full(len(serving), pupils.sum() / len(serving))
        seats = np.ceil(np.maximum(pupils, 1) * SPARE / pupils_per_class) * pupils_per_class
        schools.loc[serving.index, f"capacity_{stage}"] = seats
    schools.loc[schools["ownership"] == "private", "capacity_primary"] = CLASS["primary"]
    capacity = [f"capacity_{stage}" for stage in CLASS]
    schools[capacity] = schools[capacity].astype("Int64")
    points = schools.geometry.to_crs("EPSG:4326")
    schools = schools.assign(lon=points.x.round(7), lat=points.y.round(7))
    columns = ["school_id", "name", "stages", "lon", "lat", "town", "place_class", "ownership", *capacity]
    return pd.DataFrame(schools[columns])
