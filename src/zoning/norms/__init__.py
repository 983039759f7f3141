"""Cited planning norms as data: ``*.toml`` beside this file, and their reader.

A norm is a figure with its unit, its clause and a word on how it was verified. Whoever uses one names it,
so that every badge and warning can be traced to a clause.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from zoning.errors import Text

__all__ = ["Norm", "all_norms", "norm"]

Mode = Literal["must", "should", "should_not", "definition", "local"]
Verification = Literal["text", "secondary", "local", "unverified"]


@dataclass(frozen=True, slots=True)
class Norm:
    """One figure of a planning rule.

    Parameters
    ----------
    id
        Stable name, such as ``gb50099.radius.primary``.
    stages
        Stages that it holds for; empty for all.
    value
        The figure, in ``unit``; None for a rule without a figure.
    unit
        ``m``, ``s``, ``pupils``, ``share``, ``people`` ...; ``""`` for a rule without a figure.
    mode
        How binding: ``must`` (应), ``should`` (宜), ``should_not`` (不宜), ``definition``, ``local``.
    rule
        What it says, in both languages.
    source
        Document and clause.
    verification
        ``text``: the clause was read; ``secondary``: read in a copy or report; ``local``: one place's own
        rule, never a national default; ``unverified``.
    note
        Anything a reader must know, such as a superseded edition; empty otherwise.
    """

    id: str
    stages: tuple[str, ...]
    value: float | None
    unit: str
    mode: Mode
    rule: Text
    source: str
    verification: Verification
    note: str = ""


@cache
def all_norms() -> dict[str, Norm]:
    """Return every norm by id, in the order of the files.

    Examples
    --------
    >>> all_norms()["gb50099.radius.primary"].value
    500.0
    """
    found: dict[str, Norm] = {}
    for source in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if source.name.endswith(".toml"):
            for row in tomllib.loads(source.read_text(encoding="utf-8"))["norm"]:
                found[row["id"]] = _read(row)
    return found


def norm(norm_id: str) -> Norm:
    """Return one norm.

    Raises
    ------
    KeyError
        When there is none of that id.

    Examples
    --------
    >>> norm("gb50099.class.primary").source
    'GB 50099-2011, 3.0.1'
    """
    return all_norms()[norm_id]


def _read(row: dict[str, object]) -> Norm:
    value = row.get("value")
    return Norm(
        id=str(row["id"]),
        stages=tuple(cast("list[str]", row.get("stages", []))),
        value=None if value is None else float(cast("float", value)),
        unit=str(row.get("unit", "")),
        mode=cast("Mode", row["mode"]),
        rule=Text(str(row["en"]), str(row["zh"])),
        source=str(row["source"]),
        verification=cast("Verification", row["verification"]),
        note=str(row.get("note", "")),
    )
