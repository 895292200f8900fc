//! The lists of the attached: a workbook a clinic.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};
use serde::Serialize;

use crate::base::calendar::shown_day;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::clinics::lists::{Attached, Changes, ClinicList};
use crate::clinics::network::Clinic;
use crate::clinics::output::sheet::{Table, Value, add};
use crate::output::folder::{Folder, folder_name};
use crate::output::xlsx::{begun, made};
use crate::quote::documents::workbook::style::Styles;
use crate::quote::files::manifest;
use crate::roster::contacts::Contacts;
use crate::table::text::folded;

/// The columns of every list: what a clinic needs to know of whom it serves.
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
/// The columns of contacts, in the order of [`FIELDS`](crate::roster::contacts::FIELDS), where anybody on a clinic's lists has them.
const CONTACT_COLUMNS: Contacts<(&str, u32)> =
    [("list-phone", 20), ("list-email", 26), ("list-address", 40), ("list-passport", 18), ("list-snils", 16)];

#[derive(Serialize)]
struct About<'a> {
    lists: &'static str,
    as_of: String,
    since: Option<String>,
    clinics_sha256: &'a str,
    clinics: Vec<Count<'a>>,
}

#[derive(Serialize)]
struct Count<'a> {
    clinic: &'a str,
    file: String,
    attached: usize,
    before: Option<usize>,
    attach: Option<usize>,
    detach: Option<usize>,
}

/// Writes the workbooks of lists to a folder that is ready to be published.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::Workbook`] where the library gives up.
pub fn write(
    lists: &[ClinicList<'_>],
    days: (Date, Option<Date>),
    clinics_sha256: &str,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    for list in lists {
        made(folder, &file_name(list.clinic), |file| book(list, days, language, file))?;
    }
    let count = |list: &ClinicList<'_>| (list.clinic.code.clone(), list.today.len(), list.changes.clone());
    let counts: Vec<_> = lists.iter().map(count).collect();
    let about = About {
        lists: "attached",
        as_of: days.0.to_string(),
        since: days.1.map(|day| day.to_string()),
        clinics_sha256,
        clinics: lists
            .iter()
            .zip(&counts)
            .map(|(list, (clinic, attached, changes))| Count {
                clinic,
                file: file_name(list.clinic),
                attached: *attached,
                before: changes.as_ref().map(|changes| changes.before),
                attach: changes.as_ref().map(|changes| changes.attach.len()),
                detach: changes.as_ref().map(|changes| changes.detach.len()),
            })
            .collect(),
    };
    manifest::seal(folder, &about)
}

/// The name of a clinic's workbook.
#[must_use]
pub fn file_name(clinic: &Clinic) -> String {
    format!("{}.xlsx", folder_name(&clinic.code))
}

fn book(
    list: &ClinicList<'_>,
    (as_of, since): (Date, Option<Date>),
    language: Language,
    file: &mut (impl std::io::Write + Send),
) -> Result<(), XlsxError> {
    let styles = Styles::new(language);
    let mut book = begun(DocProperties::new())?;
    let clinic = list.clinic;
    let words = |name| language.say(&Message::new(name));
    let about = language.say(
        &Message::new("list-about")
            .with("clinic", clinic.name.as_str())
            .with("day", shown_day(as_of))
            .with("count", list.today.len()),
    );
    let has_contact = contacts_of(list);
    let contact_columns = CONTACT_COLUMNS.iter().zip(has_contact).filter(|(_, has)| *has).map(|(column, _)| *column);
    let columns: Vec<_> = COLUMNS.into_iter().chain(contact_columns).collect();
    let mut sheet = |name: &'static str, title: &'static str, about: String, rows: &[Attached]| {
        let table = Table { name: words(name), title: words(title), about, columns: &columns, summed: false };
        let rows = (1..).zip(rows).map(|(place, attached)| {
            let contacts = attached.contacts.iter().zip(has_contact).filter(|(_, has)| *has);
            let contacts = contacts.map(|(contact, _)| Value::Text(contact.as_deref().unwrap_or_default()));
            row(clinic, place, attached).into_iter().chain(contacts)
        });
        let rows = rows.collect::<Vec<_>>();
        add(&mut book, &styles, language, &table, rows.into_iter())
    };
    sheet("list-sheet", "list-title", about, &list.today)?;
    if let (Some(changes), Some(since)) = (&list.changes, since) {
        let about = |count: usize| {
            let message = Message::new("list-changes-about").with("clinic", clinic.name.as_str()).with("count", count);
            language.say(&message.with("since", shown_day(since)).with("day", shown_day(as_of)))
        };
        sheet("list-attach-sheet", "list-attach-title", about(changes.attach.len()), &changes.attach)?;
        sheet("list-detach-sheet", "list-detach-title", about(changes.detach.len()), &changes.detach)?;
        if !changes.moved.is_empty() {
            sheet("list-moved-sheet", "list-moved-title", about(changes.moved.len()), &changes.moved)?;
        }
        sums(&mut book, &styles, language, list, changes, [since, as_of])?;
    }
    book.save_to_writer(file)
}

/// Which contacts anybody on the lists of a clinic has.
fn contacts_of(list: &ClinicList<'_>) -> Contacts<bool> {
    let changes = list.changes.iter().flat_map(|changes| [&changes.attach, &changes.detach, &changes.moved]);
    let everybody: Vec<&Attached> = changes.chain([&list.today]).flatten().collect();
    std::array::from_fn(|at| everybody.iter().any(|attached| attached.contacts[at].is_some()))
}

/// The sheet that adds up who came and who went between two days, by the clinic's programmes.
fn sums(
    book: &mut Workbook,
    styles: &Styles,
    language: Language,
    list: &ClinicList<'_>,
    changes: &Changes,
    [since, as_of]: [Date; 2],
) -> Result<(), XlsxError> {
    let words = |name| language.say(&Message::new(name));
    let programmes = list.clinic.programmes.iter().map(|programme| {
        let of = |list: &[Attached]| {
            list.iter().filter(|attached| folded(&attached.programme) == folded(&programme.code)).count()
        };
        let (attach, detach, today) = (of(&changes.attach), of(&changes.detach), of(&list.today));
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
    let about =
        language.say(&Message::new("list-sum-about").with("since", shown_day(since)).with("day", shown_day(as_of)));
    let table =
        Table { name: words("list-sum-sheet"), title: words("list-sum-title"), about, columns: &columns, summed: true };
    add(book, styles, language, &table, rows.into_iter())
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
