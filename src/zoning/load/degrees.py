"""Degrees, minutes and seconds, as surveyors write them by hand."""

import re
from typing import Final

from zoning import messages
from zoning.errors import Problem

_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_DEGREES: Final = re.compile(
    rf"^\s*([NSEW北南东西]?[纬经]?)\s*(-?){_NUMBER}\s*(?:[°º˚度]|\s)"
    rf"\s*(?:{_NUMBER}\s*(?:['′’分]|\s|$))?\s*(?:{_NUMBER}\s*(?:[\"″”秒]|''|′′|$))?\s*([NSEW北南东西]?[纬经]?)\s*$",
    re.IGNORECASE,
)


def decimal_degrees(text: str) -> float | None:
    """Return the decimal degrees of an angle in degrees, minutes and seconds; None for any other text.

    Parameters
    ----------
    text
        What stands in the cell.

    Examples
    --------
    >>> decimal_degrees("113°02′15″E"), decimal_degrees("东经113度3分"), decimal_degrees("abc")
    (113.0375, 113.05, None)
    """
    found = _DEGREES.match(text)
    if found is None:
        return None
    before, minus, degrees, minutes, seconds, after = found.groups()
    if minutes is None and seconds is None and not set("°º˚度") & set(text):
        return None
    small, smaller = float(minutes or 0), float(seconds or 0)
    if small >= 60 or smaller >= 60:
        return None
    side = (before or after).upper()[:1]
    sign = -1 if minus or side in {"S", "W", "南", "西"} else 1
    return round(sign * (float(degrees) + small / 60 + smaller / 3600), 8)


def degrees_problem(text: str, *, file: str, row: int, column: str) -> Problem | None:
    """Return the problem of a cell that holds degrees, minutes and seconds; None when it does not.

    Parameters
    ----------
    text
        What stands in the cell.
    file, row, column
        Where it stands.

    Examples
    --------
    >>> degrees_problem("34°41′30″", file="schools.csv", row=2, column="lat").cure.en
    'Write decimal degrees: 34.691667.'
    """
    decimal = decimal_degrees(text)
    if decimal is None:
        return None
    return messages.problem(
        "load_crs.degrees_minutes", file=file, row=row, column=column, value=text, decimal=f"{decimal:.6f}"
    )
