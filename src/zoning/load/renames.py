"""Schools of the enrolment table that the schools table knows under another number."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import pandas as pd

from zoning.load.columns import CheckedTable
from zoning.load.headers import nearest

__all__ = ["Renamed", "renamed_schools"]

_ALIKE: Final = 0.15


class Renamed(NamedTuple):
    """The school that an unknown number probably means, and why: its name, its digits or its roll."""

    school_id: str
    name: str
    why: str


def renamed_schools(tables: Mapping[str, CheckedTable]) -> dict[str, Renamed]:
    """Return what unknown schools of the enrolment table probably are.

    A number may be a school's name, or share its digits with one school only, or end the year before another
    school begins with as many pupils (15 % more or less).

    Parameters
    ----------
    tables
        Checked tables by name, ``schools`` and ``enrolment`` among them.
    """
    schools, rolls = tables["schools"].frame, tables["enrolment"].frame
    names = dict(zip(schools["school_id"], schools["name"], strict=True))
    unknown = sorted(set(rolls["school_id"]) - set(names) - {""})
    if not unknown:
        return {}
    by_name = {
        word: school_id
        for column in ("name_en", "name")
        for word, school_id in zip(schools[column], schools["school_id"], strict=True)
        if word
    }
    digits: dict[str, list[str]] = {}
    for school_id in names:
        digits.setdefault(_digits(school_id), []).append(school_id)
    spans = _spans(rolls)
    found = {}
    for value in unknown:
        called = nearest(value, by_name) if not value.isascii() or " " in value else None
        same = digits.get(_digits(value), []) if _digits(value) else []
        later = _successor(value, spans, names)
        for school_id, why in (
            (by_name.get(called or ""), "name"),
            (same[0] if len(same) == 1 else None, "digits"),
            (later, "roll"),
        ):
            if school_id is not None:
                found[value] = Renamed(school_id, names[school_id], why)
                break
    return found


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value).lstrip("0")


def _spans(rolls: pd.DataFrame) -> pd.DataFrame:
    """First and last year of every school, with its pupils in each."""
    total = rolls.groupby(["school_id", "year"])["pupils"].sum().reset_index().sort_values("year")
    schools = total.groupby("school_id")
    first, last = schools.first(), schools.last()
    return first.add_suffix("_first").join(last.add_suffix("_last"))


def _successor(value: str, spans: pd.DataFrame, names: Mapping[str, str]) -> str | None:
    """Return the known school that begins the year after a school ends, with about as many pupils."""
    if value not in spans.index:  # no row of it has a year
        return None
    gone = spans.loc[value]
    began = spans[spans.index.isin(names) & (spans["year_first"] == gone["year_last"] + 1)]
    gap = (began["pupils_first"] / gone["pupils_last"] - 1).abs() if gone["pupils_last"] > 0 else None
    if gap is None or gap.empty or gap.min() > _ALIKE:
        return None
    return str(gap.idxmin())
