"""The page where parents find their school: one HTML file in two languages, from which no request leaves."""

import html
import io
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

import segno

from zoning import messages
from zoning.errors import Language
from zoning.public.finder.data import page_data
from zoning.public.publication import Publication, finder_url
from zoning.publish import assets
from zoning.publish.content import pair
from zoning.publish.markup import both
from zoning.units import school_year

__all__ = ["SCRIPTS", "finder_page", "page_words"]

_PACKAGE: Final = "zoning.public"
SCRIPTS: Final = (
    "codec", "book", "words", "data", "search", "answer", "schools", "links", "view", "map", "main",
)  # fmt: skip
"""Scripts of the page, in the order in which they run, after the pieces that pages with a map share."""


def page_words() -> dict[str, list[str]]:
    """Return every word of the page in both languages by key, ``{name}`` left for the page to fill in."""
    return {key: pair(text) for key, text in messages.every("public_page").items()}


def finder_page(publication: Publication, *, lang: Language = "zh") -> str:
    """Return the page as HTML; the same publication gives the same bytes.

    Parameters
    ----------
    publication
        What is published; the addresses table is searched in the page.
    lang
        Language that the page opens in.

    Raises
    ------
    DataError
        When the district has no addresses table.
    """
    district, year = publication.district, publication.main.year
    data = page_data(publication, lang=lang) | {"ui": page_words()}
    title = messages.text("public_page.title").of(lang)
    title = title.format(place=district.place.name.of(lang), year=school_year(year))
    own = (assets.own_file(f"finder/{name}.js", package=_PACKAGE) for name in SCRIPTS)
    filled = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "title": html.escape(title),
        "version": html.escape(version("zoning")),
        "style": _bare(assets.own_file("finder/finder.css", package=_PACKAGE)),
        "qr": _qr(finder_url(publication), year),
        "data": assets.script_json(data),
        "script": _bare("\n".join([assets.own_file("page/pieces.js"), *own])),
    }
    page = _fill(assets.own_file("finder/page.html", package=_PACKAGE), filled)
    return page.replace("<!--content-security-policy-->", assets.content_policy(page), 1)


def _fill(template: str, filled: Mapping[str, str]) -> str:
    """In one pass, so that braces of what is filled in stay what they are."""
    first, *parts = template.split("{")
    found = [first]
    for part in parts:
        name, closed, rest = part.partition("}")
        found.append(filled[name] + rest if closed and name in filled else "{" + part)
    return "".join(found)


def _bare(text: str) -> str:
    """Return a script or style without indents and whole lines of comment, which weigh and do nothing.

    No string of the page's own files goes over several lines.
    """
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _qr(url: str, year: int) -> str:
    """Return the code of the page's address with its year; nothing while it has no address."""
    if not url:
        return ""
    out = io.BytesIO()
    segno.make(f"{url}#year={year}", error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, svgclass=None, lineclass=None
    )
    said = both(messages.text("public_page.qr"))
    mark = out.getvalue().decode().strip().replace("<svg ", '<svg aria-hidden="true" ', 1)
    return f'<div class="qr">{mark}<p>{said}</p></div>'
