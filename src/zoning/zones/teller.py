"""Moves to nearer schools as sentences: names, minutes and pupils; no count of children that is hidden."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from zoning import messages
from zoning.errors import Text
from zoning.zones.causes import PRECEDENCE, Causes
from zoning.zones.moves import Mask
from zoning.zones.placed import Placed
from zoning.zones.problem import CAPACITY, Ints, ZoneProblem
from zoning.zones.wording import Wording

__all__ = ["Teller", "joined"]

_NAMED = 5
"""Blocks that are named one by one."""


@dataclass(frozen=True, eq=False)
class Teller:
    """Puts moves to nearer schools into sentences.

    Parameters
    ----------
    words
        Names and figures.
    problem
        The problem.
    placed
        The plan.
    causes
        What speaks against each move.
    block, near
        The block and the nearer school of each move, int32 [move].
    """

    words: Wording
    problem: ZoneProblem
    placed: Placed
    causes: Causes
    block: Ints
    near: Ints

    @cached_property
    def open_moves(self) -> Mask:
        """Whether nothing speaks against a move, bool [move]."""
        return self.causes.none

    @cached_property
    def _sizes(self) -> Ints:
        """Blocks of each row, int [row]."""
        return np.bincount(self.words.row_of_block).astype(np.int32)

    def own(self, move: int) -> Text:
        """Return the name of the school that the block of a move has."""
        return self.words.schools[int(self.placed.school[self.block[move]])]

    def code(self, moves: range) -> str:
        """Return the code of a block: the firmest cause at the nearest school, unless some move is open."""
        if self.open_moves[moves.start : moves.stop].any():
            return "search"
        return next(code for code in PRECEDENCE if self.causes.by_code[code][moves[0]])

    def sentence(self, move: int) -> Text:
        """Return why a block does not go to one nearer school."""
        block, to = int(self.block[move]), int(self.near[move])
        own, near = self.own(move), self.words.schools[to]
        seconds = self.placed.seconds[block]
        saved = float(seconds[self.placed.school[block]]) - float(seconds[to])
        if self.open_moves[move]:
            what = "open_zone" if self._is_whole(move) else "open"
            return messages.text(f"reasons.{what}", near=near, minutes=_minutes(saved))
        given = [
            text for code in PRECEDENCE if self.causes.by_code[code][move] for text in self._cause(code, move)
        ]
        causes = joined(given, Text("; ", "；"))
        if math.isnan(saved):
            return messages.text("reasons.nearer_no_way", near=near, own=own, causes=causes)
        return messages.text("reasons.nearer", near=near, minutes=_minutes(saved), causes=causes)

    def _is_whole(self, move: int) -> bool:
        """Return whether what would move is a whole feeder zone."""
        return bool(self._sizes[self.causes.moves.block[move]] > 1)

    def _moved(self, move: int) -> Text:
        """Return what would move, as it stands in a sentence."""
        return _say("reasons.this_zone" if self._is_whole(move) else "reasons.this_block")

    def _cause(self, code: str, move: int) -> list[Text]:
        """Return the sentences of one cause."""
        own, moved = self.own(move), self._moved(move)
        if code in {"capacity", "balance"}:
            return self._loads(code, move)
        if code == "contiguity":
            return self._pieces(move)
        if code == "home":
            return [_say("reasons.cause_home", own=self._standing(move), moved=moved)]
        if code == "shared":
            pair = joined([own, self.words.schools[self.near[move]]], Text(", ", "、"))
            return [messages.text("reasons.cause_shared", schools=pair)]
        rules, prices = self.causes.given(code, move)
        town = self.words.towns[self.near[move]]
        texts = [_say(f"reasons.rule_{rule}", own=own, town=town, moved=moved) for rule in rules]
        texts += [
            _say(f"reasons.price_{name}", price=float(self.causes.price_s[name][move]) / 60)
            for name in prices
        ]
        if code == "feeder" and self._is_whole(move):
            texts.append(_say("reasons.cause_whole", own=own))
        return texts or [_say(f"reasons.cause_{code}")]

    def _standing(self, move: int) -> Text:
        """Return the name of the school that stands where a move would leave from."""
        words, row = self.words, int(self.causes.moves.block[move])
        here = (words.row_of_block[words.home] == row) & (words.unit_of == self.placed.unit[row])
        return words.schools[int(np.flatnonzero(here)[0])]

    def _loads(self, code: str, move: int) -> list[Text]:
        """Return which load rules break, the seats of the nearer school with what one is worth."""
        moves, rows = self.causes.moves, self.problem.rows
        outside, below = moves.outside[:, move], moves.below[:, move]
        found, over, least = [], {}, math.inf
        for row, name in enumerate(rows.names):
            rule, _, rest = name.partition(":")
            if (rule == CAPACITY) is not (code == "capacity"):
                continue
            if code == "capacity" and outside[row] > 0:
                over[rest or str(self.words.year)] = float(outside[row])
                least = min(least, float(rows.weight[row, moves.block[move]]))
            elif rule == "least" and below[row] > 0:
                found.append(_say("reasons.cause_least", own=self.own(move)))
            elif below[row] > 0 or outside[row] > 0:
                group = _say(f"zones_rules.group_{rest.split(':')[0]}")
                found.append(_say("reasons.cause_balance", group=group))
        if over:
            worth = float(self.words.seat_prices[moves.school[move]])
            told = least >= self.words.hide_below
            found.append(self._seats(over, worth, self._moved(move), told=told))
        return list(dict.fromkeys(found))

    def _seats(self, over: dict[str, float], worth: float, moved: Text, *, told: bool) -> Text:
        """Return by how much the seats would be passed, most of all years, and in which.

        At a school that is over its seats already the number less what is known would give the block's own
        pupils: it is told only where the block has enough of them.
        """
        most, years = max(over.values()), ", ".join(over)
        if most < self.words.hide_below or not told:
            said = _say("reasons.cause_capacity_hidden", year=years, moved=moved)
        else:
            code = "cause_capacity" if len(over) == 1 else "cause_capacity_years"
            said = messages.text(f"reasons.{code}", over=math.ceil(most - 1e-6), year=years, moved=moved)
        if worth <= 0:
            return said
        return messages.text("reasons.seat_price", cause=said, price=worth / 60)

    def _pieces(self, move: int) -> list[Text]:
        moves, found, moved = self.causes.moves, [], self._moved(move)
        if not moves.borders[move]:
            found.append(_say("reasons.cause_apart", moved=moved))
        if moves.cuts[move]:
            rows = self.causes.trees.cut_off(self.problem, int(moves.block[move]))
            lost = np.flatnonzero(np.isin(self.words.row_of_block, rows)).tolist()
            named = _list_some([self.words.blocks[block] for block in lost])
            found.append(messages.text("reasons.cause_cut", own=self.own(move), blocks=named, moved=moved))
        return found


@lru_cache(maxsize=4096)
def _say(code: str, **fields: Text | float | str) -> Text:
    """Return a sentence; many come back for many blocks."""
    return messages.text(code, **fields)


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
