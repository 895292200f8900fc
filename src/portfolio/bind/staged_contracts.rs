//! The rows of new contracts in the staging database.

use rusqlite::Transaction;

use crate::base::error::Error;
use crate::portfolio::bind::candidate::NewContract;
use crate::portfolio::book::Portfolio;
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::versions::Version;
use crate::portfolio::rows::ContractRows;

/// Adds new contracts to the staging database, in the order of their rows.
pub(super) struct StagedContracts {
    run: i64,
    first_id: i64,
    next_id: i64,
    /// The place of the file that is being filled, among the files of each kind.
    file: usize,
    /// The rows that these files have so far.
    first_rows: [u64; 3],
}

impl StagedContracts {
    pub fn new(book: &Portfolio) -> Result<Self, Error> {
        let first_id = book.register.read(register::next_contract)?;
        let run = book.register.read(register::next_run)?;
        Ok(Self { run, first_id, next_id: first_id, file: 0, first_rows: [0; 3] })
    }

    pub const fn is_empty(&self) -> bool {
        self.next_id == self.first_id
    }

    /// Adds a contract; `file` is the place of its files among the files of each kind.
    pub fn add(&mut self, staging: &Transaction<'_>, new: &NewContract, file: usize) -> rusqlite::Result<()> {
        if file != self.file {
            (self.file, self.first_rows) = (file, [0; 3]);
        }
        let (id, run) = (self.next_id, self.run);
        let contract = BoundContract { id, run, ..new.contract.clone() };
        for (sha256, document) in [(&contract.tariff, &new.tariff.source), (&contract.terms, &new.document)] {
            register::add_document(staging, sha256, &document.text)?;
        }
        register::add_contract(staging, &contract)?;
        for (programme, level) in &new.programmes {
            register::add_programme(staging, id, programme, level)?;
        }
        register::add_version(staging, id, &Version { run, ..new.version.clone() })?;
        register::add_warnings(staging, id, run, &new.warnings)?;
        let files = (file * ContractRows::KINDS.len()) as u64..;
        for ((file, first_row), rows) in files.zip(&mut self.first_rows).zip(new.rows) {
            let segment = Segment { file: file.cast_signed(), first_row: *first_row, rows: rows as u64 };
            register::add_segment(staging, id, run, &segment)?;
            *first_row += segment.rows;
        }
        self.next_id += 1;
        Ok(())
    }
}
