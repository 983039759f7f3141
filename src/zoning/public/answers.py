"""Which school serves an address: one answer, which page, lists and command line all give.

The block of an address decides, and exceptions that name the very address before it; no line on a map does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from zoning.district import District
from zoning.load.matching import AddressBook, Quality, addresses_of
from zoning.plan import Plan

__all__ = ["Answer", "Basis", "SchoolFinder"]

Basis = Literal["zone", "shared", "exception", "none"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The school or schools of one address for one stage.

    Parameters
    ----------
    stage
        Name of the stage.
    schools
        School ids, sorted; several for a shared zone, none where nothing is known.
    block_id
        The block of the address; empty when none or several fit.
    quality
        How sure the block is.
    basis
        What decides: the block's zone, a shared zone, an exception for this address, or nothing.
    """

    stage: str
    schools: tuple[str, ...]
    block_id: str
    quality: Quality
    basis: Basis


class SchoolFinder:
    """The addresses of a district with the plans of one year.

    Parameters
    ----------
    district
        The district, with its addresses table.
    plans
        Plan by stage.

    Raises
    ------
    DataError
        When the district has no addresses table.

    Examples
    --------
    >>> import zoning
    >>> county = zoning.sample_district()
    >>> finder = SchoolFinder(county, {"primary": zoning.Plan.current(county, stage="primary")})
    >>> [(answer.schools, answer.basis) for answer in finder.find("新华路11号")]
    [(('P001',), 'exception')]
    """

    def __init__(self, district: District, plans: Mapping[str, Plan]) -> None:
        self._book = AddressBook(addresses_of(district), district.block_frame["town"], district.place.name.zh)
        self._plans = dict(plans)

    def find(self, address: str) -> tuple[Answer, ...]:
        """Return the answers for an address as people write it, one a stage."""
        match = self._book.match(address)
        exceptions = dict(match.exceptions)
        found = []
        for stage in self._plans:
            schools, basis = self.of_block(stage, match.block_id)
            if stage in exceptions:
                schools, basis = (exceptions[stage],), "exception"
            found.append(Answer(stage, schools, match.block_id, match.quality, basis))
        return tuple(found)

    def of_block(self, stage: str, block_id: str) -> tuple[tuple[str, ...], Basis]:
        """Return the schools of a block for a stage, and what decides."""
        plan = self._plans[stage]
        schools = plan[block_id] if block_id and block_id in plan else ()
        return schools, "none" if not schools else "zone" if len(schools) == 1 else "shared"

    def table(self, addresses: Iterable[str]) -> pd.DataFrame:
        """Return the answers of many addresses.

        Returns
        -------
        DataFrame
            Columns ``address``, ``stage``, ``school_id`` (joined by ``;``), ``block_id``, ``match``,
            ``basis``; a row an address and stage.
        """
        rows = [
            (address, a.stage, ";".join(a.schools), a.block_id, a.quality, a.basis)
            for address in addresses
            for a in self.find(address)
        ]
        return pd.DataFrame(rows, columns=["address", "stage", "school_id", "block_id", "match", "basis"])
