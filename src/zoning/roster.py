"""Rosters: the new pupils of a year, as a school registers them.

A roster is private: its ``repr`` shows a count, and that of a child neither who it is nor where it lives.
Nothing of it reaches a log, a map or a public file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

Gender = Literal["F", "M"]
SID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
"""A registration number as a draw issues it: 128 bits in Crockford's base 32."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One child on a roster.

    Parameters
    ----------
    sid
        Registration number given by the school; never derived from an id number.
    name, gender, birth_date, address, kindergarten, need
        As registered; empty when not given. ``birth_date`` is ISO 8601.
    twin_group
        Shared by the children of one birth; empty otherwise.
    together
        Whether the parents asked in writing for the twins to share a class.
    registered_at
        ISO 8601 time of registration; empty when unknown.
    tier
        Priority tier, 1 first.
    choices
        School ids in the family's order.
    block_id
        The block that the address was matched to; empty when it was not.
    match
        How sure that match is: ``exact``, ``number``, ``name``, ``several`` or ``none``.
    scores
        Subject and score in tenths, sorted by subject; without the subjects in which the child has none.
    """

    sid: str
    name: str = field(repr=False)
    gender: Gender | None = field(repr=False)
    birth_date: str = field(default="", repr=False)
    kindergarten: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    need: str = field(default="", repr=False)
    twin_group: str = field(default="", repr=False)
    together: bool = field(default=False, repr=False)
    registered_at: str = field(default="", repr=False)
    tier: int = 1
    choices: tuple[str, ...] = ()
    block_id: str = field(default="", repr=False)
    match: str = "none"
    scores: tuple[tuple[str, int], ...] = field(default=(), repr=False)


@dataclass(frozen=True, repr=False)
class Roster:
    """The children of one intake.

    Parameters
    ----------
    applicants
        One a child, in the order of the file.
    is_numbered
        Whether the school numbered them; otherwise ``sid`` merely counts the rows.
    """

    applicants: tuple[Applicant, ...]
    is_numbered: bool = True

    def __repr__(self) -> str:
        return f"Roster({len(self)} applicants)"

    def __len__(self) -> int:
        return len(self.applicants)

    def __iter__(self) -> Iterator[Applicant]:
        return iter(self.applicants)
