//! What the clinics are sent and what comes back to them: lists of the attached, guarantee letters, settled registers.
//!
//! Every file holds no more of a person than its reader needs to know: no risk group, no sum insured, no premium.

pub mod answers;
pub mod letter;
pub mod lists;
pub mod loyalty;
pub mod settled;
pub(crate) mod sheet;

use std::io::{self, Write};

use crate::base::error::Error;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;

/// Writes a CSV file: UTF-8, comma, header; texts from outside are defused.
fn csv<'r, const N: usize>(
    folder: &Folder,
    name: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [std::borrow::Cow<'r, str>; N]>,
) -> Result<(), Error> {
    folder.write(name, |file| records(file, columns, rows))
}

fn records<'r, const N: usize>(
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
