"""Auditing a draw: simulate it, look at the one that counted, and give back everything as one value."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.audit import Simulation, simulate
from zoning.lottery.audit_report import Audit, LotsBefore, SeatAfter, SeatBefore, SplitAfter, SplitBefore
from zoning.lottery.bundle import Bundle
from zoning.lottery.lots_audit import audit_lots
from zoning.lottery.seat_audit import SeatSimulation, simulate_seats
from zoning.lottery.seed import BALLS
from zoning.lottery.transcript import Transcript

__all__ = ["audit_draw"]

_FEW: Final = 5
"""A value that fewer children have is not looked at by itself."""


def _attributes(bundle: Bundle) -> dict[str, dict[str, str]]:
    """Return attributes with two values or more, by name and child; values of few children are one value.

    Anybody can simulate the same draws, and would find who the few are by trying whom the figures fit.
    """
    records = [one["record"] for one in bundle.children]
    every = {
        "gender": {r["sid"]: r["gender"] for r in records},
        "need": {r["sid"]: str(bool(r["need"])) for r in records},
        "twins": {r["sid"]: str(bool(r["twin_group"])) for r in records},
        "kindergarten": {r["sid"]: r["kindergarten"] for r in records},
        "hour": {r["sid"]: r["registered_at"][:13] for r in records},
    }
    joined = {name: _joined(values) for name, values in every.items()}
    return {name: values for name, values in joined.items() if len(set(values.values())) > 1}


def _joined(values: Mapping[str, str]) -> dict[str, str]:
    """Return values by child, those of few children joined, with the rarest other one if still few."""
    counts = Counter(values.values())
    few = {value for value, count in counts.items() if count < _FEW}
    rest = sorted((count, value) for value, count in counts.items() if value not in few)
    if few and rest and sum(counts[value] for value in few) < _FEW:
        few.add(rest[0][1])
    return {child: "" if value in few else f"={value}" for child, value in values.items()}


def _listed(bundle: Bundle, named: Collection[str]) -> set[str]:
    """Return the registration numbers of a list that may hold the school's own numbers."""
    issued = {one["number"]: one["record"]["sid"] for one in bundle.children if one["number"]}
    sids = set(bundle.public.roster.sids)
    listed = {issued.get(number, number) for number in named}
    if not listed:
        raise DrawError(messages.text("draw_audit.nobody_named"))
    strange = len(listed - sids)
    if strange:
        raise DrawError(messages.text("draw_audit.strangers_named", count=strange, listed=len(listed)))
    return listed


def _split_before(made: Simulation, attributes: Mapping[str, Mapping[str, str]]) -> SplitBefore:
    manifest = made.committed.manifest
    return SplitBefore(
        children=manifest.n,
        classes=manifest.classes,
        size_gap=made.size_gap,
        wishes={"together": manifest.together, "separate": manifest.separate},
        strata=made.strata,
        pupils=made.pupils(),
        spread=made.spread(),
        chances={name: made.chance(values) for name, values in attributes.items()},
        freedom=made.freedom(),
        attempts_mean=float(made.attempts.mean()),
        attempts_most=int(made.attempts.max()),
    )


def _seat_before(made: SeatSimulation, attributes: Mapping[str, Mapping[str, str]]) -> SeatBefore:
    manifest = made.committed.manifest
    return SeatBefore(
        children=manifest.n,
        schools=len(manifest.seats),
        seats=sum(seats for _, seats in manifest.seats),
        cells=made.cells(),
        pupils=made.pupils(),
        spread=made.spread(),
        chances={name: made.chance(values) for name, values in attributes.items() if name != "twins"},
        twins=made.twins(),
        overflow=made.overflow(),
    )


def _split(
    bundle: Bundle, draws: int, series: int, transcript: Transcript | None, listed: set[str]
) -> tuple[SplitBefore, SplitAfter | None]:
    made = simulate(bundle.public, draws=draws, seed=series)
    attributes = _attributes(bundle)
    after = None
    if transcript is not None:
        result = {sid: int(home) for sid, home in transcript.result}
        strata = set(bundle.public.manifest.levels)
        others = {name: values for name, values in attributes.items() if name not in strata}
        balance = {name: made.balance_p(result, values) for name, values in others.items()}
        named = made.named(result, listed) if listed else None
        after = SplitAfter(transcript.attempt, made.shares(result), balance, named)
    return _split_before(made, attributes), after


def _seats(
    bundle: Bundle, draws: int, series: int, transcript: Transcript | None, listed: set[str]
) -> tuple[SeatBefore, SeatAfter | None]:
    made = simulate_seats(bundle.public, draws=draws, seed=series)
    attributes = _attributes(bundle)
    after = None
    if transcript is not None:
        result = dict(transcript.result)
        balance = {name: made.balance_p(result, values) for name, values in attributes.items()}
        named = made.named(result, listed) if listed else None
        after = SeatAfter(made.cells_after(result), made.overflow(result), balance, named)
    return _seat_before(made, attributes), after


def audit_draw(
    bundle: Bundle,
    *,
    draws: int = 1000,
    series: int = 1,
    transcript: Transcript | None = None,
    named: Collection[str] | None = None,
) -> Audit:
    """Return the audit of a committed draw, and after it of its result.

    Parameters
    ----------
    bundle
        What was committed.
    draws, series
        How many draws are simulated, and of which series of public seeds; the same give the same audit.
    transcript
        Of the draw that counted; None before it.
    named
        Numbers of a list, the registration's or the school's own, such as children of officials.

    Raises
    ------
    DrawError
        When no draws are asked for, the list is empty or names strangers, or the transcript does not follow
        from the files and its seed.
    """
    manifest = bundle.public.manifest
    draws = min(draws, 10**BALLS) if manifest.mode == "lowtech" else draws
    listed = set() if named is None else _listed(bundle, named)
    if transcript is not None and bundle.replay(transcript) != transcript:
        raise DrawError(messages.text("draw.tampered", place="result"))
    after: SplitAfter | SeatAfter | None = None
    before: SplitBefore | SeatBefore | LotsBefore
    if manifest.kind == "split":
        before, after = _split(bundle, draws, series, transcript, listed)
    elif manifest.kind == "seat":
        before, after = _seats(bundle, draws, series, transcript, listed)
    else:
        before = LotsBefore(audit_lots(bundle.public, draws=draws, seed=series))
    root = transcript.root if transcript else ""
    return Audit(
        kind=manifest.kind,
        commitment=manifest.commitment.hex(),
        roster=manifest.roster,
        mode=manifest.mode,
        draws=draws,
        series=series,
        before=before,
        after=after,
        root=root,
        polish=manifest.polish,
    )
