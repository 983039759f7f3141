"""How people call the homes of an area: the addresses whose school changes, or its blocks by name."""

from collections.abc import Collection, Mapping

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.public.ledger.values import Area, StageLedger
from zoning.public.pieces import Named
from zoning.public.publication import Publication

__all__ = ["homes_of_areas", "whole_towns"]


def homes_of_areas(publication: Publication, stage: StageLedger) -> dict[Area, tuple[Text, ...]]:
    """Return by area whole towns first, then its addresses; a block that no address tells of by its name.

    Parameters
    ----------
    publication
        What is published, with a year beside it.
    stage
        The changes of a stage.
    """
    changed: dict[str, list[Named]] = {}
    for change in publication.lists.changed(stage.stage, by_block=True):
        changed.setdefault(change.blocks[0], []).extend(change.names)
    names = {one.block_id: one.name for one in stage.changes}
    return {area: _of_area(publication, area, changed, names) for area in stage.areas}


def _of_area(
    publication: Publication, area: Area, changed: Mapping[str, list[Named]], names: Mapping[str, Text]
) -> tuple[Text, ...]:
    whole, rest = whole_towns(publication.district, area.blocks)
    towns = [messages.text("public_ledger.whole_town", town=town) for town in sorted(whole)]
    told = publication.lists.joined(
        named for block in area.blocks if block in rest for named in changed.get(block, ())
    )
    silent = [names[block] for block in area.blocks if block in rest and block not in changed]
    return (*towns, *(named.inline for named in told), *dict.fromkeys(silent))


def whole_towns(district: District, blocks: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the towns whose blocks are all among some blocks, and the blocks in no such town."""
    town_of = district.block_frame["town"].astype("str")
    chosen = set(blocks)
    every = {town: set(of.index) for town, of in town_of.groupby(town_of)}
    whole = {town for town, members in every.items() if town and members <= chosen}
    return whole, {block for block in chosen if town_of.get(block) not in whole}
