"""Which schools a stage's policy zones in a year, and which blocks may attend them.

Below both the search and the scorecard, so that the rule that one keeps is the rule that the other checks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning.district import District
from zoning.options import Prices
from zoning.travel import TravelTimes

__all__ = ["Eligibility", "eligible_schools", "leaves_town", "towns_of_schools"]


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The schools that have zones, and the blocks that each may serve.

    Parameters
    ----------
    school_ids
        Schools with a zone: open in that year, public, in a place class of the policy (or of any, at a
        price), with seats.
    capacity
        Their seats, pupils, float64 [school].
    allowed
        Whether a block may attend a school: a way exists and the town rule, where no price replaces it, is
        kept, bool [block, school].
    reachable
        Whether a way exists, bool [block, school].
    home
        Position of the block that each school stands in, int32 [school].
    freed
        Blocks whose town has schools, none of which they can reach: the town rule is waived, bool [block].
    unserved_towns
        Towns without a school of the stage, where the town rule says nothing; empty without that rule.
    passed_over
        Schools of the stage that get no zone, by reason: ``private``, ``place_class``, ``no_seats``.
    """

    school_ids: tuple[str, ...]
    capacity: npt.NDArray[np.float64] = field(repr=False)
    allowed: npt.NDArray[np.bool_] = field(repr=False)
    home: npt.NDArray[np.int32] = field(repr=False)
    reachable: npt.NDArray[np.bool_] = field(repr=False)
    freed: npt.NDArray[np.bool_] = field(repr=False)
    unserved_towns: tuple[str, ...] = ()
    passed_over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def eligible_schools(
    district: District, times: TravelTimes, *, stage: str, year: int, prices: Prices | None = None
) -> Eligibility:
    """Return the schools that the policy zones for a stage in a year, and who may attend them.

    Parameters
    ----------
    district
        The district.
    times
        Travel times, seconds [block, school]; NaN means that the block cannot attend the school.
    stage
        Name of the stage.
    year
        School year.
    prices
        What a departure costs; those of the district's options when left out.

    Raises
    ------
    DataError
        When the district does not plan that stage.
    ValueError
        When the travel times are of other blocks.

    References
    ----------
    教基厅〔2022〕1号: zones follow resident children, schools, administrative areas and traffic.
    """
    if times.block_ids != tuple(district.block_frame.index):
        raise ValueError("the travel times are of other blocks than the district's")
    prices = district.zone_options(stage).prices if prices is None else prices
    rule = district.policy.of(stage)
    frame = district.schools_of(stage, year)
    private = frame["ownership"] == "private"
    misplaced = ~private & ~frame["place_class"].isin(rule.school_places) & np.isinf(prices.misplaced_s)
    seatless = ~private & ~misplaced & ~(frame["capacity"] > 0)
    chosen = frame[~(private | misplaced | seatless)]
    reasons = {"private": private, "place_class": misplaced, "no_seats": seatless}
    reachable = np.isfinite(times.to(list(chosen.index)))
    blocks = pd.Index(district.block_frame.index)
    own, bound = _bound(district, chosen, reachable)
    keeps = own | ~bound[:, None] | np.isfinite(prices.left_town_s)
    town_rule = rule.within_town
    return Eligibility(
        school_ids=tuple(chosen.index),
        capacity=chosen["capacity"].to_numpy(dtype=np.float64),
        allowed=reachable & keeps if town_rule else reachable,
        home=blocks.get_indexer(pd.Index(district.block_of_school[chosen.index])).astype(np.int32),
        reachable=reachable,
        freed=np.asarray(own.any(axis=1) & ~bound & town_rule),
        unserved_towns=_unserved_towns(district, chosen) if town_rule else (),
        passed_over={reason: tuple(frame.index[mask]) for reason, mask in reasons.items() if mask.any()},
    )


def leaves_town(
    district: District, times: TravelTimes, *, stage: str, year: int, prices: Prices | None = None
) -> npt.NDArray[np.bool_]:
    """Return whether a school takes a block out of a town that it should stay in, bool [block, school].

    A block should stay where the policy keeps blocks within their town and the town has a zoned school that
    the block can reach. Columns are all schools of the district.

    Parameters
    ----------
    district, times, stage, year, prices
        As in :func:`eligible_schools`.

    Raises
    ------
    DataError
        When the district does not plan that stage.
    """
    if not district.policy.of(stage).within_town:
        return np.zeros((len(district.block_frame), len(district.school_frame)), dtype=np.bool_)
    found = eligible_schools(district, times, stage=stage, year=year, prices=prices)
    _, bound = _bound(district, district.school_frame.loc[list(found.school_ids)], found.reachable)
    towns = district.block_frame["town"].to_numpy(dtype=object)[:, None]
    return np.asarray(bound[:, None] & (towns != towns_of_schools(district, district.school_frame)[None, :]))


def towns_of_schools(district: District, frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return the town of each school of a frame: its own entry, else that of its block, object [school]."""
    given = frame["town"].to_numpy(dtype=object)
    of_block = district.block_frame["town"].loc[district.block_of_school[frame.index]].to_numpy(dtype=object)
    return np.asarray(np.where(given == "", of_block, given), dtype=object)


def _unserved_towns(district: District, schools: gpd.GeoDataFrame) -> tuple[str, ...]:
    served = set(towns_of_schools(district, schools))
    return tuple(town for town in dict.fromkeys(district.block_frame["town"]) if town not in served)


def _bound(
    district: District,
    schools: gpd.GeoDataFrame,
    reachable: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which schools stand in a block's town, and the blocks that can reach one of them."""
    towns = towns_of_schools(district, schools)
    own = district.block_frame["town"].to_numpy(dtype=object)[:, None] == towns[None, :]
    return np.asarray(own), np.asarray((own & reachable).any(axis=1))
