"""Panels of schools and their births from CSV files, and in plain words why a file cannot be used.

Every problem names file, row (the header is row 1), column and value, and says what to do. What is read in
another way than it stands is said in the notes.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from zoning.forecast import Panel

__all__ = ["BadPanelError", "Source", "read_births", "read_panel"]

ONE_DISTRICT = "all"
NO_DISTRICT = "(no district)"
SHOWN = 20
EARLIEST, LATEST = 1500, 2500
MOST_GRADES = 130
MONTHS = range(1, 13)


class BadPanelError(ValueError):
    """A file that no forecast can be made from; the text names every problem."""


@dataclass
class Source:
    """A CSV file as text, what is wrong with it and what was read in another way than it stands."""

    path: Path
    table: pd.DataFrame
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, wanted: Sequence[str]) -> "Source":
        """Read a file that must have some columns."""
        table = _text_of(path)
        found = ", ".join(table.columns)
        lacking = [name for name in wanted if name not in table]
        if lacking:
            names = ", ".join(lacking)
            cure = f"Name the columns {', '.join(wanted)} in the first row, separated by commas"
            raise BadPanelError(f"{path.name}, row 1: no column {names} (found: {found}). {cure}.")
        return cls(path, table)

    def fault(self, rows: Iterable[int], column: str, what: str, cure: str) -> None:
        """Note one problem a row, for the first rows."""
        rows = list(rows)
        for row in rows[:SHOWN]:
            value = str(self.table.loc[row, column])
            self.problems.append(
                f"{self.path.name}, row {row + 2}, column {column}: {value!r} {what}. {cure}."
            )
        if len(rows) > SHOWN:
            self.problems.append(f"{self.path.name}: {len(rows) - SHOWN} more rows like that.")

    def numbers(
        self,
        column: str,
        good: Callable[[pd.Series], pd.Series],
        what: str,
        cure: str,
        *,
        blank: bool = False,
    ) -> pd.Series:
        """Return a column as float64, NaN where blank; note the rows that are not good."""
        text = self.table[column]
        values = pd.to_numeric(text, errors="coerce").astype("float64")
        fine = good(values) & np.isfinite(values)
        if blank:
            fine |= text == ""
        self.fault(text.index[~fine], column, what, cure)
        return values

    def refuse(self) -> None:
        """Raise where there is a problem."""
        if self.problems:
            raise BadPanelError("\n".join(self.problems))


def read_panel(path: Path, missing: Iterable[int] = ()) -> tuple[Panel, list[str]]:
    """Return the panel of a CSV file and what was read in another way than it stands.

    Parameters
    ----------
    path
        Columns year, school, grade, pupils and, where there are several, district; others are ignored.
    missing
        Years that are taken as counted by nobody.
    """
    source = Source.of(path, ("year", "school", "grade", "pupils"))
    if source.table.empty:
        raise BadPanelError(
            f"{path.name}: has no rows below the header. Give one row a school, grade and year."
        )
    year = _years(source)
    source.table = source.table[~year.isin(list(missing))]
    grade = source.numbers(
        "grade",
        lambda v: v == np.floor(v),
        "is no grade",
        "Write whole numbers in order of progression, such as 0 for kindergarten and 1 for the first grade",
    )
    pupils = source.numbers(
        "pupils",
        lambda v: (v >= 0) & (v == np.floor(v)),
        "is no number of pupils",
        "Write a whole number from 0 up, or leave the cell empty where nobody counted",
        blank=True,
    )
    school = source.table["school"]
    source.fault(school.index[school == ""], "school", "names no school", "Write the school's name or number")
    source.refuse()
    known = pd.DataFrame({"year": year[school.index], "school": school, "grade": grade, "pupils": pupils})
    known["district"] = source.table.get("district", ONE_DISTRICT)
    if pupils.isna().any():
        source.notes.append(f"{path.name}: rows without pupils count as not counted: {pupils.isna().sum()}.")
    known = _once(source, known[known["pupils"].notna()], ("year", "school", "grade"), ("pupils", "district"))
    known = known.astype({"year": "int64", "grade": "int64"})
    _check_span(source, known)
    return Panel.of_frame(known, _homes(source, known), unit="school"), source.notes


def read_births(path: Path, panel: Panel) -> tuple[pd.DataFrame, list[str]]:
    """Return births as the forecast takes them (by ``unit``, ``town`` or for all), and what was left out.

    Parameters
    ----------
    path
        Columns year, births, optionally month, and school or district; the school counts where both are.
    panel
        Whose lowest grade they enter.
    """
    source = Source.of(path, ("year", "births"))
    year = _years(source)
    births = source.numbers(
        "births", lambda v: v >= 0, "is no number of births", "Write a number from 0 up", blank=True
    )
    known = pd.DataFrame({"year": year, "births": births})
    if "month" in source.table:
        known["month"] = source.numbers(
            "month",
            lambda v: v.isin(MONTHS),
            "is no month",
            "Write 1 to 12, or leave it empty for a whole year",
            blank=True,
        )
    source.refuse()
    place = next((name for name in ("school", "district") if name in source.table), None)
    if place:
        key = "unit" if place == "school" else "town"
        known[key] = source.table[place]
        known = known[_placed(source, known[key], place, panel)]
    keys = [name for name in known if name != "births"]
    known = _once(source, known[known["births"].notna()], keys, ("births",))
    if known.empty:
        raise BadPanelError(f"{path.name}: holds no births. Give one row a year, or leave --births out.")
    return known.astype({"year": "int64"}).reset_index(drop=True), source.notes


def _text_of(path: Path) -> pd.DataFrame:
    """All cells as trimmed text; wholly empty rows left out, the others keep their position."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", pd.errors.ParserWarning)
                table = pd.read_csv(
                    path,
                    dtype="str",
                    keep_default_na=False,
                    encoding=encoding,
                    skip_blank_lines=False,
                    index_col=False,
                )
            break
        except UnicodeDecodeError:
            continue
        except pd.errors.EmptyDataError:
            raise BadPanelError(f"{path.name}: is empty. Write a header and one row a count.") from None
        except pd.errors.ParserError as error:
            raise BadPanelError(f"{path.name}: is no CSV table ({error}). Save it as CSV (UTF-8).") from None
        except OSError as error:
            raise BadPanelError(f"{path}: cannot be read ({error.strerror}). Check the name.") from None
    else:
        raise BadPanelError(f"{path.name}: is no text. Save it as CSV (UTF-8).")
    table.columns = [str(name).strip().lower() for name in table.columns]
    table = table.loc[:, ~table.columns.duplicated()].fillna("")
    for name in table.columns:
        table[name] = table[name].str.strip()
        if name in {"school", "district"}:  # numbers that a spreadsheet made 12.0 of
            table[name] = table[name].str.replace(r"^(\d+)\.0$", r"\1", regex=True)
    return table[(table != "").any(axis=1)]


def _years(source: Source) -> pd.Series:
    return source.numbers(
        "year",
        lambda v: (v == np.floor(v)) & v.between(EARLIEST, LATEST),
        "is no year",
        "Write the year in which the school year begins, such as 2024",
    )


def _once(source: Source, known: pd.DataFrame, keys: Sequence[str], said: Sequence[str]) -> pd.DataFrame:
    """One row a key; rows that say the same again are left out, those that contradict are refused."""
    keys = list(keys)
    again = known.duplicated(keys)
    if not again.any():
        return known
    first = known[known.duplicated(keys, keep=False)].reset_index(names="row")
    first = first.groupby(keys, dropna=False, sort=False)[["row", *said]].transform("first")
    rows = known.index[known.duplicated(keys, keep=False)]
    for name in said:
        other = rows[(known.loc[rows, name].to_numpy() != first[name].to_numpy())]
        if len(other) and name in source.table:
            earlier = dict(zip(rows, first["row"], strict=True))
            names = ", ".join(keys)
            what = f"contradicts row {earlier[other[0]] + 2}, which has the same {names}"
            cure = "Keep one; add up what is counted in parts; give each place a name of its own"
            source.fault(other, name, what, cure)
    source.refuse()
    source.notes.append(f"{source.path.name}: rows that say the same twice count once: {again.sum()}.")
    return known[~again]


def _check_span(source: Source, known: pd.DataFrame) -> None:
    """Refuse what is no history: less than two years, or grades that cannot be grades."""
    name = source.path.name
    years = sorted(known["year"].unique())
    if not years:
        raise BadPanelError(f"{name}, column pupils: is empty. Give the pupils of two years or more.")
    if len(years) == 1:
        cure = "Add the rows of another year: progression is read off years that follow each other"
        raise BadPanelError(f"{name}, column year: {years[0]} is the only year counted. {cure}.")
    grades = known["grade"]
    if grades.max() - grades.min() >= MOST_GRADES:
        middle = grades.median()
        far = (grades - middle).abs().idxmax()
        source.fault(
            [far], "grade", f"is far from all others (median {middle:g})", "Leave out what is no grade"
        )
        source.refuse()


def _homes(source: Source, known: pd.DataFrame) -> dict[str, str]:
    """The district of each school: that of its latest year."""
    named = known[known["district"] != ""].sort_values(["year", "grade", "district"], kind="stable")
    home = dict(zip(named["school"], named["district"], strict=True))
    moved = int(named[["school", "district"]].drop_duplicates().duplicated("school").sum())
    if moved:
        source.notes.append(
            f"{source.path.name}: schools with several districts count in their latest: {moved}."
        )
    lacking = sorted(set(known["school"]) - set(home))
    if lacking:
        shown = _listed(lacking)
        source.notes.append(f"{source.path.name}: schools without a district count as one district: {shown}.")
    return dict.fromkeys(lacking, NO_DISTRICT) | home


def _placed(source: Source, names: pd.Series, place: str, panel: Panel) -> pd.Series:
    """Which births are of a place of the panel."""
    there = panel.units if place == "school" else panel.town_names
    fits = names.isin(list(there))
    others = sorted(set(names[~fits]))
    if not fits.any():
        what = f"is no {place} of the panel, nor is any other row's (the panel's: {_listed(there)})"
        cure = f"Write the names of the panel, or leave the column {place} out for births of all"
        source.fault(names.index[:1], place, what, cure)
        source.refuse()
    if others:
        source.notes.append(
            f"{source.path.name}: births of a {place} that the panel lacks are left out: {_listed(others)}."
        )
    without = sorted(set(there) - set(names[fits]))
    if without:
        source.notes.append(
            f"{source.path.name}: no births of {_listed(without)}: recent entries stand in for them."
        )
    return fits


def _listed(names: Sequence[str], most: int = 5) -> str:
    rest = f" … ({len(names)})" if len(names) > most else ""
    return ", ".join(re.sub(r"^$", "(empty)", name) for name in names[:most]) + rest
