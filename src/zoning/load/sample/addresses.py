"""Addresses: estates, villages and streets with their number ranges, odd on one side, even on the other."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from zoning.load.sample import names
from zoning.load.sample.chance import dice_for
from zoning.load.sample.places import County
from zoning.load.sample.school import PRIMARY, School
from zoning.load.sample.townstreets import TownStreets
from zoning.load.sample.zones import Zones, usable

METRES_A_NUMBER: Final = 11.0


@dataclass(frozen=True)
class Address:
    """One row of the table of addresses."""

    block: int
    kind: str
    name: names.Name
    first: int | None = None
    last: int | None = None
    parity: str = ""
    exception_stage: str = ""
    exception_school: int | None = None


def draw_addresses(
    county: County, schools: list[School], zones: Zones, town: TownStreets, *, seed: int
) -> list[Address]:
    """Return the addresses of a county.

    Parameters
    ----------
    county, schools, zones, town
        The county so far.
    seed
        Seed.
    """
    dice = dice_for("addresses", seed)
    called = names.estate_names(dice_for("names", seed + 3))
    found = []
    for block, (zh, en) in enumerate(county.block_names):
        village = int(county.regions.village[block])
        if village >= 0:
            found.append(Address(block, "village", (zh, en)))
        elif county.regions.town[block] < county.settlements.seats:
            found.append(Address(block, "estate", (zh, en)))
        for _ in range(int(dice.integers(2)) if village < 0 else 0):
            estate = next(called)
            short, reading = county.town_names[int(county.regions.town[block])]
            found.append(Address(block, "estate", (short[:-1] + estate[0], f"{reading} {estate[1]}")))
    streets = _streets(county, town)
    return found + streets + _exceptions(county, schools, zones, streets)


def _streets(county: County, town: TownStreets) -> list[Address]:
    """Number ranges along the named streets, stretch by stretch, a side each."""
    points = county.settlements.points
    core = county.settlements.core
    stretches: dict[tuple[int, names.Name], list[int]] = {}
    for number, name in enumerate(town.name):
        if name is not None:
            stretches.setdefault((int(core[town.pairs[number, 0]]), name), []).append(number)
    found = []
    for (of_town, name), numbers in stretches.items():
        zh, en = county.town_names[of_town]
        full = name if of_town < county.settlements.seats else (zh[:-1] + name[0], f"{en} {name[1]}")
        at = 1
        ranges: dict[tuple[int, str], tuple[int, int]] = {}
        heading = None
        for number in sorted(numbers, key=lambda n: int(town.place[n])):
            start, end = town.ends[number].reshape(2, 2)
            if heading is not None and float(np.dot(end - start, heading)) < 0:
                start, end = end, start
            heading = end - start
            last = at + 2 * max(1, round(float(np.hypot(*heading)) / METRES_A_NUMBER / 2)) - 1
            for block in town.pairs[number].tolist():
                aside = points[block] - start
                left = heading[0] * aside[1] - heading[1] * aside[0] > 0
                low, high = (at, last - 1) if left else (at + 1, last)
                key = (int(block), "odd" if left else "even")
                old = ranges.get(key)
                ranges[key] = (low, high) if old is None else (min(old[0], low), max(old[1], high))
            at = last + 1
        for (block, parity), (low, high) in ranges.items():
            found.append(Address(block, "street", full, low, max(low, high), parity))
    return found


def _exceptions(county: County, schools: list[School], zones: Zones, streets: list[Address]) -> list[Address]:
    """A few numbers of the seat that go, by an old promise, to another school than their block."""
    seat = [a for a in streets if county.regions.town[a.block] == 0 and a.first is not None]
    others = [n for n in usable(schools, PRIMARY, town=0).tolist() if schools[n].central]
    found = []
    for address in [a for a in seat if a.last is not None and a.first is not None and a.last - a.first > 24][
        :4
    ]:
        own = int(zones.school[PRIMARY, address.block])
        choice = [n for n in others if n != own]
        if choice and address.first is not None:
            low = address.first + 8
            found.append(
                Address(
                    address.block, "street", address.name, low, low + 8, address.parity, "primary", choice[0]
                )
            )
    return found
