"""The consultation pack: the proposal in plain words, with maps and lists, as PDF and for Word."""

import base64
import struct
from typing import Any

from zoning.errors import Language
from zoning.public.consultation.maps import consultation_maps
from zoning.public.consultation.parts import document_of
from zoning.public.consultation.word import word_document
from zoning.public.ledger.values import Ledger
from zoning.public.publication import Publication
from zoning.publish.figures import printable
from zoning.publish.typeset import typeset

__all__ = ["consultation"]


def consultation(publication: Publication, ledger: Ledger, *, lang: Language) -> dict[str, bytes]:
    """Return the consultation document in one language, by file name.

    It is an invitation to comment where ``[publish]`` in ``zoning.toml`` says where comments go or until
    when; otherwise it explains what is decided.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger.
    lang
        The language.

    Returns
    -------
    dict
        ``consultation-<lang>.pdf`` and ``consultation-<lang>.docx``.
    """
    pictures: dict[str, bytes] = {}
    maps: dict[str, tuple[str, ...]] = {}
    for stage in ledger.stages:
        if stage.changes:
            drawn = consultation_maps(publication, stage, lang)
            maps[stage.stage] = tuple(drawn)
            pictures |= {f"{stage.stage}-{name}.png": data for name, data in drawn.items()}
    document = document_of(publication, ledger, maps, lang=lang)
    drawings = {f"{name}.svg": _drawing(data) for name, data in pictures.items()}
    pdf = typeset("consultation", _printable(document), lang=lang, files=drawings)
    word = word_document(document, pictures, lang=lang)
    return {f"consultation-{lang}.pdf": pdf, f"consultation-{lang}.docx": word}


def _printable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value whose texts the printed font can show, line by line."""
    if isinstance(value, str):
        return "\n".join(printable(line).replace(r"\$", "$") for line in value.split("\n"))
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list) else value


def _drawing(png: bytes) -> bytes:
    """Return a PNG inside an SVG: the typesetter takes files from memory only as text."""
    wide, tall = struct.unpack(">II", png[16:24])
    inside = base64.b64encode(png).decode()
    size = f'width="{wide}" height="{tall}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} '
        f'viewBox="0 0 {wide} {tall}"><image {size} xlink:href="data:image/png;base64,{inside}"/></svg>'
    ).encode()
