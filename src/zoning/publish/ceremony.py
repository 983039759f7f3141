"""The files of a draw: the private bundle, the public folder, receipts, the commitment to read aloud."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery import Transcript, digest_groups
from zoning.lottery.bundle import PRIVATE, Bundle, public_octets
from zoning.lottery.canonical import encode
from zoning.lottery.lowtech import SPLITS, published_splits
from zoning.lottery.records import wall_code
from zoning.lottery.rehearsal import VOID
from zoning.publish.draw_card import commitment_qr
from zoning.publish.draw_notice import commitment_notice, result_notice
from zoning.publish.draw_report import FILES
from zoning.publish.draw_verifier import verifier_page
from zoning.publish.whole import whole_files

__all__ = ["earlier_transcript", "write_commitment", "write_transcript"]

TRANSCRIPT: Final = "transcript.json"
VERIFIER: Final = "verifier.html"
"""The page that checks any draw; its digest stands in the manifest."""
PAGE: Final = "draw.html"
"""The same page with the files of this draw inside."""
_AFTERWARDS: Final = (TRANSCRIPT, PAGE, "VOID.txt", "wall*.pdf", "results.csv", "waiting.csv", *FILES)
"""What a draw adds to its folders; of a rehearsal it goes when that is repeated."""
_MOST_INSIDE: Final = 1 << 24
"""Bytes of files that a phone still opens inside a page; larger draws are chosen from disk."""
_HEADS: Final = ("name", "number", "sid", "code", "wall", "record")


def commitment_card(bundle: Bundle) -> dict[str, bytes]:
    """Return the commitment as a text to read aloud and as a QR code, by file name."""
    manifest = bundle.public.manifest
    groups = digest_groups(manifest.commitment)
    count = manifest.n or len(manifest.items)
    said = messages.text("draw.card", draw=manifest.draw, count=count, groups=groups)
    void = f"{VOID}\n\n" if manifest.mode == "rehearsal" else ""
    text = f"{void}{said.zh}\n\n{said.en}\n"
    return {"commitment.txt": text.encode(), "commitment.svg": commitment_qr(manifest)}


def receipts(bundle: Bundle) -> bytes:
    """Return the workbook of receipt codes; private, one row is cut out for each family."""
    import xlsxwriter  # noqa: PLC0415 - waits until a commitment is written

    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 5, 32)
        void = bundle.public.manifest.mode == "rehearsal"
        said = messages.text("draw.receipt")
        sheet.write_string(0, 0, f"{VOID} {said.zh} {said.en}" if void else f"{said.zh} {said.en}")
        for column, head in enumerate(_HEADS):
            title = messages.text(f"draw.receipt_{head}")
            sheet.write_string(1, column, f"{title.zh} {title.en}")
        for row, one in enumerate(bundle.children, start=2):
            record, code = one["record"], one["code"]
            said_record = encode(record).decode()
            cells = [record["name"], one["number"], record["sid"], code, wall_code(code), said_record]
            cells += [VOID] * void  # the rows are cut apart
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return data.getvalue()


def write_commitment(bundle: Bundle, *, private: Path | str, public: Path | str) -> tuple[Path, ...]:
    """Write the bundle and the public files, all of them or none, and return the public files' paths.

    Parameters
    ----------
    bundle
        What was committed.
    private
        Folder of the bundle, readable by its owner only; must not hold anything yet.
    public
        Folder of the public files.

    Raises
    ------
    DrawError
        When one folder lies in the other, or either holds a draw already; a rehearsal may be repeated.
    """
    home, shown = Path(private), Path(public)
    inner, outer = home.resolve(), shown.resolve()
    if inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise DrawError(messages.text("draw.private_in_public", private=home, public=shown))
    again = bundle.public.manifest.mode == "rehearsal" and all(map(_is_rehearsal, (home, shown)))
    for folder, name in ((home, ""), (shown, "manifest.json"), (shown, TRANSCRIPT)):
        if (folder / name).exists() and (name or any(folder.iterdir())) and not again:
            raise DrawError(messages.text("draw.bundle_exists", folder=folder))
    files = public_octets(bundle.public)
    open_files = files | commitment_card(bundle) | commitment_notice(bundle.public.manifest)
    open_files[VERIFIER] = verifier_page().encode()
    if bundle.public.manifest.mode == "lowtech":
        open_files[SPLITS] = published_splits(bundle.public)
    secret = files | {PRIVATE: bundle.octets(), "receipts.xlsx": receipts(bundle)}
    home.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        shown_draft = stack.enter_context(whole_files(shown))
        _write(shown_draft, open_files)
        _write(stack.enter_context(_owner_only(home)), secret, mode=0o600)
    if again:
        for stale in (path for folder in (home, shown) for name in _AFTERWARDS for path in folder.glob(name)):
            stale.unlink()
    return tuple(shown / name for name in open_files)


def _is_rehearsal(folder: Path) -> bool:
    """Tell whether a folder holds a rehearsal, of whatever version, and nothing that counts."""
    path = folder / "manifest.json"
    if not path.is_file():
        return not folder.exists()
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(manifest, dict) and manifest.get("mode") == "rehearsal"


@contextmanager
def _owner_only(home: Path) -> Iterator[Path]:
    """Give a draft like :func:`whole_files`, of a folder that only its owner may enter."""
    is_new = not home.exists()
    home.mkdir(mode=0o700, exist_ok=True)
    home.chmod(0o700)
    try:
        with whole_files(home) as draft:
            yield draft
    finally:
        if is_new and not any(home.iterdir()):
            home.rmdir()


def _write(folder: Path, files: Mapping[str, bytes], *, mode: int = 0o644) -> None:
    for name, data in files.items():
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)


def earlier_transcript(bundle: Bundle, folders: tuple[Path, ...]) -> Transcript | None:
    """Return the transcript of an earlier run from the bundle's folder or the public one; None without.

    Raises
    ------
    DrawError
        When a transcript there cannot be read, belongs to another draw, or a manifest there is another one.
    """
    commitment = bundle.public.manifest.commitment.hex()
    for folder in folders:
        manifest = folder / "manifest.json"
        if manifest.is_file() and manifest.read_bytes() != bundle.public.manifest.octets():
            raise DrawError(messages.text("draw.manifest_swapped"))
    for path in (folder / TRANSCRIPT for folder in folders):
        if path.exists():
            found = Transcript.of(path.read_bytes())
            if found.commitment != commitment:
                raise DrawError(messages.text("draw.manifest_swapped"))
            return found
    return None


def write_transcript(
    bundle: Bundle, transcript: Transcript, *, private: Path, public: Path
) -> tuple[Path, ...]:
    """Write a transcript with the files it needs into the public folder, and a copy into the bundle.

    The copy in the bundle is what makes a second run with another seed impossible to hide.

    Raises
    ------
    ZoningError
        When a folder cannot be written.
    """
    data = transcript.octets()
    files = public_octets(bundle.public) | commitment_card(bundle) | {TRANSCRIPT: data}
    inside = {name.removesuffix(".json"): octets for name, octets in files.items() if name.endswith(".json")}
    if sum(map(len, inside.values())) <= _MOST_INSIDE:
        files[PAGE] = verifier_page(inside).encode()
    files |= result_notice(bundle, transcript)
    if transcript.void:
        void = messages.text("draw.void")
        files["VOID.txt"] = f"{VOID}\n\n{void.zh}\n{void.en}\n".encode()
    with ExitStack() as stack:
        draft = stack.enter_context(whole_files(public))
        _write(draft, files)
        _write(stack.enter_context(whole_files(private)), {TRANSCRIPT: data}, mode=0o600)
    return tuple(public / name for name in files)
