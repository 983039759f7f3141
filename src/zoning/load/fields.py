"""The fields of a JSON file, each checked for its type; whatever is wrong is reported with its key."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.errors import Problem, Problems

__all__ = ["Fields", "read_object"]

_MOST: Final = 5
"""Faults of one kind under one key that are told one by one."""


def read_object(path: Path) -> Mapping[str, Any] | Problem:
    """Return the JSON object that a file holds, or what is wrong with the file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return messages.problem("load_record.unread", file=path.name, reason=messages.reason(error))
    except (ValueError, RecursionError) as error:  # bytes that are no UTF-8 are a ValueError too
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        return messages.problem("load_record.not_json", file=path.name, row=line)
    if not isinstance(found, dict):
        return messages.problem("load_record.not_object", file=path.name)
    return found


class Fields:
    """The values of one JSON object by key; a value that cannot be used is reported and comes back as None.

    Parameters
    ----------
    values
        The object.
    file
        What to name in the messages.
    problems
        Takes what is wrong.
    within
        Keys that lead to the object, each followed by a point.
    """

    def __init__(self, values: Mapping[str, Any], file: str, problems: Problems, within: str = "") -> None:
        self.values, self.file, self.problems, self.within = values, file, problems, within

    def report(self, code: str, name: str, value: object = None, **fields: Any) -> None:  # noqa: ANN401 - as the sentence takes
        """Report a fault under a key; of many faults of one kind the first few are told."""
        key = self.within + name
        if sum(p.code == code and p.column == key for p in self.problems.items) < _MOST:
            shown = None if value is None else _shown(value)
            self.problems.add(messages.problem(code, file=self.file, column=key, value=shown, **fields))

    def _wrong(self, name: str, value: object, kind: str) -> None:
        wanted = messages.text(f"load_record.kind_{kind}")
        self.report("load_record.wrong_kind", name, value, wanted=wanted)

    def take(self, name: str, kind: str, fits: Callable[[Any], bool], *, optional: bool = False) -> Any:  # noqa: ANN401 - what JSON holds
        """Return a value that fits; None, which is reported, where it is absent or unfit."""
        value = self.values.get(name)
        if value is None:
            if not optional:
                self.report("load_record.missing", name)
            return None
        if not fits(value):
            self._wrong(name, value, kind)
            return None
        return value

    def number(self, name: str, *, least: float = -math.inf, optional: bool = False) -> float | None:
        """Return a finite number of at least so much."""
        kind = "number" if math.isinf(least) else "amount"
        found = self.take(
            name, kind, lambda v: is_number(v) and float(v) >= least, optional=optional
        )  # fmt: skip
        return None if found is None else float(found)

    def whole(self, name: str, *, least: int = 0, optional: bool = False) -> int | None:
        """Return a whole number of at least so much."""
        found = self.take(name, "whole", lambda v: is_whole(v) and v >= least, optional=optional)
        return None if found is None else int(found)

    def text(self, name: str, *, optional: bool = False) -> str | None:
        """Return a text."""
        found = self.take(name, "text", is_text, optional=optional)
        return None if found is None else str(found)

    def flag(self, name: str, *, optional: bool = False) -> bool | None:
        """Return yes or no."""
        found = self.take(name, "flag", lambda v: isinstance(v, bool), optional=optional)
        return None if found is None else bool(found)

    def inside(self, name: str, *, optional: bool = False) -> "Fields | None":
        """Return the fields of an object inside this one."""
        found = self.take(name, "object", lambda v: isinstance(v, dict), optional=optional)
        return None if found is None else Fields(found, self.file, self.problems, f"{self.within}{name}.")

    def items(
        self, name: str, kind: str, fits: Callable[[Any], bool], *, optional: bool = False
    ) -> list[Any]:
        """Return the entries of a list that fit; report the others."""
        found = self.take(name, "list", lambda v: isinstance(v, list), optional=optional)
        kept = [value for value in found or () if fits(value)]
        for value in found or ():
            if not fits(value):
                self._wrong(name, value, kind)
        return kept

    def numbers(self, *, least: float = -math.inf) -> dict[str, float]:
        """Return every value of this object as a finite number; report the others."""
        found = {name: self.number(name, least=least) for name in self.values}
        return {name: value for name, value in found.items() if value is not None}

    def known(self, name: str, ids: Iterable[str], known: Iterable[str], home: str) -> list[str]:
        """Return the ids that a table has; report the others."""
        every = set(known)
        kept = []
        for one in ids:
            if one in every:
                kept.append(one)
            else:
                self.report("load_record.unknown_id", name, one, home=home)
        return kept


def is_number(value: object) -> bool:
    """Return whether a value is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number that a computer counts with."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def is_text(value: object) -> bool:
    """Return whether a value is text that can be written to a file again."""
    return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)


def _shown(value: object) -> str:
    """Return a value as a message shows it."""
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return plain.encode("utf-8", "replace").decode()
