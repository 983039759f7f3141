"""Schools: seats of every stage, and town and place class from the block that they stand in."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from zoning import messages
from zoning.district import STAGES, Stage
from zoning.errors import Problems
from zoning.load.columns import CheckedTable
from zoning.load.matching import AddressBook
from zoning.policy import LayoutPolicy

OUTSIDE_M = 50.0
"""A school this far from every block stands in none of them, metres; nearer, its point is a little off."""
FAR_M = 5_000
"""A school farther than this from every block, metres, is reported."""

_WORDS = ("name", "name_en", "town", "place_class", "ownership", "central_school", "group", "phone")
_FLAGS = ("teaching_site", "designated_for_migrants", "keep")


def check_years(schools: CheckedTable, problems: Problems) -> None:
    """Report schools that would close before they open.

    Parameters
    ----------
    schools
        The schools table.
    problems
        Takes what is found.
    """
    wrong = schools.frame["opens"] >= schools.frame["closes"]
    schools.report(problems, "load.closes_first", np.flatnonzero(wrong.to_numpy()).tolist(), column="closes")


def capacities(
    schools: CheckedTable,
    policy: LayoutPolicy,
    problems: Problems,
    *,
    enrolment: pd.DataFrame | None,
    answer: str,
) -> pd.DataFrame:
    """Return ``capacity_<stage>`` and ``classrooms_<stage>`` in pupils and rooms, NaN where not served.

    Seats are those given, else classrooms times the class-size norm of the policy (that of a teaching site
    where the school is one). Schools with neither are listed, unless the project has answered what to do.

    Parameters
    ----------
    schools
        The schools table.
    policy
        The policy that holds the norms.
    problems
        Takes schools without seats, and seats of stages that are not served.
    enrolment
        Pupils by school_id, year and grade, for the answer ``enrolment``.
    answer
        ``enrolment``: the most pupils of any year; ``skip``: not planned; empty: ask.
    """
    frame = schools.frame
    found = pd.DataFrame(index=frame.index)
    served = frame["stages"].str.split(";")
    for stage in STAGES:
        serves = np.asarray([stage.name in words for words in served])
        given, rooms = frame[f"capacity_{stage.name}"], frame[f"classrooms_{stage.name}"]
        _report_unserved(schools, stage, serves, problems)
        rule = policy.of(stage.name)
        site = rule.site_class_size.value if rule.site_class_size else rule.class_size.value
        size = np.where(frame["teaching_site"].to_numpy(), site, rule.class_size.value)
        seats = given.fillna(rooms * size)
        lacking = serves & seats.isna().to_numpy() & ~_reported(schools, stage, problems)
        if lacking.any() and answer == "enrolment":
            seats = seats.fillna(_most_pupils(frame["school_id"], list(stage.grades), enrolment))
            lacking &= seats.isna().to_numpy()
        _report_lacking(schools, stage, lacking, problems, skips=answer == "skip")
        found[f"capacity_{stage.name}"] = seats.where(serves)
        found[f"classrooms_{stage.name}"] = rooms.where(serves)
    return found


def _reported(schools: CheckedTable, stage: Stage, problems: Problems) -> npt.NDArray[np.bool_]:
    """Tell which rows have a faulty cell of seats already, so that nobody is asked for it twice."""
    columns = {schools.shown(f"{kind}_{stage.name}") for kind in ("capacity", "classrooms")}
    rows = [p.row for p in problems.items if p.file == schools.file and p.column in columns]
    return np.isin(schools.rows, [row for row in rows if row is not None])


def _report_lacking(
    schools: CheckedTable, stage: Stage, lacking: npt.NDArray[np.bool_], problems: Problems, *, skips: bool
) -> None:
    for at in np.flatnonzero(lacking):
        problems.add(
            messages.problem(
                "load.skipped_stage" if skips else "load.no_capacity",
                file=schools.file,
                row=int(schools.rows[at]),
                column=schools.shown(f"capacity_{stage.name}"),
                severity="warning" if skips else "question",
                school=schools.frame["name"].iloc[at],
                stage=stage.label,
            )
        )


def _report_unserved(
    schools: CheckedTable, stage: Stage, serves: npt.NDArray[np.bool_], problems: Problems
) -> None:
    for kind in ("capacity", "classrooms"):
        column = f"{kind}_{stage.name}"
        idle = (schools.frame[column] > 0).to_numpy() & ~serves
        if idle.any():
            where = np.flatnonzero(idle).tolist()
            schools.report(
                problems, "load.seats_unserved", where, column=column, severity="warning", stage=stage.label
            )


def _most_pupils(
    school_ids: "pd.Series[str]", grades: list[int], enrolment: pd.DataFrame | None
) -> "pd.Series[float]":
    if enrolment is None:
        return pd.Series(np.nan, index=school_ids.index)
    of_stage = enrolment[enrolment["grade"].isin(grades)]
    most = of_stage.groupby(["school_id", "year"])["pupils"].sum().groupby("school_id").max()
    return school_ids.map(most).astype("float64")


def place_by_address(
    schools: CheckedTable,
    points: gpd.GeoSeries,
    blocks: gpd.GeoDataFrame,
    book: AddressBook | None,
    problems: Problems,
) -> gpd.GeoSeries:
    """Return the points with every school that has none put in the middle of the block of its address.

    Parameters
    ----------
    schools
        The schools table.
    points
        Points in the metric CRS; None where a school has no coordinates.
    blocks
        The blocks in the metric CRS, index block_id.
    book
        The addresses; None when there is no such table.
    problems
        Takes schools that were placed so, and those that have no place at all.
    """
    unplaced = np.flatnonzero(points.isna().to_numpy())
    shapes = points.to_numpy(dtype=object).copy()
    for at in unplaced:
        match = None if book is None else book.match(str(schools.frame["address"].iloc[at]))
        if match is None or match.block_id not in blocks.index:
            schools.report(problems, "load.no_place", [int(at)], column="name")
            continue
        shapes[at] = shapely.point_on_surface(blocks.geometry[match.block_id])
        schools.report(
            problems,
            "load.placed_by_address",
            [int(at)],
            column="name",
            severity="warning",
            match=messages.text(f"load.match_{match.quality}"),
        )
    return gpd.GeoSeries(shapes, crs=points.crs)


def school_frame(
    schools: CheckedTable,
    seats: pd.DataFrame,
    points: gpd.GeoSeries,
    blocks: gpd.GeoDataFrame,
    problems: Problems,
) -> gpd.GeoDataFrame:
    """Return the schools as the district keeps them, sorted by school_id.

    Parameters
    ----------
    schools
        The schools table.
    seats
        As :func:`capacities` gives them.
    points
        Points of the schools in the metric CRS.
    blocks
        The blocks in the metric CRS, index block_id.
    problems
        Takes schools far from every block.
    """
    frame = schools.frame
    columns = {name: frame[name] for name in (*_WORDS, *_FLAGS)}
    columns |= {"beds": frame["beds"].fillna(0.0), "opens": frame["opens"], "closes": frame["closes"]}
    columns |= {str(name): seats[name] for name in seats}
    found = gpd.GeoDataFrame(columns, geometry=points.to_numpy(), crs=blocks.crs)
    tree = shapely.STRtree(np.asarray(blocks.geometry.values))
    (at, nearest), distance = tree.query_nearest(
        np.asarray(found.geometry.values), all_matches=False, return_distance=True
    )
    home = blocks.iloc[nearest[np.argsort(at)]]
    for column in ("town", "place_class"):
        words = found[column].to_numpy(dtype=object)
        found[column] = pd.array(
            np.where(words == "", home[column].to_numpy(dtype=object), words), dtype="str"
        )
    found["ownership"] = found["ownership"].replace("", "public")
    away_m = distance[np.argsort(at)]
    for place in np.flatnonzero((away_m > OUTSIDE_M) & (away_m <= FAR_M)).tolist():
        schools.report(
            problems,
            "load.outside_school",
            [place],
            column="name",
            severity="warning",
            block=str(home.index[place]),
            away_m=float(away_m[place]),
        )
    far = np.flatnonzero(away_m > FAR_M)
    schools.report(
        problems, "load.far_school", far.tolist(), column="name", severity="warning", km=FAR_M / 1000
    )
    found.index = pd.Index(frame["school_id"], name="school_id", dtype="str")
    return found.sort_index()
