"""``plan.json``: where a plan comes from, what was proved of it, and all that it takes to check the proof."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Final

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Text
from zoning.evaluate import Prices
from zoning.plan import Plan
from zoning.proposal import Certificate, Proposal
from zoning.publish.result import StageResult
from zoning.zones import ZoneOptions

__all__ = ["FORMAT", "plan_json"]

FORMAT: Final = 2
"""Version of the plan files; a reader refuses a newer one."""


def plan_json(district: District, result: StageResult, *, certified: bool = True) -> str:
    """Return ``plan.json`` of one stage's result: format 2, or 1 where it holds no certificate.

    Wall-clock seconds are left out, so that the same seed gives the same bytes. Every number is written so
    that it reads back exactly. The blocks that cuts name are listed once; a cut is a row of its own: number
    of the block, number of the school, multiplier, numbers of the separator's blocks.

    Parameters
    ----------
    district
        The district.
    result
        The plan and what is known of it.
    certified
        Whether to write the certificate and what the problem was posed with. Not so for a plan that was asked
        with other seats than the folder states: nobody could check it from there.
    """
    plan, proposal = result.plan, result.proposal
    record: dict[str, object] = {
        "format": FORMAT if certified else 1,
        "made_by": f"zoning {version('zoning')}",
        "place": _pair(district.place.name),
        "stage": plan.stage,
        "year": plan.year,
        "blocks": len(plan),
        "plan_digest": plan.digest,
        "data_digest": district.place.planning_digest,
        "map_approval": district.place.map_approval,
    }
    if proposal is not None:
        record |= _proof(proposal)
    if proposal is not None and certified:
        record |= _posed(result, proposal)
    record["scorecard"] = {
        m.id: {"value": _finite(m.value), "unit": m.unit, "limit": m.limit, "source": m.source, "ok": m.ok}
        for m in result.card
    }
    parts = [f"  {_json(key)}: {_indented(value)}" for key, value in record.items()]
    if proposal is not None and certified:
        parts.append(f'  "against": {_compared(district, result.against)}')
        parts.append(f'  "feeder": {_compared(district, result.feeder)}')
        parts.append(f'  "certificate": {_certificate(proposal.certificate)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _proof(proposal: Proposal) -> Mapping[str, object]:
    return {
        "cost": _finite(proposal.cost),
        "bound": _finite(proposal.bound),
        "gap": _finite(proposal.gap),
        "pupils_over": _finite(proposal.excess),
        "unit": "pupil-seconds a day one way",
        "seed": proposal.seed,
        "iterations": proposal.iterations,
        "rules": [_pair(rule) for rule in proposal.rules],
        "notes": [_pair(note) for note in proposal.notes],
        "prices": {school: _finite(proposal.prices[school]) for school in sorted(proposal.prices)},
    }


def _posed(result: StageResult, proposal: Proposal) -> Mapping[str, object]:
    """Return what the problem was posed with, beside the district's own data."""
    options, prices = _asked(result)
    return {
        "options": options.record(),
        "journey_prices": {name: _finite(price) for name, price in asdict(prices).items()},
        "keeps_homes": messages.text("zones.rule_home") in proposal.rules,
    }


def _asked(result: StageResult) -> tuple[ZoneOptions, Prices]:
    """Return the options and prices of a result, the defaults where none were given."""
    options = ZoneOptions() if result.options is None else result.options
    return options, Prices() if result.prices is None else result.prices


def _compared(district: District, plan: Plan | None) -> str:
    """Return a plan that the problem was posed with: its digest, and its zones unless they are in force."""
    if plan is None:
        return "null"
    try:
        in_force = Plan.current(district, stage=plan.stage).rows == plan.rows
    except DataError:
        in_force = False
    said = {"digest": plan.digest, "stage": plan.stage, "year": plan.year, "in_force": in_force}
    parts = [f"    {_json(key)}: {_json(value)}" for key, value in said.items()]
    if not in_force:
        zones = [f"{_json(school)}: {_json(blocks)}" for school, blocks in plan.zones().items()]
        parts.append(f'    "zones": {_lines(zones, "{}")}')
    return "{\n" + ",\n".join(parts) + "\n  }"


def _certificate(certificate: Certificate) -> str:
    """Return multipliers, block prices and cuts as compact JSON, one rule or cut a line."""
    blocks = sorted({block for cut in certificate.cuts for block in (cut.block_id, *cut.separator)})
    schools = sorted({cut.school_id for cut in certificate.cuts})
    block = {name: number for number, name in enumerate(blocks)}
    school = {name: number for number, name in enumerate(schools)}
    prices: dict[str, dict[str, float]] = {}
    for rule, at, price in certificate.prices:
        prices.setdefault(rule, {})[at] = float(price)
    cuts = [
        _json([
            block[cut.block_id],
            school[cut.school_id],
            float(cut.multiplier),
            *(block[name] for name in cut.separator),
        ])
        for cut in certificate.cuts
    ]  # fmt: skip
    of_rules = [f"{_json(rule)}: {_json(by_school)}" for rule, by_school in prices.items()]
    paid = {block: float(price) for block, price in certificate.blocks}
    return (
        "{\n"
        f'    "prices": {_lines(of_rules, "{}")},\n'
        f'    "block_prices": {_json(paid)},\n'
        f'    "blocks": {_json(blocks)},\n'
        f'    "schools": {_json(schools)},\n'
        f'    "cuts": {_lines(cuts, "[]")}\n'
        "  }"
    )


def _lines(items: Iterable[str], brackets: str) -> str:
    every = ",\n".join(f"      {item}" for item in items)
    return f"{brackets[0]}\n{every}\n    {brackets[1]}" if every else brackets


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=float)


def _indented(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False, default=float)
    return plain.replace("\n", "\n  ")


def _pair(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _finite(value: float) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None
