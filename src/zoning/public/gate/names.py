"""Names of children in a text: in any script, as words of their own or inside longer ones.

Chinese and other scripts without blanks between words are *dense*: a name may stand inside any run of them. A
name in letters (Anna Li) stands between other words, and is no part of a longer one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from zoning.publish.typeset import printable

__all__ = ["Names", "plain_name"]

_DENSE: Final = (
    "\u0e00-\u0eff\u2e80-\ua4cf\uac00-\ud7af\ue000-\ufaff\U00016f00-\U0001d3ff\U00020000-\U0010ffff"
)
"""Thai and Lao, Chinese, Japanese and Korean, characters of private use, and rare Chinese ones."""
_IS_DENSE: Final = re.compile(f"[{_DENSE}]")
_BREAKS: Final = re.compile(r" *\n[ \n]*")
_BLANKS: Final = re.compile(r" {2,}")
_BESIDE: Final = re.compile(rf"(?<=[{_DENSE}]) (?=[^{_DENSE} \n])|(?<=[^{_DENSE} \n]) (?=[{_DENSE}])")
_AMONG: Final = re.compile(rf"(?<=[{_DENSE}]) (?=[{_DENSE}])")
_LACKING: Final = "〓"
"""What a print shows for a character that its font lacks."""
_SHORT: Final = 2
"""Names so short are found as words of their own only, in letters between marks or alone."""


class _Signs(dict[int, str]):
    """What each character counts for: itself, a blank, nothing, or the end of what may be a name."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _sign(chr(code))
        return found


def _sign(c: str) -> str:
    kind = unicodedata.category(c)
    if c in "·•‧・'’ʼ`" or kind == "Cf":
        return ""
    if kind == "Zs" or c in "-‐‑\t":
        return " "
    return c if kind[0] in "LMN" or kind in ("Co", "Cn") or c == _LACKING else "\n"


_SIGNS: Final = _Signs()


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = _BREAKS.sub("\n", _BLANKS.sub(" ", folded.translate(_SIGNS)))
    return folded if folded.isascii() else _BESIDE.sub("", folded)


def plain_name(name: str) -> str:
    """Return a name as it is compared: without case, widths, dots, and blanks between Chinese characters.

    Examples
    --------
    >>> [plain_name(name) for name in ("李　四", "Anna  LI", "买买提·阿依", "O’Neil", "李 Anna")]
    ['李四', 'anna li', '买买提阿依', 'oneil', '李anna']
    """
    return _AMONG.sub("", _plain(" ".join(name.split()))).strip(" \n")


@dataclass(frozen=True)
class Names:
    """Names that are looked for.

    Parameters
    ----------
    plain
        The names as :func:`plain_name` gives them, none of a single character.
    """

    plain: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Collection[str]) -> "Names":
        """Return the names of a roster, also as a print shows them; single characters are no names."""
        shown = (name for name in map(printable, names) if name.strip(f"{_LACKING} "))
        return cls(frozenset(name for name in map(plain_name, (*names, *shown)) if len(name) > 1))

    @cached_property
    def starts(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the names that begin with two characters."""
        found: dict[str, set[int]] = {}
        for name in self.plain:
            found.setdefault(name[:2], set()).add(len(name))
        return {start: tuple(sorted(lengths)) for start, lengths in found.items()}

    @cached_property
    def are_dense(self) -> bool:
        """Whether every name has a dense character, so that plain ASCII holds none."""
        return all(map(_IS_DENSE.search, self.plain))

    def without(self, text: str) -> "Names":
        """Return the names that stand nowhere in a public text, line by line."""
        known = {name for line in text.splitlines() for name, _, _ in self._hits(_plain(line))}
        return Names(self.plain - known)

    def found_in(self, text: str) -> str:
        r"""Return ``child_name`` for a name that stands by itself, ``name_in_text`` for one inside a text.

        Examples
        --------
        >>> names = Names.of({"张小明", "李四", "Anna Li", "𠮷野家"})
        >>> [names.found_in(text) for text in ("李 四", "张小明、王", "Pupils: Anna Li.", "𠮷野家")]
        ['child_name', 'child_name', 'child_name', 'child_name']
        >>> [names.found_in(text) for text in ("请张小明来", "ask Anna Li today", "甲、李四", "见𠮷野家")]
        ['name_in_text', 'name_in_text', 'name_in_text', 'name_in_text']
        >>> [names.found_in(text) for text in ("桃李四季", "Joanna Li", "Anna Lima", "Ann Ali", "张\n小明")]
        ['', '', '', '', '']
        """
        if not self.plain or (self.are_dense and text.isascii()):
            return ""
        plain = _plain(text)
        whole = _AMONG.sub("", plain).strip(" \n")
        if whole in self.plain:
            return "child_name"
        levels = {_level(plain, name, low, high) for name, low, high in self._hits(plain)}
        return next((level for level in ("child_name", "name_in_text") if level in levels), "")

    def _hits(self, plain: str) -> Iterator[tuple[str, int, int]]:
        """Yield each name in a text with its place; one in letters only where no letter goes on."""
        starts, names = self.starts, self.plain
        for at in range(len(plain) - 1):
            for length in starts.get(plain[at : at + 2], ()):
                name = plain[at : at + length]
                if name in names and not (_goes_on(plain, at) or _goes_on(plain, at + length)):
                    yield name, at, at + length


def _goes_on(plain: str, at: int) -> bool:
    """Tell whether a word in letters goes on over a place."""
    if not 0 < at < len(plain):
        return False
    return all(c.isalpha() and not _IS_DENSE.match(c) for c in plain[at - 1 : at + 1])


def _level(plain: str, name: str, low: int, high: int) -> str:
    """Return what a name in a text is; a short one inside a text is none, it stands in many words."""
    is_own = _ends(plain[low - 1 : low], name[0]) and _ends(plain[high : high + 1], name[-1])
    if len(name) <= _SHORT:
        return "name_in_text" if is_own else ""
    return "child_name" if is_own else "name_in_text"


def _ends(beside: str, c: str) -> bool:
    """Tell whether a name that ends with a character stands by itself on that side."""
    if not beside or beside == "\n" or beside.isdigit():
        return True
    return bool(_IS_DENSE.match(c)) and not _IS_DENSE.match(beside)
