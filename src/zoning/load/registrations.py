"""What goes wrong when children are registered by hand: eaten numbers, children twice, twins three ways."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from zoning.errors import Problems, Severity
from zoning.load.alike import check_alike, plain_name
from zoning.load.columns import SHOWN, CheckedTable, report_rest
from zoning.load.values import BLANK
from zoning.roster import SID

__all__ = ["check_registrations", "clear_nothings", "fold_group", "names_group"]

_EATEN: Final = re.compile(r"[1-9]\d{14}0{3}")
"""An identity number that a spreadsheet has rounded to 15 digits; exponents are refused before."""
_LONG: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_GAPS: Final = re.compile(r"[\s\-]+")
_WORDS: Final = ("sid", "name", "kindergarten", "address", "need", "twin_group", "registered_at")
_CODES: Final = ("sid", "twin_group")
_NO_GROUP: Final = frozenset(
    "是 有 对 yes y true 双 双胎 双胞胎 龙凤胎 三胞胎 多胎 多胞胎 同胞 twin twins".split()  # noqa: SIM905 - a list of words
) | {""}
"""Words that mark a twin without saying whose, as folded by :func:`fold_group`."""
_NOTHING: Final = BLANK | {"没有", "否", "不是", "非", "no", "n", "false", "0", "×", "✗"}
_HEALTHY: Final = frozenset({"正常", "健康", "无特殊需要"})


def clear_nothings(checked: CheckedTable) -> None:
    """Empty the cells that say there is nothing: a need of 无 is no need, and children of group 否 no twins.

    Parameters
    ----------
    checked
        The roster's table.
    """
    for column in ("kindergarten", "need", "twin_group"):
        words = checked.frame[column]
        nothing = _NOTHING | _HEALTHY if column == "need" else _NOTHING
        none = [word for word in words.unique() if unicodedata.normalize("NFKC", word).lower() in nothing]
        if set(none) - {""}:
            checked.frame[column] = words.where(~words.isin(none), "")


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
    _check_untold_twins(checked, problems)


def fold_group(word: str) -> str:
    """Return a twin group's word without what people write differently.

    Examples
    --------
    >>> fold_group("T-1") == fold_group("Ｔ 1") == fold_group("t1组")
    True
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in plain if c.isalnum()).removesuffix("组")


def names_group(word: str) -> bool:
    """Tell whether a word names a twin group, rather than saying only that there are twins.

    Examples
    --------
    >>> names_group("T1"), names_group("双胞胎1"), names_group("双胞胎"), names_group("是"), names_group("√")
    (True, True, False, False, False)
    """
    return fold_group(word) not in _NO_GROUP


def _check_numbers(checked: CheckedTable, problems: Problems, is_id_number: Callable[[str], bool]) -> None:
    frame = checked.frame
    for column in (name for name in _CODES if name in checked.headers):
        eaten = [at for at, word in enumerate(frame[column]) if _EATEN.fullmatch(word)]
        checked.report(problems, "load.eaten_number", eaten, column=column)
    if "sid" in checked.headers:
        odd = [at for at, sid in enumerate(frame["sid"]) if len(sid) == 26 and not SID.fullmatch(sid)]
        checked.report(problems, "load.mistyped_sid", odd, column="sid")
    for column in (name for name in _WORDS if name in checked.headers):
        words = [_GAPS.sub("", word) for word in frame[column]] if column in _CODES else frame[column]
        held = [at for at, word in enumerate(words) if any(map(is_id_number, _LONG.findall(word)))]
        checked.report(problems, "load.id_number", held, column=column)


def _report_pairs(
    checked: CheckedTable,
    problems: Problems,
    code: str,
    pairs: Sequence[tuple[int, int]],
    *,
    column: str,
    severity: Severity = "error",
) -> None:
    """Report places in the table, each with the row that it goes with; many of them as a count."""
    for at, first in pairs[:SHOWN]:
        checked.report(problems, code, [at], column=column, severity=severity, first=first)
    report_rest(problems, checked.file, checked.shown(column), [at for at, _ in pairs], severity)


def _check_same_children(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    plain = {name: plain_name(name) for name in frame["name"].unique()}
    names = [plain[name] for name in frame["name"]]
    seen: dict[tuple[str, ...], int] = {}
    again: list[tuple[int, int]] = []
    for at, child in enumerate(zip(names, frame["birth_date"], frame["address"], strict=True)):
        row = int(checked.rows[at])
        if all(child) and seen.setdefault(child, row) != row:
            again.append((at, seen[child]))
            names[at] = ""
    _report_pairs(checked, problems, "load.same_child", again, column="name")
    check_alike(checked, problems, names)


def _check_twin_words(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    groups, names = frame["twin_group"], {plain_name(name) for name in frame["name"].unique()} - {""}
    spelt: dict[str, tuple[str, int]] = {}
    unlike: list[tuple[int, int]] = []
    of_child: list[int] = []
    of_none: list[int] = []
    for at, word in enumerate(groups):
        if not word:
            continue
        if plain_name(word) in names:
            of_child.append(at)
        elif not names_group(word):
            of_none.append(at)
        else:
            first, row = spelt.setdefault(fold_group(word), (word, int(checked.rows[at])))
            if first != word:
                unlike.append((at, row))
    checked.report(problems, "load.twin_name", of_child, column="twin_group")
    checked.report(problems, "load.twin_word", of_none, column="twin_group")
    _report_pairs(checked, problems, "load.twin_spelling", unlike, column="twin_group")


def _check_untold_twins(checked: CheckedTable, problems: Problems) -> None:
    frame = checked.frame
    born: dict[tuple[str, str, str], list[int]] = {}
    for at, (name, birth, home, group) in enumerate(
        zip(frame["name"], frame["birth_date"], frame["address"], frame["twin_group"], strict=True)
    ):
        if birth and home and not group:
            born.setdefault((birth, home, name[:1]), []).append(at)
    names = frame["name"].tolist()
    pairs = sorted(
        (at, int(checked.rows[some[0]]))
        for some in born.values()
        if len({names[at] for at in some}) > 1
        for at in some[1:]
    )
    _report_pairs(checked, problems, "load.maybe_twins", pairs, column="twin_group", severity="warning")
