"""A draw: what was committed, what the sources said, what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.constraints import Constraints
from zoning.lottery.deal import Swap
from zoning.lottery.lots import choose_items, draw_teachers, place_late
from zoning.lottery.manifest import Manifest
from zoning.lottery.polish import Scores
from zoning.lottery.records import PublicRoster
from zoning.lottery.seats import draw_seats
from zoning.lottery.seed import Revealed, draw_key, earliest, stage_key
from zoning.lottery.split import ClassSplit, split_classes
from zoning.lottery.strata import check_strata
from zoning.lottery.tickets import Tickets
from zoning.lottery.transcript import Transcript

__all__ = ["Committed", "replay_draw", "run_draw", "sizes_after", "try_draw"]

NOBODY: Final = PublicRoster(())
NOTHING: Final = Constraints()


@dataclass(frozen=True)
class Committed:
    """The public files of a commitment.

    Parameters
    ----------
    manifest, roster, constraints
        As published.
    """

    manifest: Manifest
    roster: PublicRoster = NOBODY
    constraints: Constraints = NOTHING

    def check(self) -> None:
        """Refuse a roster or constraints that are not the ones committed, or that do not fit together.

        Raises
        ------
        DrawError
            When the roster or the constraints have another digest than the manifest holds, or do not fit.
        """
        manifest, roster, asked = self.manifest, self.roster, self.constraints
        manifest.check()
        if manifest.n != len(roster) or manifest.roster != (roster.root if len(roster) else ""):
            raise DrawError(messages.text("draw.changed_roster", named=manifest.n, found=len(roster)))
        counts = (manifest.together, manifest.separate, manifest.closed)
        found = (len(asked.together), len(asked.separate), len(asked.closed))
        if counts != found or manifest.constraints != asked.root:
            raise DrawError(messages.text("draw.changed_constraints"))
        asked.check(roster.sids)
        if any(not 1 <= number <= manifest.classes for _, number in asked.closed):
            raise DrawError(messages.text("draw.wrong_shape", place="constraints.closed"))
        for record in roster.records:
            if (record.path and manifest.kind != "split") or (
                (record.family or record.choices) and manifest.kind != "seat"
            ):
                raise DrawError(messages.text("draw.wrong_shape", place=f"records.{record.sid}"))
        if manifest.kind == "split":
            check_strata(manifest.strata, roster.records)


def _result(
    committed: Committed, tickets: Tickets, scores: Scores | None, polish: Sequence[Swap]
) -> tuple[Sequence[tuple[str, int | str]], ClassSplit | None]:
    manifest, roster, asked = committed.manifest, committed.roster, committed.constraints
    if manifest.kind == "split":
        split = split_classes(roster, manifest, asked, tickets, scores=scores, polish=polish)
        return split.placed, split
    if manifest.kind == "seat":
        return draw_seats(roster, manifest.seats, tickets).placed, None
    if manifest.kind == "late":
        return place_late(roster, manifest.capacities, asked, tickets), None
    if manifest.kind == "teacher":
        return draw_teachers(manifest.items, tickets), None
    return choose_items(manifest.items, manifest.choose, tickets), None


def sizes_after(manifest: Manifest, transcript: Transcript) -> tuple[int, ...]:
    """Return the children of every class after a split or a late batch."""
    before = manifest.capacities if manifest.kind == "late" else (0,) * manifest.classes
    homes = [goal for _, goal in transcript.result]
    return tuple(size + homes.count(str(number)) for number, size in enumerate(before, start=1))


def try_draw(committed: Committed) -> None:
    """Refuse a commitment that could never be drawn, by drawing it once with a key that means nothing.

    Parameters
    ----------
    committed
        The public files, checked.

    Raises
    ------
    DrawError
        When no attempt keeps every promise, a choice names a school without seats, or no class is open.
    """
    _result(committed, Tickets(bytes(32)), None, ())


def replay_draw(
    committed: Committed,
    revealed: Sequence[Revealed],
    *,
    scores: Scores | None = None,
    polish: Sequence[Swap] = (),
) -> Transcript:
    """Return the transcript that follows from a commitment and what the sources said, whatever the time.

    Parameters
    ----------
    committed
        The public files.
    revealed
        What each source said.
    scores
        Scores in tenths by child, where the manifest allows a polish.
    polish
        The swaps of a published polish, when it is checked without the scores.

    Raises
    ------
    DrawError
        When the files are not those committed, a source is not what was named, or no attempt succeeds.
    """
    committed.check()
    manifest = committed.manifest
    key = stage_key(draw_key(manifest.commitment, manifest.sources, revealed), manifest.stage)
    result, split = _result(committed, Tickets(key), scores, polish)
    return Transcript(
        manifest.commitment.hex(),
        manifest.stage,
        key.hex(),
        manifest.mode == "rehearsal",
        tuple(revealed),
        split.attempt if split else 0,
        split.swaps if split else (),
        tuple((name, str(goal)) for name, goal in result),
    )


def run_draw(
    committed: Committed,
    revealed: Sequence[Revealed],
    *,
    now: int,
    earlier: Transcript | None = None,
    scores: Scores | None = None,
) -> Transcript:
    """Return the transcript of a draw that is due.

    Parameters
    ----------
    committed
        The public files.
    revealed
        What each source said.
    now
        Seconds since 1970 UTC; a rehearsal injects its own.
    earlier
        Transcript of this commitment that exists already; the same seed is replayed, another one refused.
    scores
        Scores in tenths by child, where the manifest allows a polish.

    Raises
    ------
    DrawError
        When the draw is not due, was run before with another seed, lacks the scores of its polish, or
        :func:`replay_draw` refuses it.
    """
    manifest = committed.manifest
    commitment = manifest.commitment.hex()
    if earlier and earlier.commitment == commitment and earlier.seed != tuple(revealed):
        raise DrawError(messages.text("draw.repeated", draw=manifest.draw))
    if manifest.polish and not scores:
        raise DrawError(messages.text("draw.no_scores"))
    due = earliest(manifest.sources, revealed)
    if now < due:
        when = datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        raise DrawError(messages.text("draw.early", time=when))
    found = replay_draw(committed, revealed, scores=scores)
    if earlier and earlier.commitment == commitment and earlier != found:
        raise DrawError(messages.text("draw.tampered", place="transcript"))
    return found
