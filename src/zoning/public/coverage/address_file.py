"""The file that holds the addresses table, and the rows of its entries."""

import numpy as np
import pandas as pd

from zoning.district import District
from zoning.errors import Problems
from zoning.load.assembly import plain_tables
from zoning.load.found import Found, find_tables
from zoning.load.project import read_project
from zoning.load.reading import read_table

__all__ = ["addresses_file", "rows_of"]


def rows_of(district: District, table: pd.DataFrame) -> list[int]:
    """Return the row of each entry in its file; counted from the table where the file is not at hand.

    Parameters
    ----------
    district
        The district.
    table
        Its addresses table, in the order that it is kept in.
    """
    counted = list(range(2, len(table) + 2))
    found = _found(district)
    checked = None if found is None else read_table(found, Problems())
    if checked is None:
        return counted
    frame = checked.frame.assign(parity=checked.frame["parity"].replace("", "all"))
    order = frame.sort_values(list(table.columns)).index.to_numpy()
    same = plain_tables({"addresses": checked})["addresses"].equals(table)
    return [int(row) for row in np.asarray(checked.rows)[order]] if same else counted


def _found(district: District) -> Found | None:
    """Return where the addresses table stands; None where its folder is not at hand."""
    folder = district.place.folder
    if folder is None or not folder.is_dir():
        return None
    problems = Problems()
    settings = read_project(folder, problems)
    return None if settings is None else find_tables(folder, settings, problems).get("addresses")


def addresses_file(district: District) -> str:
    """Return the name of the file that holds the addresses table; the table's where it is not at hand.

    Examples
    --------
    >>> import zoning
    >>> addresses_file(zoning.sample_district())
    'addresses.csv'
    """
    found = _found(district)
    return "addresses" if found is None else found.path.name
