"""The public notice pack of a draw: procedure and checklist before it, wall lists after it."""

from typing import Any, Final

from zoning.errors import Language
from zoning.lottery import Manifest, Transcript, digest_groups
from zoning.lottery.bundle import Bundle
from zoning.publish.draw_card import commitment_qr
from zoning.publish.draw_checklist import checklist_data
from zoning.publish.draw_procedure import procedure, procedure_text
from zoning.publish.draw_wall import results_csv, wait_lists, waiting_csv, wall_data
from zoning.publish.draw_words import said, sections_data, void_mark
from zoning.publish.typeset import let_go, typeset

__all__ = ["commitment_notice", "procedure_data", "result_notice"]

_LANGS: Final[tuple[Language, ...]] = ("zh", "en")
_SHEETS: Final = 500
"""Pages of one file of wall lists; each page takes 2 MB of memory while it is set."""


def procedure_data(manifest: Manifest, lang: Language) -> dict[str, Any]:
    """Return what the template of the procedure is filled with.

    Parameters
    ----------
    manifest
        The terms.
    lang
        Language of the page.
    """
    foot = said("foot_procedure", groups=digest_groups(manifest.commitment)[:19]).of(lang)
    mark = void_mark(manifest)
    return {
        "title": said("title_procedure", draw=manifest.draw).of(lang),
        "over": " · ".join(part for part in (manifest.place, manifest.school) if part),
        "foot": f"{foot} · {mark}" if mark else foot,
        "void": mark,
        "alt": said("promise_qr").of(lang),
        "sections": sections_data(procedure(manifest), lang),
    }


def commitment_notice(manifest: Manifest) -> dict[str, bytes]:
    """Return what is printed and pasted when a commitment is published, by file name.

    Parameters
    ----------
    manifest
        The terms; nothing else is printed.

    Returns
    -------
    dict[str, bytes]
        ``procedure-zh.pdf``, ``procedure-en.pdf``, ``procedure.txt`` (Chinese, then English),
        ``checklist-zh.pdf``, ``checklist-en.pdf``.
    """
    pictures = {"commitment.svg": commitment_qr(manifest)}
    files: dict[str, bytes] = {}
    for lang in _LANGS:
        told = procedure_data(manifest, lang)
        files[f"procedure-{lang}.pdf"] = typeset("procedure", told, lang=lang, files=pictures)
        files[f"checklist-{lang}.pdf"] = typeset("checklist", checklist_data(manifest, lang), lang=lang)
    files["procedure.txt"] = "\n\n".join(procedure_text(manifest, lang) for lang in _LANGS).encode()
    return files


def result_notice(bundle: Bundle, transcript: Transcript) -> dict[str, bytes]:
    """Return what is posted and published after a draw, by file name.

    Parameters
    ----------
    bundle
        The public files and the private records behind them.
    transcript
        What was drawn.

    Returns
    -------
    dict[str, bytes]
        ``wall.pdf`` (both languages; of more than 500 pages ``wall-01.pdf`` and so on), ``results.csv``, and
        for seats ``waiting.csv``.

    Raises
    ------
    DrawError
        When the transcript belongs to another commitment, or its seats do not follow from its key.
    """
    waiting = wait_lists(bundle, transcript)
    files = _walls(wall_data(bundle, transcript, waiting))
    files["results.csv"] = results_csv(bundle.public.manifest, transcript)
    if bundle.public.manifest.kind == "seat":
        files["waiting.csv"] = waiting_csv(waiting, void=transcript.void)
    return files


def _walls(data: dict[str, Any]) -> dict[str, bytes]:
    """Return the lists in as many files as keep memory in bounds."""
    pages = data["pages"]
    starts = range(0, len(pages), _SHEETS)
    wide = max(2, len(str(len(starts))))
    files = {}
    for at, start in enumerate(starts, start=1):
        name = "wall.pdf" if len(starts) == 1 else f"wall-{at:0{wide}d}.pdf"
        files[name] = typeset("wall", data | {"pages": pages[start : start + _SHEETS]}, lang="zh")
        if len(starts) > 1:
            let_go()
    return files
