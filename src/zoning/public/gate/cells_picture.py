"""What a picture says beside its points: title, author, comment, place and whatever else its makers wrote."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from zoning.public.gate.cells import Cell, UnreadableError

__all__ = ["picture_cells", "printable_runs"]

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_DRAWING: Final = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"bKGD",
        b"pHYs",
        b"sBIT",
    )
)
"""Chunks of a PNG that hold points and colours."""
_POINTS: Final = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANMF", b"ICCP"))
_RUN: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")
_WIDE_RUN: Final = re.compile(r"[\x20-\x7e\u4e00-\u9fff\uff01-\uff5e]{3,}")
_NARROW: Final = re.compile(rb"[\x20-\x7e]{4,}")
"""What two bytes to a character would make Chinese of."""
_LARGEST: Final = 10_000_000
_SCAN: Final = 0xDA
_BARE: Final = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers of a JPEG that nothing follows."""
_WORDS: Final = frozenset((*range(0xE1, 0xF0), 0xFE))
"""Markers of a JPEG that words may follow."""


def picture_cells(data: bytes) -> Iterator[Cell]:
    """Yield the words that a PNG, JPEG, WebP or GIF picture carries.

    Parameters
    ----------
    data
        Bytes of the picture.

    Raises
    ------
    UnreadableError
        When it is no such picture, or goes on after its end.
    """
    if data.startswith(_PNG):
        parts = _png(data)
    elif data.startswith(b"\xff\xd8"):
        parts = _jpeg(data)
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        parts = _webp(data)
    elif data.startswith((b"GIF87a", b"GIF89a")):
        parts = _gif(data)
    else:
        raise UnreadableError
    for where, part in parts:
        yield from (Cell(text, where) for text in printable_runs(part))


def printable_runs(data: bytes) -> Iterator[str]:
    r"""Yield the texts inside binary data, whatever Unicode they are written in.

    Examples
    --------
    >>> list(printable_runs(b"\x01\x02Author\x00\xff13912345678\x00"))
    ['Author', '13912345678']
    >>> list(printable_runs("号 139".encode("utf-16-le")))
    ['号 139']
    """
    yield from _RUN.findall(data.decode("utf-8", "replace"))
    if b"\x00" in data:
        rest = _NARROW.sub(lambda found: bytes(len(found[0])), data)
        for start in (0, 1):
            yield from _WIDE_RUN.findall(rest[start:].decode("utf-16-le", "replace"))


def _png(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        part, at = data[at + 8 : at + 8 + size], at + 12 + size
        if kind not in _DRAWING:
            yield kind.decode("latin-1"), _unpacked(kind, part)
        if kind == b"IEND":
            break
    if data[at:]:
        raise UnreadableError


def _unpacked(kind: bytes, part: bytes) -> bytes:
    """Return the words of a chunk of text, those that are packed unpacked."""
    head, _, rest = part.partition(b"\x00")
    if kind == b"zTXt":
        return head + b"\x00" + _inflated(rest[1:])
    if kind == b"iTXt" and rest[:1] == b"\x01":
        language, _, more = rest[2:].partition(b"\x00")
        title, _, packed = more.partition(b"\x00")
        return b"\x00".join((head, language, title, _inflated(packed)))
    return part


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _LARGEST)
    except zlib.error as error:
        raise UnreadableError from error


def _jpeg(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _SCAN:
            break
        if marker in _BARE or marker == 0xFF:
            at += 1 if marker not in _BARE else 2
            continue
        size = max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        if marker in _WORDS:
            yield f"JPEG {marker:02X}", data[at + 4 : at + 2 + size]
        at += 2 + size


def _webp(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind not in _POINTS:
            yield kind.decode("latin-1").strip(), data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _gif(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = _after_colours(data, 10, 13)
    while data[at : at + 1] in (b"!", b","):
        if data[at : at + 1] == b"!":
            label = data[at + 1 : at + 2]
            part, at = _blocks(data, at + 2)
            yield f"GIF {label.hex()}", part
        else:
            _, at = _blocks(data, _after_colours(data, at + 9, at + 10) + 1)
    if data[at : at + 1] != b";" or data[at + 1 :].strip(b"\x00"):
        raise UnreadableError


def _after_colours(data: bytes, flags: int, start: int) -> int:
    """Return where a table of colours ends, of which a byte of flags says how long it is."""
    said = data[flags] if flags < len(data) else 0
    return start + (3 << ((said & 7) + 1) if said & 0x80 else 0)


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the bytes of a chain of blocks, and where it ends."""
    found = bytearray()
    while at < len(data) and data[at]:
        found += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    return bytes(found), at + 1
