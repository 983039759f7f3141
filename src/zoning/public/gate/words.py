"""Names, reasons and notices that are published in every form: looked through where they come from.

A page may hold them packed, so that nobody can read them there; and a child's name in the name of a block is
not looked for elsewhere, because the block's name counts as public.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.load.coordinates import row_list
from zoning.public.coverage.addresses import entries_of
from zoning.public.gate.cells import Cell
from zoning.public.gate.dates import speaks_of_person
from zoning.public.gate.personal import Known, personal_in
from zoning.public.gate.report import GateFinding, finding
from zoning.public.publication import Publication

__all__ = ["check_words", "office_words"]

_TOML: Final = "zoning.toml"


def check_words(publication: Publication, known: Known) -> Iterator[GateFinding]:
    """Yield what is personal in the names of blocks, schools and addresses, in reasons and in the notice.

    Parameters
    ----------
    publication
        What is published.
    known
        What may be published, and the children of the roster.
    """
    plain = replace(known, names=frozenset(), numbers=frozenset())
    found: dict[tuple[str, str, str], list[Cell]] = {}
    for file, cell in _words(publication):
        codes = [code for code in personal_in(cell, plain) if not _is_rule(code, file, cell)]
        if known.every_name.found_in(cell.text):
            codes.append("name_in_text")
        for code in dict.fromkeys(codes):
            found.setdefault((code, file, cell.where), []).append(cell)
    for (code, file, where), cells in sorted(found.items()):
        rows = sorted({cell.row for cell in cells if cell.row is not None})
        spread = "spots_in_rows" if rows else "spots"
        spots = messages.text(f"public_gate.{spread}", count=len(cells), rows=row_list(rows))
        named = cells[0].spot or where
        yield finding(code, file=file, row=cells[0].row, column=named, count=len(cells), spots=spots)


def _is_rule(code: str, file: str, cell: Cell) -> bool:
    """Tell whether a date in the office's own words is that of a rule: it names no person."""
    return code == "birth_date" and file == _TOML and not speaks_of_person(cell.text)


def _words(publication: Publication) -> Iterator[tuple[str, Cell]]:
    district = publication.district
    for file, frame in (("blocks", district.block_frame), ("schools", district.school_frame)):
        for column in (name for name in ("name", "name_en", "town", "group") if name in frame):
            for number, text in zip(frame.index, frame[column], strict=True):
                yield file, Cell(str(text), column, f"{column} ({number})", header=column)
    for entry in entries_of(district):
        yield "addresses", Cell(entry.name, "name", row=entry.row, header="name")
    for stage, reasons in publication.main.reasons.items():
        for block, reason in reasons.items():
            for text in (reason.text.zh, reason.text.en):
                yield "reasons", Cell(text, stage, f"{stage} ({block})", header="reason")
    for key, text in office_words(district).items():
        yield _TOML, Cell(f"{text.zh}\n{text.en}", f"publish.{key}")


def office_words(district: District) -> Mapping[str, Text]:
    """Return what the office says in ``[publish]``, by key."""
    notice = district.notice
    return {
        "office": notice.office,
        "rule": notice.rule,
        "transition": notice.transition,
        "disclaimer": notice.disclaimer,
        "comments_to": notice.comments_to,
        "no_map_number": notice.no_map_number,
    }
