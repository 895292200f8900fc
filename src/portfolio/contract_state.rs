//! How a contract of the book stands: its last version, what prices have done to it, and its rows.

use std::ops::Range;

use jiff::civil::Date;
use rusqlite::Connection;

use crate::base::calendar::Term;
use crate::base::error::Error;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::Files;
use crate::portfolio::register;
use crate::portfolio::register::{Applied, BoundContract, Segment, Version, VersionKind};
use crate::portfolio::rows::Rows;
use crate::portfolio::store::{Damage, Part};

/// A contract as it stood before a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The contract.
    pub contract: BoundContract,
    /// Its versions, in order; at least one.
    pub versions: Vec<Version>,
    /// What price changes have multiplied, in their order.
    pub applied: Vec<Applied>,
    /// What has been paid.
    pub paid: Kopecks,
}

impl Standing {
    /// The contract as it stood before a run.
    ///
    /// # Errors
    ///
    /// What the register says.
    pub fn before(register: &Connection, contract: BoundContract, run: i64) -> rusqlite::Result<Self> {
        let id = contract.id;
        Ok(Self {
            contract,
            versions: register::versions(register, id, run)?,
            applied: register::applied(register, id, run)?,
            paid: register::paid(register, id, run)?,
        })
    }

    /// The contract as it stood before a run that has come since, but for what has been paid; none where it was not bound yet.
    #[must_use]
    pub fn earlier(&self, run: i64) -> Option<Self> {
        let mut earlier = self.clone();
        earlier.versions.retain(|version| version.run < run);
        earlier.applied.retain(|applied| applied.run < run);
        let is_bound = earlier.versions.iter().any(|version| version.kind == VersionKind::Bound);
        is_bound.then_some(earlier)
    }

    /// The contract as it stood on a day: with the versions that held by then and what of its payments had been paid; none before its
    /// first day.
    #[must_use]
    pub fn as_of(mut self, day: Date, payments: &[(Date, Kopecks)]) -> Option<Self> {
        self.paid = payments.iter().filter(|(on, _)| *on <= day).map(|(_, amount)| *amount).sum();
        self.versions.retain(|version| version.from_day <= day);
        self.applied.retain(|applied| applied.effective <= day);
        // a price change may hold from an earlier day than the contract
        (self.contract.first_day <= day && !self.versions.is_empty()).then_some(self)
    }

    /// The last version.
    ///
    /// # Panics
    ///
    /// Never: a contract is bound with its first version.
    #[must_use]
    pub fn version(&self) -> &Version {
        self.versions.last().expect("a contract is bound with its first version")
    }

    /// The run that has written all of the contract's rows, as they still are.
    ///
    /// # Panics
    ///
    /// Never: a contract is bound with its rows.
    #[must_use]
    pub fn rows_run(&self) -> i64 {
        let whole = |version: &&Version| matches!(version.kind, VersionKind::Bound | VersionKind::Endorsed);
        self.versions.iter().rev().find(whole).expect("a contract is bound with its rows").run
    }

    /// Whether an endorsement has written the rows anew.
    #[must_use]
    pub fn is_endorsed(&self) -> bool {
        self.versions.iter().any(|version| version.kind == VersionKind::Endorsed)
    }

    /// The day on which a refused contract has ended.
    #[must_use]
    pub fn refused_on(&self) -> Option<Date> {
        self.versions.iter().find(|version| version.kind == VersionKind::Refused).map(|version| version.from_day)
    }

    /// The last day of the contract: as agreed, or the one before it was refused.
    #[must_use]
    pub fn last_day(&self) -> Date {
        let refused = self.refused_on().and_then(|day| day.yesterday().ok());
        refused.map_or(self.contract.last_day, |day| day.min(self.contract.last_day))
    }

    /// The days of the contract year.
    ///
    /// # Panics
    ///
    /// Never: only a lawful term is bound.
    #[must_use]
    pub fn year_days(&self) -> u32 {
        let term = Term::new(self.contract.first_day, self.contract.last_day);
        term.expect("only a lawful term is bound").year_days()
    }

    /// Whether a price change of the book has changed a programme's price.
    #[must_use]
    pub fn has_grown(&self, programme: &str) -> bool {
        self.applied.iter().any(|applied| applied.programme == programme)
    }

    /// What the price changes of the book multiply to for a programme (`I19`).
    #[must_use]
    pub fn growth(&self, programme: &str) -> Rate {
        self.growth_by(programme, Date::MAX)
    }

    /// What those of them multiply to that are effective on a day or earlier.
    #[must_use]
    pub fn growth_by(&self, programme: &str, day: Date) -> Rate {
        let changes = self.applied.iter().filter(|applied| applied.programme == programme && applied.effective <= day);
        changes.map(|applied| Rate::from(applied.coefficient)).product()
    }

    /// The rows of one part.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read; [`Damage`] inside where a file is not as it was written.
    pub fn rows<R: Rows>(
        &self,
        register: &register::Register,
        files: &Files,
        part: Part,
    ) -> Result<Result<R, Damage>, Error> {
        let run = self.rows_run();
        let segment = register.read(|register| register::segment(register, self.contract.id, run, part))?;
        Ok(segment.map_or_else(|| Ok(R::default()), |segment| read(files, segment)))
    }
}

/// The rows of a segment.
///
/// # Errors
///
/// [`Damage`] where a file is not as it was written.
pub fn read<R: Rows>(files: &Files, segment: Segment) -> Result<R, Damage> {
    let reader = files.get(segment.file)?;
    let mut rows = R::default();
    for group in reader.groups_of(segment.first_row, segment.rows) {
        let first = reader.groups()[group].first_row;
        let mut of_group = R::read(reader, group)?;
        let range = within(segment, first, of_group.len());
        drop(of_group.split_off(range.end));
        rows.append(of_group.split_off(range.start));
    }
    Ok(rows)
}

/// Which of so many rows, the first of which is `first_row` of the file, are a segment's.
#[must_use]
pub fn within(segment: Segment, first_row: u64, rows: usize) -> Range<usize> {
    let place = |row: u64| usize::try_from(row.saturating_sub(first_row)).unwrap_or(usize::MAX).min(rows);
    place(segment.first_row)..place(segment.first_row + segment.rows)
}
