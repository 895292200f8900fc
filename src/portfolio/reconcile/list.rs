//! The list of changes of a reconciliation: a workbook that `endorse` reads, and the rows that are unclear.

use rust_xlsxwriter::XlsxError;
use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::folder::Folder;
use crate::portfolio::reconcile::difference::{Difference, Reconciliation, Request};
use crate::portfolio::roster_sheet::{Heading, INSURED, RosterSheet, relation_word, write_roster};
use crate::roster::value::Action;

/// The heading before those of an insured.
const ACTION: Heading = ("Вид изменения", "Action", 18);
/// The headings after them.
const CHANGE: [Heading; 3] =
    [("Дата изменения", "Change date", 15), ("Действует по", "Valid to", 14), ("Что отличается", "Difference", 44)];

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

/// Writes the files of the result.
pub(super) fn write(folder: &Folder, reconciliation: &Reconciliation, request: &Request) -> Result<(), Error> {
    if !reconciliation.differences.is_empty() {
        let headings = [&[ACTION], &INSURED[..], &CHANGE].concat();
        write_roster(folder, "changes.xlsx", &headings, request.language, |sheet| {
            { reconciliation.differences.iter() }.try_for_each(|row| write_row(sheet, row, request.language))
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

fn write_row(sheet: &mut RosterSheet<'_>, difference: &Difference, language: Language) -> Result<(), XlsxError> {
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
    // a correction counts from the first day
    let on = Some(difference.day).filter(|_| difference.action != Action::Correct);
    let days = [(3, difference.birth_date), (8, on), (9, difference.last)];
    sheet.write_row(texts, days, (7, difference.sum_insured))
}
