//! `roster-checked.xlsx`: the employer's own table with the reasons beside it, read again, mended in place, priced.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};
use kollektiv::quote::contract::Contract;
use kollektiv::tariff::Tariff;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;

use crate::program::{Run, Table, command, json, names, quote, sample, small_contract, write_contract};
use crate::support::roster;

const CHECKED: &str = "roster-checked.xlsx";
const REASONS: &str = "Ошибки";

/// The cells of a sheet that hold anything, by row and column, from 0.
type Cells = BTreeMap<(u32, u32), Data>;

/// The sheets of a workbook, in order.
fn sheets(path: &Path) -> Vec<(String, Cells)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let names = book.sheet_names();
    names.into_iter().map(|name| (name.clone(), cells(&mut book, &name))).collect()
}

fn cells(book: &mut Xlsx<std::io::BufReader<fs::File>>, name: &str) -> Cells {
    let range = book.worksheet_range(name).unwrap();
    let (first_row, first_column) = range.start().unwrap();
    let at = |(row, column, cell): (usize, usize, &Data)| {
        ((first_row + u32::try_from(row).unwrap(), first_column + u32::try_from(column).unwrap()), cell.clone())
    };
    range.used_cells().map(at).collect()
}

/// The sheet of the roster, which follows the summary.
fn roster_sheet(path: &Path) -> Cells {
    let sheets = sheets(path);
    assert_eq!(sheets.len(), 2, "a summary and the roster");
    sheets.into_iter().next_back().unwrap().1
}

/// The cells of the sample's roster that hold anything.
fn original() -> Cells {
    let bytes = fs::read(sample("mistakes").with_file_name("roster.csv")).unwrap();
    let (text, _, faulty) = encoding_rs::WINDOWS_1251.decode(&bytes);
    assert!(!faulty && !text.contains('"'));
    let mut cells = Cells::new();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(';')).filter(|(_, cell)| !cell.trim().is_empty()) {
            cells.insert((row, column), Data::String(cell.trim().to_owned()));
        }
    }
    cells
}

/// The rows that have diagnostics, from 0, without the row of the headings.
fn rows_with_diagnostics(out: &Path, header_row: u32) -> BTreeSet<u32> {
    let table = Table::open(&out.join("diagnostics.csv"));
    let rows = table.columns(["row"]).into_iter().map(|[row]| row.parse::<u32>().unwrap() - 1);
    rows.filter(|row| *row != header_row).collect()
}

/// The place of the heading of the reasons.
fn reasons_at(sheet: &Cells) -> (u32, u32) {
    let places: Vec<_> = sheet.iter().filter(|(_, cell)| **cell == Data::String(REASONS.to_owned())).collect();
    assert_eq!(places.len(), 1);
    *places[0].0
}

/// The cells but for the reasons, and the rows of the reasons.
fn without_reasons(mut sheet: Cells) -> (Cells, BTreeSet<u32>) {
    let (header_row, column) = reasons_at(&sheet);
    sheet.remove(&(header_row, column));
    let reasons = sheet.keys().filter(|at| at.1 == column).map(|at| at.0).collect();
    sheet.retain(|at, _| at.1 != column);
    (sheet, reasons)
}

/// A quote of the sample with mistakes.
fn mistakes() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mistakes");
    quote(&sample("mistakes"), &out, &[]).exits_with(3);
    (folder, out)
}

/// Checks a roster on the terms of the sample.
fn check(roster: &Path, out: &Path, code: i32) {
    let contract = sample("mistakes");
    let arguments = ["check".as_ref(), contract.as_os_str(), roster.as_os_str(), "--out".as_ref(), out.as_os_str()];
    Run::new(command(arguments).output().unwrap()).exits_with(code);
}

#[test]
fn every_cell_of_the_roster_stands_where_the_employer_has_it() {
    let (_folder, out) = mistakes();
    let (cells, reasons) = without_reasons(roster_sheet(&out.join(CHECKED)));
    let original = original();
    assert!(original.len() > 300);
    assert_eq!(cells, original);
    let header_row = 2;
    assert_eq!(reasons, rows_with_diagnostics(&out, header_row));
    assert!(reasons.len() >= 22, "{reasons:?}");
    // the reasons stand past the last column, in the row of the headings
    assert_eq!(reasons_at(&roster_sheet(&out.join(CHECKED))), (header_row, 11));
}

#[test]
fn the_checked_roster_read_again_has_the_same_mistakes_in_the_same_rows() {
    let (folder, out) = mistakes();
    let again = folder.path().join("again");
    check(&out.join(CHECKED), &again, 3);
    let [first, second] = [&out, &again].map(|out| Table::open(&out.join("diagnostics.csv")));
    let same = ["severity", "code", "row", "column", "value"];
    assert_eq!(first.columns(same), second.columns(same));
    assert_eq!(json(&again.join("manifest.json"))["counts"]["rows"], json(&out.join("quote.json"))["rows"]);
    // and its own checked roster is the same again, with the reasons in the same column
    assert_eq!(roster_sheet(&again.join(CHECKED)), roster_sheet(&out.join(CHECKED)));
}

/// Mends a cell as a person does who reads its reason; `None` clears it.
fn mended() -> [(u32, char, Option<Data>); 21] {
    let text = |text: &str| Some(Data::String(text.to_owned()));
    [
        (7, 'D', text("30.04.1985")),
        (8, 'D', text("07.09.1992")),
        (11, 'F', Some(Data::Float(1.0))),
        (12, 'C', text("Зимина Ольга Павловна")),
        (13, 'D', text("05.06.1990")),
        (14, 'G', text("С")),
        (18, 'H', None),
        (19, 'H', Some(Data::Float(100_000.0))),
        (22, 'G', text("С+")),
        (23, 'F', Some(Data::Float(2.0))),
        (24, 'B', text("118")),
        (25, 'C', text("Федорова Анна Семеновна")),
        (26, 'D', text("06.06.1990")),
        (28, 'I', None),
        (29, 'J', None),
        (30, 'I', text("01.06.2027")),
        (32, 'D', text("20.02.1954")),
        (33, 'J', text("28.02.2027")),
        (34, 'D', text("19.08.1965")),
        (35, 'D', text("06.06.1987")),
        (39, 'D', text("30.05.2012")),
    ]
}

/// Writes sheets as a spreadsheet would after the employer has been at them.
fn write_back(sheets: &[(String, Cells)], path: &Path) {
    let mut book = Workbook::new();
    for (name, cells) in sheets {
        let page = book.add_worksheet();
        page.set_name(name).unwrap();
        for ((row, column), cell) in cells {
            let column = u16::try_from(*column).unwrap();
            match cell {
                Data::Float(number) => page.write_number(*row, column, *number).unwrap(),
                Data::String(text) => page.write_string(*row, column, text).unwrap(),
                other => panic!("{other:?} stands in no cell of the sample"),
            };
        }
    }
    book.save(path).unwrap();
}

#[test]
fn the_checked_roster_mended_in_place_is_priced() {
    let (folder, out) = mistakes();
    let mut sheets = sheets(&out.join(CHECKED));
    let cells = &mut sheets[1].1;
    for (row, column, value) in mended() {
        let at = (row - 1, u32::from(column) - u32::from('A'));
        assert!(rows_with_diagnostics(&out, 2).contains(&at.0), "{row}");
        match value {
            Some(value) => cells.insert(at, value),
            None => cells.remove(&at),
        };
    }
    // a serial of Excel is taken where it stands as a number
    cells.insert((44, 3), Data::Float(33_333.0));
    let sent_back = folder.path().join("Список исправленный.xlsx");
    write_back(&sheets, &sent_back);
    let priced = folder.path().join("priced");
    quote(&sample("mistakes"), &priced, &[sent_back.to_str().unwrap()]).exits_with(0);
    let quote_json = json(&priced.join("quote.json"));
    assert_eq!(quote_json["rows"], serde_json::json!({ "read": 38, "priced": 38, "referred": 0, "rejected": 0 }));
    let left = Table::open(&priced.join("diagnostics.csv"));
    assert_eq!(
        left.columns(["severity", "code", "row"]),
        [
            ["warning", "unknown-column", "3"],
            ["warning", "mixed-alphabet", "10"],
            ["warning", "sex-and-programme", "41"],
            ["warning", "excel-serial-date", "45"],
        ]
    );
}

#[test]
fn numbers_and_dates_of_a_workbook_stay_numbers_and_dates() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster());
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Обложка").unwrap().write_string(0, 0, "О застрахованных").unwrap();
    let page = book.add_worksheet().set_name("Список").unwrap();
    let day = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
    let format = Format::new().set_num_format("dd.mm.yyyy");
    for (column, heading) in (1..).zip(["Таб. №", "ФИО", "Дата рождения", "Группа риска", "Страховая сумма"])
    {
        page.write_string(4, column, heading).unwrap();
    }
    page.write_number(5, 1, 7001).unwrap().write_string(5, 2, "Иванов Пётр").unwrap();
    page.write_datetime_with_format(5, 3, day(1986, 3, 14), &format).unwrap();
    page.write_number(5, 4, 1).unwrap().write_number(5, 5, 120_000.5).unwrap();
    // three rows below, and born after the first day of cover
    page.write_number(8, 1, 7002).unwrap().write_string(8, 2, "Петров Иван").unwrap();
    page.write_datetime_with_format(8, 3, day(2026, 6, 6), &format).unwrap();
    page.write_number(8, 4, 1).unwrap().write_boolean(8, 5, true).unwrap();
    let list = folder.path().join("list.xlsx");
    book.save(&list).unwrap();

    let out = folder.path().join("out");
    quote(&contract, &out, &[list.to_str().unwrap()]).exits_with(3);
    let diagnostics = Table::open(&out.join("diagnostics.csv"));
    assert_eq!(
        diagnostics.columns(["code", "sheet", "row", "column"]),
        [["bad-birth-date", "Список", "9", "D"], ["bad-sum-insured", "Список", "9", "F"]]
    );
    let written = sheets(&out.join(CHECKED));
    assert_eq!(written.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Обложка", "Список", "Замечания"]);
    let (cells, reasons) = without_reasons(written[1].1.clone());
    let before = sheets(&list).into_iter().next_back().unwrap().1;
    assert_eq!(cells.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (at, cell) in &before {
        match (cell, &cells[at]) {
            (Data::DateTime(day), Data::DateTime(copied)) => assert!(day.as_f64().total_cmp(&copied.as_f64()).is_eq()),
            (cell, copied) => assert_eq!(cell, copied, "{at:?}"),
        }
    }
    assert_eq!(reasons, BTreeSet::from([8]));
}

#[test]
fn every_mistake_that_stands_beside_no_row_is_in_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract().plan("B").cover("16", ""), &roster());
    let rows = "Список;;;\nФИО;Дата рождения;Поле;Размер\nИванов Пётр;01.01.1980;;1\nПетров Иван;31.02.1980;;1\n";
    fs::write(folder.path().join("roster.csv"), rows).unwrap();
    fs::write(folder.path().join("cover.csv"), "Список застрахованных\n").unwrap();
    let out = folder.path().join("out");
    let files = ["roster.csv", "cover.csv"].map(|name| folder.path().join(name).display().to_string());
    quote(&contract, &out, &[&files[0], &files[1]]).exits_with(3);

    let summary = sheets(&out.join(CHECKED)).remove(0).1;
    let text = |row, column| summary.get(&(row, column)).map(ToString::to_string).unwrap_or_default();
    let last = summary.keys().map(|at| at.0).max().unwrap();
    let apart = (0..=last).find(|row| text(*row, 0).starts_with("Замечания к файлам")).unwrap();
    let listed: Vec<[String; 2]> = (apart + 1..=last).map(|row| [text(row, 0), text(row, 3)]).collect();
    let table = Table::open(&out.join("diagnostics.csv"));
    let expected: Vec<[&str; 2]> = table
        .columns(["code", "row", "message"])
        .into_iter()
        .filter(|[_, row, _]| row.parse::<u32>().unwrap_or_default() <= 2)
        .map(|[code, _, message]| [code, message])
        .collect();
    let codes: Vec<&str> = expected.iter().map(|[code, _]| *code).collect();
    for code in ["missing-column", "unknown-column"] {
        assert_eq!(codes.iter().filter(|found| **found == code).count(), 2, "{codes:?}");
    }
    assert!(codes.contains(&"no-roster") && !codes.contains(&"bad-birth-date"), "{codes:?}");
    assert_eq!(listed.len(), expected.len());
    for ([code, found], [expected, message]) in listed.iter().zip(&expected) {
        assert!(code == expected && found.ends_with(message), "{code}: {found}, not {expected}: {message}");
    }
}

#[test]
fn every_sheet_of_a_workbook_is_sent_back_with_its_own_reasons() {
    const SHEETS: u32 = 20;
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract().with("sheet = \"*\""), &roster());
    let mut book = Workbook::new();
    for number in 0..SHEETS {
        let page = book.add_worksheet();
        page.write_row(0, 0, ["ФИО", "Дата рождения", "Группа риска"]).unwrap();
        let row = 1 + number;
        page.write_row(row, 0, [format!("Иванов Пётр {number}"), "31.02.1980".to_owned(), "1".to_owned()]).unwrap();
    }
    let list = folder.path().join("list.xlsx");
    book.save(&list).unwrap();
    let out = folder.path().join("out");
    quote(&contract, &out, &[list.to_str().unwrap()]).exits_with(3);
    let copied = sheets(&out.join(CHECKED));
    assert_eq!(copied.len(), 1 + SHEETS as usize);
    // the list follows the employer's own sheets
    for (number, (_, cells)) in (0..).zip(&copied[..SHEETS as usize]) {
        assert_eq!(cells[&(1 + number, 0)], Data::String(format!("Иванов Пётр {number}")));
        assert_eq!(without_reasons(cells.clone()).1, BTreeSet::from([1 + number]));
    }
}

#[test]
fn a_clean_roster_is_not_sent_back() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().aged(40, 1));
    quote(&contract, &folder.path().join("out"), &[]).exits_with(0);
    assert!(!names(&folder.path().join("out")).contains(&CHECKED.to_owned()));
    // the sample with mistakes is lawful itself: only its roster is not
    assert!(Contract::open(&sample("mistakes"), &Tariff::base()).is_ok());
}
