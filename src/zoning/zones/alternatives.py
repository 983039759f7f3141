"""Several plans to choose from: nearest, fewest moved, most balanced, and what each costs the others.

Every plan is found by the same engine under other prices or tighter seats, so each carries the bound of what
it was asked for. No engine is perfect: a plan found for one price that is cheaper under another takes its
place there, which also keeps the trade-off curves monotone.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from zoning.district import District
from zoning.errors import InfeasibleError
from zoning.evaluate import Prices
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.travel import TravelTimes
from zoning.zones.exchange import Ask, Asked, Pool, evened
from zoning.zones.options import ZoneOptions
from zoning.zones.propose import propose_plan

__all__ = ["MOVED_S", "SPARE", "Alternative", "Alternatives", "curve_of", "propose_alternatives"]

MOVED_S = (0.0, 75.0, 150.0, 600.0, 1200.0)
"""Prices of a child who changes school that are tried beside the one asked for, seconds."""

SPARE = (0.5, 0.25, 0.1, 0.03)
"""Shares of the free seats that a school may still count on, tried for an even utilisation."""

_FIRM = 10.0
"""Longest journeys that one child who changes school counts as, where as few as possible should."""


@dataclass(frozen=True)
class Alternative:
    """One plan to choose, with the figures that are traded against each other.

    Parameters
    ----------
    name
        ``proposed``, ``nearest``, ``fewest_moved`` or ``balanced``; ``moved_<seconds>`` and
        ``spare_<share>`` for the points between them.
    proposal
        The plan with cost and bound of what it was asked for.
    moved_s
        Price of a child who changes school, seconds.
    spare
        Share of the free seats that schools could count on; 1 for all of them.
    journeys_s
        Mean journey, seconds a pupil.
    moved
        Pupils whose school changes; 0 without zones in force.
    spread
        Seat-weighted standard deviation of utilisation between schools, a share.
    """

    name: str
    proposal: Proposal
    moved_s: float
    spare: float
    journeys_s: float
    moved: float
    spread: float


@dataclass(frozen=True)
class Alternatives:
    """Plans to choose from.

    Parameters
    ----------
    named
        The plan asked for and the extremes: ``proposed``, ``nearest``, ``fewest_moved`` (where zones are in
        force) and ``balanced``.
    moves
        Journeys against pupils moved: no plan here is worse than another in both; shortest journeys first.
        Empty without zones in force.
    balance
        Journeys against spread of utilisation, likewise.
    left_out
        What was tried and has no plan within the seats, by name.
    """

    named: tuple[Alternative, ...]
    moves: tuple[Alternative, ...] = field(repr=False)
    balance: tuple[Alternative, ...] = field(repr=False)
    left_out: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Alternative]:
        """Yield every plan once, the named ones first."""
        seen = set()
        for one in (*self.named, *self.moves, *self.balance):
            if one.name not in seen:
                seen.add(one.name)
                yield one

    def __getitem__(self, name: str) -> Alternative:
        for one in self:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def proposals(self) -> dict[str, Proposal]:
        """Every plan by name."""
        return {one.name: one.proposal for one in self}


def propose_alternatives(  # noqa: PLR0913 - as propose_plan, and what is scanned
    district: District,
    demand: Forecast,
    times: TravelTimes,
    *,
    stage: str,
    year: int,
    against: Plan | None = None,
    seed: int = 7,
    iterations: int | None = None,
    seconds: float | None = None,
    prices: Prices | None = None,
    options: ZoneOptions | None = None,
    moved_s: Sequence[float] = MOVED_S,
    spare: Sequence[float] = SPARE,
    progress: Callable[[int, int], None] | None = None,
) -> Alternatives:
    """Return several plans of one stage and year, and what they trade: journeys, moves and balance.

    ``nearest`` counts journeys alone; ``fewest_moved`` lets one child who changes school weigh ten times the
    longest journey; ``balanced`` is found by leaving every school only a share of its free seats, so that all
    that compete for the same pupils fill alike. The curves scan what lies between.

    Parameters
    ----------
    district, demand, times, stage, year, against, prices, options
        As in :func:`~zoning.zones.propose.propose_plan`.
    seed, iterations
        As there, for every run; the same seed and iterations give the same plans.
    seconds
        Time limit of all runs together, seconds.
    moved_s
        Prices of a child who changes school to try, seconds.
    spare
        Shares of the free seats to try, 0-1.
    progress
        Called before every run with its number from 0 and how many there are.

    Raises
    ------
    InfeasibleError
        When no plan keeps the rules at all; a tighter balance without a plan is only left out.
    DataError
        When the forecast does not reach the year, or ``against`` is of another district.
    """
    asked = Asked(district, demand, times, stage, year, against, options)
    asks = _asks(times, Prices() if prices is None else prices, against, moved_s, spare)
    pool = Pool(asked)
    left_out = []
    for number, ask in enumerate(asks):
        if progress is not None:
            progress(number, len(asks))
        shown = evened(asked, ask.spare)
        try:
            proposal = propose_plan(
                shown,
                demand,
                times,
                stage=stage,
                year=year,
                against=against,
                seed=seed,
                iterations=iterations,
                seconds=None if seconds is None else seconds / len(asks),
                prices=ask.prices,
                options=options,
            )
        except InfeasibleError:
            if number == 0:
                raise
            left_out.append(ask.name)
            continue
        pool.add(ask, shown, proposal)
    return _chosen(pool, left_out)


def _asks(
    times: TravelTimes,
    prices: Prices,
    against: Plan | None,
    moved_s: Sequence[float],
    spare: Sequence[float],
) -> list[Ask]:
    """Return what the engine is asked for, run by run; the plan asked for comes first."""
    asks = [Ask("proposed", prices, 1.0), Ask("nearest", Prices(0.0, 0.0, 0.0), 1.0)]
    if against is not None:
        firm = _FIRM * float(np.nanmax(times.seconds, initial=1.0))
        asks.append(Ask("fewest_moved", replace(prices, moved_s=firm), 1.0))
        tried = sorted({float(price) for price in moved_s} - {prices.moved_s})
        asks += [Ask(f"moved_{price:g}", replace(prices, moved_s=price), 1.0) for price in tried]
    shares = sorted({float(share) for share in spare} - {1.0}, reverse=True)
    return asks + [Ask(f"spare_{share:g}", prices, share) for share in shares]


def _chosen(pool: Pool, left_out: list[str]) -> Alternatives:
    """Return the extremes and the curves out of all plans that were found."""
    found: dict[str, Alternative] = {}
    for run in pool.runs:
        proposal = pool.best(run)
        if proposal is None and run.ask.name == "proposed":
            proposal = run.proposal  # over its seats, and said so
        if proposal is None:
            left_out.append(run.ask.name)
        else:
            found[run.ask.name] = _alternative(pool, run.ask, proposal)
    every = list(found.values())
    first: tuple[str, ...] = ("proposed", "nearest")
    named = {name: found[name] for name in first if name in found}
    fit = [one for one in every if one.proposal.within_seats] or every
    if pool.asked.against is not None:
        fewest = min(fit, key=lambda one: (one.moved, one.journeys_s))
        named["fewest_moved"] = replace(fewest, name="fewest_moved")
    evenest = min(fit, key=lambda one: (one.spread, one.journeys_s))
    named["balanced"] = replace(evenest, name="balanced")
    chosen = tuple(named.values())
    offered = [*(one for one in chosen if one.proposal.within_seats), *fit]
    moves = curve_of(offered, "moved") if pool.asked.against is not None else ()
    return Alternatives(chosen, moves, curve_of(offered, "spread"), tuple(left_out))


def _alternative(pool: Pool, ask: Ask, proposal: Proposal) -> Alternative:
    figures = pool.figures(proposal.plan)
    return Alternative(
        name=ask.name,
        proposal=proposal,
        moved_s=ask.prices.moved_s,
        spare=ask.spare,
        journeys_s=figures.journeys_s,
        moved=figures.moved,
        spread=figures.spread,
    )


def curve_of(offered: Sequence[Alternative], measure: str) -> tuple[Alternative, ...]:
    """Return the plans that no other beats in journeys and a measure at once, shortest journeys first.

    Of plans that are alike in both the first one offered stays.

    Parameters
    ----------
    offered
        The plans.
    measure
        ``moved`` or ``spread``.
    """
    best, kept = math.inf, []
    for one in sorted(offered, key=lambda one: (round(one.journeys_s, 6), round(getattr(one, measure), 9))):
        value = round(float(getattr(one, measure)), 9)
        if value < best:
            best = value
            kept.append(one)
    return tuple(kept)
