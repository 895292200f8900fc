//! The work on one task: a pure function of the task and the book's files, whose result is a file of repriced lines and a receipt.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::base::parallel::collect_in_order;
use crate::output::manifest::Program;
use crate::output::staging::unfinished_file;
use crate::portfolio::files::Files;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::receipt::{Facts, Receipt, Totals};
use crate::portfolio::reprice::repriced_lines;
use crate::portfolio::reprice::task::Task;

/// The largest task or receipt that is read: one of 10⁴ contracts has some 10⁶ bytes.
const LARGEST: u64 = 1 << 30;

/// The result of a task.
#[derive(Debug)]
pub struct Worked {
    /// The number of the part.
    pub part: usize,
    /// The receipt.
    pub receipt: PathBuf,
    /// Its sums.
    pub totals: Totals,
    /// The number of its contracts.
    pub contracts: usize,
}

/// The name of the receipt of a part, which is numbered from 1.
pub(super) fn receipt_name(part: usize) -> String {
    format!("receipt-{part:05}.json")
}

/// Reprices the part of a task on the files of the book in a folder: writes its lines to `out`, and then the receipt.
///
/// Neither the register nor the files of insured are read, and no lock is taken. Equal tasks and books give equal bytes, so that a second
/// attempt replaces files by equal ones.
///
/// # Errors
///
/// [`Error::Unlawful`] where the file is no task of this version of the program; [`Error::Io`] or [`Error::Parquet`] where the system refuses.
pub fn work(path: &Path, book: &Path, out: &Path) -> Result<Worked, Error> {
    let text = read_limited(path)?;
    let refused = |name| Error::Unlawful { reason: Message::new(name).with("path", path.display().to_string()) };
    let task = Task::parse(&text).ok_or_else(|| refused("work-no-task"))?;
    if task.program != Program::this() {
        return Err(refused("work-version"));
    }
    let mut files = Files::new(book, task.files());
    let lines = unfinished_file(out).map_err(|fault| Error::writing(out, fault))?;
    let mut writer = repriced_lines::create_file(lines.path())?;
    let encoder = writer.encoder();
    let (mut totals, mut contracts) = (Totals::default(), Vec::new());
    let batches = task.batches();
    for batches in batches.chunks(4 * rayon::current_num_threads()) {
        let planned = || batches.iter().flatten();
        files.close_others(&planned().flat_map(|planned| [planned.cells.file, planned.lines.file]).collect());
        let reprice = |batch: &Vec<PlannedContract>| {
            batch::reprice(&files, &batch.iter().collect::<Vec<_>>(), task.effective, &encoder)
        };
        for batch in collect_in_order(batches.par_iter().map(reprice))? {
            batch.lines.into_iter().try_for_each(|encoded| writer.write(encoded))?;
            for repriced in &batch.contracts {
                totals.add(&repriced.sums);
                contracts.push(Facts::new(repriced));
            }
        }
    }
    let (stored, hash) = writer.finish_hashed()?;
    let has_rows = !stored.groups.is_empty();
    if has_rows {
        let target = out.join(&stored.name);
        lines.persist(&target).map_err(|fault| Error::writing(&target, fault.error))?;
    }
    let count = contracts.len();
    let receipt = Receipt {
        task: sha256(&text),
        file: has_rows.then_some(stored),
        sha256: hash,
        totals: totals.clone(),
        contracts,
    };
    let target = out.join(receipt_name(task.part));
    write_receipt(out, &target, &receipt)?;
    Ok(Worked { part: task.part, receipt: target, totals, contracts: count })
}

/// The bytes of a task or a receipt, which are limited.
pub(super) fn read_limited(path: &Path) -> Result<Vec<u8>, Error> {
    let InputFile { file, bytes } = InputFile::open(path)?;
    if bytes > LARGEST {
        return Err(Error::TooLarge { path: path.to_owned(), bytes, limit: LARGEST });
    }
    let mut text = Vec::new();
    file.take(bytes).read_to_end(&mut text).map_err(|fault| Error::reading(path, fault))?;
    Ok(text)
}

/// Writes the receipt at once or not at all, after the lines.
fn write_receipt(out: &Path, target: &Path, receipt: &Receipt) -> Result<(), Error> {
    let refused = |fault| Error::writing(target, fault);
    let text = serde_json::to_vec(receipt).map_err(|fault| refused(fault.into()))?;
    let mut file = unfinished_file(out).map_err(refused)?;
    file.write_all(&text).and_then(|()| file.as_file().sync_all()).map_err(refused)?;
    file.persist(target).map_err(|fault| refused(fault.error))?;
    File::open(out).and_then(|folder| folder.sync_all()).map_err(refused)?;
    Ok(())
}
