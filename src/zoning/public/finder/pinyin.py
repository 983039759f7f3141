"""Readings of the characters of a page's names, so that ``syxx`` finds 实验小学 without a library there.

Only characters that occur are listed. A character that is read in several ways keeps every reading that it
has in these names, as phrases decide it, and its most common one.
"""

from collections.abc import Iterable

__all__ = ["readings"]


def readings(names: Iterable[str]) -> dict[str, str]:
    """Return the Hanzi of names by syllable, without tones, sorted.

    Parameters
    ----------
    names
        Names in any language; what is no Hanzi is left out.

    Examples
    --------
    >>> readings(["实验小学", "重庆路", "重要"])
    {'chong': '重', 'lu': '路', 'qing': '庆', 'shi': '实', 'xiao': '小', 'xue': '学', 'yan': '验',
     'yao': '要', 'zhong': '重'}
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary takes a third of a second to load

    found: dict[str, set[str]] = {}
    for name in sorted(set(names)):
        every = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False, errors=list)  # type: ignore[arg-type]
        for character, syllable in zip(name, every, strict=True):
            if syllable != character:
                found.setdefault(syllable, set()).add(character)
                alone = lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0]
                found.setdefault(alone, set()).add(character)
    return {syllable: "".join(sorted(found[syllable])) for syllable in sorted(found)}
