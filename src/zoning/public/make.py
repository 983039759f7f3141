"""Everything that one publication consists of, made and looked through before any of it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from zoning.errors import Language
from zoning.load import PlanRecord
from zoning.public.chain import RECORD
from zoning.public.consultation.pack import consultation
from zoning.public.contents import contents_page
from zoning.public.coverage.certificate import Certificate, certify
from zoning.public.finder.page import finder_page
from zoning.public.gate.checks import check_publication
from zoning.public.gate.report import GateReport
from zoning.public.ledger.book import affected_workbook, ledger_workbook
from zoning.public.ledger.build import change_ledger
from zoning.public.ledger.values import Ledger
from zoning.public.lists import address_lists
from zoning.public.notices.texts import notices
from zoning.public.office.report import office_report
from zoning.public.open_data import open_data
from zoning.public.publication import Publication
from zoning.public.record import append_record, record_entry
from zoning.public.sheets.school import school_sheets
from zoning.public.sources import PlanSource

__all__ = ["CERTIFICATE", "GATE", "INDEX", "MadePublication", "finder_name", "make_publication"]

CERTIFICATE: Final = "certificate.json"
GATE: Final = "publication.json"
INDEX: Final = "index.html"
LEDGER: Final = "ledger.json"
_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True)
class MadePublication:
    """What was made; nothing is written yet.

    Parameters
    ----------
    public
        Content of the files for the public, by name.
    office
        Content of the files that stay in the office, by name.
    gate
        What the gate says of the public files; they may be written when it is ``ok``.
    certificate
        The certificate of coverage.
    ledger
        What changes against the year before.
    """

    public: Mapping[str, bytes] = field(repr=False)
    office: Mapping[str, bytes] = field(repr=False)
    gate: GateReport
    certificate: Certificate = field(repr=False)
    ledger: Ledger = field(repr=False)


def finder_name(publication: Publication) -> str:
    """Return the name of the page where parents find their school; the year is part of it."""
    return f"finder-{publication.main.year}.html"


def make_publication(  # noqa: PLR0913 - what a publication is checked against, each part optional
    publication: Publication,
    *,
    today: date,
    inputs: Path | str | None = None,
    sources: Sequence[PlanSource] = (),
    records: Mapping[str, PlanRecord] | None = None,
    overrides: Mapping[str, str] | None = None,
    sheets: Sequence[str] | None = None,
    record: bytes = b"",
    replaces: str = "",
    reason: str = "",
    lang: Language = "zh",
) -> MadePublication:
    """Return every file of a publication, and whether it may be published.

    Parameters
    ----------
    publication
        What is published.
    today
        Date of the check, as it is logged.
    inputs
        The input folder, whose roster tells which names are those of children; None where there is none.
    sources
        Where the plans come from, to compare them with the data.
    records
        What was proved of the plan of each stage, for the report of the office.
    overrides
        Written reason by code, for refusals that may be overridden.
    sheets
        Schools whose printed sheets and pictures are made; all that some address leads to when left out.
    record
        The yearly record so far, ``record.jsonl``; empty for the first publication.
    replaces, reason
        The line of the record that this publication replaces, and why, when another decision stands there for
        the year; or why a new record begins.
    lang
        Language that pages open in, and of the office's workbook.

    Raises
    ------
    DataError
        When the record is broken, or another decision stands there for the year and nothing says what is
        replaced and why.
    """
    certificate = certify(publication)
    ledger = change_ledger(publication)
    files = _files(publication, ledger, sheets=sheets, lang=lang)
    files[CERTIFICATE] = certificate.as_json().encode()
    files["certificate.txt"] = certificate.text().encode()
    files[INDEX] = contents_page(publication, sorted([*files, GATE, RECORD]), lang=lang).encode()
    gate = check_publication(
        publication,
        files,
        inputs=inputs,
        today=today,
        overrides=overrides,
        sources=sources,
        certificate=certificate,
        because=reason,
    )
    office = office_report(publication, records=records, lang=lang)
    if gate.ok:
        files[GATE] = gate.as_json().encode()
        opened = {one.code: one.reason for one in gate.findings if one.reason}
        entry = record_entry(publication, ledger, files, overrides=opened, replaces=replaces, reason=reason)
        files[RECORD] = append_record(record, entry)
    return MadePublication(files, office, gate, certificate, ledger)


def _files(
    publication: Publication, ledger: Ledger, *, sheets: Sequence[str] | None, lang: Language
) -> dict[str, bytes]:
    files = {finder_name(publication): finder_page(publication, lang=lang).encode()}
    files |= address_lists(publication)
    files |= notices(publication, ledger=ledger)
    files |= open_data(publication)
    if publication.other is not None:
        files[LEDGER] = ledger.as_json().encode()
        files["ledger.xlsx"] = ledger_workbook(ledger)
        files[f"affected-addresses-{publication.main.year}.xlsx"] = affected_workbook(publication, ledger)
        for one in _LANGUAGES:
            files |= consultation(publication, ledger, lang=one)
    return files | school_sheets(publication, schools=sheets)
