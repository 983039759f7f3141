"""The addresses as lists: every entry with its schools by stage and year, for Excel and for machines."""

import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from zoning import messages
from zoning.errors import Text
from zoning.load.matching import addresses_of
from zoning.public.answers import SchoolFinder
from zoning.public.publication import Publication, PublishedYear
from zoning.publish.plans import csv_text
from zoning.publish.sheets import Column, Sheet
from zoning.publish.workbook import write_sheets
from zoning.units import school_year

__all__ = ["address_lists", "address_table"]

_PLACE = ("kind", "name", "name_en", "town", "from", "to", "parity", "block_id")


def address_table(publication: Publication) -> pd.DataFrame:
    """Return one row an entry of the addresses table, in its order.

    Columns ``kind``, ``name``, ``name_en``, ``town``, ``from``, ``to`` (house numbers, missing where the
    range is open), ``parity``, ``block_id``; then for each stage and year ``<stage>_<year>`` (ids of schools
    joined by ``;``, empty without a zone), ``<stage>_<year>_school`` (names joined by ``; ``) and
    ``<stage>_<year>_basis``. An exception names the school of its own stage; for others its block decides.

    Parameters
    ----------
    publication
        What is published.

    Raises
    ------
    DataError
        When the district has no addresses table.
    """
    district = publication.district
    table = addresses_of(district)
    names = dict(zip(district.school_frame.index, district.school_frame["name"].astype(str), strict=True))
    town = district.block_frame["town"].astype(str).to_dict()
    blocks = [str(block) for block in table["block_id"]]
    columns: dict[str, object] = {
        name: table[name].to_numpy() for name in ("kind", "name", "name_en", "parity")
    }
    columns |= {name: table[name].astype("Int64").array for name in ("from", "to")}
    columns |= {"town": [town.get(block, "") for block in blocks], "block_id": blocks}
    found = {name: columns[name] for name in _PLACE}
    stages, schools = (
        [""] * len(table) if name not in table else [str(v) for v in table[name].fillna("")]
        for name in ("exception_stage", "exception_school")
    )
    for one in _years(publication):
        finder = SchoolFinder(district, one.plans)
        for stage in one.plans:
            answers = [
                ((exception,), "exception") if exception and of == stage else finder.of_block(stage, block)
                for block, of, exception in zip(blocks, stages, schools, strict=True)
            ]
            key = f"{stage}_{one.year}"
            found[key] = [";".join(given) for given, _ in answers]
            found[f"{key}_school"] = ["; ".join(names.get(s, s) for s in given) for given, _ in answers]
            found[f"{key}_basis"] = [basis for _, basis in answers]
    return pd.DataFrame(found)


def address_lists(publication: Publication) -> dict[str, bytes]:
    """Return the lists by file name: ``addresses-YEAR.csv`` (UTF-8 with byte order mark) and ``.xlsx``.

    The CSV has the columns of :func:`address_table`; the workbook the same rows under headings in both
    languages, and a sheet that says who published what. No cell runs as a formula.

    Parameters
    ----------
    publication
        What is published.

    Raises
    ------
    DataError
        When the district has no addresses table.
    """
    table = address_table(publication)
    year = publication.main.year
    sheets = [_sheet(publication, table), _about(publication)]
    with tempfile.TemporaryDirectory() as folder:
        title = messages.text("public_list.list_name", year=school_year(year))
        path = write_sheets(Path(folder) / "list.xlsx", title, sheets)
        book = path.read_bytes()
    return {f"addresses-{year}.csv": csv_text(table).encode(), f"addresses-{year}.xlsx": book}


def _years(publication: Publication) -> list[PublishedYear]:
    """Return the published year first: who opens the list looks for it."""
    return [publication.main, *([] if publication.other is None else [publication.other])]


def _both(name: str, **fields: object) -> Text:
    listed = name.startswith(("column_", "sheet_"))
    said = messages.text(f"public_{'list' if listed else 'page'}.{name}", **fields)
    shown = f"{said.zh} {said.en}"
    return Text(shown, shown)


def _sheet(publication: Publication, table: pd.DataFrame) -> Sheet:
    columns = [
        Column(_both(f"column_{name}"), "year" if name in {"from", "to"} else "text") for name in _PLACE
    ]
    for one in _years(publication):
        for stage in one.plans:
            label = publication.district.stage(stage).label
            for name in ("id", "school", "basis"):
                said = _both(f"column_{name}", stage=label, year=school_year(one.year))
                columns.append(Column(said))
    basis = {name: _both(f"kind_{name}").zh for name in ("zone", "shared", "exception", "none")}
    shown = table.copy()
    for name in shown.columns:
        if str(name).endswith("_basis"):
            shown[name] = shown[name].map(basis)
    for name in ("kind", "parity"):
        shown[name] = shown[name].map({value: _word(name, str(value)) for value in shown[name].unique()})
    rows: list[Sequence[object]] = [
        [None if pd.isna(value) else value for value in row] for row in shown.itertuples(index=False)
    ]
    return Sheet(_both("sheet_addresses"), tuple(columns), rows, frozen=2)


def _word(column: str, value: str) -> str:
    """Return a code as the sheet prints it; what is no code stays as it is."""
    key = {"kind": f"kind_of_{value}", "parity": value if value in {"odd", "even"} else "all_numbers"}[column]
    return _both(key).zh if key in messages.every("public_page") else value


def _about(publication: Publication) -> Sheet:
    district = publication.district
    notice, place = district.notice, district.place
    undecided = messages.text("public_page.map_undecided")
    without = notice.no_map_number if notice.no_map_number.zh or notice.no_map_number.en else undecided
    said = notice.disclaimer if notice.disclaimer.zh else messages.text("public_page.disclaimer")
    rows: list[Sequence[object]] = [
        (_both("fact_office"), Text(*[f"{notice.office.zh} {notice.office.en}".strip()] * 2)),
        (_both("fact_phone"), notice.phone),
        (_both("fact_year"), school_year(publication.main.year)),
        (_both("fact_date"), place.data_date),
        (_both("fact_map"), place.map_approval or Text(*[f"{without.zh} {without.en}"] * 2)),
        (_both("fact_source"), place.attribution),
        (_both("fact_data"), place.digest),
        *(
            (_both("fact_plan"), f"{stage} {one.year}: {plan.digest}")
            for one in _years(publication)
            for stage, plan in one.plans.items()
        ),
        (_both("fact_program"), f"zoning {version('zoning')}"),
        (_both("column_note"), Text(*[f"{said.zh} {said.en}"] * 2)),
    ]
    kept = [row for row in rows if row[1] not in {"", None}]
    columns = (Column(_both("column_item")), Column(_both("column_value"), "long"))
    return Sheet(_both("sheet_about"), columns, kept, filtered=False)
