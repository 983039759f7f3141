"""The rules of a draw as an office writes them: one TOML file, every key known, every time with its zone."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.beacon import QUICKNET_CHAIN, QUICKNET_GENESIS, QUICKNET_KEY, QUICKNET_PERIOD
from zoning.lottery.commitment import BANDS
from zoning.lottery.manifest import Kind, Manifest, Rules
from zoning.lottery.source_forms import read_source
from zoning.lottery.sources import Balls, Dice, Drand, Lottery, Source

__all__ = ["COMMANDS", "Terms", "read_terms"]

COMMANDS: Final[Mapping[str, str]] = {
    "split": "commit", "seat": "seats", "late": "late", "teacher": "teachers", "inspect": "inspect",
}  # fmt: skip
"""The command of ``zoning draw`` that commits to each kind."""

_TEXTS: Final = ("place", "school", "purpose", "contact")
_COMMON: Final[Mapping[str, type]] = {
    "kind": str, "draw": str, "published": datetime, "sources": list, "rules": dict,
    **dict.fromkeys(_TEXTS, str),
}  # fmt: skip
_OWN: Final[Mapping[Kind, Mapping[str, type]]] = {
    "split": {
        "classes": int, "capacities": list, "levels": list, "attempts": int, "need_cap": int, "bands": int,
        "polish": int, "separate": list, "previous": str,
    },
    "seat": {"seats": dict, "previous": str},
    "late": {"separate": list, "closed": list},
    "teacher": {},
    "inspect": {"choose": int, "previous": str},
}  # fmt: skip
"""Keys of one kind of draw beside those that all have; late and teacher draws follow the draw they name."""
_SOURCES: Final[Mapping[str, Mapping[str, type]]] = {
    "dice": {"count": int, "at": datetime},
    "balls": {"count": int, "at": datetime},
    "drand": {"round": int},
    "lottery": {"name": str, "issue": str, "pools": list, "at": datetime},
}


@dataclass(frozen=True)
class Terms:
    """What an office decides before a draw.

    Parameters
    ----------
    manifest
        Everything but what follows from the roster.
    separate
        Pairs of registration numbers, as the school writes them, who must not share a class.
    need_cap
        Most children with special needs in one class; 0 without such a rule.
    bands
        How many bands the level ``score`` has.
    closed
        Of a late batch: child, as the school numbers it, and class that it may not join.
    """

    manifest: Manifest
    separate: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    need_cap: int = 0
    bands: int = BANDS
    closed: tuple[tuple[str, int], ...] = field(default=(), repr=False)


def _refuse(file: str, key: str) -> DrawError:
    return DrawError(messages.text("draw.bad_rules", file=file, key=key))


def _checked(data: object, keys: Mapping[str, type], file: str, place: str = "") -> dict[str, Any]:
    """Return a table whose keys are all known and of their kind."""
    if not isinstance(data, dict):
        raise _refuse(file, place or "sources")
    for key, value in data.items():
        if key not in keys or type(value) is not keys[key]:
            raise _refuse(file, f"{place}{key}")
    return data


def _seconds(time: datetime, file: str, key: str) -> int:
    if time.tzinfo is None:
        raise DrawError(messages.text("draw.no_zone", file=file, key=key))
    return int(time.timestamp())


def _source(data: object, file: str) -> Source:
    kind = data.get("type") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(kind, str) or kind not in _SOURCES:
        raise DrawError(messages.text("draw.no_source", place=f"{file} sources"))
    keys = _SOURCES[str(kind)]
    given = _checked({k: v for k, v in data.items() if k != "type"}, keys, file, "sources.")
    for key in keys:
        if key not in given:
            raise _refuse(file, f"sources.{key}")
    if kind == "drand":
        return Drand(QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_GENESIS, QUICKNET_PERIOD, given["round"])
    at = _seconds(given["at"], file, "sources.at")
    if kind in ("dice", "balls"):
        return (Dice if kind == "dice" else Balls)(given["count"], at)
    pools = given["pools"]
    if not all(isinstance(p, list) and len(p) == 2 and all(type(n) is int for n in p) for p in pools):
        raise _refuse(file, "sources.pools")
    lottery = Lottery(given["name"], given["issue"], tuple((a, b) for a, b in pools), at)
    return read_source(lottery.as_json(), f"{file} sources.pools")


def _ladders(data: Sequence[object], file: str) -> tuple[tuple[Source, ...], ...]:
    found = []
    for one in data:
        spare = one.get("instead", []) if isinstance(one, dict) else []
        if not isinstance(one, dict) or not isinstance(spare, list):
            raise _refuse(file, "sources.instead")
        first = {key: value for key, value in one.items() if key != "instead"}
        found.append(tuple(_source(rung, file) for rung in (first, *spare)))
    return tuple(found)


def _words(values: Sequence[object], kind: type, file: str, key: str) -> tuple[Any, ...]:
    if not all(type(value) is kind for value in values):
        raise _refuse(file, key)
    return tuple(values)


def _pairs(data: Sequence[object], second: type, file: str, key: str) -> tuple[tuple[str, Any], ...]:
    """Return pairs of a child's number and something of a type."""
    found = []
    for pair in data:
        if not isinstance(pair, list) or [type(one) for one in pair] != [str, second]:
            raise _refuse(file, key)
        found.append((pair[0], pair[1]))
    return tuple(found)


def read_terms(path: str | Path, *, kind: Kind, now: int) -> Terms:
    """Return the rules of a draw from a TOML file.

    Parameters
    ----------
    path
        The file: ``kind``, ``draw``, ``[[sources]]``, ``classes`` or ``seats`` and more.
    kind
        What the command draws; the file must say the same.
    now
        Seconds since 1970 UTC; when the commitment is published unless the file says so.

    Raises
    ------
    DrawError
        When the file is missing or no TOML, a key is unknown, missing or of another type, or the file is of
        another kind of draw.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DrawError(messages.text("draw.no_rules", file=path.name)) from error
    said = data.get("kind", "")
    if not isinstance(said, str) or said not in COMMANDS:
        raise _refuse(path.name, "kind")
    if said != kind:
        raise DrawError(messages.text("draw.rules_kind", file=path.name, kind=said, command=COMMANDS[said]))
    _checked(data, {**_COMMON, **_OWN[kind]}, path.name)
    for key in ("draw", "sources", *(("choose",) if kind == "inspect" else ())):
        if key not in data:
            raise _refuse(path.name, key)
    published = _seconds(data["published"], path.name, "published") if "published" in data else now
    return Terms(
        _manifest(data, path.name, published),
        _pairs(data.get("separate", []), str, path.name, "separate"),
        _natural(data, "need_cap", path.name),
        _natural(data, "bands", path.name) or BANDS,
        _pairs(data.get("closed", []), int, path.name, "closed"),
    )


def _natural(data: Mapping[str, Any], key: str, file: str) -> int:
    if data.get(key, 0) < 0:
        raise _refuse(file, key)
    return int(data.get(key, 0))


def _manifest(data: Mapping[str, Any], file: str, published: int) -> Manifest:
    rules = dict.fromkeys(("twins", "late", "waiting", "void"), str)
    sources = _ladders(data["sources"], file)
    has_balls = any(isinstance(rung, Balls) for ladder in sources for rung in ladder)
    plain = ("classes", "attempts", "polish", "choose", *_TEXTS)
    capacities = _words(data.get("capacities", []), int, file, "capacities")
    seats = data.get("seats", {})
    _words(list(seats.values()), int, file, "seats")
    return Manifest(
        kind=data["kind"],
        draw=data["draw"],
        published=published,
        mode="lowtech" if has_balls else "draw",
        sources=sources,
        capacities=capacities,
        equal=not capacities,
        levels=_words(data.get("levels", []), str, file, "levels"),
        seats=tuple(sorted(seats.items())),
        rules=Rules(**_checked(data.get("rules", {}), rules, file, "rules.")),
        previous=_commitment(data.get("previous", ""), file),
        **({"classes": len(capacities)} | {key: data[key] for key in plain if key in data}),
    )


def _commitment(written: str, file: str) -> str:
    """Return the commitment of an earlier draw, which may be written in groups as it is read aloud."""
    plain = "".join(written.lower().split())
    if not re.fullmatch(r"([0-9a-f]{64})?", plain):
        raise _refuse(file, "previous")
    return plain
