"""What a PDF says: the text that its pages show, read back through the fonts' own tables, and its titles.

Made for the PDF files that Typst writes (classic or packed objects, Flate streams, composite fonts with a
``ToUnicode`` table). A file from elsewhere that shows text in another way counts as unreadable.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from zoning.public.gate.cells import Cell, UnreadableError

__all__ = ["pdf_cells"]

_OBJECT: Final = re.compile(rb"(?:^|[\r\n ])(\d+) \d+ obj\b(.*?)\bendobj\b", re.DOTALL)
_STREAM: Final = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_REF: Final = re.compile(rb"(\d+) \d+ R")
_TOKEN: Final = re.compile(
    rb"/[^\s/()<>\[\]{}]+|<[0-9A-Fa-f\s]*>|\(|(?<![A-Za-z'\"*])(?:Tf|BT|ET)(?![A-Za-z'\"*])"
)
"""What shows text; numbers and lines, by far the most of a map, are passed over."""
_HEX_TEXT: Final = re.compile(rb"<(FEFF[0-9A-Fa-f]*)>")
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LARGEST: Final = 50_000_000

Codes = Mapping[int, str]


@dataclass
class _Document:
    """The objects of a file: dictionary part and unpacked stream of each, by number."""

    said: dict[int, bytes] = field(default_factory=dict)
    streams: dict[int, bytes] = field(default_factory=dict)

    def reference(self, text: bytes, key: bytes) -> list[int]:
        """Return the objects that a key of a dictionary names: one, or those of an array."""
        found = re.search(rb"/" + key + rb"\s*(\[[^\]]*\]|\d+ \d+ R)", text)
        return [] if found is None else [int(number) for number in _REF.findall(found[1])]


def pdf_cells(data: bytes) -> Iterator[Cell]:
    """Yield each run of text, with its page as the row, and the titles that the document carries.

    Parameters
    ----------
    data
        Bytes of the file.

    Raises
    ------
    UnreadableError
        When it is no PDF, or its text cannot be read back.
    """
    if not data.startswith(b"%PDF-") or b"/Encrypt" in data:
        raise UnreadableError
    document = _document(data)
    for number, said in document.said.items():
        for found in _HEX_TEXT.findall(said):
            yield Cell(bytes.fromhex(found.decode())[2:].decode("utf-16-be", "replace"), "title")
        if b"/Type/Metadata" in said.replace(b" ", b"") and number in document.streams:
            text = re.sub(r"<[^>]*>", " ", document.streams[number].decode("utf-8", "replace"))
            yield Cell(" ".join(text.split()), "metadata")
    is_shown = False
    for page, (content, fonts) in enumerate(_pages(document), start=1):
        for text in _runs(content, fonts):
            is_shown = True
            yield Cell(text, "page", row=page)
    if not is_shown:
        raise UnreadableError


def _document(data: bytes) -> _Document:
    document = _Document()
    for number, body in _OBJECT.findall(data):
        stream = _STREAM.search(body)
        said = body[: stream.start()] if stream else body
        document.said[int(number)] = said
        if stream:
            document.streams[int(number)] = _unpacked(said, stream[1])
    for number, said in list(document.said.items()):
        if b"/ObjStm" in said:
            _unpack_objects(document, document.streams[number], said)
    return document


def _unpacked(said: bytes, packed: bytes) -> bytes:
    if b"/FlateDecode" not in said:
        return packed
    try:
        return zlib.decompressobj().decompress(packed, _LARGEST)
    except zlib.error:
        return b""


def _unpack_objects(document: _Document, stream: bytes, said: bytes) -> None:
    """Read the objects that are packed inside a stream."""
    first = re.search(rb"/First\s+(\d+)", said)
    if first is None:
        return
    start = int(first[1])
    numbers = [int(word) for word in stream[:start].split()]
    places = numbers[1::2]
    for number, low, high in zip(numbers[::2], places, [*places[1:], len(stream)], strict=False):
        document.said.setdefault(number, stream[start + low : start + high])


def _pages(document: _Document) -> Iterator[tuple[bytes, Mapping[bytes, Codes]]]:
    """Yield the drawing of each page and of each picture in it that draws text, with its fonts."""
    tables: dict[int, Codes] = {}
    for number, said in document.said.items():
        plain = said.replace(b" ", b"")
        is_page = b"/Type/Page" in plain and b"/Type/Pages" not in plain
        if is_page:
            contents = document.reference(said, b"Contents")
            content = b"\n".join(document.streams.get(one, b"") for one in contents)
        elif b"/Subtype/Form" in plain:
            content = document.streams.get(number, b"")
        else:
            continue
        resources = said + b"".join(
            document.said.get(one, b"") for one in document.reference(said, b"Resources")
        )
        yield content, _fonts(document, resources, tables)


def _fonts(document: _Document, resources: bytes, tables: dict[int, Codes]) -> dict[bytes, Codes]:
    for one in document.reference(resources, b"Font"):
        resources += b"/Font<<" + document.said.get(one, b"") + b">>"
    found = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
    fonts: dict[bytes, Codes] = {}
    for name, number in re.findall(rb"(/[^\s/<>]+)\s+(\d+) \d+ R", found[1] if found else b""):
        at = int(number)
        if at not in tables:
            table = document.reference(document.said.get(at, b""), b"ToUnicode")
            tables[at] = _codes(document.streams.get(table[0], b"")) if table else {}
        fonts[name] = tables[at]
    return fonts


def _codes(table: bytes) -> dict[int, str]:
    """Return which text each glyph of a font stands for."""
    found: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            found[int(code, 16)] = _utf16(text)
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            start = int(text, 16)
            for at in range(int(low, 16), min(int(high, 16), int(low, 16) + 65_535) + 1):
                found[at] = _utf16(f"{start + at - int(low, 16):0{len(text)}x}".encode())
        for low, texts in re.findall(rb"<(\w+)>\s*<\w+>\s*\[([^\]]*)\]", part):
            for at, one in enumerate(re.findall(rb"<(\w+)>", texts)):
                found[int(low, 16) + at] = _utf16(one)
    return found


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _runs(content: bytes, fonts: Mapping[bytes, Codes]) -> Iterator[str]:
    """Yield the text of each block of text (``BT`` to ``ET``)."""
    codes: Codes = {}
    name = b""
    words: list[str] = []
    at = 0
    while found := _TOKEN.search(content, at):
        token, at = found[0], found.end()
        if token == b"(":
            raw, at = _literal(content, at)
            words.append(_said(raw, codes))
        elif token.startswith(b"<"):
            digits = re.sub(rb"\s", b"", token[1:-1])
            words.append(_said(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()), codes))
        elif token.startswith(b"/"):
            name = token
        elif token == b"Tf":
            codes = fonts.get(name, {})
        elif token == b"BT":
            words = []
        elif token == b"ET":
            if text := "".join(words).strip():
                yield text
            words = []


def _literal(content: bytes, at: int) -> tuple[bytes, int]:
    """Return the bytes of a string in parentheses, and where it ends."""
    raw = bytearray()
    depth = 1
    while at < len(content):
        c = content[at : at + 1]
        if c == b"\\":
            octal = re.match(rb"[0-7]{1,3}", content[at + 1 : at + 4])
            escaped = content[at + 1 : at + 2]
            if octal:
                raw.append(int(octal[0], 8) & 255)
            elif escaped != b"\n":
                raw += _ESCAPES.get(escaped, escaped)
            at += 1 + (len(octal[0]) if octal else 1)
            continue
        depth += (c == b"(") - (c == b")")
        at += 1
        if depth == 0:
            break
        raw += c
    return bytes(raw), at


def _said(raw: bytes, codes: Codes) -> str:
    return "".join(codes.get(int.from_bytes(raw[at : at + 2], "big"), "") for at in range(0, len(raw), 2))
