//! The lists of attached insured: one workbook for each clinic.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};
use serde_json::json;

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::clinics::lists::{Attached, Changes, ClinicList};
use crate::clinics::network::Clinic;
use crate::clinics::output::sheet::{Table, Value, add_table};
use crate::output::folder::Folder;
use crate::output::folder_name;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::{new_workbook, write_workbook};
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
    for list in lists {
        write_workbook(folder, &file_name(list.clinic), |file| fill_workbook(list, days, language, file))?;
    }
    let clinics = lists.iter().map(|list| {
        let changes = list.changes.as_ref();
        json!({
            "clinic": &list.clinic.code,
            "file": file_name(list.clinic),
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

/// The file name of a clinic's workbook.
#[must_use]
pub fn file_name(clinic: &Clinic) -> String {
    format!("{}.xlsx", folder_name(&clinic.code))
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
    let mut sheet = |name: &'static str, title: &'static str, about: String, rows: &[Attached]| {
        let table = Table { name: words(name), title: words(title), subtitle: about, columns: &columns, summed: false };
        let rows = (1..).zip(rows).map(|(place, attached)| {
            let contacts = attached.contacts.iter().zip(has_contact).filter(|(_, has)| *has);
            let contacts = contacts.map(|(contact, _)| Value::Text(contact.as_deref().unwrap_or_default()));
            row(clinic, place, attached).into_iter().chain(contacts)
        });
        let rows = rows.collect::<Vec<_>>();
        add_table(&mut book, &styles, language, &table, rows.into_iter())
    };
    sheet("list-sheet", "list-title", about, &list.today)?;
    if let (Some(changes), Some(since)) = (&list.changes, since) {
        let about = |count: usize| {
            let message = Message::new("list-changes-about").with("clinic", clinic.name.as_str()).with("count", count);
            language.render(&message.with("since", format_day(since)).with("day", format_day(as_of)))
        };
        sheet("list-attach-sheet", "list-attach-title", about(changes.attach.len()), &changes.attach)?;
        sheet("list-detach-sheet", "list-detach-title", about(changes.detach.len()), &changes.detach)?;
        if !changes.moved.is_empty() {
            sheet("list-moved-sheet", "list-moved-title", about(changes.moved.len()), &changes.moved)?;
        }
        add_sums(&mut book, &styles, language, list, changes, [since, as_of])?;
    }
    book.save_to_writer(file)
}

/// The contacts that at least one insured on the lists of a clinic has.
fn present_contacts(list: &ClinicList<'_>) -> Contacts<bool> {
    let changes = list.changes.iter().flat_map(|changes| [&changes.attach, &changes.detach, &changes.moved]);
    let insured: Vec<&Attached> = changes.chain([&list.today]).flatten().collect();
    std::array::from_fn(|at| insured.iter().any(|attached| attached.contacts[at].is_some()))
}

/// Adds the sheet with the numbers attached, added and removed between two days, by clinic programme.
fn add_sums(
    book: &mut Workbook,
    styles: &Styles,
    language: Language,
    list: &ClinicList<'_>,
    changes: &Changes,
    [since, as_of]: [Date; 2],
) -> Result<(), XlsxError> {
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
    let columns =
        [("list-programme", 52), ("list-before", 16), ("list-attach", 16), ("list-detach", 16), ("list-today", 16)];
    let about = language
        .render(&Message::new("list-sum-about").with("since", format_day(since)).with("day", format_day(as_of)));
    let table = Table {
        name: words("list-sum-sheet"),
        title: words("list-sum-title"),
        subtitle: about,
        columns: &columns,
        summed: true,
    };
    add_table(book, styles, language, &table, rows.into_iter())
}

fn sum_row(name: Value<'_>, before: usize, attach: usize, detach: usize, today: usize) -> [Value<'_>; 5] {
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
