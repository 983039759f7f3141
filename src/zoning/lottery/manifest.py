"""The manifest: everything that is fixed before any randomness exists. Its digest is the commitment."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast, get_args

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.canonical import check_shape, decode, encode
from zoning.lottery.seed import Ladder
from zoning.lottery.source_forms import read_source
from zoning.lottery.strata import ROOT, Stratum
from zoning.lottery.terms_check import check_terms

__all__ = ["Kind", "Manifest", "Mode", "Program", "Rules", "digest_groups"]

Kind = Literal["split", "seat", "teacher", "inspect", "late"]
Mode = Literal["draw", "rehearsal", "lowtech"]
FORMAT: Final = "lot/manifest/1"
_USUAL: Final = -1
ATTEMPTS: Final = 1000
"""Most attempts of a split unless the rules say otherwise."""
_KINDS: Final = ("split", "seat", "teacher", "inspect", "late")
_PLAIN: Final = (
    "attempts", "batch", "choose", "classes", "contact", "draw", "mode", "n", "place", "polish", "previous",
    "published", "purpose", "roster", "school",
)  # fmt: skip
"""Keys that the value and the file call and hold alike."""
_PROGRAM: Final = {"digest": str, "name": str, "verifier": str, "version": str}
_SHAPE: Final = {
    "algorithm": str, "attempts": int, "batch": int, "capacities": [int], "choose": int, "classes": int,
    "constraints": {"closed": int, "root": str, "separate": int, "together": int},
    "contact": str, "draw": str, "equal": int, "format": str, "items": [str], "levels": [str], "mode": str,
    "n": int, "place": str, "polish": int, "previous": str, "program": _PROGRAM, "published": int,
    "purpose": str, "roster": str, "rules": {"late": str, "twins": str, "void": str, "waiting": str},
    "school": str, "seats": [{"school": str, "seats": int}],
    "strata": [{"count": int, "label": str, "parent": str}],
}  # fmt: skip


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


@dataclass(frozen=True, slots=True)
class Program:
    """What computes the draw, and the page that checks it.

    Parameters
    ----------
    name, version
        The package.
    digest, verifier
        SHA-256 of the package's file and of the verifier page, hex.
    """

    name: str = "zoning"
    version: str = ""
    digest: str = ""
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in words, as they are printed.

    Parameters
    ----------
    twins, late, waiting, void
        Of twins, late arrivals, the waiting list and what makes the draw void.
    """

    twins: str = ""
    late: str = ""
    waiting: str = ""
    void: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """All terms of one draw.

    Parameters
    ----------
    kind
        What is drawn: ``split``, ``seat``, ``teacher``, ``inspect`` or ``late``.
    draw, place, school, purpose, contact
        Names, as printed.
    mode
        ``draw``; ``rehearsal``: then every output is void; ``lowtech``: three balls choose one of 1,000
        splits that were published before.
    published
        When the commitment is published, seconds since 1970 UTC.
    sources
        Seed sources in order, each with what stands in for it.
    n, roster
        Children, and the root of their public records, hex.
    constraints, together, separate, closed
        Digest of the constraints, hex, and their counts.
    classes, capacities, equal
        How many classes; their sizes (of a late batch: before it); whether sizes are equal within one.
    levels, strata
        What the levels are, in words; the tree.
    attempts, polish
        Most attempts of a split (1000 unless given; 0 in other draws), and most swaps of a score polish (0
        for none).
    seats
        Seats by school, for a seat draw.
    items, choose
        Ids to draw among (teachers, schools to inspect), and how many are chosen.
    batch
        Number of a late batch, from 1.
    previous
        Commitment of the draw that this one follows, hex; empty for the first.
    program, rules
        What computes it, and the rules in words.
    """

    kind: Kind
    draw: str
    published: int
    sources: tuple[Ladder, ...]
    n: int = 0
    roster: str = ""
    constraints: str = ""
    together: int = 0
    separate: int = 0
    closed: int = 0
    classes: int = 0
    capacities: tuple[int, ...] = ()
    equal: bool = True
    levels: tuple[str, ...] = ()
    strata: tuple[Stratum, ...] = (Stratum(ROOT, "", 0),)
    attempts: int = _USUAL
    polish: int = 0
    seats: tuple[tuple[str, int], ...] = ()
    items: tuple[str, ...] = ()
    choose: int = 0
    batch: int = 0
    previous: str = ""
    place: str = ""
    school: str = ""
    purpose: str = ""
    contact: str = ""
    mode: Mode = "draw"
    program: Program = field(default_factory=Program)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        if self.attempts == _USUAL:
            object.__setattr__(self, "attempts", ATTEMPTS if self.kind == "split" else 0)

    @property
    def stage(self) -> str:
        """Name of the stage whose key is used."""
        return f"late:{self.batch}" if self.kind == "late" else self.kind

    @property
    def commitment(self) -> bytes:
        """SHA-256 of the manifest, 32 bytes."""
        return hashlib.sha256(self.octets()).digest()

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the public file holds them."""
        counts = {"closed": self.closed, "separate": self.separate, "together": self.together}
        program, rules = self.program, self.rules
        return {key: getattr(self, key) for key in _PLAIN} | {
            "algorithm": f"lot/{self.kind}/1",
            "capacities": list(self.capacities),
            "constraints": counts | {"root": self.constraints},
            "equal": int(self.equal),
            "format": FORMAT,
            "items": list(self.items),
            "levels": list(self.levels),
            "program": {key: getattr(program, key) for key in _PROGRAM},
            "rules": {key: getattr(rules, key) for key in ("late", "twins", "void", "waiting")},
            "seats": [{"school": school, "seats": seats} for school, seats in self.seats],
            "sources": [[source.as_json() for source in ladder] for ladder in self.sources],
            "strata": [stratum.as_json() for stratum in self.strata],
        }

    def octets(self) -> bytes:
        """Return the bytes of the public file."""
        return encode(self.as_json(), place="manifest")

    def check(self) -> None:
        """Refuse terms that could not be kept or would let somebody choose the outcome.

        Raises
        ------
        DrawError
            When sources are weak or out of order, come less than 72 hours after publication, a field does not
            belong to this kind of draw, sizes do not add up, or ids stand twice.
        """
        check_terms(self)

    @classmethod
    def of(cls, data: bytes) -> "Manifest":
        """Return the manifest that a public file holds, checked.

        Raises
        ------
        DrawError
            When the file is not canonical, has a field too few or too many, or its terms are refused.
        """
        value = decode(data, name="manifest")
        ladders = value.pop("sources", None) if isinstance(value, dict) else None
        check_shape(value, _SHAPE, "manifest")
        if not isinstance(ladders, list) or not all(isinstance(ladder, list) for ladder in ladders):
            raise _refuse("wrong_shape", place="manifest.sources")
        manifest = _read(value, tuple(tuple(read_source(s, "source") for s in ladder) for ladder in ladders))
        if manifest.octets() != data:
            raise _refuse("not_canonical", place="manifest")
        manifest.check()
        return manifest


def _read(value: Mapping[str, Any], sources: tuple[Ladder, ...]) -> Manifest:
    kind, mode = value["algorithm"].split("/")[1:2], value["mode"]
    if value["algorithm"] not in [f"lot/{k}/1" for k in _KINDS] or mode not in get_args(Mode):
        raise _refuse("unknown_version", name=value["algorithm"])
    named = (value["roster"], value["previous"], value["program"]["digest"], value["program"]["verifier"])
    if not all(re.fullmatch(r"(|[0-9a-f]{64})", digest) for digest in named):
        raise _refuse("wrong_shape", place="manifest")
    asked = value["constraints"]
    return Manifest(
        kind=cast("Kind", kind[0]),
        sources=sources,
        constraints=asked["root"],
        together=asked["together"],
        separate=asked["separate"],
        closed=asked["closed"],
        capacities=tuple(value["capacities"]),
        equal=bool(value["equal"]),
        items=tuple(value["items"]),
        levels=tuple(value["levels"]),
        program=Program(**value["program"]),
        rules=Rules(**value["rules"]),
        seats=tuple((item["school"], item["seats"]) for item in value["seats"]),
        strata=tuple(Stratum(s["label"], s["parent"], s["count"]) for s in value["strata"]),
        **{key: value[key] for key in _PLAIN},
    )


def digest_groups(digest: bytes) -> str:
    """Return a digest of 32 bytes as 16 groups of four hexadecimal digits, to be read aloud.

    Examples
    --------
    >>> digest_groups(bytes(32))[:14]
    '0000 0000 0000'
    """
    return digest.hex(" ", 2)
