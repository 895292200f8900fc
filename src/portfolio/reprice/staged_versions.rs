//! The rows of repriced contracts in the staging database.

use rusqlite::Transaction;

use crate::portfolio::change::PriceChange;
use crate::portfolio::premium::price_history::AppliedChange;
use crate::portfolio::register;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::reprice::outcome::{Outcome, Status};

/// Adds the outcomes of a change to the staging database, in the order of the repriced lines.
pub(super) struct StagedVersions<'c> {
    change: &'c PriceChange,
    run: i64,
    /// Whether the change applies to any contract.
    pub any_applied: bool,
    /// The number of files before that of this part: those of an engine, and those of earlier parts.
    file: i64,
    /// The number of repriced lines of this part so far.
    lines: u64,
}

impl<'c> StagedVersions<'c> {
    pub const fn new(change: &'c PriceChange, run: i64) -> Self {
        Self { change, run, any_applied: false, file: 0, lines: 0 }
    }

    /// Numbers the files of the parts after those that an engine has written.
    pub fn begin_after(&mut self, files: usize) {
        self.file = i64::try_from(files).unwrap_or(i64::MAX);
    }

    /// Notes whether the change applies to a contract. The rows are apart: nothing reads those of a dry run.
    pub fn note(&mut self, outcome: &Outcome) {
        self.any_applied |= outcome.status != Status::SetAside && !outcome.coefficients.is_empty();
    }

    /// Adds the rows of what the change does to a contract.
    pub fn add(&self, staging: &Transaction<'_>, outcome: &Outcome) -> rusqlite::Result<()> {
        let Self { change, run, .. } = *self;
        let id = outcome.state.contract.id;
        if outcome.status == Status::SetAside {
            return register::add_set_aside(staging, run, id, &change.id);
        }
        for (programme, coefficient) in &outcome.coefficients {
            let applied = AppliedChange {
                run,
                change: change.id.clone(),
                effective: change.effective,
                programme: programme.clone(),
                coefficient: *coefficient,
                factor: None,
            };
            register::add_applied(staging, id, &applied)?;
        }
        if outcome.status != Status::Repriced {
            return Ok(());
        }
        let version = Version {
            run,
            kind: VersionKind::Repriced,
            from_day: change.effective,
            written: outcome.written_after(),
            change: Some(change.id.clone()),
            ..outcome.state.version().clone()
        };
        register::add_version(staging, id, &version)
    }

    /// Adds the places of the repriced lines of a part, which ends with these outcomes or not; one without repriced lines has no file.
    pub fn add_lines(
        &mut self,
        staging: &Transaction<'_>,
        outcomes: &[Outcome],
        ends_part: bool,
    ) -> rusqlite::Result<()> {
        for outcome in outcomes {
            let (Status::Repriced, Some(sums)) = (outcome.status, &outcome.sums) else { continue };
            let segment = outcome.written.unwrap_or_else(|| {
                let first_row = self.lines;
                self.lines += sums.repriced;
                Segment { file: self.file, first_row, rows: sums.repriced }
            });
            register::add_segment(staging, outcome.state.contract.id, self.run, &segment)?;
        }
        if ends_part {
            self.file += i64::from(self.lines > 0);
            self.lines = 0;
        }
        Ok(())
    }
}
