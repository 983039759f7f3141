"""Whether every entry of the addresses table leads to one block, and no number to two."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf, isnan
from typing import Final

from zoning.district import District
from zoning.load.matching import plain_address
from zoning.public.answers import Answer
from zoning.public.coverage.address_file import rows_of
from zoning.public.coverage.findings import Finding, Numbers

__all__ = ["Entry", "check_entries", "check_ranges", "entries_of"]

_PARITIES: Final = {1: "odd", 0: "even"}
Span = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the addresses table.

    Parameters
    ----------
    row
        Row as a spreadsheet shows it.
    block_id
        The block.
    name
        Name as the table writes it.
    town
        Town of the block.
    first, last
        First and last number; infinite where the range is open.
    parity
        ``odd``, ``even`` or ``all``.
    is_ranged
        Whether it holds some numbers only.
    exception
        Stage and school of an exception; empty for none.
    """

    row: int
    block_id: str
    name: str
    town: str
    first: float
    last: float
    parity: str
    is_ranged: bool
    exception: tuple[str, str] | None = None

    def span(self, odd: int) -> Span | None:
        """Return the lowest and the highest number on one side of the street; None when it has none there."""
        if self.parity not in ("all", _PARITIES[odd]):
            return None
        low = max(1 if isinf(self.first) else int(self.first), 0)
        low += low % 2 != odd
        high = self.last if isinf(self.last) else int(self.last) - (int(self.last) % 2 != odd)
        return (low, high) if low <= high else None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The entry as people write it: with its town, with its first and last number on each side."""
        start = f"{self.town}{self.name}"
        if not self.is_ranged:
            return (start,)
        spans = [span for odd in _PARITIES if (span := self.span(odd)) is not None]
        numbers = {int(end) for span in spans for end in span if not isinf(end)}
        return tuple(f"{start}{number}号" for number in sorted(numbers))

    def is_against(self, other: "Entry") -> bool:
        """Tell whether one number cannot be of both entries."""
        if self.block_id != other.block_id:
            return True
        both = self.exception is not None and other.exception is not None
        return both and self.exception != other.exception and self.exception[:1] == other.exception[:1]  # type: ignore[index]


def entries_of(district: District) -> tuple[Entry, ...]:
    """Return the rows of the addresses table, with the numbers that they have in the file; none without it.

    Examples
    --------
    >>> import zoning
    >>> entries = entries_of(zoning.sample_district())
    >>> len(entries), entries[0].row, entries[0].addresses
    (1587, 2, ('汀阳镇城南新村',))
    """
    table = district.table("addresses")
    if table is None:
        return ()
    towns = {str(block): str(town) for block, town in district.block_frame["town"].items()}
    rows = rows_of(district, table)
    blank = [""] * len(table)
    names = ("block_id", "name", "from", "to", "parity", "exception_stage", "exception_school")
    columns = [table.get(name, blank) for name in names]
    found = []
    for row, (block, name, first, last, parity, stage, school) in zip(
        rows, zip(*columns, strict=True), strict=True
    ):
        low, high, side = float(first), float(last), str(parity) or "all"
        found.append(
            Entry(
                row,
                str(block),
                str(name),
                towns.get(str(block), ""),
                -inf if isnan(low) else low,
                inf if isnan(high) else high,
                side,
                not (isnan(low) and isnan(high)) or side != "all",
                (str(stage), str(school)) if stage and school else None,
            )
        )
    return tuple(sorted(found, key=lambda entry: entry.row))


def check_entries(
    entries: Sequence[Entry], find: Callable[[str], tuple[Answer, ...]]
) -> tuple[list[Finding], dict[int, tuple[Answer, ...]]]:
    """Return the entries that lead to no block, to several or to another than their own, and the answers.

    Parameters
    ----------
    entries
        Rows of the addresses table.
    find
        Gives the answers of an address, one a stage.

    Returns
    -------
    found, answers
        The findings; and the answers of every address of each entry that leads to its own block, by row.
    """
    found: list[Finding] = []
    answers: dict[int, tuple[Answer, ...]] = {}
    known: dict[str, tuple[Answer, ...]] = {}
    for entry in entries:
        if not entry.addresses:
            found.append(Finding("range_empty", row=entry.row, name=entry.name, block_id=entry.block_id))
        every: tuple[Answer, ...] = ()
        for address in entry.addresses:
            said = known.get(address) or known.setdefault(address, find(address))
            kind = _kind(entry, said)
            if kind:
                other = said[0].block_id
                found.append(
                    Finding(kind, row=entry.row, name=entry.name, block_id=entry.block_id, other_id=other)
                )
                break
            every += said
        else:
            answers[entry.row] = every
    return found, answers


def _kind(entry: Entry, said: tuple[Answer, ...]) -> str:
    quality = said[0].quality
    if quality in ("none", "several"):
        return f"address_{quality}"
    return "" if said[0].block_id == entry.block_id else "address_elsewhere"


def check_ranges(entries: Sequence[Entry]) -> list[Finding]:
    """Return numbers that two entries claim, names that stand in two blocks, and holes between ranges.

    Entries of one street and town are compared with each other; where two towns have a street of one name
    and a number of both, the town is needed to tell them apart, which is only worth knowing.
    """
    streets: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        streets[plain_address(entry.name)].append(entry)
    found: list[Finding] = []
    for of_name in streets.values():
        towns: dict[str, list[Entry]] = defaultdict(list)
        for entry in of_name:
            towns[plain_address(entry.town)].append(entry)
        for of_town in towns.values():
            found += _twice(of_town)
            found += _overlaps(of_town)
            found += _holes(of_town)
        if len(towns) > 1:
            found += _across(of_name)
    return found


def _twice(entries: Iterable[Entry]) -> Iterator[Finding]:
    seen: list[Entry] = []
    for entry in (one for one in entries if not one.is_ranged):
        other = next((one for one in seen if one.is_against(entry)), None)
        if other is not None:
            yield Finding(
                "name_twice",
                row=entry.row,
                other_row=other.row,
                name=entry.name,
                block_id=entry.block_id,
                other_id=other.block_id,
            )
        seen.append(entry)


def _overlaps(entries: Sequence[Entry]) -> Iterator[Finding]:
    for (first, second), numbers in _shared_numbers(entries).items():
        yield Finding(
            "range_overlap",
            row=second.row,
            other_row=first.row,
            name=second.name,
            block_id=second.block_id,
            other_id=first.block_id,
            numbers=numbers,
        )


def _shared_numbers(entries: Sequence[Entry]) -> Mapping[tuple[Entry, Entry], Numbers]:
    """Return the pairs of ranged entries that cannot both hold, with the numbers that they share."""
    found: dict[tuple[Entry, Entry], list[tuple[int, Span]]] = defaultdict(list)
    for odd in _PARITIES:
        spans = [(span, e) for e in entries if e.is_ranged and (span := e.span(odd)) is not None]
        spans.sort(key=lambda one: (one[0], one[1].row))
        open_ones: list[tuple[Span, Entry]] = []
        for span, entry in spans:
            open_ones = [(other, e) for other, e in open_ones if other[1] >= span[0]]
            for other, earlier in open_ones:
                if earlier.is_against(entry):
                    pair = (earlier, entry) if earlier.row < entry.row else (entry, earlier)
                    found[pair].append((odd, (span[0], min(span[1], other[1]))))
            open_ones.append((span, entry))
    return {pair: _numbers(shared) for pair, shared in found.items()}


def _numbers(shared: Sequence[tuple[int, Span]]) -> Numbers:
    last = max(high for _, (_, high) in shared)
    parity = _PARITIES[shared[0][0]] if len(shared) == 1 else "all"
    return Numbers(min(low for _, (low, _) in shared), None if isinf(last) else int(last), parity)


def _holes(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield numbers between two ranges of one side of a street that no range holds."""
    if any(not entry.is_ranged for entry in entries):
        return
    for odd, parity in _PARITIES.items():
        spans = sorted((span, e.row) for e in entries if (span := e.span(odd)) is not None)
        reached = -inf
        for (low, high), row in spans:
            if low > reached + 2 and not isinf(reached):
                numbers = Numbers(int(reached) + 2, low - 2, parity)
                yield Finding("number_hole", row=row, name=entries[0].name, numbers=numbers)
            reached = max(reached, high)


def _across(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield a street that two towns have, where its name and number alone do not tell which is meant."""
    pairs = [pair for pair in _shared_numbers(entries) if pair[0].town != pair[1].town]
    plain = [entry for entry in entries if not entry.is_ranged]
    towns = {entry.town for entry in plain}
    if pairs or len(towns) > 1:
        first, second = pairs[0] if pairs else (plain[0], next(e for e in plain if e.town != plain[0].town))
        yield Finding(
            "needs_town",
            row=second.row,
            other_row=first.row,
            name=first.name,
            block_id=second.block_id,
            other_id=first.block_id,
        )
