"""Zones in force, with the faults that real ones have."""

from dataclasses import dataclass, field

import numpy as np

from zoning.load.sample.catchments import nearest_in_chunks, nearest_school
from zoning.load.sample.chance import Dice, Ints, dice_for
from zoning.load.sample.people import YEAR
from zoning.load.sample.places import County
from zoning.load.sample.school import JUNIOR, KINDERGARTEN, PRIMARY, SENIOR, School

CROWDING = 0.8


@dataclass(frozen=True, eq=False)
class Zones:
    """Which school each block is zoned to, stage by stage.

    Parameters
    ----------
    school
        Position of the school that the children in fact attend, int64 [stage, block]; -1 for senior.
    second
        Second school of a shared zone, -1 for none, int64 [block] (primary).
    gaps
        Blocks that the primary table forgot.
    faults
        What is wrong with the zones, for the README: name and block positions.
    """

    school: Ints = field(repr=False)
    second: Ints = field(repr=False)
    gaps: Ints = field(repr=False)
    faults: dict[str, list[int]]


def draw_zones(county: County, schools: list[School], *, seed: int) -> Zones:
    """Return the zones in force in the present year.

    Parameters
    ----------
    county, schools
        The county so far.
    seed
        Seed.
    """
    dice = dice_for("zones", seed)
    size = len(county.people.total)
    school = np.full((4, size), -1, dtype=np.int64)
    school[KINDERGARTEN] = _nearest_of(county, schools, KINDERGARTEN)
    for town in range(len(county.town_names)):
        own = np.flatnonzero(county.regions.town == town)
        school[PRIMARY, own] = _primary(county, schools, own, town)
        school[JUNIOR, own] = _junior(county, schools, own, town)
    faults = _faults(dice, county, schools, school[PRIMARY])
    second = np.full(size, -1, dtype=np.int64)
    shared, partner = _shared(county, schools, school[PRIMARY])
    second[shared] = partner
    faults["shared zone"] = shared
    return Zones(school, second, np.array(faults["gap"], dtype=np.int64), faults)


def usable(schools: list[School], stage: int, *, town: int | None = None) -> Ints:
    """Return the positions of public schools that serve a stage now, in one town or everywhere."""
    return np.array(
        [
            n
            for n, s in enumerate(schools)
            if stage in s.rooms and not s.private and s.open_in(YEAR) and (town is None or s.town == town)
        ],
        dtype=np.int64,
    )


def _nearest_of(county: County, schools: list[School], stage: int) -> Ints:
    found = usable(schools, stage)
    at = np.array([schools[n].block for n in found.tolist()])
    return np.asarray(found[nearest_in_chunks(county, np.arange(len(county.people.total)), at)])


def _primary(county: County, schools: list[School], own: Ints, town: int) -> Ints:
    """Villages go whole to the nearest school of their town; teaching sites serve their own village."""
    found = usable(schools, PRIMARY, town=town)
    full = np.array([n for n in found.tolist() if not schools[n].site])
    at = np.array([schools[n].block for n in full.tolist()])
    central = np.array([schools[n].central for n in full.tolist()])
    # The favourite draws more than its share: its zone was drawn when the town was smaller.
    weight = np.where(central, 0.62, 1.0)
    seat = town < county.settlements.seats
    if seat and central.any():
        weight[int(np.argmax(central))] *= CROWDING
    village = county.regions.village[own]
    asks = np.where(village >= 0, county.regions.centre[village], own)
    zoned = full[nearest_school(county, asks, at, weight)]
    for n in found.tolist():
        if schools[n].site:
            zoned[village == county.regions.village[schools[n].block]] = n
    return np.asarray(zoned)


def _junior(county: County, schools: list[School], own: Ints, town: int) -> Ints:
    found = usable(schools, JUNIOR, town=town)
    at = np.array([schools[n].block for n in found.tolist()])
    village = county.regions.village[own]
    asks = np.where(village >= 0, county.regions.centre[village], own)
    return np.asarray(found[nearest_school(county, asks, at)])


def _blocks_of(county: County, village: int) -> list[int]:
    return np.flatnonzero(county.regions.village == village).tolist()


def _faults(dice: Dice, county: County, schools: list[School], zoned: Ints) -> dict[str, list[int]]:
    """Spoil the primary zones as time does; changes ``zoned`` in place."""
    regions, face = county.regions, county.cells.face
    order = dice.permutation(len(regions.centre)).tolist()
    sites = {regions.village[s.block] for s in schools if s.site}
    stands = {int(regions.village[s.block]) for s in schools if PRIMARY in s.rooms} | sites
    free = [v for v in order if v not in stands]
    faults: dict[str, list[int]] = {"gap": [], "detached": [], "over the river": [], "historic": []}
    for village in free:
        blocks = _blocks_of(county, village)
        home = schools[int(zoned[blocks[0]])]
        others = [n for n in usable(schools, PRIMARY, town=home.town).tolist() if not schools[n].site]
        if not faults["gap"] and 3 <= len(blocks) <= 6:
            faults["gap"] = blocks
            continue
        over = [n for n in others if face[schools[n].block] != face[blocks[0]]]
        if len(faults["over the river"]) < 6 and over and face[home.block] == face[blocks[0]]:
            zoned[blocks] = over[nearest_school(county, np.array(blocks[:1]), _at(schools, over))[0]]
            faults["over the river"] += blocks
        elif len(others) > 2:
            ranked = _by_distance(county, schools, blocks[0], others)
            if not faults["detached"]:
                zoned[blocks] = ranked[-1]
                faults["detached"] = blocks
            elif len(faults["historic"]) < 0.05 * len(zoned):
                zoned[blocks] = ranked[1] if zoned[blocks[0]] != ranked[1] else ranked[0]
                faults["historic"] += blocks
    return faults


def _at(schools: list[School], which: list[int]) -> Ints:
    return np.array([schools[n].block for n in which])


def _by_distance(county: County, schools: list[School], block: int, which: list[int]) -> list[int]:
    points = county.settlements.points
    away = np.hypot(*(points[_at(schools, which)] - points[block]).T)
    return [which[n] for n in np.argsort(away, kind="stable").tolist()]


def _shared(county: County, schools: list[School], zoned: Ints) -> tuple[list[int], int]:
    """Blocks of the seat between the two schools of one group: either may be asked for."""
    pair = [n for n, s in enumerate(schools) if s.group and PRIMARY in s.rooms]
    if len(pair) < 2:
        return [], -1
    points = county.settlements.points
    away = np.abs(
        np.hypot(*(points - points[schools[pair[0]].block]).T)
        - np.hypot(*(points - points[schools[pair[1]].block]).T)
    )
    mine = np.flatnonzero(np.isin(zoned, pair))
    chosen = np.sort(mine[np.argsort(away[mine], kind="stable")[:6]])
    zoned[chosen] = pair[0]
    return chosen.tolist(), pair[1]


def zone_rows(zones: Zones, schools: list[School]) -> list[tuple[int, int, int]]:
    """Return stage, school and block of every row of the table."""
    found: list[tuple[int, int, int]] = []
    gaps = set(zones.gaps.tolist())
    for stage in (KINDERGARTEN, PRIMARY, JUNIOR):
        for block, school in enumerate(zones.school[stage].tolist()):
            if stage == PRIMARY and block in gaps:
                continue
            found.append((stage, school, block))
            if stage == PRIMARY and zones.second[block] >= 0:
                found.append((stage, int(zones.second[block]), block))
    high = [n for n in usable(schools, SENIOR).tolist() if "职业" not in schools[n].name[0]]
    found.extend((SENIOR, school, block) for block in range(zones.school.shape[1]) for school in high)
    return found
