"""What goes wrong when children are registered by hand: eaten numbers, children twice, twins three ways."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

import numpy as np

from zoning.errors import Problems
from zoning.load.columns import CheckedTable

__all__ = ["check_registrations", "fold_group"]

_EATEN: Final = re.compile(r"[1-9]\d{14}0{3}")
"""An identity number that a spreadsheet has rounded to 15 digits; exponents are refused before."""
_LONG: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_SID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_WORDS: Final = ("name", "kindergarten", "address", "need", "twin_group", "registered_at")


def check_registrations(
    checked: CheckedTable, problems: Problems, is_id_number: Callable[[str], bool]
) -> None:
    """Report what stops a fair draw, by row and column; no value of a child is shown.

    Parameters
    ----------
    checked
        The roster's table.
    problems
        Takes everything found.
    is_id_number
        Tells resident identity numbers from other words.
    """
    _check_numbers(checked, problems, is_id_number)
    _check_same_children(checked, problems)
    _check_twin_words(checked, problems)


def fold_group(word: str) -> str:
    """Return a twin group's word without what people write differently.

    Examples
    --------
    >>> fold_group("T-1") == fold_group("Ｔ 1") == fold_group("t1组")
    True
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in plain if c.isalnum()).removesuffix("组")


def _check_numbers(checked: CheckedTable, problems: Problems, is_id_number: Callable[[str], bool]) -> None:
    frame = checked.frame
    if "sid" in checked.headers:
        eaten = [at for at, sid in enumerate(frame["sid"]) if _EATEN.fullmatch(sid)]
        checked.report(problems, "load.eaten_number", eaten, column="sid")
        odd = [at for at, sid in enumerate(frame["sid"]) if len(sid) == 26 and not _SID.fullmatch(sid)]
        checked.report(problems, "load.mistyped_sid", odd, column="sid")
    for column in (name for name in _WORDS if name in checked.headers):
        held = [
            at for at, word in enumerate(frame[column]) if any(map(is_id_number, _LONG.findall(str(word))))
        ]
        checked.report(problems, "load.id_number", held, column=column)


def _check_same_children(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    names = frame["name"].map(lambda name: "".join(unicodedata.normalize("NFKC", name).split()))
    seen: dict[tuple[str, ...], int] = {}
    for at, (name, birth, home) in enumerate(zip(names, frame["birth_date"], frame["address"], strict=True)):
        if not name:
            continue
        row = int(checked.rows[at])
        first = seen.setdefault((name, birth, home), row) if birth and home else row
        if first != row:
            checked.report(problems, "load.same_child", [at], column="name", first=first)
            continue
        first = seen.setdefault((name,), row)
        if first != row:
            checked.report(
                problems, "load.same_child_name", [at], column="name", severity="warning", first=first
            )


def _check_twin_words(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    groups, names = frame["twin_group"], set(frame["name"]) - {""}
    spelt: dict[str, tuple[str, int]] = {}
    for at, word in enumerate(groups):
        if not word:
            continue
        if word in names:
            checked.report(problems, "load.twin_name", [at], column="twin_group")
            continue
        first, row = spelt.setdefault(fold_group(word), (word, int(checked.rows[at])))
        if first != word:
            checked.report(problems, "load.twin_spelling", [at], column="twin_group", first=row)
    _check_untold_twins(checked, problems)


def _check_untold_twins(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    alike = (frame["birth_date"] != "") & (frame["address"] != "")
    alone = alike & (frame["twin_group"] == "")
    born = frame.assign(at=np.arange(len(frame)), surname=frame["name"].str[:1])[alone]
    for _, some in born.groupby(["birth_date", "address", "surname"], sort=False):
        if some["name"].nunique() > 1:
            later, first = some["at"].tolist()[1:], int(checked.rows[int(some["at"].iloc[0])])
            checked.report(
                problems, "load.maybe_twins", later, column="twin_group", severity="warning", first=first
            )
