"""Which schools each block may attend: what the policy, the prices that forbid and the locks close."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, InfeasibleError, Shortage, Text
from zoning.evaluate import Eligibility, JourneyCost
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.zones.naming import name_some
from zoning.zones.shortage import joined, refuse_no_way
from zoning.zones.units import Units

__all__ = ["Cells", "open_cells"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cells:
    """Which cells (block, unit) are open, and why others are closed.

    Parameters
    ----------
    allowed
        Whether a block may attend a unit, bool [block, unit].
    closed
        Cells that a rule closes although a way exists, bool [block, unit], by rule: ``within_town``,
        ``beyond_journey``, ``beyond_radius``, ``moved``, ``locked``.
    notes
        What was assumed.
    """

    allowed: Mask = field(repr=False)
    closed: Mapping[str, Mask] = field(repr=False)
    notes: tuple[Text, ...] = ()


def open_cells(
    district: District,
    cost: JourneyCost,
    found: Eligibility,
    units: Units,
    *,
    options: ZoneOptions,
    against: Plan | None,
) -> Cells:
    """Return the cells that a plan may use.

    A lock is a decision about that very block and outweighs the rules of town, journey and moves. A block
    whose present schools are all gone may move although moves are forbidden. A block without pupils and
    without a way may belong to any zone: there is nobody who would travel.

    Parameters
    ----------
    district
        The district.
    cost
        Cost of every journey, with the prices.
    found
        The schools with a zone.
    units
        The zones that they make.
    options
        What is asked of the zones.
    against
        Zones in force.

    Raises
    ------
    InfeasibleError
        When blocks with pupils have no way to any school, none that every rule leaves open, or a lock holds
        them at a school that cannot take them.
    DataError
        When locks are asked for and the zones in force do not say what to keep.
    """
    ids = tuple(district.block_frame.index)
    reachable = units.every(found.reachable)
    refuse_no_way(ids, cost.pupils, reachable)
    closed = {"within_town": reachable & ~units.some(found.allowed)}
    notes: list[Text] = []
    for name in ("beyond_journey", "beyond_radius"):
        if np.isinf(cost.price(name)):
            closed[name] = reachable & units.some(cost.due(name)[:, units.columns])
    if np.isinf(cost.price("moved")) and cost.moved.any():
        closed["moved"], freed = _kept(cost, units, reachable)
        if len(freed):
            named = name_some([ids[block] for block in freed])
            notes.append(messages.text("zones_rules.moved_freed", count=len(freed), blocks=named))
    allowed = reachable.copy()
    for mask in closed.values():
        allowed &= ~mask
    locked = _locks(district, options, against, units)
    if locked is not None:
        kept, shut = locked
        held = np.asarray(kept.any(axis=1))
        _refuse_broken_locks(ids, cost, reachable, kept, held)
        allowed = np.where(held[:, None], kept & reachable, allowed & ~shut)
        closed["locked"] = reachable & np.where(held[:, None], ~kept, shut)
    _refuse_closed(ids, cost, allowed, closed)
    empty = ~allowed.any(axis=1)
    if locked is not None:
        kept, shut = locked
        allowed[empty] = np.where(kept[empty].any(axis=1, keepdims=True), kept[empty], ~shut[empty])
        empty = ~allowed.any(axis=1)
    allowed[empty] = True
    return Cells(allowed, closed, tuple(notes))


def _kept(cost: JourneyCost, units: Units, reachable: Mask) -> tuple[Mask, npt.NDArray[np.intp]]:
    """Return the cells that would move children, and the blocks that cannot stay."""
    moves = units.some(cost.moved[:, units.columns])
    held = np.asarray(cost.moved.any(axis=1))
    stays = held & (reachable & ~moves).any(axis=1)
    freed = np.flatnonzero(held & ~stays & (cost.pupils > 0))
    return reachable & moves & stays[:, None], freed


def _locks(
    district: District, options: ZoneOptions, against: Plan | None, units: Units
) -> tuple[Mask, Mask] | None:
    """Return the units that locks keep each block at, and those that they close to others."""
    if not (options.locked_blocks or options.locked_schools):
        return None
    if against is None:
        stage = district.stage(units.stage).label
        raise DataError(
            [messages.problem("evaluate.no_zones_against", file="zones", value="locked", stage=stage)]
        )
    ids, rows = list(district.block_frame.index), dict(against.rows)
    problems = [
        messages.problem("zones_rules.lock_without_zone", file="zones", value=block)
        for block in options.locked_blocks
        if block not in rows
    ]
    if problems:
        raise DataError(problems)
    _refuse_gone(options.locked_schools, units)
    chosen = set(options.locked_blocks)
    whole = set(options.locked_schools)
    chosen |= {block for block, schools in against.rows if whole & set(schools)}
    kept = np.zeros((len(ids), len(units.names)), dtype=np.bool_)
    shut = np.zeros_like(kept)
    for row, block in enumerate(ids):
        if block in chosen:
            kept[row, [u for u, m in enumerate(units.members) if set(m) & set(rows[block])]] = True
    for unit, members in enumerate(units.members):
        if whole & set(members):
            shut[:, unit] = True
    return kept, shut


def _refuse_gone(schools: tuple[str, ...], units: Units) -> None:
    known = {school for members in units.members for school in members}
    gone = tuple(school for school in schools if school not in known)
    if gone:
        text = messages.text("zones_rules.lock_gone", count=len(gone), schools=name_some(gone))
        raise InfeasibleError(text, [Shortage("locked", gone, 0.0, 0.0, text)])


def _refuse_broken_locks(
    ids: tuple[str, ...], cost: JourneyCost, reachable: Mask, kept: Mask, held: Mask
) -> None:
    broken = np.flatnonzero(held & ~(kept & reachable).any(axis=1) & (cost.pupils > 0))
    _refuse(ids, cost, broken, "locked")


def _refuse_closed(
    ids: tuple[str, ...], cost: JourneyCost, allowed: Mask, closed: Mapping[str, Mask]
) -> None:
    """Refuse blocks with pupils that the rules together leave no school."""
    lost = ~allowed.any(axis=1) & (cost.pupils > 0)
    for name in ("locked", "beyond_journey", "beyond_radius", "moved", "within_town"):
        mask = closed.get(name)
        if mask is not None and lost.any():
            _refuse(ids, cost, np.flatnonzero(lost & mask.any(axis=1)), name)


def _refuse(ids: tuple[str, ...], cost: JourneyCost, blocks: npt.NDArray[np.intp], rule: str) -> None:
    if not len(blocks):
        return
    named = tuple(ids[block] for block in blocks)
    pupils = float(cost.pupils[blocks].sum())
    what = messages.text(
        f"zones_rules.closed_{rule}", count=len(named), pupils=pupils, blocks=name_some(named)
    )
    relaxation = messages.text(f"zones_rules.relax_{rule}", pupils=pupils)
    raise InfeasibleError(joined([what, relaxation]), [Shortage(rule, named, pupils, 0.0, relaxation)])
