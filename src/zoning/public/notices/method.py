"""The method: who decides, by which rule, how the zones were made, and how to ask and object."""

from collections import Counter
from typing import Final

from zoning import messages
from zoning.errors import Text
from zoning.public.notices.parts import Section, between, in_a_row, stages_text
from zoning.public.publication import Publication
from zoning.public.sheets.content import names_of
from zoning.units import school_year

__all__ = ["contact_sections", "method_sections"]

_CODES: Final = (
    "nearest",
    "capacity",
    "contiguity",
    "town",
    "barrier",
    "stability",
    "home",
    "locked",
    "shared",
    "feeder",
    "balance",
    "norm",
    "price",
    "closed",
    "border",
    "empty",
    "search",
)


def method_sections(publication: Publication, *, contact: bool = True) -> tuple[Section, ...]:
    """Return the sections of the method.

    Parameters
    ----------
    publication
        What is published.
    contact
        Whether to end with how to ask and how to object.
    """
    found = [_basis(publication)]
    found += [Section(messages.text("public_print.how_made"), _how(publication))]
    found += [_of_stage(publication, stage) for stage in publication.main.plans]
    found.append(Section(messages.text("public_print.shared_heading"), _shared(publication)))
    transition = _transition(publication)
    if transition:
        found.append(Section(messages.text("public_print.transition_heading"), transition))
    return (*found, *(contact_sections(publication) if contact else ()))


def _basis(publication: Publication) -> Section:
    notice = publication.district.notice
    lines = []
    if notice.office.zh:
        lines.append(messages.text("public_print.who_decides", office=notice.office))
    if notice.rule.zh:
        lines.append(messages.text("public_print.by_rule", rule=notice.rule))
    year = publication.main.year
    lines.append(
        messages.text(
            "public_print.holds_for", stages=stages_text(publication), year=school_year(year), autumn=year
        )
    )
    return Section(messages.text("public_print.basis_heading"), tuple(lines))


def _how(publication: Publication) -> tuple[Text, ...]:
    lines = [messages.text("public_print.how_blocks"), messages.text("public_print.how_answer")]
    if publication.times:
        lines.append(messages.text(f"public_print.how_{'estimate' if publication.estimated else 'time'}"))
    if publication.main.reasons:
        lines.append(messages.text("public_print.how_reasons"))
    return tuple(lines)


def _of_stage(publication: Publication, stage: str) -> Section:
    """Return what is known of one stage: its rules, what was kept, and the blocks of each reason."""
    district, plan = publication.district, publication.main.plans[stage]
    lines = [
        messages.text("public_print.stage_counts", schools=len(plan.school_ids), blocks=f"{len(plan):,}")
    ]
    lines += _policy(publication, stage)
    lines += _kept(publication, stage)
    reasons = publication.main.reasons.get(stage, {})
    counted = Counter(reason.code for reason in reasons.values())
    rows = tuple(
        (messages.text(f"public_print.why_{code}"), Text(f"{counted[code]:,}", f"{counted[code]:,}"))
        for code in _CODES
        if counted[code]
    )
    heads = (
        (messages.text("public_print.head_reason"), messages.text("public_print.head_blocks")) if rows else ()
    )
    return Section(
        messages.text("public_print.stage_method", stage=district.stage(stage).label),
        tuple(lines),
        heads,
        rows,
    )


def _kept(publication: Publication, stage: str) -> list[Text]:
    """Return what the scorecard says of seats and of zones in one piece; nothing where it says nothing."""
    card = publication.main.cards.get(stage)
    values = {} if card is None else {measure.id: measure.value for measure in card}
    over, parts = values.get("capacity.overloaded_schools"), values.get("shape.detached_parts")
    lines = []
    if over is not None:
        none = messages.text("public_print.seats_kept")
        lines.append(messages.text("public_print.seats_over", schools=f"{over:.0f}") if over else none)
    if parts is not None:
        none = messages.text("public_print.in_one_piece")
        lines.append(messages.text("public_print.in_parts", parts=f"{parts:.0f}") if parts else none)
    return lines


def _policy(publication: Publication, stage: str) -> list[Text]:
    rules = {rule.stage: rule for rule in publication.district.policy.rules}
    if stage not in rules:
        return []
    rule = rules[stage]
    lines = [
        messages.text(
            "public_print.policy_town" if rule.within_town else "public_print.policy_everywhere",
            source=rule.source,
        )
    ]
    if stage in publication.times:
        lines.append(messages.text(f"public_print.policy_{publication.times[stage].mode}"))
        if rule.respects_barriers and stage not in publication.estimated:
            lines.append(messages.text("public_print.policy_barriers"))
    return lines


def _shared(publication: Publication) -> tuple[Text, ...]:
    lines = []
    for stage, plan in publication.main.plans.items():
        label = publication.district.stage(stage).label
        sets = Counter(schools for _, schools in plan.rows if len(schools) > 1)
        for schools, blocks in sorted(sets.items()):
            names = names_of(publication, schools)
            lines.append(
                messages.text("public_print.shared_line", stage=label, schools=names, blocks=f"{blocks:,}")
            )
    return (
        (*lines, messages.text("public_print.shared_rule"))
        if lines
        else (messages.text("public_print.shared_none"),)
    )


def _transition(publication: Publication) -> tuple[Text, ...]:
    notice = publication.district.notice
    lines = [notice.transition] if notice.transition.zh else []
    if notice.siblings_stay is not None:
        lines.append(
            messages.text(
                "public_print.siblings_stay" if notice.siblings_stay else "public_print.siblings_go"
            )
        )
    return tuple(lines)


def contact_sections(publication: Publication) -> tuple[Section, ...]:
    """Return how to look up an address, how to ask, and how to object.

    Parameters
    ----------
    publication
        What is published.
    """
    notice = publication.district.notice
    ask = [messages.text("public_print.ask_url", url=notice.url)] if notice.url else []
    if notice.phone:
        ask.append(messages.text("public_print.ask_phone", office=notice.office, phone=notice.phone))
    found = [Section(messages.text("public_print.ask_heading"), tuple(ask))] if ask else []
    objections = []
    if notice.comments_to.zh:
        objections.append(messages.text("public_print.object_to", where=between(notice.comments_to)))
    if notice.comments_until:
        objections.append(messages.text("public_print.object_until", date=_date(notice.comments_until)))
    if objections:
        found.append(
            Section(messages.text("public_print.object_heading"), (in_a_row(objections, zh="", en=" "),))
        )
    return tuple(found)


def _date(iso: str) -> Text:
    """Return an ISO 8601 date as each language writes it."""
    year, month, day = (int(part) for part in iso.split("-"))
    return Text(iso, f"{year} 年 {month} 月 {day} 日")
