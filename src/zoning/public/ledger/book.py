"""The ledger and the affected addresses as workbooks: text as text, both languages side by side."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from zoning import messages
from zoning.errors import Text
from zoning.public.ledger.values import Ledger, StageLedger
from zoning.public.pieces import Named
from zoning.public.publication import Publication
from zoning.public.served import Change
from zoning.publish.sheets import Column, Sheet
from zoning.publish.workbook import write_sheets
from zoning.units import school_year

__all__ = ["affected_workbook", "ledger_workbook"]

Row = Sequence[object]


def _both(code: str, **fields: object) -> Text:
    """Return a title that reads in both languages, whichever the workbook is in."""
    said = messages.text(f"public_ledger.{code}", **fields)
    shown = f"{said.zh} {said.en}"
    return Text(shown, shown)


def _columns(*titled: str) -> tuple[Column, ...]:
    """Return columns of the names, each with its kind after a colon where it is not text."""
    parts = (name.partition(":") for name in titled)
    return tuple(Column(_both(f"head_{name}"), kind or "text") for name, _, kind in parts)


def _of_years(columns: Sequence[Column], ledger: Ledger) -> tuple[Column, ...]:
    """Return columns of the schools of two years with the year in their titles."""
    years = {
        _both(f"head_{side}{part}"): school_year(ledger.year if year is None else year)
        for side, year in (("before", ledger.year_before), ("after", ledger.year))
        for part in ("_id", "", "_en")
    }
    titles = (Text(*[f"{c.title.en} {years[c.title]}"] * 2) if c.title in years else c.title for c in columns)
    return tuple(Column(title, column.kind) for title, column in zip(titles, columns, strict=True))


def _pair(text: Text) -> tuple[str, str]:
    return text.zh, text.en


def _schools(ledger: Ledger, schools: Sequence[str]) -> tuple[str, str, str]:
    """Return ids and names in both languages of the schools of a zone."""
    names = [ledger.name(school) for school in schools]
    return ";".join(schools), "、".join(n.zh for n in names), ", ".join(n.en for n in names)


def _count(value: int | None, *, counted: bool) -> object:
    """Return a count, or that it is hidden or unknown."""
    return value if value is not None else _both("hidden") if counted else None


def _book(title: Text, sheets: Sequence[Sheet]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_sheets(Path(folder) / "book.xlsx", title, sheets).read_bytes()


def affected_workbook(publication: Publication, ledger: Ledger) -> bytes:
    """Return ``affected-addresses-YEAR.xlsx``: every address whose school changes, once.

    The numbers of a name that go from the same schools to the same schools in one block are one row.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger, for the names of schools.

    Raises
    ------
    DataError
        When a plan names what the district does not have.
    """
    columns = _columns(
        "stage", "stage_en", "town", "kind", "name", "name_en", "numbers", "numbers_en",
        "before_id", "before", "before_en", "after_id", "after", "after_en", "block", "remark",
    )  # fmt: skip
    columns = _of_years(columns, ledger)
    rows = [row for stage in ledger.stages for row in _addresses(publication, ledger, stage)]
    if not rows:
        rows = [(_both("no_addresses"), *[None] * (len(columns) - 1))]
    sheet = Sheet(_both("sheet_addresses"), columns, rows, frozen=0)
    year = school_year(ledger.year)
    title = messages.text("public_ledger.book_addresses", place=ledger.place, year=year)
    return _book(title, [sheet])


def _addresses(publication: Publication, ledger: Ledger, stage: StageLedger) -> list[Row]:
    """Return the changed addresses of a stage by town and name."""
    towns = {str(town): n for n, town in enumerate(publication.district.block_frame["town"].unique())}
    found = [
        (change, named)
        for change in publication.lists.changed(stage.stage, by_block=True)
        for named in change.names
        if named.kind != "area"
    ]

    def place(one: tuple[Change, Named]) -> tuple[int, str, int]:
        named = one[1]
        return towns[named.town], named.name.zh, named.spans[0].first if named.spans else 0

    return [_address(ledger, stage, *one) for one in sorted(found, key=place)]


def _address(ledger: Ledger, stage: StageLedger, change: Change, named: Named) -> Row:
    return (
        *_pair(stage.label), named.town, _both(f"kind_{named.kind}"), *_pair(named.name),
        *_pair(named.numbers), *_schools(ledger, change.before), *_schools(ledger, change.after),
        *change.blocks, _both("remark_unsure") if change.unsure else None,
    )  # fmt: skip


def ledger_workbook(ledger: Ledger) -> bytes:
    """Return ``ledger.xlsx``: summary, moved blocks, totals by school and by town, and notes.

    Parameters
    ----------
    ledger
        The ledger.
    """
    sheets = [_summary(ledger), _blocks(ledger), _by_school(ledger), _by_town(ledger), _notes(ledger)]
    title = messages.text("public_ledger.book_ledger", place=ledger.place, year=school_year(ledger.year))
    return _book(title, sheets)


def _summary(ledger: Ledger) -> Sheet:
    columns = _columns(
        "stage", "stage_en", "blocks:whole", "areas:whole", "moved:whole", "entered:whole", "left:whole",
        "children_moved:whole", "children_entered:whole", "children_left:whole", "nearer:whole",
        "farther:whole", "median_before:tenth", "median_after:tenth",
    )  # fmt: skip
    rows = []
    for stage in ledger.stages:
        t, known = stage.total, stage.counted
        rows.append((
            *_pair(stage.label), t.blocks, len(stage.areas), t.blocks_moved, t.blocks_entered, t.blocks_left,
            _count(t.children_moved, counted=known), _count(t.children_entered, counted=known),
            _count(t.children_left, counted=known), t.nearer, t.farther, t.minutes_before, t.minutes_after,
        ))  # fmt: skip
    return Sheet(_both("sheet_summary"), columns, rows, frozen=2)


def _blocks(ledger: Ledger) -> Sheet:
    columns = _columns(
        "stage", "area:year", "block", "name", "name_en", "town", "change",
        "before_id", "before", "before_en", "after_id", "after", "after_en", "children:whole",
        "minutes_before:tenth", "minutes_after:tenth", "minutes_longer:tenth", "metres_before:whole",
        "metres_after:whole", "reason:long", "reason_en:long",
    )  # fmt: skip
    columns = _of_years(columns, ledger)
    rows = [
        (
            stage.label.zh, one.area, one.block_id, *_pair(one.name), one.town, _both(f"change_{one.kind}"),
            *_schools(ledger, one.before), *_schools(ledger, one.after),
            _count(one.children, counted=stage.counted), one.minutes_before, one.minutes_after,
            one.minutes_longer, one.metres_before, one.metres_after, *_pair(one.reason),
        )
        for stage in ledger.stages
        for one in stage.changes
    ]  # fmt: skip
    return Sheet(_both("sheet_blocks"), columns, rows, frozen=3)


def _by_school(ledger: Ledger) -> Sheet:
    columns = _columns(
        "stage", "school_id", "school", "school_en", "blocks_gained:whole", "blocks_lost:whole",
        "blocks_stayed:whole", "children_gained:whole", "children_lost:whole", "children_stayed:whole",
    )  # fmt: skip
    rows = [
        (
            stage.label.zh, one.school, *_pair(ledger.name(one.school)), one.blocks_gained, one.blocks_lost,
            one.blocks_stayed, _count(one.children_gained, counted=stage.counted),
            _count(one.children_lost, counted=stage.counted),
            _count(one.children_stayed, counted=stage.counted),
        )
        for stage in ledger.stages
        for one in stage.schools
    ]  # fmt: skip
    return Sheet(_both("sheet_schools"), columns, rows, frozen=3)


def _by_town(ledger: Ledger) -> Sheet:
    columns = _columns("stage", "stage_en", "town", "blocks:whole", "children:whole")
    rows = [
        (
            *_pair(stage.label),
            one.town or _both("off_map"),
            one.blocks,
            _count(one.children, counted=stage.counted),
        )
        for stage in ledger.stages
        for one in stage.towns
    ]
    return Sheet(_both("sheet_towns"), columns, rows, frozen=3)


def _notes(ledger: Ledger) -> Sheet:
    years = {"year": school_year(ledger.year)}
    rows: list[Row] = [
        (_both("note_place"), *_pair(ledger.place)),
        (_both("note_year"), *[years["year"]] * 2),
    ]
    if ledger.year_before is not None:
        rows.append((_both("note_year_before"), *[school_year(ledger.year_before)] * 2))
    rows += [(_both("note"), *_pair(note)) for note in ledger.notes]
    rows.append(
        (_both("note"), *_pair(messages.text("public_ledger.about_hidden", below=ledger.hidden_below)))
    )
    rows.append((_both("note"), *_pair(messages.text("public_ledger.about_children"))))
    rows.append((_both("note"), *_pair(ledger.about_minutes)))
    for stage in ledger.stages:
        rows += _stage_notes(ledger, stage)
    rows.append((_both("note_data"), *[ledger.data_digest] * 2))
    rows.append((_both("note_ledger"), *[ledger.digest] * 2))
    return Sheet(_both("sheet_notes"), _columns("item", "said:long", "said_en:long"), rows, filtered=False)


def _stage_notes(ledger: Ledger, stage: StageLedger) -> list[Row]:
    rows: list[Row] = [(stage.label.zh, *_pair(note)) for note in (*stage.stays, *stage.notes)]
    for code, schools in (("new_schools", stage.new_schools), ("closed_schools", stage.closed_schools)):
        if schools:
            _, zh, en = _schools(ledger, schools)
            rows.append(
                (stage.label.zh, *_pair(messages.text(f"public_ledger.{code}", schools=Text(en, zh))))
            )
    digests = (("note_plan", stage.digest), ("note_plan_before", stage.digest_before))
    rows += [(_both(code, stage=stage.label), *[digest] * 2) for code, digest in digests if digest]
    return rows
