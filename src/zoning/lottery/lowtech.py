"""The low-tech mode: 1,000 splits are published before the draw, and three balls choose one of them."""

import csv
import io
from typing import Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.draw import Committed
from zoning.lottery.seed import BALLS, Revealed, draw_key, stage_key
from zoning.lottery.split import split_classes
from zoning.lottery.tickets import Tickets

__all__ = ["SPLITS", "check_splits", "published_splits"]

SPLITS: Final = "splits.csv"
"""Name of the file of all splits in the public folder."""


def published_splits(committed: Committed) -> bytes:
    """Return the table of all splits, as it is published: a line a child, a column a number from 000 to 999.

    Parameters
    ----------
    committed
        The public files of a commitment of the low-tech mode.

    Raises
    ------
    DrawError
        When it is of another mode, or one of the splits cannot keep every promise.
    """
    manifest = committed.manifest
    if manifest.mode != "lowtech":
        raise DrawError(messages.text("draw.balls"))
    committed.check()
    numbers = [f"{number:0{BALLS}d}" for number in range(10**BALLS)]
    columns = []
    for number in numbers:
        key = draw_key(manifest.commitment, manifest.sources, [Revealed(number)])
        tickets = Tickets(stage_key(key, manifest.stage))
        split = split_classes(committed.roster, manifest, committed.constraints, tickets)
        columns.append([home for _, home in split.placed])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["sid", *numbers])
    writer.writerows(zip(committed.roster.sids, *columns, strict=True))
    return text.getvalue().encode()


def check_splits(committed: Committed, data: bytes) -> None:
    """Refuse a published table of splits that is not the one of a commitment.

    Parameters
    ----------
    committed
        The public files.
    data
        Bytes of ``splits.csv``.

    Raises
    ------
    DrawError
        Naming the first split that differs.
    """
    wanted = published_splits(committed)
    if wanted == data:
        return
    ours, theirs = (
        list(zip(*csv.reader(io.StringIO(octets.decode(errors="replace"))), strict=False))
        for octets in (wanted, data)
    )
    other = [mine[0] for at, mine in enumerate(ours) if at >= len(theirs) or mine != theirs[at]]
    raise DrawError(messages.text("draw.unproved_splits", number=(other or ["sid"])[0]))
