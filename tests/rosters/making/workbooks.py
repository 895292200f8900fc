"""Rosters in workbooks: every kind, every shape of headings, dates, formulas, sheets."""

import datetime
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from . import xlsb
from .case import HEADINGS, PERSONS, expect, headed, path, table, text_case, delimited

STAMP = datetime.datetime(2026, 1, 1)


def rows_of(persons=PERSONS):
    """Persons as cells: dates as dates, numbers as numbers."""
    return [[int(id), name, born, int(risk), plan] for id, name, born, risk, plan in persons]


def book(kind, stem, sheets, epoch_1904=False, after=None, ending="xlsx", **expected):
    """A workbook by openpyxl; `sheets` is a table or tables by name."""
    made = openpyxl.Workbook()
    if epoch_1904:
        made.epoch = CALENDAR_MAC_1904
    made.remove(made.active)
    for name, rows in (sheets if isinstance(sheets, dict) else {"Список": sheets}).items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in [cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, datetime.date)]:
            cell.number_format = "dd.mm.yyyy"
    made.properties.created = made.properties.modified = STAMP
    if after:
        after(made)
    target = path(kind, f"{stem}.{ending}")
    made.save(target)
    restamp(target)
    expect(kind, stem, **expected)
    return target


def restamp(target):
    """Sets the times in a zip to a constant."""
    with zipfile.ZipFile(target) as old:
        parts = dict((name, old.read(name)) for name in old.namelist())
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", core)
    rewrite(target, parts.items())


def rewrite(target, parts):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            new.writestr(xlsb.stamped(name), data)


def edited(target, part, change):
    """Changes one part of a workbook by hand."""
    with zipfile.ZipFile(target) as old:
        parts = [(name, change(old.read(name)) if name == part else old.read(name)) for name in old.namelist()]
    rewrite(target, parts)


def converted(source, ending, kind, stem, **expected):
    """Writes the table by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", ending]
        subprocess.run([*command, "--outdir", folder, str(source)], check=True, capture_output=True)
        shutil.copy(Path(folder) / f"{source.stem}.{ending}", path(kind, f"{stem}.{ending}"))
    expect(kind, stem, **expected)


def by_xlsxwriter(kind, stem, fill, **expected):
    made = xlsxwriter.Workbook(path(kind, f"{stem}.xlsx"))
    made.set_properties({"created": STAMP})
    fill(made)
    made.close()
    expect(kind, stem, **expected)


def good():
    body = rows_of()
    plain = book("good", "workbook-xlsx", [HEADINGS, *body])
    for ending in ("xls", "ods"):
        converted(plain, ending, "good", f"workbook-{ending}")
    converted(plain, "xlsx", "good", "workbook-of-libreoffice")
    cells = [[xlsb.text(at, heading) for at, heading in enumerate(HEADINGS)]]
    for id, name, born, risk, plan in PERSONS:
        serial = (born - datetime.date(1899, 12, 30)).days
        cells.append([xlsb.number(0, int(id)), xlsb.text(1, name), xlsb.date(2, serial), xlsb.number(3, int(risk)), xlsb.text(4, plan)])
    xlsb.write(path("good", "workbook-xlsb.xlsb"), cells)
    expect("good", "workbook-xlsb")
    shutil.copy(path("good", "workbook-xlsb.xlsb"), path("good", "workbook-under-another-name.xls"))
    expect("good", "workbook-under-another-name")
    shutil.copy(plain, path("good", "workbook-under-csv.csv"))
    expect("good", "workbook-under-csv")

    def fill(made):
        sheet, date = made.add_worksheet("Список"), made.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, HEADINGS)
        for at, (id, name, born, risk, plan) in enumerate(PERSONS, 1):
            sheet.write_string(at, 0, id)
            sheet.write_rich_string(at, 1, made.add_format({"bold": True}), name.split()[0], " " + " ".join(name.split()[1:]))
            sheet.write_datetime(at, 2, datetime.datetime.combine(born, datetime.time()), date)
            sheet.write_string(at, 3, risk)
            sheet.write_string(at, 4, plan)

    by_xlsxwriter("good", "workbook-of-xlsxwriter", fill)
    old = xlwt.Workbook()
    old.dates_1904 = True
    sheet, date = old.add_sheet("Список"), xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for at, row in enumerate([HEADINGS, *body]):
        for column, value in enumerate(row):
            # this writer counts its days from 1900 in either epoch
            if isinstance(value, datetime.date):
                value = (value - datetime.date(1904, 1, 1)).days
                sheet.write(at, column, value, date)
            else:
                sheet.write(at, column, value)
    old.save(str(path("good", "epoch-1904-xls.xls")))
    expect("good", "epoch-1904-xls")
    book("good", "epoch-1904", [HEADINGS, *body], epoch_1904=True)
    timed = [[*row[:2], datetime.datetime.combine(row[2], datetime.time(14, 30)), *row[3:]] for row in body]
    book("bad", "dates-with-a-time", [HEADINGS, *timed])
    serial = [[*row[:2], (row[2] - datetime.date(1899, 12, 30)).days, *row[3:]] for row in body]
    warned = [f"excel-serial-date {row} C" for row in (2, 3, 4)]
    book("good", "serials-without-a-format", [HEADINGS, *serial], found=warned)
    serial_1904 = [[*row[:2], (row[2] - datetime.date(1904, 1, 1)).days, *row[3:]] for row in body]
    book("good", "serials-of-1904", [HEADINGS, *serial_1904], epoch_1904=True, found=warned)
    headings(body)
    sheets(body)
    formulas_in_order(body)

    def far(made):
        made["Список"]["XFD1048576"] = "."

    distant = book("good", "far-cell", [HEADINGS, *body], after=far, skipped=["1048576 sub-heading"])
    converted(distant, "xls", "good", "far-cell-xls")

    def formatted(target):
        blank = b"".join(b'<row r="%d" ht="15" customHeight="1"/>' % row for row in range(1_048_000, 1_048_577))
        edited(target, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", blank + b"</sheetData>"))

    formatted(book("good", "formatted-down-to-the-last-row", [HEADINGS, *body]))

    def hide(made):
        made["Список"].row_dimensions[3].hidden = True
        made["Список"].column_dimensions["C"].hidden = True

    book("good", "hidden-rows-and-columns", [HEADINGS, *body], after=hide, found=["hidden-row 0", "hidden-column 0"])

    def filtered(made):
        made["Список"].auto_filter.ref = "A1:E6"
        for row in (2, 4, 5, 6):
            made["Список"].row_dimensions[row].hidden = True

    # row 5 is blank, and row 6 has no insured
    book("good", "rows-hidden-by-a-filter", [HEADINGS, *body, [], ["Итого", 3]], after=filtered, found=["hidden-row 0"], skipped=["6 total"])

    def merge(made):
        for area in ("D2:D4", "B2:B2", "F2:F4"):
            made["Список"].merge_cells(area)

    # F has no field, and nothing is lost there
    alone = [HEADINGS + ["Размер"], *[[*row[:3], row[3] if at == 0 else None, row[4]] for at, row in enumerate(body)]]
    book("good", "cells-merged-over-rows", alone, after=merge, contract=headed("default_risk_group = 1"),
         persons=[(*PERSONS[0][:3], "1", "A"), (*PERSONS[1][:3], "1", "A"), (*PERSONS[2][:3], "1", "B")],
         found=["merged-cells 0", "unknown-column 1 F"])

    def widen(made):
        made["Список"].column_dimensions["B"].width = 40
        made["Список"].column_dimensions["C"].hidden = True

    book("good", "widths-of-columns", [HEADINGS + ["Размер"], *[[*row, "М"] for row in body]], after=widen, found=["hidden-column 0", "unknown-column 1 F"])
    long_ids = [("1234567890123456", *PERSONS[0][1:]), ("1234567890123457", *PERSONS[1][1:])]
    rounded = [("1234567890123450", *PERSONS[0][1:]), ("1234567890123450", *PERSONS[1][1:])]
    book("good", "ids-that-excel-has-rounded", [HEADINGS, *rows_of(rounded)], persons=rounded, found=["bad-id 2 A", "bad-id 3 A"])
    book("good", "long-ids-in-text", [HEADINGS, *[[id, *row[1:]] for (id, *_), row in zip(long_ids, body)]], persons=long_ids)
    spaced = [[row[0], "\u00a0 " + row[1] + " \u00a0", row[2], f" {row[3]}\u00a0", f"  {row[4]} "] for row in body]
    book("good", "spaces-around-in-a-workbook", [[f" {heading} " for heading in HEADINGS], *spaced])
    empty = [[None] * 5 for _ in range(3)]
    book("good", "total-by-formula", [HEADINGS, *body, ["Итого", None, None, "=SUM(D2:D4)", None], *empty, [None, "Подпись ______"]],
         skipped=["5 total", "9 signature"])


def headings(body):
    title = [["ООО «Проверка»"], [None, "Список застрахованных к договору T-R"], []]
    split = [[at, *row[1].split(), row[2], row[3], row[4], None, None] for at, row in enumerate(body, 1)]

    def merged(made):
        sheet = made["Список"]
        for area in ("A4:A5", "B4:D4", "E4:E5", "F4:F5", "G4:G5", "H4:I4", "A1:I1", "A2:I2"):
            sheet.merge_cells(area)

    two = [["№ п/п", "Застрахованный", None, None, "Дата\nрождения", "Группа\nриска", "Вариант\nпрограммы", "Период действия", None],
           [None, "Фамилия", "Имя", "Отчество", None, None, None, "с", "по"], [1, 2, 3, 4, 5, 6, 7, 8, 9]]
    unnamed = [("", *person[1:]) for person in PERSONS]
    made = book("good", "headings-in-two-rows", [*title, *two, *split], after=merged, persons=unnamed, skipped=["6 column-numbers"])
    for ending in ("xls", "ods"):
        converted(made, ending, "good", f"headings-in-two-rows-{ending}", persons=unnamed, skipped=["6 column-numbers"])
    contacts = [["ФИО", "Дата рождения", "Группа риска", "План", "Контакты", None, None], [None] * 4 + ["Телефон", "Почта", "Телеграм"]]
    book("good", "headings-in-two-rows-one-unknown", [*contacts, *[[*row[1:], "+7 900 000-00-00", "a@b.ru", "@a"] for row in body]],
         persons=unnamed, found=["unknown-column 2 G"])
    logo = [[None] * 5, [None, None, None, "Утверждаю"], [None, None, None, "Директор _______ Лютиков Л.Л."], [None] * 5]
    book("good", "title-and-logo", [*logo, HEADINGS, *body], found=[])
    book("good", "headings-with-line-breaks", [["Таб.\n№", "Фамилия,\nимя,\nотчество", "Дата\r\nрождения", "Группа\nриска", "План\n"], *body])


def sheets(body):
    letter = [["Уважаемые коллеги!"], ["Направляем список."]]
    book("good", "one-sheet-of-several", {"Письмо": letter, "Список": [HEADINGS, *body], "Справочник": [["A"], ["B"]]})
    book("bad", "sheet-without-known-headings", {
        "Список": [HEADINGS, *body[:2]], "Родственники": [["Ф. И. О. родственника", "Рожд.", "Гр."], [body[2][1], body[2][2], 3]],
        "Письмо": letter}, persons=PERSONS[:2], found=["unread-sheet 0 (sheet-without-known-headings.xlsx, «Родственники»)"])
    both = {"Офис": [HEADINGS, *body[:2]], "Склад": [HEADINGS, *body[2:]], "Письмо": letter}
    book("good", "every-sheet", both, contract=headed('sheet = "*"'))
    book("good", "named-sheet", both, contract=headed('sheet = "офис"\nignore_sheets = "склад"'), persons=PERSONS[:2])
    book("bad", "several-sheets", both, found=["several-sheets 0"])
    book("bad", "named-sheet-missing", both, contract=headed('sheet = "Завод"'), found=["no-roster 0"], messages=["sheet-missing"])
    book("bad", "named-sheet-without-roster", both, contract=headed('sheet = "Письмо"'), found=["no-roster 0"],
         messages=["sheet-without-roster"])
    book("bad", "no-sheet-with-a-roster", {"Письмо": letter, "Второй": letter}, found=["no-roster 0"],
         messages=["workbook-without-roster"])
    book("bad", "insured-twice-across-sheets", {"Офис": [HEADINGS, *body], "Склад": [HEADINGS, [7, *body[1][1:]]]},
         contract=headed('sheet = "*"'), rows=(4, 3, 0, 1), found=["duplicate-insured 2 B (insured-twice-across-sheets.xlsx, «Склад»)"])

    def hide(made):
        made["Список"].sheet_state = "hidden"

    book("good", "hidden-sheet", {"Письмо": letter, "Список": [HEADINGS, *body]}, after=hide, found=["hidden-sheet 0"])
    cells = [[xlsb.text(at, heading) for at, heading in enumerate(HEADINGS)],
             [xlsb.number(0, 1001), xlsb.text(1, PERSONS[0][1]), xlsb.text(2, "31.12.1980"), xlsb.number(3, 1), xlsb.text(4, "A")]]
    xlsb.write(path("good", "hidden-sheet-xlsb.xlsb"), cells, hidden=True)
    expect("good", "hidden-sheet-xlsb", persons=PERSONS[:1], found=["hidden-sheet 0"])

    halves = [table(PERSONS[:2]), table(PERSONS[2:])]
    text_case("good", "several-files", delimited(halves[0]), files=["several-files.csv", "several-files-2.xlsx"])
    book("good", "several-files-2", halves[1])
    path("good", "several-files-2.expect").unlink()
    again = [[5, *halves[0][1][1:]]]
    text_case("bad", "insured-twice-across-files", delimited(halves[0]),
              files=["insured-twice-across-files.csv", "insured-twice-across-files-2.xlsx"], rows=(3, 2, 0, 1),
              found=["duplicate-insured 2 B (insured-twice-across-files-2.xlsx, «Список»)"])
    book("bad", "insured-twice-across-files-2", [HEADINGS, *again])
    path("bad", "insured-twice-across-files-2.expect").unlink()
    text_case("bad", "one-file-of-two-unreadable", delimited(halves[0]),
              files=["one-file-of-two-unreadable.csv", "one-file-of-two-unreadable-2.xlsx"], rows=(2, 2, 0, 0),
              found=["unreadable-file 0 (one-file-of-two-unreadable-2.xlsx)"])
    path("bad", "one-file-of-two-unreadable-2.xlsx").write_bytes(b"")


def formulas_in_order(body):
    """Formulas with and without their results."""

    def calculated(made):
        sheet, date = made.add_worksheet("Список"), made.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, HEADINGS)
        for at, (id, name, born, risk, plan) in enumerate(PERSONS, 1):
            serial = (born - datetime.date(1899, 12, 30)).days
            for column, (result, form) in enumerate([(int(id), None), (name, None), (serial, date), (int(risk), None), (plan, None)]):
                sheet.write_formula(at, column, f"=Лист9!A{at}", form, result)
        for row in range(4, 9):
            for column in range(5):
                sheet.write_formula(row, column, f'=IF(Лист9!A{row}="","",Лист9!A{row})', None, "")

    by_xlsxwriter("good", "formulas-with-results", calculated)
    # Excel writes the result "" as a text without letters, this writer as nothing
    edited(path("good", "formulas-with-results.xlsx"), "xl/worksheets/sheet1.xml",
           lambda xml: re.sub(rb'(<c r="[A-E]\d+")(><f>[^<]*</f><v></v>)', rb'\1 t="str"\2', xml))
    for ending in ("xls", "ods"):
        links = openpyxl.Workbook()
        source = links.active
        source.title = "Исходные"
        for row in rows_of():
            source.append(row)
        sheet = links.create_sheet("Список")
        sheet.append(HEADINGS)
        for row in range(1, 7):
            sheet.append([f'=IF(Исходные!{letter}{row}="","",Исходные!{letter}{row})' for letter in "ABCDE"])
            sheet.cell(row + 1, 3).number_format = "dd.mm.yyyy"
        with tempfile.TemporaryDirectory() as folder:
            links.save(Path(folder) / "links.xlsx")
            converted(Path(folder) / "links.xlsx", ending, "good", f"formulas-with-results-{ending}",
                      contract=headed('ignore_sheets = ["Исходные"]'))
    wrong = [["missing-name", "B"], ["bad-birth-date", "C"], ["bad-risk-group", "D"], ["unknown-plan", "E"]]
    found = [f"{code} 2 {column}" for code, column in wrong]
    linked = [1001, "=Лист9!B1", "=Лист9!C1", "=Лист9!D1", "=Лист9!E1"]
    uncalculated = ["formula-uncalculated"] * 4
    book("bad", "formulas-without-results", [HEADINGS, linked, body[1]], rows=(2, 1, 0, 1), found=found, messages=uncalculated)
    book("bad", "risk-group-without-its-result", [HEADINGS, [*body[0][:3], "=Лист9!D1", "A"]], contract=headed("default_risk_group = 1"),
         rows=(1, 0, 0, 1), found=["bad-risk-group 2 D"], messages=["formula-uncalculated"])
    book("good", "id-without-its-result", [HEADINGS, ["=Лист9!A1", *body[0][1:]]], persons=[("", *PERSONS[0][1:])],
         found=["bad-id 2 A"], messages=["formula-uncalculated"])

    def zeros(made):
        sheet = made.add_worksheet("Список")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, table()[1])
        for column in range(1, 5):
            sheet.write_formula(2, column, "=Лист9!A1")

    by_xlsxwriter("bad", "formulas-with-zeros-for-results", zeros, rows=(2, 1, 0, 1), messages=uncalculated,
                  found=[f"{code} 3 {column}" for code, column in wrong])

    def faults(made):
        sheet = made.add_worksheet("Список")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, table()[1])
        for column in range(1, 5):
            sheet.write_formula(1, column, "=NA()", None, "#N/A")

    by_xlsxwriter("bad", "formulas-with-errors", faults, rows=(1, 0, 0, 1), found=found, messages=["formula-fault"] * 4)
    for ending in ("xls", "ods"):
        converted(path("bad", "formulas-with-errors.xlsx"), ending, "bad", f"formulas-with-errors-{ending}", rows=(1, 0, 0, 1),
                  found=found, messages=["formula-fault"] * 4)
    cells = [[xlsb.text(at, heading) for at, heading in enumerate(HEADINGS)],
             [xlsb.number(0, 1001), xlsb.text(1, PERSONS[0][1]), xlsb.text(2, "31.12.1980"), xlsb.fault(3), xlsb.text(4, "A")]]
    xlsb.write(path("bad", "formulas-with-errors-xlsb.xlsb"), cells)
    expect("bad", "formulas-with-errors-xlsb", rows=(1, 0, 0, 1), contract=headed("default_risk_group = 1"),
           found=["bad-risk-group 2 D"])
