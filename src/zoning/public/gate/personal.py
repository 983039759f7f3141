"""Personal data in what would be published: known by the words over it, by its form, or by the roster."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from zoning.public.gate.cells import Cell
from zoning.public.gate.dates import holds_birth
from zoning.public.gate.headers import is_home_header, is_measure_header, is_personal_header, is_phone_header
from zoning.public.gate.names import Names
from zoning.public.gate.numbers import has_id, has_mobile, has_number_form, has_strange_phone
from zoning.public.gate.plain import plain_text

__all__ = ["EMAIL", "Known", "personal_in"]

EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_NAMED: Final = re.compile(
    r"(?:姓名|(?i:(?:child|pupil|student|parent)(?:'s)? name))\s*[:：]\s*"
    r"(?:[㐀-鿿\U00020000-\U0003ffff]{2,4}(?![㐀-鿿\U00020000-\U0003ffff:：])|[A-Z][a-z]+ [A-Z][a-z]+)"
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred or so most common ones: 姓名：必填 is no name."""
_DIGIT: Final = re.compile(r"\d")
_CENTURY: Final = re.compile(r"(?:19|20)\d\d")
_PACKED: Final = 64
_ODD: Final = frozenset("!#$%^*~`{}|@;?<>[]_")
_FLAT: Final = re.compile(
    r"(?:单元|栋|幢|号楼)\s?\d{2,4}\s?室?|\b(?:flat|apt|apartment)\.? ?\d", re.IGNORECASE
)
"""What makes an address that of one home."""


@dataclass(frozen=True)
class Known:
    """What may be published although it looks personal, and what is known to be personal.

    Parameters
    ----------
    year
        School year of the publication, which tells the birth years of children.
    phones
        Digits of the published phones of the office and the schools.
    emails
        Addresses that the office publishes, in lower case.
    public
        Names of places and schools, one a line.
    ids
        Ids of blocks and schools.
    said
        What the office says in ``[publish]`` that speaks of few children or of a date of birth: a rule.
    dates
        Dates that the publication itself says, eight digits each: of its data, and the last day of comments.
    names, numbers, births
        Names, registration numbers and dates of birth (eight digits) of the children of the roster.
    """

    year: int
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    public: str = ""
    ids: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    dates: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()

    @cached_property
    def every_name(self) -> Names:
        """Names of all children of the roster."""
        return Names.of(self.names)

    @cached_property
    def private_names(self) -> Names:
        """Names of children that do not also stand in a name of a place or school."""
        return self.every_name.without(self.public)

    @cached_property
    def private_births(self) -> frozenset[str]:
        """Dates of birth that the publication does not say of itself."""
        return self.births - self.dates

    @cached_property
    def private_numbers(self) -> frozenset[str]:
        """Registration numbers that cannot be mistaken for another number."""
        return frozenset(n for n in self.numbers if n not in self.ids and (len(n) > 5 or not n.isdigit()))


def personal_in(cell: Cell, known: Known, *, is_beside: bool = False) -> Iterator[str]:
    """Yield the codes of everything personal in a cell.

    Parameters
    ----------
    cell
        The cell.
    known
        What may be published, and the names of the roster.
    is_beside
        Whether a person stands in its row, so that a date alone is a date of birth.

    Examples
    --------
    >>> known = Known(2027, phones=frozenset({"13800000000"}))
    >>> cells = [Cell("13912345678", "x"), Cell("138 0000 0000", "x"), Cell("2021-03-05", "x", header="born")]
    >>> [list(personal_in(cell, known)) for cell in cells]
    [['mobile_phone'], [], ['birth_date']]
    """
    if cell.is_header and is_personal_header(cell.text):
        yield "personal_column"
    if _is_packed(cell.text):
        return
    text = cell.text if cell.text.isascii() else unicodedata.normalize("NFKC", cell.text)
    if _DIGIT.search(text):
        yield from _numbers(cell, plain_text(text), known, is_beside=is_beside)
    if "@" in text and any(found.lower() not in known.emails for found in EMAIL.findall(text)):
        yield "email"
    if labelled := _NAMED.search(text):
        named = re.split(r"[:：]\s*", labelled[0])[-1]
        yield "child_name" if named.isascii() or named[0] in _SURNAMES else "name_in_text"
    yield from _of_roster(text, known)


def _is_packed(text: str) -> bool:
    """Tell whether a text is data packed into printable characters, in which no word can be read.

    Examples
    --------
    >>> _is_packed("wymW#q#iclt_oIoPugwrpOk@l1sPw}rpl_1j3sat_cj" * 2), _is_packed("a b" * 99)
    (True, False)
    """
    if len(text) < _PACKED or not text.isascii() or " " in text:
        return False
    return len(set(text) & _ODD) >= 4


def _numbers(cell: Cell, text: str, known: Known, *, is_beside: bool) -> Iterator[str]:
    header = cell.header.lower()
    if header and is_phone_header(header) and has_strange_phone(text, known.phones):
        yield "mobile_phone" if has_mobile(text, known.phones) else "phone"
        return
    if has_number_form(text) and not (cell.number is not None and _is_measure(cell)):
        if has_mobile(text, known.phones):
            yield "mobile_phone"
        elif has_id(text):
            yield "id_number"
    births = known.private_births
    if _CENTURY.search(text) and holds_birth(text, header, known.year, births=births, is_beside=is_beside):
        yield "birth_date"
    if header and is_home_header(header) and _FLAT.search(text):
        yield "personal_column"


def _is_measure(cell: Cell) -> bool:
    return is_measure_header(f"{cell.header} {cell.where}".lower())


def _of_roster(text: str, known: Known) -> Iterator[str]:
    """Yield what a text holds of the children of the roster: registration numbers, and names."""
    numbers = known.private_numbers
    if numbers and any(word in numbers for word in re.findall(r"[\w-]+", text)):
        yield "registration"
    if code := known.private_names.found_in(text):
        yield code
