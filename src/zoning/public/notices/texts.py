"""The three parts that admission rules ask to publish: method, range and result, as notices in two languages.

Everything stands in the publication and the office's words; nothing is claimed that was not measured.
"""

from collections.abc import Sequence
from typing import Final

from zoning import messages
from zoning.errors import Language, Text
from zoning.public.ledger.build import change_ledger
from zoning.public.ledger.values import Ledger
from zoning.public.notices.method import method_sections
from zoning.public.notices.parts import Notice, Section, title_of
from zoning.public.notices.result import result_sections
from zoning.public.notices.scope import range_sections
from zoning.public.publication import Publication
from zoning.publish.typeset import typeset

__all__ = ["notice_parts", "notices"]

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_NUMERALS: Final = "一二三四五六七八九十"


def notices(publication: Publication, *, ledger: Ledger | None = None) -> dict[str, bytes]:
    """Return the notices by file name: a text a part and language, and all parts as one PDF a language.

    Files are ``notice-method-zh.txt``, ``notice-range-zh.txt``, ``notice-result-zh.txt``, ``notice-zh.pdf``
    and the same with ``en``. Counts of children below the policy's ``hide_below`` are left out.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger; made when left out.
    """
    parts = notice_parts(publication, ledger=ledger)
    found = {}
    for lang in _LANGUAGES:
        for part in parts:
            found[f"notice-{part.name}-{lang}.txt"] = _as_text(publication, part, lang).encode()
        data = {
            "title": messages.text("public_print.notice_title", **title_of(publication)).of(lang),
            "parts": [_as_data(part, lang) for part in parts],
            "office": publication.district.notice.office.of(lang),
        }
        found[f"notice-{lang}.pdf"] = typeset("zone_notice", data, lang=lang)
    return found


def notice_parts(publication: Publication, *, ledger: Ledger | None = None) -> tuple[Notice, ...]:
    """Return method, range and result.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger; made when left out.
    """
    changes = change_ledger(publication) if ledger is None else ledger
    return (
        Notice(
            "method",
            messages.text("public_print.method_title", **title_of(publication)),
            method_sections(publication),
        ),
        Notice(
            "range",
            messages.text("public_print.range_title", **title_of(publication)),
            range_sections(publication),
        ),
        Notice(
            "result",
            messages.text("public_print.result_title", **title_of(publication)),
            result_sections(publication, changes),
        ),
    )


def numbered(number: int, heading: str, lang: Language) -> str:
    """Return a heading with its number, in the manner of the language.

    Examples
    --------
    >>> numbered(2, "依据", "zh"), numbered(12, "依据", "zh"), numbered(2, "Rules", "en")
    ('二、依据', '十二、依据', '2. Rules')
    """
    if lang == "en":
        return f"{number}. {heading}"
    tens, ones = divmod(number, 10)
    word = ("" if tens < 2 else _NUMERALS[tens - 1]) + ("十" if tens else "")
    return f"{word}{_NUMERALS[ones - 1] if ones else ''}、{heading}"


def _as_text(publication: Publication, part: Notice, lang: Language) -> str:
    lines = [part.title.of(lang), ""]
    for number, section in enumerate(part.sections, start=1):
        lines += [numbered(number, section.heading.of(lang), lang), ""]
        start = "　　" if lang == "zh" else ""
        lines += [f"{start}{_one_line(line, lang)}" for line in section.lines]
        lines += [_entry(*entry).of(lang) for entry in section.entries]
        lines += [_row_text(section, row, lang) for row in section.rows]
        lines.append("")
    office = publication.district.notice.office
    lines += [_one_line(office, lang)] if office.zh else []
    return "\n".join(lines).rstrip() + "\n"


def _entry(name: Text, text: Text) -> Text:
    """Return a name and what is said of it as a line."""
    en = f"{_one_line(name, 'en')}: {_one_line(text, 'en')}."
    return Text(en, f"　　{_one_line(name, 'zh')}：{_one_line(text, 'zh')}。")


def _one_line(text: Text, lang: Language) -> str:
    return " ".join(text.of(lang).split())


def _row_text(section: Section, row: Sequence[Text], lang: Language) -> str:
    """Return a row of a table as a line: its name, then each title with its value."""
    cells = [
        f"{head.of(lang)} {_one_line(cell, lang)}"
        for head, cell in zip(section.heads[1:], row[1:], strict=True)
    ]
    name = _one_line(row[0], lang).rstrip(".。")
    return f"　　{name}：{'，'.join(cells)}" if lang == "zh" else f"{name}: {', '.join(cells)}"


def _as_data(part: Notice, lang: Language) -> dict[str, object]:
    return {
        "title": part.title.of(lang),
        "sections": [
            {
                "heading": numbered(number, section.heading.of(lang), lang),
                "lines": [line.of(lang) for line in section.lines],
                "heads": [head.of(lang) for head in section.heads],
                "rows": [[cell.of(lang) for cell in row] for row in section.rows],
                "entries": [[name.of(lang), text.of(lang)] for name, text in section.entries],
            }
            for number, section in enumerate(part.sections, start=1)
        ],
    }
