//! `roster-checked.xlsx`: the employer's own roster with the wrong cells marked and the reason beside the row.
//!
//! Every row and column stays where the employer has it, so that the table can be mended in place, sent back and read.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, Worksheet, XlsxError};

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::output::annotated_sheet::{Copier, MarginCell, MarginColumn, Marks, Styles};
use crate::output::folder::Folder;
use crate::output::xlsx::{WorkbookError, begun, fitting, made};
use crate::roster::Roster;

/// The name of the file.
pub const NAME: &str = "roster-checked.xlsx";
/// The column of reasons is so wide.
const REASON_WIDTH: u32 = 80;
/// So many of the mistakes that stand beside no row are listed: a roster of thousands of sheets has as many.
const LISTED: usize = 1000;

/// Writes the workbook: a sheet that counts the mistakes, then every sheet of the roster that was read.
pub fn write(roster: &Roster, folder: &Folder, language: Language) -> Result<(), Error> {
    made(folder, NAME, |file| -> Result<(), WorkbookError> {
        let mut workbook = begun(DocProperties::new())?;
        let styles = Styles::new();
        let summary_name = language.say(&Message::new("checked-summary-sheet"));
        summary(workbook.add_worksheet(), &summary_name, roster, &styles, language)?;
        let mut by_sheet: BTreeMap<u16, Vec<&Diagnostic>> = BTreeMap::new();
        for found in &roster.diagnostics {
            by_sheet.entry(found.place.sheet).or_default().push(found);
        }
        let mut copier = Copier::new(&mut workbook, roster, &summary_name, &styles);
        for (place, sheet) in roster.sheets.iter().enumerate().filter(|(_, sheet)| sheet.layout.is_some()) {
            let found = u16::try_from(place).ok().and_then(|place| by_sheet.get(&place));
            let found = found.map(Vec::as_slice).unwrap_or_default();
            copier.copy(sheet, &marks(found, language))?;
        }
        Ok(workbook.save_to_writer(file)?)
    })
}

/// The wrong cells of a sheet, and the reasons beside their rows.
fn marks(found: &[&Diagnostic], language: Language) -> Marks {
    let mut cells = BTreeMap::new();
    let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for found in found {
        let severity = found.code.severity();
        if let Some(column) = found.place.column {
            let worst = cells.entry((found.place.row, column)).or_insert(severity);
            *worst = severity.min(*worst);
        }
        let (said, of_row) = (language.say(&found.message), reasons.entry(found.place.row).or_default());
        // two cells may be wrong alike
        if !of_row.contains(&said) {
            of_row.push(said);
        }
    }
    let heading = language.say(&Message::new("checked-reason-heading"));
    Marks {
        cells,
        columns: vec![MarginColumn { heading, width: REASON_WIDTH }],
        beside: reasons.into_iter().map(|(row, of_row)| (row, vec![MarginCell::Text(of_row.join("; "))])).collect(),
    }
}

/// Whether the reason cannot stand beside a row of people: it is about a whole file or sheet, or about headings.
fn is_of_no_row(roster: &Roster, found: &Diagnostic) -> bool {
    let sheet = roster.sheets.get(usize::from(found.place.sheet));
    let layout = sheet.and_then(|sheet| sheet.layout.as_ref());
    layout.is_none_or(|layout| found.place.row <= layout.header_row)
}

/// The first sheet: how many mistakes of each kind, and the first [`LISTED`] of those that stand beside no row.
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
    let kind = |sheet: &mut Worksheet, row, code: Code| -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, code.as_str(), &styles.marks[&code.severity()].plain)?;
        sheet.write_string(row, 1, severity_word(code.severity(), language))?;
        Ok(())
    };
    let reason = |sheet: &mut Worksheet, row, found: &Diagnostic| -> Result<(), XlsxError> {
        let reason = format!("{}: {}", crate::quote::files::shown_place(roster, found), language.say(&found.message));
        sheet.write_string_with_format(row, 3, fitting(&reason), &styles.reason)?;
        Ok(())
    };
    let mut row = 3;
    for code in Code::ALL {
        let mut found = roster.diagnostics.iter().filter(|found| found.code == *code);
        let Some(first) = found.next() else { continue };
        kind(sheet, row, *code)?;
        sheet.write_number(row, 2, u32::try_from(1 + found.count()).unwrap_or(u32::MAX))?;
        reason(sheet, row, first)?;
        row += 1;
    }
    let apart: Vec<&Diagnostic> = roster.diagnostics.iter().filter(|found| is_of_no_row(roster, found)).collect();
    if apart.is_empty() {
        return Ok(());
    }
    row += 1;
    sheet.write_string_with_format(row, 0, words("checked-apart"), &styles.heading)?;
    for found in apart.iter().take(LISTED) {
        row += 1;
        kind(sheet, row, found.code)?;
        reason(sheet, row, found)?;
    }
    if let Some(more) = apart.len().checked_sub(LISTED).filter(|more| *more > 0) {
        let more = language.say(&Message::new("checked-more").with("count", more));
        sheet.write_string(row + 1, 0, more)?;
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
