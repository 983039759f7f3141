"""The options of a plan's record, as :class:`zoning.zones.ZoneOptions` takes them."""

import math
from collections.abc import Mapping
from typing import Any, Final

from zoning.load.fields import Fields, is_number, is_text, is_whole

__all__ = ["KINDS", "read_options"]

KINDS: Final[Mapping[str, str]] = {
    "years": "years",
    "quantile": "share",
    "seat_price_s": "price",
    "contiguous": "flag",
    "least_utilisation": "share",
    "least_price_s": "price",
    "balance": "balance",
    "grandfathered": "flag",
    "locked_blocks": "blocks",
    "locked_schools": "schools",
    "shared": "shared",
}
"""Every option of ``ZoneOptions`` by the kind of its value."""


def read_options(fields: Fields, known: Mapping[str, set[str]]) -> dict[str, Any]:
    """Return the options of a record; report those that do not exist or hold what they cannot.

    Parameters
    ----------
    fields
        The options.
    known
        Ids of the district's ``blocks`` and ``schools``.
    """
    found = {}
    for name in fields.values:
        if name not in KINDS:
            fields.report("load_record.unknown_key", name)
            continue
        value = _value(fields, name, KINDS[name], known)
        if value is not None:
            found[name] = value
    return found


def _value(fields: Fields, name: str, kind: str, known: Mapping[str, set[str]]) -> object:
    if kind == "flag":
        return fields.flag(name)
    if kind in {"share", "price"}:
        return _priced(fields, name) if kind == "price" else _share(fields, name)
    if kind == "years":
        return fields.items(name, "whole", lambda v: is_whole(v) and 1900 <= v <= 2200)
    if kind == "balance":
        return _balance(fields, name)
    if kind == "shared":
        every = fields.items(name, "ids", lambda v: isinstance(v, list) and all(map(is_text, v)))
        return [fields.known(name, schools, known["schools"], "schools") for schools in every]
    return fields.known(name, fields.items(name, "text", is_text), known[kind], kind)


def _share(fields: Fields, name: str) -> float | None:
    return fields.take(name, "share", lambda v: is_number(v) and 0 <= v <= 1)  # type: ignore[no-any-return]


def _priced(fields: Fields, name: str) -> float | None:
    """Return a price in seconds; null is one that nothing may pay."""
    return math.inf if fields.values[name] is None else fields.number(name, least=0.0)


def _balance(fields: Fields, name: str) -> list[dict[str, Any]]:
    bands = []
    for band in fields.items(name, "object", lambda v: isinstance(v, dict)):
        one = Fields(band, fields.file, fields.problems, f"{fields.within}{name}.")
        for key in set(band) - {"group", "within", "price_s"}:
            one.report("load_record.unknown_key", key)
        group, within = one.text("group"), _share(one, "within")
        price = one.number("price_s", least=0.0, optional=True)
        if group is not None and within is not None:
            bands.append({"group": group, "within": within, "price_s": price})
    return bands
