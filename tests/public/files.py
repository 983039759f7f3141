"""Files of every kind that a publication holds, with one text planted in each."""

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable

import xlsxwriter

KINDS = ("csv", "xlsx", "json", "jsonl", "geojson", "gpkg", "html", "script", "docx", "pdf", "txt")


def planted(kind: str, header: str, value: str | float) -> tuple[str, bytes]:
    """Return name and content of a file of a kind that holds a value under a header, and 2027."""
    made: dict[str, Callable[[], bytes]] = {
        "csv": lambda: _table(header, value),
        "xlsx": lambda: _workbook(header, value),
        "json": lambda: json.dumps({"year": 2027, "rows": [{}, {header: value}]}).encode(),
        "jsonl": f'{{"year": 2027}}\n{json.dumps({header: value})}\n'.encode,
        "geojson": lambda: _geojson(header, value),
        "gpkg": lambda: _geopackage(header, value),
        "html": f"<title>2027</title><main><p>{header}</p>\n<p>{value}</p></main>".encode,
        "script": lambda: _script(header, value),
        "docx": lambda: _document(header, value),
        "pdf": lambda: _print(value),
        "txt": lambda: f"2027\n{value}\n".encode("gb18030"),
    }
    return f"list-2027.{'html' if kind == 'script' else kind}", made[kind]()


def _table(header: str, value: str | float) -> bytes:
    out = io.StringIO()
    rows = (("block_id", "year", header), ("B1", 2027, ""), ("B2", 2027, value))
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _workbook(header: str, value: str | float) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, ["2027 学年"])
        sheet.write_row(1, 0, ["编号", "year", header])
        sheet.write_row(2, 0, ["B1", 2027, ""])
        sheet.write_row(3, 0, ["B2", 2027, value])
    return out.getvalue()


def _geojson(header: str, value: str | float) -> bytes:
    shape = {"type": "Point", "coordinates": [113.12345678901234, 33.13812345678]}
    rows = [{"type": "Feature", "properties": {"year": 2027, header: value}, "geometry": shape}]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def _geopackage(header: str, value: str | float) -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute(f'CREATE TABLE zones (fid INTEGER, geom BLOB, year INTEGER, "{header}")')
    base.execute("INSERT INTO zones VALUES (1, X'4750', 2027, NULL), (2, X'4750', 2027, ?)", (value,))
    base.commit()
    data = base.serialize()
    base.close()
    return data


def _script(header: str, value: str | float) -> bytes:
    data = json.dumps({"schools": [{"name": "x"}, {header: value}]}).replace("<", "\\u003c")
    head = "<!doctype html><html><head><title>Schools 2027</title></head><body>"
    return f'{head}<script type="application/json" id="data">{data}</script></body></html>'.encode()


def _document(header: str, value: str | float) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    cells = ["".join(f"<w:tc><w:p><w:r><w:t>{one}</w:t></w:r></w:p></w:tc>" for one in row)
             for row in (("2027", header), ("B1", value))]  # fmt: skip
    rows = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", f"<w:document {space}><w:tbl>{rows}</w:tbl></w:document>")
    return out.getvalue()


def _print(value: str | float) -> bytes:
    from zoning.publish.typeset import typeset

    return typeset("blank", {"title": str(value)}, lang="zh")
