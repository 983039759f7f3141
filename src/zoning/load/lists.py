"""Lists of names: one a line of a text file, or the first column of a workbook."""

import io
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from zoning import messages
from zoning.errors import DataError, Problems
from zoning.load import delimited, workbook
from zoning.load.settings import FileSettings

__all__ = ["read_list"]

_HEADERS: Final = frozenset({
    "id", "name", "teacher", "school", "school_id", "sid",
    "姓名", "教师", "班主任", "学校", "学校代码", "报名号", "登记号",
})  # fmt: skip
"""First cells that are headers and nobody's name."""


def read_list(path: str | Path) -> tuple[str, ...]:
    r"""Return the names in a text file or in the first column of a workbook, in the order of the file.

    Parameters
    ----------
    path
        The file; blank lines and a header such as ``name`` or ``姓名`` are passed over.

    Raises
    ------
    DataError
        When the file is missing, cannot be read, holds nothing, or holds a name twice.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "teachers.txt"
    ...     size = file.write_bytes("姓名\n甲\n乙\n".encode("gb18030"))
    ...     read_list(file)
    ('甲', '乙')
    """
    path = Path(path)
    problems = Problems()
    if not path.is_file():
        raise DataError([messages.problem("load.no_file", file=path.as_posix())])
    cells = _cells(path, problems)
    problems.raise_if_failed()
    rows = [(row, cell.strip()) for row, cell in enumerate(cells, start=1) if cell.strip()]
    if rows and rows[0][1].casefold() in _HEADERS:
        rows = rows[1:]
    seen: dict[str, int] = {}
    for row, name in rows:
        first = seen.setdefault(name, row)
        if first != row:
            problems.add(messages.problem("load.name_twice", file=path.name, row=row, first=first))
    if not rows:
        problems.add(messages.problem("load.empty_list", file=path.name))
    problems.raise_if_failed()
    return tuple(name for _, name in rows)


def _cells(path: Path, problems: Problems) -> list[str]:
    data = path.read_bytes()
    settings = FileSettings(path.name)
    if workbook.kind_of(data) == "book":
        return _first_column(data, path.name, problems)
    if b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        problems.add(messages.problem("load.empty_list", file=path.name))
        return []
    text = delimited.decode(data, settings=settings, problems=problems)
    return [] if text is None else [line.split(",")[0].split("\t")[0] for line in text.splitlines()]


def _first_column(data: bytes, file: str, problems: Problems) -> list[str]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
        values = next((s.to_python(skip_empty_area=False) for s in sheets if s.height), [])
    except PasswordError:
        problems.add(messages.problem("load.password", file=file))
        return []
    except CalamineError:
        problems.add(messages.problem("load.broken_book", file=file))
        return []
    return [workbook.as_text(row[0]) for row in values if row]
