"""The rules of a draw as an office writes them: one TOML file, every key known, every time with its zone."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.beacon import QUICKNET_CHAIN, QUICKNET_GENESIS, QUICKNET_KEY, QUICKNET_PERIOD
from zoning.lottery.manifest import Manifest, Program, Rules
from zoning.lottery.sources import Dice, Drand, Lottery, Source

__all__ = ["Terms", "read_terms"]

_TEXTS: Final = ("place", "school", "purpose", "contact", "previous")
_KEYS: Final[Mapping[str, type]] = {
    "kind": str, "draw": str, "published": datetime, "sources": list, "classes": int, "capacities": list,
    "levels": list, "attempts": int, "need_cap": int, "separate": list, "seats": dict, "rules": dict,
    "program": dict, **dict.fromkeys(_TEXTS, str),
}  # fmt: skip
_SOURCES: Final[Mapping[str, Mapping[str, type]]] = {
    "dice": {"count": int, "at": datetime},
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
    """

    manifest: Manifest
    separate: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    need_cap: int = 0


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
    if not isinstance(data, dict) or kind not in _SOURCES:
        raise DrawError(messages.text("draw.no_source", place=f"{file} sources"))
    keys = _SOURCES[str(kind)]
    given = _checked({k: v for k, v in data.items() if k != "type"}, keys, file, "sources.")
    for key in keys:
        if key not in given:
            raise _refuse(file, f"sources.{key}")
    if kind == "drand":
        return Drand(QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_GENESIS, QUICKNET_PERIOD, given["round"])
    at = _seconds(given["at"], file, "sources.at")
    if kind == "dice":
        return Dice(given["count"], at)
    pools = given["pools"]
    if not all(isinstance(p, list) and len(p) == 2 and all(type(n) is int for n in p) for p in pools):
        raise _refuse(file, "sources.pools")
    return Lottery(given["name"], given["issue"], tuple((a, b) for a, b in pools), at)


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


def _pairs(data: Sequence[object], file: str) -> tuple[tuple[str, str], ...]:
    found = []
    for pair in data:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise _refuse(file, "separate")
        found.append((pair[0], pair[1]))
    return tuple(found)


def read_terms(path: str | Path, *, now: int) -> Terms:
    """Return the rules of a draw from a TOML file.

    Parameters
    ----------
    path
        The file: ``kind`` (``split`` or ``seat``), ``draw``, ``[[sources]]``, ``classes`` or
        ``seats`` and more.
    now
        Seconds since 1970 UTC; when the commitment is published unless the file says so.

    Raises
    ------
    DrawError
        When the file is missing or no TOML, or a key is unknown, missing or of another kind.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DrawError(messages.text("draw.no_rules", file=path.name)) from error
    _checked(data, _KEYS, path.name)
    for key in ("kind", "draw", "sources"):
        if key not in data:
            raise _refuse(path.name, key)
    if data["kind"] not in ("split", "seat"):
        raise _refuse(path.name, "kind")
    published = _seconds(data["published"], path.name, "published") if "published" in data else now
    manifest = _manifest(data, path.name, published)
    return Terms(manifest, _pairs(data.get("separate", []), path.name), data.get("need_cap", 0))


def _manifest(data: Mapping[str, Any], file: str, published: int) -> Manifest:
    rules = dict.fromkeys(("twins", "late", "waiting", "void"), str)
    program = dict.fromkeys(("name", "version", "digest", "verifier"), str)
    capacities = _words(data.get("capacities", []), int, file, "capacities")
    seats = data.get("seats", {})
    _words(list(seats.values()), int, file, "seats")
    return Manifest(
        kind=data["kind"],
        draw=data["draw"],
        published=published,
        sources=_ladders(data["sources"], file),
        classes=data.get("classes", len(capacities)),
        capacities=capacities,
        equal=not capacities,
        levels=_words(data.get("levels", []), str, file, "levels"),
        attempts=data.get("attempts", 1000),
        seats=tuple(sorted(seats.items())),
        rules=Rules(**_checked(data.get("rules", {}), rules, file, "rules.")),
        program=Program(**_checked(data.get("program", {}), program, file, "program.")),
        **{key: data.get(key, "") for key in _TEXTS},
    )
