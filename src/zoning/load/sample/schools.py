"""Schools of all four stages: where they stand, what they hold, what becomes of them."""

from typing import Final

import numpy as np

from zoning.load.sample import names
from zoning.load.sample.catchments import children_ahead, nearest_in_chunks, nearest_school, spaced
from zoning.load.sample.chance import Dice, Floats, Ints, dice_for
from zoning.load.sample.places import County
from zoning.load.sample.quirks import nine_year_schools, special_schools, with_features, with_parents
from zoning.load.sample.school import (
    JUNIOR,
    KINDERGARTEN,
    PRIMARY,
    SENIOR,
    SITE_CLASS_SIZE,
    School,
    rooms_for,
)

LARGE_TOWN: Final = 1600.0
"""Primary pupils from which a town has two schools of a stage."""


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
    found += special_schools(county, found, peak)
    found = nine_year_schools(found)
    found += _kindergartens(county, found, peak[:, KINDERGARTEN])
    found = with_parents(found)
    return with_features(county, found)


def _core(county: County, own: Ints) -> Ints:
    return own[county.regions.village[own] < 0]


def _primary(dice: Dice, county: County, own: Ints, town: int, peak: Floats) -> list[School]:
    """Primary schools of towns and villages with the seats of their surroundings; sites in the hills."""
    core, seat = _core(county, own), town < county.settlements.seats
    rural = own[county.regions.village[own] >= 0]
    wanted_in_core = round(peak[core].sum() / 1050) if seat else 1 + (peak[own].sum() > LARGE_TOWN)
    in_core = spaced(county, core, max(1, int(wanted_in_core)))
    centres = np.intersect1d(county.regions.centre, rural)
    hill = float(county.terrain.hilliness(county.settlements.points[core]).mean())
    villages = min(len(centres), int(np.clip(round(peak[rural].sum() / 190), 1 if len(centres) else 0, 6)))
    out = spaced(county, centres, villages) if villages else []
    left = np.setdiff1d(centres, out)
    sites = spaced(county, left, min(len(left), 1 + (hill > 0.45))) if len(left) and hill > 0.22 else []
    at = np.array(in_core + out)
    weight = np.array([0.62] * len(in_core) + [1.0] * len(out))
    load = np.bincount(nearest_school(county, own, at, weight), weights=peak[own], minlength=len(at))
    if seat:
        # The middle of the seat is too dense for schools of its own size: they stand further out.
        load[: len(in_core)] = 0.35 * load[: len(in_core)] + 0.65 * load[: len(in_core)].mean()
    slack = 1.10 if seat else 1.10 + 0.07 * float(dice.random())
    found = []
    for number, block in enumerate(at.tolist()):
        wanted = load[number] * slack
        if number < len(in_core):
            name = _primary_name(county, town, number, seat=seat)
            found.append(
                School(PRIMARY, block, town, name, {PRIMARY: rooms_for(wanted, PRIMARY)}, central=True)
            )
        else:
            village = county.village_names[int(county.regions.village[block])]
            name = (f"{village[0]}村小学", f"{village[1]} Village Primary School")
            seats = max(60, int(np.ceil(wanted * 1.03 / 5) * 5))
            rooms = {PRIMARY: max(6, rooms_for(wanted, PRIMARY))}
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
    number = max(2, round(total / 1050)) if seat else 1 + (total > 0.59 * LARGE_TOWN)
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
        rooms = {JUNIOR: max(3, rooms_for(load[n] * slack, JUNIOR))}
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
            rooms = rooms_for(share * part / sum(t[2] for t in titles[: len(sites)]), SENIOR)
            beds = int(round(rooms * 50 * 0.7 / 50) * 50)
            name = names.COUNTY[0] + zh, f"Tingyuan {en}"
            found.append(School(SENIOR, block, seat, name, {SENIOR: rooms}, beds=beds, central=True))
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
    rooms = [max(2, rooms_for(seats * 1.06, KINDERGARTEN)) for seats in load.tolist()]
    return [
        School(KINDERGARTEN, block, town, name, {KINDERGARTEN: rooms[n]}, central="中心" in name[0])
        for n, (block, town, name) in enumerate(found)
    ]
