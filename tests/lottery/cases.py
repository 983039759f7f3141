"""Invented children and a recorded beacon round, shared by the tests and the worked vectors of the page."""

import hashlib
from dataclasses import replace

from zoning.lottery import (
    Commitment,
    Dice,
    Drand,
    Manifest,
    Program,
    Revealed,
    Rules,
    Tickets,
    commit_seats,
    commit_split,
    dummy_secrets,
)
from zoning.lottery.beacon import QUICKNET_CHAIN, QUICKNET_GENESIS, QUICKNET_KEY, QUICKNET_PERIOD
from zoning.lottery.records import code_of
from zoning.roster import Applicant, Roster

ROUND = 1000
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
"""Of quicknet's round 1000, as recorded in many public repositories."""
OTHER_ROUND = 12040883
OTHER_SIGNATURE = (
    "929906c959032ab363c9f26570d215d66f5c06cb0c44fe508c12bb5839f04ec895bb6868e5b9ff13ab289bdb5266b394"
)
DRAND = Drand(QUICKNET_CHAIN, QUICKNET_KEY, QUICKNET_GENESIS, QUICKNET_PERIOD, ROUND)
DICE = Dice(20, DRAND.at - 600)
THROWN = "70931846205577192034"
SEED = (Revealed(THROWN), Revealed(SIGNATURE))
TERMS = Manifest(
    kind="split",
    draw="example",
    published=DRAND.at - 4 * 86400,
    sources=((DICE,), (DRAND,)),
    classes=2,
    levels=("gender",),
    place="汀阳县",
    school="实验小学",
    purpose="class split",
    contact="office",
    program=Program("zoning", "0.1.0", "0" * 64, "1" * 64),
    rules=Rules("on written request", "closed batches", "same order", "a rehearsal is void"),
)
NAMES = ("甲一", "乙二", "丙三", "丁四", "戊五", "己六", "庚七", "辛八", "壬九", "癸十")


def sid(number: int) -> str:
    """Return the registration number of an invented child."""
    return code_of(hashlib.sha256(b"child %d" % number).digest()[:16])


def child(number: int, **fields: object) -> Applicant:
    """Return an invented child; every second one is a girl."""
    base = Applicant(sid(number), NAMES[number % 10], "F" if number % 2 else "M")
    return replace(base, **fields)  # type: ignore[arg-type]


def small_split(**changes: object) -> Commitment:
    """Return eight children in two classes: a pair of twins who asked to stay together, a pair to part."""
    twins = {"twin_group": "T1", "together": True}
    roster = Roster(tuple(child(n, **(twins if n in (1, 2) else {})) for n in range(8)))
    terms = replace(TERMS, **changes)  # type: ignore[arg-type]
    return commit_split(roster, terms, dummy_secrets(roster), separate=[(sid(3), sid(5))])


def small_seats() -> Commitment:
    """Return six children, two of them twins, for three seats at two schools."""
    wishes = [("P1", "P2"), ("P1",), ("P2", "P1"), ("P1", "P2"), ("P1", "P2"), ("P2",)]
    tiers = (1, 2, 1, 1, 1, 1)
    roster = Roster(
        tuple(
            child(n, choices=wishes[n], tier=tiers[n], twin_group="T1" if n in (3, 4) else "")
            for n in range(6)
        )
    )
    terms = replace(
        TERMS, kind="seat", draw="seats", attempts=0, classes=0, levels=(), seats=(("P1", 2), ("P2", 1))
    )
    return commit_seats(roster, terms, dummy_secrets(roster))


def public_files(commitment: Commitment) -> dict[str, bytes]:
    """Return the published files of a commitment."""
    public = commitment.public
    return {
        "manifest": public.manifest.octets(),
        "roster": public.roster.octets(),
        "constraints": public.constraints.octets(),
    }


def chance(number: int) -> Tickets:
    """Return the tickets of an invented key."""
    return Tickets(hashlib.sha256(b"key %d" % number).digest())
