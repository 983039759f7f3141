"""Names in a sentence: a few, and how many more there are."""

from collections.abc import Sequence

from zoning import messages
from zoning.errors import Text

__all__ = ["name_some"]

_NAMED = 10


def name_some(names: Sequence[str]) -> Text:
    """Return the first ten names as each language lists them, and how many there are where there are more.

    Parameters
    ----------
    names
        Names of blocks, schools or towns.

    Examples
    --------
    >>> name_some(["s1", "s2"]).en
    's1, s2'
    >>> name_some([f"s{number}" for number in range(12)]).en[-17:]
    's8, s9 and 2 more'
    """
    shown = names[:_NAMED]
    listed = Text(", ".join(shown), "、".join(shown))
    if len(names) <= _NAMED:
        return listed
    return messages.text("zones.and_more", shown=listed, more=len(names) - _NAMED)
