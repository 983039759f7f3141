"""What makes a county's schools a headache: private, planned, young, crowded and closing ones."""

from dataclasses import replace

import numpy as np

from zoning.load.sample import names
from zoning.load.sample.catchments import spaced
from zoning.load.sample.chance import Floats
from zoning.load.sample.people import YEAR
from zoning.load.sample.places import County
from zoning.load.sample.school import JUNIOR, PRIMARY, School, rooms_for


def special_schools(county: County, schools: list[School], peak: Floats) -> list[School]:
    """A private nine-year school and a primary school still to be built, both at the edge of the seat."""
    core = np.flatnonzero((county.regions.town == 0) & (county.regions.village < 0))
    taken = [school.block for school in schools]
    free = core[~np.isin(core, taken)]
    if len(free) < 3:
        return []
    places = spaced(county, free, 4)
    rooms = max(2, round(0.035 * peak[:, PRIMARY].sum() / 45 / county.settlements.seats))
    private = School(
        PRIMARY, places[1], 0, ("育英外国语学校（民办）", "Yuying Foreign Language School (private)"),
        {PRIMARY: rooms, JUNIOR: max(2, rooms // 2)}, private=True, beds=300,
    )  # fmt: skip
    planned = School(
        PRIMARY, places[2], 0, (f"{names.SEAT[0]}新城小学", "Tingyang New Town Primary School"),
        {PRIMARY: 24}, opens=YEAR + 2,
    )  # fmt: skip
    return [private, planned]


def nine_year_schools(schools: list[School]) -> list[School]:
    """Where a town has two junior schools, the second is joined with the nearest town primary school."""
    found = list(schools)
    for town in sorted({s.town for s in schools if s.kind == JUNIOR}):
        juniors = [n for n, s in enumerate(found) if s.kind == JUNIOR and s.town == town]
        primaries = [n for n, s in enumerate(found) if s.kind == PRIMARY and s.town == town and s.central]
        if len(juniors) < 2 or len(primaries) < 2:
            continue
        junior, primary = found[juniors[-1]], found[primaries[-1]]
        zh, en = primary.name
        name = zh.replace("小学", "学校"), en.replace("Primary School", "Nine-Year School")
        found[primaries[-1]] = replace(
            primary, name=name, rooms=primary.rooms | junior.rooms, beds=junior.beds,
        )  # fmt: skip
        del found[juniors[-1]]
    return found


def with_parents(schools: list[School]) -> list[School]:
    """Sort by stage and town; give every teaching site the central school of its town."""
    order = sorted(range(len(schools)), key=lambda n: (schools[n].kind, schools[n].town, schools[n].site, n))
    found = [schools[n] for n in order]
    central: dict[int, int] = {}
    for number, school in enumerate(found):
        if school.kind == PRIMARY and school.central:
            central.setdefault(school.town, number)
    return [replace(s, parent=central[s.town]) if s.site else s for s in found]


def with_features(county: County, schools: list[School]) -> list[School]:
    """What planners have to live with: a crowded favourite, a school that closes, a young one, a group."""
    found = list(schools)
    seat = [n for n, s in enumerate(found) if s.kind == PRIMARY and s.town == 0 and s.central]
    small = [
        n
        for n, s in enumerate(found)
        if s.kind == PRIMARY and not (s.central or s.site or s.private) and s.town >= county.settlements.seats
    ]
    if len(seat) > 3:
        points = county.settlements.points
        favourite = seat[0]
        young = min(
            (n for n in seat[1:] if JUNIOR not in found[n].rooms),
            key=lambda n: float(np.hypot(*(points[found[n].block] - points[found[favourite].block]))),
        )
        gone = max(1, found[favourite].rooms[PRIMARY] // 8)
        rest = seat[1:]
        found[favourite] = _rooms_by(found[favourite], -gone)
        for n in rest[:gone]:
            found[n] = _rooms_by(found[n], 1)
        found[favourite] = replace(found[favourite], group="实验教育集团")
        found[young] = replace(found[young], opens=YEAR - 3, group="实验教育集团")
        outer = [n for n in seat[1:] if n != young]
        found[outer[-1]] = replace(found[outer[-1]], migrants=True)
    if small:
        closing = min(small, key=lambda n: found[n].capacity(PRIMARY))
        found[closing] = replace(found[closing], closes=YEAR + 2)
        heir = min(
            (
                n
                for n, s in enumerate(found)
                if s.kind == PRIMARY and s.town == found[closing].town and s.central
            ),
        )
        found[heir] = _rooms_by(found[heir], rooms_for(found[closing].capacity(PRIMARY), PRIMARY))
    juniors = [n for n, s in enumerate(found) if s.kind == JUNIOR and s.town == 0]
    if juniors:
        found[juniors[-1]] = replace(found[juniors[-1]], migrants=True)
    return found


def _rooms_by(school: School, more: int) -> School:
    rooms = school.rooms | {PRIMARY: max(1, school.rooms[PRIMARY] + more)}
    return replace(school, rooms=rooms)
