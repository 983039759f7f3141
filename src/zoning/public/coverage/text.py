"""The coverage certificate as a report to read."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.public.coverage.findings import Finding, Numbers

if TYPE_CHECKING:
    from zoning.public.coverage.certificate import Certificate, StageCoverage

__all__ = ["certificate_text", "finding_text", "kind_text"]

SHOWN: Final = 20
"""Findings listed of one kind; the rest is counted, the JSON file holds all."""


def kind_text(kind: str, count: int) -> Text:
    """Return what a kind of finding means, with how many there are.

    Examples
    --------
    >>> kind_text("block_without", 3).en
    'Blocks without a school: 3'
    """
    return messages.text(f"public_gate.kind_{kind}", count=count)


def certificate_text(certificate: "Certificate", lang: Language) -> str:
    """Return the report in one language: the verdict, a part a stage and year, and the addresses."""
    district, year = certificate.district, certificate.year
    place = district.place
    verdict = messages.text(f"public_gate.verdict_{'ok' if certificate.ok else 'fails'}", year=year)
    head = [
        messages.text("public_gate.title", place=place.name, year=year),
        verdict,
        messages.text("public_gate.data", digest=place.digest or "–", date=place.data_date or "–"),
    ]
    lines = [one.of(lang) for one in head]
    for stage in certificate.stages:
        lines += ["", *_stage(district, stage, lang, published=stage.year == year)]
    lines += ["", messages.text("public_gate.of_addresses").of(lang)]
    lines += _listed(district, certificate.addresses, lang) or [messages.text("public_gate.nothing").of(lang)]
    return "\n".join(lines) + "\n"


def _stage(district: District, stage: "StageCoverage", lang: Language, *, published: bool) -> list[str]:
    label = district.stage(stage.stage).label
    lost = stage.counts["entries"] - stage.counts["resolved"]
    state = "ok" if stage.ok and not lost else "gaps" if not published else "lost" if stage.ok else "fails"
    lines = [
        messages.text(f"public_gate.stage_{state}", stage=label, year=stage.year, lost=lost),
        messages.text("public_gate.stage_blocks", **stage.counts),
        messages.text("public_gate.stage_entries", **stage.counts),
        messages.text("public_gate.stage_plan", digest=stage.plan_digest),
    ]
    return [line.of(lang) for line in lines] + _listed(district, stage.findings, lang)


def _listed(district: District, findings: Sequence[Finding], lang: Language) -> list[str]:
    lines = []
    for kind, group in groupby(findings, key=lambda one: one.kind):
        every = list(group)
        mark = "✗" if every[0].is_fault else "·"
        lines.append(f"{mark} {kind_text(kind, len(every)).of(lang)}")
        said = [finding_text(district, one).of(lang) for one in every[:SHOWN]]
        lines += [f"    {line}" for line in said if line]
        if len(every) > SHOWN:
            lines.append(f"    {messages.text('public_gate.more', count=len(every) - SHOWN).of(lang)}")
    return lines


def finding_text(district: District, finding: Finding) -> Text:
    """Return where a finding is, in both languages: rows, names, ids and figures.

    Examples
    --------
    >>> import zoning
    >>> finding_text(zoning.sample_district(), Finding("block_without", block_id="B0001")).en
    'B0001 Chengnan New Village'
    """
    parts = [
        *_rows(finding),
        _name(district, finding),
        *([] if finding.numbers is None else [_numbers(finding.numbers)]),
        _named(district, finding.block_id, "blocks"),
        _named(district, finding.other_id, "blocks"),
        _named(district, finding.school_id, "schools"),
        *_figures(finding),
    ]
    return Text(*(_joined((part.of(lang) for part in parts), lang) for lang in ("en", "zh")))


def _joined(parts: Iterable[str], lang: str) -> str:
    return ("，" if lang == "zh" else ", ").join(part for part in parts if part)


def _name(district: District, finding: Finding) -> Text:
    if finding.kind == "stage_without_plan":
        return district.stage(finding.name).label
    return Text(finding.name, finding.name)


def _rows(finding: Finding) -> list[Text]:
    rows = [row for row in (finding.other_row, finding.row) if row is not None]
    return [messages.text("public_gate.row", row=row) for row in rows]


def _numbers(numbers: Numbers) -> Text:
    side = messages.text(f"public_gate.side_{numbers.parity}")
    last = "…" if numbers.last is None else numbers.last
    return messages.text("public_gate.numbers", first=numbers.first, last=last, side=side)


def _named(district: District, ids: str, kind: str) -> Text:
    frame = district.block_frame if kind == "blocks" else district.school_frame

    def shown(one: str, lang: Language) -> str:
        if one not in frame.index:
            return one
        name = frame.at[one, "name"]
        return f"{one} {frame.at[one, 'name_en'] or name if lang == 'en' else name}"

    return Text(
        "; ".join(shown(one, "en") for one in ids.split(";")),
        "；".join(shown(one, "zh") for one in ids.split(";")),
    )


def _figures(finding: Finding) -> list[Text]:
    found = []
    if finding.count is not None:
        found.append(messages.text("public_gate.blocks", count=finding.count))
    if finding.value is not None:
        unit = "ground" if finding.kind == "near_line" else "area"
        found.append(messages.text(f"public_gate.{unit}", value=finding.value))
    return found
