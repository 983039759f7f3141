"""An input folder into a district: every table read, checked against the others, and projected once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from zoning import messages
from zoning.district import STAGES, District, Place
from zoning.district.asked import check_options
from zoning.errors import DataError, PolicyError, Problem, Problems
from zoning.load import assembly, schools
from zoning.load.columns import CheckedTable
from zoning.load.digests import folder_digest, planning_digest
from zoning.load.found import Found, find_streets, find_tables
from zoning.load.history import check_history, check_rolls
from zoning.load.matching import AddressBook
from zoning.load.overrides import policy_of, warnings_of
from zoning.load.project import UNREAD, read_project
from zoning.load.reading import places_of, read_table
from zoning.load.references import check_references
from zoning.load.schema import in_folder
from zoning.load.sense import check_sense
from zoning.load.settings import TOML, Settings
from zoning.policy import LayoutPolicy, three_tier_policy


@dataclass
class Reading:
    """All that one folder holds, while it is being read."""

    folder: Path
    settings: Settings
    found: Mapping[str, Found]
    tables: Mapping[str, CheckedTable]
    streets: Path | None
    problems: Problems
    by_address: bool = False
    """Whether a school stands where the addresses table says."""


def read_district(folder: str | Path) -> District:
    """Return the district that an input folder describes, measured in metres.

    Parameters
    ----------
    folder
        Folder with ``zoning.toml`` and the tables of the schema, as CSV, Excel, GeoPackage, GeoParquet,
        GeoJSON or Shapefile.

    Raises
    ------
    DataError
        Holding every problem of every file at once, when any of them stops the reading.

    Examples
    --------
    >>> read_district("no/such/folder")
    Traceback (most recent call last):
    ...
    zoning.errors.DataError: no/such/folder: There is no such folder...
    """
    problems = Problems()
    district = _read(Path(folder), problems)
    if district is None or problems.failed:
        raise DataError(_worst_first(problems))
    return district


def check_folder(folder: str | Path) -> tuple[Problem, ...]:
    """Return every problem of every file of a folder, errors first; never raises for what the files hold.

    Parameters
    ----------
    folder
        The input folder.

    Examples
    --------
    >>> [problem.code for problem in check_folder("no/such/folder")]
    ['load.no_folder']
    """
    problems = Problems()
    _read(Path(folder), problems, checks_roster=True)
    return _worst_first(problems)


def _worst_first(problems: Problems) -> tuple[Problem, ...]:
    order = {"error": 0, "question": 1, "warning": 2}
    return tuple(sorted(problems.items, key=lambda p: order[p.severity]))


def _read(folder: Path, problems: Problems, *, checks_roster: bool = False) -> District | None:
    if not folder.is_dir():
        code = "load.file_as_folder" if folder.is_file() else "load.no_folder"
        name, parent = folder.as_posix(), folder.parent.as_posix()
        problems.add(messages.problem(code, file=name, folder=parent))
        return None
    settings = read_project(folder, problems) or UNREAD
    found = find_tables(folder, settings, problems)
    roster = found.pop("roster", None)
    streets = find_streets(folder, problems)
    _report_absent(found, streets, problems)
    read = {name: read_table(one, problems) for name, one in found.items()}
    tables = {name: table for name, table in read.items() if table is not None}
    check_references(tables, problems)
    check_sense(tables, problems)
    check_history(tables, problems)
    reading = Reading(folder, settings, found, tables, streets, problems)
    district = _assemble(reading)
    if roster is not None and checks_roster:
        _check_roster(roster, district, problems)
    return district


def _check_roster(roster: Found, district: District | None, problems: Problems) -> None:
    from zoning.load.rosters import check_roster  # noqa: PLC0415 - rosters read by path need this module

    check_roster(roster, district, problems)


def _report_absent(found: Mapping[str, Found], streets: Path | None, problems: Problems) -> None:
    """Report required tables that are missing, and what each optional one that is missing switches off."""
    for table in in_folder():
        if table.name in found or not (table.required or table.off.en):
            continue
        problems.add(
            messages.problem(
                "load.no_required_table" if table.required else "load.no_table",
                file=table.name,
                table=table.label,
                off=table.off,
                severity="error" if table.required else "warning",
            )
        )
    if streets is None:
        problems.add(messages.problem("load.no_streets", file="streets", severity="warning"))


def _assemble(reading: Reading) -> District | None:
    """Return the district, or None when blocks or schools cannot be placed."""
    tables, settings, problems = reading.tables, reading.settings, reading.problems
    policy = _policy(settings, problems)
    seats = _seats(reading, policy)
    if "blocks" not in tables:
        return None
    places = places_of(tables["blocks"], reading.found["blocks"].settings, problems)
    metric = assembly.metric_of(settings, places, problems)
    if metric is None or places.isna().any():
        return None
    boundary = None if "boundary" not in tables else assembly.outline_frame(tables["boundary"])
    blocks = assembly.block_frame(tables["blocks"], places, metric, problems, boundary=boundary)
    if len(blocks) == 0 or blocks.index.has_duplicates:
        return None
    others: dict[str, pd.DataFrame] = assembly.plain_tables(tables)
    if "zones" in tables and tables["zones"].geometry is not None:
        others["zones"] = assembly.zones_by_block(tables["zones"], blocks, problems)
    if "barriers" in tables:
        others["barriers"] = assembly.barrier_frame(tables["barriers"], metric)
    frame = _schools(reading, seats, blocks)
    if frame is not None:
        check_options(settings.options, blocks, frame, problems)
        if "enrolment" in tables:
            check_rolls(others, blocks, frame, file=tables["enrolment"].file, problems=problems)
    if frame is None or problems.failed:
        return None
    stages = tuple(stage for stage in STAGES if frame[f"capacity_{stage.name}"].notna().any())
    return District(
        _place(reading, metric),
        blocks,
        frame,
        policy,
        stages,
        others,
        reading.streets,
        findings=tuple(problems.items),
        options=settings.options,
        notice=settings.notice,
    )


def _place(reading: Reading, metric: CRS) -> Place:
    settings = reading.settings
    paths = {name: one.path for name, one in reading.found.items()}
    if reading.streets is not None:
        paths["streets"] = reading.streets
    idle = set() if reading.by_address else {"addresses"}
    planned = {path for name, path in paths.items() if name not in idle}
    return Place(
        name=settings.name,
        year=settings.year,
        crs=metric,
        map_approval=settings.map_approval,
        attribution=settings.attribution,
        data_date=settings.data_date,
        folder=reading.folder,
        digest=folder_digest(reading.folder, paths.values()),
        planning_digest=planning_digest(reading.folder, planned),
    )


def _policy(settings: Settings, problems: Problems) -> LayoutPolicy:
    key = "warnings"
    try:
        warnings_of(settings)
        key = "policy"
        return policy_of(settings)
    except PolicyError as error:
        problems.add(messages.problem("load.policy", file=TOML, column=key, why=error.text))
        return three_tier_policy()


def _seats(reading: Reading, policy: LayoutPolicy) -> pd.DataFrame | None:
    table = reading.tables.get("schools")
    if table is None:
        return None
    schools.check_years(table, reading.problems)
    enrolment = reading.tables.get("enrolment")
    return schools.capacities(
        table,
        policy,
        reading.problems,
        enrolment=None if enrolment is None else enrolment.frame,
        answer=reading.settings.answers.get("missing_capacity", ""),
    )


def _schools(
    reading: Reading, seats: pd.DataFrame | None, blocks: gpd.GeoDataFrame
) -> gpd.GeoDataFrame | None:
    if seats is None:
        return None
    table, problems = reading.tables["schools"], reading.problems
    points = assembly.school_points(table, reading.found["schools"].settings, blocks.crs, problems)
    if points.isna().any():
        if problems.failed:  # the columns may be unread for a reason that is reported already
            return None
        addresses = reading.tables.get("addresses")
        book = None
        if addresses is not None:
            book = AddressBook(addresses.frame, blocks["town"], reading.settings.name.zh)
        points = schools.place_by_address(table, points, blocks, book, problems)
        reading.by_address = True
    if points.isna().any():
        return None
    return schools.school_frame(table, seats, points, blocks, problems)
