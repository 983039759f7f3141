"""``index.html``: one page that links everything that was written beside it."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from zoning import messages
from zoning.errors import Language, Text
from zoning.publish.markup import both, section
from zoning.publish.page import bilingual_page

__all__ = ["Link", "Links", "form_of", "index_page"]

_FORMS: Final[Mapping[str, str]] = {
    "csv": "CSV", "docx": "Word", "geojson": "GeoJSON", "gpkg": "GeoPackage", "json": "JSON",
    "jsonl": "JSON Lines", "osm": "OSM XML", "parquet": "Parquet", "pdf": "PDF", "svg": "SVG",
    "toml": "TOML", "xlsx": "Excel",
}  # fmt: skip
_SAID: Final = {"html": "publish.form_page", "png": "publish.form_picture", "txt": "publish.form_text"}


@dataclass(frozen=True, slots=True)
class Link:
    """One document, in one form or several.

    Parameters
    ----------
    label
        What it is.
    paths
        Where its files lie, from the page, with ``/``.
    """

    label: Text
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """Documents that belong together.

    Parameters
    ----------
    name
        Stable name of the group.
    title
        What they are.
    lead
        A sentence about them.
    links
        The documents, most important first.
    """

    name: str
    title: Text
    lead: Text
    links: tuple[Link, ...]


def index_page(
    title: Text, subtitle: Text, groups: Sequence[Links], *, footer: Text, lang: Language = "zh"
) -> str:
    """Return the page as HTML; groups without files are left out.

    Parameters
    ----------
    title, subtitle
        What stands at the head.
    groups
        Documents by what they are for.
    footer
        What stands at the foot.
    lang
        Language that the page opens in.

    Examples
    --------
    >>> atlas = Link(Text("Atlas", "图册"), ("a b.html",))
    >>> group = Links("maps", Text("Maps", "地图"), Text("", ""), (atlas,))
    >>> '<a href="a%20b.html">' in index_page(Text("A", "甲"), Text("", ""), [group], footer=Text("", ""))
    True
    """
    sections = "".join(_section(group) for group in groups if group.links)
    return bilingual_page(title, subtitle, sections, footer, lang=lang)


def form_of(path: str) -> Text:
    """Return the form of a file, and its language where the name says one.

    Parameters
    ----------
    path
        Where the file lies.

    Examples
    --------
    >>> form_of("notice-zh.pdf").en, form_of("ledger.xlsx").en, form_of("print/P001.png").zh
    ('PDF, Chinese', 'Excel', '图片')
    """
    ending = PurePosixPath(path).suffix.lstrip(".").lower()
    form = messages.text(_SAID[ending]) if ending in _SAID else Text(*2 * (_FORMS.get(ending, path),))
    spoken = re.search(r"-(zh|en)\.\w+$", path)
    return messages.text(f"publish.form_{spoken[1]}", form=form) if spoken else form


def _section(group: Links) -> str:
    lead = f"<p>{both(group.lead)}</p>" if group.lead.en or group.lead.zh else ""
    rows = "".join(f"<li>{_row(link)}</li>" for link in group.links)
    return section(group.name, group.title, f'{lead}<ul class="files">{rows}</ul>')


def _row(link: Link) -> str:
    """Return a document: its name leads to its only file, or its forms to each."""
    if len(link.paths) == 1:
        return f"{_anchor(link.paths[0], link.label)} <small>{both(form_of(link.paths[0]))}</small>"
    forms = [form_of(path) for path in link.paths]
    named = [
        Text(name, name) if forms.count(form) > 1 else form
        for form, name in zip(forms, (PurePosixPath(path).name for path in link.paths), strict=True)
    ]
    anchors = "".join(_anchor(path, text) for path, text in zip(link.paths, named, strict=True))
    return f'<b>{both(link.label)}</b> <span class="forms">{anchors}</span>'


def _anchor(path: str, text: Text) -> str:
    return f'<a href="{html.escape(quote(path))}">{both(text)}</a>'
