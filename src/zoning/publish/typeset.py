"""Printed pages: a Typst template and data become the bytes of a tagged PDF, the same ones everywhere.

Templates lie in ``static/print``; ``house.typ`` there holds the look they share.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from zoning.errors import Language
from zoning.publish import assets

__all__ = ["font_path", "picture", "typeset"]

_HOUSE: Final = "house.typ"


def font_path() -> Path:
    """Return the file of the Chinese font that the ``zhplot`` package carries (Noto Sans SC, OFL)."""
    # Importing zhplot would change global settings.
    spec = find_spec("zhplot")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018 - a declared dependency
    return Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def typeset(
    template: str, data: object, *, lang: Language, files: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a PDF (PDF/UA-1: tagged, titled, every picture described), without date or random mark.

    Parameters
    ----------
    template
        Name of a template in ``static/print``, without ending; it reads ``data.json``.
    data
        What is filled in, as JSON can hold it; every text stays text, whatever Typst would read into it.
    lang
        Language of the document.
    files
        Pictures that the template names, by file name.

    Examples
    --------
    >>> typeset("blank", {"title": "A title"}, lang="en")[:5]
    b'%PDF-'
    """
    pdf: bytes = _compiled(template, data, lang, files, format="pdf", pdf_standards="ua-1", timestamp=0)
    return pdf


def picture(
    template: str, data: object, *, lang: Language, files: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the one page of a template as PNG, two pixels a point.

    Parameters
    ----------
    template, data, lang, files
        As for :func:`typeset`.

    Examples
    --------
    >>> picture("blank", {"title": "A title"}, lang="en")[1:4]
    b'PNG'
    """
    png: bytes = _compiled(template, data, lang, files, format="png", ppi=144)
    return png


@cache
def _fonts() -> Any:  # noqa: ANN401 - its types come with the import
    import typst  # noqa: PLC0415 - 30 MB that wait until something is printed

    return typst.Fonts(include_system_fonts=False, font_paths=[str(font_path().parent)])


def _compiled(
    template: str, data: object, lang: Language, files: Mapping[str, bytes] | None, **form: object
) -> Any:  # noqa: ANN401 - bytes, a page each where there are several pictures
    import typst  # noqa: PLC0415 - as above

    sources = {
        "main.typ": assets.own_file(f"print/{template}.typ").encode(),
        _HOUSE: assets.own_file(f"print/{_HOUSE}").encode(),
        "data.json": json.dumps({"lang": lang, "data": data}, ensure_ascii=False).encode(),
        **(files or {}),
    }
    return typst.compile(sources, font_paths=_fonts(), **form)  # type: ignore[call-overload]  # input may be a dict
