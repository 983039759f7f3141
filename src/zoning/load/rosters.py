"""Rosters of new pupils. No message shows a name, an address, a birth date or a number of a child."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problems
from zoning.load.columns import CheckedTable
from zoning.load.coordinates import row_list
from zoning.load.found import LAYER_SUFFIXES, Found, find_tables
from zoning.load.matching import match_addresses
from zoning.load.project import UNREAD, read_project
from zoning.load.reading import read_table
from zoning.load.references import check_ids
from zoning.load.registrations import check_registrations, clear_nothings, fold_group, names_group
from zoning.load.schema import CHOICES, table
from zoning.load.scores import PREFIX
from zoning.roster import Applicant, Gender, Roster

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_AGES: Final = range(2, 21)
_PLAIN: Final = ("birth_date", "kindergarten", "address", "need", "twin_group", "registered_at", "scores")


def read_roster(path: str | Path, district: District | None = None) -> Roster:
    """Return the new pupils of a roster, each matched to the block of its address where there is one.

    Parameters
    ----------
    path
        The roster: CSV or Excel, columns as in the schema; or the district's folder, which holds one.
    district
        The district, whose ``addresses`` table finds the blocks and whose schools the choices name; None
        where neither matters.

    Raises
    ------
    DataError
        Holding every problem of the file; values that tell who a child is are never shown.
    """
    problems = Problems()
    checked = check_roster(_find(Path(path)), district, problems)
    problems.raise_if_failed()
    if checked is None:
        raise DataError(problems.items)
    return _roster(checked, district)


def _find(path: Path) -> Found:
    """Return where the roster stands: the file itself, or the one in a district's folder."""
    if path.is_dir():
        other = Problems()  # faults of other tables do not matter here
        settings = read_project(path, other)
        found = None if settings is None else find_tables(path, settings, other).get("roster")
        if found is None:
            raise DataError([messages.problem("load.no_file", file=(path / "roster.csv").as_posix())])
        return found
    if not path.is_file():
        raise DataError([messages.problem("load.no_file", file=path.as_posix())])
    settings_of = UNREAD.of_file(path.name)
    return Found(table("roster"), path, settings_of, path.suffix.lower() in LAYER_SUFFIXES)


def check_roster(found: Found, district: District | None, problems: Problems) -> CheckedTable | None:
    """Return the checked table of a roster; None when it cannot be used.

    Parameters
    ----------
    found
        Where it stands.
    district
        The district; None when that could not be read, so that choices and addresses are not checked.
    problems
        Takes everything that is wrong with it.
    """
    checked = read_table(found, problems)
    if checked is None:
        return None
    clear_nothings(checked)
    _check_sids(checked, problems)
    check_registrations(checked, problems, is_id_number)
    _check_twins(checked, problems)
    _check_tiers(checked, problems)
    if district is not None:
        _check_births(checked, district.place.year, problems)
        for n in range(1, CHOICES + 1):
            if f"choice_{n}" in checked.frame:
                check_ids(checked, f"choice_{n}", set(district.school_frame.index), problems, home="schools")
        _report_matches(checked, district, problems)
    return checked


def _check_sids(checked: CheckedTable, problems: Problems) -> None:
    if "sid" not in checked.headers:
        return
    column = checked.shown("sid")
    if not any((p.code, p.column) == ("load.eaten_id", column) for p in problems.items):  # an eaten one is ""
        blank = np.flatnonzero(checked.frame["sid"] == "").tolist()
        checked.report(problems, "load.blank_sid", blank, column="sid")


def is_id_number(word: str) -> bool:
    """Tell whether a word is a resident identity number (18 characters, right check digit).

    References
    ----------
    GB 11643-1999, check digit by ISO 7064:1983 MOD 11-2.

    Examples
    --------
    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021"), is_id_number("2026-0001")
    (True, False, False)
    """
    if not re.fullmatch(r"\d{17}[\dXx]", word):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, word, strict=False))
    return "10X98765432"[total % 11] == word[-1].upper()


def _check_twins(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    groups = frame["twin_group"]
    folded = groups.map(fold_group)
    size = folded.map(folded[groups != ""].value_counts())
    lone = [at for at in np.flatnonzero(size == 1).tolist() if names_group(groups[at])]
    checked.report(problems, "load.lone_twin", lone, column="twin_group")
    alone = np.flatnonzero(frame["together"] & (groups == ""))
    checked.report(problems, "load.together_alone", alone.tolist(), column="together", severity="warning")
    given = frame[(groups != "") & (frame["birth_date"] != "")]
    days = given.groupby("twin_group")["birth_date"].agg(["min", "max"])
    for group, (first, last) in zip(days.index, days.itertuples(index=False), strict=True):
        if np.datetime64(last) - np.datetime64(first) > np.timedelta64(1, "D"):
            places = np.flatnonzero(groups == group).tolist()
            checked.report(problems, "load.twin_dates", places, column="birth_date", severity="warning")


def _check_tiers(checked: CheckedTable, problems: Problems) -> None:
    zero = np.flatnonzero(checked.frame["tier"] == 0).tolist()
    checked.report(problems, "load.out_of_range", zero, column="tier", first=1, last=99)


def _check_births(checked: CheckedTable, year: int, problems: Problems) -> None:
    ages = [year - int(day[:4]) if day else None for day in checked.frame["birth_date"]]
    odd = [at for at, age in enumerate(ages) if age is not None and age not in _AGES]
    checked.report(problems, "load.odd_birth", odd, column="birth_date", severity="warning", year=year)


def _report_matches(checked: CheckedTable, district: District, problems: Problems) -> None:
    """Report, by row numbers only, addresses that were matched to several blocks or to none."""
    if "address" not in checked.headers or district.table("addresses") is None:
        return
    matches = match_addresses(district, checked.frame["address"])["match"].to_numpy()
    given = (checked.frame["address"] != "").to_numpy()
    for quality in ("several", "none"):
        rows = checked.rows[given & (matches == quality)]
        if len(rows):
            problems.add(
                messages.problem(
                    f"load.address_{quality}",
                    file=checked.file,
                    row=int(rows[0]),
                    column=checked.shown("address"),
                    count=len(rows),
                    rows=row_list(rows),
                    severity="warning",
                )
            )


def _roster(checked: CheckedTable, district: District | None) -> Roster:
    frame = checked.frame.assign(scores=pd.Series(_scores(checked.frame), dtype="object"))
    places: list[Mapping[str, Any]] = [{"block_id": "", "match": "none"}] * len(frame)
    if district is not None and district.table("addresses") is not None:
        matches = match_addresses(district, frame["address"])
        places = [dict(zip(matches.columns, row, strict=True)) for row in matches.itertuples(index=False)]
    choices = [f"choice_{n}" for n in range(1, CHOICES + 1) if f"choice_{n}" in frame]
    width = len(str(len(frame)))
    return Roster(
        tuple(
            _applicant(row, place, choices, f"{number:0{width}d}")
            for number, (row, place) in enumerate(zip(frame.to_dict("records"), places, strict=True), start=1)
        ),
        is_numbered=bool((frame["sid"] != "").any()),
    )


def _scores(frame: pd.DataFrame) -> list[tuple[tuple[str, int], ...]]:
    """Return subject and score in tenths of each row, sorted by subject; what a row lacks is left out.

    Examples
    --------
    >>> _scores(pd.DataFrame({"score_maths": [955.0, np.nan], "score_art": [800.0, 1000.0]}))
    [(('art', 800), ('maths', 955)), (('art', 1000),)]
    """
    names = sorted(name for name in frame.columns if name.startswith(PREFIX))
    subjects = [name.removeprefix(PREFIX) for name in names]
    rows = frame[names].to_numpy(dtype=np.float64).tolist()
    return [
        tuple((subject, int(tenths)) for subject, tenths in zip(subjects, row, strict=True) if tenths >= 0)
        for row in rows
    ]


def _applicant(
    row: Mapping[Any, Any], place: Mapping[str, Any], choices: list[str], number: str
) -> Applicant:
    return Applicant(
        sid=row["sid"] or number,
        name=row["name"],
        gender=cast("Gender", row["gender"]),
        together=bool(row["together"]),
        tier=1 if np.isnan(row["tier"]) else int(row["tier"]),
        choices=tuple(row[choice] for choice in choices if row[choice]),
        block_id=place["block_id"],
        match=place["match"],
        **{name: row[name] for name in _PLAIN},
    )
