"""Numbers, dates and names as the consultation pack prints them, in one language."""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Sequence

from zoning import messages
from zoning.errors import Language, Text
from zoning.public.ledger.values import Ledger, StageLedger

__all__ = ["Words"]


class Words:
    """What is printed in one language.

    Parameters
    ----------
    ledger
        The ledger, for the names of schools.
    lang
        The language.
    """

    def __init__(self, ledger: Ledger, lang: Language) -> None:
        self.ledger, self.lang = ledger, lang

    def say(self, code: str, **fields: object) -> str:
        """Return a sentence of the catalogue."""
        return self.plain(messages.text(f"public_ledger.{code}", **fields).of(self.lang))

    def of(self, text: Text) -> str:
        """Return a text in the language."""
        return self.plain(text.of(self.lang))

    def labelled(self, label: Text, said: str = "") -> str:
        """Return a label, a colon and what it announces."""
        mark = "：" if self.lang == "zh" else ": "
        return f"{self.of(label)}{mark}{said}".rstrip()

    @staticmethod
    def plain(text: str) -> str:
        """Return a text without characters that neither Word nor a font can show."""
        return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})

    def schools(self, schools: Sequence[str]) -> str:
        """Return the names of the schools of a zone."""
        joint = "、" if self.lang == "zh" else ", "
        names = joint.join(self.of(self.ledger.name(school)) for school in schools)
        return names or self.say("no_zone")

    def places(self, places: Sequence[Text]) -> str:
        """Return what homes are called, one after another."""
        return ("、" if self.lang == "zh" else "; ").join(self.of(place) for place in places)

    def choices(self, stage: StageLedger) -> list[str]:
        """Return a sentence for each change of how many schools a zone shares, the largest first."""
        widths = Counter(
            (len(one.before), len(one.after)) for one in stage.changes if one.kind in {"narrowed", "widened"}
        )
        label = Text(stage.label.en[:1].upper() + stage.label.en[1:], stage.label.zh)
        return [
            self.say("short_choice", stage=label, blocks=f"{n:,}", before=before, after=after)
            for (before, after), n in widths.most_common()
        ]

    def stages(self, stages: Sequence[StageLedger]) -> str:
        """Return the names of stages one after another."""
        said = ("、" if self.lang == "zh" else ", ").join(self.of(stage.label) for stage in stages)
        return said[:1].upper() + said[1:]

    def count(self, value: int | None, *, counted: bool = True) -> str:
        """Return a count, or a dash where it is hidden or unknown."""
        return "–" if value is None or not counted else f"{value:,}"

    def minutes(self, span: tuple[float, float] | None) -> str:
        """Return minutes, whole from ten on; a dash where there is no way."""
        if span is None:
            return "–"
        low, high = (f"{value:.0f}" if value >= 10 else f"{value:.1f}" for value in span)
        return low if low == high else f"{low}–{high}"

    def kilometres(self, span: tuple[int, int] | None) -> str:
        """Return a straight line in kilometres."""
        if span is None:
            return "–"
        low, high = (f"{value / 1000:.1f}" for value in span)
        return low if low == high else f"{low}–{high}"

    def date(self, written: str) -> str:
        """Return an ISO 8601 date as people write it; as it stands where it is no date."""
        try:
            day = dt.date.fromisoformat(written)
        except ValueError:
            return written
        if self.lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%B} {day.year}"
