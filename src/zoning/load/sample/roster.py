"""A roster of new pupils of the seat, every child invented."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from zoning.load.sample import names
from zoning.load.sample.addresses import Address
from zoning.load.sample.chance import Dice, dice_for
from zoning.load.sample.people import YEAR
from zoning.load.sample.places import County
from zoning.load.sample.school import KINDERGARTEN, PRIMARY, School
from zoning.load.sample.zones import Zones

PUPILS: Final = 600
TWINS: Final = 9
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NEEDS: Final = ("听力", "视力", "肢体", "孤独症谱系", "言语")


@dataclass
class Pupil:
    """One row of the roster."""

    name: str
    gender: str
    sid: str
    birth_date: str
    kindergarten: str
    address: str
    need: str
    registered_at: str
    tier: int
    choices: list[int]
    twin_group: str = ""
    together: str = ""


def draw_roster(
    county: County, schools: list[School], zones: Zones, addresses: list[Address], *, seed: int
) -> list[Pupil]:
    """Return the roster, in order of registration.

    Parameters
    ----------
    county, schools, zones, addresses
        The county so far.
    seed
        Seed.
    """
    dice = dice_for("roster", seed)
    seat = np.flatnonzero((county.regions.town == 0) & (county.regions.village < 0))
    weight = np.cumsum(county.people.children[seat, 6].astype(np.float64) + 0.1)
    by_block: dict[int, list[Address]] = {}
    for address in addresses:
        if not address.exception_stage:
            by_block.setdefault(address.block, []).append(address)
    singles = PUPILS - TWINS - 1
    pupils = []
    for _ in range(singles):
        block = int(seat[np.searchsorted(weight, float(dice.random()) * weight[-1])])
        pupils.append(_pupil(dice, county, schools, zones, by_block.get(block, []), block))
    # Nine pairs and one more child that makes a set of triplets.
    for number, pupil in enumerate([pupils[i] for i in dice.permutation(singles)[:TWINS].tolist()]):
        _twins(dice, pupils, pupil, number)
    order = sorted(range(len(pupils)), key=lambda n: (pupils[n].registered_at, pupils[n].sid))
    return [pupils[n] for n in order]


def _sid(dice: Dice) -> str:
    """128 bits by chance in Crockford's base 32, as registration issues them."""
    return "".join(CROCKFORD[i] for i in [int(dice.integers(8)), *dice.integers(32, size=25).tolist()])


def _pupil(  # noqa: PLR0917 - one call
    dice: Dice, county: County, schools: list[School], zones: Zones, known: list[Address], block: int
) -> Pupil:
    name, _ = names.child_name(dice)
    born = date(YEAR - 7, 9, 1) + timedelta(days=int(dice.integers(365)))
    at = datetime(YEAR, 6, 20, 8, 0) + timedelta(  # noqa: DTZ001 - a form has no time zone
        days=int(dice.integers(6)), minutes=int(dice.integers(9 * 60))
    )
    home = int(zones.school[PRIMARY, block])
    second = int(zones.second[block])
    near = [n for n in _seat_schools(schools) if n not in (home, second)]
    other = [near[int(dice.integers(len(near)))]] if near else []
    choices = [home, *([second] if second >= 0 else []), *other]
    chance = float(dice.random())
    tier = 1 if chance < 0.62 else 2 if chance < 0.85 else 3
    need = NEEDS[int(dice.integers(len(NEEDS)))] if dice.random() < 0.023 else ""
    return Pupil(
        name, "F" if dice.random() < 0.473 else "M", _sid(dice), born.isoformat(),
        schools[int(zones.school[KINDERGARTEN, block])].name[0] if dice.random() < 0.94 else "",
        _address(dice, county, known, block), need, at.strftime("%Y-%m-%d %H:%M"), tier, choices,
    )  # fmt: skip


def _seat_schools(schools: list[School]) -> list[int]:
    return [
        n for n, s in enumerate(schools)
        if s.town == 0 and PRIMARY in s.rooms and s.central and s.open_in(YEAR)
    ]  # fmt: skip


def _address(dice: Dice, county: County, known: list[Address], block: int) -> str:
    """An address as families write it: estate with building, or street with number; a few too short."""
    if not known:
        return county.block_names[block][0]
    address = known[int(dice.integers(len(known)))]
    start = names.SEAT[0] if dice.random() < 0.3 else ""
    if address.kind == "street" and address.first is not None and address.last is not None:
        number = address.first + 2 * int(dice.integers((address.last - address.first) // 2 + 1))
        return f"{start}{address.name[0]}{number}号"
    if dice.random() < 0.04:
        return f"{start}{address.name[0]}"
    return f"{start}{address.name[0]}{int(dice.integers(1, 19))}号楼{int(dice.integers(1, 5))}单元"


def _twins(dice: Dice, pupils: list[Pupil], first: Pupil, number: int) -> None:
    """Give a child a twin (the last one two), marked as different forms mark it."""
    mark = (f"T{number + 1}", f"双{number + 1}", f"双胞胎{number + 1}")[number % 3]
    asked = ("yes", "no", "是", "", "yes", "否")[number % 6]
    first.twin_group, first.together = mark, asked
    for _ in range(2 if number == TWINS - 1 else 1):
        given = names.child_name(dice)[0][1:]
        gender = "F" if dice.random() < 0.5 else "M"
        # Brothers and sisters are registered together and live together.
        pupils.append(replace(first, name=first.name[0] + given, gender=gender, sid=_sid(dice), need=""))
