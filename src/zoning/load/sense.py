"""Cells that are well written and yet cannot be, such as ranges that run backwards."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from zoning.district import STAGES
from zoning.errors import Problems
from zoning.load.columns import CheckedTable
from zoning.load.tables import TOTALS

MOST_SEATS: Final = 20_000
"""Seats of one stage that hardly any school has."""
LATEST: Final = 15
EARLIEST: Final = 30
"""Years after and before the newest count in which hardly any project of use is handed over."""
EXACT_DIGITS: Final = 15
"""Digits of a number that a spreadsheet keeps."""

_LAST_NUMBER: Final = 100_000
"""House numbers beyond are a code, or stand for no end."""


def check_sense(tables: Mapping[str, CheckedTable], problems: Problems) -> None:
    """Report what cannot be within one table.

    Parameters
    ----------
    tables
        Checked tables by name.
    problems
        Takes what is found.
    """
    if "residents" in tables:
        _check_residents(tables["residents"], problems)
    if "schools" in tables:
        _check_seats(tables["schools"], problems)
    if "addresses" in tables:
        _check_addresses(tables["addresses"], problems)
        blocks = tables.get("blocks")
        town_of: dict[str, str] = {}
        if blocks is not None:
            town_of = dict(zip(blocks.frame["block_id"], blocks.frame["town"], strict=True))
        _check_overlaps(tables["addresses"], town_of, problems)
    if "neighbours" in tables:
        _check_neighbours(tables["neighbours"], problems)
    if "housing" in tables:
        _check_housing(tables, problems)
    if "enrolment" in tables:
        totals = np.flatnonzero(is_class_total(tables["enrolment"].frame)).tolist()
        tables["enrolment"].report(problems, "load.total_row", totals, severity="warning")
    for checked in tables.values():
        _check_long_ids(checked, problems)


def is_single_class(enrolment: pd.DataFrame) -> "pd.Series[bool]":
    """Tell of each row of enrolment whether it counts one class."""
    words = enrolment["class_id"].str.lower()
    return (words != "") & ~words.isin(TOTALS)


def is_class_total(enrolment: pd.DataFrame) -> "pd.Series[bool]":
    """Tell of each row of enrolment whether it only adds up the classes of other rows."""
    single = is_single_class(enrolment)
    cells = single.groupby([enrolment[name] for name in ("school_id", "year", "grade")])
    return cells.transform("any") & ~single


def _check_long_ids(checked: CheckedTable, problems: Problems) -> None:
    """Report ids of more than 15 digits that end in zeros: Excel has rounded them, then saved text."""
    for column in checked.table.columns:
        if column.type == "id" and column.name in checked.headers:
            ids = checked.frame[column.name]
            rounded = ids.str.fullmatch(r"\d{15}0+") & (ids.str.len() > EXACT_DIGITS)
            where = np.flatnonzero(rounded.to_numpy(dtype=bool)).tolist()
            checked.report(problems, "load.eaten_id", where, column=column.name)


def _check_residents(residents: CheckedTable, problems: Problems) -> None:
    frame = residents.frame
    for column in ("registered", "migrants"):
        for at in np.flatnonzero((frame[column] > frame["residents"] + 1e-6).to_numpy()):
            residents.report(
                problems,
                "load.more_than_residents",
                [int(at)],
                column=column,
                severity="warning",
                residents=float(frame["residents"].iloc[at]),
            )


def _check_housing(tables: Mapping[str, CheckedTable], problems: Problems) -> None:
    """Warn of projects without dwellings, far from the counted years, or in a block without children."""
    housing = tables["housing"]
    none = np.flatnonzero((housing.frame["dwellings"] == 0).to_numpy()).tolist()
    housing.report(problems, "load.no_dwellings", none, column="dwellings", severity="warning")
    counted = [tables[name].frame["year"] for name in ("residents", "enrolment") if name in tables]
    if counted and pd.concat(counted).notna().any():
        newest = int(pd.concat(counted).max())
        year = housing.frame["handover_year"]
        far = np.flatnonzero(((year > newest + LATEST) | (year < newest - EARLIEST)).to_numpy()).tolist()
        housing.report(
            problems, "load.handover_far", far, column="handover_year", severity="warning", newest=newest
        )
    if "residents" in tables:
        frame = tables["residents"].frame
        lived = set(frame.loc[frame["residents"] > 0, "block_id"]) | {""}
        bare = np.flatnonzero(~housing.frame["block_id"].isin(lived).to_numpy()).tolist()
        housing.report(problems, "load.unpeopled_project", bare, column="block_id", severity="warning")


def _check_seats(schools: CheckedTable, problems: Problems) -> None:
    """Warn of more seats or rooms of one stage than any school has: a slip of the hand, or another unit."""
    for kind, most in (("capacity", MOST_SEATS), ("classrooms", MOST_SEATS // 40)):
        for stage in STAGES:
            column = f"{kind}_{stage.name}"
            many = np.flatnonzero((schools.frame[column] > most).to_numpy()).tolist()
            schools.report(problems, "load.too_many", many, column=column, severity="warning", most=most)


def _check_neighbours(neighbours: CheckedTable, problems: Problems) -> None:
    """Report pairs of a block with itself, and pairs that two rows join and part."""
    frame = neighbours.frame
    ends = np.sort(frame[["block_id", "other_id"]].to_numpy(dtype=str), axis=1)
    alone = ends[:, 0] == ends[:, 1]
    neighbours.report(problems, "load.own_neighbour", np.flatnonzero(alone).tolist(), column="other_id")
    pairs = pd.DataFrame({"one": ends[:, 0], "other": ends[:, 1], "joined": frame["joined"].to_numpy()})
    first = pairs.groupby(["one", "other"], sort=False)["joined"].transform("first")
    for at in np.flatnonzero((first != pairs["joined"]).to_numpy() & ~alone).tolist():
        same = (ends == ends[at]).all(axis=1)
        neighbours.report(
            problems,
            "load.joined_and_parted",
            [at],
            column="joined",
            first=int(neighbours.rows[int(np.argmax(same))]),
        )


def _check_addresses(addresses: CheckedTable, problems: Problems) -> None:
    frame = addresses.frame
    backwards = np.flatnonzero((frame["from"] > frame["to"]).to_numpy())
    addresses.report(problems, "load.range_backwards", backwards.tolist(), column="to")
    beyond = np.flatnonzero(((frame["from"] > _LAST_NUMBER) | (frame["to"] > _LAST_NUMBER)).to_numpy())
    addresses.report(problems, "load.house_number", beyond.tolist(), column="to", most=_LAST_NUMBER)
    half = (frame["exception_stage"] == "") != (frame["exception_school"] == "")
    addresses.report(problems, "load.half_exception", np.flatnonzero(half.to_numpy()).tolist())


def _check_overlaps(addresses: CheckedTable, town_of: Mapping[str, str], problems: Problems) -> None:
    """Report house numbers of one street that two blocks of one town claim."""
    frame = addresses.frame.assign(
        town=[town_of.get(block, "") for block in addresses.frame["block_id"]],
        low=addresses.frame["from"].fillna(-np.inf),
        high=addresses.frame["to"].fillna(np.inf),
    )
    streets = frame[(frame["kind"] == "street") & (frame["exception_stage"] == "")]
    for parity in ("odd", "even"):
        side = streets[streets["parity"].isin([parity, "all", ""])].sort_values(["town", "name", "low"])
        reach = side.groupby(["town", "name"], sort=False)["high"].cummax()
        same = (side["town"] == side["town"].shift()) & (side["name"] == side["name"].shift())
        clash = same & (side["low"] <= reach.shift()) & (side["block_id"] != side["block_id"].shift())
        for place in np.flatnonzero(clash.to_numpy()):
            at, other = int(side.index[int(place)]), int(side.index[int(place) - 1])
            if parity == "even" and {frame["parity"][at], frame["parity"][other]} <= {"all", ""}:
                continue  # reported for the odd side already
            addresses.report(
                problems,
                "load.range_overlap",
                [at],
                severity="warning",
                street=frame["name"][at],
                other=int(addresses.rows[other]),
                block=frame["block_id"][other],
            )
