"""Which addresses a school serves: every entry of the addresses table, under the school that the finder says.

Ranges are cut where any entry begins or ends, the finder is asked once for each piece, and pieces with the
same answer are joined again; so lists, sheets and notices say what the finder says, number by number.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from zoning import messages
from zoning.errors import DataError
from zoning.public.answers import Answer, Basis, SchoolFinder
from zoning.public.pieces import Kind, Named, Piece, alphabetic, pieces_of
from zoning.public.ranges import Span, merged

if TYPE_CHECKING:
    from zoning.public.publication import Publication, PublishedYear

__all__ = [
    "AddressLists",
    "Change",
    "Group",
    "Kind",
    "Named",
    "SchoolAddresses",
    "served_addresses",
]

_Key = TypeVar("_Key", bound=Hashable)


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
    unsure
        Whether the addresses alone fit several places, so that neither year's page answers them; their
        block does.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    names: tuple[Named, ...] = field(repr=False)
    blocks: tuple[str, ...] = field(repr=False)
    unsure: bool = False


class AddressLists:
    """The addresses of a publication with all answers, each asked once; ``Publication.lists`` holds them.

    Parameters
    ----------
    publication
        What is published.
    """

    def __init__(self, publication: "Publication") -> None:
        self._publication = publication
        self._pieces = pieces_of(publication.district)
        self._order = alphabetic({_bare(piece.named) for piece in self._pieces})
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
        zoned_to = chosen.plans[stage].school_ids
        by_exception = sorted({school for group in groups for school in group.schools} - set(zoned_to))
        return {school: _of_school(school, groups) for school in (*zoned_to, *by_exception)}

    def changed(self, stage: str, *, by_block: bool = False) -> tuple[Change, ...]:
        """Return the addresses whose schools are others than the year before; none without a year beside it.

        Parameters
        ----------
        stage
            Name of the stage.
        by_block
            Whether each block has its own; then addresses that no page can answer are told too.
        """
        keyed = []
        blocks: dict[Hashable, set[str]] = defaultdict(set)
        for piece, (before, after, block, unsure) in self._differing(stage):
            if by_block or not unsure:
                key = (before, after, block if by_block else "", unsure)
                keyed.append((piece, key))
                blocks[key].add(block)
        return tuple(
            Change(key[0], key[1], names, tuple(sorted(blocks[key])), key[3])
            for key, names in sorted(self._joined(keyed).items())
        )

    def joined(self, names: Iterable[Named]) -> tuple[Named, ...]:
        """Return names in the order of lists, the numbers of a name joined."""
        found: dict[Named, list[Span]] = defaultdict(list)
        for named in names:
            found[_bare(named)] += named.spans
        return tuple(
            replace(named, spans=merged(found[named])) for named in sorted(found, key=self._order.__getitem__)
        )

    def _differing(
        self, stage: str
    ) -> Iterator[tuple[Piece, tuple[tuple[str, ...], tuple[str, ...], str, bool]]]:
        """Yield each piece whose schools differ with its schools of both years, block, and whether unsure."""
        main, other = self._publication.main, self._publication.other
        if other is None or stage not in other.plans or stage not in main.plans:
            return
        old, new = dict(other.plans[stage].rows), dict(main.plans[stage].rows)
        answers = zip(self._answered(other)[stage], self._answered(main)[stage], strict=True)
        for piece, (then, now) in zip(self._pieces, answers, strict=True):
            if now.block_id:
                told = [(then.schools, now.schools, now.block_id, False)]
            else:
                told = [(old.get(block, ()), new.get(block, ()), block, True) for block in piece.blocks]
            yield from ((piece, one) for one in told if one[0] != one[1])

    def _answered(self, year: "PublishedYear") -> dict[str, tuple[Answer, ...]]:
        """Return the answer to each piece by stage."""
        is_main = year is self._publication.main
        if is_main not in self._answers:
            self._answers[is_main] = self._ask(year)
        return self._answers[is_main]

    def _ask(self, year: "PublishedYear") -> dict[str, tuple[Answer, ...]]:
        asked = any(piece.asked for piece in self._pieces)
        finder = SchoolFinder(self._publication.district, year.plans) if asked else None
        zones = {stage: dict(plan.rows) for stage, plan in year.plans.items()}
        found: list[tuple[Answer, ...]] = []
        for piece in self._pieces:
            if finder is not None and piece.asked:
                found.append(finder.find(piece.asked))
            else:
                (block,) = piece.blocks
                found.append(tuple(_of_area(stage, zones[stage].get(block, ()), block) for stage in zones))
        return {stage: tuple(row[n] for row in found) for n, stage in enumerate(year.plans)}

    def _joined(self, keyed: Iterable[tuple[Piece, _Key]]) -> dict[_Key, tuple[Named, ...]]:
        """Return names by key in the order of lists, the pieces of a name joined again."""
        found: dict[_Key, list[Named]] = defaultdict(list)
        for piece, key in keyed:
            found[key].append(piece.named)
        return {key: self.joined(names) for key, names in found.items()}


def served_addresses(publication: "Publication", year: int, stage: str) -> dict[str, SchoolAddresses]:
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
    return publication.lists.served(year, stage)


def _year(publication: "Publication", year: int, stage: str) -> "PublishedYear":
    for one in publication.years:
        if one.year == year and stage in one.plans:
            return one
    raise DataError([messages.problem("public_print.no_plan", file="plan", value=f"{stage} {year}")])


def _bare(named: Named) -> Named:
    return replace(named, spans=())


def _of_school(school: str, groups: Sequence[Group]) -> SchoolAddresses:
    alone = [g for g in groups if g.schools == (school,)]
    return SchoolAddresses(
        own=tuple(name for g in alone if g.zoned == g.schools for name in g.names),
        shared=tuple(g for g in groups if school in g.schools and len(g.schools) > 1),
        incoming=tuple(g for g in alone if g.zoned != g.schools),
        outgoing=tuple(g for g in groups if school in g.zoned and school not in g.schools),
    )


def _of_area(stage: str, schools: tuple[str, ...], block: str) -> Answer:
    basis: Basis = "none" if not schools else "zone" if len(schools) == 1 else "shared"
    return Answer(stage, schools, block, "exact", basis)
