"""The report for the office: PDF in two languages and a workbook, of the publication and what was proved."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from zoning import messages
from zoning.errors import Language, Text
from zoning.load.records import PlanRecord
from zoning.norms import Norm, all_norms
from zoning.public.notices.method import method_sections
from zoning.public.notices.parts import stages_text, title_of
from zoning.public.office.stage import stage_report
from zoning.public.publication import Publication
from zoning.publish.result import StageResult
from zoning.publish.sheets import Cell, Column, Sheet, schools_sheet, scorecard_sheet
from zoning.publish.typeset import typeset
from zoning.publish.workbook import write_sheets
from zoning.units import school_year

__all__ = ["office_report"]

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_WORDS: Final = (
    "report_contents",
    "report_scorecard",
    "report_proof",
    "report_over",
    "over_later",
    "report_seats",
    "report_journeys",
    "report_method",
    "head_measure",
    "head_value",
    "head_limit",
    "head_verdict",
    "head_clause",
    "head_minutes",
    "head_pupils",
    "head_share",
)


def office_report(
    publication: Publication, *, records: Mapping[str, PlanRecord] | None = None, lang: Language = "zh"
) -> dict[str, bytes]:
    """Return ``report-zh.pdf``, ``report-en.pdf`` and ``report.xlsx``.

    Counts of whole schools are shown, for they are the office's own; those of smaller groups below the
    policy's ``hide_below`` are left out.

    Parameters
    ----------
    publication
        What is published.
    records
        What was proved of the plan of each stage; a record of another plan is not repeated.
    lang
        Language of the workbook.
    """
    given = {} if records is None else records
    title = messages.text("public_print.report_title", **title_of(publication))
    found = {}
    for one in _LANGUAGES:
        data = {
            "title": title.of(one),
            "stages_text": stages_text(publication).of(one),
            "cover": [[label.of(one), value.of(one)] for label, value in _cover(publication)],
            "internal": messages.text(
                "public_print.internal", least=publication.district.policy.hide_below
            ).of(one),
            "words": {name: messages.text(f"public_print.{name}").of(one) for name in _WORDS},
            "stages": [
                stage_report(publication, stage, given.get(stage), one) for stage in publication.main.plans
            ],
            "method": _method(publication, one),
        }
        found[f"report-{one}.pdf"] = typeset("report", data, lang=one)
    with TemporaryDirectory() as folder:
        path = write_sheets(Path(folder) / "report.xlsx", title, _sheets(publication, lang), lang=lang)
        found["report.xlsx"] = path.read_bytes()
    return found


def _cover(publication: Publication) -> list[tuple[Text, Text]]:
    place, notice = publication.district.place, publication.district.notice
    year, other = school_year(publication.main.year), publication.other
    before = "" if other is None else school_year(other.year)
    made = f"zoning {version('zoning')}"
    data = messages.text(
        "public_print.cover_data_value", date=place.data_date, digest=place.digest[:16] or "–"
    )
    number = place.map_approval
    rows = [
        (messages.text("public_print.cover_place"), place.name),
        (messages.text("public_print.cover_year"), Text(year, year)),
        (messages.text("public_print.cover_before"), Text(before, before)),
        (messages.text("public_print.cover_office"), notice.office),
        (messages.text("public_print.cover_rule"), notice.rule),
        (messages.text("public_print.cover_data"), Text(data.en.strip(), data.zh.strip())),
        (messages.text("public_print.cover_map"), Text(number, number) if number else notice.no_map_number),
        (messages.text("public_print.cover_version"), Text(made, made)),
    ]
    return [(label, value) for label, value in rows if value.zh or value.en]


def _method(publication: Publication, lang: Language) -> list[dict[str, object]]:
    return [
        {
            "heading": section.heading.of(lang),
            "lines": [line.of(lang) for line in section.lines],
            "heads": [head.of(lang) for head in section.heads],
            "rows": [[cell.of(lang) for cell in row] for row in section.rows],
        }
        for section in method_sections(publication, contact=False)
    ]


def _sheets(publication: Publication, lang: Language) -> list[Sheet]:
    district, main = publication.district, publication.main
    facts = [(label, value) for label, value in _cover(publication)]
    columns = (
        Column(messages.text("public_print.head_measure")),
        Column(messages.text("public_print.head_value"), "long"),
    )
    found = [Sheet(messages.text("public_print.sheet_facts"), columns, facts, filtered=False)]
    before = {} if publication.other is None else publication.other.plans
    for stage, plan in main.plans.items():
        label = district.stage(stage).label
        card = main.cards.get(stage)
        if card is None:
            continue
        result = StageResult(plan, card, None, publication.times.get(stage), before.get(stage))
        scores = scorecard_sheet(result)
        found.append(_named(scores, messages.text("public_print.sheet_scores", stage=label)))
        schools = schools_sheet(district, result, publication.demand, lang)
        found.append(_named(schools, messages.text("public_print.sheet_schools", stage=label)))
    return [*found, _norms(publication)]


def _named(sheet: Sheet, name: Text) -> Sheet:
    """Return a sheet under another name, of a length that workbooks take."""
    short = Text(name.en[:31], name.zh[:31])
    return Sheet(short, sheet.columns, sheet.rows, sheet.frozen, sheet.filtered)


def _norms(publication: Publication) -> Sheet:
    """Return every cited norm of the published stages, with its clause and how it was verified."""
    titles = ("id", "stage", "rule", "value", "unit", "mode", "source", "checked", "note")
    kinds = ("text", "text", "long", "hundredth", "text", "text", "long", "text", "long")
    columns = tuple(
        Column(messages.text(f"public_print.norm_{name}"), kind)
        for name, kind in zip(titles, kinds, strict=True)
    )
    stages = set(publication.main.plans)
    rows = [
        _norm_row(publication, norm)
        for norm in all_norms().values()
        if not norm.stages or stages & {*norm.stages}
    ]
    return Sheet(messages.text("public_print.sheet_norms"), columns, rows, frozen=1)


def _norm_row(publication: Publication, norm: Norm) -> tuple[object, ...]:
    labels = [one.label for one in publication.district.stages if one.name in norm.stages]
    stages = Text(", ".join(t.en for t in labels), "、".join(t.zh for t in labels))
    value = None if norm.value is None else Cell(norm.value, "hundredth")
    return (
        norm.id,
        stages if norm.stages else messages.text("public_print.all_stages"),
        norm.rule,
        value,
        norm.unit,
        messages.text(f"public_print.mode_{norm.mode}"),
        norm.source,
        messages.text(f"public_print.checked_{norm.verification}"),
        norm.note,
    )
