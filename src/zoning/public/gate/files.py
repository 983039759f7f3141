"""What the gate finds in the files themselves: personal data, small counts, pages without their year."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from zoning import messages
from zoning.district import District
from zoning.errors import Problems, Text
from zoning.load.coordinates import row_list
from zoning.load.found import find_tables
from zoning.load.project import read_project
from zoning.load.reading import read_table
from zoning.public.gate.cells import PICTURES, Cell, UnreadableError, cells_of
from zoning.public.gate.dates import days_in, holds_birth, is_sex, speaks_of_person
from zoning.public.gate.personal import EMAIL, Known, personal_in
from zoning.public.gate.plain import plain_text
from zoning.public.gate.report import GateFinding, finding
from zoning.public.gate.small_counts import Totals, is_small_count, says_count, without_words
from zoning.public.gate.words import office_words
from zoning.public.publication import Publication

__all__ = ["check_files", "known_of"]

_YEARS_NAME: Final = re.compile(r"^(?:finder|addresses)\b.*")
_FONTS: Final = (".ttf", ".woff", ".woff2", ".otf")
_PAGES: Final = (".html", ".htm")
_RULES: Final = ("small_count", "birth_date")
"""Codes of what the office's own words may say: a rule is no count of children and no date of birth."""


@dataclass
class _Spots:
    """Cells of one kind in one column of one file."""

    first: Cell
    count: int = 0
    rows: list[int] = field(default_factory=list)


def known_of(publication: Publication, inputs: Path | None) -> tuple[Known, bool]:
    """Return what may be published and what is known to be personal, and whether a roster could not be read.

    Parameters
    ----------
    publication
        What is published.
    inputs
        The input folder, whose roster names the children; None where there is none.
    """
    district = publication.district
    (names, numbers, births), unread = _roster(inputs)
    words = [word for text in office_words(district).values() for word in (text.zh, text.en)]
    said = "\n".join([district.notice.phone, *words])
    phones = {_digits(district.notice.phone), *map(_digits, district.school_frame["phone"])}
    phones |= {_digits(found) for found in re.findall(r"\+?[\d][\d -]{6,}\d", said)}
    phones |= {phone.removeprefix("86") for phone in phones}
    known = Known(
        publication.main.year,
        frozenset(phones - {""}),
        frozenset(found.lower() for found in EMAIL.findall(said)),
        _public_names(district),
        frozenset((*district.block_frame.index, *district.school_frame.index)),
        tuple(word for word in words if says_count(word) or _says_birth(word, publication.main.year)),
        _own_dates(district),
        names,
        numbers,
        frozenset(_digits(day) for day in births),
    )
    return known, unread


def _says_birth(word: str, year: int) -> bool:
    """Tell whether words of the office say a date of birth of nobody: that of a rule."""
    return holds_birth(plain_text(word), "", year) and not speaks_of_person(word)


def _own_dates(district: District) -> frozenset[str]:
    """Return the dates that every publication says of itself, whoever was born on them."""
    said = plain_text(f"{district.place.data_date}\n{district.notice.comments_until}")
    return frozenset(day.digits for day in days_in(said))


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _public_names(district: District) -> str:
    place = district.place.name
    frames = [district.block_frame, district.school_frame, district.table("addresses")]
    columns = [
        frame[name] for frame in frames if frame is not None for name in ("name", "name_en") if name in frame
    ]
    towns = district.block_frame["town"].unique()
    return "\n".join(
        [place.zh, place.en, *map(str, towns), *(str(one) for column in columns for one in column)]
    )


def _roster(inputs: Path | None) -> tuple[tuple[frozenset[str], ...], bool]:
    """Return names, registration numbers and dates of birth of the roster, and whether it cannot be read."""
    nothing = (frozenset[str](),) * 3
    if inputs is None or not inputs.is_dir():
        return nothing, False
    problems = Problems()
    settings = read_project(inputs, problems)
    found = None if settings is None else find_tables(inputs, settings, problems).get("roster")
    if found is None:
        return nothing, False
    checked = read_table(found, problems)
    if checked is None:
        return nothing, problems.failed
    columns = (
        checked.frame[name] if name in checked.headers else () for name in ("name", "sid", "birth_date")
    )
    return tuple(frozenset(str(one).strip() for one in column) - {""} for column in columns), False


def check_files(files: Mapping[str, bytes], publication: Publication, known: Known) -> Iterator[GateFinding]:
    """Yield what is wrong with the files: where, what and the cure, and never the value.

    Parameters
    ----------
    files
        Content by name.
    publication
        What is published.
    known
        What may be published, and the children of the roster.
    """
    least = publication.district.policy.hide_below
    for name in sorted(files):
        cells, is_read = _cells(name, files[name])
        found, years = _looked(name, cells, known, least)
        shown = _shown(name) if any(where == cells[0].where for _, where in found) else name
        for (code, where), spots in sorted(found.items()):
            yield _at(code, shown, where, spots)
        if not is_read:
            yield finding("unread", file=shown)
        elif shown == name and not name.lower().endswith((*PICTURES, *_FONTS)):
            yield from _check_year(name, years, str(publication.main.year))


def _shown(name: str) -> str:
    """Return folder and ending of a file whose very name must not be repeated."""
    folder, sign, base = name.rpartition("/")
    return f"{folder}{sign}…{PurePosixPath(base).suffix}"


def _cells(name: str, data: bytes) -> tuple[list[Cell], bool]:
    """Return what a file says, its name first, and whether all of it could be read."""
    cells = [Cell(name, _both(messages.text("public_gate.file_name")))]
    if name.lower().endswith(_FONTS):
        return cells, True
    try:
        for cell in cells_of(name, data):
            cells.append(cell)  # noqa: PERF402 - what was read before a fault counts
    except UnreadableError:
        return cells, False
    return cells, True


def _looked(
    name: str, cells: Sequence[Cell], known: Known, least: int
) -> tuple[dict[tuple[str, str], _Spots], Mapping[str, bool]]:
    """Return the spots of each code and column, and where the year stands (name, title, content)."""
    found: dict[tuple[str, str], _Spots] = {}
    year = str(known.year)
    years = {"name": year in name, "title": False, "content": False}
    said: dict[tuple[object, ...], tuple[str, ...]] = {}
    totals = Totals()
    persons = {_row_of(cell) for cell in cells if is_sex(cell.text)}
    for at, cell in enumerate(cells):
        if year in cell.text:
            years["content"] = True
            years["title"] |= cell.where == "<title>"
        totals.add(cell)
        is_beside = bool(persons) and _row_of(cell) in persons
        key = (cell.text, cell.header, cell.about, cell.is_header, cell.number is None, is_beside)
        if key not in said:
            small = ("small_count",) if is_small_count(cell, least) else ()
            said[key] = (*personal_in(cell, known, is_beside=is_beside), *small)
        for code in said[key]:
            if code in _RULES and known.said and _is_of_office(code, cells, at, known, least):
                continue
            spots = found.setdefault((code, cell.where), _Spots(cell))
            spots.count += 1
            if cell.row is not None:
                spots.rows.append(cell.row)
    for cell in totals.given_away():
        found["count_by_total", cell.where] = _Spots(cell, 1, [cell.row] if cell.row else [])
    return found, years


def _row_of(cell: Cell) -> tuple[str, int | None]:
    """Return the row of a table in which a cell stands, by its sheet; lines of a text are no rows."""
    return (cell.where.rpartition("!")[0], cell.row if cell.header or "!" in cell.where else None)


def _is_of_office(code: str, cells: Sequence[Cell], at: int, known: Known, least: int) -> bool:
    """Tell whether a small count or a date in a text is one that the office's own words say."""
    if cells[at].number is not None:
        return False
    other = without_words(cells, at, known.said)
    if code == "small_count":
        return not is_small_count(other, least)
    return not holds_birth(plain_text(other.text), other.header.lower(), known.year)


def check_reasons(overrides: Mapping[str, str], known: Known) -> Iterator[GateFinding]:
    """Yield what is personal in the reasons of overrides, which are published with the log.

    Parameters
    ----------
    overrides
        Reason by code.
    known
        What may be published, and the children of the roster.
    """
    for code, reason in sorted(overrides.items()):
        for found in dict.fromkeys(personal_in(Cell(reason, code), known)):
            yield finding(
                found, file="publication.json", column=code, spots=messages.text("public_gate.spots", count=1)
            )


def _at(code: str, file: str, where: str, spots: _Spots) -> GateFinding:
    first = spots.first
    rows = sorted(set(spots.rows))
    spread = "spots_in_rows" if rows else "spots"
    spots_text = messages.text(f"public_gate.{spread}", count=spots.count, rows=row_list(rows))
    named = first.spot or where
    if first.spot and "!" in first.spot and where not in first.spot:
        named = f"{first.spot} ({where.partition('!')[2]})"
    if first.is_header and code != "personal_column":  # a key that is itself a number or a name
        named = named.replace(first.text, "…")
    return finding(code, file=file, row=first.row, column=named, count=spots.count, spots=spots_text)


def _check_year(name: str, years: Mapping[str, bool], year: str) -> Iterator[GateFinding]:
    base = name.rpartition("/")[2]
    if name.lower().endswith(_PAGES) and not years["title"]:
        yield finding("missing_year", file=name, column="<title>", year=year)
    elif not (years["name"] or years["content"]):
        yield finding("missing_year", file=name, year=year)
    elif _YEARS_NAME.match(base) and not years["name"]:
        yield finding(
            "missing_year", file=name, column=_both(messages.text("public_gate.file_name")), year=year
        )


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"
