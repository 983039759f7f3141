"""What the terms of a draw must hold: sources, times, sizes, and no field that its kind does not have."""

from typing import TYPE_CHECKING, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.seed import check_balls, check_sources
from zoning.lottery.strata import ROOT, Stratum

if TYPE_CHECKING:
    from zoning.lottery.manifest import Manifest

__all__ = ["NOTICE_S", "check_terms"]

NOTICE_S: Final = 72 * 3600
"""Seconds between publication and the first source."""
_LAST_TIME: Final = 253402300799
"""The end of the year 9999: later times cannot be printed."""
_MOST_CLASSES: Final = 9999
_MOST_ATTEMPTS: Final = 10_000


def _refuse(code: str, **fields: object) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", **fields))


def check_terms(manifest: "Manifest") -> None:
    """Refuse terms that could not be kept or would let somebody choose the outcome.

    Raises
    ------
    DrawError
        When sources are weak or out of order, come less than 72 hours after publication, a field does not
        belong to this kind of draw, sizes do not add up, or ids stand twice.
    """
    _check_times(manifest)
    _check_sizes(manifest)
    _check_kind(manifest)
    schools = [school for school, _ in manifest.seats]
    for ids in (manifest.items, schools):
        if len(set(ids)) != len(ids) or list(ids) != sorted(ids) or "" in ids:
            raise _refuse("not_canonical", place="manifest")
    if any(seats < 0 for _, seats in manifest.seats) or not 0 <= manifest.choose <= len(manifest.items):
        raise _refuse("wrong_shape", place="manifest.seats")


def _check_times(manifest: "Manifest") -> None:
    if manifest.mode == "lowtech":
        check_balls(manifest.sources)
    else:
        check_sources(manifest.sources)
    times = [source.at for ladder in manifest.sources for source in ladder]
    if min(*times, manifest.published) < 0 or max(times) > _LAST_TIME:
        raise _refuse("wrong_shape", place="manifest.sources")
    if manifest.mode != "rehearsal" and min(times) < manifest.published + NOTICE_S:
        raise _refuse("short_notice")


def _check_sizes(manifest: "Manifest") -> None:
    kind, sizes = manifest.kind, manifest.capacities
    refused = _refuse("sizes", total=sum(sizes), n=manifest.n)
    if kind in ("teacher", "inspect") or not sizes or min(sizes) < 0:
        if sizes or (kind == "split" and not manifest.equal) or kind == "late":
            raise refused
        return
    if len(sizes) != manifest.classes or (kind == "split" and (manifest.equal or sum(sizes) != manifest.n)):
        raise refused


def _check_kind(manifest: "Manifest") -> None:
    """Refuse a field of another kind: what a key does not apply to is empty or 0."""
    kind = manifest.kind
    has_children = kind in ("split", "seat", "late")
    has_classes = kind in ("split", "late")
    is_lowtech = manifest.mode == "lowtech"
    wishes = manifest.together + manifest.separate
    rules = {
        "n": (manifest.n >= 1) == has_children,
        "classes": 1 <= manifest.classes <= _MOST_CLASSES if has_classes else manifest.classes == 0,
        "equal": manifest.equal or kind == "split",
        "capacities": not manifest.capacities or has_classes,
        "attempts": 1 <= manifest.attempts <= _MOST_ATTEMPTS if kind == "split" else manifest.attempts == 0,
        "polish": manifest.polish == 0 or (manifest.polish > 0 and kind == "split" and not is_lowtech),
        "levels": not manifest.levels or kind == "split",
        "strata": kind == "split" or manifest.strata == (Stratum(ROOT, "", 0),),
        "seats": not manifest.seats or kind == "seat",
        "items": bool(manifest.items) == (kind in ("teacher", "inspect")),
        "choose": manifest.choose >= 1 if kind == "inspect" else manifest.choose == 0,
        "batch": manifest.batch >= 1 if kind == "late" else manifest.batch == 0,
        "constraints": (has_classes or not wishes) and (kind == "late" or not manifest.closed),
        "mode": kind == "split" or not is_lowtech,
    }
    wrong = [key for key, holds in rules.items() if not holds]
    if wrong:
        raise _refuse("other_kind", keys=", ".join(wrong), kind=kind)
