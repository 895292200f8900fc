//! The accounting of every other kind of table: censuses, lists of changes and of payments, registers and requests of clinics, the entitled.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::date;
use kollektiv::base::diagnostic::{Code, Diagnostic};
use kollektiv::base::source_file::SourceFile;
use kollektiv::clinics::entitled::EntitledList;
use kollektiv::clinics::register::ClinicRegister;
use kollektiv::clinics::register::spec::{ClinicTables, RegisterSpec, RowKind as ClinicRows};
use kollektiv::portfolio::payments::{ListTerms, Payments};
use kollektiv::quote::contract::Contract;
use kollektiv::roster::Roster;
use kollektiv::roster::spec::RowKind;
use kollektiv::table::layout::ColumnUse;
use kollektiv::table::spec::SheetChoice;
use kollektiv::table::tables::Tables;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{BASE, cases};
use crate::support::contract_over;

/// A kind of table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Census,
    Changes,
    Payments,
    Register,
    Requests,
    Entitled,
}

const KINDS: [Kind; 6] = [Kind::Census, Kind::Changes, Kind::Payments, Kind::Register, Kind::Requests, Kind::Entitled];

impl Kind {
    /// The headings that the kind has to have, and a row under them.
    const fn usual(self) -> ([&'static str; 6], [&'static str; 6]) {
        match self {
            Self::Census => {
                (["Возраст", "Количество", "Группа риска", "План", "Пол", "Город"], ["40", "3", "1", "A", "ж", "Тверь"])
            }
            Self::Changes => (
                ["Действие", "Таб. №", "ФИО", "Дата рождения", "Группа риска", "План"],
                ["прикрепить", "17", "Егорова Инна Петровна", "02.04.1987", "1", "A"],
            ),
            Self::Payments => (
                ["Номер договора", "Дата", "Сумма", "№ документа", "Валюта", "ИНН"],
                ["T-1", "15.01.2027", "1000,00", "5", "руб.", "7712345678"],
            ),
            Self::Register => (
                ["№ полиса", "ФИО", "Дата рождения", "Дата услуги", "Услуга", "Сумма"],
                ["T-1-1", "Егорова Инна Петровна", "02.04.1987", "15.01.2027", "Приём терапевта", "1000,00"],
            ),
            Self::Requests => (
                ["№ полиса", "ФИО", "Дата рождения", "Клиника", "Услуга", "Дата письма"],
                ["T-1-1", "Егорова Инна Петровна", "02.04.1987", "K1", "Приём терапевта", "15.01.2027"],
            ),
            Self::Entitled => (
                ["ФИО", "Дата рождения", "Степень родства", "Организация", "Действует с", "Действует по"],
                ["Егорова Инна Петровна", "02.04.1987", "сотрудник", "ООО «Проба»", "01.01.2027", "31.12.2027"],
            ),
        }
    }
}

/// Headings of further columns: of fields of some kind, of no interest, and unknown ones.
const HEADINGS: [&str; 14] = [
    "ФИО врача",
    "Телефон",
    "Должность",
    "Действует до",
    "Страховая сумма",
    "Назначение платежа",
    "Статус",
    "НДС",
    "Примечание",
    "Прочее",
    "Кличка",
    "Учтено",
    "Отпуск с",
    "",
];
const CONTENTS: [&str; 11] = [
    "",
    "01.03.2027",
    "до 31.08.2027",
    "150 000",
    "Лунин Олег Игоревич",
    "A",
    "нет",
    "сторно",
    "без НДС",
    "17",
    "уволен",
];
/// Rows that are no data, or lack something; cells beyond the first belong to the first columns.
const ROWS: [[&str; 3]; 8] = [
    ["", "", ""],
    ["Отдел № 2", "", ""],
    ["Итого", "3", ""],
    ["Дата выгрузки", "01.11.2026", ""],
    ["Генеральный директор", "", "Лютиков Л.Л."],
    ["Список составлен бухгалтерией", "", ""],
    ["", "", "сто"],
    ["* по данным банка", "", ""],
];

#[derive(Debug, Clone)]
struct Table {
    kind: Kind,
    headings: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
}

prop_compose! {
    fn table()(
        kind in select(&KINDS[..]),
        more in vec(select(&HEADINGS[..]), 0..4),
        filled in vec(vec(select(&CONTENTS[..]), 4), 1..5),
        others in vec((any::<Index>(), 0..ROWS.len()), 0..3),
    ) -> Table {
        let (usual, row) = kind.usual();
        let mut seen: BTreeSet<&str> = usual.into_iter().collect();
        let more: Vec<&str> = more.into_iter().filter(|heading| seen.insert(heading)).collect();
        let cells = |cells: Vec<&'static str>| row.into_iter().chain(cells.into_iter().take(more.len())).collect();
        let mut rows: Vec<Vec<&str>> = filled.into_iter().map(cells).collect();
        for (at, other) in others {
            let at = at.index(rows.len() + 1);
            rows.insert(at, ROWS[other].to_vec());
        }
        Table { kind, headings: usual.into_iter().chain(more).collect(), rows }
    }
}

/// What was read of a table.
struct Read {
    tables: Tables,
    /// The rows that are data, where their numbers are known.
    rows: Vec<u32>,
    /// The row, from 0 where it is the whole sheet, and the column of each thing that is reported.
    reported: Vec<(u32, Option<u32>)>,
    /// The texts of what is reported of the whole sheet.
    notes: Vec<String>,
}

fn read(kind: Kind, path: &Path) -> Read {
    let of_tables = |tables: Tables, rows: Vec<u32>| {
        let reported = tables.diagnostics.iter().map(|found| (found.place.row, found.place.column)).collect();
        Read { tables, rows, reported, notes: Vec::new() }
    };
    match kind {
        Kind::Census | Kind::Changes => {
            let terms = contract_over("2026-12-01", "2027-11-30").cover("16", "").to_string();
            let source = SourceFile { path: "contract.toml".into(), text: terms };
            let contract = Contract::read(&source, &BASE).unwrap();
            let mut spec = contract.roster_spec(&BASE);
            spec.rows = if kind == Kind::Census { RowKind::Counts } else { RowKind::Changes };
            spec.changes.on = Some(date(2027, 2, 1));
            let Roster { tables, insured, .. } = Roster::read(&[path.to_owned()], &spec, &()).unwrap();
            of_tables(tables, insured.row.clone())
        }
        Kind::Payments => {
            let list = Payments::open(path, &ListTerms::default()).unwrap();
            let mut rows: Vec<u32> = list.payments.iter().map(|payment| payment.row).collect();
            rows.extend(list.transfers.iter().map(|transfer| transfer.line));
            let reported: Vec<_> = list.problems.iter().map(|found| (found.row, found.column)).collect();
            // of a refused list no row is a payment
            if rows.is_empty() {
                rows.extend(2..100);
            }
            let notes = list.notes.iter().map(|note| kollektiv::base::messages::Language::Ru.render(note)).collect();
            Read { tables: list.tables, rows, reported, notes }
        }
        Kind::Register | Kind::Requests => {
            let rows = if kind == Kind::Register { ClinicRows::Services } else { ClinicRows::Requests };
            let spec = RegisterSpec::new(rows, &ClinicTables::default(), SheetChoice::TheOne);
            let register = ClinicRegister::read(path, &spec).unwrap();
            let rows = register.rows.iter().map(|row| row.row).collect();
            of_tables(register.tables, rows)
        }
        Kind::Entitled => {
            let list = EntitledList::read(path, &[]).unwrap();
            // it keeps no numbers of rows
            of_tables(list.tables, (2..100).collect())
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn what_was_filled_in_any_table_is_used_or_named(table in table()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        let line = |cells: &Vec<&str>| cells.join(";") + "\n";
        let text: String = std::iter::once(&table.headings).chain(&table.rows).map(line).collect();
        std::fs::write(&path, text).unwrap();
        let Read { tables, rows, reported, notes } = read(table.kind, &path);
        // two columns of one field refuse the table before its rows are read
        let refuses = |found: &Diagnostic| matches!(found.code, Code::AmbiguousColumn | Code::MissingColumn);
        if tables.diagnostics.iter().any(refuses) || tables.sheets.is_empty() {
            return Ok(());
        }
        let sheet = tables.sheets.first().expect("the headings are usual");
        let layout = sheet.layout.as_ref().expect("the headings are usual");
        for (row, cells) in (2_u32..).zip(&table.rows) {
            let is_named = sheet.skipped.iter().any(|(skipped, _)| *skipped == row)
                || reported.iter().any(|(reported, _)| *reported == row);
            let is_blank = cells.iter().all(|cell| cell.is_empty());
            prop_assert!(rows.contains(&row) || is_named || is_blank, "row {row} of {table:?}");
        }
        let usual = table.kind.usual().0.len();
        for (column, heading) in table.headings.iter().enumerate().skip(usual) {
            let is_filled = (2_u32..).zip(&table.rows).any(|(row, cells)| {
                let is_data = !sheet.skipped.iter().any(|(skipped, _)| *skipped == row);
                is_data && cells.get(column).is_some_and(|cell| !cell.is_empty())
            });
            let is_named = reported.iter().any(|(_, of)| *of == u32::try_from(column).ok())
                || notes.iter().any(|note| !heading.is_empty() && note.contains(heading));
            let is_bare_named = heading.is_empty() && notes.iter().any(|note| note.contains("нет заголовка"));
            match layout.uses().get(column).copied().flatten() {
                Some(ColumnUse::Field(_) | ColumnUse::Known | ColumnUse::Conditional(_)) => {}
                Some(ColumnUse::Ignored) => prop_assert!(false, "nothing is ignored"),
                // a remark without a day is of no interest
                Some(ColumnUse::Remark) => {
                    let has_day = rows.iter().any(|row| {
                        let cells = &table.rows.get(*row as usize - 2);
                        cells.is_some_and(|cells| cells.get(column).is_some_and(|cell| cell.contains("2027")))
                    });
                    prop_assert!(!has_day || is_named || !is_filled, "remark {heading} of {table:?}");
                }
                Some(ColumnUse::Unclaimed) | None => {
                    prop_assert!(!is_filled || is_named || is_bare_named, "column {column} {heading} of {table:?}");
                }
            }
        }
    }
}
