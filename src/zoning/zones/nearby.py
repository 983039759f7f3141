"""What lies near a block and yet is no nearer school: schools behind a barrier, buildings without a zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.cost import Prices, straight_metres
from zoning.evaluate.eligibility import eligible_schools
from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones.problem import Floats, Ints
from zoning.zones.wording import Wording

__all__ = ["Nearby", "look_around"]


@dataclass(frozen=True, eq=False)
class Nearby:
    """What is near a block and yet is no nearer school of the plan.

    Parameters
    ----------
    behind
        School that would be nearest but for a barrier, int32 [block]; -1 for none.
    passed
        Nearest building that takes no zone, school id, object [block]; empty for none.
    why
        Why a building takes no zone: ``private``, ``place_class`` or ``no_seats``, by school id.
    measured
        Whether times without barriers were measured; else no way leads to the school at all.
    """

    behind: Ints = field(repr=False)
    passed: npt.NDArray[np.object_] = field(repr=False)
    why: Mapping[str, str] = field(default_factory=dict, repr=False)
    measured: bool = False

    def aside(self, words: Wording, block: int) -> list[Text]:
        """Return what is said of it beside the reasons.

        Parameters
        ----------
        words
            Names and figures.
        block
            Position of the block.
        """
        said = []
        if self.behind[block] >= 0:
            code = "barrier_longer" if self.measured else "barrier"
            said.append(messages.text(f"reasons.{code}", near=words.schools[self.behind[block]]))
        passed = self.passed[block]
        if passed:
            said.append(messages.text(f"reasons.passed_{self.why[passed]}", near=words.buildings[passed]))
        return said


def look_around(
    district: District,
    plan: Plan,
    times: TravelTimes,
    school_ids: tuple[str, ...],
    school: Ints,
    *,
    open_times: npt.NDArray[np.floating] | None = None,
    prices: Prices | None = None,
) -> Nearby:
    """Return the schools that would be nearest but for a barrier, and nearer buildings that take no zone.

    Where times without barriers are not given, a school counts as behind one when no way leads to it though
    it is nearer in a straight line than the block's own.

    Parameters
    ----------
    district
        The district.
    plan
        The plan; its stage and year say which schools take no zone.
    times
        Travel times, seconds [block, school].
    school_ids
        Schools that take part.
    school
        School of each block among them, int32 [block]; below 0 for none.
    open_times
        Travel times without barriers to those schools, seconds [block, school].
    prices
        What a departure costs; those of the district's options when left out.
    """
    seconds = _endless(times.to(list(school_ids)))
    least = seconds.min(axis=1, initial=np.inf)
    if open_times is not None:
        behind = _longer(seconds, _endless(open_times), least, school)
    elif np.isinf(seconds).any():
        columns = district.school_frame.index.get_indexer(list(school_ids))
        metres = straight_metres(district)[:, columns]
        behind = _unreached(seconds, metres, school)
    else:
        behind = np.full(len(school), -1, dtype=np.int32)
    found = eligible_schools(district, times, stage=plan.stage, year=plan.year, prices=prices).passed_over
    why = {name: reason for reason, names in found.items() for name in names}
    passed = np.full(len(school), "", dtype=object)
    if why:
        names = np.array(list(why), dtype=object)
        away = _endless(times.to(list(why)))
        closer = away.min(axis=1) < least
        passed[closer] = names[away.argmin(axis=1)[closer]]
    return Nearby(behind, passed, why, open_times is not None)


def _endless(seconds: npt.NDArray[np.floating]) -> Floats:
    """Return times with infinity where there is no way."""
    return np.where(np.isnan(seconds), np.inf, seconds).astype(np.float64)


def _longer(seconds: Floats, free: Floats, least: Floats, school: Ints) -> Ints:
    """Return the school that is nearest without barriers where they make it a longer way than another."""
    rows, first = np.arange(len(school)), free.argmin(axis=1)
    there = seconds[rows, first]
    held = (there > free[rows, first]) & (there > least) & (first != school)
    return np.where(held, first, -1).astype(np.int32)


def _unreached(seconds: Floats, metres: Floats, school: Ints) -> Ints:
    """Return the nearest school without a way where it is nearer in a straight line than the block's own."""
    rows = np.arange(len(school))
    away = np.where(np.isinf(seconds), metres, np.inf)
    first = away.argmin(axis=1)
    held = (away[rows, first] < metres[rows, np.maximum(school, 0)]) & (school >= 0)
    return np.where(held, first, -1).astype(np.int32)
