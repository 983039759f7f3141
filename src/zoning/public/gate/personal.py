"""Personal data in what would be published: known by the words over it, by its form, or by the roster."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from zoning.load.rosters import is_id_number
from zoning.load.schema import fold
from zoning.public.gate.cells import Cell
from zoning.public.gate.names import Names

__all__ = ["EMAIL", "Known", "is_personal_header", "personal_in"]

_EDGE: Final = r"(?<![0-9A-Za-z])(?<!\d[-–.])"
_END: Final = r"(?![0-9A-Za-z]|\.\d)"
_ID: Final = re.compile(_EDGE + r"(\d{6})[ -]?(\d{8})[ -]?(\d{3}[\dXx])" + _END)
_OLD_ID: Final = re.compile(_EDGE + r"([1-8]\d{5})(\d{6})\d{3}" + _END)
_EATEN: Final = re.compile(_EDGE + r"[1-8]\.\d{4,}E\+?1[4567]" + _END, re.IGNORECASE)
_MASKED: Final = re.compile(_EDGE + r"\d{3,14}[*＊]{4,}\d{0,4}[\dXx]" + _END)
_MASKED_PHONE: Final = re.compile(_EDGE + r"1[3-9]\d[*＊xX]{4}\d{4}" + _END)
_MOBILE: Final = re.compile(_EDGE + r"(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})" + _END)
EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_PREFIX: Final = re.compile(r"\b(tel|phone|mobile|mob|id|no)(?=\d{11})", re.IGNORECASE)
_LONG: Final = re.compile(r"\d{6}|\d{4}[ -]\d{4}|\d[*＊xX]{4}|\dE\+?1", re.IGNORECASE)
"""Without one of these no number in a text is personal."""
_DATE: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?!\d)")
_BARE_DATE: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_BORN: Final = re.compile(
    r"出生(?!率|人[数口])|生于|生日|\bborn\b|\bbirth ?da(?:te|y)|\bdate of birth", re.IGNORECASE
)
_NAMED: Final = re.compile(
    r"(?:姓名|(?i:(?:child|pupil|student|parent)(?:'s)? name))\s*[:：]\s*"
    r"(?:[㐀-鿿\U00020000-\U0003ffff]{2,4}(?![㐀-鿿\U00020000-\U0003ffff:：])|[A-Z][a-z]+ [A-Z][a-z]+)"
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred or so most common ones: 姓名：必填 is no name."""
_BIRTH_HEADER: Final = re.compile(r"birth|born|dob|date|出生|生日|日期")
_PACKED: Final = 64
_ODD: Final = frozenset("!#$%^*~`{}|@;?<>[]_")
_NEAR: Final = 16
"""Characters between a date and the word that makes it a birth date, at most."""
_AGES: Final = range(2, 21)
_PHONE_HEADER: Final = re.compile(r"电话|手机|联系方式|phone|mobile|\btel\b")
_ZH_HEADER: Final = re.compile(
    r"身份证|证件号|护照|学籍号|报名号|报名编号|登记号|姓名|家长|监护人|父亲|母亲|出生(?:日期|年月|时间)|生日"
    r"|(?:家庭|学生|儿童|幼儿|家长|现|实际|户籍)(?:住址|地址)|户口|性别|民族|残疾|特殊需[要求]|双胞胎|微信|电子?邮[箱件]|邮箱"
)
_ZH_PUBLIC: Final = re.compile(r"校长|园长|负责人|学校名|(?:家长|监护人)(?:须知|意见|会)|户口(?:类|性)")
_PEOPLE: Final = (
    r"(?:child|pupil|student|applicant|parent|guardian|father|mother|family|first|last|given|sur|full)"
)
_EN_HEADER: Final = re.compile(
    rf"{_PEOPLE}s?_?names?\b|\b(?:national|resident|citizen|identity|student|pupil|child)_?ids?\b|\bid_?(?:card|number|no)\b"
    r"|\bpassport|\bmobiles?\b|\bcell_?phone|\bwechat|\be_?mails?\b|\bbirth_?da(?:te|y)|\bdate_of_birth|\bdob\b"
    r"|\bhome_address|\bgender\b|\bsex\b|\btwin_group\b|\bsid\b|\bspecial_need|\bethnic|\bregistration_number\b"
)
_MEASURES: Final = re.compile(
    r"area|面积|m2|_m\b|metres|length|长度|digest|摘要|cost|bound|seconds|_s\b|lon|lat|经度|纬度|^[xyz]$|easting|northing|coord|坐标"
)


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
        What the office says in ``[publish]`` that holds a count of children: a rule, and no count.
    names, numbers, births
        Names, registration numbers and dates of birth (eight digits) of the children of the roster.
    """

    year: int
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    public: str = ""
    ids: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
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
    def private_numbers(self) -> frozenset[str]:
        """Registration numbers that cannot be mistaken for another number."""
        return frozenset(n for n in self.numbers if n not in self.ids and (len(n) > 5 or not n.isdigit()))


def is_personal_header(word: str) -> bool:
    """Tell whether a header or key names something personal, in Chinese or English.

    Examples
    --------
    >>> [is_personal_header(word) for word in ("学生姓名", "Child name", "birth_date", "身份证号（必填）")]
    [True, True, True, True]
    >>> [is_personal_header(word) for word in ("name", "学校名称", "出生人数", "births", "phone", "校长姓名")]
    [False, False, False, False, False, False]
    """
    plain = fold(word)
    if len(plain) > 24:  # a sentence, not a header
        return False
    spaced = re.sub(r"[\s_./-]+", "_", unicodedata.normalize("NFKC", word).strip())
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", spaced).lower()
    if _ZH_HEADER.search(plain) and not _ZH_PUBLIC.search(plain):
        return True
    return bool(_EN_HEADER.search(spaced.replace("_", " ")) or _EN_HEADER.search(spaced))


def personal_in(cell: Cell, known: Known) -> Iterator[str]:
    """Yield the codes of everything personal in a cell.

    Parameters
    ----------
    cell
        The cell.
    known
        What may be published, and the names of the roster.

    Examples
    --------
    >>> known = Known(2027, phones=frozenset({"13800000000"}))
    >>> [list(personal_in(Cell(text, "x"), known)) for text in ("13912345678", "138 0000 0000", "2021-03-05")]
    [['mobile_phone'], [], ['birth_date']]
    """
    if cell.is_header and is_personal_header(cell.text):
        yield "personal_column"
    if _is_packed(cell.text):
        return
    text = cell.text if cell.text.isascii() else unicodedata.normalize("NFKC", cell.text)
    if any(c.isdigit() for c in text):
        yield from _numbers(cell, text, known)
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


def _numbers(cell: Cell, text: str, known: Known) -> Iterator[str]:
    header = cell.header.lower()
    if header and _PHONE_HEADER.search(header) and _is_strange_phone(text, known):
        yield "mobile_phone" if _has_mobile(text, known) else "phone"
        return
    if not _LONG.search(text) and not _DATE.search(text):
        return
    text = _PREFIX.sub(r"\1 ", text)
    is_measure = cell.number is not None and bool(_MEASURES.search(f"{cell.header} {cell.where}".lower()))
    if not is_measure:
        if _has_mobile(text, known):
            yield "mobile_phone"
        elif _has_id(text):
            yield "id_number"
    if _has_birth(cell, text, known):
        yield "birth_date"


def _has_id(text: str) -> bool:
    for place, born, rest in _ID.findall(text):
        if is_id_number(place + born + rest) or (place[0] in "12345678" and _is_day(born)):
            return True
    if any(_is_day(f"19{born}") for _, born in _OLD_ID.findall(text)):
        return True
    return bool(_EATEN.search(text) or _MASKED.search(text))


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= dt.datetime.strptime(digits, "%Y%m%d").replace(tzinfo=dt.UTC).year <= 2100
    except ValueError:
        return False


def _has_mobile(text: str, known: Known) -> bool:
    for found in _MOBILE.finditer(text):
        first, second, third = found.groups()
        spaced = first + second + third not in found[0]
        years = any(part[:2] in ("19", "20") for part in (second, third))
        if first + second + third not in known.phones and not (spaced and years):
            return True
    return bool(_MASKED_PHONE.search(text))


def _is_strange_phone(text: str, known: Known) -> bool:
    """Tell whether a value under a phone's header is a phone that neither office nor school publishes."""
    found = (re.sub(r"\D", "", one) for one in re.findall(r"\d[\d -]{5,}\d", text))
    return any(
        not any(digits.endswith(one) or one.endswith(digits) for one in known.phones if len(one) >= 7)
        for digits in found
    )


def _has_birth(cell: Cell, text: str, known: Known) -> bool:
    """Tell whether a text holds a date of birth: by a word beside it, or alone and of a child's age."""
    whole = text.strip()
    alone = _DATE.fullmatch(whole.removesuffix("T00:00:00").removesuffix(" 00:00:00"))
    bare = _BARE_DATE.fullmatch(whole)
    if bare is not None and (whole in known.births or _BIRTH_HEADER.search(cell.header.lower())):
        alone = bare
    if alone is not None and _is_day(_compact(alone)) and known.year - int(alone[1]) in _AGES:
        return True
    dates = [one.span() for one in _DATE.finditer(text)]
    words = [one.span() for one in _BORN.finditer(text)] if dates else []
    return any(low - _NEAR <= end and start <= high + _NEAR for low, high in dates for start, end in words)


def _compact(found: re.Match[str]) -> str:
    return f"{found[1]}{int(found[2]):02d}{int(found[3]):02d}"


def _of_roster(text: str, known: Known) -> Iterator[str]:
    """Yield what a text holds of the children of the roster: registration numbers, and names."""
    numbers = known.private_numbers
    if numbers and any(word in numbers for word in re.findall(r"[\w-]+", text)):
        yield "registration"
    if code := known.private_names.found_in(text):
        yield code
