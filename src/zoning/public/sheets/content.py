"""What stands on the sheet of one school, in one language, ready for a template."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from zoning import messages
from zoning.errors import Language, Text
from zoning.public.pieces import Named
from zoning.public.publication import Publication, finder_url
from zoning.public.ranges import side_text
from zoning.public.served import Change, SchoolAddresses
from zoning.units import school_year

__all__ = ["SchoolStage", "deep_link", "facts_of", "foot_of", "school_name", "sheet_words", "stage_content"]

_MOST_CHANGED: Final = 60
_MOST_REASONS: Final = 3
_WORDS: Final = (
    "legend_own",
    "legend_shared",
    "legend_school",
    "legend_other",
    "scan",
    "street",
    "odd_numbers",
    "even_numbers",
    "town",
    "continued",
    "more_inside",
)

SchoolStage = tuple[str, SchoolAddresses, tuple[Change, ...]]
"""Stage, addresses of the school, and changed addresses of the stage."""


def sheet_words(lang: Language) -> dict[str, str]:
    """Return the fixed words of the sheets' templates by key."""
    return {name: messages.text(f"public_print.{name}").of(lang) for name in _WORDS}


def deep_link(publication: Publication, stage: str, school: str) -> str:
    """Return the address of a school on the public page; empty while the page has none.

    Parameters
    ----------
    publication
        What is published.
    stage, school
        The stage and the school.
    """
    url = finder_url(publication)
    if not url:
        return ""
    return f"{url}#year={publication.main.year}&stage={quote(stage)}&school={quote(school)}"


def school_name(publication: Publication, school: str) -> Text:
    """Return the name of a school, its id where the schools table has none of that id."""
    frame = publication.district.school_frame
    if school not in frame.index:
        return Text(school, school)
    zh, en = str(frame.at[school, "name"]), str(frame.at[school, "name_en"])
    return Text(en or zh, zh)


def names_of(publication: Publication, schools: Iterable[str]) -> Text:
    """Return the names of several schools in a row."""
    every = [school_name(publication, school) for school in schools]
    return Text(", ".join(t.en for t in every), "、".join(t.zh for t in every))


def facts_of(publication: Publication, school: str) -> list[tuple[Text, Text]]:
    """Return what stands at the head of a sheet: the school's phone, the office, its phone, the rule."""
    district, notice = publication.district, publication.district.notice
    frame = district.school_frame
    phone = str(frame.at[school, "phone"]) if school in frame.index and "phone" in frame else ""
    rows = [
        (messages.text("public_print.fact_school_phone"), Text(phone, phone)),
        (messages.text("public_print.fact_office"), notice.office),
        (messages.text("public_print.fact_phone"), Text(notice.phone, notice.phone)),
        (messages.text("public_print.fact_rule"), notice.rule),
    ]
    return [(label, value) for label, value in rows if value.zh or value.en]


def disclaimer_of(publication: Publication) -> Text:
    """Return the words at the foot: the office's own, else plain default ones."""
    said = publication.district.notice.disclaimer
    return said if said.zh or said.en else messages.text("public_print.disclaimer")


def map_note(publication: Publication) -> Text:
    """Return what stands under a map: approval number or why none, source and date of the data."""
    place, notice = publication.district.place, publication.district.notice
    parts = [messages.text("public_print.no_boundary")]
    if place.map_approval:
        parts.append(messages.text("public_print.map_number", number=place.map_approval))
    elif notice.no_map_number.zh:
        parts.append(messages.text("public_print.no_map_number", reason=notice.no_map_number))
    else:
        parts.append(messages.text("public_print.map_number_open"))
    if place.attribution:
        parts.append(Text(f"{place.attribution}.", f"{place.attribution}。"))
    if place.data_date:
        parts.append(messages.text("public_print.data_date", date=place.data_date))
    return Text(" ".join(t.en for t in parts), "".join(t.zh for t in parts))


def foot_of(publication: Publication, school: str, stages: Sequence[str]) -> Text:
    """Return the digests that say which plan and data a sheet was made of, and with which version."""
    from importlib.metadata import version  # noqa: PLC0415 - read once a sheet, nowhere else

    plans = " ".join(publication.main.plans[stage].digest[:12] for stage in stages)
    return messages.text(
        "public_print.digests",
        school=school,
        version=version("zoning"),
        data=publication.district.place.digest[:12] or "–",
        plans=plans,
    )


def stage_content(
    publication: Publication, school: str, found: SchoolStage, lang: Language
) -> dict[str, object]:
    """Return one stage of a school's sheet: heading, map note and the lists.

    Parameters
    ----------
    publication
        What is published.
    school
        The school.
    found
        The stage with the addresses of the school, and all addresses that changed.
    lang
        Language.
    """
    stage, served, changes = found
    label = publication.district.stage(stage).label
    plan = publication.main.plans[stage]
    has_zone = school in plan.school_ids
    sections = _listings(served.own, lang)
    for group in served.shared:
        others = names_of(publication, (s for s in group.schools if s != school))
        sections.append(
            _section(
                "shared", lang, note=messages.text("public_print.shared_means", schools=others), others=others
            )
        )
        sections += [{**listing, "inner": True} for listing in _listings(group.names, lang)]
    sections += _exceptions(publication, served, lang)
    sections += _changes(publication, school, stage, changes, lang)
    return {
        "heading": messages.text(
            "public_print.stage_heading", stage=label, year=school_year(publication.main.year)
        ).of(lang),
        "map": f"map-{stage}.svg" if has_zone else None,
        "alt": messages.text("public_print.map_alt", school=school_name(publication, school), stage=label).of(
            lang
        ),
        "note": (map_note(publication) if has_zone else messages.text("public_print.no_own_zone")).of(lang),
        "shared": any(school in schools and len(schools) > 1 for _, schools in plan.rows),
        "sections": sections,
    }


def _section(
    name: str,
    lang: Language,
    *,
    form: str = "lines",
    rows: object = (),
    note: Text | None = None,
    **fields: object,
) -> dict[str, object]:
    title = messages.text(f"public_print.section_{name}", **fields).of(lang)
    return {
        "title": title,
        "inner": False,
        "form": form,
        "rows": rows,
        "note": "" if note is None else note.of(lang),
    }


def _listings(names: Sequence[Named], lang: Language) -> list[dict[str, object]]:
    """Return the sections of streets, estates, villages and further areas; none for an empty list."""
    sections = []
    streets = [n for n in names if n.kind == "street"]
    if streets:
        rows = [_street_row(n, lang) for n in streets]
        sections.append(_section("streets", lang, form="streets", rows=rows))
    for kind in ("estate", "village", "area"):
        own = [n for n in names if n.kind == kind]
        if own:
            sections.append(_section(f"{kind}s", lang, form="lists", rows=_by_town(own, lang)))
    return sections


def _street_row(named: Named, lang: Language) -> list[str]:
    """Return street, odd numbers and even ones; a dash for none."""
    title = named.title.of(lang)
    if not named.spans:
        every = messages.text("public_print.every_number").of(lang)
        return [title, every, every]
    sides = [[s for s in named.spans if s.parity == parity] for parity in ("odd", "even")]
    return [title, *(side_text(side).of(lang) or "–" for side in sides)]


def _by_town(names: Sequence[Named], lang: Language) -> list[list[str]]:
    towns: dict[str, list[str]] = {}
    for named in names:
        towns.setdefault(named.town, []).append(named.text.of(lang))
    mark = "、" if lang == "zh" else ", "
    return [[town, mark.join(every)] for town, every in towns.items()]


def _exceptions(publication: Publication, served: SchoolAddresses, lang: Language) -> list[dict[str, object]]:
    """Return the single addresses that come here, and those that go elsewhere, by exception."""
    found = []
    for name, groups in (("incoming", served.incoming), ("outgoing", served.outgoing)):
        lines = []
        for group in groups:
            schools = names_of(publication, group.zoned if name == "incoming" else group.schools)
            said = [
                messages.text(f"public_print.exception_{name}", address=n.text, schools=schools)
                for n in group.names
            ]
            lines += [one.of(lang) for one in said]
        if lines:
            found.append(_section(name, lang, rows=lines))
    return found


def _changes(
    publication: Publication, school: str, stage: str, changes: Sequence[Change], lang: Language
) -> list[dict[str, object]]:
    other, notice = publication.other, publication.district.notice
    if other is None or stage not in other.plans:
        return []
    year = school_year(other.year)
    lines = []
    for change in changes:
        if school in change.before or school in change.after:
            why = _reasons(publication, stage, change)
            lines.append(_change_line(publication, school, change, lang) + why.of(lang))
    if not lines:
        return [
            _section(
                "changes", lang, rows=[messages.text("public_print.no_change", year=year).of(lang)], year=year
            )
        ]
    if notice.transition.zh:
        lines.append(messages.text("public_print.transition", rule=notice.transition).of(lang))
    if notice.siblings_stay is not None:
        lines.append(
            messages.text(
                "public_print.siblings_stay" if notice.siblings_stay else "public_print.siblings_go"
            ).of(lang)
        )
    return [_section("changes", lang, rows=lines, year=year)]


def _change_line(publication: Publication, school: str, change: Change, lang: Language) -> str:
    shown = change.names[:_MOST_CHANGED]
    texts = [named.text for named in shown]
    names = Text("; ".join(t.en for t in texts), "；".join(t.zh for t in texts))
    if len(shown) < len(change.names):
        names = messages.text("public_print.and_more", names=names, count=len(change.names))
    code = (
        "kept"
        if school in change.before and school in change.after
        else ("gained" if school in change.after else "lost")
    )
    before, after = (
        names_of(publication, ids) if ids else messages.text("public_print.nobody")
        for ids in (change.before, change.after)
    )
    return messages.text(f"public_print.change_{code}", names=names, before=before, after=after).of(lang)


def _reasons(publication: Publication, stage: str, change: Change) -> Text:
    """Return the kinds of reasons for a change, the one of most blocks first; nothing where none is known.

    What holds for a single block, to the minute and pupil, stands on the public page.
    """
    reasons = publication.main.reasons.get(stage, {})
    codes = Counter(reasons[block].code for block in change.blocks if block in reasons)
    if not codes:
        return Text("", "")
    labels = [messages.text(f"public_print.why_{code}") for code, _ in codes.most_common(_MOST_REASONS)]
    said = Text(" ".join(t.en for t in labels), "；".join(t.zh for t in labels))
    return messages.text("public_print.because", reasons=said)
