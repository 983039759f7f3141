"""Reasons as sentences: names, minutes and pupils; no count of children that the policy hides."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.eligibility import towns_of_schools
from zoning.plan import Plan
from zoning.zones.causes import PRECEDENCE, Causes
from zoning.zones.moves import Mask
from zoning.zones.pose import PosedProblem
from zoning.zones.problem import CAPACITY, Floats, Ints, ZoneProblem

__all__ = ["Teller", "Wording", "joined"]

_NAMED = 5
"""Blocks that are named one by one."""


@dataclass(frozen=True, eq=False)
class Wording:
    """Names and figures that the sentences take.

    Parameters
    ----------
    block_ids, school_ids
        Ids of the problem's blocks and schools.
    blocks, schools
        Their names; the id where there is none.
    buildings
        Names of all schools of the district, by id.
    towns
        Town of each school, object [school].
    seat_prices
        Price of one seat, pupil-seconds, float64 [school]; 0 where seats are left.
    year
        The planned year.
    hide_below
        Counts of children under this are not said.
    """

    block_ids: tuple[str, ...] = field(repr=False)
    school_ids: tuple[str, ...] = field(repr=False)
    blocks: list[Text] = field(repr=False)
    schools: list[Text] = field(repr=False)
    buildings: Mapping[str, Text] = field(repr=False)
    towns: npt.NDArray[np.object_] = field(repr=False)
    seat_prices: Floats = field(repr=False)
    year: int
    hide_below: int

    @classmethod
    def of(cls, district: District, posed: PosedProblem, plan: Plan, *, seat_prices: Floats) -> "Wording":
        """Return the names of a problem's blocks and schools.

        Parameters
        ----------
        district
            The district.
        posed
            The problem.
        plan
            The plan; its year is the one planned.
        seat_prices
            Price of one seat, pupil-seconds, float64 [school].
        """
        schools = district.school_frame
        names = dict(zip(schools.index, _names(schools), strict=True))
        return cls(
            block_ids=posed.block_ids,
            school_ids=posed.school_ids,
            blocks=_names(district.block_frame),
            schools=[names[school] for school in posed.school_ids],
            buildings=names,
            towns=towns_of_schools(district, schools.loc[list(posed.school_ids)]),
            seat_prices=seat_prices,
            year=plan.year,
            hide_below=district.policy.hide_below,
        )


@dataclass(frozen=True, eq=False)
class Teller:
    """Puts moves to nearer schools into sentences.

    Parameters
    ----------
    words
        Names and figures.
    problem
        The problem.
    school
        School of each block, int32 [block]; below 0 for none.
    seconds
        Travel times to the problem's schools, seconds [block, school]; NaN where there is no way.
    causes
        What speaks against each move.
    """

    words: Wording
    problem: ZoneProblem
    school: Ints
    seconds: npt.NDArray[np.floating]
    causes: Causes

    @cached_property
    def open_moves(self) -> Mask:
        """Whether nothing speaks against a move, bool [move]."""
        return self.causes.none

    def code(self, moves: range) -> str:
        """Return the code of a block: the firmest cause at the nearest school, unless some move is open."""
        if self.open_moves[moves.start : moves.stop].any():
            return "search"
        return next(code for code in PRECEDENCE if self.causes.by_code[code][moves[0]])

    def sentence(self, move: int) -> Text:
        """Return why a block does not go to one nearer school."""
        block, to = int(self.causes.moves.block[move]), int(self.causes.moves.school[move])
        own, near = self.words.schools[self.school[block]], self.words.schools[to]
        saved = float(self.seconds[block, self.school[block]]) - float(self.seconds[block, to])
        if self.open_moves[move]:
            return messages.text("reasons.open", near=near, minutes=_minutes(saved))
        given = [
            text
            for code in PRECEDENCE
            if self.causes.by_code[code][move]
            for text in self._cause(code, move, own)
        ]
        causes = joined(given, Text("; ", "；"))
        if math.isnan(saved):
            return messages.text("reasons.nearer_no_way", near=near, own=own, causes=causes)
        return messages.text("reasons.nearer", near=near, minutes=_minutes(saved), causes=causes)

    def _cause(self, code: str, move: int, own: Text) -> list[Text]:
        """Return the sentences of one cause."""
        causes, to = self.causes, int(self.causes.moves.school[move])
        if code in {"capacity", "balance"}:
            return self._loads(code, move, own)
        if code == "contiguity":
            return self._pieces(move, own)
        if code == "town":
            return self._town(move)
        if code == "shared":
            pair = joined([own, self.words.schools[to]], Text(", ", "、"))
            return [messages.text("reasons.cause_shared", schools=pair)]
        price_s = float(causes.price_s[code][move]) if code in causes.price_s else 0.0
        if code == "feeder" and causes.moves.allowed[move]:
            return [messages.text("reasons.cause_feeder_price", price=price_s / 60)]
        return [_say(f"reasons.cause_{code}", own=own, price=price_s / 60)]

    def _town(self, move: int) -> list[Text]:
        causes = self.causes
        if causes.moves.allowed[move]:
            return [messages.text("reasons.cause_town_price", price=causes.price_s["town"][move] / 60)]
        town = self.words.towns[causes.moves.school[move]]
        return [_say("reasons.cause_town", town=town)]

    def _loads(self, code: str, move: int, own: Text) -> list[Text]:
        """Return which load rules break, the seats of the nearer school with what one is worth."""
        moves, rows = self.causes.moves, self.problem.rows
        outside, below = moves.outside[:, move], moves.below[:, move]
        found, over, least = [], {}, math.inf
        for row, name in enumerate(rows.names):
            rule, _, year = name.partition(":")
            if (rule == CAPACITY) is not (code == "capacity"):
                continue
            if code == "capacity" and outside[row] > 0:
                over[year or str(self.words.year)] = float(outside[row])
                least = min(least, float(rows.weight[row, moves.block[move]]))
            elif below[row] > 0 and rows.lower[row, self.school[moves.block[move]]] > 0:
                found.append(_say("reasons.cause_least", own=own))
            elif below[row] > 0 or outside[row] > 0:
                found.append(_say("reasons.cause_balance", rule=name))
        if over:
            worth = float(self.words.seat_prices[moves.school[move]])
            found.append(self._seats(over, worth, told=least >= self.words.hide_below))
        return found

    def _seats(self, over: dict[str, float], worth: float, *, told: bool) -> Text:
        """Return by how much the seats would be passed, most of all years, and in which.

        At a school that is over its seats already the number less what is known would give the block's own
        pupils: it is told only where the block has enough of them.
        """
        most, years = max(over.values()), ", ".join(over)
        if most < self.words.hide_below or not told:
            said = _say("reasons.cause_capacity_hidden", year=years)
        else:
            code = "cause_capacity" if len(over) == 1 else "cause_capacity_years"
            said = messages.text(f"reasons.{code}", over=math.ceil(most - 1e-6), year=years)
        if worth <= 0:
            return said
        return messages.text("reasons.seat_price", cause=said, price=worth / 60)

    def _pieces(self, move: int, own: Text) -> list[Text]:
        moves, found = self.causes.moves, []
        if not moves.borders[move]:
            found.append(_say("reasons.cause_apart"))
        if moves.cuts[move]:
            lost = self.causes.trees.cut_off(self.problem, int(moves.block[move])).tolist()
            named = _list_some([self.words.blocks[block] for block in lost])
            found.append(messages.text("reasons.cause_cut", own=own, blocks=named))
        return found


_say = lru_cache(maxsize=4096)(messages.text)
"""Sentences that come back for many blocks."""


def joined(texts: Sequence[Text], between: Text) -> Text:
    """Return several texts as one.

    Parameters
    ----------
    texts
        The texts.
    between
        What stands between them, in each language.

    Examples
    --------
    >>> joined([Text("a", "甲"), Text("b", "乙")], Text(", ", "、")).zh
    '甲、乙'
    """
    return Text(between.en.join(one.en for one in texts), between.zh.join(one.zh for one in texts))


def _list_some(names: Sequence[Text]) -> Text:
    """Return the first names and how many more there are."""
    shown = joined(names[:_NAMED], Text(", ", "、"))
    if len(names) <= _NAMED:
        return shown
    return messages.text("zones.and_more", shown=shown, more=len(names) - _NAMED)


def _minutes(seconds: float) -> Text:
    """Return minutes to one decimal."""
    if seconds < 3:
        return messages.text("reasons.under_tenth")
    plain = f"{seconds / 60:.1f}"
    return Text(plain, plain)


def _names(frame: gpd.GeoDataFrame) -> list[Text]:
    """Return the names of blocks or schools: the Chinese one where there is no English, the id for none."""
    ids = frame.index.astype("str")
    given = frame.reindex(columns=["name", "name_en"]).astype("str").fillna("")
    rows = zip(ids, given["name"], given["name_en"], strict=True)
    return [Text(e or z or name, z or e or name) for name, z, e in rows]
