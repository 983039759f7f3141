"""One stage's figures by block and by school, for the atlas and the figures."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from zoning.district import District, Stage
from zoning.evaluate import Measure
from zoning.evaluate.allocation import allocate
from zoning.forecast import Forecast
from zoning.plan import Plan
from zoning.publish import colours, geometry
from zoning.publish.binding import seat_prices
from zoning.publish.proof import proof_content
from zoning.publish.result import StageResult
from zoning.travel import TravelTimes

__all__ = ["card_value", "journey_s", "nice_breaks", "pupils_by_school", "stage_content"]

_FAR_S = 45 * 60.0


def pupils_by_school(district: District, plan: Plan, demand: Forecast) -> npt.NDArray[np.float64]:
    """Return the children of each school's zone by forecast year, pupils, float64 [school, year]."""
    shares = allocate(district, plan)
    stage = district.stage(plan.stage)
    every = [
        shares.by_school(demand.of_stage(stage, year), len(district.school_frame)) for year in demand.years
    ]
    return np.stack(every, axis=1)


def journey_s(plan: Plan, times: TravelTimes) -> npt.NDArray[np.float64]:
    """Return each block's time to its school, seconds, float64 [block]; NaN without school or way.

    For a shared zone the nearest of its schools counts.
    """
    column = {school: number for number, school in enumerate(times.school_ids)}
    found = np.full(len(times.block_ids), np.nan)
    for row, block in enumerate(times.block_ids):
        schools = [column[s] for s in plan[block]] if block in plan else []
        known = times.seconds[row, schools]
        known = known[~np.isnan(known)]
        if len(known):
            found[row] = known.min()
    return found


def card_value(result: StageResult, measure_id: str) -> float | None:
    """Return a number of the scorecard in its unit; None where it has none.

    Figures and page take from here what the scorecard prints, instead of measuring it again.
    """
    value = next((m.value for m in result.card if m.id == measure_id), math.nan)
    return float(value) if math.isfinite(value) else None


def nice_breaks(values: npt.NDArray[np.float64], classes: int = 6) -> list[int]:
    """Return whole numbers that part the values above 0 into about equal classes, each easy to read.

    Examples
    --------
    >>> nice_breaks(np.arange(1.0, 601.0))
    [100, 200, 300, 400, 500]
    """
    above = values[values > 0]
    if not len(above):
        return [1]
    raw = np.quantile(above, np.linspace(0, 1, classes + 1)[1:-1])
    found: list[int] = []
    for value in raw:
        size = 10.0 ** max(0, math.floor(math.log10(max(value, 1.0))))
        nice = round(round(value / (size / 2)) * (size / 2)) if size > 1 else max(1, round(value))
        if not found or nice > found[-1]:
            found.append(int(nice))
    return found


def stage_content(
    district: District,
    result: StageResult,
    demand: Forecast | None,
    *,
    colour: Mapping[str, int],
) -> dict[str, object]:
    """Return what the page shows of one stage, ready for JSON.

    Parameters
    ----------
    district
        The district.
    result
        The plan and what is known of it.
    demand
        Children by block, grade and year; None leaves them out.
    colour
        Number of the palette by school.
    """
    plan, times = result.plan, result.times
    stage = district.stage(plan.stage)
    number = {school: n for n, school in enumerate(district.school_frame.index)}
    return {
        "name": plan.stage,
        "year": plan.year,
        "label": [stage.label.en, stage.label.zh],
        "digest": plan.digest[:16],
        "mode": None if times is None else times.mode,
        "school": _assigned(district, plan, number),
        "before": None if result.against is None else _assigned(district, result.against, number),
        "minutes": None if times is None else _tenths(journey_s(plan, times)),
        "journey_scale": None if times is None else _journey_scale(journey_s(plan, times)),
        "minutes_before": None
        if times is None or result.against is None
        else _tenths(journey_s(result.against, times)),
        "colours": {str(number[school]): value for school, value in colour.items() if school in number},
        "seats": _seats(district, result, demand, number),
        "measures": [_measure(m) for m in result.card],
        **proof_content(result, number, district.block_frame.index),
        **_children(district, result, stage, demand),
    }


def _assigned(district: District, plan: Plan, number: Mapping[str, int]) -> list[int | list[int]]:
    found: list[int | list[int]] = []
    for block in district.block_frame.index:
        schools = sorted(number[s] for s in plan[block]) if block in plan else []
        found.append(schools if len(schools) > 1 else schools[0] if schools else -1)
    return found


def _tenths(seconds: npt.NDArray[np.float64]) -> list[int | None]:
    return [None if math.isnan(s) else round(s / 6) for s in seconds.tolist()]


def _seats(
    district: District,
    result: StageResult,
    demand: Forecast | None,
    number: Mapping[str, int],
) -> dict[str, dict[str, object]]:
    plan = result.plan
    points = geometry.label_points(geometry.own_blocks(district, plan), district.place.crs)
    earlier = geometry.label_points(geometry.own_blocks(district, result.against), district.place.crs)
    capacity = district.school_frame.get(f"capacity_{plan.stage}")
    pupils = None if demand is None else pupils_by_school(district, plan, demand)
    prices = seat_prices(result.proposal) if result.proposal else {}
    found: dict[str, dict[str, object]] = {}
    for school in sorted({*points, *earlier, *district.schools_of(plan.stage, plan.year).index}):
        place = number[school]
        seats = math.nan if capacity is None else float(capacity.loc[school])
        found[str(place)] = {
            "capacity": None if math.isnan(seats) else seats,
            "pupils": None if pupils is None else [round(float(p), 1) for p in pupils[place]],
            "label": points.get(school),
            "label_before": earlier.get(school),
            "price": round(float(prices.get(school, 0.0)), 1),
        }
    return found


def _measure(measure: Measure) -> dict[str, object]:
    return {
        "id": measure.id,
        "label": [measure.label.en, measure.label.zh],
        "value": None if not math.isfinite(measure.value) else float(measure.value),
        "unit": measure.unit,
        "limit": None if measure.limit is None else float(measure.limit),
        "source": measure.source,
        "ok": None if measure.ok is None else bool(measure.ok),
    }


def _children(
    district: District,
    result: StageResult,
    stage: Stage,
    demand: Forecast | None,
) -> dict[str, object]:
    """Children by block and by town; a block's count below the threshold becomes -1."""
    times, year = result.times, result.plan.year
    if demand is None:
        return {"children": None, "towns": None, "county": None, "total": None, "mean_s": None}
    every = np.stack([demand.of_stage(stage, y) for y in demand.years], axis=1)
    town = district.block_frame["town"]
    towns = np.stack([every[(town == name).to_numpy()].sum(axis=0) for name in dict.fromkeys(town)])
    now = every[:, demand.years.index(year)] if year in demand.years else None
    whole = np.rint(every).astype(int)
    hidden = np.where((whole > 0) & (whole < district.policy.hide_below), -1, whole)
    return {
        "children": hidden.tolist(),
        "towns": np.rint(towns).astype(int).tolist(),
        "county": np.rint(every.sum(axis=0)).astype(int).tolist(),
        "block_scale": _scale(every, least=district.policy.hide_below),
        "town_scale": _scale(towns),
        "total": None if now is None else float(now.sum()),
        "mean_s": None if now is None or times is None else card_value(result, "journeys.mean_s"),
    }


def _journey_scale(seconds: npt.NDArray[np.float64]) -> dict[str, object]:
    known = seconds[~np.isnan(seconds)]
    far = len(known) > 0 and float(np.quantile(known, 0.9)) > _FAR_S
    breaks = colours.LONG_JOURNEY_BREAKS_MIN if far else colours.JOURNEY_BREAKS_MIN
    return {"breaks": breaks, "colours": colours.JOURNEYS}


def _scale(values: npt.NDArray[np.float64], *, least: int = 1) -> dict[str, object]:
    """Return the classes of a map of children; the first holds all counts that are hidden."""
    breaks = sorted({max(b, least) for b in nice_breaks(values)})
    return {"breaks": breaks, "colours": list(colours.CHILDREN[: len(breaks) + 1])}
