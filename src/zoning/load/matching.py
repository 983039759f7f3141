"""Home and school addresses to blocks, each with how sure the match is.

Quality of a match:

- ``exact``: the address is a name of the table and nothing else but building, unit and room
- ``number``: the house number lies in a range of the street (or building range of the estate)
- ``name``: the name stands in the address, and all its entries lie in one block
- ``several``: entries in more than one block fit, or the numbers said lie in more than one; none is chosen
- ``none``: no name fits, no range holds the number, or the name is part of a longer one that nobody listed
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import DataError
from zoning.load.address_text import Tail, plain_address, read_tail

__all__ = ["AddressBook", "Match", "Quality", "addresses_of", "match_addresses", "plain_address"]

Quality = Literal["exact", "number", "name", "several", "none"]

_INSIDE: Final = re.compile(
    r"^[\s,，、]*(?:(?:第?\d+(?!\d)|[A-Za-z])(?:[—–之]\d+(?!\d))*"
    r"(?:号楼|号院|号|栋|幢|座|单元|室|层|楼|户|组|队|弄|排)?[\s,，、-]*)*$"
)  # every text fits in one way only: a long number that does not fit is refused at once
_FRESH: Final = re.compile(
    r"(?:^|[省市州盟县区旗镇乡办处道村社组会城路街巷弄号栋幢座院楼苑园里坊\dA-Z,，、。;；:：()（）\-])$"
)
"""What may end before a name; after anything else the name is the end of a longer one that nobody listed."""
_BEFORE: Final = re.compile(
    r"^(?:.{1,8}?(?:省|自治区|特别行政区))?(?:.{1,8}?(?:市|州|盟))?(?:.{1,8}?(?:县|区|旗))?$"
)


@dataclass(frozen=True, slots=True)
class Match:
    """The block of one address.

    Parameters
    ----------
    block_id
        The block; empty when none or several fit.
    quality
        How sure it is.
    exceptions
        Stage and school of the exceptions that hold for this very address, sorted.
    """

    block_id: str
    quality: Quality
    exceptions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    block_id: str
    kind: str
    first: float
    last: float
    parity: str
    exception: tuple[str, str] | None = None

    @property
    def ranged(self) -> bool:
        return self.first == self.first or self.last == self.last or self.parity != "all"

    @property
    def turns(self) -> list[int]:
        """The first number in it, and the first one beyond."""
        ends = [self.first] if math.isfinite(self.first) else []
        beyond = [math.floor(self.last) + 1] if math.isfinite(self.last) else []
        return [*(math.ceil(number) for number in ends), *beyond]

    def holds(self, number: int) -> bool:
        wanted = {"odd": 1, "even": 0}.get(self.parity)
        return not (number < self.first or number > self.last) and wanted in (None, number % 2)


class AddressBook:
    """The addresses table, made ready for matching.

    Parameters
    ----------
    addresses
        The district's addresses table.
    towns
        Town of each block, by block_id.
    place
        Name of the district, which addresses may begin with.

    Examples
    --------
    >>> rows = pd.DataFrame({"block_id": ["b1", "b2", "b3"], "kind": ["street", "street", "estate"],
    ...     "name": ["建设路", "建设路", "锦绣家园"], "from": [1, 2, None], "to": [99, 98, None],
    ...     "parity": ["odd", "even", "all"]})
    >>> book = AddressBook(rows, pd.Series({"b1": "城关镇", "b2": "城关镇", "b3": "城关镇"}))
    >>> found = [book.match(a) for a in ("建设路１７号", "锦绣家园3栋2单元", "建设路")]
    >>> [(match.block_id, match.quality) for match in found]
    [('b1', 'number'), ('b3', 'exact'), ('', 'several')]
    """

    def __init__(self, addresses: pd.DataFrame, towns: "pd.Series[str]", place: str = "") -> None:
        self._entries: dict[str, list[_Entry]] = {}
        columns = ["block_id", "kind", "name", "from", "to", "parity"]
        stages, schools = (
            addresses[name] if name in addresses else [""] * len(addresses)
            for name in ("exception_stage", "exception_school")
        )
        rows = zip(addresses[columns].itertuples(index=False), stages, schools, strict=True)
        for (block_id, kind, name, first, last, parity), stage, school in rows:
            entry = _Entry(
                str(block_id),
                str(kind),
                float(first),
                float(last),
                str(parity) or "all",
                (str(stage), str(school)) if stage and school else None,
            )
            self._entries.setdefault(plain_address(str(name)), []).append(entry)
        self._entries.pop("", None)
        self._lengths = sorted({len(name) for name in self._entries}, reverse=True)
        self._town_of = {str(block_id): plain_address(str(town)) for block_id, town in towns.items()}
        self._towns = sorted({*self._town_of.values()} - {""}, key=lambda town: (-len(town), town))
        self._place = plain_address(place)

    def match(self, address: str) -> Match:
        """Return the block of an address."""
        plain = plain_address(address)
        found = self._names_in(plain)
        if not found:
            return Match("", "none")
        starts = sorted(start for start, _ in found)
        matches = [self._at(plain, start, name, starts) for start, name in found]
        sure = [m for m in matches if m.block_id]
        blocks = {m.block_id for m in sure}
        if len(blocks) == 1:
            return min(sure, key=lambda m: ("exact", "number", "name").index(m.quality))
        several = len(blocks) > 1 or any(m.quality == "several" for m in matches)
        return Match("", "several" if several else "none")

    def _names_in(self, plain: str) -> list[tuple[int, str]]:
        """Return the longest known names in an address that do not overlap, with their positions."""
        taken: list[tuple[int, int]] = []
        found = []
        for length in self._lengths:
            for start in range(len(plain) - length + 1):
                name = plain[start : start + length]
                free = all(start + length <= low or start >= high for low, high in taken)
                if free and name in self._entries:
                    taken.append((start, start + length))
                    found.append((start, name))
        return found

    def _at(self, plain: str, start: int, name: str, starts: list[int]) -> Match:
        """Return the match of one name at its position; the next known name ends what belongs to it."""
        end = start + len(name)
        before, after = plain[:start], plain[end:]
        entries = self._of_town(self._entries[name], before) if self._is_fresh(before) else []
        stop = next((other for other in starts if other > start), len(plain))
        tail = read_tail(plain[end:stop], name, frozenset(entry.kind for entry in self._entries[name]))
        if not entries or tail.says == "longer":
            return Match("", "none")
        exact = self._is_prefix(before) and _INSIDE.match(after) is not None
        if tail.says == "number":
            return _at_numbers(entries, tail, exact=exact)
        if tail.says == "doubt":
            return Match("", "several" if len({entry.block_id for entry in entries}) > 1 else "none")
        if any(entry.ranged for entry in entries):
            return _one(entries, "name")
        return _whole(entries, exact=exact)

    def _of_town(self, entries: list[_Entry], before: str) -> list[_Entry]:
        """Return the entries of the town that the address names, all when it names no town."""
        named = next((town for town in self._towns if town in before), None)
        return [e for e in entries if named is None or self._town_of.get(e.block_id) == named]

    def _is_fresh(self, before: str) -> bool:
        """Tell whether a name begins here, or is the end of a longer one."""
        ends = (*self._towns, self._place) if self._place else tuple(self._towns)
        return _FRESH.search(before) is not None or before.endswith(ends)

    def _is_prefix(self, before: str) -> bool:
        """Tell whether what stands before a name only says which province, city, county and town it is in."""
        for town in self._towns:
            before = before.removesuffix(town)
        if self._place:
            before = before.removesuffix(self._place)
        return _BEFORE.match(before) is not None


def _at_numbers(entries: list[_Entry], tail: Tail, *, exact: bool) -> Match:
    """Return the one match of all numbers that a tail says; several where they differ."""
    begins = {tail.first, *(n for entry in entries for n in entry.turns if tail.first < n <= tail.last)}
    # From one turn to the next the same entries hold all odd and all even numbers.
    asked = sorted({n + more for n in begins for more in (0, 1) if n + more <= tail.last} | {tail.last})
    found = [_at_number(entries, number, exact=exact) for number in asked]
    if all(match == found[0] for match in found):
        return found[0]
    return Match("", "several")


def _at_number(entries: list[_Entry], number: int, *, exact: bool) -> Match:
    held = [entry for entry in entries if entry.ranged and entry.holds(number)]
    if held:
        return _one(held, "number")
    whole = [entry for entry in entries if not entry.ranged]
    return _whole(whole, exact=exact) if whole else Match("", "none")


def _whole(entries: list[_Entry], *, exact: bool) -> Match:
    """Return the match of entries without numbers."""
    is_place = any(entry.kind != "street" for entry in entries)
    return _one(entries, "exact" if exact and is_place else "name")


def _one(entries: Iterable[_Entry], quality: Quality) -> Match:
    every = list(entries)
    blocks = {entry.block_id for entry in every}
    exceptions = {entry.exception for entry in every if entry.exception is not None}
    schools = dict(exceptions)
    # A street whose exceptions hold for some numbers only has no one answer without a number.
    vague = quality == "name" and exceptions and any(entry.ranged for entry in every)
    if len(blocks) != 1 or vague or len(schools) != len(exceptions):
        return Match("", "several")
    return Match(blocks.pop(), quality, tuple(sorted(exceptions)))


def addresses_of(district: District) -> pd.DataFrame:
    """Return the addresses table of a district.

    Raises
    ------
    DataError
        When the district has none.
    """
    table = district.table("addresses")
    if table is None:
        raise DataError([messages.problem("load.no_addresses", file="addresses")])
    return table


def match_addresses(district: District, addresses: Iterable[str]) -> pd.DataFrame:
    """Return the block of each address, with the quality of the match.

    Parameters
    ----------
    district
        The district, with its addresses table.
    addresses
        Addresses as people write them, str [address].

    Returns
    -------
    DataFrame
        Columns ``block_id`` (empty when none or several fit) and ``match``; rows in the order given. The
        addresses themselves are left out.

    Raises
    ------
    DataError
        When the district has no addresses table.
    """
    book = AddressBook(addresses_of(district), district.block_frame["town"], district.place.name.zh)
    found = [book.match(address) for address in addresses]
    return pd.DataFrame(
        {
            "block_id": pd.array([m.block_id for m in found], dtype="str"),
            "match": pd.array([m.quality for m in found], dtype="str"),
        }
    )
