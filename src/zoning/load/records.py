"""``plan.json``: what was proved of a plan, and with what the problem was posed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problems
from zoning.load.fields import Fields, is_number, is_text, is_whole, read_object
from zoning.load.plans import FORMATS, file_of, read_plan
from zoning.load.record_options import read_options, read_prices
from zoning.plan import Plan
from zoning.proposal import Certificate, SeparatorCut

__all__ = ["Compared", "PlanRecord", "read_record", "record_beside"]

_GAP: Final = 1e-9
_PROOF: Final = ("cost", "bound", "certificate")


@dataclass(frozen=True)
class Compared:
    """A plan that a problem was posed with: the one to stay near to, or that of the stage below.

    Parameters
    ----------
    digest
        Digest of that plan.
    stage, year
        What it is of.
    plan
        The plan; None where it was the zones in force, which the district holds.
    """

    digest: str
    stage: str
    year: int
    plan: Plan | None = field(default=None, repr=False)


@dataclass(frozen=True)
class PlanRecord:
    """A plan with what its ``plan.json`` says of it.

    Parameters
    ----------
    plan
        The plan as its table holds it now.
    plan_digest, data_digest
        Digests of the plan and of the input folder when the record was written.
    cost, bound
        What was found and proved, pupil-seconds a day one way; None where nothing was stated.
    excess
        Pupils over the seats.
    seed, iterations
        What repeats the search.
    certificate
        Multipliers, cuts and block prices of the bound; None for a plan that was given, or a record of
        format 1.
    options
        Options of the zones that differ from the defaults, as ``ZoneOptions.of_record`` takes them.
    prices
        Prices of the journey cost, seconds, by name.
    keeps_homes
        Whether a block with a school in it belonged to one of them.
    against
        The plan compared with; None when nobody moved.
    feeder
        Zones of the stage below that counted in the cost; None for none.
    """

    plan: Plan
    plan_digest: str
    data_digest: str
    cost: float | None = None
    bound: float | None = None
    excess: float = 0.0
    seed: int = 0
    iterations: int = 0
    certificate: Certificate | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    prices: Mapping[str, float] = field(default_factory=dict, hash=False)
    keeps_homes: bool = True
    against: Compared | None = None
    feeder: Compared | None = None


def record_beside(path: str | Path) -> Path | None:
    """Return the ``plan.json`` that belongs to a plan file; None where there is none.

    A JSON file of another name counts only if it says its format, as a plan's record does.
    """
    beside = file_of(Path(path)).with_suffix(".json")
    if file_of(Path(path)).suffix.lower() != ".csv" or not beside.is_file():
        return None
    found = read_object(beside)
    return beside if beside.name == "plan.json" or (isinstance(found, dict) and "format" in found) else None


def read_record(path: str | Path, district: District, *, plan: Plan | None = None) -> PlanRecord:
    """Return a plan with its record: cost, bound, certificate, and what the problem was posed with.

    Records of format 1 hold no certificate.

    Parameters
    ----------
    path
        ``plan.json``, the table beside it or the folder of both.
    district
        The district.
    plan
        The plan of the table, where it was read already.

    Raises
    ------
    DataError
        Holding every problem of the file at once: bytes that are no JSON, wrong types, unknown ids, numbers
        that contradict each other, a newer format.
    """
    plan = read_plan(path, district) if plan is None else plan
    beside = file_of(Path(path)).with_suffix(".json")
    problems = Problems()
    found = read_object(beside)
    if not isinstance(found, Mapping):
        raise DataError([found])
    fields = Fields(found, beside.name, problems)
    if fields.values.get("format") not in FORMATS or isinstance(fields.values["format"], bool):
        raise DataError([
            messages.problem("load.plan_format", file=beside.name, value=fields.values.get("format"))
        ])  # fmt: skip
    record = _record(fields, plan, district)
    problems.raise_if_failed()
    return record


def _record(fields: Fields, plan: Plan, district: District) -> PlanRecord:
    found: dict[str, Any] = {name: fields.text(name) for name in ("plan_digest", "data_digest")}
    stage, year = fields.text("stage"), fields.whole("year")
    if (stage or plan.stage, year or plan.year) != (plan.stage, plan.year):
        fields.report("load_record.other_plan", "stage", f"{stage} {year}", held=f"{plan.stage} {plan.year}")
    if not any(name in fields.values for name in _PROOF):
        return PlanRecord(plan, **found)
    found |= {
        "cost": fields.number("cost", least=0.0, optional="cost" in fields.values),
        "bound": fields.number("bound", least=0.0, optional="bound" in fields.values),
        "excess": fields.number("pupils_over", least=0.0, optional=True) or 0.0,
        "seed": fields.whole("seed") or 0,
        "iterations": fields.whole("iterations") or 0,
    }
    _check_gap(fields, **{name: found[name] for name in ("cost", "bound", "excess")})
    if fields.values["format"] == 1:
        return PlanRecord(plan, **found)
    known = {"blocks": set(district.block_frame.index), "schools": set(district.school_frame.index)}
    posed = fields.inside("options")
    found["options"] = {} if posed is None else read_options(posed, known)
    found["prices"] = _journey_prices(fields)
    found["keeps_homes"] = fields.flag("keeps_homes")
    for name in ("against", "feeder"):
        if fields.values.get(name) is not None:
            found[name] = _compared(fields, name, known["blocks"])
    found["certificate"] = _certificate(fields, known)
    return PlanRecord(plan, **found)


def _check_gap(fields: Fields, cost: float | None, bound: float | None, excess: float) -> None:
    """Report numbers that contradict each other."""
    gap = fields.number("gap", optional=True)
    if cost is None or bound is None or excess > 0:
        return
    if bound > cost * (1 + _GAP):
        fields.report("load_record.bound_above", "bound", repr(bound), cost=repr(cost))
    elif gap is not None and bound > 0:
        wanted = (cost - bound) / bound
        if not math.isclose(gap, wanted, rel_tol=_GAP, abs_tol=_GAP):
            fields.report("load_record.gap_differs", "gap", repr(gap), wanted=repr(wanted))


def _journey_prices(fields: Fields) -> dict[str, float]:
    inside = fields.inside("journey_prices")
    return {} if inside is None else read_prices(inside)


def _compared(fields: Fields, name: str, blocks: set[str]) -> Compared | None:
    inside = fields.inside(name)
    if inside is None:
        return None
    digest, stage, year = inside.text("digest"), inside.text("stage"), inside.whole("year")
    in_force = inside.flag("in_force")
    zones = None if in_force else inside.inside("zones")
    if digest is None or stage is None or year is None or (zones is None and not in_force):
        return None
    if zones is None:
        return Compared(digest, stage, year)
    held: dict[str, list[str]] = {}
    for school in zones.values:
        if not is_text(school) or not school:
            zones.report("load_record.wrong_kind", school, wanted=messages.text("load_record.kind_text"))
            continue
        for block in inside.known("zones", zones.items(school, "text", is_text), blocks, "blocks"):
            held.setdefault(block, []).append(school)
    return Compared(digest, stage, year, Plan.of(stage, year, held))


def _certificate(fields: Fields, known: Mapping[str, set[str]]) -> Certificate | None:
    inside = fields.inside("certificate")
    if inside is None:
        return None
    rules = inside.inside("prices")
    prices = []
    for rule in () if rules is None else rules.values:
        by_school = rules.inside(rule) if rules is not None else None
        if by_school is not None:
            units = [school for unit in by_school.values for school in _members(unit, "schools")]
            inside.known("prices", units, known["schools"], "schools")
            prices += [(rule, school, price) for school, price in by_school.numbers().items()]
    names = {}
    for table in ("blocks", "schools"):
        names[table] = inside.items(table, "text", is_text)
        inside.known(
            table, [one for name in names[table] for one in _members(name, table)], known[table], table
        )
    cuts = inside.items("cuts", "cut", lambda row: _is_cut(row, len(names["blocks"]), len(names["schools"])))
    return Certificate(
        tuple(prices),
        tuple(
            SeparatorCut(
                names["blocks"][block],
                names["schools"][school],
                tuple(names["blocks"][one] for one in separator),
                float(multiplier),
            )
            for block, school, multiplier, *separator in cuts
        ),
        _block_prices(inside, known["blocks"]),
    )


def _block_prices(fields: Fields, known: set[str]) -> tuple[tuple[str, float], ...]:
    """Return block and price; none where the bound needs none."""
    inside = fields.inside("block_prices", optional="block_prices" not in fields.values)
    if inside is None:
        return ()
    fields.known("block_prices", inside.values, known, "blocks")
    return tuple(inside.numbers().items())


def _members(name: str, table: str) -> list[str]:
    """Return the schools of a shared zone; of anything else itself."""
    return name.split(";") if table == "schools" else [name]


def _is_cut(row: object, blocks: int, schools: int) -> bool:
    """Return whether a row is number of a block, number of a school, multiplier, numbers of blocks."""
    if not isinstance(row, list) or len(row) < 3:
        return False
    places = [(row[1], schools), *((one, blocks) for one in (row[0], *row[3:]))]
    return is_number(row[2]) and all(is_whole(one) and 0 <= one < limit for one, limit in places)
