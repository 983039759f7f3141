"""What only Shapefiles get wrong: parts that are missing and text whose encoding nobody wrote down.

Attributes are read as raw bytes and decoded here: GDAL takes a file without ``.cpg`` for Latin-1 and turns
Hanzi into mojibake without a word.
"""

import codecs
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

from zoning import messages
from zoning.errors import Problems
from zoning.load.settings import FileSettings

RAW: Final = "ISO-8859-1"
"""Maps every byte to the character of the same number, so that no byte is lost."""
SURE_SHARE: Final = 0.9
_HANZI: Final = range(0x4E00, 0xA000)

Verdict = Literal["utf-8", "gb18030", "ascii"]


def missing_parts(path: Path, problems: Problems, *, file: str) -> bool:
    """Return whether a part that a Shapefile cannot do without is missing; name it.

    Parameters
    ----------
    path
        The ``.shp`` file.
    problems
        Takes what is found.
    file
        Name that messages print.
    """
    there = {p.suffix.lower() for p in path.parent.iterdir() if p.stem.lower() == path.stem.lower()}
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in there]
    if missing:
        parts = ", ".join(path.stem + suffix for suffix in missing)
        problems.add(messages.problem("load_layers.missing_part", file=file, parts=parts))
    return bool(missing)


def written_encoding(path: Path) -> str | None:
    """Return the encoding that a Shapefile's ``.cpg`` names, None when there is none that is known.

    Parameters
    ----------
    path
        The ``.shp`` file.
    """
    for part in path.parent.iterdir():
        if part.stem.lower() == path.stem.lower() and part.suffix.lower() == ".cpg":
            return known_encoding(part.read_text(encoding="ascii", errors="ignore"))
    return None


def known_encoding(name: str) -> str | None:
    """Return the Python name of an encoding as files and planners write it, None when it is unknown.

    Examples
    --------
    >>> [known_encoding(name) for name in ("UTF-8", "GBK", "936", "ANSI 936", "cp936 ", "nonsense")]
    ['utf-8', 'gb18030', 'gb18030', 'gb18030', 'gb18030', None]
    """
    plain = "".join(c for c in name.lower() if c.isalnum())
    if plain.removeprefix("ansi").removeprefix("cp").removeprefix("ms") == "936" or plain.startswith("gb"):
        return "gb18030"
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return None if found == "ascii" else found


def decode(raw: bytes, encoding: str) -> str | None:
    """Return the text of some bytes, None when they are not of that encoding.

    A last character that the width of the column has cut through is left out.

    Examples
    --------
    >>> decode("巩义市".encode("gb18030"), "gb18030"), decode("巩义".encode()[:5], "utf-8")
    ('巩义市', '巩')
    >>> decode("巩义".encode("gb18030"), "utf-8") is None
    True
    """
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(raw)
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the bytes of all texts together say of their encoding.

    Parameters
    ----------
    encoding
        The encoding; None when it cannot be told.
    sample
        A text read with it (with GB 18030 where it cannot be told), to show.
    """

    encoding: Verdict | None
    sample: str


def find_encoding(texts: list[bytes]) -> Finding:
    """Return which encoding texts are in, judged by all of them together.

    Bytes that are valid UTF-8 with Hanzi are UTF-8: text in GBK does not come out so by chance. Else they are
    GB 18030 if nearly all Hanzi are everyday ones (of GB 2312), which Latin letters with accents or Big5 are
    not when they are read so. Anything else has to be asked for.

    Parameters
    ----------
    texts
        Values of all columns as bytes.

    Examples
    --------
    >>> find_encoding(["站街镇".encode("gbk")])
    Finding(encoding='gb18030', sample='站街镇')
    >>> find_encoding(["Größe".encode("latin-1")]).encoding is None
    True
    """
    foreign = [raw for raw in texts if not raw.isascii()]
    if not foreign:
        return Finding("ascii", "")
    as_utf8 = [decode(raw, "utf-8") for raw in foreign]
    as_gb = [decode(raw, "gb18030") for raw in foreign]
    if None not in as_utf8 and any(ord(c) >= 0x800 for t in as_utf8 for c in t or ""):
        return Finding("utf-8", as_utf8[0] or "")
    sample = next((t for t in as_gb if t), "")
    if None not in as_gb and None in as_utf8 and _reads_as_chinese([t or "" for t in as_gb]):
        return Finding("gb18030", sample)
    return Finding(None, sample)


def _everyday(char: str) -> bool:
    try:
        return len(char.encode("gb2312")) == 2 and ord(char) in _HANZI
    except UnicodeEncodeError:
        return False


def _reads_as_chinese(texts: list[str]) -> bool:
    """Return whether nearly all is everyday Hanzi and most of them stand next to another one.

    Two accented Latin letters in a row can be one Hanzi by chance; a word of Hanzi they are not.
    """
    foreign = [_everyday(c) for text in texts for c in text if not c.isascii() and c not in "（），。、·－"]
    beside = sum(_everyday(a) and _everyday(b) for text in texts for a, b in pairwise(text))
    return bool(foreign) and sum(foreign) >= SURE_SHARE * len(foreign) and 3 * beside >= len(foreign)


def _unread(texts: list[bytes], encoding: str) -> bytes | None:
    """Return the first text that an encoding cannot read, None when it reads all."""
    return next((raw for raw in texts if decode(raw, encoding) is None), None)


def _as_told(texts: list[bytes], settings: FileSettings, problems: Problems) -> str | None:
    """Return the encoding that ``zoning.toml`` names; None after reporting that it does not fit."""
    told = known_encoding(settings.encoding or "")
    unread = None if told is None else _unread(texts, told)
    if told is not None and unread is None:
        return told
    problems.add(
        messages.problem(
            "load_layers.encoding_wrong",
            file=settings.file,
            value=unread and unread.decode("gb18030", errors="replace"),
            encoding=settings.encoding,
            severity="question",
        ),
    )
    return None


def encoding_of(path: Path, texts: list[bytes], settings: FileSettings, problems: Problems) -> str | None:
    """Return the encoding to decode a Shapefile's attributes with; None after asking for it.

    Parameters
    ----------
    path
        The ``.shp`` file.
    texts
        Names and values of all columns as bytes.
    settings
        What has been declared about the file.
    problems
        Takes what is found.
    """
    if settings.encoding_declared:
        return _as_told(texts, settings, problems)
    written = written_encoding(path)
    if written and _unread(texts, written) is None:
        return written
    found = find_encoding(texts)
    if found.encoding == "ascii":
        return "utf-8"
    if settings.encoding and found.encoding is None:
        return _as_told(texts, settings, problems)
    if found.encoding is None:
        code, severity = "load_layers.encoding_unknown", "question"
    elif written:
        code, severity = "load_layers.cpg_wrong", "warning"
    else:
        code, severity = "load_layers.no_cpg", "warning"
    problems.add(
        messages.problem(
            code,
            file=settings.file,
            value=found.sample,
            encoding=found.encoding,
            written=written,
            severity="question" if severity == "question" else "warning",
        ),
    )
    return found.encoding
