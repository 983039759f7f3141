"""House numbers as ranges: consecutive ones joined, odd and even apart, none lost and none added."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from zoning import messages
from zoning.errors import Text

__all__ = ["Parity", "Span", "merged", "paired", "range_text"]

Parity = Literal["odd", "even", "all"]


@dataclass(frozen=True, slots=True)
class Span:
    """House numbers from one to another, of one side of the street or of both.

    Parameters
    ----------
    first
        The first number; of the parity, where there is one.
    last
        The last number; None for "and all above".
    parity
        ``odd``, ``even`` or ``all``.
    """

    first: int
    last: int | None
    parity: Parity

    def holds(self, number: int) -> bool:
        """Tell whether a number lies in the span.

        Examples
        --------
        >>> Span(1, 9, "odd").holds(7), Span(1, 9, "odd").holds(8), Span(301, None, "all").holds(999)
        (True, False, True)
        """
        fits = self.parity == "all" or (number % 2 == 1) == (self.parity == "odd")
        return fits and self.first <= number and (self.last is None or number <= self.last)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans of odd and of even numbers with consecutive and overlapping ones joined, odd ones first.

    Parameters
    ----------
    spans
        Spans of parity ``odd`` or ``even``, their ends of that parity.

    Examples
    --------
    >>> merged([Span(35, 61, "odd"), Span(1, 33, "odd"), Span(2, 8, "even"), Span(65, 71, "odd")])
    (Span(first=1, last=61, parity='odd'), Span(first=65, last=71, parity='odd'),
     Span(first=2, last=8, parity='even'))
    """
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.parity != "odd", s.first)):
        before = found[-1] if found and found[-1].parity == span.parity else None
        if before is None or (before.last is not None and span.first > before.last + 2):
            found.append(span)
        elif before.last is not None and (span.last is None or span.last > before.last):
            found[-1] = Span(before.first, span.last, span.parity)
    return tuple(found)


def paired(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans with an odd and an even one that run side by side joined to one of both sides.

    Examples
    --------
    >>> paired(merged([Span(1, 33, "odd"), Span(2, 34, "even"), Span(50, 60, "even")]))
    (Span(first=1, last=34, parity='all'), Span(first=50, last=60, parity='even'))
    """
    even = [span for span in spans if span.parity == "even"]
    found = []
    for span in (one for one in spans if one.parity != "even"):
        beside = next((one for one in even if span.parity == "odd" and _side_by_side(span, one)), None)
        if beside is None:
            found.append(span)
            continue
        even.remove(beside)
        last = None if span.last is None or beside.last is None else max(span.last, beside.last)
        found.append(Span(min(span.first, beside.first), last, "all"))
    order = ("all", "odd", "even")
    return tuple(sorted([*found, *even], key=lambda s: (order.index(s.parity), s.first)))


def _side_by_side(odd: Span, even: Span) -> bool:
    if odd.last is None or even.last is None:
        return odd.last is even.last and abs(odd.first - even.first) == 1
    return abs(odd.first - even.first) == 1 and abs(odd.last - even.last) == 1


def numbers_text(span: Span) -> Text:
    """Return the numbers of one span, without a word for the side of the street."""
    if span.last is None:
        return messages.text("public_print.span_open", first=span.first)
    shown = str(span.first) if span.first == span.last else f"{span.first}–{span.last}"
    return Text(shown, shown)


def side_text(spans: Iterable[Span]) -> Text:
    """Return the numbers of several spans in a row."""
    every = [numbers_text(span) for span in spans]
    return Text(", ".join(t.en for t in every), "、".join(t.zh for t in every))


def range_text(spans: Sequence[Span]) -> Text:
    """Return spans in words; empty for none.

    Examples
    --------
    >>> said = range_text([Span(1, 33, "odd"), Span(41, 61, "odd"), Span(2, 60, "even")])
    >>> said.zh, said.en
    ('单号 1–33、41–61；双号 2–60', 'odd 1–33, 41–61; even 2–60')
    >>> range_text([Span(1, 33, "odd"), Span(2, 34, "even"), Span(301, None, "odd")]).zh
    '1–34 号；单号 301 起'
    """
    joined = paired(merged(spans))
    said = []
    for parity in ("all", "odd", "even"):
        own = [span for span in joined if span.parity == parity]
        if own:
            said.append(messages.text(f"public_print.side_{parity}", numbers=side_text(own)))
    return Text("; ".join(t.en for t in said), "；".join(t.zh for t in said))
