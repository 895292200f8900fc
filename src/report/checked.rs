//! `roster-checked.xlsx`: the employer's own roster with the wrong cells marked and the reason beside the row.
//!
//! Every row and column stays where the employer has it, so that the table can be mended in place, sent back and read.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, Worksheet, XlsxError};

use super::folder::Folder;
use super::marked::{Beside, BesideColumn, Marks, Styles, copy};
use super::xlsx::{Unmade, begun, fitting, made};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::error::Error;
use crate::roster::Roster;
use crate::words::{Language, Message};

/// The name of the file.
pub const NAME: &str = "roster-checked.xlsx";
/// The column of reasons is so wide.
const REASON_WIDTH: u32 = 80;

/// Writes the workbook: a sheet that counts the mistakes, then every sheet of the roster that was read.
pub fn write(roster: &Roster, folder: &Folder, language: Language) -> Result<(), Error> {
    made(folder, NAME, |file| -> Result<(), Unmade> {
        let mut workbook = begun(DocProperties::new())?;
        let styles = Styles::new();
        let summary_name = language.say(&Message::new("checked-summary-sheet"));
        summary(workbook.add_worksheet(), &summary_name, roster, &styles, language)?;
        let mut names = vec![summary_name.to_lowercase()];
        for (place, sheet) in roster.sheets.iter().enumerate().filter(|(_, sheet)| sheet.layout.is_some()) {
            let found: Vec<&Diagnostic> =
                roster.diagnostics.iter().filter(|found| usize::from(found.place.sheet) == place).collect();
            copy(&mut workbook, roster, sheet, &marks(&found, language), &mut names, &styles)?;
        }
        Ok(workbook.save_to_writer(file)?)
    })
}

/// The wrong cells of a sheet, and the reasons beside their rows.
fn marks(found: &[&Diagnostic], language: Language) -> Marks {
    let mut cells = BTreeMap::new();
    let mut reasons: BTreeMap<u32, String> = BTreeMap::new();
    for found in found {
        let severity = found.code.severity();
        if let Some(column) = found.place.column {
            let worst = cells.entry((found.place.row, column)).or_insert(severity);
            *worst = severity.min(*worst);
        }
        let said = language.say(&found.message);
        reasons
            .entry(found.place.row)
            .and_modify(|before| {
                before.push_str("; ");
                before.push_str(&said);
            })
            .or_insert(said);
    }
    let heading = language.say(&Message::new("checked-reason-heading"));
    Marks {
        cells,
        columns: vec![BesideColumn { heading, width: REASON_WIDTH }],
        beside: reasons.into_iter().map(|(row, reason)| (row, vec![Beside::Text(reason)])).collect(),
    }
}

/// The first sheet: how many mistakes of each kind, and what stands against whole files.
fn summary(
    sheet: &mut Worksheet,
    name: &str,
    roster: &Roster,
    styles: &Styles,
    language: Language,
) -> Result<(), XlsxError> {
    let words = |name| language.say(&Message::new(name));
    sheet.set_name(name)?;
    sheet
        .set_column_width(0, 28)?
        .set_column_width(1, 14)?
        .set_column_width(2, 10)?
        .set_column_width(3, REASON_WIDTH)?;
    sheet.write_string_with_format(0, 0, words("checked-title"), &styles.title)?;
    for (column, heading) in
        ["checked-kind", "checked-severity", "checked-count", "checked-example"].into_iter().enumerate()
    {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        sheet.write_string_with_format(2, column, words(heading), &styles.heading)?;
    }
    let mut row = 3;
    for code in Code::ALL {
        let mut found = roster.diagnostics.iter().filter(|found| found.code == *code);
        let Some(first) = found.next() else { continue };
        sheet.write_string_with_format(row, 0, code.as_str(), &styles.marks[&code.severity()].plain)?;
        sheet.write_string(row, 1, severity_word(code.severity(), language))?;
        sheet.write_number(row, 2, u32::try_from(1 + found.count()).unwrap_or(u32::MAX))?;
        let example = format!("{}: {}", super::shown_place(roster, first), language.say(&first.message));
        sheet.write_string_with_format(row, 3, fitting(&example), &styles.reason)?;
        row += 1;
    }
    Ok(())
}

/// The severity in the reader's language.
#[must_use]
pub fn severity_word(severity: Severity, language: Language) -> String {
    language.say(&Message::new(match severity {
        Severity::Error => "severity-error",
        Severity::Referral => "severity-referral",
        Severity::Warning => "severity-warning",
    }))
}
