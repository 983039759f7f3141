"""Seed sources: what each kind may say, the bytes it stands for and the bits it counts for."""

import math
import re
from dataclasses import dataclass
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.beacon import (
    QUICKNET_CHAIN,
    QUICKNET_GENESIS,
    QUICKNET_KEY,
    QUICKNET_PERIOD,
    is_signed,
)
from zoning.lottery.canonical import LARGEST, check_shape

__all__ = ["Balls", "Dice", "Drand", "Lottery", "Source", "read_source"]

_COUNTED: Final = {"at": int, "count": int, "type": str}
_DRAND: Final = {
    "at": int, "chain": str, "genesis": int, "period": int, "public_key": str, "round": int, "type": str,
}  # fmt: skip
_LOTTERY: Final = {"at": int, "issue": str, "name": str, "pools": [[int]], "type": str}


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


def _check_given(value: str, name: str) -> None:
    if not value:
        raise _refuse("empty_seed", source=name)
    if not value.strip("0,+ "):
        raise _refuse("zero_seed", source=name)


@dataclass(frozen=True, slots=True)
class Dice:
    """Ten-sided dice that parents throw before witnesses.

    Parameters
    ----------
    count
        How many throws.
    at
        When, seconds since 1970 UTC.
    """

    count: int
    at: int

    @property
    def name(self) -> str:
        """What a refusal calls it."""
        return "dice"

    @property
    def bits(self) -> int:
        """Bits counted: 3.321 a throw."""
        return self.count * 3321 // 1000

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the manifest holds them."""
        return {"at": self.at, "count": self.count, "type": "dice"}

    def octets(self, value: str) -> bytes:
        """Return the bytes of the digits thrown, in the order thrown.

        Raises
        ------
        DrawError
            When they are missing, all 0, or not as many digits as promised.

        Examples
        --------
        >>> Dice(4, 0).octets("7093")
        b'7093'
        """
        _check_given(value, self.name)
        if not re.fullmatch(r"[0-9]+", value) or len(value) != self.count:
            raise _refuse("bad_dice", count=self.count)
        return value.encode()


@dataclass(frozen=True, slots=True)
class Balls:
    """Numbered balls that choose one of the splits published before: the low-tech mode, and nothing else.

    Parameters
    ----------
    count
        How many balls from 0 to 9, each put back.
    at
        When, seconds since 1970 UTC.
    """

    count: int
    at: int

    @property
    def name(self) -> str:
        """What a refusal calls it."""
        return "balls"

    @property
    def bits(self) -> int:
        """Bits counted: 3.321 a ball."""
        return self.count * 3321 // 1000

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the manifest holds them."""
        return {"at": self.at, "count": self.count, "type": "balls"}

    def octets(self, value: str) -> bytes:
        """Return the bytes of the digits drawn; nothing but zeros is a number like any other here.

        Raises
        ------
        DrawError
            When they are missing or not as many digits as promised.

        Examples
        --------
        >>> Balls(3, 0).octets("000")
        b'000'
        """
        if not value:
            raise _refuse("empty_seed", source=self.name)
        if not re.fullmatch(r"[0-9]+", value) or len(value) != self.count:
            raise _refuse("bad_balls", count=self.count)
        return value.encode()


@dataclass(frozen=True, slots=True)
class Drand:
    """One named round of a drand beacon that signs on G1 without chaining.

    Parameters
    ----------
    chain, public_key
        Hash of the chain and its key, hex.
    genesis, period
        Time of round 1 and seconds between rounds.
    round
        The round named.
    """

    chain: str
    public_key: str
    genesis: int
    period: int
    round: int

    @property
    def name(self) -> str:
        """What a refusal calls it."""
        return "drand"

    @property
    def is_usual(self) -> bool:
        """Whether it is a round of quicknet; times of another genesis or period would name another round."""
        usual = (QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_GENESIS, QUICKNET_PERIOD)
        return (self.chain, self.public_key, self.genesis, self.period) == usual

    @property
    def at(self) -> int:
        """When the round appears, seconds since 1970 UTC."""
        return self.genesis + (self.round - 1) * self.period

    @property
    def bits(self) -> int:
        """Bits counted: the strength of the signature."""
        return 128

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the manifest holds them."""
        return {
            "at": self.at,
            "chain": self.chain,
            "genesis": self.genesis,
            "period": self.period,
            "public_key": self.public_key,
            "round": self.round,
            "type": "drand",
        }

    def octets(self, value: str) -> bytes:
        """Return chain hash, round (eight bytes, big-endian) and signature, 88 bytes.

        Raises
        ------
        DrawError
            When the signature is missing, zero, or not the beacon's own of this round.
        """
        _check_given(value, self.name)
        if not re.fullmatch(r"[0-9a-f]{96}", value):
            raise _refuse("bad_signature", round=self.round)
        if not is_signed(self.round, bytes.fromhex(value), bytes.fromhex(self.public_key)):
            raise _refuse("forged_beacon", round=self.round)
        return bytes.fromhex(self.chain) + self.round.to_bytes(8, "big") + bytes.fromhex(value)


@dataclass(frozen=True, slots=True)
class Lottery:
    """One named issue of a national lottery.

    Parameters
    ----------
    lottery, issue
        Its name and the number of the issue.
    pools
        For each drum how many numbers are drawn, and of how many.
    at
        When it is drawn, seconds since 1970 UTC.
    """

    lottery: str
    issue: str
    pools: tuple[tuple[int, int], ...]
    at: int

    @property
    def name(self) -> str:
        """What a refusal calls it."""
        return "lottery"

    @property
    def bits(self) -> int:
        """Bits counted: the logarithm of the number of outcomes without their order, rounded down.

        Examples
        --------
        >>> Lottery("double", "2026088", ((6, 33), (1, 16)), 0).bits
        24
        """
        return math.prod(math.comb(of, drawn) for drawn, of in self.pools).bit_length() - 1

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the manifest holds them."""
        pools = [list(pool) for pool in self.pools]
        return {"at": self.at, "issue": self.issue, "name": self.lottery, "pools": pools, "type": "lottery"}

    def octets(self, value: str) -> bytes:
        """Return the bytes of the numbers, ascending in each drum: an order to choose would be a choice.

        Raises
        ------
        DrawError
            When they are missing or no outcome of this lottery.

        Examples
        --------
        >>> Lottery("double", "2026088", ((6, 33), (1, 16)), 0).octets("03,11,17,22,28,31+07")
        b'03,11,17,22,28,31+07'
        """
        _check_given(value, self.name)
        drums = [drum.split(",") for drum in value.split("+")]
        right = len(drums) == len(self.pools) and all(
            len(drum) == drawn == len(set(drum))
            and drum == sorted(drum)
            and all(re.fullmatch(r"[0-9]{2}", n) and 1 <= int(n) <= of for n in drum)
            for drum, (drawn, of) in zip(drums, self.pools, strict=False)
        )
        if not right:
            raise _refuse("bad_lottery", issue=self.issue)
        return value.encode()


Source = Balls | Dice | Drand | Lottery


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
