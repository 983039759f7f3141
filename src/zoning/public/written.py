"""Writing a publication: the files for the public and those for the office, all of them or none."""

import re
from pathlib import Path
from typing import Final

from zoning.public.chain import RECORD, check_chain, files_of
from zoning.public.make import GATE, MadePublication
from zoning.public.record_folder import record_bytes
from zoning.publish.whole import whole_files

__all__ = ["write_publication"]

_OUTSIDE: Final = re.compile(r"[\\:]|(^|/)\.\.(/|$)")


def write_publication(made: MadePublication, home: Path | str) -> tuple[Path, ...]:
    """Write ``public/`` and ``office/`` of a publication and return the paths of all files.

    Files of an earlier publication of the same year that this one has no longer, such as the sheet of a
    school that closed, are taken away; those of other years stay. The record moves last: it never tells of
    files that are not there. When a file cannot be replaced, all are put back as they were.

    Parameters
    ----------
    made
        What was made, and may be published.
    home
        Folder of both; made when missing.

    Raises
    ------
    ZoningError
        When a folder cannot be written, or a file there is open in another program.
    ValueError
        When the gate refused the publication.
    """
    if RECORD not in made.public:
        raise ValueError("the gate refused this publication")
    parts = {"public": made.public, "office": made.office}
    folder = Path(home)
    gone = [f"public/{name}" for name in _stale(folder / "public", made)]
    with whole_files(folder, last=[f"public/{GATE}", f"public/{RECORD}"], gone=gone) as draft:
        for part, files in parts.items():
            for name, data in files.items():
                (draft / part / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / part / name).write_bytes(data)
    return tuple(folder / part / name for part, files in parts.items() for name in files)


def _stale(public: Path, made: MadePublication) -> list[str]:
    """Return the files of the record that stands in the folder which the new record no longer has."""
    standing = record_bytes(public)
    if check_chain(standing):
        return []
    gone = files_of(standing).keys() - files_of(made.public[RECORD]).keys()
    # A record that somebody crafted takes nothing away outside the folder, on any system.
    return sorted(name for name in gone if not (_OUTSIDE.search(name) or name.startswith("/")))
