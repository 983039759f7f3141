"""Every exception of the package, and the values that they carry.

::

    ZoningError
    ├── DataError(ValueError)      problems: tuple[Problem, ...]
    │   └── CrsError
    ├── PolicyError(ValueError)    rules that contradict each other
    ├── InfeasibleError            which rule binds, where, the least relaxation
    ├── StreetsError               no network, stale cache, bad checksum
    └── DrawError                  early draw, changed roster, a record that does not replay

Every sentence exists in Chinese and English (:class:`Text`); ``str(error)`` is the English one.
Build both with :mod:`zoning.messages`, so that the catalogue holds every sentence once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["en", "zh"]
Severity = Literal["error", "question", "warning"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages.

    Parameters
    ----------
    en, zh
        The sentence in English and in Chinese.

    Examples
    --------
    >>> Text("Not a number.", "不是数字。").of("zh")
    '不是数字。'
    """

    en: str
    zh: str

    def of(self, lang: Language) -> str:
        """Return the sentence in the given language."""
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file, with its cure.

    Parameters
    ----------
    code
        Stable name of the kind of problem, such as ``load.not_a_number``.
    file
        Name of the file (or layer) as the planner knows it.
    row
        Row as Excel shows it: the header is row 1, the first record row 2. None for a whole file.
    column
        Column name, or the key of a ``.toml`` or ``.json`` file; None for a whole row or file.
    value
        What stands there, shortened; None where there is nothing to show.
    what, cure
        What is wrong, and what to do about it.
    severity
        ``error``: nothing is read. ``question``: needs an answer in ``zoning.toml`` before anything is
        read. ``warning``: read, with what was assumed stated.
    """

    code: str
    file: str
    row: int | None
    column: str | None
    value: str | None
    what: Text
    cure: Text
    severity: Severity = "error"

    def sentence(self, lang: Language = "en") -> str:
        """Return place, fault and cure as one line.

        Examples
        --------
        >>> Problem("x", "schools.csv", 4, "beds", "abc", Text("is no number.", "不是数字。"),
        ...         Text("Write digits.", "请填数字。")).sentence()
        'schools.csv, row 4, "beds": "abc" is no number. Write digits.'
        """
        chinese = lang == "zh"
        place = [self.file]
        if self.row is not None:
            place.append(f"第 {self.row} 行" if chinese else f"row {self.row}")
        if self.column is not None:
            is_key = self.file.endswith((".toml", ".json"))
            zh, en = ("键", 'key "') if is_key else ("列", '"')
            place.append(f"“{self.column}”{zh}" if chinese else f'{en}{self.column}"')
        start = ("，" if chinese else ", ").join(place) + ("：" if chinese else ": ")
        value = "" if self.value is None else (f"“{self.value}”" if chinese else f'"{self.value}" ')
        return f"{start}{value}{self.what.of(lang)}{'' if chinese else ' '}{self.cure.of(lang)}"


class ZoningError(Exception):
    """Anything that this package refuses, with its sentence in both languages."""

    def __init__(self, text: Text | str) -> None:
        self.text = Text(text, text) if isinstance(text, str) else text
        super().__init__(self.text.en)


class DataError(ZoningError, ValueError):
    """Input that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            Text(
                "\n".join(p.sentence("en") for p in self.problems),
                "\n".join(p.sentence("zh") for p in self.problems),
            ),
        )


class CrsError(DataError):
    """Coordinates whose reference system is missing, wrong or not metric."""


class PolicyError(ZoningError, ValueError):
    """Rules that contradict each other."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Seats missing under one rule at one place.

    Parameters
    ----------
    rule
        The rule that binds, such as ``capacity`` or ``within_town``.
    place
        Town, school or block ids that the rule binds at.
    pupils, seats
        Children who need a seat there, and seats on offer there.
    relaxation
        The least change that would make a plan possible.
    """

    rule: str
    place: tuple[str, ...]
    pupils: float
    seats: float
    relaxation: Text

    @property
    def short(self) -> float:
        """Seats missing, pupils."""
        return max(0.0, self.pupils - self.seats)


class InfeasibleError(ZoningError):
    """No plan can satisfy the rules; says which rule binds, where, and the least relaxation."""

    def __init__(self, text: Text, shortages: Iterable[Shortage] = ()) -> None:
        self.shortages = tuple(shortages)
        super().__init__(text)


class StreetsError(ZoningError):
    """No street network, a stale cache or a bad checksum."""


class DrawError(ZoningError):
    """An early draw, a changed roster or a record that does not replay."""


@dataclass
class Problems:
    """Collects every problem of a run, so that all are reported at once.

    Examples
    --------
    >>> found = Problems()
    >>> found.failed
    False
    """

    items: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep one more problem."""
        self.items.append(problem)

    @property
    def failed(self) -> bool:
        """Whether anything found stops the reading (an error or an unanswered question)."""
        return any(p.severity != "warning" for p in self.items)

    def raise_if_failed(self) -> None:
        """Stop with all problems when one of them is not merely a warning.

        Raises
        ------
        DataError
            Holding every problem, warnings included.
        """
        if self.failed:
            raise DataError(self.items)
