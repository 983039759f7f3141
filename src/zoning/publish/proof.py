"""What the atlas shows of a plan's proof: cost and bound, what binds, and why each block has its school."""

import math
from collections.abc import Iterable, Mapping

from zoning.publish.binding import binding_rules
from zoning.publish.result import StageResult

__all__ = ["proof_content"]


def proof_content(result: StageResult, number: Mapping[str, int], blocks: Iterable[str]) -> dict[str, object]:
    """Return ``proof``, ``binds`` and ``reasons`` of a stage, ready for JSON.

    Parameters
    ----------
    result
        The plan and what is known of it.
    number
        Number of each school on the page.
    blocks
        Ids of the blocks in the page's order.
    """
    return {
        "proof": _proof(result),
        "binds": _binds(result, number),
        "reasons": _reasons(result, number, blocks),
    }


def _proof(result: StageResult) -> dict[str, object] | None:
    proposal = result.proposal
    if proposal is None or not math.isfinite(proposal.cost + proposal.bound):
        return None
    gap = proposal.gap
    return {
        "gap": gap if math.isfinite(gap) else None,
        "over": proposal.excess,
        "cost": proposal.cost,
        "bound": proposal.bound,
        "seed": proposal.seed,
        "iterations": proposal.iterations,
    }


def _binds(result: StageResult, number: Mapping[str, int]) -> list[dict[str, object]]:
    """Return what binds, dearest first: rule in words, school, minutes a day that one unit would save."""
    every = () if result.proposal is None else binding_rules(result.proposal)
    return [
        {
            "rule": [one.label.en, one.label.zh],
            "schools": [number[school] for school in one.school_ids],
            "minutes": round(one.minutes, 2),
        }
        for one in every
        if set(one.school_ids) <= set(number)
    ]


def _reasons(
    result: StageResult, number: Mapping[str, int], blocks: Iterable[str]
) -> dict[str, object] | None:
    """Return each sentence once, and by block its number, the nearest school and tenths of minutes longer."""
    reasons = {} if result.proposal is None else result.proposal.reasons
    if not reasons:
        return None
    sentences: dict[tuple[str, str], int] = {}
    why: list[int] = []
    nearest: list[int] = []
    extra: list[int] = []
    for block in blocks:
        reason = reasons.get(block)
        if reason is None:
            why.append(-1)
            nearest.append(-1)
            extra.append(0)
            continue
        why.append(sentences.setdefault((reason.text.en, reason.text.zh), len(sentences)))
        nearest.append(number.get(reason.nearest, -1))
        extra.append(round(reason.extra_s / 6))
    return {"texts": [list(pair) for pair in sentences], "of": why, "nearest": nearest, "extra": extra}
