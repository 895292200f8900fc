//! The lists of a clinic with a layout of its own: a row of headings and the rows, for the clinic's program.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::clinics::lists::{Attached, ClinicList};
use crate::clinics::network::Clinic;
use crate::clinics::network::list_layout::{ListField, ListFiles, ListFormat, ListLayout};
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::output::folder_name;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::{BookWriter, LongSheet, cell_text, new_workbook, write_workbook};

/// One table of a clinic: the end of its file's name, its sheet and its rows.
type Part<'l> = (&'static str, &'static str, &'l [Attached]);

/// Writes the lists of a clinic by its layout, and returns the names of the files.
///
/// # Errors
///
/// [`Error::Io`] if writing fails, [`Error::Workbook`] if the workbook library fails.
pub fn write(
    list: &ClinicList<'_>,
    layout: &ListLayout,
    folder: &Folder,
    language: Language,
) -> Result<Vec<String>, Error> {
    let clinic = list.clinic;
    let mut parts: Vec<Part<'_>> = vec![("", "list-sheet", &list.today)];
    if let Some(changes) = &list.changes {
        parts.extend([
            ("-attach", "list-attach-sheet", changes.attach.as_slice()),
            ("-detach", "list-detach-sheet", &changes.detach),
            ("-change", "list-moved-sheet", &changes.moved),
        ]);
    }
    let batches: Vec<&[Part<'_>]> = match (layout.format, layout.files) {
        (ListFormat::Xlsx, ListFiles::One) => vec![&parts],
        _ => parts.chunks(1).collect(),
    };
    let mut names = Vec::new();
    for batch in batches {
        let (end, _, rows) = batch[0];
        let name = format!("{}{end}.{}", folder_name(&clinic.code), layout.format);
        match layout.format {
            ListFormat::Xlsx => write_workbook(folder, &name, |file| fill(clinic, layout, batch, language, file))?,
            ListFormat::Csv => {
                folder.write_agreed(&name, |file| write_text(clinic, layout, rows, file))?;
            }
        }
        names.push(name);
    }
    Ok(names)
}

/// A value of a list.
enum Value<'v> {
    Text(Cow<'v, str>),
    Day(Date),
}

fn value<'v>(clinic: &'v Clinic, place: usize, attached: &'v Attached, field: ListField) -> Value<'v> {
    let programme = || clinic.programme(&attached.programme);
    let words = || attached.name.split_whitespace();
    let [phone, email, address, passport, snils] = &attached.contacts;
    let contact = |contact: &'v Option<String>| Value::Text(contact.as_deref().unwrap_or_default().into());
    match field {
        ListField::Place => Value::Text(place.to_string().into()),
        ListField::Name => Value::Text(attached.name.as_str().into()),
        ListField::Surname => Value::Text(words().next().unwrap_or_default().into()),
        ListField::GivenName => Value::Text(words().nth(1).unwrap_or_default().into()),
        ListField::Patronymic => Value::Text(words().skip(2).collect::<Vec<_>>().join(" ").into()),
        ListField::BirthDate => Value::Day(attached.birth_date),
        ListField::Policy => Value::Text(attached.policy.as_str().into()),
        ListField::Programme => {
            Value::Text(programme().map_or(attached.programme.as_str(), |programme| &programme.code).into())
        }
        ListField::ProgrammeName => Value::Text(programme().map_or("", |programme| &programme.name).into()),
        ListField::FirstDay => Value::Day(attached.first),
        ListField::LastDay => Value::Day(attached.last),
        ListField::Phone => contact(phone),
        ListField::Email => contact(email),
        ListField::Address => contact(address),
        ListField::Passport => contact(passport),
        ListField::Snils => contact(snils),
    }
}

/// Writes a text with days as `31.12.2026`.
fn write_text(clinic: &Clinic, layout: &ListLayout, rows: &[Attached], file: &mut dyn Write) -> io::Result<()> {
    let mut records = csv::WriterBuilder::new().delimiter(layout.delimiter.byte()).from_writer(file);
    records.write_record(layout.columns.iter().map(|(_, heading)| heading.as_str()))?;
    for (place, attached) in (1..).zip(rows) {
        for (field, _) in &layout.columns {
            match value(clinic, place, attached, *field) {
                Value::Text(text) => records.write_field(defused(&text).as_bytes())?,
                Value::Day(day) => records.write_field(day.strftime("%d.%m.%Y").to_string())?,
            }
        }
        records.write_record(None::<&[u8]>)?;
    }
    records.flush()
}

fn fill(
    clinic: &Clinic,
    layout: &ListLayout,
    parts: &[Part<'_>],
    language: Language,
    file: &mut (impl Write + Send),
) -> Result<(), XlsxError> {
    let mut book = new_workbook(DocProperties::new())?;
    let styles = Styles::new(language);
    let sheets = parts.iter().map(|(_, name, rows)| {
        let name = language.render(&Message::new(name));
        reserve_sheet(&mut book, &name, layout, rows.len(), &styles)
    });
    let sheets = sheets.collect::<Result<Vec<_>, _>>()?;
    let mut book = BookWriter::new(book, &sheets, file)?;
    for (sheet, (_, _, rows)) in sheets.iter().zip(parts) {
        book.write_sheet(sheet, |queue| {
            let [text_style, date_style] = queue.styles()?;
            for ((row, place), attached) in (1..).zip(1..).zip(*rows) {
                let mut cells = queue.row(row, None)?;
                for (column, (field, _)) in (0..).zip(&layout.columns) {
                    match value(clinic, place, attached, *field) {
                        Value::Text(text) => cells.text(column, &cell_text(&text), text_style),
                        Value::Day(day) => cells.day(column, day, date_style),
                    }
                }
            }
            Ok::<(), XlsxError>(())
        })?;
    }
    book.finish()
}

/// Adds a sheet with its headings, without the rows.
fn reserve_sheet(
    book: &mut Workbook,
    name: &str,
    layout: &ListLayout,
    rows: usize,
    styles: &Styles,
) -> Result<LongSheet, XlsxError> {
    const WIDTH: u32 = 22;
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, (_, heading)) in (0..).zip(&layout.columns) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.write_string_with_format(0, column, cell_text(heading), &styles.heading)?;
    }
    let rows = u32::try_from(rows).map_err(|_| XlsxError::RowColumnLimitError)?;
    let columns = u16::try_from(layout.columns.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    LongSheet::reserve(sheet, 1..1 + rows, columns, &[&styles.text, &styles.date])
}
