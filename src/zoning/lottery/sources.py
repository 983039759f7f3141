"""Seed sources: what each kind may say, the bytes it stands for and the bits it counts for."""

import math
import re
from dataclasses import dataclass
from typing import Any

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery import beacon

__all__ = ["Balls", "Dice", "Drand", "Lottery", "Source"]


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


def _check_given(value: str, name: str) -> None:
    if not value:
        raise _refuse("empty_seed", source=name)
    if not value.strip("0,+ "):
        raise _refuse("zero_seed", source=name)


def _digits(value: str, count: int, code: str) -> bytes:
    if not re.fullmatch(r"[0-9]+", value) or len(value) != count:
        raise _refuse(code, count=count)
    return value.encode()


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
        return _digits(value, self.count, "bad_dice")


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
        return _digits(value, self.count, "bad_balls")


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
        usual = (
            beacon.QUICKNET_CHAIN, beacon.QUICKNET_KEY, beacon.QUICKNET_GENESIS, beacon.QUICKNET_PERIOD,
        )  # fmt: skip
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
        if not beacon.is_signed(self.round, bytes.fromhex(value), bytes.fromhex(self.public_key)):
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
