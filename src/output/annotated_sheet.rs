//! Sheets of a roster or a register as they came, cell by cell, with marks on cells and columns beside the table.
//!
//! Every row and column stays where its writer has it, so that the table can be mended in place, sent back and read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::base::diagnostic::Severity;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::xlsx::{WorkbookError, fitting, write_day};
use crate::quote::documents::workbook::kept;
use crate::roster::field::Field;
use crate::roster::{Roster, Sheet};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::layout::Layout;
use crate::table::limits::{MAX_COLUMNS, MAX_ROWS};
use crate::table::source::Source;
use crate::table::text::folded_heading;

/// No column is made wider.
const MAX_WIDTH: usize = 50;
/// A letter is so wide, and a column so much wider than its letters, in pixels.
const LETTER_PIXELS: u32 = 7;

/// How the cells look.
pub(crate) struct Styles {
    /// A title.
    pub(crate) title: Format,
    /// A heading.
    pub(crate) heading: Format,
    date: Format,
    /// Words beside a row.
    pub(crate) reason: Format,
    money: Format,
    tones: BTreeMap<Highlight, Format>,
    /// A marked cell.
    pub(crate) marks: BTreeMap<Severity, Mark>,
}

/// How a marked cell looks, with and without the format of a date.
pub(crate) struct Mark {
    /// Without it.
    pub(crate) plain: Format,
    date: Format,
}

impl Styles {
    /// Those of a workbook.
    pub(crate) fn new() -> Self {
        let tone = |colour: u32| Format::new().set_background_color(Color::RGB(colour));
        let date = Format::new().set_num_format("dd.mm.yyyy");
        let mark = |colour: u32| {
            let plain = Format::new().set_background_color(Color::RGB(colour));
            Mark { date: plain.clone().set_num_format("dd.mm.yyyy"), plain }
        };
        let marks = [
            (Severity::Error, mark(0x00FF_C7CE)),
            (Severity::Referral, mark(0x00FF_D9A0)),
            (Severity::Warning, mark(0x00FF_F2B3)),
        ];
        Self {
            title: Format::new().set_bold().set_font_size(14),
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter),
            date,
            // not wrapped: a row keeps its height, and nothing stands to the right of the reasons
            reason: Format::new(),
            money: Format::new().set_num_format("#,##0.00"),
            tones: [
                (Highlight::Good, tone(0x00E2_F0D9)),
                (Highlight::Doubtful, tone(0x00FF_F2B3)),
                (Highlight::Bad, tone(0x00FF_C7CE)),
            ]
            .into(),
            marks: marks.into(),
        }
    }
}

/// How what stands beside a row is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Highlight {
    /// As it should be.
    Good,
    /// Somebody has to do something.
    Doubtful,
    /// Not as it should be.
    Bad,
}

/// What stands in a cell beside a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MarginCell {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// Words on a coloured ground.
    Toned(String, Highlight),
    /// An amount.
    Amount(Kopecks),
}

/// A column beside a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarginColumn {
    /// Its heading.
    pub heading: String,
    /// How wide it is, in letters.
    pub width: u32,
}

/// What is added to one sheet: colours of cells, and columns beside the table.
pub(crate) struct Marks {
    /// The worst of each cell.
    pub cells: BTreeMap<(u32, u32), Severity>,
    /// The columns beside the table.
    pub columns: Vec<MarginColumn>,
    /// What stands in them, by row.
    pub beside: BTreeMap<u32, Vec<MarginCell>>,
}

impl Marks {
    /// The columns of a row with a mark, of which most rows have none.
    fn of_row(&self, row: u32) -> Vec<(u32, Severity)> {
        self.cells.range((row, 0)..=(row, u32::MAX)).map(|((_, column), severity)| (*column, *severity)).collect()
    }
}

/// Copies sheets of a roster or a register into a workbook, one after another; each of its files is opened once.
pub(crate) struct Copier<'w> {
    workbook: &'w mut Workbook,
    roster: &'w Roster,
    /// The names of the sheets before.
    names: Vec<String>,
    styles: &'w Styles,
    /// The file of the sheet before, opened.
    opened: Option<(PathBuf, Source)>,
}

impl<'w> Copier<'w> {
    /// Nothing is copied yet; the workbook has a sheet of this name.
    pub(crate) fn new(workbook: &'w mut Workbook, roster: &'w Roster, name: &str, styles: &'w Styles) -> Self {
        Self { workbook, roster, names: vec![name.to_lowercase()], styles, opened: None }
    }

    /// Copies a sheet, cell by cell, with its marks.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where the file is not what was read, and whatever the library refuses.
    pub(crate) fn copy(&mut self, sheet: &Sheet, marks: &Marks) -> Result<(), WorkbookError> {
        let changed = || Error::Changed { path: sheet.path.clone() };
        let opened = self.opened.take().filter(|(path, _)| *path == sheet.path);
        let (path, mut source) = match opened {
            Some(opened) => opened,
            None => (sheet.path.clone(), self.roster.reopen(sheet).ok_or_else(changed)?),
        };
        copy(self.workbook, &mut source, sheet, marks, &mut self.names, self.styles)?;
        self.opened = Some((path, source));
        Ok(())
    }
}

fn copy(
    workbook: &mut Workbook,
    source: &mut Source,
    sheet: &Sheet,
    marks: &Marks,
    names: &mut Vec<String>,
    styles: &Styles,
) -> Result<(), WorkbookError> {
    let Some(layout) = &sheet.layout else { return Ok(()) };
    let widths = widths(source, sheet);
    // where nothing stands in the table: one far cell does not take the reasons with it
    let is_free = |column: &usize| widths.get(*column).is_none_or(|width| *width == 0);
    let mut free = (layout.headings.len()..MAX_COLUMNS).filter(is_free);
    let place = |column: &MarginColumn| {
        let is_same = |heading: &String| folded_heading(heading) == folded_heading(&column.heading);
        layout.headings.iter().position(is_same).or_else(|| free.next()).unwrap_or(MAX_COLUMNS - 1)
    };
    let beside: Vec<usize> = marks.columns.iter().map(place).collect();
    let own_widths = match &*source {
        Source::Workbook(book) => book.column_widths(&sheet.name),
        Source::Text { .. } => BTreeMap::new(),
    };
    let recounted = recounted(source, layout);
    let mut pages = Pages {
        workbook,
        sheet,
        names,
        page: None,
        header_row: layout.header_row,
        widths: &widths,
        own_widths,
        columns: &marks.columns,
        beside: &beside,
        recounted: &recounted,
        last_row: 0,
    };
    let mut outcome = Ok(());
    let read = source.rows(&sheet.name, &mut |row| {
        outcome = copy_row(&mut pages, row, marks, styles);
        outcome.is_ok()
    });
    outcome?;
    read.map_err(|_| Error::Changed { path: sheet.path.clone() })?;
    Ok(pages.filter()?)
}

/// The columns of dates whose numbers count days as the copy does not: in a workbook that counts from 1904.
fn recounted(source: &Source, layout: &Layout) -> Vec<usize> {
    const DATES: [Field; 3] = [Field::BirthDate, Field::Start, Field::End];
    let dates = || layout.columns().filter(|(field, _)| DATES.contains(field)).map(|(_, column)| column);
    if source.epoch() == Epoch::Year1904 { dates().collect() } else { Vec::new() }
}

fn copy_row(pages: &mut Pages<'_>, row: &dyn Row, marks: &Marks, styles: &Styles) -> Result<(), XlsxError> {
    let (header_row, beside, recounted) = (pages.header_row, pages.beside, pages.recounted);
    let (page, at) = pages.at(row.number())?;
    let is_kept = |column: &usize| !beside.contains(column) || row.number() < header_row;
    let marked = marks.of_row(row.number());
    for column in (0..row.width().min(MAX_COLUMNS)).filter(is_kept) {
        let place = u16::try_from(column).unwrap_or(u16::MAX);
        let mark = marked.iter().find(|(column, _)| *column == u32::from(place));
        let mark = mark.map(|(_, severity)| &styles.marks[severity]);
        let cell = match row.cell(column) {
            Cell::Number(serial) if recounted.contains(&column) => {
                Epoch::Year1904.day(serial).map_or(Cell::Number(serial), Cell::Date)
            }
            cell => cell,
        };
        let looks = CellStyle { mark, is_heading: row.number() == header_row, styles };
        copy_cell(page, (at, place), cell, &looks)?;
    }
    let places = beside.iter().map(|column| u16::try_from(*column).unwrap_or(u16::MAX));
    if row.number() == header_row {
        for (place, column) in places.zip(&marks.columns) {
            page.write_string_with_format(at, place, column.heading.as_str(), &styles.heading)?;
        }
    } else if let Some(cells) = marks.beside.get(&row.number()) {
        for (place, cell) in places.zip(cells) {
            write_beside(page, at, place, cell, styles)?;
        }
    }
    Ok(())
}

fn write_beside(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &MarginCell,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        MarginCell::Blank => {}
        MarginCell::Text(text) => {
            page.write_string_with_format(row, column, fitting(text), &styles.reason)?;
        }
        MarginCell::Toned(text, tone) => {
            page.write_string_with_format(row, column, fitting(text), &styles.tones[tone])?;
        }
        MarginCell::Amount(amount) => {
            match kept(*amount) {
                Some(number) => page.write_number_with_format(row, column, number, &styles.money)?,
                None => page.write_string(row, column, amount.to_string())?,
            };
        }
    }
    Ok(())
}

/// How a copied cell looks.
struct CellStyle<'s> {
    mark: Option<&'s Mark>,
    is_heading: bool,
    styles: &'s Styles,
}

fn copy_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell<'_>,
    looks: &CellStyle<'_>,
) -> Result<(), XlsxError> {
    let CellStyle { mark, is_heading, styles } = looks;
    let plain = mark.map(|mark| &mark.plain).or(is_heading.then_some(&styles.heading));
    match (cell, plain) {
        (Cell::Empty, None) => {}
        (Cell::Empty, Some(format)) => {
            page.write_blank(row, column, format)?;
        }
        (Cell::Number(number), None) => {
            page.write_number(row, column, number)?;
        }
        (Cell::Number(number), Some(format)) => {
            page.write_number_with_format(row, column, number, format)?;
        }
        (Cell::Date(date), _) => {
            let format = mark.map_or(&styles.date, |mark| &mark.date);
            write_day(page, row, column, date, format)?;
        }
        (other, None) => {
            page.write_string(row, column, fitting(&other.shown()))?;
        }
        (other, Some(format)) => {
            page.write_string_with_format(row, column, fitting(&other.shown()), format)?;
        }
    }
    Ok(())
}

/// How wide each column is, in letters of its longest text.
fn widths(source: &mut Source, sheet: &Sheet) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    let _ = source.rows(&sheet.name, &mut |row| {
        widths.resize(widths.len().max(row.width().min(MAX_COLUMNS)), 0);
        let in_table = sheet.layout.as_ref().is_some_and(|layout| row.number() >= layout.header_row);
        for (column, width) in widths.iter_mut().enumerate().take(row.width()).filter(|_| in_table) {
            let letters = match row.cell(column) {
                Cell::Text(text) => text.chars().count(),
                Cell::Empty => 0,
                _ => 10,
            };
            *width = letters.clamp(*width, MAX_WIDTH.max(*width));
        }
        true
    });
    widths
}

/// The sheets that one sheet of the roster becomes: one, or more past Excel's last row.
struct Pages<'p> {
    workbook: &'p mut Workbook,
    sheet: &'p Sheet,
    names: &'p mut Vec<String>,
    page: Option<u32>,
    header_row: u32,
    widths: &'p [usize],
    /// The employer's own widths, in pixels.
    own_widths: BTreeMap<usize, u32>,
    /// The columns beside the table and where they stand.
    columns: &'p [MarginColumn],
    beside: &'p [usize],
    /// The columns whose numbers are written as the dates that they mean.
    recounted: &'p [usize],
    /// The last row on the first page.
    last_row: u32,
}

impl Pages<'_> {
    /// The page of a row and the place of the row on it.
    fn at(&mut self, row: u32) -> Result<(&mut Worksheet, u32), XlsxError> {
        let wanted = (row - 1) / MAX_ROWS;
        if self.page != Some(wanted) {
            let name = self.name(wanted);
            let page = self.workbook.add_worksheet_with_constant_memory()?;
            page.set_name(&name)?;
            for (column, width) in self.widths.iter().enumerate() {
                let letters = u32::try_from(width + 2).unwrap_or(u32::MAX / LETTER_PIXELS);
                let pixels = self.own_widths.get(&column).copied().unwrap_or(letters * LETTER_PIXELS);
                page.set_column_width_pixels(u16::try_from(column).unwrap_or(u16::MAX), pixels)?;
            }
            for (place, column) in self.beside.iter().zip(self.columns) {
                page.set_column_width(u16::try_from(*place).unwrap_or(u16::MAX), column.width)?;
            }
            if wanted == 0 {
                page.set_freeze_panes(self.header_row, 0)?;
            }
            self.page = Some(wanted);
        }
        if wanted == 0 {
            self.last_row = row;
        }
        let last = self.workbook.worksheets().len() - 1;
        let page = self.workbook.worksheet_from_index(last)?;
        Ok((page, (row - 1) % MAX_ROWS))
    }

    /// Lets the reader of the first page choose rows by what is in them, and by the reasons.
    fn filter(&mut self) -> Result<(), XlsxError> {
        if self.page == Some(0) && self.last_row > self.header_row {
            let last = self.workbook.worksheets().len() - 1;
            let last_column = self.beside.iter().copied().max().unwrap_or_default();
            let last_column = u16::try_from(last_column).unwrap_or(u16::MAX);
            self.workbook.worksheet_from_index(last)?.autofilter(
                self.header_row - 1,
                0,
                self.last_row - 1,
                last_column,
            )?;
        }
        Ok(())
    }

    /// A name that Excel takes and that no other sheet has: the employer's own where that is possible.
    fn name(&mut self, page: u32) -> String {
        let stem = match self.sheet.file.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => &self.sheet.file,
        };
        let wanted = if self.sheet.name.is_empty() { stem } else { &self.sheet.name };
        let clean: String = wanted
            .chars()
            .map(|letter| if "[]:*?/\\".contains(letter) || letter.is_control() { '_' } else { letter })
            .collect();
        let cut = |suffix: &str| shortened(&clean, suffix);
        let first = if page == 0 { String::new() } else { format!(" ({})", page + 1) };
        let mut name = cut(&first);
        let mut count = 2;
        while self.names.contains(&name.to_lowercase()) {
            name = cut(&format!(" ({count})"));
            count += 1;
        }
        self.names.push(name.to_lowercase());
        name
    }
}

/// As much of a sheet's name as Excel takes, with a suffix.
fn shortened(name: &str, suffix: &str) -> String {
    const LONGEST: usize = 31;
    // Excel counts the letters as UTF-16 does
    let mut room = LONGEST - suffix.encode_utf16().count();
    let fits = |letter: &char| match room.checked_sub(letter.len_utf16()) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let cut: String = name.chars().take_while(fits).collect();
    // which may not stand at either end
    match cut.trim_matches('\'') {
        "" => format!("_{suffix}"),
        inner => format!("{inner}{suffix}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::spec::{RosterSpec, RowKind, SheetChoice};

    #[test]
    fn a_file_is_opened_once_for_all_its_sheets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.xlsx");
        let mut book = Workbook::new();
        for _ in 0..3 {
            book.add_worksheet().write_row_matrix(0, 0, [["ФИО", "ДР"], ["Иванов Пётр", "31.02.1980"]]).unwrap();
        }
        book.save(&path).unwrap();
        let wanted = RosterSpec::of_clinic(RowKind::Insured, Vec::new(), SheetChoice::Every);
        let roster = Roster::read(std::slice::from_ref(&path), &wanted, &());
        assert_eq!(roster.sheets.len(), 3);
        let (styles, mut made) = (Styles::new(), Workbook::new());
        let marks = Marks { cells: BTreeMap::new(), columns: Vec::new(), beside: BTreeMap::new() };
        let mut copier = Copier::new(&mut made, &roster, "Summary", &styles);
        assert!(copier.copy(&roster.sheets[0], &marks).is_ok());
        // whoever takes the file away now is too late
        std::fs::remove_file(&path).unwrap();
        assert!(roster.sheets[1..].iter().all(|sheet| copier.copy(sheet, &marks).is_ok()));
        assert_eq!(made.worksheets().len(), 3);
    }

    #[test]
    fn names_of_sheets_are_cut_to_what_excel_takes() {
        assert_eq!(shortened(&"ж".repeat(31), ""), "ж".repeat(31));
        assert_eq!(shortened(&"ж".repeat(40), " (2)"), "ж".repeat(27) + " (2)");
        assert_eq!(shortened(&format!("'{}'х", "ж".repeat(29)), ""), "ж".repeat(29));
        assert_eq!((shortened("О'Нил", "").as_str(), shortened("''", "").as_str()), ("О'Нил", "_"));
        // each of them is two letters for Excel
        assert_eq!(shortened(&"😀".repeat(20), ""), "😀".repeat(15));
    }
}
