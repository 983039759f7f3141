"""Children of one name, and children whose names sound alike when they are read aloud."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from zoning import messages
from zoning.errors import Problems
from zoning.load.columns import CheckedTable
from zoning.load.coordinates import row_list

__all__ = ["check_alike", "plain_name", "sounds"]

_SURNAMES: Final = {
    "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "单": "shan", "曾": "zeng",
    "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge", "缪": "miao",
    "翟": "zhai", "乐": "yue", "员": "yun", "折": "she", "逄": "pang", "种": "chong",
    "召": "shao", "洗": "xian", "覃": "qin", "长孙": "zhang sun",
}  # fmt: skip
"""Surnames that are read otherwise than their characters usually are."""
_OF_GROUP: Final = 4
"""Rows named of one group."""


def plain_name(name: str) -> str:
    """Return a name without the blanks, dots and widths that people write differently.

    Examples
    --------
    >>> plain_name("王 一"), plain_name("Ａnna·王"), plain_name("")
    ('王一', 'anna王', '')
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if c.isalnum())


def sounds(names: Iterable[str]) -> dict[str, str]:
    """Return how each name sounds: its pinyin without tones.

    Tones are left out, because dialects change them and a loudspeaker swallows them. A character with
    several readings takes its usual one, save in the surnames that are read otherwise; what is no Hanzi
    stays as it is.

    Parameters
    ----------
    names
        Names without blanks.

    Examples
    --------
    >>> sounds(["张伟", "章薇", "曾一", "增一", "Bo"])
    {'张伟': 'zhang wei', '章薇': 'zhang wei', '曾一': 'zeng yi', '增一': 'zeng yi', 'Bo': 'Bo'}
    """
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - a sixth of a second that only rosters need

    unique = dict.fromkeys(names)
    # A name is short and no phrase: single characters are enough, and each is looked up once.
    read = {c: lazy_pinyin(c)[0] if ord(c) > 0x7F else c for c in set().union(*unique)}
    return {name: _sound(name, read) for name in unique}


def _sound(name: str, read: Mapping[str, str]) -> str:
    if name.isascii():
        return name
    surname = next((name[:n] for n in (2, 1) if name[:n] in _SURNAMES), "")
    syllables = [_SURNAMES[surname]] if surname else []
    return " ".join([*syllables, *(read[c] for c in name[len(surname) :])])


def check_alike(checked: CheckedTable, problems: Problems, names: Sequence[str]) -> None:
    """Warn once of children who share a name, and once of those whose names sound alike; no name is shown.

    Parameters
    ----------
    checked
        The roster's table.
    problems
        Takes the warnings.
    names
        Name of each row by :func:`plain_name`; empty for rows to leave out.
    """
    rows_of: dict[str, list[int]] = {}
    for name, row in zip(names, checked.rows.tolist(), strict=True):
        if name:
            rows_of.setdefault(name, []).append(row)
    same = [rows for rows in rows_of.values() if len(rows) > 1]
    _warn(checked, problems, "load.same_child_name", same, sum(map(len, same)))
    spelt: dict[str, list[str]] = {}
    for name, sound in sounds(rows_of).items():
        spelt.setdefault(sound, []).append(name)
    alike = [several for several in spelt.values() if len(several) > 1]
    first = [[rows_of[name][0] for name in several] for several in alike]
    _warn(
        checked,
        problems,
        "load.sound_alike",
        first,
        sum(len(rows_of[n]) for several in alike for n in several),
    )


def _warn(
    checked: CheckedTable, problems: Problems, code: str, groups: Sequence[Sequence[int]], count: int
) -> None:
    if not groups:
        return
    shown = [" + ".join([*map(str, rows[:_OF_GROUP]), *["…"] * (len(rows) > _OF_GROUP)]) for rows in groups]
    problems.add(
        messages.problem(
            code,
            file=checked.file,
            row=groups[0][0],
            column=checked.shown("name"),
            count=count,
            groups=len(groups),
            rows=row_list(shown),
            severity="warning",
        )
    )
