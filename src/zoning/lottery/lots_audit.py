"""Auditing the small draws: late children, head teachers, schools to inspect. Little can go wrong in them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.audit import dummy_tickets
from zoning.lottery.draw import Committed
from zoning.lottery.findings import Lots
from zoning.lottery.lots import choose_items, draw_teachers, place_late
from zoning.lottery.significance import adjusted, binomial_ps
from zoning.lottery.tickets import Tickets

__all__ = ["audit_lots"]


def audit_lots(committed: Committed, *, draws: int = 1000, seed: int = 1) -> Lots:
    """Return how equal the chances of a small draw are, over many draws with public dummy seeds.

    Each of k teachers has each group in 1 / k of the draws, each of n schools is chosen in m / n of them, and
    late children without a wish have the same chance of each class, whatever it is.

    Parameters
    ----------
    committed
        The public files.
    draws
        How many.
    seed
        Number of the series; the same one gives the same draws everywhere.

    Raises
    ------
    DrawError
        When it is another kind of draw, no draws are asked for, or nobody is drawn.
    """
    manifest, roster = committed.manifest, committed.roster
    names = roster.sids if manifest.kind == "late" else manifest.items
    if manifest.kind not in ("late", "teacher", "inspect") or draws < 1 or not names:
        raise DrawError(messages.text("draw.no_audit"))
    committed.check()
    outcomes = {"late": manifest.classes, "teacher": len(names), "inspect": 1}[manifest.kind]
    counts = np.zeros((len(names), outcomes), dtype=np.int64)
    at = {name: row for row, name in enumerate(names)}
    for number in range(draws):
        for name, outcome in _drawn(committed, dummy_tickets(seed, number)):
            counts[at[name], outcome] += 1
    compared = _compared(committed, names)
    return _found(counts, compared, draws)


def _drawn(committed: Committed, tickets: Tickets) -> list[tuple[str, int]]:
    """Return who went where, places counted from 0; of inspections only who was chosen."""
    manifest = committed.manifest
    if manifest.kind == "late":
        late = place_late(committed.roster, manifest.capacities, committed.constraints, tickets)
        return [(name, home - 1) for name, home in late]
    if manifest.kind == "teacher":
        return [(name, group - 1) for name, group in draw_teachers(manifest.items, tickets)]
    return [(name, 0) for name, _ in choose_items(manifest.items, manifest.choose, tickets)]


def _compared(committed: Committed, names: Sequence[str]) -> list[int]:
    """Return the positions of those who have the same chances by rule."""
    asked = committed.constraints
    tied = {*asked.bound, *(sid for sid, _ in asked.closed)}
    return [row for row, name in enumerate(names) if name not in tied]


def _found(counts: npt.NDArray[np.int64], compared: list[int], draws: int) -> Lots:
    mean = tuple(float(x) for x in counts.sum(axis=0) / draws)
    if len(compared) < 2:
        return Lots(len(counts), counts.shape[1], 0, mean, 0.0, 1.0)
    free = counts[compared]
    fair = free.mean(axis=0) / draws  # of teachers 1 / k and of schools m / n exactly
    gap = float(np.abs(free / draws - fair).max())
    ps = binomial_ps(free, draws, np.broadcast_to(fair, free.shape))
    return Lots(len(counts), counts.shape[1], len(free), mean, gap, adjusted(float(ps.min()), ps.size))
