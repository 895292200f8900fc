"""A workbook of lines by openpyxl, the usual library of the peers."""

import openpyxl


def write(path, headings, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("lines")
    sheet.append(headings)
    for row in rows:
        sheet.append(list(row))
    book.save(path)
