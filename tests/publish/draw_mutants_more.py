"""One mutation of sources, roster, constraints and strata for each rule of the specification."""

from collections.abc import Callable
from typing import Any, Final

from tests.lottery.cases import DICE, DRAND
from tests.publish.draw_edits import (
    Mutant,
    Value,
    asking,
    both,
    child,
    closing,
    grouping,
    ladders,
    parting,
    setting,
    sids,
    source,
    stratum,
)

LOTTERY: Final = {
    "at": DRAND.at + 60,
    "issue": "1",
    "name": "x",
    "pools": [[6, 33], [1, 16]],
    "type": "lottery",
}
DIE: Final = {"at": DICE.at, "count": 20, "type": "dice"}
BALLS: Final = {"at": DRAND.at, "count": 3, "type": "balls"}
LOT_SEED: Final = ((0, "12345678901234567890123456789012"), (1, "03,11,17,22,28,31+07"))
_POOR = (
    "03,11,17,22,31,28+07", "03,11,17,22,28,28+07", "03,11,17,22,28,34+07", "3,11,17,22,28,31+07",
    "00,11,17,22,28,31+07", "03,11,17,22,28,31", "03,11,17,22,28,31+07+08", "03,11,17,22,28,31+", "",
)  # fmt: skip
"""Numbers of a lottery that no notice prints so: order, twice, too high, one digit, zero, drums."""


def _with_lottery(**keys: object) -> Callable[[Value], object]:
    def edit(ladders: list[list[dict[str, Any]]]) -> None:
        ladders[0][0].update(count=32)
        ladders[1].append(LOTTERY | keys)

    return ladders(edit)


SOURCES: Final = (
    Mutant("no sources", "split", setting(sources=[]), seed=()),
    Mutant("an empty ladder", "split", ladders(lambda s: s.append([]))),
    Mutant("no dice", "split", ladders(lambda s: s.pop(0)), seed=((0, ""),)),
    Mutant("dice alone", "split", ladders(lambda s: s.pop())),
    Mutant("dice last", "split", ladders(lambda s: s.reverse())),
    Mutant("19 dice", "split", source(0, 0, count=19), seed=((0, "7093184620557719203"), (0, ""))),
    Mutant("dice as late as the round", "split", source(0, 0, at=DRAND.at)),
    Mutant(
        "two ladders of dice",
        "split",
        ladders(lambda s: s.insert(1, [DIE])),
        is_sound=True,
        seed=((0, "70931846205577192034"), (0, "12345678901234567890"), (0, "")),
    ),
    Mutant(
        "dice that stand in for dice",
        "split",
        ladders(lambda s: s[0].append(DIE | {"at": DICE.at + 1})),
        is_sound=True,
    ),
    Mutant("dice that stand in at once", "split", ladders(lambda s: s[0].append(dict(DIE)))),
    Mutant("dice that stand in earlier", "split", ladders(lambda s: s[0].append(DIE | {"at": DICE.at - 1}))),
    Mutant("late dice on a rung", "split", ladders(lambda s: s[0].append(DIE | {"at": DRAND.at}))),
    Mutant("a round that stands in for dice", "split", ladders(lambda s: s[0].append(s[1][0]))),
    Mutant(
        "dice that stand in for a round",
        "split",
        ladders(lambda s: s[1].append(DIE | {"at": DRAND.at + 9, "count": 50})),
    ),
    Mutant("another time than the round's", "split", source(1, 0, at=DRAND.at + 1)),
    Mutant("round 0", "split", source(1, 0, round=0, at=DRAND.genesis - DRAND.period)),
    Mutant("period 0", "split", source(1, 0, period=0, at=DRAND.genesis)),
    Mutant("chain in capitals", "split", source(1, 0, chain=DRAND.chain.upper())),
    Mutant("key in capitals", "split", source(1, 0, public_key=DRAND.public_key.upper())),
    Mutant("another chain", "split", source(1, 0, chain="0" * 64), is_sound=True),
    Mutant("another key", "split", source(1, 0, public_key="a" * 192)),
    Mutant(
        "balls in a draw",
        "split",
        ladders(lambda s: s.insert(0, [BALLS | {"at": DICE.at - 1}])),
        seed=((0, "123"), (0, "70931846205577192034"), (0, "")),
    ),
    Mutant("balls in a rehearsal", "rehearsal", setting(sources=[[BALLS]]), seed=((0, "123"),)),
    Mutant("balls in place of dice", "split", ladders(lambda s: s[0][0].update(type="balls"))),
    Mutant("low-tech 000", "lowtech", setting(), is_sound=True, seed=((0, "000"),)),
    Mutant("low-tech with four balls", "lowtech", source(0, 0, count=4), seed=((0, "4171"),)),
    Mutant("low-tech with two balls", "lowtech", source(0, 0, count=2), seed=((0, "41"),)),
    Mutant("low-tech with dice", "lowtech", source(0, 0, type="dice", count=20), seed=((0, "1" * 20),)),
    Mutant(
        "low-tech with a round",
        "lowtech",
        lambda v: v["manifest"]["sources"].append([dict(LOTTERY)]),
        seed=((0, "417"), LOT_SEED[1]),
    ),
    Mutant(
        "low-tech with two ladders",
        "lowtech",
        ladders(lambda s: s.append([dict(BALLS)])),
        seed=((0, "417"), (0, "417")),
    ),
    Mutant("low-tech with a rung", "lowtech", ladders(lambda s: s[0].append(BALLS | {"at": DRAND.at + 1}))),
    Mutant("low-tech with the sources of a draw", "split", setting(mode="lowtech")),
    Mutant("low-tech value too short", "lowtech", setting(), seed=((0, "41"),)),
    Mutant("low-tech value of letters", "lowtech", setting(), seed=((0, "4a7"),)),
    Mutant("low-tech value in wide digits", "lowtech", setting(), seed=((0, "\uff14\uff11\uff17"),)),
    Mutant("low-tech rung 1", "lowtech", setting(), seed=((1, "417"),)),
    Mutant("a lottery stands in", "split", _with_lottery(), is_sound=True, seed=LOT_SEED),
    Mutant("a lottery with few dice", "split", ladders(lambda s: s[1].append(dict(LOTTERY)))),
    Mutant("a lottery at the round's time", "split", _with_lottery(at=DRAND.at), seed=LOT_SEED),
    Mutant("a lottery before the round", "split", _with_lottery(at=DRAND.at - 1), seed=LOT_SEED),
    Mutant("a drum of 100", "split", _with_lottery(pools=[[6, 100], [1, 16]]), seed=LOT_SEED),
    Mutant("a drum of 99", "split", _with_lottery(pools=[[6, 99], [1, 16]]), is_sound=True, seed=LOT_SEED),
    Mutant("an empty drum", "split", _with_lottery(pools=[[6, 33], [0, 16]]), seed=LOT_SEED),
    Mutant("more drawn than there are", "split", _with_lottery(pools=[[6, 33], [2, 1]]), seed=LOT_SEED),
    Mutant("a drum of three", "split", _with_lottery(pools=[[6, 33, 1]]), seed=LOT_SEED),
    Mutant("no drums", "split", _with_lottery(pools=[]), seed=LOT_SEED),
    *(
        Mutant(f"lottery value {value!r}", "split", _with_lottery(), seed=(LOT_SEED[0], (1, value)))
        for value in _POOR
    ),
    Mutant("another type", "split", source(0, 0, type="shares")),
    Mutant("nothing but zeros", "split", setting(), seed=((0, "0" * 20), (0, ""))),
    Mutant("a value too many", "split", setting(), seed=((0, "70931846205577192034"), (0, ""), (0, "1"))),
    Mutant("a value too few", "split", setting(), seed=((0, "70931846205577192034"),)),
    Mutant("rung 1 of one", "split", setting(), seed=((1, "70931846205577192034"), (0, ""))),
)

FILES: Final = (
    Mutant("closed in a split", "split", closing(1)),
    Mutant("closed classes of a late batch", "late", closing(1, 2), is_sound=True),
    Mutant("closed class 0", "late", closing(0)),
    Mutant("closed class above k", "late", closing(4)),
    Mutant("closed out of order", "late", closing(2, 1)),
    Mutant("closed twice", "late", closing(1, 1)),
    Mutant("every class closed", "late", closing(1, 2, 3)),
    Mutant("a pair in a late batch", "late", parting((0, 2)), is_sound=True),
    Mutant("groups in a seat draw", "seat", grouping((0, 1))),
    Mutant("pairs in a seat draw", "seat", parting((0, 1))),
    Mutant("groups of a teachers' draw", "teacher", asking(together=[["0" * 26, "1" * 26]])),
    Mutant("a group of one", "split", grouping((0,))),
    Mutant("a group of three", "split", both(grouping((1, 2, 5)), parting()), is_sound=True),
    Mutant("a child in two groups", "split", grouping((1, 5), (2, 5))),
    Mutant("a group out of order", "split", grouping((5, 1))),
    Mutant("groups out of order", "split", grouping((4, 5), (1, 2))),
    Mutant("a pair of three", "split", parting((0, 1, 3))),
    Mutant("a pair within a group", "split", parting((1, 5))),
    Mutant("a pair with oneself", "split", parting((0, 0))),
    Mutant("a pair twice", "split", parting((0, 3), (0, 3))),
    Mutant("a stranger in a pair", "split", asking(separate=[["0" * 26, "1" * 26]])),
    Mutant("a wrong count of groups", "split", lambda v: v["manifest"]["constraints"].update(together=2)),
    Mutant(
        "a wrong root of constraints", "split", lambda v: v["manifest"]["constraints"].update(root="0" * 64)
    ),
    Mutant("a wrong root of the roster", "split", setting(roster="0" * 64)),
    Mutant("a wrong number of children", "split", setting(n=9)),
    Mutant("children out of order", "split", lambda v: v["roster"]["records"].reverse()),
    Mutant("a child twice", "split", lambda v: v["roster"]["records"].insert(0, v["roster"]["records"][0])),
    Mutant("a registration number in small letters", "split", child(0, sid="0xwn0pdq14abe0rgdvb4rpz2gg")),
    Mutant("a registration number that begins with 8", "split", child(7, sid="8" * 26)),
    Mutant("h in capitals", "split", lambda v: child(0, h=v["roster"]["records"][0]["h"].upper())(v)),
    Mutant("a path in a seat draw", "seat", child(0, path=["L01"])),
    Mutant("a family in a split", "split", lambda v: child(0, family=sids(v)[0])(v)),
    Mutant("choices in a split", "split", child(0, choices=[{"school": "P1", "tier": 1}])),
    Mutant("an unknown school", "seat", child(0, choices=[{"school": "P9", "tier": 1}])),
    Mutant("a school chosen twice", "seat", child(0, choices=[{"school": "P1", "tier": 1}] * 2)),
    Mutant("tier 0", "seat", child(0, choices=[{"school": "P1", "tier": 0}])),
    Mutant("no choices", "seat", child(0, choices=[]), is_sound=True),
    Mutant("a family of another name", "seat", lambda v: child(0, family=sids(v)[1])(v)),
    Mutant("no family", "seat", child(0, family="")),
    Mutant("twins with other choices", "seat", child(3, choices=[])),
    Mutant("a path that ends within the tree", "split", child(0, path=[])),
    Mutant("a path that names the root", "split", child(0, path=["L00", "L02"])),
    Mutant("an unknown stratum", "split", child(0, path=["L09"])),
    Mutant("a wrong count", "split", stratum(1, count=5)),
    Mutant(
        "an empty stratum",
        "split",
        lambda v: v["manifest"]["strata"].append({"count": 0, "label": "L03", "parent": "L00"}),
    ),
    Mutant("strata out of order", "split", lambda v: v["manifest"]["strata"].reverse()),
    Mutant(
        "a label without digits",
        "split",
        both(
            stratum(2, label="M02"),
            lambda v: [r.update(path=["M02"]) for r in v["roster"]["records"] if r["path"] == ["L02"]],
        ),
    ),
    Mutant(
        "a label of six digits",
        "split",
        both(
            stratum(2, label="L100000"),
            lambda v: [r.update(path=["L100000"]) for r in v["roster"]["records"] if r["path"] == ["L02"]],
        ),
    ),
    Mutant(
        "a label of five digits",
        "split",
        both(
            stratum(2, label="L10000"),
            lambda v: [r.update(path=["L10000"]) for r in v["roster"]["records"] if r["path"] == ["L02"]],
        ),
        is_sound=True,
    ),
    Mutant(
        "a root of another name",
        "split",
        both(stratum(0, label="L000"), stratum(1, parent="L000"), stratum(2, parent="L000")),
    ),
    Mutant("a root with a parent", "split", stratum(0, parent="L00")),
    Mutant("two roots", "split", stratum(2, parent="")),
    Mutant(
        "more classes than children", "split", both(setting(classes=9), grouping(), parting()), is_sound=True
    ),
)
"""Mutants of the other files, and of what must fit them."""
