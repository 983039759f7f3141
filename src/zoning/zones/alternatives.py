"""Several plans to choose from: nearest, fewest moved, most balanced, and what each costs the others.

Every plan is found by the same engine under other prices or tighter seats, so each carries the bound of what
it was asked for. No engine is perfect: a plan found for one price that is cheaper under another takes its
place there, which also keeps the trade-off curves monotone.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace

import numpy as np

from zoning.district import District
from zoning.evaluate import Prices
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Plan
from zoning.proposal import Proposal
from zoning.travel import TravelTimes
from zoning.zones.asked import Ask, Asked
from zoning.zones.offers import Offers

__all__ = ["BAND_S", "MOVED_S", "SPARE", "Alternative", "Alternatives", "curve_of", "propose_alternatives"]

MOVED_S = (0.0, 75.0, 150.0, 600.0, 1200.0)
"""Prices of a child who changes school that are tried beside the one asked for, seconds."""

SPARE = (0.5, 0.25, 0.1, 0.03)
"""Shares of the free seats that a school may still count on, tried for an even utilisation."""

BAND_S = (0.0, 600.0, 2400.0)
"""Prices of a pupil outside a band of balance that are tried beside the one asked for, seconds."""

_FIRM = 10.0
"""Longest journeys that one child who changes school counts as, where as few as possible should."""

_EFFORT = 106
"""Steps of each run but the first, where neither steps nor a time are asked for."""


@dataclass(frozen=True)
class Alternative:
    """One plan to choose, with the figures that are traded against each other.

    Parameters
    ----------
    name
        ``proposed``, ``nearest``, ``fewest_moved`` or ``balanced``; ``moved_<seconds>``, ``spare_<share>``
        and ``band_<seconds>`` for the points between them.
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
    outside
        Pupils by which zones lie outside the bands of balance of the options; 0 without bands.
    options
        What it was asked for, prices included.
    """

    name: str
    proposal: Proposal
    moved_s: float
    spare: float
    journeys_s: float
    moved: float
    spread: float
    outside: float = 0.0
    options: ZoneOptions = field(default_factory=ZoneOptions, repr=False)


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
        What was tried and has no plan that keeps its rules, by name.
    bands
        Journeys against pupils outside the bands of balance, likewise; empty without bands. Shows what the
        bands cost: where they are a hard rule, its plans may break it, and only there.
    """

    named: tuple[Alternative, ...]
    moves: tuple[Alternative, ...] = field(repr=False)
    balance: tuple[Alternative, ...] = field(repr=False)
    left_out: tuple[str, ...] = ()
    bands: tuple[Alternative, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[Alternative]:
        """Yield every plan once, the named ones first."""
        seen = set()
        for one in (*self.named, *self.moves, *self.balance, *self.bands):
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
    feeder: Plan | None = None,
    moved_s: Sequence[float] = MOVED_S,
    spare: Sequence[float] = SPARE,
    band_s: Sequence[float] = BAND_S,
    progress: Callable[[int, int], None] | None = None,
) -> Alternatives:
    """Return several plans of one stage and year, and what they trade: journeys, moves and balance.

    ``nearest`` counts journeys alone; ``fewest_moved`` lets one child who changes school weigh ten times the
    longest journey; ``balanced`` is found by leaving every school only a share of its free seats, so that all
    that compete for the same pupils fill alike. The curves scan what lies between. Every plan keeps the hard
    rules of the options, but for those that show what a hard band of balance costs.

    Parameters
    ----------
    district, demand, times, stage, year, against, prices, options, feeder
        As in :func:`~zoning.zones.propose.propose_plan`.
    seed, iterations
        As there, for every run; the same seed and iterations give the same plans. When neither iterations nor
        ``seconds`` is given the plan asked for is that of that function and the other runs are shorter.
    seconds
        Time limit of all runs together, seconds; each gets the same share.
    moved_s
        Prices of a child who changes school to try, seconds; where moves are forbidden none is.
    spare
        Shares of the free seats to try, 0-1.
    band_s
        Prices of a pupil outside a band of balance to try, seconds.
    progress
        Called before every run with its number and how many there are.

    Raises
    ------
    InfeasibleError
        When the plan asked for has none; a tighter balance without a plan is only left out.
    DataError
        When the forecast does not reach the year, or ``against`` is of another district.
    """
    options = district.zone_options(stage) if options is None else options
    options = replace(options, prices=options.prices if prices is None else prices)
    asked = Asked(district, demand, times, stage, year, against, options, feeder)
    asks = _asks(asked, moved_s, spare, band_s)
    offers = Offers(asked)
    effort = _EFFORT if iterations is None and seconds is None else iterations
    left_out = []
    for number, ask in enumerate(asks):
        if progress is not None:
            progress(number, len(asks))
        share = None if seconds is None else seconds / len(asks)
        steps = effort if number else iterations
        if not offers.find(ask, seed=seed, iterations=steps, seconds=share):
            left_out.append(ask.name)
    return _chosen(offers, left_out)


def _asks(
    asked: Asked, moved_s: Sequence[float], spare: Sequence[float], band_s: Sequence[float]
) -> list[Ask]:
    """Return what the engine is asked for, run by run; the plan asked for comes first."""
    options = asked.options
    prices = options.prices
    free = Prices(*(price if math.isinf(price) else 0.0 for price in astuple(prices)))
    asks = [Ask("proposed", options), Ask("nearest", replace(options, prices=free))]
    if asked.against is not None and math.isfinite(prices.moved_s):
        firm = _FIRM * float(np.nanmax(asked.times.seconds, initial=1.0))
        tried = sorted({float(price) for price in moved_s} - {prices.moved_s})
        named = [("fewest_moved", firm), *((f"moved_{price:g}", price) for price in tried)]
        asks += [Ask(name, replace(options, prices=replace(prices, moved_s=price))) for name, price in named]
    shares = sorted({float(share) for share in spare} - {1.0}, reverse=True)
    asks += [Ask(f"spare_{share:g}", options, share) for share in shares]
    given = {band.price_s for band in options.balance}
    for price in sorted({float(price) for price in band_s} - given) if given else ():
        # A band without a price is none.
        bands = tuple(replace(band, price_s=price) for band in options.balance) if price > 0 else ()
        asks.append(Ask(f"band_{price:g}", replace(options, balance=bands)))
    return asks


def _chosen(offers: Offers, left_out: list[str]) -> Alternatives:
    """Return the extremes and the curves out of all plans that were found."""
    found: dict[str, Alternative] = {}
    fit = []
    for run in offers.runs:
        proposal = offers.best(run)
        if proposal is not None:
            found[run.ask.name] = _alternative(offers, run.ask, proposal)
            if offers.keeps(proposal.plan):
                fit.append(found[run.ask.name])
        elif run.ask.name == "proposed":
            found["proposed"] = _alternative(offers, run.ask, run.proposal)  # breaks a rule, and said so
        else:
            left_out.append(run.ask.name)
    every = list(found.values())
    first: tuple[str, ...] = ("proposed", "nearest")
    named = {name: found[name] for name in first if name in found}
    among = fit or every
    has_zones = offers.asked.against is not None
    if has_zones:
        fewest = min(among, key=lambda one: (one.moved, one.journeys_s))
        named["fewest_moved"] = replace(fewest, name="fewest_moved")
    evenest = min(among, key=lambda one: (one.spread, one.journeys_s))
    named["balanced"] = replace(evenest, name="balanced")
    chosen = tuple(named.values())
    digests = {one.proposal.plan.digest for one in fit}
    offered = [*(one for one in chosen if one.proposal.plan.digest in digests), *fit]
    return Alternatives(
        named=chosen,
        moves=curve_of(offered, "moved") if has_zones else (),
        balance=curve_of(offered, "spread"),
        left_out=tuple(left_out),
        bands=curve_of([*chosen, *every], "outside") if offers.asked.options.balance else (),
    )


def _alternative(offers: Offers, ask: Ask, proposal: Proposal) -> Alternative:
    figures = offers.figures(proposal.plan)
    return Alternative(
        name=ask.name,
        proposal=proposal,
        moved_s=ask.options.prices.moved_s,
        spare=ask.spare,
        journeys_s=figures.journeys_s,
        moved=figures.moved,
        spread=figures.spread,
        outside=figures.outside,
        options=ask.options,
    )


def curve_of(offered: Sequence[Alternative], measure: str) -> tuple[Alternative, ...]:
    """Return the plans that no other beats in journeys and a measure at once, shortest journeys first.

    Of plans that are alike in both the first one offered stays.

    Parameters
    ----------
    offered
        The plans.
    measure
        ``moved``, ``spread`` or ``outside``.
    """
    best, kept = math.inf, []
    for one in sorted(offered, key=lambda one: (round(one.journeys_s, 6), round(getattr(one, measure), 9))):
        value = round(float(getattr(one, measure)), 9)
        if value < best:
            best = value
            kept.append(one)
    return tuple(kept)
