"""``index.html``: one page that links everything that was written beside it."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from zoning.errors import Language, Text
from zoning.publish.markup import both, section
from zoning.publish.page import bilingual_page

__all__ = ["Link", "Links", "index_page"]


@dataclass(frozen=True, slots=True)
class Link:
    """One file or folder.

    Parameters
    ----------
    path
        Where it lies, from the page, with ``/``.
    label
        What it is.
    """

    path: str
    label: Text


@dataclass(frozen=True, slots=True)
class Links:
    """Files that belong together.

    Parameters
    ----------
    name
        Stable name of the group.
    title
        What they are.
    lead
        A sentence about them.
    links
        The files, most important first.
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
        Files by what they are for.
    footer
        What stands at the foot.
    lang
        Language that the page opens in.

    Examples
    --------
    >>> group = Links("maps", Text("Maps", "地图"), Text("", ""), (Link("a b.html", Text("Atlas", "图册")),))
    >>> '<a href="a%20b.html">' in index_page(Text("A", "甲"), Text("", ""), [group], footer=Text("", ""))
    True
    """
    sections = "".join(_section(group) for group in groups if group.links)
    return bilingual_page(title, subtitle, sections, footer, lang=lang)


def _section(group: Links) -> str:
    lead = f"<p>{both(group.lead)}</p>" if group.lead.en or group.lead.zh else ""
    rows = "".join(f"<li>{_anchor(link)}</li>" for link in group.links)
    return section(group.name, group.title, f'{lead}<ul class="files">{rows}</ul>')


def _anchor(link: Link) -> str:
    shown = f'<a href="{html.escape(quote(link.path))}">{both(link.label)}</a>'
    return f"{shown} <code>{html.escape(link.path)}</code>"
