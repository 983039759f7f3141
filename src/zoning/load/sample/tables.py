"""The rows of every table of the sample folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from zoning.district.stage import grade_label
from zoning.load.sample.addresses import Address
from zoning.load.sample.catchments import STAGES
from zoning.load.sample.cells import to_degrees
from zoning.load.sample.chance import dice_for
from zoning.load.sample.enrolment import GRADES, YEARS, Enrolment
from zoning.load.sample.housing import housing_rows
from zoning.load.sample.people import AGES, CLASSES, YEAR
from zoning.load.sample.places import County
from zoning.load.sample.roster import Pupil
from zoning.load.sample.school import School, school_ids
from zoning.load.sample.writing import write_table
from zoning.load.sample.zones import Zones, zone_rows

Row = tuple[Any, ...]
MONTHLY_FROM: Final = 2022


def write_schools(folder: Path, county: County, schools: list[School], *, seed: int) -> None:
    """Write ``schools.csv``; a school stands a little off the middle of its block."""
    dice = dice_for("schools", seed + 1)
    inside = county.settlements.points[[s.block for s in schools]]
    shift = 90.0 * (dice.random((len(schools), 2)) - 0.5)
    degrees = to_degrees(inside + shift)
    ids = school_ids(schools)
    header = [
        "school_id", "name", "name_en", "stages", "lon", "lat", "town", "place_class",
        *(f"classrooms_{s}" for s in STAGES), *(f"capacity_{s}" for s in STAGES),
        "beds", "opens", "closes", "ownership", "teaching_site", "central_school", "group",
        "designated_for_migrants", "keep", "phone",
    ]  # fmt: skip
    rows = [
        (
            ids[n], *s.name, ";".join(STAGES[k] for k in sorted(s.rooms)),
            f"{degrees[n, 0]:.6f}", f"{degrees[n, 1]:.6f}",
            county.town_names[s.town][0], CLASSES[int(county.people.place[s.block])],
            *(s.rooms.get(k, "") for k in range(4)), *(s.seats.get(k, "") for k in range(4)),
            s.beds or "", s.opens or "", s.closes or "", "private" if s.private else "public",
            "yes" if s.site else "no", "" if s.parent is None else ids[s.parent], s.group,
            "yes" if s.migrants else "no", "yes" if s.keep else "no", f"000-555{n + 1:04d}",
        )
        for n, s in enumerate(schools)
    ]  # fmt: skip
    write_table(folder, "schools.csv", header, rows)


def write_residents(folder: Path, county: County) -> None:
    """Write ``residents.csv``: children by block and age on 31 August of the present year."""
    people, ids = county.people, county.block_ids

    def rows() -> Iterator[Row]:
        for block, (own, guests) in enumerate(
            zip(people.children.tolist(), people.migrants.tolist(), strict=True),
        ):
            for age in AGES:
                yield ids[block], YEAR, age, own[age], own[age] - guests[age], guests[age]

    header = ["block_id", "year", "age", "residents", "registered", "migrants"]
    write_table(folder, "residents.csv", header, rows())


def write_births(folder: Path, county: County) -> None:
    """Write ``births.csv``: whole years first, months for the last four."""
    births = county.people.births

    def rows() -> Iterator[Row]:
        for town, (name, _) in enumerate(county.town_names):
            for y, year in enumerate(range(2014, 2026)):
                # A fifth of a year's births are registered only later.
                share = {2025: 0.83, 2024: 0.95}.get(year, 0.985)
                if year < MONTHLY_FROM:
                    total = int(births[town, y].sum())
                    yield name, year, "", total, round(total * share)
                else:
                    for month, count in enumerate(births[town, y].tolist()):
                        yield name, year, month + 1, count, round(count * share)

    write_table(folder, "births.csv", ["town", "year", "month", "births", "registered_births"], rows())


def write_enrolment(folder: Path, schools: list[School], enrolment: Enrolment) -> None:
    """Write ``enrolment.csv``: eight autumns by school and grade."""
    ids = school_ids(schools)
    pupils, classes = enrolment.pupils.tolist(), enrolment.classes.tolist()
    rows = (
        (ids[n], year, grade_label(grade), pupils[n][y][g], classes[n][y][g])
        for n in range(len(schools))
        for y, year in enumerate(YEARS)
        for g, grade in enumerate(GRADES)
        if pupils[n][y][g]
    )
    write_table(folder, "enrolment.csv", ["school_id", "year", "grade", "pupils", "classes"], rows)


def write_housing(folder: Path, county: County, *, seed: int) -> None:
    """Write ``housing.csv``."""
    ids = county.block_ids
    rows = [
        (project, ids[block], year, dwellings, kind)
        for project, block, year, dwellings, kind in housing_rows(county, seed=seed)
    ]
    write_table(folder, "housing.csv", ["project_id", "block_id", "handover_year", "dwellings", "type"], rows)


def write_zones(folder: Path, county: County, schools: list[School], zones: Zones) -> None:
    """Write ``zones.csv``: the zones in force."""
    ids, blocks = school_ids(schools), county.block_ids
    rows = [(STAGES[s], ids[n], YEAR, blocks[b]) for s, n, b in zone_rows(zones, schools)]
    write_table(folder, "zones.csv", ["stage", "school_id", "year", "block_id"], rows)


def write_addresses(folder: Path, county: County, schools: list[School], found: list[Address]) -> None:
    """Write ``addresses.csv``."""
    ids, blocks = school_ids(schools), county.block_ids
    header = [
        "block_id", "kind", "name", "name_en", "from", "to", "parity", "exception_stage", "exception_school",
    ]  # fmt: skip
    rows = [
        (
            blocks[a.block], a.kind, *a.name, "" if a.first is None else a.first,
            "" if a.last is None else a.last, a.parity, a.exception_stage,
            "" if a.exception_school is None else ids[a.exception_school],
        )
        for a in found
    ]  # fmt: skip
    write_table(folder, "addresses.csv", header, rows)


def write_roster(folder: Path, schools: list[School], pupils: list[Pupil]) -> None:
    """Write ``roster.csv``."""
    ids = school_ids(schools)
    most = max((len(p.choices) for p in pupils), default=0)
    header = [
        "name", "gender", "sid", "birth_date", "kindergarten", "address", "need", "twin_group", "together",
        "registered_at", "tier", *(f"choice_{n + 1}" for n in range(most)),
    ]  # fmt: skip
    rows = []
    for p in pupils:
        choices = [ids[n] for n in p.choices] + [""] * (most - len(p.choices))
        rows.append(
            (p.name, p.gender, p.sid, p.birth_date, p.kindergarten, p.address, p.need, p.twin_group,
             p.together, p.registered_at, p.tier, *choices),
        )  # fmt: skip
    write_table(folder, "roster.csv", header, rows)
