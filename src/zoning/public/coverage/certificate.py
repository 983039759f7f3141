"""The certificate of seamless coverage: per stage and year, every block and address has its school."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

from zoning.district import District
from zoning.errors import DataError, Language
from zoning.plan import Plan
from zoning.public.answers import Answer, SchoolFinder
from zoning.public.coverage.addresses import Entry, check_entries, check_ranges, entries_of
from zoning.public.coverage.blocks import check_plan, declared_shares, school_fault, source_gaps
from zoning.public.coverage.findings import FAULTS, INFORMATION, Finding, record_of, whole
from zoning.public.coverage.text import certificate_text
from zoning.public.publication import Publication, PublishedYear

__all__ = ["Certificate", "StageCoverage", "certify"]

FORMAT: Final = 1


@dataclass(frozen=True, eq=False)
class StageCoverage:
    """What was found of one stage in one year.

    Parameters
    ----------
    stage, year
        Which zones.
    plan_digest
        SHA-256 of the plan, hex.
    counts
        ``blocks``, ``in_one_zone``, ``in_shared_zone``, ``without``, ``undeclared``, ``schools``,
        ``entries``, ``resolved`` (of the addresses table, all and those that lead to a school) and
        ``exceptions``.
    findings
        Faults first.
    """

    stage: str
    year: int
    plan_digest: str
    counts: Mapping[str, int]
    findings: tuple[Finding, ...] = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether there is no fault."""
        return not any(one.is_fault for one in self.findings)


@dataclass(frozen=True, eq=False)
class Certificate:
    """Whether every block and every address has exactly one zone, or one declared shared zone.

    Parameters
    ----------
    district
        The district.
    year
        School year that is published.
    stages
        One a stage and year, the earlier year first.
    addresses
        What was found of the addresses table, whatever the plan.
    """

    district: District = field(repr=False)
    year: int
    stages: tuple[StageCoverage, ...]
    addresses: tuple[Finding, ...] = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether neither the addresses nor the published year have a fault.

        Faults of the year beside it are listed and decide nothing: the zones in force may have gaps that the
        new ones close.
        """
        return self.of_year(self.year)

    def of_year(self, year: int) -> bool:
        """Tell whether neither the addresses nor the stages of a year have a fault."""
        found = [stage.ok for stage in self.stages if stage.year == year]
        return bool(found) and all(found) and not any(one.is_fault for one in self.addresses)

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind was found in the published year and in the addresses, faults first."""
        every = [one for stage in self.stages if stage.year == self.year for one in stage.findings]
        found = Counter(one.kind for one in (*every, *self.addresses))
        return {kind: found[kind] for kind in FAULTS + INFORMATION if found[kind]}

    def as_json(self) -> str:
        """Return the certificate as JSON with one spelling: keys sorted, findings in order, no blanks."""
        place = self.district.place
        record = {
            "format": FORMAT,
            "kind": "zoning.coverage",
            "made_by": f"zoning {version('zoning')}",
            "ok": self.ok,
            "place": {"en": place.name.en, "zh": place.name.zh},
            "year": self.year,
            "crs": place.crs.to_string(),
            "data_date": place.data_date,
            "data_digest": place.digest,
            "near_line_m": whole(self.district.notice.near_line_m),
            "counts": self.counts,
            "stages": [self._stage(one) for one in self.stages],
            "addresses": [record_of(one, place.crs) for one in self.addresses],
        }
        plain = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return f"{plain}\n"

    def _stage(self, one: StageCoverage) -> dict[str, Any]:
        return {
            "stage": one.stage,
            "year": one.year,
            "ok": one.ok,
            "plan_digest": one.plan_digest,
            "counts": dict(one.counts),
            "findings": [record_of(found, self.district.place.crs) for found in one.findings],
        }

    def text(self, lang: Language | None = None) -> str:
        """Return the certificate as a report to read; in Chinese and English when no language is named."""
        languages: tuple[Language, ...] = ("zh", "en") if lang is None else (lang,)
        return "\n".join(certificate_text(self, one) for one in languages)


def certify(publication: Publication) -> Certificate:
    """Return the certificate of everything that is published of a place.

    Parameters
    ----------
    publication
        The zones of one year, and of the year beside it.

    Examples
    --------
    >>> import zoning
    >>> from zoning.public import assemble
    >>> county = zoning.sample_district()
    >>> certificate = certify(assemble(county, [zoning.Plan.current(county, stage="junior")]))
    >>> certificate.ok, certificate.stages[0].counts["blocks"]
    (True, 1200)
    """
    district = publication.district
    entries = entries_of(district)
    years = {one.year: _answers(district, one, entries) for one in publication.years}
    gaps = tuple(source_gaps(district))
    stages = [
        _of_stage(publication, plan, entries, years[one.year][1], gaps)
        for one in publication.years
        for plan in one.plans.values()
    ]
    found = [*years[publication.main.year][0], *check_ranges(entries)]
    if district.table("addresses") is None:
        found.append(Finding("no_addresses"))
    missing = [stage.name for stage in district.stages if stage.name not in publication.main.plans]
    found += [Finding("stage_without_plan", name=name) for name in missing]
    return Certificate(district, publication.main.year, tuple(stages), _sorted(found))


def _answers(
    district: District, year: PublishedYear, entries: Sequence[Entry]
) -> tuple[list[Finding], dict[int, tuple[Answer, ...]]]:
    try:
        finder = SchoolFinder(district, year.plans)
    except DataError:  # no addresses table: the blocks alone are certified
        return [], {}
    return check_entries(entries, finder.find)


def _of_stage(
    publication: Publication,
    plan: Plan,
    entries: Sequence[Entry],
    answers: Mapping[int, tuple[Answer, ...]],
    gaps: Sequence[Finding],
) -> StageCoverage:
    district = publication.district
    found = check_plan(district, plan, near=publication.near[plan.stage, plan.year], gaps=gaps)
    served = [_served(district, plan, entry, answers.get(entry.row)) for entry in entries]
    found += [one for one in served if isinstance(one, Finding)]
    ids = set(district.block_frame.index)
    held = [schools for block, schools in plan.rows if block in ids]
    declared = declared_shares(district, plan.stage, plan.year)
    shared = sum(schools in declared for schools in held if len(schools) > 1)
    several = sum(len(schools) > 1 for schools in held)
    counts = {
        "blocks": len(ids),
        "in_one_zone": len(held) - several,
        "in_shared_zone": shared,
        "undeclared": several - shared,
        "without": len(ids) - len(held),
        "schools": len(plan.school_ids),
        "entries": len(entries),
        "resolved": sum(one is True for one in served),
        "exceptions": sum(e.exception is not None and e.exception[0] == plan.stage for e in entries),
    }
    return StageCoverage(plan.stage, plan.year, plan.digest, counts, _sorted(found))


def _served(district: District, plan: Plan, entry: Entry, answers: Sequence[Answer] | None) -> Finding | bool:
    """Return whether an entry leads to a school of a plan's stage; the finding where its block has none.

    An entry that leads to no block is a finding of the addresses, and not repeated for each stage.
    """
    if answers is None:
        return False
    of_stage = [answer for answer in answers if answer.stage == plan.stage]
    place = {"row": entry.row, "name": entry.name, "block_id": entry.block_id}
    if any(not answer.schools for answer in of_stage):
        return Finding("address_no_school", **place)  # type: ignore[arg-type]
    for school in sorted({answer.schools[0] for answer in of_stage if answer.basis == "exception"}):
        kind = school_fault(district, school, stage=plan.stage, year=plan.year)
        if kind:
            return Finding(kind, school_id=school, **place)  # type: ignore[arg-type]
    return True


def _sorted(found: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: one.order))
