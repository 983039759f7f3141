"""The sample county: a whole invented input folder, drawn from a seed.

``python -m zoning.load.sample data/geo/sample`` writes it. :func:`draw_county` gives the county in memory, of
any size, for benchmarks.
"""

from pathlib import Path

from zoning.load.sample.addresses import draw_addresses
from zoning.load.sample.enrolment import draw_enrolment
from zoning.load.sample.gates import draw_gates
from zoning.load.sample.osm import osm_text
from zoning.load.sample.places import County, draw_county
from zoning.load.sample.roadnet import draw_network
from zoning.load.sample.roster import draw_roster
from zoning.load.sample.school import School, school_ids
from zoning.load.sample.schools import draw_schools
from zoning.load.sample.settings import SETTINGS, draw_rules
from zoning.load.sample.streets import Way, draw_ways
from zoning.load.sample.tables import (
    write_addresses,
    write_births,
    write_enrolment,
    write_housing,
    write_residents,
    write_roster,
    write_schools,
    write_zones,
)
from zoning.load.sample.townstreets import draw_town_streets
from zoning.load.sample.writing import barriers_text, blocks_text, write_text
from zoning.load.sample.zones import draw_zones

__all__ = ["County", "draw_county", "draw_schools", "draw_streets", "school_ids", "write_sample"]


def draw_streets(county: County, *, seed: int = 7, lanes: bool = True) -> list[Way]:
    """Return the street map of a county as ways in metres.

    Parameters
    ----------
    county
        The county.
    seed
        Seed.
    lanes
        Whether villages have lanes of their own; half of all nodes belong to them.

    Examples
    --------
    >>> ways = draw_streets(draw_county(blocks=120))
    >>> {way.tags["bridge"] for way in ways if "bridge" in way.tags}
    {'yes'}
    """
    terrain, settlements, cells = county.terrain, county.settlements, county.cells
    gates = draw_gates(terrain, settlements, seed=seed)
    network = draw_network(terrain, settlements, cells, county.regions, gates, seed=seed)
    town = draw_town_streets(terrain, settlements, cells, seed=seed)
    return draw_ways(
        terrain, settlements, county.people, gates=gates, network=network, town=town, seed=seed, lanes=lanes
    )


def write_sample(folder: Path | str, *, blocks: int = 1200, seed: int = 7, tables: bool = True) -> Path:
    """Write an input folder of an invented county and return the folder.

    Parameters
    ----------
    folder
        Where to write; made when missing. Files of the same names are replaced.
    blocks
        Number of blocks. Area, people, towns, schools and seats grow with it; 1,200 blocks are 345,000
        people in 18 towns.
    seed
        Seed; the same seed gives the same bytes.
    tables
        Whether to write everything; otherwise only ``zoning.toml``, blocks, schools, barriers and a street
        map without village lanes, for benchmarks.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     sorted(path.name for path in write_sample(folder, blocks=120, tables=False).iterdir())
    ['barriers.geojson', 'blocks.geojson', 'schools.csv', 'streets.osm', 'zoning.toml']
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    county = draw_county(blocks=blocks, seed=seed)
    schools = draw_schools(county, seed=seed)
    write_text(folder, "zoning.toml", SETTINGS)
    write_text(folder, "blocks.geojson", blocks_text(county))
    write_text(folder, "barriers.geojson", barriers_text(county.terrain))
    write_text(folder, "streets.osm", osm_text(draw_streets(county, seed=seed, lanes=tables)))
    write_schools(folder, county, schools, seed=seed)
    if tables:
        _write_tables(folder, county, schools, seed)
    return folder


def _write_tables(folder: Path, county: County, schools: list[School], seed: int) -> None:
    zones = draw_zones(county, schools, seed=seed)
    town = draw_town_streets(county.terrain, county.settlements, county.cells, seed=seed)
    addresses = draw_addresses(county, schools, zones, town, seed=seed)
    write_residents(folder, county)
    write_births(folder, county)
    write_enrolment(folder, schools, draw_enrolment(county, schools, zones, seed=seed))
    write_housing(folder, county, seed=seed)
    write_zones(folder, county, schools, zones)
    write_addresses(folder, county, schools, addresses)
    pupils = draw_roster(county, schools, zones, addresses, seed=seed)
    write_roster(folder, schools, pupils)
    write_text(folder, "draw.toml", draw_rules(pupils))
