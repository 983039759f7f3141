"""The public notice pack of a draw: procedure and checklist before it, wall lists after it."""

from typing import Any

from zoning.errors import Language
from zoning.lottery import Manifest, digest_groups
from zoning.publish.draw_card import commitment_qr
from zoning.publish.draw_checklist import checklist_data
from zoning.publish.draw_procedure import procedure, procedure_text
from zoning.publish.draw_words import listed, plain, said, sections_data, void_mark
from zoning.publish.typeset import typeset

__all__ = ["commitment_notice", "procedure_data"]

_LANGS: tuple[Language, ...] = ("zh", "en")


def procedure_data(manifest: Manifest, lang: Language) -> dict[str, Any]:
    """Return what the template of the procedure is filled with."""
    groups = digest_groups(manifest.commitment)[:19]
    return {
        "title": said("title_procedure", draw=manifest.draw).of(lang),
        "over": " · ".join(part for part in (manifest.place, manifest.school) if part),
        "foot": " · ".join(
            part for part in (said("foot_procedure", groups=groups).of(lang), void_mark(manifest)) if part
        ),
        "void": void_mark(manifest),
        "alt": said("promise_qr").of(lang),
        "sections": sections_data(procedure(manifest), lang),
    }


def commitment_notice(manifest: Manifest) -> dict[str, bytes]:
    """Return what is published with a commitment, by file name.

    Parameters
    ----------
    manifest
        The terms.
    """
    files: dict[str, bytes] = {}
    pictures = {"commitment.svg": commitment_qr(manifest)}
    for lang in _LANGS:
        files[f"procedure-{lang}.pdf"] = typeset(
            "procedure", procedure_data(manifest, lang), lang=lang, files=pictures
        )
        files[f"checklist-{lang}.pdf"] = typeset("checklist", checklist_data(manifest, lang), lang=lang)
    files["procedure.txt"] = "\n\n".join(procedure_text(manifest, lang) for lang in _LANGS).encode()
    return files
