"""How a text is read when numbers and dates are looked for: without widths and invisible signs."""

import re
import unicodedata
from typing import Final

__all__ = ["plain_text"]

_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣～〜~"), "-")
_BLANKS: Final = dict.fromkeys(map(ord, "\t\u1680\u2028\u2029"), " ")
_MASKS: Final = dict.fromkeys(map(ord, "×╳✕✖ХΧ"), "X") | dict.fromkeys(map(ord, "хχ"), "x")
_STARS: Final = dict.fromkeys(map(ord, "●○•∗■□"), "*")
_LACKING: Final = {ord("〓"): ""}
"""What a print shows for a sign that its font lacks, also for one that nobody sees."""
_SOME: Final = re.compile(r"[~\t]")
_WIDE: Final = re.compile(r" {3,}")


class _Signs(dict[int, str]):
    """What each character counts for; those that nobody sees count for nothing."""

    def __missing__(self, code: int) -> str:
        c = chr(code)
        self[code] = found = "" if unicodedata.category(c) == "Cf" else c
        return found


_SIGNS: Final = _Signs(_DASHES | _BLANKS | _MASKS | _STARS | _LACKING)


def plain_text(text: str) -> str:
    r"""Return a text as numbers are looked for in it.

    Two blanks count as one; more of them divide the columns of a table in a text.

    Examples
    --------
    >>> [plain_text(text) for text in ("１３９–1234—5678", "1101\u200b01", "004×", "139  1234")]
    ['139-1234-5678', '110101', '004X', '139 1234']
    >>> plain_text("130    2027")
    '130\n2027'
    """
    if text.isascii():
        folded = text.translate(_SIGNS) if _SOME.search(text) else text
    else:
        folded = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return _WIDE.sub("\n", folded).replace("  ", " ") if "  " in folded else folded
