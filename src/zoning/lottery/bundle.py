"""The private bundle: what the office keeps, enough to run the draw and to prove nothing was changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.canonical import check_shape, decode, encode
from zoning.lottery.constraints import Constraints
from zoning.lottery.draw import Committed, replay_draw
from zoning.lottery.manifest import Manifest
from zoning.lottery.records import PrivateRecord, PublicRoster, record_digest, secret_of
from zoning.lottery.transcript import Transcript
from zoning.roster import Roster

__all__ = ["PRIVATE", "Bundle", "open_bundle", "public_octets", "school_numbers"]

PRIVATE: Final = "private.json"
FORMAT: Final = "lot/bundle/1"
_RECORD: Final = {
    "address": str, "birth_date": str, "choices": [str], "format": str, "gender": str, "kindergarten": str,
    "name": str, "need": str, "registered_at": str, "scores": [{"subject": str, "tenths": int}], "sid": str,
    "tier": int, "together": int, "twin_group": str,
}  # fmt: skip
_SHAPE: Final = {"children": [{"code": str, "number": str, "record": _RECORD}], "format": str}


@dataclass(frozen=True)
class Bundle:
    """Public files with what stands behind them.

    Parameters
    ----------
    public
        As published.
    children
        Private record, receipt code and the school's own number of each child, in the order of the roster.
    """

    public: Committed
    children: tuple[Mapping[str, Any], ...] = field(repr=False)

    @property
    def scores(self) -> dict[str, tuple[int, ...]] | None:
        """Scores in tenths by child, subjects in order; None where no polish needs them."""
        if not self.public.manifest.polish:
            return None
        records = [one["record"] for one in self.children]
        return {r["sid"]: tuple(score["tenths"] for score in r["scores"]) for r in records}

    def replay(self, said: Transcript) -> Transcript:
        """Return the transcript that follows from its seed; a score polish is made again from the scores.

        Parameters
        ----------
        said
            A transcript of this draw.

        Raises
        ------
        DrawError
            When the files are not those committed, or a source is not what was named.
        """
        scores = self.scores
        return replay_draw(self.public, said.seed, scores=scores, polish=() if scores else said.polish())

    def octets(self) -> bytes:
        """Return the bytes of the private file."""
        return encode({"children": list(self.children), "format": FORMAT}, place=PRIVATE)

    def check_records(self) -> None:
        """Refuse private records that are not the ones behind the public digests.

        Raises
        ------
        DrawError
            When a child was added, removed or changed since the commitment.
        """
        found = {
            one["record"]["sid"]: record_digest(encode(one["record"]), secret_of(one["code"]))
            for one in self.children
        }
        if found != {record.sid: record.h for record in self.public.roster.records}:
            named = len(self.public.roster)
            raise DrawError(messages.text("draw.changed_roster", named=named, found=len(self.children)))

    def check_roster(self, roster: Roster) -> None:
        """Refuse a roster file whose children are not the committed ones; their order does not matter.

        Raises
        ------
        DrawError
            When a child was added, removed or changed since the commitment.
        """
        numbers = school_numbers(roster)
        now = Counter(
            (number, PrivateRecord(replace(a, sid="")).octets("roster"))
            for a, number in zip(roster, numbers, strict=True)
        )
        then = Counter((one["number"], encode(one["record"] | {"sid": ""})) for one in self.children)
        if now != then:
            named = len(self.children)
            raise DrawError(messages.text("draw.changed_roster", named=named, found=len(roster)))


def public_octets(public: Committed) -> dict[str, bytes]:
    """Return the bytes of the three public files of a commitment, by file name."""
    return {
        "manifest.json": public.manifest.octets(),
        "roster.json": public.roster.octets(),
        "constraints.json": public.constraints.octets(),
    }


def school_numbers(roster: Roster) -> tuple[str, ...]:
    """Return the numbers that the school gave; empty ones when rows were merely counted."""
    return tuple(a.sid if roster.is_numbered else "" for a in roster)


def _octets(path: Path) -> bytes:
    if not path.is_file():
        raise DrawError(messages.text("draw.not_a_bundle", folder=path.parent, file=path.name))
    return path.read_bytes()


def open_bundle(folder: str | Path) -> Bundle:
    """Return the bundle of a folder, everything in it checked against the commitment.

    Raises
    ------
    DrawError
        When a file is missing, not canonical or was changed since the commitment.
    """
    home = Path(folder)
    value = decode(_octets(home / PRIVATE), name=PRIVATE)
    check_shape(value, _SHAPE, PRIVATE)
    public = Committed(
        Manifest.of(_octets(home / "manifest.json")),
        PublicRoster.of(_octets(home / "roster.json")),
        Constraints.of(_octets(home / "constraints.json")),
    )
    bundle = Bundle(public, tuple(value["children"]))
    public.check()
    bundle.check_records()
    return bundle
