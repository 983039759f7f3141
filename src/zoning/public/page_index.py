"""The addresses table as the page searches it: sorted names with their ranges, in columns of numbers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from zoning.load.matching import plain_address
from zoning.public.compact import front_coded, packed, zigzag

__all__ = ["address_index", "coded_words", "searched_towns"]

_PARITY = {"all": 0, "odd": 1, "even": 2}
_OTHER_PARITY = 3


def coded_words(names: Sequence[str]) -> list[object]:
    """Return names that share words (in languages with blanks) as a list of words and their numbers.

    Examples
    --------
    >>> coded_words(["New Road", "New Village", ""])
    [['', 'New', 'Road', 'Village'], '$$!', '#$#%']
    """
    parts = [name.split(" ") if name else [] for name in names]
    counted = Counter(word for words in parts for word in words)
    ordered = ["", *sorted((w for w in counted if w), key=lambda word: (-counted[word], word))]
    number = {word: n for n, word in enumerate(ordered)}
    return [
        ordered,
        packed(len(words) for words in parts),
        packed(number[word] for words in parts for word in words),
    ]


def address_index(
    addresses: pd.DataFrame, block_ids: Sequence[str], stages: Sequence[str], schools: Mapping[str, int]
) -> dict[str, object]:
    """Return the addresses table, ready for JSON.

    Parameters
    ----------
    addresses
        The district's addresses table.
    block_ids
        Blocks in the order of the page.
    stages
        Stages in the order of the page, then all others that an exception names.
    schools
        Number of each school in the page.
    """
    names = sorted(set(addresses["name"].astype(str)))
    number = {name: n for n, name in enumerate(names)}
    kinds = list(dict.fromkeys(addresses["kind"].astype(str)))
    block_of = {block: n for n, block in enumerate(block_ids)}
    english = addresses.drop_duplicates("name").set_index("name")["name_en"].astype(str)
    rows = sorted(
        (
            number[str(row.name)],
            _least(row.first),
            _most(row.last),
            _PARITY.get(str(row.parity) or "all", _OTHER_PARITY),
            block_of.get(str(row.block_id), len(block_ids)),
            kinds.index(str(row.kind)),
            str(row.stage),
            str(row.school),
        )
        for row in _renamed(addresses).itertuples(index=False)
    )
    return {
        "names": front_coded(names),
        "english": coded_words([_own_english(english, name) for name in names]),
        "kinds": kinds,
        **_columns(rows, len(names)),
        "exceptions": [
            [at, stages.index(row[6]), schools[row[7]]] for at, row in enumerate(rows) if row[6] and row[7]
        ],
    }


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


def _columns(rows: Sequence[tuple[int, int, int, int, int, int, str, str]], names: int) -> dict[str, str]:
    """Return counts by name, shapes of entries, first numbers, lengths and blocks as packed columns.

    A first number follows from the last one of the entry before it under the same name, and a block from the
    block before it; both steps are small along a street.
    """
    counts = [0] * names
    shapes, firsts, spans, blocks = [], [], [], []
    name_before, end, block_before = -1, 0, 0
    for name, first, last, parity, block, kind, _, _ in rows:
        counts[name] += 1
        if name != name_before:
            name_before, end = name, 0
        shapes.append(((kind * 4 + parity) * 2 + (first >= 0)) * 2 + (last >= 0))
        if first >= 0:
            firsts.append(zigzag(first - end))
            end = first
        if last >= 0:
            spans.append(zigzag(last - end))
            end = last
        blocks.append(zigzag(block - block_before))
        block_before = block
    columns = {"counts": counts, "shapes": shapes, "firsts": firsts, "spans": spans, "at": blocks}
    return {name: packed(values) for name, values in columns.items()}


def searched_towns(towns: Sequence[str]) -> list[str]:
    """Return towns in the order in which an address is searched for them: the longest first.

    Examples
    --------
    >>> searched_towns(["东镇", "新东镇", ""])
    ['新东镇', '东镇', '']
    """
    return sorted(dict.fromkeys(towns), key=lambda town: (-len(plain_address(town)), plain_address(town)))
