//! The attachment lists that were sent to clinics (`I67`), in the database of the portfolio. Rows are only added.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use rusqlite::{Connection, Transaction, params};

use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::lists::ClinicList;
use crate::table::text::folded;

const TABLE: &str = "
    create table if not exists sent_list (
        clinic text not null,
        contract text not null,
        insured_ordinal integer not null,
        sent text not null,
        run integer not null references run (seq),
        primary key (clinic, contract, insured_ordinal, sent)
    ) strict, without rowid;
";

/// The first days on which insured were on a list that was sent.
#[derive(Debug, Default)]
pub struct SentLists {
    /// The clinics to which a recorded list was sent, by their folded codes.
    clinics: BTreeSet<String>,
    /// By folded code of the clinic, contract and ordinal.
    first_sent: HashMap<(String, String, u32), Date>,
}

impl SentLists {
    /// Whether a service in advance on a day needs a remark: lists to the clinic are recorded, and the insured was on none sent before it.
    #[must_use]
    pub fn lack(&self, clinic: &str, insured: &InsuredRecord, day: Date) -> bool {
        let clinic = folded(clinic);
        if !self.clinics.contains(&clinic) {
            return false;
        }
        let (contract, ordinal) = insured.key();
        self.first_sent.get(&(clinic, contract.to_owned(), ordinal)).is_none_or(|sent| *sent >= day)
    }

    /// Reads the lists as far as they concern the wanted insured; nothing without the table.
    ///
    /// # Errors
    ///
    /// Any error of SQLite.
    pub fn read(book: &Connection, is_wanted: impl Fn(&str, u32) -> bool) -> rusqlite::Result<Self> {
        let mut lists = Self::default();
        if !book.prepare("select 1 from sqlite_master where type = 'table' and name = 'sent_list'")?.exists([])? {
            return Ok(lists);
        }
        let query = "select clinic, contract, insured_ordinal, min(sent) from sent_list
                     group by clinic, contract, insured_ordinal";
        let mut query = book.prepare(query)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (clinic, contract, ordinal): (String, String, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if !lists.clinics.contains(&clinic) {
                lists.clinics.insert(clinic.clone());
            }
            if is_wanted(&contract, ordinal) {
                let sent: String = row.get(3)?;
                let sent = sent.parse().map_err(|fault| {
                    rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(fault))
                })?;
                lists.first_sent.insert((clinic, contract, ordinal), sent);
            }
        }
        Ok(lists)
    }
}

/// Records that lists were sent to their clinics on a day; the same again changes nothing.
///
/// # Errors
///
/// Any error of SQLite.
pub fn record(book: &Transaction<'_>, run: i64, lists: &[ClinicList<'_>], sent: Date) -> rusqlite::Result<()> {
    book.execute_batch(TABLE)?;
    let mut insert = book.prepare(
        "insert or ignore into sent_list (clinic, contract, insured_ordinal, sent, run) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for list in lists {
        let clinic = folded(&list.clinic.code);
        for attached in &list.today {
            insert.execute(params![clinic, attached.key.0, attached.key.1, sent.to_string(), run])?;
        }
    }
    Ok(())
}
