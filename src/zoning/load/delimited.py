"""Delimited text: find its encoding and delimiter, and split it into cells."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from zoning import messages
from zoning.errors import Problems
from zoning.load.schema import HIDDEN, Table, fold
from zoning.load.settings import FileSettings

_DELIMITERS: Final = ",;\t，|"
_HANZI: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN: Final = re.compile(r"[\u00a1-\u00ff]{2,}")
_LINES_IN_CELL: Final = 5
"""A cell of more lines than this means a quotation mark that is never closed."""
_CELL_LIMIT: Final = 1 << 20


def grid_of(
    data: bytes, table: Table, *, settings: FileSettings, problems: Problems
) -> list[tuple[int, list[str]]] | None:
    """Return the rows of delimited text with their numbers; None when it cannot be read.

    Parameters
    ----------
    data
        Bytes of the file.
    table
        The table that it should hold.
    settings
        What was declared of the file.
    problems
        Takes what is wrong with it.
    """
    text = decode(data, settings=settings, problems=problems, is_private=table.private)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, table))
    rows = list(enumerate(reader, start=1))
    for number, line in rows if '"' in text else ():
        if any("\n" in cell and cell.count("\n") > _LINES_IN_CELL for cell in line):
            problems.add(messages.problem("load.open_quote", file=settings.file, row=number))
            return None
    return rows


def decode(
    data: bytes, *, settings: FileSettings, problems: Problems, is_private: bool = False
) -> str | None:
    """Return the text of a file: as declared, else UTF-8 (with or without mark), else GB 18030; else ask.

    GB 18030 decodes nearly anything, so that its result counts only when its Hanzi are ordinary ones.

    Parameters
    ----------
    data
        Bytes of the file.
    settings
        What was declared of the file.
    problems
        Takes the question, or that the declared encoding does not fit.
    is_private
        Whether nothing of the text may be shown.

    Examples
    --------
    >>> decode("学校".encode("gb18030"), settings=FileSettings("a.csv"), problems=Problems())
    '学校'
    """
    if settings.encoding_declared:
        return _declared(data, settings, problems)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    unicode, chinese = _decoded(data, "utf-8-sig"), _decoded(data, "gb18030")
    if chinese is not None and not _ordinary(chinese):
        chinese = None
    is_chinese = unicode is None or (chinese is not None and _is_chance(unicode))
    text = chinese if is_chinese else unicode
    if text is None and settings.encoding is not None:
        return _declared(data, settings, problems)
    if text is None:
        problems.add(messages.problem("load.encoding", file=settings.file, severity="question"))
        return None
    return _unspoiled(text, settings.file, problems, is_private=is_private)


def _declared(data: bytes, settings: FileSettings, problems: Problems) -> str | None:
    encoding = settings.encoding or "utf-8"
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        problems.add(messages.problem("load.wrong_encoding", file=settings.file, encoding=encoding))
        return None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chance(text: str) -> bool:
    """Tell whether text reads as UTF-8 by chance: a few GB 18030 words make Greek or Cyrillic letters."""
    strange = [c for c in text if ord(c) > 0x7F]
    return bool(strange) and all("\u0370" <= c <= "\u07ff" for c in strange)


def _ordinary(text: str) -> bool:
    """Tell whether nearly all Hanzi of a text belong to the 6,763 of GB 2312."""
    found = _HANZI.findall(text)
    common = sum(1 for c in found if _fits(c, "gb2312"))
    strange = len(re.findall(r"[\ue000-\uf8ff\x00-\x08\x80-\x9f]", text))
    return bool(found) and common >= 0.8 * len(found) and strange <= 0.02 * len(found)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _unspoiled(text: str, file: str, problems: Problems, *, is_private: bool) -> str | None:
    """Return the text unless an earlier program has stored it garbled."""
    words = list(dict.fromkeys(re.findall(r"[^\x00-\x7f]{2,}", text)))[:300]
    lost = [w for w in words if "\ufffd" in w or "锟斤拷" in w]
    spoiled = [w for w in words if is_garbled(w)]
    if lost or (spoiled and 2 * len(spoiled) > len(words)):
        shown = (lost or spoiled)[0]
        row = text[: text.index(shown)].count("\n") + 1
        value = HIDDEN if is_private else shown
        problems.add(messages.problem("load.garbled", file=file, row=row, value=value))
        return None
    return text


def is_garbled(word: str) -> bool:
    """Tell whether a word is Chinese text that was once decoded wrongly.

    Examples
    --------
    >>> is_garbled("城关镇"), is_garbled("城关镇".encode("gb18030").decode("latin-1"))
    (False, True)
    >>> is_garbled("城关镇小学".encode().decode("gb18030", errors="ignore"))
    True
    """
    ways = [("gb18030", "utf-8")]
    if _LATIN.search(word):
        ways.append(("latin-1", "gb18030"))
        ways.append(("latin-1", "utf-8"))
    for wrong, right in ways:
        try:
            back = word.encode(wrong)
        except UnicodeEncodeError:
            continue
        found = back.decode(right, errors="ignore")
        strange = [c for c in found if ord(c) > 0x7F]
        kept = len("".join(strange).encode(right, errors="ignore"))
        if len(strange) >= 2 and kept >= 0.8 * len(back) and all(_fits(c, "gb2312") for c in strange):
            return True
    return False


def _delimiter(text: str, table: Table) -> str:
    """Return the delimiter that yields the most known headers."""
    lines: Iterable[str] = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    head = [line for line, _ in zip(lines, range(10), strict=False)]

    def known(delimiter: str) -> int:
        return max(
            (sum(fold(w.strip('"')) in table.headers for w in x.split(delimiter)) for x in head), default=0
        )

    return max(_DELIMITERS, key=known)
