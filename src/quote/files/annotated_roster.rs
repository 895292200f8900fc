//! `roster-checked.xlsx`: the employer's own roster with the wrong cells marked and the reasons beside their rows.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, Worksheet, XlsxError};

use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::output::annotated_sheet::style::AnnotationStyles;
use crate::output::annotated_sheet::{Copies, MarginCell, MarginColumn, Marks};
use crate::output::folder::Folder;
use crate::output::xlsx::{BookWriter, WorkbookError, cell_text, new_workbook, write_workbook};
use crate::quote::diagnostic_text::{place_text, severity_word};
use crate::table::tables::Tables;

/// The name of the file.
pub const NAME: &str = "roster-checked.xlsx";
/// The width of the column of reasons, in letters.
const REASON_WIDTH: u32 = 80;
/// The most mistakes beside no row that are listed: a roster of thousands of sheets has as many.
const LISTED: usize = 1000;

/// Writes the workbook: a sheet that counts the mistakes, then a copy of every sheet of the roster that has a table.
pub fn write(tables: &Tables, folder: &Folder, language: Language) -> Result<(), Error> {
    write_workbook(folder, NAME, |file| -> Result<(), WorkbookError> {
        let mut workbook = new_workbook(DocProperties::new())?;
        let styles = AnnotationStyles::new();
        let summary_name = language.render(&Message::new("checked-summary-sheet"));
        summary(workbook.add_worksheet(), &summary_name, tables, &styles, language)?;
        let mut by_sheet: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
        for found in &tables.diagnostics {
            by_sheet.entry(usize::from(found.place.sheet)).or_default().push(found);
        }
        let heading = language.render(&Message::new("checked-reason-heading"));
        let columns = [MarginColumn { heading, width: REASON_WIDTH }];
        let copies = Copies::reserve(tables, (&mut workbook, &summary_name), &styles, &columns)?;
        let mut book = BookWriter::new(workbook, copies.long_sheets(), file)?;
        copies
            .write(&mut book, |sheet| marks(by_sheet.get(&sheet).map(Vec::as_slice).unwrap_or_default(), language))?;
        Ok(book.finish()?)
    })
}

/// The wrong cells of a sheet, and the reasons in the margin of their rows.
fn marks(found: &[&Diagnostic], language: Language) -> Marks {
    let mut cells = BTreeMap::new();
    let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for found in found {
        let severity = found.code.severity();
        if let Some(column) = found.place.column {
            let worst = cells.entry((found.place.row, column)).or_insert(severity);
            *worst = severity.min(*worst);
        }
        let (reason, of_row) = (language.render(&found.message), reasons.entry(found.place.row).or_default());
        // two cells may have the same mistake
        if !of_row.contains(&reason) {
            of_row.push(reason);
        }
    }
    Marks {
        cells,
        margin: reasons.into_iter().map(|(row, of_row)| (row, vec![MarginCell::Text(of_row.join("; "))])).collect(),
    }
}

/// Whether a mistake belongs to no row of the table: it is about a whole file or sheet, or about headings.
fn is_of_no_row(tables: &Tables, found: &Diagnostic) -> bool {
    let sheet = tables.sheets.get(usize::from(found.place.sheet));
    let layout = sheet.and_then(|sheet| sheet.layout.as_ref());
    layout.is_none_or(|layout| found.place.row <= layout.header_row)
}

/// The first sheet: the number of mistakes of each kind, and the first [`LISTED`] of those that belong to no row.
fn summary(
    sheet: &mut Worksheet,
    name: &str,
    tables: &Tables,
    styles: &AnnotationStyles,
    language: Language,
) -> Result<(), XlsxError> {
    let words = |name| language.render(&Message::new(name));
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
        let reason = format!("{}: {}", place_text(tables, found), language.render(&found.message));
        sheet.write_string_with_format(row, 3, cell_text(&reason), &styles.reason)?;
        Ok(())
    };
    let mut row = 3;
    for code in Code::ALL {
        let mut found = tables.diagnostics.iter().filter(|found| found.code == *code);
        let Some(first) = found.next() else { continue };
        kind(sheet, row, *code)?;
        sheet.write_number(row, 2, u32::try_from(1 + found.count()).unwrap_or(u32::MAX))?;
        reason(sheet, row, first)?;
        row += 1;
    }
    let apart: Vec<&Diagnostic> = tables.diagnostics.iter().filter(|found| is_of_no_row(tables, found)).collect();
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
        let more = language.render(&Message::new("checked-more").with("count", more));
        sheet.write_string(row + 1, 0, more)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::*;
    use crate::roster::Roster;
    use crate::roster::spec::RosterSpec;
    use crate::table::spec::SheetChoice;

    #[test]
    fn a_file_is_opened_once_for_all_its_sheets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.xlsx");
        let mut book = Workbook::new();
        for _ in 0..3 {
            book.add_worksheet().write_row_matrix(0, 0, [["ФИО", "ДР"], ["Иванов Пётр", "31.02.1980"]]).unwrap();
        }
        book.save(&path).unwrap();
        let spec = RosterSpec { sheet: SheetChoice::Every, ..crate::roster::spec::tests::spec() };
        let roster = Roster::read(std::slice::from_ref(&path), &spec, &()).unwrap();
        assert_eq!(roster.tables.sheets.len(), 3);
        let mut workbook = Workbook::new();
        let copies = Copies::reserve(&roster.tables, (&mut workbook, "Summary"), &AnnotationStyles::new(), &[]).ok();
        std::fs::remove_file(&path).unwrap();
        let copies = copies.unwrap();
        assert_eq!(workbook.worksheets().len(), 3);
        let mut book = BookWriter::new(workbook, copies.long_sheets(), std::io::sink()).unwrap();
        let outcome = copies.write(&mut book, |_| Marks { cells: BTreeMap::new(), margin: BTreeMap::new() });
        assert!(outcome.is_ok());
        assert!(book.finish().is_ok());
    }
}
