//! The table of letters in the database of the portfolio: one row a letter, numbered from 1 without gaps.
//!
//! Letters are numbered and inserted in one transaction under the lock of the book: a killed run leaves all of its letters or none. Rows
//! are never changed or removed.

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, params};

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::scope::Scope;
use crate::clinics::letter::{Letter, Letters};
use crate::clinics::teeth::parse_teeth;
use crate::clinics::visit_reason::VisitReason;

/// The table: days are text such as `2026-12-01`; services are lines of text, codes and names in turn.
const TABLE: &str = "
    create table if not exists letter (
        number integer primary key check (number > 0),
        run integer not null references run (seq),
        contract text not null,
        insured_ordinal integer not null,
        clinic text not null,
        issued text not null,
        last_day text not null,
        supplements integer references letter (number),
        insured text not null,
        birth_date text not null,
        policy text not null,
        policyholder text not null,
        clinic_name text not null,
        clinic_address text not null,
        services text not null,
        -- a line a service: quantity, amount in kopecks, teeth, with tabs between them
        scopes text not null,
        visit_reason text,
        -- the telephone of the insurer's dispatcher
        dispatcher text not null
    ) strict;
    create index if not exists letter_of_insured on letter (contract, insured_ordinal);
";

const COLUMNS: &str = "number, run, contract, insured_ordinal, clinic, issued, last_day, supplements, insured, birth_date, policy, \
                       policyholder, clinic_name, clinic_address, services, scopes, visit_reason, dispatcher";

/// Creates the table if the book does not have it.
///
/// # Errors
///
/// Any error of SQLite.
pub fn create(book: &Connection) -> rusqlite::Result<()> {
    book.execute_batch(TABLE)
}

/// Whether the book has the table.
///
/// # Errors
///
/// Any error of SQLite.
pub fn exists(book: &Connection) -> rusqlite::Result<bool> {
    book.prepare("select 1 from sqlite_master where type = 'table' and name = 'letter'")?.exists([])
}

/// Every letter of the book in the order of the numbers; empty without the table.
///
/// # Errors
///
/// Any error of SQLite.
pub fn records(book: &Connection) -> rusqlite::Result<Vec<LetterRecord>> {
    if !exists(book)? {
        return Ok(Vec::new());
    }
    let mut rows = book.prepare(&format!("select {COLUMNS} from letter order by number"))?;
    let records = rows.query_map([], record)?;
    records.collect()
}

/// The letters of these records, indexed by insured.
#[must_use]
pub fn letters(records: &[LetterRecord]) -> Letters {
    Letters::new(records.iter().map(|record| record.letter.clone()).collect())
}

/// Numbers the letters of a run in their order, from the last one of the book on. The numbers hold as long as the book is locked.
///
/// # Errors
///
/// Any error of SQLite.
pub fn number(book: &Connection, records: &mut [LetterRecord]) -> rusqlite::Result<()> {
    let last = if exists(book)? { "select coalesce(max(number), 0) from letter" } else { "select 0" };
    let last: i64 = book.query_row(last, [], |row| row.get(0))?;
    for (number, record) in (last + 1..).zip(records) {
        record.letter.number = number.unsigned_abs();
    }
    Ok(())
}

/// Inserts the letters of a run, which have their numbers; they are issued when the transaction is committed.
///
/// # Errors
///
/// Any error of SQLite: also where the book has a letter of such a number.
pub fn issue(book: &Transaction<'_>, run: i64, records: &[LetterRecord]) -> rusqlite::Result<()> {
    let mut insert = book.prepare(&format!(
        "insert into letter ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ))?;
    for record in records {
        let letter = &record.letter;
        let services = letter.services.iter().zip(&record.service_names).flat_map(|(code, name)| [code, name]);
        let services: Vec<String> = services.map(|text| text.replace('\n', " ")).collect();
        insert.execute(params![
            i64::try_from(letter.number).unwrap_or(i64::MAX),
            run,
            letter.contract,
            letter.ordinal,
            letter.clinic,
            letter.valid.first().to_string(),
            letter.valid.last().to_string(),
            letter.supplements.and_then(|number| i64::try_from(number).ok()),
            record.insured,
            record.birth_date.to_string(),
            record.policy,
            record.policyholder,
            record.clinic_name,
            record.clinic_address,
            services.join("\n"),
            letter.scopes.iter().map(scope_line).collect::<Vec<_>>().join("\n"),
            letter.reason.map(VisitReason::as_str),
            record.dispatcher,
        ])?;
    }
    Ok(())
}

fn record(row: &Row<'_>) -> rusqlite::Result<LetterRecord> {
    let number: i64 = row.get(0)?;
    let supplements: Option<i64> = row.get(7)?;
    let (issued, last, birth_date) = (day(row, 5)?, day(row, 6)?, day(row, 9)?);
    let valid = Period::new(issued, last).ok_or(rusqlite::Error::IntegralValueOutOfRange(6, 0))?;
    let services: String = row.get(14)?;
    let (mut codes, mut names) = (Vec::new(), Vec::new());
    for (place, text) in services.split('\n').enumerate() {
        if place % 2 == 0 { &mut codes } else { &mut names }.push(text.to_owned());
    }
    Ok(LetterRecord {
        letter: Letter {
            number: number.unsigned_abs(),
            contract: row.get(2)?,
            ordinal: row.get(3)?,
            clinic: row.get(4)?,
            services: codes,
            scopes: {
                let scopes: Option<Vec<Scope>> = row.get::<_, String>(15)?.split('\n').map(parse_scope).collect();
                let changed = || rusqlite::Error::InvalidColumnType(15, "scopes".to_owned(), Type::Text);
                scopes.ok_or_else(changed)?
            },
            reason: row.get::<_, Option<String>>(16)?.as_deref().and_then(VisitReason::parse),
            valid,
            supplements: supplements.map(i64::unsigned_abs),
        },
        insured: row.get(8)?,
        birth_date,
        policy: row.get(10)?,
        policyholder: row.get(11)?,
        clinic_name: row.get(12)?,
        clinic_address: row.get(13)?,
        dispatcher: row.get(17)?,
        service_names: names,
    })
}

fn scope_line(scope: &Scope) -> String {
    let quantity = scope.quantity.map(|quantity| quantity.to_string()).unwrap_or_default();
    let amount = scope.amount.map(|amount| amount.get().to_string()).unwrap_or_default();
    let teeth: Vec<String> = scope.teeth.iter().map(ToString::to_string).collect();
    format!("{quantity}\t{amount}\t{}", teeth.join(" "))
}

/// The scope in a line; `None` if its teeth are not as they were written.
fn parse_scope(line: &str) -> Option<Scope> {
    let mut parts = line.split('\t');
    let mut next = || parts.next().unwrap_or_default();
    let (quantity, amount, teeth) = (next().parse().ok(), next().parse().ok().map(Kopecks::new), parse_teeth(next()));
    Some(Scope { quantity, teeth: teeth.ok()?, amount })
}

fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Date> {
    let written: String = row.get(column)?;
    written.parse().map_err(|fault| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(fault)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn one(insured: &str, supplements: Option<u64>) -> LetterRecord {
        let letter = Letter {
            number: 0,
            contract: "T-1".to_owned(),
            ordinal: 7,
            clinic: "dent-01".to_owned(),
            services: vec!["Т-01".to_owned(), "Т-02".to_owned()],
            scopes: vec![
                Scope::default(),
                Scope { quantity: Some(2), teeth: parse_teeth("11 12").unwrap(), amount: Some(Kopecks::new(5_000)) },
            ],
            reason: Some(VisitReason::Acute),
            valid: Period::new(date(2026, 1, 31), date(2026, 2, 28)).unwrap(),
            supplements,
        };
        LetterRecord {
            letter,
            insured: insured.to_owned(),
            birth_date: date(1980, 5, 4),
            policy: String::new(),
            policyholder: "ООО «Проверка»".to_owned(),
            clinic_name: "Стоматология".to_owned(),
            clinic_address: String::new(),
            dispatcher: "+7 (000) 100-00-00".to_owned(),
            service_names: vec!["Кариес".to_owned(), "Пульпит, 2 канала".to_owned()],
        }
    }

    #[test]
    fn letters_are_numbered_in_order_and_read_back_unchanged() {
        let mut book = Connection::open_in_memory().unwrap();
        assert_eq!(records(&book).unwrap(), []);
        book.execute_batch("create table run (seq integer primary key); insert into run values (1)").unwrap();
        create(&book).unwrap();
        create(&book).unwrap();
        let mut first = [one("Семёнов", None), one("Иванов", None)];
        number(&book, &mut first).unwrap();
        let transaction = book.transaction().unwrap();
        issue(&transaction, 1, &first).unwrap();
        transaction.commit().unwrap();
        // a run that is killed before its commit leaves no number behind
        let mut killed = [one("Петров", None)];
        number(&book, &mut killed).unwrap();
        let transaction = book.transaction().unwrap();
        issue(&transaction, 1, &killed).unwrap();
        drop(transaction);
        let mut then = [one("Сидоров", Some(1))];
        number(&book, &mut then).unwrap();
        let transaction = book.transaction().unwrap();
        issue(&transaction, 1, &then).unwrap();
        transaction.commit().unwrap();
        let transaction = book.transaction().unwrap();
        assert!(issue(&transaction, 1, &then).is_err(), "no number is given twice");
        drop(transaction);
        let all = records(&book).unwrap();
        assert_eq!(all.iter().map(|record| record.letter.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(all, [first.as_slice(), &then].concat());
        assert_eq!(all[2].letter.supplements, Some(1));
    }
}
