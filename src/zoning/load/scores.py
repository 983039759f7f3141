"""Which columns of a roster hold scores, and of what subject."""

import re
from typing import Final

__all__ = ["PREFIX", "SUBJECTS", "subject_of"]

PREFIX: Final = "score_"
SUBJECTS: Final = {
    "chinese": ("语文",),
    "maths": ("数学", "math", "mathematics"),
    "english": ("英语", "外语"),
    "physics": ("物理",),
    "chemistry": ("化学",),
    "biology": ("生物", "生物学"),
    "history": ("历史",),
    "geography": ("地理",),
    "civics": ("政治", "思想政治", "思想品德", "品德", "道法", "道德与法治"),
    "science": ("科学",),
    "computing": ("信息", "信息技术", "信息科技"),
    "pe": ("体育", "体育与健康"),
    "music": ("音乐",),
    "art": ("美术",),
    "total": ("总分", "总", "全科"),
}
"""Names of subjects, and the words also understood for each."""

_ALONE: Final = frozenset({"成绩", "分数", "得分", "score"})
"""Headers of a single score; that is the total."""
_ENDING: Final = re.compile(r"(.+?)_?(?:成绩|分数|得分|_score)")
_PRIVATE: Final = re.compile(r"\d{6}|\d{4}_\d\d")
_LONGEST: Final = 16
_NAMES: Final = {word: name for name, words in SUBJECTS.items() for word in (name, *words)}


def subject_of(header: str) -> str:
    """Return the subject whose scores stand below a header; empty where it is no column of scores.

    A header counts that is a known subject in Chinese, begins with ``score_``, or ends in 成绩, 分数, 得分 or
    ``_score``.

    Parameters
    ----------
    header
        The header, folded by :func:`~zoning.load.schema.fold`.

    Examples
    --------
    >>> [subject_of(word) for word in ("语文", "数学成绩", "score_english", "书法得分", "分数", "备注")]
    ['chinese', 'maths', 'english', '书法', 'total', '']
    """
    if header in _ALONE:
        return "total"
    if header in _NAMES and header not in SUBJECTS:  # "art" or "history" alone may be anything
        return _NAMES[header]
    ended = _ENDING.fullmatch(header)
    word = header.removeprefix(PREFIX) if header.startswith(PREFIX) else ended[1] if ended else ""
    if len(word) > _LONGEST or _PRIVATE.search(word):
        return ""
    return _NAMES.get(word, word)
