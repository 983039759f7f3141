"""The addresses table as the page searches it: sorted names with their ranges, in columns of numbers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from zoning.load.matching import plain_address
from zoning.public.finder.compact import front_coded, packed, zigzag

__all__ = ["address_index", "coded_english", "names_in_order", "searched_towns"]

_PARITY = {"all": 0, "odd": 1, "even": 2}
_OTHER_PARITY = 3


def coded_english(english: Sequence[str], names: Sequence[str], sounds: Mapping[str, str]) -> list[object]:
    """Return English names as words of a list, or as the sounds of characters of the Chinese name.

    A number is three times the place of a word in the list, or three times the place and length of the
    characters plus 1, or plus 2 where a comma follows.

    Parameters
    ----------
    english, names
        The names in both languages.
    sounds
        Syllable of each character.

    Examples
    --------
    >>> coded_english(["Chengnan New Village"], ["城南新村"], {"城": "cheng", "南": "nan"})
    [['New', 'Village'], '%', '+!%']
    """
    coded: list[list[int | str]] = [
        [_by_sound(word, name, sounds) or word for word in text.split(" ") if text]
        for text, name in zip(english, names, strict=True)
    ]
    counted = Counter(word for words in coded for word in words if isinstance(word, str))
    ordered = sorted(counted, key=lambda word: (-counted[word], word))
    number = {word: 3 * n for n, word in enumerate(ordered)}
    flat = (number[word] if isinstance(word, str) else word for words in coded for word in words)
    return [ordered, packed(len(words) for words in coded), packed(flat)]


_LONGEST_SOUND = 8


def _by_sound(word: str, name: str, sounds: Mapping[str, str]) -> int:
    """Return where characters sound like a word, as its number; 0 where none do."""
    comma = word.endswith(",")
    wanted = word.removesuffix(",")
    for start in range(len(name)):
        said = ""
        for length, character in enumerate(name[start : start + _LONGEST_SOUND - 1], start=1):
            said += sounds.get(character, "?")
            if said.capitalize() == wanted:
                return 3 * (start * _LONGEST_SOUND + length) + (2 if comma else 1)
            if len(said) >= len(wanted):
                break
    return 0


def address_index(  # noqa: PLR0917 - the parts of one table
    addresses: pd.DataFrame,
    names: Sequence[str],
    block_ids: Sequence[str],
    stages: Sequence[str],
    schools: Mapping[str, int],
    sounds: Mapping[str, str],
    near: Sequence[Sequence[int]],
) -> dict[str, object]:
    """Return the addresses table, ready for JSON.

    Parameters
    ----------
    addresses
        The district's addresses table.
    names
        Its names, as :func:`names_in_order` gives them.
    block_ids
        Blocks in the order of the page.
    stages
        Stages in the order of the page, then all others that an exception names.
    schools
        Number of each school in the page.
    sounds
        Syllable of each character.
    near
        Neighbours of each block, sorted.
    """
    kinds = list(dict.fromkeys(addresses["kind"].astype(str)))
    block_of = {block: n for n, block in enumerate(block_ids)}
    number = {name: n for n, name in enumerate(names)}
    english = addresses.drop_duplicates("name").set_index("name")["name_en"].astype(str)
    rows = sorted(
        (
            number[str(row.name)],
            _PARITY.get(str(row.parity) or "all", _OTHER_PARITY),
            _least(row.first),
            _most(row.last),
            block_of.get(str(row.block_id), len(block_ids)),
            kinds.index(str(row.kind)),
            str(row.stage),
            str(row.school),
        )
        for row in _renamed(addresses).itertuples(index=False)
    )
    return {
        "names": front_coded(names),
        "english": coded_english([_own_english(english, name) for name in names], names, sounds),
        "kinds": kinds,
        **_columns(rows, len(names), near),
        "exceptions": [
            [at, stages.index(row[6]), schools[row[7]]] for at, row in enumerate(rows) if row[6] and row[7]
        ],
    }


def names_in_order(addresses: pd.DataFrame, block_ids: Sequence[str], towns: Sequence[int]) -> list[str]:
    """Return the names of the addresses: kind by kind, town by town along the blocks, then by name.

    Parameters
    ----------
    addresses
        The district's addresses table.
    block_ids, towns
        Blocks in the order of the page, and the number of the town of each.
    """
    block_of = {block: n for n, block in enumerate(block_ids)}
    along = {town: n for n, town in enumerate(dict.fromkeys(towns))}
    at = [block_of.get(str(block), -1) for block in addresses["block_id"]]
    frame = pd.DataFrame({
        "name": addresses["name"].astype(str),
        "kind": addresses["kind"].astype(str),
        "town": [along[towns[block]] if block >= 0 else -1 for block in at],
    })  # fmt: skip
    first = frame.sort_values(["kind", "town", "name"], kind="stable").drop_duplicates("name")
    return [str(name) for name in first["name"]]


def _renamed(addresses: pd.DataFrame) -> pd.DataFrame:
    """Return the table with columns that a named tuple may have, exceptions empty where it has none."""
    frame = addresses.rename(columns={"from": "first", "to": "last"})
    exceptions = {
        short: addresses[name].fillna("") if name in addresses else ""
        for short, name in (("stage", "exception_stage"), ("school", "exception_school"))
    }
    return frame.assign(**exceptions)[
        ["name", "first", "last", "parity", "block_id", "kind", "stage", "school"]
    ]


def _own_english(english: "pd.Series[str]", name: str) -> str:
    found = str(english[name])
    return "" if found in {name, "nan"} else found


def _least(value: Any) -> int:  # noqa: ANN401 - a cell
    """Return the first whole number of a range, -1 where it is open."""
    return -1 if math.isnan(value) else math.ceil(value)


def _most(value: Any) -> int:  # noqa: ANN401 - as above
    return -1 if math.isnan(value) else math.floor(value)


def _columns(
    rows: Sequence[tuple[int, int, int, int, int, int, str, str]], names: int, near: Sequence[Sequence[int]]
) -> dict[str, str]:
    """Return counts by name, shapes of entries, first numbers, lengths and blocks as packed columns.

    A side of a street is listed from its beginning: the next range mostly begins two after the last one
    ended, and its block lies beside the block before, or is the one on the other side.
    """
    counts = [0] * names
    shapes, firsts, spans, blocks = [], [], [], []
    side, end, name_begun = (-1, -1), 0, 0
    across: list[tuple[int, int]] = []
    own: list[tuple[int, int]] = []
    for name, parity, first, last, block, kind, _, _ in rows:
        if side != (name, parity):
            across = own if side[0] == name else []
            side, end, own = (name, parity), -(parity % 2), []
        opposite = across[len(own)] if len(own) < len(across) else None
        before = own[-1][0] if own else name_begun
        blocks.append(_step(opposite[0] if opposite else before, block, near))
        if counts[name] == 0:
            name_begun = block
        counts[name] += 1
        shapes.append(((kind * 4 + parity) * 2 + (first >= 0)) * 2 + (last >= 0))
        if first >= 0:
            firsts.append(zigzag(first - end - (2 if parity else 1)))
            end = first
        length = last - end if last >= 0 else 0
        if last >= 0:
            spans += _span(length, sided=parity > 0, like=opposite[1] if opposite else 0)
            end = last
        own.append((block, length))
    columns = {"counts": counts, "shapes": shapes, "firsts": firsts, "spans": spans, "at": blocks}
    return {name: packed(values) for name, values in columns.items()}


def _step(before: int, block: int, near: Sequence[Sequence[int]]) -> int:
    """Return 0 for the same block, the place of a neighbour from 1, else the step to it beyond those."""
    around = near[before] if before < len(near) else ()
    if block == before:
        return 0
    return around.index(block) + 1 if block in around else len(around) + 1 + zigzag(block - before)


def _span(length: int, *, sided: bool, like: int) -> list[int]:
    """Return the length of a range; on one side of a street in houses, 0 before one that does not fit.

    On the second side 1 means as long as on the other one.
    """
    if not sided:
        return [zigzag(length)]
    if length < 0 or length % 2:
        return [0, zigzag(length)]
    return [1] if like and length == like else [length // 2 + 2]


def searched_towns(towns: Sequence[str]) -> list[str]:
    """Return towns in the order in which an address is searched for them: the longest first.

    Examples
    --------
    >>> searched_towns(["东镇", "新东镇", ""])
    ['新东镇', '东镇', '']
    """
    return sorted(dict.fromkeys(towns), key=lambda town: (-len(plain_address(town)), plain_address(town)))
