"""How people call the homes of a block: its estates, villages and stretches of street."""

import math
from collections.abc import Collection, Mapping

import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text

__all__ = ["numbers_text", "place_names", "whole_number", "whole_towns"]

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
    ('1–99号（单号）', 'from 2')
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


def place_names(district: District, names: Mapping[str, Text]) -> dict[str, tuple[Text, ...]]:
    """Return by block what its homes are called: the entries of the addresses table, else the block's name.

    Entries with an exception are left out: they keep their own school.

    Parameters
    ----------
    district
        The district.
    names
        Names of the blocks by id.
    """
    found: dict[str, list[Text]] = {}
    table = district.table("addresses")
    if table is not None:
        if "exception_school" in table:
            table = table[table["exception_school"].fillna("") == ""]
        for block, place in zip(table["block_id"], _entries(table), strict=True):
            found.setdefault(str(block), []).append(place)
    own = {block: (name,) for block, name in names.items()}
    return own | {block: tuple(dict.fromkeys(places)) for block, places in found.items()}


def _entries(table: pd.DataFrame) -> list[Text]:
    english = table["name_en"] if "name_en" in table else [""] * len(table)
    columns = (table["name"], english, table["from"], table["to"], table["parity"])
    places = []
    for zh, en, first, last, parity in zip(*columns, strict=True):
        numbers = numbers_text(whole_number(float(first)), whole_number(float(last)), str(parity))
        shown = en if isinstance(en, str) and en else zh
        places.append(Text(f"{shown} {numbers.en}".strip(), f"{zh}{numbers.zh}"))
    return places


def whole_towns(district: District, blocks: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the towns whose blocks are all among some blocks, and the blocks in no such town."""
    town_of = district.block_frame["town"].astype("str")
    chosen = set(blocks)
    every = {town: set(of.index) for town, of in town_of.groupby(town_of)}
    whole = {town for town, members in every.items() if town and members <= chosen}
    return whole, {block for block in chosen if town_of.get(block) not in whole}
