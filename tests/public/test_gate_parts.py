"""Parts of files that nobody sees at first: the gate looks through them all, or says that it could not."""

import base64
import io
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import pytest
import xlsxwriter
from tests.public.test_gate import codes, gate
from xlsxwriter.worksheet import Worksheet

ID = "11010519491231002X"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(inside: str = "", **parts: str | bytes) -> bytes:
    """Return a document of Word with something inside its paragraph, and with parts beside it."""
    body = f"<w:p><w:r><w:t>2027</w:t></w:r>{inside}</w:p>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def packed_book(**parts: str) -> bytes:
    """Return a workbook as another file may hold it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(parts.values()))
    return out.getvalue()


COMMENT = f"<w:comments {SPACE}><w:comment w:author='{ID}'><w:p/></w:comment></w:comments>"
WORD = {
    "author of a remark": document(**{"word/comments.xml": COMMENT}),
    "deleted": document(f"<w:del w:author='q'><w:r><w:delText>{ID}</w:delText></w:r></w:del>"),
    "deleted in runs": document(f"<w:delText>{ID[:6]}</w:delText><w:delText>{ID[6:]}</w:delText>"),
    "field": document(f"<w:r><w:instrText>MERGEFIELD {ID}</w:instrText></w:r>"),
    "alternative text": document(f"<w:drawing><p:docPr xmlns:p='urn:x' descr='{ID}'/></w:drawing>"),
    "remark of XML": document(f"<!-- {ID} -->"),
    "own XML": document(**{"customXml/item1.xml": f"<a>{ID}</a>"}),
    "link": document(**{"word/_rels/document.xml.rels": f"<a Target='https://example.org/?{ID}'/>"}),
    "workbook inside": document(**{"word/embeddings/a.xlsx": packed_book(a=ID, b="x")}),
    "name of a part": document(**{f"customXml/{ID}.xml": "<a/>"}),
}


@pytest.mark.parametrize("data", WORD.values(), ids=WORD.keys())
def test_every_part_of_a_document_is_looked_through(data: bytes) -> None:
    """Remarks, deleted words, fields, links and files inside a document are published with it."""
    assert set(codes(gate({"a-2027.docx": data}))) == {"id_number"}


def test_a_part_that_cannot_be_read_needs_a_reason() -> None:
    """A program or a broken file inside a document is named; what can be read is looked through still."""
    for part in ("word/embeddings/oleObject1.bin", "word/embeddings/a.xlsx", "word/media/image1.png"):
        data = document(f"<w:delText>{ID}</w:delText>", **{part: b"\x00\x01"})
        assert {"unread", "id_number"} == set(codes(gate({"a-2027.docx": data})))
    inside = document(**{"word/a.docx": document(**{"word/a.docx": document(**{"word/a.docx": document()})})})
    assert codes(gate({"a-2027.docx": inside})) == ["unread"]


Change = Callable[[xlsxwriter.Workbook, Worksheet], object]
BOOK: dict[str, Change] = {
    "remark": lambda _, sheet: sheet.write_comment("A1", ID),
    "author": lambda book, _: book.set_properties({"author": ID}),
    "property": lambda book, _: book.set_custom_property("x", ID),
    "name": lambda book, _: book.define_name("child", f'="{ID}"'),
    "header": lambda _, sheet: sheet.set_header(f"&L{ID}"),
    "footer": lambda _, sheet: sheet.set_footer(f'&C&"Arial"{ID}'),
    "text box": lambda _, sheet: sheet.insert_textbox("C3", ID),
    "alternative text": lambda _, sheet: sheet.insert_textbox("C3", "x", {"description": ID}),
    "list": lambda _, sheet: sheet.data_validation("A1", {"validate": "list", "source": [ID]}),
    "hint": lambda _, sheet: sheet.data_validation("A1", {"validate": "any", "input_message": ID}),
    "link": lambda _, sheet: sheet.write_url("A5", f"https://example.org/?{ID}", string="x"),
    "tip": lambda _, sheet: sheet.write_url("A5", "internal:A1", tip=ID, string="x"),
    "formula": lambda _, sheet: sheet.write_formula("A6", f'=IF(A1="","{ID}","")', None, ""),
    "hidden sheet": lambda book, _: (sheet := book.add_worksheet("h"), sheet.write(0, 0, ID), sheet.hide()),
}


def book_of(change: Change) -> bytes:
    """Return a workbook after a change."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("2027")
        sheet.write_row(0, 0, ["2027", "编号"])
        change(book, sheet)
    return out.getvalue()


@pytest.mark.parametrize("change", BOOK.values(), ids=BOOK.keys())
def test_every_part_of_a_workbook_is_looked_through(change: Change) -> None:
    """Remarks, properties, names, headers, boxes, lists, links and formulas are published with the cells."""
    assert set(codes(gate({"a-2027.xlsx": book_of(change)}))) == {"id_number"}


def test_plumbing_of_a_workbook_is_nobody() -> None:
    """Cells that a formula, a name or a link points at are no registration numbers; formats are none."""

    def link(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_formula("C2", "=SUM(A1:A12)+A1001")
        sheet.autofilter("A1:B12")
        book.define_name("all", "='2027'!$A$1:$B$12")
        sheet.conditional_format("A1:A12", {"type": "cell", "criteria": ">", "value": 20200305})

    assert codes(gate({"a-2027.xlsx": book_of(link)})) == []
    paper = docx.Document()
    paper.add_paragraph("2027")
    out = io.BytesIO()
    paper.save(out)
    assert codes(gate({"a-2027.docx": out.getvalue()})) == []


def chunk(kind: bytes, part: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))


def png(*chunks: bytes, after: bytes = b"") -> bytes:
    """Return a picture of one point with more chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    points = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + points + chunk(b"IEND", b"") + after


SAID = ID.encode()
EXIF = b"Exif\0\0MM\0*\0\0\0\x08" + SAID + b"\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>" + SAID + b"</dc:creator></x:xmpmeta>"


def jpeg(marker: int, part: bytes) -> bytes:
    """Return the head of a JPEG with a segment."""
    segment = bytes((0xFF, marker)) + struct.pack(">H", len(part) + 2) + part
    return b"\xff\xd8\xff\xe0\x00\x04ab" + segment + b"\xff\xda\x00\x02\x00\xff\xd9"


GIF = base64.b64decode("R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=")

PICTURES = {
    "tEXt.png": png(chunk(b"tEXt", b"Author\0" + SAID)),
    "zTXt.png": png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SAID))),
    "iTXt.png": png(chunk(b"iTXt", b"Title\0\0\0zh\0\0" + SAID)),
    "iTXt packed.png": png(chunk(b"iTXt", b"Title\0\1\0zh\0\0" + zlib.compress(SAID))),
    "eXIf.png": png(chunk(b"eXIf", EXIF)),
    "wide.png": png(chunk(b"eXIf", b"II*\0" + ID.encode("utf-16-le"))),
    "XMP.png": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "exif.jpg": jpeg(0xE1, EXIF),
    "xmp.jpeg": jpeg(0xE1, XMP),
    "remark.jpg": jpeg(0xFE, SAID),
    "remark.gif": GIF.replace(b";", b"!\xfe" + bytes((len(SAID),)) + SAID + b"\0;"),
    "exif.webp": b"RIFF\0\0\0\0WEBPVP8 \x02\0\0\0abEXIF" + struct.pack("<I", len(EXIF)) + EXIF,
}


@pytest.mark.parametrize(("name", "data"), PICTURES.items())
def test_what_a_picture_says_is_looked_through(name: str, data: bytes) -> None:
    """Title, author, comment and place in a picture are published with it, packed or wide."""
    assert set(codes(gate({name: data}))) == {"id_number"}


def test_a_picture_that_says_nothing_passes() -> None:
    """A map as the program draws it is not refused; more after its end, or packed nonsense, is."""
    assert codes(gate({"a.png": png(chunk(b"tEXt", b"Software\0Matplotlib 3.9"))})) == []
    assert codes(gate({"a.png": png(after=b"more")})) == ["unread"]
    assert codes(gate({"a.png": png(chunk(b"zTXt", b"Comment\0\0nonsense"))})) == ["unread"]
    assert codes(gate({"a.jpg": jpeg(0xFE, b"map")})) == []
    assert codes(gate({"a.gif": GIF, "b.gif": GIF[:-1], "c.gif": GIF + SAID})) == ["unread"] * 2


TABLES = {
    "table": ["create table gpkg_geometry_x(a)", f"insert into gpkg_geometry_x values('{ID}')"],
    "index by name": ["create table rtree_x(a)", f"insert into rtree_x values('{ID}')"],
    "binary": ["create table t(a)", f"insert into t values(x'{SAID.hex()}')"],
    "picture": ["create table t(a)", f"insert into t values(x'{PICTURES['tEXt.png'].hex()}')"],
    "view": [f"create view v as select '{ID}' as a"],
    "default": [f"create table t(a default '{ID}')"],
    "remark": [f"create table t(a /* {ID} */)"],
    "trigger": [f"create trigger q after insert on z begin select '{ID}'; end"],
}


def base_of(*wanted: str) -> bytes:
    """Return a GeoPackage after some statements."""
    base = sqlite3.connect(":memory:")
    for one in ("create table z(year, geom)", "insert into z values(2027, x'4750')", *wanted):
        base.execute(one)
    base.commit()
    data = base.serialize()
    base.close()
    return data


@pytest.mark.parametrize("wanted", TABLES.values(), ids=TABLES.keys())
def test_everything_in_a_layer_is_looked_through(wanted: list[str]) -> None:
    """Other tables, binary values, views, defaults and triggers are published with the zones."""
    assert set(codes(gate({"a-2027.gpkg": base_of(*wanted)}))) == {"id_number"}


def test_an_index_of_places_is_passed_over() -> None:
    """The numbers of a real index of shapes are no phones."""
    made = (
        "create virtual table rtree_z using rtree(id, a, b)",
        "insert into rtree_z values(13912345678, 0, 1)",
    )
    assert codes(gate({"a-2027.gpkg": base_of(*made)})) == []


INSIDE = base64.b64encode(SAID).decode()
MAP = base64.b64encode(PICTURES["tEXt.png"]).decode()
PAGES = [
    f'<p title="{ID}">', f'<img alt="{ID}">', f'<p data-x="{ID}">', f'<p aria-label="{ID}">',
    f'<p class="{ID}">', f'<p style="x:{ID}">', f'<img src="{ID}.png">', f'<p onclick="see({ID!r})">',
    f"<style>/* {ID} */</style>", f"<!DOCTYPE {ID}>", f"<?x {ID}?>", f"<svg><![CDATA[{ID}]]></svg>",
    f'<img src="data:text/plain;base64,{INSIDE}">', f'<img src="data:image/png;base64,{MAP}">',
    f"<style>p{{background:url(data:image/png;base64,{MAP})}}</style>", f'<a href="?q=%31{ID[1:]}">x</a>',
]  # fmt: skip


@pytest.mark.parametrize("part", PAGES)
def test_everything_in_a_page_is_looked_through(part: str) -> None:
    """Attributes, styles, declarations and files inside a page are published with its text."""
    assert set(codes(gate({"a-2027.html": f"<title>2027</title>{part}".encode()}))) == {"id_number"}


def test_a_file_inside_a_page_that_cannot_be_read_needs_a_reason() -> None:
    """A broken picture inside a page is named; the page's own fonts are not."""
    for kind, found in (("image/png", ["unread"]), ("font/woff2", []), ("text/plain", [])):
        page = f"<title>2027</title><style>a{{b:url(data:{kind};base64,AAEC)}}</style>"
        assert codes(gate({"a-2027.html": page.encode()})) == (found if kind != "text/plain" else ["unread"])


def test_the_name_of_a_file_is_looked_through_and_not_repeated() -> None:
    """A number in the name of a file or in a key is refused, and the report does not pass it on."""
    report = gate({f"print/{ID}-2027.txt": b"x", "a.json": f'{{"year": 2027, "{ID}": 1}}'.encode()})
    assert codes(report) == ["id_number"] * 2
    assert ID not in report.text("zh") + report.text("en")
    assert {one.problem.file for one in report.refusals} == {"print/….txt", "a.json"}


def test_a_table_in_another_unicode_is_read() -> None:
    """A table that Excel saved as Unicode text is looked through."""
    assert codes(gate({"a-2027.csv": f"a,b\n1,{ID}".encode("utf-16")})) == ["id_number"]


def printed(*, packed: bool) -> bytes:
    """Return a PDF whose page, font and table stand in packed objects, or not."""
    table = b"begincmap 1 beginbfrange <0000> <00ff> <0000> endbfrange endcmap"
    shown = b"BT /F1 9 Tf <" + "".join(f"{ord(c):04x}" for c in f"2027 {ID}").encode() + b"> Tj ET"
    objects = {
        3: b"<< /Type /Page /Resources 4 0 R /Contents 7 0 R >>",
        4: b"<< /Font << /F1 5 0 R >> >>",
        5: b"<< /Type /Font /Subtype /Type0 /ToUnicode 6 0 R >>",
    }
    streams = {6: table, 7: shown}
    out = [b"%PDF-1.7"]
    if packed:
        body = list(objects.values())
        places = [sum(len(one) + 1 for one in body[:n]) for n in range(len(body))]
        head = " ".join(f"{number} {place}" for number, place in zip(objects, places, strict=True)).encode()
        stream = zlib.compress(head + b" " + b" ".join(body))
        said = b"<< /Type /ObjStm /N 3 /First %d /Filter /FlateDecode /Length %d >>" % (
            len(head) + 1,
            len(stream),
        )
        out.append(b"9 0 obj\n" + said + b"\nstream\n" + stream + b"\nendstream\nendobj")
    else:
        out += [b"%d 0 obj\n%s\nendobj" % pair for pair in objects.items()]
    out += [b"%d 0 obj\n<< >>\nstream\n%s\nendstream\nendobj" % pair for pair in streams.items()]
    return b"\n".join(out)


@pytest.mark.parametrize("packed", [False, True])
def test_packed_objects_of_a_print_are_unpacked(packed: bool) -> None:  # noqa: FBT001
    """A page whose font and drawing are named in packed objects is read like any other."""
    assert codes(gate({"a-2027.pdf": printed(packed=packed)})) == ["id_number"]


def test_text_of_a_print_is_found_beside_lines_and_names() -> None:
    """Numbers, lines and names around the text of a page do not keep it from being read."""
    data = printed(packed=False).replace(
        b"BT /F1 9 Tf", b"1.5 0 m 3 4 l S /TfBT gs (BT) BMC BT 9 0 Td /F1 9 Tf"
    )
    assert codes(gate({"a-2027.pdf": data})) == ["id_number"]
