"""The sample county: the same bytes from the same seed, and a county that a planner would believe."""

import csv
import json
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
import shapely

from zoning.district import shared_borders
from zoning.load.sample import County, draw_county, draw_schools, write_sample
from zoning.load.sample.__main__ import main
from zoning.load.sample.catchments import YEARS, children_ahead
from zoning.load.sample.cells import to_metres
from zoning.load.sample.chance import bell, dice_for, spread
from zoning.load.sample.school import School

COMMITTED = Path(__file__).parents[2] / "data" / "geo" / "sample"
PRIMARY, JUNIOR = 1, 2
Row = dict[str, str]


def rows_of(name: str, folder: Path = COMMITTED) -> list[Row]:
    """Read one table of a folder."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def county() -> County:
    """Return the county that the committed folder holds."""
    return draw_county()


@pytest.fixture(scope="module")
def schools(county: County) -> list[School]:
    """Return its schools."""
    return draw_schools(county, seed=7)


@pytest.fixture(scope="module")
def blocks() -> list[dict[str, object]]:
    """Return the features of the committed blocks."""
    found: list[dict[str, object]] = json.loads((COMMITTED / "blocks.geojson").read_text())["features"]
    return found


@pytest.fixture(scope="module")
def polygons(blocks: list[dict[str, object]]) -> npt.NDArray[np.object_]:
    """Return the committed blocks as polygons in degrees."""
    return np.array([shapely.from_geojson(json.dumps(b["geometry"])) for b in blocks], dtype=object)


@pytest.fixture(scope="module")
def streets() -> ET.Element:
    """Return the committed street map."""
    return ET.parse(COMMITTED / "streets.osm").getroot()  # noqa: S314 - our own file


def tags_of(way: ET.Element) -> dict[str, str]:
    """Return the tags of a way."""
    return {tag.attrib["k"]: tag.attrib["v"] for tag in way.iter("tag")}


def walkable(streets: ET.Element) -> nx.Graph:
    """Return nodes and edges of every way with a highway tag."""
    graph = nx.Graph()
    for way in streets.iter("way"):
        if "highway" in tags_of(way):
            nx.add_path(graph, [nd.attrib["ref"] for nd in way.iter("nd")])
    return graph


def test_committed_folder_is_what_the_code_writes(tmp_path: Path) -> None:
    """The committed sample never drifts from the generator: byte for byte, file for file."""
    write_sample(tmp_path)
    fresh = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in COMMITTED.iterdir()}
    assert sorted(fresh) == sorted(kept)
    assert [name for name in sorted(kept) if fresh[name] != kept[name]] == []


def test_another_seed_is_another_county(tmp_path: Path) -> None:
    """The seed decides, and the same one decides the same way twice in one process."""
    made = [write_sample(tmp_path / str(n), blocks=150, seed=s) for n, s in enumerate((7, 8, 7))]
    text = [{p.name: p.read_bytes() for p in folder.iterdir()} for folder in made]
    assert text[0] == text[2]
    assert all(text[0][name] != text[1][name] for name in text[0] if not name.endswith(".toml"))


@pytest.mark.parametrize("size", [120, 300, 3000])
def test_size_is_as_asked(size: int) -> None:
    """Benchmarks get the number of blocks that they name, and people in proportion."""
    made = draw_county(blocks=size, seed=3)
    assert len(made.cells.polygons) == size
    assert made.people.total.sum() / size == pytest.approx(287.5, rel=0.02)
    assert shapely.coverage_is_valid(made.cells.polygons)


def test_too_few_blocks_are_refused() -> None:
    """Nobody gets half a county without being told."""
    with pytest.raises(ValueError, match="99 blocks are too few"):
        draw_county(blocks=99)


def test_blocks_cover_the_county_without_gap_or_overlap(
    polygons: npt.NDArray[np.object_], county: County
) -> None:
    """Zones of these blocks can be seamless because the blocks are."""
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    whole = shapely.union_all(polygons)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    metres = shapely.transform(polygons, to_metres)
    assert shapely.area(metres).sum() == pytest.approx(2.4e9, rel=0.001)
    assert shapely.area(metres).sum() == pytest.approx(county.terrain.outline.area, rel=1e-4)


def test_towns_and_villages_are_in_one_piece(county: County, polygons: npt.NDArray[np.object_]) -> None:
    """A policy that keeps pupils within their town can be met by contiguous zones."""
    borders = shared_borders(shapely.transform(polygons, to_metres))
    graph = nx.Graph(list(zip(borders.first.tolist(), borders.second.tolist(), strict=True)))
    for label in (county.regions.town, county.regions.village):
        for value in np.unique(label[label >= 0]).tolist():
            members = np.flatnonzero(label == value).tolist()
            assert nx.is_connected(graph.subgraph(members)), value


def test_names_and_ids_are_unique(blocks: list[dict[str, object]], county: County) -> None:
    """Every name on the map names one thing."""
    found = [b["properties"] for b in blocks]
    assert len({p["block_id"] for p in found}) == len(found)  # type: ignore[index]
    assert len({p["name"] for p in found}) > 0.99 * len(found)  # type: ignore[index]
    assert len(set(county.town_names)) == len(county.town_names) == 18
    assert len(set(county.village_names)) == len(county.village_names)
    assert all(p["name_en"] and p["name"] for p in found)  # type: ignore[index]


def test_people_are_those_of_a_typical_county(county: County) -> None:
    """Totals, town sizes and age shares stand in the ranges of a typical out-migration county."""
    people, total = county.people, county.people.total.sum()
    assert total == pytest.approx(345_000, rel=0.001)
    towns = np.bincount(county.regions.town, people.total)
    assert 80_000 <= towns[0] <= 105_000
    assert 2 <= np.sum((towns[1:] >= 20_000) & (towns[1:] <= 30_000)) <= 5
    assert towns[1:].min() >= 4_000
    assert 150 <= len(county.village_names) <= 250
    assert 0.14 <= people.children[:, :15].sum() / total <= 0.16
    assert 60 <= people.children[:, 6:12].sum() / total * 1000 <= 80
    assert 35 <= people.children[:, 12:15].sum() / total * 1000 <= 45
    share = [
        people.children[people.place == c][:, :15].sum() / people.total[people.place == c].sum()
        for c in range(3)
    ]
    assert 0.18 <= share[0] <= 0.20
    assert 0.10 <= share[2] <= 0.125


def test_births_agree_with_the_youngest_children() -> None:
    """Age 1 at the end of August 2026 was born from September 2024 to August 2025, a third and two thirds."""
    born: dict[str, float] = defaultdict(float)
    for row in rows_of("births.csv"):
        months = {"2024": range(9, 13), "2025": range(1, 9)}.get(row["year"])
        if months is not None and int(row["month"]) in months:
            born[row["town"]] += float(row["births"])
    town_of = town_by_block()
    ones: Counter[str] = Counter()
    for row in rows_of("residents.csv"):
        if row["age"] == "1":
            ones[town_of[row["block_id"]]] += int(row["residents"])
    assert sum(ones.values()) == pytest.approx(sum(born.values()), rel=0.04)
    assert all(ones[town] == pytest.approx(born[town], rel=0.2) for town in born)


def test_births_fall() -> None:
    """The cohorts shrink as the country's do: 2025 is less than half of 2016."""
    by_year: Counter[str] = Counter()
    for row in rows_of("births.csv"):
        by_year[row["year"]] += int(row["births"])
        assert int(row["registered_births"]) <= int(row["births"])
    assert sorted(by_year) == [str(y) for y in range(2014, 2026)]
    assert by_year["2025"] / by_year["2016"] == pytest.approx(792 / 1883, rel=0.05)


def test_residents_are_registered_or_migrants() -> None:
    """The three counts of a row add up."""
    for row in rows_of("residents.csv"):
        assert int(row["residents"]) == int(row["registered"]) + int(row["migrants"])


def town_by_block() -> dict[str, str]:
    """Return the town of each committed block."""
    found = json.loads((COMMITTED / "blocks.geojson").read_text())["features"]
    return {b["properties"]["block_id"]: b["properties"]["town"] for b in found}


def test_every_id_refers_to_something() -> None:
    """No table of the sample names a block, school or town that is not there."""
    town_of = town_by_block()
    own = {row["school_id"] for row in rows_of("schools.csv")}
    for name in ("residents.csv", "housing.csv", "zones.csv", "addresses.csv"):
        assert {row["block_id"] for row in rows_of(name)} <= set(town_of), name
    for name in ("enrolment.csv", "zones.csv"):
        assert {row["school_id"] for row in rows_of(name)} <= own, name
    assert {row["town"] for row in rows_of("births.csv")} == set(town_of.values())
    schools = rows_of("schools.csv")
    assert {row["town"] for row in schools} == set(town_of.values())
    assert {row["central_school"] for row in schools} - {""} <= own
    assert {row["exception_school"] for row in rows_of("addresses.csv")} - {""} <= own
    assert {row[f"choice_{n}"] for row in rows_of("roster.csv") for n in (1, 2, 3)} - {""} <= own


def test_schools_are_of_every_kind() -> None:
    """Each kind of school that the product must handle occurs."""
    schools = rows_of("schools.csv")
    serving = Counter(stage for row in schools for stage in row["stages"].split(";"))
    assert 60 <= serving["primary"] <= 110
    assert 18 <= serving["junior"] <= 25
    assert serving["senior"] in (3, 4)
    assert serving["kindergarten"] >= 60
    assert 10 <= sum(row["teaching_site"] == "yes" for row in schools) <= 20
    assert all(row["central_school"] for row in schools if row["teaching_site"] == "yes")
    assert sum(row["stages"] == "primary;junior" for row in schools) >= 3
    assert sum(row["ownership"] == "private" for row in schools) == 1
    assert sum(row["opens"] > "2026" for row in schools) == 1
    assert sum(row["closes"] > "2026" for row in schools) == 1
    assert any(row["designated_for_migrants"] == "yes" for row in schools)
    assert any(row["beds"] for row in schools)
    assert any(row["capacity_primary"] for row in schools)
    assert any(not row["capacity_primary"] and row["classrooms_primary"] for row in schools)


def test_schools_stand_in_their_town(polygons: npt.NDArray[np.object_]) -> None:
    """A school's point lies in a block of the town and place class that its row names."""
    found = json.loads((COMMITTED / "blocks.geojson").read_text())["features"]
    tree = shapely.STRtree(polygons)
    for row in rows_of("schools.csv"):
        hit = tree.query(shapely.Point(float(row["lon"]), float(row["lat"])), predicate="intersects")
        home = found[int(hit[0])]["properties"]
        assert (row["town"], row["place_class"]) == (home["town"], home["place_class"]), row["school_id"]


def test_seats_suffice_in_every_town_in_every_year(county: County, schools: list[School]) -> None:
    """The default policy is feasible: public seats cover the children of each town from 2026 to 2032."""
    ahead = children_ahead(county)
    for stage in (PRIMARY, JUNIOR):
        for town in range(len(county.town_names)):
            children = ahead[county.regions.town == town, stage].sum(axis=0)
            seats = np.array(
                [
                    sum(
                        s.capacity(stage)
                        for s in schools
                        if s.town == town and s.open_in(y) and not (s.private or s.site)
                    )
                    for y in YEARS
                ]
            )
            assert (seats >= 1.03 * children).all(), county.town_names[town]
            # Nor is there plenty: somewhere in those years it is tight.
            assert (seats / children).min() < 1.45, county.town_names[town]
    for stage in (0, 3):
        seats = sum(s.capacity(stage) for s in schools if not s.private)
        assert seats >= 1.03 * ahead[:, stage].sum(axis=0).max()


def test_every_town_has_a_junior_school() -> None:
    """初中进镇: no town sends its juniors away."""
    towns = {
        row["town"]
        for row in rows_of("schools.csv")
        if "junior" in row["stages"] and row["ownership"] == "public"
    }
    assert towns == set(town_by_block().values())
    assert not any("junior" in r["stages"] and r["place_class"] == "village" for r in rows_of("schools.csv"))


def test_zones_have_the_faults_of_real_ones() -> None:
    """A gap, a shared zone and a detached part stand in the primary zones; junior zones have no gap."""
    town_of = town_by_block()
    by_stage: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows_of("zones.csv"):
        by_stage[row["stage"]][row["block_id"]].append(row["school_id"])
        assert row["year"] == "2026"
    gap = set(town_of) - set(by_stage["primary"])
    assert 3 <= len(gap) <= 6
    assert sum(len(s) > 1 for s in by_stage["primary"].values()) == 6
    assert set(by_stage["junior"]) == set(by_stage["kindergarten"]) == set(by_stage["senior"]) == set(town_of)
    metres = shapely.transform(
        np.array(
            [
                shapely.from_geojson(json.dumps(b["geometry"]))
                for b in json.loads((COMMITTED / "blocks.geojson").read_text())["features"]
            ],
            dtype=object,
        ),
        to_metres,
    )
    borders = shared_borders(metres)
    graph = nx.Graph(list(zip(borders.first.tolist(), borders.second.tolist(), strict=True)))
    ids = list(town_of)
    zone: dict[str, list[int]] = defaultdict(list)
    for block_id, found in by_stage["primary"].items():
        zone[found[0]].append(ids.index(block_id))
    broken = [s for s, members in zone.items() if not nx.is_connected(graph.subgraph(members))]
    assert 1 <= len(broken) <= 0.3 * len(zone)


def test_favourite_school_is_full_and_its_town_is_not() -> None:
    """Zones in force crowd one school of the seat while seats stand empty elsewhere."""
    schools = {row["school_id"]: row for row in rows_of("schools.csv")}
    pupils: Counter[str] = Counter()
    for row in rows_of("enrolment.csv"):
        if row["year"] == "2026" and row["grade"] in "123456":
            pupils[row["school_id"]] += int(row["pupils"])
    favourite = next(s for s, row in schools.items() if "实验小学" in row["name"])
    assert pupils[favourite] > 1.1 * 45 * int(schools[favourite]["classrooms_primary"])
    seat = schools[favourite]["town"]
    own = [s for s, row in schools.items() if row["town"] == seat and "primary" in row["stages"]]
    assert sum(pupils[s] for s in own) < 45 * sum(int(schools[s]["classrooms_primary"]) for s in own)


def test_enrolment_moves_up_by_cohorts() -> None:
    """Eight autumns, every grade, and cohorts that change by a few in a hundred from year to year."""
    by_grade: dict[tuple[str, str], int] = defaultdict(int)
    own: dict[tuple[str, int, int], int] = {}
    for row in rows_of("enrolment.csv"):
        by_grade[row["year"], row["grade"]] += int(row["pupils"])
        assert 0 < int(row["pupils"]) <= 70 * int(row["classes"])
        if not row["grade"].startswith("K"):
            own[row["school_id"], int(row["year"]), int(row["grade"])] = int(row["pupils"])
    assert {year for year, _ in by_grade} == {str(y) for y in range(2019, 2027)}
    assert len({grade for _, grade in by_grade}) == 15
    for year in range(2019, 2026):
        for grade in (1, 2, 3, 4, 5, 7, 8, 10, 11):
            ratio = by_grade[str(year + 1), str(grade + 1)] / by_grade[str(year), str(grade)]
            assert 0.96 < ratio < 1.04
    large = [
        own[s, y + 1, g + 1] / n
        for (s, y, g), n in own.items()
        if n > 80 and g in (1, 2, 4, 5, 7, 8) and (s, y + 1, g + 1) in own
    ]
    assert len(large) > 200
    assert 0.005 < np.std(large) < 0.08


def test_streets_join_every_settlement(streets: ET.Element, county: County) -> None:
    """One network reaches nearly all; two small islands are left as street maps have them."""
    graph = walkable(streets)
    sizes = sorted((len(part) for part in nx.connected_components(graph)), reverse=True)
    assert sizes[1:] == [4, 4]
    assert 10_000 <= graph.number_of_nodes() <= 20_000
    main_part = max(nx.connected_components(graph), key=len)
    spots = np.array(
        [
            (float(n.attrib["lon"]), float(n.attrib["lat"]))
            for n in streets.iter("node")
            if n.attrib["id"] in main_part
        ]
    )
    tree = shapely.STRtree(list(shapely.points(to_metres(spots))))
    _, metres = tree.query_nearest(
        shapely.points(county.settlements.points), return_distance=True, all_matches=False
    )
    assert np.mean(metres <= 500.0) > 0.99


def test_street_map_has_every_class_of_way(streets: ET.Element) -> None:
    """Roads of all classes, one-way pairs, bridges, underpasses, level crossings, and water."""
    tags = [tags_of(way) for way in streets.iter("way")]
    classes = Counter(t.get("highway") for t in tags)
    for kind in (
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
        "track",
        "footway",
    ):
        assert classes[kind], kind
    assert any(t.get("oneway") == "yes" for t in tags)
    assert any(t.get("tunnel") == "yes" for t in tags)
    assert {t.get("waterway") for t in tags} >= {"river", "stream"}
    assert any(t.get("railway") == "rail" for t in tags)
    assert any(tag.attrib["v"] == "level_crossing" for tag in streets.iter("tag"))
    assert (COMMITTED / "streets.osm").stat().st_size < 4e6


def test_only_bridges_cross_the_river(streets: ET.Element) -> None:
    """The river parts the county: few ways pass it, each of them a bridge."""
    at = {n.attrib["id"]: (float(n.attrib["lon"]), float(n.attrib["lat"])) for n in streets.iter("node")}
    barriers = json.loads((COMMITTED / "barriers.geojson").read_text())["features"]
    assert [b["properties"]["kind"] for b in barriers] == ["river", "railway", "arterial"]
    river = shapely.from_geojson(json.dumps(barriers[0]["geometry"]))
    over = []
    for way in streets.iter("way"):
        tags = tags_of(way)
        if "highway" in tags and shapely.LineString(
            [at[nd.attrib["ref"]] for nd in way.iter("nd")]
        ).intersects(river):
            over.append(tags.get("bridge"))
    assert set(over) == {"yes"}
    assert 5 <= len(over) <= 20


def test_streets_open_in_osmnx() -> None:
    """The street map is one that the street library reads."""
    import osmnx

    graph = osmnx.graph_from_xml(
        COMMITTED / "streets.osm", bidirectional=True, retain_all=True, simplify=False
    )
    assert graph.number_of_nodes() > 10_000


def test_streets_have_odd_and_even_sides() -> None:
    """Some street belongs to two blocks by the parity of its numbers, and no range runs backwards."""
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows_of("addresses.csv"):
        if row["kind"] == "street":
            assert int(row["from"]) <= int(row["to"])
            assert {"odd": 1, "even": 0}[row["parity"]] == int(row["from"]) % 2 == int(row["to"]) % 2
            sides[row["name"], row["parity"]].add(row["block_id"])
    split = [name for name, parity in sides if parity == "odd" and sides[name, "odd"] - sides[name, "even"]]
    assert len(split) > 10
    kinds = Counter(row["kind"] for row in rows_of("addresses.csv"))
    assert min(kinds["estate"], kinds["village"], kinds["street"]) > 100
    assert any(row["exception_stage"] == "primary" for row in rows_of("addresses.csv"))


def test_roster_has_600_pupils_with_twins() -> None:
    """The class split has its 600 children, unique ids, several pairs of twins and a set of triplets."""
    pupils = rows_of("roster.csv")
    assert len(pupils) == len({p["sid"] for p in pupils}) == 600
    groups = Counter(p["twin_group"] for p in pupils if p["twin_group"])
    assert sum(size == 2 for size in groups.values()) >= 6
    assert max(groups.values()) == 3
    for mark in groups:
        members = [p for p in pupils if p["twin_group"] == mark]
        assert len({(p["name"][0], p["birth_date"], p["address"]) for p in members}) == 1
    assert all("2019-09-01" <= p["birth_date"] <= "2020-08-31" for p in pupils)
    assert 0.4 < np.mean([p["gender"] == "F" for p in pupils]) < 0.6


def test_settings_can_be_read() -> None:
    """``zoning.toml`` names place, year and CRS."""
    settings = tomllib.loads((COMMITTED / "zoning.toml").read_text(encoding="utf-8"))
    assert settings["place"]["year"] == 2026
    assert settings["crs"]["input"] == "EPSG:4490"


def test_whole_folder_is_small() -> None:
    """The sample stays cheap to clone."""
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) < 9e6


def test_spread_keeps_the_running_total() -> None:
    """Whole numbers in place of amounts lose nobody on the way."""
    amounts = np.abs(bell(dice_for("people", 5), 1000))
    counts = spread(amounts, 0.5)
    assert (np.abs(np.cumsum(counts) - np.cumsum(amounts)) <= 0.5 + 1e-6).all()
    assert counts.min() >= 0


def test_command_refuses_what_is_no_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip on the command line prints how to call it and writes nothing."""
    assert main([]) == 2
    assert main([str(tmp_path / "x"), "many"]) == 2
    assert "FOLDER" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    assert main([str(tmp_path / "y"), "120"]) == 0
    assert len(rows_of("roster.csv", tmp_path / "y")) == 600
