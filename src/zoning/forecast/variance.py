"""Variance by level from past errors: chance, units, towns and all, growing with the years ahead.

After ``h`` years the relative variance of an error is modelled as ``2 turnover h / children`` for chance and
``a h + b h²`` for each of cell, unit, town and system: shocks that are new every year and shocks that last.
Where a cohort entered since, its cell, unit and town add one more each. The same numbers are read off sums at
every level, where lower levels cancel out by known amounts; non-negative least squares finds those that fit
all sums at once.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import nnls
from scipy.special import ndtri, stdtrit

from zoning.forecast.dispersion import CELL, SYSTEM, TOWN, UNIT, Dispersion
from zoning.forecast.errors_seen import Seen, Sums, sums_of
from zoning.forecast.panel import Floats

__all__ = ["fitted", "unit_scales"]

_SHARE: Final = 0.8
_BINS: Final = 3
_LEAST: Final = 12
_LEAST_TOWNS: Final = 4
_FULL: Final = 400.0
_PRIOR: Final = 0.05
_PRIOR_YEARS: Final = 4.0
_USUAL_TIMES: Final = 8.0
_FARTHEST: Final = 3.0
_STEPS: Final = 5.0
_ROUNDS: Final = 20
_FLOOR: Final = 1e-7
_LEAST_VARIANCE: Final = 1e-4
_LEAST_TURNOVER: Final = 0.005
"""However smooth a history is, some family will move."""
_TAILS: Final = (3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 30.0)
_ENTRY: Final = 1 + 2 * SYSTEM
_COLUMNS: Final = _ENTRY + SYSTEM

Line = tuple[Floats, float, float]
"""Coefficients, the variance that they should sum up to, and the root of the errors that tell it, a share."""


def fitted(seen: Sequence[Seen]) -> Dispersion:
    """Return the dispersion that past errors tell, the usual one where there are none.

    Parameters
    ----------
    seen
        Errors of past forecasts.
    """
    usual = Dispersion.usual()
    if not seen:
        return usual
    lines: list[Line] = []
    # The error common to all was taken out: of one or two towns too little is left.
    towns = len(np.unique(np.concatenate([one.town[one.known.any(axis=1)] for one in seen])))
    for level in (CELL, UNIT, TOWN) if towns >= _LEAST_TOWNS else (CELL, UNIT):
        for sums in _by_ahead(seen, level):
            lines += _lines(sums)
    found = _solved(lines, _prior(usual))
    if towns == 1:
        found[1 + 2 * TOWN : _ENTRY] = found[_ENTRY + TOWN] = 0.0  # the only town is the system
    fresh = np.append(found[1:_ENTRY:2], 0.0)
    lasting = np.append(found[2:_ENTRY:2], 0.0)
    fresh[SYSTEM], lasting[SYSTEM], entered = _system(seen, found, usual)
    level = fresh + lasting
    return Dispersion(
        turnover=float(np.clip(found[0] / 2, _LEAST_TURNOVER, 0.5)),
        level=_four(np.sqrt(level)),
        entry=_four(np.sqrt(np.append(found[_ENTRY:], entered))),
        persistence=_four(np.where(level > 0, lasting / np.where(level > 0, level, 1.0), 0.0)),
        tails=_tails(seen, usual),
    )


def _four(values: Floats) -> tuple[float, float, float, float]:
    cell, unit, town, system = (float(v) for v in values)
    return cell, unit, town, system


def _solved(lines: Sequence[Line], prior: Sequence[Line]) -> Floats:
    """Non-negative variances whose sums fit as relative errors do: each weighed by the sum that was fitted.

    A gamma regression with identity link, by iterated least squares; weighed by the sums that were *seen*,
    low ones would count most and the spread come out too small.
    """
    coefficients = np.stack([line for line, _, _ in (*lines, *prior)])
    seen = np.array([variance for _, variance, _ in (*lines, *prior)])
    share = np.array([weight for _, _, weight in (*lines, *prior)])
    size = np.maximum(seen, _LEAST_VARIANCE)
    # A prior is as weak where a place is restless as where it is calm.
    least = np.where(np.arange(len(size)) < len(lines), _FLOOR, size)
    for _ in range(_ROUNDS):
        weight = share / size
        found, _ = nnls(coefficients * weight[:, None], seen * weight)
        size = np.maximum(coefficients @ found, least)
    return np.asarray(found)


def _prior(usual: Dispersion) -> list[Line]:
    """Weak equations that stand for the usual spread where a panel does not tell."""
    wanted = np.zeros(_COLUMNS)
    wanted[1:_ENTRY:2], wanted[2:_ENTRY:2] = usual.fresh[:SYSTEM] ** 2, usual.lasting[:SYSTEM] ** 2
    wanted[_ENTRY:] = np.square(usual.entry)[:SYSTEM]
    eye = np.eye(_COLUMNS)
    return [(eye[at], float(wanted[at]), _PRIOR) for at in range(1, _COLUMNS)]


def _by_ahead(seen: Sequence[Seen], level: int) -> list[Sums]:
    """Errors of sums at a level, by years ahead: of cells that were fed, and of those that entered too."""
    found: dict[tuple[int, bool], list[Sums]] = {}
    for one in seen:
        for entered in (False, True):
            sums = sums_of(one, level, entered=entered)
            if len(sums.expected):
                found.setdefault((one.ahead, entered), []).append(sums)
    return [Sums.joined(some) for _, some in sorted(found.items())]


def _lines(sums: Sums) -> list[Line]:
    """Equations of sums at one level and horizon, by size."""
    order = np.argsort(sums.expected, kind="stable")
    found = []
    for part in np.array_split(order, _BINS if len(order) >= _BINS * _LEAST else 1):
        if len(part) >= _LEAST:
            errors = np.abs(sums.error[part]) / sums.expected[part]
            variance = float(np.quantile(errors, _SHARE) / ndtri(0.5 + _SHARE / 2)) ** 2
            weight = float(np.sqrt(min(len(part), _FULL) / _FULL))
            found.append((sums.line[part].mean(axis=0), variance, weight))
    return found


def _system(seen: Sequence[Seen], found: Floats, usual: Dispersion) -> tuple[float, float, float]:
    """Fresh, lasting and entry variance of the error common to all, from the few years that tell it."""
    start = (usual.fresh[SYSTEM] ** 2, usual.lasting[SYSTEM] ** 2, usual.entry[SYSTEM] ** 2)
    lines: list[Line] = []
    prior: list[Line] = [
        (row, float(value), float(np.sqrt(_PRIOR_YEARS))) for row, value in zip(np.eye(3), start, strict=True)
    ]
    for ahead in sorted({one.ahead for one in seen}):
        errors = [one for one in seen if one.ahead == ahead]
        sums = [sums_of(one, SYSTEM, entered=True) for one in errors]
        # What the levels below leave in the error common to all, and the share of those who entered.
        below = float(np.mean([s.line[0] @ found for s in sums]))
        share = float(np.mean([s.entered[0] for s in sums]))
        excess = max(float(np.mean([one.common**2 for one in errors])) - below, 0.0)
        lines.append((np.array([ahead, ahead**2, share**2]), excess, float(np.sqrt(len(errors) / ahead))))
    fresh, lasting, entered = _solved(lines, prior)
    return float(fresh), float(lasting), float(entered)


def _tails(seen: Sequence[Seen], usual: Dispersion) -> float:
    """Degrees of freedom whose 95 % lie as far out, against 80 %, as the errors of units a year ahead do."""
    some = [sums_of(one, UNIT, entered=False) for one in seen if one.ahead == 1]
    joined = Sums.joined(some) if some else None
    if joined is None or len(joined.error) < 5 * _LEAST:
        return usual.tails
    inner, outer = np.quantile(np.abs(joined.error) / joined.expected, [_SHARE, 0.95])
    if inner <= 0:
        return usual.tails
    shapes = np.array([stdtrit(nu, 0.975) / stdtrit(nu, 0.9) for nu in _TAILS])
    return _TAILS[int(np.argmin(np.abs(shapes - outer / inner)))]


def unit_scales(seen: Sequence[Seen], dispersion: Dispersion, units: int) -> Floats:
    """Return how many times the usual spread each unit has, float64 [unit]: some are more volatile.

    The mean square of a unit's past errors over what the dispersion lets expect, shrunk towards 1 as if it
    had been seen to be usual eight times; in steps of a fifth.

    Parameters
    ----------
    seen
        Errors of past forecasts.
    dispersion
        What was fitted to them.
    units
        Number of units.
    """
    total, count = np.full(units, _USUAL_TIMES), np.full(units, _USUAL_TIMES)
    fresh, lasting = np.square(dispersion.fresh), np.square(dispersion.lasting)
    found = np.concatenate([[2 * dispersion.turnover], np.stack([fresh, lasting], axis=1)[:SYSTEM].ravel()])
    found = np.concatenate([found, np.square(dispersion.entry)[:SYSTEM]])
    for one in seen:
        sums = sums_of(one, UNIT, entered=False)
        unit = np.flatnonzero(np.where(one.fed, one.expected, 0.0).sum(axis=1) > 0)
        wanted = np.maximum(sums.line @ found, _FLOOR)
        times = np.minimum((sums.error / sums.expected) ** 2 / wanted, _FARTHEST**2)
        total[unit] += times / one.ahead
        count[unit] += 1.0 / one.ahead
    scale = np.sqrt(total / count)
    return np.asarray(np.clip(np.round(scale * _STEPS) / _STEPS, 1 / _STEPS, _FARTHEST))
