"""Enrolment by school, autumn and grade: cohorts that move up through the schools of their zones."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from zoning.load.sample.catchments import CITY_GROWTH
from zoning.load.sample.chance import Dice, Floats, Ints, bell, dice_for
from zoning.load.sample.people import CITY, YEAR
from zoning.load.sample.places import County
from zoning.load.sample.school import JUNIOR, KINDERGARTEN, PRIMARY, SENIOR, School
from zoning.load.sample.zones import Zones, usable

FIRST_YEAR: Final = 2019
YEARS: Final = range(FIRST_YEAR, YEAR + 1)
GRADES: Final = range(-2, 13)
STAGE_OF: Final = (KINDERGARTEN,) * 3 + (PRIMARY,) * 6 + (JUNIOR,) * 3 + (SENIOR,) * 3
# Share of the children of that age who attend a public school of the county.
ATTEND: Final = (0.80, 0.93, 0.97) + (0.965,) * 6 + (0.945,) * 3 + (0.88, 0.87, 0.86)
PRIVATE_SHARE: Final = {PRIMARY: 0.028, JUNIOR: 0.04}
CLASS_TARGET: Final = {KINDERGARTEN: 28.0, PRIMARY: 45.0, JUNIOR: 50.0, SENIOR: 52.0}


@dataclass(frozen=True, eq=False)
class Enrolment:
    """Pupils and classes.

    Parameters
    ----------
    pupils, classes
        int64 [school, year, grade]; years 2019-2026, grades K1-12.
    """

    pupils: Ints = field(repr=False)
    classes: Ints = field(repr=False)


def draw_enrolment(county: County, schools: list[School], zones: Zones, *, seed: int) -> Enrolment:
    """Return eight autumns of enrolment.

    Parameters
    ----------
    county, schools, zones
        The county so far.
    seed
        Seed.
    """
    dice = dice_for("enrolment", seed)
    expected = np.zeros((len(schools), len(YEARS), len(GRADES)))
    shares = _senior_shares(schools)
    for g, grade in enumerate(GRADES):
        stage = STAGE_OF[g]
        for y, year in enumerate(YEARS):
            children = _children(county, grade, year)
            if stage == SENIOR:
                expected[:, y, g] = children.sum() * ATTEND[g] * shares
                continue
            weight = children * ATTEND[g]
            half = np.where((zones.second >= 0) & (stage == PRIMARY), 0.5, 1.0)
            np.add.at(expected[:, y, g], zones.school[stage], weight * half)
            if stage == PRIMARY:
                both = zones.second >= 0
                np.add.at(expected[:, y, g], zones.second[both], weight[both] * 0.5)
            private = [n for n, s in enumerate(schools) if s.private and stage in s.rooms]
            expected[private, y, g] = PRIVATE_SHARE.get(stage, 0.0) * children.sum()
    _move(schools, expected)
    pupils = np.round(expected * np.exp(_noise(dice, len(schools)))).astype(np.int64)
    return Enrolment(pupils, _classes(schools, pupils))


def _children(county: County, grade: int, year: int) -> Floats:
    """Children of a grade in some autumn, by block, as they lived then."""
    age_now = grade + 5 + YEAR - year
    people = county.people
    leaving = 0.985 - 0.035 * max(age_now - 14, 0)
    growth = np.where(people.place == CITY, CITY_GROWTH ** (year - YEAR), 1.0)
    return np.asarray(people.weight[:, age_now] / leaving * 0.985 * growth)


def _senior_shares(schools: list[School]) -> Floats:
    seats = np.array([float(s.capacity(SENIOR)) for s in schools])
    seats[np.setdiff1d(np.arange(len(schools)), usable(schools, SENIOR))] = 0.0
    return np.asarray(seats / max(seats.sum(), 1.0))


def _move(schools: list[School], expected: Floats) -> None:
    """Upper grades of teaching sites go to the central school; a young school fills grade by grade."""
    grade_four = GRADES.index(4)
    first = GRADES.index(1)
    for n, school in enumerate(schools):
        if school.site and school.parent is not None:
            expected[school.parent, :, grade_four:] += expected[n, :, grade_four:]
            expected[n, :, grade_four:] = 0.0
        if school.opens is not None and school.opens <= YEAR:
            elder = next(m for m, s in enumerate(schools) if s.group == school.group and m != n)
            for y, year in enumerate(YEARS):
                # Grade g of this autumn entered g - 1 autumns ago.
                early = max(0, min(6, year - school.opens + 1))
                late = slice(first + early, first + 6)
                expected[elder, y, late] += expected[n, y, late]
                expected[n, y, late] = 0.0


def _noise(dice: Dice, schools: int) -> Floats:
    """Errors that stay with a cohort and grow as it moves up: logarithms, float64 [school, year, grade]."""
    years, grades = len(YEARS), len(GRADES)
    start = 0.045 * bell(dice, (schools, years + grades))
    steps = 0.012 * bell(dice, (schools, years, grades))
    level = 0.03 * bell(dice, schools)
    found = np.zeros((schools, years, grades))
    for y in range(years):
        for g in range(grades):
            # Cohorts of one school share the diagonal; a new stage begins afresh.
            old = found[:, y - 1, g - 1] if y and g and STAGE_OF[g] == STAGE_OF[g - 1] else None
            fresh = start[:, years - y + g] + level
            found[:, y, g] = steps[:, y, g] + (fresh if old is None else old)
    return found


def _classes(schools: list[School], pupils: Ints) -> Ints:
    """Classes by the usual size, but no more than there are rooms for."""
    found = np.zeros_like(pupils)
    for n, school in enumerate(schools):
        for g in range(len(GRADES)):
            stage = STAGE_OF[g]
            if stage not in school.rooms:
                continue
            wanted = np.ceil(pupils[n, :, g] / CLASS_TARGET[stage])
            grades = STAGE_OF.count(stage) if not school.site else 3
            most = max(1, -(-school.rooms[stage] // grades))
            if stage == PRIMARY and school.group:
                most = max(1, school.rooms[stage] // grades)
            # Past its rooms a school hires more rather than seat 66 in a class.
            found[n, :, g] = np.maximum(np.minimum(wanted, most), np.ceil(pupils[n, :, g] / 65))
    return found
