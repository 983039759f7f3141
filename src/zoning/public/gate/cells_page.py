"""What a page holds: its title, text, attributes and the data in its scripts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from zoning.public.gate.cells import Cell, json_cells, text_cells

__all__ = ["page_cells"]

_BREAKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br button caption dd div dl dt fieldset figcaption figure footer"
        " form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol optgroup option p pre section select"
        " summary table tbody td text tfoot th thead tr tspan ul title",
    )
)
_PLUMBING = frozenset({"d", "points", "transform", "style", "class", "integrity", "viewbox", "src"})
"""Attributes that hold drawing, not words."""


class _Page(HTMLParser):
    """Collects the text of a page by the element that holds it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Cell] = []
        self._text: list[str] = []
        self._line = 1
        self._part = "text"
        self._script = ""
        self._scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; what its attributes say is read too."""
        if tag in _BREAKS or tag in ("script", "style"):
            self.flush()
        line = self.getpos()[0]
        for name, value in attrs:
            if value and name not in _PLUMBING and not name.startswith("on"):
                self.found += [Cell(one.text, f"<{tag} {name}>", row=line) for one in text_cells(value, tag)]
        if tag in ("title", "th"):
            self._part = tag
        if tag in ("script", "style"):
            self._scripts += tag == "script"
            said = dict(attrs)
            kind = (said.get("type") or "").lower()
            self._script = "json" if "json" in kind else tag
            self._name = f"script#{said['id']}" if said.get("id") else f"{tag} {self._scripts}"

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag in _BREAKS or tag in ("script", "style"):
            self.flush()
            self._part = "text"

    def handle_data(self, data: str) -> None:
        """Keep a piece of text."""
        if not self._text:
            self._line = self.getpos()[0]
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        """Read a comment as text: it is published too."""
        line = self.getpos()[0]
        self.found += [Cell(one.text, "<!-- -->", row=line) for one in text_cells(data, "")]

    def flush(self) -> None:
        """Turn the text kept so far into cells."""
        text, self._text = "".join(self._text), []
        kind, self._script = self._script, ""
        if not text.strip():
            return
        if kind == "json":
            self.found += json_cells(text, place=self._name)
        elif kind == "script":
            self.found += [replace(one, is_code=True) for one in text_cells(text, self._name)]
        elif not kind:
            is_header = self._part == "th"
            whole = " ".join(text.split())
            self.found.append(Cell(whole, f"<{self._part}>", row=self._line, is_header=is_header))


def page_cells(text: str) -> Iterator[Cell]:
    r"""Yield what a page holds, in its order.

    Parameters
    ----------
    text
        The page.

    Examples
    --------
    >>> page = "<title>A 2027</title><p>one <b>word</b></p><script type='text/json'>{\"k\": 3}</script>"
    >>> [(cell.where, cell.text) for cell in page_cells(page)][:2]
    [('<title>', 'A 2027'), ('<text>', 'one word')]
    >>> [(cell.where, cell.text) for cell in page_cells(page)][2:]
    [('<script type>', 'text/json'), ('script 1.k', 'k'), ('script 1.k', '3')]
    """
    page = _Page()
    page.feed(text)
    page.close()
    page.flush()
    yield from page.found
