"""The range: the streets, estates and villages of each school, stage by stage."""

from zoning import messages
from zoning.errors import Text
from zoning.public.notices.parts import Section, as_heading, in_a_row
from zoning.public.pieces import Named
from zoning.public.publication import Publication
from zoning.public.served import SchoolAddresses
from zoning.public.sheets.content import names_of, school_name

__all__ = ["range_sections"]


def range_sections(publication: Publication) -> tuple[Section, ...]:
    """Return a section a stage, with an entry a school.

    Parameters
    ----------
    publication
        What is published.
    """
    found = []
    for stage in publication.main.plans:
        served = publication.lists.served(publication.main.year, stage)
        entries = tuple(
            (school_name(publication, school), _of_school(publication, addresses))
            for school, addresses in served.items()
        )
        found.append(Section(as_heading(publication.district.stage(stage).label), entries=entries))
    return (
        *found,
        Section(messages.text("public_print.reading_heading"), (messages.text("public_print.reading"),)),
    )


def _of_school(publication: Publication, served: SchoolAddresses) -> Text:
    parts = _listed(served.own)
    for group in served.shared:
        schools = names_of(publication, group.schools)
        parts.append(
            messages.text("public_print.range_shared", schools=schools, names=_joined(_listed(group.names)))
        )
    for group in served.incoming:
        parts.append(messages.text("public_print.range_incoming", names=_names(group.names)))
    for group in served.outgoing:
        schools = names_of(publication, group.schools)
        parts.append(messages.text("public_print.range_outgoing", names=_names(group.names), schools=schools))
    return _joined(parts)


def _listed(names: tuple[Named, ...]) -> list[Text]:
    """Return streets, estates and villages, each kind after its word."""
    found = []
    for kind in ("street", "estate", "village", "area"):
        own = tuple(name for name in names if name.kind == kind)
        if own:
            found.append(messages.text(f"public_print.range_{kind}", names=_names(own)))
    return found


def _names(names: tuple[Named, ...]) -> Text:
    return in_a_row((name.inline for name in names), zh="，", en="; ")


def _joined(parts: list[Text]) -> Text:
    """Return parts one after another; in English as sentences, for names and brackets hold marks."""
    parts = [as_heading(part) for part in parts]
    return in_a_row(parts, zh="；", en=". ") if parts else messages.text("public_print.range_nothing")
