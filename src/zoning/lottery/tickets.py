"""Tickets: 32 bytes a name, and whole numbers below a limit, from one key. There is no other chance."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from zoning.lottery.canonical import lengthened

__all__ = ["Tickets"]

_WORD = 2**64


def _part(part: str | int) -> bytes:
    return lengthened(str(part).encode())


@dataclass(frozen=True, slots=True)
class Tickets:
    """All chance of one stage.

    Parameters
    ----------
    key
        Key of the stage, 32 bytes.
    """

    key: bytes = field(repr=False)

    def of(self, *parts: str | int) -> bytes:
        """Return the ticket of a name, 32 bytes; numbers count as their decimal digits.

        Examples
        --------
        >>> Tickets(bytes(32)).of("pupil", 1, "A").hex()[:16]
        'c2ee3eb6c0dfcebd'
        """
        return hmac.digest(self.key, b"".join(map(_part, parts)), "sha256")

    def each(self, *parts: str | int, last: Iterable[str]) -> dict[str, bytes]:
        """Return the tickets of many names that differ in their last part only.

        Parameters
        ----------
        parts
            What they begin with.
        last
            The last parts.
        """
        start = b"".join(map(_part, parts))
        return {name: hmac.digest(self.key, start + _part(name), "sha256") for name in last}

    def below(self, limit: int, *parts: str | int) -> int:
        """Return a whole number from 0 to limit - 1, each equally likely.

        Parameters
        ----------
        limit
            How many numbers, 1 to 2**64.
        parts
            What the number is for.

        Examples
        --------
        >>> Tickets(bytes(32)).below(6, "leader", 1, "A") in range(6)
        True
        """
        fair = _WORD - _WORD % limit
        tries = 0
        while True:
            word = int.from_bytes(self.of("below", *parts, tries)[:8], "big")
            if word < fair:
                return word % limit
            tries += 1
