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

_PLACED: Final = {
    "find": (
        ("finder", r"finder-\d+\.html"),
        ("addresses", r"addresses-\d+\.\w+"),
    ),
    "changes": (
        ("consultation", r"consultation-.*"),
        ("ledger", r"ledger\.\w+"),
        ("affected", r"affected-addresses-\d+\.xlsx"),
    ),
    "notices": (
        ("notice", r"notice-(?:zh|en)\.pdf"),
        ("method", r"notice-method-(?:zh|en)\.txt"),
        ("range", r"notice-range-(?:zh|en)\.txt"),
        ("result", r"notice-result-(?:zh|en)\.txt"),
    ),
    "print": (("sheet", r"print/(.*)-\d+(?:-zh|-en)?\.\w+"),),
    "data": (
        ("dictionary", r"data/dictionary-\d+\.csv"),
        ("zones", r"data/zones-\d+-(.*)\.\w+"),
        ("blocks", r"data/blocks-\d+-(.*)\.csv"),
    ),
    "coverage": (
        ("certificate", r"certificate\.\w+"),
        ("gate", r"publication\.json"),
        ("record", r"record\.jsonl"),
    ),
}
"""By group what is linked and the names of its files; a group of the pattern tells documents apart."""


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
    groups = [
        Links(
            group,
            _said(f"group_{group}"),
            _said(f"lead_{group}"),
            tuple(
                Link(_label(publication, kind, key), tuple(paths))
                for kind, pattern in placed
                for key, paths in _documents(publication, pattern, names).items()
            ),
        )
        for group, placed in _PLACED.items()
    ]
    title = _said("title", place=place.name, year=year)
    office = publication.district.notice.office
    return index_page(title, office, groups, footer=_said("footer", digest=place.digest[:16]), lang=lang)


def _documents(publication: Publication, pattern: str, names: Sequence[str]) -> dict[str, list[str]]:
    """Return the files of each document; stages and schools in the district's order."""
    found: dict[str, list[str]] = {}
    for name in names:
        match = re.fullmatch(pattern, name)
        if match:
            found.setdefault(unquote(match[1]) if match.groups() else "", []).append(name)
    district = publication.district
    order = [*(stage.name for stage in district.stages), *district.school_frame.index]
    place = {key: n for n, key in enumerate(order)}
    return {key: found[key] for key in sorted(found, key=lambda key: (place.get(key, len(place)), key))}


def _said(name: str, **fields: object) -> Text:
    return messages.text(f"public_contents.{name}", **fields)


def _label(publication: Publication, kind: str, key: str) -> Text:
    """Return what a document is, with its stage; a sheet is called after its school."""
    schools = publication.district.school_frame
    if kind == "sheet" and key in schools.index:
        row = schools.loc[key]
        return Text(row["name_en"] or row["name"], row["name"])
    label = _said(f"file_{kind}")
    stage = next((s.label for s in publication.district.stages if s.name == key), None)
    return label if stage is None else Text(f"{label.en}: {stage.en}", f"{label.zh}：{stage.zh}")
