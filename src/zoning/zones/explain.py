"""What the least violation of the rules means: which rule binds, where, how much, and what would cure it."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from zoning import messages
from zoning.errors import Shortage, Text
from zoning.zones.elastic import TOLERANCE, Elastic
from zoning.zones.naming import name_some
from zoning.zones.posed import PosedProblem
from zoning.zones.problem import ZoneProblem
from zoning.zones.shortage import joined

__all__ = ["explain_violation"]

Mask = npt.NDArray[np.bool_]

REASONS: Final = ("within_town", "locked", "moved", "beyond_journey", "beyond_radius", "contiguous")
"""Rules that close cells, in the order in which they are offered as a cure."""


def explain_violation(
    posed: PosedProblem, problem: ZoneProblem, cells: Mask, found: Elastic
) -> tuple[Shortage, ...]:
    """Return where the hard load rules cannot be kept, by how much, and the cures.

    The schools of one shortage compete for the same pupils: the prices of the linear programme prove that
    all of them together are short by that much, whoever is sent where. A rule that closes cells is named as a
    cure where opening one of its cells would lower the violation.

    Parameters
    ----------
    posed
        The problem with its names.
    problem
        Which of its problems was stretched.
    cells
        The cells that were used, bool [block, school].
    found
        The least violation.
    """
    saves = found.helps(problem.rows) > TOLERANCE
    closed = {reason: mask & ~cells & saves for reason, mask in posed.closed.items()}
    closed["contiguous"] = problem.allowed & ~cells & saves
    shortages: list[Shortage] = []
    for row in np.flatnonzero((found.over + found.under).sum(axis=1) > TOLERANCE).tolist():
        violated = (found.over + found.under)[row]
        shortages += [
            _shortage(posed, problem, found, (row, schools), closed)
            for schools in _groups(problem, cells, found, row)
            if violated[schools].sum() > TOLERANCE
        ]
    return tuple(shortages)


def _groups(problem: ZoneProblem, cells: Mask, found: Elastic, row: int) -> list[npt.NDArray[np.intp]]:
    """Return the schools of each shortage of a row: those between which blocks are indifferent."""
    violated = (found.over + found.under)[row] > TOLERANCE
    schools = np.flatnonzero(violated | (np.abs(found.price[row]) > TOLERANCE))
    uses = (found.share[:, schools] > TOLERANCE).astype(np.float32)
    even = (cells & (np.abs(found.helps(problem.rows)) <= TOLERANCE))[:, schools].astype(np.float32)
    label = connected_components(csr_array((uses.T @ even > 0).astype(np.int8)), directed=False)[1]
    return [schools[label == one] for one in range(int(label.max(initial=-1)) + 1)]


def _shortage(
    posed: PosedProblem,
    problem: ZoneProblem,
    found: Elastic,
    place: tuple[int, npt.NDArray[np.intp]],
    closed: dict[str, Mask],
) -> Shortage:
    row, schools = place
    name = problem.rows.names[row]
    ids = tuple(posed.school_ids[school] for school in schools)
    inside = (found.share[:, schools] > TOLERANCE).any(axis=1)
    is_over = found.over[row, schools].sum() > found.under[row, schools].sum()
    cures = []
    for reason in REASONS:
        mask = closed.get(reason)
        if mask is not None and (mask[inside].any() if is_over else mask[:, schools].any()):
            cures.append(reason)
    load = float((problem.rows.weight[row] @ found.share[:, schools]).sum())
    said = [messages.text(f"zones_rules.cure_{reason}") for reason in cures]
    if name.startswith("balance"):
        return _of_balance(name, ids, float((found.over + found.under)[row, schools].sum()), said)
    if name == "least":
        wanted = float(problem.rows.lower[row, schools].sum())
        text = _text("short_least", ids, load, wanted, posed.year)
        return Shortage("least", ids, wanted, load, joined([text, *said]))
    seats = float(problem.rows.upper[row, schools].sum())
    year = int(name.partition(":")[2] or posed.year)
    text = joined([_text("short_seats", ids, load, seats, year), *said])
    where = ids
    if cures[:1] == ["within_town"]:
        where = tuple(sorted({str(town) for town in posed.towns[inside]}))
    return Shortage(cures[0] if cures else name, where, load, seats, text)


def _of_balance(name: str, ids: tuple[str, ...], short: float, said: list[Text]) -> Shortage:
    group = name.split(":")[1]
    label = messages.text(f"zones_rules.group_{group}")
    text = messages.text("zones_rules.short_balance", group=label, schools=name_some(ids), short=short)
    return Shortage(f"balance:{group}", ids, short, 0.0, joined([text, *said]))


def _text(code: str, ids: tuple[str, ...], pupils: float, seats: float, year: int) -> Text:
    whole = (math.ceil(pupils - TOLERANCE), math.floor(seats + TOLERANCE))
    if pupils < seats:  # a least intake that is not reached
        whole = (math.floor(pupils + TOLERANCE), math.ceil(seats - TOLERANCE))
    return messages.text(
        f"zones_rules.{code}",
        schools=name_some(ids),
        pupils=whole[0],
        seats=whole[1],
        short=abs(whole[0] - whole[1]),  # so that the three figures agree
        year=year,
    )
