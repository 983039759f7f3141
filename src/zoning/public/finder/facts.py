"""What the page says beside the answer: minutes to the schools around, and why it is not the nearest."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NotRequired, TypedDict

import numpy as np

from zoning.errors import Text
from zoning.proposal import Reason
from zoning.public.finder.compact import packed, recency
from zoning.public.near_lines import Zone
from zoning.public.publication import Publication

__all__ = ["CodedZones", "coded_journeys", "coded_near", "coded_reasons", "coded_zones", "nearest_of"]


class CodedZones(TypedDict):
    """Zones of a plan as the page takes them: every block's, or those that differ from another plan."""

    zones: list[list[int]]
    of: NotRequired[list[str]]
    but: NotRequired[str]


AROUND: Final = 3
"""Schools that a page names beside each other, the nearest ones."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


def nearest_of(publication: Publication, stage: str) -> dict[str, list[tuple[str, int]]]:
    """Return by block the schools nearest by travel time and its own of every year, with whole minutes.

    Sorted by time. Only public schools that are open in the published year, and the block's own whatever they
    are. A school without a way is left out.

    Parameters
    ----------
    publication
        What is published; empty where it has no times of the stage.
    stage
        Name of the stage.
    """
    times = publication.times.get(stage)
    if times is None:
        return {}
    district = publication.district
    offered = district.schools_of(stage, publication.main.year)
    public = set(offered.index[(offered["ownership"] == "public") & (offered["capacity"] > 0)])
    column = {school: n for n, school in enumerate(times.school_ids)}
    seconds = np.where(np.isnan(times.seconds), np.inf, times.seconds)
    closed = [n for school, n in column.items() if school not in public]
    of_public = seconds.copy()
    of_public[:, closed] = np.inf
    order = np.argsort(of_public, axis=1, kind="stable")[:, :AROUND]
    plans = [one.plans[stage] for one in publication.years if stage in one.plans]
    excepted = _excepted(publication, stage)
    found = {}
    for row, block in enumerate(times.block_ids):
        zoned = [s for plan in plans if block in plan for s in plan[block]]
        own = [column[s] for s in (*zoned, *excepted.get(block, ())) if s in column]
        near = [int(n) for n in order[row] if np.isfinite(of_public[row, n])]
        chosen = sorted({*near, *own}, key=lambda n: (seconds[row, n], n))
        found[block] = [
            (times.school_ids[n], max(1, round(float(seconds[row, n]) / 60)))
            for n in chosen
            if math.isfinite(seconds[row, n])
        ]
    return found


def _excepted(publication: Publication, stage: str) -> dict[str, list[str]]:
    """Return the schools that exceptions name in a block."""
    table = publication.district.table("addresses")
    found: dict[str, list[str]] = {}
    if table is not None and "exception_stage" in table:
        of_stage = table[table["exception_stage"] == stage]
        for block, school in zip(of_stage["block_id"], of_stage["exception_school"], strict=True):
            found.setdefault(str(block), []).append(str(school))
    return found


def coded_journeys(
    publication: Publication, stage: str, schools: Mapping[str, int]
) -> dict[str, object] | None:
    """Return :func:`nearest_of` as columns: counts by block, schools, minutes; None without times."""
    near = nearest_of(publication, stage)
    if not near:
        return None
    counts, refs, minutes = [], [], []
    # A stage has few schools: the numbers of its own list are shorter than those of all schools.
    own = sorted({schools[school] for found in near.values() for school, _ in found})
    place = {school: n for n, school in enumerate(own)}
    for block in publication.district.block_frame.index:
        found = near.get(str(block), [])
        counts.append(len(found))
        before = 0
        for school, needed in found:
            refs.append(place[schools[school]])
            minutes.append(needed - before)
            before = needed
    return {
        "mode": publication.times[stage].mode,
        "estimated": stage in publication.estimated,
        "schools": own,
        "counts": packed(counts),
        "refs": packed(recency(refs, len(own))),
        "minutes": packed(minutes),
    }


def coded_zones(
    plan: Mapping[str, tuple[str, ...]],
    block_ids: Sequence[str],
    schools: Mapping[str, int],
    beside: Mapping[str, tuple[str, ...]] | None = None,
) -> CodedZones:
    """Return the zones of a plan (numbers of their schools) and the zone of each block from 1; 0 has none.

    Parameters
    ----------
    plan
        Schools by block.
    block_ids, schools
        Blocks and schools in the order of the page.
    beside
        Another plan: then only blocks that differ from it are sent (steps between them, and their zones), and
        its zones come first.

    Returns
    -------
    CodedZones
        ``zones``, and ``of`` (zones and lengths of runs) or ``but``.
    """
    keys: dict[tuple[str, ...], int] = {}
    of_other = _numbered(beside or {}, block_ids, keys)
    numbers = _numbered(plan, block_ids, keys)
    zones = [[schools[s] for s in key] for key in keys]
    if beside is not None:
        changed = [n for n, (own, other) in enumerate(zip(numbers, of_other, strict=True)) if own != other]
        steps = [at - before for at, before in zip(changed, [0, *changed], strict=False)]
        pairs = zip(steps, [numbers[n] for n in changed], strict=True)
        return {"zones": zones, "but": packed(value for pair in pairs for value in pair)}
    starts = [n for n, zone in enumerate(numbers) if n == 0 or zone != numbers[n - 1]]
    lengths = [end - start for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True)]
    runs = recency([numbers[start] for start in starts], len(keys) + 1)
    return {"zones": zones, "of": [packed(runs), packed(lengths)]}


def coded_near(
    near: Iterable[tuple[str, Zone]],
    block_ids: Sequence[str],
    schools: Mapping[str, int],
    zones: Sequence[Sequence[int]],
) -> str:
    """Return which blocks are near which zones, as steps along the blocks and numbers of zones from 1.

    Parameters
    ----------
    near
        Blocks with the schools of another zone that they are near.
    block_ids, schools
        Blocks and schools in the order of the page.
    zones
        Numbers of the schools of each zone, as :func:`coded_zones` returns them.
    """
    number = {tuple(zone): n for n, zone in enumerate(zones, start=1)}
    row = {block: n for n, block in enumerate(block_ids)}
    pairs = ((row[block], number.get(tuple(schools.get(s, -1) for s in zone), 0)) for block, zone in near)
    found, before = [], 0
    for block, zone in sorted(pair for pair in pairs if pair[1]):
        found += [block - before, zone]
        before = block
    return packed(found)


def _numbered(
    plan: Mapping[str, tuple[str, ...]], block_ids: Sequence[str], keys: dict[tuple[str, ...], int]
) -> list[int]:
    """Return the number of each block's zone; new zones take the next number."""
    found = []
    for block in block_ids:
        given = plan.get(block, ())
        found.append(keys.setdefault(given, len(keys) + 1) if given else 0)
    return found


class _Templates:
    """Sentences taken apart into a pattern and what differs: school names and numbers."""

    def __init__(self, names: Mapping[str, int]) -> None:
        longest = sorted((name for name in names if name), key=lambda name: (-len(name), name))
        words = [*(re.escape(name) for name in longest), _NUMBER.pattern]
        self._parts = re.compile("|".join(words)) if longest else _NUMBER
        self._names = names
        self.patterns: dict[str, int] = {}

    def coded(self, text: Text) -> list[object]:
        """Return the number of the pattern and what goes in: the number of a school, or digits as text."""
        found: list[int | str] = []

        def slot(match: re.Match[str]) -> str:
            value = self._names.get(match[0], match[0])
            if value not in found:
                found.append(value)
            return f"\x01{found.index(value)}\x01"

        pattern = self._parts.sub(slot, text.en) + "\x02" + self._parts.sub(slot, text.zh)
        return [self.patterns.setdefault(pattern, len(self.patterns)), *found]


def coded_reasons(
    reasons: Mapping[str, Reason], block_ids: Sequence[str], names: Mapping[str, int]
) -> dict[str, object]:
    r"""Return the sentences of why each block has its school, patterns once.

    Blocks whose school is the nearest are marked by their code alone. In a pattern ``\x02`` parts the
    English from the Chinese sentence, and ``\x01`` stands around the number of what goes in.

    Parameters
    ----------
    reasons
        Reason by block.
    block_ids
        Blocks in the order of the page.
    names
        Number of the school by each of its names, in both languages.
    """
    templates = _Templates(names)
    said: dict[str, int] = {}
    rows: list[list[object]] = []
    numbers = []
    for block in block_ids:
        why = reasons.get(block)
        if why is None or why.code == "nearest":
            numbers.append(0 if why is None else 1)
            continue
        coded = templates.coded(why.text)
        key = repr(coded)
        if key not in said:
            said[key] = len(rows)
            rows.append(coded)
        numbers.append(said[key] + 2)
    return {"patterns": list(templates.patterns), "said": rows, "of": packed(numbers)}
