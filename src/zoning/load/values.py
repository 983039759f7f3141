"""One cell of text into one value, by the type of its column."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context
from typing import Any, Final

from zoning.district import parse_grade
from zoning.errors import Text
from zoning.load.degrees import decimal_degrees
from zoning.load.schema import Column, fold

BLANK: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "n/a", "na", "null", "none", "#n/a", "nan"}
)
"""What people write where there is nothing, outside names."""

_YES: Final = frozenset({"yes", "y", "true", "t", "1", "是", "有", "√", "✓"})
_NO: Final = frozenset({"no", "n", "false", "f", "0", "否", "无", "没有", "×", "✗"})
_YEARS: Final = (1950, 2100)
_OLDEST: Final = 25
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_YEAR: Final = re.compile(r"(\d{4})(?:\s*[-/~—–至]\s*(\d{4}|\d{2}))?\s*(?:学年度?|年度?|年?[秋春]季?)?")
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(\.\d+)?e\+?\d+", re.IGNORECASE)
_ANGLE: Final = re.compile(
    r"""(\d+)[°度](?:(\d+)['′分])?(?:(\d+(?:\.\d+)?)(?:"|″|''|′′|秒))?([NSEW北南东西])?"""
)
_ERROR: Final = re.compile(r"#(REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
_DATES: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_DATE_START: Final = re.compile(r"(\d{4}|\d{8})(?!\d)")  # strptime takes 202011, a month, for 1 January
_POINTS: Final = re.compile(r"[+-]?\d+(\.\d*)?")
_SHEET: Final = Context(prec=15)
"""Digits that a spreadsheet keeps: a sum of 95.1 may be stored as 95.10000000000001."""
_MOST_POINTS: Final = 2000
_AWAY: Final = frozenset({"缺考", "缺", "未考", "免考", "缓考", "未参加", "absent"})
_TIMES: Final = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S")
_GRADES: Final = {
    **dict(zip(("小班", "中班", "大班"), (-2, -1, 0), strict=True)),
    **{f"{word}年级": grade for grade, word in enumerate("一二三四五六七八九", start=1)},
    **{
        f"{stage}{word}": first + n
        for stage, first in (("初", 7), ("高", 10))
        for n, word in enumerate("一二三")
    },
    **{f"小{word}": grade for grade, word in enumerate("一二三四五六", start=1)},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell.

    Parameters
    ----------
    code
        Code of the message.
    fields
        What the message names.
    value
        What the cell was read as nevertheless; None for nothing.
    warns
        Whether it is only a warning.
    """

    code: str
    fields: tuple[tuple[str, Any], ...] = ()
    value: Any = None
    warns: bool = False


def parse(text: str, column: Column) -> Any:  # noqa: ANN401 - a value of the column's type
    """Return the value of a cell, None for a blank one, or the :class:`Fault` that stands in it.

    Parameters
    ----------
    text
        The cell as written.
    column
        Its column.

    Examples
    --------
    >>> count = Column("pupils", "count", Text("pupils", "人数"))
    >>> parse("１，２３４", count), parse("—", count), parse("abc", count).code
    (1234, None, 'load.not_a_number')
    """
    plain = text.strip().strip("\ufeff\u200b").strip()
    if _ERROR.fullmatch(plain):
        return Fault("load.excel_error")
    if column.type in ("id", "text"):
        return None if plain.upper() == "#N/A" else _TYPES[column.type](plain, column)
    plain = unicodedata.normalize("NFKC", plain)
    if plain.lower() in BLANK and (column.type != "yes_no" or plain != "无"):
        return None
    if plain.startswith("="):
        return Fault("load.formula")
    return _TYPES[column.type](plain, column)


def _text(text: str, column: Column) -> str | Fault | None:
    del column
    if text.startswith("="):
        return Fault("load.formula")
    return text or None


def _id(text: str, column: Column) -> str | Fault | None:
    del column
    plain = unicodedata.normalize("NFKC", text)
    wrapped = re.fullmatch(r'="(.*)"', plain)
    plain = (wrapped[1] if wrapped else plain).removeprefix("'").strip()
    if plain.startswith("="):
        return Fault("load.formula")
    if _SCIENTIFIC.fullmatch(plain):
        return Fault("load.eaten_id")
    if re.fullmatch(r"\d+\.0+", plain):
        short = plain.split(".", maxsplit=1)[0]
        return Fault("load.decimal_id", (("read_as", short),), short, warns=True)
    return plain or None


def _number(text: str, column: Column) -> float | Fault:
    del column
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    try:
        value = float(plain.replace("_", "x"))
    except ValueError:
        return Fault("load.not_a_number")
    return value if math.isfinite(value) else Fault("load.not_a_number")


def _amount(text: str, column: Column) -> float | Fault:
    value = _number(text, column)
    if isinstance(value, Fault) or value >= 0:
        return value
    return Fault("load.negative")


def _whole(text: str, column: Column) -> int | Fault:
    value = _number(text, column)
    if isinstance(value, Fault):
        return value
    return int(value) if value == int(value) else Fault("load.not_whole")


def _count(text: str, column: Column) -> int | Fault:
    value = _whole(text, column)
    if isinstance(value, Fault) or value >= 0:
        return value
    return Fault("load.negative")


def _within(text: str, column: Column, first: int, last: int) -> int | Fault:
    value = _whole(text, column)
    if isinstance(value, Fault) or first <= value <= last:
        return value
    return Fault("load.out_of_range", (("first", first), ("last", last)))


def _year(text: str, column: Column) -> int | Fault:
    found = _YEAR.fullmatch(text)
    if not found:
        return _within(text, column, *_YEARS)
    first, second = int(found[1]), found[2]
    if second is not None and int(second) % 100 != (first + 1) % 100:
        return Fault("load.two_years")
    return _within(found[1], column, *_YEARS)


def _age(text: str, column: Column) -> int | Fault:
    return _within(re.sub(r"周?岁$", "", text), column, 0, _OLDEST)


def _month(text: str, column: Column) -> int | Fault:
    return _within(re.sub(r"月份?$", "", text), column, 1, 12)


def _grade(text: str, column: Column) -> int | Fault:
    del column
    if text in _GRADES:
        return _GRADES[text]
    try:
        return parse_grade(re.sub(r"(年级|\.0+)$", "", text))
    except ValueError:
        return Fault("load.no_grade")


def _choice(text: str, column: Column) -> str | Fault:
    word = fold(text)
    for value, others in column.allowed.items():
        if word in (value.lower(), *(fold(other) for other in others)):
            return value
    both = "、".join(f"{value}（{others[0]}）" for value, others in column.allowed.items())
    return Fault("load.no_choice", (("allowed", Text(", ".join(column.allowed), both)),))


def _choices(text: str, column: Column) -> str | Fault:
    for word, meant in column.combined.items():
        text = text.replace(word, meant)
    found = [_choice(part, column) for part in re.split(r"[;,、/|+\s]+", text) if part]
    for one in found:
        if isinstance(one, Fault):
            return one
    words = [str(one) for one in found]
    unique = list(dict.fromkeys(words))
    if len(unique) < len(words):
        return Fault("load.repeated_choice", (("read_as", ";".join(unique)),), ";".join(unique), warns=True)
    return ";".join(unique)


def _yes_no(text: str, column: Column) -> bool | Fault:
    del column
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    return Fault("load.not_yes_no")


def _moment(text: str, times: tuple[str, ...]) -> dt.datetime | None:
    for day in _DATES if _DATE_START.match(text) else ():
        for time in times:
            try:
                return dt.datetime.strptime(text, day + time)  # noqa: DTZ007 - local time without a zone is meant
            except ValueError:
                continue
    return None


def _date(text: str, column: Column) -> str | Fault:
    del column
    found = _moment(text, ("", " %H:%M:%S"))
    return Fault("load.no_date") if found is None else found.date().isoformat()


def _time(text: str, column: Column) -> str | Fault:
    del column
    found = _moment(text, _TIMES)
    return Fault("load.no_date") if found is None else found.isoformat(timespec="seconds")


def _angle(text: str, column: Column) -> float | Fault:
    found = _ANGLE.fullmatch(re.sub(r"\s", "", text))
    decimal = decimal_degrees(text)
    if found and decimal is not None:
        return decimal
    if decimal is not None:  # three numbers side by side may also be a slip of the hand
        return Fault("load_crs.degrees_minutes", (("decimal", f"{decimal:.6f}"),))
    return _number(text, column)


def _score(text: str, column: Column) -> int | Fault | None:
    """Return a score in tenths; None for a child who was absent."""
    del column
    plain = re.sub(r"\s*分$", "", text)
    if plain.lower() in _AWAY:
        return None
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    if not _POINTS.fullmatch(plain):
        return Fault("load.not_a_score")
    points = _SHEET.create_decimal(plain)
    if points < 0:
        return Fault("load.negative")
    if points > _MOST_POINTS:
        return Fault("load.out_of_range", (("first", 0), ("last", _MOST_POINTS)))
    tenths = points * 10
    return int(tenths) if tenths == int(tenths) else Fault("load.score_places")


_TYPES: Final[dict[str, Callable[[str, Column], Any]]] = {
    "id": _id,
    "text": _text,
    "number": _number,
    "amount": _amount,
    "count": _count,
    "year": _year,
    "age": _age,
    "month": _month,
    "grade": _grade,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "date": _date,
    "time": _time,
    "lon": _angle,
    "lat": _angle,
    "score": _score,
}
