"""People and children by block: residents by age, births by town and year."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from zoning.load.sample.chance import Flags, Floats, Ints, bell, dice_for, spread
from zoning.load.sample.regions import Regions
from zoning.load.sample.settlements import PEOPLE, Settlements
from zoning.load.sample.terrain import COUNTY_BLOCKS

YEAR: Final = 2026
AGES: Final = range(18)
FIRST_COHORT: Final = 2000
CITY, TOWN, VILLAGE = 0, 1, 2
CLASSES: Final = ("city", "town", "village")

# Births of the country by calendar year, ten thousand (statistical yearbook; 2011-2017 as revised after the
# census of 2020; 2026 is a guess that no table prints).
_FROM_2000: Final = (1771, 1702, 1647, 1599, 1593, 1617, 1585, 1595, 1608, 1591)
_FROM_2010: Final = (1592, 1785, 1973, 1776, 1897, 1654, 1883, 1765, 1523, 1465)
_FROM_2020: Final = (1202, 1062, 956, 902, 954, 792, 775)
NATIONAL: Final = dict(enumerate((*_FROM_2000, *_FROM_2010, *_FROM_2020), FIRST_COHORT))
COUNTY_SHARE: Final = PEOPLE / 1.408e9 * 1e4
# Children per head against the county's mean, at birth and at school age: families move to the seat for
# its schools, grandparents keep the villages.
TILT_AT_BIRTH: Final = np.array([1.20, 1.04, 0.88])
TILT_AT_TWELVE: Final = np.array([1.36, 1.10, 0.79])
LOCAL_SHARE: Final = np.array([0.86, 0.94, 0.985])


@dataclass(frozen=True, eq=False)
class People:
    """People by block and children by age.

    Parameters
    ----------
    total
        People, int64 [block].
    place
        Position in ``CLASSES``, int64 [block].
    weight
        Children of one cohort living in the block in 2026, expected, by age 0-26, float64 [block, age].
    children
        The same as counted, ages 0-17, int64 [block, age].
    migrants
        Of these, registered elsewhere, int64 [block, age].
    births
        Births by town and calendar year 2014-2025, by month, int64 [town, year, month].
    """

    total: Ints = field(repr=False)
    place: Ints = field(repr=False)
    weight: Floats = field(repr=False)
    children: Ints = field(repr=False)
    migrants: Ints = field(repr=False)
    births: Ints = field(repr=False)


def cohort(year: int) -> float:
    """Return the country's births of a school cohort: two thirds of its year, one third of the year before.

    A child of age a on 31 August of autumn t was born from September of t - a - 1 to August of t - a.

    Examples
    --------
    >>> round(cohort(2020))
    1290
    """
    before = NATIONAL.get(year - 1, NATIONAL[FIRST_COHORT])
    return before / 3 + NATIONAL[year] * 2 / 3


def draw_people(settlements: Settlements, regions: Regions, *, seed: int) -> People:
    """Return people and children of every block.

    Parameters
    ----------
    settlements, regions
        The blocks.
    seed
        Seed.
    """
    dice = dice_for("people", seed)
    size = len(settlements.points)
    urban = regions.village < 0
    place = np.where(urban, np.where(regions.town < settlements.seats, CITY, TOWN), VILLAGE)
    total = _people(float(dice.random()), bell(dice, size), settlements, regions, urban)
    share = COUNTY_SHARE * size / COUNTY_BLOCKS * total.sum() / (PEOPLE * size / COUNTY_BLOCKS)
    family = total * np.exp(0.16 * bell(dice, size))
    ages = np.arange(YEAR - FIRST_COHORT + 1)
    weight = np.empty((size, len(ages)))
    lean = 0.07 * bell(dice, size)
    for age in ages.tolist():
        tilt = TILT_AT_BIRTH + (TILT_AT_TWELVE - TILT_AT_BIRTH) * min(age, 14) / 12
        raw = family * tilt[place] * np.exp(lean * (age - 8) / 8)
        leaving = 0.985 - 0.035 * max(age - 14, 0)
        weight[:, age] = raw / raw.sum() * share * cohort(YEAR - age) * leaving
    children = np.column_stack(
        [spread(weight[:, a] * np.exp(0.05 * bell(dice, size)), float(dice.random())) for a in AGES]
    )
    guests = children * (1 - LOCAL_SHARE[place])[:, None] * (0.6 + 0.8 * dice.random(size))[:, None]
    migrants = np.minimum(spread(guests.ravel(), 0.5).reshape(children.shape), children)
    births = _births(float(dice.random()), weight, regions.town, bell(dice, (len(settlements.centres), 12)))
    return People(total, place, weight, children, migrants, births)


def _people(start: float, noise: Floats, settlements: Settlements, regions: Regions, urban: Flags) -> Ints:
    """People by block: alike in a town's street blocks, very unlike among villages."""
    seat = urban & (regions.town < settlements.seats)
    raw = np.where(seat, 800.0, 430.0) * np.exp(0.33 * noise)
    raw = np.where(urban, raw, 185.0 * np.exp(0.72 * noise))
    towns = len(settlements.centres)
    built = np.bincount(regions.town, raw * urban, towns)
    rural = np.bincount(regions.town, raw * ~urban, towns)
    left = np.clip(settlements.town_people - built, 0.25 * settlements.town_people, None)
    factor = left / np.maximum(rural, 1.0)
    # Neither ghost villages nor villages of a thousand everywhere.
    factor = np.clip(factor, 0.55, 2.6)
    amount = raw * np.where(urban, 1.0, factor[regions.town])
    amount *= settlements.town_people.sum() / amount.sum()
    return np.maximum(spread(amount, start), 12)


def _births(start: float, weight: Floats, town: Ints, noise: Floats) -> Ints:
    """Births by town, year and month: the newborn's share of each town, more in autumn than in spring."""
    towns = noise.shape[0]
    season = np.array([1.02, 0.93, 0.96, 0.93, 0.95, 0.95, 1.0, 1.05, 1.07, 1.08, 1.04, 1.02])
    season = season / season.sum()
    young = np.column_stack([np.bincount(town, weight[:, age], towns) for age in (0, 1, 2)]).sum(axis=1)
    share = young / young.sum()
    scale = weight[:, 0].sum() / cohort(YEAR)
    years = np.array([NATIONAL[y] for y in range(2014, 2026)]) * scale / 0.985
    # Towns drift a little from year to year; the seat gains on the villages.
    amount = share[:, None] * years[None, :] * np.exp(0.025 * noise)
    monthly = amount[:, :, None] * season
    return spread(monthly.ravel(), start).reshape(monthly.shape)
