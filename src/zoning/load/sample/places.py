"""Names of towns, villages and blocks, and the county as one value."""

from dataclasses import dataclass, field

import numpy as np

from zoning.load.sample import names
from zoning.load.sample.cells import Cells, draw_cells
from zoning.load.sample.chance import dice_for
from zoning.load.sample.people import People, draw_people
from zoning.load.sample.regions import Regions, draw_regions
from zoning.load.sample.settlements import Settlements, draw_settlements
from zoning.load.sample.terrain import Terrain, draw_terrain

SMALLEST = 100


@dataclass(frozen=True, eq=False)
class County:
    """An invented county: land, blocks, regions, people and names.

    Parameters
    ----------
    terrain, settlements, cells, regions, people
        What stands where; positions of blocks and towns agree.
    town_names, village_names, block_names
        Chinese and English of each town, village and block.
    """

    terrain: Terrain = field(repr=False)
    settlements: Settlements = field(repr=False)
    cells: Cells = field(repr=False)
    regions: Regions = field(repr=False)
    people: People = field(repr=False)
    town_names: list[names.Name] = field(repr=False)
    village_names: list[names.Name] = field(repr=False)
    block_names: list[names.Name] = field(repr=False)

    @property
    def block_ids(self) -> list[str]:
        """Ids of the blocks."""
        width = max(4, len(str(len(self.block_names))))
        return [f"B{number:0{width}d}" for number in range(1, len(self.block_names) + 1)]


def draw_county(*, blocks: int = 1200, seed: int = 7) -> County:
    """Return an invented county of any size, in memory.

    Parameters
    ----------
    blocks
        Number of blocks; people, towns, area and seats grow with it (1,200 blocks: 345,000 people).
    seed
        Seed; the same one gives the same county.

    Raises
    ------
    ValueError
        For fewer than 100 blocks: too few for two towns and their villages.

    Examples
    --------
    >>> county = draw_county(blocks=120)
    >>> len(county.cells.polygons), int(county.people.total.sum())
    (120, 34500)
    """
    if blocks < SMALLEST:
        raise ValueError(f"{blocks} blocks are too few for a county; {SMALLEST} are the least")
    terrain = draw_terrain(blocks=blocks, seed=seed)
    settlements = draw_settlements(terrain, blocks=blocks, seed=seed)
    cells = draw_cells(terrain, settlements.points)
    regions = draw_regions(settlements, cells, seed=seed)
    people = draw_people(settlements, regions, seed=seed)
    towns = _town_names(settlements, seed)
    villages = _village_names(regions, seed)
    every = _block_names(settlements, regions, towns, villages, seed)
    return County(terrain, settlements, cells, regions, people, towns, villages, every)


def _town_names(settlements: Settlements, seed: int) -> list[names.Name]:
    called = names.town_names(dice_for("names", seed))
    found = [names.SEAT]
    found += [next(called) for _ in range(len(settlements.centres) - 1)]
    return found


def _village_names(regions: Regions, seed: int) -> list[names.Name]:
    called = names.village_names(dice_for("names", seed + 1))
    return [next(called) for _ in range(len(regions.centre))]


def _block_names(
    settlements: Settlements,
    regions: Regions,
    towns: list[names.Name],
    villages: list[names.Name],
    seed: int,
) -> list[names.Name]:
    """Street blocks of a seat by estate, of a town by quarter; natural villages by village and place."""
    dice = dice_for("names", seed + 2)
    estates = names.estate_names(dice)
    hamlets = names.hamlet_names(dice)
    at = int(dice.integers(len(hamlets)))
    found: list[names.Name] = []
    quarter = np.zeros(len(towns), dtype=np.int64)
    directions = (("东", "East"), ("西", "West"), ("南", "South"), ("北", "North"), ("中", "Middle"))
    centre = set(regions.centre.tolist())
    for block, (village, town) in enumerate(
        zip(regions.village.tolist(), regions.town.tolist(), strict=True)
    ):
        if village >= 0:
            zh, en = villages[village]
            at = (at + 1) % len(hamlets)
            own = (zh, en) if block in centre else hamlets[at]
            found.append((f"{zh}村{own[0]}", f"{own[1]}, {en} Village"))
        elif town < settlements.seats:
            found.append(next(estates))
        else:
            turn, number = divmod(int(quarter[town]), len(directions))
            quarter[town] += 1
            zh, en = directions[number]
            suffix = "" if turn == 0 else str(turn + 1)
            short = towns[town][0][:-1]
            found.append((f"{short}{zh}街{suffix}社区", f"{towns[town][1]} {en} Street {suffix}".strip()))
    return found
