"""Checking a draw from public files alone: everything is computed again and compared byte by byte."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from zoning import messages
from zoning.errors import DrawError, Text
from zoning.lottery.constraints import Constraints
from zoning.lottery.draw import Committed, replay_draw, sizes_after
from zoning.lottery.manifest import Manifest
from zoning.lottery.records import PublicRoster
from zoning.lottery.sources import Balls, Dice, Drand, Lottery
from zoning.lottery.transcript import Transcript

__all__ = ["FILES", "Verified", "check_follows", "read_public_files", "verify_draw"]

FILES: Final = ("manifest", "roster", "constraints")
"""Files beside a transcript, each with the ending ``.json``."""


@dataclass(frozen=True)
class Verified:
    """A draw that was computed again and agreed.

    Parameters
    ----------
    transcript, committed
        The draw, and what was committed before.
    proved, unproved
        What this has shown, and what public files cannot show.
    """

    transcript: Transcript
    committed: Committed
    proved: tuple[Text, ...]
    unproved: tuple[Text, ...]


def read_public_files(transcript: str | Path) -> tuple[bytes, dict[str, bytes]]:
    """Return the bytes of a transcript and of the files beside it.

    Parameters
    ----------
    transcript
        Path of the transcript; the other files stand in the same folder.

    Raises
    ------
    DrawError
        When a file is missing.
    """
    path = Path(transcript)
    found = {}
    for name in FILES:
        beside = path.with_name(f"{name}.json")
        if not beside.is_file():
            raise DrawError(messages.text("draw.missing_file", file=beside.name))
        found[name] = beside.read_bytes()
    if not path.is_file():
        raise DrawError(messages.text("draw.missing_file", file=path.name))
    return path.read_bytes(), found


def verify_draw(transcript: bytes, files: Mapping[str, bytes], *, promised: str = "") -> Verified:
    """Compute a draw again from its public files and compare every byte.

    Parameters
    ----------
    transcript
        Bytes of the transcript.
    files
        Bytes of ``manifest``, ``roster`` and ``constraints``.
    promised
        The commitment as it was published before the draw, 64 hexadecimal digits, blanks allowed.

    Raises
    ------
    DrawError
        When anything does not follow from the rest.
    PolicyError
        When groups and pairs contradict each other.
    """
    for name in FILES:
        if name not in files:
            raise DrawError(messages.text("draw.missing_file", file=f"{name}.json"))
    said = Transcript.of(transcript)
    manifest = Manifest.of(files["manifest"])
    commitment = manifest.commitment.hex()
    if said.commitment != commitment or "".join(promised.lower().split()) not in ("", commitment):
        raise DrawError(messages.text("draw.manifest_swapped"))
    committed = Committed(manifest, PublicRoster.of(files["roster"]), Constraints.of(files["constraints"]))
    found = replay_draw(committed, said.seed, polish=said.polish())
    if found.octets() != transcript:
        ours, theirs = found.as_json(), said.as_json()
        place = ", ".join(key for key in sorted(ours) if ours[key] != theirs[key])
        raise DrawError(messages.text("draw.tampered", place=place))
    return _verified(said, committed, promised=bool(promised))


def check_follows(later: Verified, earlier: Verified) -> Verified:
    """Return a late batch or a teachers' draw that follows an earlier draw, which is then proved too.

    Parameters
    ----------
    later, earlier
        Draws that verified.

    Raises
    ------
    DrawError
        When the later one names another draw before it, or other classes than that left.
    """
    manifest, before = later.committed.manifest, earlier.committed.manifest
    follows = {
        "late": before.kind in ("split", "late")
        and manifest.batch == before.batch + 1
        and manifest.capacities == sizes_after(before, earlier.transcript),
        "teacher": before.kind == "split" and len(manifest.items) == before.classes,
    }
    is_void = earlier.transcript.void and not later.transcript.void
    if is_void or manifest.previous != earlier.transcript.commitment or not follows.get(manifest.kind, True):
        raise DrawError(messages.text("draw.other_chain"))
    open_still = messages.text("draw.unproved_chain_of", digest=manifest.previous)
    return replace(
        later,
        proved=(*later.proved, messages.text("draw.proved_chain", draw=before.draw)),
        unproved=tuple(text for text in later.unproved if text != open_still),
    )


def _of_sources(manifest: Manifest, said: Transcript) -> list[Text]:
    """Return what no file can prove of the sources that spoke."""
    unproved: list[Text] = []
    for ladder, one in zip(manifest.sources, said.seed, strict=True):
        source = ladder[one.rung]
        if isinstance(source, Drand) and not source.is_usual:
            unproved.append(messages.text("draw.unproved_chain", chain=source.chain))
        if isinstance(source, Dice):
            unproved.append(messages.text("draw.unproved_dice", digits=one.value))
        if isinstance(source, Balls):
            unproved.append(messages.text("draw.unproved_balls", digits=one.value))
        if isinstance(source, Lottery):
            unproved.append(messages.text("draw.unproved_lottery", issue=source.issue, numbers=one.value))
    return unproved


def _verified(said: Transcript, committed: Committed, *, promised: bool) -> Verified:
    manifest = committed.manifest
    proved = [messages.text("draw.proved_files"), messages.text("draw.proved_result", count=len(said.result))]
    unproved = [messages.text("draw.unproved_private")]
    (proved if promised else unproved).append(
        messages.text(f"draw.promise_{'kept' if promised else 'unknown'}")
    )
    unproved += _of_sources(manifest, said)
    if said.polish():
        unproved.append(messages.text("draw.unproved_polish", count=len(said.polish())))
    if manifest.previous:
        unproved.append(messages.text("draw.unproved_chain_of", digest=manifest.previous))
    if manifest.mode == "lowtech":
        unproved.append(messages.text("draw.lowtech"))
    if any(one.rung for one in said.seed):
        unproved.append(messages.text("draw.unproved_rung"))
    if said.void:
        unproved.append(messages.text("draw.void"))
    return Verified(said, committed, tuple(proved), tuple(unproved))
