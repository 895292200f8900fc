//! A workbook that `kollektiv` reads again as a roster or a list of changes: a row of headings, and a row for each insured.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, Format, Worksheet, XlsxError};

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::folder::Folder;
use crate::output::xlsx::{WorkbookError, cell_text, exact_number, new_workbook, write_day, write_workbook};
use crate::roster::value::Relation;

/// A heading in Russian and in English, and the width of its column.
pub(super) type Heading = (&'static str, &'static str, u16);

/// The headings of an insured, in the order of every such workbook.
pub(super) const INSURED: [Heading; 7] = [
    ("Таб. №", "ID", 12),
    ("ФИО", "Full name", 34),
    ("Дата рождения", "Birth date", 14),
    ("Степень родства", "Relation", 16),
    ("Группа риска", "Risk group", 13),
    ("Вариант", "Plan", 14),
    ("Страховая сумма", "Sum insured", 16),
];

/// The sheet while its rows are written.
pub(super) struct RosterSheet<'s> {
    sheet: &'s mut Worksheet,
    day: Format,
    amount: Format,
    next: u32,
}

/// Writes a workbook of one sheet with these headings, whose rows `fill` writes.
pub(super) fn write_roster(
    folder: &Folder,
    name: &str,
    headings: &[Heading],
    language: Language,
    fill: impl FnOnce(&mut RosterSheet<'_>) -> Result<(), XlsxError>,
) -> Result<(), Error> {
    write_workbook(folder, name, |file| {
        let mut workbook = new_workbook(DocProperties::new())?;
        fill(&mut RosterSheet::new(workbook.add_worksheet(), headings, language)?)?;
        workbook.save_to_writer(file).map_err(WorkbookError::from)
    })
}

impl<'s> RosterSheet<'s> {
    fn new(sheet: &'s mut Worksheet, headings: &[Heading], language: Language) -> Result<Self, XlsxError> {
        let bold = Format::new().set_bold().set_text_wrap();
        sheet.set_freeze_panes(1, 0)?;
        for (column, (russian, english, width)) in (0..).zip(headings) {
            let heading = if language == Language::Ru { russian } else { english };
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *heading, &bold)?;
        }
        let day = Format::new().set_num_format("dd.mm.yyyy");
        let amount = Format::new().set_num_format("#,##0.00");
        Ok(Self { sheet, day, amount, next: 1 })
    }

    /// Writes the next row: its texts, its days and its sum insured, each with its column, without those that are empty.
    pub fn write_row<'t>(
        &mut self,
        texts: impl IntoIterator<Item = (u16, &'t str)>,
        days: impl IntoIterator<Item = (u16, Option<Date>)>,
        (sum_column, sum_insured): (u16, Option<Kopecks>),
    ) -> Result<(), XlsxError> {
        let row = self.next;
        for (column, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            self.sheet.write_string(row, column, cell_text(text))?;
        }
        for (column, day) in days.into_iter().filter_map(|(column, day)| Some(column).zip(day)) {
            write_day(self.sheet, row, column, day, &self.day)?;
        }
        if let Some(number) = sum_insured.and_then(exact_number) {
            self.sheet.write_number_with_format(row, sum_column, number, &self.amount)?;
        }
        self.next += 1;
        Ok(())
    }
}

/// The word of a language for a relation, as rosters have it.
pub(super) const fn relation_word(relation: Relation, language: Language) -> &'static str {
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
