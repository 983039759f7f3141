"""How addresses are written: the one form to compare, and what follows a name in them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Tail", "plain_address", "read_tail"]

_DIGITS: Final = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_COUNTED: Final = r"(?=\s*(?:号|栋|幢|座|弄|巷|组|队|单元|室))"
_NUMERAL: Final = "[〇零一二两三四五六七八九十百]+"
_CHINESE: Final = re.compile(_NUMERAL + _COUNTED)
_VARIANT: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Signs that choose the drawing of a character, and stand in no comparison."""
_LEAD: Final = r"^(?:NO\.?|[第,，、:(\[【#])*"
_SPAN: Final = r"(?:[~至到/、,，和及与]|[-—–‐−―]+)"
_COUNT: Final = r"(?:号楼|号院|号|號|栋|幢|座|弄)"
_PUNCTUATION: Final = r"[,，、。.;:()\[\]【】/#\\|\"'<>《》&!?*_+]"
_BESIDE: Final = r"(?!斜?对[面过门]|附近|旁|隔壁|背后|后面|前面|[东西南北]侧)"
_NUMERAL_ENDS: Final = re.compile(rf"({_LEAD}|[-—–‐−―~至到、,，和及与])({_NUMERAL})(?=$|[-—–‐−―~至到)\]】])")
_CHAIN: Final = re.compile(
    rf"{_LEAD}\d+({_COUNT})?(?:之\d+)?(?:{_SPAN}(?:第|NO\.?)?\d+(?!\d){_COUNT}?(?:之\d+)?)+(?!\d)"
)
_COUNT_ENDS: Final = re.compile(rf"({_COUNT})(?:之\d+)?$")
_NUMBER: Final = re.compile(
    rf"{_LEAD}(\d+)(?!\d)(?:\.0+)?(?!\.?\d)(?:[-—–‐−―之]\d+(?!\d))*"
    r"(?:(?:(?:号楼|号院|号|號)(?!线|路|桥|站|口|出口|公路|公交|门(?!面|市|店))|栋|幢|座|弄|院|楼(?=\d+(?:单元|门)))"
    rf"{_BESIDE}|(?=$|[A-L](?![A-Z])|[甲乙丙丁]|[附付]\d|-(?!\d)|{_PUNCTUATION}))"
)
_ROOM: Final = re.compile(rf"{_LEAD}(\d+)(?:[-—–‐−―之]\d+(?!\d))+(?:室|户|房|单元)")
"""A house number; what is counted in metres, years, lines, lanes or floors is none."""
_GOES_ON: Final = re.compile("[^,，、。;()]")
_UNENDING: Final = re.compile(r"\d(?:号|號)?[-—–‐−―~至到]+$")
"""A range whose end is another known name."""
_UNIT: Final = re.compile(rf"{_LEAD}\d+(?!\d)(?:单元|室|层|楼|户|组|队|社|排|房|门(?!面|市|店))")
_DIGIT: Final = re.compile(rf"{_LEAD}\d")
_LONGER: Final = re.compile(
    r"^(?:[东西南北中新老大小前后上下村镇乡]|中心|希望|完全|实验)?(?:路|街|大道|大街|巷|胡同|弄堂|小学|中学|幼儿园|幼稚园|学校|学院|大学|市场|菜市场"
    r"|农贸|医院|卫生院|卫生室|车站|公交|地铁|社区|开发区|工业|区|期"
    r"|(?:[〇零一二两三四五六七八九十百]+|\d+|[A-Z]+)(?:期|区|段|路|街|支|米|公里|年))"
)
"""What makes another name out of an area's name, or out of what stands behind a sign."""
_ENDED: Final = re.compile(
    r"^(?:$|[-—–](?=[\dA-Z])|[A-Z](?=$|[-\d座栋幢号楼]|单元|[,，、(])|[甲乙丙丁](?=[号栋幢座楼\d]|单元)"
    r"|[一二三四五六七八九十]+(?=楼|层|门|排|户)|[和及里口北南东西]$|[与的内旁]|附近|附\d|对面|对过|对门|隔壁|边上"
    r"|门口|门前|楼上|楼下|路口|村口|里面|交叉|交汇|交界|十字|以[东西南北]|[东西南北正前后](?:门|侧|边|面|头|端|口)"
    r"|[东西南北中上下前后]段|沿线|沿街|院内)"
)
"""What may stand behind the name of a street or an estate that is no part of a longer name."""
_MARKED: Final = re.compile(rf"^{_PUNCTUATION}+")
_AREA: Final = {True: re.compile(r"(?:村|社区|居委会|村委会|嘎查)$"), False: re.compile(r"(?:社区|居委会)$")}
"""Ends of names of whole areas with other names inside, of villages and of all other kinds."""
_LARGEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a name.

    Parameters
    ----------
    says
        ``number`` when a house number or a range of them is said, ``ended`` when nothing is that makes
        the name another one, ``doubt`` when digits stand there that are no house number, ``longer`` when
        the name is the beginning of a longer one that nobody listed.
    first, last
        The numbers said, from and to; the same for one number.
    """

    says: Literal["number", "ended", "doubt", "longer"]
    first: int = 0
    last: int = 0


def plain_address(address: str) -> str:
    """Return an address as it is compared: half-width, no blanks or unseen signs, Hanzi before 号 as digits.

    Examples
    --------
    >>> plain_address("建设路 １７号"), plain_address("建设路十七号"), plain_address("一号路二十号")
    ('建设路17号', '建设路17号', '1号路20号')
    """
    seen = "".join(c for c in _VARIANT.sub("", address) if unicodedata.category(c) != "Cf")
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", seen)).upper()
    return _CHINESE.sub(lambda found: _chinese_number(found[0]), plain)


def _chinese_number(word: str) -> str:
    """Return the digits of a number written in Hanzi, below 1,000, or digit by digit."""
    if not any(c in word for c in "十百"):
        return "".join(str(_DIGITS[c]) for c in word).lstrip("0") or "0"
    total, digit = 0, 0
    for c in word:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[c]
    return str(total + digit)


def read_tail(after: str, name: str, kinds: frozenset[str]) -> Tail:
    """Return what stands behind a name, up to the next known name.

    Parameters
    ----------
    after
        The text behind it, in plain form.
    name
        The name, in plain form.
    kinds
        Kinds of its entries: ``street``, ``estate``, ``village``.

    Examples
    --------
    >>> kinds = frozenset({"street"})
    >>> [read_tail(text, "和平路", kinds).says for text in ("152号", "东段", "152米", "小学")]
    ['number', 'ended', 'doubt', 'longer']
    >>> read_tail("152至372号", "和平路", kinds)
    Tail(says='number', first=152, last=372)
    """
    # People put 小区 behind the name of an estate; behind a street it makes an estate of its own.
    text = after.removeprefix("小区") if kinds == {"estate"} else after
    text = _NUMERAL_ENDS.sub(lambda found: found[1] + _chinese_number(found[2]), text)
    numbers = _numbers_of(text, streets=kinds == {"street"})
    if numbers is not None:
        return Tail("number", *numbers)
    return Tail(_without_number(text, free=_AREA[kinds == {"village"}].search(name) is not None))


def _numbers_of(text: str, *, streets: bool) -> tuple[int, int] | None:
    """Return the least and the largest house number; None where none is said to its end."""
    span = _span_of(text, streets=streets)
    if span is not None or _UNENDING.search(text):
        return span
    number = _NUMBER.match(text) or _ROOM.match(text)
    return None if number is None else (_value(number[1]), _value(number[1]))


def _without_number(text: str, *, free: bool) -> Literal["ended", "doubt", "longer"]:
    """Tell what a text without house number makes of the name before it; a free name may hold others."""
    if _UNENDING.search(text):
        return "doubt"
    unmarked = _MARKED.sub("", text)
    if _UNIT.match(text) or (free and not _LONGER.match(unmarked)):
        return "ended"
    if _DIGIT.match(text):
        return "doubt"
    longer = _LONGER.match(unmarked) if unmarked != text else not _ENDED.match(text)
    return "longer" if longer else "ended"


def _span_of(text: str, *, streets: bool) -> tuple[int, int] | None:
    """Return the least and the largest number of a range or list; None where there is none."""
    chain = _CHAIN.match(text)
    if chain is None:
        return None
    said, first, counted = chain[0], chain[1], _COUNT_ENDS.search(chain[0])
    last = None if counted is None else counted[1]
    numbers = [_value(digits) for digits in re.findall(r"\d+", said)]
    alike = last is not None and first in {None, last}
    if re.search("[~至到]", said):
        holds = True
    elif re.search("[/、,，和及与]", said[len(_lead_of(said)) :]):
        holds = alike
    else:  # 17-2 is a part of 17, and 3-501 in an estate a building and a room
        bare = streets and first is None and last is None and not _GOES_ON.match(text[chain.end() :])
        holds = len(numbers) == 2 and numbers[0] < numbers[1] and (alike or bare)
    return (min(numbers), max(numbers)) if holds else None


def _lead_of(text: str) -> str:
    found = re.match(_LEAD, text)
    return "" if found is None else found[0]


def _value(digits: str) -> int:
    """Return a number; all numbers of ten digits and more count as the largest."""
    return int(digits) if len(digits) < len(str(_LARGEST)) else _LARGEST
