"""The publication gate: no personal data, small counts, missing year or broken coverage leave the office."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final

from zoning.district import District
from zoning.public.coverage.certificate import Certificate, certify
from zoning.public.gate.coverage import check_coverage
from zoning.public.gate.files import check_files, check_reasons, known_of
from zoning.public.gate.report import LEVELS, GateFinding, GateReport, digests_of, finding
from zoning.public.gate.words import check_words
from zoning.public.notices.parts import in_a_row
from zoning.public.publication import Publication
from zoning.public.sources import PlanSource

__all__ = ["LEVELS", "GateFinding", "GateReport", "check_publication", "override_faults"]

_TOML: Final = "zoning.toml"
_ORDER: Final = ("never", "reason", "warning")


def check_publication(
    publication: Publication,
    files: Mapping[str, bytes],
    *,
    inputs: Path | str | None,
    today: date,
    overrides: Mapping[str, str] | None = None,
    sources: Sequence[PlanSource] = (),
    certificate: Certificate | None = None,
    because: str = "",
) -> GateReport:
    r"""Return whether files may be published: every refusal with its place and cure.

    Parameters
    ----------
    publication
        What is published.
    files
        Content of every file that would be published, by name.
    inputs
        The input folder, whose roster tells which names are those of children; None where there is none.
    today
        Date of the check, as it is logged.
    overrides
        Written reason by code, for refusals that may be overridden.
    sources
        Where the plans come from, to compare them with the data.
    certificate
        The certificate of this very publication; made when left out.
    because
        Why an earlier publication of the year is replaced, as the yearly record will say.

    Examples
    --------
    >>> import zoning
    >>> from zoning.public import assemble
    >>> county = zoning.sample_district()
    >>> publication = assemble(county, [zoning.Plan.current(county, stage="junior")])
    >>> files = {"list-2026.csv": "编号,备注\nB0001,13912345678\n".encode()}
    >>> report = check_publication(publication, files, inputs=None, today=date(2026, 9, 1))
    >>> [one.code for one in report.refusals]
    ['mobile_phone']
    """
    folder = None if inputs is None else Path(inputs)
    given = dict(overrides or {})
    certified = certify(publication) if certificate is None else certificate
    known, unread = known_of(publication, folder)
    every = [
        *check_files(files, publication, known),
        *check_words(publication, known),
        *check_reasons({**given, "--because": because}, known),
        *([finding("roster_unread", file="roster")] if unread else []),
        *_check_notice(publication.district, today),
        *check_coverage(certified, files, sources),
        *chain.from_iterable(_check_source(publication, one) for one in sources),
        *_check_seats(publication),
        *_check_times(publication),
    ]
    found = [_overridden(one, given) for one in every]
    found += _check_overrides(given, {one.code for one in every})
    found.sort(key=lambda one: (not one.refuses, _ORDER.index(one.level)))
    return GateReport(publication, today, digests_of(files), tuple(found), given)


def _overridden(one: GateFinding, given: Mapping[str, str]) -> GateFinding:
    reason = given.get(one.code, "").strip()
    return replace(one, reason=reason) if one.level == "reason" and reason else one


def override_faults(given: Mapping[str, str]) -> Iterator[GateFinding]:
    """Yield what is wrong with overrides before anything is made: no such code, never allowed, no reason.

    Parameters
    ----------
    given
        Reason by code.

    Examples
    --------
    >>> [one.code for one in override_faults({"map_number": "a sketch", "foo": "bar", "no_office": " "})]
    ['override_unknown', 'override_no_reason']
    """
    able = ", ".join(code for code, level in LEVELS.items() if level == "reason")
    for code, reason in sorted(given.items()):
        level = LEVELS.get(code)
        if level is None or code.startswith("override_"):
            yield finding("override_unknown", file="--override", column=code, able=able)
        elif level == "never":
            yield finding("override_never", file="--override", column=code, able=able)
        elif not reason.strip():
            yield finding("override_no_reason", file="--override", column=code)


def _check_overrides(given: Mapping[str, str], found: Collection[str]) -> Iterator[GateFinding]:
    faulty = [*override_faults(given)]
    yield from faulty
    for code in sorted(set(given) - {one.problem.column for one in faulty}):
        if LEVELS[code] == "warning" or code not in found:
            yield finding("override_unneeded", file="--override", column=code)


def _check_notice(district: District, today: date) -> Iterator[GateFinding]:
    """Yield what the office has not said (map number or why none, name, phone), and a past deadline."""
    notice = district.notice
    if not (district.place.map_approval.strip() or notice.no_map_number.zh or notice.no_map_number.en):
        yield finding("map_number", file=_TOML, column="place.map_approval")
    for key, said in (("office", notice.office.zh or notice.office.en), ("phone", notice.phone)):
        if not said.strip():
            yield finding("no_office", file=_TOML, column=f"publish.{key}")
    if notice.comments_until and notice.comments_until < today.isoformat():
        key, now = "comments_until", today.isoformat()
        until = notice.comments_until
        yield finding("comments_past", file=_TOML, column=f"publish.{key}", until=until, today=now)


def _check_source(publication: Publication, source: PlanSource) -> Iterator[GateFinding]:
    """Yield what the record beside a plan says against it."""
    place, plan, said = publication.district.place, source.plan, source.record
    if said is None:
        yield finding("plan_unrecorded", file=source.file)
        return
    names = said.get("place")
    own = {"en": place.name.en, "zh": place.name.zh}
    pairs = [
        ("place", names if isinstance(names, Mapping) else None, own),
        ("stage", said.get("stage"), plan.stage),
        ("year", said.get("year"), publication.main.year),
    ]
    others = [key for key, value, wanted in pairs if value != wanted]
    for key in others:
        yield finding(
            "plan_other", file=source.file, column=key, stage=plan.stage, year=publication.main.year
        )
    if said.get("data_digest") != place.planning_digest:
        yield finding("plan_older", file=source.file, column="data_digest")
    if said.get("plan_digest") != plan.digest and not others:
        yield finding("plan_edited", file=source.file, column="plan_digest")


def _check_seats(publication: Publication) -> Iterator[GateFinding]:
    for stage, card in publication.main.cards.items():
        over = next((one.value for one in card if one.id == "capacity.pupils_over"), 0.0)
        if over > 0:
            label = publication.district.stage(stage).label
            yield finding("pupils_over", file="plan", column=stage, stage=label)


def _check_times(publication: Publication) -> Iterator[GateFinding]:
    labels = [publication.district.stage(stage).label for stage in publication.estimated]
    if labels:
        yield finding("times_estimated", file="streets", stage=in_a_row(labels))
