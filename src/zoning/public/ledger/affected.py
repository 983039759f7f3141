"""Every address whose school changes: what the finders of both years answer, number by number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pandas as pd

from zoning.errors import Text
from zoning.public.answers import Answer, SchoolFinder
from zoning.public.places import whole_number
from zoning.public.publication import Publication

__all__ = ["Affected", "affected_addresses"]

_MOST_NUMBERS: Final = 5000


@dataclass(frozen=True, slots=True)
class Affected:
    """One entry of the addresses table, or a stretch of it, whose school changes.

    Parameters
    ----------
    stage
        Name of the stage.
    town, kind, name
        Town, kind (``street``, ``estate``, ``village`` …) and name.
    first, last, parity
        House numbers; None where there is no end.
    before, after
        School ids of both years.
    block_id
        The block that the entry lies in.
    unsure
        Whether the address alone fits several places, so that neither year's page answers it; its block does.
    """

    stage: str
    town: str
    kind: str
    name: Text
    first: int | None
    last: int | None
    parity: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    block_id: str
    unsure: bool


def affected_addresses(publication: Publication) -> tuple[Affected, ...]:
    """Return every entry of the addresses table whose school changes, exceptions respected.

    An entry of which some numbers keep their school, such as those of an exception, is told in stretches.

    Parameters
    ----------
    publication
        What is published; without a year beside it, or without addresses, there are none.

    Raises
    ------
    DataError
        When a plan names what the district does not have.
    """
    table, other = publication.district.table("addresses"), publication.other
    if table is None or other is None:
        return ()
    stages = [stage for stage in publication.main.plans if stage in other.plans]
    plans = [{stage: year.plans[stage] for stage in stages} for year in (other, publication.main)]
    old, new = (SchoolFinder(publication.district, of_year) for of_year in plans)
    changed = {
        block
        for stage in stages
        for block in {*plans[0][stage].block_ids, *plans[1][stage].block_ids}
        if old.of_block(stage, block)[0] != new.of_block(stage, block)[0]
    }
    towns = publication.district.block_frame["town"].astype("str").to_dict()
    found: list[Affected] = []
    for row in _rows(table[table["block_id"].isin(changed)]):
        found += _of_entry(row, towns.get(row.block_id, ""), old, new)
    order = {stage: at for at, stage in enumerate(stages)}
    place = {town: at for at, town in enumerate(dict.fromkeys(towns.values()))}

    def key(one: Affected) -> tuple[int, int, str, str, int]:
        where = (order[one.stage], place.get(one.town, len(place)), one.name.zh)
        return *where, one.parity, -1 if one.first is None else one.first

    return tuple(sorted(dict.fromkeys(found), key=key))


@dataclass(frozen=True, slots=True)
class _Row:
    block_id: str
    kind: str
    name: Text
    first: int | None
    last: int | None
    parity: str


def _rows(table: pd.DataFrame) -> Iterator[_Row]:
    english = table["name_en"] if "name_en" in table else [""] * len(table)
    columns = (table[name] for name in ("block_id", "kind", "name", "from", "to", "parity"))
    for en, block, kind, zh, first, last, parity in zip(english, *columns, strict=True):
        name = Text(en if isinstance(en, str) and en else str(zh), str(zh))
        yield _Row(
            str(block),
            str(kind),
            name,
            whole_number(float(first)),
            whole_number(float(last)),
            str(parity) or "all",
        )


def _numbers(row: _Row) -> Sequence[int | None]:
    """Return the numbers to ask for: all of a stretch, its ends where it is open, none for a whole street."""
    wanted = {"odd": 1, "even": 0}.get(row.parity)
    known = [end for end in (row.first, row.last) if end is not None]
    if not known:
        return [None] if wanted is None else [2 - wanted]
    low, high = min(known), max(known)
    if row.first is None or row.last is None or high - low > _MOST_NUMBERS:
        return known
    return [number for number in range(low, high + 1) if wanted in (None, number % 2)] or known


def _of_entry(row: _Row, town: str, old: SchoolFinder, new: SchoolFinder) -> Iterator[Affected]:
    """Return what changes in one entry, consecutive numbers with the same answers together."""
    numbers = _numbers(row)
    asked = []
    for number in numbers:
        address = f"{town}{row.name.zh}" if number is None else f"{town}{row.name.zh}{number}号"
        asked.append((number, _told(row, old.find(address), old), _told(row, new.find(address), new)))
    for (before, after), run in groupby(asked, key=lambda one: one[1:]):
        members = [number for number, _, _ in run]
        whole = len(members) == len(numbers)
        first, last = (row.first, row.last) if whole else (members[0], members[-1])
        for (stage, schools, unsure), (_, later, _) in zip(before, after, strict=True):
            if schools != later:
                yield Affected(
                    stage, town, row.kind, row.name, first, last, row.parity, schools, later,
                    row.block_id, unsure,
                )  # fmt: skip


def _told(
    row: _Row, answers: Sequence[Answer], finder: SchoolFinder
) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Return stage, schools and whether the address alone does not tell; then the entry's block does."""
    return tuple(
        (a.stage, a.schools, False)
        if a.block_id
        else (a.stage, finder.of_block(a.stage, row.block_id)[0], True)
        for a in answers
    )
