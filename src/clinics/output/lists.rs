//! The lists of attached insured: one workbook for each clinic.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, XlsxError};
use serde_json::json;

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::clinics::lists::{Attached, Changes, ClinicList};
use crate::clinics::network::Clinic;
use crate::clinics::network::list_layout::ListFormat;
use crate::clinics::output::list_layout;
use crate::output::folder::Folder;
use crate::output::folder_name;
use crate::output::value::Value;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::table_sheet::Table;
use crate::output::xlsx::{BookWriter, new_workbook, write_workbook};
use crate::roster::contacts::Contacts;
use crate::table::text::folded;

/// The columns of every list: heading and width.
const COLUMNS: [(&str, u32); 8] = [
    ("list-place", 7),
    ("list-name", 36),
    ("list-birth-date", 14),
    ("list-policy", 20),
    ("list-programme", 12),
    ("list-programme-name", 40),
    ("list-first-day", 14),
    ("list-last-day", 14),
];
/// The columns of contacts in the order of [`FIELDS`](crate::roster::contacts::CONTACTS); a workbook has those that an insured of its lists has.
const CONTACT_COLUMNS: Contacts<(&str, u32)> =
    [("list-phone", 20), ("list-email", 26), ("list-address", 40), ("list-passport", 18), ("list-snils", 16)];

/// Writes the workbooks of all clinics, and the manifest, to a staged folder.
///
/// # Errors
///
/// [`Error::Io`] if writing fails, [`Error::Workbook`] if the workbook library fails.
pub fn write(
    lists: &[ClinicList<'_>],
    days: (Date, Option<Date>),
    clinics_sha256: &str,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    let mut files = Vec::with_capacity(lists.len());
    for list in lists {
        files.push(if let Some(layout) = &list.clinic.lists {
            list_layout::write(list, layout, folder, language)?
        } else {
            let name = file_name(list.clinic);
            write_workbook(folder, &name, |file| fill_workbook(list, days, language, file))?;
            vec![name]
        });
    }
    let clinics = lists.iter().zip(files).map(|(list, files)| {
        let changes = list.changes.as_ref();
        json!({
            "clinic": &list.clinic.code,
            "file": file_name(list.clinic),
            "files": files,
            "attached": list.today.len(),
            "before": changes.map(|changes| changes.before),
            "attach": changes.map(|changes| changes.attach.len()),
            "detach": changes.map(|changes| changes.detach.len()),
        })
    });
    folder.seal(&json!({
        "lists": "attached",
        "as_of": days.0.to_string(),
        "since": days.1.map(|day| day.to_string()),
        "clinics_sha256": clinics_sha256,
        "clinics": clinics.collect::<Vec<_>>(),
    }))
}

/// The file name of a clinic's list.
#[must_use]
pub fn file_name(clinic: &Clinic) -> String {
    let format = clinic.lists.as_ref().map_or(ListFormat::Xlsx, |layout| layout.format);
    format!("{}.{format}", folder_name(&clinic.code))
}

/// Writes the workbook of one clinic.
fn fill_workbook(
    list: &ClinicList<'_>,
    (as_of, since): (Date, Option<Date>),
    language: Language,
    file: &mut (impl std::io::Write + Send),
) -> Result<(), XlsxError> {
    let styles = Styles::new(language);
    let mut book = new_workbook(DocProperties::new())?;
    let clinic = list.clinic;
    let words = |name| language.render(&Message::new(name));
    let about = language.render(
        &Message::new("list-about")
            .with("clinic", clinic.name.as_str())
            .with("day", format_day(as_of))
            .with("count", list.today.len()),
    );
    let has_contact = present_contacts(list);
    let contact_columns = CONTACT_COLUMNS.iter().zip(has_contact).filter(|(_, has)| *has).map(|(column, _)| *column);
    let columns: Vec<_> = COLUMNS.into_iter().chain(contact_columns).collect();
    let mut sheets = vec![("list-sheet", "list-title", about, list.today.as_slice())];
    let since = since.filter(|_| list.changes.is_some());
    if let (Some(changes), Some(since)) = (&list.changes, since) {
        let about = |count: usize| {
            let message = Message::new("list-changes-about").with("clinic", clinic.name.as_str()).with("count", count);
            language.render(&message.with("since", format_day(since)).with("day", format_day(as_of)))
        };
        sheets.push(("list-attach-sheet", "list-attach-title", about(changes.attach.len()), &changes.attach));
        sheets.push(("list-detach-sheet", "list-detach-title", about(changes.detach.len()), &changes.detach));
        if !changes.moved.is_empty() {
            sheets.push(("list-moved-sheet", "list-moved-title", about(changes.moved.len()), &changes.moved));
        }
    }
    let tables = sheets.into_iter().map(|(name, title, subtitle, attached)| {
        let (name, title) = (words(name), words(title));
        let table = Table { name, title, subtitle, columns: &columns, rows: attached.len(), summed: false };
        Ok((table.reserve(&mut book, &styles, language)?, table, attached))
    });
    let tables = tables.collect::<Result<Vec<_>, XlsxError>>()?;
    let sums: Option<Result<_, XlsxError>> = list.changes.as_ref().zip(since).map(|(changes, since)| {
        let (table, rows) = sums(language, list, changes, [since, as_of]);
        Ok((table.reserve(&mut book, &styles, language)?, table, rows))
    });
    let sums = sums.transpose()?;
    let long_sheets = tables.iter().map(|(sheet, ..)| sheet).chain(sums.iter().map(|(sheet, ..)| sheet));
    let mut book = BookWriter::new(book, long_sheets, file)?;
    for (sheet, table, attached) in &tables {
        let rows = (1..).zip(*attached).map(|(place, attached)| {
            let contacts = attached.contacts.iter().zip(has_contact).filter(|(_, has)| *has);
            let contacts = contacts.map(|(contact, _)| Value::Text(contact.as_deref().unwrap_or_default()));
            row(clinic, place, attached).into_iter().chain(contacts)
        });
        table.write_rows(sheet, rows, &mut book)?;
    }
    if let Some((sheet, table, rows)) = sums {
        table.write_rows(&sheet, rows, &mut book)?;
    }
    book.finish()
}

/// The contacts that at least one insured on the lists of a clinic has.
fn present_contacts(list: &ClinicList<'_>) -> Contacts<bool> {
    let changes = list.changes.iter().flat_map(|changes| [&changes.attach, &changes.detach, &changes.moved]);
    let insured: Vec<&Attached> = changes.chain([&list.today]).flatten().collect();
    std::array::from_fn(|at| insured.iter().any(|attached| attached.contacts[at].is_some()))
}

/// The table with the numbers attached, added and removed between two days, by clinic programme.
fn sums(
    language: Language,
    list: &ClinicList<'_>,
    changes: &Changes,
    [since, as_of]: [Date; 2],
) -> (Table<'static>, Vec<[Value<'static>; 5]>) {
    const COLUMNS: [(&str, u32); 5] =
        [("list-programme", 52), ("list-before", 16), ("list-attach", 16), ("list-detach", 16), ("list-today", 16)];
    let words = |name| language.render(&Message::new(name));
    let programmes = list.clinic.programmes.iter().map(|programme| {
        let count = |list: &[Attached]| {
            list.iter().filter(|attached| folded(&attached.programme) == folded(&programme.code)).count()
        };
        let (attach, detach, today) = (count(&changes.attach), count(&changes.detach), count(&list.today));
        sum_row(
            Value::Words(format!("{}. {}", programme.code, programme.name)),
            today + detach - attach,
            attach,
            detach,
            today,
        )
    });
    let total = Value::Words(words("list-total"));
    let (attach, detach) = (changes.attach.len(), changes.detach.len());
    let rows = programmes.chain([sum_row(total, changes.before, attach, detach, list.today.len())]);
    let rows: Vec<_> = rows.collect();
    let about = language
        .render(&Message::new("list-sum-about").with("since", format_day(since)).with("day", format_day(as_of)));
    let table = Table {
        name: words("list-sum-sheet"),
        title: words("list-sum-title"),
        subtitle: about,
        columns: &COLUMNS,
        rows: rows.len(),
        summed: true,
    };
    (table, rows)
}

fn sum_row(name: Value<'static>, before: usize, attach: usize, detach: usize, today: usize) -> [Value<'static>; 5] {
    [name, Value::Count(before), Value::Count(attach), Value::Count(detach), Value::Count(today)]
}

fn row<'v>(clinic: &'v Clinic, place: usize, attached: &'v Attached) -> [Value<'v>; 8] {
    let programme = clinic.programme(&attached.programme);
    [
        Value::Count(place),
        Value::Text(&attached.name),
        Value::Day(attached.birth_date),
        Value::Text(&attached.policy),
        Value::Text(programme.map_or(&attached.programme, |programme| &programme.code)),
        Value::Text(programme.map_or("", |programme| &programme.name)),
        Value::Day(attached.first),
        Value::Day(attached.last),
    ]
}
