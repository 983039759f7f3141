"""The changes of one stage: what moves, how far it is before and after, why, and who may stay."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.allocation import at_known_schools
from zoning.evaluate.cost import straight_metres
from zoning.plan import Move, Plan
from zoning.proposal import Reason
from zoning.public.ledger.counts import Counts, count_children, followers, left_out
from zoning.public.ledger.values import (
    Area,
    Change,
    Kind,
    SchoolTotal,
    StageLedger,
    StageTotal,
    TownTotal,
)
from zoning.public.publication import Publication
from zoning.publish.plans import name_column
from zoning.publish.stages import journey_s
from zoning.travel import TravelTimes

__all__ = ["because", "names_of", "stage_ledger", "who_may_stay"]

_NO_TOTAL = StageTotal(0, 0, 0, 0, None, None, None, 0, 0, None, None)


def stage_ledger(publication: Publication, stage: str, first_area: int) -> StageLedger:
    """Return the changes of a stage, its areas numbered from ``first_area`` on.

    Raises
    ------
    DataError
        When a plan or the options name what the district does not have.
    """
    district, plan = publication.district, publication.main.plans[stage]
    label, stays = district.stage(stage).label, who_may_stay(publication, stage)
    before = None if publication.other is None else publication.other.plans.get(stage)
    if before is None:
        note = messages.text("public_ledger.not_compared", stage=label)
        return StageLedger(
            stage, label, plan.digest, "", "", counted=False, total=_NO_TOTAL, stays=stays, notes=(note,)
        )
    pupils = followers(district, publication.demand, plan, before)
    moves, areas = _in_areas(district, plan, before, first_area)
    counts = Counts((None,) * len(moves), counted=False)
    if pupils is not None:
        names = [(str(n), _town(district, move.block_id)) for n, move in zip(areas, moves, strict=True)]
        counts = count_children(district, (plan, before), moves, pupils, names)
    changes = _changes(publication, (plan, before), moves, areas, counts)
    times = publication.times.get(stage)
    old, new = set(before.school_ids), set(plan.school_ids)
    return StageLedger(
        stage,
        label,
        plan.digest,
        before.digest,
        "" if times is None else times.mode,
        counted=pupils is not None,
        total=_total(changes, counts),
        changes=changes,
        areas=_areas(changes, counts),
        schools=_schools(district, plan, before, changes, counts),
        towns=_towns(stage, changes, counts),
        hidden_zones=tuple(s for s in plan.school_ids if counts.counted and counts.of("zone", s) is None),
        new_schools=tuple(sorted(new - old)),
        closed_schools=tuple(sorted(old - new)),
        stays=stays,
        notes=(
            *_missing(label, pupils, times),
            *(left_out(district, plan, before) if counts.counted else ()),
        ),
        estimated=stage in publication.estimated,
    )


def _changes(
    publication: Publication,
    plans: tuple[Plan, Plan],
    moves: Sequence[Move],
    areas: Sequence[int],
    counts: Counts,
) -> tuple[Change, ...]:
    district, stage = publication.district, plans[0].stage
    times = publication.times.get(stage)
    telling = _Telling(
        district,
        stage,
        _ways(district, plans[0], times, moves),
        _ways(district, at_known_schools(district, plans[1]), times, moves),
        publication.main.reasons.get(stage, {}),
        names_of(district.block_frame),
        counted=counts.counted,
    )
    rows = zip(moves, areas, counts.cells, strict=True)
    return tuple(telling.change(move, number, count) for move, number, count in rows)


def who_may_stay(publication: Publication, stage: str) -> tuple[Text, ...]:
    """Return who may stay at the old school: by the options of the stage and the words of the office."""
    notice = publication.district.notice
    found = [notice.transition] if notice.transition.zh else []
    if publication.district.zone_options(stage).grandfathered:
        found.append(messages.text("public_ledger.enrolled_stay"))
    elif not found:
        found.append(messages.text("public_ledger.stay_unsaid"))
    siblings = {True: "siblings_stay", False: "siblings_move", None: "siblings_unsaid"}
    return (*found, messages.text(f"public_ledger.{siblings[notice.siblings_stay]}"))


def names_of(frame: pd.DataFrame) -> dict[str, Text]:
    """Return the names of blocks or schools by id; the id where there is none, Chinese where no English."""
    names = zip(frame.index, name_column(frame, "zh"), name_column(frame, "en"), strict=True)
    return {str(one): Text(str(en) or str(zh) or str(one), str(zh) or str(one)) for one, zh, en in names}


def _town(district: District, block: str) -> str:
    frame = district.block_frame
    return str(frame["town"].loc[block]) if block in frame.index else ""


def _in_areas(
    district: District, plan: Plan, before: Plan, first_area: int
) -> tuple[tuple[Move, ...], tuple[int, ...]]:
    """Return the blocks that change, those that left last, and the number of the area of each."""
    gone = [Move(block, schools, ()) for block, schools in before.rows if block not in plan]
    towns = {town: at for at, town in enumerate(dict.fromkeys(district.block_frame["town"]))}
    school = {school: at for at, school in enumerate(district.school_frame.index)}
    row = {block: at for at, block in enumerate(district.block_frame.index)}

    def place(move: Move) -> tuple[int, list[tuple[int, str]], list[tuple[int, str]]]:
        ranks = [[(school.get(s, len(school)), s) for s in side] for side in (move.before, move.after)]
        return towns.get(_town(district, move.block_id), len(towns)), ranks[0], ranks[1]

    moves = sorted(
        [*plan.diff(before), *gone],
        key=lambda move: (place(move), row.get(move.block_id, len(row)), move.block_id),
    )
    numbers: dict[str, int] = {}
    areas = [numbers.setdefault(repr(place(move)), first_area + len(numbers)) for move in moves]
    return tuple(moves), tuple(areas)


Way = tuple[float | None, int | None]


def _ways(district: District, plan: Plan, times: TravelTimes | None, moves: Sequence[Move]) -> dict[str, Way]:
    """Return minutes and straight metres to the school of each block that changes."""
    frame = district.block_frame
    blocks = [move.block_id for move in moves if move.block_id in plan and move.block_id in frame.index]
    if not blocks:
        return {}
    metres = straight_metres(replace(district, block_frame=frame.loc[blocks]))
    column = {school: at for at, school in enumerate(district.school_frame.index)}
    rows = frame.index.get_indexer(blocks)
    seconds = np.full(metres.shape, np.nan) if times is None else times.seconds[rows]
    least = np.full(len(frame), np.nan) if times is None else journey_s(plan, times)
    found: dict[str, Way] = {}
    for at, block in enumerate(blocks):
        schools = [column[school] for school in plan[block]]
        nearest = min(schools, key=lambda s: (np.nan_to_num(seconds[at, s], nan=np.inf), metres[at, s]))
        time_s = float(least[rows[at]])
        found[block] = (
            None if np.isnan(time_s) else round(time_s / 60, 1),
            round(float(metres[at, nearest])),
        )
    return found


@dataclass(frozen=True, eq=False)
class _Telling:
    """What a change is told from."""

    district: District
    stage: str
    ways: Mapping[str, Way]
    ways_before: Mapping[str, Way]
    reasons: Mapping[str, Reason]
    names: Mapping[str, Text]
    counted: bool

    def change(self, move: Move, area: int, children: int | None) -> Change:
        """Return what is told of one block."""
        block = move.block_id
        name = self.names.get(block, Text(block, block))
        code, reason = self._reason(move, hidden=self.counted and children is None)
        old, new = self.ways_before.get(block, (None, None)), self.ways.get(block, (None, None))
        return Change(
            self.stage, block, name, _town(self.district, block), _kind(move), area, move.before, move.after,
            children, old[0], new[0], old[1], new[1], code, reason,
        )  # fmt: skip

    def _reason(self, move: Move, *, hidden: bool) -> tuple[str, Text]:
        """Return code and sentence; the full one counts pupils and would give a hidden count away."""
        why = self.reasons.get(move.block_id)
        steady = why is not None and why.code == "stability" and move.before  # no reason to change a school
        if not move.after or why is None or steady:
            told = "narrowed" if _kind(move) == "narrowed" else "plan"
            code = "left" if not move.after else "shared" if len(move.after) > 1 else told
            return code, because(code)
        return why.code, because(why.code) if hidden else why.text


def because(code: str) -> Text:
    """Return the short sentence for a reason's code."""
    return messages.text(f"public_ledger.because_{code}")


def _kind(move: Move) -> Kind:
    old, new = set(move.before), set(move.after)
    if not old or not new:
        return "left" if old else "entered"
    return "widened" if old < new else "narrowed" if new < old else "moved"


def _span(values: Sequence[float | None]) -> tuple[float, float] | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None


def _areas(changes: Sequence[Change], counts: Counts) -> tuple[Area, ...]:
    members: dict[int, list[Change]] = {}
    for change in changes:
        members.setdefault(change.area, []).append(change)

    def metres(values: Sequence[int | None]) -> tuple[int, int] | None:
        span = _span(values)
        return None if span is None else (int(span[0]), int(span[1]))

    return tuple(
        Area(
            number, of[0].stage, of[0].town, of[0].before, of[0].after, of[0].kind,
            tuple(change.block_id for change in of),
            counts.of("area", str(number)),
            _span([change.minutes_before for change in of]),
            _span([change.minutes_after for change in of]),
            metres([change.metres_before for change in of]),
            metres([change.metres_after for change in of]),
            tuple(because(code) for code, _ in Counter(change.code for change in of).most_common()),
        )
        for number, of in members.items()
    )  # fmt: skip


def _schools(
    district: District, plan: Plan, before: Plan, changes: Sequence[Change], counts: Counts
) -> tuple[SchoolTotal, ...]:
    order = {school: at for at, school in enumerate(district.school_frame.index)}
    named = {school for change in changes for school in (*change.before, *change.after)}
    now, then = plan.zones(), before.zones()
    found = []
    for school in sorted(named, key=lambda s: (order.get(s, len(order)), s)):
        has, had = set(now.get(school, ())), set(then.get(school, ()))
        children = (counts.of(kind, school) for kind in ("gained", "lost", "stayed"))
        found.append(
            SchoolTotal(plan.stage, school, len(has - had), len(had - has), len(has & had), *children)
        )
    return tuple(found)


def _towns(stage: str, changes: Sequence[Change], counts: Counts) -> tuple[TownTotal, ...]:
    blocks = Counter(change.town for change in changes)
    return tuple(TownTotal(stage, town, n, counts.of("town", town)) for town, n in blocks.items())


def _total(changes: Sequence[Change], counts: Counts) -> StageTotal:
    kinds = Counter("moved" if change.before and change.after else change.kind for change in changes)
    both = [
        (change.minutes_before, change.minutes_after)
        for change in changes
        if change.minutes_before is not None and change.minutes_after is not None
    ]
    moved, entered, left = (counts.of("stage", kind) for kind in ("moved", "entered", "left"))
    middle = [round(statistics.median(side), 1) for side in zip(*both, strict=True)] or [None, None]
    return StageTotal(
        len(changes), kinds["moved"], kinds["entered"], kinds["left"], moved, entered, left,
        sum(new < old for old, new in both), sum(new > old for old, new in both), middle[0], middle[1],
    )  # fmt: skip


def _missing(label: Text, pupils: object, times: TravelTimes | None) -> tuple[Text, ...]:
    estimated = times is not None and not times.along_streets
    missing = {"not_counted": pupils is None, "not_timed": times is None, "times_estimated": estimated}
    return tuple(
        messages.text(f"public_ledger.{code}", stage=label) for code, is_so in missing.items() if is_so
    )
