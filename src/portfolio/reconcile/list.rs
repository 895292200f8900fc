//! The list of changes of a reconciliation: a workbook that `endorse` reads, and the rows that are unclear.

use rust_xlsxwriter::{DocProperties, Format, Worksheet, XlsxError};
use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::folder::Folder;
use crate::output::xlsx::{WorkbookError, cell_text, exact_number, new_workbook, write_day, write_workbook};
use crate::portfolio::reconcile::difference::{Difference, Reconciliation, Request};
use crate::roster::value::{Action, Relation};

/// The headings in Russian and in English, with the widths of their columns.
const COLUMNS: [(&str, &str, u16); 11] = [
    ("Вид изменения", "Action", 18),
    ("Таб. №", "ID", 12),
    ("ФИО", "Full name", 34),
    ("Дата рождения", "Birth date", 14),
    ("Степень родства", "Relation", 16),
    ("Группа риска", "Risk group", 13),
    ("Вариант", "Plan", 14),
    ("Страховая сумма", "Sum insured", 16),
    ("Дата изменения", "Change date", 15),
    ("Действует по", "Valid to", 14),
    ("Что отличается", "Difference", 44),
];

/// The word of a language for an action, as lists of changes have it.
const fn action_word(action: Action, language: Language) -> &'static str {
    match (action, language) {
        (Action::Join, Language::Ru) => "Прикрепить",
        (Action::Leave, Language::Ru) => "Открепить",
        (Action::ChangePlan, Language::Ru) => "Сменить вариант",
        (Action::Change, Language::Ru) => "Изменить",
        (Action::Correct, Language::Ru) => "Исправить",
        (Action::Join, Language::En) => "Join",
        (Action::Leave, Language::En) => "Leave",
        (Action::ChangePlan, Language::En) => "Change plan",
        (Action::Change, Language::En) => "Change data",
        (Action::Correct, Language::En) => "Correct",
    }
}

/// The word of a language for a relation, as rosters have it.
const fn relation_word(relation: Relation, language: Language) -> &'static str {
    match (relation, language) {
        (Relation::Unknown, _) => "",
        (Relation::Employee, Language::Ru) => "Сотрудник",
        (Relation::Spouse, Language::Ru) => "Супруг(а)",
        (Relation::Child, Language::Ru) => "Ребенок",
        (Relation::Parent, Language::Ru) => "Родитель",
        (Relation::Other, Language::Ru) => "Родственник",
        (Relation::Employee, Language::En) => "Employee",
        (Relation::Spouse, Language::En) => "Spouse",
        (Relation::Child, Language::En) => "Child",
        (Relation::Parent, Language::En) => "Parent",
        (Relation::Other, Language::En) => "Relative",
    }
}

/// Writes the files of the result.
pub(super) fn write(folder: &Folder, reconciliation: &Reconciliation, request: &Request) -> Result<(), Error> {
    if !reconciliation.differences.is_empty() {
        write_workbook(folder, "changes.xlsx", |file| {
            let mut workbook = new_workbook(DocProperties::new())?;
            write_sheet(workbook.add_worksheet(), &reconciliation.differences, request.language)?;
            workbook.save_to_writer(file).map_err(WorkbookError::from)
        })?;
    }
    let unclear = reconciliation.unclear.iter().map(|unclear| {
        json!({ "row": unclear.row, "name": &unclear.name, "reason": request.language.render(&unclear.reason) })
    });
    folder.write_json("unclear.json", &unclear.collect::<Vec<_>>())?;
    let files = reconciliation.roster.tables.files.iter();
    folder.seal(&json!({
        "number": &request.number,
        "on": reconciliation.on.to_string(),
        "rosters": files.map(|file| json!({ "file": &file.name, "sha256": &file.sha256 })).collect::<Vec<_>>(),
        "language": request.language.as_str(),
    }))
}

fn write_sheet(sheet: &mut Worksheet, rows: &[Difference], language: Language) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_text_wrap();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let amount = Format::new().set_num_format("#,##0.00");
    sheet.set_freeze_panes(1, 0)?;
    for (column, (russian, english, width)) in (0..).zip(COLUMNS) {
        let words = if language == Language::Ru { russian } else { english };
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, words, &heading)?;
    }
    for (row, difference) in (1..).zip(rows) {
        let relation = difference.relation.map_or("", |relation| relation_word(relation, language));
        let reason = language.render(&difference.reason);
        let group = difference.risk_group.map(|group| group.to_string()).unwrap_or_default();
        let texts = [
            (0, action_word(difference.action, language)),
            (1, difference.id.as_str()),
            (2, difference.name.as_str()),
            (4, relation),
            (5, group.as_str()),
            (6, difference.plan.as_deref().unwrap_or_default()),
            (10, reason.as_str()),
        ];
        for (column, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, cell_text(text))?;
        }
        // a correction counts from the first day
        let on = Some(difference.day).filter(|_| difference.action != Action::Correct);
        for (column, value) in [(3, difference.birth_date), (8, on), (9, difference.last)] {
            if let Some(value) = value {
                write_day(sheet, row, column, value, &day)?;
            }
        }
        if let Some(number) = difference.sum_insured.and_then(exact_number) {
            sheet.write_number_with_format(row, 7, number, &amount)?;
        }
    }
    Ok(())
}
