"""Dates of birth: by a word or a person beside them, by their header, or by the roster."""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Day", "days_in", "holds_birth", "is_day", "is_limit", "is_sex", "speaks_of_person"]

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}"
_DATE: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-/.]|\s?年\s?)(\d{1,2})(?:[-/.]|\s?月\s?)(\d{1,2})(?!\d)(?:\s?[日号])?(?:T[\d:.]+Z?)?"
)
_DAY_FIRST: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}[.,]?[ -]((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE
)
_MONTH_FIRST: Final = re.compile(
    rf"\b{_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?,? ((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE
)
_BARE: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_BORN: Final = re.compile(
    r"出生(?!率|人[数口])|(?<![学新考招师])生于|生日"
    r"|\bborn\b|\bbirth ?da(?:te|y)|\bdate of birth|\bd\.?o\.?b\b",
    re.IGNORECASE,
)
_BORN_AFTER: Final = re.compile(r"\s?生(?=$|\W|[的人于])")
_BIRTH_HEADER: Final = re.compile(r"birth|born|\bdob\b|d\.o\.b|出生|生日")
_AFTER: Final = re.compile(
    r"\s?(?:\((?:不?含|包括|当)[^)]{0,4}\)|不?含(?:当[日天])?)?\s?"
    r"(?:[以之]?[前后]|[起至到止]|截止|为止|\((?:不?含|包括|inclusive)|"
    r",? ?(?:(?:or|and) (?:before|after|earlier|later)|onwards?\b))"
)
_BEFORE: Final = re.compile(
    r"(?:(?:before|after|since|until|till|by|(?:no|not) later than|earlier than|later than|up to)(?: the)?"
    r"|截[至止]|[早晚]于|不迟于)[ :]?$",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(r"\s?(?:-|至|到|to|and|until|till)\s?", re.IGNORECASE)
_SEX: Final = re.compile(
    r"(?<![㐀-鿿])[男女](?![㐀-鿿])|(?:姓名|\bname)\s?[:：]|\b(?:male|female|boy|girl)\b", re.IGNORECASE
)
_NEAR: Final = 16
"""Characters between a date and the word that makes it a birth date, at most."""
_BESIDE: Final = 12
"""Characters between a date and a person beside it, at most."""
_AGES: Final = range(2, 21)


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a text.

    Parameters
    ----------
    digits
        Year, month and day, eight digits.
    start, end
        Where it stands.
    """

    digits: str
    start: int
    end: int

    @property
    def year(self) -> int:
        """Its year."""
        return int(self.digits[:4])


def is_day(digits: str) -> bool:
    """Tell whether eight digits are a day of 1900 to 2100.

    Examples
    --------
    >>> is_day("20190901"), is_day("20190931"), is_day("30190901")
    (True, False, False)
    """
    try:
        return 1900 <= dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def days_in(text: str) -> list[Day]:
    """Return the dates in a text, in its order.

    Examples
    --------
    >>> [day.digits for day in days_in("2019 年 9 月 1 日, 1 September 2019, Sept 1, 2019, 2019.9.31")]
    ['20190901', '20190901', '20190901']
    """
    found = [Day(_digits(*one.groups()), *one.span()) for one in _DATE.finditer(text)]
    if not text.isascii() or any(month in text.lower() for month in _MONTHS):
        for pattern, month, day in ((_DAY_FIRST, 2, 1), (_MONTH_FIRST, 1, 2)):
            found += [
                Day(_digits(one[3], _month(one[month]), one[day]), *one.span())
                for one in pattern.finditer(text)
            ]
    return sorted((day for day in found if is_day(day.digits)), key=lambda day: day.start)


def _month(word: str) -> str:
    return str(_MONTHS.index(word[:3].lower()) + 1)


def _digits(year: str, month: str, day: str) -> str:
    return f"{year}{int(month):02d}{int(day):02d}"


def is_limit(text: str, days: list[Day], at: int) -> bool:
    """Tell whether a date is the limit of a rule: before, after or until it, or one end of a span.

    Examples
    --------
    >>> for text in ("2021年8月31日（含）以前出生", "born before 2021-09-01", "born on 2021-09-01"):
    ...     print(is_limit(text.replace("（", "(").replace("）", ")"), days_in(text), 0))
    True
    True
    False
    """
    day = days[at]
    if _AFTER.match(text, day.end) or _BEFORE.search(text[max(0, day.start - 20) : day.start]):
        return True
    beside = [(days[n], days[n + 1]) for n in (at - 1, at) if 0 <= n < len(days) - 1]
    return any(_RANGE.fullmatch(text, low.end, high.start) for low, high in beside)


def is_sex(text: str) -> bool:
    """Tell whether a whole cell says boy or girl, so that its row is about a person.

    Examples
    --------
    >>> [is_sex(word) for word in ("男", " girl ", "男厕", "boys")]
    [True, True, False, False]
    """
    return len(text) < 12 and _SEX.fullmatch(text.strip()) is not None


def speaks_of_person(text: str) -> bool:
    """Tell whether a text speaks of one person, so that a date in it is that person's.

    Examples
    --------
    >>> [speaks_of_person(text) for text in ("姓名：某，2020-03-05 出生", "2020-03-05 以后出生的儿童")]
    [True, False]
    """
    return _SEX.search(text) is not None


def holds_birth(
    text: str,
    header: str,
    year: int,
    *,
    births: Collection[str] = (),
    is_beside: bool = False,
) -> bool:
    """Tell whether a text holds a date of birth.

    Parameters
    ----------
    text
        The text, folded.
    header
        What stands over it, in lower case.
    year
        School year of the publication.
    births
        Dates of birth of the roster, eight digits each, without those that the publication itself says.
    is_beside
        Whether its row is about a person.

    Examples
    --------
    >>> [holds_birth("2020-03-05", header, 2027) for header in ("birth_date", "opened", "data_date")]
    [True, False, False]
    >>> [holds_birth(f"{text}2020-03-05", "", 2027) for text in ("DOB ", "甲，男，", "born before ")]
    [True, True, False]
    """
    days = days_in(text)
    whole = text.strip()
    is_birth = bool(header and _BIRTH_HEADER.search(header))
    if not days and _BARE.fullmatch(whole) and is_day(whole):
        return whole in births or (is_birth and _is_childs(int(whole[:4]), year))
    if len(days) == 1 and whole.replace(text[days[0].start : days[0].end], "").strip() in ("", "00:00:00"):
        return _is_alone(days[0], year, is_birth=is_birth or is_beside, births=births)
    strange = [day for at, day in enumerate(days) if not is_limit(text, days, at)]
    return any(_has_word(text, day, year) for day in strange)


def _is_alone(day: Day, year: int, *, is_birth: bool, births: Collection[str]) -> bool:
    return _is_childs(day.year, year) and (is_birth or day.digits in births)


def _is_childs(born: int, year: int) -> bool:
    return year - born in _AGES


def _has_word(text: str, day: Day, year: int) -> bool:
    """Tell whether a word of birth or a person stands beside a date."""
    if year - day.year < _AGES[0]:
        return False
    if _BORN_AFTER.match(text, day.end) or any(_beside(text, day, _BORN, _NEAR)):
        return True
    return _is_childs(day.year, year) and any(_beside(text, day, _SEX, _BESIDE))


def _beside(text: str, day: Day, words: re.Pattern[str], most: int) -> Iterator[bool]:
    for one in words.finditer(text):
        yield one.start() - day.end <= most and day.start - one.end() <= most
