"""A search that can be watched and stopped: a line of progress, and Ctrl-C that keeps the best plan."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from zoning import messages
from zoning.cli.output import Output
from zoning.errors import Text
from zoning.proposal import Progress

__all__ = ["Watch", "progress_text", "watched"]

_REFRESH_S = 0.2


@dataclass
class Watch:
    """How a search is watched.

    Parameters
    ----------
    progress
        What the search calls; None where nobody looks, so that it costs nothing.
    stopped
        Whether Ctrl-C was pressed; the search then returns the best plan so far.
    """

    progress: Callable[[Progress], None] | None = None
    stopped: bool = False


def progress_text(at: Progress) -> Text:
    """Return where a search stands, in one line.

    Examples
    --------
    >>> print(progress_text(Progress(12.3, 4000, 7_380_000.0, 7_200_000.0)))
    cost 2,050.0 pupil-hours, bound 2,000.0, gap 2.500 %, 12 s
    """
    fields = {"bound": at.bound / 3600, "seconds": at.seconds}
    if at.cost == float("inf"):
        return messages.text("cli.search_begins", **fields)
    return messages.text("cli.search_stands", cost=at.cost / 3600, gap=at.gap * 100, **fields)


@contextmanager
def watched(output: Output, text: Text) -> Iterator[Watch]:
    """Show how a search goes on: a line on a terminal, nothing in a pipe or beside JSON.

    The first Ctrl-C asks the search to return what it has; it is told here and left to the search to obey.
    """
    with output.progress(text) as line, _noting_stop(Watch()) as watch:
        if line is not None and not output.as_json:
            watch.progress = _printer(line, text, output)
        yield watch


def _printer(line: Callable[[str], None], text: Text, output: Output) -> Callable[[Progress], None]:
    last = -_REFRESH_S

    def show(at: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _REFRESH_S:
            last = now
            line(f"{text.of(output.lang)}  {progress_text(at).of(output.lang)}")

    return show


@contextmanager
def _noting_stop(watch: Watch) -> Iterator[Watch]:
    """Note Ctrl-C before it is raised as ever; only the main thread hears signals."""
    if threading.current_thread() is not threading.main_thread():
        yield watch
        return

    def note(number: int, frame: FrameType | None) -> None:
        watch.stopped = True
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield watch
    finally:
        signal.signal(signal.SIGINT, before)
        sys.stderr.flush()
