"""The shell of a page in two languages: head, language button, sections, foot; no request leaves it."""

import html
from importlib.metadata import version

from zoning.errors import Language, Text
from zoning.publish import assets
from zoning.publish.markup import both

__all__ = ["bilingual_page"]


def bilingual_page(title: Text, subtitle: Text, sections: str, footer: Text, *, lang: Language) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    title, subtitle
        What stands at the head; the title is the window's too.
    sections
        Markup that is safe already.
    footer
        What stands at the foot.
    lang
        Language that the page opens in.

    Examples
    --------
    >>> page = bilingual_page(Text("A", "甲"), Text("b", "乙"), "", Text("", ""), lang="en")
    >>> page.startswith("<!DOCTYPE html>"), "<title>A</title>" in page
    (True, True)
    """
    filled = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "title_en": html.escape(title.en),
        "title_zh": html.escape(title.zh),
        "title": html.escape(title.of(lang)),
        "version": html.escape(version("zoning")),
        "style": assets.own_file("page/page.css"),
        "script": assets.own_file("page/page.js"),
        "heading": both(title),
        "subtitle": both(subtitle),
        "sections": sections,
        "footer": both(footer),
    }
    # In one pass, so that a place called "{script}" stays what it is.
    page = _fill(assets.own_file("page/page.html"), filled)
    return page.replace("<!--content-security-policy-->", assets.content_policy(page), 1)


def _fill(page: str, filled: dict[str, str]) -> str:
    parts = page.split("{")
    found = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        found.append(filled[name] + rest)
    return "".join(found)
