//! Writes an edition as a workbook.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, Format, Worksheet, XlsxError};
use toml::de::{DeTable, DeValue};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::desk::edition_workbook::sheet_kind::{
    BY_CHILD_BAND, CHILD_BAND, CellForm, Field, KINDS, SheetKind, SheetMeaning,
};
use crate::desk::edition_workbook::values::{coefficient_text, day, one_line, scalar_text, texts, value_at};
use crate::output::staging::write_new_file;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::{nearest_number, new_workbook, write_day};
use crate::tariff::Tariff;

/// The most letters of a sheet's name in Excel.
const NAME_LETTERS: usize = 31;
/// The letters that a sheet's name cannot have.
const NOT_IN_NAMES: [char; 8] = ['[', ']', ':', '*', '?', '/', '\\', '\''];
/// The letters that separate codes in a cell.
const SEPARATORS: [char; 2] = [',', '='];

/// Writes the workbook of an edition to a new file, complete or not at all.
///
/// # Errors
///
/// As [`export`]; [`Error::Exists`] where the file exists, [`Error::NoFolder`] where its folder does not, [`Error::Io`] where the system
/// refuses.
pub fn export_to(tariff: &Tariff, path: &Path) -> Result<(), Error> {
    write_new_file(path, &export(tariff)?)
}

/// The workbook of an edition with its tests: equal editions give equal bytes, whatever comments their files have.
///
/// # Errors
///
/// [`Error::Unlawful`] where a code has a comma or an equals sign, by which cells separate codes; [`Error::Workbook`] where a text is longer
/// than a cell of Excel.
pub fn export(tariff: &Tariff) -> Result<Vec<u8>, Error> {
    check_codes(tariff)?;
    let failed = |reason: String| Error::Workbook { path: tariff.source.path.clone(), reason };
    let root = DeTable::parse(&tariff.source.text).map_err(|fault| failed(fault.to_string()))?;
    write(&sheets(root.get_ref())).map_err(|fault| failed(fault.to_string()))
}

fn check_codes(tariff: &Tariff) -> Result<(), Error> {
    let codes = tariff.services.iter().map(|service| &service.code);
    let codes = codes.chain(tariff.programmes.iter().map(|programme| &programme.code));
    match codes.into_iter().find(|code| code.contains(SEPARATORS)) {
        Some(code) => {
            Err(Error::Unlawful { reason: Message::new("edition-workbook-code").with("code", code.as_str()) })
        }
        None => Ok(()),
    }
}

/// The content of a cell.
enum CellData {
    Empty,
    Text(String),
    Whole(String),
    Decimal(String),
    Day(Date),
}

/// A sheet before it is written.
struct SheetData {
    kind: &'static SheetKind,
    /// The clause and, for the sheets of a programme, its code.
    about: (String, String),
    facts: Vec<CellData>,
    rows: Vec<Vec<CellData>>,
    /// The values for the children's bands of each row.
    bands: Vec<Vec<CellData>>,
}

impl SheetData {
    fn new(kind: &'static SheetKind, table: &DeTable<'_>) -> Self {
        let about = (text_at(table, "clause"), String::new());
        let facts = kind.facts.iter().map(|field| cell(table, field)).collect();
        Self { kind, about, facts, rows: Vec::new(), bands: Vec::new() }
    }

    fn add_row(&mut self, table: &DeTable<'_>, bands: &str) {
        self.rows.push(self.kind.columns.iter().map(|field| cell(table, field)).collect());
        let values = value_at(table, bands).map(texts).unwrap_or_default();
        self.bands.push(values.iter().map(|value| decimal(value)).collect());
    }
}

/// Every sheet of an edition's file, in the order of the workbook.
fn sheets(root: &DeTable<'_>) -> Vec<SheetData> {
    let mut sheets = Vec::new();
    for kind in &KINDS {
        match kind.meaning {
            SheetMeaning::Edition => sheets.extend(table_at(root, "edition").map(|table| SheetData::new(kind, table))),
            SheetMeaning::Table(key) => {
                let Some(table) = table_at(root, key) else { continue };
                let mut sheet = SheetData::new(kind, table);
                let rows = if key == "risk" { "groups" } else { "bands" };
                tables_at(table, rows).for_each(|row| sheet.add_row(row, BY_CHILD_BAND));
                sheets.push(sheet);
            }
            SheetMeaning::Rows(key) => {
                let mut sheet = SheetData::new(kind, root);
                tables_at(root, key).for_each(|row| sheet.add_row(row, "base.by_child_band"));
                if kind.is_needed || !sheet.rows.is_empty() {
                    sheets.push(sheet);
                }
            }
            SheetMeaning::Exclusions => sheets.extend(of_programmes(root, kind, "exclusions")),
            SheetMeaning::Inclusions => sheets.extend(of_programmes(root, kind, "inclusions")),
        }
    }
    sheets
}

/// A sheet for each programme that has a table under a key.
fn of_programmes(root: &DeTable<'_>, kind: &'static SheetKind, key: &str) -> Vec<SheetData> {
    let sheet = |programme: &DeTable<'_>| {
        let table = table_at(programme, key)?;
        let code = text_at(programme, "code");
        let mut sheet = SheetData::new(kind, table);
        sheet.about.1.clone_from(&code);
        sheet.facts[0] = CellData::Text(code);
        for rows in ["rows", "sets"] {
            for row in tables_at(table, rows) {
                sheet.add_row(row, BY_CHILD_BAND);
                if let (Some(service), Some(cells)) = (row.get("service"), sheet.rows.last_mut()) {
                    cells[0] = CellData::Text(scalar_text(service.get_ref()));
                }
            }
        }
        Some(sheet)
    };
    tables_at(root, "programme").filter_map(sheet).collect()
}

fn table_at<'d>(table: &'d DeTable<'d>, key: &str) -> Option<&'d DeTable<'d>> {
    table.get(key)?.get_ref().as_table()
}

fn tables_at<'d>(table: &'d DeTable<'d>, key: &str) -> impl Iterator<Item = &'d DeTable<'d>> {
    let list = table.get(key).and_then(|value| value.get_ref().as_array());
    list.into_iter().flat_map(|list| list.iter()).filter_map(|value| value.get_ref().as_table())
}

fn text_at(table: &DeTable<'_>, key: &str) -> String {
    table.get(key).map(|value| scalar_text(value.get_ref())).unwrap_or_default()
}

/// The cell of a field of a table in the file.
fn cell(table: &DeTable<'_>, field: &Field) -> CellData {
    let found = match value_at(table, field.key) {
        // the bare coefficient of additional services
        None => field.key.strip_suffix(".coefficient").and_then(|key| value_at(table, key)),
        found => found,
    };
    let Some(value) = found else { return CellData::Empty };
    match field.form {
        CellForm::Text | CellForm::Rate => text(scalar_text(value)),
        CellForm::Whole => CellData::Whole(scalar_text(value)),
        CellForm::Decimal => decimal(&scalar_text(value)),
        CellForm::Day => day(value).map_or_else(|| text(scalar_text(value)), CellData::Day),
        CellForm::Codes => text(texts(value).join(", ")),
        CellForm::Exclusions => text(exclusions(value)),
        CellForm::RiskChoices => text(risk_choices(value)),
    }
}

fn text(text: String) -> CellData {
    if text.is_empty() { CellData::Empty } else { CellData::Text(text) }
}

/// A number; a word where the file has one; empty where the value is a table of its own.
fn decimal(written: &str) -> CellData {
    coefficient_text(written).map_or_else(|| text(written.to_owned()), CellData::Decimal)
}

fn exclusions(value: &DeValue<'_>) -> String {
    let list = value.as_array().into_iter().flat_map(|list| list.iter());
    let item = |value: &DeValue<'_>| match value.as_table() {
        Some(table) => {
            let (service, choice) = (text_at(table, "service"), text_at(table, "coefficient"));
            let choice = coefficient_text(&choice).unwrap_or(choice);
            if choice.is_empty() { service } else { format!("{service} = {choice}") }
        }
        None => scalar_text(value),
    };
    list.map(|value| item(value.get_ref())).collect::<Vec<_>>().join(", ")
}

fn risk_choices(value: &DeValue<'_>) -> String {
    let groups = value.as_table().into_iter().flat_map(|table| table.iter());
    let choice = |written: String| coefficient_text(&written).unwrap_or(written);
    let item = |(group, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let group: &std::borrow::Cow<'_, str> = group.get_ref();
        format!("{} = {}", one_line(group), choice(scalar_text(value.get_ref())))
    };
    groups.map(item).collect::<Vec<_>>().join(", ")
}

/// The formats of the cells.
struct Look {
    styles: Styles,
    decimal: Format,
    whole: Format,
}

/// Writes the sheets; the creation date of the workbook is fixed.
fn write(sheets: &[SheetData]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = new_workbook(DocProperties::new())?;
    let styles = Styles::new(Language::Ru);
    let (decimal, whole) = (styles.number.clone().set_num_format("0.00####"), styles.count.clone().set_num_format("0"));
    let look = Look { styles, decimal, whole };
    let mut names = BTreeSet::new();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(name_of(sheet, &mut names))?;
        write_sheet(worksheet, sheet, &look)?;
    }
    workbook.save_to_buffer()
}

/// The name of a sheet: its clause, what it is, and its programme; different from the names so far.
fn name_of(sheet: &SheetData, names: &mut BTreeSet<String>) -> String {
    let (clause, programme) = &sheet.about;
    let parts = [clause.as_str(), sheet.kind.name, programme].into_iter().filter(|part| !part.is_empty());
    let letters = parts.collect::<Vec<_>>().join(" ");
    let letters: Vec<char> = letters.chars().filter(|letter| !NOT_IN_NAMES.contains(letter)).collect();
    let cut = |length: usize| letters.iter().take(length).collect::<String>().trim().to_owned();
    let numbered = (2..).map(|number: u32| format!(" ({number})"));
    let mut ends = std::iter::once(String::new()).chain(numbered);
    let free = ends.find_map(|end| {
        let name = format!("{}{end}", cut(NAME_LETTERS - end.chars().count()));
        names.insert(name.to_lowercase()).then_some(name)
    });
    free.unwrap_or_default()
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &SheetData, look: &Look) -> Result<(), XlsxError> {
    let styles = &look.styles;
    worksheet.write_string_with_format(0, 0, sheet.kind.title, &styles.title)?;
    worksheet.set_column_width(0, 28)?;
    let mut row = 1;
    for (field, cell) in sheet.kind.facts.iter().zip(&sheet.facts) {
        worksheet.write_string_with_format(row, 0, field.heading, &styles.label)?;
        write_cell(worksheet, (row, 1), cell, look)?;
        row += 1;
    }
    if sheet.kind.columns.is_empty() {
        worksheet.set_column_width(1, 60)?;
        return Ok(());
    }
    let bands = sheet.bands.iter().map(Vec::len).max().unwrap_or_default();
    let headings = sheet.kind.columns.iter().map(|field| field.heading.to_owned());
    let headings = headings.chain((1..=bands).map(|band| format!("{CHILD_BAND}{band}")));
    for (column, heading) in (0..).zip(headings) {
        worksheet.write_string_with_format(row, column, &heading, &styles.heading)?;
        if column > 0 {
            let is_long = ["Название", "Формулировка"].iter().any(|long| heading.starts_with(long));
            worksheet.set_column_width(column, if is_long { 48 } else { 16 })?;
        }
    }
    worksheet.set_freeze_panes(row + 1, 1)?;
    for (cells, bands) in sheet.rows.iter().zip(&sheet.bands) {
        row += 1;
        for (column, cell) in (0..).zip(cells.iter().chain(bands)) {
            write_cell(worksheet, (row, column), cell, look)?;
        }
    }
    Ok(())
}

fn write_cell(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &CellData,
    look: &Look,
) -> Result<(), XlsxError> {
    match cell {
        CellData::Empty => worksheet,
        CellData::Text(text) => worksheet.write_string_with_format(row, column, text, &look.styles.wrapped)?,
        CellData::Whole(number) => {
            worksheet.write_number_with_format(row, column, nearest_number(number), &look.whole)?
        }
        CellData::Decimal(number) => {
            worksheet.write_number_with_format(row, column, nearest_number(number), &look.decimal)?
        }
        CellData::Day(day) => {
            write_day(worksheet, row, column, *day, &look.styles.date)?;
            worksheet
        }
    };
    Ok(())
}
