"""Writing a publication: the files for the public and those for the office, all of them or none."""

import json
from pathlib import Path

from zoning import messages
from zoning.errors import ZoningError
from zoning.public.make import GATE, MadePublication
from zoning.publish.whole import whole_files

__all__ = ["write_publication"]


def write_publication(made: MadePublication, home: Path | str) -> tuple[Path, ...]:
    """Write ``public/`` and ``office/`` of a publication and return the paths of all files.

    Files of an earlier publication of the same year that this one has no longer, such as the sheet of a
    school that closed, are taken away; those of other years stay.

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
    """
    parts = {"public": made.public, "office": made.office}
    folder = Path(home)
    stale = _stale(folder / "public", made)
    with whole_files(folder / "public") as public, whole_files(folder / "office") as office:
        for draft, files in ((public, made.public), (office, made.office)):
            for name, data in files.items():
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / name).write_bytes(data)
    for path in stale:
        try:
            path.unlink()
        except OSError as error:
            why = messages.reason(error)
            raise ZoningError(messages.text("publish.in_use", file=path, reason=why)) from None
    return tuple(folder / part / name for part, files in parts.items() for name in files)


def _stale(public: Path, made: MadePublication) -> list[Path]:
    """Return the files that the last publication of this year listed and this one does not make."""
    year = json.loads(made.gate.as_json())["year"]
    try:
        last = json.loads((public / GATE).read_bytes())
    except (OSError, ValueError):
        return []
    if not isinstance(last, dict) or last.get("year") != year or not isinstance(last.get("files"), dict):
        return []
    home = public.resolve()
    gone = [public / name for name in sorted(last["files"]) if name not in made.public]
    return [path for path in gone if path.is_file() and path.resolve().is_relative_to(home)]
