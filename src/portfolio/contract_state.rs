//! The state of a contract: its versions, its prices and its payments, as known before a run or on a day.

use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use crate::base::calendar::Term;
use crate::base::error::Error;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::files::Files;
use crate::portfolio::groups::read_segment;
use crate::portfolio::premium::price_history::{CoveredDays, PriceHistory};
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::{CellRows, ContractRows, LineRows, Rows};
use crate::portfolio::store::{Damage, FileKind};

/// A contract as it was known before a run.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractState {
    /// The contract.
    pub contract: BoundContract,
    /// Its versions, in order; at least one.
    pub versions: Vec<Version>,
    /// Its price changes.
    pub prices: PriceHistory,
    /// The premium that has been paid.
    pub paid: Kopecks,
    /// The rows, where the book has not written them in this state: those of a day, which hold every price change of `prices`.
    pub folded: Option<Arc<ContractRows>>,
}

impl ContractState {
    /// Reads the state of a contract as it was known before a run.
    ///
    /// # Errors
    ///
    /// Where the register cannot be read.
    ///
    /// # Panics
    ///
    /// Never: the register holds only lawful terms.
    pub fn known_before(register: &Connection, contract: BoundContract, run: i64) -> rusqlite::Result<Self> {
        let id = contract.id;
        let term = Term::new(contract.first_day, contract.last_day).expect("only a lawful term is bound");
        let decrease = contract.price_terms.price_decrease;
        Ok(Self {
            contract,
            versions: register::versions(register, id, run)?,
            prices: PriceHistory::new(register::applied(register, id, run)?, decrease, term.year_days()),
            paid: register::paid(register, id, run)?,
            folded: None,
        })
    }

    /// The state before an earlier run, but with all payments; `None` where the contract was not bound yet.
    #[must_use]
    pub fn before_run(&self, run: i64) -> Option<Self> {
        let mut earlier = self.clone();
        earlier.versions.retain(|version| version.run < run);
        earlier.prices.retain(|applied| applied.run < run);
        let is_bound = earlier.versions.iter().any(|version| version.kind == VersionKind::Bound);
        is_bound.then_some(earlier)
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

    /// The run that wrote the contract's rows as they are now, or one after all others where they are not written.
    ///
    /// # Panics
    ///
    /// Never: a contract is bound with its rows.
    #[must_use]
    pub fn rows_run(&self) -> i64 {
        if self.folded.is_some() {
            return i64::MAX;
        }
        let wrote_rows = |version: &&Version| version.kind != VersionKind::Repriced;
        self.versions.iter().rev().find(wrote_rows).expect("a contract is bound with its rows").run
    }

    /// Whether events have rewritten the rows.
    #[must_use]
    pub fn is_endorsed(&self) -> bool {
        self.versions.iter().any(|version| !matches!(version.kind, VersionKind::Bound | VersionKind::Repriced))
    }

    /// The last day of the contract: as agreed, or the day before its end.
    #[must_use]
    pub fn last_day(&self) -> Date {
        let ended = self.version().ended.and_then(|day| day.yesterday().ok());
        ended.map_or(self.contract.last_day, |day| day.min(self.contract.last_day))
    }

    /// The premium of each line, with the price changes since the lines were written; `None` where a line has no cell, or a cell no rate.
    #[must_use]
    pub fn line_premiums(&self, cells: &CellRows, lines: &LineRows) -> Option<Vec<Kopecks>> {
        let rates: Vec<Rate> = cells.rate.iter().map(|rate| Rate::parse(rate)).collect::<Option<_>>()?;
        let changes = self.prices.since(self.rows_run());
        let premium = |at: usize| {
            let cell = lines.cell[at] as usize;
            let days = CoveredDays {
                programme: cells.programme.get(cell)?,
                rate: &rates[cell],
                sum_insured: Kopecks::new(lines.sum_insured[at].into()),
                first: lines.start[at],
                last: lines.end[at],
            };
            Some(Kopecks::new(lines.premium[at].into()) + changes.added(days))
        };
        (0..lines.len()).map(premium).collect()
    }

    /// Reads all rows of the contract.
    ///
    /// # Errors
    ///
    /// As [`ContractState::read_rows`].
    pub fn all_rows(
        &self,
        register: &register::Register,
        files: &Files,
    ) -> Result<Result<ContractRows, Damage>, Error> {
        if let Some(folded) = &self.folded {
            return Ok(Ok(ContractRows::clone(folded)));
        }
        let insured = self.read_rows(register, files, FileKind::Insured)?;
        let cells = self.read_rows(register, files, FileKind::Cells)?;
        let lines = self.read_rows(register, files, FileKind::Lines)?;
        let rows = || Ok(ContractRows { insured: insured?, cells: cells?, lines: lines? });
        Ok(rows())
    }

    /// Reads the contract's rows of one kind, as the book has written them.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read; [`Damage`] inside where a file is not as it was written.
    pub fn read_rows<R: Rows>(
        &self,
        register: &register::Register,
        files: &Files,
        kind: FileKind,
    ) -> Result<Result<R, Damage>, Error> {
        let run = self.rows_run();
        let segment = register.read(|register| register::segment(register, self.contract.id, run, kind))?;
        Ok(segment.map_or_else(|| Ok(R::default()), |segment| read_segment(files, segment)))
    }
}
