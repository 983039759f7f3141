"""How many classes each grade of a school has, from what is known of it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import District, Stage
from zoning.errors import DataError

__all__ = ["ClassesGiven", "known_classes", "shared_classes"]

Floats = npt.NDArray[np.float64]
ClassesGiven = Mapping[str, float] | Mapping[tuple[str, int], float]
"""Classes of a grade by (school_id, grade), or by school_id for each grade of the stage."""


def known_classes(
    district: District, stage: Stage, ids: "pd.Index[str]", *, given: ClassesGiven | None = None
) -> tuple[Floats, "pd.Series[str]"]:
    """Return the classes of each grade of the stage where they are known, float64 [school, grade], else NaN.

    Those given come first, then the newest year of the school's enrolment that counts classes.

    Parameters
    ----------
    district
        The district.
    stage
        The stage.
    ids
        The schools.
    given
        Classes that the caller knows better.

    Returns
    -------
    classes
        NaN where neither tells.
    source
        For every school ``given``, ``enrolment``, or what its classes are else taken from: ``rooms`` or
        ``norm`` (seats by the class-size norm).

    Raises
    ------
    DataError
        When classes are given of a school that the district has not.
    ValueError
        When fewer than one class is given.
    """
    grades = list(stage.grades)
    told = np.full((len(ids), len(grades)), np.nan)
    for key, value in (given or {}).items():
        school, wanted = (key, grades) if isinstance(key, str) else (key[0], [key[1]])
        if school not in district.school_frame.index:
            raise DataError([messages.problem("evaluate.unknown_school", file="classes", value=school)])
        if not value >= 1:
            raise ValueError(f"classes of {key} must be at least 1, not {value}")
        if school in ids:
            told[ids.get_loc(school), [grades.index(g) for g in wanted if g in grades]] = value
    counted = _counted(district, grades, ids)
    found = np.where(np.isnan(told), counted, told)
    rooms = district.school_frame.get(f"classrooms_{stage.name}")
    has_rooms = np.zeros(len(ids), np.bool_) if rooms is None else rooms.reindex(ids).notna().to_numpy()
    rest = np.where(has_rooms, "rooms", "norm")
    whole = np.where(np.isnan(found).any(axis=1), rest, "enrolment")
    source = np.where(np.isnan(told).any(axis=1), whole, "given")
    return found, pd.Series(source, index=ids, dtype="str")


def shared_classes(known: Floats, rooms: Floats, pupils: Floats) -> Floats:
    """Return the classes of every grade and year, float64 [school, grade, year]; 0 where a school is closed.

    Where they are not known the school's classes of the stage are shared out over its grades so that the
    largest class is as small as can be: one a grade, and each further one where classes are fullest. A school
    with fewer classes than grades teaches several grades in one room: each grade has its part of it.

    Parameters
    ----------
    known
        Classes of each grade, float64 [school, grade]; NaN where not known.
    rooms
        Classes of the whole stage, float64 [school, year]; 0 where the school is closed.
    pupils
        Pupils expected, float64 [school, grade, year].

    Examples
    --------
    >>> shared_classes(np.full((1, 2), np.nan), np.array([[5.0]]), np.array([[[90.0], [120.0]]]))[0, :, 0]
    array([2., 3.])
    """
    found = np.repeat(known[:, :, None], rooms.shape[1], axis=2)
    for school, year in zip(*np.nonzero(rooms > 0), strict=True):
        if np.isnan(known[school]).any():
            shared = _shared(int(rooms[school, year]), pupils[school, :, year])
            found[school, :, year] = np.where(np.isnan(known[school]), shared, known[school])
    return np.where((rooms > 0)[:, None, :], found, 0.0)


def _shared(rooms: int, pupils: Floats) -> Floats:
    grades = len(pupils)
    if rooms < grades:
        return np.full(grades, rooms / grades)
    classes = np.ones(grades)
    for _ in range(rooms - grades):
        # The first of equal grades, whatever rounding says.
        classes[int(np.argmax(np.round(pupils / classes, 6)))] += 1
    return classes


def _counted(district: District, grades: list[int], ids: "pd.Index[str]") -> Floats:
    """Classes by school and grade in the newest year of each school's enrolment that counts any."""
    found = np.full((len(ids), len(grades)), np.nan)
    table = district.table("enrolment")
    if table is None or "classes" not in table:
        return found
    rows = table[table["school_id"].isin(ids) & table["grade"].isin(grades) & (table["classes"] > 0)]
    rows = rows[rows["year"] == rows.groupby("school_id")["year"].transform("max")]
    for school, grade, classes in zip(rows["school_id"], rows["grade"], rows["classes"], strict=True):
        found[ids.get_loc(school), grades.index(int(grade))] = float(classes)
    return found
