"""The documentation page of the options of zones, made from the options themselves."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from zoning import messages
from zoning.errors import Language
from zoning.options import Prices, ZoneOptions

__all__ = ["options_markdown"]


def options_markdown(lang: Language) -> str:
    """Return every option of zones as a Markdown page.

    Parameters
    ----------
    lang
        Language of the page.

    Examples
    --------
    >>> options_markdown("zh").splitlines()[0]
    '# 划片选项'
    """
    lines = [f"# {messages.text('options.title').of(lang)}", "", messages.text("options.intro").of(lang), ""]
    head = [messages.text("options.head").of(lang), "|---|---|---|"]
    rows = list(_rows(ZoneOptions(), lang, ""))
    prices = list(_rows(Prices(), lang, "prices."))
    return "\n".join([*lines, *head, *rows, *prices, ""])


def _rows(options: Any, lang: Language, prefix: str) -> Iterator[str]:  # noqa: ANN401 - a dataclass of options
    for field in dataclasses.fields(options):
        if field.name == "prices":  # each of them has a row of its own
            continue
        meaning = messages.text(f"options.{field.name}").of(lang)
        yield f"| `{prefix}{field.name}` | {_shown(getattr(options, field.name))} | {meaning} |"


def _shown(value: object) -> str:
    """Return a default as ``zoning.toml`` writes it; a dash for none."""
    if value is None or value == ():
        return "–"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"
