"""One mutation of manifest and transcript for each rule of the specification."""

from collections.abc import Callable
from typing import Final

from tests.lottery.cases import DICE, DRAND
from tests.publish.draw_edits import (
    Mutant,
    Value,
    both,
    grouping,
    parting,
    setting,
)

DRAWS: Final = ("split", "seat", "late", "teacher", "inspect")
ROOT: Final = {"count": 0, "label": "L00", "parent": ""}
OTHER: Final[dict[str, tuple[dict[str, object], tuple[str, ...]]]] = {
    "n": ({"n": 1, "roster": "0" * 64}, ("teacher", "inspect")),
    "roster": ({"roster": "0" * 64}, ("teacher", "inspect")),
    "classes": ({"classes": 2}, ("seat", "teacher", "inspect")),
    "equal": ({"equal": 0}, ("seat", "late", "teacher", "inspect")),
    "capacities": ({"capacities": [4, 4]}, ("split", "seat", "teacher", "inspect")),
    "levels": ({"levels": ["gender"]}, ("seat", "late", "teacher", "inspect")),
    "attempts": ({"attempts": 1000}, ("seat", "late", "teacher", "inspect")),
    "polish": ({"polish": 1}, ("seat", "late", "teacher", "inspect")),
    "seats": ({"seats": [{"school": "P1", "seats": 1}]}, ("split", "late", "teacher", "inspect")),
    "items": ({"items": ["P1"]}, ("split", "seat", "late")),
    "choose": ({"choose": 1}, ("split", "seat", "late", "teacher")),
    "batch": ({"batch": 1}, ("split", "seat", "teacher", "inspect")),
    "mode": (
        {"mode": "lowtech", "sources": [[{"at": DRAND.at, "count": 3, "type": "balls"}]]},
        ("seat", "late", "teacher", "inspect"),
    ),
    "count": ({"strata": [ROOT | {"count": 1}]}, ("seat", "late", "teacher", "inspect")),
    "no strata": ({"strata": []}, DRAWS),
}
"""Values of keys that do not apply to a kind of draw."""

APPLIES: Final = tuple(
    Mutant(f"{key} of {base}", base, setting(**value), seed=((0, "123"),) if key == "mode" else None)
    for key, (value, bases) in OTHER.items()
    for base in bases
)

KEYS: Final = (
    *(
        Mutant(f"honest {base}", base, setting(), is_sound=True)
        for base in (*DRAWS, "sized", "lowtech", "rehearsal")
    ),
    Mutant("no class", "split", setting(classes=0)),
    Mutant("10000 classes", "split", both(setting(classes=10000, attempts=1), grouping(), parting())),
    Mutant(
        "9999 classes", "split", both(setting(classes=9999, attempts=1), grouping(), parting()), is_sound=True
    ),
    Mutant("no attempt", "split", setting(attempts=0)),
    Mutant("10001 attempts", "split", setting(attempts=10001)),
    Mutant("10000 attempts", "split", setting(attempts=10000), is_sound=True),
    Mutant("equal is 2", "split", setting(equal=2)),
    Mutant("no levels", "split", setting(levels=[]), is_sound=True),
    Mutant("polish of a split", "split", setting(polish=3), is_sound=True),
    Mutant("polish in the low-tech mode", "lowtech", setting(polish=1)),
    Mutant("sizes that add up to less", "sized", setting(capacities=[5, 2])),
    Mutant("a size too many", "sized", setting(capacities=[5, 2, 1])),
    Mutant("a size below 0", "sized", setting(capacities=[9, -1])),
    Mutant("a size of 0", "sized", both(setting(capacities=[8, 0]), parting()), is_sound=True),
    Mutant("sizes of a late batch", "late", setting(capacities=[10, 9])),
    Mutant("an empty class before a late batch", "late", setting(capacities=[10, 0, 9]), is_sound=True),
    Mutant("batch 0", "late", setting(batch=0)),
    Mutant("batch 12", "late", setting(batch=12), is_sound=True),
    Mutant("late after a draw", "late", setting(previous="a" * 64), is_sound=True),
    Mutant("previous in capitals", "late", setting(previous="A" * 64)),
    Mutant("previous too short", "late", setting(previous="a" * 63)),
    Mutant("no seats", "seat", setting(seats=[])),
    Mutant("seats out of order", "seat", lambda v: v["manifest"]["seats"].reverse()),
    Mutant("a school twice", "seat", lambda v: v["manifest"]["seats"].append(v["manifest"]["seats"][-1])),
    Mutant(
        "a school without seats", "seat", lambda v: v["manifest"]["seats"][0].update(seats=0), is_sound=True
    ),
    Mutant("seats below 0", "seat", lambda v: v["manifest"]["seats"][0].update(seats=-1)),
    Mutant("no teachers", "teacher", setting(items=[])),
    Mutant("teachers out of order", "teacher", setting(items=["T2", "T1"])),
    Mutant("a teacher twice", "teacher", setting(items=["T1", "T1"])),
    Mutant("no schools to inspect", "inspect", setting(items=[], choose=0)),
    Mutant("choose none", "inspect", setting(choose=0)),
    Mutant("choose all", "inspect", setting(choose=5), is_sound=True),
    Mutant("choose too many", "inspect", setting(choose=6)),
    Mutant("another mode", "split", setting(mode="test")),
    Mutant("another algorithm", "split", setting(algorithm="lot/split/2")),
    Mutant(
        "program without digests",
        "split",
        lambda v: v["manifest"]["program"].update(digest="", verifier=""),
        is_sound=True,
    ),
    Mutant("program in capitals", "split", lambda v: v["manifest"]["program"].update(digest="A" * 64)),
    Mutant("verifier too short", "split", lambda v: v["manifest"]["program"].update(verifier="a" * 40)),
    Mutant(
        "roster in capitals", "split", lambda v: v["manifest"].update(roster=v["manifest"]["roster"].upper())
    ),
    Mutant("published late", "split", setting(published=DICE.at - 72 * 3600 + 1)),
    Mutant("published in time", "split", setting(published=DICE.at - 72 * 3600), is_sound=True),
    Mutant("a rehearsal published late", "rehearsal", setting(published=DRAND.at), is_sound=True),
    Mutant("low-tech published late", "lowtech", setting(published=DRAND.at - 72 * 3600 + 1)),
    Mutant(
        "no roster",
        "split",
        lambda v: (
            v["roster"]["records"].clear(),
            v["constraints"].update(together=[], separate=[]),
            v["manifest"].update(n=0, roster=""),
        ),
    ),
    Mutant("a hidden key", "split", setting(note="")),
    Mutant("a key less", "split", lambda v: v["manifest"].pop("previous")),
    Mutant("a time below 0", "split", setting(published=-1)),
)

WORDS: Final = (
    *(
        Mutant(f"a purpose with {ord(bad):04X}", "split", setting(purpose=f"a{bad}b"))
        for bad in "\x00\t\n\x7f\x85\xad\u061c\u200b\u200d\u202e\u2028\u2029\u2066\ufeff\ue000\ufdd0"
        "\U000e0001\U0010ffff"
    ),
    *(
        Mutant(f"a purpose with {ord(good):04X}", "split", setting(purpose=f"a{good}b"), is_sound=True)
        for good in ' \xa0\u3000"\\/<\xe9\u0915\u4e00\uff11\U0001f3eb\U00020000'
    ),
    Mutant("a purpose that is not in form C", "split", setting(purpose="e\u0301")),
    Mutant("a purpose of a compatibility ideograph", "split", setting(purpose="\uf900")),
    Mutant("an empty purpose", "split", setting(purpose=""), is_sound=True),
    Mutant("a count of 2**53", "split", setting(published=2**53)),
    Mutant("a fraction", "split", setting(published=1.5)),
    Mutant("yes as true", "split", setting(equal=True)),
    Mutant("null", "split", setting(previous=None)),
    Mutant("a number as text", "split", setting(polish="0")),
    Mutant("a table as a list", "split", setting(rules=[])),
)
"""Strings and numbers that canonical JSON allows, and those that it does not."""


def _said(**keys: object) -> Callable[[Value], object]:
    return lambda v: v.update(keys)


TRANSCRIPTS: Final = (
    Mutant("another stage", "split", _said(stage="seat")),
    Mutant("another key", "split", _said(key="0" * 64)),
    Mutant("the key in capitals", "split", lambda v: v.update(key=v["key"].upper())),
    Mutant("another commitment", "split", _said(commitment="0" * 64)),
    Mutant("another attempt", "split", _said(attempt=2)),
    Mutant("a mark of void", "split", _said(void=1)),
    Mutant("no mark of void", "rehearsal", _said(void=0)),
    Mutant("another root", "split", _said(root="0" * 64)),
    Mutant("no exchanges", "split", _said(swaps=[])),
    Mutant("exchanges of no reason", "split", lambda v: v["swaps"][0].update(why="luck")),
    Mutant(
        "a polish that was not announced",
        "split",
        lambda v: v["swaps"].append(v["swaps"][0] | {"why": "polish"}),
    ),
    Mutant("another class", "split", lambda v: v["result"][0].update(to="2")),
    Mutant("results out of order", "split", lambda v: v["result"].reverse()),
    Mutant("a result too few", "split", lambda v: v["result"].pop()),
    Mutant("a result of a stranger", "split", lambda v: v["result"].append({"id": "Z", "to": "1"})),
    Mutant("a class as a number", "split", lambda v: v["result"][0].update(to=1)),
    Mutant("a hidden key in a transcript", "split", _said(note="")),
    Mutant("a seed of another rung", "split", lambda v: v["seed"][0].update(rung=1)),
    Mutant("a rung below 0", "split", lambda v: v["seed"][0].update(rung=-1)),
    Mutant(
        "a signature in capitals", "split", lambda v: v["seed"][1].update(value=v["seed"][1]["value"].upper())
    ),
    Mutant("another digit of the dice", "split", lambda v: v["seed"][0].update(value="1" * 20)),
    Mutant("another number of the balls", "lowtech", lambda v: v["seed"][0].update(value="418")),
    Mutant("another stage of a late batch", "late", _said(stage="late:2")),
    Mutant("a child without a seat has one", "seat", lambda v: v["result"][0].update(to="P1")),
    Mutant("an attempt of a seat draw", "seat", _said(attempt=1)),
    Mutant("another turn", "inspect", lambda v: v["result"].reverse()),
)
"""Transcripts that honest files do not give; what is edited is the transcript itself."""
