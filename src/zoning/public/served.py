"""Which addresses a school serves: every entry of the addresses table, under the school that the finder says.

Ranges are cut where any entry begins or ends, the finder is asked once for each piece, and pieces with the
same answer are joined again; so lists, sheets and notices say what the finder says, number by number.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeVar

import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Text
from zoning.load.matching import plain_address
from zoning.public.answers import Answer, SchoolFinder
from zoning.public.publication import Publication, PublishedYear
from zoning.public.ranges import Parity, Span, merged, range_text

__all__ = [
    "AddressLists",
    "Change",
    "Group",
    "Kind",
    "Named",
    "SchoolAddresses",
    "changed_addresses",
    "served_addresses",
]

Kind = Literal["street", "estate", "village", "area"]
_Key = TypeVar("_Key", bound=Hashable)
_ORDER: Final = ("street", "estate", "village", "area")


@dataclass(frozen=True, slots=True)
class Named:
    """A street, estate or village, or the part of it that has one answer.

    Parameters
    ----------
    kind
        ``street``, ``estate``, ``village``, or ``area`` for a block that no address lies in.
    name
        Its name.
    town
        Its town.
    spans
        The numbers meant, of parity ``odd`` or ``even``; empty for all of it.
    in_towns
        Whether another town has the same name, so that the town must be said.
    """

    kind: Kind
    name: Text
    town: str
    spans: tuple[Span, ...] = ()
    in_towns: bool = False

    @property
    def title(self) -> Text:
        """The name, with its town where another town has it too."""
        if not self.in_towns:
            return self.name
        return messages.text("public_print.in_town", name=self.name, town=self.town)

    @property
    def numbers(self) -> Text:
        """The numbers in words; empty for all of it."""
        return range_text(self.spans)

    @property
    def text(self) -> Text:
        """Name and numbers in words."""
        if not self.spans:
            return self.title
        code = "street_numbers" if self.kind == "street" else "building_numbers"
        return messages.text(f"public_print.{code}", name=self.title, numbers=self.numbers)


@dataclass(frozen=True, slots=True)
class Group:
    """Addresses with the same answer.

    Parameters
    ----------
    schools
        Their schools, sorted.
    zoned
        The schools of their block where an exception overrules it; else the same as ``schools``.
    names
        The addresses.
    """

    schools: tuple[str, ...]
    zoned: tuple[str, ...]
    names: tuple[Named, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SchoolAddresses:
    """The addresses of one school for one stage.

    Parameters
    ----------
    own
        Addresses of its zone alone.
    shared
        Addresses that it shares with other schools, a group for each set of schools.
    incoming
        Single addresses that an exception gives it though their block has another school.
    outgoing
        Single addresses of its zone that an exception gives to another school.
    """

    own: tuple[Named, ...] = ()
    shared: tuple[Group, ...] = ()
    incoming: tuple[Group, ...] = ()
    outgoing: tuple[Group, ...] = ()

    @property
    def served(self) -> tuple[Named, ...]:
        """Everything that leads to the school: alone, shared, and by exception."""
        more = (group.names for group in (*self.shared, *self.incoming))
        return (*self.own, *(name for names in more for name in names))


@dataclass(frozen=True, slots=True)
class Change:
    """Addresses whose schools are others than the year before.

    Parameters
    ----------
    before, after
        Their schools before and now; none where the earlier zones had none.
    names
        The addresses.
    blocks
        The blocks that they lie in, sorted.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    names: tuple[Named, ...] = field(repr=False)
    blocks: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Numbers of a name that no entry tells apart, or the whole of a name; and how to ask for it."""

    named: Named
    span: Span | None
    asked: str
    block: str = ""


class AddressLists:
    """The addresses of a publication with all answers, each asked once.

    Parameters
    ----------
    publication
        What is published.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        district = publication.district
        table = district.table("addresses")
        asked = () if table is None else _pieces(table, district.block_frame["town"])
        self._asked = len(asked)
        self._pieces = (*asked, *_areas(district, table))
        self._order = _alphabetic({piece.named for piece in self._pieces})
        self._answers: dict[bool, dict[str, tuple[Answer, ...]]] = {}

    def served(self, year: int, stage: str) -> dict[str, SchoolAddresses]:
        """Return the addresses of each school; see :func:`served_addresses`.

        Raises
        ------
        DataError
            When the publication has no plan of that stage and year.
        """
        chosen = _year(self._publication, year, stage)
        zones = dict(chosen.plans[stage].rows)
        keyed = []
        for piece, answer in zip(self._pieces, self._answered(chosen)[stage], strict=True):
            zoned = zones.get(answer.block_id, ()) if answer.basis == "exception" else answer.schools
            keyed.append((piece, (answer.schools, zoned)))
        groups = [Group(key[0], key[1], names) for key, names in self._joined(keyed).items() if key[0]]
        return {school: _of_school(school, groups) for school in chosen.plans[stage].school_ids}

    def changed(self, stage: str) -> tuple[Change, ...]:
        """Return the addresses whose schools are others; see :func:`changed_addresses`."""
        main, other = self._publication.main, self._publication.other
        if other is None or stage not in other.plans or stage not in main.plans:
            return ()
        keyed = []
        blocks: dict[tuple[tuple[str, ...], tuple[str, ...]], set[str]] = {}
        answers = zip(self._answered(other)[stage], self._answered(main)[stage], strict=True)
        for piece, (then, now) in zip(self._pieces, answers, strict=True):
            if then.schools != now.schools:
                key = (then.schools, now.schools)
                keyed.append((piece, key))
                blocks.setdefault(key, set()).add(now.block_id)
        return tuple(
            Change(key[0], key[1], names, tuple(sorted(blocks[key] - {""})))
            for key, names in sorted(self._joined(keyed).items())
        )

    def _answered(self, year: PublishedYear) -> dict[str, tuple[Answer, ...]]:
        """Return the answer to each piece by stage."""
        is_main = year is self._publication.main
        if is_main not in self._answers:
            self._answers[is_main] = self._ask(year)
        return self._answers[is_main]

    def _ask(self, year: PublishedYear) -> dict[str, tuple[Answer, ...]]:
        found: list[tuple[Answer, ...]] = []
        if self._asked:
            finder = SchoolFinder(self._publication.district, year.plans)
            found = [finder.find(piece.asked) for piece in self._pieces[: self._asked]]
        for piece in self._pieces[self._asked :]:
            row = []
            for stage, plan in year.plans.items():
                schools = plan[piece.block] if piece.block in plan else ()
                row.append(Answer(stage, schools, piece.block, "exact", "zone" if schools else "none"))
            found.append(tuple(row))
        return {stage: tuple(row[n] for row in found) for n, stage in enumerate(year.plans)}

    def _joined(self, keyed: Iterable[tuple[_Piece, _Key]]) -> dict[_Key, tuple[Named, ...]]:
        """Return names by key in the order of lists, the pieces of a name joined again."""
        found: dict[_Key, dict[Named, list[Span]]] = {}
        for piece, key in keyed:
            spans = found.setdefault(key, {}).setdefault(piece.named, [])
            spans += [] if piece.span is None else [piece.span]
        return {
            key: tuple(
                replace(named, spans=merged(names[named]))
                for named in sorted(names, key=self._order.__getitem__)
            )
            for key, names in found.items()
        }


def served_addresses(publication: Publication, year: int, stage: str) -> dict[str, SchoolAddresses]:
    """Return the addresses of each school for a stage and year, by school id.

    Addresses with no answer, or with several, stand under no school.

    Parameters
    ----------
    publication
        What is published.
    year
        School year, one of the publication's.
    stage
        Name of the stage.

    Raises
    ------
    DataError
        When the publication has no plan of that stage and year.

    Examples
    --------
    >>> import zoning
    >>> from zoning.public import assemble
    >>> county = zoning.sample_district()
    >>> zones = assemble(county, [zoning.Plan.current(county, stage="primary")])
    >>> found = served_addresses(zones, 2026, "primary")["P001"]
    >>> [named.text.zh for group in found.incoming for named in group.names]
    ['新华路：9–18 号；单号 99–107；双号 74–82']
    """
    return AddressLists(publication).served(year, stage)


def changed_addresses(publication: Publication, stage: str) -> tuple[Change, ...]:
    """Return the addresses whose schools are others than the year before; none where no year is beside it.

    Parameters
    ----------
    publication
        What is published.
    stage
        Name of the stage.
    """
    return AddressLists(publication).changed(stage)


def _year(publication: Publication, year: int, stage: str) -> PublishedYear:
    for one in publication.years:
        if one.year == year and stage in one.plans:
            return one
    raise DataError([messages.problem("public_print.no_plan", file="plan", value=f"{stage} {year}")])


def _of_school(school: str, groups: Sequence[Group]) -> SchoolAddresses:
    alone = [g for g in groups if g.schools == (school,)]
    return SchoolAddresses(
        own=tuple(name for g in alone if g.zoned == g.schools for name in g.names),
        shared=tuple(g for g in groups if school in g.schools and len(g.schools) > 1),
        incoming=tuple(g for g in alone if g.zoned != g.schools),
        outgoing=tuple(g for g in groups if school in g.zoned and school not in g.schools),
    )


def _areas(district: District, table: pd.DataFrame | None) -> tuple[_Piece, ...]:
    """Return the blocks that no address lies in, by their own names."""
    named = set() if table is None else set(table["block_id"])
    frame = district.block_frame
    return tuple(
        _Piece(Named("area", Text(en or zh or str(block), zh or str(block)), town), None, "", str(block))
        for block, zh, en, town in zip(frame.index, frame["name"], frame["name_en"], frame["town"], strict=True)
        if block not in named
    )


def _pieces(table: pd.DataFrame, towns: "pd.Series[str]") -> tuple[_Piece, ...]:
    rows: dict[str, dict[str, list[tuple[Kind, str, str, float, float, str]]]] = {}
    columns = ["block_id", "kind", "name", "name_en", "from", "to", "parity"]
    frame = table if "name_en" in table else table.assign(name_en="")
    for block, kind, name, name_en, first, last, parity in frame[columns].itertuples(index=False):
        in_town = rows.setdefault(plain_address(str(name)), {}).setdefault(str(towns[block]), [])
        in_town.append((kind, str(name), str(name_en), float(first), float(last), str(parity) or "all"))
    found = []
    for by_town in rows.values():
        for town, entries in by_town.items():
            found += _of_name(entries, town, in_towns=len(by_town) > 1)
    return tuple(found)


def _of_name(
    entries: Sequence[tuple[Kind, str, str, float, float, str]], town: str, *, in_towns: bool
) -> list[_Piece]:
    """Return the pieces of one name in one town."""
    kind, name, name_en = entries[0][:3]
    english = next((e[2] for e in entries if e[2]), name_en) or name
    named = Named(kind, Text(english, name), town, in_towns=in_towns)
    start = f"{town if in_towns else ''}{name}"
    ranged = [e[3:] for e in entries if not (math.isnan(e[3]) and math.isnan(e[4]) and e[5] == "all")]
    if not ranged:
        return [_Piece(named, None, start)]
    everywhere = len(ranged) < len(entries)
    word = "号" if kind == "street" else "号楼"
    return [_Piece(named, span, f"{start}{span.first}{word}") for span in _cut(ranged, everywhere=everywhere)]


def _cut(ranged: Sequence[tuple[float, float, str]], *, everywhere: bool) -> list[Span]:
    """Return the spans, odd and even, inside which the same entries hold every number."""
    lows = [1.0 if math.isnan(low) else float(math.ceil(low)) for low, _, _ in ranged]
    highs = [math.inf if math.isnan(high) else float(math.floor(high)) for _, high, _ in ranged]
    cuts = {*lows, *(high + 1 for high in highs)} | ({1.0, math.inf} if everywhere else set())
    edges = sorted(cuts)
    found = []
    for low, above in zip(edges, edges[1:], strict=False):
        for parity in ("odd", "even"):
            first = int(low) + ((int(low) % 2 == 1) != (parity == "odd"))
            last = None if math.isinf(above) else int(above) - 1 - ((int(above) % 2 == 1) == (parity == "odd"))
            held = everywhere or any(
                a <= low and above <= b + 1 and p in {"all", parity}
                for a, b, (_, _, p) in zip(lows, highs, ranged, strict=True)
            )
            if held and (last is None or first <= last):
                found.append(Span(first, last, _parity(parity)))
    return found


def _parity(word: str) -> Parity:
    return "odd" if word == "odd" else "even"


def _alphabetic(names: Iterable[Named]) -> dict[Named, int]:
    """Return the place of each name in lists: by kind, then by pinyin."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - dictionaries that wait until a list is made

    def spelling(named: Named) -> tuple[str, ...]:
        # English names of streets are their pinyin, and know which reading is meant.
        known = named.kind == "street" and named.name.en != named.name.zh
        return tuple(part.casefold() for part in (named.name.en.split() if known else lazy_pinyin(named.name.zh)))

    spelt = {named: spelling(named) for named in names}
    ordered = sorted(spelt, key=lambda n: (_ORDER.index(n.kind), spelt[n], n.name.zh, n.town))
    return {named: number for number, named in enumerate(ordered)}
