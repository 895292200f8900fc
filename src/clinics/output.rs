//! The files for clinics: lists of attached insured, guarantee letters, adjudicated registers, answers.
//!
//! A file has no more data of an insured than its reader needs: no risk group, no sum insured, no premium.

pub mod act;
pub mod adjudication;
pub mod answers;
pub mod letter;
mod list_layout;
pub mod lists;
pub mod loyalty;
mod verdict_totals;

use std::io::{self, Write};

use crate::base::error::Error;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;

/// Writes a CSV file of a result folder: UTF-8, comma, header, protected against CSV injection.
fn write_csv<'r, const N: usize>(
    folder: &Folder,
    name: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [std::borrow::Cow<'r, str>; N]>,
) -> Result<(), Error> {
    folder.write(name, |file| write_records(file, columns, rows))
}

fn write_records<'r, const N: usize>(
    file: &mut dyn Write,
    columns: [&str; N],
    rows: impl Iterator<Item = [std::borrow::Cow<'r, str>; N]>,
) -> io::Result<()> {
    let mut records = csv::Writer::from_writer(file);
    records.write_record(columns)?;
    for row in rows {
        for text in &row {
            records.write_field(defused(text).as_bytes())?;
        }
        records.write_record(None::<&[u8]>)?;
    }
    records.flush()
}
