"""Reads instances of the capacitated service-area problem in their published text format.

Units: tab-separated OID, pop, PointX, PointY, fcadidature, fcost, fcapacity (metres); a row is an open
facility if and only if fcapacity > 0. Connectivity: pairs of OIDs, comma-separated behind an empty first
column. Both with or without a header row, in UTF-8, UTF-16 or GB 18030. Ids are text: ``007`` is not ``7``.
"""

import codecs
import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

COLUMNS = ("oid", "pop", "pointx", "pointy", "fcadidature", "fcost", "fcapacity")
NEEDED = ("oid", "pop", "pointx", "pointy", "fcapacity")
PAIR = ("in_fid", "near_fid")
MOST = 1e12  # larger numbers are mistakes, and sums of them lose people
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class BadFileError(Exception):
    """A file that cannot be read as an instance: what, where, cure."""


@dataclass(frozen=True)
class Instance:
    """An instance as it was read.

    Parameters
    ----------
    units, facilities
        OIDs of all units, and of those that are facilities.
    demand, capacity
        People of each unit, and seats of each facility.
    point_m
        Metres, float64 [unit, 2].
    home
        Position of each facility among the units.
    pairs
        Positions of neighbouring units.
    """

    units: list[str]
    facilities: list[str]
    demand: np.ndarray
    capacity: np.ndarray
    point_m: np.ndarray
    home: np.ndarray
    pairs: list[tuple[int, int]]


def read_instance(units: Path, connectivity: Path) -> Instance:
    """Return the instance of two files.

    Raises
    ------
    BadFileError
        When a file cannot be read, a value is no number, or an id is repeated or unknown.
    """
    lines = _rows(units, "\t")
    header = [name.strip().casefold() for name in lines[0][1]]
    if "oid" in header or "pop" in header:
        lines = lines[1:]
    else:
        header = list(COLUMNS)
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise BadFileError(f"{units}: no column {', '.join(missing)}; wanted {', '.join(COLUMNS)} by tabs")
    if not lines:
        raise BadFileError(f"{units}: the file has no units")
    place = [header.index(name) for name in NEEDED]
    oids: dict[str, int] = {}
    values = []
    for number, cells in lines:
        if len(cells) <= max(place):
            raise BadFileError(f"{units}, line {number}: {len(cells)} columns, wanted {len(header)} by tabs")
        oid = cells[place[0]]
        if not oid or oid in oids:
            raise BadFileError(
                f"{units}, line {number}: the OID {oid!r} is " + ("repeated" if oid else "empty")
            )
        oids[oid] = len(oids)
        values.append(
            [_number(cells[at], units, number, name) for at, name in zip(place[1:], NEEDED[1:], strict=True)]
        )
    table = np.array(values)
    home = np.flatnonzero(table[:, 3] > 0)
    names = list(oids)
    return Instance(
        names,
        [names[at] for at in home],
        table[:, 0],
        table[home, 3],
        table[:, 1:3],
        home,
        _pairs(connectivity, oids),
    )


def why_none(instance: Instance) -> str | None:
    """Return why no feasible plan can exist, as far as counting and walking tell; None where they do not."""
    if not instance.facilities:
        return "no unit is an open facility (fcapacity > 0)"
    people, seats = math.fsum(instance.demand), math.fsum(instance.capacity)
    if people > seats + 1e-6:
        return f"{people:,.6g} people and {seats:,.6g} places: {people - seats:,.6g} places are missing"
    for oid, at, room in zip(instance.facilities, instance.home, instance.capacity, strict=True):
        if instance.demand[at] > room + 1e-6:
            return f"facility {oid} has {room:,.6g} places and its own unit {instance.demand[at]:,.6g} people"
    # Beside its own unit, a facility has room for what is left.
    own = dict(zip(instance.home.tolist(), instance.capacity.tolist(), strict=True))
    room = max(seats - float(instance.demand[at]) for at, seats in own.items())
    for at, (oid, count) in enumerate(zip(instance.units, instance.demand.tolist(), strict=True)):
        if at not in own and count > room + 1e-6:
            return f"unit {oid} has {count:,.6g} people, more than a facility can hold beside its own"
    return _torn(instance)


def _torn(instance: Instance) -> str | None:
    """Return what is wrong with a part of the map that has no way to the rest."""
    part = list(range(len(instance.units)))

    def root(unit: int) -> int:
        while part[unit] != unit:
            part[unit] = part[part[unit]]
            unit = part[unit]
        return unit

    for left, right in instance.pairs:
        part[root(left)] = root(right)
    room: dict[int, list[float]] = {}
    for at, seats in zip(instance.home.tolist(), instance.capacity.tolist(), strict=True):
        room.setdefault(root(at), []).append(seats)
    held: dict[int, list[int]] = {}
    for unit in range(len(instance.units)):
        held.setdefault(root(unit), []).append(unit)
    for top, members in held.items():
        named = f"unit {instance.units[members[0]]}" + (
            f" and {len(members) - 1} more" if members[1:] else ""
        )
        people = math.fsum(instance.demand[members])
        if top not in room:
            return f"{named}: no way over neighbouring units to any facility"
        if people > math.fsum(room[top]) + 1e-6:
            return f"{named}, joined to no other unit, have {people:,.6g} people and fewer places"
    return None


def _pairs(path: Path, oids: dict[str, int]) -> list[tuple[int, int]]:
    """Return the neighbouring pairs as positions."""
    found = []
    lines = _rows(path, ",", empty=True)
    columns: Sequence[int] | None = None
    for order, (number, cells) in enumerate(lines):
        names = [name.casefold() for name in cells]
        if order == 0 and all(name in names for name in PAIR):
            columns = [names.index(name) for name in PAIR]
            continue
        at = columns or ((1, 2) if len(cells) > 3 or not cells[0] else (0, 1))
        if len(cells) <= max(at):
            raise BadFileError(f"{path}, line {number}: no pair of units, by commas behind an empty column")
        ends = [cells[column] for column in at]
        unknown = [oid for oid in ends if oid not in oids]
        if order == 0 and len(unknown) == 2 and not any(end.isdecimal() for end in ends):
            continue  # a header row by other names
        if unknown:
            raise BadFileError(f"{path}, line {number}: unit {unknown[0]!r} is not among the units")
        if ends[0] != ends[1]:
            found.append((oids[ends[0]], oids[ends[1]]))
    return found


def _rows(path: Path, separator: str, *, empty: bool = False) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, with their numbers, cells stripped."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror})") from None
    try:
        lines = list(csv.reader(_text(raw, path).splitlines(), delimiter=separator))
    except csv.Error as error:
        raise BadFileError(f"{path}: no table ({error})") from None
    kept = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(lines, 1)]
    kept = [(number, cells) for number, cells in kept if any(cells)]
    if not kept and not empty:
        raise BadFileError(f"{path}: the file is empty")
    return kept


def _text(raw: bytes, path: Path) -> str:
    """Return the text of a file in any of the encodings that such files come in."""
    named = next((name for mark, name in BOMS.items() if raw.startswith(mark)), None)
    for encoding in [named] if named else ["utf-8", "gb18030"]:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFileError(f"{path}: no text in UTF-8, UTF-16 or GB 18030")


def _number(text: str, path: Path, line: int, name: str) -> float:
    """Return a finite number, at least 0 where it counts people or places."""
    try:
        value = float(text.replace("_", "?"))  # Python would read 1_000
    except ValueError:
        value = math.nan
    if not abs(value) <= MOST or (name in {"pop", "fcapacity"} and value < 0):
        raise BadFileError(f"{path}, line {line}: {name} {text!r} is no such number")
    return value
