"""A consultation document for Word: real headings, tables with repeated heads, pictures with words."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, Final

from zoning.errors import Language
from zoning.public.consultation.parts import Part

__all__ = ["word_document"]

_MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_LATIN, _EAST_ASIAN = "Arial", "Microsoft YaHei"
_ACCENT, _SOFT, _BOX = "0C6B82", "5D6975", "EEF5F7"
_WIDTH_CM: Final = 17.0
_PAGE_CM: Final = (21.0, 29.7)
_HIGHEST_CM: Final = 21.5


def word_document(document: Mapping[str, Any], pictures: Mapping[str, bytes], *, lang: Language) -> bytes:
    """Return a document as the bytes of a ``.docx`` file, the same bytes for the same document.

    Parameters
    ----------
    document
        Title, foot, office and parts.
    pictures
        PNG by file name, as the figures name them.
    lang
        Language of the document.
    """
    return _Word(document, pictures, lang).octets()


class _Word:
    def __init__(self, document: Mapping[str, Any], pictures: Mapping[str, bytes], lang: Language) -> None:
        import docx  # noqa: PLC0415 - waits until a document is written

        self.document, self.pictures, self.lang = document, pictures, lang
        self.word = docx.Document()
        self._set_up()

    def octets(self) -> bytes:
        """Return the file."""
        self.word.add_heading(self.document["title"], level=1)
        if self.document["office"]:
            self._coloured(self.word.add_paragraph(), self.document["office"], _SOFT)
        kinds: dict[str, Callable[[Part], None]] = {
            "heading": self._heading, "para": self._para, "box": self._box, "list": self._list,
            "table": self._table, "figure": self._figure,
        }  # fmt: skip
        for part in self.document["parts"]:
            kinds[part["kind"]](part)
        out = io.BytesIO()
        self.word.save(out)
        return _undated(out.getvalue())

    def _set_up(self) -> None:
        from docx.oxml.ns import qn  # noqa: PLC0415 - as above
        from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

        facts = self.word.core_properties
        facts.title, facts.author, facts.last_modified_by = self.document["title"], "zoning", "zoning"
        facts.comments, facts.language = "", "zh-CN" if self.lang == "zh" else "en-GB"
        facts.created = facts.modified = _MADE
        facts.revision = 1
        page = self.word.sections[0]
        page.page_width, page.page_height = Cm(_PAGE_CM[0]), Cm(_PAGE_CM[1])
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
        sizes = {"Normal": 10.5, "Heading 1": 18, "Heading 2": 13, "Heading 3": 11.5}
        for name, size in sizes.items():
            style = self.word.styles[name]
            style.font.name, style.font.size = _LATIN, Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), _EAST_ASIAN)
            if name != "Normal":
                style.font.color.rgb = RGBColor.from_string(_ACCENT if name == "Heading 2" else "1D2935")
        self._language(self.word.styles["Normal"])
        self._coloured(page.footer.paragraphs[0], self.document["foot"], _SOFT)

    def _language(self, style: Any) -> None:  # noqa: ANN401 - python-docx has no public type for it
        """Say which language the text is in, for screen readers and spelling."""
        from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
        from docx.oxml.ns import qn  # noqa: PLC0415

        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), "en-GB")
        spoken.set(qn("w:eastAsia"), "zh-CN")
        style.element.get_or_add_rPr().append(spoken)

    @staticmethod
    def _coloured(paragraph: Any, text: str, colour: str) -> None:  # noqa: ANN401 - as above
        from docx.shared import Pt, RGBColor  # noqa: PLC0415 - as above

        run = paragraph.add_run(text)
        run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(colour)

    def _heading(self, part: Part) -> None:
        heading = self.word.add_heading(part["text"], level=part["level"])
        heading.paragraph_format.page_break_before = bool(part.get("new_page"))

    def _para(self, part: Part) -> None:
        self.word.add_paragraph(part["text"])

    def _box(self, part: Part) -> None:
        cell = self.word.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
        _shade(cell, _BOX)
        cell.paragraphs[0].add_run(part["title"]).bold = True
        for line in part["lines"]:
            cell.add_paragraph(line, style="List Bullet")
        self.word.add_paragraph()

    def _list(self, part: Part) -> None:
        from docx.shared import Pt  # noqa: PLC0415 - as above

        style = "List Number" if part.get("ordered") else "List Bullet"
        for item in part["items"]:
            paragraph = self.word.add_paragraph(style=style)
            run = paragraph.add_run(item)
            if part.get("small"):
                run.font.size = Pt(8)

    def _table(self, part: Part) -> None:
        from docx.shared import Cm  # noqa: PLC0415 - as above

        if "title" in part:
            title = self.word.add_paragraph()
            title.add_run(part["title"]).bold = True
            title.paragraph_format.keep_with_next = True
        table = self.word.add_table(rows=0, cols=len(part["head"]), style="Table Grid")
        table.autofit = False
        wide = [Cm(_WIDTH_CM * width / sum(part["widths"])) for width in part["widths"]]
        for column, width in zip(table.columns, wide, strict=True):
            column.width = width
        for number, row in enumerate([part["head"], *part["rows"]]):
            cells = table.add_row().cells
            for at, (cell, value, width) in enumerate(zip(cells, row, wide, strict=True)):
                cell.width = width
                self._cell(cell, value, bold=number == 0 or at in part.get("strong", ()))
                if number == 0:
                    _shade(cell, _BOX)
        _repeat_head(table)
        self.word.add_paragraph()

    @staticmethod
    def _cell(cell: Any, value: str, *, bold: bool) -> None:  # noqa: ANN401 - as above
        from docx.shared import Pt  # noqa: PLC0415 - as above

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(value)
        run.bold, run.font.size = bold, Pt(9)

    def _figure(self, part: Part) -> None:
        from docx.shared import Cm  # noqa: PLC0415 - as above

        caption = self.word.add_paragraph()
        caption.add_run(part["caption"]).bold = True
        caption.paragraph_format.keep_with_next = True
        data = self.pictures[part["file"]]
        shape = self.word.add_picture(io.BytesIO(data), width=Cm(_WIDTH_CM))
        if shape.height > Cm(_HIGHEST_CM):
            shape.width, shape.height = int(shape.width * Cm(_HIGHEST_CM) / shape.height), Cm(_HIGHEST_CM)
        named = shape._inline.docPr  # noqa: SLF001 - python-docx has no way to describe a picture
        named.set("descr", part["alt"])
        named.set("name", part["file"])


def _shade(cell: Any, colour: str) -> None:  # noqa: ANN401 - as above
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415

    fill = OxmlElement("w:shd")
    fill.set(qn("w:val"), "clear")
    fill.set(qn("w:color"), "auto")
    fill.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(fill)  # noqa: SLF001 - python-docx has no fill of cells


def _repeat_head(table: Any) -> None:  # noqa: ANN401 - as above
    """Make the first row a head that every page repeats, and keep every row on one page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above

    for number, row in enumerate(table.rows):
        facts = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no repeated heads
        facts.append(OxmlElement("w:cantSplit"))
        if number == 0:
            facts.append(OxmlElement("w:tblHeader"))


def _undated(data: bytes) -> bytes:
    """Return the same archive with fixed dates, in the same order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for info in given.infolist():
            entry = zipfile.ZipInfo(info.filename, _ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            entry.create_system = 3
            kept.writestr(entry, given.read(info.filename))
    return out.getvalue()
