"""A workbook of lines by openpyxl, which is what the peers have for it."""

import openpyxl


def write(path, headings, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("lines")
    sheet.append(headings)
    for row in rows:
        sheet.append(list(row))
    book.save(path)
