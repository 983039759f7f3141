"""What a page holds: its title, text, attributes and the data in its scripts."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

from zoning.public.gate.cells import Cell, UnreadableError, cells_of, json_cells, text_cells

__all__ = ["page_cells"]

_BREAKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br button caption dd div dl dt fieldset figcaption figure footer"
        " form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol optgroup option p pre section select"
        " summary table tbody td text tfoot th thead tr tspan ul title",
    )
)
_PLUMBING = frozenset({"d", "points", "transform", "integrity", "viewbox"})
"""Attributes that hold drawing, not words."""
_INSIDE = re.compile(r"data:([\w/+.-]*)[^,;\"'\s]*;base64,([A-Za-z0-9+/=\s]+)")
_ENDINGS = {
    "png": ".png", "jpeg": ".jpg", "jpg": ".jpg", "webp": ".webp", "gif": ".gif", "svg+xml": ".svg",
    "html": ".html", "json": ".json", "geo+json": ".geojson", "csv": ".csv", "pdf": ".pdf",
}  # fmt: skip
_FONTS = re.compile(r"font|application/x-font|woff|ttf|octet-stream")


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
        self.is_unread = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; what its attributes say is read too."""
        if tag in _BREAKS or tag in ("script", "style"):
            self.flush()
        line = self.getpos()[0]
        for name, value in attrs:
            if value and name not in _PLUMBING:
                self._take(unquote(value) if "%" in value else value, f"<{tag} {name}>", line)
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
        self._take(data, "<!-- -->", self.getpos()[0])

    def handle_decl(self, decl: str) -> None:
        """Read a declaration as text, for the same reason."""
        self.handle_comment(decl)

    handle_pi = unknown_decl = handle_comment

    def _take(self, text: str, where: str, line: int) -> None:
        """Keep the lines of a text that stands beside the page's own, and the files inside it."""
        self.found += [Cell(one.text, where, row=line) for one in text_cells(text, "")]
        self._unpack(text, where, line)

    def _unpack(self, text: str, where: str, line: int) -> None:
        """Keep what the files say that a text holds as data URIs."""
        for kind, packed in _INSIDE.findall(text) if ";base64," in text else ():
            try:
                self.found += [replace(one, where=where, row=line) for one in _inside(kind, packed)]
            except UnreadableError:
                self.is_unread = True

    def flush(self) -> None:
        """Turn the text kept so far into cells."""
        text, self._text = "".join(self._text), []
        kind, self._script = self._script, ""
        if not text.strip():
            return
        if kind == "json":
            self.found += json_cells(text, place=self._name)
        elif kind:
            self.found += [replace(one, is_code=True) for one in text_cells(text, self._name)]
            self._unpack(text, self._name, self._line)
        else:
            is_header = self._part == "th"
            whole = " ".join(text.split())
            self.found.append(Cell(whole, f"<{self._part}>", row=self._line, is_header=is_header))


def _inside(kind: str, packed: str) -> Iterator[Cell]:
    """Yield what a file says that stands inside a page; the page's own fonts say nothing."""
    if _FONTS.search(kind):
        return
    suffix = _ENDINGS.get(kind.rpartition("/")[2].removeprefix("x-"), ".txt")
    try:
        data = b64decode(packed)
    except ValueError as error:
        raise UnreadableError from error
    yield from cells_of(f"inside{suffix}", data, depth=1)


def page_cells(text: str) -> Iterator[Cell]:
    r"""Yield what a page holds, in its order.

    Parameters
    ----------
    text
        The page.

    Raises
    ------
    UnreadableError
        After everything else, when a file inside the page cannot be looked through.

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
    if page.is_unread:
        raise UnreadableError
