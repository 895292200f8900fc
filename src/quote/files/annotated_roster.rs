//! `roster-checked.xlsx`: the employer's own roster with the wrong cells marked and the reasons beside their rows.
//!
//! A roster in one `.xlsx` comes back as the workbook that it is, with a fill on the wrong cells, a column of reasons and a sheet with the
//! list. A text, a workbook of another format, several files, and a workbook that cannot be copied part by part come back as plain tables.

use std::collections::BTreeMap;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, Worksheet, XlsxError};

use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::output::annotated_sheet::sheet_edits::sheet_edits;
use crate::output::annotated_sheet::style::AnnotationStyles;
use crate::output::annotated_sheet::{Copies, MarginCell, MarginColumn, Marks};
use crate::output::folder::Folder;
use crate::output::xlsx::layout::row_height;
use crate::output::xlsx::own_workbook::OwnWorkbook;
use crate::output::xlsx::own_workbook::style_book::Look;
use crate::output::xlsx::own_workbook::summary_sheet::{SummaryCell, SummarySheet};
use crate::output::xlsx::own_workbook::unkept::Unkept;
use crate::output::xlsx::{BookWriter, WorkbookError, cell_text, new_workbook, write_error, write_workbook};
use crate::quote::diagnostic_text::{place_text, severity_word};
use crate::table::cell::Cell;
use crate::table::source::Source;
use crate::table::tables::Tables;

/// The name of the file.
pub const NAME: &str = "roster-checked.xlsx";
/// The width of the column of reasons, in letters.
const REASON_WIDTH: u32 = 80;
/// The most mistakes beside no row that are listed: a roster of thousands of sheets has as many.
const LISTED: usize = 1000;

/// Writes the workbook: the employer's own where that can be kept, else a copy of every sheet of the roster that has a table.
pub fn write(tables: &Tables, folder: &Folder, language: Language) -> Result<(), Error> {
    let mut by_sheet: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
    for found in &tables.diagnostics {
        by_sheet.entry(usize::from(found.place.sheet)).or_default().push(found);
    }
    let heading = language.render(&Message::new("checked-reason-heading"));
    let checked = CheckedRoster {
        tables,
        by_sheet,
        language,
        columns: [MarginColumn { heading, width: REASON_WIDTH }],
        summary_name: language.render(&Message::new("checked-summary-sheet")),
    };
    match checked.write_own(folder) {
        Ok(true) => Ok(()),
        Ok(false) => checked.write_plain(folder, None),
        Err(Unkept::Workbook(reason)) => checked.write_plain(folder, Some(reason)),
        Err(Unkept::Failed(fault)) => Err(write_error(folder, NAME, fault)),
    }
}

/// A roster with its diagnostics.
struct CheckedRoster<'c> {
    tables: &'c Tables,
    /// The diagnostics by the places of their sheets.
    by_sheet: BTreeMap<usize, Vec<&'c Diagnostic>>,
    language: Language,
    columns: [MarginColumn; 1],
    summary_name: String,
}

impl CheckedRoster<'_> {
    /// Writes the employer's own workbook; `false` where the roster is none.
    fn write_own(&self, folder: &Folder) -> Result<bool, Unkept> {
        let tables = self.tables;
        let Some(first) = tables.sheets.iter().find(|sheet| sheet.layout.is_some()) else { return Ok(false) };
        let is_workbook = |name: &str| {
            let extension = Path::new(name).extension().unwrap_or_default();
            ["xlsx", "xlsm"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        };
        if tables.files.len() != 1 {
            let is_any = tables.files.iter().any(|file| is_workbook(&file.name));
            return if is_any { Err(Unkept::Workbook(Message::new("unkept-several"))) } else { Ok(false) };
        }
        let failed = |fault: Error| Unkept::Failed(fault.into());
        let mut source = tables.reopen(first).map_err(failed)?;
        let mut edits = BTreeMap::new();
        if matches!(&source, Source::Workbook(book) if book.own_parts().is_some()) {
            for (place, sheet) in tables.sheets.iter().enumerate() {
                if let Some(changes) = sheet_edits(&mut source, sheet, &self.columns[0], self.marks(place)) {
                    edits.insert(sheet.name.as_str(), changes);
                }
            }
        }
        let title = self.language.render(&Message::new("checked-title"));
        let earlier = is_titled(&mut source, &self.summary_name, &title) && !edits.contains_key(&*self.summary_name);
        let Source::Workbook(book) = &source else { return Ok(false) };
        let Some(parts) = book.own_parts() else { return Ok(false) };
        let own = OwnWorkbook::open(parts)?;
        let mut file = folder.create(NAME).map_err(failed)?;
        let summary = |left_out: &[Message]| {
            let what: Vec<String> = left_out.iter().map(|what| self.language.render(what)).collect();
            let note = Message::new("checked-kept").with("what", what.join(", "));
            self.summary((!what.is_empty()).then_some(note))
        };
        own.write(&edits, earlier.then_some(&self.summary_name), summary, &mut file)?;
        folder.finish(file).map_err(failed)?;
        Ok(true)
    }

    /// Writes a sheet that counts the mistakes, then a copy of every sheet of the roster that has a table.
    fn write_plain(&self, folder: &Folder, unkept: Option<Message>) -> Result<(), Error> {
        write_workbook(folder, NAME, |file| -> Result<(), WorkbookError> {
            let mut workbook = new_workbook(DocProperties::new())?;
            let styles = AnnotationStyles::new();
            let note = unkept.map(|reason| Message::new("checked-unkept").with("reason", reason));
            write_summary(workbook.add_worksheet(), &self.summary(note), &styles)?;
            let names = (&mut workbook, self.summary_name.as_str());
            let copies = Copies::reserve(self.tables, names, &styles, &self.columns)?;
            let mut book = BookWriter::new(workbook, copies.long_sheets(), file)?;
            copies.write(&mut book, |sheet| self.marks(sheet))?;
            Ok(book.finish()?)
        })
    }

    /// The wrong cells of a sheet, and the reasons in the margin of their rows.
    fn marks(&self, sheet: usize) -> Marks {
        let mut cells = BTreeMap::new();
        let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for found in self.by_sheet.get(&sheet).into_iter().flatten() {
            let severity = found.code.severity();
            if let Some(column) = found.place.column {
                let worst = cells.entry((found.place.row, column)).or_insert(severity);
                *worst = severity.min(*worst);
            }
            let (reason, of_row) = (self.language.render(&found.message), reasons.entry(found.place.row).or_default());
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
    fn is_of_no_row(&self, found: &Diagnostic) -> bool {
        let sheet = self.tables.sheets.get(usize::from(found.place.sheet));
        let layout = sheet.and_then(|sheet| sheet.layout.as_ref());
        layout.is_none_or(|layout| found.place.row <= layout.header_row)
    }

    /// The sheet with the list: the number of mistakes of each kind, and the first [`LISTED`] of those that belong to no row.
    fn summary(&self, note: Option<Message>) -> SummarySheet {
        let (tables, language) = (self.tables, self.language);
        let words = |name| language.render(&Message::new(name));
        let heading = |name| SummaryCell::Text(words(name), Some(Look::Heading));
        let reason = |found: &Diagnostic| {
            let reason = format!("{}: {}", place_text(tables, found), language.render(&found.message));
            SummaryCell::Text(reason, Some(Look::Wrapped))
        };
        let kind = |code: Code| {
            let severity = code.severity();
            [
                SummaryCell::Text(code.as_str().to_owned(), Some(Look::Marked(severity))),
                SummaryCell::Text(severity_word(severity, language), Some(Look::Wrapped)),
            ]
        };
        let note = note.map(|note| SummaryCell::Text(language.render(&note), None));
        let mut rows = vec![
            vec![SummaryCell::Text(words("checked-title"), Some(Look::Title))],
            note.into_iter().collect(),
            ["checked-kind", "checked-severity", "checked-count", "checked-example"].map(heading).into(),
        ];
        for code in Code::ALL {
            let mut found = tables.diagnostics.iter().filter(|found| found.code == *code);
            let Some(first) = found.next() else { continue };
            let [name, severity] = kind(*code);
            rows.push(vec![name, severity, SummaryCell::Count(1 + found.count()), reason(first)]);
        }
        let apart: Vec<&Diagnostic> = tables.diagnostics.iter().filter(|found| self.is_of_no_row(found)).collect();
        if !apart.is_empty() {
            rows.push(Vec::new());
            rows.push(vec![SummaryCell::Text(words("checked-apart"), Some(Look::Section))]);
        }
        for found in apart.iter().take(LISTED) {
            let [name, severity] = kind(found.code);
            rows.push(vec![name, severity, SummaryCell::Blank, reason(found)]);
        }
        if let Some(more) = apart.len().checked_sub(LISTED).filter(|more| *more > 0) {
            let more = language.render(&Message::new("checked-more").with("count", more));
            rows.push(vec![SummaryCell::Text(more, None)]);
        }
        SummarySheet { name: self.summary_name.clone(), widths: vec![28, 14, 10, REASON_WIDTH], rows }
    }
}

/// Whether a sheet begins with this title: then it is the list of an earlier check.
fn is_titled(source: &mut Source, sheet: &str, title: &str) -> bool {
    let mut is_titled = false;
    let _ = source.rows(sheet, &mut |row| {
        is_titled = row.number() == 1 && matches!(row.cell(0), Cell::Text(text) if text == title);
        false
    });
    is_titled
}

/// Writes the sheet with the list into a workbook of plain tables.
fn write_summary(sheet: &mut Worksheet, summary: &SummarySheet, styles: &AnnotationStyles) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    sheet.set_name(&summary.name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    for (column, width) in (0..).zip(&summary.widths) {
        sheet.set_column_width(column, *width)?;
    }
    for (row, cells) in (0..).zip(&summary.rows) {
        if let Some(points) = row_height(&summary.wrapped(cells)) {
            sheet.set_row_height(row, points)?;
        }
        for (column, cell) in (0..).zip(cells) {
            match cell {
                SummaryCell::Blank => {}
                SummaryCell::Count(count) => {
                    let count = u32::try_from(*count).unwrap_or(u32::MAX);
                    sheet.write_number_with_format(row, column, count, &styles.wrapped)?;
                }
                SummaryCell::Text(text, None) => drop(sheet.write_string(row, column, cell_text(text))?),
                SummaryCell::Text(text, Some(look)) => {
                    let style = match look {
                        Look::Title => &styles.title,
                        Look::Heading => &styles.heading,
                        Look::Section => &styles.section,
                        Look::Wrapped => &styles.wrapped,
                        Look::Marked(severity) => &styles.marks[severity].plain,
                    };
                    sheet.write_string_with_format(row, column, cell_text(text), style)?;
                }
            }
        }
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
