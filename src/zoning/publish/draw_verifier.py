"""The offline verifier of a draw: one HTML file that a parent opens from disk; no request leaves it.

The scripts in ``static/draw`` are written from ``docs/draw-specification`` alone and share nothing with
``zoning.lottery``; so the page is a second opinion, and this module only binds it.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from zoning import messages
from zoning.errors import Language, Text, ZoningError
from zoning.publish import assets
from zoning.publish.markup import both

__all__ = ["verifier_digest", "verifier_page"]

_FILES: Final = ("manifest", "roster", "constraints", "transcript")
_SCRIPTS: Final = ("hash", "files", "sources", "engine", "check", "splits", "page", "report", "verifier")
_LIBRARY: Final = "bls12-381.min.js"


def verifier_page(files: Mapping[str, bytes] | None = None, *, lang: Language = "zh") -> str:
    """Return the page as HTML.

    Parameters
    ----------
    files
        Public files of a draw to put inside, by name without ending: ``manifest``, ``roster``,
        ``constraints``, ``transcript``. Without them the reader chooses files from disk.
    lang
        Language that the page opens in.

    Raises
    ------
    ZoningError
        When a file has another name (it may be private), or the bundled library is not the one checked in.

    Examples
    --------
    >>> page = verifier_page()
    >>> page.startswith("<!DOCTYPE html>"), "https:" in page
    (True, False)
    """
    inside = {} if files is None else dict(files)
    strange = sorted(set(inside) - set(_FILES))
    if strange:
        raise ZoningError(messages.text("publish.draw_file", file=strange[0]))
    words: dict[str, dict[str, str]] = json.loads(assets.own_file("draw/words.json"))
    data = {
        "words": words,
        "files": {name: base64.b64encode(inside[name]).decode() for name in _FILES if name in inside},
    }
    filled = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "title_en": html.escape(words["title"]["en"]),
        "title_zh": html.escape(words["title"]["zh"]),
        "title": html.escape(words["title"][lang]),
        "version": html.escape(version("zoning")),
        "style": assets.own_file("draw/verifier.css"),
        "data": assets.script_json(data),
        "library": assets.vendored_script("draw/noble", _LIBRARY),
        "script": "\n".join(assets.own_file(f"draw/{name}.js") for name in _SCRIPTS),
    }
    page = _fill(assets.own_file("draw/verifier.html"), filled, words)
    return page.replace("<!--content-security-policy-->", assets.content_policy(page), 1)


def verifier_digest() -> str:
    """Return SHA-256 of the page without files inside, as a manifest names it: 64 hex digits.

    Examples
    --------
    >>> len(verifier_digest())
    64
    """
    return hashlib.sha256(verifier_page().encode()).hexdigest()


def _fill(template: str, filled: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> str:
    """In one pass, so that braces of what is filled in stay what they are."""
    parts = template.split("{")
    found = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        lang, _, word = name.partition(":")
        if not word:
            found.append(filled[name])
        elif lang == "w":
            found.append(both(Text(words[word]["en"], words[word]["zh"])))
        else:
            found.append(html.escape(words[word][lang]))
        found.append(rest)
    return "".join(found)
