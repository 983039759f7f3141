"""How people call the homes of a block: its estates, villages and stretches of street."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text

__all__ = ["Home", "gathered", "homes_of", "numbers_text", "whole_number", "whole_towns"]

_ALL = Text("", "")


def whole_number(value: float) -> int | None:
    """Return a house number of the addresses table; None where there is none."""
    return None if math.isnan(value) else int(value)


def numbers_text(first: int | None, last: int | None, parity: str) -> Text:
    """Return the house numbers of a stretch of street as they are printed; empty for the whole street.

    Parameters
    ----------
    first, last
        First and last number; None where there is no end.
    parity
        ``odd``, ``even`` or ``all``.

    Examples
    --------
    >>> numbers_text(1, 99, "odd").zh, numbers_text(2, None, "all").en
    ('1–99号（仅单号）', 'from 2')
    """
    side = messages.text(f"public_ledger.side_{parity}") if parity in {"odd", "even"} else _ALL
    if first is None and last is None:
        return messages.text("public_ledger.numbers_side", side=side) if side is not _ALL else _ALL
    if last is None:
        said = messages.text("public_ledger.numbers_from", first=first)
    elif first is None:
        said = messages.text("public_ledger.numbers_to", last=last)
    elif first == last:
        return messages.text("public_ledger.numbers_one", first=first)
    else:
        said = messages.text("public_ledger.numbers_span", first=first, last=last)
    if side is _ALL:
        return said
    return messages.text("public_ledger.numbers_of_side", numbers=said, side=side)


@dataclass(frozen=True, slots=True)
class Home:
    """A name of the addresses table and the house numbers that are meant; none for all of it."""

    kind: str
    name: Text
    numbers: Text = _ALL


def homes_of(district: District, names: Mapping[str, Text]) -> dict[str, tuple[Home, ...]]:
    """Return by block what its homes are called: the entries of the addresses table, else the block's name.

    Entries with an exception are left out: they keep their own school.

    Parameters
    ----------
    district
        The district.
    names
        Names of the blocks by id.
    """
    found: dict[str, list[Home]] = {}
    table = district.table("addresses")
    if table is not None:
        if "exception_school" in table:
            table = table[table["exception_school"].fillna("") == ""]
        for block, home in zip(table["block_id"], _entries(table), strict=True):
            found.setdefault(str(block), []).append(home)
    own = {block: (Home("block", name),) for block, name in names.items()}
    return own | {block: tuple(dict.fromkeys(homes)) for block, homes in found.items()}


def _entries(table: pd.DataFrame) -> list[Home]:
    english = table["name_en"] if "name_en" in table else [""] * len(table)
    columns = (table["kind"], table["name"], english, table["from"], table["to"], table["parity"])
    homes = []
    for kind, zh, en, first, last, parity in zip(*columns, strict=True):
        numbers = numbers_text(whole_number(float(first)), whole_number(float(last)), str(parity))
        name = Text(en if isinstance(en, str) and en else str(zh), str(zh))
        homes.append(Home(str(kind), name, numbers))
    return homes


def gathered(homes: Iterable[Home]) -> tuple[Text, ...]:
    """Return homes as they are printed: estates and villages first, the numbers of one street together.

    Examples
    --------
    >>> road = Text("East Road", "东路")
    >>> [one.en for one in gathered([Home("street", road, numbers_text(1, 9, "odd")), Home("street", road)])]
    ['East Road', 'East Road 1–9 (odd)']
    """
    of_name: dict[tuple[bool, Text], dict[Text, None]] = {}
    for home in homes:
        of_name.setdefault((home.kind == "street", home.name), {})[home.numbers] = None
    found = []
    for (_, name), numbers in sorted(of_name.items(), key=lambda one: (one[0][0], one[0][1].zh)):
        found += [name] if _ALL in numbers else []
        some = [one for one in numbers if one != _ALL]
        if some:
            en, zh = ", ".join(one.en for one in some), "、".join(one.zh for one in some)
            found.append(Text(f"{name.en} {en}", f"{name.zh}{zh}"))
    return tuple(found)


def whole_towns(district: District, blocks: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the towns whose blocks are all among some blocks, and the blocks in no such town."""
    town_of = district.block_frame["town"].astype("str")
    chosen = set(blocks)
    every = {town: set(of.index) for town, of in town_of.groupby(town_of)}
    whole = {town for town, members in every.items() if town and members <= chosen}
    return whole, {block for block in chosen if town_of.get(block) not in whole}
