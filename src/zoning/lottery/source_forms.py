"""Seed sources as a manifest's file holds them, read and checked."""

import re
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.canonical import LARGEST, check_shape
from zoning.lottery.sources import Balls, Dice, Drand, Lottery, Source

__all__ = ["read_source"]

_COUNTED: Final = {"at": int, "count": int, "type": str}
_DRAND: Final = {
    "at": int, "chain": str, "genesis": int, "period": int, "public_key": str, "round": int, "type": str,
}  # fmt: skip
_LOTTERY: Final = {"at": int, "issue": str, "name": str, "pools": [[int]], "type": str}


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


def _read_drand(data: dict[str, Any], place: str) -> Drand:
    check_shape(data, _DRAND, place)
    fields = {key: data[key] for key in ("chain", "public_key", "genesis", "period", "round")}
    drand = Drand(**fields)
    hexes = re.fullmatch(r"[0-9a-f]{64}", drand.chain) and re.fullmatch(r"[0-9a-f]{192}", drand.public_key)
    if not hexes or not 1 <= drand.round <= LARGEST or drand.period < 1 or drand.at != data["at"]:
        raise _refuse("wrong_shape", place=place)
    return drand


def _read_lottery(data: dict[str, Any], place: str) -> Lottery:
    check_shape(data, _LOTTERY, place)
    if not data["pools"] or any(
        len(pool) != 2 or not 1 <= pool[0] <= pool[1] <= 99 for pool in data["pools"]
    ):
        raise _refuse("wrong_shape", place=place)
    pools = tuple((drawn, of) for drawn, of in data["pools"])
    return Lottery(data["name"], data["issue"], pools, data["at"])


def read_source(data: Any, place: str) -> Source:  # noqa: ANN401 - whatever the file holds
    """Return a source as the manifest holds it.

    Raises
    ------
    DrawError
        When it is of no known kind, or a field is missing, of another type or contradicts another one.
    """
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "drand":
        return _read_drand(data, place)
    if kind == "lottery":
        return _read_lottery(data, place)
    if kind in ("dice", "balls"):
        check_shape(data, _COUNTED, place)
        return (Dice if kind == "dice" else Balls)(data["count"], data["at"])
    raise _refuse("no_source", place=place)
