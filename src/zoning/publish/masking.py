"""Names as they stand on a wall: enough for a family to find its child, not enough for a stranger."""

import unicodedata
from typing import Final

__all__ = ["masked_name"]

_DOTS: Final = "·•‧・．.－-"
_IDEOGRAPH: Final = "CJK UNIFIED IDEOGRAPH"


def masked_name(name: str) -> str:
    """Return a name with everything but its ends hidden; its length stays.

    A name in Chinese characters shows the first and the last of them, one of two the first only. A name in
    letters shows the first letter of the first and of the last word. Blanks and dots between words stay. What
    would show the whole name is hidden.

    Parameters
    ----------
    name
        As registered; may be empty.

    Examples
    --------
    >>> [masked_name(name) for name in ("张小三", "张三", "欧阳小三", "阿·买买提", "李")]
    ['张*三', '张*', '欧**三', '阿·**提', '*']
    >>> masked_name("Anna Maria Smith"), masked_name("Li"), masked_name("")
    ('A*** ***** S****', 'L*', '')
    """
    letters = [at for at, sign in enumerate(name) if not _is_gap(sign)]
    if any(unicodedata.name(sign, "").startswith(_IDEOGRAPH) for sign in name):
        shown = {letters[0], letters[-1]} if len(letters) > 2 else {letters[0]}
    else:
        starts = [at for at in letters if at == 0 or _is_gap(name[at - 1])]
        shown = {starts[0], starts[-1]} if starts else set()
    if len(shown) == len(letters):
        shown -= {letters[-1]} if letters else set()
    return "".join(sign if at in shown or _is_gap(sign) else "*" for at, sign in enumerate(name))


def _is_gap(sign: str) -> bool:
    return sign.isspace() or sign in _DOTS
