"""Whole numbers as short text that a page reads back: small numbers take one character.

A number below 64 is one character of the alphabet, one below 1,784 two, any other (below 54 million) five.
The alphabet holds no character that JSON or a script tag would escape, and plain text keeps what is skewed
about the numbers visible to gzip, which base 64 of bytes would hide.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["ALPHABET", "front_coded", "packed", "recency", "unpacked", "zigzag"]

ALPHABET: Final = "".join(chr(code) for code in range(33, 127) if chr(code) not in "\"\\<>&'`/")
_BASE: Final = len(ALPHABET)
_SMALL: Final = 64
_LEADS: Final = 20
_MIDDLE: Final = _SMALL + _LEADS * _BASE
_LONG: Final = _SMALL + _LEADS


def zigzag(value: int) -> int:
    """Return a number of either sign as one that is not negative.

    Examples
    --------
    >>> [zigzag(v) for v in (0, -1, 1, -2)]
    [0, 1, 2, 3]
    """
    return 2 * value if value >= 0 else -2 * value - 1


def packed(values: Iterable[int]) -> str:
    """Return numbers from 0 to 54 million as text.

    Raises
    ------
    ValueError
        When a number is out of range.

    Examples
    --------
    >>> packed([0, 63, 64, 2000])
    '!hi!}S$!!'
    """
    found: list[str] = []
    for value in values:
        if 0 <= value < _SMALL:
            found.append(ALPHABET[value])
        elif 0 <= value < _MIDDLE:
            high, low = divmod(value - _SMALL, _BASE)
            found.append(ALPHABET[_SMALL + high] + ALPHABET[low])
        else:
            left = value - _MIDDLE
            if not 0 <= left < _BASE**4:
                raise ValueError(f"{value} cannot be packed")
            digits = []
            for _ in range(4):
                left, digit = divmod(left, _BASE)
                digits.append(ALPHABET[digit])
            found.append(ALPHABET[_LONG] + "".join(digits))
    return "".join(found)


def unpacked(text: str) -> list[int]:
    """Return the numbers of a packed text; the page has a reader of its own.

    Examples
    --------
    >>> unpacked(packed([0, 63, 64, 1783, 1784, 5_000_000]))
    [0, 63, 64, 1783, 1784, 5000000]
    """
    digits = [ALPHABET.index(character) for character in text]
    found, at = [], 0
    while at < len(digits):
        first = digits[at]
        if first < _SMALL:
            found.append(first)
            at += 1
        elif first < _LONG:
            found.append(_SMALL + (first - _SMALL) * _BASE + digits[at + 1])
            at += 2
        else:
            found.append(_MIDDLE + sum(d * _BASE**n for n, d in enumerate(digits[at + 1 : at + 5])))
            at += 5
    return found


def recency(values: Iterable[int], count: int) -> list[int]:
    """Return numbers below ``count`` as how many others were used since, which is small along a map.

    Examples
    --------
    >>> recency([2, 2, 0, 2], 3)
    [2, 0, 1, 1]
    """
    order = list(range(count))
    found = []
    for value in values:
        place = order.index(value)
        found.append(place)
        if place:
            order.insert(0, order.pop(place))
    return found


def front_coded(names: Sequence[str]) -> list[str]:
    """Return names as three texts: characters by how often they occur, lengths shared, and the rest.

    The first says which characters there are; of each name the second says how many it shares with the one
    before, and the third holds the places of the others from 1, with a 0 behind them.

    Examples
    --------
    >>> front_coded(["建设路", "建设东路"])
    ['路东建设', '!$', '%(#!$#!']
    """
    shared, rest, before = [], [], ""
    for name in names:
        same = 0
        while same < min(len(name), len(before), _SMALL - 1) and name[same] == before[same]:
            same += 1
        shared.append(same)
        rest.append(name[same:])
        before = name
    counted = Counter("".join(rest))
    ordered = "".join(c for c, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0])))
    place = {character: n for n, character in enumerate(ordered, start=1)}
    return [ordered, packed(shared), packed(n for name in rest for n in (*(place[c] for c in name), 0))]
