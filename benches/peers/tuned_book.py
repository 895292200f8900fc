"""A workbook of lines by XlsxWriter, which holds one row in memory at a time."""

import datetime

import xlsxwriter


def write(path, headings, rows):
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("lines")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, headings)
    for number, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(number, column, value, day)
            elif value is not None:
                sheet.write_number(number, column, value)
    book.close()
