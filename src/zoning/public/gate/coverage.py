"""What the certificate of coverage says against a publication: which file, which rows, which blocks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.public.coverage.address_file import addresses_file
from zoning.public.coverage.certificate import Certificate
from zoning.public.coverage.findings import Finding
from zoning.public.coverage.text import finding_text, kind_text
from zoning.public.gate.report import GateFinding, finding
from zoning.public.sources import PlanSource

__all__ = ["check_coverage"]

SHOWN: Final = 8
"""Places that a refusal names; the rest is counted."""
_CERTIFICATE: Final = "certificate.json"
_LOST: Final = ("address_no_school", "address_none", "address_several", "address_elsewhere")
"""Kinds of the certificate that leave somebody's address without an answer."""


def check_coverage(
    certificate: Certificate, files: Mapping[str, bytes], sources: Sequence[PlanSource]
) -> Iterator[GateFinding]:
    """Yield what refuses or is told, each with the file to mend and its first places.

    Parameters
    ----------
    certificate
        The certificate of the publication.
    files
        What would be published, by name.
    sources
        Where the plans come from, to name their files.
    """
    district = certificate.district
    plans = {one.plan.stage: one.file for one in sources}
    published = [one for one in certificate.stages if one.year == certificate.year]
    every = [(plans.get(stage.stage, "plan"), one) for stage in published for one in stage.findings]
    every += [("plan", one) for one in certificate.addresses]
    lost = {one.row: one for _, one in reversed(every) if one.kind in _LOST}
    if lost:
        rows = [lost[row] for row in sorted(lost, key=lambda row: row or 0)]
        yield finding(
            "address_no_school",
            file=addresses_file(district),
            row=rows[0].row if len(rows) == 1 else None,
            column="name",
            count=len(rows),
            places=_places(district, rows),
        )
    faults = [(plan, one) for plan, one in every if one.is_fault and one.kind not in _LOST]
    for kind in dict.fromkeys(one.kind for _, one in faults):
        yield _broken(district, [(plan, one) for plan, one in faults if one.kind == kind])
    others = sorted({one.year for one in certificate.stages} - {certificate.year})
    for year in others:
        if not certificate.of_year(year) and certificate.ok:
            yield finding("other_year", file=_CERTIFICATE, year=year)
    written = files.get(_CERTIFICATE)
    if written is not None and written != certificate.as_json().encode():
        yield finding("certificate_other", file=_CERTIFICATE)


def _broken(district: District, found: Sequence[tuple[str, Finding]]) -> GateFinding:
    """Return one refusal for all findings of a kind."""
    ones = [one for _, one in found]
    if ones[0].row is not None:
        names = [addresses_file(district)]
    elif ones[0].kind == "overlap":
        names = ["blocks"]
    else:
        names = list(dict.fromkeys(plan for plan, _ in found))
    count = len(ones)
    return finding(
        "coverage",
        file=", ".join(names),
        count=count,
        kind=kind_text(ones[0].kind, count),
        places=_places(district, ones),
    )


def _places(district: District, found: Sequence[Finding]) -> Text:
    """Return the first places, each with its row, name and block, and how many there are beyond."""
    said = [finding_text(district, one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        said.append(messages.text("public_gate.places_more", count=len(found) - SHOWN))

    def of(lang: Language) -> str:
        return ("；" if lang == "zh" else "; ").join(one.of(lang) for one in said)

    return Text(of("en"), of("zh"))
