"""The contents of a publication: one page that links its files by what they are for."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from zoning import messages
from zoning.errors import Language, Text
from zoning.public.publication import Publication
from zoning.publish.index_page import Link, Links, index_page
from zoning.units import school_year

__all__ = ["contents_page"]

_GROUPS: Final = ("find", "changes", "notices", "coverage", "print", "data")
_PLACED: Final = (
    (r"finder-\d+\.html", "find", "finder"),
    (r"addresses-\d+\.(csv|xlsx)", "find", "addresses"),
    (r"consultation-.*", "changes", "consultation"),
    (r"ledger\.(json|xlsx)", "changes", "ledger"),
    (r"affected-addresses\.xlsx", "changes", "affected"),
    (r"notice-(zh|en)\.pdf", "notices", "notice"),
    (r"certificate\.(json|txt)", "coverage", "certificate"),
    (r"print/.*-zh\.pdf", "print", "sheet"),
    (r"data/dictionary\.csv", "data", "dictionary"),
    (r"data/zones-.*\.gpkg", "data", "package"),
    (r"data/zones-.*\.geojson", "data", "geojson"),
    (r"data/blocks-.*\.csv", "data", "blocks"),
)
"""Pattern of a file's name, the group where it is linked, and what it is; others are not linked."""


def contents_page(publication: Publication, names: Sequence[str], *, lang: Language = "zh") -> str:
    """Return ``index.html`` of a publication.

    Parameters
    ----------
    publication
        What is published.
    names
        Names of the files that lie beside it.
    lang
        Language that the page opens in.
    """
    place, year = publication.district.place, school_year(publication.main.year)
    links: dict[str, list[Link]] = {group: [] for group in _GROUPS}
    schools = publication.district.school_frame
    for pattern, group, kind in _PLACED:
        for name in (one for one in names if re.fullmatch(pattern, one)):
            links[group].append(Link(name, _label(publication, kind, name, schools.index)))
    groups = [
        Links(group, _said(f"group_{group}"), _said(f"lead_{group}"), tuple(links[group]))
        for group in _GROUPS
    ]
    title = _said("title", place=place.name, year=year)
    office = publication.district.notice.office
    return index_page(title, office, groups, footer=_said("footer", digest=place.digest[:16]), lang=lang)


def _said(name: str, **fields: object) -> Text:
    return messages.text(f"public_contents.{name}", **fields)


def _label(publication: Publication, kind: str, name: str, schools: Sequence[str]) -> Text:
    """Return what a file is, with the stage or the school that its name holds."""
    label = _said(f"file_{kind}")
    sheet = re.fullmatch(r"print/(.*)-\d+-zh\.pdf", name)
    school = unquote(sheet[1]) if sheet else ""
    if school in schools:
        row = publication.district.school_frame.loc[school]
        return Text(row["name_en"] or row["name"], row["name"])
    stage = next((s.label for s in publication.district.stages if f"-{s.name}." in name), None)
    if stage is None:
        return label
    return Text(f"{label.en}: {stage.en}", f"{label.zh}：{stage.zh}")
