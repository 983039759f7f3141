"""The addresses table cut into pieces that have one answer each, and how to ask for it."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.load.matching import plain_address
from zoning.public.ranges import Parity, Span, range_text

__all__ = ["Kind", "Named", "Piece", "alphabetic", "pieces_of"]

Kind = Literal["street", "estate", "village", "area"]
_Entry = tuple[Kind, str, str, float, float, str, str]
"""Kind, name, English name, first and last number, parity, block."""
_ORDER: Final = ("street", "estate", "village", "area")


@dataclass(frozen=True, slots=True)
class Named:
    """A street, estate or village, or the part of it that has one answer.

    Parameters
    ----------
    kind
        ``street``, ``estate``, ``village``, or ``area`` for a block that no address lies in.
    name
        Its name.
    town
        Its town.
    spans
        The numbers meant, of parity ``odd`` or ``even``; empty for all of it.
    in_towns
        Whether another town has the same name, so that the town must be said.
    """

    kind: Kind
    name: Text
    town: str
    spans: tuple[Span, ...] = ()
    in_towns: bool = False

    @property
    def title(self) -> Text:
        """The name, with its town where another town has it too."""
        if not self.in_towns:
            return self.name
        return Text(f"{self.name.en} ({self.town})", f"{self.name.zh}（{self.town}）")

    @property
    def numbers(self) -> Text:
        """The numbers in words; empty for all of it."""
        return range_text(self.spans)

    @property
    def inline(self) -> Text:
        """Name with its numbers in brackets, so that commas and colons stay unambiguous in a row of names."""
        if not self.spans:
            return self.title
        return Text(f"{self.title.en} ({self.numbers.en})", f"{self.title.zh}（{self.numbers.zh}）")

    @property
    def text(self) -> Text:
        """Name and numbers in words."""
        if not self.spans:
            return self.title
        if self.kind == "street":
            return Text(f"{self.title.en}: {self.numbers.en}", f"{self.title.zh}：{self.numbers.zh}")
        return messages.text("public_print.building_numbers", name=self.title, numbers=self.numbers)


@dataclass(frozen=True, slots=True)
class Piece:
    """Numbers of a name that no entry tells apart, or the whole of a name.

    Parameters
    ----------
    named
        The name with the numbers, at most one span; without numbers the whole of it.
    asked
        The address that is asked for it; empty for an area.
    blocks
        The blocks of the entries that hold it, sorted; several where the address alone does not tell.
    """

    named: Named
    asked: str
    blocks: tuple[str, ...]


def pieces_of(district: District) -> tuple[Piece, ...]:
    """Return the pieces of all names, then the blocks that no address lies in.

    Inside a piece the same entries of the table hold every number, so that one question answers all of it.

    Parameters
    ----------
    district
        The district; without an addresses table every block is an area.
    """
    table = district.table("addresses")
    asked = () if table is None else _pieces(table, district.block_frame["town"])
    return (*asked, *_areas(district, table))


def _areas(district: District, table: pd.DataFrame | None) -> tuple[Piece, ...]:
    """Return the blocks that no address lies in, by their own names."""
    named = set() if table is None else set(table["block_id"])
    frame = district.block_frame
    return tuple(
        Piece(Named("area", Text(en or zh or str(block), zh or str(block)), town), "", (str(block),))
        for block, zh, en, town in zip(
            frame.index, frame["name"], frame["name_en"], frame["town"], strict=True
        )
        if block not in named
    )


def _pieces(table: pd.DataFrame, towns: "pd.Series[str]") -> tuple[Piece, ...]:
    rows: dict[str, dict[str, list[_Entry]]] = {}
    columns = ["block_id", "kind", "name", "name_en", "from", "to", "parity"]
    frame = table if "name_en" in table else table.assign(name_en="")
    for block, kind, name, name_en, first, last, parity in frame[columns].itertuples(index=False):
        in_town = rows.setdefault(plain_address(str(name)), {}).setdefault(str(towns[block]), [])
        numbers = (float(first), float(last), str(parity) or "all")
        in_town.append((kind, str(name), str(name_en), *numbers, str(block)))
    found = []
    for by_town in rows.values():
        for town, entries in by_town.items():
            found += _of_name(entries, town, in_towns=len(by_town) > 1)
    return tuple(found)


def _of_name(entries: Sequence[_Entry], town: str, *, in_towns: bool) -> list[Piece]:
    """Return the pieces of one name in one town."""
    kind, name, name_en = entries[0][:3]
    english = next((e[2] for e in entries if e[2]), name_en) or name
    named = Named(kind, Text(english, name), town, in_towns=in_towns)
    start = f"{town if in_towns else ''}{name}"
    whole = {e[6] for e in entries if _is_whole(e)}
    ranged = [e for e in entries if not _is_whole(e)]
    if not ranged:
        return [Piece(named, start, tuple(sorted(whole)))]
    word = "号" if kind == "street" else "号楼"
    return [
        Piece(replace(named, spans=(span,)), f"{start}{span.first}{word}", tuple(sorted(held or whole)))
        for span, held in _cut(ranged, everywhere=len(ranged) < len(entries))
    ]


def _is_whole(entry: _Entry) -> bool:
    return math.isnan(entry[3]) and math.isnan(entry[4]) and entry[5] == "all"


def _cut(ranged: Sequence[_Entry], *, everywhere: bool) -> list[tuple[Span, set[str]]]:
    """Return the spans, odd and even, inside which the same entries hold every number, and their blocks."""
    lows = [1.0 if math.isnan(e[3]) else float(math.ceil(e[3])) for e in ranged]
    highs = [math.inf if math.isnan(e[4]) else float(math.floor(e[4])) for e in ranged]
    cuts = {*lows, *(high + 1 for high in highs)} | ({1.0, math.inf} if everywhere else set())
    found = []
    for low, above in itertools.pairwise(sorted(cuts)):
        for parity in ("odd", "even"):
            first = int(low) + ((int(low) % 2 == 1) != (parity == "odd"))
            last = (
                None if math.isinf(above) else int(above) - 1 - ((int(above) % 2 == 1) == (parity == "odd"))
            )
            held = {
                e[6]
                for a, b, e in zip(lows, highs, ranged, strict=True)
                if a <= low and above <= b + 1 and e[5] in {"all", parity}
            }
            if (held or everywhere) and (last is None or first <= last):
                found.append((Span(first, last, _parity(parity)), held))
    return found


def _parity(word: str) -> Parity:
    return "odd" if word == "odd" else "even"


def alphabetic(names: Iterable[Named]) -> dict[Named, int]:
    """Return the place of each name in lists: by kind, then by pinyin."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - dictionaries that wait until a list is made

    def spelling(named: Named) -> tuple[str, ...]:
        # English names of streets are their pinyin, and know which reading is meant.
        known = named.kind == "street" and named.name.en != named.name.zh
        return tuple(
            part.casefold() for part in (named.name.en.split() if known else lazy_pinyin(named.name.zh))
        )

    spelt = {named: spelling(named) for named in names}
    ordered = sorted(spelt, key=lambda n: (_ORDER.index(n.kind), spelt[n], n.name.zh, n.town))
    return {named: number for number, named in enumerate(ordered)}
