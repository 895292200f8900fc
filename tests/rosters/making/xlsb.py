"""A minimal .xlsb writer by MS-XLSB, since no free program writes this format."""

import struct
import zipfile


def record(kind, body=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | 0x80 if size else low])
        if not size:
            return head + length + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column, style):
    return struct.pack("<II", column, style)


def text(column, value):
    return record(0x06, cell(column, 0) + wide(value))


def number(column, value, style=0):
    return record(0x05, cell(column, style) + struct.pack("<d", value))


def date(column, serial):
    return number(column, serial, style=1)


def fault(column):
    """A formula whose result is #N/A."""
    formula = struct.pack("<I", 2) + bytes([0x1C, 0x2A]) + struct.pack("<I", 0)
    return record(0x0B, cell(column, 0) + bytes([0x2A]) + struct.pack("<H", 0) + formula)


def write(path, rows, sheet="Список", hidden=False):
    """A workbook of one sheet; a row is a list of cells."""
    width = max(len(row) for row in rows)
    body = record(0x81) + record(0x94, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)) + record(0x91)
    for row, cells in enumerate(rows):
        body += record(0x00, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0)) + b"".join(cells)
    body += record(0x92) + record(0x82)
    bundle = struct.pack("<II", int(hidden), 1) + wide("rId1") + wide(sheet)
    workbook = record(0x83) + record(0x99, struct.pack("<II", 0, 0) + wide(""))
    workbook += record(0x8F) + record(0x9C, bundle) + record(0x90) + record(0x84)
    plain, dated = (struct.pack("<HHHHHBBHH", 0, form, 0, 0, 0, 0, 0, 0, 0) for form in (0, 14))
    styles = record(0x0269, struct.pack("<I", 2)) + record(0x2F, plain) + record(0x2F, dated) + record(0x026A)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    relation = '<Relationship Id="%s" Type="' + office + '/%s" Target="%s"/>'
    relations = '<?xml version="1.0"?><Relationships xmlns="' + package + '/relationships">%s</Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(stamped("[Content_Types].xml"), f'<?xml version="1.0"?><Types xmlns="{package}/content-types"/>')
        parts.writestr(stamped("_rels/.rels"), relations % (relation % ("rId1", "officeDocument", "xl/workbook.bin")))
        of_book = relation % ("rId1", "worksheet", "worksheets/sheet1.bin") + relation % ("rId2", "styles", "styles.bin")
        parts.writestr(stamped("xl/_rels/workbook.bin.rels"), relations % of_book)
        parts.writestr(stamped("xl/workbook.bin"), workbook)
        parts.writestr(stamped("xl/worksheets/sheet1.bin"), body)
        parts.writestr(stamped("xl/styles.bin"), styles)


def stamped(name):
    """A zip entry with a fixed time."""
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
