"""Rows that stand twice: identical ones are dropped with a warning, conflicting ones are errors."""

import numpy as np

from zoning.errors import Problems
from zoning.load.columns import CheckedTable


def drop_repeats(checked: CheckedTable, problems: Problems) -> CheckedTable:
    """Return the table without identical repeated rows; report rows that conflict.

    Parameters
    ----------
    checked
        The table.
    problems
        Takes both kinds.
    """
    frame = checked.frame
    if checked.geometry is not None:
        frame = frame.assign(_geometry=checked.geometry.to_wkb())
    same = frame.duplicated().to_numpy()
    if same.any():
        checked.report(problems, "load.same_row", np.flatnonzero(same).tolist(), severity="warning")
        checked = checked.kept(~same)
    key = [name for name in checked.table.key if name in checked.frame]
    if checked.geometry is not None and (checked.geometry.geom_type != "Point").any():
        return checked  # several shapes of one block or zone are joined where they are drawn
    if not key or (len(checked.table.key) == 1 and (checked.frame[key[0]] == "").all()):
        return checked
    firsts = checked.frame[key].drop_duplicates()
    if len(firsts) < len(checked.frame):
        _report_conflicts(checked, key, problems)
    return checked


def _report_conflicts(checked: CheckedTable, key: list[str], problems: Problems) -> None:
    """Report each later row of a key, naming the first one."""
    frame = checked.frame
    first = frame.groupby(key, sort=False, dropna=False)[key[0]].transform(lambda group: group.index[0])
    for at in np.flatnonzero(frame.duplicated(key).to_numpy()):
        if all(frame[name].iloc[at] == "" for name in key):
            continue
        checked.report(
            problems,
            "load.conflict",
            [int(at)],
            column=key[0],
            key=" + ".join(checked.shown(name) for name in key if name in checked.headers),
            first=int(checked.rows[int(first.iloc[at])]),
        )
