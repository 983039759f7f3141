"""Canonical bytes: the part of JSON in which a value has exactly one spelling (RFC 8785)."""

import json
import re
import unicodedata
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError

__all__ = ["check_shape", "decode", "encode", "lengthened"]

LARGEST: Final = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly."""
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_UNSEEN: Final = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
"""Unicode categories refused: control and invisible characters, surrogates, unassigned and private ones."""


def _refuse(code: str, place: str) -> DrawError:
    return DrawError(messages.text(f"draw.{code}", place=place))


def _check_text(text: str, place: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if any(unicodedata.category(c) in _UNSEEN for c in text):
        raise _refuse("control", place)
    if not unicodedata.is_normalized("NFC", text):
        raise _refuse("not_nfc", place)


def _is_plain(value: object) -> bool:
    """Tell quickly that nothing is wrong with a value; what and where is told by :func:`_check`."""
    kind = type(value)
    if kind is str:
        return value.isascii() and value.isprintable()  # type: ignore[attr-defined, no-any-return]
    if kind is int:
        return -LARGEST <= value <= LARGEST  # type: ignore[operator]
    if kind is list:
        return all(map(_is_plain, value))  # type: ignore[call-overload]
    return kind is dict and all(
        _KEY.fullmatch(key) and _is_plain(item)
        for key, item in value.items()  # type: ignore[attr-defined]
    )


def _check(value: object, place: str) -> None:
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, list):
        for at, item in enumerate(value, start=1):
            _check(item, f"{place}[{at}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise _refuse("bad_key", place)
            _check(item, f"{place}.{key}")
    elif isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise _refuse("bad_value", place)


def encode(value: object, *, place: str = "value") -> bytes:
    """Return the canonical bytes of a value made of objects, arrays, strings and integers.

    Parameters
    ----------
    value
        The value; keys are lower-case ASCII names.
    place
        What it is called in a refusal.

    Raises
    ------
    DrawError
        When a string is not in normal form C or holds control characters, a key is not plain, or a value is
        null, true, false, a fraction or an integer beyond 2**53 - 1.

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme.

    Examples
    --------
    >>> encode({"sid": "7", "path": ["L01"], "count": 3})
    b'{"count":3,"path":["L01"],"sid":"7"}'
    """
    if not _is_plain(value):
        _check(value, place)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_fraction(text: str) -> Any:  # noqa: ANN401 - the signature that json asks for
    raise ValueError(text)


def decode(data: bytes, *, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return the value of canonical bytes; refuse bytes that are not canonical.

    Parameters
    ----------
    data
        The bytes of a file.
    name
        What the file is called in a refusal.

    Raises
    ------
    DrawError
        When the bytes are not JSON, or not the canonical spelling of what they say.

    Examples
    --------
    >>> decode(b'{"count":3}', name="roster")
    {'count': 3}
    """
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_unique,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError) as error:
        raise _refuse("not_canonical", name) from error
    if encode(value, place=name) != data:
        raise _refuse("not_canonical", name)
    return value


def _fits(value: object, shape: object) -> bool:
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and value.keys() == shape.keys()
            and all(_fits(value[key], inner) for key, inner in shape.items())
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(item, shape[0]) for item in value)
    return type(value) is shape


def check_shape(value: object, shape: object, place: str) -> None:
    """Refuse a value that lacks a field, has one too many or one of another type.

    Parameters
    ----------
    value
        What was read.
    shape
        ``str``, ``int``, a list of one shape, or a dict from every key to its shape.
    place
        What the value is called in a refusal.

    Raises
    ------
    DrawError
        When the value has another shape; a field that does not belong has its own sentence.

    Examples
    --------
    >>> check_shape({"sid": "7"}, {"sid": str}, "record")
    """
    if _fits(value, shape):
        return
    if isinstance(shape, dict):
        if not isinstance(value, dict) or shape.keys() - value.keys():
            raise _refuse("wrong_shape", place)
        if value.keys() - shape.keys():
            raise _refuse("extra_field", place)
        for key, inner in shape.items():
            check_shape(value[key], inner, f"{place}.{key}")
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise _refuse("wrong_shape", place)
        for at, item in enumerate(value, start=1):
            check_shape(item, shape[0], f"{place}[{at}]")
    else:
        raise _refuse("wrong_shape", place)


def lengthened(part: bytes) -> bytes:
    """Return bytes with their length before them, four bytes, big-endian.

    Examples
    --------
    >>> lengthened(b"ab").hex()
    '000000026162'
    """
    return len(part).to_bytes(4, "big") + part
