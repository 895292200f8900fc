"""Damaged, foreign and malicious files; all are small, though some unpack to gigabytes."""

import datetime
import io
import random
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path

import xlsxwriter
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from . import xlsb
from .case import HEADINGS, PERSONS, delimited, expect, path, table, text_case
from .workbooks import STAMP, edited, rewrite, rows_of

REFUSED = {"found": ["unreadable-file 0"]}


def workbook():
    """A valid workbook as bytes."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"})
    made.set_properties({"created": STAMP})
    sheet = made.add_worksheet("Список")
    for at, row in enumerate([HEADINGS, *rows_of()]):
        sheet.write_row(at, 0, row)
    made.close()
    return file.getvalue()


def attack(stem, data, *, ending="xlsx", message="roster-broken"):
    path("bad", f"{stem}.{ending}").write_bytes(data)
    expect("bad", stem, messages=[message], **REFUSED)


def changed(stem, part, change, message="roster-broken", **expected):
    """A workbook with one part changed."""
    target = path("bad", f"{stem}.xlsx")
    target.write_bytes(workbook())
    edited(target, part, change)
    expect("bad", stem, messages=[message], **(expected or REFUSED))


def make():
    plain = workbook()
    # with other bytes in every run
    if not path("bad", "encrypted.xlsx").exists():
        protected = io.BytesIO()
        OOXMLFile(io.BytesIO(plain)).encrypt("secret", protected)
        attack("encrypted", protected.getvalue(), message="roster-encrypted")
    attack("truncated", plain[: len(plain) // 2])
    attack("truncated-head", plain[:100])
    attack("empty", b"", message="roster-empty")
    attack("blank", b" \r\n\t\r\n", ending="csv", message="roster-empty")
    html = "<html><body><table><tr><td>ФИО</td><td>Дата рождения</td></tr></table></body></html>"
    attack("html-under-xls", html.encode(), ending="xls", message="roster-html")
    random.seed(1)
    noise = random.randbytes(4000)
    attack("random-bytes", noise, message="roster-binary")
    attack("random-bytes-in-a-zip", b"PK\x03\x04" + noise)
    attack("random-bytes-in-a-compound-file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise, ending="xls")
    text_case("good", "csv-under-xlsx", delimited(table()), ending="xlsx")
    document = [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document>\xd0\xa4\xd0\x98\xd0\x9e</document>")]
    rewrite(path("bad", "document-of-text.xlsx"), document)
    expect("bad", "document-of-text", messages=["roster-no-workbook"], **REFUSED)
    bombs(plain)
    entities()
    changed("styles-damaged", "xl/styles.xml", lambda xml: b"<styleSheet><cellXfs><xf" + noise[:500])
    changed("styles-cut", "xl/styles.xml", lambda xml: xml[: len(xml) // 2])
    changed("sheet-cut", "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) * 2 // 3])
    changed("count-of-texts-absurd", "xl/sharedStrings.xml",
            lambda xml: xml.replace(b'uniqueCount="', b'uniqueCount="9999999999'), message="roster-bomb")
    changed("column-absurd", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="E4"', b'r="ZZZZZ4"'), message="roster-wide")
    changed("row-absurd", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="A4"', b'r="A4000000000"'), message="roster-long")
    changed("row-twice", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="A4"', b'r="A2"'),
            message="roster-out-of-order")
    changed("cell-twice", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B4"', b'r="A4"'),
            message="roster-repeated-cell")
    changed("text-absurd", "xl/worksheets/sheet1.xml", message="roster-talkative", change=lambda xml: xml.replace(
        b"</sheetData>", b'<row r="5"><c r="B5" t="inlineStr"><is><t>' + b"a" * 10_000_000 + b"</t></is></c></row></sheetData>"))
    changed("text-missing", "xl/sharedStrings.xml", lambda xml: b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')
    texts()
    tables_cut()
    days_before_excel()
    binaries()


def texts():
    rows = table()
    text_case("bad", "columns-many", delimited([rows[0]]) + ";" * 20_000 + "\n", found=["unreadable-file 0"],
              messages=["roster-wide"])
    text_case("bad", "cell-of-200-kilobytes", delimited([*rows, ["7", "Я" * 100_000, *rows[1][2:]]]), found=["unreadable-file 0"],
              messages=["roster-talkative"])


def bombs(plain):
    """Zip bombs."""
    with zipfile.ZipFile(io.BytesIO(plain)) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    sheet = dict(parts)["xl/worksheets/sheet1.xml"]
    blown = sheet.replace(b"</sheetData>", b" " * 40_000_000 + b"</sheetData>")
    target = path("bad", "bomb-packed-well.xlsx")
    rewrite(target, [(name, blown if name == "xl/worksheets/sheet1.xml" else data) for name, data in parts])
    expect("bad", "bomb-packed-well", messages=["roster-bomb"], **REFUSED)
    honest = target.read_bytes()
    small, large = struct.pack("<I", 1000), struct.pack("<I", len(blown))
    attack("bomb-undeclared", honest.replace(large, small), message="roster-damaged")
    rewrite(path("bad", "bomb-declared.xlsx"), parts)
    declared = path("bad", "bomb-declared.xlsx").read_bytes().replace(struct.pack("<I", len(sheet)), struct.pack("<I", 3_000_000_000))
    attack("bomb-declared", declared, message="roster-bomb")
    texts_blown = b'<sst uniqueCount="1">' + b"<si/>" * 8_000_000 + b"</sst>"
    rewrite(path("bad", "bomb-of-texts.xlsx"),
            [(name, texts_blown if name == "xl/sharedStrings.xml" else data) for name, data in parts])
    expect("bad", "bomb-of-texts", messages=["roster-bomb"], **REFUSED)


def entities():
    """Entities that expand to gigabytes, or to a local file: none is expanded."""
    laughs = b'<!DOCTYPE l [<!ENTITY a "' + b"ha" * 50 + b'">'
    for at in range(1, 10):
        laughs += b'<!ENTITY %c "%s">' % (97 + at, b"&%c;" % (96 + at) * 10)
    laughs += b"]>"
    outside = b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    cell = b'<row r="5"><c r="B5" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>'

    def with_entity(declared, used):
        return lambda xml: declared + xml[xml.index(b"<worksheet"):].replace(b"</sheetData>", cell % used)

    changed("entities-a-billion", "xl/worksheets/sheet1.xml", with_entity(laughs, b"&j;"))
    changed("entity-of-a-file", "xl/worksheets/sheet1.xml", with_entity(outside, b"&x;"))


def tables_cut():
    """Tables of LibreOffice without their end, or that expand to more than the memory."""
    for stem, message, change in [
        ("ods-cut", "roster-broken", lambda xml: xml[: xml.index(b"</table:table>")]),
        ("ods-spaces-without-end", "roster-talkative",
         lambda xml: xml.replace(b"<text:p>", b'<text:p><text:s text:c="2000000000"/>', 1)),
        ("ods-cells-without-end", "roster-spanned", lambda xml: xml.replace(
            b' office:value-type="string"', b' office:value-type="string" table:number-columns-repeated="16384"',
        ).replace(b"<table:table-row ", b'<table:table-row table:number-rows-repeated="1000" ')),
        ("ods-end-misnamed", "roster-broken", lambda xml: xml.replace(b"</table:table>", b"</table:tablf>")),
    ]:
        target = path("bad", f"{stem}.ods")
        shutil.copy(path("good", "workbook-ods.ods"), target)
        edited(target, "content.xml", change)
        expect("bad", stem, messages=[message], **REFUSED)


def days_before_excel():
    """The first day of LibreOffice in an unknown column, and a birth date before the first day of Excel."""

    def cell(value):
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p/></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    null = datetime.date(1899, 12, 30)
    rows = [[*HEADINGS, "Принят"]] + [[*person, null] for person in PERSONS]
    rows[2][2] = datetime.date(1850, 6, 5)
    lines = "".join("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows)
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Список">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<m:manifest xmlns:m="{names}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    with zipfile.ZipFile(path("bad", "days-before-excel.ods"), "w") as made:
        for name, text in [("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)]:
            made.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED if name == "content.xml" else zipfile.ZIP_STORED)
    expect("bad", "days-before-excel", rows=(3, 2, 0, 1), found=["unclaimed-column 1 F", "bad-birth-date 3 C"],
           messages=["unclaimed-column", "birth-date-too-early"])


def binaries():
    """Binary workbooks with changed bytes: refused or read."""
    old = xlwt.Workbook()
    sheet = old.add_sheet("Список")
    for at, row in enumerate(table()):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    file = io.BytesIO()
    old.save(file)
    plain = file.getvalue()
    attack("xls-cut", plain[: len(plain) // 2], ending="xls")
    at = plain.index(struct.pack("<HH", 0x0200, 14)) + 4
    attack("xls-dimensions-absurd", plain[:at] + struct.pack("<IIHHH", 0, 0xFFFF_FFF0, 0, 0x7FFF, 0) + plain[at + 14:], ending="xls", message="roster-spanned")
    # the directory's sector follows upon itself
    directory, = struct.unpack_from("<I", plain, 48)
    table_of_sectors, = struct.unpack_from("<I", plain, 76)
    circle = bytearray(plain)
    struct.pack_into("<I", circle, (table_of_sectors + 1) * 512 + 4 * directory, directory)
    attack("xls-chain-in-a-circle", bytes(circle), ending="xls")
    # the last cell stands in the last of rows and columns that can be written
    last = plain.rindex(struct.pack("<HH", 0x00FD, 10)) + 4
    attack("xls-cells-far-apart", plain[:last] + b"\xff\xff\xff\xff" + plain[last + 4:], ending="xls", message="roster-spanned")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.xlsb"
        cells = [[xlsb.text(at, heading) for at, heading in enumerate(HEADINGS)]]
        # a text of the table of texts, which is not there
        cells.append([xlsb.text(0, "1"), xlsb.record(0x07, xlsb.cell(1, 0) + struct.pack("<I", 77))])
        xlsb.write(made, cells)
        shutil.copy(made, path("bad", "xlsb-text-missing.xlsb"))
        expect("bad", "xlsb-text-missing", messages=["roster-broken"], **REFUSED)
        cells[1] = [xlsb.text(70_000, "1")]
        xlsb.write(path("bad", "xlsb-column-absurd.xlsb"), cells)
        expect("bad", "xlsb-column-absurd", messages=["roster-wide"], **REFUSED)
