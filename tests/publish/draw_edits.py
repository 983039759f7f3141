"""Edits of the public files of a draw, and what a verifier says to the files so edited."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Value = dict[str, Any]
"""The files ``manifest``, ``roster`` and ``constraints`` as JSON values."""


@dataclass(frozen=True)
class Mutant:
    """Files that differ from those of an honest draw in one thing; roots and digests are made to fit."""

    rule: str
    base: str
    edit: Callable[[Value], object]
    is_sound: bool = False
    seed: tuple[tuple[int, str], ...] | None = None


def setting(**keys: object) -> Callable[[Value], object]:
    """Return an edit of the manifest's keys."""
    return lambda v: v["manifest"].update(keys)


def source(ladder: int, rung: int, /, **keys: object) -> Callable[[Value], object]:
    """Return an edit of one source."""
    return lambda v: v["manifest"]["sources"][ladder][rung].update(keys)


def ladders(edit: Callable[[list[list[dict[str, Any]]]], object]) -> Callable[[Value], object]:
    """Return an edit of all sources."""
    return lambda v: edit(v["manifest"]["sources"])


def asking(**keys: object) -> Callable[[Value], object]:
    """Return an edit of the constraints' keys."""
    return lambda v: v["constraints"].update(keys)


def child(at: int, /, **keys: object) -> Callable[[Value], object]:
    """Return an edit of one child on the roster."""
    return lambda v: v["roster"]["records"][at].update(keys)


def stratum(at: int, /, **keys: object) -> Callable[[Value], object]:
    """Return an edit of one stratum."""
    return lambda v: v["manifest"]["strata"][at].update(keys)


def both(*edits: Callable[[Value], object]) -> Callable[[Value], object]:
    """Return edits one after another."""
    return lambda v: [edit(v) for edit in edits]


def sids(v: Value) -> list[str]:
    """Return the registration numbers on the roster."""
    return [record["sid"] for record in v["roster"]["records"]]


def closing(*classes: int) -> Callable[[Value], object]:
    """Return an edit that closes classes to the last child."""
    return lambda v: v["constraints"].update(closed=[{"class": c, "sid": sids(v)[-1]} for c in classes])


def grouping(*groups: tuple[int, ...]) -> Callable[[Value], object]:
    """Return an edit that asks for groups, by place on the roster."""
    return lambda v: v["constraints"].update(together=[[sids(v)[i] for i in group] for group in groups])


def parting(*pairs: tuple[int, ...]) -> Callable[[Value], object]:
    """Return an edit that asks for pairs, by place on the roster."""
    return lambda v: v["constraints"].update(separate=[[sids(v)[i] for i in pair] for pair in pairs])
