"""Identity numbers and phones: known by their form, in whatever groups and with whatever signs between."""

import re
from collections.abc import Collection
from typing import Final

from zoning.load.rosters import is_id_number
from zoning.public.gate.dates import is_day

__all__ = ["has_id", "has_mobile", "has_number_form", "has_strange_phone"]

_EDGE: Final = r"(?<![0-9A-Za-z])(?<!\d[-.])"
_END: Final = r"(?![0-9A-Za-z]|\.\d)"
_ID: Final = re.compile(_EDGE + r"([1-8]\d{5})([ -]?)(\d{8})\2(\d{3}[\dXx])" + _END)
_GROUPED: Final = re.compile(
    _EDGE + r"[1-8]\d{2,13}([ ./-])\d{3,12}(?:\1\d{2,8}){0,3}(?:\1\d{1,3})?[\dXx]" + _END
)
_GROUPS: Final = frozenset(
    {(6, 8, 4), (4, 4, 4, 4, 2), (3, 3, 4, 4, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (6, 6, 6), (6, 12), (14, 4)}
)
"""How people group the characters of an identity number."""
_OLD_ID: Final = re.compile(_EDGE + r"([1-8]\d{5})(\d{6})\d{3}" + _END)
_EATEN: Final = re.compile(_EDGE + r"[1-8]\.\d{4,}E\+?1[4567]" + _END, re.IGNORECASE)
_MASKED: Final = re.compile(_EDGE + r"(?:\d{3,14}\*{4,}\d{0,4}[\dXx]|\d{6}[Xx]{6,}\d{3}[\dXx])" + _END)
_MASKED_PHONE: Final = re.compile(_EDGE + r"1[3-9]\d[*xX]{4}\d{4}" + _END)
_MOBILE: Final = re.compile(
    _EDGE + r"(?:(?:00|\+)?86[ -]?)?\(?(1[3-9]\d)\)?([ .-]?)(\d{4})([ .-]?)(\d{4})" + _END
)
_LABEL: Final = re.compile(r"(?:电话|手机|联系方式|\b(?:tel|phone|mobile|call))[^\d\n]{0,8}$", re.IGNORECASE)
_PREFIX: Final = re.compile(r"\b(tel|phone|mobile|mob|id|no)(?=\d{11})", re.IGNORECASE)
_LONG: Final = re.compile(r"\d{6}|\d[ ./)-]\d{3}|\d[*xX]{4}|\dE\+?1", re.IGNORECASE)
"""Without one of these no number in a text is personal."""
_SPAN: Final = 10
"""Years between the first and the last of a range of school years, at most."""


def has_number_form(text: str) -> bool:
    """Tell whether a text may hold an identity number or a phone at all."""
    return _LONG.search(text) is not None


def has_id(text: str) -> bool:
    """Tell whether a folded text holds an identity number, also in groups, masked or half eaten.

    Examples
    --------
    >>> [has_id(text) for text in ("1101 0519 4912 3100 2X", "110105.19491231.002X", "110105XXXXXXXX002X")]
    [True, True, True]
    >>> [has_id(text) for text in ("1101 0519 4912 3100 3X", "120 130 2027 2028 2029", "4.10181E+17")]
    [False, False, True]
    """
    text = _PREFIX.sub(r"\1 ", text)
    for place, _, born, rest in _ID.findall(text):
        if is_id_number(place + born + rest) or is_day(born):
            return True
    if any(_is_grouped(one[0], one[1]) for one in _GROUPED.finditer(text)):
        return True
    if any(is_day(f"19{born}") for _, born in _OLD_ID.findall(text)):
        return True
    return bool(_EATEN.search(text) or _MASKED.search(text))


def _is_grouped(text: str, sign: str) -> bool:
    groups = text.split(sign)
    number = "".join(groups)
    if tuple(map(len, groups)) not in _GROUPS or not is_day(number[6:14]):
        return False
    return len(groups[1]) == len("19491231") or is_id_number(number)


def has_mobile(text: str, phones: Collection[str]) -> bool:
    """Tell whether a folded text holds a mobile phone that is not published, also with hidden figures.

    Parameters
    ----------
    text
        The text.
    phones
        Digits of the phones that are published.

    Examples
    --------
    >>> [has_mobile(text, ()) for text in ("008613912345678", "(139)12345678", "138-1999-5678")]
    [True, True, True]
    >>> [has_mobile(text, ()) for text in ("130 2027 2028", "电话 130 2027 2028", "130-2027-2028")]
    [False, True, True]
    """
    text = _PREFIX.sub(r"\1 ", text)
    for found in _MOBILE.finditer(text):
        digits = found[1] + found[3] + found[5]
        if digits not in phones and not _is_row(found, text):
            return True
    return bool(_MASKED_PHONE.search(text))


def _is_row(found: re.Match[str], text: str) -> bool:
    """Tell whether three groups are a number of a table and a range of years after it: 130 2027 2028."""
    if found[2] != " " or found[4] not in (" ", "-") or _LABEL.search(text, 0, found.start()):
        return False
    low, high = int(found[3]), int(found[5])
    return 1990 <= low < high <= min(low + _SPAN, 2090)


def has_strange_phone(text: str, phones: Collection[str]) -> bool:
    """Tell whether a value under a phone's header is a phone that neither office nor school publishes.

    Examples
    --------
    >>> [has_strange_phone(text, {"037165551234"}) for text in ("0371-6555 1234", "6555 9999")]
    [False, True]
    """
    found = (re.sub(r"\D", "", one) for one in re.findall(r"\d[\d -]{5,}\d", text))
    return any(
        not any(digits.endswith(one) or one.endswith(digits) for one in phones if len(one) >= 7)
        for digits in found
    )
