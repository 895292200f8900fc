//! The life of one contract: everything that its fold depends on, read from the book, and the commit of a new state.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::batch_writer::BatchWriter;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::Event;
use crate::portfolio::files::Files;
use crate::portfolio::fold::{Fold, Folded, in_force};
use crate::portfolio::groups::read_segment;
use crate::portfolio::premium::price_history::PriceHistory;
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::{ContractRows, MAX_KOPECKS, Rows};
use crate::portfolio::store::{Damage, FileKind, StoredFile};
use crate::pricing::cube::Axes;
use crate::quote::contract::Contract;
use crate::tariff::Tariff;

/// A contract of the book with everything that its fold depends on.
pub struct Life {
    /// The state before a run.
    pub state: ContractState,
    /// The edition that the contract was bound with.
    pub tariff: Arc<Tariff>,
    /// The terms.
    pub contract: Contract,
    /// The axes of the contract's cells.
    pub axes: Axes,
    /// The events before the run, without annulled ones.
    pub events: Vec<Event>,
    /// The rows as bound.
    bound: ContractRows,
}

impl Life {
    /// Reads a contract as it was known before a run.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read; [`Error::Damaged`] where the rows are not as they were written.
    pub fn read(book: &Portfolio, contract: BoundContract, before: i64) -> Result<Self, Error> {
        book.prove(contract.id..=contract.id)?;
        if book.register.read(|register| register::is_annulled(register, &contract, before))? {
            let reason = Message::new("contract-annulled").with("number", contract.number.as_str());
            return Err(Error::Unlawful { reason });
        }
        let (tariff, terms) = book.terms().parse(&contract)?;
        let (state, events) = book.register.read(|register| {
            let events = register::events(register, contract.id, before)?;
            Ok((ContractState::known_before(register, contract, before)?, events))
        })?;
        let bound = read_rows(book, &book.files()?, state.contract.id, state.contract.run)?;
        let axes = Axes::new(&tariff, &terms.terms);
        Ok(Self { state, tariff, contract: terms, axes, events, bound })
    }

    /// Reads the contract in force that has a number, as it is known now.
    ///
    /// # Errors
    ///
    /// As [`Life::read`]; [`Error::Unlawful`] where the book has no such contract, or where it has ended.
    pub fn in_force(book: &Portfolio, number: &str) -> Result<Self, Error> {
        let refuse = |message: Message| Error::Unlawful { reason: message.with("number", number) };
        let found = book.register.read(|register| register::contract(register, number))?;
        let bound = found.ok_or_else(|| refuse(Message::new("endorse-number")))?;
        let life = Self::read(book, bound, book.register.read(register::next_run)?)?;
        match life.state.version().ended {
            Some(ended) => Err(refuse(Message::new("endorse-ended").with("ended", ended))),
            None => Ok(life),
        }
    }

    /// Folds events over the rows as bound.
    ///
    /// # Errors
    ///
    /// [`Error::Unlawful`] where the contract's terms do not allow the result.
    pub fn fold(&self, events: &[Event], prices: &PriceHistory) -> Result<Folded, Error> {
        let number = self.state.contract.number.as_str();
        let refuse = |reason: Message| Error::Unlawful { reason: reason.with("number", number) };
        let fold = Fold {
            contract: &self.contract,
            tariff: &self.tariff,
            axes: &self.axes,
            prices,
            headcount: self.state.contract.headcount,
        };
        let folded = fold.fold(self.bound.clone(), events).map_err(refuse)?;
        if folded.charged().get() > i128::from(MAX_KOPECKS) {
            return Err(refuse(Message::new("endorse-too-large").with("limit", Kopecks::new(MAX_KOPECKS.into()))));
        }
        Ok(folded)
    }

    /// Folds the known events, and checks that the result is what the register has.
    ///
    /// # Errors
    ///
    /// As [`Life::fold`]; [`Error::Damaged`] where the register contradicts itself.
    pub fn checked_fold(&self, book: &Portfolio) -> Result<Folded, Error> {
        let folded = self.fold(&self.events, &self.state.prices)?;
        let version = self.state.version();
        if (folded.charged(), folded.charged() - folded.written) != (version.written, version.expenses) {
            let reason = Message::new("book-contradiction").with("number", self.state.contract.number.as_str());
            return Err(Error::Damaged { folder: book.folder().to_owned(), reason });
        }
        Ok(folded)
    }

    /// The number of insured that the contract was bound with.
    #[must_use]
    pub fn bound_insured(&self) -> u32 {
        u32::try_from(self.bound.insured.len()).unwrap_or(u32::MAX)
    }

    /// The known events and new ones.
    #[must_use]
    pub fn events_with(&self, new: &[Event]) -> Vec<Event> {
        self.events.iter().chain(new).cloned().collect()
    }

    /// Reads the rows as they were last written.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where they are not as they were written.
    pub fn current_rows(&self, book: &Portfolio) -> Result<ContractRows, Error> {
        read_rows(book, &book.files()?, self.state.contract.id, self.state.rows_run())
    }
}

/// The version of a contract that a folded state makes, from a day on.
#[must_use]
pub fn version(folded: &Folded, kind: VersionKind, from_day: Date, change: Option<String>) -> Version {
    let rows = &folded.rows;
    Version {
        run: 0,
        kind,
        from_day,
        insured: in_force(&rows.insured, days_since_1970(from_day)),
        lines: rows.lines.len() as u64,
        written: folded.charged(),
        expenses: folded.charged() - folded.written,
        ended: folded.ended.as_ref().map(|ended| ended.day),
        change,
    }
}

/// A contract whose rows a run writes anew.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The contract's id.
    pub contract: i64,
    /// Its number.
    pub number: String,
    /// Its new version.
    pub version: Version,
    /// Its rows.
    pub rows: ContractRows,
    /// The new events.
    pub events: Vec<Event>,
}

/// Contracts whose rows are written into the book and wait for the commit.
#[derive(Default)]
pub struct WrittenContracts {
    files: Vec<StoredFile>,
    contracts: Vec<WrittenContract>,
}

/// A contract whose rows are written; the place is that of its files among the files of each kind.
struct WrittenContract {
    id: i64,
    version: Version,
    events: Vec<Event>,
    lengths: [usize; 3],
    place: usize,
}

impl WrittenContracts {
    /// Folds contracts and writes their rows into the book; the next commit has to add them.
    ///
    /// # Errors
    ///
    /// As `fold`; [`Error::Io`], [`Error::Parquet`] where the rows cannot be written.
    pub fn write<C>(
        book: &Portfolio,
        contracts: &[C],
        mut fold: impl FnMut(&Portfolio, &C) -> Result<Recorded, Error>,
    ) -> Result<Self, Error> {
        let mut batches = BatchWriter::default();
        let mut written = Vec::with_capacity(contracts.len());
        for contract in contracts {
            let Recorded { contract: id, number, version, mut rows, events } = fold(book, contract)?;
            let lengths = rows.lengths();
            rows.set_number(&number);
            let place = if lengths == [0; 3] { 0 } else { batches.add(book, rows)? };
            written.push(WrittenContract { id, version, events, lengths, place });
        }
        Ok(Self { files: batches.finish(book)?, contracts: written })
    }

    /// Whether there is no contract.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.contracts.is_empty()
    }

    /// Adds the files, the versions and the events of the contracts to a run.
    ///
    /// # Errors
    ///
    /// Where the rows cannot be written.
    pub fn add(self, commit: &rusqlite::Transaction<'_>, run: i64) -> rusqlite::Result<()> {
        let files = self.files.iter().map(|stored| register::add_file(commit, run, stored));
        let files = files.collect::<rusqlite::Result<Vec<i64>>>()?;
        // the next row of each file
        let mut first_rows = vec![0_u64; files.len()];
        for WrittenContract { id, version, events, lengths, place } in self.contracts {
            register::add_version(commit, id, &Version { run, ..version })?;
            for event in &events {
                register::add_event(commit, id, run, event)?;
            }
            for (kind, rows) in lengths.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
                let at = ContractRows::KINDS.len() * place + kind;
                let segment = Segment { file: files[at], first_row: first_rows[at], rows: rows as u64 };
                register::add_segment(commit, id, run, &segment)?;
                first_rows[at] += rows as u64;
            }
        }
        Ok(())
    }
}

/// Folds contracts, writes their rows into the book, and commits them with their versions, their events and what `add` adds.
///
/// # Errors
///
/// [`Error::Io`], [`Error::Parquet`] or [`Error::Register`] where the system refuses; the book is as it was.
pub fn record<C>(
    book: &mut Portfolio,
    kind: &str,
    contracts: &[C],
    fold: impl FnMut(&Portfolio, &C) -> Result<Recorded, Error>,
    add: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> rusqlite::Result<()>,
) -> Result<(), Error> {
    book.attempt(|book| {
        let written = WrittenContracts::write(book, contracts, fold)?;
        book.register.commit(kind, |commit, run| {
            written.add(commit, run)?;
            add(commit, run)
        })
    })
}

/// Records one contract.
///
/// # Errors
///
/// As [`record`].
pub fn record_one(
    book: &mut Portfolio,
    kind: &str,
    recorded: &Recorded,
    add: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> rusqlite::Result<()>,
) -> Result<(), Error> {
    record(book, kind, &[()], |_, ()| Ok(recorded.clone()), add)
}

/// Reads all rows of a contract that a run has written.
fn read_rows(book: &Portfolio, files: &Files, contract: i64, run: i64) -> Result<ContractRows, Error> {
    fn rows<R: Rows>(book: &Portfolio, files: &Files, contract: i64, run: i64, kind: FileKind) -> Result<R, Error> {
        let segment = book.register.read(|register| register::segment(register, contract, run, kind))?;
        let damaged = |damage: Damage| damage.into_error(book.folder());
        segment.map_or_else(|| Ok(R::default()), |segment| read_segment(files, segment).map_err(damaged))
    }
    Ok(ContractRows {
        insured: rows(book, files, contract, run, FileKind::Insured)?,
        cells: rows(book, files, contract, run, FileKind::Cells)?,
        lines: rows(book, files, contract, run, FileKind::Lines)?,
    })
}
