"""The class split: attempts in order, the first that keeps every promise is the result."""

from collections.abc import Sequence
from dataclasses import dataclass

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.constraints import Constraints
from zoning.lottery.deal import Seating, Swap, deal_attempt, keeps_shares
from zoning.lottery.manifest import Manifest
from zoning.lottery.polish import Scores, follow_polish, polish_scores
from zoning.lottery.records import PublicRoster
from zoning.lottery.swaps import join_groups, keeps_constraints, part_pairs
from zoning.lottery.tickets import Tickets

__all__ = ["ClassSplit", "split_classes"]


@dataclass(frozen=True)
class ClassSplit:
    """The result of a split.

    Parameters
    ----------
    placed
        Child and class (from 1), sorted by child.
    attempt
        Number of the first attempt that kept every promise, from 1.
    swaps
        Exchanges of that attempt, in order.
    """

    placed: tuple[tuple[str, int], ...]
    attempt: int
    swaps: tuple[Swap, ...]


def _attempt(
    roster: PublicRoster, manifest: Manifest, constraints: Constraints, tickets: Tickets, attempt: int
) -> Seating | None:
    capacities = () if manifest.equal else manifest.capacities
    seating = deal_attempt(
        roster.records,
        manifest.strata,
        tickets,
        attempt,
        classes=manifest.classes,
        capacities=capacities,
        bound=constraints.bound,
    )
    made = join_groups(seating, constraints, tickets, attempt) and part_pairs(
        seating, constraints, tickets, attempt
    )
    sizes = capacities or [1] * manifest.classes
    kept = made and keeps_shares(seating, manifest.strata, sizes)
    return seating if kept and keeps_constraints(seating.placed, constraints) else None


def split_classes(
    roster: PublicRoster,
    manifest: Manifest,
    constraints: Constraints,
    tickets: Tickets,
    *,
    scores: Scores | None = None,
    polish: Sequence[Swap] = (),
) -> ClassSplit:
    """Return the split of a roster into classes.

    Parameters
    ----------
    roster, manifest, constraints
        As committed and checked.
    tickets
        Chance of stage ``split``.
    scores
        Scores in tenths by child, where the manifest allows a polish.
    polish
        The swaps of a published polish, when a split is checked without the scores.

    Raises
    ------
    DrawError
        When no attempt keeps every promise, or a published polish breaks its rules.
    """
    for attempt in range(1, manifest.attempts + 1):
        seating = _attempt(roster, manifest, constraints, tickets, attempt)
        if seating is None:
            continue
        if scores and manifest.polish:
            polish_scores(seating, scores, manifest.polish)
        else:
            follow_polish(seating, polish, manifest.polish)
        return ClassSplit(tuple(sorted(seating.placed.items())), attempt, tuple(seating.swaps))
    raise DrawError(messages.text("draw.no_attempt", attempts=manifest.attempts))
