"""Counts of children so small that they may tell of a child, in what would be published."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from zoning.public.gate.cells import Cell

__all__ = ["Totals", "is_count_of_children", "is_small_count", "says_count", "without_words"]

_CHILDREN: Final = (
    r"(?:children|child|kids?|pupils?|students?|residents|registered|migrants?|applicants?|enroll?(?:ments?|ed)"
    r"|newborns?|births|boarders|boys|girls)"
)
_EN: Final = re.compile(rf"(?:^|[^a-z]){_CHILDREN}(?![a-z])")
_ZH: Final = re.compile(
    r"儿童|学生|生源|人数|新生|学龄|随迁|在校生|常住|户籍|出生数|出生人|涉及人|寄宿生|孩子|幼儿(?!园)|[男女]生"
)
_OTHER: Final = re.compile(
    r"hours?|minutes?|seconds?|share|ratio|rate|per |price|cost|seats?|capacity|class|size|norm|limit|over\b"
    r"|above|threshold|hide|below|digest|year|age\b|grade|id\b|code|longer|nearer|distance|saved|saves|places"
    r"|url|seed|小时|分钟|秒|比例|占比|率|每|单价|学位|班额|班数|标准|限|超出|超过|阈|低于|年份|年龄|年级"
    r"|编号|距离|路程|面积"
)
_SAID: Final = re.compile(
    rf"(?<![\d.,\-–:/])(\d{{1,2}})\s*(?:(?:more|fewer|new|other|affected|resident)\s+)?{_CHILDREN}\b(?![-_])"
    r"|(?<![\d.,\-–:/])(\d{1,2})\s*[名位个]\s*(?:适龄|新增|随迁|常住)?(?:儿童|学生|孩子|新生|幼儿(?!园)|[男女]生)"
    r"|(?:涉及|影响|调整|学生|儿童|新生|生源)[^\d\n。；，,;]{0,6}?(?<![\d.])(\d{1,2})\s*人"
    rf"|(?:\b{_CHILDREN}|(?:儿童|学生|孩子|新生|生源|幼儿|[男女]生)(?:人?数)?)\s*[:=]\s*(\d{{1,2}})"
    r"(?!\.\d)(?=\s*(?:[人名位]|$|[,;.、。|)]))",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(r"合计|总计|总数|全[县区市]|total\b|sum\b|all\b", re.IGNORECASE)
_HIDDEN: Final = re.compile(
    r"[<＜]\s*\d+|\*+|不足\s*\d+\s*人?|少于\s*\d+\s*人?|fewer than \d+|under \d+|hidden|隐去|略",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"不超过|不少于|不低于|以上|以下|至多|至少|低于|少于|不足"
    r"|at most|at least|fewer than|below|under|less than|up to|over|grades?|aged?|class|第",
    re.IGNORECASE,
)


_BETWEEN: Final = re.compile(r"[\s\u00ad\u200b\-‐‑]+")
"""What a line end may add to words or take from them."""


def is_count_of_children(header: str) -> bool:
    """Tell whether a header or key stands over counts of children.

    Examples
    --------
    >>> [is_count_of_children(word) for word in ("Children affected", "涉及学生", "Pupils 2027-28")]
    [True, True, True]
    >>> [is_count_of_children(word) for word in ("pupil-hours", "学位", "class size", "pupils_over")]
    [False, False, False, False]
    """
    plain = unicodedata.normalize("NFKC", header).lower()
    plain = re.sub(r"\b(?:19|20)\d{2}(?:[-–]\d{2,4})?\b|(?:19|20)\d{2}学?年度?", " ", plain)
    spaced = plain.replace("_", " ")
    if _OTHER.search(plain) or _OTHER.search(spaced):
        return False
    return bool(_EN.search(spaced) or _ZH.search(plain))


def is_small_count(cell: Cell, least: int) -> bool:
    """Tell whether a cell shows a count of children that is above 0 and below what may be shown.

    Parameters
    ----------
    cell
        The cell; a number counts by the header over it (or what its row is about), running text by its words.
    least
        Least count that may be shown.

    Examples
    --------
    >>> [is_small_count(Cell(str(n), "x", header="pupils", number=n), 5) for n in (0, 3, 5)]
    [False, True, False]
    >>> is_small_count(Cell("本次调整涉及 3 人。", "text"), 5), is_small_count(Cell("3 children", "text"), 5)
    (True, True)
    """
    if cell.is_header or cell.is_code:
        return False
    if cell.number is not None:
        return 0 < cell.number < least and _counts(cell)
    text = unicodedata.normalize("NFKC", cell.text)
    for found in _SAID.finditer(text):
        figure = int(next(one for one in found.groups() if one))
        before = text[max(0, found.start() - 12) : found.end()]
        if 0 < figure < least and not _RULE.search(before):
            return True
    return False


def without_words(cells: Sequence[Cell], at: int, words: Sequence[str]) -> Cell:
    """Return a cell without the parts that somebody's words hold verbatim, also where they go over lines.

    Parameters
    ----------
    cells
        The cells of a file: words of several lines, or lines of a page, are put together again.
    at
        Number of the cell.
    words
        The words; line ends, blanks and hyphens between them do not matter.

    Examples
    --------
    >>> cells = [Cell(text, "page") for text in ("A bus for only", "1 pupil is not sent;", "3 pupils")]
    >>> [without_words(cells, n, ["for only 1 pupil"]).text for n in range(3)]
    ['A bus 。。。。。。。。', '。。。。。。。 is not sent;', '3 pupils']
    """
    cell = cells[at]
    wanted = [plain for plain in map(_run_together, words) if plain]
    most = max(map(len, wanted), default=0)
    before = _beside((cells[n] for n in range(at - 1, -1, -1)), cell.where, most)[::-1]
    after = _beside((cells[n] for n in range(at + 1, len(cells))), cell.where, most)
    whole = unicodedata.normalize("NFKC", cell.text)
    places = [n for n, c in enumerate(whole) if not _BETWEEN.match(c)]
    ahead = _run_together("".join(before))
    plain = ahead + _run_together(whole) + _run_together("".join(after))
    kept = list(whole)
    for word in wanted:
        edges = (r"(?<!\d)" if word[0].isdigit() else "", r"(?!\d)" if word[-1].isdigit() else "")
        for found in re.finditer(re.escape(word).join(edges), plain):
            inside = range(max(found.start() - len(ahead), 0), min(found.end() - len(ahead), len(places)))
            for n in range(places[inside[0]], places[inside[-1]] + 1) if inside else ():
                kept[n] = "。"
    return replace(cell, text="".join(kept))


def _beside(cells: Iterator[Cell], where: str, most: int) -> list[str]:
    """Return the texts of the next cells of one place, as many as words may go over."""
    found: list[str] = []
    size = 0
    for cell in cells:
        if cell.where != where or size >= most:
            break
        found.append(cell.text)
        size += len(_run_together(cell.text))
    return found


def _run_together(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def says_count(text: str) -> bool:
    """Tell whether a text says a count of children of one or two digits, also as a limit.

    Examples
    --------
    >>> says_count("每班不超过 4 名学生"), says_count("第六条")
    (True, False)
    """
    return bool(_SAID.search(unicodedata.normalize("NFKC", text)))


@dataclass
class Totals:
    """Finds hidden counts that a total gives away: one cell of a column hidden, the total of it shown.

    Examples
    --------
    >>> totals = Totals()
    >>> rows = [(2, "甲校", "<5"), (3, "乙校", "12"), (4, "合计", "15")]
    >>> for row, name, count in rows:
    ...     totals.add(Cell(name, "学校", row=row, header="学校"))
    ...     number = float(count) if count.isdigit() else None
    ...     totals.add(Cell(count, "学生人数", row=row, header="学生人数", number=number))
    >>> [cell.row for cell in totals.given_away()]
    [2]
    """

    rows: set[tuple[str, int]] = field(default_factory=set)
    hidden: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, cell: Cell) -> None:
        """Take note of a cell of a table."""
        if cell.row is None or not cell.header:
            return
        place = (cell.where.rpartition("!")[0], cell.row)
        if cell.number is None and _TOTAL.match(cell.text.strip()):
            self.rows.add(place)
        elif is_count_of_children(cell.header):
            if cell.number is not None:
                self.shown[cell.where].append(place)
            elif _HIDDEN.fullmatch(cell.text.strip()):
                self.hidden[cell.where].append(cell)

    def given_away(self) -> Iterator[Cell]:
        """Yield the only hidden cell of each column whose total is shown."""
        for where, cells in self.hidden.items():
            if len(cells) == 1 and any(place in self.rows for place in self.shown[where]):
                yield cells[0]


def _counts(cell: Cell) -> bool:
    if cell.about:
        label, _, unit = cell.about.rpartition(" ")
        named = unit.strip("[]").lower()
        if named and named not in ("pupils", "children", "人", "名", "students"):
            return False
        return is_count_of_children(label) or (bool(named) and not _OTHER.search(label.lower()))
    return is_count_of_children(cell.header)
