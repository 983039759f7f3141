"""The catalogue of sentences in Chinese and English.

One TOML file an area stands in ``catalogue/``; the first part of a code names the file, so
``load.not_a_number`` stands in ``catalogue/load.toml`` as table ``not_a_number`` with the keys ``en``, ``zh``
and, for problems, ``cure_en`` and ``cure_zh``. Sentences take named fields: ``{town}``, ``{seats:.0f}``.
"""

import errno
import string
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from zoning.errors import Language, Problem, Severity, Text

__all__ = ["cure", "every", "problem", "reason", "text"]

_VALUE_LENGTH = 60
_REASONS = (
    (PermissionError, "no_permission"),
    (FileExistsError, "exists"),
    (NotADirectoryError, "no_folder"),
    (IsADirectoryError, "is_folder"),
    (FileNotFoundError, "missing"),
)


@cache
def _catalogue(area: str) -> dict[str, dict[str, str]]:
    source = files(__package__) / "catalogue" / f"{area}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _entry(code: str) -> dict[str, str]:
    area, _, name = code.partition(".")
    return _catalogue(area)[name]


class _Sentence(string.Formatter):
    """Fills in a sentence; a field that is itself a :class:`Text` speaks the sentence's language."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as in the parent
        shown = value.of(self.lang) if isinstance(value, Text) else value
        return str(super().format_field(shown, format_spec))


def _filled(entry: dict[str, str], prefix: str, fields: dict[str, Any]) -> Text:
    return Text(
        _Sentence("en").vformat(entry[f"{prefix}en"], (), fields),
        _Sentence("zh").vformat(entry[f"{prefix}zh"], (), fields),
    )


def text(code: str, **fields: Any) -> Text:  # noqa: ANN401 - a sentence takes whatever it prints
    """Return the sentence of a code in both languages, its fields filled in.

    Parameters
    ----------
    code
        Area and name, such as ``cli.done``.
    **fields
        The values that the sentence names; a :class:`~zoning.errors.Text` is given in each language.

    Raises
    ------
    KeyError
        When the catalogue has no such code or the sentence names a field that is missing.

    Examples
    --------
    >>> text("units.not_metric", crs="EPSG:4326").en
    'EPSG:4326 is not measured in metres.'
    """
    return _filled(_entry(code), "", fields)


def every(area: str) -> dict[str, Text]:
    """Return all sentences of an area that take no field when they are read, by name.

    Examples
    --------
    >>> every("public_page")["yours"].zh
    '对应'
    """
    return {name: text(f"{area}.{name}") for name in _catalogue(area)}


def cure(code: str, **fields: Any) -> Text:  # noqa: ANN401 - as above
    """Return the cure of a code in both languages.

    Raises
    ------
    KeyError
        When the catalogue has no cure for that code.
    """
    return _filled(_entry(code), "cure_", fields)


def reason(error: OSError) -> Text:
    """Return why the system refused a file, in both languages.

    Examples
    --------
    >>> reason(PermissionError(13, "Permission denied")).zh
    '没有权限'
    """
    for kind, code in _REASONS:
        if isinstance(error, kind):
            return text(f"system.{code}")
    if error.errno == errno.ENOSPC:
        return text("system.full")
    return text("system.other", reason=error.strerror or type(error).__name__)


def problem(
    code: str,
    *,
    file: str,
    row: int | None = None,
    column: str | None = None,
    value: object = None,
    severity: Severity = "error",
    **fields: Any,  # noqa: ANN401 - as above
) -> Problem:
    """Return a :class:`~zoning.errors.Problem` with its sentences from the catalogue.

    The place and the value may be named in the sentence as ``{file}``, ``{row}``, ``{column}``, ``{value}``.

    Raises
    ------
    KeyError
        When the catalogue has no such code.

    Examples
    --------
    >>> problem("units.not_metric", file="blocks.gpkg", crs="EPSG:4326").code
    'units.not_metric'
    """
    shown = None if value is None else " ".join(str(value).splitlines())  # a sentence is one line
    if shown is not None and len(shown) > _VALUE_LENGTH:
        shown = shown[: _VALUE_LENGTH - 1] + "…"
    every = {"file": file, "row": row, "column": column, "value": shown} | fields
    return Problem(code, file, row, column, shown, text(code, **every), cure(code, **every), severity)
