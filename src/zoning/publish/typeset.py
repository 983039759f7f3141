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

__all__ = ["font_path", "let_go", "picture", "printable", "typeset"]

_KEPT: Final = 12
_SHARED: Final = ("house.typ", "notice.typ")


def font_path() -> Path:
    """Return the file of the Chinese font that the ``zhplot`` package carries (Noto Sans SC, OFL)."""
    # Importing zhplot would change global settings.
    spec = find_spec("zhplot")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018 - a declared dependency
    return Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


@cache
def _signs() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - waits until something is printed

    return frozenset(FT2Font(font_path()).get_charmap())


def printable(text: str) -> str:
    """Return a text with ``〓`` for every character that the font lacks, as Chinese printers set it.

    A tagged PDF with a missing character is refused, and rosters hold rare names.

    Examples
    --------
    >>> printable("𠮷野 A")
    '〓野 A'
    """
    if text.isascii():
        return text
    has = _signs()
    return "".join(
        sign if sign.isascii() or ord(sign) in has else " " if sign.isspace() else "〓" for sign in text
    )


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
        Characters that the font lacks print as :func:`printable` shows them.
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


def _without_controls(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return data without control characters, which JSON would hide from the search for missing signs."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign in "\n\t" or sign >= " ")
    if isinstance(value, Mapping):
        return {key: _without_controls(item) for key, item in value.items()}
    return [_without_controls(item) for item in value] if isinstance(value, list | tuple) else value


def _compiled(
    template: str, data: object, lang: Language, files: Mapping[str, bytes] | None, **form: object
) -> Any:  # noqa: ANN401 - bytes, or a list where a picture has several pages
    import typst  # noqa: PLC0415 - as above

    held = json.dumps(_without_controls({"lang": lang, "data": data}), ensure_ascii=False)
    sources = {
        "main.typ": assets.own_file(f"print/{template}.typ").encode(),
        **{name: assets.own_file(f"print/{name}").encode() for name in _SHARED},
        "data.json": printable(held).encode(),
        **(files or {}),
    }
    return typst.compile(sources, font_paths=_fonts(), **form)  # type: ignore[call-overload]  # input may be a dict


def let_go() -> None:
    """Free the memory of documents set before; worth its tenth of a second after hundreds of pages.

    Typst keeps what it has computed until ten more documents have not asked for it.
    """
    for at in range(_KEPT):
        typeset("blank", {"title": f"{at}"}, lang="en")
