//! What was filled in is used, or named: in a diagnostic, among the rows that were passed over, or by the use of its column.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use kollektiv::base::diagnostic::{Code, Severity};
use kollektiv::base::source_file::SourceFile;
use kollektiv::quote::contract::Contract;
use kollektiv::roster::Roster;
use kollektiv::table::layout::ColumnUse;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{BASE, cases};
use crate::support::contract_over;

/// The headings of the columns that every table here has, and a row of each of its insured.
const USUAL: [&str; 4] = ["ФИО", "Дата рождения", "Группа риска", "План"];
const PEOPLE: [[&str; 4]; 4] = [
    ["Соколова Анна Петровна", "05.06.1990", "1", "A"],
    ["Егоров Пётр Ильич", "12.01.1985", "1", "A"],
    ["Лунин Олег Игоревич", "23.11.1978", "2", "A"],
    ["Цветкова Мария Львовна", "29.02.1996", "1", "A"],
];
/// Headings of further columns: of fields, of no interest, ignored by the contract, and unknown ones.
const HEADINGS: [&str; 16] = [
    "Действует с",
    "Действует по",
    "Таб. №",
    "Степень родства",
    "Телефон",
    "Пол",
    "Должность",
    "Табель",
    "Дата приёма на работу",
    "Ячейка сейфа",
    "Размер",
    "Прочее",
    "Доп. сведения",
    "Кличка",
    "Гардероб",
    "",
];
const IGNORED: &str = "Ячейка сейфа";
const CONTENTS: [&str; 12] = [
    "",
    "01.03.2027",
    "до 31.08.2027",
    "150 000",
    "75 000 руб.",
    "Егорова Инна Петровна",
    "A",
    "XL",
    "работник",
    "М",
    "+7 999 123-45-67",
    "17",
];
/// Rows without an insured, or whose insured lacks something.
const ROWS: [[&str; 4]; 10] = [
    ["", "", "", ""],
    ["Цех № 2", "", "", ""],
    ["Итого", "3", "", ""],
    ["Уволенные", "", "", ""],
    ["Дата выгрузки", "01.11.2026", "", ""],
    ["Генеральный директор", "", "", "Лютиков Л.Л."],
    ["Без Даты Рождения", "", "1", "A"],
    ["Дата Неверна Ивановна", "31.02.1980", "1", "A"],
    ["ФИО", "Дата рождения", "Группа риска", "План"],
    ["* сотрудники на испытательном сроке", "", "", ""],
];
/// Sheets beside the roster, row by row.
const SHEETS: [&[[&str; 2]]; 6] = [
    &[["Как заполнять", ""], ["Впишите каждого", ""]],
    &[["Код", "Вариант"], ["A", "Сотрудники"]],
    &[["Кто", "Появился"], ["Егорова Инна Петровна", "02.04.1987"]],
    &[["Ребёнок", "Отец"], ["Егорова Инна Петровна", "Пётр"], ["Лунин Лев Олегович", "Олег"]],
    &[["ФИО", "Дата рождения"], ["Егорова Инна Петровна", "02.04.1987"]],
    &[],
];
/// Of these sheets those without people.
const WITHOUT_PEOPLE: [usize; 3] = [0, 1, 5];

/// A table, and the sheet beside it.
#[derive(Debug, Clone)]
struct Book {
    headings: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
    beside: Option<usize>,
}

prop_compose! {
    fn book()(
        more in vec(select(&HEADINGS[..]), 0..4),
        people in vec((0..PEOPLE.len(), vec(select(&CONTENTS[..]), 4)), 1..6),
        others in vec((any::<Index>(), 0..ROWS.len()), 0..4),
        beside in prop::option::of(0..SHEETS.len()),
    ) -> Book {
        let mut seen = BTreeSet::new();
        let more: Vec<&str> = more.into_iter().filter(|heading| seen.insert(*heading)).collect();
        let mut rows: Vec<Vec<&str>> = Vec::new();
        for (person, cells) in people {
            rows.push(PEOPLE[person].into_iter().chain(cells.into_iter().take(more.len())).collect());
        }
        for (at, row) in others {
            let at = at.index(rows.len() + 1);
            rows.insert(at, ROWS[row].to_vec());
        }
        Book { headings: USUAL.into_iter().chain(more).collect(), rows, beside }
    }
}

impl Book {
    fn write(&self, path: &Path) {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("Список").unwrap();
        for (row, cells) in (0..).zip(std::iter::once(&self.headings).chain(&self.rows)) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
        if let Some(beside) = self.beside {
            let sheet = book.add_worksheet();
            sheet.set_name("Рядом").unwrap();
            for (row, cells) in (0..).zip(SHEETS[beside]) {
                for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                    sheet.write_string(row, column, *cell).unwrap();
                }
            }
        }
        book.save(path).unwrap();
    }

    /// The cells of a column below its heading.
    fn column(&self, column: usize) -> impl Iterator<Item = (u32, &'static str)> + '_ {
        (2..)
            .zip(&self.rows)
            .filter_map(move |(row, cells)| Some((row, *cells.get(column)?)))
            .filter(|(_, cell)| !cell.is_empty())
    }
}

fn read(book: &Book) -> Roster {
    let terms = contract_over("2026-12-01", "2027-11-30").with("sheet = \"Список\"").cover("16", "");
    let text = format!("{terms}\n[columns]\nignore = [\"{IGNORED}\"]\n");
    let source = SourceFile { path: "contract.toml".into(), text };
    let contract = Contract::read(&source, &BASE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.xlsx");
    book.write(&path);
    Roster::read(&[path], &contract.roster_spec(&BASE), &()).unwrap()
}

fn is_day(cell: &str) -> bool {
    cell.len() == 10 && cell.matches('.').count() == 2
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn what_was_filled_in_is_used_or_named(book in book()) {
        let roster = read(&book);
        let tables = &roster.tables;
        let sheet = &tables.sheets[0];
        let layout = sheet.layout.as_ref().expect("the headings are usual");
        let errors = || tables.diagnostics.iter().filter(|found| found.code.severity() == Severity::Error);
        let reported = |row: Option<u32>, column: usize| {
            tables.diagnostics.iter().find(|found| {
                found.place.sheet == 0
                    && found.place.column == u32::try_from(column).ok()
                    && row.is_none_or(|row| found.place.row == row)
            })
        };
        // rows
        for (row, cells) in (2_u32..).zip(&book.rows) {
            let is_named = sheet.skipped.iter().any(|(skipped, _)| *skipped == row);
            let is_blank = cells.iter().all(|cell| cell.is_empty());
            prop_assert!(roster.insured.row.contains(&row) || is_named || is_blank, "row {row} of {book:?}");
        }
        // columns
        for (column, heading) in book.headings.iter().enumerate().skip(USUAL.len()) {
            let of_insured = || book.column(column).filter(|(row, _)| roster.insured.row.contains(row));
            if of_insured().next().is_none() {
                continue;
            }
            let used = layout.uses().get(column).copied().flatten();
            match used {
                Some(ColumnUse::Field(_) | ColumnUse::Known | ColumnUse::Conditional(_)) => {}
                Some(ColumnUse::Ignored) => prop_assert_eq!(*heading, IGNORED),
                Some(ColumnUse::Unclaimed | ColumnUse::Remark) | None => {
                    let found = reported(None, column);
                    prop_assert!(found.is_some(), "column {heading} of {book:?}");
                    if of_insured().any(|(_, cell)| is_day(cell) || cell.contains("Петровна")) {
                        prop_assert_eq!(found.unwrap().code, Code::UnclaimedColumn, "{:?}", book);
                        prop_assert!(tables.incomplete);
                    }
                }
            }
        }
        // days of one's own
        for (heading, is_first) in [("Действует с", true), ("Действует по", false)] {
            let Some(column) = book.headings.iter().position(|known| *known == heading) else { continue };
            for (row, cell) in book.column(column) {
                let Some(at) = roster.insured.row.iter().position(|other| *other == row) else { continue };
                let days = roster.insured.cover[at];
                let is_used = days.is_some_and(|days| {
                    let day = if is_first { days.first() } else { days.last() };
                    day == Date::strptime("%d.%m.%Y", cell).unwrap_or(Date::ZERO)
                });
                prop_assert!(is_used || reported(Some(row), column).is_some() || days.is_none(), "{heading} {cell} of {book:?}");
            }
        }
        // sheets
        if let Some(beside) = book.beside.filter(|beside| !WITHOUT_PEOPLE.contains(beside)) {
            prop_assert!(errors().any(|found| found.code == Code::UnreadSheet), "{:?}", SHEETS[beside]);
        } else {
            prop_assert!(!errors().any(|found| found.code == Code::UnreadSheet), "{book:?}");
        }
    }
}
