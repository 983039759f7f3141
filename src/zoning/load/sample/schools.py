"""Schools of all four stages: where they stand, what they hold, what becomes of them."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from zoning.load.sample import names
from zoning.load.sample.catchments import STAGES, children_ahead, nearest_school, spaced
from zoning.load.sample.chance import Dice, Floats, Ints, dice_for
from zoning.load.sample.people import YEAR
from zoning.load.sample.places import County

KINDERGARTEN, PRIMARY, JUNIOR, SENIOR = range(4)
CLASS_SIZE: Final = (30, 45, 50, 50)
SITE_CLASS_SIZE: Final = 30
LETTER: Final = "KPJH"


@dataclass(frozen=True)
class School:
    """One school as the generator knows it.

    Parameters
    ----------
    kind
        Position of its first stage in the list of stages.
    block, town
        Where it stands.
    name
        Chinese and English.
    rooms
        Classrooms by stage.
    seats
        Seats by stage where they differ from rooms times the norm.
    site, private, central
        Teaching site; private; a town's or the seat's own school.
    opens, closes, beds, group, migrants, parent
        As in the schools table; ``parent`` is the position of a site's central school.
    """

    kind: int
    block: int
    town: int
    name: names.Name
    rooms: dict[int, int]
    seats: dict[int, int] = field(default_factory=dict)
    site: bool = False
    private: bool = False
    central: bool = False
    opens: int | None = None
    closes: int | None = None
    beds: int = 0
    group: str = ""
    migrants: bool = False
    keep: bool = False
    parent: int | None = None

    def capacity(self, stage: int) -> int:
        """Seats of a stage as the loader will count them; 0 where it does not serve it."""
        if stage in self.seats:
            return self.seats[stage]
        size = SITE_CLASS_SIZE if self.site else CLASS_SIZE[stage]
        return self.rooms.get(stage, 0) * size

    def open_in(self, year: int) -> bool:
        """Whether it has pupils in that school year."""
        return (self.opens is None or self.opens <= year) and (self.closes is None or year < self.closes)


def draw_schools(county: County, *, seed: int) -> list[School]:
    """Return the schools of a county: enough seats in every town for the years ahead, but not by much.

    Parameters
    ----------
    county
        The county.
    seed
        Seed.
    """
    dice = dice_for("schools", seed)
    peak = children_ahead(county).max(axis=2)
    found: list[School] = []
    for town in range(len(county.town_names)):
        own = np.flatnonzero(county.regions.town == town)
        found += _primary(dice, county, own, town, peak[:, PRIMARY])
        found += _junior(dice, county, own, town, peak[:, JUNIOR])
    found += _senior(county, peak[:, SENIOR])
    found += _specials(county, found, peak)
    found = _nine_year(found)
    found += _kindergartens(county, found, peak[:, KINDERGARTEN])
    found = _with_parents(found)
    return _features(county, found)


def _core(county: County, own: Ints) -> Ints:
    return own[county.regions.village[own] < 0]


def _rooms(seats: float, stage: int) -> int:
    return max(1, int(np.ceil(seats / CLASS_SIZE[stage])))


def _primary(dice: Dice, county: County, own: Ints, town: int, peak: Floats) -> list[School]:
    """Town and village primary schools with the seats of their surroundings, and teaching sites in the hills."""
    core, seat = _core(county, own), town < county.settlements.seats
    rural = own[county.regions.village[own] >= 0]
    in_core = spaced(county, core, max(1, round(peak[core].sum() / (1050 if seat else 900))))
    centres = np.intersect1d(county.regions.centre, rural)
    hill = float(county.terrain.hilliness(county.settlements.points[core]).mean())
    villages = min(len(centres), int(np.clip(round(peak[rural].sum() / 190), 1 if len(centres) else 0, 6)))
    out = spaced(county, centres, villages) if villages else []
    left = np.setdiff1d(centres, out)
    sites = spaced(county, left, min(len(left), 1 + (hill > 0.45))) if len(left) and hill > 0.22 else []
    at = np.array(in_core + out)
    weight = np.array([0.62] * len(in_core) + [1.0] * len(out))
    load = np.bincount(nearest_school(county, own, at, weight), weights=peak[own], minlength=len(at))
    slack = 1.10 if seat else 1.10 + 0.07 * float(dice.random())
    found = []
    for number, block in enumerate(at.tolist()):
        wanted = load[number] * slack
        if number < len(in_core):
            name = _primary_name(county, town, number, seat=seat)
            found.append(School(PRIMARY, block, town, name, {PRIMARY: _rooms(wanted, PRIMARY)}, central=True))
        else:
            village = county.village_names[int(county.regions.village[block])]
            name = (f"{village[0]}村小学", f"{village[1]} Village Primary School")
            seats = max(60, int(np.ceil(wanted * 1.03 / 5) * 5))
            rooms = {PRIMARY: max(6, _rooms(wanted, PRIMARY))}
            found.append(School(PRIMARY, block, town, name, rooms, {PRIMARY: seats}))
    for block in sites:
        village = county.village_names[int(county.regions.village[block])]
        name = (f"{village[0]}村教学点", f"{village[1]} Village Teaching Site")
        near = peak[county.regions.village == county.regions.village[block]].sum()
        rooms = {PRIMARY: int(np.clip(np.ceil(near / SITE_CLASS_SIZE), 1, 3))}
        found.append(School(PRIMARY, block, town, name, rooms, site=True, keep=bool(hill > 0.45)))
    return found


_NUMBERS: Final = "一二三四五六七八九十"


def _ordinal(number: int) -> str:
    return _NUMBERS[number - 1] if number <= len(_NUMBERS) else str(number)


def _primary_name(county: County, town: int, number: int, *, seat: bool) -> names.Name:
    zh, en = county.town_names[town]
    if seat and number == 0:
        return f"{names.COUNTY[0]}实验小学", "Tingyuan Experimental Primary School"
    if seat:
        return f"{zh}第{_ordinal(number)}小学", f"{en} No. {number} Primary School"
    if number == 0:
        return f"{zh}中心小学", f"{en} Central Primary School"
    return f"{zh}第{_ordinal(number + 1)}小学", f"{en} No. {number + 1} Primary School"


def _junior(dice: Dice, county: County, own: Ints, town: int, peak: Floats) -> list[School]:
    """At least one junior school in every town, four or so in a seat."""
    core, seat = _core(county, own), town < county.settlements.seats
    total = float(peak[own].sum())
    number = max(2, round(total / 1050)) if seat else 1 + (total > 1000)
    # Not beside the primary schools: the second sites of the town.
    at = np.array(spaced(county, core, number + 1)[1:] or spaced(county, core, 1))
    load = np.bincount(nearest_school(county, own, at), weights=peak[own], minlength=len(at))
    # Nobody walks from a far village: towns even out their junior schools.
    load = 0.5 * load + 0.5 * load.mean()
    slack = 1.09 if seat else 1.09 + 0.08 * float(dice.random())
    zh, en = county.town_names[town]
    hill = float(county.terrain.hilliness(county.settlements.points[core]).mean())
    found = []
    for n, block in enumerate(at.tolist()):
        rooms = {JUNIOR: max(3, _rooms(load[n] * slack, JUNIOR))}
        if seat:
            name = (
                f"{names.COUNTY[0]}第{_ordinal(n + 1)}初级中学",
                f"Tingyuan No. {n + 1} Junior Middle School",
            )
        else:
            name = (
                (f"{zh}初级中学", f"{en} Junior Middle School")
                if n == 0
                else (f"{zh}第{_ordinal(n + 1)}初级中学", f"{en} No. {n + 1} Junior Middle School")
            )
        beds = 0 if seat else int(round(rooms[JUNIOR] * 50 * (0.25 + 0.5 * hill) / 20) * 20)
        found.append(School(JUNIOR, block, town, name, rooms, beds=beds, central=True))
    return found


def _senior(county: County, peak: Floats) -> list[School]:
    """Senior high schools in each seat, the vocational one included."""
    found = []
    for seat in range(county.settlements.seats):
        core = _core(county, np.flatnonzero(county.regions.town == seat))
        sites = spaced(county, core, 8)[3:7]
        share = peak.sum() / county.settlements.seats * 1.07
        titles = (
            ("第一高级中学", "No. 1 Senior High School", 0.33),
            ("第二高级中学", "No. 2 Senior High School", 0.27),
            ("第三高级中学", "No. 3 Senior High School", 0.2),
            ("职业教育中心", "Vocational Education Centre", 0.2),
        )
        for block, (zh, en, part) in zip(sites, titles, strict=False):
            rooms = _rooms(share * part / sum(t[2] for t in titles[: len(sites)]), SENIOR)
            beds = int(round(rooms * 50 * 0.7 / 50) * 50)
            name = names.COUNTY[0] + zh, f"Tingyuan {en}"
            found.append(School(SENIOR, block, seat, name, {SENIOR: rooms}, beds=beds, central=True))
    return found


def _specials(county: County, schools: list[School], peak: Floats) -> list[School]:
    """A private nine-year school and a primary school still to be built, both at the edge of the seat."""
    core = _core(county, np.flatnonzero(county.regions.town == 0))
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


def _nine_year(schools: list[School]) -> list[School]:
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


def _kindergartens(county: County, schools: list[School], peak: Floats) -> list[School]:
    """Kindergartens in towns and in the larger villages, seats for the children nearest to each."""
    found: list[tuple[int, int, names.Name]] = []
    called = names.estate_names(dice_for("names", 11))
    for town, (zh, en) in enumerate(county.town_names):
        core = _core(county, np.flatnonzero(county.regions.town == town))
        number = max(1, round(peak[core].sum() / (185 if town < county.settlements.seats else 150)))
        for n, block in enumerate(spaced(county, core, number)):
            own = next(called)
            first = (f"{zh}中心幼儿园", f"{en} Central Kindergarten")
            other = (f"{own[0]}幼儿园", f"{own[1]} Kindergarten")
            found.append((block, town, first if n == 0 else other))
    for school in schools:
        if school.kind == PRIMARY and not (school.central or school.site or school.private):
            name = (
                school.name[0].replace("小学", "幼儿园"),
                school.name[1].replace("Primary School", "Kindergarten"),
            )
            found.append((school.block, school.town, name))
    at = np.array([block for block, _, _ in found])
    every = np.arange(len(county.people.total))
    load = np.bincount(nearest_in_chunks(county, every, at), weights=peak, minlength=len(at))
    return [
        School(KINDERGARTEN, block, town, name, {KINDERGARTEN: max(2, _rooms(load[n] * 1.12, KINDERGARTEN))},
               central="中心" in name[0])
        for n, (block, town, name) in enumerate(found)
    ]  # fmt: skip


def nearest_in_chunks(county: County, blocks: Ints, at: Ints) -> Ints:
    """Return the nearest school of many blocks, a part at a time to keep the memory small."""
    parts = np.array_split(blocks, max(1, len(blocks) * len(at) // 20_000_000))
    return np.concatenate([nearest_school(county, part, at) for part in parts])


def _with_parents(schools: list[School]) -> list[School]:
    """Sort by stage and town; give every teaching site the central school of its town."""
    order = sorted(range(len(schools)), key=lambda n: (schools[n].kind, schools[n].town, schools[n].site, n))
    found = [schools[n] for n in order]
    central: dict[int, int] = {}
    for number, school in enumerate(found):
        if school.kind == PRIMARY and school.central:
            central.setdefault(school.town, number)
    return [replace(s, parent=central[s.town]) if s.site else s for s in found]


def _features(county: County, schools: list[School]) -> list[School]:
    """What planners have to live with: a crowded favourite, a school that closes, a young one, a group."""
    found = list(schools)
    seat = [n for n, s in enumerate(found) if s.kind == PRIMARY and s.town == 0 and s.central]
    small = [
        n
        for n, s in enumerate(found)
        if s.kind == PRIMARY and not (s.central or s.site or s.private) and s.town >= county.settlements.seats
    ]
    if len(seat) > 3:
        favourite, young = seat[0], seat[1]
        gone = max(1, found[favourite].rooms[PRIMARY] // 8)
        rest = seat[1:]
        found[favourite] = _rooms_by(found[favourite], -gone)
        for n in rest[:gone]:
            found[n] = _rooms_by(found[n], 1)
        found[favourite] = replace(found[favourite], group="实验教育集团")
        found[young] = replace(found[young], opens=YEAR - 3, group="实验教育集团")
        found[seat[-2]] = replace(found[seat[-2]], migrants=True)
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
        found[heir] = _rooms_by(found[heir], _rooms(found[closing].capacity(PRIMARY), PRIMARY))
    juniors = [n for n, s in enumerate(found) if s.kind == JUNIOR and s.town == 0]
    if juniors:
        found[juniors[-1]] = replace(found[juniors[-1]], migrants=True)
    return found


def _rooms_by(school: School, more: int) -> School:
    rooms = school.rooms | {PRIMARY: max(1, school.rooms[PRIMARY] + more)}
    return replace(school, rooms=rooms)


def school_ids(schools: list[School]) -> list[str]:
    """Return the ids: K, P, J or H for the first stage, then a number.

    Examples
    --------
    >>> school_ids([School(1, 0, 0, ("", ""), {}), School(1, 0, 0, ("", ""), {}), School(2, 0, 0, ("", ""), {})])
    ['P001', 'P002', 'J001']
    """
    count = dict.fromkeys(range(len(STAGES)), 0)
    found = []
    for school in schools:
        count[school.kind] += 1
        found.append(f"{LETTER[school.kind]}{count[school.kind]:03d}")
    return found
