"""The tables and columns of an input folder, as data: ``schema.toml`` and its reader.

Templates, checks, messages and the documentation page are all made from it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Final

from zoning import messages
from zoning.errors import Language, Text
from zoning.load.scores import PREFIX, SUBJECTS, subject_of

STAGE_ZH: Final = {"kindergarten": "幼儿园", "primary": "小学", "junior": "初中", "senior": "高中"}
CHOICES: Final = 9
"""Most choices that a roster may name."""
LISTED: Final = ("chinese", "maths", "english")
"""Subjects whose scores have a column in the templates; others are known by their headers."""
HIDDEN: Final = "***"
"""Printed in place of a private value."""
NOT_IN_FOLDER: Final = frozenset({"plan"})
"""Tables that are read by a path of their own, never as part of the folder."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Its name in the package and in templates.
    type
        Kind of value, as listed at the head of ``schema.toml``.
    meaning
        What it says, in both languages.
    required
        Whether it must be there with a value in every row.
    unit
        Unit of the value; empty where it has none.
    aliases
        Other headers understood for it.
    allowed
        Values of a choice, each with the words also understood for it.
    combined
        Words that stand for several values at once.
    refers
        ``table.column`` that holds the values allowed here; empty for none.
    private
        Whether its values are never printed.
    example
        A value for the templates.
    """

    name: str
    type: str
    meaning: Text
    required: bool = False
    unit: str = ""
    aliases: tuple[str, ...] = ()
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    combined: Mapping[str, str] = field(default_factory=dict)
    refers: str = ""
    private: bool = False
    example: str = ""


@dataclass(frozen=True)
class Table:
    """One table of an input folder.

    Parameters
    ----------
    name
        Its name, which is also the name of its file or layer.
    label, meaning
        Its Chinese (and English) name, and what it holds.
    columns
        Its columns, in the order of the templates.
    aliases
        Other file or sheet names understood for it.
    required
        Whether nothing works without it.
    key
        Columns that together stand in one row only.
    geometry
        ``place`` (polygons or points), ``point``, ``polygon``, ``any``; empty for a table without.
    private
        Whether it holds children's data.
    open
        ``score`` where columns of scores are known by their headers; empty where every column is listed.
    off
        What its absence switches off.
    """

    name: str
    label: Text
    meaning: Text
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    required: bool = False
    key: tuple[str, ...] = ()
    geometry: str = ""
    private: bool = False
    open: str = ""
    off: Text = field(default_factory=lambda: Text("", ""))

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises
        ------
        KeyError
            When the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def of_header(self, header: str) -> Column | None:
        """Return the column that a header stands for; None where nobody knows it.

        Examples
        --------
        >>> roster = tables()["roster"]
        >>> [roster.of_header(word).name for word in ("姓名", "语文", "书法成绩", "Score_Physics")]
        ['name', 'score_chinese', 'score_书法', 'score_physics']
        """
        word = fold(header)
        subject = subject_of(word) if self.open == "score" and word not in self.headers else ""
        if not subject:
            return self.headers.get(word)
        name = PREFIX + subject
        if any(column.name == name for column in self.columns):
            return self.column(name)
        return Column(name, "score", Text(name, header), private=True)

    @cached_property
    def headers(self) -> dict[str, Column]:
        """Every header understood, folded by :func:`fold`, and its column."""
        found: dict[str, Column] = {}
        for column in self.columns:
            for word in (column.name, *column.aliases):
                found.setdefault(fold(word), column)
        return found

    @property
    def required_names(self) -> tuple[str, ...]:
        """Columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


def fold(word: str) -> str:
    """Return a header or name as it is compared: full-width folded, without blanks, notes and case.

    Examples
    --------
    >>> fold(" School＿ID* "), fold("学校编号（必填）"), fold("班级 数")
    ('school_id', '学校编号', '班级数')
    """
    plain = unicodedata.normalize("NFKC", word).strip().lower()
    plain = re.sub(r"[(\[【].*$", "", plain) or plain
    return re.sub(r"[\s*:：\ufeff]+", "", plain).replace("-", "_")


@cache
def tables() -> dict[str, Table]:
    """Return every table by name, in the order of the templates.

    Examples
    --------
    >>> tables()["schools"].headers["学校编号"].name
    'school_id'
    >>> tables()["births"].required_names
    ('town', 'year', 'births')
    """
    source = files(__package__) / "schema.toml"
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["table"]
    return {row["name"]: _table(row) for row in rows}


def table(name: str) -> Table:
    """Return one table.

    Raises
    ------
    KeyError
        When there is none of that name.
    """
    return tables()[name]


def in_folder() -> tuple[Table, ...]:
    """Return the tables that a folder may hold.

    Examples
    --------
    >>> [t.name for t in in_folder()][:3]
    ['blocks', 'schools', 'residents']
    """
    return tuple(t for t in tables().values() if t.name not in NOT_IN_FOLDER)


def _table(row: Mapping[str, Any]) -> Table:
    return Table(
        name=row["name"],
        label=Text(row["name"], row["zh"]),
        meaning=Text(row.get("en", row["name"]), row["meaning_zh"]),
        columns=tuple(column for raw in row["column"] for column in _columns(raw)),
        aliases=(row["zh"], *row.get("aliases", ())),
        required=row.get("required", False),
        key=tuple(row["key"]),
        geometry=row.get("geometry", ""),
        private=row.get("private", False),
        open=row.get("open", ""),
        off=Text(row.get("off_en", ""), row.get("off_zh", "")),
    )


def _columns(raw: Mapping[str, Any]) -> list[Column]:
    """Return the column, or one for every stage, choice or subject where the name has a placeholder."""
    if "{stage}" in raw["name"]:
        fills = [{"stage": stage, "stage_zh": zh} for stage, zh in STAGE_ZH.items()]
    elif "{n}" in raw["name"]:
        fills = [{"n": str(n)} for n in range(1, CHOICES + 1)]
    elif "{subject}" in raw["name"]:
        fills = [{"subject": name, "subject_zh": SUBJECTS[name][0]} for name in LISTED]
    else:
        fills = [{}]
    return [_column(raw, fill) for fill in fills]


def _column(raw: Mapping[str, Any], fill: Mapping[str, str]) -> Column:
    def full(word: str) -> str:
        return word.format(**fill) if fill else word

    return Column(
        name=full(raw["name"]),
        type=raw["type"],
        meaning=Text(raw["en"], raw["zh"]),
        required=raw.get("required", False),
        unit=raw.get("unit", ""),
        aliases=tuple(full(word) for word in raw.get("aliases", ())),
        allowed={value: tuple(words) for value, words in raw.get("allowed", {}).items()},
        combined=raw.get("combined", {}),
        refers=raw.get("refers", ""),
        private=raw.get("private", False),
        example=raw.get("example", ""),
    )


def schema_markdown(lang: Language) -> str:
    """Return the whole schema as a Markdown page.

    Parameters
    ----------
    lang
        Language of the page.

    Examples
    --------
    >>> schema_markdown("zh").splitlines()[0]
    '## blocks（规划单元）'
    """
    lines: list[str] = []
    for item in tables().values():
        title = f"{item.name}（{item.label.zh}）" if lang == "zh" else f"{item.name} ({item.label.zh})"
        lines += [
            f"## {title}",
            "",
            item.meaning.of(lang),
            "",
            messages.text("load.doc_head").of(lang),
            "|---|---|---|---|---|",
        ]
        lines += [_markdown_row(column, lang) for column in item.columns]
        lines.append("")
    return "\n".join(lines)


def _markdown_row(column: Column, lang: Language) -> str:
    meaning = column.meaning.of(lang)
    if column.allowed:
        values = (
            f"`{value}`（{words[0]}）" if lang == "zh" else f"`{value}`"
            for value, words in column.allowed.items()
        )
        meaning += f" {messages.text('load.doc_values').of(lang)}{', '.join(values)}."
    if lang == "zh" and column.aliases:
        meaning += f" {messages.text('load.doc_headers').zh}{'、'.join(column.aliases)}。"
    required = messages.text("load.doc_required").of(lang) if column.required else ""
    return f"| `{column.name}` | {column.type} | {column.unit} | {required} | {meaning} |"
