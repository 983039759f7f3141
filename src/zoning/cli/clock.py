"""The clock of the draw: the system's, or the time that a rehearsal is told; and what is said of one."""

import time
from datetime import datetime

from zoning import messages
from zoning.errors import DrawError, Text

__all__ = ["clock", "told", "void_text"]


def clock() -> int:
    """Return the system's time, seconds since 1970 UTC."""
    return int(time.time())


def told(value: str) -> int:
    """Return a time as typed, seconds since 1970 UTC.

    Raises
    ------
    DrawError
        When it is no ISO 8601 time with its zone.

    Examples
    --------
    >>> told("1970-01-01T08:00:01+08:00")
    1
    """
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise DrawError(messages.text("draw.bad_time", value=value))
    return int(moment.timestamp())


def void_text() -> Text:
    """Return that a rehearsal is void, in both languages whichever is spoken."""
    void = messages.text("draw.void")
    return Text(*[f"{void.zh} {void.en}"] * 2)
